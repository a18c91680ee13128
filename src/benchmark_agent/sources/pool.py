"""The pool: every dataset under the paths a user gives, with its card, its audit and its rows."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmark_agent.errors import BenchmarkAgentError, SourceError, UserError, boundary
from benchmark_agent.events import Event, Listener, silent
from benchmark_agent.record import digest_of
from benchmark_agent.sources import Dataset, DatasetRows, Found, Reader
from benchmark_agent.sources.card_files import CardFile, card_folder
from benchmark_agent.sources.cards import Audit, DatasetCard
from benchmark_agent.sources.catalogue import Catalogue
from benchmark_agent.sources.home import home as home_folder
from benchmark_agent.sources.home import using
from benchmark_agent.sources.pool_paths import Root, add, nothing_readable, roots_of
from benchmark_agent.sources.progress import telling

__all__ = ["Entry", "Pool", "PoolSpec", "add", "slug"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one dataset of a pool is found again."""

    id: str
    rows: DatasetRows
    card_folder: Path


@dataclass(frozen=True, slots=True)
class PoolSpec:
    """A pool as another process opens it: what was found, without looking again. Pickles small."""

    entries: tuple[Entry, ...]
    home: Path
    languages: tuple[str, ...] = ()
    """Languages wanted of the rows of datasets that hold several; empty takes all rows."""


class Pool:
    """Datasets by id, in the order of their ids."""

    def __init__(self, spec: PoolSpec, problems: tuple[tuple[str, str], ...] = ()) -> None:
        self.spec = spec
        self.problems = problems
        """(path, why) of what looked like a dataset and could not be read."""
        self._entries = {entry.id: entry for entry in spec.entries}
        self._cards: dict[str, DatasetCard] = {}
        self._datasets: dict[str, Dataset] = {}
        self._catalogue: Catalogue | None = None

    @classmethod
    def open(
        cls,
        paths: Sequence[str],
        registry_readers: Sequence[Reader],
        *,
        home: Path | None = None,
        listener: Listener = silent,
    ) -> "Pool":
        """The datasets under `paths`: folders, files, pool.yaml files, `starter` (the default), `gym:TASK`.

        Raises:
            UserError: a path is missing or holds nothing readable, or two datasets have one id.
        """
        with using(home), telling(listener):
            here, problems = home_folder(), []
            finds: list[tuple[Root, Found, DatasetRows]] = []
            for root in roots_of(paths):
                good, bad = _look(root, registry_readers, listener)
                if not good:
                    raise nothing_readable(root, bad)
                finds += good
                problems += bad
            entries: list[Entry] = []
            cards: dict[str, DatasetCard] = {}
            for dataset_id, (root, found, rows) in _named(finds):
                listener(Event(stage="pool", message=f"card of {dataset_id}", done=len(entries), total=len(finds)))
                entry = Entry(dataset_id, rows, card_folder(here, dataset_id, root.shown(found.location)))
                cards[dataset_id] = _card(entry, found, listener)
                entries.append(entry)
        pool = cls(PoolSpec(tuple(sorted(entries, key=lambda entry: entry.id)), here), tuple(problems))
        pool._cards = cards
        return pool

    @classmethod
    def reopen(cls, spec: PoolSpec) -> "Pool":
        """The same pool in another process; nothing is searched or indexed again."""
        return cls(spec)

    def speaking(self, languages: tuple[str, ...]) -> "Pool":
        """The same pool, of whose datasets in several languages only rows in these may be used; all when empty."""
        pool = Pool(replace(self.spec, languages=languages), self.problems)
        pool._cards, pool._catalogue = self._cards, self._catalogue
        return pool

    @property
    def cards(self) -> tuple[DatasetCard, ...]:
        return tuple(self.card(dataset_id) for dataset_id in self._entries)

    @property
    def digest(self) -> str:
        """Of every card, edits included, and so of the data behind them."""
        return digest_of([[card.id, card.fingerprint()] for card in self.cards])

    def card(self, dataset_id: str) -> DatasetCard:
        """Raises UserError for an unknown id, or an edited card that does not read."""
        if dataset_id not in self._cards:
            self._cards[dataset_id] = CardFile(self._entry(dataset_id).card_folder).again()
        return self._cards[dataset_id]

    def card_path(self, dataset_id: str) -> Path:
        """The YAML file of the card: edit it to correct it."""
        return CardFile(self._entry(dataset_id).card_folder).path

    def audit(self, dataset_id: str) -> Audit:
        return self.dataset(dataset_id).audit

    def dataset(self, dataset_id: str) -> Dataset:
        """Card, audit and rows; the audit is made when first asked for.

        Raises:
            UserError: for an unknown id.
        """
        if dataset_id not in self._datasets:
            from benchmark_agent.sources.audit import audit
            from benchmark_agent.sources.row_languages import only_rows_in, row_languages

            entry, card = self._entry(dataset_id), self.card(dataset_id)
            kept = CardFile(entry.card_folder)
            found = kept.audit(card, lambda: audit(card, entry.rows))
            if self.spec.languages and len(card.languages) > 1:
                spoken = kept.languages(card, lambda: row_languages(card, entry.rows))
                found = only_rows_in(found, spoken, self.spec.languages)
            self._datasets[dataset_id] = Dataset(card, found, entry.rows)
        return self._datasets[dataset_id]

    def skipped(self, dataset_id: str) -> tuple[tuple[str, str], ...]:
        """(where, why) of rows that could not be used; after the first hundred, one line with the number of others."""
        rows = self._entry(dataset_id).rows
        named: tuple[tuple[str, str], ...] = tuple(getattr(rows, "skipped", ()))
        more = int(getattr(rows, "skipped_total", len(named))) - len(named)
        return (*named, ("and more", f"{more} other rows")) if more > 0 else named

    def search(self, query: str, limit: int = 20) -> list[tuple[DatasetCard, float]]:
        """Cards that share words with the query, in any language, best first; scores 0-1 against the best."""
        if self._catalogue is None:
            self._catalogue = Catalogue.of(self.cards, self.spec.home)
        return [(self.card(found), score) for found, score in self._catalogue.search(query, limit)]

    def _entry(self, dataset_id: str) -> Entry:
        if dataset_id not in self._entries:
            from difflib import get_close_matches

            close = get_close_matches(dataset_id, self._entries, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise UserError(
                f"the pool has no dataset {dataset_id!r}; {hint}See them all with 'benchmark-agent pool list'"
            )
        return self._entries[dataset_id]


def _look(
    root: Root, readers: Sequence[Reader], listener: Listener
) -> tuple[list[tuple[Root, Found, DatasetRows]], list[tuple[str, str]]]:
    """What the readers find under one root, the first reader that knows a place having it; and what fails to open."""
    good, bad = [], []
    taken: set[str] = set()
    for reader in readers:
        with boundary(f"looking for {reader.name} datasets in {root.given!r}", SourceError):
            found_here = list(reader.find(root.path))
        for found in found_here:
            if found.location in taken:
                continue
            taken.update((found.location, *found.covers))
            listener(Event(stage="pool", message=f"reading {root.shown(found.location)}", done=len(taken)))
            try:
                with boundary(f"opening {root.shown(found.location)!r}", SourceError):
                    good.append((root, found, reader.open(root.path, found.location)))
            except BenchmarkAgentError as error:
                bad.append((root.shown(found.location), str(error)))
                listener(Event(stage="pool", message=f"left out: {error}"))
    return good, bad


def _named(finds: Sequence[tuple[Root, Found, DatasetRows]]) -> Iterator[tuple[str, tuple[Root, Found, DatasetRows]]]:
    """Each dataset with an id of our own. Data given twice are taken once.

    Raises:
        UserError: when datasets of two pools have one id.
    """
    names = Counter((root.path, slug(found.name)) for root, found, _ in finds)
    owners: dict[str, str] = {}
    seen: set[str] = set()
    for root, found, rows in finds:
        shown = root.shown(found.location)
        if shown in seen:
            continue
        seen.add(shown)
        alone = names[root.path, slug(found.name)] == 1
        dataset_id = slug(found.name if alone else str(Path(found.location).with_suffix("")))
        if dataset_id in owners:
            raise UserError(
                f"two datasets have the id {dataset_id!r}: {owners[dataset_id]!r} and {shown!r}; rename one, "
                "or put a card.yaml beside it with another 'name:'"
            )
        owners[dataset_id] = shown
        yield dataset_id, (root, found, rows)


def slug(name: str) -> str:
    """A name as an id: lower-case letters, digits and hyphens; a digest when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or f"dataset-{digest_of(name)[:8]}"


def _card(entry: Entry, found: Found, listener: Listener) -> DatasetCard:
    digest = str(getattr(entry.rows, "digest", "")) or _digest(entry.rows)

    def write() -> DatasetCard:
        from benchmark_agent.sources.infer import write_card  # loads a language model: only when a card is written

        return write_card(entry.id, found, entry.rows, digest=digest)

    def tell(message: str) -> None:
        listener(Event(stage="pool", message=message))

    return CardFile(entry.card_folder).read(digest, found.hints, write, tell)


def _digest(rows: DatasetRows) -> str:
    from benchmark_agent.sources.infer import digest_of_rows

    return digest_of_rows(rows)
