"""Excel files: each sheet is a table. Formulas are not calculated: the values saved with them are read."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from benchmark_agent.documents.blocks import Block, Cell, Part, Surroundings, Trouble, grid_of
from benchmark_agent.documents.office import checked
from benchmark_agent.errors import MediaError, boundary

MOST_ROWS = 100_000
MOST_COLUMNS = 200
_EMPTY = 200
"""Rows without a value after which a sheet has ended: formatting may run on to row 1,048,576."""


def read(path: Path, around: Surroundings) -> Iterator[Part]:
    """Raises MediaError when it does not open."""
    checked(path, "xl/")
    import openpyxl

    with boundary("the workbook does not open", MediaError):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        for number, sheet in enumerate(book.worksheets, 1):
            with boundary(f"the sheet {sheet.title!r}", MediaError):
                rows, whole = _rows(sheet)
            if not whole:
                yield Trouble(f"sheet {sheet.title!r}", f"it has more than {MOST_ROWS} rows; the first are read")
            titles = []
            while rows and sum(cell is not None for cell in rows[0]) == 1:
                titles.append(str(next(cell for cell in rows.pop(0) if cell is not None)))
            yield Block("heading", sheet.title, number, level=1)
            if grid := grid_of(rows):
                yield Block("table", " ".join(titles) or sheet.title, number, grid=grid)
    finally:
        book.close()


def _rows(sheet: Any) -> tuple[list[list[Cell]], bool]:
    """Rows with a value, and whether these are all."""
    sheet.reset_dimensions()
    rows: list[list[Cell]] = []
    empty = 0
    for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
        cells = [_cell(value) for value in row]
        empty = 0 if any(cell is not None for cell in cells) else empty + 1
        if empty > _EMPTY:
            break
        if not empty:
            rows.append(cells)
        if len(rows) > MOST_ROWS:
            return rows[:-1], False
    return rows, True


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float) else str(value)
