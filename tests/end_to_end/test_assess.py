"""From runs to a leaderboard and a quality report, through the command line."""

import json
from pathlib import Path

import pytest

from benchmark_agent import api
from benchmark_agent.assessing import assessed, various
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.quality.failures import evidence_of
from benchmark_agent.quality.types import Family, QualityReport
from tests.support import Command, answer

FAMILY = Family(name="small", models=("small", "middle", "large"), sizes=(1, 2, 4))
SHARES = {"large": 0.9, "middle": 0.6, "small": 0.3, "random": 0.25}


@pytest.fixture
def run(stores: Path, tmp_path: Path) -> Benchmark:
    """A benchmark of 60 choices, answered by three models and a floor, each right in a share of the items."""
    goal = "Can a model compare facts about stores?"
    result = api.build(goal, out=tmp_path / "run", size=60, pool=[str(stores)], answer_kinds=["choice"])
    assert result.benchmark is not None
    benchmark = result.benchmark
    answer(benchmark, SHARES)
    return benchmark


def test_the_leaderboard_says_who_leads_and_by_how_much(command: Command, run: Benchmark) -> None:
    said = command("compare", run.folder)
    assert said.status == 0
    places = [said.out.index(name) for name in ("large", "middle", "small", "random")]
    assert places == sorted(places)
    assert "floor" in said.out
    board = json.loads(command("compare", run.folder, "--json").out)
    assert [each["model"] for each in board["standings"]] == ["large", "middle", "small", "random"]
    first = board["standings"][0]["score"]
    assert first["low"] < first["value"] < first["high"]


def test_the_report_is_kept_and_reads_back(command: Command, run: Benchmark) -> None:
    said = command("assess", run.folder, "--family", "small=1,middle=2,large=4")
    assert said.status == 0
    kept = QualityReport.model_validate_json((run.folder.parent / "quality.json").read_text(encoding="utf-8"))
    assert (kept.models, kept.items) == (3, len(run))
    assert kept.consistency[0].falls == 0
    assert "under 100 items" in said.out or "warning" in said.out
    assert kept == assessed(run, families=[FAMILY])


def test_failures_are_shown_short_and_kept_whole(command: Command, run: Benchmark) -> None:
    said = command("assess", run.folder)
    assert "points lost" in said.out
    assert f"evidence      {evidence_of(next(iter(run)))}" in said.out
    errors = json.loads(command("assess", run.folder, "--json").out)["errors"]
    assert errors["models"] == 3
    groups = [each for each in errors["groups"] if each["by"] == "evidence"]
    lost = sum(each["lost"]["value"] * each["items"] for each in groups) / len(run)
    assert lost == pytest.approx(1 - sum(SHARES[name] for name in FAMILY.models) / 3, abs=0.1)
    assert sum(len(each["models"]) for each in errors["distractors"]) == sum(each["wrong"] for each in groups)


def test_without_runs_it_says_what_to_type(command: Command, stores: Path, tmp_path: Path) -> None:
    out = tmp_path / "fresh"
    assert command("build", "Compare stores", "--size", 8, "--pool", stores, "--out", out).status == 0
    said = command("assess", out)
    assert said.status == 2
    assert "benchmark-agent evaluate" in said.err
    assert "of the items" in said.out
    assert command("assess", out, "--json").out == ""


def test_how_various_the_items_are_stands_beside_the_runs(command: Command, run: Benchmark) -> None:
    found = QualityReport.model_validate_json(command("assess", run.folder, "--json").out).variety
    assert found is not None
    assert found == various(run)
    known = {each.name: each.value or 0 for each in found.metrics}
    assert (known["planned_items"], known["near_duplicates"], known["effective_datasets"]) == (1, 0, 1)
    assert 1 < known["vendi"] < len(run)
    assert sum(each.items for each in found.subtasks) == len(run)
