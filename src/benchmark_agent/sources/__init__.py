"""Where rows come from: cards, rows by id, audits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmark_agent.sources.cards import Audit, DatasetCard

__all__ = ["Dataset", "DatasetRows", "Reader", "Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the data, before any card reads it."""

    ordinal: int
    """Position in the dataset, 0-based, stable for one digest."""
    id: str
    """The row's own id where it has one, else its ordinal."""
    values: Mapping[str, Any]
    """JSON values as the file holds them."""


class DatasetRows(Protocol):
    """Rows by position, without loading the dataset into memory. Safe to open in several processes."""

    root: Path
    """Media paths in rows are resolved inside this folder and refused outside it."""

    def __len__(self) -> int: ...

    def __getitem__(self, ordinal: int) -> Row:
        """Raises SourceError when the row cannot be read."""
        ...

    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A dataset a reader recognised in a pool."""

    name: str
    location: str
    """Path relative to the pool's root."""
    reader: str
    hints: Mapping[str, Any]
    """What the files say of themselves: description, licence, a card that came with them."""
    covers: tuple[str, ...] = ()
    """Other locations whose data this one serves: no later reader has them."""


class Reader(Protocol):
    """The seam `source`: recognises datasets in a folder or file, and serves their rows."""

    @property
    def name(self) -> str: ...

    def find(self, root: Path) -> Iterator[Found]:
        """Datasets of this layout under `root` (a folder or one file). Never reads outside it."""
        ...

    def open(self, root: Path, location: str) -> DatasetRows:
        """Raises UserError for a file that cannot be read at all, with the line and what is expected."""
        ...


@dataclass(frozen=True, slots=True)
class Dataset:
    """A card, its audit and its rows: what grounding, planning and realization work on."""

    card: DatasetCard
    audit: Audit
    rows: DatasetRows
