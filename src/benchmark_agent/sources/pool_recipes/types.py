"""What a recipe is: how public packages become a pool of datasets with cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmark_agent.sources.pool_recipes.output import Output


@dataclass(frozen=True, slots=True)
class Package:
    """A Debian package a recipe reads."""

    name: str
    holds: str
    """Folder or file in it that must be there, relative to its root: `usr/share/kgeography`."""
    megabytes: int
    """Size of the download."""


@dataclass(frozen=True, slots=True)
class Material:
    """A package as it lies on this machine."""

    root: Path
    """The folder its paths begin in: `/` for an installed package."""
    version: str = ""
    """Empty where nothing says it."""


class PoolRecipe(Protocol):
    """Turns packages into datasets. The same packages give the same datasets, byte for byte."""

    @property
    def name(self) -> str: ...

    @property
    def gives(self) -> str:
        """What the pool holds, in a few words."""
        ...

    @property
    def licence(self) -> str:
        """SPDX expression of the material."""
        ...

    @property
    def packages(self) -> tuple[Package, ...]: ...

    def missing(self) -> str:
        """What must be installed besides the packages, and what to type; empty when nothing."""
        ...

    def write(self, materials: Mapping[str, Material], out: Output) -> None:
        """Write the datasets.

        Args:
            materials: every package of `packages`, by name.

        Raises:
            UserError: when the material does not hold what the recipe reads.
        """
        ...
