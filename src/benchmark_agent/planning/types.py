"""What planning hands on."""

from typing import Annotated

from pydantic import Field

from benchmark_agent.record import Record


class Job(Record):
    id: str
    """`<candidate>#<row>`."""
    subtask_id: str
    candidate_id: str
    dataset_id: str
    row: Annotated[int, Field(ge=0)]
    """Ordinal of the row it is made from."""
    seed: Annotated[int, Field(ge=0)]


class Plan(Record):
    """Kept as plan.jsonl: one job a line, the reserve after the jobs."""

    jobs: tuple[Job, ...]
    reserve: tuple[Job, ...]
    """Spare rows, used in order when verification rejects. No row stands twice in jobs and reserve."""
