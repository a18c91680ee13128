"""What grounding hands on."""

from typing import Annotated

from pydantic import Field

from benchmark_agent.design.types import Feedback
from benchmark_agent.record import Record


class Bind(Record):
    param: str
    """Parameter of the tool."""
    source: str
    """Name of a field of the dataset's card, or `@slot` written by an earlier step."""


class Argument(Record):
    name: str
    value: str | int | float | bool


class Step(Record):
    tool: str
    """Name of a registered tool."""
    reads: tuple[Bind, ...]
    args: tuple[Argument, ...] = ()
    writes: str = "item"
    """Slot the result goes to; the last step writes `item`."""


class Recipe(Record):
    """A typed program over the fields of a row."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Fitness(Record):
    alignment: Annotated[float, Field(ge=0, le=1)]
    """How much the dataset is about what the subtask asks for, 0-1."""
    robustness: Annotated[float, Field(ge=0, le=1)]
    """Share of probe rows whose draft passed verification, 0-1."""
    preservation: Annotated[float, Field(ge=0, le=1)]
    """Share of accepted probe drafts whose target signal is needed, 0-1."""
    overall: Annotated[float, Field(ge=0, le=1)]


class Candidate(Record):
    id: str
    """`<subtask>.<n>`; jobs refer to it."""
    dataset_id: str
    recipe: Recipe
    fitness: Fitness
    capacity: Annotated[int, Field(ge=0)]
    """Rows expected to give an accepted item: effective rows times probe yield."""
    rows: Annotated[int, Field(ge=0)]
    """Rows that may be tried."""
    probes: int = 0
    """Rows the dry run tried."""
    probed: tuple[int, ...] = ()
    """Their ordinals, where trying them cost model calls: the plan begins with them, so that none is paid twice."""
    reasons: tuple[str, ...] = ()
    """Why probe rows failed, each with its count, and what the audit says of the dataset."""


class Grounded(Record):
    subtask_id: str
    candidates: tuple[Candidate, ...]
    """Best first."""
    refused: tuple[str, ...] = ()
    """Datasets or recipes looked at and not used, each with its reason."""


class Grounding(Record):
    subtasks: tuple[Grounded, ...]
    sent_back: tuple[Feedback, ...] = ()
