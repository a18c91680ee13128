"""Splitters give back what was put together."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.content import Choices, Number, Phrase
from benchmark_agent.media import MediaStore
from benchmark_agent.similarity import NearIndex, shingles, similarity, sketch
from benchmark_agent.sources import Row
from benchmark_agent.sources.box_format import FORMATS, format_of
from benchmark_agent.sources.cards import AnswerForm, DatasetCard, Field
from benchmark_agent.sources.parse import read
from benchmark_agent.sources.shape import at, leaves, number_of
from benchmark_agent.sources.values import as_box, value_of

WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9)
PHRASE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
OPTIONS = st.lists(PHRASE, min_size=2, max_size=8, unique=True)
FEW = settings(max_examples=25, deadline=None)


@FEW
@given(PHRASE, OPTIONS, st.sampled_from(["({}) ", "\n{}. ", "\n{}) "]))
def test_letter_options(stem: str, options: list[str], mark: str) -> None:
    text = f"{stem}?\nOptions:\n" + " ".join(mark.format(chr(65 + i)) + option for i, option in enumerate(options))
    assert read("letter_options.options", text) == tuple(options)
    assert read("letter_options.stem", text) == f"{stem}?"


@FEW
@given(PHRASE, OPTIONS)
def test_listed_options(stem: str, options: list[str]) -> None:
    text = f"{stem}? The candidate choices are {options!r}."
    assert read("list_options.options", text) == tuple(options)
    assert read("list_options.stem", text) == f"{stem}?"


@FEW
@given(st.lists(PHRASE, min_size=1, max_size=5), PHRASE)
def test_last_sentence(sentences: list[str], question: str) -> None:
    context = " ".join(sentence.capitalize() + "." for sentence in sentences)
    text = f"{context} What is {question}?"
    assert read("last_sentence.context", text) == context
    assert read("last_sentence.question", text) == f"What is {question}?"


@FEW
@given(OPTIONS, st.data(), st.sampled_from(["letter", "option_text", "option_index"]))
def test_every_way_to_point_at_an_option_reads_as_its_text(options: list[str], data: st.DataObject, kind: str) -> None:
    right = data.draw(st.integers(0, len(options) - 1))
    said = {"letter": f"({chr(65 + right)})", "option_text": options[right].upper(), "option_index": right}[kind]
    question = Field(name="options", path="a.options", role="options", type="choices")
    answer = Field(name="answer", path="answer", role="answer", type="phrase", label="answer")
    form = AnswerForm.model_validate({"kind": kind, "field": "answer", "options_field": "options", "detail": "from 0"})
    card = DatasetCard(
        id="d", name="d", modalities=("text",), fields=(question, answer), answer=form, rows=1,
        reader="jsonl", location="d", digest="0",
    )  # fmt: skip
    row = Row(0, "0", {"a": {"options": options}, "answer": said})
    media = MediaStore(Path())
    assert value_of(card, question, row, Path(), media) == Choices(options=tuple(options), answer=right)
    assert value_of(card, answer, row, Path(), media) == Phrase(text=options[right], name="answer")


@FEW
@given(st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6, allow_nan=False)))
def test_numbers_in_text_read_as_the_number(number: float) -> None:
    field = Field(name="n", path="n", role="measure", type="number", unit="kg", label="mass")
    card = DatasetCard(
        id="d", name="d", modalities=("text",), fields=(field,), rows=1, reader="", location="", digest=""
    )
    value = value_of(card, field, Row(0, "0", {"n": repr(number)}), Path(), MediaStore(Path()))
    assert value == Number(value=number, unit="kg", name="mass")
    if isinstance(number, int):
        assert number_of(f"{number:,}") == number


JSON = st.recursive(
    st.integers() | WORD, lambda inner: st.dictionaries(WORD, inner, min_size=1, max_size=3), max_leaves=8
)


@FEW
@given(st.dictionaries(st.sampled_from(["a", "b", "a.b", "c"]), JSON, min_size=1))
def test_every_leaf_is_found_again_at_its_path(values: dict[str, object]) -> None:
    for path, value in leaves(values):
        assert at(values, path) is not None
        if sum(path == other for other, _ in leaves(values)) == 1:
            assert at(values, path) == value


SIDE = st.floats(1, 90)


@FEW
@given(st.lists(st.tuples(SIDE, SIDE, SIDE, SIDE), min_size=20, max_size=30), st.sampled_from(FORMATS))
def test_the_true_box_format_never_misfits(corners: list[tuple[float, float, float, float]], form: str) -> None:
    boxes = [(min(a, c), min(b, d), max(a, c) + 1, max(b, d) + 1) for a, b, c, d in corners]
    told = {
        "xyxy": [("", box) for box in boxes],
        "xywh": [("", (x0, y0, x1 - x0, y1 - y0)) for x0, y0, x1, y1 in boxes],
        "cxcywh": [("", ((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)) for x0, y0, x1, y1 in boxes],
    }[form]
    found = format_of([(raw, (100, 100)) for raw in told], form)
    assert f"{len(boxes)} of {len(boxes)} boxes read fit" in found.detail
    again = as_box(told[0], form)
    assert abs(again.x1 - boxes[0][2]) < 1e-6


@FEW
@given(st.lists(WORD, min_size=30, max_size=60, unique=True))
def test_near_duplicates_of_any_text(words: list[str]) -> None:
    nothing, marks = sketch(shingles([])), [sketch(shingles([" ".join(w)])) for w in (words, [*words[:-1], "zz"])]
    index = NearIndex(0.6)
    index.add(1, marks[0], nothing)
    assert similarity(marks[0], marks[0]) == 1
    assert list(index.near(1, marks[1], nothing)) == [0]
    assert list(index.near(2, marks[1], nothing)) == []
