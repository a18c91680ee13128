"""Verdicts -> benchmark folder: what was delivered, what is short and why, what baselines score."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from benchmark_agent.benchmark.types import Benchmark, Count, SubtaskCount
from benchmark_agent.benchmark.write import BenchmarkWriter
from benchmark_agent.events import Event
from benchmark_agent.execution import Execution, JobLog
from benchmark_agent.pipeline import Pipeline, Planned
from benchmark_agent.verification.baselines import choices_only, longest_option
from benchmark_agent.verification.types import Item

BASELINE_ITEMS = 2_000
"""Items the baselines are measured on at most: the first ones, which are spread over the subtasks."""


def finish(pipeline: Pipeline, planned: Planned, execution: Execution, log: JobLog) -> Benchmark:
    """Write the accepted items as a benchmark in the run folder.

    Raises:
        UserError: the disk is full, or the folder cannot be written.
    """
    pipeline.listen(Event(stage="benchmark", message=f"writing {execution.accepted} items"))
    folder = pipeline.folder.path
    wanted = pipeline.requirement
    with BenchmarkWriter(folder / "benchmark", folder) as writer:
        for item in log.items():
            writer.add(item)
        return writer.finish(
            name=planned.design.topic,
            requirement=wanted,
            subtasks=tuple(_counts(planned, execution)),
            datasets=pipeline.pool.cards,
            not_covered=planned.design.not_covered,
            rejected=tuple(Count(name=name, n=n) for name, n in _most_first(execution.rejected)),
            baselines=_baselines(list(islice(log.items(), BASELINE_ITEMS))),
            models=pipeline.studio.used(execution.accepted) if pipeline.studio else None,
        )


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _counts(planned: Planned, execution: Execution) -> Iterator[SubtaskCount]:
    """Per subtask: what its weight asked for, and every reason why it is not that."""
    wanted = {quota.subtask_id: quota for quota in planned.allocation.quotas}
    causes: dict[str, list[str]] = defaultdict(list)
    datasets = {cell.candidate_id: (cell.subtask_id, cell.dataset_id) for cell in planned.plan.cells}
    missing = execution.supply.missing()
    for candidate, why in {**dict.fromkeys(missing, "no rows were left to try"), **execution.supply.moved}.items():
        subtask_id, dataset = datasets[candidate]
        causes[subtask_id].append(f"{dataset}: {why}")
    for subtask in planned.design.subtasks:
        quota = wanted[subtask.id]
        delivered = execution.delivered[subtask.id]
        reasons = [quota.cause] if quota.cause else []
        reasons += [execution.stopped] if execution.stopped else sorted(set(causes[subtask.id]))
        yield SubtaskCount(
            subtask_id=subtask.id,
            name=subtask.name,
            target_signal=subtask.target_signal,
            planned=quota.wanted,
            delivered=delivered,
            cause="; ".join(reasons) if delivered < quota.wanted else "",
        )


def _baselines(items: Sequence[Item]) -> tuple[tuple[str, float, float], ...]:
    measured = (("choices_only", *choices_only(items)), ("longest_option", *longest_option(items)))
    return tuple((name, round(accuracy, 4), round(chance, 4)) for name, accuracy, chance in measured if chance)
