"""`benchmark-agent export`."""

import json
from pathlib import Path

from tests.exporters.exported import item, written
from tests.support import Command


def test_all_targets_at_once(command: Command, tmp_path: Path) -> None:
    folder = written(tmp_path).folder
    said = command("export", folder, "--to", "all")
    assert said.status == 0
    places = sorted(path.name for path in (tmp_path / "benchmark-exports").iterdir())
    assert len(places) == 9
    assert "vlmevalkit: 5 items in" in said.out
    assert "left out: 2 items: lmms-eval cannot score answers of the kind 'open'; open answers need a judge" in said.out
    assert "changed: 1 x options in quotes" in said.out


def test_json_and_another_folder(command: Command, tmp_path: Path) -> None:
    folder = written(tmp_path).folder
    said = command("export", folder, "--to", "lm-eval, inspect,lm-eval", "--out", tmp_path / "there", "--json")
    assert [json.loads(line)["target"] for line in said.out.splitlines()] == ["lm-eval", "inspect"]
    assert (tmp_path / "there" / "inspect" / "README.md").is_file()


def test_a_target_that_can_carry_nothing_does_not_stop_the_others(command: Command, tmp_path: Path) -> None:
    folder = written(tmp_path, [item("say-1", "Who?", "Ada", kind="span")]).folder
    said = command("export", folder, "--to", "vlmevalkit,lm-eval", "--out", tmp_path / "out")
    assert said.status == 2
    assert "vlmevalkit can carry no item" in said.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["lm-eval"]


def test_an_unknown_target_is_told_with_the_nearest(command: Command, tmp_path: Path) -> None:
    folder = written(tmp_path, [item("say-1", "Who?", "Ada", kind="span")]).folder
    said = command("export", folder, "--to", "lm_eval")
    assert said.status == 2
    assert "Did you mean 'lm-eval'?" in said.err
    assert "names no target" in command("export", folder, "--to", ",").err
