"""Where the media of a dataset lie: rows name them in many ways, we give them one.

A row may say `6272_image.png` for a file in `images/` nearby, or the path it had on another machine. Found once
per dataset, every media value becomes a path relative to one root; what leaves the pool is refused.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from benchmark_agent.media import inside

IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
AUDIO_ENDINGS = (".wav", ".flac", ".ogg", ".mp3", ".opus", ".aif", ".aiff")
MEDIA_ENDINGS = IMAGE_ENDINGS + AUDIO_ENDINGS
_ENDED = re.compile(rf'({"|".join(map(re.escape, MEDIA_ENDINGS))})"'.encode(), re.IGNORECASE)
_NEAR = ("", "images", "image", "imgs", "img", "media", "audio", "audios", "sounds", "pictures", "files", "data")
_SAMPLE = 200
_LONGEST = 400


def is_media(value: str) -> bool:
    """Whether the text is the path of an image or sound, by its form."""
    if len(value) > _LONGEST or not value.lower().endswith(MEDIA_ENDINGS):
        return False
    return "\n" not in value and "://" not in value


def kind_of(data: bytes) -> str:
    """The file ending of an encoded image or sound, by its first bytes; empty when it is neither."""
    starts = {
        b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"BM": "bmp", b"II*\0": "tif",
        b"MM\0*": "tif", b"fLaC": "flac", b"OggS": "ogg", b"ID3": "mp3", b"\xff\xfb": "mp3", b"\xff\xf3": "mp3",
    }  # fmt: skip
    if data[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(data[8:12], "")
    if data[:4] == b"FORM":
        return "aiff"
    return next((ending for start, ending in starts.items() if data.startswith(start)), "")


def media_values(value: Any) -> Iterator[str]:
    """Every media path in a JSON value."""
    if isinstance(value, str):
        if is_media(value):
            yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from media_values(part)
    elif isinstance(value, list):
        for part in value:
            yield from media_values(part)


def may_hold_media(line: bytes) -> bool:
    """Whether a line of JSON names a file that could be media: a quick look that spares most rows a closer one."""
    return _ENDED.search(line) is not None


def _replaced(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value) if is_media(value) else value
    if isinstance(value, Mapping):
        return {name: _replaced(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, change) for part in value]
    return value


class MediaPaths:
    """Finds the media of one dataset, by the folders where the first rows' media lie.

    `root` is the smallest folder that holds the data file and those media, never above `limit`.
    """

    def __init__(self, folder: Path, limit: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        self.limit = limit.resolve()
        self.folder = folder.resolve()
        self.places: list[Path] = []
        for row in islice(rows, _SAMPLE):
            for value in media_values(row):
                self._learn(value)
        holders = [str(self.folder), *(str(place) for place in self.places)]
        self.root = Path(os.path.commonpath(holders))

    def _candidates(self) -> Iterator[Path]:
        for base in (self.folder, *self.folder.parents):
            if not base.is_relative_to(self.limit):
                return
            yield from (base / near for near in _NEAR)

    def _learn(self, value: str) -> None:
        if self._found(value) is not None:
            return
        for name in _names(value):
            for place in self._candidates():
                if (place / name).is_file():
                    self.places.append(place)
                    return

    def _found(self, value: str) -> Path | None:
        for name in _names(value):
            for place in self.places:
                if (place / name).is_file():
                    return place / name
        return None

    def settle(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The row with each media value that is found as a path relative to `root`; others as they stand.

        Raises:
            MediaError: when a path leaves the pool, by `..`, an absolute path or a link.
        """
        settled: dict[str, Any] = _replaced(values, self._settled)
        return settled

    def _settled(self, value: str) -> str:
        path = self._found(value)
        if path is not None:
            inside(self.root, os.path.relpath(path, self.root))
            return Path(os.path.relpath(path, self.root)).as_posix()
        if value.startswith(("/", "~")) or ".." in PurePosixPath(value).parts:
            inside(self.root, value)
        return value


def _names(value: str) -> tuple[str, ...]:
    """What to look for: the path as given, then the bare name of one made on another machine."""
    path = PurePosixPath(value.replace("\\", "/"))
    strange = path.is_absolute() or ".." in path.parts or path.parts[:1] == ("~",) or "\\" in value
    return (path.name,) if strange else (str(path), path.name) if len(path.parts) > 1 else (path.name,)
