"""What a planner is offered for a subtask: the datasets it sees, and the tools that can work on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from benchmark_agent import lexical
from benchmark_agent.content import Modality
from benchmark_agent.design.types import Subtask
from benchmark_agent.grounding.compose import bindings, fields_for, may_serve
from benchmark_agent.grounding.replies import Preferences
from benchmark_agent.grounding.shown import tool_line, visible
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.tools import Tool


@dataclass(frozen=True)
class Offering:
    """Datasets and tools for one subtask."""

    subtask: Subtask
    cards: tuple[DatasetCard, ...]
    tools: Sequence[Tool]
    """All there are."""
    most: int
    """Tools that make an item that are offered, of those that could: the nearest to the subtask."""
    most_helpers: int
    keep: tuple[str, ...] = ()
    """Tools that are offered in any case."""

    @cached_property
    def makers(self) -> list[Tool]:
        """Tools that make an item of some of the datasets."""
        able = [
            tool for tool in self.tools if any(can_serve(tool, self.subtask, card, self.tools) for card in self.cards)
        ]
        return self._nearest(able, self.most)

    @cached_property
    def helpers(self) -> list[Tool]:
        """Tools for a step before or behind them."""
        return self._nearest([tool for tool in self.tools if self._helps(tool)], self.most_helpers)

    @property
    def by_name(self) -> dict[str, Tool]:
        return {tool.name: tool for tool in (*self.makers, *self.helpers)}

    @property
    def maker_lines(self) -> list[str]:
        return [tool_line(tool, self.subtask.answer_kinds) for tool in self.makers]

    @property
    def helper_lines(self) -> list[str]:
        return [tool_line(tool, self.subtask.answer_kinds) for tool in self.helpers]

    def _nearest(self, tools: Sequence[Tool], most: int) -> list[Tool]:
        """Those to keep and those the subtask names first, then those that show what it requires, that ask a model,
        that ask the row's own question, that speak of the same.
        """
        subtask = self.subtask
        asked = set(lexical.terms(f"{subtask.name} {subtask.description} {subtask.target_signal}"))

        def far(tool: Tool) -> tuple[bool, bool, bool, bool, bool, int, str]:
            spoken = set(lexical.terms(f"{tool.name} {tool.description} {tool.signal}"))
            own = any("question" in param.roles for param in tool.params)
            first = tool.name not in self.keep, tool.name not in subtask.constructions
            return *first, not _shows(tool, subtask.requires), not tool.asks, not own, -len(asked & spoken), tool.name

        return sorted(tools, key=far)[:most]

    def _serves(self, tool: Tool) -> bool:
        return any(can_serve(tool, self.subtask, card, self.tools) for card in self.cards)

    def _helps(self, tool: Tool) -> bool:
        """Whether the tool may stand before a construction, or behind one, on some of the datasets."""
        if tool.answer_kinds or tool.companions or (_draws(tool) and "image" not in self.subtask.modalities):
            return False
        if _sounds(tool) and "audio" not in self.subtask.modalities:
            return False
        needed = [param for param in tool.params if not param.optional]
        if tool.constructs:
            return [param.types for param in needed] == [("composed",)]
        shown = (visible(card, self.subtask.modalities) for card in self.cards)
        return len(needed) == 1 and any(fields_for(needed[0], card) for card in shown)


def can_serve(tool: Tool, subtask: Subtask, card: DatasetCard, tools: Sequence[Tool]) -> bool:
    """Whether the construction can be bound to the dataset and could give items of the subtask."""
    if not may_serve(tool, subtask) or (_draws(tool) and subtask.modalities == ("text",)):
        return False
    if _sounds(tool) and "audio" not in subtask.modalities:
        return False
    return next(bindings(tool, card, subtask, [each for each in tools if not each.asks]), None) is not None


def _draws(tool: Tool) -> bool:
    return any(want == "media" for _, want in tool.wants)


def _sounds(tool: Tool) -> bool:
    """Whether it speaks or plays: which engines are installed must not change what is asked of texts and pictures."""
    return "audio" in (tool.drawn, tool.makes)


def _shows(tool: Tool, kinds: Sequence[Modality]) -> bool:
    """Whether its items could show all of these."""
    shown = {kind for param in tool.params for kind in param.types} | {"text"}
    return _draws(tool) or set(kinds) <= shown


def worth(card: DatasetCard, near: float, wishes: Preferences, requires: Sequence[Modality]) -> float:
    """How well a card answers the wishes, 0-1: words most, then fields, modalities and languages. No wish is a must.

    Args:
        near: how many of the words it shares, 0-1.
    """
    has = {str(kind) for field in card.fields for kind in (field.role, field.type)}
    roles = {role.strip().lower() for role in wishes.roles}
    wanted = {kind.strip().lower() for kind in wishes.modalities} | set(requires)
    spoken = {language.strip().lower()[:2] for language in wishes.languages}
    return (
        0.6 * near
        + 0.2 * (len(roles & has) / len(roles) if roles else 0)
        + 0.1 * (wanted <= set(card.modalities))
        + 0.1 * (not spoken or bool(spoken & set(card.languages)))
    )
