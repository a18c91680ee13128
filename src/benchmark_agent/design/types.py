"""What design hands on, and the feedback it accepts."""

from typing import Annotated, Literal

from pydantic import Field

from benchmark_agent.content import AnswerKind, Modalities
from benchmark_agent.record import Record


class Subtask(Record):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
    """Made by us, never by a model."""
    name: str
    description: str
    capability: str
    """Name of the capability in the catalogue it came from; empty when it came from a model."""
    answer_kinds: tuple[AnswerKind, ...]
    """Kinds an item may have."""
    modalities: Modalities
    """Modalities an item's input may have; an item has no others."""
    requires: Modalities = ()
    """Modalities every item's input must have."""
    target_signal: str
    """The evidence that must be needed to answer."""
    constructions: tuple[str, ...]
    """Names of the constructions that realize it, best first."""
    skill_in: Literal["data", "construction"]
    """`data`: the dataset must be about the skill; `construction`: the construction itself asks for it."""
    domain: tuple[str, ...] = ()
    """Words of the goal that say what this subtask's data must be about; empty when any data serve."""
    topics: tuple[str, ...] = ()
    """Words the dataset should be about: the goal's domain, and the skill's own words when the skill is in the data."""
    covers: tuple[str, ...] = ()
    """Parts of the goal it covers, in the goal's words; empty where nobody took the goal apart."""
    weight: Annotated[float, Field(gt=0, le=1)]
    """Share of the benchmark, 0-1."""


class Design(Record):
    topic: str
    subtasks: Annotated[tuple[Subtask, ...], Field(min_length=1)]
    not_covered: tuple[str, ...] = ()
    """Parts of the goal that nothing covers, in the goal's words."""
    domain: tuple[str, ...] = ()
    """Words of the goal that say what the data must be about, of all subtasks together; for people to read."""
    wishes: tuple[str, ...] = ()
    """Explicit wishes found in the goal or flags, and how each was obeyed."""
    discarded: tuple[str, ...] = ()
    """Subtasks considered and dropped or merged, each with its reason."""


class Feedback(Record):
    """Why a later stage sent a subtask back."""

    subtask_id: str
    stage: Literal["grounding", "allocation", "verification"]
    reason: str
