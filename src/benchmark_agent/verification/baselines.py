"""What a model scores that never reads the question: how much the options alone tell."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmark_agent.quantities import amount_of
from benchmark_agent.verification.types import Item
from benchmark_agent.wording import key, words

SLOTS = 1 << 16
"""Hashed features of the classifier."""
FOLDS = 5
SAMPLE = 5000
"""Items the classifier reads at most, evenly spaced."""
_SMOOTHING = 1.0


def _choices(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.answer_kind == "choice" and len(item.options) > 1]


def longest_option(items: Sequence[Item]) -> tuple[float, float]:
    """Accuracy of choosing the longest option (ties shared), and chance, 0-1; zeros without choice items."""
    chosen = _choices(items)
    if not chosen:
        return 0.0, 0.0
    hits = 0.0
    for item in chosen:
        lengths = [len(option) for option in item.options]
        longest = [index for index, size in enumerate(lengths) if size == max(lengths)]
        hits += (ord(item.answer) - ord("A") in longest) / len(longest)
    return hits / len(chosen), float(np.mean([1 / len(item.options) for item in chosen]))


def choices_only(items: Sequence[Item]) -> tuple[float, float]:
    """Accuracy of a classifier that reads the options alone, and chance, 0-1; zeros under `2 * FOLDS` choice items.

    Naive Bayes over words, word pairs, letter triples and the rank of each option in length, overlap and value;
    cross-validated in folds by source row, so that siblings of one row are never on both sides. Linear in the items.
    """
    chosen = _choices(items)
    if len(chosen) > SAMPLE:
        step = len(chosen) / SAMPLE
        chosen = [chosen[int(index * step)] for index in range(SAMPLE)]
    if len(chosen) < 2 * FOLDS:
        return 0.0, 0.0
    features = [option_features(item.options) for item in chosen]
    folds = np.array([_fold(item) for item in chosen])
    golds = [ord(item.answer) - ord("A") for item in chosen]
    hits = 0.0
    for fold in range(FOLDS):
        weights = _fit([(features[i], golds[i]) for i in np.flatnonzero(folds != fold)])
        hits += sum(_hit(features[i], golds[i], weights) for i in np.flatnonzero(folds == fold))
    return hits / len(chosen), float(np.mean([1 / len(item.options) for item in chosen]))


def _fold(item: Item) -> int:
    source = f"{item.sources[0].dataset}\x1f{item.sources[0].row}" if item.sources else item.id
    return crc32(source.encode()) % FOLDS


def _slot(feature: str) -> int:
    return crc32(feature.encode()) % SLOTS


def option_features(options: Sequence[str]) -> list[NDArray[np.int64]]:
    """For each option, the slots of its features: shape (n,), each once, in `range(SLOTS)`."""
    return [_features(options, index) for index in range(len(options))]


def _features(options: Sequence[str], index: int) -> NDArray[np.int64]:
    text = key(options[index])
    tokens = words(text)[:60]
    found = {f"w {token}" for token in tokens} | {f"p {a} {b}" for a, b in pairwise(tokens)}
    found |= {f"c {text[i : i + 3]}" for i in range(min(len(text), 60) - 2)}
    found |= {f"o {text}", *_ranks(options, index)}
    return np.array(sorted({_slot(feature) for feature in found}), dtype=np.int64)


def _ranks(options: Sequence[str], index: int) -> set[str]:
    """Where the option stands among the others: in length, in words shared with them, in value."""
    lengths = [len(option) for option in options]
    ranks = {_rank("length", lengths, index)}
    bags = [frozenset(words(key(option))) for option in options]
    ranks.add(_rank("overlap", [sum(len(bag & other) for other in bags) for bag in bags], index))
    amounts = [amount_of(option) for option in options]
    values = [amount.value for amount in amounts if amount is not None]
    if len(values) == len(amounts):
        ranks |= {_rank("value", values, index), f"round {values[index] % 10 == 0}"}
        middle = median(values)
        ranks.add(_rank("median", [abs(value - middle) for value in values], index))
    return ranks


def _rank(what: str, values: Sequence[float], index: int) -> str:
    below = sum(value < values[index] for value in values)
    above = sum(value > values[index] for value in values)
    return f"{what} {'lowest' if not below and above else 'highest' if below and not above else 'between'}"


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


def _hit(options: list[NDArray[np.int64]], gold: int, weights: NDArray[np.float64]) -> float:
    scores = np.array([weights[slots].sum() / np.sqrt(len(slots)) for slots in options])
    best = np.flatnonzero(scores >= scores.max() - 1e-12)
    return float(gold in best) / len(best)
