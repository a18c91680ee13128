"""Near-duplicates of many texts in linear time: MinHash (Broder 1997), banded (Indyk and Motwani 1998)."""

import re
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 64
BAND = 4
"""Hashes of a band. Texts that share 0.5 of their shingles meet with probability 0.64; 0.8 with 0.9998."""
_SHINGLE = 5
_LONGEST = 1500
_MULTIPLIERS = (np.arange(1, PERMUTATIONS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
_NAMED = re.compile(r"\d+(?:[.,]\d+)*|(?<=[^.!?\n] )[A-Z][\w'-]+|\b[A-Z]{2,}\b|\"[^\"]{1,40}\"")
_TURNS = re.compile(
    r"\b(?:and|or|both|either|neither|all|any|every|if|unless|only|many|not|no|never|none|without|except|least|most"
    r"|more|less|before|after|above|below|left|right|first|last|older|younger|newer|larger|smaller|taller|shorter"
    r"|higher|lower|north|south|east|west|true|false|cause|effect|help|harm)\b|n't\b",
    re.IGNORECASE,
)
"""Words that turn what a sentence says."""


def signature(text: str) -> NDArray[np.uint64]:
    """MinHash of the text's character 5-grams. Shape (64,)."""
    data = np.frombuffer(" ".join(text.lower().split())[:_LONGEST].encode(), dtype=np.uint8).astype(np.uint64)
    if len(data) < _SHINGLE:
        data = np.pad(data, (0, _SHINGLE - len(data)))
    count = len(data) - _SHINGLE + 1
    grams = np.zeros(count, dtype=np.uint64)
    for offset in range(_SHINGLE):
        grams = (grams * np.uint64(257)) + data[offset : offset + count]
    grams = np.unique(grams)
    mixed = (grams[None, :] ^ (grams[None, :] >> np.uint64(15))) * _MULTIPLIERS[:, None]
    return cast(NDArray[np.uint64], (mixed ^ (mixed >> np.uint64(31))).min(axis=1))


def similarity(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    """Estimated share of common shingles, 0-1."""
    return float((a == b).mean())


def values_named(text: str) -> tuple[str, ...]:
    """Numbers, names and turning words, in order: texts that differ in these say different things."""
    return (*_NAMED.findall(text), *(word.lower() for word in _TURNS.findall(text)))


def near_pairs(
    signatures: Sequence[NDArray[np.uint64]], guards: Sequence[tuple[str, ...]], least: float
) -> list[tuple[int, int]]:
    """Pairs (earlier, later) at least so similar and with equal guards, each later text with one earlier one.

    A text is compared with the first and the last text of each bucket only: linear in the number of texts.
    """
    first: dict[tuple[int, int, bytes], int] = {}
    last: dict[tuple[int, int, bytes], int] = {}
    numbers: dict[tuple[str, ...], int] = {}
    pairs: list[tuple[int, int]] = []
    for index, mark in enumerate(signatures):
        partner: int | None = None
        guard = numbers.setdefault(guards[index], len(numbers))
        for band in range(PERMUTATIONS // BAND):
            key = (guard, band, mark[band * BAND : (band + 1) * BAND].tobytes())
            for held in (first.get(key), last.get(key)):
                if partner is None and held is not None and similarity(signatures[held], mark) >= least:
                    partner = held
            first.setdefault(key, index)
            last[key] = index
        if partner is not None:
            pairs.append((partner, index))
    return pairs
