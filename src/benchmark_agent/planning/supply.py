"""What is left to draw from, and who may draw it: the bookkeeping of replenishment."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmark_agent.planning.types import Job, Plan, PlannedCell, job_of, seed_of

LEAST_YIELD = 0.2
"""Share, 0-1. A cell under it, after `ENOUGH_TRIED` jobs, is stopped and its quota moved."""
ENOUGH_TRIED = 15


@dataclass
class Supply:
    """Rows still unused, and how each cell has done so far. Rebuilt by replaying verdicts in order."""

    plan: Plan
    seed: int
    tried: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    moved: dict[str, str] = field(default_factory=dict)
    """Candidate -> why its quota, or a part of it, went elsewhere."""
    enough: int = ENOUGH_TRIED
    """Jobs after which a cell's yield is believed."""

    def __post_init__(self) -> None:
        self._spare: dict[str, deque[tuple[int, int]]] = {cell.candidate_id: deque() for cell in self.plan.cells}
        for index, row, seed in zip(
            self.plan.reserve.cell.tolist(),
            self.plan.reserve.row.tolist(),
            self.plan.reserve.seed.tolist(),
            strict=True,
        ):
            self._spare[self.plan.cells[index].candidate_id].append((row, seed))
        self._quota = {cell.candidate_id: cell.items for cell in self.plan.cells}
        self._stopped: set[str] = set()
        self._planned = Counter(self.plan.cells[index].candidate_id for index in self.plan.jobs.cell.tolist())
        self._under_way = Counter(self._planned)
        self._before: Counter[str] = Counter()
        self._accepted_before: Counter[str] = Counter()

    def record(self, candidate_id: str, accepted: bool) -> None:
        """Count one finished job."""
        self._under_way[candidate_id] -= 1
        self.tried[candidate_id] += 1
        self.accepted[candidate_id] += accepted

    def replacements(self) -> list[Job]:
        """Jobs for everything still missing that no job under way can bring; empty where there is nothing of the kind,
        or nothing is left."""
        self._stop_the_poor()
        missing = {name: n - self._under_way[name] for name, n in self.missing().items()}
        jobs = [job for cell in self.plan.cells for job in self._replace(cell, missing.get(cell.candidate_id, 0))]
        self._under_way.update(job.candidate_id for job in jobs)
        return jobs

    def failing(self) -> list[PlannedCell]:
        """Cells that miss items and whose yield is under the bound."""
        return [cell for cell in self.plan.cells if self._fails(cell.candidate_id)]

    def _fails(self, name: str) -> bool:
        tried = self.tried[name] - self._before[name]
        accepted = self.accepted[name] - self._accepted_before[name]
        asked = self.enough if self._before[name] else max(self.enough, self._planned[name])
        poor = tried >= asked and accepted < LEAST_YIELD * tried
        return poor and name not in self._stopped and self.accepted[name] < self._quota[name]

    def renew(self, candidate_id: str) -> None:
        """The cell goes on with another recipe: what it did before no longer counts against it."""
        self._before[candidate_id] = self.tried[candidate_id]
        self._accepted_before[candidate_id] = self.accepted[candidate_id]

    def _stop_the_poor(self) -> None:
        for cell in self.failing():
            name = cell.candidate_id
            self._stopped.add(name)
            self.moved[name] = f"stopped: {self.accepted[name]} of {self.tried[name]} drafts were accepted"

    def _replace(self, cell: PlannedCell, missing: int) -> list[Job]:
        jobs: list[Job] = []
        for donor in self._donors(cell):
            while len(jobs) < missing and (job := self._take(cell, donor)):
                jobs.append(job)
            if len(jobs) >= missing:
                break
        return jobs

    def _donors(self, cell: PlannedCell) -> Sequence[PlannedCell]:
        """Own rows, rows of the dataset, other cells of the subtask, then the other subtasks."""
        own = cell.candidate_id not in self._stopped
        others = [c for c in self.plan.cells if c is not cell]
        siblings = [c for c in others if c.dataset_id == cell.dataset_id] if own else []
        alike = [c for c in others if c.subtask_id == cell.subtask_id and c.candidate_id not in self._stopped]
        rest = [c for c in others if c.subtask_id != cell.subtask_id and c.candidate_id not in self._stopped]
        return [*([cell] if own else []), *siblings, *alike, *rest]

    def _take(self, cell: PlannedCell, donor: PlannedCell) -> Job | None:
        """The donor's next spare row: for `cell` itself where it can use it, else the quota moves to the donor."""
        spare = self._spare[donor.candidate_id]
        if not spare:
            return None
        row, seed = spare.popleft()
        if donor.dataset_id == cell.dataset_id and cell.candidate_id not in self._stopped:
            return job_of(cell, row, seed if donor is cell else seed_of(cell, row, self.seed))
        self._quota[cell.candidate_id] -= 1
        self._quota[donor.candidate_id] += 1
        self.moved.setdefault(cell.candidate_id, "no rows were left to try")
        return job_of(donor, row, seed)

    def missing(self) -> dict[str, int]:
        """Items still wanted of each candidate, whatever is under way."""
        return {name: quota - self.accepted[name] for name, quota in self._quota.items() if quota > self.accepted[name]}
