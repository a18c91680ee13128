"""croissant.json as records: its files, its sets of records, and what it says of the data."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark_agent.errors import UserError

_LARGEST = 50_000_000
"""Bytes of a croissant.json."""
_PREFIX = re.compile(r"^(?:cr|sc|dct|rai|ml|https?://schema\.org|https?://mlcommons\.org/croissant)[:/]")
_COMMONS = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/(\d\.\d)")
_SPDX = re.compile(r"spdx\.org/licenses/([\w.+-]+?)(?:\.html|\.json)?/?$")
_VALUES = ("Enumeration", "Split", "Label")
"""Types of record sets that list values other records refer to."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or the files that patterns name."""

    id: str
    url: str = ""
    form: str = ""
    """Its type: `text/csv`."""
    sums: tuple[tuple[str, str], ...] = ()
    """Checksums stated: (`sha256` or `md5`, hex digits)."""
    includes: tuple[str, ...] = ()
    """Patterns of a set of files; empty for one file."""
    excludes: tuple[str, ...] = ()
    within: str = ""
    """Id of the archive or repository it lies in."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values of a field come from."""

    place: str = ""
    """Id of the file."""
    column: str = ""
    path: str = ""
    """A JSON path."""
    about_file: str = ""
    """What of the file itself: `content`, `filename`, `fullpath`, `lines` ..."""
    changes: tuple[tuple[str, str], ...] = ()
    """Transforms in order: (`regex`, pattern)."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a record set."""

    id: str
    name: str
    description: str
    source: Source
    refers: Source | None = None
    """What it equals in another file."""
    parts: tuple["Column", ...] = ()
    """Its sub-fields."""
    repeated: bool = False
    """Each value is a list."""


@dataclass(frozen=True, slots=True)
class RecordSet:
    id: str
    description: str
    columns: tuple[Column, ...]
    inline: tuple[Mapping[str, object], ...] = ()
    """Records that stand in the metadata themselves."""


@dataclass(frozen=True, slots=True)
class Described:
    file: Path
    name: str
    places: tuple[Place, ...]
    sets: tuple[RecordSet, ...]
    said: Mapping[str, object]
    """Description, licence, topics, source and languages, as hints for a card."""

    def place(self, id: str) -> Place:
        """Raises UserError when the metadata describe no such file."""
        found = next((place for place in self.places if place.id == id), None)
        if found is None:
            raise UserError(f"{str(self.file)!r} reads from {id!r}, which its 'distribution' does not describe")
        return found


def read(file: Path) -> Described:
    """
    Raises:
        UserError: when it cannot be read, or is no Croissant.
    """
    try:
        if file.stat().st_size > _LARGEST:
            raise UserError(f"{str(file)!r} is larger than {_LARGEST // 1_000_000} MB, too large for metadata")
        given = json.loads(file.read_bytes())
    except OSError as error:
        raise UserError(f"{str(file)!r} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{str(file)!r} is broken JSON: {error}") from error
    if not isinstance(given, dict):
        raise UserError(f"{str(file)!r} is no Croissant: it must be an object with 'distribution' and 'recordSet'")
    plain = _plain({name: value for name, value in given.items() if name != "@context"})
    places = tuple(_place(each) for each in _objects(plain.get("distribution")))
    sets = _objects(plain.get("recordSet"))
    fields = {_id(each): each for one in sets for each in _fields(one)}
    found = (_record_set(one, fields) for one in sets if not any(kind in _types(one) for kind in _VALUES))
    described = tuple(one for one in found if one.columns or one.inline)
    return Described(file, _text(plain.get("name")) or file.parent.name, places, described, _said(plain))


def _plain(value: Any) -> Any:
    """Names without the prefixes of their vocabularies."""
    if isinstance(value, dict):
        return {_PREFIX.sub("", name): _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in _many(value) if isinstance(each, dict)]


def _text(value: Any) -> str:
    """The text; of a value in several languages the English one, else the first."""
    if isinstance(value, dict):
        return _text(value.get("en", value.get("@value", value.get("url", value.get("name")))))
    if isinstance(value, list):
        return next((text for each in value if (text := _text(each))), "")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [text for each in _many(value) if (text := _text(each))]


def _id(given: Any) -> str:
    """Of an object, or of a reference to one."""
    if isinstance(given, dict):
        return _id(given.get("@id") or given.get("name"))
    return str(given or "").removeprefix("#")


def _types(given: dict[str, Any]) -> str:
    return " ".join(str(each) for each in _many(given.get("dataType")))


def _place(given: dict[str, Any]) -> Place:
    sums = tuple((kind, str(given[kind]).lower()) for kind in ("sha256", "md5") if given.get(kind))
    return Place(
        id=_id(given),
        url=_text(given.get("contentUrl")),
        form=_text(given.get("encodingFormat")).lower(),
        sums=sums,
        includes=tuple(map(str, _many(given.get("includes")))),
        excludes=tuple(map(str, _many(given.get("excludes")))),
        within=next((_id(each) for each in _many(given.get("containedIn"))), ""),
    )


def _fields(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for field in _objects(given.get("field")):
        yield field
        yield from _objects(field.get("subField"))


def _record_set(given: dict[str, Any], fields: Mapping[str, dict[str, Any]]) -> RecordSet:
    inline = tuple(
        {name.rpartition("/")[2]: value for name, value in row.items()} for row in _objects(given.get("data"))
    )
    columns = tuple(_column(field, fields) for field in _objects(given.get("field")))
    return RecordSet(_id(given), _text(given.get("description")), columns, inline)


def _column(given: dict[str, Any], fields: Mapping[str, dict[str, Any]]) -> Column:
    refers = given.get("references")
    return Column(
        id=_id(given),
        name=_id(given).rpartition("/")[2] if "/" in _id(given) else _text(given.get("name")) or _id(given),
        description=_text(given.get("description")),
        source=_source(given.get("source"), fields),
        refers=_source(refers, fields) if refers else None,
        parts=tuple(_column(part, fields) for part in _objects(given.get("subField"))),
        repeated=bool(given.get("repeated") or given.get("isArray")),
    )


def _source(given: Any, fields: Mapping[str, dict[str, Any]], depth: int = 0) -> Source:
    """A source that names another field is that field's source, with its own transforms after."""
    given = given if isinstance(given, dict) else {}
    changes = tuple(
        (str(kind), str(value)) for each in _objects(given.get("transform")) for kind, value in each.items()
    )
    other = fields.get(_id(given.get("field")) or _id(given))
    if other is not None and depth < 10:
        of = _source(other.get("source"), fields, depth + 1)
        return Source(of.place, of.column, of.path, of.about_file, (*of.changes, *changes))
    extract = given.get("extract")
    extract = extract if isinstance(extract, dict) else {}
    return Source(
        place=_id(given.get("fileObject") or given.get("fileSet") or given.get("distribution")),
        column=_text(extract.get("column")),
        path=_text(extract.get("jsonPath")),
        about_file=_text(extract.get("fileProperty")),
        changes=changes,
    )


def _said(given: dict[str, Any]) -> dict[str, object]:
    licences = [_licence(each) for each in _texts(given.get("license"))]
    cited, address = _text(given.get("citeAs")) or _text(given.get("citation")), _text(given.get("url"))
    return {
        "description": _text(given.get("description")),
        "licence": " AND ".join(dict.fromkeys(licences)),
        "topics": _texts(given.get("keywords")),
        "source": f"{cited} ({address})" if cited and address else cited or address,
        "languages": _texts(given.get("inLanguage")),
    }


def _licence(given: str) -> str:
    """SPDX identifier of a licence given by its address."""
    if commons := _COMMONS.search(given):
        kind, version = commons.groups()
        return f"CC0-{version}" if kind == "zero" else f"CC-{kind.upper()}-{version}"
    spdx = _SPDX.search(given)
    return spdx[1] if spdx else given
