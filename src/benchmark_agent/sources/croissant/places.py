"""The files of a Croissant on this machine: inside its folder, with the checksums it states. Nothing is downloaded."""

import hashlib
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from benchmark_agent.errors import MediaError, UserError
from benchmark_agent.media import inside
from benchmark_agent.sources.croissant.described import Described, Place

_ARCHIVES = ("application/zip", "application/x-tar", "application/gzip", "application/x-gzip", "application/x-zip")


def files_of(described: Described, place: Place) -> list[Path]:
    """
    Raises:
        UserError: when it lies outside the folder, is missing, or must be downloaded or unpacked first.
    """
    folder = described.file.parent
    if not place.includes:
        return [_file(described, place)]
    named = ((file, file.relative_to(folder).as_posix()) for file in sorted(folder.rglob("*")) if file.is_file())
    found = [
        _inside(described, name)
        for file, name in named
        if file != described.file and _any(name, place.includes) and not _any(name, place.excludes)
    ]
    if not found:
        wanted = ", ".join(map(repr, place.includes))
        raise UserError(f"{str(described.file)!r} reads {wanted}, and nothing under {str(folder)!r} is called so"
                        + _how_to_get(described, place))  # fmt: skip
    return found


def _any(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) or fnmatch(name, pattern.replace("**/", "")) for pattern in patterns)


def _file(described: Described, place: Place) -> Path:
    address = urlsplit(place.url)
    remote = bool(address.scheme and address.netloc)
    if address.scheme and not remote:
        raise UserError(f"{str(described.file)!r} names the file {place.url!r}, which is refused: "
                        "it must lie in the folder of the metadata")  # fmt: skip
    if not place.url:
        raise UserError(f"the file {place.id!r} of {str(described.file)!r} has no 'contentUrl'")
    path = _inside(described, PurePosixPath(unquote(address.path)).name if remote else place.url)
    if path.is_file() and (not remote or path != described.file):
        return path
    if remote:
        raise UserError(f"{str(described.file)!r} reads {place.url!r}, which is not on this machine: "
                        f"download it to {str(path)!r} first")  # fmt: skip
    raise UserError(f"{str(described.file)!r} reads {str(path)!r}, which is not there" + _how_to_get(described, place))


def _inside(described: Described, relative: str) -> Path:
    try:
        return inside(described.file.parent, relative)
    except MediaError as error:
        raise UserError(f"{str(described.file)!r}: {error}") from error


def _how_to_get(described: Described, place: Place) -> str:
    """What to do about files that lie in an archive, or in a repository on the net."""
    folder = str(described.file.parent)
    if not place.within:
        return f"; put it into {folder!r}"
    holder = described.place(place.within)
    act = "unpack" if holder.form in _ARCHIVES else "download the files of"
    return f"; {act} {(holder.url or holder.id)!r} into {folder!r} first"


def check_sums(described: Described, place: Place, path: Path) -> None:
    """Raises UserError when the file is another than the one described."""
    for kind, stated in place.sums:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, kind).hexdigest()
        if found != stated:
            raise UserError(f"{str(path)!r} is not the file that {str(described.file)!r} describes: its {kind} is "
                            f"{found[:12]}..., stated is {stated[:12]}...; download or export it again")  # fmt: skip
