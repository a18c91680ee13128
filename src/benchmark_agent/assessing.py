"""Runs of a benchmark -> how good it is, and who leads."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.errors import UserError
from benchmark_agent.evaluation.evaluate import default_folder
from benchmark_agent.evaluation.runfile import read_runs
from benchmark_agent.evaluation.types import Run
from benchmark_agent.quality.arrays import Floats, Ints
from benchmark_agent.quality.assess import assess
from benchmark_agent.quality.failures import analyse
from benchmark_agent.quality.leaderboard import floor_standings
from benchmark_agent.quality.responses import Choices, Responses, responses_of
from benchmark_agent.quality.types import Family, QualityReport, Standing, Variety
from benchmark_agent.quality.variety import variety
from benchmark_agent.store import write_atomic
from benchmark_agent.verification.types import Item

QUALITY = "quality.json"


def assessed(
    benchmark: Benchmark, out: Path | None = None, families: Sequence[Family] = (), seed: int = 0
) -> QualityReport:
    """The quality of a benchmark from its runs, kept as quality.json beside them.

    Args:
        out: folder of the runs; None means where `evaluate` puts them.
        families: models of one make, from small to large.
        seed: of the bootstrap.

    Raises:
        UserError: no model was run on the benchmark as it stands.
    """
    root = out or default_folder(benchmark)
    runs = [run for run in read_runs(root, benchmark.manifest.digest) if run.scores]
    if all(run.baseline for run in runs):
        raise UserError(
            f"no model was run on this benchmark (looked in {str(root)!r}); type 'benchmark-agent evaluate "
            f"{benchmark.folder} --model openai/gpt-5.1 --model random'"
        )
    items = tuple(benchmark)
    given = _responses(runs, items)
    report = assess(given, baselines=[run.model for run in runs if run.baseline], families=families, seed=seed)
    report = report.model_copy(update={"errors": analyse(items, runs), "variety": _variety(benchmark, items, seed)})
    write_atomic(root.parent / QUALITY if root.name == "evaluations" else root / QUALITY, report.model_dump_json())
    return report


def various(benchmark: Benchmark, seed: int = 0) -> Variety:
    """How various the items are and what they cover; no model needs to have been run."""
    return _variety(benchmark, tuple(benchmark), seed)


def _variety(benchmark: Benchmark, items: Sequence[Item], seed: int) -> Variety:
    return variety(items, {each.subtask_id: each.planned for each in benchmark.manifest.subtasks}, seed)


def floors(benchmark: Benchmark, out: Path | None = None) -> tuple[Standing, ...]:
    """Baselines that were run on the benchmark, best first, whether or not a model was run."""
    runs = read_runs(out or default_folder(benchmark), benchmark.manifest.digest)
    runs_of_rules = [run for run in runs if run.baseline and run.scores]
    return floor_standings(_responses(runs_of_rules, tuple(benchmark))) if runs_of_rules else ()


def _responses(runs: Sequence[Run], items: Sequence[Item]) -> Responses:
    return responses_of(
        np.stack([_scores(run, items) for run in runs]),
        models=[run.model for run in runs],
        items=[item.id for item in items],
        subtasks=[item.subtask for item in items],
        clusters=_clusters(items),
        chance=[_chance(item) for item in items],
        choices=_choices(runs, items),
    )


def _scores(run: Run, items: Sequence[Item]) -> Floats:
    """Mean score of each item over its repetitions, NaN where it was not run. Shape (items,)."""
    places = {item.id: place for place, item in enumerate(items)}
    total, count = np.zeros(len(items)), np.zeros(len(items))
    for each in run.scores:
        if each.item_id in places:
            total[places[each.item_id]] += each.score.value
            count[places[each.item_id]] += 1
    means = np.full(len(items), np.nan)
    np.divide(total, count, out=means, where=count > 0)
    return means


def _clusters(items: Sequence[Item]) -> Ints:
    """A number for each row items are made from: items of one row stand or fall together. Shape (items,)."""
    rows = [(item.sources[0].dataset, item.sources[0].row) if item.sources else ("", item.id) for item in items]
    numbers = {row: n for n, row in enumerate(dict.fromkeys(rows))}
    return np.array([numbers[row] for row in rows], dtype=np.int64)


def _chance(item: Item) -> float:
    """Expected score of a blind guess, 0-1; NaN where it is not known."""
    if item.answer_kind == "choice" and item.options:
        return 1 / len(item.options)
    return 0.5 if item.answer_kind == "binary" else float("nan")


def _choices(runs: Sequence[Run], items: Sequence[Item]) -> Choices:
    """Which option each model took, of the first repetition of the items with one right option."""
    places = {item.id: n for n, item in enumerate(items) if item.answer_kind == "choice"}
    chosen = np.full((len(runs), len(items)), -1, dtype=np.int64)
    for row, run in enumerate(runs):
        for each in run.scores:
            place = places.get(each.item_id)
            if place is not None and each.sample == 0:
                chosen[row, place] = _index(each.score.parsed, items[place].options)
    keys = [_index(item.answer, item.options) if item.id in places else -1 for item in items]
    counts = [len(item.options) if item.id in places else 0 for item in items]
    return Choices(chosen, np.array(keys, dtype=np.int64), np.array(counts, dtype=np.int64))


def _index(letter: str, options: Sequence[str]) -> int:
    index = ord(letter) - ord("A") if len(letter) == 1 else -1
    return index if 0 <= index < len(options) else -1
