"""pool.yaml: the folders and files of a pool, and queries on databases beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmark_agent.errors import MediaError, UserError
from benchmark_agent.media import inside

QUERY = "sql:"
"""Before the path of a pool file and the name of a query in it, where a root is one."""
_NEEDED = ("name", "database", "query")
_SAID = ("description", "licence", "topics", "source", "languages")


@dataclass(frozen=True, slots=True)
class Query:
    """One dataset asked of a database."""

    name: str
    database: Path
    """A DuckDB or SQLite file in the folder of the pool file."""
    text: str
    said: Mapping[str, object]
    """Description, licence, topics, source and languages, where the entry says them."""


def listed(file: Path) -> list[object]:
    """What stands under `paths:`: texts (folders, files), and mappings (queries).

    Raises:
        UserError: when it is no such file.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"the pool file {str(file)!r} is not YAML: {' '.join(str(error).split())}") from error
    except OSError as error:
        raise UserError(f"the pool file {str(file)!r} cannot be read: {error.strerror}") from error
    entries = content.get("paths") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not entries or not all(isinstance(e, str | dict) and e for e in entries):
        raise UserError(f"the pool file {str(file)!r} must list folders or files under 'paths:', one '- PATH' a line")
    return entries


def query_roots(file: Path) -> list[Path]:
    """A root for each query of the file, in order.

    Raises:
        UserError: when an entry lacks something, names what is no query, or two have one name.
    """
    names = [_query(entry, file).name for entry in listed(file) if isinstance(entry, dict)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UserError(f"two queries of the pool file {str(file)!r} have the name {twice!r}; rename one")
    return [Path(f"{QUERY}{file}#{name}") for name in names]


def query_of(root: Path) -> tuple[Path, Query]:
    """The pool file and the query a root stands for.

    Raises:
        UserError: when the query is not there any more.
    """
    place, _, name = str(root).removeprefix(QUERY).rpartition("#")
    file = Path(place)
    for entry in listed(file):
        if isinstance(entry, dict) and entry.get("name") == name:
            return file, _query(entry, file)
    raise UserError(f"the pool file {place!r} has no query {name!r} any more; run it again")


def _query(entry: Mapping[str, object], file: Path) -> Query:
    given = {name: value.strip() for name, value in entry.items() if isinstance(value, str)}
    missing = [name for name in _NEEDED if not given.get(name)]
    odd = [str(name) for name in entry if name not in (*_NEEDED, *_SAID)]
    if missing or odd or "#" in given["name"]:
        wrong = f"lacks {missing[0]!r}" if missing else f"has {odd[0]!r}" if odd else "has '#' in its name"
        raise UserError(
            f"an entry of the pool file {str(file)!r} {wrong}; a query is 'name:', 'database:' (a DuckDB or SQLite "
            f"file beside the pool file) and 'query:', and may say {', '.join(map(repr, _SAID))}"
        )
    try:
        database = inside(file.parent, given["database"])
    except MediaError as error:
        raise UserError(
            f"the database of {given['name']!r} in {str(file)!r}: {error}; put it beside the file"
        ) from error
    if not database.is_file():
        raise UserError(f"there is no database {str(database)!r}, which {given['name']!r} in {str(file)!r} asks")
    said = {name: entry[name] for name in _SAID if entry.get(name)}
    return Query(given["name"], database, str(entry["query"]).rstrip().rstrip(";"), said)
