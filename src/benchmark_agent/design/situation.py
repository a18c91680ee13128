"""A goal, read against a pool: what it wishes, what it asks, and what the pool has of what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from benchmark_agent.design.coverage import Domain, card_text, find_domain, spoken
from benchmark_agent.design.goal import Goal, read_goal
from benchmark_agent.design.understanding import Topic, Understanding, understand
from benchmark_agent.design.wishes import Wishes, settle
from benchmark_agent.errors import UserError
from benchmark_agent.lexical import terms
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import DatasetCard


class PoolView(Protocol):
    """What design asks of the pool."""

    @property
    def cards(self) -> tuple[DatasetCard, ...]: ...

    def search(self, query: str, limit: int) -> list[tuple[DatasetCard, float]]:
        """Cards that share words with the query, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Situation:
    """A goal, read against a pool."""

    requirement: Requirement
    goal: Goal
    asked: Understanding
    wishes: Wishes
    cards: tuple[DatasetCard, ...]
    """Those the wishes allow."""
    domain: Domain
    held: tuple[str, ...]
    """Ids of all datasets of the pool."""
    nearest: tuple[str, ...]
    """Ids of the datasets that share most words with the goal."""


def situation(requirement: Requirement, pool: PoolView) -> Situation:
    """Read the goal, settle the wishes, and find what the pool has of what the goal is about.

    Raises:
        UserError: for wishes that contradict each other or that no dataset can obey.
    """
    goal = read_goal(requirement.goal)
    asked = understand(goal)
    wishes = settle(requirement, goal, asked.modalities)
    cards = _mixing(allowed(pool.cards, requirement, wishes), wishes)
    domain = _without_avoided(find_domain(asked.phrases, cards), asked, cards)
    domain = replace(domain, topics=_with_shown(domain.topics, asked, goal))
    return Situation(
        requirement,
        goal,
        asked,
        wishes,
        cards,
        domain,
        tuple(card.id for card in pool.cards),
        tuple(card.id for card, _ in pool.search(requirement.goal, 3)),
    )


def allowed(cards: Sequence[DatasetCard], requirement: Requirement, wishes: Wishes) -> tuple[DatasetCard, ...]:
    """The datasets whose licence and languages the wishes allow.

    Raises:
        UserError: when there are none.
    """
    found = tuple(card for card in cards if _allowed(card, requirement, wishes))
    if cards and not found:
        raise _none_allowed(cards, requirement, wishes)
    return found


def _allowed(card: DatasetCard, requirement: Requirement, wishes: Wishes) -> bool:
    if requirement.licences and card.licence not in requirement.licences:
        return False
    if not card.languages:
        return True
    spoken_here = set(card.languages) - set(wishes.without_languages)
    return bool(spoken_here & set(wishes.languages)) if wishes.languages else bool(spoken_here)


def _mixing(cards: Sequence[DatasetCard], wishes: Wishes) -> tuple[DatasetCard, ...]:
    """Where items must mix languages, the datasets whose cards say that they do: without a model nothing mixes them.

    Raises:
        UserError: when there are none.
    """
    found = tuple(card for card in cards if not wishes.mixes or read_goal(card_text(card)).mixes)
    if cards and not found:
        named = f" ({', '.join(wishes.mixed_languages)})" if wishes.mixed_languages else ""
        raise UserError(
            f"the goal wants items that mix languages{named}, and no dataset of the pool says that it does; a model "
            "can write such items: name one with '--model PROVIDER/MODEL', or give data with '--pool PATH'. For items "
            "that are each in one language, leave the mixing out of the goal and name the languages with '--language'"
        )
    return found


def _none_allowed(cards: Sequence[DatasetCard], requirement: Requirement, wishes: Wishes) -> UserError:
    if requirement.licences and not any(card.licence in requirement.licences for card in cards):
        held = ", ".join(sorted({card.licence for card in cards}))
        return UserError(
            f"no dataset of the pool has one of the licences {list(requirement.licences)}; they have: {held}. "
            "Allow one of these with '--licence', or give other data with '--pool PATH'"
        )
    held = ", ".join(sorted({code for card in cards for code in card.languages}))
    wanted = ", ".join(wishes.languages) or f"any but {', '.join(wishes.without_languages)}"
    return UserError(
        f"no dataset of the pool is in the languages asked for ({wanted}); it has: {held}. "
        "Ask for one of these with '--language', or give other data with '--pool PATH'"
    )


def _with_shown(topics: Sequence[Topic], asked: Understanding, goal: Goal) -> tuple[Topic, ...]:
    """With the clauses that name nothing but how data are shown: `photos`."""
    named = [*(topic.span for topic in topics), *(s for m in asked.matched for s in m.spans)]
    bare = [c for c in asked.clauses if c.modalities and not any(c.holds(span) for span in named)]
    shown = [Topic(next(span for _, span in goal.shown if clause.holds(span)), ()) for clause in bare]
    return tuple(sorted([*topics, *shown], key=lambda topic: topic.span))


def _without_avoided(domain: Domain, asked: Understanding, cards: Sequence[DatasetCard]) -> Domain:
    """The domain in words that no dataset about what the goal leaves out speaks.

    Raises:
        UserError: when there are none: the unwanted datasets cannot be told from the wanted ones.
    """
    unwanted = set(terms(" ".join(asked.avoided_words)))
    wanted = set(terms(" ".join(domain.words)))
    mixed = [card for card in cards if unwanted & spoken(card) and (not wanted or wanted & spoken(card))]
    if not mixed:
        return domain
    told = {word for word in domain.words if not any(set(terms(word)) & spoken(card) for card in mixed)}
    if not told:
        raise UserError(
            f"the goal leaves out {asked.avoided_words[0]!r}, and these datasets speak of it: "
            f"{some([card.id for card in mixed])}; give a pool without them with '--pool PATH'"
        )
    topics = [replace(t, words=tuple(word for word in t.words if word in told)) for t in domain.topics]
    return replace(domain, topics=tuple(topic for topic in topics if topic.words))


SHOWN = 12
"""Names a message lists at most."""


def some(names: Sequence[str], most: int = SHOWN) -> str:
    """Names in quotes, the first ones when there are many."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(repr(name) for name in names[:most]) + more
