"""What tried candidates are worth, by a planner's scores and by what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmark_agent.grounding.choosing import Judged, Tried
from benchmark_agent.grounding.replies import Score
from benchmark_agent.grounding.shown import cut, ends, recipe_text
from benchmark_agent.grounding.types import Fitness

KEEP_SCORE = 0.53
"""Dataset score, 0-1, from which a candidate is kept (as in the paper's released code)."""
DRAFTS, MOST_DRAFT = 2, 700
"""Accepted drafts of a candidate that are shown, and the characters of each."""
LETTERS = "ABCDEFGH"
TYPICAL, WEIGHED = 0.8, 6
"""Yield of recipes on the whole, 0-1, and the probe rows it counts for: one rejection of three proves little."""
UNSCORED = "the planner gave no score for it"


@dataclass(frozen=True, slots=True)
class Seen:
    """A candidate as the scoring planner sees it."""

    letter: str
    dataset: str
    rows: int
    tried: int
    accepted: int
    recipe: str
    drafts: tuple[str, ...]
    reasons: str


def dataset_score(score: Score) -> float:
    """0.3 overall + 0.7 (0.45 alignment + 0.35 coverage + 0.10 simplicity + 0.10 (1 - risk)), 0-1.

    Source: arXiv 2606.06462, released code. An overall that was not given counts as the weighted part.
    """
    weighted = (
        0.45 * score.task_alignment + 0.35 * score.data_coverage + 0.10 * score.simplicity + 0.10 * (1 - score.risk)
    )
    overall = weighted if score.overall is None else score.overall
    return round(0.3 * overall + 0.7 * weighted, 4)


def expected_yield(tried: Tried) -> float:
    """Mean, 0-1, of a beta distribution with the prior above: what the rows that follow will yield."""
    return (len(tried.accepted) + TYPICAL * WEIGHED) / (len(tried.probes) + WEIGHED)


def judged(tried: Tried, score: Score | None, quality: float) -> Judged:
    """Fitness = audit factor `quality` x (0.6 dataset score + 0.4 expected yield).

    What the planner gave no score counts as scored just well enough: it chose it, and its drafts passed.
    """
    worth, alignment = (dataset_score(score), score.task_alignment) if score else (KEEP_SCORE, KEEP_SCORE)
    fitness = Fitness(
        alignment=alignment,
        robustness=tried.share,
        preservation=tried.preservation,
        overall=round(quality * (0.6 * worth + 0.4 * expected_yield(tried)), 4),
    )
    if score is None:
        return Judged(fitness, notes=(UNSCORED,))
    said = f"planner: {cut(score.reason, 200) or 'no reason given'} (score {worth:.2f}, risk {score.risk:.2f})"
    if worth < KEEP_SCORE:
        return Judged(fitness, refusal=f"{said}, and {KEEP_SCORE} is needed")
    return Judged(fitness, notes=(said,))


def seen_as(letter: str, tried: Tried) -> Seen:
    offer = tried.offer
    shown = [ends(probe.shown, MOST_DRAFT) for probe in tried.accepted[:DRAFTS]]
    return Seen(
        letter=letter,
        dataset=offer.card.id,
        rows=offer.card.rows,
        tried=len(tried.probes),
        accepted=len(tried.accepted),
        recipe=recipe_text(offer.recipe),
        drafts=tuple(shown),
        reasons="\n".join(tried.reasons),
    )


def scores_for(seen: Sequence[Seen], said: Sequence[Score]) -> list[Score | None]:
    """The first score given for each candidate, in their order."""
    by_letter: dict[str, Score] = {}
    for score in said:
        by_letter.setdefault(_letter(score.candidate, seen), score)
    return [by_letter.get(one.letter) for one in seen]


def _letter(said: str, seen: Sequence[Seen]) -> str:
    """The letter of the candidate a score is for; empty when it cannot be told."""
    letters = {one.letter for one in seen}
    words = said.replace("`", " ").replace(".", " ").replace(":", " ").split()
    found = [word.upper() for word in words if word.upper() in letters]
    if len(set(found)) == 1:
        return found[0]
    named = [one.letter for one in seen if one.dataset == said.strip(" `'\"")]
    return named[0] if len(named) == 1 else ""
