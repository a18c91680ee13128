"""What a planner model answers when it grounds. Forgiving where a weak model errs and nothing is lost by it."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from benchmark_agent.record import Record


def _listed(given: object) -> object:
    """A list, where a model wrote one thing, nothing, several in one text, or an object of names and values."""
    if given is None:
        return ()
    if isinstance(given, dict):
        pairs = ((name, value if isinstance(value, list) else [value]) for name, value in given.items())
        return tuple(f"{name}={each}" for name, values in pairs for each in values)
    if isinstance(given, str):
        return tuple(part.strip() for part in re.split(r"[,;\n]", given) if part.strip())
    if isinstance(given, list | tuple):
        return tuple("=".join(map(str, each.values())) if isinstance(each, dict) else each for each in given)
    return given


def _some(given: object) -> object:
    """A list, where a model wrote nothing or the one thing by itself."""
    if given is None:
        return ()
    return (given,) if isinstance(given, dict) else given


def _said(given: object) -> object:
    return "" if given is None else given


def _share(given: object) -> object:
    """A share, where a model wrote `80%`."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", given) if isinstance(given, str) else None
    return float(found[1]) / 100 if found else given


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Saying = Annotated[str, BeforeValidator(_said)]
Share = Annotated[float, BeforeValidator(_share), Field(ge=0, le=1)]


class Preferences(Record):
    """Data that would serve a subtask."""

    row_must_hold: Saying = Field("", description="What a single row must contain, in a sentence.")
    search: Words = Field((), description="Words the cards of such datasets would contain.")
    roles: Words = ()
    modalities: Words = Field((), description="Of text, image, audio.")
    languages: Words = Field((), description="ISO 639-1 codes; empty when any will do.")


class StepIdea(Record):
    tool: str
    reads: Words = Field((), description="`parameter=field` each.")
    args: Words = Field((), description="`argument=value` each; usually none.")


Steps = Annotated[tuple[StepIdea, ...], BeforeValidator(_some)]


class Pick(Record):
    """A dataset and how its rows become items."""

    dataset: str
    fits: Saying = Field("", description="What in its rows shows that they can carry the subtask.")
    risks: Saying = ""
    steps: Steps = ()
    guidance: Saying = Field("", description="One or two sentences to the writer; empty where no step writes.")


class Choice(Record):
    missing: Saying = Field("", description="What no dataset here has, when none fits.")
    picks: Annotated[tuple[Pick, ...], BeforeValidator(_some)] = ()


class Score(Record):
    candidate: Saying = Field("", description="Its letter.")
    reason: Saying = Field("", description="What in the drafts decides, in one line.")
    task_alignment: Share
    data_coverage: Share
    simplicity: Share = 0.5
    risk: Share = 0.5
    overall: Share | None = None


class Scores(Record):
    scores: Annotated[tuple[Score, ...], BeforeValidator(_some)] = ()


class Remedy(Record):
    """A changed recipe."""

    cause: Saying = Field("", description="Why the drafts fail, in one line.")
    steps: Steps = Field((), description="The whole changed recipe; empty when no change would help.")
    guidance: Saying = ""
