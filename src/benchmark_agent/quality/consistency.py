"""Do larger models of one family score higher?

A smoke test and nothing more. It passes on broken sets: in simulation, on 1,000 items and five sizes, the
scores still rise at every step in nearly all runs with three items in ten broken (wrong key or no answer),
because the other items carry the order. A fall is news; a rise proves nothing about the items.
"""

import numpy as np

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import DRAWS, Floats, Ints, bootstrap_means, totals
from benchmark_agent.quality.figures import figure, metric
from benchmark_agent.quality.intervals import Estimate, mean_intervals, row
from benchmark_agent.quality.paired import differences
from benchmark_agent.quality.types import Consistency, Family

WEAKNESS = "passes on broken sets too: a rise with size says nothing about single items"


def along_family(scores: Floats, codes: Ints, family: Family, seed: int = 0, draws: int = DRAWS) -> Consistency:
    """Steps, falls and the slope of (models, items) scores, rows from small to large.

    The slope is the least-squares gain for each doubling of the size, its interval the middle 95 % of draws of
    whole sources: it covers other items of the kind, not other families.

    Raises:
        UserError: fewer than two models, or sizes that do not rise.
    """
    sizes = np.asarray(family.sizes, dtype=np.float64)
    if len(family.models) != scores.shape[0] or sizes.size != scores.shape[0] or sizes.size < 2:
        raise UserError(f"family '{family.name}' needs two models or more, and one size a model")
    if (np.diff(sizes) <= 0).any() or sizes[0] <= 0:
        raise UserError(f"the sizes of family '{family.name}' do not rise; list its models from small to large")
    scored = mean_intervals(scores, codes)
    gains = differences(scores[1:] - scores[:-1], codes).estimates
    means = bootstrap_means(scores, codes, seed, draws)
    rising = float((np.diff(means, axis=1) > 0).all(axis=1).mean())
    doublings = np.log2(sizes)
    slopes = _slopes(means, doublings)
    whole = float(_slopes(_means(scores, codes), doublings)[0])
    low, high = _middle(slopes)
    items = int(scored.n.min())
    names = [f"{large} over {small}" for small, large in zip(family.models, family.models[1:], strict=False)]
    return Consistency(
        family=family.name,
        scores=tuple(metric(name, row(scored, place)) for place, name in enumerate(family.models)),
        steps=tuple(metric(name, row(gains, place)) for place, name in enumerate(names)),
        falls=int((gains.value < 0).sum()),
        sure_falls=int((gains.high < 0).sum()),
        rising=figure("rising", rising, items, WEAKNESS),
        slope=metric("slope", Estimate(whole, low, high, items, int(scored.clusters.min())), "a doubling of the size"),
    )


def _means(scores: Floats, codes: Ints) -> Floats:
    sums, counts = totals(scores, codes)
    below = counts.sum(axis=1)
    means = np.where(below > 0, sums.sum(axis=1) / np.where(below > 0, below, 1), np.nan)
    return np.asarray(means[None, :], dtype=np.float64)


def _slopes(means: Floats, doublings: Floats) -> Floats:
    """(draws,): least-squares slope of (draws, models) over (models,)."""
    centred = doublings - doublings.mean()
    return np.asarray(means @ centred / (centred @ centred), dtype=np.float64)


def _middle(values: Floats) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
