"""What a planner model answers when it designs. Forgiving where a weak model errs and nothing is lost by it."""

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from benchmark_agent.content import AnswerKind, Modality
from benchmark_agent.record import Record


def _listed(given: object, between: str = r"[,;\n]") -> object:
    """A list, where a model wrote one thing, nothing, or things with commas between them."""
    if given is None:
        return ()
    if isinstance(given, str):
        return tuple(part.strip() for part in re.split(between, given) if part.strip())
    return (given,) if isinstance(given, int | float) else given


def _lined(given: object) -> object:
    return _listed(given, "\n")


def _number(given: object) -> object:
    """A weight, where a model wrote `30%`; 1 where it wrote words."""
    if given is None or isinstance(given, str):
        found = re.search(r"-?\d+(?:\.\d+)?", given or "")
        return float(found.group()) if found else 1.0
    return given


def _said(given: object) -> object:
    return given.strip().lower() if isinstance(given, str) else given


def _of(literal: object) -> dict[str, Any]:
    """Schema of a list of known words; others are read as far as they go, not turned away."""
    return {"items": {"type": "string", "enum": list(get_args(literal))}}


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Lines = Annotated[tuple[str, ...], BeforeValidator(_lined)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(_listed)]


class SubtaskIdea(Record):
    name: str = Field(description="The skill, in two to five words.")
    asks: str = Field("", description="What an item shows and what it asks; one or two sentences.")
    covers: Numbers = Field((), description="Numbers of the parts of the goal it covers, from 1.")
    answer_kinds: Words = Field((), json_schema_extra=_of(AnswerKind))
    modalities: Words = Field((), description="What an item's input may hold.", json_schema_extra=_of(Modality))
    requires: Words = Field((), description="Of these, what no item can do without.", json_schema_extra=_of(Modality))
    target_signal: str = Field("", description="The evidence in the input that must be needed to answer.")
    difficulty: str = Field("", description="How hard the goal wants it, and what in an item makes it so.")
    search: Words = Field((), description="Words to find fitting datasets with.")
    capability: str = Field(
        "", description="The listed way of asking, by name, where it asks exactly this; else empty."
    )
    weight: Annotated[float, BeforeValidator(_number)] = Field(1.0, description="Share of the benchmark, 0-1.")


class Gap(Record):
    part: int
    """Number of the part of the goal, from 1."""
    reason: str = ""


def _gaps(given: object) -> object:
    """A sentence instead of numbered parts names none: what no subtask covers is counted by code."""
    return () if given is None or isinstance(given, str) else given


Gaps = Annotated[tuple[Gap, ...], BeforeValidator(_gaps)]


class Proposal(Record):
    parts: Lines = Field((), description="What the goal wants measured, part by part, in its own words.")
    wishes: Lines = Field((), description="Further explicit wishes: `obeyed: ...` or `refused: ...` with the reason.")
    subtasks: tuple[SubtaskIdea, ...] = ()
    not_covered: Gaps = ()


class Judgement(Record):
    subtask: int
    """Its number, from 1."""
    problem: str = Field("", description="What must change, or why it must go; empty when it is kept.")
    verdict: Annotated[Literal["keep", "revise", "discard"], BeforeValidator(_said)] = "keep"


class Review(Record):
    judgements: tuple[Judgement, ...] = ()
    missing: Lines = Field((), description="What the goal asks for and no subtask covers, though the pool could.")
    fine: bool = Field(False, description="True when nothing must be revised or added.")


class Revision(Record):
    subtasks: tuple[SubtaskIdea, ...] = ()
    not_covered: Gaps = ()
