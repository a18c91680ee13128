"""The options alone must not tell the answer, in the set as a whole."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from benchmark_agent.content import Composed
from benchmark_agent.guessing import SLOTS, option_features

LEARNED = 30
"""Choice items the classifier reads before its guesses count."""
SLACK = 0.06
"""Share over chance that is always allowed, 0-1."""


class OptionCues:
    """A classifier that reads options only, and guesses each item before it learns from it.

    While its guesses are right more often than chance explains (two standard errors and `SLACK`), items it guesses
    right are not admitted. Naive Bayes over the features of `choices_only`; what it learned is what was recorded.
    """

    def __init__(self) -> None:
        self._right: NDArray[np.float64] = np.zeros(SLOTS)
        self._wrong: NDArray[np.float64] = np.zeros(SLOTS)
        self._items = self._wrongs = self._guessed = 0
        self._hits = self._expected = self._variance = 0.0
        self._read: tuple[Composed, list[NDArray[np.int64]]] | None = None

    def admit(self, body: Composed) -> str:
        """Why the item would make the options tell too much; empty when it would not."""
        if body.answer_kind != "choice" or self._items < LEARNED:
            return ""
        hit = self._guess(body)
        chance = 1 / len(body.options)
        hits, guessed = self._hits + hit, self._guessed + 1
        allowed = self._expected + chance + 2 * sqrt(self._variance + chance * (1 - chance)) + SLACK * guessed
        if hit <= chance or hits <= allowed:
            return ""
        return f"the options alone tell its answer, as they do for {hits / guessed:.0%} of the items so far"

    def record(self, body: Composed) -> None:
        """Count the guess, then learn."""
        if body.answer_kind != "choice":
            return
        if self._items >= LEARNED:
            chance = 1 / len(body.options)
            self._hits += self._guess(body)
            self._guessed += 1
            self._expected += chance
            self._variance += chance * (1 - chance)
        for option, slots in zip(body.options, self._features(body), strict=True):
            (self._right if option == body.answer else self._wrong)[slots] += 1
        self._items += 1
        self._wrongs += len(body.options) - 1

    def _features(self, body: Composed) -> list[NDArray[np.int64]]:
        if self._read is None or self._read[0] is not body:
            self._read = (body, option_features(body.options))
        return self._read[1]

    def _guess(self, body: Composed) -> float:
        """Whether the option that looks right most is right; shared where several do. 0-1."""
        # A feature's prior is its own share, so that one seen once says nothing; ranks and words weigh the same.
        ratio = self._wrongs / self._items
        scores = [
            float(np.log((self._right[slots] + 1) * ratio / (self._wrong[slots] + ratio)).sum()) / sqrt(len(slots))
            for slots in self._features(body)
        ]
        best = [k for k, score in enumerate(scores) if score >= max(scores) - 1e-12]
        return (body.options.index(body.answer) in best) / len(best)
