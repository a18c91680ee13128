"""The folder where what we work out about data is kept: indexes, cards, audits, the starter pool.

Everything in it can be deleted at any time; it is made again. Several processes may write at once:
files and folders are filled under another name and renamed into place.
"""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from benchmark_agent.errors import UserError

_chosen: ContextVar[Path | None] = ContextVar("home", default=None)


def home() -> Path:
    """The folder chosen by `using`, else `BENCHMARK_AGENT_HOME`, else `benchmark-agent` in the user's cache folder.

    Raises:
        UserError: when it cannot be made.
    """
    folder = _chosen.get() or _default()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"the cache folder {str(folder)!r} cannot be made ({error.strerror}); "
            "set BENCHMARK_AGENT_HOME to a folder you may write to"
        ) from error
    return folder


def _default() -> Path:
    if given := os.environ.get("BENCHMARK_AGENT_HOME"):
        return Path(given).expanduser().absolute()
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(caches).expanduser().absolute() / "benchmark-agent"


@contextmanager
def using(folder: Path | None) -> Iterator[None]:
    """Keep what is worked out inside the block in `folder` (None: where it is kept anyway)."""
    token = _chosen.set(folder.absolute() if folder else _chosen.get())
    try:
        yield
    finally:
        _chosen.reset(token)


def write_file(path: Path, text: str) -> None:
    """Replace the file as a whole: a reader sees the old text or the new, never a part.

    Raises:
        UserError: when the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise _unwritable(path.parent, error) from error


def fill_folder(folder: Path, fill: Callable[[Path], None], *, replace: bool = False) -> Path:
    """Make `folder` by filling an empty one beside it, renamed into place when it is complete.

    Args:
        replace: take the place of a folder that is there; otherwise the one that came first stays.

    Raises:
        UserError: when the place cannot be written to. Whatever `fill` raises passes through.
    """
    if folder.exists() and not replace:
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".part-"))
    except OSError as error:
        raise _unwritable(folder.parent, error) from error
    old = part.with_name(part.name + "-old")
    try:
        fill(part)
        part.chmod(0o755)
        if replace and folder.exists():
            folder.rename(old)
        if not folder.exists():
            part.rename(folder)
    except OSError as error:
        if not folder.exists() or error.errno == errno.ENOSPC:
            raise _unwritable(folder.parent, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return folder


def _unwritable(folder: Path, error: OSError) -> UserError:
    return UserError(
        f"cannot write to {str(folder)!r} ({error.strerror or error}); free some space, "
        "or set BENCHMARK_AGENT_HOME to a folder you may write to"
    )


@cache
def code_version(*places: Path) -> str:
    """Digest (16 hex digits) of the source files at `places`: what was made by other code is made again."""
    digest = hashlib.sha256()
    for place in places:
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
