"""CSV and its relatives as they come: any delimiter, encoding and quoting."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmark_agent.errors import UserError
from benchmark_agent.sources.rows import Raw

_DELIMITERS = (",", "\t", ";", "|")
_LONGEST_FIELD = 16 * 2**20
_LONGEST_RECORD = 2000
"""Lines. A quote open for longer than this was never closed."""
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,12}")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class CsvFile:
    """One delimited text file with a header line.

    Raises:
        UserError: when it has no header, or is no text.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = encoding_of(path)
        self.columns: list[str] = []
        self.delimiter = self._sniff()
        first = next(iter(self._records()), None)
        if first is None or isinstance(first[1], str):
            raise UserError(f"{str(path)!r} has no header line; the first line must name the columns")
        self.columns, self.headless = _names(first[1])

    def _lines(self) -> Iterator[str]:
        with self.path.open(encoding=self.encoding, newline="", errors="replace") as file:
            yield from file

    def _sniff(self) -> str:
        """The delimiter that cuts the first records into most columns, most evenly; tab for .tsv when in doubt."""
        best, best_score = "\t" if self.path.suffix.lower() == ".tsv" else ",", 0.0
        for delimiter in _DELIMITERS:
            records = [record for _, record in _up_to(self._records(delimiter), 50) if not isinstance(record, str)]
            width = len(records[0]) if records else 0
            if width < 2:
                continue
            even = sum(len(record) == width for record in records) / len(records)
            if even * (1 + width / 1000) > best_score + 1e-9:
                best, best_score = delimiter, even * (1 + width / 1000)
        return best

    def _records(self, delimiter: str = "") -> Iterator[tuple[int, list[str] | str]]:
        return records(self._lines(), delimiter or self.delimiter, 0 if delimiter else len(self.columns))

    def rows(self) -> Iterator[Raw]:
        """Cells of columns that are numbers throughout become numbers; empty cells become null."""
        numeric = self._numeric()
        for number, cells in self._cells():
            where = f"line {number}"
            if isinstance(cells, str):
                yield where, cells
            elif len(cells) != len(self.columns):
                yield where, f"it has {len(cells)} columns, the header has {len(self.columns)}"
            else:
                pairs = zip(self.columns, cells, numeric, strict=True)
                yield where, {name: _value(cell, number) for name, cell, number in pairs}

    def _cells(self) -> Iterator[tuple[int, list[str] | str]]:
        found = self._records()
        if not self.headless:
            next(found)
        return (record for record in found if record[1] != [])

    def _numeric(self) -> list[bool]:
        """Which columns hold nothing but plain numbers (no leading zeros: those are codes)."""
        numeric, filled = [True] * len(self.columns), [False] * len(self.columns)
        for _, cells in self._cells():
            if isinstance(cells, str) or len(cells) != len(self.columns):
                continue
            for i, cell in enumerate(cells):
                if numeric[i] and cell.strip():
                    filled[i] = True
                    numeric[i] = bool(_INTEGER.fullmatch(cell.strip()) or _DECIMAL.fullmatch(cell.strip()))
        return [number and full for number, full in zip(numeric, filled, strict=True)]


def encoding_of(path: Path) -> str:
    """By its byte order mark, else UTF-8 when it decodes, else Windows-1252.

    Raises:
        UserError: for binary data.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        raise UserError(f"{str(path)!r} is not text: it holds zero bytes; save it as UTF-8")
    try:
        with path.open(encoding="utf-8") as text:
            while text.read(2**20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def records(lines: Iterable[str], delimiter: str, width: int = 0) -> Iterator[tuple[int, list[str] | str]]:
    """First line number of each record, and its cells, or what is wrong with it.

    A quote that is never closed, or is closed by another row's, costs its own line only, not the rest of the file.

    Args:
        width: columns of the header; a record over several lines must have as many. 0: not known yet.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    source, again = enumerate(lines, 1), deque[tuple[int, str]]()
    waiting: list[tuple[int, str]] = []
    while True:
        taken = again.popleft() if again else next(source, None)
        if taken is not None:
            waiting.append(taken)
            if len(waiting) > 1 and '"' not in taken[1] and len(waiting) < _LONGEST_RECORD:
                continue
        if not waiting:
            return
        cells = _parsed([line for _, line in waiting], delimiter)
        if cells is None and taken is not None and len(waiting) < _LONGEST_RECORD:
            continue
        if cells is None or (len(waiting) > 1 and (isinstance(cells, str) or (width and len(cells) != width))):
            cells = "a quote is opened and never closed"
            again.extendleft(reversed(waiting[1:]))
        yield waiting[0][0], cells
        waiting = []


def _parsed(lines: Sequence[str], delimiter: str) -> list[str] | str | None:
    """Cells of one record, what is wrong with it, or None when a quote is still open."""
    try:
        found = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None
        return _leniently(lines, delimiter)
    return found[0] if len(found) == 1 else [] if not found else f"odd quoting over {len(found)} lines"


def _leniently(lines: Sequence[str], delimiter: str) -> list[str] | str:
    """Text after a closing quote, as in `"5" disk",1`: read as other programs do when that makes one record."""
    try:
        found = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        return f"odd quoting: {error}"
    return found[0] if len(found) == 1 else "odd quoting: text after a closing quote"


def _names(cells: Sequence[str]) -> tuple[list[str], bool]:
    """Column names, unique and not empty; True when the first line is no header but data."""
    headless = all(_INTEGER.fullmatch(cell.strip()) or _DECIMAL.fullmatch(cell.strip()) for cell in cells)
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        name = f"column_{position}" if headless or not cell.strip() else " ".join(cell.split())
        names.append(f"{name}_{position}" if name in names else name)
    return names, headless


def _value(cell: str, numeric: bool) -> Any:
    if not cell.strip():
        return None
    if not numeric:
        return cell
    return float(cell) if "." in cell else int(cell)


def _up_to(found: Iterator[tuple[int, list[str] | str]], n: int) -> Iterator[tuple[int, list[str] | str]]:
    for _, record in zip(range(n), found, strict=False):
        yield record
