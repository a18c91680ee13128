"""Digests of files, and of a benchmark."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmark_agent.record import digest_of

FORMAT = "benchmark-agent/1"
UNLISTED = ("README.md", "manifest.json")
"""Files a manifest does not list: the card may be edited, and no file holds its own digest."""


def file_sha256(path: Path) -> str:
    """Raises OSError when the file cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def benchmark_digest(items_sha256: str, media: Iterable[str]) -> str:
    """Digest of the items and media, independent of time, place and library versions.

    Args:
        media: sha256 of every media file, in any order.
    """
    return digest_of({"format": FORMAT, "items": items_sha256, "media": sorted(set(media))})


def listed_files(folder: Path) -> Iterator[str]:
    """Paths of the files a manifest lists, sorted, relative, with forward slashes; hidden ones are left out."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    for path in sorted(path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts)):
        if path not in UNLISTED:
            yield path
