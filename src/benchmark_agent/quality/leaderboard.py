"""Who leads, who cannot be told apart, and every pair tested."""

from dataclasses import dataclass

import numpy as np

from benchmark_agent.quality.arrays import Flags, Floats, Ints, bootstrap_means
from benchmark_agent.quality.figures import metric, number
from benchmark_agent.quality.intervals import Estimates, mean_intervals, row
from benchmark_agent.quality.paired import Pairs, all_pairs, benjamini_hochberg, holm
from benchmark_agent.quality.ranking import better_than, groups_of, rank_bounds, rank_intervals, ranks_of
from benchmark_agent.quality.responses import Responses
from benchmark_agent.quality.types import Comparison, Metric, Standing


@dataclass(frozen=True)
class Leaderboard:
    """The competitors (baselines left out) on the whole benchmark, models in the order given."""

    scores: Estimates
    draws: Floats
    """(draws, models) bootstrap means."""
    pairs: Pairs
    holm: Floats
    fdr: Floats
    better: Flags
    """(models, models): sure at 95 % after Holm."""
    order: Ints
    """Models, best first."""
    groups: tuple[tuple[int, ...], ...]
    """Models that cannot be told apart; see `ranking.groups_of`."""
    by_subtask: dict[str, Pairs]
    """Every pair on each subtask."""


def leaderboard(competitors: Responses, seed: int) -> Leaderboard:
    """Scores, draws and tests of every pair."""
    scores = mean_intervals(competitors.scores, competitors.clusters)
    draws = bootstrap_means(competitors.scores, competitors.clusters, seed)
    pairs = all_pairs(competitors.scores, competitors.clusters)
    corrected = holm(pairs.p)
    better = better_than(pairs, corrected, len(competitors.models))
    order = np.argsort(-np.nan_to_num(scores.value, nan=-1.0), kind="stable").astype(np.int64)
    places = subtask_places(competitors)
    by_subtask = {
        name: all_pairs(competitors.scores[:, here], competitors.clusters[here]) if len(places) > 1 else pairs
        for name, here in places.items()
    }
    return Leaderboard(
        scores,
        draws,
        pairs,
        corrected,
        benjamini_hochberg(pairs.p),
        better,
        order,
        groups_of(better, order),
        by_subtask,
    )


def subtask_places(given: Responses) -> dict[str, Ints]:
    """Places of each subtask's items, subtasks in the order they first appear."""
    subtasks = np.array(given.subtasks)
    return {name: np.flatnonzero(subtasks == name) for name in dict.fromkeys(given.subtasks)}


def subtask_scores(given: Responses) -> dict[str, Estimates]:
    """Score of each model on each subtask."""
    places = subtask_places(given).items()
    return {name: mean_intervals(given.scores[:, here], given.clusters[here]) for name, here in places}


def standings(board: Leaderboard, competitors: Responses, baselines: Responses) -> tuple[Standing, ...]:
    """Competitors best first, then the baselines, best first."""
    ranks = ranks_of(board.scores.value)
    rank_low, rank_high = rank_intervals(board.draws)
    sure_low, sure_high = rank_bounds(board.better)
    by_subtask = subtask_scores(competitors)
    rows = [
        Standing(
            model=competitors.models[model],
            score=metric("score", row(board.scores, model)),
            rank=int(ranks[model]),
            rank_low=int(min(rank_low[model], ranks[model])),
            rank_high=int(max(rank_high[model], ranks[model])),
            sure_low=int(sure_low[model]),
            sure_high=int(sure_high[model]),
            groups=tuple(place + 1 for place, group in enumerate(board.groups) if model in group),
            subtasks=_subtask_metrics(by_subtask, model),
        )
        for model in (int(place) for place in board.order)
    ]
    return (*rows, *floor_standings(baselines))


def floor_standings(baselines: Responses) -> tuple[Standing, ...]:
    """Baselines, best first; none where none was run."""
    if not baselines.models:
        return ()
    floor, by_subtask = mean_intervals(baselines.scores, baselines.clusters), subtask_scores(baselines)
    return tuple(
        Standing(
            model=baselines.models[model],
            baseline=True,
            score=metric("score", row(floor, model)),
            subtasks=_subtask_metrics(by_subtask, model),
        )
        for model in (int(place) for place in np.argsort(-np.nan_to_num(floor.value, nan=-1.0), kind="stable"))
    )


def _subtask_metrics(by_subtask: dict[str, Estimates], model: int) -> tuple[Metric, ...]:
    return tuple(metric(name, row(estimates, model)) for name, estimates in by_subtask.items())


def comparisons(board: Leaderboard, competitors: Responses) -> tuple[Comparison, ...]:
    """Every pair on the whole benchmark, then, with several subtasks, on each of them."""
    found = _comparisons("", board.pairs, board.holm, board.fdr, competitors)
    if len(board.by_subtask) < 2:
        return tuple(found)
    each = board.by_subtask.values()
    together = np.concatenate([pairs.p for pairs in each])
    corrected, fdr = np.split(holm(together), len(each)), np.split(benjamini_hochberg(together), len(each))
    for name, pairs, strict, loose in zip(board.by_subtask, each, corrected, fdr, strict=True):
        found += _comparisons(name, pairs, strict, loose, competitors)
    return tuple(found)


def _comparisons(subtask: str, pairs: Pairs, strict: Floats, loose: Floats, given: Responses) -> list[Comparison]:
    return [
        Comparison(
            first=given.models[int(pairs.first[place])],
            second=given.models[int(pairs.second[place])],
            subtask=subtask,
            difference=metric("difference", row(pairs.difference, place)),
            only_first=int(pairs.only_first[place]),
            only_second=int(pairs.only_second[place]),
            test="mcnemar" if pairs.exact[place] else "clustered t",
            p=number(pairs.p[place]),
            p_holm=number(strict[place]),
            p_fdr=number(loose[place]),
        )
        for place in range(pairs.first.size)
    ]
