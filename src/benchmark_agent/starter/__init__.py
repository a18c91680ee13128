"""The starter pool: datasets that ship with the package, made from facts in installed packages and by programs.

`make(folder)` writes an ordinary pool: `<name>/data.jsonl`, `<name>/card.yaml`, and images where a dataset has any.
"""

import hashlib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from benchmark_agent.starter.makers import Maker, write

__all__ = ["VERSION", "Maker", "datasets", "make"]

_MODULES = (
    "geography",
    "chemistry",
    "times",
    "reading",
    "dialogs",
    "tables",
    "dates",
    "order",
    "programs",
    "logic",
    "arithmetic",
    "chance",
    "kin",
    "plans",
    "instructions",
    "causes",
    "languages",
    "clocks",
    "drawn",
)
_PACKAGES = ("airportsdata", "countryinfo", "holidays", "numpy", "periodictable", "pillow", "tzdata")


def _version() -> str:
    """Digest of all that determines the rows: our own source, what tells options apart, and the packages of facts."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in (*sorted(here.glob("*.py")), here.parent / "sources" / "audit" / "shortcuts.py"):
        digest.update(path.read_bytes())
    for package in _PACKAGES:
        digest.update(f"{package}=={version(package)};".encode())
    return digest.hexdigest()[:16]


VERSION = _version()


def datasets() -> tuple[Maker, ...]:
    """Every dataset of the pool; imported when asked for, since the fact packages take a while to load."""
    modules = [import_module(f"benchmark_agent.starter.{name}") for name in _MODULES]
    return tuple(maker for module in modules for maker in module.DATASETS)


def make(folder: Path) -> None:
    """Write the starter pool into `folder`: the same bytes at every call under one `VERSION`."""
    for maker in datasets():
        write(maker, folder)
