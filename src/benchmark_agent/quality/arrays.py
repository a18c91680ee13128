"""Sums and variances over items that may share a source: what every interval here rests on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmark_agent.errors import UserError
from benchmark_agent.seeds import derive

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LEVEL = 0.95
DRAWS = 1000


@dataclass(frozen=True)
class Moments:
    """Mean and its standard error of each row; every array is (rows,)."""

    mean: Floats
    error: Floats
    freedom: Floats
    """Degrees of freedom of a t interval; 0 where there are fewer than two clusters."""
    n: Ints
    clusters: Ints


def as_scores(scores: npt.ArrayLike) -> Floats:
    """`scores` as a (rows, items) array of floats in 0-1, NaN where an item was not run.

    Raises:
        UserError: not one row an item list, or a value outside 0-1.
    """
    values = np.atleast_2d(np.asarray(scores, dtype=np.float64))
    if values.ndim != 2:
        raise UserError(f"scores have {values.ndim} dimensions; give one row a model and one column an item")
    with np.errstate(invalid="ignore"):
        wrong = (values < 0) | (values > 1)
    if wrong.any():
        raise UserError(f"a score is {values[wrong][0]:g}; scores lie between 0 and 1 (NaN for not run)")
    return values


def codes_of(clusters: npt.ArrayLike | None, items: int) -> Ints:
    """Cluster numbers 0..G-1 of each item; each item its own cluster when `clusters` is None.

    Raises:
        UserError: not one cluster an item.
    """
    if clusters is None:
        return np.arange(items, dtype=np.int64)
    given = np.asarray(clusters)
    if given.shape != (items,):
        raise UserError(f"{given.size} clusters for {items} items; give one number an item")
    return np.unique(given, return_inverse=True)[1].astype(np.int64)


def is_clustered(codes: Ints) -> bool:
    """Whether any two items share a cluster."""
    return bool(codes.size) and int(codes.max()) + 1 < codes.size


def is_binary(values: Floats) -> Flags:
    """(rows,): whether every score of the row that was run is 0 or 1."""
    return np.asarray((np.isnan(values) | (values == 0) | (values == 1)).all(axis=1))


def cluster_sums(values: Floats, codes: Ints) -> Floats:
    """(rows, clusters): sums of (rows, items) over the items of each cluster."""
    if not codes.size:
        return np.zeros((values.shape[0], 0))
    if not is_clustered(codes):
        return np.ascontiguousarray(values[:, np.argsort(codes)])
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(codes[order]) > 0])
    return np.asarray(np.add.reduceat(values[:, order], starts, axis=1), dtype=np.float64)


def totals(values: Floats, codes: Ints) -> tuple[Floats, Floats]:
    """Sum and number of what was run in each cluster, both (rows, clusters)."""
    present = ~np.isnan(values)
    return cluster_sums(np.where(present, values, 0.0), codes), cluster_sums(present.astype(np.float64), codes)


def moments(sums: Floats, counts: Floats) -> Moments:
    """Mean of each row with a cluster-robust standard error, from `totals`.

    The CR2 estimator for a mean: squared cluster sums of the residuals, each over 1 minus the cluster's
    share of the items. With clusters of one item it is the usual s / sqrt(n). Degrees of freedom by
    Satterthwaite under independence; equal clusters give their number less one.
    Source: Bell and McCaffrey 2002, Survey Methodology 28(2); Pustejovsky and Tipton 2018, JBES 36(4).
    """
    n = counts.sum(axis=1)
    clusters = (counts > 0).sum(axis=1)
    usable = clusters > 1
    whole = np.where(n > 0, n, 1.0)
    mean = np.where(n > 0, sums.sum(axis=1) / whole, np.nan)
    residuals = sums - counts * np.nan_to_num(mean)[:, None]
    share = np.where(usable[:, None], counts / whole[:, None], 0.0)
    leverage = 1 / (1 - share)
    error = np.sqrt((leverage * residuals**2).sum(axis=1)) / whole
    scaled = leverage * counts**2
    cross = (scaled.sum(axis=1) ** 2 - (scaled**2).sum(axis=1)) / whole**2
    spread = (counts**2).sum(axis=1) + cross
    freedom = np.where(usable, n**2 / np.where(usable, spread, 1.0), 0.0)
    return Moments(mean, np.where(usable, error, np.nan), freedom, n.astype(np.int64), clusters.astype(np.int64))


def generator(seed: int, *purpose: object) -> np.random.Generator:
    """A numpy generator of its own for each purpose under one seed."""
    return np.random.default_rng(derive("quality", seed, *purpose))


def bootstrap_means(scores: Floats, codes: Ints, seed: int, draws: int = DRAWS) -> Floats:
    """(draws, rows): the mean of each row when whole clusters are drawn anew with replacement.

    All rows see the same draw, so differences of columns are paired. NaN where a row ran nothing of a draw.
    Source: Davison and Hinkley 1997, Bootstrap Methods and their Application, section 3.8.
    """
    sums, counts = totals(scores, codes)
    size = sums.shape[1]
    if not size:
        return np.full((draws, scores.shape[0]), np.nan)
    random = generator(seed, "bootstrap", size, draws)
    weights = random.multinomial(size, np.full(size, 1 / size), size=draws).astype(np.float64)
    below = weights @ counts.T
    return np.asarray(np.where(below > 0, (weights @ sums.T) / np.where(below > 0, below, 1), np.nan))
