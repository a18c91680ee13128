"""Archives opened with care: one member at a time, in bounded memory; nothing is ever unpacked to disk.

A member whose name leaves the folder, a link, a device, and what is larger than allowed are named and not read.
What a small file swells to is bounded before it swells: a tar by what is read, a zip by what its index states,
and Python's `zipfile` gives no more of a member than is stated there.
"""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from benchmark_agent.errors import MediaError

_DRIVE = re.compile(r"[A-Za-z]:")
_COMPRESSED = ((b"\x1f\x8b", gzip.GzipFile), (b"BZh", bz2.BZ2File), (b"\xfd7zXZ\x00", lzma.LZMAFile))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an archive may hold."""

    members: int = 1_000_000
    member_bytes: int = 200_000_000
    """Of one member, unpacked."""
    total_bytes: int = 20_000_000_000
    """Of all members of a zip, or of a whole compressed tar, unpacked."""
    ratio: int = 500
    """Unpacked over packed size of a zip's member. Deflate reaches 1,032 on zeros; plain texts stay below 20."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive."""

    name: str
    """As the archive has it; safe to join to a folder when nothing is refused."""
    size: int
    """Bytes, unpacked."""
    refused: str
    """Why it is not read; empty: it may be."""
    offset: int
    """Where its bytes start in a tar that is not compressed; -1 elsewhere."""
    _bytes: Callable[[], bytes]

    def read(self) -> bytes:
        """Its content. Of a tar, before the next member is asked for.

        Raises:
            MediaError: when it is refused or broken.
        """
        if self.refused:
            raise MediaError(f"the member {self.name!r} is refused: {self.refused}")
        with _broken(f"the member {self.name!r}"):
            data = self._bytes()
        if len(data) != self.size:
            raise MediaError(f"the member {self.name!r} is cut off: {len(data)} of {self.size} bytes")
        return data


def leaves_folder(name: str) -> str:
    """Why a member's name is no path inside a folder; empty when it is one."""
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.parts or "\0" in name:
        return "it has no usable name"
    if path.is_absolute() or _DRIVE.match(name) or path.parts[0].startswith("~"):
        return "its path is absolute"
    return "its path leaves the folder" if ".." in path.parts else ""


def tar_members(path: Path, bounds: Bounds | None = None) -> Iterator[Member]:
    """The files of a tar (plain, gzip, bzip2 or xz) in their order, the refused ones as well; folders are passed over.

    Raises:
        MediaError: when it is no tar, is cut off or broken, or is larger than the bounds. Members before that came out.
    """
    bounds, label = bounds or Bounds(), f"the archive {path.name!r}"
    with _broken(label), path.open("rb") as plain:
        start = plain.read(6)
        plain.seek(0)
        unpack = next((unpack for magic, unpack in _COMPRESSED if start.startswith(magic)), None)
        with cast(IO[bytes], unpack(path)) if unpack else plain as source:
            counted = cast(IO[bytes], _Counted(source, label, bounds, whole=unpack is not None))
            with tarfile.open(fileobj=counted, mode="r|" if unpack else "r:") as tar:
                yield from _tar(tar, label, bounds, plain=unpack is None)


def _tar(tar: tarfile.TarFile, label: str, bounds: Bounds, *, plain: bool) -> Iterator[Member]:
    count = 0
    while (info := tar.next()) is not None:
        tar.members = []  # type: ignore[attr-defined]  # what was seen is not kept
        count += 1
        if count > bounds.members or info.size < 0:
            raise MediaError(f"{label} has more than {bounds.members} members, or is broken, and is left there")
        if not info.isdir():
            refused = leaves_folder(info.name) or _kind(info) or _too_large(info.size, bounds)
            yield Member(info.name, info.size, refused, info.offset_data if plain else -1, _tar_bytes(tar, info))


def _tar_bytes(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        file = tar.extractfile(info)
        return file.read() if file else b""

    return read


def _kind(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return f"it is a link to {info.linkname!r}"
    return "" if info.isreg() and not info.issparse() else "it is no plain file"


def _too_large(size: int, bounds: Bounds) -> str:
    return f"it has {size} bytes, more than {bounds.member_bytes}" if size > bounds.member_bytes else ""


def zip_members(data: Path | bytes, label: str, bounds: Bounds | None = None) -> tuple[Member, ...]:
    """The files of a zip by its index, the refused ones as well; nothing is unpacked before a member is read.

    Raises:
        MediaError: when it is no zip, or holds more than the bounds in all.
    """
    bounds = bounds or Bounds()

    def source() -> zipfile.ZipFile:
        return zipfile.ZipFile(data if isinstance(data, Path) else io.BytesIO(data))

    with _broken(label), source() as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
    total = sum(info.file_size for info in infos)
    if len(infos) > bounds.members:
        raise MediaError(f"{label} is refused: it has {len(infos)} members, more than {bounds.members}")
    if total > bounds.total_bytes:
        raise MediaError(f"{label} is refused: it would unpack to {total} bytes, more than {bounds.total_bytes}")

    def read(info: zipfile.ZipInfo) -> Callable[[], bytes]:
        def unpacked() -> bytes:
            with source() as archive, archive.open(info) as file:
                return file.read(info.file_size + 1)

        return unpacked

    return tuple(Member(info.filename, info.file_size, _zip_fault(info, bounds), -1, read(info)) for info in infos)


def _zip_fault(info: zipfile.ZipInfo, bounds: Bounds) -> str:
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if info.file_size > bounds.ratio * max(1, info.compress_size) and info.file_size > 1_000_000:
        return f"it would unpack {info.compress_size} bytes to {info.file_size}, as a decompression bomb does"
    if (info.external_attr >> 28) == 0xA:
        return "it is a link"
    return leaves_folder(info.filename) or _too_large(info.file_size, bounds)


class _Counted:
    """A file of which no more is read at once, or in all, than allowed; `tarfile` reads its long names whole."""

    def __init__(self, file: IO[bytes], label: str, bounds: Bounds, *, whole: bool) -> None:
        self._file, self._label, self._bounds, self._whole = file, label, bounds, whole
        self._total = 0

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self._bounds.member_bytes:
            raise MediaError(f"{self._label} is refused: one entry has more than {self._bounds.member_bytes} bytes")
        data = self._file.read(size)
        self._total += len(data)
        if self._whole and self._total > self._bounds.total_bytes:
            raise MediaError(f"{self._label} is refused: it unpacks to more than {self._bounds.total_bytes} bytes")
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


@contextmanager
def _broken(label: str) -> Iterator[None]:
    """What the standard library says of a broken archive, as one error."""
    try:
        yield
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise MediaError(f"{label} is broken or cut off: {error}") from error
    except (EOFError, OSError, ValueError, RuntimeError, OverflowError) as error:
        raise MediaError(f"{label} cannot be read: {error}") from error
