"""How far the options alone tell the answer: what verification watches for, and what evaluation runs as a baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmark_agent.quantities import amount_of
from benchmark_agent.wording import key, words

SLOTS = 1 << 16
"""Hashed features of the classifier."""
FOLDS = 5
_SMOOTHING = 1.0
_EQUAL = 1e-12


@dataclass(frozen=True, slots=True)
class Offer:
    """A question with options, without the question."""

    options: tuple[str, ...]
    gold: int
    """Index of the right option."""
    source: str
    """What it was made from; offers of one source are never on both sides of a fold."""


def longest(options: Sequence[str]) -> tuple[int, ...]:
    """Indexes of the options that have the most characters."""
    lengths = [len(option) for option in options]
    return tuple(index for index, size in enumerate(lengths) if size == max(lengths))


def fold_of(source: str) -> int:
    """The fold a source falls in."""
    return crc32(source.encode()) % FOLDS


def guesses(offers: Sequence[Offer]) -> list[tuple[int, ...]]:
    """For each offer the options that a classifier of options would take, learned from the other folds.

    Naive Bayes over words, word pairs, letter triples and the rank of each option in length, overlap and value. Linear
    in the offers. Where nothing can be learned, every option is as good.
    """
    features = [option_features(offer.options) for offer in offers]
    folds = np.array([fold_of(offer.source) for offer in offers])
    found = [tuple(range(len(offer.options))) for offer in offers]
    for fold in range(FOLDS):
        known = np.flatnonzero(folds != fold)
        if not len(known):
            continue
        weights = _fit([(features[i], offers[int(i)].gold) for i in known])
        for i in np.flatnonzero(folds == fold):
            found[i] = _best(features[i], weights)
    return found


def _slot(feature: str) -> int:
    return crc32(feature.encode()) % SLOTS


def option_features(options: Sequence[str]) -> list[NDArray[np.int64]]:
    """For each option, the slots of its features: shape (n,), each once, in `range(SLOTS)`."""
    keys = [key(option) for option in options]
    tokens = [words(text) for text in keys]
    ranks = _ranks(options, tokens)
    return [_features(*each) for each in zip(keys, tokens, ranks, strict=True)]


def _features(text: str, tokens: Sequence[str], ranks: Sequence[str]) -> NDArray[np.int64]:
    tokens = tokens[:60]
    found = {f"w {token}" for token in tokens} | {f"p {a} {b}" for a, b in pairwise(tokens)}
    found |= {f"c {text[i : i + 3]}" for i in range(min(len(text), 60) - 2)}
    found |= {f"o {text}", *ranks}
    return np.array(sorted({_slot(feature) for feature in found}), dtype=np.int64)


def _ranks(options: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[list[str]]:
    """Where each option stands among the others: in length, in words shared with them, in value."""
    bags = [frozenset(each) for each in tokens]
    told = [_ranked("length", [len(option) for option in options])]
    told.append(_ranked("overlap", [sum(len(bag & other) for other in bags) for bag in bags]))
    amounts = [amount_of(option) for option in options]
    values = [amount.value for amount in amounts if amount is not None]
    if len(values) == len(amounts):
        middle = median(values)
        told += [_ranked("value", values), [f"round {value % 10 == 0}" for value in values]]
        told.append(_ranked("median", [abs(value - middle) for value in values]))
    return [list(each) for each in zip(*told, strict=True)]


def _ranked(what: str, values: Sequence[float]) -> list[str]:
    least, most = min(values), max(values)
    if least == most:
        return [f"{what} between"] * len(values)
    names = {least: f"{what} lowest", most: f"{what} highest"}
    return [names.get(value, f"{what} between") for value in values]


def _fit(rows: list[tuple[list[NDArray[np.int64]], int]]) -> NDArray[np.float64]:
    """Log odds of each feature: how much likelier a right option has it than a wrong one; shape (SLOTS,)."""
    right = np.concatenate([options[gold] for options, gold in rows])
    wrong = np.concatenate([option for options, gold in rows for i, option in enumerate(options) if i != gold])
    wrongs = sum(len(options) - 1 for options, _ in rows)
    share_right = (np.bincount(right, minlength=SLOTS) + _SMOOTHING) / (len(rows) + 2 * _SMOOTHING)
    # The prior of a feature is its own share, so that a feature seen once says nothing.
    share_wrong = (np.bincount(wrong, minlength=SLOTS) + _SMOOTHING * wrongs / len(rows)) / (
        wrongs + 2 * _SMOOTHING * wrongs / len(rows)
    )
    odds: NDArray[np.float64] = np.log(share_right / share_wrong)
    return odds


def _best(options: list[NDArray[np.int64]], weights: NDArray[np.float64]) -> tuple[int, ...]:
    scores = np.array([weights[slots].sum() / np.sqrt(len(slots)) for slots in options])
    return tuple(int(index) for index in np.flatnonzero(scores >= scores.max() - _EQUAL))
