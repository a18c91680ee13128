"""Cards written from rows of many layouts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from benchmark_agent.content import Boxes, Choices, Dialog, Items, Label, Number, Phrase, Table, Value
from benchmark_agent.errors import MediaError, SourceError, UserError
from benchmark_agent.media import MediaStore
from benchmark_agent.sources import Found, Row
from benchmark_agent.sources.cards import DatasetCard, Repair
from benchmark_agent.sources.infer import write_card
from benchmark_agent.sources.values import mend, value_of

WORDS = (
    "amber birch cedar daisy elder fern grape hazel iris jade kale lily maple nettle olive poppy quince rose".split()
)


class Rows:
    """Rows held in memory."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], root: Path = Path()) -> None:
        self.rows, self.root = rows, root

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, ordinal: int) -> Row:
        if self.rows[ordinal].get("broken"):
            raise SourceError("line broken")
        return Row(ordinal, str(self.rows[ordinal].get("id", ordinal)), self.rows[ordinal])

    def __iter__(self) -> Iterator[Row]:
        return (self[i] for i in range(len(self)))


def card_of(rows: Sequence[Mapping[str, Any]], root: Path = Path(), name: str = "sample", **hints: Any) -> DatasetCard:
    return write_card("sample", Found(name, "sample.jsonl", "jsonl", hints), Rows(rows, root))


def roles(card: DatasetCard) -> dict[str, tuple[str, str]]:
    return {field.name: (field.role, field.type) for field in card.fields}


def read(card: DatasetCard, name: str, values: Mapping[str, Any], root: Path = Path()) -> Value:
    field = card.field(name)
    assert field is not None, [f.name for f in card.fields]
    return value_of(card, field, Row(0, "r0", values), root, MediaStore(root))


def test_letter_options_inside_the_question() -> None:
    rows = [
        {"input": f"There are {n} jars of {w} on shelf {n}. Which jar is full?\nOptions:\n(A) the {w} one\n(B) jar {n}",
         "target": "(A)" if n % 2 else "(B)"}
        for n, w in enumerate(WORDS)
    ]  # fmt: skip
    card = card_of(rows)
    assert roles(card) == {
        "input": ("metadata", "phrase"),
        "target": ("answer", "phrase"),
        "input~question": ("question", "phrase"),
        "input~options": ("options", "choices"),
        "input~context": ("context", "phrase"),
    }
    assert (card.answer.kind, card.answer.field, card.answer.options_field) == ("letter", "target", "input~options")
    assert read(card, "input~question", rows[3]) == Phrase(text="Which jar is full?", name="question")
    assert read(card, "input~context", rows[3]) == Phrase(text="There are 3 jars of daisy on shelf 3.", name="context")
    assert read(card, "input~options", rows[3]) == Choices(options=("the daisy one", "jar 3"), answer=0)
    assert read(card, "target", rows[2]) == Phrase(text="jar 2", name="answer")


def test_a_letter_set_also_understands_an_answer_in_words() -> None:
    rows = [{"question": f"Which {w}?", "options": ["red", "blue"], "answer": "A"} for w in WORDS]
    rows.append({"question": "Which one?", "options": ["red", "blue"], "answer": "Blue."})
    card = card_of(rows)
    assert read(card, "answer", rows[-1]) == Phrase(text="blue", name="answer")
    with pytest.raises(SourceError, match="not one of its 2 options"):
        read(card, "answer", {"question": "q", "options": ["red", "blue"], "answer": "F"})


def test_bullets_yes_no_and_listed_options() -> None:
    bullets = [
        {"input": f"Is {w} green?\nOptions:\n- Yes\n- No", "target": ("Yes", "No")[n % 2]} for n, w in enumerate(WORDS)
    ]
    card = card_of(bullets)
    assert card.answer.kind == "boolean"
    assert read(card, "input~options", bullets[1]) == Choices(options=("Yes", "No"), answer=1)
    assert read(card, "target", bullets[0]) == Label(text="Yes", vocabulary=("No", "Yes"), name="answer")

    listed = [
        {"q": f"Pick {w}. The candidate choices are ['{w}', 'none of it', 'all'].", "answer": w} for w in WORDS
    ]  # fmt: skip
    card = card_of(listed, name="listed", fields=[{"path": "q", "role": "question", "type": "phrase"}])
    assert card.answer.kind != "option_text", "a card that came with the data and says what `q` is stands"
    card = card_of([{"question": row["q"], "answer": row["answer"]} for row in listed])
    assert card.answer.kind == "option_text"
    question = {"question": listed[2]["q"], "answer": "cedar"}
    assert read(card, "question~options", question) == Choices(options=("cedar", "none of it", "all"), answer=0)
    assert read(card, "question~question", question) == Phrase(text="Pick cedar.", name="question")


def test_a_list_in_a_prompt_that_is_not_the_answers_options_is_no_choice() -> None:
    rows = [
        {"prompt": f"Extract relations of {w}. Choose from: friend, sibling, or spouse.", "answer": f"{w} and {n}"}
        for n, w in enumerate(WORDS)
    ]  # fmt: skip
    assert card_of(rows).with_role("options") == ()


def test_prompt_template_with_labels_and_labelled_parts() -> None:
    kinds = ["entailment", "neutral", "contradiction"]
    rows = [
        {"id": f"{n:03}", "input": {"raw_text": f"Premise: A {w} grows.\nHypothesis: The {w} is tall.",
         "prompt": "<<<raw_text>>>. How do they relate? Choose from: entailment, contradiction, or neutral. "
         "Provide only the category name as output."},
         "output": {"category": kinds[n % 3]}}
        for n, w in enumerate(WORDS)
    ]  # fmt: skip
    card = card_of(rows)
    assert roles(card) == {
        "id": ("id", "phrase"),
        "input.raw_text": ("context", "phrase"),
        "input.prompt": ("metadata", "phrase"),
        "output.category": ("answer", "label"),
        "input.raw_text~premise": ("span", "phrase"),
        "input.raw_text~hypothesis": ("span", "phrase"),
        "input.prompt~question": ("question", "phrase"),
        "input.prompt~options": ("options", "choices"),
    }
    assert read(card, "input.prompt~question", rows[0]) == Phrase(text="How do they relate?", name="question")
    options = read(card, "input.prompt~options", rows[1])
    assert options == Choices(options=("entailment", "contradiction", "neutral"), answer=2)
    assert read(card, "input.raw_text~hypothesis", rows[0]) == Phrase(text="The amber is tall.", name="hypothesis")


def test_tables_of_things_with_units_times_and_scales() -> None:
    grades = ["low", "medium", "high"]
    rows = [
        {"name": w.title(), "heightCm": 10 + n, "weight (kg)": str(2.5 * n), "population": 1000 * n,
         "found_on": f"19{n + 10}-03-0{n % 9 + 1}", "year": 1900 + n, "risk": grades[n % 3],
         "region": ("north", "south")[n % 2], "source": "book"}
        for n, w in enumerate(WORDS)
    ]  # fmt: skip
    card = card_of(rows)
    assert roles(card) == {
        "name": ("entity", "phrase"),
        "heightCm": ("measure", "number"),
        "weight (kg)": ("measure", "number"),
        "population": ("measure", "number"),
        "found_on": ("time", "phrase"),
        "year": ("time", "number"),
        "risk": ("category", "label"),
        "region": ("category", "label"),
        "source": ("metadata", "phrase"),
    }
    units = {f.name: (f.label, f.unit) for f in card.fields if f.role == "measure"}
    assert units == {"heightCm": ("height", "cm"), "weight (kg)": ("weight", "kg"), "population": ("population", "")}
    assert read(card, "weight (kg)", rows[2]) == Number(value=5.0, unit="kg", name="weight")
    assert read(card, "risk", rows[2]) == Label(
        text="high", vocabulary=("low", "medium", "high"), ordered=True, name="risk"
    )
    region = card.field("region")
    assert region is not None
    assert [(count.label, count.rows) for count in region.vocabulary] == [("north", 9), ("south", 9)]


def test_nested_and_odd_layouts() -> None:
    rows = [
        {"passage": f"The {w} stood in the yard behind the old mill for {n} years.",
         "question": f"Where did the {w} stand?",
         "answers": {"text": ["in the yard"], "answer_start": [10]}, "title": w}
        for n, w in enumerate(WORDS)
    ]  # fmt: skip
    card = card_of(rows)
    assert card.answer.kind == "accepted_list"
    assert read(card, "answers.text", rows[0]) == Items(items=("in the yard",), name="answer")
    assert roles(card)["answers.answer_start"][0] == "metadata"

    columns = [
        {"question": f"Why {w}?", "option_a": w, "option_b": "soil", "option_c": "rain", "answer": 1} for w in WORDS
    ]
    columns[3]["answer"] = 0
    card = card_of(columns)
    assert card.answer.kind == "option_index"
    assert read(card, "options~columns", columns[0]) == Choices(options=("amber", "soil", "rain"), answer=1)

    lettered = [
        {"question": f"Why {w}?", "choices": {"label": ["A", "B"], "text": [w, "no"]}, "answerKey": "B"} for w in WORDS
    ]
    card = card_of(lettered)
    assert read(card, "choices", lettered[0]) == Choices(options=("amber", "no"), answer=1)

    wrong = [{"question": f"Why {w}?", "correct_answer": w, "distractor1": "sun", "distractor2": "wind"} for w in WORDS]
    card = card_of(wrong)
    assert read(card, "options~columns", wrong[0]) == Choices(options=("amber", "sun", "wind"), answer=0)


def test_dialogs_tables_and_triples() -> None:
    rows = [
        {"messages": [{"role": "user", "content": f"Hello {w}"}, {"role": "assistant", "content": "Hi"}],
         "chat": f"Ann: I like {w}.\nBo: Me too.",
         "scores": {"columns": ["who", "points"], "rows": [["Ann", n], ["Bo", 2]]},
         "output": f"(Ann (PER) => per:likes => {w} (STRING)"}
        for n, w in enumerate(WORDS)
    ]  # fmt: skip
    card = card_of(rows)
    dialog = read(card, "messages", rows[0])
    assert isinstance(dialog, Dialog)
    assert [(turn.speaker, turn.text) for turn in dialog.turns] == [("user", "Hello amber"), ("assistant", "Hi")]
    said = read(card, "chat~dialog", rows[1])
    assert isinstance(said, Dialog)
    assert [turn.speaker for turn in said.turns] == ["Ann", "Bo"]
    table = read(card, "scores", rows[3])
    assert table == Table(columns=("who", "points"), rows=(("Ann", 3), ("Bo", 2)), name="scores")
    assert card.answer.kind == "triple"
    assert "18 of 18 rows brackets do not close" in card.answer.detail
    assert read(card, "output~triples", rows[0]) == Items(items=("Ann => per:likes => amber",), name="triples")


@pytest.mark.parametrize(
    ("form", "numbers"), [("xywh", [30, 40, 60, 50]), ("xyxy", [30, 40, 90, 90]), ("xyxy_share", [0.3, 0.4, 0.9, 0.9])]
)
def test_box_formats_are_told_from_the_images(tmp_path: Path, form: str, numbers: list[float]) -> None:
    other = {"xywh": [10, 10, 5, 80], "xyxy": [60, 10, 95, 80], "xyxy_share": [0.6, 0.1, 0.95, 0.8]}[form]
    rows = []
    for n in range(6):
        Pillow.effect_noise((100, 100), 40 + n).save(tmp_path / f"{n}.png")
        rows.append({"file": f"{n}.png", "prompt": "Find the cat", "output": {"cat": [numbers if n % 2 else other]}})
    card = card_of(rows, tmp_path, others={"bbox_format": "(x_min, y_min, width, height)"})
    field = card.field("output")
    assert field is not None
    assert field.parse == f"boxes.{form}"
    boxes = read(card, "output", rows[1], tmp_path)
    assert isinstance(boxes, Boxes)
    assert [boxes.boxes[0].x0, boxes.boxes[0].y0, boxes.boxes[0].x1, boxes.boxes[0].y1] == pytest.approx(
        [30, 40, 90, 90]
    )
    assert boxes.boxes[0].label == "cat"
    assert any("the data say their boxes" in note for note in card.notes) == (form != "xywh")


def test_images_are_read_inside_the_root_only(tmp_path: Path) -> None:
    home = tmp_path / "set"
    home.mkdir()
    Pillow.effect_noise((20, 10), 50).save(home / "a.png")
    Pillow.effect_noise((20, 10), 50).save(tmp_path / "outside.png")
    rows = [{"file_name": "a.png", "label": ("cat", "dog")[n % 2]} for n in range(12)]
    card = card_of(rows, home)
    assert card.modalities == ("image",)
    assert (card.answer.kind, card.answer.field) == ("label", "label")
    image = read(card, "file_name", rows[0], home)
    assert (image.type, getattr(image, "width", 0), getattr(image, "height", 0)) == ("image", 20, 10)
    with pytest.raises(MediaError, match="leaves its folder"):
        read(card, "file_name", {"file_name": "../outside.png"}, home)
    with pytest.raises(MediaError, match="missing"):
        read(card, "file_name", {"file_name": "b.png"}, home)


def test_a_card_that_came_with_the_data_is_checked() -> None:
    rows = [
        {"id": n, "input": {"text": f"The {w} is old and stands by the river."}, "output": {"text": w}}
        for n, w in enumerate(WORDS)
    ]
    card = card_of(
        rows,
        size_samples=226,
        modalities=["image", "text"],
        meta={"fields": {"question": {"paths": ["input.text"]}, "context": {"paths": ["input.passage"]}}},
        licence="apache 2.0",
    )
    assert card.licence == "Apache-2.0"
    assert roles(card)["input.text"] == ("question", "phrase")
    notes = "\n".join(card.notes)
    assert "the card says 226 rows; there are 18" in notes
    assert "'input.passage'; no row has it" in notes
    assert "the card says image" in notes


def test_our_own_card_is_obeyed_where_the_rows_allow_it() -> None:
    rows = [
        {"q": f"What is {w}?", "a": str(n), "size": "tiny" if n % 2 else "vast", "w": "heavy"}
        for n, w in enumerate(WORDS)
    ]
    fields = [
        {"path": "q", "role": "question", "type": "phrase", "label": "riddle"},
        {"path": "a", "role": "answer", "type": "number", "unit": "g"},
        {"path": "size", "role": "category", "type": "label", "ordered": True, "vocabulary": ["tiny", "vast"]},
        {"path": "w", "role": "measure", "type": "number"},
    ]
    card = card_of(rows, fields=fields, description="Riddles.", topics=["botany"], languages=["en"])
    assert read(card, "q", rows[0]) == Phrase(text="What is amber?", name="riddle")
    assert read(card, "a", rows[5]) == Number(value=5, unit="g", name="a")
    size = read(card, "size", rows[0])
    assert size == Label(text="vast", vocabulary=("tiny", "vast"), ordered=True, name="size")
    assert "the card says 'w' is number; the rows read as phrase" in card.notes
    assert "botany" in card.topics
    with pytest.raises(UserError, match="needs 'path', 'role' and 'type'"):
        card_of(rows, fields=[{"path": "q", "role": "riddle"}])


def test_broken_rows_are_counted_and_missing_values_said() -> None:
    rows: list[dict[str, Any]] = [{"question": f"What is {w}?", "answer": w} for w in WORDS]
    rows[4] = {"broken": True}
    rows[5] = {"question": "What is it?", "answer": None}
    card = card_of(rows)
    assert "1 of 18 rows asked for could not be read" in card.notes
    answer = card.field("answer")
    assert answer is not None
    assert answer.missing == 1
    with pytest.raises(SourceError, match="'r0' has no 'answer'"):
        read(card, "answer", rows[5])


def test_languages_by_script_and_by_words_and_silence_when_uncertain() -> None:
    german = "Der alte Mann ging langsam über die Brücke, weil der Regen die Straße nass und glatt gemacht hatte."
    sets = {
        ("de",): [f"{german} Es war Tag {n}." for n in range(8)],
        ("ja",): [f"これは{n}番目の文です。猫が好きです。" for n in range(8)],
        ("el",): [f"Ποιο είναι το όνομα της πόλης {n};" for n in range(8)],
        (): [f"{n} + {n} * 3 =" for n in range(8)],
    }
    for expected, texts in sets.items():
        card = card_of([{"question": text, "answer": str(n)} for n, text in enumerate(texts)])
        assert card.languages == expected


def test_sampling_is_even_and_bounded_and_the_digest_sees_every_row() -> None:
    rows = [{"question": f"What is {n}?", "answer": n} for n in range(3000)]
    card = card_of(rows)
    question = card.field("question")
    assert question is not None
    assert question.distinct == 400
    changed = [*rows[:1501], {"question": "changed", "answer": 1}, *rows[1502:]]
    assert card_of(changed).digest != card.digest
    assert card_of(list(rows)) == card


def test_mended_rows() -> None:
    card = card_of([{"input": {"question": f"Is {w} tall.?"}, "output": {"answer": w}} for w in WORDS])
    row = Row(4, "x", {"input": {"question": "Is it tall.?"}, "output": {"answer": "elder"}})
    repair = Repair(row=4, field="input.question", value="Is it tall?", reason="doubled punctuation")
    mended = mend(row, [repair, Repair(row=5, field="input.question", value="no", reason="")], card.fields)
    assert json.loads(json.dumps(mended.values)) == {
        "input": {"question": "Is it tall?"},
        "output": {"answer": "elder"},
    }
    assert row.values["input"]["question"] == "Is it tall.?"
