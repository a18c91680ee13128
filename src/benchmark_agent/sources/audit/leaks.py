"""Whether what no item shows (file names, ids, row order, other columns) gives the answer away."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from pathlib import PurePosixPath

from benchmark_agent.seeds import derive
from benchmark_agent.sources.answer_form import normal
from benchmark_agent.sources.audit.view import Result, Seen, View

_LEAST = 30
_MOST_ANSWERS = 30
_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def file_names(view: View) -> Result:
    """File names that hold the answer. Benchmarks give media new names, so it is a note unless it is everywhere."""
    result = Result()
    rows = [row for row in view.seen if row.media and row.media[0] and row.answer]
    hits = [row for row in rows if _in_name(row, row.answer)]
    answers = Counter(row.answer for row in rows).most_common(_MOST_ANSWERS)
    expected = sum(n * sum(_in_name(row, answer) for row in rows) for answer, n in answers) / max(1, len(rows))
    if len(hits) < max(3, expected + 0.05 * len(rows) + 3 * sqrt(expected)):
        return result
    result.find(
        "answer_in_file_name", "warning" if len(hits) > 0.5 * len(rows) else "note",
        f"{len(hits)} of {len(rows)} file names hold the answer; benchmarks must give the files other names, and do",
        [(row.id, f"{row.media[0]} -> {row.answer[:40]}") for row in hits],
    )  # fmt: skip
    return result


def _in_name(row: Seen, answer: str) -> bool:
    stem = _CAMEL.sub(" ", PurePosixPath(row.media[0]).stem)
    name = [word.casefold() for word in _WORD.findall(stem)]
    folder = [word.casefold() for part in PurePosixPath(row.media[0]).parent.parts for word in _WORD.findall(part)]
    wanted = [word.casefold() for word in _WORD.findall(answer)]
    words = [*name, *folder]
    size = len(wanted)
    return bool(wanted) and any(words[i : i + size] == wanted for i in range(len(words) - size + 1))


def ordered_answers(view: View) -> Result:
    """Rows whose answer can be told from the answers of their neighbours by row order or number in the file name."""
    result = Result()
    rows = [row for row in view.seen if row.answer]
    answers = Counter(normal(row.answer) for row in rows)
    if len(rows) < _LEAST or not 1 < len(answers) <= _MOST_ANSWERS:
        return result
    expected = sum((n / len(rows)) ** 2 for n in answers.values())
    named = [(_number(row.media[0] if row.media else row.id), row.ordinal, row) for row in rows]
    orders = {
        "row order": rows,
        "the numbers in file names or ids": [row for *_, row in sorted(named, key=lambda t: t[:2])],
    }
    for what, order in orders.items():
        alike = [normal(a.answer) == normal(b.answer) for a, b in pairwise(order)]
        same = sum(alike) / len(alike)
        if same > expected + max(0.15, 5 * sqrt(expected * (1 - expected) / len(order))):
            result.find(
                "ordered_answers", "note",
                f"by {what}, neighbours share their answer in {same:.2f} of the cases (by chance {expected:.2f}); "
                "items are drawn in random order and show neither",
            )  # fmt: skip
            return result
    return result


def _number(text: str) -> int:
    digits = re.findall(r"\d+", PurePosixPath(text).stem)
    return int(digits[-1]) if digits else 0


def other_fields(view: View) -> Result:
    """Fields that give the answer away: each is used alone to predict it, on rows it was not fitted to."""
    result = Result()
    rows = [row for row in view.seen if row.answer]
    answers = Counter(normal(row.answer) for row in rows)
    if len(rows) < _LEAST or not 1 < len(answers) <= _MOST_ANSWERS:
        return result
    majority = max(answers.values()) / len(rows)
    names = [name for name, _ in rows[0].others]
    for index, name in enumerate(names):
        values = [row.others[index][1] for row in rows]
        distinct = len(set(values))
        if not 1 < distinct <= len(rows) // 3 or all(
            normal(v) == normal(r.answer) for v, r in zip(values, rows, strict=True)
        ):
            continue
        accuracy = _predicted(values, rows)
        if accuracy < majority + max(0.2, 4 * sqrt(majority * (1 - majority) / len(rows))):
            continue
        result.find(
            "field_gives_answer", "error" if accuracy >= 0.98 else "warning",
            f"the field {name!r} alone tells the answer in {accuracy:.2f} of {len(rows)} rows "
            f"(the commonest answer: {majority:.2f}); it must not be shown",
        )  # fmt: skip
        result.factor = min(result.factor, 0.9)
    return result


def _predicted(values: Sequence[str], rows: Sequence[Seen]) -> float:
    """Accuracy, 0-1, of the commonest answer of the same value in the other half of the rows."""
    half = [derive("half", row.ordinal) % 2 for row in rows]
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for value, row, side in zip(values, rows, half, strict=True):
        counts[side, value][normal(row.answer)] += 1
    hits = 0
    for value, row, side in zip(values, rows, half, strict=True):
        known = counts[1 - side, value]
        hits += bool(known) and min(known, key=lambda a: (-known[a], a)) == normal(row.answer)
    return hits / len(rows)
