"""The benchmark as Parquet files that `datasets` loads, media inside.

Rows are staged as text while items come in, one file a shard, and each shard is written by duckdb at the end: memory
is bounded by one shard. All files have the same columns, so that any set of them is one table.
"""

import json
from collections import Counter
from pathlib import Path

import duckdb

from benchmark_agent.benchmark.show import LETTERS
from benchmark_agent.content import Audio, Image
from benchmark_agent.verification.types import Item

SHARD_ROWS = 50_000
SHARD_BYTES = 64_000_000
"""Bytes of text and media, after which a new shard is begun."""
ROW_GROUP = 2_048
"""Rows."""

_TEXTS = "id subtask input question answer_kind answer scorer gold_basis target_signal dataset row licence".split()
_LISTS = ("options", "accepted")
_MEDIA = "STRUCT(bytes BLOB, path VARCHAR)[]"


class ShardWriter:
    """Stages rows under `folder`, then writes `<subtask>-<number>.parquet` there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._staging = folder / ".rows"
        self._staging.mkdir(parents=True)
        self._shard: dict[str, int] = {}
        self._filled: dict[str, tuple[int, int]] = {}
        self._longest = 0
        self.images = 0
        """Most images of one item."""
        self.audios = 0
        """Most sounds of one item."""

    def add(self, item: Item, media_bytes: int) -> None:
        """Stage one item, whose media are `media_bytes` long."""
        row = _row(item)
        shown = Counter(part.type for part in item.input)
        self.images, self.audios = max(self.images, shown["image"]), max(self.audios, shown["audio"])
        line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
        self._longest = max(self._longest, len(line))
        rows, size = self._filled.get(item.subtask, (0, 0))
        if rows and (rows >= SHARD_ROWS or size + len(line) + media_bytes > SHARD_BYTES):
            self._shard[item.subtask] = self._shard.get(item.subtask, 0) + 1
            rows, size = 0, 0
        self._filled[item.subtask] = (rows + 1, size + len(line) + media_bytes)
        with (self._staging / f"{self._stem(item.subtask)}.jsonl").open("ab") as file:
            file.write(line)

    def finish(self, root: Path) -> dict[str, tuple[str, ...]]:
        """Write every shard; file names by subtask. Media paths are relative to `root`."""
        features = _features(self.images, self.audios)
        names: dict[str, tuple[str, ...]] = {}
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.create_function("media", lambda paths: _read(root, paths), ["VARCHAR[]"], _MEDIA)
            for subtask in sorted(self._filled):
                stems = [f"{subtask}-{number:05}" for number in range(self._shard.get(subtask, 0) + 1)]
                for stem in stems:
                    source = self._staging / f"{stem}.jsonl"
                    self._copy(connection, source, self.folder / f"{stem}.parquet", features)
                    source.unlink()
                names[subtask] = tuple(f"{stem}.parquet" for stem in stems)
        self._staging.rmdir()
        return names

    def _stem(self, subtask: str) -> str:
        return f"{subtask}-{self._shard.get(subtask, 0):05}"

    def _copy(self, connection: duckdb.DuckDBPyConnection, source: Path, target: Path, features: str) -> None:
        columns = dict.fromkeys(_TEXTS, "VARCHAR") | dict.fromkeys((*_LISTS, "images", "audios"), "VARCHAR[]")
        columns["answer_index"] = "INTEGER"
        declared = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
        size = max(2 * self._longest, 1 << 24)
        chosen = [*_TEXTS, *_LISTS, "answer_index", *_media_columns(self.images, self.audios)]
        read = f"read_json({_quoted(str(source))}, format='newline_delimited', maximum_object_size={size}"
        select = f"SELECT {', '.join(chosen)} FROM {read}, columns={{{declared}}})"  # noqa: S608 - names are ours
        connection.execute(
            f"COPY ({select}) TO {_quoted(str(target))} (FORMAT parquet, COMPRESSION zstd, "
            f"ROW_GROUP_SIZE {ROW_GROUP}, KV_METADATA {{huggingface: {_quoted(features)}}})"
        )


def flat_input(item: Item) -> str:
    """The input as one text: parts in order, `<image>` and `<audio>` where media stand."""
    return "\n\n".join(part.text if part.type == "text" else f"<{part.type}>" for part in item.input)


def _row(item: Item) -> dict[str, str | int | list[str] | None]:
    first = item.sources[0] if item.sources else None
    lone = item.answer_kind == "choice" and len(item.answer) == 1 and item.answer in LETTERS
    return {
        "id": item.id,
        "subtask": item.subtask,
        "input": flat_input(item),
        "question": item.question,
        "options": list(item.options),
        "answer_kind": item.answer_kind,
        "answer": item.answer,
        "answer_index": LETTERS.index(item.answer) if lone else None,
        "accepted": list(item.accepted),
        "scorer": item.scorer,
        "gold_basis": item.gold_basis,
        "target_signal": item.target_signal,
        "dataset": first.dataset if first else "",
        "row": first.row if first else "",
        "licence": first.licence if first else "unknown",
        "images": [part.path for part in item.input if isinstance(part, Image)],
        "audios": [part.path for part in item.input if isinstance(part, Audio)],
    }


def _read(root: Path, paths: list[str]) -> list[dict[str, bytes | str]]:
    return [{"bytes": (root / path).read_bytes(), "path": Path(path).name} for path in paths]


def _media_columns(images: int, audios: int) -> list[str]:
    """`image` where no item has two, else `images`; nothing where no item has any. The same for sounds."""
    columns = []
    for name, most in (("image", images), ("audio", audios)):
        if most:
            columns.append(f"media({name}s)[1] AS {name}" if most == 1 else f"media({name}s) AS {name}s")
    return columns


def _features(images: int, audios: int) -> str:
    """What `datasets` reads from the metadata key `huggingface`; columns without it would load as plain structs."""
    text = {"dtype": "string", "_type": "Value"}
    features: dict[str, object] = dict.fromkeys(_TEXTS, text)
    features |= {name: {"feature": text, "_type": "Sequence"} for name in _LISTS}
    features["answer_index"] = {"dtype": "int32", "_type": "Value"}
    for name, kind, most in (("image", "Image", images), ("audio", "Audio", audios)):
        if most == 1:
            features[name] = {"_type": kind}
        elif most:
            features[f"{name}s"] = {"feature": {"_type": kind}, "_type": "Sequence"}
    return json.dumps({"info": {"features": features}})


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
