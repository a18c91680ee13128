"""Full-text search over cards, in any language and script: an inverted index in SQLite, ranked by BM25.

The terms come from `benchmark_agent.lexical`, folded and stemmed. What a term adds to the score of a card does not
depend on the query, so it is worked out when the index is written, and a query only adds up: a full-text engine that
scores when it is asked takes five times as long over 10,000 cards. The file is named after its content: an unchanged
pool is not indexed again.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from math import log
from pathlib import Path

import numpy as np

from benchmark_agent import lexical
from benchmark_agent.record import digest_of
from benchmark_agent.sources.cards import DatasetCard
from benchmark_agent.sources.home import code_version, fill_folder

_WEIGHTS = (5.0, 4.0, 2.0, 1.0)
"""What a word of the name, the topics, the description and the fields counts."""
_FORMAT = "catalogue/2"
_LABELS = 20
_SATURATION, _LENGTH = 1.2, 0.75
"""k1 and b of Okapi BM25 (Robertson et al., TREC-3): how soon repeating a word stops helping, how far length counts."""
_LEAST = 1e-6
"""Weight of a term that half of the cards or more have: it still orders them, after all others."""
_PLACES, _SCORES = np.dtype("<u4"), np.dtype("<f8")


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
            holes = ", ".join("?" for _ in wanted)
            found = f"SELECT places, scores FROM words WHERE term IN ({holes}) ORDER BY term"  # noqa: S608
            scores = np.zeros(base.execute("SELECT count(*) FROM cards").fetchone()[0])
            for places, adds in base.execute(found, wanted):
                scores[np.frombuffer(places, _PLACES)] += np.frombuffer(adds, _SCORES)
            # Cards are numbered in the order of their ids, and a stable sort leaves equals in it.
            best = [place for place in np.argsort(-scores, kind="stable")[:limit].tolist() if scores[place]]
            name = "SELECT id FROM cards WHERE place = ?"
            return [
                (base.execute(name, (place,)).fetchone()[0], float(scores[place] / scores[best[0]])) for place in best
            ]


def _write(path: Path, cards: Sequence[DatasetCard]) -> None:
    ordered = sorted(cards, key=lambda card: card.id)
    places: defaultdict[str, list[int]] = defaultdict(list)
    counts: defaultdict[str, list[float]] = defaultdict(list)
    lengths = np.zeros(len(ordered))
    for place, card in enumerate(ordered):
        words, lengths[place] = _words(card)
        for term, count in words.items():
            places[term].append(place)
            counts[term].append(count)
    damping = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / max(1.0, float(lengths.mean()) if ordered else 1.0))
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute("CREATE TABLE cards (place INTEGER PRIMARY KEY, id TEXT)")
        base.execute("CREATE TABLE words (term TEXT PRIMARY KEY, places BLOB, scores BLOB) WITHOUT ROWID")
        base.executemany("INSERT INTO cards VALUES (?, ?)", enumerate(card.id for card in ordered))
        for term in sorted(places):
            at, often = np.array(places[term], _PLACES), np.array(counts[term], _SCORES)
            rarity = max(_LEAST, log((len(ordered) - len(at) + 0.5) / (len(at) + 0.5)))
            scores = rarity * often * (_SATURATION + 1) / (often + damping[at])
            base.execute("INSERT INTO words VALUES (?, ?, ?)", (term, at.tobytes(), scores.tobytes()))


def _words(card: DatasetCard) -> tuple[dict[str, float], int]:
    """The terms of a card with their weighted counts, and how many words they are of."""
    texts = (card.name, " ".join(card.topics), card.description, " ".join(_field_texts(card)))
    counts: defaultdict[str, float] = defaultdict(float)
    length = 0
    for text, weight in zip(texts, _WEIGHTS, strict=True):
        for word in text.split():
            for term in _terms(word):
                counts[term] += weight
                length += 1
    return counts, length


@lru_cache(maxsize=200_000)
def _terms(word: str) -> tuple[str, ...]:
    """Words recur from card to card: looking them up again is ten times faster."""
    return tuple(lexical.terms(word))


def _field_texts(card: DatasetCard) -> Iterator[str]:
    yield from card.modalities
    yield card.answer.kind.replace("_", " ")
    for field in card.fields:
        yield from (field.label or field.name.replace("_", " ").replace(".", " "), field.description[:200])
        yield from (count.label for count in field.vocabulary[:_LABELS])
