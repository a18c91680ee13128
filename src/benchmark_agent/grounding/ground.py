"""Design -> Grounding: which datasets, and by what recipe, can carry each subtask."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmark_agent import lexical
from benchmark_agent.design.types import Design, Feedback, Subtask
from benchmark_agent.errors import kind_of
from benchmark_agent.grounding.compose import compose
from benchmark_agent.grounding.types import Candidate, Fitness, Grounded, Grounding, Recipe
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import Audit, DatasetCard
from benchmark_agent.tools import Tool

KEEP_FROM = 0.45
"""Overall fitness, 0-1, from which a candidate is kept."""
LEAST_YIELD = 0.3
"""Probe yield, 0-1, under which a candidate is refused."""
NOT_ABOUT = "it is not about what the subtask asks for"
NO_FIELDS = "no construction of the subtask fits its fields"
MOST_DATASETS = 12
"""Datasets a subtask is dry-run on: the best aligned."""
MENTIONED = 0.3
"""Closeness of a card that has a word of the domain in its description only: used where no other names it."""
NEAR = 0.1
"""Alignment, 0-1: datasets this much further off are used only when the nearer ones lack rows."""
ROOM = 2
"""Rows the nearer datasets must hold for each item wanted, for the further ones to be left out."""
OWN_LANGUAGE = ("en",)
"""Language of the constructions' own sentences: what is asked about data that have none."""
MOST_CANDIDATES = 10
"""Candidates a subtask keeps."""


class Probe(Protocol):
    """One probe row's way through realization and verification."""

    @property
    def accepted(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def needs_evidence(self) -> bool: ...


class Pool(Protocol):
    """What grounding asks of the pool."""

    @property
    def cards(self) -> tuple[DatasetCard, ...]: ...
    def search(self, query: str, limit: int) -> list[tuple[DatasetCard, float]]: ...
    def audit(self, dataset_id: str) -> Audit: ...


Prober = Callable[[Subtask, DatasetCard, Recipe], Sequence[Probe]]
"""Dry-runs a recipe on a few rows."""


@dataclass(frozen=True, slots=True)
class Grounder:
    """Chooses datasets and recipes by types, words and dry runs. Needs no model."""

    requirement: Requirement
    pool: Pool
    tools: Sequence[Tool]
    probe: Prober

    def ground(self, design: Design) -> Grounding:
        """Candidates for every subtask; those without one are sent back with the reasons."""
        grounded = tuple(self._subtask(subtask) for subtask in design.subtasks)
        sent_back = tuple(
            Feedback(subtask_id=each.subtask_id, stage="grounding", reason=_why(each))
            for each in grounded
            if not each.candidates
        )
        return Grounding(subtasks=grounded, sent_back=sent_back)

    def _subtask(self, subtask: Subtask) -> Grounded:
        refused: list[str] = []
        kept: list[Candidate] = []
        found = self._datasets(subtask, refused)[:MOST_DATASETS]
        rows, enough = 0, ROOM * subtask.weight * self.requirement.size
        for card, recipes, alignment in found:
            if alignment < found[0][2] - NEAR and rows >= enough:
                refused.append(f"{card.id}: others are closer to what is asked for and hold enough rows")
                continue
            fresh = list(self._candidates(subtask, card, recipes, alignment, refused))
            rows += max((each.capacity for each in fresh), default=0)
            kept += fresh
        best = sorted(kept, key=lambda each: (-each.fitness.overall, each.dataset_id, each.recipe.fingerprint()))
        chosen = _varied(best, MOST_CANDIDATES)
        named = tuple(each.model_copy(update={"id": f"{subtask.id}.{n}"}) for n, each in enumerate(chosen, 1))
        return Grounded(subtask_id=subtask.id, candidates=named, refused=tuple(refused))

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
            elif reason := self._unwanted(card):
                refused.append(f"{card.id}: {reason}")
            else:
                scored.append((card, recipes, alignment))
        named = [found for found in scored if closeness(subtask.domain, found[0]) > MENTIONED]
        refused += [f"{found[0].id}: it only mentions the subject" for found in scored if named and found not in named]
        return sorted(named or scored, key=lambda found: (-found[2], -relevance.get(found[0].id, 0.0), found[0].id))

    def _unwanted(self, card: DatasetCard) -> str:
        wanted = self.requirement
        audit = self.pool.audit(card.id)
        if audit.refused:
            return audit.refused
        if wanted.licences and card.licence not in wanted.licences:
            return f"its licence is {card.licence}, and only {', '.join(wanted.licences)} are allowed"
        spoken = card.languages or OWN_LANGUAGE
        if wanted.languages and not set(spoken) & set(wanted.languages):
            return f"its language is {', '.join(spoken)}, and {', '.join(wanted.languages)} is wanted"
        return ""

    def _candidates(
        self, subtask: Subtask, card: DatasetCard, recipes: list[Recipe], alignment: float, refused: list[str]
    ) -> Iterator[Candidate]:
        audit = self.pool.audit(card.id)
        for recipe in recipes:
            name = " > ".join(step.tool for step in recipe.steps)
            probes = self.probe(subtask, card, recipe)
            fitness = measure(probes, alignment, audit.quality)
            reasons = _counted(probe.reason for probe in probes if not probe.accepted)
            if fitness.robustness < LEAST_YIELD or fitness.overall < KEEP_FROM:
                said = "; ".join(reasons) or "low fitness"
                refused.append(
                    f"{card.id} by {name}: fitness {fitness.overall:.2f}, "
                    f"{fitness.robustness:.0%} of {len(probes)} probes accepted ({said})"
                )
                continue
            yield Candidate(
                id="candidate",
                dataset_id=card.id,
                recipe=recipe,
                fitness=fitness,
                capacity=int(audit.effective_rows * fitness.robustness),
                rows=audit.effective_rows,
                probes=len(probes),
                reasons=(*reasons, *(f.message for f in audit.findings if f.severity != "note")),
            )


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


def measure(probes: Sequence[Probe], alignment: float, quality: float) -> Fitness:
    """Fitness of a candidate from its dry run: 0.4 alignment, 0.4 yield, 0.2 preservation, times the audit's factor."""
    accepted = [probe for probe in probes if probe.accepted]
    robustness = len(accepted) / len(probes) if probes else 0.0
    preservation = sum(probe.needs_evidence for probe in accepted) / len(accepted) if accepted else 0.0
    overall = quality * (0.4 * alignment + 0.4 * robustness + 0.2 * preservation)
    return Fitness(
        alignment=alignment, robustness=robustness, preservation=preservation, overall=round(min(1.0, overall), 4)
    )


def _varied(best: Sequence[Candidate], most: int) -> list[Candidate]:
    """The best, but no dataset and construction twice before every pair has had its turn."""
    turns: Counter[tuple[str, str]] = Counter()
    ranked = []
    for place, each in enumerate(best):
        pair = (each.dataset_id, each.recipe.steps[-1].tool)
        ranked.append((turns[pair], place, each))
        turns[pair] += 1
    return [each for _, _, each in sorted(ranked, key=lambda entry: entry[:2])][:most]


def _counted(reasons: Iterator[str]) -> tuple[str, ...]:
    return tuple(f"{reason} ({n})" for reason, n in Counter(map(kind_of, reasons)).most_common(4))


def _why(grounded: Grounded) -> str:
    """The reasons that say most: dry runs, then refusals, then what is about something else."""
    dull = [line for line in grounded.refused if line.endswith((NOT_ABOUT, NO_FIELDS))]
    telling = [line for line in grounded.refused if line not in dull]
    telling.sort(key=lambda line: " by " not in line)
    if telling:
        return "no dataset carries it: " + "; ".join(telling[:3])
    unfit = sum(line.endswith(NO_FIELDS) for line in dull)
    about = len(dull) - unfit
    return f"no dataset carries it: of {len(dull)}, {unfit} lack the fields and {about} are about something else"
