"""Rows whose options, taken together, do not tell the answer to who never reads the question."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log

from benchmark_agent.sources.audit.shortcuts import features

LEARNED = 20
"""Rows that are read before a guess counts."""
SEEN = 3
"""Options that must have had a mark before it tells anything."""
RULE = 0.03
"""Share of the rows, 0-1, by which a rule like `the longest one` may beat chance."""
BEHIND = 0.05
"""Share of the rows, 0-1, by which the guesses are held under chance: who reads all the rows guesses better."""


class Even:
    """Guesses each row by its options before it learns from it, and refuses rows it guesses while it beats chance.

    What gives answers away in a family of problems is seldom one option: results of mistakes are larger, or end in
    zero, or look less like the rest more often than right results. Naive Bayes over the marks the audit looks at.
    """

    def __init__(self) -> None:
        self._right: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()
        self._rows = self._wrongs = 0
        self._ahead = 0.0
        """Right guesses beyond those of chance."""
        self._rules: dict[str, float] = defaultdict(float)
        """The same for each rule that takes the options of one place: the longest, the smallest number."""

    def admits(self, options: Sequence[str], answer: str) -> bool:
        """Whether the row may be kept; if so it is learned."""
        marks, gold = features(options), options.index(answer)
        rules = _rules(marks, gold)
        if any(gain > 0 and self._rules[rule] + gain > 1 + RULE * self._rows for rule, gain in rules.items()):
            return False
        if self._rows >= LEARNED:
            scores = [self._score(each) for each in marks]
            best = [place for place, score in enumerate(scores) if score >= max(scores) - 1e-9]
            gain = (gold in best) / len(best) - 1 / len(options)
            if gain > 0 and self._ahead + gain > -BEHIND * self._rows:
                return False
            self._ahead += gain
        for place, each in enumerate(marks):
            (self._right if place == gold else self._wrong).update(each)
        for rule, gain in rules.items():
            self._rules[rule] += gain
        self._rows += 1
        self._wrongs += len(options) - 1
        return True

    def _score(self, marks: frozenset[str]) -> float:
        prior = log((self._wrongs + 2) / (self._rows + 2))
        known = (mark for mark in sorted(marks) if self._right[mark] + self._wrong[mark] >= SEEN)
        return sum(log((self._right[mark] + 1) / (self._wrong[mark] + 1)) + prior for mark in known)


_PLACES = ("length:", "like:", "number:")


def _rules(marks: Sequence[frozenset[str]], gold: int) -> dict[str, float]:
    """What each rule that takes the options with one mark of place gains over chance on this row."""
    found = {mark for each in marks for mark in each if mark.startswith(_PLACES)}
    return {
        rule: (rule in marks[gold]) / sum(rule in each for each in marks) - 1 / len(marks) for rule in sorted(found)
    }
