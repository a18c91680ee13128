"""What the user asked for."""

from typing import Annotated

from pydantic import Field

from benchmark_agent.content import AnswerKind, Modalities
from benchmark_agent.record import Record


class Requirement(Record):
    goal: Annotated[str, Field(min_length=3)]
    """The evaluation goal, in the user's words."""
    size: Annotated[int, Field(ge=1, le=10_000_000)] = 60
    """Items wanted in the finished benchmark."""
    modalities: Modalities | None = None
    """Use only these; None lets the goal and the pool decide."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes; empty means any."""
    answer_kinds: tuple[AnswerKind, ...] = ()
    """Use only these; empty means any."""
    subtasks: Annotated[int, Field(ge=1, le=20)] | None = None
    """How many subtasks; None lets the design decide."""
    licences: tuple[str, ...] = ()
    """SPDX identifiers allowed; empty means any, `unknown` included."""
    pool: tuple[str, ...] = ()
    """Folders or files to draw from; empty means the starter pool."""
    seed: int = 0
    budget: Annotated[float, Field(ge=0)] | None = None
    """US dollars for model calls; None means no limit."""
