"""Who gives how many items: quotas from weights, then the best plan the pool allows, then what stood in its way."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from benchmark_agent.allocation.diagnose import Plan, diagnose
from benchmark_agent.allocation.programme import Column, Supply, Totals, choose_candidates, settle_totals
from benchmark_agent.allocation.quotas import apportion, default_floor
from benchmark_agent.allocation.types import Allocation, Cell
from benchmark_agent.design.types import Design
from benchmark_agent.grounding.types import Candidate, Grounding

SHORTLISTS = (24, 100, 1_000_000)
"""Candidates of a subtask looked at, and more when these do not hold twice its quota; then more, until it is filled."""


def allocate(
    design: Design,
    grounding: Grounding,
    dataset_rows: Mapping[str, int],
    size: int,
    *,
    share_cap: float = 0.5,
    floor: int | None = None,
) -> Allocation:
    """Items for every candidate: `size` in all where the pool holds them.

    In this order: as few items missing as possible; as near to the quotas as possible; no dataset over `share_cap`
    where there is another; the fittest candidates, spread over datasets and constructions. What a subtask cannot
    fill goes to the others. The same input gives the same plan on every machine.

    Args:
        dataset_rows: usable rows of every dataset that a candidate draws on.
        size: items wanted.
        share_cap: share of the benchmark one dataset may have, 0-1.
        floor: items each subtask gets at least; None takes 1 to 5, by the size.

    Raises:
        KeyError: when `dataset_rows` lacks a dataset.
        StageError: when the solver gives no plan.
    """
    subtasks = design.subtasks
    floor = default_floor(size, len(subtasks)) if floor is None else floor
    quotas = apportion([subtask.weight for subtask in subtasks], size, floor)
    supply, datasets = _supply(design, grounding, dataset_rows, size)
    cap = max(1, int(share_cap * size))
    used, totals = _settle(supply, quotas, min(floor, size // len(subtasks)), cap)
    items = choose_candidates(used, totals) if any(totals.given) else (0,) * len(used.columns)
    plan = Plan(subtasks=subtasks, datasets=datasets, supply=supply, quotas=quotas, totals=totals, floor=floor, cap=cap)
    quota_records, diagnosis, sent_back = diagnose(plan)
    return Allocation(
        cells=tuple(
            Cell(
                candidate_id=column.candidate_id,
                subtask_id=subtasks[column.subtask].id,
                dataset_id=datasets[column.dataset],
                items=count,
            )
            for column, count in zip(used.columns, items, strict=True)
            if count
        ),
        quotas=quota_records,
        shortfall=size - sum(totals.given),
        diagnosis=diagnosis,
        sent_back=sent_back,
    )


def _settle(supply: Supply, quotas: Sequence[int], floor: int, cap: int) -> tuple[Supply, Totals]:
    """The totals, and the candidates to choose from: each subtask's best if these suffice, else all that are needed."""
    if not supply.columns:
        return supply, Totals((0,) * len(quotas), (cap,) * len(supply.rows), ())
    ranked = np.argsort([-column.fitness for column in supply.columns], kind="stable").tolist()
    best = few = _shortlist(supply.columns, ranked, quotas, SHORTLISTS[0])
    for length in SHORTLISTS:
        if length > SHORTLISTS[0]:
            looked_at, few = few, _shortlist(supply.columns, ranked, quotas, length)
            if few == looked_at:
                break
        shortlisted = replace(supply, columns=tuple(supply.columns[index] for index in few))
        totals = settle_totals(shortlisted, quotas, floor, cap)
        if totals.given == tuple(quotas) and max(totals.limits) == cap:
            break
    drawn_on = {index for index, count in zip(few, totals.items, strict=True) if count}
    items = dict(zip(few, totals.items, strict=True))
    kept = sorted(drawn_on.union(best))
    used = replace(supply, columns=tuple(supply.columns[index] for index in kept))
    return used, replace(totals, items=tuple(items[index] for index in kept))


def _shortlist(columns: Sequence[Column], ranked: Sequence[int], quotas: Sequence[int], length: int) -> list[int]:
    """Indexes, ascending. `ranked`: all indexes, the fittest first."""
    taken, held = [0] * len(quotas), [0] * len(quotas)
    kept = []
    for index in ranked:
        subtask = columns[index].subtask
        if taken[subtask] < length or held[subtask] < 2 * quotas[subtask]:
            taken[subtask] += 1
            held[subtask] += columns[index].capacity
            kept.append(index)
    return sorted(kept)


def _supply(
    design: Design, grounding: Grounding, dataset_rows: Mapping[str, int], size: int
) -> tuple[Supply, tuple[str, ...]]:
    """The candidates that can give items, in the order of the design, and the datasets they draw on."""
    grounded = {found.subtask_id: found.candidates for found in grounding.subtasks}
    datasets: dict[str, int] = {}
    columns = []
    for index, subtask in enumerate(design.subtasks):
        for candidate in grounded.get(subtask.id, ()):
            dataset = datasets.setdefault(candidate.dataset_id, len(datasets))
            column = _column(candidate, index, dataset, min(size, dataset_rows[candidate.dataset_id]))
            if column.capacity:
                columns.append(column)
    return Supply(tuple(columns), tuple(dataset_rows[dataset] for dataset in datasets)), tuple(datasets)


def _column(candidate: Candidate, subtask: int, dataset: int, most: int) -> Column:
    capacity = candidate.capacity
    return Column(
        candidate.id,
        subtask,
        dataset,
        candidate.recipe.steps[-1].tool,
        min(capacity, most),
        max(1.0, candidate.rows / capacity) if capacity else 1.0,
        round(candidate.fitness.overall, 3),
    )
