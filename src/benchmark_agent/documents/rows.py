"""Blocks as rows: passages of sensible length, tables, figures; each with its file, its page and where on it.

Ids follow the fragments of RFC 8118 (`page=3`) and RFC 5147 (`char=120,860`), so that they stay the same for the same
file whatever lies beside it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from benchmark_agent.documents.blocks import Block, Cell, Grid, Part, Trouble, without_number

USUAL = 700
"""Characters from which a passage is long enough to end with its paragraph."""
MOST = 1500
"""Characters of a passage at most; longer paragraphs are cut between sentences."""
LEAST = 60
"""Characters under which a text (a page number, a button) is no passage."""
RECORDS = 8
"""Rows from which a table is a dataset of its own, one row a record."""
_OURS = ("id", "source_file", "source_page")
_SENTENCE = re.compile(r"(?<=[.!?。！？])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\Wa-z_])|(?<=[。！？])")

Kind = Literal["passages", "tables", "figures"]
Value = str | int | float | list[int] | list[list[Cell]] | None


@dataclass(frozen=True, slots=True)
class Made:
    """One row."""

    kind: Kind
    values: dict[str, Value]
    image: bytes = b""
    """Figures only: to be stored, and named in the row."""


@dataclass
class _Place:
    """Where in a document the reading is."""

    file: str
    title: str
    headings: list[tuple[int, str]] = field(default_factory=list)
    """Level and text of the headings above."""
    page: int = -1
    used: int = 0
    """Characters of the page's text so far."""
    tables: int = 0
    figures: int = 0

    def turn_to(self, page: int) -> None:
        if page > self.page:
            self.page, self.used, self.tables, self.figures = page, 0, 0, 0

    def under(self, heading: Block) -> None:
        self.headings = [each for each in self.headings if each[0] < heading.level] + [(heading.level, heading.text)]

    def row(self, where: str, page: int) -> dict[str, Value]:
        told = f"page={page}&{where}" if page else where
        path = " > ".join(text for _, text in self.headings)
        return {"id": f"{self.file}#{told}", "file": self.file, "document": self.title, "page": page or None,
                "section": path or None}  # fmt: skip


def rows_of(file: str, title: str, parts: Iterator[Part]) -> Iterator[Made | Trouble]:
    """The rows of one document, in order, and its troubles.

    Args:
        file: its path in the folder.
        title: what it is called.
    """
    place, held = _Place(file, title), list[tuple[int, Block]]()
    for part in parts:
        if isinstance(part, Trouble):
            yield part
            continue
        if part.kind == "text" and _fits(held, part):
            _hold(place, held, part)
            continue
        yield from _passage(place, held)
        place.turn_to(part.page)
        if part.kind == "text":
            _hold(place, held, part)
        elif part.kind == "heading":
            place.under(part)
        else:
            yield _table(place, part) if part.kind == "table" else _figure(place, part)
    yield from _passage(place, held)


def _fits(held: Sequence[tuple[int, Block]], text: Block) -> bool:
    """Whether a text goes on with the passage begun: on its page, and not too long with it."""
    length = sum(len(block.text) for _, block in held)
    return bool(held) and held[-1][1].page == text.page and length < USUAL and length + len(text.text) <= MOST


def _hold(place: _Place, held: list[tuple[int, Block]], text: Block) -> None:
    place.turn_to(text.page)
    held.append((place.used, text))
    place.used += len(text.text) + 2


def _passage(place: _Place, held: list[tuple[int, Block]]) -> Iterator[Made]:
    """The passage that was held; several when its one paragraph is too long."""
    start, page = (held[0][0], held[0][1].page) if held else (0, 0)
    text = "\n\n".join(block.text for _, block in held)
    held.clear()
    for begin, end in _stretches(text):
        if end - begin >= LEAST:
            span = [start + begin, start + end]
            values = place.row(f"char={span[0]},{span[1]}", page)
            yield Made("passages", {**values, "span": span, "passage": text[begin:end]})


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Parts of at most `MOST` characters that begin and end with sentences; a longer sentence is cut at a space."""
    ends = [found.end() for found in _SENTENCE.finditer(text)] + [len(text)]
    begin = last = 0
    for end in ends:
        if end - begin > MOST and last > begin:
            yield begin, begin + len(text[begin:last].rstrip())
            begin = last
        while end - begin > MOST:
            cut = text.rfind(" ", begin, begin + MOST) + 1 or begin + MOST
            yield begin, begin + len(text[begin:cut].rstrip())
            begin = cut
        last = end
    if begin < len(text):
        yield begin, len(text)


def _table(place: _Place, block: Block) -> Made:
    place.tables += 1
    values = place.row(f"table={place.tables}", block.page)
    grid: list[list[Cell]] = [list(row) for row in block.grid]
    return Made("tables", {**values, "caption": without_number(block.text) or None, "table": grid})


def _figure(place: _Place, block: Block) -> Made:
    place.figures += 1
    values = place.row(f"figure={place.figures}", block.page)
    box = [round(edge) for edge in block.box] if block.box else None
    return Made("figures", {**values, "place": box, "caption": without_number(block.text) or None}, block.image)


def records_of(tables: Sequence[dict[str, Value]]) -> Iterator[tuple[str, list[dict[str, Value]]]]:
    """Name and rows of every large table. Tables of one document with the same header are one: a table that goes on
    over pages."""
    by_header: dict[tuple[object, ...], list[dict[str, Value]]] = {}
    for table in tables:
        grid = table["table"]
        if isinstance(grid, list) and isinstance(grid[0], list):
            by_header.setdefault((table["file"], *grid[0]), []).append(table)
    for alike in by_header.values():
        rows = [row for table in alike for row in _records(table)]
        if len(rows) >= RECORDS:
            first = alike[0]
            yield str(first["caption"] or str(first["section"] or "").rpartition(" > ")[2] or first["document"]), rows


def _records(table: dict[str, Value]) -> Iterator[dict[str, Value]]:
    grid: Grid = tuple(map(tuple, table["table"]))  # type: ignore[arg-type]
    header = [f"{name} in the table" if name in _OURS else str(name) for name in grid[0]]
    for number, row in enumerate(grid[1:], 1):
        where = {"id": f"{table['id']}&row={number}", "source_file": table["file"], "source_page": table["page"]}
        yield {**where, **dict(zip(header, row, strict=True))}
