"""Where the packages of a recipe are found: a folder that is named, this machine, or a Debian mirror."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote

from benchmark_agent.errors import UserError
from benchmark_agent.sources.home import fill_folder, home
from benchmark_agent.sources.pool_recipes.types import Material, Package

ASKED_FROM = 50_000_000
"""Bytes of a download from which the user is asked."""
_URI = re.compile(r"^'[^']+' (?P<file>\S+) (?P<bytes>\d+)", re.MULTILINE)
_SECONDS = 3600

Agree = Callable[[int], bool]
"""Asked with the bytes of a large download."""
INSTALLED = Path("/")


def kept_folder() -> Path:
    """Where downloaded packages are unpacked."""
    return home() / "packages"


def found(package: Package, given: Path | None = None, installed: Path = INSTALLED) -> Material | None:
    """The package without any download; None when it is not here.

    Args:
        given: a folder to look in alone: an unpacked package, several by their names, or their `.deb` files.

    Raises:
        UserError: when a `.deb` file there cannot be unpacked.
    """
    if given is not None:
        return _in_folder(package, given)
    if (installed / package.holds).exists():
        return Material(installed, _installed_version(package.name))
    unpacked = sorted(kept_folder().glob(f"{package.name}_*"))
    return next((_material(root) for root in reversed(unpacked) if (root / package.holds).exists()), None)


def _material(root: Path) -> Material:
    return Material(root, root.name.rpartition("_")[2])


def _in_folder(package: Package, given: Path) -> Material | None:
    for root in (given, given / package.name):
        if (root / package.holds).exists():
            return Material(root)
    archives = sorted(given.glob(f"{package.name}_*.deb")) if given.is_dir() else []
    return _unpacked(archives[-1]) if archives else None


def _unpacked(archive: Path) -> Material:
    name, version, _ = unquote(archive.name).split("_", 2)
    target = kept_folder() / f"{name}_{version}"

    def unpack(part: Path) -> None:
        _run(["dpkg-deb", "--extract", str(archive), str(part)])

    return _material(fill_folder(target, unpack))


def _installed_version(name: str) -> str:
    if shutil.which("dpkg-query") is None:
        return ""
    asked = ["dpkg-query", "--show", "--showformat", "${Version}", name]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def can_download() -> bool:
    """Whether Debian packages can be fetched and unpacked here."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg-deb") is not None


def obtain(
    packages: Sequence[Package], agree: Agree, given: Path | None = None, installed: Path = INSTALLED
) -> dict[str, Material]:
    """Every package by its name; what is not here is downloaded, unless a folder is given.

    Raises:
        UserError: when something is not in the folder given, cannot be downloaded, or the user does not agree.
    """
    here = {package.name: found(package, given, installed) for package in packages}
    lacking = [package for package in packages if here[package.name] is None]
    if lacking and given is not None:
        wanted = ", ".join(f"{package.holds!r} of {package.name}" for package in lacking)
        raise UserError(
            f"the folder {str(given)!r} does not hold {wanted}; give the folder the packages are unpacked in"
        )
    if lacking:
        _download([package.name for package in lacking], agree)
    materials = {package.name: here[package.name] or found(package, None, installed) for package in packages}
    for name, material in materials.items():
        if material is None:
            raise UserError(
                f"the package {name!r} was fetched and does not hold what the recipe reads; another version?"
            )
    return {name: material for name, material in materials.items() if material}


def _download(names: Sequence[str], agree: Agree) -> None:
    if not can_download():
        raise UserError(
            f"the Debian packages {', '.join(names)} are not here, and there is no apt-get to fetch them with; "
            "unpack them in a folder and name it with '--from FOLDER'"
        )
    size = sum(int(match["bytes"]) for match in _URI.finditer(_run(["apt-get", "download", "--print-uris", *names])))
    if size > ASKED_FROM and not agree(size):
        raise UserError(
            f"{size / 1e6:.0f} MB would be downloaded; add '--yes' to agree, or name a folder with '--from'"
        )
    fill_folder(kept_folder() / f"fetching-{os.getpid()}", lambda part: _fetch(names, part))
    _clear(kept_folder().glob(f"fetching-{os.getpid()}"))


def _fetch(names: Sequence[str], part: Path) -> None:
    _run(["apt-get", "download", "--quiet", *names], part)
    for archive in sorted(part.glob("*.deb")):
        _unpacked(archive)


def _clear(folders: Iterable[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: Sequence[str], folder: Path | None = None) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"{command[0]!r} does not run: {error}; name a folder with '--from FOLDER' instead") from error
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise UserError(
            f"{' '.join(command[:2])!r} failed: {said}; type 'apt-get update' as root, "
            "or unpack the packages yourself and name the folder with '--from FOLDER'"
        )
    return done.stdout
