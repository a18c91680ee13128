"""Plan -> Drafts: run each recipe on its row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmark_agent import seeds
from benchmark_agent.content import Composed, Value
from benchmark_agent.errors import JobError, SourceError, ToolError, Unfit, boundary
from benchmark_agent.grounding.types import Recipe, Step
from benchmark_agent.planning.types import Job
from benchmark_agent.realization.types import Draft, Failure, RowRef, Trace
from benchmark_agent.sources import Dataset, Row
from benchmark_agent.sources.cards import Field, Repair
from benchmark_agent.sources.values import mend, value_of
from benchmark_agent.tools import Given, Media, Param, Pen, Tool, Web
from benchmark_agent.websearch import Search

TRIES_A_COMPANION = 4
"""Rows looked at for each companion wanted, before the job is given up."""
_ONE_BY_ONE = 12
"""`Random.sample` draws one by one from more than 21 + 12 times what is drawn; then the sample of fewer is
the beginning of the sample of more."""


@dataclass(frozen=True)
class Workplace:
    """A dataset opened for work: its usable rows, its repairs, and where media go."""

    dataset: Dataset
    media: Media
    web: Web | None = None

    @cached_property
    def usable(self) -> npt.NDArray[np.int64]:
        """Ordinals of the rows that may be used, ascending. Shape (rows,)."""
        return usable_rows(self.dataset)

    @cached_property
    def repairs(self) -> Mapping[int, list[Repair]]:
        by_row: dict[int, list[Repair]] = {}
        for repair in self.dataset.audit.repairs:
            by_row.setdefault(repair.row, []).append(repair)
        return by_row

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        return {field.name: field for field in reversed(self.dataset.card.fields)}

    def row(self, ordinal: int) -> Row:
        """The row, mended where the audit says so. Raises SourceError when it cannot be read."""
        with boundary(f"row {ordinal} of {self.dataset.card.id!r}", SourceError):
            row = self.dataset.rows[ordinal]
            return mend(row, self.repairs[ordinal], self.dataset.card.fields) if ordinal in self.repairs else row

    def value(self, row: Row, name: str) -> Value:
        """The row's field `name` as a typed value.

        Raises:
            JobError: when it is missing, does not read as the card says, or its media do not open.
        """
        card = self.dataset.card
        field = self.fields.get(name)
        if field is None:
            raise SourceError(f"the card of {card.id!r} has no field {name!r}")
        with boundary(f"field {name!r} of row {row.ordinal} of {card.id!r}", SourceError):
            return value_of(card, field, row, self.dataset.rows.root, self.media)

    def reference(self, row: Row) -> RowRef:
        card = self.dataset.card
        return RowRef(dataset=card.id, row=row.id, ordinal=row.ordinal, licence=card.licence, digest=card.digest)


def usable_rows(dataset: Dataset) -> npt.NDArray[np.int64]:
    """Ordinals the audit left, ascending. Shape (rows,)."""
    every = np.arange(len(dataset.rows), dtype=np.int64)
    return np.setdiff1d(every, np.array(dataset.audit.unusable, dtype=np.int64), assume_unique=True)


@dataclass(frozen=True, slots=True)
class _Companion:
    """Another row of the dataset, with what the recipe reads of it."""

    row: Row
    values: Mapping[str, Value]


class _Searched:
    """Implements `tools.Web`, and remembers what one step searched for."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self.found: list[Search] = []

    def search(self, query: str, most: int) -> Search:
        self.found.append(self._web.search(query, most))
        return self.found[-1]


@dataclass
class _Bench:
    """One job at work: its row, its companions, the slots written so far."""

    job: Job
    place: Workplace
    row: Row
    companions: tuple[_Companion, ...]
    slots: dict[str, Any]
    pen: Pen | None
    searched: _Searched | None = None
    """Of the step that runs."""

    def bound(self, param: Param, sources: Sequence[str]) -> Any:
        if param.several:
            return tuple(each for each in map(self.given, sources) if each)
        source = sources[0]
        if source.startswith("@"):
            return self.slots[source[1:]]
        if param.many:
            return tuple(companion.values[source] for companion in self.companions)
        return self.place.value(self.row, source)

    def given(self, source: str) -> Given | None:
        """One of several fields; None where the row does not have it."""
        if source.startswith("@"):
            return Given(name=source[1:], role="", value=self.slots[source[1:]])
        field = self.place.dataset.card.field(source)
        try:
            return Given(name=source, role=field.role if field else "", value=self.place.value(self.row, source))
        except SourceError:  # what it cannot do without, the tool says
            return None

    def run(self, tool: Tool, step: Step) -> Any:
        sources: dict[str, list[str]] = {}
        for bind in step.reads:
            sources.setdefault(bind.param, []).append(bind.source)
        given: dict[str, Any] = {param.name: self.bound(param, sources.get(param.name, [])) for param in tool.params}
        given.update({name: self.wanted(want, step) for name, want in tool.wants})
        given.update({argument.name: argument.value for argument in step.args})
        with boundary(f"tool {tool.name!r}", ToolError):
            return tool.run(**given)

    def wanted(self, want: str, step: Step) -> Random | Media | Web | Pen:
        if want == "random":
            return Random(seeds.derive(self.job.seed, step.writes))
        if want == "media":
            return self.place.media
        if want == "web":
            if self.place.web is None:
                raise ToolError(f"the tool {step.tool!r} searches the web, and this run cannot")
            self.searched = _Searched(self.place.web)
            return self.searched
        if self.pen is None:
            raise ToolError(f"the tool {step.tool!r} asks a model, and none was named")
        return self.pen


def realize(
    job: Job, recipe: Recipe, place: Workplace, tools: Callable[[str], Tool], pen: Pen | None = None
) -> Draft | Failure:
    """Run a recipe on the job's row. What goes wrong with one sample is returned, not raised.

    Raises:
        Unreached, BudgetReached: a step that asks a model could not.
    """
    try:
        return _draft(job, recipe, place, tools, pen)
    except JobError as error:
        return Failure(job_id=job.id, subtask_id=job.subtask_id, boundary=type(error).__name__, message=str(error))


def _draft(job: Job, recipe: Recipe, place: Workplace, tools: Callable[[str], Tool], pen: Pen | None) -> Draft:
    row = place.row(job.row)
    bench = _Bench(job, place, row, _companions(job, recipe, place, tools), {}, pen)
    traces = []
    for step in recipe.steps:
        tool = tools(step.tool)
        bench.slots[step.writes] = bench.run(tool, step)
        args = tuple((argument.name, argument.value) for argument in step.args)
        searches = tuple(bench.searched.found) if bench.searched else ()
        traces.append(Trace(tool=tool.name, version=tool.version, args=args, wrote=step.writes, searches=searches))
        bench.searched = None
    body = bench.slots["item"]
    if not isinstance(body, Composed):
        raise ToolError(f"the recipe ends with a {type(body).__name__}, not with an item")
    return Draft(
        job_id=job.id,
        subtask_id=job.subtask_id,
        body=body,
        rows=tuple(place.reference(each) for each in (row, *(companion.row for companion in bench.companions))),
        trace=tuple(traces),
    )


def _companions(job: Job, recipe: Recipe, place: Workplace, tools: Callable[[str], Tool]) -> tuple[_Companion, ...]:
    """Other rows that have every field the recipe reads of them, drawn by the job's seed."""
    wanted = max(tools(step.tool).companions for step in recipe.steps)
    needed = sorted({name for step in recipe.steps for name in _read_of_companions(step, tools(step.tool))})
    if not wanted or not needed:
        return ()
    found: list[_Companion] = []
    for ordinal in _others(job, place.usable, wanted, wanted * TRIES_A_COMPANION):
        companion = _complete(ordinal, needed, place)
        if companion is not None:
            found.append(companion)
        if len(found) == wanted:
            return tuple(found)
    raise Unfit(f"{wanted} other rows are needed and {len(found)} were found with {', '.join(map(repr, needed))}")


def _read_of_companions(step: Step, tool: Tool) -> Iterator[str]:
    many = {param.name for param in tool.params if param.many}
    return (bind.source for bind in step.reads if bind.param in many and not bind.source.startswith("@"))


def _others(job: Job, usable: npt.NDArray[np.int64], usual: int, most: int) -> Iterator[int]:
    """Up to `most` rows in a drawn order. Of many, only the `usual` number is drawn at first: a sample begins alike."""
    every = min(len(usable), most + 1)
    given = 0
    for size in (usual + 1, every) if len(usable) > _ONE_BY_ONE * every + 21 else (every,):
        drawn = seeds.rng(job.seed, "companions").sample(range(len(usable)), size)
        for k in drawn[given:]:
            if usable[k] != job.row and most:
                most -= 1
                yield int(usable[k])
        given = size


def _complete(ordinal: int, needed: list[str], place: Workplace) -> _Companion | None:
    try:
        row = place.row(ordinal)
        return _Companion(row, {name: place.value(row, name) for name in needed})
    except JobError:  # a row without the field is no companion; its own job will say why
        return None
