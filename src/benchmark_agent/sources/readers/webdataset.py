"""WebDataset: a tar whose files of one stem (`0001.png`, `0001.json`, `0001.txt`) are one row."""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from benchmark_agent.archives import Member, tar_members
from benchmark_agent.errors import MediaError, UserError
from benchmark_agent.sources import Found
from benchmark_agent.sources.media_paths import kind_of
from benchmark_agent.sources.readers.common import beside, files_under, limit_of, location_of, name_of
from benchmark_agent.sources.rows import IndexedRows, Origin, Raw, open_rows


class WebDataset:
    """Images, sounds, texts and JSON side by side in a tar; neighbours of one stem belong together."""

    name = "webdataset"

    def find(self, root: Path) -> Iterator[Found]:
        for file in files_under(root, ".tar"):
            yield Found(name_of(file), location_of(file, root), self.name, beside(file, limit_of(root)))

    def open(self, root: Path, location: str) -> IndexedRows:
        file = root / location
        return open_rows(Origin((file,), file.parent, limit_of(root), lambda: _rows(file)))


def _stem(member: Member) -> str:
    path = PurePosixPath(member.name)
    return str(path.with_name(path.name.partition(".")[0]))


def _rows(file: Path) -> Iterator[Raw]:
    """Raises UserError for a file that is no tar, or is cut off."""
    try:
        for stem, members in groupby(tar_members(file), key=_stem):
            yield stem, _row(stem, members)
    except MediaError as error:
        raise UserError(str(error)) from error


def _row(stem: str, members: Iterator[Member]) -> dict[str, Any] | str:
    row: dict[str, Any] = {"id": stem}
    for member in members:
        if member.refused:
            return f"the member {member.name!r} is refused: {member.refused}"
        ending, data = PurePosixPath(member.name).name.partition(".")[2].lower(), member.read()
        try:
            row |= _fields(ending, data)
        except ValueError:
            return f"the member {member.name!r} is neither media nor text"
    return row


def _fields(ending: str, data: bytes) -> dict[str, Any]:
    """Raises ValueError for what is neither a picture, a sound nor UTF-8."""
    if kind := kind_of(data):
        return {"audio" if kind in ("wav", "flac", "ogg", "mp3", "aiff") else "image": data}
    text = data.decode("utf-8").strip()
    read = json.loads(text) if ending.endswith("json") else None
    return read if isinstance(read, dict) else {{"cls": "label", "txt": "text"}.get(ending, ending or "text"): text}
