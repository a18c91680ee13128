"""Allocation -> Plan: which rows each cell uses, in which order, and which rows stand by."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from benchmark_agent.allocation.types import Allocation
from benchmark_agent.planning.types import Plan, PlannedCell, queue_of, seed_of
from benchmark_agent.seeds import derive

RESERVE_FACTOR = 10
"""Reserve rows a cell may hold, for each item wanted of it."""
RESERVE_LEAST = 50


def schedule(
    allocation: Allocation,
    usable: Mapping[str, np.ndarray],
    seed: int,
    probed: Mapping[str, Sequence[int]] | None = None,
) -> Plan:
    """Give every cell its rows.

    Args:
        allocation: items wanted of each cell.
        usable: for each dataset, the ordinals that may be used, ascending. Shape (rows,).
        seed: the requirement's seed.
        probed: for a candidate, rows its dry run has paid for: the cell begins with them.
    """
    cells = tuple(
        PlannedCell(candidate_id=c.candidate_id, subtask_id=c.subtask_id, dataset_id=c.dataset_id, items=c.items)
        for c in allocation.cells
        if c.items
    )
    of_dataset: dict[str, list[int]] = defaultdict(list)
    for index, cell in enumerate(cells):
        of_dataset[cell.dataset_id].append(index)
    first: list[list[int]] = [[] for _ in cells]
    spare: list[list[int]] = [[] for _ in cells]
    for dataset, members in of_dataset.items():
        order = np.random.default_rng(derive(seed, "rows", dataset)).permutation(usable[dataset]).tolist()
        for index in members:
            paid = (probed or {}).get(cells[index].candidate_id, ())
            first[index].extend(row for row in paid[: cells[index].items] if row in order)
            taken = set(first[index])
            order = [row for row in order if row not in taken] if taken else order
        _deal(order, members, cells, first, spare)
    return Plan(
        cells, queue_of(cells, _interleaved(first, cells, seed)), queue_of(cells, _numbered(spare, cells, seed))
    )


def _deal(
    order: list[int],
    members: Sequence[int],
    cells: Sequence[PlannedCell],
    first: list[list[int]],
    spare: list[list[int]],
) -> None:
    """Quotas first, then the rest in turn, each cell up to its bound."""
    rows = iter(order)
    for index in members:
        wanted = cells[index].items - len(first[index])
        first[index].extend(row for _, row in zip(range(wanted), rows, strict=False))
    bounds = {i: max(RESERVE_LEAST, RESERVE_FACTOR * cells[i].items) for i in members}
    while open_cells := [i for i in members if len(spare[i]) < bounds[i]]:
        for index in open_cells:
            row = next(rows, None)
            if row is None:
                return
            spare[index].append(row)


def _numbered(rows: Sequence[Sequence[int]], cells: Sequence[PlannedCell], seed: int) -> list[tuple[int, int, int]]:
    return [(i, row, seed_of(cells[i], row, seed)) for i, own in enumerate(rows) for row in own]


def _interleaved(rows: Sequence[Sequence[int]], cells: Sequence[PlannedCell], seed: int) -> list[tuple[int, int, int]]:
    """Cells in turn, so that an early look at a running build sees every subtask."""
    tagged = [(k / max(len(own), 1), i, row) for i, own in enumerate(rows) for k, row in enumerate(own)]
    return [(i, row, seed_of(cells[i], row, seed)) for _, i, row in sorted(tagged)]
