"""The scripted model through Inspect, and through lm-eval where it is installed: scores agree item by item."""

import json
import os
from pathlib import Path

import pytest

from bench.parity import policy
from bench.parity.compare import compare
from bench.parity.environments import HARNESSES, Missing, install, run
from benchmark_agent import plugins
from benchmark_agent.media import MediaStore
from tests.exporters.exported import TARGETS, items, written


@pytest.mark.parametrize("name", ["inspect", "lm-eval"])
def test_scores_agree_item_by_item(name: str, tmp_path: Path) -> None:
    harness = next(each for each in HARNESSES if each.name == name)
    cache = Path(os.environ.get("BENCHMARK_AGENT_PARITY", Path.home() / ".cache" / "benchmark-agent-parity"))
    try:
        python = install(harness, cache, fetch=False)
    except Missing as error:
        pytest.skip(f"{name}: {error}")
    benchmark = written(tmp_path, [each for each in items(MediaStore(tmp_path / "run")) if each.answer_kind != "open"])
    said = {style: policy.replies(list(benchmark), style) for style in policy.STYLES}
    (tmp_path / "replies.json").write_text(json.dumps(said), encoding="utf-8")
    export = TARGETS[name].write(benchmark, tmp_path / "export")
    run(harness, python, export, tmp_path / "replies.json", tmp_path / "results.jsonl", cache)
    gone = {id for each in json.loads((export / "export.json").read_text())["left_out"] for id in each["items"]}
    carried = frozenset(each.id for each in benchmark) - gone
    scorers = plugins.load(third_party=False).scorers.__getitem__
    found = compare(benchmark, tmp_path / "results.jsonl", said, scorers, carried)
    assert found.differences == ()
    assert found.full
    assert found.scores >= 2 * len(carried)


def test_a_difference_is_told(tmp_path: Path) -> None:
    benchmark = written(tmp_path)
    scorers = plugins.load(third_party=False).scorers.__getitem__
    row = {"id": "read-1", "form": "gen", "style": "asked", "score": 0.0, "prompt": "Which price?", "media": []}
    (tmp_path / "results.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    carried = frozenset({"read-1", "read-2"})
    found = compare(benchmark, tmp_path / "results.jsonl", {"asked": {"read-1": "Answer: A"}}, scorers, carried)
    assert not found.full
    assert (found.scores, found.same, found.asked, found.whole) == (1, 0, 1, 0)
    assert [each.partition(":")[0] for each in found.differences] == [
        "read-1 (gen, asked)", "read-1 (gen)", "read-2",
    ]  # fmt: skip
