"""What a harness would refuse is an error here, and names the item or the file."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark_agent.benchmark.exporters.croissant import Croissant
from benchmark_agent.benchmark.exporters.evalscope import EvalScope
from benchmark_agent.benchmark.exporters.hub import Hub
from benchmark_agent.benchmark.exporters.inspect_task import Inspect
from benchmark_agent.benchmark.exporters.lighteval import Lighteval
from benchmark_agent.benchmark.exporters.lm_eval import LmEval
from benchmark_agent.benchmark.exporters.lmms_eval import LmmsEval
from benchmark_agent.benchmark.exporters.promptfoo import Promptfoo
from benchmark_agent.benchmark.exporters.target import Target, Work
from benchmark_agent.benchmark.exporters.vlmevalkit import VlmEvalKit
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.errors import UserError
from tests.exporters.exported import written

Harm = Callable[[Path], object]


def edit(pattern: str, old: str, new: str) -> Harm:
    """Replace a piece of text in the files of an export."""

    def harm(folder: Path) -> None:
        found = [path for path in sorted(folder.glob(pattern)) if old in path.read_text(encoding="utf-8")]
        assert found, f"nothing holds {old!r}"
        for path in found:
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8", newline="\n")

    return harm


def without(pattern: str) -> Harm:
    """Take files out of an export."""

    def harm(folder: Path) -> None:
        for path in sorted(folder.glob(pattern)):
            path.unlink()

    return harm


def outside(folder: Path) -> None:
    """An answer that is no option, deep in the rows of lighteval."""
    path = folder / "data" / "read-mc" / "test.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    rows[0]["doc"] = rows[0]["doc"].replace('"answer_index": 0', '"answer_index": 9')
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


CASES: list[tuple[type[Target], Harm, str]] = [
    (Inspect, without("media/*.png"), "look-1: the media file 'media/.*' is missing"),
    (Inspect, edit("*.jsonl", '"format": "wav"', '"format": "flac"'), "hear-1: Inspect takes WAV and MP3, not 'flac'"),
    (Inspect, edit("*.py", "def _scoring", "deff _scoring"), r"\.py: line \d+ is no Python"),
    (Inspect, edit("scoring/replies.py", "float(right)", "0.0"), "read-1: .* gives the right answer 'A' 0"),
    (LmEval, edit("*_gen_*.yaml", "  until: []\n", ""), "_gen_read.yaml: 'until' is not set"),
    (LmEval, edit("*_gen_say.yaml", "metric: acc", "metric: accc"), r"_gen.yaml: the group counts \['acc'\]"),
    (LmEval, edit("utils.py", "def process_results", "def process"), "names the function utils.process_results"),
    (LmEval, edit("*.jsonl", '"answer_index": 0', '"answer_index": 7'), "read-1: its answer is option 8 of 3"),
    (LmmsEval, edit("*_look.yaml", "test: /", "test: "), "_look.yaml: its data file .* not an absolute path"),
    (LmmsEval, without("data/hear.parquet"), "hear-[12]: it is not in the Parquet files"),
    (VlmEvalKit, edit("*_text.tsv", '"""None"""', "None"), "read-2: pandas would not read its B 'None' as text"),
    (VlmEvalKit, edit("*_text.tsv", '"""the mate"""', "5"), "read-1: pandas would not read its C '35.0' as text"),
    (VlmEvalKit, edit("*_text.tsv", "\n2\t", "\n1\t"), "read-2: its index 1 is there twice"),
    (Hub, edit("eval.yaml", "id: look-choice", "id: look/choice"), "eval.yaml, task 'look/choice': .* no '/'"),
    (Hub, edit("eval.yaml", "split: test", "max_tokens: 9"), r"Inspect refuses the keys \['max_tokens'\]"),
    (Hub, edit("eval.yaml", "config: say-words", "config: say-word"), "its data 'say-word.parquet' is missing"),
    (Lighteval, outside, "read-1: its answer names no option"),
    (Promptfoo, edit("tests.yaml", "id: read-1\n", "id: [1]\n"), "the variable 'id' is no text: a list fans out"),
    (EvalScope, edit("say_test.jsonl", '"answer": "yes"', '"answer": ""'), "say-3: its answer is empty"),
    (Croissant, edit("items.jsonl", "Which price", "What price"), "items.jsonl: .* does not have the sha256 stated"),
    (Croissant, edit("croissant.json", "conformsTo\": \"http", "conforms\": \"http"), "'conformsTo' is missing"),
]  # fmt: skip


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory: pytest.TempPathFactory) -> Benchmark:
    return written(tmp_path_factory.mktemp("ferries"))


@pytest.mark.parametrize(("target", "harm", "told"), CASES, ids=[f"{case[0].name}-{n}" for n, case in enumerate(CASES)])
def test_what_a_harness_would_refuse_is_named(
    benchmark: Benchmark, tmp_path: Path, target: type[Target], harm: Harm, told: str
) -> None:
    class Harmed(target):  # type: ignore[misc, valid-type]
        def _fill(self, work: Work) -> None:
            super()._fill(work)
            harm(work.folder)

    with pytest.raises(UserError, match=f"would refuse the export, so nothing was written: .*{told}"):
        Harmed().write(benchmark, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
