"""Design -> Grounding: which datasets, and by what recipe, can carry each subtask."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from benchmark_agent.design.types import Design, Feedback, Subtask
from benchmark_agent.grounding.choosing import (
    KEEP_FROM,
    LEAST_YIELD,
    Chooser,
    Findings,
    Judged,
    Offer,
    Pool,
    Prober,
    Round,
    Spread,
    Tried,
    one_by_one,
)
from benchmark_agent.grounding.types import Candidate, Fitness, Grounded, Grounding
from benchmark_agent.grounding.words import NO_FIELDS, NOT_ABOUT, WordChooser, align
from benchmark_agent.requirement import Requirement
from benchmark_agent.tools import Tool

__all__ = ["Grounder", "align"]

NEAR = 0.1
"""Alignment, 0-1: datasets this much further off are used only when the nearer ones lack rows."""
ROOM = 2
"""Rows the nearer datasets must hold for each item wanted, for the further ones to be left out."""
MOST_CANDIDATES = 10
"""Candidates a subtask keeps."""
UNTRIED = "not dry-run: that was turned off"


@dataclass(frozen=True, slots=True)
class Grounder:
    """Takes what the chooser offers through a dry run, and keeps what stands it."""

    requirement: Requirement
    pool: Pool
    tools: Sequence[Tool]
    probe: Prober
    chooser: Chooser | None = None
    """None chooses by words and types."""
    spread: Spread = one_by_one
    """How subtasks, and the offers of a round, are worked through."""

    def ground(self, design: Design) -> Grounding:
        """Candidates for every subtask; those without one are sent back with the reasons."""
        grounded = tuple(self.spread(self._subtask, design.subtasks))
        sent_back = tuple(
            Feedback(subtask_id=each.subtask_id, stage="grounding", reason=_why(each))
            for each in grounded
            if not each.candidates
        )
        return Grounding(subtasks=grounded, sent_back=sent_back)

    def _subtask(self, subtask: Subtask) -> Grounded:
        chooser = self.chooser or WordChooser(self.requirement, self.pool, self.tools)
        found = Findings()
        rows, nearest, enough = 0, 0.0, ROOM * subtask.weight * self.requirement.size
        for turn in chooser.rounds(subtask, found):
            nearest = max(nearest, turn.alignment)
            if turn.alignment < nearest - NEAR and rows >= enough:
                name = turn.offers[0].card.id
                found.refused.append(f"{name}: others are closer to what is asked for and hold enough rows")
                continue
            fresh = list(self._round(subtask, turn, found.refused))
            rows += max((each.capacity for each in fresh), default=0)
            found.kept += fresh
        best = sorted(found.kept, key=lambda each: (-each.fitness.overall, each.dataset_id, each.recipe.fingerprint()))
        chosen = _varied(best, MOST_CANDIDATES)
        named = tuple(each.model_copy(update={"id": f"{subtask.id}.{n}"}) for n, each in enumerate(chosen, 1))
        return Grounded(subtask_id=subtask.id, candidates=named, refused=tuple(found.refused))

    def _round(self, subtask: Subtask, turn: Round, refused: list[str]) -> Iterator[Candidate]:
        if "dry_run" in self.requirement.without:
            yield from map(self._supposed, turn.offers)
            return
        tried = list(self.spread(partial(self._tried, subtask), turn.offers))
        for each, judged in zip(tried, turn.judge(subtask, tried), strict=True):
            if reason := _refusal(each, judged):
                refused.append(reason)
            else:
                yield self._candidate(each, judged)

    def _tried(self, subtask: Subtask, offer: Offer) -> Tried:
        return Tried(offer, self.probe(subtask, offer.card, offer.recipe))

    def _candidate(self, tried: Tried, judged: Judged) -> Candidate:
        offer, fitness = tried.offer, judged.fitness
        audit = self.pool.audit(offer.card.id)
        return Candidate(
            id="candidate",
            dataset_id=offer.card.id,
            recipe=offer.recipe,
            fitness=fitness,
            capacity=int(audit.effective_rows * fitness.robustness),
            rows=audit.effective_rows,
            probes=len(tried.probes),
            probed=tuple(probe.row for probe in tried.probes) if self._asks(offer) else (),
            reasons=(
                *tried.reasons,
                *offer.notes,
                *judged.notes,
                *(finding.message for finding in audit.findings if finding.severity != "note"),
            ),
        )

    def _supposed(self, offer: Offer) -> Candidate:
        """A candidate that nothing is known of but what its card says."""
        audit = self.pool.audit(offer.card.id)
        overall = round(audit.quality * offer.alignment, 4)
        return Candidate(
            id="candidate",
            dataset_id=offer.card.id,
            recipe=offer.recipe,
            fitness=Fitness(alignment=offer.alignment, robustness=0, preservation=0, overall=overall),
            capacity=audit.effective_rows,
            rows=audit.effective_rows,
            reasons=(UNTRIED, *offer.notes),
        )

    def _asks(self, offer: Offer) -> bool:
        asking = {tool.name for tool in self.tools if tool.asks}
        return any(step.tool in asking for step in offer.recipe.steps)


def _refusal(tried: Tried, judged: Judged) -> str:
    """Why the candidate is refused, with what was seen; empty when it is kept."""
    fitness = judged.fitness
    if fitness.robustness >= LEAST_YIELD and fitness.overall >= KEEP_FROM and not judged.refusal:
        return ""
    name = " > ".join(step.tool for step in tried.offer.recipe.steps)
    said = "; ".join(filter(None, (judged.refusal, *tried.reasons))) or "low fitness"
    return (
        f"{tried.offer.card.id} by {name}: fitness {fitness.overall:.2f}, "
        f"{fitness.robustness:.0%} of {len(tried.probes)} probes accepted ({said})"
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
