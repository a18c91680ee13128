"""A planner's idea of a recipe, made a recipe: names looked up, the obvious filled in, all of it checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain

from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import UserError
from benchmark_agent.grounding.compose import (
    EVIDENCE_ROLES,
    drops_evidence,
    fields_for,
    is_sensible,
    several_for,
    twins,
    type_errors,
)
from benchmark_agent.grounding.replies import StepIdea
from benchmark_agent.grounding.shown import cut, visible
from benchmark_agent.grounding.types import Argument, Bind, Recipe, Step
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.tools import Param, Tool

MOST_STEPS = 5
MOST_GUIDANCE = 400
"""Characters of guidance a writer is given."""
_BOUND = re.compile(r"\s*[`'\"]?(\w+)[`'\"]?\s*(?:=|<-|:)\s*(.+?)\s*", re.S)


class NotARecipe(UserError):
    """An idea that cannot be made a recipe; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads ideas for one dataset and one subtask."""

    card: DatasetCard
    subtask: Subtask
    tools: Mapping[str, Tool]
    """What is offered, by name."""

    def recipe(self, ideas: Sequence[StepIdea], guidance: str = "") -> Recipe:
        """The recipe the ideas mean.

        Raises:
            NotARecipe: they name what is not offered, do not type-check, or could not serve the subtask.
        """
        if not 1 <= len(ideas) <= MOST_STEPS:
            raise NotARecipe(f"it has {len(ideas)} steps; one to {MOST_STEPS} are possible, the last giving the item")
        draft = _Draft(self)
        for n, idea in enumerate(ideas, 1):
            draft.add(idea, last=n == len(ideas))
        recipe = guided(Recipe(steps=tuple(draft.steps)), self.tools, guidance)
        shown = visible(self.card, self.subtask.modalities)
        if errors := type_errors(recipe, shown, self.tools.__getitem__) or self._senseless(recipe):
            raise NotARecipe("; ".join(errors[:3]))
        return recipe

    def tool(self, name: str) -> Tool:
        found = re.match(r"\W*(\w+)", name)
        plain = found[1] if found else ""
        if plain not in self.tools:
            close = get_close_matches(plain, self.tools, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise NotARecipe(f"no tool here is called {cut(name, 40)!r}; there are {', '.join(self.tools)}.{hint}")
        return self.tools[plain]

    def _senseless(self, recipe: Recipe) -> list[str]:
        """What is wrong with a recipe that type-checks."""
        used = [(step, self.tools[step.tool]) for step in recipe.steps]
        errors = [f"{tool.name!r}: {reason}" for step, tool in used if (reason := _misbound(step, tool))]
        base = next(tool for _, tool in used if tool.constructs)
        if not set(base.answer_kinds) & set(self.subtask.answer_kinds):
            makes, wanted = ", ".join(base.answer_kinds) or "no item by itself", ", ".join(self.subtask.answer_kinds)
            errors.append(f"{base.name!r} makes {makes}, and the subtask wants {wanted}")
        if not base.asks and drops_evidence(recipe.steps, self.card):
            errors.append("it asks the row's own question, or gives its answer, without all that the question is about")
        errors += [
            problem for step, tool in used for problem in (*self._other_kind(step, tool), *self._told(step, tool))
        ]
        errors += [f"no item of it shows {kind}, which the subtask requires" for kind in self._lacking(recipe)]
        return errors

    def _other_kind(self, step: Step, tool: Tool) -> list[str]:
        """An answer kind the step is given that its items cannot have."""
        can = [kind for kind in tool.answer_kinds if kind in self.subtask.answer_kinds]
        named = [each.value for each in step.args if each.name == "kind" and each.value not in can]
        return [f"{tool.name!r}: there is no 'kind={kind}' here, only {', '.join(can)}" for kind in named if can]

    def _told(self, step: Step, tool: Tool) -> list[str]:
        """The row's own answer among what the solver is shown beside the evidence it follows from."""
        if not tool.asks or not (self.card.with_role("question") and self.card.with_role(*EVIDENCE_ROLES)):
            return []
        answers = {field.name for field in self.card.with_role("answer")}
        shown = [bind.source for bind in step.reads if bind.param == "evidence" and bind.source in answers]
        return [f"{tool.name!r} would show the solver the answer {name!r}; read it as 'background'" for name in shown]

    def _lacking(self, recipe: Recipe) -> list[str]:
        """Required modalities that nothing the recipe reads or makes could bring in."""
        read = {bind.source for step in recipe.steps for bind in step.reads}
        brought = {field.modality for field in self.card.fields if field.name in read}
        makers = [self.tools[step.tool] for step in recipe.steps]
        draws = any(want == "media" for tool in makers for _, want in tool.wants)
        return [kind for kind in self.subtask.requires if kind not in brought and kind != "text" and not draws]


def _misbound(step: Step, tool: Tool) -> str:
    params = {param.name: param for param in tool.params}
    bound = [(params[bind.param], bind.source) for bind in step.reads if not params[bind.param].several]
    if is_sensible(tool, bound):
        return ""
    return "two of its parameters read the same field, or companions read another field than the row itself"


def guided(recipe: Recipe, tools: Mapping[str, Tool], guidance: str) -> Recipe:
    """The recipe, the first step that takes guidance given it; unchanged where there is none to give."""
    said, steps = cut(guidance, MOST_GUIDANCE), recipe.steps
    at = next((n for n, step in enumerate(steps) if "guidance" in dict(tools[step.tool].arguments)), None)
    if at is None or not said:
        return recipe
    others = tuple(argument for argument in steps[at].args if argument.name != "guidance")
    told = steps[at].model_copy(update={"args": (*others, Argument(name="guidance", value=said))})
    return Recipe(steps=(*steps[:at], told, *steps[at + 1 :]))


@dataclass
class _Draft:
    """A recipe in the making."""

    reader: Reader
    steps: list[Step] = field(default_factory=list)

    def add(self, idea: StepIdea, *, last: bool) -> None:
        tool = self.reader.tool(idea.tool)
        reads = self._bound(idea.reads, tool)
        self._complete(reads, tool)
        binds = tuple(Bind(param=name, source=source) for name, sources in reads.items() for source in sources)
        args = tuple(filter(None, (_argument(text, tool) for text in idea.args)))
        self.steps.append(Step(tool=tool.name, reads=binds, args=args, writes="item" if last else self._slot(tool)))

    def _slot(self, tool: Tool) -> str:
        again = sum(step.tool == tool.name for step in self.steps)
        return f"{tool.name}_{again + 1}" if again else tool.name

    def _bound(self, reads: Sequence[str], tool: Tool) -> dict[str, list[str]]:
        bound: dict[str, list[str]] = {}
        names = {param.name for param in tool.params}
        for text in reads:
            found = _BOUND.fullmatch(text)
            named = found is not None and (found[1] in names or self._source(text) == "")
            name, said = (found[1], found[2]) if found and named else ("", text)
            for source in self._sources(said):
                bound.setdefault(name or self._taker(source, tool), []).append(source)
        return {name: list(dict.fromkeys(sources)) for name, sources in bound.items()}

    def _sources(self, said: str) -> list[str]:
        """Fields and slots of one text: a single one, or several with commas between them."""
        if whole := self._source(said):
            return [whole]
        parts = [part for part in re.split(r"\s*[,|]\s*|\s+and\s+", said.strip(" []()")) if part]
        return [self._source(part) or part.strip(" `'\"") for part in parts]

    def _source(self, said: str) -> str:
        """A field of the card or `@slot`, by name; empty when there is none."""
        plain = said.strip().strip("`'\"[]").strip()
        if plain.startswith("@"):
            written = [step.writes for step in self.steps]
            number = plain[1:]
            if number.isdigit() and 1 <= int(number) <= len(written):
                return f"@{written[int(number) - 1]}"
            return plain
        return plain if self.reader.card.field(plain) else self._meant(plain)

    def _meant(self, said: str) -> str:
        """The field meant by its role, or by the end of its name, where only one is; empty otherwise."""
        fields = visible(self.reader.card, self.reader.subtask.modalities).fields
        meant = [each.name for each in fields if said in (each.role, re.split(r"[.~]", each.name)[-1])]
        return meant[0] if len(meant) == 1 else ""

    def _taker(self, source: str, tool: Tool) -> str:
        """The parameter a field named without one is meant for."""
        single = [param for param in tool.params if not param.many]
        takers = [param for param in single if param.several and not param.optional] or [
            param for param in single if not param.several and self._fits(source, param)
        ]
        if len(takers) != 1:
            raise NotARecipe(f"{tool.name!r}: say which parameter reads {cut(source, 60)!r}, as 'parameter=field'")
        return takers[0].name

    def _fits(self, source: str, param: Param) -> bool:
        if source.startswith("@"):
            return True
        return any(field.name == source for field in fields_for(param, self.reader.card))

    def _complete(self, reads: dict[str, list[str]], tool: Tool) -> None:
        """Bind what goes without saying: the only field that fits, the item made before, companions as the row."""
        shown = visible(self.reader.card, self.reader.subtask.modalities)
        told = bool(reads)
        for param in tool.params:
            if param.name in reads or param.optional or param.many:
                continue
            if sources := self._obvious(param, shown, told):
                reads[param.name] = sources
        for param in tool.params:
            if param.many and param.name not in reads:
                taken = set(chain.from_iterable(reads[p.name] for p in tool.params if p.many and p.name in reads))
                same = [reads[twin.name][0] for twin in twins(tool, param) if twin.name in reads]
                if fresh := [source for source in same if source not in taken]:
                    reads[param.name] = fresh[:1]

    def _obvious(self, param: Param, shown: DatasetCard, told: bool) -> list[str]:
        if param.types == ("composed",):
            return [f"@{self.steps[-1].writes}"] if self.steps else []
        if param.several:
            return [] if told else list(several_for(param, shown, self.reader.subtask.modalities))
        fields = fields_for(param, shown)
        return [fields[0].name] if len(fields) == 1 else []


def _argument(text: str, tool: Tool) -> Argument | None:
    """`name=value` with the value in the argument's type; None where it says what holds anyway, or a name alone.

    Raises:
        NotARecipe: it is not of that form.
    """
    found = _BOUND.fullmatch(text)
    if found is None:
        names = [name for name, _ in tool.arguments]
        if text.strip("`'\" ") in (*names, *(param.name for param in tool.params)):
            return None  # weak models list what there is; a name alone changes nothing
        known = f"; its arguments: {', '.join(names)}" if names else "; it has none"
        raise NotARecipe(f"{tool.name!r}: write the argument {cut(text, 60)!r} as 'name=value'{known}")
    name, said = found[1], found[2].strip("`'\"")
    defaults = dict(tool.arguments)
    if name not in defaults:
        return Argument(name=name, value=cut(said, 60))
    value = _typed(said, defaults[name])
    return None if value == defaults[name] else Argument(name=name, value=value)


def _typed(said: str, default: str | int | float | bool) -> str | int | float | bool:
    """The text as a value of the default's type; as it is where it cannot be."""
    if isinstance(default, bool):
        return {"true": True, "yes": True, "false": False, "no": False}.get(said.lower(), said)
    if isinstance(default, int | float):
        try:
            return type(default)(said)
        except ValueError:
            return said
    return cut(said, MOST_GUIDANCE)
