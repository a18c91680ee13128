"""A model behind a loopback endpoint that answers items by a policy, and benchmarks to put to it."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.evaluation.evaluate import Conditions, Evaluation
from benchmark_agent.evaluation.types import Watcher
from benchmark_agent.models.limits import Patience
from benchmark_agent.models.prices import Prices, parsed
from benchmark_agent.plugins import load
from benchmark_agent.verification.types import Item
from tests.benchmark.benchmark_samples import item, mixed, write
from tests.models.loopback import Loopback, Said, Script

MODEL = "openai-api/lab/one"
OTHER = "openai-api/lab/two"
QUICK = Patience(tries=2, seconds=5, first=0.01, longest=0.02)
PRICES = Prices(
    parsed('"openai-api/lab/*": {input: 1.00, output: 10.00, takes: [text, image, audio]}', "prices of the test")
)
"""A call of the loopback endpoint, 100 tokens in and 20 out, costs 0.0003 dollars."""
COST = 0.0003


def asked(request: dict[str, Any]) -> str:
    """The text of the question as the endpoint gets it."""
    content = request["messages"][-1]["content"]
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


def known(items: list[Item], right: Callable[[Item], bool] = lambda _: True) -> Script:
    """Answers each item as a model does: thinks, then ends with a line; right or wrong as told."""

    def script(request: dict[str, Any], number: int) -> Said | str:
        each = next(each for each in items if each.question in asked(request))
        return f"Let me think about {each.id}.\n\nAnswer: {each.answer if right(each) else wrong(each)}"

    return script


def wrong(each: Item) -> str:
    return {"choice": "B" if each.answer == "A" else "A", "number": "77", "binary": "no"}.get(
        each.answer_kind, "a horn"
    )


def many(count: int) -> list[Item]:
    """Choice items of two subtasks; the right letter goes round."""
    return [
        item(f"i-{n:03}", subtask="reading" if n % 2 else "count", question=f"Question {n}?", answer="ABC"[n % 3])
        for n in range(count)
    ]


def benchmark(folder: Path, items: list[Item]) -> Benchmark:
    return write(folder / "run" / "benchmark", folder / "run", items, len(items))


def mixed_benchmark(folder: Path) -> tuple[Benchmark, list[Item]]:
    (folder / "run").mkdir()
    items = mixed(folder / "run")
    return benchmark(folder, items), items


def evaluation(
    opened: Benchmark, conditions: Conditions | None = None, *, prices: Prices = PRICES, watch: Watcher = lambda _: None
) -> Evaluation:
    terms = conditions or Conditions(patience=QUICK)
    return Evaluation(opened, load(third_party=False).scorers.__getitem__, prices, terms, watch=watch)


def serve(monkeypatch: pytest.MonkeyPatch, script: Script) -> AbstractContextManager[Loopback]:
    """An endpoint that `MODEL` and `OTHER` lead to once its context is entered."""

    class Served(Loopback):
        def __enter__(self) -> "Served":
            super().__enter__()
            monkeypatch.setenv("LAB_BASE_URL", self.url)
            monkeypatch.setenv("LAB_API_KEY", "none")
            return self

    return Served(script)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def number_of(text: str) -> int:
    found = re.search(r"Question (\d+)\?", text)
    assert found
    return int(found[1])
