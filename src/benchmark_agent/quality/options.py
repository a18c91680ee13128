"""What models chose: votes against the key, and distractors nobody takes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import Floats, Ints


@dataclass(frozen=True)
class Vote:
    """All arrays (items,)."""

    winner: Ints
    """Option with most weight; -1 where no model chose."""
    weight: Floats
    """Its posterior, 0-1, as if models erred independently."""
    against: npt.NDArray[np.bool_]
    """Another option than the key holds more than half of the posterior."""


def ability_vote(chosen: npt.ArrayLike, keys: npt.ArrayLike, options: npt.ArrayLike) -> Vote:
    """Which option the models vote for, each weighted by how often it agrees with the keys of other items.

    `chosen` is (models, items) option numbers from 0, -1 for none; `keys` and `options` (how many) are (items,).
    A model that is right with chance p against k options weighs log(p (k - 1) / (1 - p)), never under 0.
    Models share misconceptions: a vote against the key is a reason to look, never to change the key.
    Source: Nitzan and Paroush 1982, Int. Econ. Rev. 23(2) (optimal weights); Dawid and Skene 1979 for the setting.

    Raises:
        UserError: shapes do not fit, or an option number is too high.
    """
    picks, key, count = _checked(chosen, keys, options)
    given = picks >= 0
    hits = given & (picks == key)
    others = given.sum(axis=1, keepdims=True) - given
    share = (hits.sum(axis=1, keepdims=True) - hits + 1) / (others + 2)  # one more right and one more wrong
    weight = np.where(given, np.maximum(np.log(share * np.maximum(count - 1, 1) / (1 - share)), 0), 0.0)
    most = int(count.max()) if count.size else 0
    totals = np.stack([np.where(picks == option, weight, 0).sum(axis=0) for option in range(most)], axis=1)
    totals = np.where(np.arange(most) < count[:, None], totals, -np.inf)
    posterior = np.exp(totals - totals.max(axis=1, keepdims=True))
    posterior /= posterior.sum(axis=1, keepdims=True)
    voted = given.any(axis=0)
    winner = np.where(voted, posterior.argmax(axis=1), -1)
    top = np.where(voted, posterior.max(axis=1), np.nan)
    return Vote(winner, top, voted & (winner != key) & (np.nan_to_num(top) > 0.5))


def functioning_distractors(chosen: npt.ArrayLike, keys: npt.ArrayLike, options: npt.ArrayLike) -> Floats:
    """(items,): share of an item's distractors that at least 5 % of the weaker half of the models chose.

    NaN where fewer than ten of the weaker half chose at all: one of nine is no 5 %.
    Source: Haladyna and Downing 1993, Educ. Psychol. Meas. 53(4).

    Raises:
        UserError: shapes do not fit, or an option number is too high.
    """
    picks, key, count = _checked(chosen, keys, options)
    right = (picks == key).mean(axis=1)
    weaker = picks[np.argsort(right, kind="stable")[: max(1, picks.shape[0] // 2)]]
    given = (weaker >= 0).sum(axis=0)
    working = np.zeros(key.size)
    for option in range(int(count.max()) if count.size else 0):
        share = (weaker == option).sum(axis=0) / np.maximum(given, 1)
        working += (share >= 0.05) & (option < count) & (option != key)
    usable = (given >= 10) & (count > 1)
    return np.asarray(np.where(usable, working / np.maximum(count - 1, 1), np.nan), dtype=np.float64)


def _checked(chosen: npt.ArrayLike, keys: npt.ArrayLike, options: npt.ArrayLike) -> tuple[Ints, Ints, Ints]:
    picks = np.atleast_2d(np.asarray(chosen, dtype=np.int64))
    key, count = np.asarray(keys, dtype=np.int64), np.asarray(options, dtype=np.int64)
    if key.shape != (picks.shape[1],) or count.shape != key.shape:
        raise UserError(f"{picks.shape[1]} items chosen on, {key.size} keys, {count.size} option counts; give as many")
    if (picks >= count).any() or (key >= count).any() or (key < 0).any():
        raise UserError("an option number is not below the item's number of options; count from 0")
    return picks, key, count
