"""The journal of a run: every reply that was paid for, under the key of what was asked.

One SQLite file. A reply is committed before it is used, so that a run killed at any moment loses only the calls in
flight, and the same key is never paid twice: not after a crash, not by another process at work in the same run.
"""

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from pydantic import Field, ValidationError

from benchmark_agent.errors import UserError
from benchmark_agent.models import Reply
from benchmark_agent.models.failures import scrubbed
from benchmark_agent.record import Record

FILE = "calls.sqlite"
MEMORY = Path(":memory:")
FORMAT = 2
"""Of the tables below; written to the file, and asked for when it is opened. Format 1 has no table `borrowed`."""
PATIENCE = 60.0
"""Seconds to wait for another process that is writing."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS calls (n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, role TEXT, model TEXT, "
    "prompt TEXT, version TEXT, attempt INTEGER, request TEXT, reply TEXT, cost REAL, seconds REAL, at TEXT)",
    "CREATE TABLE IF NOT EXISTS failures (n INTEGER PRIMARY KEY, key TEXT, model TEXT, why TEXT, status INTEGER, "
    "at TEXT)",
    "CREATE TABLE IF NOT EXISTS borrowed (key TEXT PRIMARY KEY)",
    f"PRAGMA user_version = {FORMAT}",
)
_CALL = "key, role, model, prompt, version, attempt, request, reply, cost, seconds, at"
_ONE = f"SELECT {_CALL} FROM calls WHERE key = ?"  # noqa: S608 - the names are ours, here and below
_SOME = f"SELECT {_CALL}, n FROM calls WHERE n > ? ORDER BY n LIMIT 200"  # noqa: S608
_OURS = "key NOT IN (SELECT key FROM borrowed)"
_OWN = f"SELECT {_CALL}, n FROM calls WHERE n > ? AND {_OURS} ORDER BY n LIMIT 200"  # noqa: S608
_BORROW = "INSERT OR IGNORE INTO borrowed (key) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM calls WHERE key = ?1)"
_ADD = f"INSERT OR IGNORE INTO calls ({_CALL}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_LATEST = f"SELECT {_CALL} FROM calls WHERE {_OURS} ORDER BY n DESC LIMIT ?"  # noqa: S608
_LIKE = f"SELECT {_CALL} FROM calls WHERE key >= ? AND key < ? ORDER BY n LIMIT 20"  # noqa: S608
_ADDED = (
    "SELECT role, prompt, count(*), sum(attempt > 1), sum(json_extract(reply, '$.input_tokens')), "  # noqa: S608
    "sum(json_extract(reply, '$.output_tokens')), total(cost), total(seconds), coalesce(sum(f.failed), 0) "
    "FROM calls LEFT JOIN (SELECT key, count(*) AS failed FROM failures GROUP BY key) AS f USING (key) "
    f"WHERE {_OURS} GROUP BY role, prompt ORDER BY min(n)"
)


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
    """What was sent, in canonical JSON: messages, schema, settings; of media only the digests."""
    reply: Reply
    cost: Annotated[float, Field(ge=0)]
    """US dollars."""
    seconds: Annotated[float, Field(ge=0)]
    """From sending to the whole reply."""
    at: str
    """When the reply came, UTC."""


class Line(Record):
    """The calls of one role with one prompt."""

    role: str
    prompt: str
    calls: int
    reasked: int
    """Of them, those that asked again after a reply that could not be used."""
    input_tokens: int
    output_tokens: int
    cost: float
    """US dollars."""
    seconds: float
    """Of waiting, all calls added up; they overlap."""
    failures: int
    """Requests that got no reply before these calls did."""


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
        self._borrowed = {key for (key,) in self._read("SELECT key FROM borrowed")}

    @classmethod
    def load(cls, path: Path, into: Path | None = None) -> "Journal":
        """The journal of a run, or an export of one.

        Args:
            path: `calls.sqlite`, the run folder it is in, or a file `journal export` wrote.
            into: the journal its calls are added to, so that the file itself stays as it is; an export without it is
                read into memory. What is there already stays. Calls that are added count only once they are used.

        Raises:
            UserError: when there is no such file, or it cannot be read; for an export, naming the line.
        """
        file = path / FILE if path.is_dir() else path
        if not file.is_file():
            raise UserError(
                f"there is no journal at {str(file)!r}; give a run folder with '{FILE}' in it (a build without a model "
                "has none), or a file that 'benchmark-agent journal export' wrote"
            )
        if file.suffix == ".jsonl":
            journal = cls(into or MEMORY)
            journal._put_all(_imported(file), borrowed=into is not None)
            return journal
        if into is not None and file.resolve() != into.resolve():
            journal = cls(into)
            with closing(cls.load(file)) as other:
                journal._put_all(other, borrowed=True)
            return journal
        if os.access(file.parent, os.W_OK):
            return cls(file)
        journal = cls(MEMORY)
        with journal._readable():
            _copy(file, journal._db)
            _make_tables(journal._db)
        return journal

    def get(self, key: str) -> Call | None:
        """The call that has this key."""
        found = self._read(_ONE, key)
        return _call(found[0]) if found else None

    def use(self, key: str) -> bool:
        """Take note that the run uses this call; whether it was another run's until now, and unused."""
        if key not in self._borrowed:
            return False
        with self._readable(), self._lock:
            self._borrowed.discard(key)
            return self._db.execute("DELETE FROM borrowed WHERE key = ?", (key,)).rowcount > 0

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

    def last(self, most: int) -> tuple[Call, ...]:
        """The latest calls of this run, latest last."""
        return tuple(map(_call, reversed(self._read(_LATEST, most))))

    def matching(self, key: str) -> tuple[Call, ...]:
        """Calls whose key begins with these letters, in the order they were answered; 20 at most."""
        return tuple(map(_call, self._read(_LIKE, key, key + "\uffff")))

    def lines(self) -> tuple[Line, ...]:
        """Calls of this run added up by role and prompt, in the order they first came."""
        return tuple(Line.model_validate(dict(zip(Line.model_fields, row, strict=True))) for row in self._read(_ADDED))

    def unanswered(self) -> int:
        """Requests that got no reply and whose calls were never answered."""
        return int(self._read("SELECT count(*) FROM failures WHERE key NOT IN (SELECT key FROM calls)")[0][0])

    def spent(self) -> float:
        """US dollars that the calls of this run cost: those it made, and those of another run that it used."""
        return float(self._read(f"SELECT total(cost) FROM calls WHERE {_OURS}")[0][0])  # noqa: S608 - our own words

    def unused(self) -> int:
        """Calls of another run that this one has not used."""
        return int(self._read("SELECT count(*) FROM borrowed")[0][0])

    def ours(self) -> Iterator[Call]:
        """Calls this run made or used, in the order they were answered, read a few at a time."""
        return self._in_order(_OWN)

    def __iter__(self) -> Iterator[Call]:
        """All calls, in the order they were answered, read a few at a time."""
        return self._in_order(_SOME)

    def _in_order(self, some: str) -> Iterator[Call]:
        last = 0
        while rows := self._read(some, last):
            yield from map(_call, rows)
            last = rows[-1][-1]

    def __len__(self) -> int:
        return int(self._read("SELECT count(*) FROM calls")[0][0])

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _put_all(self, calls: Iterable[Call], *, borrowed: bool = False) -> None:
        rows = [_row(call) for call in calls]
        with self._readable(), self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            with self._db:  # commits, or rolls back
                if borrowed:
                    self._db.executemany(_BORROW, [row[:1] for row in rows])
                self._db.executemany(_ADD, rows)
            if borrowed:
                self._borrowed = {key for (key,) in self._db.execute("SELECT key FROM borrowed")}

    def _read(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._readable(), self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise UserError(
                f"the journal {str(self.path)!r} cannot be used: {error}; the disk must have room and be no network "
                "drive (choose another folder with '--out DIR')"
            ) from error


def _connected(path: Path) -> sqlite3.Connection:
    """A connection to the file, with our tables.

    Raises:
        UserError: when the file was written by a later version.
    """
    db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    _prepare(db)
    db.execute(
        "PRAGMA synchronous = FULL"
    )  # a power cut, too, loses only the calls in flight; some milliseconds a call
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found > FORMAT:
        db.close()
        raise UserError(f"the journal {str(path)!r} was written by a later version of benchmark-agent; upgrade it")
    if found < FORMAT:
        _make_tables(db)
    return db


def _make_tables(db: sqlite3.Connection) -> None:
    """Those that are missing."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        for table in _TABLES:
            db.execute(table)


def _prepare(db: sqlite3.Connection) -> None:
    """Switch to a write-ahead log: readers and writers of several processes do not wait for each other."""
    give_up = time.monotonic() + PATIENCE
    while True:  # SQLite waits for other processes by itself, but not when it switches
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
        time.sleep(0.02)


def _copy(file: Path, into: sqlite3.Connection) -> None:
    """Read a journal in a folder one may not write to: SQLite needs to, where the last writer was killed."""
    with TemporaryDirectory() as folder:
        for each in (file, file.with_name(f"{file.name}-wal")):
            if each.exists():
                shutil.copyfile(each, Path(folder) / each.name)
        with closing(sqlite3.connect(Path(folder) / file.name)) as db:
            db.backup(into)


def _row(call: Call) -> tuple[str | int | float, ...]:
    return (
        *(call.key, call.role, call.model, call.prompt, call.version, call.attempt, call.request),
        *(call.reply.model_dump_json(), call.cost, call.seconds, call.at),
    )


def _call(row: tuple[Any, ...]) -> Call:
    fields = dict(zip(_CALL.split(", "), row, strict=False))
    return Call.model_validate({**fields, "reply": Reply.model_validate_json(fields["reply"])})


def exported(journal: Journal) -> Iterator[str]:
    """One call a line, in the order they were answered; `Journal.load` reads it back."""
    return (call.model_dump_json() for call in journal)


def _imported(file: Path) -> Iterator[Call]:
    with file.open(encoding="utf-8") as text:
        for n, line in enumerate(text, 1):
            if not line.strip():
                continue
            try:
                yield Call.model_validate_json(line)
            except ValidationError as error:
                raise UserError(
                    f"line {n} of {str(file)!r} is no call of a journal: {error.errors()[0]['msg']}"
                ) from error
