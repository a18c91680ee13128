"""What planning hands on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from benchmark_agent.record import Record
from benchmark_agent.seeds import derive


class Job(Record):
    id: str
    """`<candidate>#<row>`."""
    subtask_id: str
    candidate_id: str
    dataset_id: str
    row: Annotated[int, Field(ge=0)]
    """Ordinal of the row it is made from."""
    seed: Annotated[int, Field(ge=0, lt=2**63)]


class PlannedCell(Record):
    """A cell of the allocation, as jobs refer to it."""

    candidate_id: str
    subtask_id: str
    dataset_id: str
    items: int
    """Items wanted of it."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs as columns: 100,000 of them take 2 MB. Row k is job k."""

    cells: tuple[PlannedCell, ...]
    cell: npt.NDArray[np.int32]
    """Index into `cells`. Shape (jobs,)."""
    row: npt.NDArray[np.int64]
    seed: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.row)

    def __iter__(self) -> Iterator[Job]:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, k: int) -> Job:
        return job_of(self.cells[int(self.cell[k])], int(self.row[k]), int(self.seed[k]))


def seed_of(cell: PlannedCell, row: int, seed: int) -> int:
    """The seed of the job that makes an item for `cell` from row `row`.

    The same when the row is tried as when it is planned, so that no model call is paid twice.
    """
    return derive(seed, cell.subtask_id, cell.dataset_id, row)


def job_of(cell: PlannedCell, row: int, seed: int) -> Job:
    """The job that makes an item for `cell` from row `row`."""
    return Job(
        id=f"{cell.candidate_id}#{row}",
        subtask_id=cell.subtask_id,
        candidate_id=cell.candidate_id,
        dataset_id=cell.dataset_id,
        row=row,
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """Kept as plan.jsonl: one job a line, the reserve after the jobs.

    No row stands twice in jobs and reserve.
    """

    cells: tuple[PlannedCell, ...]
    jobs: Queue
    reserve: Queue
    """Spare rows, used in order when verification rejects."""


def queue_of(cells: Sequence[PlannedCell], jobs: Sequence[tuple[int, int, int]]) -> Queue:
    """A queue of (cell index, row, seed)."""
    table = np.array(jobs, dtype=np.int64).reshape(-1, 3)
    return Queue(tuple(cells), table[:, 0].astype(np.int32), table[:, 1].copy(), table[:, 2].copy())
