"""Stage files are kept under the key of their inputs; logs survive a torn last line; one build at a time."""

from pathlib import Path

import pytest

from benchmark_agent.errors import UserError
from benchmark_agent.requirement import Requirement
from benchmark_agent.store import Log, RunFolder, read_record


def test_a_stage_file_is_kept_while_its_inputs_stand_and_edits_are_seen(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.save("requirement.yaml", "k1", Requirement(goal="a goal"))
    assert folder.kept("requirement.yaml", "k1")
    assert not folder.kept("requirement.yaml", "k2")
    before = folder.content("requirement.yaml")
    (tmp_path / "requirement.yaml").write_text("goal: another\n")
    assert folder.kept("requirement.yaml", "k1")
    assert folder.content("requirement.yaml") != before
    assert read_record(tmp_path / "requirement.yaml", Requirement).goal == "another"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("goal: [", "is not valid YAML"),
        ("goal: a goal\nsize: -4", r"does not read as a Requirement: size: .*greater than or equal to 1"),
        ("goal: a goal\nsise: 4", "sise: Extra inputs are not permitted"),
        ("- a list", "does not read as a Requirement"),
    ],
)
def test_a_broken_file_is_named_with_the_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "goal.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        read_record(path, Requirement)


def test_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"a":1}\n{"b":2}\n{"c"')
    log = Log(path)
    assert list(log) == ['{"a":1}', '{"b":2}']
    log.write(['{"d":4}'])
    log.close()
    assert path.read_text() == '{"a":1}\n{"b":2}\n{"d":4}\n'


def test_two_builds_do_not_share_a_folder(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create()
    message = "another build is at work"
    with folder.locked(), pytest.raises(UserError, match=message), folder.locked():
        pass


def test_an_unwritable_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written: Not a directory; choose another with '--out DIR'"):
        RunFolder(tmp_path / "file" / "run").create()
