"""Running models: how long an evaluation takes on a server that answers after a fixed time, against the ideal."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmark_agent.evaluation import baselines
from benchmark_agent.evaluation.evaluate import Conditions, Evaluation
from benchmark_agent.models.prices import Prices
from benchmark_agent.plugins import load
from tests.benchmark.benchmark_samples import item, write
from tests.models.loopback import Loopback, Said

IN_FLIGHT = 64
REPLY = 2.0
"""Seconds until the server answers: the middle of what providers take."""
ITEMS = 1024


def script(request: dict[str, Any], number: int) -> Said:
    """A reply that thinks for a few words."""
    return Said("The passage names the river.\n\nAnswer: A", wait=REPLY)


def run() -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure."""
    items = [item(f"i-{n:04}", question=f"Question {n}?", answer="ABC"[n % 3]) for n in range(ITEMS)]
    scorers = load(third_party=False).scorers.__getitem__
    with tempfile.TemporaryDirectory() as folder, Loopback(script) as server:
        opened = write(Path(folder) / "benchmark", Path(folder), items, ITEMS)
        os.environ |= {"BENCH_BASE_URL": server.url, "BENCH_API_KEY": "none"}
        work = Evaluation(opened, scorers, Prices(()), Conditions(in_flight=IN_FLIGHT))
        warm = Evaluation(opened, scorers, Prices(()), Conditions(limit=1), out=Path(folder) / "warm")
        start = time.perf_counter()
        warm.run(["openai-api/bench/model"])  # inspect-ai is imported with the first model
        start = time.perf_counter() - start - REPLY
        wall, cpu = time.perf_counter(), time.process_time()
        (found,) = work.run(["openai-api/bench/model"])
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        guessed = time.perf_counter()
        work.run(list(baselines.BASELINES))
        guessed = time.perf_counter() - guessed
        log = sum(path.stat().st_size for path in work.root.rglob("*.eval"))
    ideal = ITEMS / IN_FLIGHT * REPLY
    label = f"{ITEMS} items, {IN_FLIGHT} in flight, {REPLY:g} s a reply"
    return [
        ("start, inspect-ai imported", start, "s"),
        (f"{label}: replies", float(len(found.scores)), ""),
        (f"{label}: ideal", ideal, "s"),
        (f"{label}: taken", wall, "s"),
        (f"{label}: overhead", 100 * (wall / ideal - 1), "%"),
        ("CPU a reply, the server's included", 1000 * cpu / ITEMS, "ms"),
        ("most in flight", float(server.most_in_flight), ""),
        ("log a reply", log / ITEMS / 1000, "kB"),
        (f"four baselines on {ITEMS} items", guessed, "s"),
    ]


if __name__ == "__main__":
    for figure in run():
        print(*figure, sep="  ")
