"""What is found out about a model before it is used."""

import base64
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from benchmark_agent.cli.models import models_app
from benchmark_agent.errors import UserError
from benchmark_agent.models.check import ModelCheck, examine_model
from benchmark_agent.models.limits import Patience
from benchmark_agent.seeds import rng
from tests.models.loopback import Loopback, Said

pytest.importorskip("inspect_ai", reason="needs the extra 'models'")

NAME = "openai-api/lab/able"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_API_KEY", "none")


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    with Loopback(answered) as server:
        monkeypatch.setenv("LAB_BASE_URL", server.url)
        yield server


def answered(request: dict[str, Any], n: int) -> Said | str:
    """Adds, sees and hears, and holds to a schema that is sent or told."""
    value = _value(request["messages"][0]["content"])
    shaped = "response_format" in request or "JSON schema" in str(request["messages"])
    return json.dumps({"value": value}) if shaped else f"It is {value}."


def _value(content: str | list[dict[str, Any]]) -> int:
    if isinstance(content, str):
        first, second = map(int, re.findall(r"\d+", content)[:2])
        return first + second
    kind = content[1]["type"]
    return rng("check", NAME).randint(100, 999) if kind == "image_url" else _beeps(content[1]["input_audio"]["data"])


def _beeps(data: str) -> int:
    samples, _ = soundfile.read(io.BytesIO(base64.b64decode(data)))
    loud = np.convolve(np.abs(samples), np.ones(400) / 400, "same") > 0.05
    return int((np.diff(loud.astype(int)) == 1).sum())


def examined(**options: Any) -> ModelCheck:
    return examine_model(NAME, patience=Patience(tries=2, first=0.01), **options)


def passed(found: ModelCheck) -> dict[str, bool]:
    return {finding.ability: finding.passed for finding in found.findings}


def test_finds_what_a_model_can_do(able: Loopback) -> None:
    found = examined()
    assert passed(found) == {
        "reached": True,
        "JSON by schema": True,
        "JSON in words": True,
        "image": True,
        "audio": True,
    }
    assert found.usable
    assert (found.calls, len(able.requests)) == (4, 4)
    assert (found.input_tokens, found.output_tokens) == (400, 80)
    assert found.seconds > 0
    assert f'"{NAME}": {{input: 1.00, output: 4.00, takes: [text, image, audio], schemas: true}}' in found.price


def test_a_text_model_that_knows_no_schemas_is_usable(able: Loopback) -> None:
    def script(request: dict[str, Any], n: int) -> Said | str:
        if isinstance(request["messages"][0]["content"], list):
            return Said(status=400, error={"message": "this model takes no media"})
        if "response_format" in request:
            return Said(status=400, error={"message": "response_format is not supported"})
        return answered(request, n)

    able.script = script
    found = examined()
    assert passed(found) == {
        "reached": True,
        "JSON by schema": False,
        "JSON in words": True,
        "image": False,
        "audio": False,
    }
    assert found.usable
    assert "takes no media" in found.findings[-1].said


def test_a_model_that_cannot_keep_to_json_is_not_usable(able: Loopback) -> None:
    able.script = lambda request, n: "Happy to help!"
    found = examined()
    assert passed(found)["reached"]
    assert not found.usable
    assert found.findings[1].said == "no JSON: it holds no JSON object"


def test_wrong_answers_are_told(able: Loopback) -> None:
    able.script = lambda request, n: '{"value": -1}'
    said = {finding.ability: finding.said for finding in examined().findings}
    assert re.fullmatch(r"it says -1 where \d{3} is right", said["image"])


def test_a_server_that_is_down_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_BASE_URL", "http://127.0.0.1:9/v1")
    found = examined()
    (only,) = found.findings
    assert (only.ability, only.passed) == ("reached", False)
    assert "could not be reached: tried 2 times" in only.said
    assert not found.usable


def test_a_server_that_fails_midway_was_reached(able: Loopback) -> None:
    def script(request: dict[str, Any], n: int) -> Said | str:
        if isinstance(request["messages"][0]["content"], list):
            return Said(status=500, error={"message": "out of memory"})
        return answered(request, n)

    able.script = script
    found = examined()
    assert passed(found) == {"reached": True, "JSON by schema": True, "JSON in words": True, "image": False}
    assert "out of memory" in found.findings[-1].said


def test_a_missing_key_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAB_API_KEY")
    (only,) = examined().findings
    assert "'export LAB_API_KEY=...'" in only.said


def test_the_command_tells_a_line_each(able: Loopback) -> None:
    result = CliRunner().invoke(models_app, ["check", "--model", NAME])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == NAME
    assert lines[1:6] == [f"  yes  {each}" for each in ("reached", "JSON by schema", "JSON in words", "image", "audio")]
    assert lines[6].startswith("  4 calls: the quickest ")
    assert lines[7] == "  family: able"


def test_the_command_tries_each_model_once_and_fails_when_one_is_of_no_use(
    able: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(
        models_app, ["check", "--model", NAME, "--role", f"judge={NAME}", "--role", "solver=nope/x", "--json"]
    )
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [(each["model"], each["usable"]) for each in found] == [(NAME, True), ("nope/x", False)]
    assert list(tmp_path.iterdir()) == []


def test_the_command_needs_a_model() -> None:
    result = CliRunner().invoke(models_app, ["check"])
    assert isinstance(result.exception, UserError)


def test_the_table_is_listed() -> None:
    result = CliRunner().invoke(models_app, ["list"])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].split() == "model family takes schemas as of in out audio".split()
    rows = json.loads(CliRunner().invoke(models_app, ["list", "--json"]).stdout)
    assert {"pattern", "family", "input", "output", "takes"} <= rows[0].keys()
    assert len(result.stdout.splitlines()) == len(rows) + 1
