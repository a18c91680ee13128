"""The rows as the checks see them, read once; and what a check hands back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmark_agent.errors import SourceError
from benchmark_agent.seeds import derive
from benchmark_agent.sources import DatasetRows, Row
from benchmark_agent.sources.answer_form import normal
from benchmark_agent.sources.cards import DatasetCard, Field, Finding, Repair, Severity
from benchmark_agent.sources.shape import at
from benchmark_agent.sources.values import POINTING, choices_of, items_of, label_text, options_in, text_of

MOST_ROWS = 100_000
"""Rows read; of a larger dataset, this many spread evenly."""
KEPT = 3000
"""Characters of a context that are kept for the checks over the whole dataset."""
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """One row, read through its card."""

    ordinal: int
    id: str
    question: str
    context: str
    options: tuple[str, ...]
    right: int | None
    """Index of the right option."""
    answer: str
    """Text of the answer; of the right option where it points at one."""
    accepted: tuple[str, ...]
    """Every accepted answer."""
    media: tuple[str, ...]
    """Paths as the row gives them."""
    others: tuple[tuple[str, str], ...]
    """Name and text of the other fields."""
    context_key: int
    """Hash of the whole context."""

    @property
    def evidence(self) -> tuple[object, ...]:
        """What makes two rows the same task: question, context, media and options, or all fields of a plain record."""
        told = (normal(self.question), self.context_key, self.media, tuple(sorted(map(normal, self.options))))
        return told if self.context or self.media or self.question else (*told, self.others)


@dataclass(slots=True)
class Result:
    """What a check found, and what follows."""

    findings: list[Finding] = field(default_factory=list)
    unusable: set[int] = field(default_factory=set)
    redundant: set[int] = field(default_factory=set)
    """Rows that may be used but add nothing new."""
    repairs: list[Repair] = field(default_factory=list)
    factor: float = 1.0
    """On the quality, 0-1."""
    refused: str = ""

    def find(self, check: str, severity: Severity, message: str, rows: Sequence[tuple[str, str]] = ()) -> None:
        """Record a finding; `rows` are row ids with what was seen there."""
        examples = tuple(f"{row}: {seen}"[:200] for row, seen in rows[:_EXAMPLES])
        self.findings.append(
            Finding(check=check, severity=severity, message=message, rows=len(rows), examples=examples)
        )


@dataclass(slots=True)
class View:
    """The dataset as the checks see it."""

    card: DatasetCard
    root: Path
    total: int
    seen: list[Seen] = field(default_factory=list)
    unreadable: list[tuple[int, str]] = field(default_factory=list)
    same_media: dict[str, str] = field(default_factory=dict)
    """Path to the path of the first file with the same content, filled by the media check."""

    def media_key(self, row: Seen) -> tuple[str, ...]:
        return tuple(self.same_media.get(path, path) for path in row.media)

    def evidence(self, row: Seen) -> tuple[object, ...]:
        return replace(row, media=self.media_key(row)).evidence


Visit = Callable[[Row, Seen], None]


def look(card: DatasetCard, rows: DatasetRows, visits: Sequence[Visit]) -> View:
    """Read the rows once. Every visit sees each row whole; the view keeps what fits in memory."""
    total = len(rows)
    view = View(card, rows.root, total)
    reader = _Reader(card)
    wanted = range(total) if total <= MOST_ROWS else (i * total // MOST_ROWS for i in range(MOST_ROWS))
    for ordinal in wanted:
        try:
            row = rows[ordinal]
        except SourceError as error:
            view.unreadable.append((ordinal, str(error)))
            continue
        seen = reader.read(row)
        for visit in visits:
            visit(row, seen)
        view.seen.append(replace(seen, context=seen.context[:KEPT]) if len(seen.context) > KEPT else seen)
    return view


class _Reader:
    def __init__(self, card: DatasetCard) -> None:
        self.card = card
        self.question = next(iter(card.with_role("question")), None)
        self.contexts = [
            f for f in card.fields if f.role in ("context", "table") or (f.role == "dialog" and not f.parse)
        ]
        self.options = card.field(card.answer.options_field) or next(iter(card.with_role("options")), None)
        self.answer = card.field(card.answer.field)
        self.media = [f for f in card.fields if f.type in ("image", "audio")]
        told = {f.name for f in (self.question, self.options, self.answer, *self.contexts, *self.media) if f}
        self.others = [f for f in card.fields if f.name not in told and f.role != "id" and not f.parse]

    def read(self, row: Row) -> Seen:
        options, right = self._choice(row)
        accepted = self._accepted(row)
        context = "\n".join(text for f in self.contexts if (text := text_of(f, row)))
        pointed = options[right] if right is not None else ""
        return Seen(
            ordinal=row.ordinal,
            id=row.id,
            question=text_of(self.question, row) if self.question else "",
            context=context,
            options=options,
            right=right,
            answer=pointed or (accepted[0] if accepted else ""),
            accepted=accepted,
            media=tuple(_path(f, row) for f in self.media),
            others=tuple((f.name, text_of(f, row)[:200]) for f in self.others),
            context_key=derive(context) if context else 0,
        )

    def _choice(self, row: Row) -> tuple[tuple[str, ...], int | None]:
        if self.options is None:
            return (), None
        try:
            if self.card.answer.options_field:
                choices = choices_of(self.card, self.options, row)
                return choices.options, choices.answer
            return options_in(self.options, row), None
        except SourceError:
            return (), None

    def _accepted(self, row: Row) -> tuple[str, ...]:
        if self.answer is None:
            return ()
        if self.answer.type == "items" and not self.answer.parse:
            return items_of(at(row.values, self.answer.path))
        text = text_of(self.answer, row)
        return (label_text(text),) if text else ()


def _path(media: Field, row: Row) -> str:
    value = at(row.values, media.path)
    if isinstance(value, dict):
        value = value.get("path")
    return value if isinstance(value, str) else ""


def points(card: DatasetCard) -> bool:
    """Whether the answers of the dataset point at options."""
    return card.answer.kind in POINTING or (
        card.answer.kind in ("boolean", "label") and bool(card.answer.options_field)
    )
