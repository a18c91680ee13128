"""Two models on the same items: differences, tests, and corrections for many pairs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import (
    DRAWS,
    LEVEL,
    Flags,
    Floats,
    Ints,
    Moments,
    as_scores,
    bootstrap_means,
    codes_of,
    is_clustered,
    moments,
    totals,
)
from benchmark_agent.quality.intervals import Estimate, Estimates, row


@dataclass(frozen=True)
class Pairs:
    """Every pair of models, first before second; all arrays (pairs,)."""

    first: Ints
    second: Ints
    difference: Estimates
    """Score of the first minus score of the second, on the items both ran."""
    only_first: Ints
    """Items the first did better on."""
    only_second: Ints
    p: Floats
    """Of no difference; NaN where no item was run by both."""
    exact: Flags
    """McNemar's exact test, else the clustered t test."""


def mcnemar(only_first: npt.ArrayLike, only_second: npt.ArrayLike) -> Floats:
    """Exact two-sided p of McNemar's test from the items only one of two models has right.

    Binomial with probability 1/2 on the discordant items; 1 where there are none. Items must be unrelated.
    Source: McNemar 1947, Psychometrika 12(2); exact form in Fagerland et al. 2013, BMC Med. Res. Methodol. 13:91.
    """
    a, b = np.asarray(only_first), np.asarray(only_second)
    return np.asarray(np.minimum(1.0, 2 * special.bdtr(np.minimum(a, b), a + b, 0.5)), dtype=np.float64)


@dataclass(frozen=True)
class Differences:
    """Paired differences of many comparisons; all arrays (rows,)."""

    estimates: Estimates
    better: Ints
    """Items with a difference above 0."""
    worse: Ints
    p: Floats
    """Of no difference; NaN where nothing was compared."""
    exact: Flags
    """McNemar's exact test, else the clustered t test."""


def differences(gaps: Floats, codes: Ints, level: float = LEVEL) -> Differences:
    """Mean, interval and p of paired differences (rows, items) in -1..1, NaN where not both were run.

    0/1 scores: Bonett and Price's interval, the usual one after adding one item won and one lost, and
    McNemar's exact test; when items share sources, both from the cluster-robust variance with a t quantile.
    Graded scores: the t interval and test; where all differences are equal, plus and minus 3 over the
    number of sources (the rule of three), and a sign test. One source only: [-1, 1] and p = 1.
    Source: Bonett and Price 2012, J. Educ. Behav. Stat. 37(4); Hanley and Lippman-Hand 1983, JAMA 249(13);
    `arrays.moments` for the variance.
    """
    whole = np.asarray((np.isnan(gaps) | np.isin(gaps, (-1.0, 0.0, 1.0))).all(axis=1))
    better, worse = (gaps > 0).sum(axis=1), (gaps < 0).sum(axis=1)
    sums, counts = totals(gaps, codes)
    plain = moments(sums, counts)
    more = np.ones((gaps.shape[0], 2))
    moved = moments(np.hstack([sums, more * (1.0, -1.0)]), np.hstack([counts, more]))
    exact = whole & (not is_clustered(codes))
    low, high, p = _bounds(plain, moved, whole, exact, level)
    p = np.where(plain.n > 0, np.where(exact, mcnemar(better, worse), p), np.nan)
    estimates = Estimates(plain.mean, low, high, plain.n, plain.clusters)
    return Differences(estimates, better.astype(np.int64), worse.astype(np.int64), p, exact)


def _bounds(plain: Moments, moved: Moments, whole: Flags, exact: Flags, level: float) -> tuple[Floats, Floats, Floats]:
    """Low, high and the p of a t test; see `differences`."""
    usable = plain.clusters > 1
    centre, error = np.where(whole, moved.mean, plain.mean), np.where(whole, moved.error, plain.error)
    freedom, tail = np.maximum(plain.freedom, 1), (1 + level) / 2
    half = np.where(exact, special.ndtri(tail), special.stdtrit(freedom, tail)) * error
    varies = np.nan_to_num(error) > 1e-12
    half = np.where(usable & ~varies, 3 / np.maximum(plain.clusters, 1), half)
    p = 2 * special.stdtr(freedom, -np.abs(centre) / np.where(varies, error, 1.0))
    signs = np.where(np.abs(np.nan_to_num(centre)) > 1e-12, 2 * 0.5**plain.clusters, 1.0)
    low = np.where(usable, np.clip(centre - half, -1, 1), -1.0)
    high = np.where(usable, np.clip(centre + half, -1, 1), 1.0)
    return low, high, np.where(usable, np.where(varies, p, signs), 1.0)


def all_pairs(scores: npt.ArrayLike, clusters: npt.ArrayLike | None = None, level: float = LEVEL) -> Pairs:
    """`differences` for every pair of rows of (models, items), each on the items both ran."""
    values = as_scores(scores)
    codes = codes_of(clusters, values.shape[1])
    models = values.shape[0]
    blocks = [differences(values[index] - values[index + 1 :], codes, level) for index in range(max(1, models - 1))]
    first, second = np.triu_indices(models, 1)
    parts = [block.estimates for block in blocks]
    joined = Estimates(
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        np.concatenate([part.n for part in parts]),
        np.concatenate([part.clusters for part in parts]),
    )
    return Pairs(
        first.astype(np.int64),
        second.astype(np.int64),
        joined,
        np.concatenate([block.better for block in blocks]),
        np.concatenate([block.worse for block in blocks]),
        np.concatenate([block.p for block in blocks]),
        np.concatenate([block.exact for block in blocks]),
    )


def paired_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, clusters: npt.ArrayLike | None = None, level: float = LEVEL
) -> tuple[Estimate, float]:
    """Score of `first` minus `second`, both (items,), with its interval and the p of no difference.

    Raises:
        UserError: not the same number of items.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.shape != b.shape:
        raise UserError(f"{a.size} scores against {b.size}; give both models' scores on the same items")
    pairs = all_pairs(np.vstack([a, b]), clusters, level)
    return row(pairs.difference, 0), float(pairs.p[0])


def bootstrap_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, clusters: npt.ArrayLike | None = None, seed: int = 0,
    level: float = LEVEL, draws: int = DRAWS,
) -> Estimate:  # fmt: skip
    """The paired difference with a percentile interval from drawing whole clusters anew: a cross-check."""
    scores = as_scores(np.vstack([np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)]))
    scores = np.where(np.isnan(scores).any(axis=0), np.nan, scores)
    codes = codes_of(clusters, scores.shape[1])
    m = moments(*totals(scores[:1] - scores[1:], codes))
    means = bootstrap_means(scores, codes, seed, draws)
    gaps = means[:, 0] - means[:, 1]
    if m.clusters[0] < 2:
        return Estimate(float(m.mean[0]), -1.0, 1.0, int(m.n[0]), int(m.clusters[0]))
    low, high = np.nanquantile(gaps, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(m.mean[0]), float(low), float(high), int(m.n[0]), int(m.clusters[0]))


def holm(p: npt.ArrayLike) -> Floats:
    """p values adjusted so that any false finding among them has at most the stated chance; NaN stays NaN.

    Source: Holm 1979, Scand. J. Statist. 6(2).
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values)  # NaN last
    order = order[: int((~np.isnan(values)).sum())]
    steps = np.maximum.accumulate(values[order] * np.arange(order.size, 0, -1))
    adjusted = np.full(values.shape, np.nan)
    adjusted[order] = np.minimum(1.0, steps)
    return adjusted


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """p values adjusted so that of those under q, at most the share q is false on average; NaN stays NaN.

    Source: Benjamini and Hochberg 1995, JRSS B 57(1).
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values)
    order = order[: int((~np.isnan(values)).sum())]
    scaled = values[order] * order.size / np.arange(1, order.size + 1)
    adjusted = np.full(values.shape, np.nan)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return adjusted
