"""Builds whose every model call was answered by hand replay to the same benchmark, without key or network.

A reworded prompt, or other rows in the starter pool, make calls unknown: the build then has to be recorded again.
"""

from pathlib import Path

import pytest

from benchmark_agent import api, plugins
from benchmark_agent.requirement import Requirement
from benchmark_agent.store import read_record
from benchmark_agent.studio import Terms

RECORDED = sorted(path.parent for path in (Path(__file__).parents[1] / "recorded").glob("*/requirement.yaml"))


def test_there_are_recorded_builds_of_text_of_pictures_and_of_several_languages() -> None:
    assert {"witnesses", "drawn", "languages"} <= {folder.name for folder in RECORDED}


@pytest.mark.parametrize("folder", RECORDED, ids=lambda folder: folder.name)
def test_a_recorded_build_replays_to_the_same_digest(folder: Path, tmp_path: Path) -> None:
    wanted = read_record(folder / "requirement.yaml", Requirement)
    prices = folder / "models.yaml"
    terms = Terms(replay=True, journal=folder / "calls.jsonl", prices=prices if prices.exists() else None)
    result = api.build(wanted, out=tmp_path / "run", registry=plugins.load(third_party=False), terms=terms)
    assert result.benchmark is not None
    assert result.benchmark.manifest.digest == (folder / "digest.txt").read_text(encoding="utf-8").strip()
    assert api.check(result.benchmark).passed
