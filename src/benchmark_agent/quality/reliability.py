"""Whether another set of such items would order these models alike: alpha (KR-20) and split halves."""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from benchmark_agent.quality.arrays import LEVEL, Floats, as_scores, cluster_sums, codes_of, generator
from benchmark_agent.quality.intervals import Estimate

SPLITS = 200


def alpha(scores: npt.ArrayLike, level: float = LEVEL) -> Estimate:
    """Cronbach's alpha of (models, items), KR-20 for 0/1 scores, over the items every model ran.

    It measures the spread of these models as much as the items: close models give a low alpha on a good
    benchmark. NaN with under two models or items, or equal totals. `n` is the items, `clusters` the models.
    Items that share a source inflate it; compare `split_half`, which keeps them together.
    Source: Cronbach 1951, Psychometrika 16(3); interval of Feldt 1965, Psychometrika 30(3).
    """
    values = as_scores(scores)
    kept = values[:, ~np.isnan(values).any(axis=0)]
    models, items = kept.shape
    total = float(kept.sum(axis=1).var(ddof=1)) if models > 1 and items > 1 else 0.0
    if total < 1e-12:
        return Estimate(math.nan, math.nan, math.nan, items, models)
    value = items / (items - 1) * (1 - float(kept.var(axis=0, ddof=1).sum()) / total)
    freedom = (models - 1, (models - 1) * (items - 1))
    tails = ((1 + level) / 2, (1 - level) / 2)
    low, high = (1 - (1 - value) * float(special.fdtri(*freedom, tail)) for tail in tails)
    return Estimate(value, low, min(high, 1.0), items, models)


def split_half(
    scores: npt.ArrayLike, clusters: npt.ArrayLike | None = None, seed: int = 0, splits: int = SPLITS
) -> Estimate:
    """Mean correlation of models' scores on random halves, stepped up to full length; bounds hold 95 % of splits.

    Items of one source stay in one half. The bounds say how much the split matters, not how sure the value is.
    NaN under three models. `n` is the items, `clusters` the models.
    Source: Spearman 1910 and Brown 1910, Brit. J. Psychol. 3(3): 2 r / (1 + r).
    """
    values = as_scores(scores)
    models, items = values.shape
    codes = codes_of(clusters, items)
    groups = int(codes.max()) + 1 if items else 0
    if models < 3 or groups < 2:  # two models always correlate by 1 or -1
        return Estimate(math.nan, math.nan, math.nan, items, models)
    run = ~np.isnan(values)
    sums, counts = cluster_sums(np.where(run, values, 0.0), codes), cluster_sums(run.astype(np.float64), codes)
    order = generator(seed, "split", groups, splits).random((splits, groups)).argsort(axis=1)
    half = (order < groups // 2).astype(np.float64)
    first, second = _means(sums, counts, half), _means(sums, counts, 1 - half)
    stepped = _stepped_up(first, second)
    if np.isnan(stepped).all():
        return Estimate(math.nan, math.nan, math.nan, items, models)
    low, high = np.nanquantile(stepped, [0.025, 0.975])
    return Estimate(float(np.nanmean(stepped)), float(low), float(high), items, models)


def _means(sums: Floats, counts: Floats, half: Floats) -> Floats:
    """(splits, models); NaN where a model ran nothing of a half."""
    below = half @ counts.T
    return np.asarray(np.where(below > 0, (half @ sums.T) / np.where(below > 0, below, 1), np.nan), dtype=np.float64)


def _stepped_up(first: Floats, second: Floats) -> Floats:
    """(splits,): 2 r / (1 + r), r over models; NaN where a half does not vary, or r is -1 or a half is missing."""
    x, y = first - first.mean(axis=1, keepdims=True), second - second.mean(axis=1, keepdims=True)
    below = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    varies = np.nan_to_num(below) > 1e-12
    r = np.where(varies, (x * y).sum(axis=1) / np.where(varies, below, 1), np.nan)
    usable = np.nan_to_num(r, nan=-1.0) > -1 + 1e-9
    return np.asarray(np.where(usable, 2 * r / np.where(usable, 1 + r, 1), np.nan), dtype=np.float64)


def error_of_measurement(scores: npt.ArrayLike, reliability: float) -> float:
    """Standard error of a model's score, 0-1, implied by a reliability: SD of the scores times sqrt(1 - r).

    Source: Lord and Novick 1968, section 3.8.
    """
    values = as_scores(scores)
    run = ~np.isnan(values)
    means = np.where(run, values, 0).sum(axis=1) / np.maximum(run.sum(axis=1), 1)
    if means.size < 2 or math.isnan(reliability):
        return math.nan
    return float(means.std(ddof=1)) * math.sqrt(max(0.0, 1 - reliability))
