"""The scorer of numbers."""

import math
import re

from benchmark_agent.answers import AnswerKey, Score
from benchmark_agent.content import AnswerKind
from benchmark_agent.evaluation.scorers.replies import clean, judged, sentences, statements, unparsed
from benchmark_agent.quantities import Amount, amount_of, amounts, number_words, unit_named

TOLERANCE = 1e-6
"""Relative, for keys that are not integers. A key with decimals also accepts what rounds to it."""
_CLOSING = re.compile(
    r"\b(?:so|therefore|thus|hence|in total|altogether|total(?:s|ling)?|overall)\b|=|≈", re.IGNORECASE
)
_LEADING = re.compile(
    r"^(?:there\s+(?:is|are|were|was)|it\s+(?:is|was)|it's|i\s+(?:count|see|hear|get)|you\s+have|about)?\W*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"^\s*(?:or|to|–|-)\s*$|^\s*and\s*$", re.IGNORECASE)


def _numbers(text: str) -> list[Amount]:
    """Numbers in digits; where there are none, numbers in words."""
    return list(amounts(text)) or list(number_words(text.lower()))


def _is_range(text: str, first: Amount, second: Amount) -> bool:
    """`10 or 12`, `10-12`, `between 10 and 12`: two answers, not one."""
    gap = _BETWEEN.match(text[first.end : second.start] + ("-" if text[second.start] == "-" else ""))
    if gap is None:
        return False
    return "and" not in gap.group().lower() or "between" in text[: first.start].lower()


def _first(text: str) -> Amount | None:
    """The number a final statement gives; None when it gives none, or a range."""
    if not (found := _numbers(text)):
        return None
    if len(found) > 1 and _is_range(text, found[0], found[1]):
        return None
    equation = text.rfind("=")
    after = [amount for amount in found if equation >= 0 and amount.start > equation]
    return after[0] if after else found[0]


def said_number(text: str) -> Amount | None:
    """The number a cleaned reply gives as its answer.

    In this order: the whole reply; the last `the answer is`; the number behind the last `=`, `so` or `total` of the
    last sentence that has one; the number that opens a one-sentence reply; the last number.
    """
    if (whole := amount_of(text)) is not None:
        return whole
    for tail in statements(text):
        if (stated := _first(tail)) is not None:
            return stated
    parts = [part for part in sentences(text) if _numbers(part)]
    if not parts:
        return None
    closing = list(_CLOSING.finditer(parts[-1]))
    for mark in reversed(closing):
        if (concluded := _first(parts[-1][mark.end() :])) is not None:
            return concluded
    found = _numbers(parts[-1])
    if len(found) > 1 and _is_range(parts[-1], found[-2], found[-1]):
        return None
    if len(parts) == 1 and _LEADING.match(parts[0][: found[0].start]):
        return _first(parts[0])
    return found[-1]


def _close(value: float, wanted: Amount) -> bool:
    exact = wanted.form in ("integer", "word")
    if math.isclose(value, wanted.value, rel_tol=1e-12 if exact else TOLERANCE, abs_tol=1e-12):
        return True
    return wanted.decimals > 0 and abs(value - wanted.value) <= 0.5 * 10.0**-wanted.decimals * (1 + 1e-9)


def _matches(said: Amount, wanted: Amount) -> bool:
    """Whether a number of a reply is the number of the key, in the key's unit."""
    readings = [said.value] if said.other is None else [said.value, said.other]
    if said.percent and not wanted.percent:
        readings = [*readings, *(value / 100 for value in readings)]
    elif not said.percent and not wanted.percent:
        ours, theirs = unit_named(wanted.unit), unit_named(said.unit)
        if ours and theirs:
            if ours[0] != theirs[0]:
                return False
            readings = [value * theirs[1] / ours[1] for value in readings]
    return any(_close(value, wanted) for value in readings)


class Number:
    """A number: thousands separators, units, percent, fractions, decimal comma and number words are understood."""

    name = "number"
    answer_kinds: tuple[AnswerKind, ...] = ("number",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        said = said_number(text) if text else None
        if said is None:
            return unparsed(text, "the reply gives no number, or a range")
        wanted = [amount for form in (key.answer, *key.accepted) if (amount := amount_of(form)) is not None]
        shown = f"{said.value:.12g}" + ("%" if said.percent else "")
        return judged(any(_matches(said, amount) for amount in wanted), shown)
