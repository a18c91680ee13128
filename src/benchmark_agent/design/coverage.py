"""Which parts of a goal the pool's datasets are about."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from benchmark_agent.design.catalogue import catalogue
from benchmark_agent.design.goal import Folded
from benchmark_agent.design.keywords import alike
from benchmark_agent.design.understanding import Part, Topic
from benchmark_agent.lexical import terms
from benchmark_agent.sources.cards import DatasetCard

_ENOUGH = 0.5
"""Share, 0-1, of a phrase of unknown words that one dataset must be about, by rarity of its words."""


def card_text(card: DatasetCard) -> str:
    """What grounding judges a card's subject by."""
    return " ".join((card.name, card.description, *card.topics, card.id.replace("-", " ")))


def title_text(card: DatasetCard) -> str:
    """What says what a card is about, without the small words of its description; and what its fields hold."""
    return " ".join((card.name, *card.topics, card.id.replace("-", " "), *(field.label for field in card.fields)))


@lru_cache(maxsize=50_000)
def _spoken(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def spoken(card: DatasetCard) -> frozenset[str]:
    """The terms of a card: what its dataset is about."""
    return _spoken(card_text(card))


@dataclass(frozen=True, slots=True)
class Domain:
    """What the data must be about, and what of that the pool lacks."""

    topics: tuple[Topic, ...]
    """What some dataset is about, in the order of the goal."""
    missing: tuple[Part, ...]
    """Parts no dataset that is otherwise right is about."""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for topic in self.topics for word in topic.words))


def find_domain(phrases: Sequence[tuple[Part, ...]], cards: Sequence[DatasetCard]) -> Domain:
    """Match the goal's subjects and unknown words with the cards.

    A phrase is covered when one dataset is about every subject in it; one of unknown words only, when one dataset is
    about more than half of it, rare words weighing more. Its most specific covered part is what cards must speak of.
    """
    missing: list[Part] = []
    topics: list[Topic] = []
    for phrase in _in_cards_words(_without_optional(phrases, cards), cards):
        best, covered = _best(phrase, cards)
        missing.extend(part for part in phrase if part not in covered)
        if covered:
            span = (phrase[0].span[0], phrase[-1].span[1])
            topics.append(Topic(span, tuple(_words(covered, best, cards)), *_as_subjects(covered)))
    return Domain(tuple(topics), tuple(missing))


def _as_subjects(parts: Sequence[Part]) -> tuple[bool, str]:
    """Whether all of the parts are optional, and the capability that asks about them."""
    known = {subject.id: subject for subject in catalogue().subjects}
    subjects = [known.get(part.subject) for part in parts]
    asked_by = next((subject.asked_by for subject in subjects if subject and subject.asked_by), "")
    return all(subject and subject.optional for subject in subjects), asked_by


def _without_optional(phrases: Sequence[tuple[Part, ...]], cards: Sequence[DatasetCard]) -> list[tuple[Part, ...]]:
    optional = {subject.id for subject in catalogue().subjects if subject.optional}
    left = [
        tuple(part for part in phrase if part.subject not in optional or any(_is_about(card, part) for card in cards))
        for phrase in phrases
    ]
    return [phrase for phrase in left if phrase]


def _is_about(card: DatasetCard, part: Part) -> bool:
    """Subjects may stand anywhere in the card; an unknown word counts only where the card says what it is about."""
    return part.covered_by(spoken(card) if part.subject else _spoken(title_text(card)))


def _words(covered: tuple[Part, ...], best: str, cards: Sequence[DatasetCard]) -> list[str]:
    """Words cards must speak of: those of the narrowest part; the dataset's name where only its fields are meant."""
    ranked = sorted(covered, key=lambda p: (not p.subject, sum(_is_about(card, p) for card in cards), p.span))
    for part in ranked:
        said = [word for word in part.words if any(set(terms(word)) & spoken(card) for card in cards)]
        if said:
            return list({tuple(terms(word)): word for word in reversed(said)}.values())[::-1]
    return [best]


def _best(phrase: tuple[Part, ...], cards: Sequence[DatasetCard]) -> tuple[str, tuple[Part, ...]]:
    """Name of the dataset that is about most of the phrase, and those parts; none when the phrase is not covered."""
    weight = {part: _rarity(part, cards) for part in phrase}
    found: tuple[str, tuple[Part, ...]] = ("", ())
    for card in cards:
        covered = tuple(part for part in phrase if _is_about(card, part))
        if _is_enough(phrase, covered, weight) and _weight(covered, weight) > _weight(found[1], weight):
            found = (card.name, covered)
    return found


def _weight(parts: Iterable[Part], weight: dict[Part, float]) -> float:
    return sum(weight[part] for part in parts)


def _is_enough(phrase: tuple[Part, ...], covered: tuple[Part, ...], weight: dict[Part, float]) -> bool:
    subjects = [part for part in phrase if part.subject]
    if subjects:
        return all(part in covered for part in subjects)
    return _weight(covered, weight) > _ENOUGH * _weight(phrase, weight)


def _rarity(part: Part, cards: Sequence[DatasetCard]) -> float:
    return math.log(1 + len(cards) / (1 + sum(_is_about(card, part) for card in cards)))


def _in_cards_words(phrases: Sequence[tuple[Part, ...]], cards: Sequence[DatasetCard]) -> list[tuple[Part, ...]]:
    """Unknown words of which cards have another form only are given that form: `algebraic` for `algebra`."""
    if all(part.subject for phrase in phrases for part in phrase):
        return list(phrases)
    vocabulary = frozenset[str]().union(*(_spoken(title_text(card)) for card in cards))
    return [
        tuple(
            part if part.subject else replace(part, words=_forms(part.words[0], vocabulary, cards)) for part in phrase
        )
        for phrase in phrases
    ]


def _forms(word: str, vocabulary: frozenset[str], cards: Sequence[DatasetCard]) -> tuple[str, ...]:
    wanted = terms(word)
    if len(wanted) != 1 or wanted[0] in vocabulary:
        return (word,)
    near = sorted(term for term in vocabulary if alike(term, wanted[0]))
    return tuple(_written(near, cards)) or (word,)


def _written(wanted: Sequence[str], cards: Sequence[DatasetCard]) -> list[str]:
    """Words of the cards that have these terms, one for each: terms themselves are not words."""
    found: dict[str, str] = {}
    for card in cards:
        if not any(term in _spoken(title_text(card)) for term in wanted):
            continue
        for word in re.findall(r"\w+", title_text(card)):
            for term in terms(word):
                if term in wanted:
                    found.setdefault(term, word.lower())
    return [found[term] for term in wanted if term in found]


def named(parts: Iterable[Part], folded: Folded) -> list[str]:
    """The parts in the goal's words, neighbours together."""
    spans: list[tuple[int, int]] = []
    for part in sorted(parts, key=lambda each: each.span):
        if (
            spans
            and not re.search(r"[^\w\s\-]", folded.text[spans[-1][1] : part.span[0]])
            and (not terms(folded.text[spans[-1][1] : part.span[0]]))
        ):
            spans[-1] = (spans[-1][0], part.span[1])
        else:
            spans.append(part.span)
    return [folded.surface(span) for span in spans]
