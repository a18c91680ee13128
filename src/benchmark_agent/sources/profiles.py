"""What the sampled rows hold at each path: values, type, vocabulary."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from benchmark_agent.content import ValueType
from benchmark_agent.errors import SourceError
from benchmark_agent.sources import DatasetRows, Row
from benchmark_agent.sources.cards import LabelCount
from benchmark_agent.sources.roles import named_role, words
from benchmark_agent.sources.shape import (
    AUDIO_SUFFIXES,
    IMAGE_SUFFIXES,
    is_media_path,
    is_missing,
    leaves,
    number_of,
    options_of,
    raw_boxes,
    table_of,
    turns_of,
)
from benchmark_agent.sources.values import items_of, label_text

SAMPLE = 400
"""Rows read to write a card."""
MAX_PATHS = 200
MAX_LABELS = 100
MOST = 0.9
"""Share of the values that must have a type before the field has it, 0-1."""
_LEADING_ZERO = re.compile(r"[-+]?0\d+")
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2})?.*)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")
_CODES = frozenset({"label", "class", "category", "digit", "grade", "rating", "stars", "level", "difficulty"})
_SCALES = tuple(
    tuple(scale.split("<"))
    for scale in (
        "low<medium<high", "easy<medium<hard", "easy<moderate<hard", "small<medium<large", "poor<fair<good<excellent",
        "negative<neutral<positive", "never<rarely<sometimes<often<always", "beginner<intermediate<advanced",
        "strongly disagree<disagree<neutral<agree<strongly agree",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """The values at one path."""

    path: str
    values: tuple[object, ...]
    """Those present, in row order."""
    missing: int
    total: int
    """Rows in the dataset."""

    @cached_property
    def texts(self) -> tuple[str, ...]:
        return tuple(_shown(value) for value in self.values)

    @cached_property
    def distinct(self) -> int:
        return len(set(self.texts))

    @cached_property
    def mean_words(self) -> float:
        return round(sum(len(text.split()) for text in self.texts) / max(1, len(self.texts)), 1)

    @property
    def constant(self) -> bool:
        return self.distinct == 1 and len(self.values) > 2

    @property
    def unique(self) -> bool:
        return self.distinct >= 0.95 * len(self.values)

    def share(self, holds: Callable[[object], bool]) -> float:
        return sum(holds(value) for value in self.values) / max(1, len(self.values))

    @cached_property
    def is_date(self) -> bool:
        return self.share(lambda v: isinstance(v, str) and bool(_DATE.fullmatch(v.strip()))) >= MOST

    @cached_property
    def repeats(self) -> bool:
        """Few short values, each of several rows: a label."""
        if self.mean_words > 5 or self.distinct < 2 or len(self.values) < 6:
            return False
        return self.distinct <= min(MAX_LABELS, max(2, len(self.values) // 5))

    @cached_property
    def type(self) -> ValueType:
        if self.share(lambda v: isinstance(v, bytes) or is_media_path(v, IMAGE_SUFFIXES)) >= MOST:
            return "phrase" if self.share(_is_link) > 0.5 else "image"
        if self.share(lambda v: is_media_path(v, AUDIO_SUFFIXES)) >= MOST:
            return "phrase" if self.share(_is_link) > 0.5 else "audio"
        if self.share(lambda v: isinstance(v, (list, dict))) >= MOST:
            return self._type_of_container()
        return self._type_of_scalar()

    def _type_of_scalar(self) -> ValueType:
        if self.share(lambda v: isinstance(v, bool)) == 1:
            return "label"
        zeros = self.share(lambda v: isinstance(v, str) and bool(_LEADING_ZERO.fullmatch(v.strip())))
        if self.share(lambda v: number_of(v) is not None) >= MOST and zeros < 0.1:
            codes = words(self.path.split(".")[-1])[-1:]
            return "label" if self.repeats and self.distinct <= 30 and set(codes) & _CODES else "number"
        return "label" if self.repeats else "phrase"

    def _type_of_container(self) -> ValueType:
        role = named_role(self.path)
        found: list[tuple[ValueType, bool]] = [
            ("boxes", role == "bbox" or self.share(lambda v: not _flat_numbers(v)) == 1),
            ("choices", role == "options" or self.share(lambda v: isinstance(v, dict)) == 1),
            ("dialog", role == "dialog" or self.share(_has_records) >= MOST),
            ("table", True),
        ]
        return next((kind for kind, allowed in found if allowed and self.share(_READS[kind]) >= MOST), "items")

    def vocabulary(self) -> tuple[tuple[LabelCount, ...], bool]:
        """Labels with their rows, and whether they are a scale: then lowest first, else commonest first."""
        counts = Counter(self.texts)
        numbers = {text: number_of(text) for text in counts}
        order = sorted(counts, key=lambda text: (-counts[text], text))
        ordered = all(number is not None for number in numbers.values())
        if ordered:
            order = sorted(counts, key=lambda text: (numbers[text] or 0, text))
        else:
            lower = {text.casefold(): text for text in counts}
            scale = next((s for s in _SCALES if len(lower) > 2 and set(lower) <= set(s)), ())
            ordered = bool(scale)
            order = [lower[step] for step in scale if step in lower] or order
        return tuple(LabelCount(label=text, rows=counts[text]) for text in order), ordered


def _shown(value: object) -> str:
    if isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value):
        return " | ".join(items_of(value))
    return label_text(value)


def _is_link(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _flat_numbers(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, (int, float)) for item in value)


def _has_records(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


_READS: dict[str, Callable[[object], bool]] = {
    "boxes": lambda value: raw_boxes(value) is not None,
    "choices": lambda value: len(options_of(value)) > 1,
    "dialog": lambda value: bool(turns_of(value)),
    "table": lambda value: table_of(value) is not None,
    "items": lambda value: bool(items_of(value)),
}


def sample(rows: DatasetRows, size: int = SAMPLE) -> tuple[list[Row], int]:
    """Rows spread evenly over the dataset, and how many of those asked for could not be read."""
    total = len(rows)
    found, broken = [], 0
    for ordinal in sorted({i * total // min(size, total) for i in range(min(size, total))} if total else ()):
        try:
            found.append(rows[ordinal])
        except SourceError:
            broken += 1
    return found, broken


def profiles(rows: Sequence[Row], total: int) -> tuple[list[Profile], int]:
    """One profile for every path, in the order of the rows; and how many paths were left out."""
    values: dict[str, list[object]] = {}
    for row in rows:
        for path, value in leaves(row.values):
            held = values.setdefault(path, [])
            if not is_missing(value):
                held.append(value)
    paths = [path for path, held in values.items() if held]
    kept = paths[:MAX_PATHS]
    found = [Profile(path, tuple(values[path]), len(rows) - len(values[path]), total) for path in kept]
    return found, len(paths) - len(kept)


def reads(kind: ValueType, value: object) -> bool:
    """Whether the value can be read as the type."""
    if kind == "number":
        return number_of(value) is not None
    if kind == "label":
        return not isinstance(value, (list, dict))
    if kind in ("image", "audio"):
        return isinstance(value, (str, bytes, dict))
    return kind == "phrase" or _READS[kind](value)
