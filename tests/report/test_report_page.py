"""The page about a benchmark, as its reader's browser takes it."""

import base64
import hashlib
import json
import shlex
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from benchmark_agent import api
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.report.page import reproduction
from benchmark_agent.reporting import compared, report
from tests.support import Command, answer, store_rows

GOAL = "Can a model compare facts about stores?"
SHARES = {"acme/large": 0.95, "acme/small": 0.45, "random": 0.25}
HOSTILE = (
    '"><script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>\u202e</pre></article>\x00{{ 7 * 7 }}'
)
TAGS = frozenset(
    "html head meta title style body header main nav div section article h1 h2 h3 p a ul ol li table tr th td span "
    "strong code pre figure figcaption details summary svg line rect circle path text img audio footer br".split()
)


class Reader(HTMLParser):
    """Every tag with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self._inside: list[str] = []
        self.style = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._inside.append(tag)

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] == "style" and not self.style:
            self.style = data
        else:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def assert_self_contained(html: str) -> Reader:
    """No script, nothing fetched, no style the policy would refuse, nothing but tags of ours."""
    page = Reader(html)
    assert {tag for tag, _ in page.tags} <= TAGS
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcset", "action")], tag
        for name in ("src", "href", "xlink:href"):
            assert attributes.get(name, "#").startswith(("#", "data:image/", "data:audio/")), attributes
    assert "@import" not in page.style
    assert "url(" not in page.style
    policy = next(each["content"] for _, each in page.tags if each.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; media-src data:")
    return page


def _draw(folder: Path) -> None:
    """Eight pictures each of a circle, a square, a bar and a cross."""
    for kind in ("circle", "square", "bar", "cross"):
        for n in range(8):
            picture = Image.new("RGB", (120, 90), (250, 250, 240))
            draw, left, size, colour = ImageDraw.Draw(picture), 10 + 7 * n, 25 + 2 * n, (20 * n, 60, 120)
            if kind == "circle":
                draw.ellipse((left, 20, left + size, 20 + size), fill=colour)
            elif kind == "cross":
                draw.line((left, 20, left + size, 20 + size), width=5, fill=colour)
                draw.line((left, 20 + size, left + size, 20), width=5, fill=colour)
            else:
                draw.rectangle((left, 20, left + size, 26 if kind == "bar" else 20 + size), fill=colour)
            path = folder / kind / f"{n}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            picture.save(path)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of 24 items: pictures of shapes, and records of stores."""
    home = tmp_path_factory.mktemp("report")
    _draw(home / "pool" / "shapes")
    (home / "pool" / "stores.jsonl").write_text(
        "".join(f"{json.dumps(row)}\n" for row in store_rows(80)), encoding="utf-8"
    )
    goal = "Can a model recognize shapes in pictures, and compare facts about stores?"
    api.build(goal, out=home / "run", size=24, seed=7, pool=[str(home / "pool")])
    return home / "run"


@pytest.fixture
def run(pictures: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pictures, tmp_path / "run"))


def test_a_newcomer_finds_the_three_answers_first(command: Command, run: Path) -> None:
    answer(api.load(run), SHARES)
    said = command("report", run)
    assert said.status == 0, said.err
    assert str(run / "report.html") in said.out
    page = assert_self_contained((run / "report.html").read_text(encoding="utf-8"))
    asks, good, leads, plan = (
        page.words.index(each) for each in ("What it asks", "How good it is", "Who leads", "Goal")
    )
    assert asks < good < leads < plan
    card = page.words[leads:plan]
    assert "acme/large is first with" in card
    assert "ahead of every other model" in card
    assert "random, which reads no evidence" in card
    assert "Recognising what a picture shows" in page.words[asks:good]
    assert "24 items passed" in page.words[good:leads]


def test_pictures_are_on_the_page(run: Path) -> None:
    page = assert_self_contained(report(api.load(run)).html)
    pictures = [each["src"] for tag, each in page.tags if tag == "img"]
    assert len(pictures) >= 3
    assert all(base64.b64decode(each.partition(",")[2])[:4] in (b"\x89PNG", b"RIFF") for each in pictures)


def test_every_section_is_filled_once_models_were_run(run: Path) -> None:
    benchmark = api.load(run)
    answer(benchmark, SHARES)
    page = assert_self_contained(report(benchmark).html)
    for said in (
        "Smallest gap that shows", "That keys are right", "By how items are made", "image_label_to_choice",
        "Wrong options that were",
        "weak evidence", "by the share of models", "Ranks", "tokens in", "benchmark-agent check",
    ):  # fmt: skip
        assert said in page.words, said
    for count in benchmark.manifest.rejected:
        assert count.name in page.words


def test_without_evaluations_it_says_what_to_type(run: Path) -> None:
    page = assert_self_contained(report(api.load(run)).html)
    assert f"benchmark-agent evaluate {run} --model" in page.words
    assert "Nobody yet" in page.words
    assert "No model was run" in page.words


def test_floors_alone_are_shown_as_floors(command: Command, run: Path) -> None:
    assert command("evaluate", run, "--model", "random", "--model", "majority").status == 0
    page = assert_self_contained(report(api.load(run)).html)
    assert "Nobody yet: only floors were run" in page.words
    assert "No model was run yet; these are floors" in page.words
    assert "Ranks" not in page.words


def test_a_benchmark_without_its_run_folder(command: Command, run: Path, tmp_path: Path) -> None:
    alone = Path(shutil.copytree(run / "benchmark", tmp_path / "alone"))
    assert command("report", alone).status == 0
    page = assert_self_contained((tmp_path / "alone-report.html").read_text(encoding="utf-8"))
    assert "stands without its run folder" in page.words
    assert [tag for tag, _ in page.tags if tag == "img"]


def test_rejected_rows_are_shown_with_their_reason(stores: Path, tmp_path: Path) -> None:
    """80 rows, a benchmark of 60: some rows make no item."""
    made = api.build(GOAL, out=tmp_path / "run", size=60, pool=[str(stores)], answer_kinds=["choice"]).benchmark
    assert made is not None
    assert made.manifest.rejected
    page = report(made)
    words = assert_self_contained(page.html).words
    for count in made.manifest.rejected:
        assert f"{count.name} {count.n} Example" in words, count


def test_hostile_texts_stay_texts(stores: Path, tmp_path: Path) -> None:
    """Every text of items and names of models hold markup: it is shown, never obeyed."""
    made = api.build(GOAL, out=tmp_path / "run", size=12, pool=[str(stores)], answer_kinds=["choice"]).benchmark
    assert made is not None
    _poison(made)
    answer(made, {f"{HOSTILE[:-1]}large": 0.9, "small": 0.2, "random": 0.3})
    html = report(made).html
    page = assert_self_contained(html)
    assert "<script>alert(1)</script>" in page.words
    assert "{{ 7 * 7 }}" in page.words
    assert "\u202e" not in html
    assert "\x00" not in html
    assert_self_contained(compared(made).html)


def _poison(benchmark: Benchmark) -> None:
    path = benchmark.folder / "items.jsonl"
    poisoned = [
        item.model_copy(
            update={
                "question": HOSTILE,
                "options": tuple(f"{n}{HOSTILE}" for n in range(len(item.options))),
                "proof": HOSTILE,
                "target_signal": HOSTILE,
                "subtask": item.subtask,
                "alt": (HOSTILE,),
                "recipe": tuple(step.model_copy(update={"tool": HOSTILE}) for step in item.recipe),
                "input": tuple(part.model_copy(update={"text": HOSTILE}) for part in item.input if part.type == "text"),
            }
        )
        for item in benchmark
    ]
    path.write_text("".join(f"{item.model_dump_json()}\n" for item in poisoned), encoding="utf-8")


def test_compare_writes_the_leaderboard_alone(command: Command, run: Path, tmp_path: Path) -> None:
    answer(api.load(run), SHARES)
    said = command("compare", run, "--html", tmp_path / "board.html")
    assert said.status == 0
    assert "acme/large" in said.out
    page = assert_self_contained((tmp_path / "board.html").read_text(encoding="utf-8"))
    assert "acme/large is first" in page.words
    assert "Cost and time" not in page.words


def test_the_command_on_the_page_builds_the_same_benchmark(command: Command, stores: Path, tmp_path: Path) -> None:
    first = api.build(
        GOAL, out=tmp_path / "first", size=10, seed=5, pool=[str(stores)], answer_kinds=["choice"], languages=["en"]
    ).benchmark
    assert first is not None
    typed = shlex.split(reproduction(first.manifest.requirement))
    typed[typed.index("--pool") + 1] = str(stores)  # the manifest names data without their folders
    assert command(*typed[1:], "--out", tmp_path / "second").status == 0
    assert api.load(tmp_path / "second").manifest.digest == first.manifest.digest


def test_a_page_that_cannot_be_written_says_so(command: Command, run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    said = command("report", run, "--out", tmp_path / "file" / "page.html")
    assert said.status == 2
    assert "choose another with '--out FILE'" in said.err
