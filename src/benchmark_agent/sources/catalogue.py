"""Full-text search over cards, in any language and script: SQLite FTS5 over terms of our own.

The terms come from `benchmark_agent.lexical`, so the index sees words already folded and stemmed; its own tokenizer
only splits them at spaces. The file is named after its content: an unchanged pool is not indexed again.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from benchmark_agent import lexical
from benchmark_agent.record import digest_of
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.sources.home import code_version, fill_folder

_COLUMNS = {"name": 5.0, "topics": 4.0, "description": 2.0, "fields": 1.0}
"""Columns of the index and what a hit in each weighs."""
_FORMAT = "catalogue/1"
_LABELS = 20
_HITS = 4000
"""Hits scored for one query, which bounds its time; its rarest words come first, as they tell most."""
_TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"


class Catalogue:
    """Ranked search over the cards of a pool. Safe in several threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, cards: Sequence[DatasetCard], home: Path) -> "Catalogue":
        """The index of these cards, made in `home` unless it is there.

        Raises:
            UserError: when `home` cannot be written to.
        """
        words = code_version(Path(lexical.__file__), Path(__file__))
        key = digest_of([_FORMAT, words, sorted(card.fingerprint() for card in cards)])
        folder = fill_folder(home / "catalogue" / key, lambda part: _write(part / "cards.sqlite", cards))
        return cls(folder / "cards.sqlite")

    def search(self, query: str, limit: int = 20) -> list[tuple[str, float]]:
        """Ids of the cards that share terms with the query, best first, scored 0-1 against the best (BM25)."""
        wanted = list(dict.fromkeys(lexical.terms(query)))
        with closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            telling = _telling(base, wanted)
            if not telling:
                return []
            match = " OR ".join('"' + term.replace('"', '""') + '"' for term in telling)
            weights = ", ".join(str(weight) for weight in _COLUMNS.values())
            scored = f"SELECT rowid AS row, bm25(cards, 0.0, {weights}) AS score FROM cards WHERE cards MATCH ?"  # noqa: S608
            ranked = f"SELECT * FROM ({scored} ORDER BY score LIMIT ?)"  # noqa: S608
            named = f"SELECT id, score FROM ({ranked}) JOIN cards ON cards.rowid = row"  # noqa: S608
            found = base.execute(named, (match, limit)).fetchall()
        best = min((score for _, score in found), default=-1.0)
        return sorted(((str(name), score / best) for name, score in found), key=lambda hit: (-hit[1], hit[0]))


def _telling(base: sqlite3.Connection, wanted: Sequence[str]) -> list[str]:
    """The terms that occur at all, rarest first, as many as the hits allow."""
    holes = ", ".join("?" for _ in wanted)
    counts = base.execute(f"SELECT doc, term FROM words WHERE term IN ({holes}) ORDER BY doc, term", wanted)  # noqa: S608
    telling: list[str] = []
    hits = 0
    for cards, term in counts:
        hits += cards
        if telling and hits > _HITS:
            break
        telling.append(term)
    return telling


def _write(path: Path, cards: Sequence[DatasetCard]) -> None:
    columns = ", ".join(_COLUMNS)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute(f'CREATE VIRTUAL TABLE cards USING fts5(id UNINDEXED, {columns}, tokenize = "{_TOKENIZER}")')
        base.execute("CREATE VIRTUAL TABLE words USING fts5vocab(cards, 'row')")
        rows = (_row(card) for card in sorted(cards, key=lambda card: card.id))
        base.executemany("INSERT INTO cards VALUES (?, ?, ?, ?, ?)", rows)


def _row(card: DatasetCard) -> tuple[str, ...]:
    texts = (card.name, " ".join(card.topics), card.description, " ".join(_field_texts(card)))
    return card.id, *(" ".join(filter(None, map(_terms, text.split()))) for text in texts)


@lru_cache(maxsize=200_000)
def _terms(word: str) -> str:
    """Words recur from card to card: looking them up again is ten times faster."""
    return " ".join(lexical.terms(word))


def _field_texts(card: DatasetCard) -> Iterator[str]:
    yield from card.modalities
    yield card.answer.kind.replace("_", " ")
    for field in card.fields:
        yield from (field.label or field.name.replace("_", " ").replace(".", " "), field.description[:200])
        yield from (count.label for count in field.vocabulary[:_LABELS])
