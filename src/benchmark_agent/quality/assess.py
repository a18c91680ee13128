"""How good a benchmark is, from the scores of models on its items."""

from collections.abc import Sequence

import numpy as np

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import codes_of
from benchmark_agent.quality.consistency import along_family
from benchmark_agent.quality.figures import figure
from benchmark_agent.quality.irt import fit_2pl
from benchmark_agent.quality.items import item_figures
from benchmark_agent.quality.leaderboard import (
    Leaderboard,
    comparisons,
    leaderboard,
    standings,
    subtask_places,
    subtask_scores,
)
from benchmark_agent.quality.looking import (
    discrimination_measures,
    item_records,
    option_measures,
    suspects,
    suspects_note,
)
from benchmark_agent.quality.measures import (
    agreement,
    choices_gap,
    floor,
    room,
    shared_measures,
    source_spread,
    subtask_measures,
)
from benchmark_agent.quality.redundancy import Redundancy, redundant_items
from benchmark_agent.quality.responses import Responses
from benchmark_agent.quality.saying import subtask_warnings, unproven, warnings
from benchmark_agent.quality.types import Consistency, Family, Metric, QualityReport, SubtaskQuality


def assess(
    given: Responses, *, baselines: Sequence[str] = (), families: Sequence[Family] = (), seed: int = 0
) -> QualityReport:
    """Every figure of a benchmark from `given` scores.

    Models named in `baselines` are floors: they stand on the leaderboard without a rank and take no part in
    any other figure. `families` are checked for scores that rise with size.

    Raises:
        UserError: a name in `baselines` or `families` that was not run, or nothing but baselines.
    """
    competitors, floors = _apart(given, baselines)
    board = leaderboard(competitors, seed)
    found, fit = item_figures(competitors.scores), fit_2pl(competitors.scores)
    redundancy = redundant_items(competitors.scores, fit, seed)
    subtasks, together = _subtasks(competitors, board, seed)
    measured = (
        *shared_measures(competitors.scores, competitors.clusters, board.pairs, board.draws, seed),
        *source_spread(competitors.scores, competitors.clusters),
        *room(competitors.scores, competitors.clusters),
        *floor(competitors, floors),
        *choices_gap(competitors, floors),
        *discrimination_measures(found, len(competitors.models)),
        *option_measures(competitors),
        _redundant_share(redundancy, len(competitors.models)),
        *together,
    )
    names = competitors.items
    return QualityReport(
        models=len(competitors.models),
        items=len(names),
        sources=int(competitors.clusters.max()) + 1,
        seed=seed,
        metrics=measured,
        standings=standings(board, competitors, floors),
        groups=tuple(tuple(competitors.models[model] for model in group) for group in board.groups),
        comparisons=comparisons(board, competitors),
        subtasks=subtasks,
        item_figures=item_records(competitors, found, fit),
        suspects=suspects(competitors, found),
        suspects_note=suspects_note(len(competitors.models)),
        redundant=tuple(
            (names[int(one)], names[int(two)]) for one, two in zip(redundancy.first, redundancy.second, strict=True)
        ),
        consistency=_consistency(competitors, families, seed),
        warnings=warnings(competitors, {metric.name: metric for metric in measured}),
        unproven=unproven(competitors, floors, len(families)),
    )


def compare(given: Responses, *, baselines: Sequence[str] = (), seed: int = 0) -> Leaderboard:
    """The leaderboard alone: scores, ranks and tests.

    Raises:
        UserError: as `assess`.
    """
    return leaderboard(_apart(given, baselines)[0], seed)


def _apart(given: Responses, baselines: Sequence[str]) -> tuple[Responses, Responses]:
    _known(given, baselines, "baseline")
    named = set(baselines)
    rows = range(len(given.models))
    competitors = given.only([place for place in rows if given.models[place] not in named])
    if not competitors.models:
        raise UserError("only baselines were run; run at least one model")
    return competitors, given.only([place for place in rows if given.models[place] in named])


def _known(given: Responses, names: Sequence[str], what: str) -> None:
    for name in names:
        if name not in given.models:
            raise UserError(f"{what} '{name}' was not run; what was: {', '.join(map(repr, given.models))}")


def _subtasks(given: Responses, board: Leaderboard, seed: int) -> tuple[tuple[SubtaskQuality, ...], tuple[Metric, ...]]:
    """Each subtask's figures, and how they agree; nothing to agree with when there is one."""
    places = subtask_places(given)
    scored = subtask_scores(given)
    means = np.stack([estimates.value for estimates in scored.values()], axis=1)
    sizes = tuple(int(here.size) for here in places.values())
    together: tuple[Metric, ...] = ()
    each: dict[str, Metric] = {}
    if len(places) > 1:
        overall, each = agreement(means, tuple(places), sizes)
        together = (overall,)
    records = []
    for name, here in places.items():
        codes = codes_of(given.clusters[here], here.size)
        found = subtask_measures(given.scores[:, here], codes, board.by_subtask[name], seed)
        gap = next(metric.value for metric in found if metric.name == "detectable_gap")
        said = subtask_warnings(name, int(here.size), int(codes.max()) + 1, gap)
        found = (*found, each[name]) if name in each else found
        records.append(SubtaskQuality(subtask=name, items=int(here.size), metrics=found, warnings=said))
    return tuple(records), together


def _redundant_share(found: Redundancy, models: int) -> Metric:
    note = "share of items whose replies go with another's beyond chance, of those that vary enough"
    if models < 20:
        note += f"; from {models} models hardly any can be found, so few found says nothing"
    pairs = set(found.first.tolist()) | set(found.second.tolist())
    return figure(
        "redundancy", len(pairs) / found.looked_at if found.looked_at else float("nan"), found.looked_at, note
    )


def _consistency(given: Responses, families: Sequence[Family], seed: int) -> tuple[Consistency, ...]:
    found = []
    for family in families:
        _known(given, family.models, f"model of family '{family.name}':")
        rows = [given.models.index(name) for name in family.models]
        found.append(along_family(given.scores[rows], given.clusters, family, seed))
    return tuple(found)
