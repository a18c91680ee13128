"""The records of a set, read out of its files: columns, JSON paths, files themselves, and tables joined by a key."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb

from benchmark_agent.errors import UserError
from benchmark_agent.sources.croissant.described import Column, Described, Place, RecordSet, Source
from benchmark_agent.sources.croissant.places import check_sums, files_of
from benchmark_agent.sources.csv_rows import CsvFile
from benchmark_agent.sources.json_rows import JsonDocument, head, is_lines, parquet_rows
from benchmark_agent.sources.media_paths import IMAGE_ENDINGS, is_media, kind_of
from benchmark_agent.sources.rows import Raw, json_lines
from benchmark_agent.sources.shape import at

MOST_JOINED = 1_000_000
"""Records of a table that another is joined to."""
MOST_LISTED = 8
"""Images and sounds of one list that become fields."""
_LARGEST_TEXT = 5_000_000
"""Bytes of a text file that is one value."""
_PATH = re.compile(r"\$?(?:\.?(?P<list>[\w.-]+))?\[\*\]\.?(?P<rest>[\w.-]*)|\$?\.?(?P<plain>[\w.-]+)")
_ABOUT = ("content", "filename", "filepath", "fullpath", "lines", "lineNumbers")

Stands = tuple[str, Mapping[str, Any] | str, Path]
"""Where a record stands, its values or why it cannot be used, and its file."""


class Records:
    """One set of records; its files are found when it is made, their checksums compared when it is read."""

    def __init__(self, described: Described, chosen: RecordSet) -> None:
        self.described = described
        self.chosen = chosen
        self.columns = [leaf for column in chosen.columns for leaf in (column, *column.parts) if leaf.source.place]
        for column in self.columns:
            _readable(described, column)
        ids = dict.fromkeys(column.source.place for column in self.columns)
        self.places = {id: described.place(id) for id in ids}
        self.paths = {id: files_of(described, place) for id, place in self.places.items()}
        self._checked = False

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file the records are read from."""
        return tuple(path for paths in self.paths.values() for path in paths)

    @property
    def shapes(self) -> tuple[str, ...]:
        """What records show, sorted, where they differ in it: `text`, `media_image+media_image_2`; else empty.

        A dataset has one form of row: a set in several forms is several datasets.

        Raises:
            UserError: when the records cannot be read.
        """
        if not any(column.repeated for column in self.chosen.columns):
            return ()
        found = {self._shape(raw) for _, raw in self.rows() if not isinstance(raw, str)}
        return tuple(sorted(found)) if len(found) > 1 else ()

    def _shape(self, raw: Mapping[str, Any]) -> str:
        names = {column.name for column in self.chosen.columns}
        return "+".join(name for name in raw if name not in names) or "text"

    def rows_of(self, shape: str) -> Iterator[Raw]:
        """The records of one shape; all when it is empty.

        Raises:
            UserError: when a file is not the one described, or cannot be read.
        """
        for where, raw in self.rows():
            if not shape or (not isinstance(raw, str) and self._shape(raw) == shape):
                yield where, raw

    def rows(self) -> Iterator[Raw]:
        """
        Raises:
            UserError: when a file is not the one described, or cannot be read.
        """
        if self.chosen.inline:
            yield from ((f"record {number}", row) for number, row in enumerate(self.chosen.inline))
            return
        self._check()
        base = self._base()
        others = {id: self._table(id, base) for id in self.places if id != base}
        for where, raw, path in self._stands(base):
            yield where, raw if isinstance(raw, str) else self._record(base, (raw, path), others)

    def _check(self) -> None:
        if not self._checked:
            for id, place in self.places.items():
                if not place.includes:
                    check_sums(self.described, place, self.paths[id][0])
        self._checked = True

    def _base(self) -> str:
        """The place whose records are told one by one: one with a reference, else the first."""
        refers = (c.source.place for c in self.columns if c.refers and c.refers.place in self.places)
        return next((id for id in refers), next(iter(self.places), ""))

    def _record(
        self, base: str, own: tuple[Mapping[str, Any], Path], others: "Mapping[str, _Joined]"
    ) -> dict[str, Any] | str:
        found = {base: own}
        for id, table in others.items():
            key = _key(self._value(table.near, *own))
            if key not in table.records:
                return f"nothing in {id!r} has the {table.near.column or table.near.about_file} {key!r}"
            found[id] = table.records[key]
        cells = ((column.name, self._cell(column, found)) for column in self.chosen.columns)
        return {name: value for field, cell in cells for name, value in _one_by_one(field, cell)}

    def _cell(self, column: Column, found: Mapping[str, tuple[Mapping[str, Any], Path]]) -> Any:
        if not column.parts:
            return self._value(column.source, *found[column.source.place]) if column.source.place else None
        parts = {part.name: self._cell(part, found) for part in column.parts}
        lists = [part for part in parts.values() if isinstance(part, list)]
        if len(lists) == len(parts) and len({len(part) for part in lists}) == 1:
            return [dict(zip(parts, cells, strict=True)) for cells in zip(*lists, strict=True)]
        return parts

    def _table(self, id: str, base: str) -> "_Joined":
        """The records of a second place by the value that the first refers to."""
        near, far = self._link(id, base)
        records: dict[str, tuple[Mapping[str, Any], Path]] = {}
        for _, raw, path in self._stands(id):
            if not isinstance(raw, str):
                records.setdefault(_key(self._value(far, raw, path)), (raw, path))
            if len(records) > MOST_JOINED:
                raise UserError(f"{id!r} of {str(self.described.file)!r} has over {MOST_JOINED:,} records, "
                                "too many to join; join the files yourself")  # fmt: skip
        return _Joined(near, records)

    def _link(self, id: str, base: str) -> tuple[Source, Source]:
        for column in self.columns:
            if column.refers and {column.source.place, column.refers.place} == {id, base}:
                ends = (column.source, column.refers)
                return ends if column.source.place == base else (ends[1], ends[0])
        raise UserError(f"the record set {self.chosen.id!r} of {str(self.described.file)!r} reads from {base!r} and "
                        f"{id!r}, and no field of it says by 'references' how they belong together")  # fmt: skip

    def _stands(self, id: str) -> Iterator[Stands]:
        sources = [c.source for c in self.columns if c.source.place == id]
        for path in self.paths[id]:
            name = path.relative_to(self.described.file.parent.resolve()).as_posix()
            for where, raw in _rows(path, self.places[id], sources):
                yield f"{name} {where}", raw, path

    def _value(self, source: Source, raw: Mapping[str, Any], path: Path) -> Any:
        if source.about_file in ("lines", "lineNumbers"):
            value = raw[source.about_file]
        elif source.about_file:
            value = _about(path, source.about_file, self.described.file.parent.resolve())
        elif source.column:
            value = raw.get(source.column)
        else:
            value = at(raw, _path_in_row(source.path))
        for kind, how in source.changes:
            value = _changed(value, kind, how)
        return value


class _Joined:
    def __init__(self, near: Source, records: Mapping[str, tuple[Mapping[str, Any], Path]]) -> None:
        self.near = near
        """Of the first place."""
        self.records = records


def _key(value: object) -> str:
    return str(value)


def _one_by_one(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A list of images and sounds as a field each (`media_image`, `media_image_2`); other values as they are."""
    if not (isinstance(value, list) and 0 < len(value) <= MOST_LISTED and all(_is_medium(part) for part in value)):
        yield name, value
        return
    told: Counter[str] = Counter()
    for path in value:
        kind = "image" if path.lower().endswith(IMAGE_ENDINGS) else "audio"
        told[kind] += 1
        yield f"{name}_{kind}" + (f"_{told[kind]}" if told[kind] > 1 else ""), path


def _is_medium(value: object) -> bool:
    return isinstance(value, str) and is_media(value)


def _readable(described: Described, column: Column) -> None:
    """Raises UserError for a way to read a field that we do not know."""
    source, odd = column.source, ""
    if source.about_file and source.about_file not in _ABOUT:
        odd = f"the file property {source.about_file!r}"
    if source.path and not _PATH.fullmatch(source.path):
        odd = f"the JSON path {source.path!r}"
    if not (source.column or source.path or source.about_file):
        odd = "nothing to extract"
    for kind, how in source.changes:
        if kind not in ("regex", "separator", "delimiter", "jsonPath", "format"):
            odd = f"the transform {kind!r}"
        if kind == "regex" and not _reads(how):
            odd = f"the pattern {how!r}, which RE2 does not read"
    if odd:
        raise UserError(f"the field {column.id!r} of {str(described.file)!r} has {odd}, which is not supported: "
                        "save the records as .jsonl and give that file")  # fmt: skip


def _rows(path: Path, place: Place, sources: Sequence[Source]) -> Iterable[Raw]:
    """The records of one file; one alone, without values, when only the file itself is asked for."""
    if all(source.about_file not in ("", "lines", "lineNumbers") for source in sources):
        return [("", {})]
    if any(source.about_file in ("lines", "lineNumbers") for source in sources):
        return _lines(path)
    form, ending = place.form, path.suffix.lower()
    if "parquet" in form or ending == ".parquet":
        return parquet_rows((path,))
    if "csv" in form or "tab-separated" in form or ending in (".csv", ".tsv"):
        return CsvFile(path).rows()
    if "jsonl" in form or "json-lines" in form or "ndjson" in form or ending in (".jsonl", ".ndjson"):
        return json_lines(path)
    if "json" in form or ending == ".json":
        return json_lines(path) if is_lines(head(path)) else _json(path, sources)
    raise UserError(f"the file {str(path)!r} is of the type {form or ending!r}; read are CSV, TSV, JSON, JSON lines, "
                    "Parquet, and files as a whole")  # fmt: skip


def _lines(path: Path) -> Iterator[Raw]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            yield f"line {number}", {"lines": line.rstrip("\r\n"), "lineNumbers": number}


def _json(path: Path, sources: Sequence[Source]) -> Iterator[Raw]:
    """A JSON document; its rows stand where the JSON paths say, else where rows usually do."""
    lists = {
        found["list"] or "" for source in sources if (found := _PATH.fullmatch(source.path)) and not found["plain"]
    }
    if lists <= {""}:
        yield from JsonDocument(path).rows()
        return
    place = sorted(lists)[0]
    document = JsonDocument(path).document()
    rows = at(document, place) if isinstance(document, dict) else None
    if not isinstance(rows, list) or len(lists) > 1:
        raise UserError(f"{str(path)!r} has no one list of records at {place!r}, where its Croissant looks")
    for number, row in enumerate(rows):
        yield f"{place} {number}", row if isinstance(row, dict) else "a record must be a JSON object"


def _path_in_row(path: str) -> str:
    found = _PATH.fullmatch(path)
    return (found["plain"] or found["rest"] or "") if found else ""


def _about(path: Path, what: str, folder: Path) -> str | None:
    if what == "filename":
        return path.name
    if what != "content":
        return path.relative_to(folder).as_posix()
    with path.open("rb") as file:
        if kind_of(file.read(16)):
            return path.relative_to(folder).as_posix()
        file.seek(0)
        return file.read(_LARGEST_TEXT).decode("utf-8", "replace")


def _changed(value: Any, kind: str, how: str) -> Any:
    if isinstance(value, list):
        return [_changed(part, kind, how) for part in value]
    if kind == "jsonPath":
        return at(value, _path_in_row(how)) if isinstance(value, Mapping) else value
    if not isinstance(value, str) or kind == "format":
        return value
    return _first_group(value, how) if kind == "regex" else [part.strip() for part in value.split(how)]


@lru_cache(maxsize=10_000)
def _first_group(text: str, pattern: str) -> str | None:
    """What the pattern's first group matches; None when it does not match.

    By RE2, whose time is linear: the pattern is a stranger's.

    Raises:
        duckdb.Error: for a pattern RE2 does not read.
    """
    query = "SELECT CASE WHEN regexp_matches($1, $2) THEN regexp_extract($1, $2, $3) END"
    with _engine().cursor() as base:
        found = base.execute(query, [text, pattern, min(1, re.compile(pattern).groups)]).fetchall()[0][0]
    return None if found is None else str(found)


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"autoinstall_known_extensions": False, "threads": 1})


def _reads(pattern: str) -> bool:
    try:
        _first_group("", pattern)
    except (duckdb.Error, re.error):
        return False
    return True
