"""What any document is read into: headings, texts, tables and figures in reading order, each with its place."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Cell = str | int | float | None
Grid = tuple[tuple[Cell, ...], ...]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom; points from the page's top left corner."""
ReadText = Callable[[bytes], str]
"""Reads the text of an encoded image (PNG), one line a line: what reads scanned pages."""

_CAPTION = re.compile(
    r"^(?:fig(?:ure)?|table|chart|plate|abb(?:ildung)?|tab(?:elle|leau|la)?|figura|tabela)\b\.?\s*\d[\w.-]*\s*[.:–—-]?\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+−]?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Block:
    kind: Literal["heading", "text", "table", "figure"]
    text: str = ""
    """The heading or text itself; the caption of a table or figure."""
    page: int = 0
    """Page, slide or sheet, from 1; 0 where the format has none."""
    level: int = 0
    """Headings only: 1 is the highest."""
    grid: Grid = ()
    """Tables only: the header first, every row of its length."""
    image: bytes = b""
    """Figures only: an encoded image."""
    box: Box | None = None
    """Where on the page, where the format says."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of a document that cannot be read, and why."""

    where: str
    """`pages 3-9`; empty: the whole document."""
    why: str


Part = Block | Trouble
Reader = Callable[[Path, "Surroundings"], Iterator[Part]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a document is read with."""

    root: Path
    """Nothing outside it is read."""
    ocr: ReadText | None = None
    """None: scanned pages are named and not read."""


def plain(text: str) -> str:
    """One line, single spaces."""
    return " ".join(text.split())


def is_caption(text: str) -> bool:
    """Whether a text begins like `Figure 3:` or `Table 2.`."""
    return _CAPTION.match(text) is not None and len(text) < 600


def without_number(caption: str) -> str:
    """A caption without its `Figure 3:`."""
    return _CAPTION.sub("", plain(caption), count=1)


def with_captions(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts with each caption put on the table or figure it stands next to: `Table 2` above or below a table."""
    held: Block | None = None
    for part in parts:
        one = _one_of(held, part)
        if one is not None:
            held = None
            yield one
            continue
        if held is not None:
            yield held
        held = part if isinstance(part, Block) and (_bare(part) or _caption(part)) else None
        if held is None:
            yield part
    if held is not None:
        yield held


def _bare(block: Block) -> bool:
    return block.kind in ("table", "figure") and not is_caption(block.text)


def _caption(block: Block) -> bool:
    return block.kind == "text" and is_caption(block.text)


def _one_of(held: Block | None, part: Part) -> Block | None:
    """Table or figure with its caption, when two neighbours are that."""
    if held is None or not isinstance(part, Block):
        return None
    shown, said = (held, part) if _bare(held) else (part, held)
    if not (_bare(shown) and _caption(said) and said.text.lower().startswith("tab") == (shown.kind == "table")):
        return None
    return replace(shown, text=said.text)


def grid_of(rows: Sequence[Sequence[Cell]]) -> Grid:
    """Rows as a table: all of one length, without empty rows and columns, the header complete and its names
    different, columns of numbers as numbers; empty when fewer than two rows or columns are left."""
    width = max((len(row) for row in rows), default=0)
    square = [[_cell(row[i]) if i < len(row) else None for i in range(width)] for row in rows]
    square = [row for row in square if any(cell is not None for cell in row)]
    kept = [i for i in range(width) if any(row[i] is not None for row in square)]
    if len(square) < 2 or len(kept) < 2:
        return ()
    columns = [_numbers([row[i] for row in square[1:]]) for i in kept]
    header = _header([square[0][i] for i in kept])
    return (header, *zip(*columns, strict=True))


def _cell(value: Cell) -> Cell:
    if not isinstance(value, str):
        return value
    return plain(value) or None


def _header(cells: Sequence[Cell]) -> tuple[str, ...]:
    names: list[str] = []
    for at, cell in enumerate(cells):
        name = str(cell) if cell is not None else ("name" if at == 0 else f"column {at + 1}")
        while name in names:
            name = f"{name} ({at + 1})"
        names.append(name)
    return tuple(names)


def _numbers(column: list[Cell]) -> list[Cell]:
    """The column with its texts as numbers when all of them are; numbers with leading zeros are codes."""
    given = [cell for cell in column if isinstance(cell, str)]
    if not given or not all(_NUMBER.fullmatch(cell) for cell in given):
        return column
    return [_number(cell) if isinstance(cell, str) else cell for cell in column]


def _number(text: str) -> int | float:
    digits = text.replace(",", "").replace("−", "-")
    return float(digits) if "." in digits else int(digits)
