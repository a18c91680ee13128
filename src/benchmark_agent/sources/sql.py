"""A query on one database file: nothing but that file is read, nothing is written, rows and time are bounded.

Measured with DuckDB 2.0 and SQLite 3.40; what each setting is for is tested in tests/sources/test_sql.py.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from benchmark_agent.errors import UserError
from benchmark_agent.sources.json_rows import plain
from benchmark_agent.sources.pool_file import Query
from benchmark_agent.sources.rows import Raw

MOST_ROWS = 100_000
"""Rows taken of one query."""
MOST_SECONDS = 60.0
"""Wall time for one query, until its last row is taken."""
_MOST_BYTES = 100_000_000
"""Of one SQLite value or row."""
_DUCKDB: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "lock_configuration": True,
    "temp_directory": "",
    "memory_limit": "1GB",
    "threads": 1,
}
"""Without external access a query does not find variables of this program by their names either."""
_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_REACHING = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})
_REFUSED = ("not authorized", "denied", "prohibited", "unsafe use", "one statement")
"""What SQLite says of a query that would do more than read."""
_ONLY = "it may only read tables of this database, in one SELECT"
_NAMED_BY_SQLITE = re.compile(
    r'near "([^"]+)"|no such \w+: (?:\w+\.)*(\S+?)(?:$|\s)|ambiguous column name: (?:\w+\.)*(\S+)'
)

Batches = tuple[list[str], Callable[[], list[tuple[Any, ...]]]]
"""Names of the columns, and what gives the next rows until none are left."""


def answers(query: Query) -> Iterator[Raw]:
    """The rows, with plain JSON values; pictures and sounds stay bytes.

    Raises:
        UserError: for what is no database, a query that fails (with its line), takes too long or reaches elsewhere.
    """
    with _asked(query) as (names, more):
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise _failed(query, f"two columns are called {twice!r}; name them apart with AS")
        number = 0
        while batch := more():
            for cells in batch:
                if number == MOST_ROWS:
                    yield "the rest", f"only the first {MOST_ROWS:,} rows of the query are taken; narrow it with LIMIT"
                    return
                yield f"row {number}", {name: plain(cell) for name, cell in zip(names, cells, strict=True)}
                number += 1


def _asked(query: Query) -> AbstractContextManager[Batches]:
    with query.database.open("rb") as file:
        start = file.read(16)
    if start == b"SQLite format 3\0":
        return _of_sqlite(query)
    if start[8:12] == b"DUCK":
        return _of_duckdb(query)
    raise UserError(f"{str(query.database)!r}, which {query.name!r} asks, is neither a DuckDB nor a SQLite database")


@contextmanager
def _of_duckdb(query: Query) -> Iterator[Batches]:
    try:
        with duckdb.connect(str(query.database), read_only=True, config=_DUCKDB) as base:
            statements = base.extract_statements(query.text)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise _failed(query, _ONLY)
            watch = Timer(MOST_SECONDS, base.interrupt)
            watch.daemon = True
            watch.start()
            try:
                found = base.execute(statements[0])
                yield [str(column[0]) for column in found.description or ()], lambda: found.fetchmany(500)
            finally:
                watch.cancel()
    except duckdb.InterruptException as error:
        raise _failed(query, _too_long()) from error
    except duckdb.PermissionException as error:
        raise _failed(query, f"{_ONLY}; {_first_line(error)}", _line_told(error)) from error
    except duckdb.Error as error:
        raise _failed(query, _first_line(error), _line_told(error)) from error


@contextmanager
def _of_sqlite(query: Query) -> Iterator[Batches]:
    # Without a journal nothing can change under us, and SQLite makes no file beside the database.
    still = "" if _journal(query.database).exists() else "&immutable=1"
    try:
        with closing(sqlite3.connect(f"{query.database.as_uri()}?mode=ro{still}", uri=True)) as base:
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
            base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            base.execute("PRAGMA trusted_schema = OFF")
            base.text_factory = lambda data: data.decode("utf-8", "replace")
            base.set_authorizer(_only_reading)
            end = time.monotonic() + MOST_SECONDS
            base.set_progress_handler(lambda: time.monotonic() > end, 10_000)
            found = base.execute(query.text)
            if found.description is None:
                raise _failed(query, _ONLY)
            yield [str(column[0]) for column in found.description], lambda: found.fetchmany(500)
    except (sqlite3.Error, sqlite3.Warning) as error:
        said = str(error)
        if said == "interrupted":
            raise _failed(query, _too_long()) from error
        refused = any(word in said for word in _REFUSED)
        raise _failed(query, f"{_ONLY}; {said}" if refused else said, _line_of_name(query.text, said)) from error


def _journal(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def files_of(query: Query) -> tuple[Path, ...]:
    """The database, and what was written to it but not moved into it yet."""
    beside = (_journal(query.database), query.database.with_name(f"{query.database.name}.wal"))
    return (query.database, *(file for file in beside if file.is_file()))


def _only_reading(action: int, _first: str | None, second: str | None, _base: str | None, _by: str | None) -> int:
    reaches = action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _REACHING
    return sqlite3.SQLITE_OK if action in _READING and not reaches else sqlite3.SQLITE_DENY


def _too_long() -> str:
    return f"it takes over {MOST_SECONDS:g} seconds; narrow it, or save its answer as a table"


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]


def _line_told(error: duckdb.Error) -> int:
    told = re.search(r"^LINE (\d+):", str(error), re.MULTILINE)
    return int(told[1]) if told else 0


def _line_of_name(text: str, said: str) -> int:
    """SQLite says what it stumbles on, not where: the first line that holds it."""
    told = _NAMED_BY_SQLITE.search(said)
    if told is None:
        return 0
    word = re.compile(rf"(?<!\w){re.escape(next(filter(None, told.groups())))}(?!\w)", re.IGNORECASE)
    return next((number for number, line in enumerate(text.splitlines(), 1) if word.search(line)), 0)


def _failed(query: Query, reason: str, line: int = 0) -> UserError:
    lines = query.text.splitlines()
    where = f" at its line {line}, {lines[line - 1].strip()!r}" if 0 < line <= len(lines) else ""
    return UserError(f"the query {query.name!r} on {str(query.database)!r} fails{where}: {reason}")
