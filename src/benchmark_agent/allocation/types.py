"""What allocation hands on."""

from typing import Annotated, Literal

from pydantic import Field

from benchmark_agent.design.types import Feedback
from benchmark_agent.record import Record


class Cell(Record):
    candidate_id: str
    subtask_id: str
    dataset_id: str
    items: Annotated[int, Field(ge=0)]


class Quota(Record):
    subtask_id: str
    wanted: int
    """Items its weight asks for."""
    given: int
    cause: str = ""
    """Why given < wanted."""


class Diagnosis(Record):
    """Which constraint cannot be met, by how much, and what would fix it."""

    constraint: Literal["total", "floor", "share", "capacity"]
    subtask_id: str = ""
    dataset_id: str = ""
    short_by: int
    fix: str


class Allocation(Record):
    cells: tuple[Cell, ...]
    quotas: tuple[Quota, ...]
    shortfall: int
    """Items wanted and not allocated."""
    diagnosis: tuple[Diagnosis, ...] = ()
    sent_back: tuple[Feedback, ...] = ()
