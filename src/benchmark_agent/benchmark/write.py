"""Items -> a benchmark folder, complete in itself."""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from types import TracebackType

from benchmark_agent.benchmark.card import CardFacts, write_card
from benchmark_agent.benchmark.digests import benchmark_digest, file_sha256, listed_files
from benchmark_agent.benchmark.load import load
from benchmark_agent.benchmark.shards import ShardWriter
from benchmark_agent.benchmark.show import media_parts
from benchmark_agent.benchmark.types import (
    Benchmark,
    Count,
    DatasetUse,
    FileDigest,
    Manifest,
    ModelUse,
    SubtaskCount,
    Version,
)
from benchmark_agent.content import Audio, Image
from benchmark_agent.errors import StageError, UserError
from benchmark_agent.media import inside
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.verification.types import Item

PACKAGES = (
    "benchmark-agent", "numpy", "pillow", "soundfile", "duckdb", "airportsdata", "countryinfo", "holidays",
    "periodictable", "py3langid", "tzdata", "reasoning-gym",
)  # fmt: skip
"""Packages whose versions say how an item came about."""
_PLEASANT = 1_200
"""Characters of an item. An example this short is taken at once."""


@dataclass(slots=True)
class _Tally:
    """What the items say of themselves, counted as they pass."""

    size: int = 0
    subtasks: Counter[str] = field(default_factory=Counter)
    datasets: Counter[str] = field(default_factory=Counter)
    bases: Counter[str] = field(default_factory=Counter)
    licences: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Licence and data digest by dataset, as the items have them."""
    tools: set[tuple[str, str]] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    modalities: set[str] = field(default_factory=set)
    examples: dict[str, tuple[int, Item]] = field(default_factory=dict)

    def add(self, item: Item, length: int) -> None:
        self.size += 1
        self.subtasks[item.subtask] += 1
        self.bases[item.gold_basis] += 1
        self.kinds.add(item.answer_kind)
        self.modalities.update(part.type for part in item.input)
        self.tools.update((step.tool, step.version) for step in item.recipe)
        for row in item.sources:
            self.licences[row.dataset] = (row.licence, row.digest)
        self.datasets.update({row.dataset for row in item.sources})
        shortest = self.examples.get(item.subtask)
        if shortest is None or _PLEASANT < shortest[0] > length:
            self.examples[item.subtask] = (length, item)


class BenchmarkWriter:
    """Streams items into a benchmark folder. Memory does not grow with the number of items.

    Everything is written into `.<name>.partial` beside the folder, which takes the folder's place when `finish` is
    done. Leaving the `with` block before that removes what was written.
    """

    def __init__(self, folder: Path, media_root: Path) -> None:
        """Begin a benchmark.

        Args:
            folder: where the benchmark shall stand. A benchmark that stands there is replaced.
            media_root: folder that the media paths of the items are relative to.

        Raises:
            UserError: the folder holds something else, or cannot be written.
        """
        self.folder = folder
        self._media_root = media_root
        self._partial = folder.with_name(f".{folder.name}.partial")
        self._tally = _Tally()
        self._media: set[str] = set()
        self._items_hash = hashlib.sha256()
        if folder.exists() and not (folder / "manifest.json").exists() and (folder.is_file() or any(folder.iterdir())):
            raise UserError(f"{str(folder)!r} holds something that is no benchmark; choose another folder with '--out'")
        with _writing(folder):
            shutil.rmtree(self._partial, ignore_errors=True)
            (self._partial / "data").mkdir(parents=True)
            self._shards = ShardWriter(self._partial / "data")
            self._items = (self._partial / "items.jsonl").open("wb")

    def __enter__(self) -> "BenchmarkWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._items.close()
        shutil.rmtree(self._partial, ignore_errors=True)

    def add(self, item: Item) -> None:
        """Write one item, and take its media over.

        Raises:
            StageError: a media file of the item is missing or is not what the item says.
            UserError: the disk is full, or the folder cannot be written.
        """
        line = item.model_dump_json().encode() + b"\n"
        with _writing(self.folder):
            size = sum(self._keep(part, item.id) for part in media_parts(item))
            self._items.write(line)
            self._items_hash.update(line)
            self._shards.add(item, size)
        self._tally.add(item, len(item.question) + sum(len(part.text) for part in item.input if part.type == "text"))

    def finish(
        self,
        *,
        name: str,
        requirement: Requirement,
        subtasks: Iterable[SubtaskCount],
        datasets: Iterable[DatasetCard],
        not_covered: tuple[str, ...] = (),
        rejected: tuple[Count, ...] = (),
        baselines: tuple[tuple[str, float, float], ...] = (),
        models: ModelUse | None = None,
    ) -> Benchmark:
        """Write the manifest, the card and the Parquet files, and put the folder in its place.

        Args:
            subtasks: what was planned, in the order of the design; `delivered` is counted here.
            datasets: cards of the pool; those no item came from are left out.
            rejected: rejections by reason.
            baselines: name, accuracy and chance, 0-1.
            models: what models did; None where none was asked.

        Raises:
            UserError: the disk is full, or the folder cannot be written.
        """
        with _writing(self.folder):
            self._items.close()
            shards = self._shards.finish(self._partial)
            cards = {card.id: card for card in datasets}
            manifest = Manifest(
                name=name,
                requirement=_portable(requirement),
                size=self._tally.size,
                shortfall=max(0, requirement.size - self._tally.size),
                subtasks=tuple(
                    each.model_copy(update={"delivered": self._tally.subtasks[each.subtask_id]}) for each in subtasks
                ),
                not_covered=not_covered,
                datasets=tuple(self._uses(cards)),
                rejected=rejected,
                baselines=baselines,
                tools=tuple(Version(name=tool, version=version) for tool, version in sorted(self._tally.tools)),
                packages=tuple(_packages()),
                models=models,
                files=tuple(
                    FileDigest(path=path, sha256=file_sha256(self._partial / path))
                    for path in listed_files(self._partial)
                ),
                digest=benchmark_digest(self._items_hash.hexdigest(), self._media),
            )
            card = write_card(manifest, self._facts(manifest, cards, shards))
            (self._partial / "README.md").write_text(card, encoding="utf-8", newline="\n")
            (self._partial / "manifest.json").write_text(
                manifest.model_dump_json(indent=2) + "\n", encoding="utf-8", newline="\n"
            )
            self._put_in_place()
        return load(self.folder)

    def _keep(self, part: Image | Audio, item_id: str) -> int:
        """Take one media file over; its size in bytes."""
        source, target = inside(self._media_root, part.path), inside(self._partial, part.path)
        if part.sha256 not in self._media:
            if not source.is_file() or file_sha256(source) != part.sha256:
                raise StageError(
                    f"the media file {part.path!r} of item {item_id!r} is missing or damaged in the run folder; "
                    "build again into another folder with '--out'"
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(source, target)
            self._media.add(part.sha256)
        return source.stat().st_size

    def _uses(self, cards: dict[str, DatasetCard]) -> Iterator[DatasetUse]:
        for dataset, items in sorted(self._tally.datasets.items(), key=lambda pair: (-pair[1], pair[0])):
            card = cards.get(dataset)
            licence, digest = self._tally.licences[dataset]
            name, source = (card.name, card.source) if card else (dataset, "")
            yield DatasetUse(dataset_id=dataset, name=name, items=items, licence=licence, digest=digest, source=source)

    def _facts(
        self, manifest: Manifest, cards: dict[str, DatasetCard], shards: dict[str, tuple[str, ...]]
    ) -> CardFacts:
        spoken = {
            code for use in manifest.datasets if use.dataset_id in cards for code in cards[use.dataset_id].languages
        }
        asked = set(manifest.requirement.languages)
        return CardFacts(
            answer_kinds=tuple(sorted(self._tally.kinds)),
            modalities=tuple(sorted(self._tally.modalities)),
            languages=tuple(sorted(spoken & asked if asked else spoken)),
            examples={subtask: item for subtask, (_, item) in self._tally.examples.items()},
            gold_basis=dict(sorted(self._tally.bases.items())),
            shards=shards,
        )

    def _put_in_place(self) -> None:
        former = self.folder.with_name(f".{self.folder.name}.former")
        shutil.rmtree(former, ignore_errors=True)
        if self.folder.exists():
            self.folder.replace(former)
        self._partial.replace(self.folder)
        shutil.rmtree(former, ignore_errors=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        told = error.strerror or str(error)
        raise UserError(
            f"the benchmark cannot be written to {str(folder)!r}: {told}; free the place or choose another folder "
            "with '--out', then go on with '--resume'"
        ) from error


def _link(source: Path, target: Path) -> None:
    """A second name for the file where the file system can, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _portable(requirement: Requirement) -> Requirement:
    """Without the folders of this machine: a benchmark is handed on."""
    return requirement.model_copy(update={"pool": tuple(Path(path).name or path for path in requirement.pool)})


def _packages() -> Iterator[Version]:
    for name in PACKAGES:
        try:
            yield Version(name=name, version=metadata.version(name))
        except metadata.PackageNotFoundError:
            continue
