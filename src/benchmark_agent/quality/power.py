"""How many items it takes: detectable gaps, sizes and power for two models on the same items.

Two models answer the same items; the *discordance* is the share of items that only one of them has right,
the *gap* the difference of their scores. A gap is never larger than the discordance.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import LEVEL

POWER = 0.8


def discordance_of(score: float, agreement: float) -> float:
    """Discordance of two models that both score `score` and whose 0/1 scores correlate by `agreement`.

    Source: 2 p (1 - p) (1 - rho), the variance of a difference of two 0/1 scores of equal mean.
    """
    return 2 * score * (1 - score) * (1 - agreement)


def power_of(n: float, gap: float, discordance: float, level: float = LEVEL, design_effect: float = 1.0) -> float:
    """Chance that `n` items tell two models apart that differ by `gap`, by a two-sided test.

    Normal approximation less half an item, which brings it to McNemar's exact test; see `exact_power`.
    Source: Connor 1987, Biometrics 43(1), solved for the power; the correction is the one of `size_needed`.

    Raises:
        UserError: a gap wider than the discordance, or a share outside 0-1.
    """
    _checked(gap, discordance)
    if gap == 0:
        return 1 - level
    alpha = float(special.ndtri((1 + level) / 2))
    spread = math.sqrt(max(discordance - gap**2, 1e-12))
    size = n / design_effect
    z = ((gap - 0.5 / size) * math.sqrt(size) - alpha * math.sqrt(discordance)) / spread
    return float(special.ndtr(z))


def size_needed(
    gap: float, discordance: float, power: float = POWER, level: float = LEVEL, design_effect: float = 1.0
) -> int:
    """Items needed to tell two models apart that differ by `gap`, with the given power.

    Source: Connor 1987, Biometrics 43(1), plus 1 / gap for the exact test (Fleiss, Levin and Paik 2003,
    Statistical Methods for Rates and Proportions, chapter 13), times the design effect.

    Raises:
        UserError: no gap, a gap wider than the discordance, or a share outside 0-1.
    """
    _checked(gap, discordance)
    if gap == 0:
        raise UserError("no number of items shows a gap of 0; give the smallest gap that matters, e.g. 0.05")
    alpha, beta = (float(special.ndtri(q)) for q in ((1 + level) / 2, power))
    root = alpha * math.sqrt(discordance) + beta * math.sqrt(discordance - gap**2)
    return math.ceil(design_effect * ((root / gap) ** 2 + 1 / gap))


def detectable_gap(
    n: float, discordance: float, power: float = POWER, level: float = LEVEL, design_effect: float = 1.0
) -> float:
    """The smallest gap that `n` items show with the given power; NaN where not even the widest gap is shown.

    Source: Connor 1987, a quadratic in the gap; its larger root, plus half an item for the exact test.

    Raises:
        UserError: a discordance outside 0-1.
    """
    _checked(0, discordance)
    size = n / design_effect
    if size <= 0 or discordance == 0:
        return math.nan
    alpha, beta = (float(special.ndtri(q)) for q in ((1 + level) / 2, power))
    line, square = math.sqrt(size) * alpha * math.sqrt(discordance), size + beta**2
    rest = discordance * (alpha**2 - beta**2)
    gap = (line + math.sqrt(max(line**2 - square * rest, 0.0))) / square + 0.5 / size
    return gap if gap <= discordance else math.nan


def exact_power(n: int, gap: float, discordance: float, level: float = LEVEL) -> float:
    """Power of McNemar's exact test on `n` unrelated items, summed over the possible discordant counts.

    Source: Duffy 1984, Biometrics 40(4).

    Raises:
        UserError: a gap wider than the discordance, or a share outside 0-1.
    """
    _checked(gap, discordance)
    if discordance == 0:
        return 0.0
    counts = np.arange(n + 1)
    log_ways = special.gammaln(n + 1) - special.gammaln(counts + 1) - special.gammaln(n - counts + 1)
    weights = np.exp(log_ways + special.xlogy(counts, discordance) + special.xlog1py(n - counts, -discordance))
    counts, weights = counts[weights > 1e-12], weights[weights > 1e-12]
    won = (discordance + gap) / (2 * discordance)
    fewest = _last_rejected(counts, 1 - level)
    known = np.maximum(fewest, 0)
    rejected = special.bdtr(known, counts, won) + special.bdtr(known, counts, 1 - won)
    return float((weights * np.where(fewest >= 0, rejected, 0)).sum())


def _last_rejected(counts: npt.NDArray[np.int64], tail: float) -> npt.NDArray[np.int64]:
    """The largest minority of `counts` discordant items that is still rejected two-sidedly; -1 for none."""
    last = np.floor(counts / 2 - float(special.ndtri(1 - tail / 2)) * np.sqrt(counts) / 2).astype(np.int64) + 2
    last = np.minimum(np.maximum(last, -1), counts)
    for _ in range(6):  # The normal guess is never this far off.
        kept = (last < 0) | (2 * special.bdtr(np.maximum(last, 0), counts, 0.5) <= tail)
        last = np.where(kept, last, last - 1)
    return last


def _checked(gap: float, discordance: float) -> None:
    if not 0 <= discordance <= 1:
        raise UserError(f"a discordance of {discordance:g}; it is a share of items, between 0 and 1")
    if not 0 <= gap <= discordance:
        raise UserError(f"a gap of {gap:g} with a discordance of {discordance:g}; a gap lies between 0 and that")
