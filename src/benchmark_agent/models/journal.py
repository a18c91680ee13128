"""The journal of a run: every reply that was paid for, under the key of what was asked.

One SQLite file. A reply is committed before it is used, so that a run killed at any moment loses only the calls in
flight, and the same key is never paid twice: not after a crash, not by another process at work in the same run.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from benchmark_agent.errors import UserError
from benchmark_agent.models import Reply
from benchmark_agent.models.failures import scrubbed
from benchmark_agent.record import Record

FILE = "calls.sqlite"
FORMAT = 1
"""Of the tables below; written to the file, and asked for when it is opened."""
PATIENCE = 60.0
"""Seconds to wait for another process that is writing."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS calls (n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, role TEXT, model TEXT, "
    "prompt TEXT, version TEXT, attempt INTEGER, request TEXT, reply TEXT, cost REAL, seconds REAL, at TEXT)",
    "CREATE TABLE IF NOT EXISTS failures (n INTEGER PRIMARY KEY, key TEXT, model TEXT, why TEXT, status INTEGER, "
    "at TEXT)",
    f"PRAGMA user_version = {FORMAT}",
)
_CALL = "key, role, model, prompt, version, attempt, request, reply, cost, seconds, at"
_ONE = f"SELECT {_CALL} FROM calls WHERE key = ?"  # noqa: S608 - the names are ours, here and below
_SOME = f"SELECT {_CALL}, n FROM calls WHERE n > ? ORDER BY n LIMIT 200"  # noqa: S608
_ADD = f"INSERT OR IGNORE INTO calls ({_CALL}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


class Call(Record):
    """One request that was answered."""

    key: str
    """Digest of everything that was asked."""
    role: str
    model: str
    prompt: str
    """Name of the prompt: `design/propose`."""
    version: str
    """Of the prompt."""
    attempt: Annotated[int, Field(ge=1)]
    """1 for the first asking; each re-ask counts one more."""
    request: str
    """The `Request` in canonical JSON; media by their digests."""
    reply: Reply
    cost: Annotated[float, Field(ge=0)]
    """US dollars."""
    seconds: Annotated[float, Field(ge=0)]
    """From sending to the whole reply."""
    at: str
    """When the reply came, UTC."""


class Failed(Record):
    """One request that got no reply."""

    key: str
    model: str
    why: str
    status: int | None
    """HTTP status; None where no response came."""
    at: str


def now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Journal:
    """Calls by key. May be used from several threads, and opened by several processes at once."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            UserError: when it cannot be opened, or holds something else.
        """
        self.path = path
        self._lock = threading.Lock()
        with self._readable():
            self._db = _connected(path)

    @classmethod
    def load(cls, path: Path, into: Path | None = None) -> "Journal":
        """The journal of a run, or an export of one.

        Args:
            path: `calls.sqlite`, the run folder it is in, or a file `journal export` wrote.
            into: where an export is read to; in memory when None. What is there already stays.

        Raises:
            UserError: when there is no such file, or it cannot be read; for an export, naming the line.
        """
        file = path / FILE if path.is_dir() else path
        if not file.is_file():
            raise UserError(
                f"there is no journal at {str(file)!r}; give a run folder with '{FILE}' in it (a build without a model "
                "has none), or a file that 'benchmark-agent journal export' wrote"
            )
        if file.suffix != ".jsonl":
            return cls(file)
        journal = cls(into or Path(":memory:"))
        journal._put_all(_exported(file))
        return journal

    def get(self, key: str) -> Call | None:
        """The call that has this key."""
        found = self._read(_ONE, key)
        return _call(found[0]) if found else None

    def put(self, call: Call) -> None:
        """Keep a call; it is on disk when this returns. Where there is one of this key, that one stays."""
        self._put_all([call])

    def failed(self, key: str, model: str, why: str, status: int | None) -> None:
        """Count a request that got no reply. It says nothing of the request: the key stays unanswered."""
        row = (key, model, scrubbed(why), status, now())
        with self._readable(), self._lock:
            self._db.execute("INSERT INTO failures (key, model, why, status, at) VALUES (?, ?, ?, ?, ?)", row)

    def failures(self) -> tuple[Failed, ...]:
        """Requests that got no reply, in the order they failed."""
        rows = self._read("SELECT key, model, why, status, at FROM failures ORDER BY n")
        return tuple(Failed(key=r[0], model=r[1], why=r[2], status=r[3], at=r[4]) for r in rows)

    def spent(self) -> float:
        """US dollars that all calls cost."""
        return float(self._read("SELECT total(cost) FROM calls")[0][0])

    def __iter__(self) -> Iterator[Call]:
        """Calls in the order they were answered, read a few at a time."""
        last = 0
        while rows := self._read(_SOME, last):
            yield from map(_call, rows)
            last = rows[-1][-1]

    def __len__(self) -> int:
        return int(self._read("SELECT count(*) FROM calls")[0][0])

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _put_all(self, calls: Iterable[Call]) -> None:
        rows = [_row(call) for call in calls]
        with self._readable(), self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            with self._db:  # commits, or rolls back
                self._db.executemany(_ADD, rows)

    def _read(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._readable(), self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise UserError(f"the journal {str(self.path)!r} cannot be used: {error}") from error


def _connected(path: Path) -> sqlite3.Connection:
    """A connection to the file, with our tables.

    Raises:
        UserError: when the file is of another kind or of a later version.
    """
    # a journal in a folder nobody may write to (an archive, another's run) is read as it stands
    frozen = path.exists() and not os.access(path.parent, os.W_OK)
    name = f"{path.absolute().as_uri()}?immutable=1" if frozen else str(path)
    db = sqlite3.connect(name, timeout=PATIENCE, isolation_level=None, check_same_thread=False, uri=frozen)
    if frozen:
        return db
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")  # a third of a millisecond a call; a power cut then loses nothing
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found not in (0, FORMAT):
        db.close()
        raise UserError(f"the journal {str(path)!r} was written by a later version of benchmark-agent; upgrade it")
    if found == 0:
        db.execute("BEGIN IMMEDIATE")
        with db:
            for table in _TABLES:
                db.execute(table)
    return db


def _row(call: Call) -> tuple[str | int | float, ...]:
    return (
        *(call.key, call.role, call.model, call.prompt, call.version, call.attempt, call.request),
        *(call.reply.model_dump_json(), call.cost, call.seconds, call.at),
    )


def _call(row: tuple[Any, ...]) -> Call:
    fields = dict(zip(_CALL.split(", "), row, strict=False))
    return Call.model_validate({**fields, "reply": Reply.model_validate_json(fields["reply"])})


def lines(journal: Journal) -> Iterator[str]:
    """An export: one call a line, in the order they were answered."""
    return (call.model_dump_json() for call in journal)


def _exported(file: Path) -> Iterator[Call]:
    with file.open(encoding="utf-8") as text:
        for n, line in enumerate(text, 1):
            try:
                yield Call.model_validate_json(line)
            except ValidationError as error:
                raise UserError(
                    f"line {n} of {str(file)!r} is no call of a journal: {error.errors()[0]['msg']}"
                ) from error
