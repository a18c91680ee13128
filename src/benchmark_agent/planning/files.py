"""plan.jsonl: one job a line, the reserve after the jobs; a person may edit it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from benchmark_agent.allocation.types import Allocation
from benchmark_agent.errors import UserError
from benchmark_agent.planning.types import Job, Plan, PlannedCell, queue_of
from benchmark_agent.record import Record

MEND = "mend the line, or delete the file to plan anew"


class PlanLine(Record):
    use: Literal["job", "reserve"]
    job: Job


def write_plan(plan: Plan, path: Path) -> None:
    """Written beside and renamed."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        file.writelines(PlanLine(use="job", job=job).model_dump_json() + "\n" for job in plan.jobs)
        file.writelines(PlanLine(use="reserve", job=job).model_dump_json() + "\n" for job in plan.reserve)
    part.replace(path)


def read_plan(path: Path, allocation: Allocation, rows: Mapping[str, int]) -> Plan:
    """The plan as it stands in the file.

    Args:
        path: plan.jsonl.
        allocation: the cells its jobs may belong to.
        rows: for each dataset, how many rows it has.

    Raises:
        UserError: naming the line, for anything that cannot be done as written.
    """
    index = {cell.candidate_id: k for k, cell in enumerate(allocation.cells)}
    jobs: dict[str, list[tuple[int, int, int]]] = {"job": [], "reserve": []}
    wanted = [0] * len(allocation.cells)
    taken: set[tuple[str, int]] = set()
    for number, line in _lines(path):
        job = line.job
        problem = _problem(job, index, allocation, rows, taken)
        if problem:
            raise UserError(
                f"line {number} of {str(path)!r}: {problem}; mend the line, or delete the file to plan anew"
            )
        taken.add((job.dataset_id, job.row))
        k = index[job.candidate_id]
        jobs[line.use].append((k, job.row, job.seed))
        wanted[k] += line.use == "job"
    cells = tuple(
        PlannedCell(candidate_id=c.candidate_id, subtask_id=c.subtask_id, dataset_id=c.dataset_id, items=n)
        for c, n in zip(allocation.cells, wanted, strict=True)
    )
    if not jobs["job"]:
        raise UserError(f"{str(path)!r} has no jobs; delete the file to plan anew")
    return Plan(cells, queue_of(cells, jobs["job"]), queue_of(cells, jobs["reserve"]))


def _lines(path: Path) -> Iterator[tuple[int, PlanLine]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield number, PlanLine.model_validate_json(line)
            except ValidationError as error:
                said = error.errors()[0]["msg"]
                raise UserError(f"line {number} of {str(path)!r} is not a job: {said}; {MEND}") from error


def _problem(
    job: Job, index: Mapping[str, int], allocation: Allocation, rows: Mapping[str, int], taken: set[tuple[str, int]]
) -> str:
    if job.candidate_id not in index:
        return f"no candidate is called {job.candidate_id!r}; there are {sorted(index)}"
    cell = allocation.cells[index[job.candidate_id]]
    if (job.subtask_id, job.dataset_id) != (cell.subtask_id, cell.dataset_id):
        return f"the candidate {job.candidate_id!r} belongs to {cell.subtask_id!r} and {cell.dataset_id!r}"
    if job.row >= rows[job.dataset_id]:
        return f"row {job.row} is not in {job.dataset_id!r}, which has {rows[job.dataset_id]} rows"
    if (job.dataset_id, job.row) in taken:
        return f"row {job.row} of {job.dataset_id!r} is used twice"
    return ""
