"""What realization hands on. A Draft is not an Item: nobody has checked it."""

from pydantic import Field

from benchmark_agent.content import Composed
from benchmark_agent.record import Record
from benchmark_agent.websearch import Search


class RowRef(Record):
    dataset: str
    row: str
    """The row's own id."""
    ordinal: int
    licence: str
    digest: str
    """Digest of the dataset the row was read from."""


class Trace(Record):
    tool: str
    version: str
    args: tuple[tuple[str, str | int | float | bool], ...] = ()
    wrote: str
    searches: tuple[Search, ...] = Field(default=(), exclude_if=lambda made: not made)
    """What the step looked up, with its results."""


class Draft(Record):
    job_id: str
    subtask_id: str
    body: Composed
    rows: tuple[RowRef, ...]
    """First the job's own row, then the companions that were read."""
    trace: tuple[Trace, ...]
    mended: tuple[str, ...] = ()
    """Flaws of an earlier try that were mended."""
    names: tuple[str, ...] = ()
    """File names and other metadata of the row, where an answer could leak."""


class Failure(Record):
    job_id: str
    subtask_id: str
    boundary: str
    """Class name of the error that was caught: `Unfit`, `ToolError`, `SourceError`, `MediaError`, `ModelError`;
    `Unreached` where nothing is known."""
    message: str
