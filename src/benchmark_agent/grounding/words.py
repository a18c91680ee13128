"""Datasets and recipes chosen by words, types and roles. Needs no model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmark_agent import lexical
from benchmark_agent.design.types import Subtask
from benchmark_agent.grounding.choosing import Findings, Judged, Offer, Pool, Round, Tried, unwanted
from benchmark_agent.grounding.compose import compose
from benchmark_agent.grounding.types import Fitness, Recipe
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.tools import Tool

NOT_ABOUT = "it is not about what the subtask asks for"
NO_FIELDS = "no construction of the subtask fits its fields"
MOST_DATASETS = 12
"""Datasets a subtask is dry-run on: the best aligned."""
MENTIONED = 0.3
"""Closeness of a card that has a word of the domain in its description only: used where no other names it."""


@dataclass(frozen=True, slots=True)
class WordChooser:
    """Offers every recipe that type-checks on the datasets that speak of what the subtask asks for."""

    requirement: Requirement
    pool: Pool
    tools: Sequence[Tool]

    def rounds(self, subtask: Subtask, found: Findings) -> Iterator[Round]:
        """A round for each dataset, best aligned first."""
        for card, recipes, alignment in self._datasets(subtask, found.refused)[:MOST_DATASETS]:
            offers = [Offer(card, recipe, alignment) for recipe in recipes]
            yield Round(offers, self.judge, alignment)

    def judge(self, subtask: Subtask, tried: Sequence[Tried]) -> list[Judged]:
        return [Judged(measure(each, self.pool.audit(each.offer.card.id).quality)) for each in tried]

    def _datasets(self, subtask: Subtask, refused: list[str]) -> list[tuple[DatasetCard, list[Recipe], float]]:
        """Datasets that may serve and their recipes, best first; why the others may not goes to `refused`."""
        asked = " ".join((self.requirement.goal, subtask.name, subtask.description, *subtask.topics))
        relevance = {card.id: score for card, score in self.pool.search(asked, len(self.pool.cards))}
        scored = []
        for card in self.pool.cards:
            alignment = align(subtask, card)
            recipes = compose(subtask, card, self.tools) if alignment else []
            if not alignment:
                refused.append(f"{card.id}: {NOT_ABOUT}")
            elif not recipes:
                refused.append(f"{card.id}: {NO_FIELDS}")
            elif reason := unwanted(card, self.requirement, self.pool.audit(card.id)):
                refused.append(f"{card.id}: {reason}")
            else:
                scored.append((card, recipes, alignment))
        named = [found for found in scored if closeness(subtask.domain, found[0]) > MENTIONED]
        refused += [f"{found[0].id}: it only mentions the subject" for found in scored if named and found not in named]
        return sorted(named or scored, key=lambda found: (-found[2], -relevance.get(found[0].id, 0.0), found[0].id))


def align(subtask: Subtask, card: DatasetCard) -> float:
    """How much the dataset is about what is asked for, 0-1; 0 means it must not be used.

    When the subtask has a domain, the card must speak of it (`closeness`). When the skill is in the data, the card
    must also share words with the skill. Words are compared by the light stemming of `lexical`.
    """
    about = set(lexical.terms(" ".join(subtask.topics))) - set(lexical.terms(" ".join(subtask.domain)))
    spoken = set(lexical.terms(" ".join((card.name, card.id.replace("-", " "), *card.topics, card.description))))
    near = closeness(subtask.domain, card)
    if not near or (subtask.skill_in == "data" and about and not about & spoken):
        return 0.0
    in_skill = min(1.0, len(about & spoken) / min(3, len(about))) if about and subtask.skill_in == "data" else 1.0
    return round(0.3 + 0.35 * near + 0.35 * in_skill, 4)


def closeness(domain: Sequence[str], card: DatasetCard) -> float:
    """1 when the card's name has a word of the domain (or there is no domain), 0.6 for its topics, 0.3 for its text."""
    asked = set(lexical.terms(" ".join(domain)))
    if not asked or asked & set(lexical.terms(f"{card.name} {card.id.replace('-', ' ')}")):
        return 1.0
    if asked & set(lexical.terms(" ".join(card.topics))):
        return 0.6
    return MENTIONED if asked & set(lexical.terms(card.description)) else 0.0


def measure(tried: Tried, quality: float) -> Fitness:
    """Fitness after a dry run: 0.4 alignment, 0.4 yield, 0.2 preservation, times the audit's factor `quality`."""
    alignment = tried.offer.alignment
    overall = quality * (0.4 * alignment + 0.4 * tried.share + 0.2 * tried.preservation)
    return Fitness(
        alignment=alignment,
        robustness=tried.share,
        preservation=tried.preservation,
        overall=round(min(1.0, overall), 4),
    )
