"""From what a planner proposed to subtasks: bounded, without doubles, within the wishes and what the pool can show."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import get_args

from benchmark_agent.content import AnswerKind, Modality
from benchmark_agent.design.catalogue import Capability, catalogue
from benchmark_agent.design.choosing import FEWEST, LEAST_EACH, MOST_LISTED, wish_against
from benchmark_agent.design.coverage import spoken
from benchmark_agent.design.designer import has_needed
from benchmark_agent.design.digest import capability_named, clipped
from benchmark_agent.design.goal import read_goal
from benchmark_agent.design.proposal import SubtaskIdea
from benchmark_agent.design.situation import PoolView, allowed
from benchmark_agent.design.types import Subtask
from benchmark_agent.design.understanding import understand
from benchmark_agent.design.wishes import ANSWER_KINDS, Wishes, settle
from benchmark_agent.lexical import terms
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.tools import Tool

NAME, ASKS, SIGNAL, DIFFICULTY, WORD, WORDS = 60, 400, 200, 200, 40, 8
"""Characters of what a planner says of a subtask; characters of a search word, and how many there are."""
FOREIGN = frozenset(("video", "videos", "film", "films", "movie", "movies", "animation", "animations"))
"""Media no item can show."""
ALIKE = 0.6
"""Share, 0-1, of the terms of two subtasks that both have, from which they are one."""
HEAVIEST = 4.0
"""A subtask weighs at most this many times as much as the mean, and at least as many times less."""
FROM_GOAL = "write_from_goal"
"""The tool that writes from the goal alone, for `--direct`; no design over data uses it."""
SHOWN_SIGNAL = "what the item shows"


@dataclass(frozen=True)
class Bounds:
    """What a design must keep to."""

    requirement: Requirement
    wishes: Wishes
    cards: tuple[DatasetCard, ...]
    """Those the wishes allow."""
    pool: PoolView
    tools: tuple[Tool, ...]
    """Tools that can run here."""

    @property
    def room(self) -> int:
        """Subtasks there may be."""
        size = self.requirement.size
        return min(size, self.wishes.subtasks or max(FEWEST, min(MOST_LISTED, size // LEAST_EACH)))

    @cached_property
    def shown(self) -> frozenset[Modality]:
        """Modalities the pool has, and audio where what it says can be spoken or played here."""
        made: tuple[Modality, ...] = ("audio",) if any(tool.drawn == "audio" for tool in self.tools) else ()
        return frozenset[Modality](("text", *made)).union(*(card.modalities for card in self.cards))

    @cached_property
    def usable(self) -> tuple[Capability, ...]:
        """Capabilities of the catalogue that can be asked."""
        return tuple(each for each in catalogue().capabilities if self.allows(each))

    def nearest(self, subtasks: Iterable[Subtask] = ()) -> list[str]:
        """Ids of datasets that share words with the goal and what the subtasks look for, nearest first."""
        words = [word for subtask in subtasks for word in (subtask.name, *subtask.topics)]
        found = self.pool.search(" ".join([self.requirement.goal, *words]), len(self.pool.cards))
        return [card.id for card, _ in found]

    def allows(self, capability: Capability) -> bool:
        """Whether no wish rules it out, and a dataset has its fields and is about it where that is needed."""
        about = set(terms(" ".join(capability.topics))) if capability.skill_in == "data" else set()
        shaped = [card for card in self.cards if has_needed(capability, card, self.shown)]
        return not wish_against(capability, self.wishes) and any(not about or about & spoken(card) for card in shaped)


def wishes_of(requirement: Requirement) -> Wishes:
    """Raises UserError for wishes that contradict each other."""
    goal = read_goal(requirement.goal)
    return settle(requirement, goal, understand(goal).modalities)


def bounds(requirement: Requirement, pool: PoolView, tools: Iterable[Tool]) -> Bounds:
    """Settle the wishes and what they leave of the pool.

    Raises:
        UserError: for wishes that contradict each other or that no dataset can obey.
    """
    wishes = wishes_of(requirement)
    cards = allowed(pool.cards, requirement, wishes)
    return Bounds(requirement, wishes, cards, pool, tuple(tool for tool in tools if tool.name != FROM_GOAL))


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of ideas."""

    subtasks: tuple[Subtask, ...]
    dropped: tuple[str, ...]
    """Those that became nothing, each with its reason."""
    broken: tuple[str, ...]
    """Of these, the ones that break a wish or ask for what the pool cannot show."""


def settled(
    ideas: Sequence[SubtaskIdea],
    parts: Sequence[str],
    within: Bounds,
    room: int,
    *,
    beside: Sequence[Subtask] = (),
    instead: Sequence[Subtask] = (),
) -> Settled:
    """The ideas as subtasks beside those that stand, and instead of those that do not; at most `room` of them."""
    kept: list[Subtask] = []
    dropped: list[str] = []
    broken: list[str] = []
    typical = fmean([each.weight for each in instead or beside] or [1 / HEAVIEST])
    for idea, factor in zip(ideas, _factors(ideas), strict=True):
        made = _subtask(idea, parts, within, min(1.0, typical * factor))
        if made is None:
            dropped.append("a subtask without name and task")
        elif reason := _foreign(idea) or _against(made, within):
            broken.append(f"{made.name}: {reason}")
        elif twin := next((each for each in (*beside, *kept) if alike(made, each)), None):
            dropped.append(f"{made.name}: merged into {twin.name!r}, which asks the same")
            kept = [_joined(each, made) if each is twin else each for each in kept]
        else:
            kept.append(made)
    chosen = _fitting(kept, room)
    dropped += [f"{each.name}: there is room for {room} subtasks" for each in kept if each not in chosen]
    return Settled(tuple(_with_ids(chosen, beside)), (*dropped, *broken), tuple(broken))


def _factors(ideas: Sequence[SubtaskIdea]) -> list[float]:
    """Weights against their mean; what is no weight counts as the mean."""
    given = [min(idea.weight, 1000.0) if idea.weight > 0 else None for idea in ideas]
    mean = fmean([weight for weight in given if weight] or [1.0])
    return [min(HEAVIEST, max(1 / HEAVIEST, (weight or mean) / mean)) for weight in given]


def _subtask(idea: SubtaskIdea, parts: Sequence[str], within: Bounds, weight: float) -> Subtask | None:
    """The idea as a subtask; None when it says nothing."""
    named = capability_named(idea.capability)
    capability = named if named in within.usable else None
    name = clipped(idea.name, NAME) or (capability.name if capability else "") or clipped(idea.asks, NAME)
    if not terms(name):
        return None
    asks = clipped(idea.asks, ASKS) or (capability.description if capability else name)
    hard = clipped(idea.difficulty, DIFFICULTY)
    kinds = _kinds(idea, capability, within.wishes)
    requires = _media(idea.requires) or (tuple(capability.requires) if capability else ())
    topics = _topics(idea.search)
    modalities = tuple(sorted({*requires, *_shown(idea, within.wishes)}))
    return Subtask(
        id="subtask",
        name=name,
        description=f"{asks} Difficulty: {hard}" if hard else asks,
        capability=capability.id if capability else "",
        answer_kinds=kinds,
        modalities=modalities,
        requires=requires,
        target_signal=clipped(idea.target_signal, SIGNAL) or (capability.target_signal if capability else SHOWN_SIGNAL),
        constructions=_constructions(kinds, modalities, requires, capability, within.tools),
        skill_in="data" if topics else "construction",
        topics=topics,
        covers=tuple(part for n, part in enumerate(parts, 1) if n in idea.covers or len(parts) == 1),
        weight=weight,
    )


def _kinds(idea: SubtaskIdea, capability: Capability | None, wishes: Wishes) -> tuple[AnswerKind, ...]:
    """Kinds the planner named, in its words or ours, as far as the wishes allow; else those wished, else a choice."""
    named: list[AnswerKind] = []
    for word in idea.answer_kinds:
        plain = word.strip().lower().replace(" ", "_").replace("-", "_")
        named += [plain] if plain in ANSWER_KINDS else read_goal(word).answer_kinds
    wanted = tuple(dict.fromkeys(named)) or (capability.answer_kinds if capability else ("choice",))
    return tuple(kind for kind in wanted if kind in wishes.answer_kinds) or wishes.answer_kinds


def _modality(word: str) -> Iterator[Modality]:
    plain = word.strip().lower()
    known = [each for each in get_args(Modality) if each == plain]
    yield from known or read_goal(word).modalities


def _media(words: Iterable[str]) -> tuple[Modality, ...]:
    """Text is never required: a question is text already."""
    return tuple(sorted({kind for word in words for kind in _modality(word) if kind != "text"}))


def _shown(idea: SubtaskIdea, wishes: Wishes) -> set[Modality]:
    named = {kind for word in idea.modalities for kind in _modality(word)} | {"text"}
    return {kind for kind in named if kind in wishes.modalities}


def _topics(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clipped(word, WORD) for word in words if terms(word)))[:WORDS]


def _constructions(
    kinds: Sequence[AnswerKind],
    modalities: Sequence[Modality],
    requires: Sequence[Modality],
    capability: Capability | None,
    tools: Sequence[Tool],
) -> tuple[str, ...]:
    """Those of the capability before the tools that write. Without one, those that write come first, and then only
    what keeps to the data: constructions that show the media required, or ask the dataset's own question."""
    fitting = [tool for tool in tools if _fits(tool, kinds, modalities, requires)]
    writers = [tool.name for tool in fitting if tool.asks]
    if capability:
        return tuple(dict.fromkeys((*capability.constructions, *writers)))
    own = [tool for tool in fitting if requires or any("question" in param.roles for param in tool.params)]
    return (*writers, *(tool.name for tool in own if not tool.asks))


def _fits(
    tool: Tool, kinds: Sequence[AnswerKind], modalities: Sequence[Modality], requires: Sequence[Modality]
) -> bool:
    """Whether its items can have a kind of answer that is wanted, show what is required and nothing else."""
    shows = {kind for param in tool.params for kind in param.types if kind in ("image", "audio")}
    needed = {k for p in tool.params if "phrase" not in p.types and not p.several for k in p.types} & shows
    return bool(set(tool.answer_kinds) & set(kinds)) and needed <= set(modalities) and set(requires) <= shows


def _foreign(idea: SubtaskIdea) -> str:
    """Why no item can show what the idea requires; empty where it names media there are, or none at all."""
    asked = sorted({word for each in idea.requires for word in each.lower().split()} & FOREIGN)
    return f"it needs {', '.join(asked)}, and items show text, pictures and sound" if asked else ""


def _against(subtask: Subtask, within: Bounds) -> str:
    """Why it cannot be asked: a wish, or what the pool cannot show; empty when it can."""
    reason = wish_against(subtask, within.wishes)
    drawn = catalogue()[subtask.capability].requires if subtask.capability else ()
    lacking = [kind for kind in subtask.requires if kind not in within.shown and kind not in drawn]
    if not reason and lacking:
        has = ", ".join(sorted(within.shown))
        return f"it needs {', '.join(lacking)} input, and the pool has only {has}"
    return reason


def alike(one: Subtask, other: Subtask) -> bool:
    """Whether two subtasks ask the same: their names are one, or most of their words are."""
    if one.requires != other.requires:
        return False
    names = set(terms(one.name)), set(terms(other.name))
    words = [set(terms(f"{each.name} {each.description}")) for each in (one, other)]
    return names[0] == names[1] or len(words[0] & words[1]) >= ALIKE * len(words[0] | words[1])


def _joined(one: Subtask, other: Subtask) -> Subtask:
    return one.model_copy(
        update={
            "covers": tuple(dict.fromkeys((*one.covers, *other.covers))),
            "topics": tuple(dict.fromkeys((*one.topics, *other.topics)))[:WORDS],
            "weight": min(1.0, one.weight + other.weight),
        }
    )


def _fitting(subtasks: Sequence[Subtask], room: int) -> list[Subtask]:
    """As many as there is room for: those that alone cover a part of the goal first, then the heaviest."""
    ranked = sorted(subtasks, key=lambda each: -each.weight)
    needed: list[Subtask] = []
    covered: set[str] = set()
    for each in ranked:
        if set(each.covers) - covered:
            needed.append(each)
            covered |= set(each.covers)
    chosen = [*needed, *(each for each in ranked if each not in needed)][:room]
    return [each for each in subtasks if each in chosen]


def _with_ids(subtasks: Iterable[Subtask], beside: Iterable[Subtask]) -> Iterator[Subtask]:
    """Each with an id of its own, made from its name."""
    taken = {each.id for each in beside}
    for subtask in subtasks:
        plain = unicodedata.normalize("NFKD", subtask.name).encode("ascii", "ignore").decode().lower()
        stem = "-".join(re.findall(r"[a-z0-9]+", plain))[:48].strip("-") or "subtask"
        n = next(n for n in range(1, len(taken) + 2) if _id(stem, n) not in taken)
        taken.add(_id(stem, n))
        yield subtask.model_copy(update={"id": _id(stem, n)})


def _id(stem: str, n: int) -> str:
    return stem if n == 1 else f"{stem}-{n}"
