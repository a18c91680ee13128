"""Fields of a row as the item shows them, and as notes for the writer alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmark_agent.content import (
    Audio,
    Boxes,
    Choices,
    Dialog,
    Image,
    Items,
    Label,
    Number,
    Part,
    Phrase,
    Table,
    Text,
    Value,
)
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Given
from benchmark_agent.tools.constructions import numbers, wording
from benchmark_agent.tools.text import dialog_text, table_text

MOST_SHOWN = 12_000
"""Characters of evidence a writer reads; all of it, since a detail left out could make the gold wrong."""
MOST_NOTE = 1_200
"""Characters of a note the writer reads."""
_LINE = 60
"""Characters up to which a value stands on one line behind its name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an item shows."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def media(self) -> tuple[Image | Audio, ...]:
        return tuple(part for part in self.parts if not isinstance(part, Text))


def shown(evidence: Sequence[Given]) -> Shown:
    """The parts of an item in the order of the fields; short values together at the end, headings where several
    texts need them.

    Raises:
        Unfit: when there is nothing to show, or more than a writer reads.
    """
    texts = [value_text(given.value).strip() for given in evidence]
    several = sum(map(bool, texts)) > 1
    parts: list[Part] = []
    short: list[str] = []
    for given, text in zip(evidence, texts, strict=True):
        if isinstance(given.value, Image | Audio):
            parts.append(given.value)
        elif text and several and _is_short(given.value, text):
            short.append(f"{title(given)}: {text}")
        elif text:
            parts.append(Text(text=f"{title(given)}\n\n{text}" if several and not _is_titled(given.value) else text))
    made = Shown((*parts, Text(text="\n".join(short))) if short else tuple(parts))
    if not made.parts:
        raise Unfit("the row has none of the fields the item would show")
    if len(made.text) > MOST_SHOWN:
        raise Unfit(
            f"the evidence has {len(made.text)} characters and a writer reads {MOST_SHOWN}; "
            "put 'truncate_passage' before this step"
        )
    return made


def notes(background: Sequence[Given]) -> str:
    """What only the writer sees, each field cut to `MOST_NOTE` characters."""
    said = ((given, value_text(given.value, marked=True).strip()) for given in background)
    return "\n".join(f"{title(given)}: {cut(text, MOST_NOTE)}" for given, text in said if text)


def media_of(given: Sequence[Given]) -> tuple[Image | Audio, ...]:
    return tuple(each.value for each in given if isinstance(each.value, Image | Audio))


def cut(text: str, most: int) -> str:
    """The text, or its start and an ellipsis, of at most so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def title(given: Given) -> str:
    """The name of a field as a heading: `Account 1`."""
    name = getattr(given.value, "name", "") or given.name
    return wording.sentence(" ".join(name.replace("_", " ").replace(".", " ").split()))


def _is_short(value: Value, text: str) -> bool:
    return isinstance(value, Phrase | Number | Label) and len(text) <= _LINE and "\n" not in text


def _is_titled(value: Value) -> bool:
    return isinstance(value, Table) and value.name not in ("", "table")


def value_text(value: Value, *, marked: bool = False) -> str:
    """Any value in words; nothing for media. `marked`: the right one of several choices is marked."""
    match value:
        case Image() | Audio():
            return ""
        case Dialog():
            return dialog_text(value) if any(turn.text for turn in value.turns) else ""
        case Table():
            return table_text(value) if value.columns and value.rows else ""
        case Number():
            return numbers.shown(numbers.exact(value.value), value.unit)
        case Items():
            return "\n".join(f"{n}. {text}" for n, text in enumerate(value.items, 1))
        case Choices():
            right = value.answer if marked else None
            return "\n".join(f"- {text}{' (right)' * (n == right)}" for n, text in enumerate(value.options))
        case Boxes():
            told = (f"{b.label}: x {b.x0:.0f}-{b.x1:.0f}, y {b.y0:.0f}-{b.y1:.0f}" for b in value.boxes)
            return "\n".join(("in pixels from the upper left corner", *told))
        case Phrase() | Label():
            return value.text
