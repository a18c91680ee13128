"""`benchmark-agent evaluate` as a user meets it."""

import json
from pathlib import Path

import pytest

from tests.evaluation.served import MODEL, benchmark, known, many, number_of, serve
from tests.models.loopback import Said
from tests.support import Command

pytestmark = pytest.mark.filterwarnings("ignore")


def test_a_table_and_lines_of_json(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    items = many(12)
    opened = benchmark(tmp_path, items)
    with serve(monkeypatch, known(items, lambda each: number_of(each.question) < 6)):
        said = command("evaluate", opened.folder, "--model", MODEL, "--model", "random", "--json")
    assert said.status == 0
    model, random = (json.loads(line) for line in said.out.splitlines())
    assert (model["model"], model["score"], model["items"], model["cost"]) == (MODEL, 0.5, 12, None)
    assert model["low"] < 0.5 < model["high"]
    assert model["subtasks"]["reading"] == {"score": 0.5, "replies": 6}
    assert (random["baseline"], random["cost"]) == (True, 0)
    assert "50.0%" in said.err
    assert "inspect view" in said.err


def test_a_long_name_stays_whole_where_there_is_no_terminal(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, name = benchmark(tmp_path, many(4)), "openai-api/lab/a-model-with-a-long-name-of-its-own"
    with serve(monkeypatch, lambda request, number: "Answer: A"):
        said = command("evaluate", opened.folder, "--model", name)
    assert any(line.startswith(f"{name}  ") and "%  " in line for line in said.err.splitlines())


def test_missing_replies_end_with_status_3_and_the_reason(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = benchmark(tmp_path, many(4))
    with serve(monkeypatch, lambda request, number: Said(status=401)):
        said = command("evaluate", opened.folder, "--model", MODEL)
    assert said.status == 3
    assert "4 replies are missing: the provider" in said.err
    assert "LAB_API_KEY" in said.err


def test_what_must_be_changed_first_is_said(command: Command, tmp_path: Path) -> None:
    opened = benchmark(tmp_path, many(4))
    assert "no provider 'nobody'" in command("evaluate", opened.folder, "--model", "nobody/model").err
    assert "is no model name" in command("evaluate", opened.folder, "--model", "gpt").err
    assert command("evaluate", opened.folder, "--model", "random", "--model", "random").status == 2
