"""Image constructions on rows made by hand, with golds worked out by hand."""

import io
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from benchmark_agent.content import (
    Box,
    Boxes,
    Choices,
    Composed,
    Image,
    Items,
    Label,
    Number,
    Phrase,
    Table,
)
from benchmark_agent.errors import Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.tools.constructions import image_boxes, image_tables, images
from benchmark_agent.tools.render.charts import Series

TOOLS = {tool.name: tool for tool in images.TOOLS}
CAPTIONS = (
    "Two dogs run across a wet field.",
    "Three dogs run across a wet field.",
    "A red bus waits at the station.",
    "A blue bus waits at the station.",
    "An old man reads a newspaper on a bench.",
    "Children build a castle of sand.",
)
FERRIES = Table(
    columns=("Ferry", "Cars", "Crossing (min)", "Pier"),
    rows=(
        ("Albatross", 12, 45, "north"),
        ("Bonito", 30, 50, "south"),
        ("Curlew", 25, 35, "east"),
        ("Dolphin", 90, 80, "west"),
        ("Eider", 64, 20, "inner"),
    ),
    name="Ferries of the bay",
)


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path)


def photo(media: MediaStore, number: int, width: int = 90, height: int = 60) -> Image:
    picture = Pillow.new("RGB", (width, height), (number * 20 % 256, 90, 200))
    picture.putpixel((number, number), (255, 255, 255))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return media.image(file.getvalue())


def boxes(*given: tuple[str, float, float, float, float]) -> Boxes:
    return Boxes(boxes=tuple(Box(label=n, x0=a, y0=b, x1=c, y1=d) for n, a, b, c, d in given))


def sound(item: Composed) -> None:
    """What every item of a construction keeps to."""
    shown = [part for part in item.input if isinstance(part, Image)]
    assert len(item.alt) == len(shown)
    assert item.evidence
    assert all(isinstance(item.input[index], Image) for index in item.evidence)
    assert item.proof
    if item.answer_kind == "choice":
        assert item.answer in item.options
        assert len(set(item.options)) == len(item.options) == len(item.option_values) == len(set(item.option_values))


# -- captions and labels --------------------------------------------------------------------------------


def phrases(*texts: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(text=text) for text in texts)


def test_the_caption_of_the_image_is_asked_for_among_false_ones(media: MediaStore) -> None:
    for seed in range(6):
        item = TOOLS["match_caption_to_image"].run(
            photo(media, 1), Phrase(text=CAPTIONS[0]), phrases(*CAPTIONS[1:]), Random(seed)
        )
        sound(item)
        assert item.answer == CAPTIONS[0]
        assert len(item.options) == 4
        assert set(item.options) <= set(CAPTIONS)


def test_captions_that_may_also_be_true_are_no_distractors(media: MediaStore) -> None:
    own = Phrase(text="Two dogs run across a wet field.")
    near = phrases(
        "Two dogs run.", "Two dogs run across a field.", "Two dogs run across a wet field", "Two wet dogs ran."
    )
    with pytest.raises(Unfit, match="plainly say something else"):
        TOOLS["match_caption_to_image"].run(photo(media, 1), own, near, Random(1))
    with pytest.raises(Unfit, match="four words"):
        TOOLS["match_caption_to_image"].run(photo(media, 1), Phrase(text="A dog"), phrases(*CAPTIONS), Random(1))
    with pytest.raises(Unfit, match="not a sentence"):
        TOOLS["match_caption_to_image"].run(
            photo(media, 1), Phrase(text="above it and to its left"), phrases(*CAPTIONS), Random(1)
        )


def test_what_is_heard_is_not_asked_of_the_image(media: MediaStore) -> None:
    heard = Label(text="cow", vocabulary=("cow", "drum", "engine", "owl"), name="sound_source")
    with pytest.raises(Unfit, match="heard, not seen"):
        TOOLS["image_label_to_choice"].run(photo(media, 1), heard, Random(1))
    seen = heard.model_copy(update={"name": "animal"})
    assert TOOLS["image_label_to_choice"].run(photo(media, 1), seen, Random(1)).answer == "cow"


def test_the_image_of_the_caption_is_asked_for_at_any_place(media: MediaStore) -> None:
    places = Counter[str]()
    shots = tuple(photo(media, number) for number in range(6))
    for seed in range(24):
        item = TOOLS["match_image_to_caption"].run(
            shots[0], Phrase(text=CAPTIONS[0]), shots[1:], phrases(*CAPTIONS[1:]), Random(seed)
        )
        sound(item)
        assert item.options == ("Image 1", "Image 2", "Image 3", "Image 4")
        assert item.fixed_order
        assert item.input[item.evidence[item.options.index(item.answer)]] == shots[0]
        assert item.alt[item.options.index(item.answer)] == CAPTIONS[0]
        places[item.answer] += 1
    assert set(places) == set(item.options)
    with pytest.raises(Unfit, match="same image"):
        TOOLS["match_image_to_caption"].run(
            shots[0], Phrase(text=CAPTIONS[0]), (shots[0],) * 5, phrases(*CAPTIONS[1:]), Random(0)
        )


BIRDS = ("house wren", "winter wren", "house finch", "rock wren", "purple finch", "wren", "blue jay")


def test_labels_most_alike_are_the_wrong_options(media: MediaStore) -> None:
    label = Label(text="house wren", vocabulary=BIRDS, name="species")
    seen: set[str] = set()
    for seed in range(12):
        item = TOOLS["image_label_to_choice"].run(photo(media, 1), label, Random(seed))
        sound(item)
        assert item.question == "Which species does the image show?"
        assert item.answer == "house wren"
        assert "wren" not in item.options  # holds of a house wren too
        seen |= set(item.options)
    assert seen >= {"winter wren", "house finch", "rock wren"}


@pytest.mark.parametrize("text", ["yes", "A", "12", "3.5 %".replace(" ", "")])
def test_labels_that_do_not_describe_are_refused(media: MediaStore, text: str) -> None:
    with pytest.raises(Unfit, match="does not say what"):
        TOOLS["image_label_to_choice"].run(photo(media, 1), Label(text=text, vocabulary=(text, "b")), Random(1))


def test_the_odd_image_out_is_the_one_with_another_label(media: MediaStore) -> None:
    shots = tuple(photo(media, number) for number in range(7))
    others = tuple(
        Label(text=t, vocabulary=("cat", "dog", "owl"), name="animal") for t in "dog cat dog owl dog dog".split()
    )
    own = Label(text="cat", vocabulary=("cat", "dog", "owl"), name="animal")
    item = TOOLS["odd_image_out"].run(shots[0], own, shots[1:], others, Random(3))
    sound(item)
    assert item.question == "Three of these images show the same animal. Which image does not?"
    assert item.input[item.evidence[item.options.index(item.answer)]] == shots[0]
    assert Counter(item.alt) == {"dog": 3, "cat": 1}
    with pytest.raises(Unfit, match="share another label"):
        TOOLS["odd_image_out"].run(shots[0], own, shots[1:3], others[:2], Random(3))


# -- the dataset's own questions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind", "gold", "accepted"),
    [
        (Items(items=("person", "man", "person")), "span", "person", ("man",)),
        (Phrase(text="Yes"), "binary", "yes", ()),
        (Label(text="no", vocabulary=("no", "yes")), "binary", "no", ()),
        (Number(value=7), "number", "7", ()),
        (Phrase(text="-12.5"), "number", "-12.5", ()),
        (Label(text="benign", vocabulary=("malignant", "benign")), "label", "benign", ()),
    ],
)
def test_own_answers_keep_their_form(
    media: MediaStore, answer: Items | Phrase | Label | Number, kind: str, gold: str, accepted: tuple[str, ...]
) -> None:
    item = TOOLS["ask_image"].run(photo(media, 1), Phrase(text="what stands there"), answer)
    sound(item)
    assert (item.answer_kind, item.answer, item.accepted) == (kind, gold, accepted)
    assert item.question.startswith("what stands there?")
    assert (kind == "label") == ("benign; malignant" in item.question)


def test_long_answers_are_not_compared_word_for_word(media: MediaStore) -> None:
    with pytest.raises(Unfit, match="too long"):
        TOOLS["ask_image"].run(photo(media, 1), Phrase(text="Why?"), Phrase(text="because " * 9))


def test_own_options_need_one_right_one(media: MediaStore) -> None:
    ask, shot, question = TOOLS["ask_image_options"].run, photo(media, 1), Phrase(text="Which solution?")
    item = ask(shot, question, Choices(options=("Solution B", "Solution A", "neither"), answer=1), Random(2))
    sound(item)
    assert item.answer == "Solution A"
    kept = ask(shot, question, Choices(options=("A is", "B is", "both", "none of these"), answer=2), Random(2))
    assert kept.fixed_order
    assert kept.options == ("A is", "B is", "both", "none of these")
    with pytest.raises(Unfit, match="does not say which"):
        ask(shot, question, Choices(options=("a", "b")), Random(2))
    with pytest.raises(Unfit, match="different texts"):
        ask(shot, question, Choices(options=("Red", "red "), answer=0), Random(2))


# -- boxes ----------------------------------------------------------------------------------------------

CATS = boxes(("cat", 1, 1, 20, 20), ("cat", 40, 5, 60, 25), ("cat", 5, 30, 20, 55), ("dog", 70, 30, 88, 58))


def test_boxes_are_counted(media: MediaStore) -> None:
    made = {TOOLS["count_boxes"].run(photo(media, 1), CATS, Random(seed)) for seed in range(9)}
    assert {(item.question, item.answer, item.answer_kind) for item in made} == {
        ("How many cats are in the image?", "3", "number"),
        ("How many dogs are in the image?", "1", "number"),
    }
    item = made.pop()
    sound(item)
    assert item.alt == ("an image with 3 x cat, 1 x dog",)
    choice = TOOLS["count_boxes_choice"].run(photo(media, 1), CATS, Random(1))
    sound(choice)
    assert choice.answer == {"cats": "3", "dogs": "1"}[choice.question.split()[2]]
    with pytest.raises(Unfit, match="too little to count"):
        TOOLS["count_boxes"].run(photo(media, 1), boxes(("bird", 1, 1, 50, 50)), Random(1))
    with pytest.raises(Unfit, match="leaves the image"):
        TOOLS["count_boxes"].run(photo(media, 1), boxes(("a", 1, 1, 500, 50), ("a", 1, 1, 5, 5)), Random(1))
    assert [image_boxes.plural(n) for n in ("red box", "child", "fly", "toy", "police man")] == [
        "red boxes", "children", "flies", "toys", "police men",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("box", "gold"),
    [
        ((60, 1, 88, 15), "top right"),
        ((2, 45, 16, 58), "bottom left"),
    ],
)
def test_a_box_lies_in_its_ninth(media: MediaStore, box: tuple[float, float, float, float], gold: str) -> None:
    item = TOOLS["locate_box"].run(photo(media, 1), boxes(("key", *box)), Random(1))
    sound(item)
    assert item.answer == gold


def test_a_lone_object_in_the_middle_is_no_question(media: MediaStore) -> None:
    lone, other = ("key", 40, 25, 50, 35), ("cup", 20, 20, 40, 40)
    with pytest.raises(Unfit, match="fills its middle"):
        TOOLS["locate_box"].run(photo(media, 1), boxes(lone), Random(1))
    assert TOOLS["locate_box"].run(photo(media, 1), boxes(lone, other), Random(1)).answer == "middle centre"


def test_a_box_on_a_dividing_line_is_refused(media: MediaStore) -> None:
    with pytest.raises(Unfit, match="clearly in one ninth"):
        TOOLS["locate_box"].run(photo(media, 1), boxes(("key", 20, 20, 40, 40)), Random(1))


@given(st.integers(0, 10_000), st.integers(2, 40), st.integers(2, 40), st.integers(12, 40), st.integers(12, 40))
@settings(max_examples=50, deadline=None)
def test_no_other_box_fits_half_as_well(seed: int, x: int, y: int, wide: int, high: int) -> None:
    gold = Box(label="key", x0=x, y0=y, x1=x + wide, y1=y + high)
    image = Image(path="media/a.png", sha256="a", width=140, height=120)
    try:
        found = image_boxes._other_boxes(image, gold, Random(seed))
    except Unfit:
        return
    assert found[0] == gold
    assert len({(b.x1 - b.x0, b.y1 - b.y0) for b in found}) == 1
    assert all(image_boxes.overlap(gold, other) < 0.4 for other in found[1:])
    assert all(0 <= b.x0 < b.x1 <= 140 and 0 <= b.y0 < b.y1 <= 120 for b in found)


def test_overlap_by_hand() -> None:
    one, two = boxes(("a", 0, 0, 10, 10), ("b", 5, 0, 15, 10)).boxes
    assert image_boxes.overlap(one, two) == pytest.approx(50 / 150)
    assert image_boxes.overlap(one, one) == 1


def test_the_right_box_is_not_the_middle_of_the_others() -> None:
    """The box that overlaps the others most would be a way to guess."""
    image = Image(path="media/a.png", sha256="a", width=400, height=300)
    gold = Box(label="key", x0=150, y0=100, x1=230, y1=170)
    hits = 0
    for seed in range(60):
        found = image_boxes._other_boxes(image, gold, Random(seed))
        total = [sum(image_boxes.overlap(a, b) for b in found) for a in found]
        hits += max(range(4), key=lambda i: total[i]) == 0
    assert hits < 36


def test_objects_are_compared_by_place_and_size(media: MediaStore) -> None:
    found = boxes(("cup", 2, 2, 12, 12), ("jug", 40, 20, 80, 58), ("pan", 60, 2, 72, 14))
    golds = {"left": "cup", "right": "pan", "bottom": "jug", "area": "jug"}
    seen = set()
    for seed in range(30):
        item = TOOLS["compare_boxes"].run(photo(media, 1), found, Random(seed))
        sound(item)
        word = next(word for word in ("left", "right", "bottom", "area") if word in item.question)
        assert item.answer == golds[word]
        seen.add(word)
    assert seen >= {"left", "bottom", "area"}
    with pytest.raises(Unfit, match="labels of their own"):
        TOOLS["compare_boxes"].run(photo(media, 1), boxes(("a", 1, 1, 9, 9), ("a", 20, 1, 29, 9)), Random(1))
    with pytest.raises(Unfit, match="too close"):
        TOOLS["compare_boxes"].run(photo(media, 1), boxes(("a", 1, 1, 9, 9), ("b", 2, 2, 10, 10)), Random(1))


# -- charts, tables, code -------------------------------------------------------------------------------

CARS = Series("Cars", (12.0, 30.0, 25.0, 90.0, 64.0))
NAMES = ("Albatross", "Bonito", "Curlew", "Dolphin", "Eider")


def test_questions_on_a_series_by_hand() -> None:
    for seed in range(40):
        random = Random(seed)
        extreme = image_tables._extreme(CARS, NAMES, "ferry", random)
        assert extreme.answer == ("Dolphin" if "highest" in extreme.question else "Albatross")
        rank = image_tables._rank(CARS, NAMES, "ferry", random)
        assert rank.answer == ("Eider" if "second" in rank.question else "Bonito")
        gap = image_tables._difference(CARS, NAMES, "ferry", random)
        one, two = (next(n for n in NAMES if n in half) for half in gap.question.split(" above that of "))
        values = dict(zip(NAMES, CARS.values, strict=True))
        assert Fraction(gap.answer) == Fraction(int(values[one] - values[two]))
        total = image_tables._total(CARS, NAMES, "ferry", random)
        assert float(total.answer) == sum(v for n, v in values.items() if n in total.question)
        above = image_tables._above(CARS, NAMES, "ferry", random)
        limit = float(above.question.split("more than ")[1].split(" ")[0])
        assert int(above.answer) == sum(v > limit for v in CARS.values)


def test_decimals_are_added_as_written() -> None:
    series = Series("Price", (0.1, 0.2, 0.7))
    asked = image_tables._total(series, ("a", "b", "c"), "item", Random(0))
    assert asked.answer == "1"
    assert image_tables.spelled(Fraction("1234.50")) == "1,234.5"


@pytest.mark.parametrize("name", ["ask_chart", "ask_chart_number", "ask_table_image", "ask_table_image_number"])
def test_pictures_of_tables_are_asked_about(media: MediaStore, name: str) -> None:
    made = []
    for seed in range(12):
        try:
            item = TOOLS[name].run(FERRIES, media, Random(seed))
        except Unfit:
            continue
        sound(item)
        assert item.answer_kind in TOOLS[name].answer_kinds
        assert item == TOOLS[name].run(FERRIES, media, Random(seed))
        made.append(item.question)
    assert len(made) >= 9
    assert len(set(made)) >= 6


def test_a_cell_is_looked_up(media: MediaStore) -> None:
    cells = {(row[0], FERRIES.columns[i]): str(row[i]) for row in FERRIES.rows for i in (1, 2, 3)}
    found = 0
    for seed in range(60):
        item = TOOLS["ask_table_image"].run(FERRIES, media, Random(seed))
        if item.question.startswith("According"):
            column, ferry = item.question.split("“")[1].split("”")[0], item.question.split(" for ")[1].rstrip("?")
            assert item.answer == cells[ferry, column]
            found += 1
    assert found > 8


def test_tables_with_nothing_to_ask_are_refused(media: MediaStore) -> None:
    short = FERRIES.model_copy(update={"rows": FERRIES.rows[:3]})
    years = Table(columns=("Name", "Year"), rows=tuple((n, 1990 + i) for i, n in enumerate(NAMES)))
    long = Table(columns=("Name", "Share"), rows=tuple((n, (i + 1) / 7) for i, n in enumerate(NAMES)))
    for table, message in ((short, "four"), (years, "different measures"), (long, "too long to be read")):
        with pytest.raises(Unfit, match=message):
            TOOLS["ask_chart_number"].run(table, media, Random(1))


PROGRAM = "total = 0\nfor i in range(4):\n    total += i\nprint(total)"


def test_a_program_is_shown_and_its_own_question_asked(media: MediaStore) -> None:
    run = TOOLS["trace_code_image"].run
    question = Phrase(text="What does the program print?")
    item = run(Phrase(text=f"Look:\n```python\n{PROGRAM}\n```"), question, Phrase(text="6"), media)
    sound(item)
    assert (item.answer, item.answer_kind, item.alt) == ("6", "number", (PROGRAM,))
    word = run(Phrase(text=PROGRAM), question, Phrase(text="six"), media)
    assert word.answer_kind == "span"
    with pytest.raises(Unfit, match="not a Python program"):
        run(Phrase(text="This is some prose, not code."), question, Phrase(text="6"), media)
    with pytest.raises(Unfit, match="repeats the program"):
        run(Phrase(text=PROGRAM), Phrase(text=f"What prints {PROGRAM}"), Phrase(text="6"), media)
    with pytest.raises(Unfit, match="one short line"):
        run(Phrase(text=PROGRAM), question, Phrase(text="6\n7"), media)


def test_a_program_is_asked_about_with_its_own_options(media: MediaStore) -> None:
    run, question = TOOLS["trace_code_image_choice"].run, Phrase(text="What does the program print?")
    item = run(Phrase(text=PROGRAM), question, Choices(options=("10", "6", "4", "3"), answer=1), media, Random(1))
    sound(item)
    assert (item.answer, item.answer_kind, set(item.options)) == ("6", "choice", {"10", "6", "4", "3"})
    with pytest.raises(Unfit, match="does not say which"):
        run(Phrase(text=PROGRAM), question, Choices(options=("10", "6")), media, Random(1))


def test_every_construction_says_its_signal_and_kinds() -> None:
    for tool in images.TOOLS:
        assert tool.constructs
        assert tool.signal
        assert tool.answer_kinds
        assert len(tool.description) > 40
    assert TOOLS["match_image_to_caption"].companions == 12
