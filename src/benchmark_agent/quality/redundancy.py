"""Items that tell the same: pairs whose replies go together beyond what ability explains."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmark_agent.quality.arrays import Flags, Floats, Ints, as_scores, generator
from benchmark_agent.quality.irt import ItemResponse

ROUNDS = 20
FEWEST_MODELS = 10
MOST_ITEMS = 3000
"""Above this, only the first such items are looked at: the table of pairs grows with the square."""


@dataclass(frozen=True)
class Redundancy:
    first: Ints
    """(pairs,), places of items."""
    second: Ints
    correlation: Floats
    """(pairs,), of what is left of the replies after model and item are taken out; highest first."""
    threshold: float
    """The highest such correlation among unrelated items, at 95 % over the whole set."""
    looked_at: int
    """Items with enough right and wrong replies to say anything."""


def redundant_items(scores: npt.ArrayLike, fit: ItemResponse, seed: int = 0, rounds: int = ROUNDS) -> Redundancy:
    """Pairs of items of (models, items) that go together beyond chance.

    What the fitted model leaves of the replies is correlated over models (Yen's Q3); the bar is the highest
    of all pairs when replies are drawn anew from the fitted model, its 95 % quantile over the rounds. Items
    that under a quarter of the models miss, or pass, are left out: a few replies coincide by chance.
    Under 20 models the bar is near 1 and little can be found: finding none then says nothing.
    Source: Yen 1984, Appl. Psychol. Meas. 8(2); Christensen, Makransky and Horton 2017, same journal 41(3).
    """
    values = as_scores(scores)
    complete = np.flatnonzero(~np.isnan(values).any(axis=0))
    places = complete[_mixed(values[:, complete])][:MOST_ITEMS]
    if places.size < 2 or values.shape[0] < FEWEST_MODELS:
        return Redundancy(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), math.nan, 0)
    chances = fit.probabilities()[:, places]
    random = generator(seed, "redundancy", *chances.shape)
    highest = []
    for _ in range(rounds):
        drawn = (random.random(chances.shape) < chances).astype(np.float64)
        kept = _mixed(drawn)
        table = _correlations(drawn[:, kept] - chances[:, kept])
        highest.append(float(table.max()) if table.size else 0.0)
    threshold = float(np.quantile(highest, 0.95))
    table = np.triu(_correlations(values[:, places] - chances), 1)
    first, second = np.nonzero(table > threshold + 1e-6)
    order = np.lexsort((second, first, -table[first, second]))
    first, second = first[order], second[order]
    correlation = table[first, second].astype(np.float64)
    return Redundancy(places[first], places[second], correlation, threshold, int(places.size))


def _mixed(values: Floats) -> Flags:
    right = values.mean(axis=0) if values.size else np.zeros(values.shape[1])
    return np.asarray((right >= 0.25) & (right <= 0.75))


def _correlations(left: Floats) -> npt.NDArray[np.float32]:
    """(items, items) correlations of (models, items) residuals, -1 on the diagonal."""
    centred = left - left.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    unit = (centred / np.where(size > 1e-9, size, np.inf)).astype(np.float32)
    table = np.asarray(unit.T @ unit, dtype=np.float32)
    np.fill_diagonal(table, -1)
    return table
