"""Leaderboards: ranks with intervals, groups that cannot be told apart, stability, agreement of subtasks."""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from benchmark_agent.quality.arrays import DRAWS, LEVEL, Flags, Floats, Ints, as_scores, bootstrap_means, codes_of
from benchmark_agent.quality.intervals import Estimate
from benchmark_agent.quality.paired import Pairs


def ranks_of(means: Floats) -> Ints:
    """Ranks of (..., models) scores, 1 the best; equal scores share the better rank; NaN comes last."""
    filled = np.nan_to_num(means, nan=-np.inf)
    above = filled[..., None, :] > filled[..., :, None]
    return np.asarray(above.sum(axis=-1) + 1, dtype=np.int64)


def rank_intervals(draws: Floats, level: float = LEVEL) -> tuple[Ints, Ints]:
    """Best and worst rank of each model in the middle `level` of (draws, models) bootstrap means.

    They say how the ranks move with the items drawn. Among equal models they are too narrow:
    `rank_bounds` from the tests is the careful reading.
    Source: Goldstein and Spiegelhalter 1996, JRSS A 159(3).
    """
    ranks = ranks_of(draws)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low = np.quantile(ranks, tails[0], axis=0, method="lower")
    high = np.quantile(ranks, tails[1], axis=0, method="higher")
    return low.astype(np.int64), high.astype(np.int64)


def better_than(pairs: Pairs, adjusted: Floats, models: int, level: float = LEVEL) -> Flags:
    """(models, models): whether the row's model is better than the column's by the adjusted p of each pair."""
    table = np.zeros((models, models), dtype=np.bool_)
    sure = np.nan_to_num(adjusted, nan=1.0) < 1 - level
    # The sign of the test, not of a rounded zero: p is 1 where the difference is 0.
    won = sure & (pairs.difference.value > 0)
    lost = sure & (pairs.difference.value < 0)
    table[pairs.first[won], pairs.second[won]] = True
    table[pairs.second[lost], pairs.first[lost]] = True
    return table


def rank_bounds(better: Flags) -> tuple[Ints, Ints]:
    """Best and worst rank of each model that the tests leave open: 1 + models surely better, all - surely worse.

    With Holm's p values all ranks lie inside at once with the stated level.
    Source: Al Mohamad, van Zwet, Solari and Goeman 2017, arXiv 1708.02729 (with Tukey's test).
    """
    low = 1 + better.sum(axis=0)
    high = better.shape[0] - better.sum(axis=1)
    return low.astype(np.int64), high.astype(np.int64)


def groups_of(better: Flags, order: Ints) -> tuple[tuple[int, ...], ...]:
    """Largest sets of models no two of which are told apart, best first; a model can be in several.

    Insert and absorb: start with all, split a group at each pair told apart, drop groups inside others.
    Source: Piepho 2004, J. Comput. Graph. Stat. 13(2) (compact letter display).
    """
    place = {int(model): position for position, model in enumerate(order)}
    apart = better | better.T
    groups = [frozenset(place)]
    for first in place:
        for second in place:
            if place[first] < place[second] and apart[first, second]:
                split = [
                    part
                    for group in groups
                    for part in ((group - {first}, group - {second}) if {first, second} <= group else (group,))
                ]
                groups = _largest(split)
    ordered = [tuple(sorted(group, key=place.__getitem__)) for group in groups]
    return tuple(sorted(ordered, key=lambda group: [place[model] for model in group]))


def _largest(groups: list[frozenset[int]]) -> list[frozenset[int]]:
    unique = list(dict.fromkeys(groups))
    return [group for group in unique if not any(group < other for other in unique)]


def separability(adjusted: npt.ArrayLike, level: float = LEVEL) -> float:
    """Share of model pairs told apart at `level`, from adjusted p values; NaN without a pair."""
    p = np.asarray(adjusted, dtype=np.float64)
    p = p[~np.isnan(p)]
    return float((p < 1 - level).mean()) if p.size else math.nan


def apart_by_intervals(low: Floats, high: Floats) -> float:
    """Share of model pairs whose intervals do not overlap: published elsewhere, and blind to the pairing.

    Source: "separability with confidence", Li et al. 2024, arXiv 2406.11939.
    """
    first, second = np.triu_indices(low.size, 1)
    apart = (low[first] > high[second]) | (low[second] > high[first])
    return float(apart.mean()) if apart.size else math.nan


def kendall(reference: Floats, others: Floats) -> Floats:
    """(draws,): Kendall's tau-b of (models,) against each row of (draws, models); NaN where one side is all ties.

    Source: Kendall 1945, Biometrika 33(3).
    """
    first, second = np.triu_indices(reference.size, 1)
    one = np.sign(reference[first] - reference[second])
    many = np.sign(others[:, first] - others[:, second])
    below = np.sqrt((one**2).sum() * (many**2).sum(axis=1))
    varies = np.nan_to_num(below) > 0
    return np.asarray(np.where(varies, (many @ one) / np.where(varies, below, 1), np.nan), dtype=np.float64)


def rank_stability(
    scores: npt.ArrayLike, clusters: npt.ArrayLike | None = None, seed: int = 0, draws: int = DRAWS
) -> Estimate:
    """Mean tau-b between the ranking and those of redrawn items, with the middle 95 % of the draws.

    1 means other items of the kind would order these models alike. `n` is the items, `clusters` the models.
    """
    values = as_scores(scores)
    codes = codes_of(clusters, values.shape[1])
    return stability_of(values, bootstrap_means(values, codes, seed, draws))


def stability_of(values: Floats, draws: Floats) -> Estimate:
    """`rank_stability` from (draws, models) bootstrap means already made."""
    models, items = values.shape
    run = ~np.isnan(values)
    means = np.where(run, values, 0).sum(axis=1) / np.maximum(run.sum(axis=1), 1)
    taus = kendall(means, draws)
    if models < 2 or np.isnan(taus).all():
        return Estimate(math.nan, math.nan, math.nan, items, models)
    value = float(np.nanmean(taus))
    low, high = np.nanquantile(taus, [0.025, 0.975])
    return Estimate(value, min(float(low), value), max(float(high), value), items, models)


def subtask_agreement(means: Floats) -> Floats:
    """(subtasks, subtasks): Spearman correlation over models of (models, subtasks) scores.

    NaN under three models, or where a subtask does not tell them apart.

    Source: Spearman 1904, Am. J. Psychol. 15(1): Pearson's r of the ranks, ties at their mean.
    """
    usable = ~np.isnan(means).any(axis=1)
    kept = means[usable]
    below = (kept[None] < kept[:, None]).sum(axis=1)
    ranks = below + ((kept[None] == kept[:, None]).sum(axis=1) + 1) / 2
    centred = ranks - ranks.mean(axis=0) if usable.any() else ranks
    size = np.sqrt((centred**2).sum(axis=0)) * (len(kept) >= 3)
    product = np.outer(size, size)
    varies = product > 1e-12
    return np.asarray(np.where(varies, centred.T @ centred / np.where(varies, product, 1), np.nan), dtype=np.float64)


def spearman_bounds(r: float, models: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of a rank correlation over `models`; [-1, 1] under five.

    Source: Bonett and Wright 2000, Psychometrika 65(1): Fisher's z with variance (1 + r^2 / 2) / (n - 3).
    """
    if math.isnan(r) or models < 5:
        return -1.0, 1.0
    half = float(special.ndtri((1 + level) / 2)) * math.sqrt((1 + r * r / 2) / (models - 3))
    centre = math.atanh(max(-0.999999, min(0.999999, r)))
    return math.tanh(centre - half), math.tanh(centre + half)
