"""Error analysis by hand: small runs whose failures are counted on paper."""

import pytest

from benchmark_agent.answers import Score
from benchmark_agent.content import Image, Text
from benchmark_agent.evaluation.types import ItemScore, Run
from benchmark_agent.quality.assess import assess
from benchmark_agent.quality.failures import analyse, evidence_of
from benchmark_agent.quality.responses import responses_of
from benchmark_agent.quality.types import ErrorAnalysis, FailureGroup
from benchmark_agent.realization.types import RowRef, Trace
from benchmark_agent.verification.types import Item

PICTURE = Image(path="media/a.png", sha256="a", width=8, height=8)


def item(name: str, options: tuple[str, ...], answer: str, subtask: str = "sums", tool: str = "add") -> Item:
    return Item(
        id=name, subtask=subtask, answer_kind="choice", input=(Text(text="a passage"), PICTURE), question="Which?",
        options=options, answer=answer, accepted=(), scorer="choice", gold_basis="computed", target_signal="numbers",
        evidence=(0,) if subtask == "sums" else (1,), checks=(),
        sources=(RowRef(dataset="d", row=name, ordinal=0, licence="MIT", digest="x"),),
        recipe=(Trace(tool="load", version="1", wrote="x"), Trace(tool=tool, version="1", wrote="item")),
    )  # fmt: skip


ITEMS = (
    item("one", ("10", "12", "14", "9"), "B"),
    item("two", ("7", "5", "3", "11"), "C"),
    item("three", ("red", "green", "blue", "grey"), "A", subtask="colours", tool="pick"),
    item("four", ("a cat", "a dog", "an ox", "a lynx"), "D", subtask="colours", tool="pick"),
)


def said(name: str, letter: str) -> ItemScore:
    key = next(each.answer for each in ITEMS if each.id == name)
    if letter == "-":
        score = Score(value=0, outcome="refusal")
    elif letter == "?":
        score = Score(value=0, outcome="unparsable")
    else:
        score = Score(value=float(letter == key), parsed=letter, outcome="right" if letter == key else "wrong")
    return ItemScore(item_id=name, reply=letter, score=score, stop="length" if letter == "?" else "stop")


def run(model: str, letters: str, baseline: bool = False) -> Run:
    scores = tuple(said(each.id, letter) for each, letter in zip(ITEMS, letters, strict=True))
    return Run(model=model, benchmark="b", scores=scores, baseline=baseline)


RUNS = (run("large", "BDA-"), run("small", "CDB?"), run("random", "AAAA", baseline=True))


@pytest.fixture(scope="module")
def found() -> ErrorAnalysis:
    return analyse(ITEMS, RUNS)


def group(found: ErrorAnalysis, by: str, name: str) -> FailureGroup:
    return next(each for each in found.groups if (each.by, each.name) == (by, name))


def test_what_is_lost_is_counted_by_subtask_and_model(found: ErrorAnalysis) -> None:
    """Sums: large B right, D wrong; small C wrong, D wrong: 3 of 4 lost.

    Colours: A right; B wrong, one refused, one unclear: 3 of 4 lost.
    """
    sums, colours = group(found, "subtask", "sums"), group(found, "subtask", "colours")
    assert found.models == 2
    assert (sums.items, sums.replies, sums.lost.value) == (2, 4, 0.75)
    assert (sums.wrong, sums.refused, sums.unparsable, sums.cut_off) == (3, 0, 0, 0)
    assert (colours.lost.value, colours.wrong, colours.refused, colours.unparsable, colours.cut_off) == (
        0.75,
        1,
        1,
        1,
        1,
    )
    assert {each.name: each.value for each in sums.models} == {"large": 0.5, "small": 1.0}
    assert sums.lost.low is not None
    assert sums.lost.low < 0.75


def test_constructions_and_evidence_group_the_same_items(found: ErrorAnalysis) -> None:
    assert group(found, "construction", "add").lost == group(found, "subtask", "sums").lost
    assert group(found, "evidence", "text").items == group(found, "evidence", "image").items == 2
    assert [each.by for each in found.groups] == ["subtask"] * 2 + ["construction"] * 2 + ["evidence"] * 2


def test_the_distractor_both_took_comes_first(found: ErrorAnalysis) -> None:
    first, *rest = found.distractors
    assert (first.item_id, first.letter, first.text, first.models, first.failing) == ("two", "D", "11", RUNS_OF_TWO, 2)
    assert [(each.item_id, each.letter, each.models) for each in rest] == [
        ("one", "C", ("small",)),
        ("three", "B", ("small",)),
    ]


RUNS_OF_TWO = ("large", "small")


def test_traits_stand_beside_what_blind_picking_gives(found: ErrorAnalysis) -> None:
    """Wrong choices: 'two' D twice, 'one' C, 'three' B.

    Above the key (12 and 3): 11, 11, 14 taken; offered 1 of 3 on 'one' (14) and 3 of 3 on 'two', so that only 'one'
    counts: 1 of 1 taken, 1/3 expected. In place D: 'two' D, D taken, 'one' and 'three' not: 2 of 4, 1/3 expected.
    Longer than the key: on 'two' only 11 is longer than 3: 2 of 2, expected 1/3; on 'three' every option is longer.
    """
    traits = {each.name: each for each in found.traits}
    above, last, longer = traits["a number above the key"], traits["in place D"], traits["longer than the key"]
    assert (above.taken.value, above.taken.n) == (1.0, 1)
    assert above.expected == pytest.approx(1 / 3, abs=1e-6)
    assert (last.taken.value, last.taken.n) == (0.5, 4)
    assert last.expected == pytest.approx(1 / 3, abs=1e-6)
    assert (longer.taken.value, longer.taken.n) == (1.0, 2)
    assert longer.expected == pytest.approx(1 / 3, abs=1e-6)


def test_evidence_is_named_by_kind_and_number() -> None:
    both = ITEMS[0].model_copy(update={"evidence": (0, 1)})
    texts = ITEMS[0].model_copy(update={"input": (Text(text="a"), Text(text="b")), "evidence": (0, 1)})
    assert evidence_of(both) == "image and text"
    assert evidence_of(texts) == "several texts"
    assert evidence_of(ITEMS[0].model_copy(update={"evidence": ()})) == "question alone"


def test_two_models_make_suspects_and_say_how_weak_that_is() -> None:
    """The better model misses the last item alone; both miss the first."""
    report = assess(responses_of([[0, 1, 1, 1, 0], [0, 0, 0, 1, 1]], items=["a", "b", "c", "d", "e"]))
    assert [(each.item_id, each.reasons) for each in report.suspects] == [
        ("e", ("strong models miss it (0.00), weak ones pass it (1.00)",)),
        ("a", ("missed by all 2 models",)),
    ]
    assert "weak evidence" in report.suspects_note
    assert "the best and the worst of 2 models" in report.suspects_note


def test_one_model_makes_no_suspect() -> None:
    report = assess(responses_of([[0, 1, 1, 0]]))
    assert report.suspects == ()
    assert "one model" in report.suspects_note
