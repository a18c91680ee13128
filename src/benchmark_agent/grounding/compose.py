"""Typed recipes: how a construction can be bound to the fields of a dataset, and whether a recipe type-checks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from benchmark_agent.content import Modality
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import UserError
from benchmark_agent.grounding.types import Bind, Recipe, Step
from benchmark_agent.sources.cards import DatasetCard, Field, Role
from benchmark_agent.tools import Param, Tool

MOST_BINDINGS = 4
"""Bindings of one construction to one dataset that are tried."""


def compose(subtask: Subtask, card: DatasetCard, tools: Sequence[Tool]) -> list[Recipe]:
    """Every recipe for this subtask on this dataset that type-checks, best first.

    A construction is bound to fields by value type and role. Where a parameter finds no field, one tool that makes
    the type it wants out of a field of the same role is put before it. Where the subtask requires images and the
    construction shows none, a tool that renders its input is put behind it. Tools that ask a model are used only where
    the subtask names them.
    """
    by_name = {tool.name: tool for tool in tools}
    silent = [tool for tool in tools if not tool.asks]
    found: list[Recipe] = []
    more = (tool.name for tool in silent if subtask.capability in tool.realizes)
    for name in dict.fromkeys((*subtask.constructions, *more)):
        if name not in by_name or not may_serve(by_name[name], subtask):
            continue
        for steps in bindings(by_name[name], card, subtask, silent):
            found.append(Recipe(steps=tuple(steps)))
            found.extend(_rendered(steps, by_name[name], subtask, silent))
    return found


def may_serve(construct: Tool, subtask: Subtask) -> bool:
    """Whether its items could have a kind and modalities the subtask allows."""
    bound = [param for param in construct.params if not param.several]
    media = {kind for param in bound for kind in param.types if kind in ("image", "audio")}
    optional = any("phrase" in param.types for param in bound if "image" in param.types)
    allowed = optional or media <= set(subtask.modalities)
    return construct.constructs and allowed and bool(set(construct.answer_kinds) & set(subtask.answer_kinds))


@dataclass(frozen=True, slots=True)
class _Pick:
    """What one parameter reads."""

    sources: tuple[str, ...]
    before: Step | None = None
    """The step that writes it."""


def bindings(construct: Tool, card: DatasetCard, subtask: Subtask, tools: Sequence[Tool]) -> Iterator[list[Step]]:
    """Steps that end with the construction, bound to the dataset's fields; at most `MOST_BINDINGS`."""
    before = _offered(tools, subtask)
    choices = [_picks(param, card, before, construct, subtask.modalities) for param in construct.params]
    sensible = (_steps(construct, picked) for picked in product(*choices) if _sensible(construct, picked))
    yield from islice((steps for steps in sensible if construct.asks or not drops_evidence(steps, card)), MOST_BINDINGS)


def _steps(construct: Tool, picked: Sequence[_Pick]) -> list[Step]:
    reads = tuple(
        Bind(param=param.name, source=source)
        for param, pick in zip(construct.params, picked, strict=True)
        for source in pick.sources
    )
    return [*(pick.before for pick in picked if pick.before), Step(tool=construct.name, reads=reads)]


def _picks(
    param: Param, card: DatasetCard, tools: Sequence[Tool], construct: Tool, within: tuple[Modality, ...]
) -> list[_Pick]:
    if param.several:
        chosen = several_for(param, card, within)
        return [_Pick(chosen)] if chosen or param.optional else []
    direct = [_Pick((field.name,)) for field in fields_for(param, card)]
    if direct or param.many:
        return direct
    return list(islice(_converted(param, card, tools, construct), 2))


def several_for(param: Param, card: DatasetCard, within: tuple[Modality, ...]) -> tuple[str, ...]:
    """Fields a parameter that takes any number of them reads when nobody says which.

    What the row shows (passage, dialogue, table, picture, sound), or, where it shows nothing, every field; nothing
    when the parameter may stay unbound, or when all the row shows is of a modality no item may have: a question and
    its answer say nothing without it.
    """
    if param.optional:
        return ()
    offered = [field for field in fields_for(param, card) if field.modality in within]
    shown = [field for field in offered if field.role in EVIDENCE_ROLES]
    unseen = not shown and any(field.modality not in within for field in card.with_role(*EVIDENCE_ROLES))
    return () if unseen else tuple(field.name for field in shown or offered)


def _converted(param: Param, card: DatasetCard, tools: Sequence[Tool], construct: Tool) -> Iterator[_Pick]:
    for tool in tools:
        single = len(tool.params) == 1 and not tool.companions and tool.makes in param.types
        if tool.name == construct.name or not single:
            continue
        wanted = Param(tool.params[0].name, tool.params[0].types, tool.params[0].roles or param.roles, many=False)
        for field in fields_for(wanted, card):
            slot = f"{param.name}_{tool.name}"
            read = Bind(param=tool.params[0].name, source=field.name)
            yield _Pick((f"@{slot}",), Step(tool=tool.name, reads=(read,), writes=slot))


def fields_for(param: Param, card: DatasetCard) -> list[Field]:
    """Fields a parameter may be bound to: right type, and the roles it names, best first."""
    right = [field for field in card.fields if field.type in param.types and field.role not in HIDDEN_ROLES]
    if not param.roles:
        return right
    return [field for role in param.roles for field in right if field.role == role]


def _sensible(construct: Tool, picked: Sequence[_Pick]) -> bool:
    """No field serves two single parameters; a companions' parameter reads what its single twin reads."""
    bound = [
        (param, pick.sources[0]) for param, pick in zip(construct.params, picked, strict=True) if not param.several
    ]
    return is_sensible(construct, bound)


def is_sensible(construct: Tool, bound: Sequence[tuple[Param, str]]) -> bool:
    """The same, of parameters and what each reads; those that take several fields left out."""
    single = {param.name: source for param, source in bound if not param.many}
    if len(set(single.values())) < len(single):
        return False
    many = [(param, source) for param, source in bound if param.many]
    if len({source for _, source in many}) < len(many):
        return False
    for param, source in many:
        read = [single[twin.name] for twin in twins(construct, param) if twin.name in single]
        if read and source not in read:
            return False
    return True


def twins(construct: Tool, param: Param) -> list[Param]:
    """Parameters that read of the row itself what `param` reads of other rows."""
    return [
        other
        for other in construct.params
        if not other.many and not other.several and (other.types, other.roles) == (param.types, param.roles)
    ]


HIDDEN_ROLES: tuple[Role, ...] = ("id", "metadata")
"""What no tool reads."""
EVIDENCE_ROLES: tuple[Role, ...] = ("context", "dialog", "table", "image", "audio")


def drops_evidence(steps: Sequence[Step], card: DatasetCard) -> bool:
    """Whether a recipe asks the row's own question without all of what the row shows with it, or answers it unasked.

    A dataset's question is about its context, dialogue, table or picture, and was written for its options; shown
    without them, nobody can answer, or more than one answer is right. Numbers need no options.
    """
    names = {bind.source for step in steps for bind in step.reads}
    if not any(field.name in names for field in card.with_role("question")):
        answered = any(field.name in names for field in card.with_role("answer"))
        return answered and bool(card.with_role("question"))
    read = [field for field in card.fields if field.name in names]
    if any(not _is_read(field, read) for field in card.with_role(*EVIDENCE_ROLES)):
        return True
    numeric = any(field.role == "answer" and field.type == "number" for field in read)
    return not numeric and any(field.name not in names for field in card.with_role("options"))


def _is_read(evidence: Field, read: Sequence[Field]) -> bool:
    """Itself, the whole value it is a part of, or another reading of the same evidence (a dialogue out of a text)."""
    return any(
        field.name == evidence.name
        or (field.path == evidence.path and (not field.parse or field.role in EVIDENCE_ROLES))
        for field in read
    )


def _offered(tools: Sequence[Tool], subtask: Subtask) -> list[Tool]:
    """Tools that may stand before a construction: of those that draw, only tables, where a picture is asked for.

    None that speaks or plays: what is to be heard, a construction for sounds says itself. None that searches: what a
    page says, a model must read first.
    """
    silent = [tool for tool in tools if tool.makes != "audio" and not tool.searches]
    return [
        tool
        for tool in silent
        if tool.makes != "image" or ("image" in subtask.requires and tool.params[0].types == ("table",))
    ]


def _rendered(steps: list[Step], construct: Tool, subtask: Subtask, tools: Sequence[Tool]) -> Iterator[Recipe]:
    """The recipe with one tool behind it that draws or speaks what it shows, where that is asked for and not done.

    Of several such tools those that realize the subtask's capability, if any does.
    """
    shown = {kind for param in construct.params for kind in param.types} | {construct.drawn}
    named = [tool for tool in tools if subtask.capability in tool.realizes and _reworks(tool)]
    for tool in named or tools:
        wanted = tool.drawn in subtask.requires and tool.drawn not in shown
        if wanted and _reworks(tool):
            first = steps[-1].model_copy(update={"writes": "plain"})
            read = Bind(param=tool.params[0].name, source="@plain")
            yield Recipe(steps=(*steps[:-1], first, Step(tool=tool.name, reads=(read,))))


def _reworks(tool: Tool) -> bool:
    return tool.makes == "composed" and [param.types for param in tool.params] == [("composed",)]


def type_errors(recipe: Recipe, card: DatasetCard, tool_named: Callable[[str], Tool]) -> list[str]:
    """What is wrong with a recipe on a dataset, in words; empty when it type-checks."""
    errors: list[str] = []
    slots: dict[str, str] = {}
    for number, step in enumerate(recipe.steps, 1):
        try:
            tool = tool_named(step.tool)
        except UserError as error:
            errors.append(f"step {number}: {error}")
            continue
        errors += [f"step {number} ({tool.name!r}): {problem}" for problem in _step_errors(step, tool, card, slots)]
        slots[step.writes] = tool.makes
    if slots.get("item") != "composed":
        errors.append("the last step must be a construction that writes 'item'")
    return errors


def _step_errors(step: Step, tool: Tool, card: DatasetCard, slots: dict[str, str]) -> Iterator[str]:
    given: dict[str, list[str]] = {}
    for bind in step.reads:
        given.setdefault(bind.param, []).append(bind.source)
    params = {param.name: param for param in tool.params}
    for name in sorted(given.keys() - params.keys()):
        yield f"there is no parameter {name!r}; it has {sorted(params)}"
    for name, param in sorted(params.items()):
        yield from _count_errors(param, given.get(name, []))
    for name, sources in sorted(given.items()):
        for source in sources if name in params else ():
            if problem := _bind_error(params[name], source, card, slots):
                yield problem
    yield from _argument_errors(step, tool)


def _count_errors(param: Param, sources: Sequence[str]) -> Iterator[str]:
    if not sources and not param.optional:
        yield f"the parameter {param.name!r} is not bound{'; it takes one field or more' if param.several else ''}"
    if len(sources) > 1 and not param.several:
        yield f"the parameter {param.name!r} is bound to {list(sources)}; it takes one"
    elif len(set(sources)) < len(sources):
        yield f"the parameter {param.name!r} reads a field twice: {list(sources)}"


def _bind_error(param: Param, source: str, card: DatasetCard, slots: dict[str, str]) -> str:
    if source.startswith("@"):
        if param.many:
            return f"{param.name!r} reads a field of other rows, not the slot {source!r}"
        if source[1:] not in slots:
            return f"{param.name!r} reads the slot {source!r}, which no earlier step writes"
        kind = slots[source[1:]]
    else:
        field = card.field(source)
        if field is None:
            return f"the dataset {card.id!r} has no field {source!r}; it has {[f.name for f in card.fields]}"
        if param.several and (problem := _role_error(param, field)):
            return problem
        kind = field.type
    if kind not in param.types:
        return f"{param.name!r} takes {' or '.join(param.types)}, and {source!r} is {kind}"
    return ""


def _role_error(param: Param, field: Field) -> str:
    if field.role in HIDDEN_ROLES:
        return f"{param.name!r} reads {field.name!r}, which is {field.role} and must not be shown"
    if param.roles and field.role not in param.roles:
        return f"{param.name!r} takes fields that are {' or '.join(param.roles)}, and {field.name!r} is {field.role}"
    return ""


def _argument_errors(step: Step, tool: Tool) -> Iterator[str]:
    defaults = dict(tool.arguments)
    for argument in step.args:
        if argument.name not in defaults:
            yield f"there is no argument {argument.name!r}; it has {sorted(defaults)}"
        elif type(argument.value) is not type(defaults[argument.name]):
            wanted = type(defaults[argument.name]).__name__
            yield f"the argument {argument.name!r} is {argument.value!r}, not a {wanted}"
