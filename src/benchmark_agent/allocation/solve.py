"""Who gives how many items: quotas from weights, then the best plan the pool allows, then what stood in its way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

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
    offers = _offers(design, grounding, dataset_rows, size)
    datasets = offers.datasets
    cap = max(1, int(share_cap * size))
    used, totals = _settle(offers, quotas, min(floor, size // len(subtasks)), cap)
    items = choose_candidates(used, totals) if any(totals.given) else (0,) * len(used.columns)
    short = {index for index, (wanted, given) in enumerate(zip(quotas, totals.given, strict=True)) if given < wanted}
    supply = offers.supply(index for index, subtask in enumerate(offers.subtask) if subtask in short)
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


@dataclass(frozen=True, slots=True)
class _Offers:
    """Every candidate that can give items, in the order of the design. Columns are made of those looked at only."""

    candidates: list[Candidate]
    subtask: list[int]
    dataset: list[int]
    capacity: list[int]
    datasets: tuple[str, ...]
    rows: tuple[int, ...]
    """Usable rows of each dataset."""

    def supply(self, indexes: Iterable[int]) -> Supply:
        return Supply(tuple(self._column(index) for index in indexes), self.rows)

    def _column(self, index: int) -> Column:
        candidate = self.candidates[index]
        return Column(
            candidate.id,
            self.subtask[index],
            self.dataset[index],
            candidate.recipe.steps[-1].tool,
            self.capacity[index],
            max(1.0, candidate.rows / candidate.capacity),
            round(candidate.fitness.overall, 3),
        )


def _offers(design: Design, grounding: Grounding, dataset_rows: Mapping[str, int], size: int) -> _Offers:
    grounded = {found.subtask_id: found.candidates for found in grounding.subtasks}
    datasets: dict[str, int] = {}
    candidates, serves, draws, holds = [], [], [], []
    for index, subtask in enumerate(design.subtasks):
        for candidate in grounded.get(subtask.id, ()):
            dataset = datasets.setdefault(candidate.dataset_id, len(datasets))
            capacity = min(candidate.capacity, size, dataset_rows[candidate.dataset_id])
            if capacity:
                candidates.append(candidate)
                serves.append(index)
                draws.append(dataset)
                holds.append(capacity)
    return _Offers(candidates, serves, draws, holds, tuple(datasets), tuple(dataset_rows[name] for name in datasets))


def _settle(offers: _Offers, quotas: Sequence[int], floor: int, cap: int) -> tuple[Supply, Totals]:
    """The totals, and the candidates to choose from: each subtask's best if these suffice, else all that are needed."""
    if not offers.candidates:
        return offers.supply(()), Totals((0,) * len(quotas), (cap,) * len(offers.rows), ())
    fitness = np.array([candidate.fitness.overall for candidate in offers.candidates]).round(3)
    ranked = np.argsort(-fitness, kind="stable").tolist()
    best = few = _shortlist(offers, ranked, quotas, SHORTLISTS[0])
    for length in SHORTLISTS:
        if length > SHORTLISTS[0]:
            looked_at, few = few, _shortlist(offers, ranked, quotas, length)
            if few == looked_at:
                break
        totals = settle_totals(offers.supply(few), quotas, floor, cap)
        if totals.given == tuple(quotas) and max(totals.limits) == cap:
            break
    items = dict(zip(few, totals.items, strict=True))
    kept = sorted({index for index, count in items.items() if count}.union(best))
    return offers.supply(kept), replace(totals, items=tuple(items[index] for index in kept))


def _shortlist(offers: _Offers, ranked: Sequence[int], quotas: Sequence[int], length: int) -> list[int]:
    """Indexes, ascending. `ranked`: all indexes, the fittest first."""
    taken, held = [0] * len(quotas), [0] * len(quotas)
    subtasks, capacity, kept = offers.subtask, offers.capacity, []
    for index in ranked:
        subtask = subtasks[index]
        if taken[subtask] < length or held[subtask] < 2 * quotas[subtask]:
            taken[subtask] += 1
            held[subtask] += capacity[index]
            kept.append(index)
    return sorted(kept)
