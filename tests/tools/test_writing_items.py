"""Items written over the evidence of a row: by a strong writer, and by careless ones."""

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from benchmark_agent.content import (
    Box,
    Boxes,
    Choices,
    Composed,
    Dialog,
    Items,
    Label,
    Number,
    Phrase,
    Table,
    Text,
    Turn,
)
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.tools import Brief, Given
from benchmark_agent.tools.writing import mending
from benchmark_agent.wording import key
from tests.tools.writing_support import BRIEF, Script, failures, tool

WRITE = tool("write_item")

BAKER = (
    "The crash came while I set out the trays, some minutes before six. The cart lay across the lane and apples rolled "
    "to the fountain. I saw no driver. The mule stood loose and chewed at the awning."
)
STUDENT = (
    "From my window I saw a woman in a long coat cut something at the harness, and the mule walked off by itself. The "
    "cart fell only after that."
)
STORY = (
    Given(name="account_1", role="context", value=Phrase(text=BAKER, name="account of the baker")),
    Given(name="account_2", role="context", value=Phrase(text=STUDENT, name="account of the student")),
)
SOLUTION = (Given(name="solution", role="answer", value=Phrase(text="The driver cut the strap; nothing bolted.")),)
GOOD: dict[str, Any] = {
    "gold": "The mule was already loose when the cart turned over.",
    "quote": "the mule walked off by itself. The cart fell only after that",
    "question": "What was true of the mule at the moment the cart turned over?",
    "answer": "It had already been cut loose",
    "distractors": [
        {"changed": "cut loose -> harnessed", "text": "It was still in its harness"},
        {"changed": "loose -> bolting", "text": "It had just begun to bolt"},
        {"changed": "where it was", "text": "It had already reached the fountain"},
    ],
}


def write(
    reply: dict[str, Any], evidence: tuple[Given, ...] = STORY, brief: Brief = BRIEF, **more: Any
) -> tuple[Composed, Script]:
    script = Script([reply], brief)
    return WRITE.run(evidence, script, Random(3), **more), script


def changed(**update: Any) -> dict[str, Any]:
    return {**GOOD, **update}


def texts(*wrong: str) -> list[dict[str, str]]:
    return [{"changed": "", "text": text} for text in wrong]


def test_a_witness_story(tmp_path: Path) -> None:
    item, script = write(GOOD, background=SOLUTION)
    assert item.input == (
        Text(text=f"Account of the baker\n\n{BAKER}"),
        Text(text=f"Account of the student\n\n{STUDENT}"),
    )
    assert (item.answer, item.gold_basis, item.evidence) == ("It had already been cut loose", "written", (0, 1))
    assert sorted(item.options)[0] == "It had already been cut loose"
    assert "“the mule walked off by itself. The cart fell only after that”" in item.proof
    assert "It was still in its harness: cut loose -> harnessed" in item.proof
    assert failures(item, MediaStore(tmp_path)) == []
    assert "Solution: The driver cut the strap; nothing bolted." in script.asked[0]
    assert "The driver cut the strap" not in "".join(part.text for part in item.input if isinstance(part, Text))


def test_an_artwork_with_its_artist_as_a_note(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    path = tmp_path / "work.png"
    Pillow.radial_gradient("L").save(path)
    picture = store.image(path.read_bytes())
    evidence = (Given(name="image", role="image", value=picture),)
    background = (Given(name="style", role="category", value=Label(text="Tenebrism", vocabulary=("Tenebrism",))),)
    reply = {
        "gold": "The painter models the figures by one hard light out of darkness, as the followers of Caravaggio did.",
        "quote": "one light from the upper left, black ground behind the figures",
        "question": "To which circle of painters does the handling of light in this work point?",
        "answer": "Followers of Caravaggio in Utrecht",
        "distractors": texts(
            "Followers of Rubens in Antwerp", "Followers of Titian in Venice", "Followers of Poussin in Rome"
        ),
    }
    item, script = write(reply, evidence, background=background)
    assert item.input == (picture,)
    assert script.parts == [(picture,)]
    assert "Style: Tenebrism" in script.asked[0]
    assert "The solver sees the media below, your question and the options." in script.asked[0]
    assert failures(item, store) == []


MIXED = Dialog(
    turns=(
        Turn(speaker="Noa", text="The bus to the coast leaves at nine, so we should meet at the kiosk before that."),
        Turn(
            speaker="Iker", text="El autobús de las nueve no sale los domingos, hay que tomar el de las diez y media."
        ),
        Turn(speaker="Noa", text="Then I will bring the sandwiches, and you the map."),
        Turn(speaker="Iker", text="Vale, pero el mapa lo tiene mi hermana; yo llevo la sombrilla."),
    )
)


def test_a_conversation_in_two_languages(tmp_path: Path) -> None:
    reply = {
        "gold": "On Sunday they will take the bus at half past ten.",
        "quote": "Noa: The bus to the coast leaves at nine ... El autobús de las nueve no sale los domingos",
        "question": "Which bus will the two of them be able to take if they go on a Sunday?",
        "answer": "The one at half past ten",
        "distractors": texts("The one at nine o'clock", "The one at half past nine", "The one at ten o'clock"),
    }
    item, _ = write(reply, (Given(name="dialog", role="dialog", value=MIXED),))
    assert item.input == (Text(text="\n".join(f"{turn.speaker}: {turn.text}" for turn in MIXED.turns)),)
    assert failures(item, MediaStore(tmp_path)) == []


HARBOURS = Table(
    columns=("harbour", "berths", "depth m"),
    rows=(("Old Quay", 14, 6.5), ("Salt Pier", 9, 11), ("North Mole", 21, 8)),
    name="Harbours",
)


def test_a_table_is_asked_for_a_number(tmp_path: Path) -> None:
    brief = BRIEF.model_copy(update={"answer_kinds": ("number",)})
    reply = {
        "gold": "Harbours of at least 8 m have 30 berths together.",
        "quote": "Salt Pier berths 9 depth 11 ... North Mole, 21, 8",
        "question": "How many berths are there in harbours that a ship of 7 m draught can enter?",
        "answer": "30 berths",
    }
    item, _ = write(reply, (Given(name="t", role="table", value=HARBOURS),), brief)
    assert (item.answer_kind, item.answer, item.options) == ("number", "30", ())
    assert failures(item, MediaStore(tmp_path), brief) == []


def test_short_values_stand_together_below_the_text() -> None:
    evidence = (
        Given(name="year", role="metadata", value=Number(value=1630, unit="km")),
        Given(name="report", role="context", value=Phrase(text=BAKER)),
        Given(name="place_name", role="entity", value=Phrase(text="Mill Lane")),
    )
    item, _ = write(changed(quote="I saw no driver"), evidence)
    assert item.input == (Text(text=f"Report\n\n{BAKER}"), Text(text="Year: 1,630 km\nPlace name: Mill Lane"))


@pytest.mark.parametrize(
    ("kind", "reply", "answer", "options"),
    [
        (
            "multi_choice",
            changed(answer="The baker", also_right=["The student"], distractors=texts("The smith", "The driver")),
            {"The baker", "The student"},
            {"The baker", "The student", "The smith", "The driver"},
        ),
        ("binary", changed(question="Was it loose before the cart fell?", answer="**Yes**, it was."), {"yes"}, set()),
        ("span", changed(answer='"by itself."', also_right=["on its own", "By itself"]), {"by itself"}, set()),
        (
            "label",
            changed(answer="cut", distractors=texts("torn", "worn")),
            {"cut"},
            {"cut", "torn", "worn"},
        ),
        ("number", changed(question="How many accounts are there?", answer="two"), {"2"}, set()),
    ],
)
def test_other_kinds(kind: str, reply: dict[str, Any], answer: set[str], options: set[str], tmp_path: Path) -> None:
    brief = BRIEF.model_copy(update={"answer_kinds": (kind,)})
    item, script = write(reply, brief=brief)
    assert item.answer_kind == kind
    assert set(item.answer.split("\n")) == answer
    assert set(item.options) == options
    assert f"of the kind {kind}" in script.asked[0]
    assert failures(item, MediaStore(tmp_path), brief) == []


def test_the_side_of_a_yes_or_no_question_is_drawn() -> None:
    brief = BRIEF.model_copy(update={"answer_kinds": ("binary",)})
    sides = []
    for seed in range(40):
        script = Script([changed(answer="yes")], brief)
        WRITE.run(STORY, script, Random(seed))
        sides += re.findall(r"- answer: (\w+)\. Ask so", script.asked[0])
    assert 10 <= sides.count("yes") <= 30


def test_a_row_that_does_not_fit_is_said_and_only_where_it_may_be() -> None:
    reply = {"fits": False, "why_not": "one account only"}
    with pytest.raises(Unfit, match="does not fit: one account only"):
        write(reply)
    stuck = BRIEF.model_copy(update={"adapt": False})
    with pytest.raises(ToolError, match="quote is empty"):
        write(reply, brief=stuck)
    script = Script([GOOD], stuck)
    WRITE.run(STORY, script, Random(1))
    assert "why_not" not in script.asked[0]


def test_flaws_of_the_last_try_are_shown() -> None:
    _, script = write(GOOD, brief=BRIEF.model_copy(update={"flaws": ("no_leak: said in the question",)}))
    assert "<flaws>\nno_leak: said in the question\n</flaws>" in script.asked[0]


@pytest.mark.parametrize("kind", ["open", "span"])
def test_a_kind_that_cannot_be_written_is_refused_unasked(kind: str) -> None:
    brief = BRIEF.model_copy(update={"answer_kinds": ("open",) if kind == "open" else ("choice",)})
    script = Script([], brief)
    with pytest.raises(Unfit, match="cannot be written here"):
        WRITE.run(STORY, script, Random(1), kind=kind)
    assert script.asked == []


def test_nothing_to_show_and_too_much_are_refused_unasked() -> None:
    long = (Given(name="book", role="context", value=Phrase(text="word " * 3000)),)
    for evidence, said in (((), "none of the fields"), (long, "truncate_passage")):
        with pytest.raises(Unfit, match=said):
            WRITE.run(evidence, Script([]), Random(1))


MENDED = [
    ("numbering", ["A) cut loose", "B) in harness", "C) bolting", "D) resting"], "cut loose"),
    ("numbers", ["1. cut loose", "2. in harness", "3. bolting", "4. resting"], "cut loose"),
    ("names of options", ["Option A: cut loose", "Option B: in harness", "bolting", "resting"], "cut loose"),
    ("emphasis", ["**Cut loose**", "*  In harness", "`Bolting`", "- Resting"], "Cut loose"),
    ("full stops", ["Cut loose.", "In harness", "Bolting.", "Resting"], "Cut loose"),
    ("quotes", ["“Cut loose”", "In harness", '"Bolting"', "Resting"], "Cut loose"),
    ("capitals", ["cut loose", "In harness", "Bolting", "Resting"], "Cut loose"),
    ("the gold among them", ["Cut loose", "Cut loose.", "In harness", "Bolting", "Resting"], "Cut loose"),
    ("too many", ["Cut loose", "In harness", "Bolting", "Resting", "Asleep", "Lame"], "Cut loose"),
    ("all of the above", ["Cut loose", "In harness", "All of the above", "Bolting", "Resting"], "Cut loose"),
    ("a letter for the answer", ["B", "In harness", "Cut loose", "Bolting", "Resting"], "Cut loose"),
    ("a letter with a mark", ["(b)", "A) In harness", "B) Cut loose", "C) Bolting", "D) Resting"], "Cut loose"),
]


@pytest.mark.parametrize(("options", "gold"), [case[1:] for case in MENDED], ids=[case[0] for case in MENDED])
def test_what_is_certain_is_mended(options: list[str], gold: str, tmp_path: Path) -> None:
    item, _ = write(changed(answer=options[0], distractors=texts(*options[1:])))
    assert item.answer == gold
    assert [option.casefold() for option in sorted(item.options, key=str.casefold)] == [
        "bolting",
        "cut loose",
        "in harness",
        "resting",
    ] or len(options) > 5
    assert len(item.options) == 4
    assert failures(item, MediaStore(tmp_path)) == []


def test_marks_that_belong_to_a_name_stay() -> None:
    item, _ = write(changed(answer="B. Franklin", gold="It was B. Franklin.", distractors=texts("Jay", "Adams", "Lee")))
    assert item.answer == "B. Franklin"


REFUSED = [
    ("the quote .* is not in the evidence", changed(quote="the mule ran away in panic")),
    ("stands in the notes", changed(quote="nothing bolted")),
    ("the quote is empty", changed(quote="  ... ")),
    ("the answer is the letter 'B'", changed(answer="B")),
    ("1 can be used", changed(distractors=texts("In harness", "In harness.", "it had already been cut loose", ""))),
    ("0 can be used", changed(distractors=[])),
    ("the answer is empty", changed(answer=" ** ")),
    ("the answer is 'All of the above'", changed(answer="All of the above")),
    ("characters; write them of about the same length", changed(distractors=texts("a", "b", "Bolting " * 9))),
    ("an option has 40 words", changed(distractors=texts("In harness", "Bolting", "very " * 40))),
    ("how to proceed", changed(question="First find the woman, then say what the mule did?")),
    ("how to proceed", changed(question="Identify who cut the strap, and then decide what the mule did.")),
    ("the question is empty", changed(question="")),
    ("the question has 120 words", changed(question="really " * 120)),
    ("they must agree", changed(gold="It was still in its harness.", answer="Loose")),
    (
        "it reads as 'es'",
        changed(
            question="¿Qué hacía exactamente la mula en el momento en que la carreta volcó sobre la calle mojada?",
            answer="Estaba suelta porque una mujer había cortado la correa",
            distractors=texts(
                "Estaba atada porque nadie había tocado la correa",
                "Estaba suelta porque ella misma rompió la correa",
                "Estaba atada porque una mujer sujetaba la correa",
            ),
        ),
    ),
]


@pytest.mark.parametrize(("said", "reply"), REFUSED, ids=[f"{n}-{case[0][:24]}" for n, case in enumerate(REFUSED)])
def test_what_is_not_certain_is_refused_in_words_a_second_try_can_use(said: str, reply: dict[str, Any]) -> None:
    with pytest.raises(ToolError, match=said) as refused:
        write(reply, background=SOLUTION)
    assert not isinstance(refused.value, Unfit)


def test_options_listed_in_the_question_are_cut_off() -> None:
    listed = GOOD["question"] + " A) It was still in its harness B) It had already been cut loose C) neither"
    item, _ = write(changed(question=listed))
    assert item.question == GOOD["question"]


def test_another_language_may_be_asked_for() -> None:
    reply = changed(
        question="¿Qué se sabe de la mula en el momento en que volcó la carreta?",
        answer="Ya le habían cortado la correa",
        gold="La mula ya estaba suelta: le habían cortado la correa.",
        distractors=texts("Seguía atada con la correa", "Acababa de romper la correa", "Había perdido la correa antes"),
    )
    item, script = write(reply, language="es")
    assert item.answer == "Ya le habían cortado la correa"
    assert "Write in es (language code)." in script.asked[0]
    with pytest.raises(ToolError, match="not written in 'es'"):
        write(GOOD, language="es")
    with pytest.raises(Unfit, match="no language 'xx'"):
        write(GOOD, language="xx")


def test_foreign_names_do_not_make_a_question_foreign() -> None:
    dishes = texts(
        "Gazpacho andaluz con tropezones", "Tortilla de patatas con cebolla", "Pulpo a la gallega con cachelos"
    )
    reply = changed(
        question="Which dish stood on the cart?", answer="Paella de marisco con azafrán", distractors=dishes
    )
    item, _ = write(reply, brief=BRIEF.model_copy(update={"languages": ("en",)}))
    assert item.answer.startswith("Paella")


def test_choices_are_shown_unmarked_and_noted_with_the_right_one() -> None:
    choices = Given(name="options", role="options", value=Choices(options=("torn", "cut"), answer=1))
    steps = Given(name="steps", role="rationale", value=Items(items=("look", "think")))
    item, script = write(changed(quote="cut"), (*STORY, choices), background=(choices, steps))
    assert item.input[-1] == Text(text="Options\n\n- torn\n- cut")
    assert "- cut (right)" in script.asked[0].split("<notes>")[1]
    assert "1. look\n2. think" in script.asked[0]


def test_media_of_the_notes_come_after_those_shown(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    drawn = []
    for size in (8, 9):
        Pillow.radial_gradient("L").resize((size, size)).save(tmp_path / "x.png")
        drawn.append(Given(name="image", role="image", value=store.image((tmp_path / "x.png").read_bytes())))
    item, script = write(GOOD, (drawn[0], *STORY), background=(drawn[1],))
    assert script.parts == [(drawn[0].value, drawn[1].value)]
    assert item.input[0] == drawn[0].value
    assert len(item.input) == 3
    assert "this evidence and the first 1 of the media below" in script.asked[0]
    assert "Only you see the last 1 of the media." in script.asked[0]


_WEIRD = st.text(alphabet='ab AB1.)(*-"“”`:é中\n', max_size=12)


@given(st.lists(_WEIRD, min_size=1, max_size=7))
def test_options_of_any_text_are_different_and_plain_or_refused(drawn: list[str]) -> None:
    try:
        [right], wrong = mending.options_of(drawn[0], (), drawn[1:])
    except ToolError:
        return
    options = [right, *wrong]
    assert len(options) == 4
    assert len({key(option) for option in options}) == 4
    assert all(option == option.strip() and "\n" not in option for option in options)
    assert mending.alike(options) == mending.alike(mending.alike(options))


def test_the_same_seed_gives_the_same_item() -> None:
    assert write(GOOD)[0] == write(GOOD)[0]


def test_the_place_of_the_right_one_among_ordered_options_is_drawn() -> None:
    told = set()
    for seed in range(40):
        script = Script([GOOD])
        WRITE.run(STORY, script, Random(seed))
        told.add(re.search(r"the answer is the (\w+(?: \w+)?) of the four", script.asked[0]))
    assert {found[1] for found in told if found} == {"lowest", "second lowest", "second highest", "highest"}


def test_the_writer_reads_all_objects_of_a_full_scene() -> None:
    boxes = tuple(Box(label="purple triangle", x0=100 + n, y0=110, x1=150 + n, y1=160) for n in range(24))
    scene = (Given(name="objects", role="bbox", value=Boxes(boxes=boxes)),)
    _, script = write(GOOD, background=scene)
    assert "Objects: in pixels from the upper left corner\npurple triangle: x 100-150, y 110-160\n" in script.asked[0]
    assert script.asked[0].count("purple triangle") == 24


@pytest.mark.parametrize("first", ["To the library", "A cart"])
def test_a_capital_on_the_answer_alone_is_no_mark(first: str) -> None:
    rest = ["to the music room", "a mule", "to the staff room"]
    assert all(text[0].isupper() for text in mending.alike([first, *rest]))


def test_signs_and_units_keep_their_letters() -> None:
    assert mending.alike(["km", "Mi", "pH 7", "iPhone"]) == ["km", "Mi", "pH 7", "iPhone"]


def test_an_answer_that_only_shares_its_noun_with_the_gold_is_not_its_answer() -> None:
    with pytest.raises(ToolError, match="they must agree"):
        mending.is_answer_of("Two people sat in the taxi.", "four people", ["two people", "three people"])
    mending.is_answer_of("Two people sat in the taxi.", "two people", ["four people"])
    mending.is_answer_of("Only two sat in it, not four people.", "two persons", ["four people"])


def test_lists_may_be_left_empty_or_hold_texts_alone() -> None:
    wrong = [each["text"] for each in GOOD["distractors"]]
    item, _ = write(changed(also_right="", distractors=wrong))
    assert sorted(item.options) == sorted([GOOD["answer"], *wrong])
