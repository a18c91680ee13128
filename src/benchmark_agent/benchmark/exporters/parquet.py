"""Rows with media as Parquet that `datasets` reads, with Image and Audio features."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import duckdb

from benchmark_agent.benchmark.exporters.texts import json_line

Kind = Literal["text", "texts", "int", "image", "images", "audio", "audios"]
ROW_GROUP = 256
"""Rows. Small, since rows hold media: readers hold a group at once."""
_STAGED: dict[Kind, str] = {"text": "VARCHAR", "int": "INTEGER", "image": "VARCHAR", "audio": "VARCHAR"}
_MEDIUM = "STRUCT(bytes BLOB, path VARCHAR)"


def write_parquet(
    path: Path, rows: Iterator[dict[str, object]], columns: Mapping[str, Kind], read: Callable[[str], bytes]
) -> int:
    """Write one file; the number of rows.

    Args:
        rows: values by column; media as their path, None for none.
        read: the bytes of a media path.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_suffix(".rows")
    longest = count = 0
    with staged.open("w", encoding="utf-8") as file:
        for row in rows:
            line = json_line(row)
            longest, count = max(longest, len(line.encode())), count + 1
            file.write(line)
    declared = ", ".join(f"{name}: '{_STAGED.get(kind, 'VARCHAR[]')}'" for name, kind in columns.items())
    chosen = ", ".join(_expression(name, kind) for name, kind in columns.items())
    size = max(2 * longest, 1 << 24)
    source = f"read_json({_quoted(staged)}, format='newline_delimited', maximum_object_size={size}, auto_detect=false"
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.create_function("medium", lambda name: _medium(read, name), ["VARCHAR"], _MEDIUM)
        connection.create_function(
            "media", lambda names: [_medium(read, name) for name in names], ["VARCHAR[]"], f"{_MEDIUM}[]"
        )
        connection.execute(
            f"COPY (SELECT {chosen} FROM {source}, columns={{{declared}}})) TO {_quoted(path)} "  # noqa: S608 - ours
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, "
            f"KV_METADATA {{huggingface: {_quoted(_features(columns))}}})"
        )
    staged.unlink()
    return count


def read_column(path: Path, column: str) -> list[object]:
    """One column of a Parquet file."""
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {column} FROM {_quoted(path)}").fetchall()  # noqa: S608 - names are ours
    return [row[0] for row in found]


def _expression(name: str, kind: Kind) -> str:
    if kind in ("image", "audio"):
        return f"medium({name}) AS {name}"
    return f"media({name}) AS {name}" if kind in ("images", "audios") else name


def _medium(read: Callable[[str], bytes], name: str) -> dict[str, bytes | str]:
    return {"bytes": read(name), "path": Path(name).name}


def _features(columns: Mapping[str, Kind]) -> str:
    text = {"dtype": "string", "_type": "Value"}
    known: dict[Kind, object] = {
        "text": text,
        "texts": {"feature": text, "_type": "Sequence"},
        "int": {"dtype": "int32", "_type": "Value"},
        "image": {"_type": "Image"},
        "images": {"feature": {"_type": "Image"}, "_type": "Sequence"},
        "audio": {"_type": "Audio"},
        "audios": {"feature": {"_type": "Audio"}, "_type": "Sequence"},
    }
    return json.dumps({"info": {"features": {name: known[kind] for name, kind in columns.items()}}})


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
