"""Items a second and peak memory of whole builds, text and drawn images, small and large."""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

NAMES = "Ada Ben Cora Dan Eve Finn Gwen Hugo Iris Jon Kira Leo Mona Nils Olga Paul Quin Rosa Sven Tara".split()
PLACES = "harbour market library station bakery museum garden bridge school theatre mill quarry".split()
THINGS = "lantern ledger compass violin parcel ladder kettle map basket clock".split()


def rows(n: int, seed: int = 0) -> list[dict[str, str | int]]:
    """Records with a name, a number and a category, all different."""
    draw = random.Random(seed)
    return [
        {
            "store": f"{draw.choice(PLACES)} store {k}",
            "keeper": draw.choice(NAMES),
            "goods": draw.choice(THINGS),
            "crates": draw.randrange(10, 9000),
            "distance_km": draw.randrange(10, 9000),
        }
        for k in range(n)
    ]


def tables(n: int) -> list[dict[str, object]]:
    """Small tables of stores, all different."""
    columns = ["Store", "Crates", "Distance (km)"]
    records = rows(n * 6)
    return [
        {
            "title": f"Stores of district {k}",
            "table": {
                "columns": columns,
                "rows": [[each["store"], each["crates"], each["distance_km"]] for each in records[k * 6 : k * 6 + 6]],
            },
        }
        for k in range(n)
    ]


def build(folder: Path, goal: str, size: int, workers: int, *more: str) -> tuple[float, float, int]:
    """Seconds, peak memory of the largest process in MB, and items of one build."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "benchmark_agent", "build", goal, "--size", str(size), "--json"]
    done = subprocess.run(
        [*command, "--workers", str(workers), "--out", str(folder / f"run-{goal[:4]}-{size}-{workers}"), *more],
        capture_output=True,
        text=True,
        env={**os.environ, "BENCHMARK_AGENT_HOME": str(folder / "home")},
        check=False,
    )
    if done.returncode not in (0, 3):
        raise RuntimeError(done.stderr)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - start, peak, json.loads(done.stdout)["size"]


def run(
    sizes: tuple[int, ...] = (1_000, 100_000), images: tuple[int, ...] = (1_000,)
) -> Iterator[tuple[str, float, str]]:
    """Text builds over a pool of records, image builds over the same records drawn as tables and charts."""
    cases: list[tuple[str, str, int, Callable[[int], Sequence[object]]]] = []
    cases += [("text", "Compare records and aggregate numbers over several records", size, rows) for size in sizes]
    cases += [("drawn-image", "Read tables shown as images", size, tables) for size in images]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for kind, goal, size, make in cases:
            pool = folder / f"stores-{kind}-{size}.jsonl"
            pool.write_text("".join(json.dumps(row) + "\n" for row in make(int(size * 1.3))))
            seconds, peak, items = build(folder, goal, size, 2, "--pool", str(pool))
            yield f"{kind} build of {items:,} items, 2 workers", items / seconds, "items/s"
            yield f"{kind} build of {items:,} items, largest process so far", peak, "MB"
