"""Planted defects are found; clean rows are left alone."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image as Pillow
from PIL import PngImagePlugin

from benchmark_agent.errors import SourceError
from benchmark_agent.sources import Found, Row
from benchmark_agent.sources.audit import audit
from benchmark_agent.sources.audit.answers import at_odds
from benchmark_agent.sources.audit.files import roughness
from benchmark_agent.sources.audit.row_checks import mended
from benchmark_agent.sources.cards import Audit
from benchmark_agent.sources.infer import write_card

NOUNS = "anchor basket candle drawer engine feather garden hammer island jacket kettle ladder mirror needle".split()
PLACES = "attic bakery cellar depot forest gallery harbour".split()
ADJECTIVES = "broken ancient wooden yellow heavy narrow silent polished rusty borrowed painted missing".split()


class Rows:
    """Rows held in memory."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], root: Path = Path()) -> None:
        self.rows, self.root = rows, root

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, ordinal: int) -> Row:
        if "broken" in self.rows[ordinal]:
            raise SourceError("line 7 is no JSON")
        return Row(ordinal, str(self.rows[ordinal].get("id", ordinal)), self.rows[ordinal])

    def __iter__(self) -> Iterator[Row]:
        return (self[i] for i in range(len(self)))


def audit_of(rows: Sequence[Mapping[str, Any]], root: Path = Path()) -> Audit:
    held = Rows(rows, root)
    return audit(write_card("sample", Found("sample", "sample.jsonl", "jsonl", {}), held), held)


def alarms(found: Audit) -> dict[str, int]:
    """Checks that found something wrong, with the rows they touch."""
    return {f.check: f.rows for f in found.findings if f.severity != "note"}


def questions(count: int = 80, seed: int = 0) -> list[dict[str, Any]]:
    """Clean four-way questions whose options say nothing of the answer."""
    random = Random(seed)
    rows = []
    for n in range(count):
        things = random.sample(NOUNS, 4)
        place, kind = PLACES[n % 7], ADJECTIVES[n % 12]
        rows.append(
            {
                "id": f"q{n}",
                "passage": f"On day {n} the {kind} {things[0]} was carried to the {place}; nothing else went there.",
                "question": f"What was carried to the {place} on day {n}?",
                "options": random.sample(things, 4),
                "answer": things[0],
            }
        )
    return rows


def test_clean_rows_raise_no_alarm() -> None:
    found = audit_of(questions())
    assert alarms(found) == {}
    assert found.unusable == ()
    assert found.repairs == ()
    assert (found.rows, found.effective_rows, found.refused) == (80, 80, "")
    assert found.quality == 1.0


def changed(rows: list[dict[str, Any]], hits: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, **hits.get(n, {})} for n, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("missing_value", {"question": ""}),
        ("missing_value", {"answer": None}),
        ("answer_not_in_options", {"answer": "zeppelin"}),
        ("same_option_twice", {"options": ["anchor", "Anchor.", "zinc", "lead"], "answer": "zinc"}),
        ("placeholder", {"question": "What was carried to the {{place}} on the day?"}),
        ("mojibake", {"question": "What was carried to the cafÃ© on day 5?"}),
        ("refers_to_nothing", {"question": "What is carried in the picture above?"}),
        ("answer_told", {"passage": "The correct answer is zinc.", "options": ["zinc", "lead"], "answer": "zinc"}),
    ],
)  # fmt: skip
def test_a_bad_row_is_found_and_removed(check: str, change: Mapping[str, Any]) -> None:
    found = audit_of(changed(questions(), {5: change, 9: {**change, "id": "other"}}))
    assert alarms(found)[check] == 2
    assert {5, 9} <= set(found.unusable)
    finding = next(f for f in found.findings if f.check == check)
    assert "2 of 80 rows" in finding.message
    assert finding.examples[0].startswith("q5: ")


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("markup", {"passage": "The <b>anchor</b> was carried to the attic &amp; left there."}),
        ("truncated", {"passage": "The anchor was carried to the attic because the"}),
        ("unbalanced", {"question": "What (of all things was carried to the attic?"}),
    ],
)
def test_a_doubtful_row_is_named_and_kept(check: str, change: Mapping[str, Any]) -> None:
    found = audit_of(changed(questions(), {5: change}))
    assert alarms(found) == {check: 1}
    assert found.unusable == ()


def test_arithmetic_brackets_enumerations_and_faces_are_balanced() -> None:
    rows = [{"question": f"((-1 + {n}) * (4 - -{n})) =", "answer": n} for n in range(20)]
    rows += [{"question": f"Is a) {n} or b) {n + 1} the larger one? :)", "answer": n} for n in range(20)]
    assert alarms(audit_of(rows)) == {}


def test_unreadable_rows_are_counted() -> None:
    rows: list[dict[str, Any]] = [*questions(), {"broken": True}]
    found = audit_of(rows)
    assert alarms(found) == {"unreadable_rows": 1}
    assert found.unusable == (80,)


def test_none_of_the_above_without_options() -> None:
    rows = [{"question": f"Why was the {n}th {a} sold?", "answer": f"it was {a}"} for n, a in enumerate(ADJECTIVES)]
    rows[3]["answer"] = "None of the above"
    assert alarms(audit_of(rows)) == {"none_of_the_above": 1}
    with_options = changed(
        questions(), {4: {"options": ["ink", "None of the above", "tin"], "answer": "None of the above"}}
    )
    assert alarms(audit_of(with_options)) == {}


def test_repeated_and_contradicting_rows() -> None:
    rows = questions()
    copy = rows[10] | {"id": "copy", "options": rows[10]["options"][::-1]}
    torn = rows[20] | {"id": "torn", "answer": next(o for o in rows[20]["options"] if o != rows[20]["answer"])}
    found = audit_of([*rows, copy, torn])
    assert alarms(found) == {"duplicate_rows": 1, "contradicting_rows": 2}
    assert found.unusable == (20, 80, 81)
    assert found.effective_rows == 79


STORIES = [
    "The mayor of Lindau opened the rebuilt swimming hall on Friday after two years of quarrels about the roof.",
    "Farmers near the delta lost most of their onions when the spring tide broke the small dam behind the mill.",
    "A retired pilot found his first logbook in a flea market and bought it back for the price of a coffee.",
    "Our choir practises every Tuesday in the old tram shed because the church is being painted until autumn.",
    "The museum lends umbrellas to visitors who arrive wet, and almost all of them come back within a week.",
    "Engineers measured the bridge again at night, when the steel is cold and the traffic lets it rest.",
]


def test_near_duplicates_are_found_and_templates_are_not() -> None:
    rows = [{"text": text, "label": ("calm", "loud")[n % 2]} for n, text in enumerate(STORIES)]
    near = {
        "text": "The museum lends umbrellas to the visitors who arrive wet and almost all of them come back in a week!",
        "label": "calm",
    }
    other_number = {"text": STORIES[0].replace("two years", "nine years").replace("Friday", "Monday"), "label": "calm"}
    turned = {"text": STORIES[4].replace("almost all", "almost none"), "label": "calm"}
    swapped = {
        "text": STORIES[4].replace("umbrellas", "museum").replace("museum lends museum", "umbrellas lends museum"),
        "label": "calm",
    }
    found = audit_of([*rows, near, other_number, turned, swapped])
    assert alarms(found) == {"near_duplicate_rows": 1}
    assert found.unusable == (6,)
    template = [
        {
            "question": f"A {a} {NOUNS[0]} costs {n} coins and a {a} {NOUNS[1]} costs {n} coins less. What is left?",
            "answer": n,
        }
        for n, a in enumerate(ADJECTIVES)
    ]
    assert alarms(audit_of(template)) == {}


def test_accepted_answers_at_odds() -> None:
    assert at_odds(("12 o'clock", "noon", "midnight")) == "'noon' and 'midnight'"
    assert at_odds(("four months", "a quarter of a year")) == "'a quarter of a year' and 'four months'"
    assert at_odds(("one month", "30 days", "4 weeks")) == ""
    assert at_odds(("2 years", "two years", "twenty-four months", "a biennium")) == ""
    rows = [
        {"question": f"How long did the {a} race last?", "answer": [f"{n + 2} days", "some days"]}
        for n, a in enumerate(ADJECTIVES)
    ]
    rows[2]["answer"] = ["two weeks", "14 days", "3 months"]
    assert alarms(audit_of(rows)) == {"accepted_at_odds": 1}


def test_constant_and_skewed_answers() -> None:
    rows = [{"question": f"Is the {a} {b} here?", "answer": "yes"} for a in ADJECTIVES for b in NOUNS[:4]]
    found = audit_of(rows)
    assert found.refused == "every row has the answer 'yes'"
    assert found.quality == 0
    skewed = [row | {"answer": "no" if n % 10 == 0 else "yes"} for n, row in enumerate(rows)]
    found = audit_of(skewed)
    assert alarms(found) == {"skewed_answers": 0}
    assert "always answering 'yes' scores 0.90 on 48 rows" in found.findings[0].message
    assert found.quality < 0.8
    even = [row | {"answer": "no" if n % 2 else "yes"} for n, row in enumerate(rows)]
    assert alarms(audit_of(even)) == {}


def test_options_that_give_the_answer_away() -> None:
    rows = questions(160)
    for row in rows:
        right = f"the {row['answer']} that was carried there on that day"
        row["options"] = [right if option == row["answer"] else option for option in row["options"]]
        row["answer"] = right
    found = audit_of(rows)
    assert alarms(found) == {"options_shortcut": 0}
    message = next(f.message for f in found.findings if f.check == "options_shortcut")
    assert "sees only the options, not the question, scores 1.00 on 160 rows (chance 0.25" in message
    assert found.quality == pytest.approx(0.5)


def test_fields_and_order_that_give_the_answer_away() -> None:
    random = Random(3)
    kinds = [random.choice("abc") for _ in range(90)]
    rows = [
        {
            "question": f"Which kind is sample {n} of the {ADJECTIVES[n % 12]} box?",
            "answer": f"type {kind}",
            "batch": f"batch {'abc'.index(kind)}",
        }
        for n, kind in enumerate(kinds)
    ]
    found = audit_of(rows)
    assert alarms(found) == {"field_gives_answer": 0}
    assert "'batch' alone tells the answer in 1.00 of 90 rows" in found.findings[-1].message
    ordered = [row | {"answer": f"type {'abc'[n // 30]}", "batch": ""} for n, row in enumerate(rows)]
    found = audit_of(ordered)
    assert [f.check for f in found.findings if f.check == "ordered_answers"]
    assert alarms(found) == {}


def test_offsets_that_point_elsewhere() -> None:
    rows = []
    for n, noun in enumerate(NOUNS * 2):
        context = f"In year {n} the {noun} was sold to a {ADJECTIVES[n % 12]} buyer from town number {n}."
        answer = {"text": [f"the {noun}"], "answer_start": [context.index(f"the {noun}")]}
        rows.append({"context": context, "question": f"What was sold in year {n}?", "answers": answer})
    assert alarms(audit_of(rows)) == {}
    rows[7]["answers"]["answer_start"] = [1]  # type: ignore[index]
    found = audit_of(rows)
    assert alarms(found) == {"offset_elsewhere": 1}
    assert found.unusable == (7,)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """24 images of noise, all different."""
    for n in range(24):
        pixels = np.random.default_rng(n).integers(0, 255, (6, 6, 3), dtype=np.uint8)
        Pillow.fromarray(pixels).resize((60, 60), Pillow.Resampling.BICUBIC).save(tmp_path / f"im{n:02}.png")
    return tmp_path


def pictured() -> list[dict[str, Any]]:
    return [
        {"id": n, "image": f"im{n:02}.png", "question": "What is shown here?", "answer": f"{a} thing"}
        for n, a in enumerate([*ADJECTIVES, *ADJECTIVES])
    ]


def test_media_defects(pictures: Path) -> None:
    assert alarms(audit_of(pictured(), pictures)) == {}
    (pictures / "im03.png").write_bytes((pictures / "im03.png").read_bytes()[:200])
    (pictures / "im04.png").unlink()
    Pillow.new("RGB", (60, 60), "white").save(pictures / "im05.png")
    shutil.copy(pictures / "im06.png", pictures / "im07.png")
    Pillow.open(pictures / "im08.png").save(pictures / "im08.jpg", quality=95)
    (pictures / "im08.jpg").replace(pictures / "im09.png")
    Pillow.open(pictures / "im10.png").save(pictures / "lost.png")
    found = audit_of(pictured(), pictures)
    hits = {f.check: f.rows for f in found.findings}
    assert {3, 4, 5} <= set(found.unusable)
    assert (hits["missing_media"], hits["undecodable_media"], hits["mislabelled_media"]) == (1, 2, 1)
    assert (hits["duplicate_media"], hits["near_identical_media"]) == (1, 1)
    messages = {f.check: f.message for f in found.findings}
    assert "1 media files beside the data are named by no row (lost.png" in messages["orphan_media"]
    assert "1 of 21 files hold the same as another: 20 are different" in messages["duplicate_media"]
    mislabelled = next(f for f in found.findings if f.check == "mislabelled_media")
    assert mislabelled.examples == ("9: im09.png: is JPEG, named .png",)


def test_images_that_are_noise_are_removed_and_a_dataset_of_them_is_refused(pictures: Path) -> None:
    sides = np.arange(60)
    board = ((sides[:, None] + sides[None, :]) % 2 * 255).astype(np.uint8)
    Pillow.fromarray(board).save(pictures / "im03.png")
    found = audit_of(pictured(), pictures)
    assert alarms(found) == {"noise_media": 1}
    assert (found.unusable, found.refused) == ((3,), "")
    for n in range(len(pictured())):
        over = (np.add.outer(sides**2 * 3 + n, sides**2 * 5) % 256).astype(np.uint8)  # values that ran over 8 bits
        Pillow.fromarray(over).save(pictures / f"im{n:02}.png")
    assert "images are noise" in audit_of(pictured(), pictures).refused


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([[0, 255], [255, 0]], 255 / (255 * 4 / 6)),  # neighbours always differ, four of six pairs do
        ([[0, 1, 2, 3]] * 2, 0.5 / (40 / 28)),  # steps of 1 across and 0 down; all 28 pairs differ by 40 together
        ([[7, 7], [7, 7]], 0.0),
    ],
)
def test_roughness_by_hand(levels: list[list[int]], expected: float) -> None:
    assert roughness(np.array(levels, dtype=np.float32)) == pytest.approx(expected)


def test_the_same_picture_asked_twice_counts_once(pictures: Path) -> None:
    shutil.copy(pictures / "im06.png", pictures / "im07.png")
    rows = pictured()
    rows[7]["answer"] = rows[6]["answer"]
    found = audit_of(rows, pictures)
    assert alarms(found) == {"duplicate_media": 1, "duplicate_rows": 1}
    assert found.unusable == (7,)
    rows[7]["answer"] = "something else"
    assert alarms(audit_of(rows, pictures))["contradicting_rows"] == 2


def test_file_names_that_tell_the_answer(pictures: Path) -> None:
    rows = []
    for n, row in enumerate(pictured()):
        name = f"{('cat', 'dog')[n % 2]}_{n:02}.png"
        (pictures / row["image"]).rename(pictures / name)
        rows.append({"image": name, "label": ("cat", "dog")[n % 2]})
    found = audit_of(rows, pictures)
    assert alarms(found) == {"answer_in_file_name": 24}
    assert found.refused == ""


def test_metadata_that_tell_the_answer_are_reported_and_cost_no_row(pictures: Path) -> None:
    rows = pictured()
    for n in (2, 5):
        rows[n]["answer"] = answer = ("lighthouse", "windmill")[n == 5]
        said = PngImagePlugin.PngInfo()
        said.add_text("Comment", f"a {answer} by the sea")
        Pillow.open(pictures / rows[n]["image"]).save(pictures / rows[n]["image"], pnginfo=said)
    found = audit_of(rows, pictures)
    assert alarms(found) == {}
    assert [(f.rows, f.examples[0]) for f in found.findings if f.check == "answer_in_metadata"] == [
        (2, "2: im02.png -> lighthouse")
    ]
    assert found.unusable == ()


def test_boxes_outside_their_image(pictures: Path) -> None:
    rows = [{"image": f"im{n:02}.png", "prompt": "Find it", "boxes": [[5 + n, 5, 20, 50]]} for n in range(24)]
    assert alarms(audit_of(rows, pictures)) == {}
    rows[3]["boxes"] = [[40, 40, 50, 50]]
    rows[4]["boxes"] = [[10, 10, 0, 5]]
    found = audit_of(rows, pictures)
    assert alarms(found) == {"box_outside_image": 2}
    assert found.unusable == (3, 4)
    assert "in an image of 60 x 60" in found.findings[0].examples[0]
    assert any(f.check == "box_format" and "width, height in pixels" in f.message for f in found.findings)


def test_silent_and_broken_sounds(tmp_path: Path) -> None:
    rows = []
    for n in range(8):
        wave = 0.4 * np.sin(np.arange(4000) * (n + 1) / 20)
        soundfile.write(tmp_path / f"s{n}.wav", wave * (n != 2), 8000)
        rows.append({"file": f"s{n}.wav", "word": ("up", "down")[n % 2]})
    (tmp_path / "s5.wav").write_bytes(b"RIFF none")
    found = audit_of(rows, tmp_path)
    assert alarms(found) == {"undecodable_media": 2}
    assert found.unusable == (2, 5)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("What is the effect of: He ran down the street.?", "What is the effect of: He ran down the street?"),
        ("Did she go?.?", "Did she go?"),
        ("Tea  and milk", "Tea and milk"),
        ("Tea &amp; milk", "Tea & milk"),
        ("Cound you say it?", "Could you say it?"),
        ("who sit on a bench", "who sits on a bench"),
        ("what do a man and a woman hold", "what do a man and a woman hold"),
        ("what do a man hold", "what does a man hold"),
        ("Who work for whom is known", "Who work for whom is known"),
        ("Would you rather run?", "Would you rather run?"),
        ("Who works at Acme Inc.?", "Who works at Acme Inc.?"),
        ("Wait...? What?!", "Wait...? What?!"),
        ("def f():\n    return  1", "def f():\n    return  1"),
    ],
)
def test_repairs_with_one_reading_only(text: str, right: str) -> None:
    mend, reason = mended(text)
    assert mend == right
    assert bool(reason) == (text != right)


def test_repairs_are_recorded_with_the_row() -> None:
    rows = [{"question": f"What follows from the {a} {NOUNS[n]}.?", "answer": a} for n, a in enumerate(ADJECTIVES)]
    found = audit_of(rows)
    assert [(r.row, r.field, r.value) for r in found.repairs][:1] == [
        (0, "question", "What follows from the broken anchor?")
    ]
    assert len(found.repairs) == 12


def test_too_few_rows_are_refused() -> None:
    found = audit_of(questions(4))
    assert found.refused == "4 of 4 rows can be used; a dataset needs 5"


def test_the_audit_is_the_same_twice() -> None:
    rows = questions(600)
    assert audit_of(rows) == audit_of(rows)


def test_the_same_words_in_another_order_or_a_moved_line_in_a_drawing_are_no_copies(tmp_path: Path) -> None:
    colours = ["red", "blue", "green", "black", "white", "amber"]
    rows = [
        {"text": f"{story} In the end {a} came before {b}.", "label": "ab"[n % 2]}
        for story in STORIES
        for n, (a, b) in enumerate([("Ann", "Bo"), ("Bo", "Ann")])
    ]
    assert alarms(audit_of(rows)) == {}
    for n, _ in enumerate(colours):
        picture = Pillow.new("L", (300, 300), 255)
        picture.paste(0, (100 + 12 * n, 100, 103 + 12 * n, 200))
        picture.save(tmp_path / f"dial{n}.png")
    dials = [
        {"image": f"dial{n}.png", "question": "What does it show?", "answer": colour}
        for n, colour in enumerate(colours)
    ]
    assert "near_identical_media" not in {f.check for f in audit_of(dials, tmp_path).findings}
