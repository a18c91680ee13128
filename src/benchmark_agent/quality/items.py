"""What each item did: difficulty, discrimination, and which ones a person should look at."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmark_agent.quality.arrays import Flags, Floats, Ints, as_scores


@dataclass(frozen=True)
class ItemFigures:
    """All arrays (items,)."""

    right: Floats
    """Mean score over the models that ran it, 0-1 (the classical p value); NaN when none did."""
    discrimination: Floats
    """Item-rest correlation over models, -1 to 1; NaN under three models, or when it or the rest does not vary."""
    models: Ints
    """Models that ran it."""
    strong: Floats
    """Mean score of the strong third of the models, by their scores on the other items."""
    weak: Floats
    """Mean score of the weak third."""


def item_figures(scores: npt.ArrayLike) -> ItemFigures:
    """Difficulty and discrimination of each item of (models, items).

    Discrimination is the correlation of an item with the mean of the *other* items (corrected point-biserial).
    Its standard error is about 1 / sqrt(models - 1): 0.19 from 30 models. Never read it from under 20.
    Source: Henrysson 1963, Psychometrika 28(2); the upper-lower index in Kelley 1939, J. Educ. Psychol. 30(1).
    """
    values = as_scores(scores)
    run = ~np.isnan(values)
    rest = rest_scores(values)
    models = run.sum(axis=0)
    right = np.where(models > 0, np.where(run, values, 0).sum(axis=0) / np.maximum(models, 1), np.nan)
    strong, weak = _thirds(values, rest)
    return ItemFigures(right, _correlations(values, rest), models.astype(np.int64), strong, weak)


def rest_scores(values: Floats) -> Floats:
    """(models, items): each model's mean over its other items; NaN where the item was not run or has no other."""
    run = ~np.isnan(values)
    filled = np.where(run, values, 0.0)
    others = run.sum(axis=1, keepdims=True) - 1
    usable = run & (others > 0)
    rest = (filled.sum(axis=1, keepdims=True) - filled) / np.maximum(others, 1)
    return np.asarray(np.where(usable, rest, np.nan), dtype=np.float64)


def _correlations(values: Floats, rest: Floats) -> Floats:
    both = ~np.isnan(values) & ~np.isnan(rest)
    count = np.maximum(both.sum(axis=0), 1)
    x, y = np.where(both, values, 0.0), np.where(both, rest, 0.0)
    x = np.where(both, x - x.sum(axis=0) / count, 0.0)
    y = np.where(both, y - y.sum(axis=0) / count, 0.0)
    below = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    varies = (below > 1e-12) & (count >= 3)  # two models always correlate by 1 or -1
    return np.asarray(np.where(varies, (x * y).sum(axis=0) / np.where(varies, below, 1), np.nan), dtype=np.float64)


def _thirds(values: Floats, rest: Floats) -> tuple[Floats, Floats]:
    """Mean score of the upper and the lower third of the models that ran each item; NaN for one model alone."""
    counts = (~np.isnan(rest)).sum(axis=0)
    third = np.where(counts >= 2, np.maximum(counts // 3, 1), 0)
    place = np.argsort(np.argsort(-np.nan_to_num(rest, nan=-1.0), axis=0, kind="stable"), axis=0, kind="stable")
    filled = np.nan_to_num(values)

    def share(chosen: Flags) -> Floats:
        total = np.where(chosen, filled, 0).sum(axis=0)
        return np.asarray(np.where(third > 0, total / np.maximum(third, 1), np.nan), dtype=np.float64)

    upper = place < third
    lower = (place >= counts - third) & (place < counts) & (counts > 0)
    return share(upper), share(lower)


def missed_by_all(figures: ItemFigures, least: int = 2) -> Ints:
    """Places of the items no model got anything for, of those at least `least` models ran."""
    return np.flatnonzero((figures.right == 0) & (figures.models >= least))


def upside_down(figures: ItemFigures, gap: float = 0.3) -> Ints:
    """Places of the items strong models miss and weak ones pass, the most glaring first.

    The strong third scores under 0.5 and at least `gap` under the weak third, and the item does not go with the
    others. With few models chance alone makes such items: they are for review, never for removal unseen.
    """
    with np.errstate(invalid="ignore"):
        low = (figures.strong < 0.5) & (figures.weak - figures.strong >= gap - 1e-9)
    turned = low & ~(np.nan_to_num(figures.discrimination, nan=-1.0) >= 0)  # two models have no discrimination
    places = np.flatnonzero(turned)
    keys = (places, figures.discrimination[places], (figures.strong - figures.weak)[places])
    return np.asarray(places[np.lexsort(keys)], dtype=np.int64)
