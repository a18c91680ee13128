"""Near-duplicates without comparing all pairs: MinHash signatures in a banded hash table, for rows and for items.

A text pair is near when its asking parts *and* its evidence are near, and when a guard agrees exactly. The guard
is for templated texts: they share most of their words and differ in what counts, their numbers and names.
MinHash: Broder 1997. Banding: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from benchmark_agent.quantities import number_words
from benchmark_agent.seeds import derive
from benchmark_agent.wording import key, visible, words

Sketch = NDArray[np.uint32]

ROWS = 32
"""Values of the sketch of one text. The standard error of an estimated similarity of 0.9 is 0.05."""
BANDS = 8
"""Each takes two values of either sketch: pairs of similarity 0.85 in both are found with probability 0.997."""
NEAR = 0.85
"""Estimated Jaccard similarity of word and word-pair sets, 0-1, from which two items are near."""

_FACTORS = np.array([derive("minhash factor", row) | 1 for row in range(ROWS)], dtype=np.uint64)
_TERMS = np.array([derive("minhash term", row) for row in range(ROWS)], dtype=np.uint64)
_PAIR = np.uint64(0x9E3779B97F4A7C15)
_BAND_FACTORS = tuple(int(factor) for factor in _FACTORS[:5])
_PAIR_VALUE, _CUT = int(_PAIR), (1 << 64) - 1
_CHUNK = 4096
"""Shingles hashed at once: bounds the memory of a long text."""


def shingles(texts: Iterable[str]) -> NDArray[np.uint64]:
    """Hashes of the words and word pairs of each text; shape (n,). Pairs do not cross from one text to the next."""
    found = []
    for text in texts:
        hashes = np.array([crc32(word.encode()) for word in words(key(text))], dtype=np.uint64)
        found.append(hashes)
        if len(hashes) > 1:
            found.append((hashes[:-1] * _PAIR) ^ (hashes[1:] + np.uint64(1)))
    return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)


def sketch(hashes: NDArray[np.uint64]) -> Sketch:
    """MinHash of a set of shingles; shape (ROWS,). All ones for the empty set."""
    least = np.full(ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(hashes), _CHUNK):
        mixed = hashes[start : start + _CHUNK, None] * _FACTORS + _TERMS
        np.minimum(least, (mixed ^ (mixed >> np.uint64(31))).min(axis=0), out=least)
    return (least >> np.uint64(32)).astype(np.uint32)


def similarity(a: Sketch, b: Sketch) -> float:
    """Estimated Jaccard similarity, 0-1."""
    return float(np.mean(a == b))


# Words that open sentences: a capital there says nothing.
_OPENERS = frozenset(
    """a an the this that these those what which who whom whose when where why how is are was were do does did can could
    would will should may might must has have had if in on at by for from with of to as and or but not no yes there here
    it he she they we you i his her their our your its after before during while since because so then now today
    tomorrow yesterday each every all some any most many few several both either neither one two three four five six
    seven eight nine ten first second third last next finally however therefore thus hence given suppose consider read
    look listen find choose pick select name list count compute calculate determine answer question options option
    according based between among about over under up down out off let please true false only note""".split()
)
_NUMERAL = re.compile(r"-?\d+(?:[.,:/]\d+)*")
_CAPITAL = re.compile(r"(?<![\w])[A-ZÀ-ÖØ-ÞА-Я][\w'’-]*")


_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def salient(text: str) -> list[str]:
    """The numbers (in digits or words) and names of each sentence in order; sentences sorted.

    `Ann pays Bob` differs from `Bob pays Ann`, and two sentences may change places.
    """
    return sorted(filter(None, map(_marks, _SENTENCE.split(visible(text)))))


def _marks(shown: str) -> str:
    found = [numeral.replace(",", "") for numeral in _NUMERAL.findall(shown)]
    found += [f"{amount.value:g}" for amount in number_words(shown.lower())]
    found += [name for name in _CAPITAL.findall(shown) if name.lower() not in _OPENERS]
    return " ".join(found)


def fingerprint(parts: Iterable[str]) -> int:
    """A 63-bit hash of texts in order."""
    return derive(*parts)


class NearIndex:
    """Sketches of what was added, found again by banded hashing. Under 500 bytes an entry; search in constant time."""

    def __init__(self, near: float = NEAR) -> None:
        """`near`: estimated similarity of both sketches, 0-1, from which an entry is near."""
        self._near = near
        self._sketches = np.empty((64, 2 * ROWS), dtype=np.uint32)
        self._keys = array("Q", bytes(8 * 1024))
        self._entries = array("i", [-1]) * 1024
        self._used = 0
        self.size = 0
        self.comparisons = 0
        """Sketch pairs compared so far."""

    def find(self, guard: int, asked: Sketch, shown: Sketch) -> int | None:
        """Number of an added entry with the same guard and near sketches; None when there is none."""
        return next(self.near(guard, asked, shown), None)

    def near(self, guard: int, asked: Sketch, shown: Sketch) -> Iterator[int]:
        """Numbers of added entries with the same guard and near sketches, one a band at most."""
        seen: set[int] = set()
        for band in self._bands(guard, asked, shown):
            entry = self._entries[self._slot(band)]
            if entry < 0 or entry in seen:
                continue
            seen.add(entry)
            self.comparisons += 1
            kept = self._sketches[entry]
            if similarity(kept[:ROWS], asked) >= self._near and similarity(kept[ROWS:], shown) >= self._near:
                yield entry

    def add(self, guard: int, asked: Sketch, shown: Sketch) -> int:
        """Keep an entry; its number. A band that is taken keeps its first entry."""
        if self.size == len(self._sketches):
            self._sketches = np.concatenate([self._sketches, np.empty_like(self._sketches)])
        self._sketches[self.size, :ROWS] = asked
        self._sketches[self.size, ROWS:] = shown
        for band in self._bands(guard, asked, shown):
            self._put(band, self.size)
        self.size += 1
        return self.size - 1

    def _bands(self, guard: int, asked: Sketch, shown: Sketch) -> Sequence[int]:
        # Plain integers, cut to 64 bits: for so few numbers five times as fast as arrays.
        a, b, c, d, last = _BAND_FACTORS
        left, right = asked[: 2 * BANDS].tolist(), shown[: 2 * BANDS].tolist()
        found = []
        for band in range(BANDS):
            at = 2 * band
            mixed = left[at] * a + left[at + 1] * b + right[at] * c + right[at + 1] * d
            hashed = (mixed * _PAIR_VALUE & _CUT) ^ (guard + band & _CUT)
            found.append(hashed * last & _CUT | 1)  # zero marks a free slot
        return found

    def _slot(self, band: int) -> int:
        """The slot that holds the band, or the free one where it would go (linear probing)."""
        mask = len(self._keys) - 1
        slot = (band >> 17) & mask
        while self._keys[slot] not in (0, band):
            slot = (slot + 1) & mask
        return slot

    def _put(self, band: int, entry: int) -> None:
        if 2 * (self._used + 1) > len(self._keys):
            self._grow()
        slot = self._slot(band)
        if self._keys[slot] == 0:
            self._keys[slot], self._entries[slot] = band, entry
            self._used += 1

    def _grow(self) -> None:
        keys, entries = self._keys, self._entries
        self._keys = array("Q", bytes(16 * len(keys)))
        self._entries = array("i", [-1]) * (2 * len(keys))
        for band, entry in zip(keys, entries, strict=True):
            if band:
                slot = self._slot(band)
                self._keys[slot], self._entries[slot] = band, entry
