"""Typed recipes: how a construction can be bound to the fields of a dataset, and whether a recipe type-checks."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product

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
    construction shows none, a tool that renders its input is put behind it.
    """
    by_name = {tool.name: tool for tool in tools}
    found: list[Recipe] = []
    more = (tool.name for tool in tools if subtask.capability in tool.realizes)
    for name in dict.fromkeys((*subtask.constructions, *more)):
        if name not in by_name or not _may_serve(by_name[name], subtask):
            continue
        for steps in _bound(by_name[name], card, _offered(tools, subtask)):
            found.append(Recipe(steps=tuple(steps)))
            found.extend(_rendered(steps, by_name[name], subtask, tools))
    return found


def _may_serve(construct: Tool, subtask: Subtask) -> bool:
    """Whether its items could have a kind and modalities the subtask allows."""
    media = {kind for param in construct.params for kind in param.types if kind in ("image", "audio")}
    optional = any("phrase" in param.types for param in construct.params if "image" in param.types)
    allowed = optional or media <= set(subtask.modalities)
    return construct.constructs and allowed and bool(set(construct.answer_kinds) & set(subtask.answer_kinds))


def _bound(construct: Tool, card: DatasetCard, tools: Sequence[Tool]) -> Iterator[list[Step]]:
    choices = [_sources(param, card, tools, construct) for param in construct.params]
    seen = 0
    for picked in product(*choices):
        reads, before = [], []
        for param, (source, step) in zip(construct.params, picked, strict=True):
            reads.append(Bind(param=param.name, source=source))
            before += [step] if step else []
        steps = [*before, Step(tool=construct.name, reads=tuple(reads))]
        if not _sensible(construct, reads) or _drops_evidence(steps, card):
            continue
        yield steps
        seen += 1
        if seen == MOST_BINDINGS:
            return


def _sources(param: Param, card: DatasetCard, tools: Sequence[Tool], construct: Tool) -> list[tuple[str, Step | None]]:
    direct = [(field.name, None) for field in fields_for(param, card)]
    if direct or param.many:
        return [(name, None) for name, _ in direct]
    return list(islice(_converted(param, card, tools, construct), 2))


def _converted(
    param: Param, card: DatasetCard, tools: Sequence[Tool], construct: Tool
) -> Iterator[tuple[str, Step | None]]:
    for tool in tools:
        single = len(tool.params) == 1 and not tool.companions and tool.makes in param.types
        if tool.name == construct.name or not single:
            continue
        wanted = Param(tool.params[0].name, tool.params[0].types, tool.params[0].roles or param.roles, many=False)
        for field in fields_for(wanted, card):
            slot = f"{param.name}_{tool.name}"
            read = Bind(param=tool.params[0].name, source=field.name)
            yield f"@{slot}", Step(tool=tool.name, reads=(read,), writes=slot)


def fields_for(param: Param, card: DatasetCard) -> list[Field]:
    """Fields a parameter may be bound to: right type, and the roles it names, best first."""
    right = [field for field in card.fields if field.type in param.types and field.role not in ("id", "metadata")]
    if not param.roles:
        return right
    return [field for role in param.roles for field in right if field.role == role]


def _sensible(construct: Tool, reads: Sequence[Bind]) -> bool:
    """No field serves two single parameters; a companions' parameter reads what its single twin reads."""
    single = {p.name: b.source for p, b in zip(construct.params, reads, strict=True) if not p.many}
    if len(set(single.values())) < len(single):
        return False
    many = [(p, b.source) for p, b in zip(construct.params, reads, strict=True) if p.many]
    if len({source for _, source in many}) < len(many):
        return False
    for param, source in many:
        twins = [s for p, s in _twins(construct, single, param)]
        if twins and source not in twins:
            return False
    return True


EVIDENCE_ROLES: tuple[Role, ...] = ("context", "dialog", "table", "image", "audio")


def _drops_evidence(steps: Sequence[Step], card: DatasetCard) -> bool:
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
    """Tools that may stand before a construction: of those that draw, only tables, where a picture is asked for."""
    return [
        tool
        for tool in tools
        if tool.makes != "image" or ("image" in subtask.requires and tool.params[0].types == ("table",))
    ]


def _twins(construct: Tool, single: dict[str, str], param: Param) -> Iterator[tuple[Param, str]]:
    for other in construct.params:
        if not other.many and (other.types, other.roles) == (param.types, param.roles):
            yield other, single[other.name]


def _rendered(steps: list[Step], construct: Tool, subtask: Subtask, tools: Sequence[Tool]) -> Iterator[Recipe]:
    shows_image = any("image" in param.types for param in construct.params) or any(
        want == "media" for _, want in construct.wants
    )
    if "image" not in subtask.requires or shows_image:
        return
    for tool in tools:
        if tool.makes == "composed" and [param.types for param in tool.params] == [("composed",)]:
            first = steps[-1].model_copy(update={"writes": "plain"})
            read = Bind(param=tool.params[0].name, source="@plain")
            yield Recipe(steps=(*steps[:-1], first, Step(tool=tool.name, reads=(read,))))


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
    given = {bind.param: bind.source for bind in step.reads}
    params = {param.name: param for param in tool.params}
    for name in sorted(given.keys() - params.keys()):
        yield f"there is no parameter {name!r}; it has {sorted(params)}"
    for name in sorted(params.keys() - given.keys()):
        yield f"the parameter {name!r} is not bound"
    for name, source in sorted(given.items()):
        if name in params and (problem := _bind_error(params[name], source, card, slots)):
            yield problem
    defaults = dict(tool.arguments)
    for argument in step.args:
        if argument.name not in defaults:
            yield f"there is no argument {argument.name!r}; it has {sorted(defaults)}"
        elif type(argument.value) is not type(defaults[argument.name]):
            wanted = type(defaults[argument.name]).__name__
            yield f"the argument {argument.name!r} is {argument.value!r}, not a {wanted}"


def _bind_error(param: Param, source: str, card: DatasetCard, slots: dict[str, str]) -> str:
    if source.startswith("@"):
        if source[1:] not in slots:
            return f"{param.name!r} reads the slot {source!r}, which no earlier step writes"
        kind = slots[source[1:]]
    else:
        field = card.field(source)
        if field is None:
            return f"the dataset {card.id!r} has no field {source!r}; it has {[f.name for f in card.fields]}"
        kind = field.type
    if kind not in param.types:
        return f"{param.name!r} takes {' or '.join(param.types)}, and {source!r} is {kind}"
    return ""
