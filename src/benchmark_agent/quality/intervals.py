"""Intervals of scores: Wilson, and means of items that share a source."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import (
    DRAWS,
    LEVEL,
    Floats,
    Ints,
    as_scores,
    bootstrap_means,
    codes_of,
    is_binary,
    is_clustered,
    moments,
    totals,
)


@dataclass(frozen=True)
class Estimates:
    """A figure with its interval for each row; every array is (rows,)."""

    value: Floats
    """NaN where nothing was run."""
    low: Floats
    high: Floats
    n: Ints
    """Items."""
    clusters: Ints
    """Sources the items come from."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval."""

    value: float
    low: float
    high: float
    n: int
    clusters: int


def row(estimates: Estimates, index: int) -> Estimate:
    """One row of `estimates`."""
    e = estimates
    return Estimate(
        float(e.value[index]), float(e.low[index]), float(e.high[index]), int(e.n[index]), int(e.clusters[index])
    )


def score_bounds(share: Floats, size: Floats, quantile: Floats) -> tuple[Floats, Floats]:
    """Wilson's bounds of a share 0-1 from `size` (effective) replies; 0 and 1 where `size` is 0.

    Source: Wilson 1927, JASA 22(158), eq. for the score interval.
    """
    known = size > 0
    n, p = np.where(known, size, 1.0), np.where(known, share, 0.5)
    z2 = quantile**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = quantile / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n**2))
    low = np.where(p <= 0, 0.0, np.clip(middle - half, 0, 1))
    high = np.where(p >= 1, 1.0, np.clip(middle + half, 0, 1))
    return np.where(known, low, 0.0), np.where(known, high, 1.0)


def wilson(right: float, n: float, level: float = LEVEL) -> Estimate:
    """Share right of `n` independent replies with Wilson's score interval; n = 0 gives NaN in [0, 1].

    Raises:
        UserError: more right than replies, or a negative number.
    """
    if not 0 <= right <= n:
        raise UserError(f"{right:g} right of {n:g}; give a number right between 0 and the number of replies")
    share = right / n if n else np.nan
    quantile = np.array([special.ndtri((1 + level) / 2)])
    low, high = score_bounds(np.array([share]), np.array([float(n)]), quantile)
    return Estimate(share, float(low[0]), float(high[0]), int(n), int(n))


def mean_intervals(scores: npt.ArrayLike, clusters: npt.ArrayLike | None = None, level: float = LEVEL) -> Estimates:
    """Mean score of each row of (rows, items), with an interval that knows which items share a source.

    0/1 scores of unrelated items: Wilson. Otherwise the score interval of a share from as many replies
    as the cluster-robust variance is worth, mean (1 - mean) / variance, with a t quantile; for 0/1 scores
    never more replies than there are items. The variance is taken with half a source all right and half a
    source all wrong added, else it is too small near 0 and 1 (bench/bench_statistics.py). One source: [0, 1].
    Source: Korn and Graubard 1998, Survey Methodology 24(2); Dean and Pagano 2015, J. Surv. Stat. Methodol. 3(4);
    `arrays.moments` for the variance; the addition after Agresti and Coull 1998, Am. Stat. 52(2).
    """
    values = as_scores(scores)
    codes = codes_of(clusters, values.shape[1])
    sums, counts = totals(values, codes)
    m, binary = moments(sums, counts), is_binary(values)
    half = 0.5 * m.n / np.maximum(m.clusters, 1)
    more = np.stack([half, half], axis=1)
    moved = moments(np.hstack([sums, more * (1.0, 0.0)]), np.hstack([counts, more]))
    varies = (m.clusters > 1) & (np.nan_to_num(moved.error) > 0)
    size = np.where(varies, moved.mean * (1 - moved.mean) / np.where(varies, moved.error, 1) ** 2, 0.0)
    size = np.where(varies, size * m.n / np.maximum(m.n + 2 * half, 1), 0.0)
    size = np.where(binary, np.minimum(size, m.n), size)
    plain = binary & (not is_clustered(codes))
    tail = (1 + level) / 2
    quantile = np.where(plain, special.ndtri(tail), special.stdtrit(np.maximum(m.freedom, 1), tail))
    low, high = score_bounds(m.mean, np.where(plain, m.n, size).astype(np.float64), quantile)
    return Estimates(m.mean, low, high, m.n, m.clusters)


def mean_interval(values: npt.ArrayLike, clusters: npt.ArrayLike | None = None, level: float = LEVEL) -> Estimate:
    """`mean_intervals` of one row of scores, (items,)."""
    return row(mean_intervals(values, clusters, level), 0)


def bootstrap_interval(
    values: npt.ArrayLike, clusters: npt.ArrayLike | None = None, seed: int = 0, level: float = LEVEL,
    draws: int = DRAWS,
) -> Estimate:  # fmt: skip
    """Mean of (items,) scores with a percentile interval from drawing whole clusters anew.

    A cross-check of `mean_interval`: too narrow under about 30 clusters or near 0 and 1.
    """
    scores = as_scores(values)
    codes = codes_of(clusters, scores.shape[1])
    m = moments(*totals(scores, codes))
    if m.clusters[0] < 2:
        return Estimate(float(m.mean[0]), 0.0, 1.0, int(m.n[0]), int(m.clusters[0]))
    means = bootstrap_means(scores, codes, seed, draws)[:, 0]
    low, high = np.nanquantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(m.mean[0]), float(low), float(high), int(m.n[0]), int(m.clusters[0]))


def design_effect(scores: npt.ArrayLike, clusters: npt.ArrayLike | None) -> Floats:
    """(rows,): variance of the mean with shared sources over the variance if all items were unrelated.

    1 means sharing costs nothing; 2 that the items are worth half as many. NaN where scores do not vary.
    Source: Kish 1965, Survey Sampling, section 8.2; Miller 2024, arXiv 2411.00640.
    """
    values = as_scores(scores)
    codes = codes_of(clusters, values.shape[1])
    shared = moments(*totals(values, codes))
    alone = moments(*totals(values, codes_of(None, values.shape[1])))
    varies = np.nan_to_num(alone.error) > 1e-12
    ratio = (shared.error / np.where(varies, alone.error, 1)) ** 2
    return np.asarray(np.where(varies, ratio, np.nan), dtype=np.float64)
