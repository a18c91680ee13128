"""Tools read and write parts of a draft. One typed function is the whole tool.

Its parameters say what it needs, and nothing is written twice:

* a parameter of a value type (`Phrase`, `Number`, `Label`, `Image` ...; a union of them) is *bound* to a field of
  the row or to what an earlier step wrote. `Annotated[Phrase, "question"]` names the roles it accepts, first best;
* `tuple[Phrase, ...]` is bound to the same field of several *other* rows of the dataset (companions), aligned
  across all such parameters of one call;
* `tuple[Given, ...]` is bound to any number of fields of the row, with their names and roles; with a default of `()`
  it may stay unbound;
* `Random`, `Media`, `Web` and `Pen` are given by the run; a tool that takes a `Pen` asks a model, and is offered only
  when there is one;
* keyword-only parameters (`int`, `float`, `str`, `bool`, with defaults) are arguments a recipe may set.

What it returns is a value (a step) or a `Composed` (a construction: the last step but for Composed -> Composed ones).
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from types import UnionType
from typing import Annotated, Any, Literal, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from benchmark_agent.content import AnswerKind, Audio, Composed, Image, Part, Value, ValueType
from benchmark_agent.prompts import Prompt
from benchmark_agent.record import Record
from benchmark_agent.websearch import Search

Argument = str | int | float | bool
Shows = Literal["", "image", "audio"]
R = TypeVar("R", bound=Record)


class Media(Protocol):
    """Where a tool puts what it makes. Content-addressed: the same bytes are stored once."""

    def image(self, data: bytes) -> Image:
        """Store an encoded image (PNG, JPEG, WebP). Raises MediaError when it does not open or is blank."""
        ...

    def audio(self, data: bytes) -> Audio:
        """Store an encoded sound (WAV, FLAC, OGG). Raises MediaError when it does not open or is silent."""
        ...

    def read(self, part: Image | Audio) -> bytes: ...


class Web(Protocol):
    """Searches, each made once a run and kept with its results."""

    def search(self, query: str, most: int) -> Search:
        """At most `most` results. Raises ToolError when the search fails."""
        ...


class Given(Record):
    """One field of the row, as a tool that takes any number of them sees it."""

    name: str
    role: str
    value: Value


class Brief(Record):
    """What a model that writes must know besides the row."""

    goal: str
    subtask: str
    """Name of the subtask."""
    description: str
    answer_kinds: tuple[AnswerKind, ...]
    """Kinds the item may have."""
    target_signal: str
    languages: tuple[str, ...] = ()
    """Languages the item may be in; empty means that of the row."""
    flaws: tuple[str, ...] = ()
    """What was wrong with the last try at this row; empty at the first."""
    adapt: bool = True
    """Whether the writer may say that the row does not fit."""


class Pen(Protocol):
    """Asks the model that writes."""

    @property
    def brief(self) -> Brief: ...

    def ask(self, prompt: Prompt, answer: type[R], parts: tuple[Part, ...] = (), **values: object) -> R:
        """The writer's reply to the rendered prompt, followed by `parts` (images and audio it should see or hear).

        Raises:
            ModelError: no usable reply.
            Unreached, BudgetReached: the call was not made.
        """
        ...


@dataclass(frozen=True, slots=True)
class Param:
    name: str
    types: tuple[str, ...]
    """Value types accepted, as in `ValueType`, or `composed`."""
    roles: tuple[str, ...]
    """Roles accepted, best first; empty accepts any."""
    many: bool
    """Bound to the same field of companion rows."""
    several: bool = False
    """Bound to any number of fields of the row."""
    optional: bool = False
    """May stay unbound."""


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    description: str
    """First paragraph of the docstring; what the planner reads."""
    params: tuple[Param, ...]
    arguments: tuple[tuple[str, Argument], ...]
    """Keyword arguments a recipe may set, with their defaults."""
    makes: str
    """The value type it writes, or `composed`."""
    run: Callable[..., Any]
    wants: tuple[tuple[str, str], ...] = ()
    """Parameters given by the run: (name, `random`, `media`, `web` or `pen`)."""
    answer_kinds: tuple[AnswerKind, ...] = ()
    """Constructions only: what kinds of answer its items have."""
    signal: str = ""
    """Constructions only: the target signal, i.e. the evidence that must be needed."""
    realizes: tuple[str, ...] = ()
    """Constructions only: capabilities it realizes besides those whose entry in the catalogue names it."""
    companions: int = 0
    """How many other rows one call reads."""
    version: str = "1"
    shows: Shows = ""
    """Medium it makes out of what it reads, or puts text into; empty: an image when it asks for a place to put one."""
    missing: Callable[[], str] = lambda: ""
    """Says what is not installed here (empty: it runs). A tool that cannot run is not offered."""

    @property
    def constructs(self) -> bool:
        return self.makes == "composed"

    @property
    def drawn(self) -> Shows:
        """The medium it makes itself."""
        media = any(want == "media" for _, want in self.wants)
        return self.shows or ("image" if media and self.makes in ("image", "composed") else "")

    @property
    def asks(self) -> bool:
        """Whether it needs a model."""
        return any(want == "pen" for _, want in self.wants)

    @property
    def searches(self) -> bool:
        """Whether it looks things up."""
        return any(want == "web" for _, want in self.wants)


def _value_types(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) in (Union, UnionType):
        return tuple(name for arm in get_args(hint) for name in _value_types(arm))
    return (hint.__name__.lower(),)


def _param(name: str, hint: Any, default: Any) -> Param:
    roles: tuple[str, ...] = ()
    if get_origin(hint) is Annotated:
        hint, *marks = get_args(hint)
        roles = tuple(str(mark) for mark in marks)
    many = get_origin(hint) is tuple
    if many:
        hint = get_args(hint)[0]
    if hint is Given:
        return Param(name, get_args(ValueType), roles, many=False, several=True, optional=default == ())
    return Param(name, _value_types(hint), roles, many)


_GIVEN: dict[Any, str] = {Random: "random", Media: "media", Web: "web", Pen: "pen"}


def _build(function: Callable[..., Any], **extra: Any) -> Tool:
    doc = inspect.getdoc(function)
    if not doc:
        raise TypeError(f"tool {function.__name__!r} needs a docstring: it is what the planner reads")
    hints = get_type_hints(function, include_extras=True)
    makes = _value_types(hints.pop("return"))[0]
    params, arguments, wants = [], [], []
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        if hint in _GIVEN:
            wants.append((name, _GIVEN[hint]))
        elif parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            arguments.append((name, parameter.default))
        else:
            params.append(_param(name, hint, parameter.default))
    described = " ".join(doc.split("\n\n")[0].split())
    return Tool(function.__name__, described, tuple(params), tuple(arguments), makes, function, tuple(wants), **extra)


def runs_here() -> str:
    """Nothing is missing."""
    return ""


def tool(
    *,
    version: str = "1",
    companions: int = 0,
    shows: Shows = "",
    realizes: tuple[str, ...] = (),
    missing: Callable[[], str] = runs_here,
) -> Callable[[Callable[..., Any]], Tool]:
    """Make a tool of a typed function that writes a value, or reworks a `Composed`.

    Args:
        shows: the medium it puts text into, when it reworks a `Composed`.
        realizes: capabilities of the catalogue whose items it reworks, and no other such tool does.
        missing: says what must be installed before it runs; empty when it runs.
    """
    return lambda function: _build(
        function, version=version, companions=companions, shows=shows, realizes=realizes, missing=missing
    )


def construction(
    *,
    kinds: tuple[AnswerKind, ...],
    signal: str,
    companions: int = 0,
    version: str = "1",
    realizes: tuple[str, ...] = (),
    shows: Shows = "",
    missing: Callable[[], str] = runs_here,
) -> Callable[[Callable[..., Composed]], Tool]:
    """Make a construction of a typed function that returns a `Composed`.

    Args:
        kinds: answer kinds its items have.
        signal: the target signal in a few words: the evidence that must be needed.
        companions: how many other rows of the dataset one call reads.
        realizes: capabilities of the catalogue that a plugin's construction shall be offered for.
        shows: the medium it makes out of what it reads.
        missing: says what must be installed before it runs; empty when it runs.
    """
    return lambda function: _build(
        function,
        answer_kinds=kinds,
        signal=signal,
        companions=companions,
        version=version,
        realizes=realizes,
        shows=shows,
        missing=missing,
    )
