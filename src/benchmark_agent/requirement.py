"""What the user asked for."""

from typing import Annotated, Literal

from pydantic import Field

from benchmark_agent.content import AnswerKind, Modalities
from benchmark_agent.record import Record


class Roles(Record):
    """Which model plays which role: names as `provider/model`, or of a plugin's model."""

    planner: str
    """Designs and grounds."""
    writer: str
    """Writes and mends items."""
    solvers: Annotated[tuple[str, ...], Field(min_length=1)]
    """Answer items blind, asked in this order for as long as the verdict is open."""
    judge: str
    """Judges items, without being told the key."""
    viewer: str = ""
    """Describes media for roles whose model cannot take them; empty where none is needed."""


Switch = Literal["design_review", "dry_run", "adaptation", "verification"]
"""What can be turned off to measure its worth: the designer's review, dry runs and their scores, a row's fitting and
second try, proof by models."""


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
    roles: Roles | None = None
    """None builds without a model."""
    direct: bool = False
    """Items from the goal alone, by the writer: the baseline the agents are measured against."""
    without: tuple[Switch, ...] = ()
    """Parts turned off."""

    def identity(self) -> str:
        """Content hash of what is built; a raised budget is the same requirement."""
        return self.model_copy(update={"budget": None}).fingerprint()
