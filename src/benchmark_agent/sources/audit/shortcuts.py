"""How well the options alone give the right one away: a small Naive Bayes model, cross-validated."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log, sqrt

from benchmark_agent.seeds import derive
from benchmark_agent.sources.answer_form import normal
from benchmark_agent.sources.audit.view import Result, Seen, View
from benchmark_agent.sources.shape import number_of

FOLDS = 5
_LEAST = 40
_MOST = 4000
"""Rows the model is trained and tested on."""
_WORD = re.compile(r"\w+")


def features(options: Sequence[str]) -> list[frozenset[str]]:
    """For each option: its words, its length and likeness among the others, and where its number stands."""
    words = [_WORD.findall(option.casefold()) for option in options]
    lengths = [len(option) for option in options]
    likeness = [_likeness(i, words, options) for i in range(len(options))]
    numbers = [number_of(option) for option in options]
    found = []
    for i, own in enumerate(words):
        marks = {f"w:{word}" for word in own} | {f"2:{a} {b}" for a, b in pairwise(own)}
        marks |= {f"first:{own[0]}", f"last:{own[-1]}"} if own else set()
        marks |= {f"length:{_place(lengths[i], lengths)}", f"like:{_place(likeness[i], likeness)}"}
        known = [n for n in numbers if n is not None]
        number = numbers[i]
        if number is not None and len(known) == len(options):
            marks.add(f"number:{_place(number, known)}")
        found.append(frozenset(marks))
    return found


def _likeness(i: int, words: Sequence[Sequence[str]], options: Sequence[str]) -> float:
    """Mean share of common words and character pairs with the other options, 0-1."""
    own = set(words[i]) | _pairs(options[i])
    shares = []
    for j in range(len(options)):
        if j != i:
            other = set(words[j]) | _pairs(options[j])
            shares.append(len(own & other) / max(1, len(own | other)))
    return round(sum(shares) / max(1, len(shares)), 3)


def _pairs(text: str) -> set[str]:
    plain = text.casefold()
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def _place(value: float, values: Sequence[float]) -> str:
    if min(values) == max(values):
        return "same"
    if value == max(values):
        return "most" if values.count(value) == 1 else "among most"
    if value == min(values):
        return "least" if values.count(value) == 1 else "among least"
    return "between"


def choices_only(rows: Sequence[Seen]) -> tuple[float, float]:
    """Accuracy of the model that sees only the options, and of chance; both 0-1. Options in common share a fold."""
    items = [(features(row.options), row.right or 0, _fold(row)) for row in rows]
    hits = 0.0
    for fold in range(FOLDS):
        model = _Bayes([(options, right) for options, right, home in items if home != fold])
        for options, right, home in items:
            if home == fold:
                scores = [model.score(option) for option in options]
                best = [i for i, score in enumerate(scores) if score >= max(scores) - 1e-9]
                hits += (right in best) / len(best)
    chance = sum(1 / len(row.options) for row in rows) / len(rows)
    return hits / len(rows), chance


def _fold(row: Seen) -> int:
    return derive("fold", *sorted(map(normal, row.options))) % FOLDS


class _Bayes:
    """Bernoulli Naive Bayes on the marks an option has, with add-one smoothing."""

    def __init__(self, items: Sequence[tuple[list[frozenset[str]], int]]) -> None:
        self.right: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        rights = wrongs = 0
        for options, right in items:
            for i, marks in enumerate(options):
                (self.right if i == right else self.wrong).update(marks)
                rights, wrongs = rights + (i == right), wrongs + (i != right)
        self.prior = log((wrongs + 2) / (rights + 2))

    def score(self, marks: frozenset[str]) -> float:
        return sum(log((self.right[m] + 1) / (self.wrong[m] + 1)) + self.prior for m in sorted(marks) if self._known(m))

    def _known(self, mark: str) -> bool:
        return self.right[mark] + self.wrong[mark] > 2


def options_shortcut(view: View) -> Result:
    """Whether the options alone give the right one away."""
    result = Result()
    rows = [row for row in view.seen if row.right is not None and len(row.options) > 1]
    rows = rows[:: max(1, len(rows) // _MOST)][:_MOST]
    if len(rows) < _LEAST or len({tuple(sorted(map(normal, row.options))) for row in rows}) < 10:
        return result
    accuracy, chance = choices_only(rows)
    noise = sqrt(chance * (1 - chance) / len(rows))
    if accuracy < chance + 0.08 or accuracy < chance + 2.6 * noise:
        says = f"a model that sees only the options scores {accuracy:.2f} on {len(rows)} rows (chance {chance:.2f})"
        result.find("choices_only", "note", f"{says}: the options do not give the answer away")
        return result
    severe = accuracy >= chance + 0.25
    result.find(
        "options_shortcut", "warning" if severe else "note",
        f"a model that sees only the options, not the question, scores {accuracy:.2f} on {len(rows)} rows "
        f"(chance {chance:.2f}; {FOLDS}-fold): wrong options differ in words, length or likeness",
    )  # fmt: skip
    result.factor = 1 - 0.5 * (accuracy - chance) / (1 - chance)
    return result
