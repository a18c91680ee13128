"""Which capabilities a design takes: those the goal asks for most, each part of the goal served, none twice."""

from collections.abc import Sequence
from typing import Protocol

from benchmark_agent.content import AnswerKind, Modality
from benchmark_agent.design.goal import Span
from benchmark_agent.design.situation import Situation
from benchmark_agent.design.understanding import Matched
from benchmark_agent.design.wishes import Wishes

KEEP_FROM = 0.3
"""Share, 0-1, of the best score from which a capability is proposed."""
KEEP_FOR_FEWEST = 0.15
"""The same, while there are fewer than `FEWEST` or than asked for."""
FEWEST, MOST = 3, 6
"""Between these lies the number of subtasks proposed at most, where nobody says how many."""
MOST_LISTED = 8
"""The same, for a goal that lists that many things."""
ITEMS_EACH, LEAST_EACH = 12, 6
"""Items a subtask should have, and has at least; small benchmarks get fewer subtasks."""


class Asking(Protocol):
    """What asks something: a capability of the catalogue, or a subtask."""

    @property
    def requires(self) -> tuple[Modality, ...]: ...
    @property
    def modalities(self) -> tuple[Modality, ...]: ...
    @property
    def answer_kinds(self) -> tuple[AnswerKind, ...]: ...


def wish_against(capability: Asking, wishes: Wishes) -> str:
    """Which wish rules the capability or subtask out; empty when none does."""
    if not set(capability.requires) <= set(wishes.modalities):
        return f"it needs {', '.join(capability.requires)} input, and only {', '.join(wishes.modalities)} is wanted"
    if not set(capability.modalities) & set(wishes.modalities):
        return f"its input is {', '.join(capability.modalities)}, and only {', '.join(wishes.modalities)} is wanted"
    if wishes.one_of and not set(capability.requires) & set(wishes.one_of):
        return f"it shows no {' or '.join(wishes.one_of)}, and every item must"
    if not set(capability.answer_kinds) & set(wishes.answer_kinds):
        return (
            f"its answers are {', '.join(capability.answer_kinds)}, and only {', '.join(wishes.answer_kinds)} is wanted"
        )
    return ""


def _limit(here: Situation, ranked: Sequence[Matched]) -> int:
    """A goal that lists many things gets a subtask for each while every one has a few items."""
    size = here.requirement.size
    listed = len({topic for each in ranked for topic in each.topics} | _with_own_data(ranked))
    return here.wishes.subtasks or max(
        FEWEST, min(MOST, size // ITEMS_EACH), min(MOST_LISTED, listed, size // LEAST_EACH)
    )


def _with_own_data(ranked: Sequence[Matched]) -> set[str]:
    return {each.capability.id for each in ranked if not each.topics and not each.capability.acts}


def chosen_of(here: Situation, ranked: Sequence[Matched]) -> list[Matched]:
    """The best candidates, and those that alone cover a part of the goal."""
    if not ranked:
        return []
    limit = min(_limit(here, ranked), here.requirement.size)
    best = ranked[0].score
    needed: list[Matched] = []
    covered: set[int] = set()
    for each in ranked:
        if each.places - covered and len(needed) < limit:
            needed.append(each)
            covered |= each.places
    others = [each for each in ranked if each not in needed]
    strong = [each for each in others if each.score >= KEEP_FROM * best]
    weak = [each for each in others if each not in strong and each.score >= KEEP_FOR_FEWEST * best]
    chosen = (needed + strong)[:limit]
    chosen += weak[: max(0, (here.wishes.subtasks or FEWEST) - len(chosen))]
    return [each for each in ranked if each in chosen]


def merged_of(chosen: Sequence[Matched], beside: Sequence[Matched] = ()) -> tuple[list[Matched], list[str]]:
    """Without those that would ask the same of the same data as a better one, or in text what one asks by ear."""
    kept: list[Matched] = []
    merged: list[str] = []
    for each in chosen:
        twin = next((k for k in (*beside, *kept) if _overlap(each, k)), None) or _by_ear(each, chosen)
        if twin is None:
            kept.append(each)
        else:
            merged.append(f"{each.capability.id}: merged into {twin.capability.id}, which asks the same")
    return kept, merged


def _by_ear(text: Matched, chosen: Sequence[Matched]) -> Matched | None:
    """The capability with sound that all words asking for this one, and others besides, ask for."""
    if text.capability.requires:
        return None
    heard = [each for each in chosen if "audio" in each.capability.requires and len(each.spans) > len(text.spans)]
    return next((each for each in heard if all(_meet(span, each.spans) for span in text.spans)), None)


def _meet(span: Span, others: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _overlap(less: Matched, more: Matched) -> bool:
    """Whether `less` would ask nothing that `more` does not ask of the same data."""
    one, other = less.capability, more.capability
    if one.requires != other.requires or (more.domain and not set(less.domain or ("",)) <= set(more.domain)):
        return False
    if one.target_signal == other.target_signal:
        return True
    if one.skill_in == "data" and not set(one.topics) & set(other.topics):
        return False
    same_data = one.general and bool(less.domain) and less.domain == more.domain
    if other.skill_in == "data" and one.skill_in != "data" and not same_data:
        return False
    return set(one.constructions) <= set(other.constructions)
