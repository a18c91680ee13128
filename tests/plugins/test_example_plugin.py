"""The example plugin, installed as a user would install it: every seam takes its part, and a build uses them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin"
WORKS = {
    "the opera Carmen": "Georges Bizet",
    "The Four Seasons": "Antonio Vivaldi",
    "Water Music": "George Frideric Handel",
    "The Magic Flute": "Wolfgang Amadeus Mozart",
    "Swan Lake": "Pyotr Ilyich Tchaikovsky",
    "the Ring of the Nibelung": "Richard Wagner",
    "The Barber of Seville": "Gioachino Rossini",
    "Peter and the Wolf": "Sergei Prokofiev",
    "The Planets": "Gustav Holst",
    "Rhapsody in Blue": "George Gershwin",
    "Finlandia": "Jean Sibelius",
    "The Rite of Spring": "Igor Stravinsky",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin installed, outside this environment."""
    target = tmp_path_factory.mktemp("site")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(EXAMPLE)], check=True
    )
    return target


def run(installed: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), *sys.path])}
    command = [sys.executable, "-m", "benchmark_agent", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_doctor_names_every_part_and_where_it_comes_from(installed: Path) -> None:
    said = run(installed, "doctor", "--json")
    assert said.returncode == 0, said.stderr
    parts = {(found["part"], found["name"]) for found in json.loads(said.stdout)}
    assert {
        ("source", "quiz-cards"),
        ("tool", "initials_of"),
        ("check", "no_shouting"),
        ("scorer", "initials"),
        ("exporter", "flashcards"),
        ("model", "parrot"),
    } <= parts


def test_a_build_reads_its_source_and_runs_its_construction_check_and_scorer(installed: Path, tmp_path: Path) -> None:
    cards = [f"Q: Who composed {work}?\nA: {name}" for work, name in WORKS.items()]
    cards.append("Q: WHO SHOUTS THE LOUDEST OF THEM ALL?\nA: Nobody At All")
    (tmp_path / "composers.quiz").write_text("\n\n".join(cards), encoding="utf-8")
    out = tmp_path / "run"
    goal = "Knowledge of composers"
    said = run(
        installed, "build", goal, "--size", 6, "--answer-kind", "span", "--pool", tmp_path, "--out", out, "--json"
    )
    assert said.returncode in (0, 3), said.stderr
    items = [json.loads(line) for line in (out / "benchmark" / "items.jsonl").read_text().splitlines()]
    initials = [item for item in items if item["scorer"] == "initials"]
    assert initials
    assert all(item["recipe"][0]["tool"] == "initials_of" for item in initials)
    assert all("no_shouting" in {check["check"] for check in item["checks"]} for item in items)
    assert run(installed, "check", out).returncode == 0
