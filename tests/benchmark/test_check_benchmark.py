"""Every kind of damage is found, with a message that says what and where."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark_agent.answers import AnswerKey, Score, Scorer
from benchmark_agent.benchmark.check import CheckReport, check
from benchmark_agent.benchmark.load import load
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.content import AnswerKind
from benchmark_agent.media import MediaStore
from benchmark_agent.plugins import load as load_plugins
from benchmark_agent.verification.types import CheckResult, Item
from tests.benchmark.benchmark_samples import image, item, mixed, sound, write

SCORERS = load_plugins(third_party=False).scorers.__getitem__


def checked(root: Path, *items: Item, scorers: Callable[[str], Scorer] = SCORERS) -> CheckReport:
    return check(write(root / "out", root / "run", list(items), size=len(items)), scorers)


def said(report: CheckReport) -> list[tuple[str, str]]:
    return [(finding.check, finding.item or finding.path) for finding in report.findings]


@pytest.fixture
def made(tmp_path: Path) -> Benchmark:
    return write(tmp_path / "out", tmp_path / "run", mixed(tmp_path / "run"))


def test_missing_changed_and_extra_files_are_found(made: Benchmark) -> None:
    (made.folder / "data" / "count-00000.parquet").unlink()
    (made.folder / "data" / "more.parquet").write_bytes(b"x")
    with (made.folder / "data" / "reading-00000.parquet").open("ab") as file:
        file.write(b"x")
    (made.folder / "README.md").unlink()
    (made.folder / ".gitattributes").write_text("hidden files are the version control's")
    report = check(load(made.folder), SCORERS)
    assert not report.passed
    assert sorted(said(report)) == [
        ("file_changed", "data/reading-00000.parquet"),
        ("file_extra", "data/more.parquet"),
        ("file_missing", "README.md"),
        ("file_missing", "data/count-00000.parquet"),
    ]


def test_an_edited_card_is_no_damage(made: Benchmark) -> None:
    (made.folder / "README.md").write_text("mine")
    assert check(load(made.folder), SCORERS).passed


def test_a_line_that_is_no_item_is_found_and_the_rest_still_checked(made: Benchmark) -> None:
    path = made.folder / "items.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(["{broken\n", lines[1].replace('"question"', '"query"'), *lines[2:]]))
    report = check(load(made.folder), SCORERS)
    told = {finding.message for finding in report.findings}
    assert any(message.startswith("line 1 is no item: Invalid JSON") for message in told)
    assert any(message.startswith("line 2 is no item: query: Extra inputs are not permitted") for message in told)
    assert "the manifest says 5 items, there are 3" in told
    assert "the manifest says 2 items of subtask 'reading', there are 0" in told
    assert "the items and media do not have the digest of the manifest" in told
    assert report.items == 3


def test_missing_items_are_found(made: Benchmark) -> None:
    (made.folder / "items.jsonl").unlink()
    report = check(load(made.folder), SCORERS)
    assert ("file_missing", "items.jsonl") in said(report)
    assert ("counts", "manifest.json") in said(report)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: None, "the media file is missing"),
        (lambda data: data + b"x", "the media file is not the one the item was made with"),
    ],
)
def test_damaged_media_are_found(made: Benchmark, damage: Callable[[bytes], bytes | None], message: str) -> None:
    file = next(made.folder.glob("media/*.png"))
    changed = damage(file.read_bytes())
    file.unlink()
    if changed is not None:
        file.write_bytes(changed)
    report = check(load(made.folder), SCORERS)
    assert [(f.item, f.message) for f in report.findings if f.check == "media"] == [("count-1", message)]
    assert any(finding.check == "digest" for finding in report.findings)


def test_media_that_are_other_than_the_item_says_are_found(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "run")
    wide = image(store).model_copy(update={"width": 80})
    long = sound(store).model_copy(update={"duration": 3.0})
    report = checked(tmp_path, item("reading-1", input=(wide,)), item("reading-2", input=(long,)))
    assert [finding.message for finding in report.findings] == [
        "the image has 8 x 6 pixels, the item says 80 x 6",
        "the sound lasts 0.10 s at 8000 Hz, the item says 3 s",
    ]


def test_a_media_path_outside_the_folder_is_refused(made: Benchmark) -> None:
    path = made.folder / "items.jsonl"
    name = next(made.folder.glob("media/*.png")).name
    path.write_text(path.read_text().replace(f"media/{name}", f"../media/{name}"))
    report = check(load(made.folder), SCORERS)
    assert any("leaves its folder" in finding.message for finding in report.findings if finding.check == "media")


@pytest.mark.parametrize(
    ("wrong", "kind", "message"),
    [
        (item("reading-1", options=("Oder", "oder.", "Elbe")), "", ""),
        (item("reading-1", options=("Oder", "Elbe", "Elbe ")), "options", "options B and C read the same: 'Elbe '"),
        (item("reading-1", options=("Oder",)), "options", "a choice needs two options or more and has 1"),
        (item("reading-1", answer="D"), "answer", "the answer 'D' names no option; there are ABC"),
        (item("reading-1", answer="AB"), "answer", "the answer of a choice is one letter, not 'AB'"),
        (item("reading-1", answer="BA", kind="multi_choice"), "answer",
         "the letters of the answer 'BA' are not in order, each once"),
        (item("reading-1", answer=" ", kind="span", options=()), "answer", "the answer is empty"),
        (item("reading-1", question=" "), "question", "the question is empty"),
        (item("reading-1", input=()), "evidence", "the evidence names part 0, and the input has 0 parts"),
        (item("reading-1").model_copy(update={"checks": (CheckResult(check="leak", passed=False),)}), "checks",
         "the item is in the benchmark although it failed 'leak'"),
        (item("reading-1").model_copy(update={"scorer": "fuzzy"}), "scorer", "no scorer is called 'fuzzy'"),
    ],
)  # fmt: skip
def test_an_item_that_is_wrong_in_itself_is_found(tmp_path: Path, wrong: Item, kind: str, message: str) -> None:
    found = [finding for finding in checked(tmp_path, wrong).findings if finding.check == kind]
    if kind:
        assert found
        assert found[0].item == "reading-1"
        assert found[0].message.startswith(message)
    else:
        assert not any(finding.check == "options" for finding in checked(tmp_path, wrong).findings)


def test_an_id_used_twice_is_found(tmp_path: Path) -> None:
    report = checked(tmp_path, item("reading-1"), item("reading-1", answer="B"))
    assert said(report) == [("id", "reading-1")]


class Lenient:
    """Takes every reply that is not empty."""

    name = "lenient"
    answer_kinds: tuple[AnswerKind, ...] = ("choice",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        return Score(value=1 if reply else 0, outcome="right" if reply else "unparsable")


class Strict(Lenient):
    def __call__(self, key: AnswerKey, reply: str) -> Score:
        return Score(value=0, outcome="wrong", parsed=reply)


class Crashing(Lenient):
    def __call__(self, key: AnswerKey, reply: str) -> Score:
        raise ZeroDivisionError("oh")


def test_a_scorer_that_refuses_gold_takes_junk_or_crashes_is_found(tmp_path: Path) -> None:
    lenient = checked(tmp_path, item("reading-1"), scorers=lambda name: Lenient())
    assert {finding.message for finding in lenient.findings} == {
        f"the reply {reply!r} is taken for right" for reply in ("I do not know.", "?!", "B", "C")
    }
    strict = checked(tmp_path, item("reading-1"), scorers=lambda name: Strict())
    assert [finding.message for finding in strict.findings] == ["the right answer 'A' scores 0: it reads 'A'"]
    crashing = checked(tmp_path, item("reading-1"), scorers=lambda name: Crashing())
    assert [finding.message for finding in crashing.findings] == ["the scorer 'choice': ZeroDivisionError: oh"]


def test_one_letter_that_wins_is_a_warning(tmp_path: Path) -> None:
    always = [item(f"reading-{n}", question=f"Question {n}?") for n in range(20)]
    report = checked(tmp_path, *always)
    assert report.passed
    assert [(finding.check, finding.severity, finding.message) for finding in report.findings] == [
        ("balance", "warning", "always answering A is right for 100% of the choices of 3 options; chance is 33%")
    ]
    even = [item(f"reading-{n}", answer="ABC"[n % 3], question=f"Question {n}?") for n in range(21)]
    assert checked(tmp_path / "even", *even).findings == ()


def test_many_findings_of_one_kind_are_counted(tmp_path: Path) -> None:
    report = checked(tmp_path, *(item("reading-1", answer="ABC"[n % 3]) for n in range(30)))
    assert len(report.findings) == 21
    assert report.findings[-1].message == "9 more of this kind"
