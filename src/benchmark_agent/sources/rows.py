"""Rows by position, without loading a dataset: a JSONL file and the byte offset of each of its good rows.

JSONL is read where it stands. Everything else (a JSON document, CSV, Parquet, folders of media) is written once as
JSONL into the home folder. What cannot be read is skipped, counted and named; positions count the good rows only,
so they are the same for the same data.
"""

import hashlib
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from benchmark_agent.errors import MediaError, SourceError, UserError
from benchmark_agent.record import Record, digest_of
from benchmark_agent.sources import Row
from benchmark_agent.sources.home import fill_folder, home
from benchmark_agent.sources.media_paths import MediaPaths, kind_of, may_hold_media, media_values

FORMAT = "rows/1"
"""Part of every key: raise it when what is written changes."""
NAMED = 100
"""Skipped rows kept with their reason; the rest are counted."""
_ID_NAMES = ("id", "_id", "uid", "qid", "question_id", "file_name")
_BOM = b"\xef\xbb\xbf"

Raw = tuple[str, Mapping[str, Any] | str]
"""Where a row stands (`line 7`), and its values, or why it cannot be used."""


class Index(Record):
    """What is kept beside the offsets."""

    rows: int
    digest: str
    """Content of the data and of the media they name; independent of where they lie."""
    root: str
    header: tuple[tuple[str, str], ...] = ()
    """What the file says of itself outside its rows: names and JSON texts."""
    skipped: tuple[tuple[str, str], ...] = ()
    skipped_total: int = 0
    places: tuple[str, ...] = ()
    """Folders of the media, to notice that one changed."""
    places_stamp: str = ""
    in_place: bool = False
    """The offsets point into the original file."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A dataset as it lies on disk, before it is indexed."""

    files: tuple[Path, ...]
    """What the rows are read from; a change of any makes the index anew."""
    folder: Path
    """Where relative media paths are looked for first."""
    limit: Path
    """Nothing outside it is read."""
    read: Callable[[], Iterable[Raw]]
    """Streams the rows; called more than once."""
    header: Callable[[], Mapping[str, Any]] = dict
    """Asked after `read`."""
    lines: bool = False
    """The one file is JSONL and may be indexed where it stands."""
    part: str = ""
    """What is taken of the files, where several datasets are read from the same."""


class IndexedRows:
    """Implements `DatasetRows`. Holds no open file: it can be pickled, and used by several threads."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        """The JSONL file."""
        self.folder = folder
        """Where the offsets lie."""
        self._index = Index.model_validate_json((folder / "index.json").read_text(encoding="utf-8"))
        self.root = Path(self._index.root)

    def __reduce__(self) -> tuple[type["IndexedRows"], tuple[Path, Path]]:
        return IndexedRows, (self.path, self.folder)

    def __len__(self) -> int:
        return self._index.rows

    def __getitem__(self, ordinal: int) -> Row:
        if not 0 <= ordinal < len(self):
            raise SourceError(f"there is no row {ordinal} in {str(self.path)!r}: it has {len(self)} rows, from 0")
        start = int(self._offsets[ordinal])
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                return _row(ordinal, parse_line(file.readline()))
        except (OSError, ValueError) as error:
            raise SourceError(f"row {ordinal} of {str(self.path)!r} cannot be read any more: {error}") from error

    def __iter__(self) -> Iterator[Row]:
        offsets = self._offsets
        with self.path.open("rb") as file:
            for first in range(0, len(self), 4096):
                for ordinal, start in enumerate(offsets[first : first + 4096].tolist(), first):
                    file.seek(start)
                    yield _row(ordinal, parse_line(file.readline()))

    @cached_property
    def _offsets(self) -> NDArray[np.uint64]:
        """Where each row starts, in bytes. Shape (rows,). Belongs to the index that was read, so it is read once."""
        path = self.folder / "offsets.npy"
        small = path.stat().st_size < 8_000_000
        offsets: NDArray[np.uint64] = np.load(path, mmap_mode=None if small else "r")
        return offsets

    @property
    def digest(self) -> str:
        """Content hash (16 hex digits) of the data and the media they name."""
        return self._index.digest

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """(where, why) of rows that cannot be used, the first `NAMED` of them."""
        return self._index.skipped

    @property
    def skipped_total(self) -> int:
        return self._index.skipped_total

    @property
    def header(self) -> dict[str, Any]:
        """What the file says of itself outside its rows."""
        return {name: json.loads(text) for name, text in self._index.header}


def _row(ordinal: int, values: Mapping[str, Any]) -> Row:
    for name in _ID_NAMES:
        own = values.get(name)
        if isinstance(own, str | int) and not isinstance(own, bool) and own != "":
            return Row(ordinal, str(own), values)
    return Row(ordinal, str(ordinal), values)


_DECODER = json.JSONDecoder(parse_constant=lambda _: None)
"""NaN and infinities become null."""


def parse_line(line: bytes) -> dict[str, Any]:
    """One JSON object.

    Raises:
        ValueError: saying what the line is instead.
    """
    try:
        text = line.removeprefix(_BOM).rstrip().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from error
    try:
        values = _DECODER.decode(text)
        if "\\ud" in text or "\\uD" in text:
            text = json.dumps(values, ensure_ascii=False)
            text.encode("utf-8")
    except json.JSONDecodeError as error:
        raise ValueError(f"broken JSON at column {error.colno}: {error.msg}") from error
    except UnicodeEncodeError as error:
        raise ValueError("it holds half of a Unicode character") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(values, dict):
        raise ValueError(f"a row must be a JSON object, not {type(values).__name__}")
    if not values:
        raise ValueError("the row is empty")
    return values


def json_lines(path: Path) -> Iterator[Raw]:
    """The rows of a JSONL file; blank lines are passed over."""
    for number, _, line in _numbered(path):
        try:
            yield f"line {number}", parse_line(line)
        except ValueError as error:
            yield f"line {number}", str(error)


def _numbered(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Line number, byte offset and bytes of every line that is not blank."""
    start = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip() not in (b"", _BOM):
                yield number, start, line
            start += len(line)


# -- opening ---------------------------------------------------------------------------------------


def open_rows(origin: Origin) -> IndexedRows:
    """The rows of a dataset, from the index kept in the home folder when nothing changed.

    Raises:
        UserError: when a file cannot be read, or no row of it can be used.
    """
    try:
        part = [origin.part] if origin.part else []
        key = digest_of([FORMAT, str(origin.limit.resolve()), [_stamp(file) for file in origin.files], *part])
        folder = home() / "rows" / key[:2] / key
        index = _kept(folder)
        if index is None:
            fill_folder(folder, lambda part: _write(origin, part, folder), replace=folder.exists())
            index = _kept(folder)
    except OSError as error:
        raise UserError(f"{str(origin.files[0])!r} cannot be read: {error.strerror or error}") from error
    if index is None:
        raise UserError(f"the index of {str(origin.files[0])!r} changed while it was made; run it again")
    return IndexedRows(origin.files[0] if index.in_place else folder / "rows.jsonl", folder)


def _stamp(path: Path) -> list[Any]:
    seen = path.stat()
    if not path.is_dir():
        return [str(path.resolve()), seen.st_size, seen.st_mtime_ns]
    return [str(path.resolve()), *sorted(_stamp(file) for file in path.rglob("*") if file.is_file())]


def _places_stamp(places: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for place in sorted(places):
        for file in sorted(Path(place).iterdir()) if Path(place).is_dir() else ():
            if file.is_file():
                seen = file.stat()
                digest.update(f"{file.name}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def _kept(folder: Path) -> Index | None:
    """The index, unless there is none, it was written by other code, or the media changed since."""
    try:
        index = Index.model_validate_json((folder / "index.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return None
    return index if index.places_stamp == _places_stamp(index.places) else None


class _Moved(Exception):
    """A row names its media otherwise than we do: the file cannot serve as it stands."""


class _Writer:
    """Goes through the rows once: settles media paths, digests, counts what is skipped."""

    def __init__(self, origin: Origin, media: MediaPaths, part: Path) -> None:
        self.origin, self.media, self.part = origin, media, part
        self.offsets = array("Q")
        self.skipped: list[tuple[str, str]] = []
        self.skipped_total = 0
        self.digest = hashlib.sha256()
        self.seen: set[str] = set()
        self.places: set[str] = set()
        self.blobs = False

    def skip(self, where: str, why: str) -> None:
        self.skipped_total += 1
        if len(self.skipped) < NAMED:
            self.skipped.append((where, why))

    def take(self, where: str, raw: Mapping[str, Any] | str) -> dict[str, Any] | None:
        """The row with settled media, or None when it is skipped."""
        if isinstance(raw, str):
            self.skip(where, raw)
            return None
        try:
            values = self.media.settle(self._stored(raw))
        except MediaError as error:
            self.skip(where, str(error))
            return None
        for value in media_values(values):
            self._read(value)
        return values

    def _stored(self, value: Any) -> Any:
        """Media that stand in the row itself become files."""
        if isinstance(value, bytes):
            return self._store(value)
        if isinstance(value, Mapping):
            return {name: self._stored(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._stored(part) for part in value]
        return value

    def _store(self, data: bytes) -> str | None:
        ending = kind_of(data)
        if not ending:
            return None
        self.blobs = True
        name = f"media/{hashlib.sha256(data).hexdigest()}.{ending}"
        (self.part / "media").mkdir(exist_ok=True)
        (self.part / name).write_bytes(data)
        return name

    def _read(self, value: str) -> None:
        path = self.media.root / value
        if value in self.seen or not path.is_file():
            return
        self.seen.add(value)
        self.places.add(str(path.parent))
        with path.open("rb") as file:
            self.digest.update(f"{value}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())

    def convert(self) -> None:
        """Write the rows as JSONL.

        Raises:
            OSError: when a file cannot be read or written.
        """
        start = 0
        with (self.part / "rows.jsonl").open("wb") as out:
            for where, raw in self.origin.read():
                values = self.take(where, raw)
                if values is None:
                    continue
                start += self._add(out, values, start)

    def _add(self, out: IO[bytes], values: Mapping[str, Any], start: int) -> int:
        line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        out.write(line)
        self.offsets.append(start)
        self.digest.update(line)
        return len(line)

    def index_in_place(self, path: Path) -> None:
        """Raises _Moved when the rows must be written anew."""
        for number, start, line in _numbered(path):
            try:
                parsed = parse_line(line)
            except ValueError as error:
                self.skip(f"line {number}", str(error))
                continue
            values = self.take(f"line {number}", parsed) if may_hold_media(line) else parsed
            if values is not None and values != parsed:
                raise _Moved
            if values is not None:
                self.offsets.append(start)
                self.digest.update(line.strip() + b"\n")


def _write(origin: Origin, part: Path, final: Path) -> None:
    sample = (raw for _, raw in islice(origin.read(), 2000) if not isinstance(raw, str))
    media = MediaPaths(origin.folder, origin.limit, sample)
    writer, in_place = _Writer(origin, media, part), origin.lines
    if in_place:
        try:
            writer.index_in_place(origin.files[0])
        except _Moved:
            writer, in_place = _Writer(origin, media, part), False
    if not in_place:
        writer.convert()
    if not writer.offsets:
        raise UserError(_nothing_usable(origin.files[0], writer))
    np.save(part / "offsets.npy", np.frombuffer(writer.offsets, dtype=np.uint64))
    index = Index(
        rows=len(writer.offsets),
        digest=writer.digest.hexdigest()[:16],
        root=str(final if writer.blobs else media.root),
        header=tuple((name, json.dumps(value, ensure_ascii=False)) for name, value in origin.header().items()),
        skipped=tuple(writer.skipped),
        skipped_total=writer.skipped_total,
        places=tuple(sorted(writer.places)),
        places_stamp=_places_stamp(writer.places),
        in_place=in_place,
    )
    (part / "index.json").write_text(index.model_dump_json(), encoding="utf-8")


def _nothing_usable(path: Path, writer: _Writer) -> str:
    if not writer.skipped:
        return f"{str(path)!r} has no rows"
    (where, why), total = writer.skipped[0], writer.skipped_total
    return f"no row of {str(path)!r} can be used; {where}: {why}" + (f" (and {total - 1} more)" if total > 1 else "")
