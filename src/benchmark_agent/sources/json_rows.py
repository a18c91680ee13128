"""JSON documents that hold rows, and Parquet tables."""

import datetime
import decimal
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from benchmark_agent.errors import UserError
from benchmark_agent.sources.rows import Raw, json_lines

ROW_KEYS = ("data", "examples", "rows", "items", "samples", "instances", "questions", "records", "entries")
"""Where a JSON document keeps its rows; the first that is a list."""
SPLIT_KEYS = ("train", "validation", "valid", "dev", "test")
"""A document with these instead keeps its rows by split."""


class JsonDocument:
    """One JSON file that holds a list of rows. Read whole, and not kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._header: dict[str, Any] = {}

    def header(self) -> dict[str, Any]:
        """What stands beside the rows."""
        return self._header

    def rows(self) -> Iterator[Raw]:
        """
        Raises:
            UserError: for broken JSON, with the line, and for a document without rows.
        """
        document = self.document()
        yield from json_lines(self.path) if document is None else self._elements(document)

    def document(self) -> Any:
        """All of it; None when it is one object a line.

        Raises:
            UserError: for broken JSON, with the line.
        """
        try:
            return json.loads(self.path.read_bytes().removeprefix(b"\xef\xbb\xbf"), parse_constant=lambda _: None)
        except json.JSONDecodeError as error:
            if error.msg == "Extra data" and error.lineno > 1:
                return None
            raise UserError(
                f"{str(self.path)!r} is broken JSON at line {error.lineno}, column {error.colno}: {error.msg}; "
                "mend it, or save one JSON object per line as .jsonl"
            ) from error
        except (UnicodeDecodeError, RecursionError) as error:
            raise UserError(f"{str(self.path)!r} does not read as JSON: {error}; save it as UTF-8") from error

    def _elements(self, document: Any) -> Iterator[Raw]:
        if isinstance(document, list):
            yield from _checked(document, "element")
            return
        rows_key, splits = rows_of(document)
        self._header = {name: v for name, v in document.items() if name != rows_key and name not in splits and v}
        if rows_key:
            yield from _checked(document[rows_key], rows_key)
        elif splits:
            for split in splits:
                for where, raw in _checked(document[split], split):
                    yield where, raw if isinstance(raw, str) else {**raw, "split": split}
        else:
            raise UserError(
                f"{str(self.path)!r} holds no rows: it must be a list of objects, or an object with such a list "
                f"under one of {list(ROW_KEYS)}"
            )


def rows_of(document: Any) -> tuple[str, tuple[str, ...]]:
    """The key its rows stand under (or none), and its splits (or none)."""
    if not isinstance(document, dict):
        return "", ()
    key = next((name for name in ROW_KEYS if isinstance(document.get(name), list)), "")
    splits = () if key else tuple(name for name in SPLIT_KEYS if isinstance(document.get(name), list))
    return key, splits


def _checked(elements: Sequence[Any], name: str) -> Iterator[Raw]:
    for number, element in enumerate(elements):
        if isinstance(element, dict) and element:
            try:
                json.dumps(element, ensure_ascii=False).encode()
                yield f"{name} {number}", element
            except UnicodeEncodeError:
                yield f"{name} {number}", "it holds half of a Unicode character"
        else:
            yield f"{name} {number}", f"a row must be a JSON object, not {type(element).__name__}"


_HEAD = 65_536
_ROWS_HERE = re.compile(rf'"({"|".join(ROW_KEYS + SPLIT_KEYS)})"\s*:\s*\[\s*[{{\]]')


def head(path: Path) -> str:
    """The first 64 KiB as text."""
    with path.open("rb") as file:
        return file.read(_HEAD).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip()


def holds_rows(start: str) -> bool:
    """Whether a JSON file that starts so is a list of objects, or an object with one under a known key."""
    if start.startswith("["):
        return start[1:].lstrip().startswith("{")
    return bool(start.startswith("{") and (_ROWS_HERE.search(start) or is_lines(start)))


def is_lines(start: str) -> bool:
    """Whether the file is JSONL under another name: its first two lines are objects of their own."""
    lines = [line for line in start.split("\n")[:3] if line.strip()][:2]
    return len(lines) == 2 and all(line.startswith("{") and line.rstrip().endswith("}") for line in lines)


# -- Parquet -----------------------------------------------------------------------------------------


def parquet_rows(paths: Sequence[Path]) -> Iterator[Raw]:
    """Streamed by duckdb, with plain JSON values; images and sounds in the table stay bytes.

    Raises:
        UserError: for a file that is no Parquet.
    """
    safe: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": 1,
        "memory_limit": "400MB",
    }
    try:
        with duckdb.connect(config=safe) as base:
            found = base.execute("DESCRIBE SELECT * FROM read_parquet($1)", [[str(p) for p in paths]]).fetchall()
            names = [str(row[0]) for row in found]
            wanted = ", ".join(_column(str(row[0]), str(row[1])) for row in found)
            query = base.execute(f"SELECT {wanted} FROM read_parquet($1)", [[str(p) for p in paths]])  # noqa: S608
            number = 0
            while batch := query.fetchmany(500):
                for cells in batch:
                    yield f"row {number}", {name: plain(cell) for name, cell in zip(names, cells, strict=True)}
                    number += 1
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{str(paths[0])!r} cannot be read as Parquet: {reason}") from error


def _column(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    return f"CAST({quoted} AS VARCHAR) AS {quoted}" if "TIME ZONE" in kind else quoted


def plain(value: Any) -> Any:
    """A database value as JSON; bytes stay bytes, infinities become null."""
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if value is None or isinstance(value, str | int | bytes):
        return value
    if isinstance(value, Mapping):
        if set(value) == {"bytes", "path"}:
            return plain(value["path"] if value["bytes"] is None else value["bytes"])
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
