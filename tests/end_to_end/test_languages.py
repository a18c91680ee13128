"""A wish for one language of a dataset that holds several, of which a quarter of the rows are in it."""

import json
from pathlib import Path

import pytest

from tests.support import Command

SIGNS = {"es": {"está", "dónde", "quién", "en"}, "zh": set("在里哪谁")}


@pytest.mark.parametrize("code", SIGNS)
def test_the_rows_of_the_language_serve_and_nothing_is_rejected_for_it(
    command: Command, tmp_path: Path, code: str
) -> None:
    out = tmp_path / "run"
    goal = "Reading comprehension and belief tracking"
    said = command("build", goal, "--size", 20, "--language", code, "--out", out, "--json")
    assert (said.status, said.json["shortfall"]) == (0, 0), said.err
    assert "(language" not in said.err
    items = [json.loads(line) for line in (out / "benchmark" / "items.jsonl").read_text().splitlines()]
    for item in items:
        shown = item["question"].lower()
        assert SIGNS[code] & {*shown, *shown.replace("¿", "").split()}
