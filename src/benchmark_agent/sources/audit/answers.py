"""The answers as a set: constant, skewed, at odds with themselves, or pointing at the wrong place."""

import re
from collections import Counter
from math import sqrt

from benchmark_agent.sources import Row
from benchmark_agent.sources.answer_form import normal
from benchmark_agent.sources.audit.view import Result, Seen, View
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.sources.roles import words
from benchmark_agent.sources.shape import at
from benchmark_agent.sources.values import items_of, text_of

_LEAST = 20
"""Rows under which shares say nothing."""


def commonest_answer(view: View) -> Result:
    """What always giving the commonest answer, and always the commonest position, scores."""
    result = Result()
    rows = [row for row in view.seen if row.answer]
    if len(rows) < _LEAST or view.card.answer.kind in ("boxes", "none", "free_text", "triple"):
        return result
    _constant_text(view, rows, result)
    _constant_position(rows, result)
    return result


def _constant_text(view: View, rows: list[Seen], result: Result) -> None:
    accepted = Counter(text for row in rows for text in {normal(a) for a in (row.answer, *row.accepted)})
    if any(row.right is not None for row in rows):
        accepted = Counter(normal(row.answer) for row in rows)
    answer, hits = min(accepted.items(), key=lambda pair: (-pair[1], pair[0]))
    share = hits / len(rows)
    if hits == len(rows):
        result.refused = f"every row has the answer {answer[:60]!r}"
        result.find("constant_answer", "error", f"all {len(rows)} rows have the answer {answer[:60]!r}")
        return
    labels = len({normal(row.answer) for row in rows})
    options = [len(row.options) for row in rows if row.options]
    chance = sum(1 / n for n in options) / len(options) if options else 1 / labels
    says = f"always answering {answer[:60]!r} scores {share:.2f} on {len(rows)} rows"
    if share < chance + 0.1 or share < chance + 3 * sqrt(chance * (1 - chance) / len(rows)):
        if labels <= 12:
            result.find("commonest_answer", "note", f"{says} (by chance {chance:.2f})")
        return
    loud = share >= 0.75 or (share >= 0.35 and share >= chance + 0.2)
    says += f"; chance is {chance:.2f}" if options else f"; {labels} answers evenly used would give {chance:.2f}"
    result.find("skewed_answers", "warning" if loud else "note", says)
    result.factor = 1 - 0.6 * max(0.0, share - 0.5)


def _constant_position(rows: list[Seen], result: Result) -> None:
    placed = [row for row in rows if row.right is not None and row.options]
    if len(placed) < _LEAST or len({tuple(map(normal, row.options)) for row in placed}) < 2:
        return
    counts = Counter(row.right for row in placed)
    place, hits = max(counts.items(), key=lambda pair: (pair[1], -(pair[0] or 0)))
    expected = sum(1 / len(row.options) for row in placed) / len(placed)
    if hits / len(placed) < expected + 0.1 or hits < len(placed) * expected + 3 * sqrt(len(placed) * expected):
        return
    result.find(
        "skewed_positions", "note",
        f"the right option stands at place {(place or 0) + 1} in {hits} of {len(placed)} rows "
        f"({hits / len(placed):.2f}; chance {expected:.2f}); options are put in a new order, so it does no harm",
    )  # fmt: skip


_SECONDS = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "fortnight": 1209600, "month": 2629800,
    "year": 31557600, "decade": 315576000, "century": 3155760000, "centurie": 3155760000,
}  # fmt: skip
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60,
    "half a": 0.5, "half an": 0.5, "a quarter of a": 0.25, "a quarter of an": 0.25, "a third of a": 1 / 3,
    "one third of an": 1 / 3, "a third of an": 1 / 3, "half of a": 0.5, "twenty-four": 24, "forty-eight": 48,
}  # fmt: skip
_DURATION = re.compile(
    r"(?:for |in |about |the |past |last |next |every )*(?P<n>[a-z -]+?|\d[\d,]*(?:\.\d+)?)\s+(?:full )?"
    r"(?P<unit>second|minute|hour|day|week|fortnight|month|year|decade|century|centurie)s?"
    r"(?: ago| later| long| earlier)?"
)
_OPPOSITES = (("noon", "midnight"), ("midday", "midnight"), ("yes", "no"), ("true", "false"))
_TOLERANCE = 1.12
"""A month may be 4 weeks, 30 or 31 days."""


def _seconds(text: str) -> float | None:
    found = _DURATION.fullmatch(normal(text))
    if not found:
        return None
    count = found["n"].strip().replace(",", "")
    number = float(count) if count[0].isdigit() else _COUNTS.get(count)
    return None if number is None else number * _SECONDS[found["unit"]]


def at_odds(accepted: tuple[str, ...]) -> str:
    """Two accepted answers of one row that cannot both be right; empty when there are none."""
    names = {normal(text) for text in accepted}
    for a, b in _OPPOSITES:
        if a in names and b in names:
            return f"{a!r} and {b!r}"
    lengths = [(seconds, text) for text in accepted if (seconds := _seconds(text))]
    if len(lengths) > 1:
        (low, short), (high, long) = min(lengths), max(lengths)
        if high > _TOLERANCE * low:
            return f"{short!r} and {long!r}"
    return ""


def accepted_at_odds(view: View) -> Result:
    """Accepted answers of one row that contradict each other."""
    result = Result()
    hits = [(row, seen) for row in view.seen if len(row.accepted) > 1 and (seen := at_odds(row.accepted))]
    if hits:
        result.unusable |= {row.ordinal for row, _ in hits}
        result.find(
            "accepted_at_odds", "warning",
            f"{len(hits)} of {len(view.seen)} rows accept answers that cannot all be right; removed",
            [(row.id, seen) for row, seen in hits],
        )  # fmt: skip
    return result


class Offsets:
    """Start offsets beside an answer must point at it in the context. Sees whole rows."""

    def __init__(self, card: DatasetCard) -> None:
        self.answer = card.field(card.answer.field)
        contexts = card.with_role("context")
        self.context = contexts[0] if contexts else None
        self.start = next((f for f in card.fields if words(f.path.split(".")[-1])[-1:] == ["start"]), None)
        self.hits: list[tuple[int, str, str]] = []
        self.total = 0

    def __call__(self, row: Row, seen: Seen) -> None:
        if self.start is None or self.answer is None or self.context is None:
            return
        starts, context = at(row.values, self.start.path), text_of(self.context, row)
        self.total += 1
        pairs = zip(
            starts if isinstance(starts, list) else [starts], items_of(at(row.values, self.answer.path)), strict=False
        )
        for start, text in pairs:
            if not isinstance(start, int) or start < 0 or context[start : start + len(text)] != text:
                there = context[start : start + len(text)] if isinstance(start, int) else start
                self.hits.append(
                    (row.ordinal, row.id, f"{text[:40]!r} is said to stand at {start}; there is {there!r}")
                )
                return

    def result(self, view: View) -> Result:
        result = Result()
        if self.hits:
            result.unusable |= {ordinal for ordinal, _, _ in self.hits}
            result.find(
                "offset_elsewhere", "error",
                f"{len(self.hits)} of {self.total} rows have an offset that does not point at the answer; removed",
                [(row, seen) for _, row, seen in self.hits],
            )  # fmt: skip
        return result
