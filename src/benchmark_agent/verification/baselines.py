"""What a model scores that never reads the question: how much the options alone tell."""

from collections.abc import Sequence

import numpy as np

from benchmark_agent.guessing import FOLDS, Offer, guesses, longest
from benchmark_agent.verification.types import Item

SAMPLE = 5000
"""Items the classifier reads at most, evenly spaced."""


def _offers(items: Sequence[Item]) -> list[Offer]:
    return [
        Offer(item.options, ord(item.answer) - ord("A"), _source(item))
        for item in items
        if item.answer_kind == "choice" and len(item.options) > 1
    ]


def _source(item: Item) -> str:
    return f"{item.sources[0].dataset}\x1f{item.sources[0].row}" if item.sources else item.id


def longest_option(items: Sequence[Item]) -> tuple[float, float]:
    """Accuracy of choosing the longest option (ties shared), and chance, 0-1; zeros without choice items."""
    offers = _offers(items)
    return _accuracy(offers, [longest(offer.options) for offer in offers])


def choices_only(items: Sequence[Item]) -> tuple[float, float]:
    """Accuracy of a classifier that reads the options alone, and chance, 0-1; zeros under `2 * FOLDS` choice items.

    Cross-validated in folds by source row, so that siblings of one row are never on both sides. Linear in the items.
    """
    offers = _offers(items)
    if len(offers) > SAMPLE:
        step = len(offers) / SAMPLE
        offers = [offers[int(index * step)] for index in range(SAMPLE)]
    return _accuracy(offers, guesses(offers)) if len(offers) >= 2 * FOLDS else (0.0, 0.0)


def _accuracy(offers: Sequence[Offer], taken: Sequence[tuple[int, ...]]) -> tuple[float, float]:
    """Share right, where several options that are taken share a point; and chance."""
    if not offers:
        return 0.0, 0.0
    hits = sum((offer.gold in best) / len(best) for offer, best in zip(offers, taken, strict=True))
    return hits / len(offers), float(np.mean([1 / len(offer.options) for offer in offers]))
