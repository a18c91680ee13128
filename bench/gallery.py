"""`make gallery`: builds the goals of examples/gallery, as far as this machine can, and one page with every item."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import jinja2
import yaml

from benchmark_agent import load
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.content import Audio, Image
from benchmark_agent.report.items import ItemView, item_view
from benchmark_agent.report.media import Album, Shown

GOALS = Path(__file__).parents[1] / "examples" / "gallery"
WANTED = 12
"""Goals that are to be served wholly."""


@dataclass(frozen=True)
class Shelf:
    """One goal, and what came of it."""

    name: str
    goal: str
    wanted: int
    said: str
    """The last words of the build where it delivered nothing."""
    seconds: float
    subtasks: tuple[str, ...] = ()
    items: tuple[ItemView, ...] = ()

    @property
    def whole(self) -> bool:
        return len(self.items) == self.wanted


@dataclass
class Linked(Album):
    """Media stay files beside the page."""

    beside: Path = Path()

    def shown(self, part: Image | Audio, folder: Path) -> Shown:
        return Shown(quote((folder / part.path).relative_to(self.beside).as_posix()))


def built(file: Path, out: Path, size: int) -> Shelf:
    """Builds one goal, unless it is there already, with the command a user would type."""
    stated = yaml.safe_load(file.read_text(encoding="utf-8"))
    run, began, said = out / file.stem, time.perf_counter(), ""
    if not (run / "benchmark" / "manifest.json").is_file():
        command = [sys.executable, "-m", "benchmark_agent", "build", str(file), "--size", str(size), "--out", str(run)]
        resume = ["--resume"] if run.exists() else []
        done = subprocess.run([*command, *resume], capture_output=True, text=True, check=False)
        said = "" if done.returncode in (0, 3) else _last(done)
    seconds = time.perf_counter() - began
    if said:
        return Shelf(file.stem, stated["goal"], size, said, seconds)
    made = load(run)
    views = tuple(item_view(item, Linked(beside=out), made.folder) for item in made)
    return Shelf(file.stem, stated["goal"], size, "", seconds, _subtasks(made), views)


def _last(done: subprocess.CompletedProcess[str]) -> str:
    """The last line a build that failed has written; one that was killed may have written none."""
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"the build ended with status {done.returncode}"


def _subtasks(made: Benchmark) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.subtask for item in made))


def page(shelves: Sequence[Shelf]) -> str:
    """All items of all goals."""
    loader = jinja2.ChoiceLoader(
        [jinja2.FileSystemLoader(Path(__file__).parent), jinja2.PackageLoader("benchmark_agent.report")]
    )
    known = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = (resources.files("benchmark_agent.report") / "templates" / "style.css").read_text(encoding="utf-8")
    return known.get_template("gallery.html.j2").render(shelves=shelves, style=style)


def main() -> int:
    """Status 0 when at least `WANTED` goals were served wholly, or all that were asked for."""
    reading = argparse.ArgumentParser(prog="make gallery", description=__doc__)
    reading.add_argument("only", nargs="*", help="beginnings of file names, such as 01 13; all without")
    reading.add_argument("--out", type=Path, default=Path("runs/gallery"))
    reading.add_argument("--size", type=int, default=40)
    given = reading.parse_args()
    files = [file for file in sorted(GOALS.glob("*.yaml")) if not given.only or file.name.startswith(tuple(given.only))]
    out = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    shelves = []
    for file in files:
        shelves.append(built(file, out, given.size))
        last = shelves[-1]
        told = f"{len(last.items)} of {last.wanted} items" if last.items else f"nothing: {last.said}"
        print(f"{last.name:32} {last.seconds:6.0f} s  {told}", flush=True)
        (out / "index.html").write_text(page(shelves), encoding="utf-8")
    whole = sum(shelf.whole for shelf in shelves)
    print(f"{whole} of {len(shelves)} goals are served wholly; look at {out / 'index.html'}")
    return 0 if whole >= min(WANTED, len(files)) else 3


if __name__ == "__main__":
    raise SystemExit(main())
