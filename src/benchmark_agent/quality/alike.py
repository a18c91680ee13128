"""How alike items are by what they show: cosines of words and media, near-duplicates, and the Vendi score."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.sparse import csr_array
from scipy.special import stdtrit

from benchmark_agent.quality.arrays import LEVEL, Flags, Floats, Ints, codes_of, generator
from benchmark_agent.quality.intervals import Estimate
from benchmark_agent.similarity import NEAR, shingles

SAMPLE = 1000
"""Items that pairs are made of at most: eigenvalues of 1,000 items take 0.2 s, of 5,000 a minute."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an item shows, as sets."""

    asked: frozenset[str]
    """Terms of the question and the options."""
    texts: frozenset[str]
    """Terms of its passages."""
    media: frozenset[str]
    """Digests of its pictures and sounds: two of them are the same or have nothing in common."""


def vectors(shown: Sequence[Shown]) -> csr_array:
    """Unit vectors (items, terms and media): what is asked, the texts and the media weigh alike where there are any.

    Words are there or not, without weights learned from the set, so that two sets can be compared.
    """
    places: dict[tuple[str, str], int] = {}
    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    for each in shown:
        kinds = [(kind, found) for kind in ("asked", "texts", "media") if (found := getattr(each, kind))]
        for kind, found in kinds:
            columns += [places.setdefault((kind, term), len(places)) for term in sorted(found)]
            values += [1 / sqrt(len(found) * len(kinds))] * len(found)
        starts.append(len(columns))
    return csr_array((values, columns, starts), shape=(len(shown), max(1, len(places))))


def sampled(items: int, seed: int) -> Ints:
    """All places, or `SAMPLE` of them, in order."""
    if items <= SAMPLE:
        return np.arange(items, dtype=np.int64)
    return np.sort(generator(seed, "variety", items).choice(items, SAMPLE, replace=False)).astype(np.int64)


def cosines(matrix: csr_array) -> Floats:
    """(items, items) cosines of unit vectors, 0-1."""
    return np.asarray((matrix @ matrix.T).toarray(), dtype=np.float64)


def mean_similarity(matrix: csr_array, clusters: Ints) -> Estimate:
    """Mean cosine over pairs of items, with a delete-one-source jackknife interval.

    Source: Efron and Stein 1981, Annals of Statistics 9(3); deleting whole clusters as they share their words.
    """
    items, codes = matrix.shape[0], codes_of(clusters, matrix.shape[0])
    groups = int(codes.max()) + 1 if items else 0
    if items < 2:
        return Estimate(float("nan"), 0.0, 1.0, items, groups)
    table = cosines(matrix)
    np.fill_diagonal(table, 0)
    total = table.sum()
    value = min(1.0, float(total / (items * (items - 1))))
    member = csr_array((np.ones(items), (codes, np.arange(items))), shape=(groups, items))
    joined = np.asarray(member @ table)
    within = np.bincount(codes, weights=joined[codes, np.arange(items)], minlength=groups)
    left = items - np.bincount(codes, minlength=groups)
    if groups < 2 or (left < 2).any():
        return Estimate(value, 0.0, 1.0, items, groups)
    without = (total - 2 * joined.sum(axis=1) + within) / (left * (left - 1))
    error = sqrt((groups - 1) / groups * float(((without - without.mean()) ** 2).sum()))
    half = float(stdtrit(groups - 1, (1 + LEVEL) / 2)) * error
    return Estimate(value, max(0.0, value - half), min(1.0, value + half), items, groups)


def vendi(matrix: csr_array) -> float:
    """The Vendi score: how many items of nothing in common are as various as these, 1 to their number.

    The exponential of the entropy of the eigenvalues of the cosines over the number of items.
    Source: Friedman and Dieng 2023, TMLR, arXiv 2210.02410.
    """
    items = matrix.shape[0]
    if not items:
        return float("nan")
    values = np.linalg.eigvalsh(cosines(matrix) / items)
    values = values[values > 1e-12]
    return float(np.exp(-(values * np.log(values)).sum()))


def near_pairs(texts: Sequence[tuple[str, str]], guards: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of items with the same guard, near in what they ask and in their passages, in order.

    Near: Jaccard similarity of words and word pairs from `similarity.NEAR`; the build estimates the same.
    """
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place, guard in enumerate(guards):
        groups[guard].append(place)
    found = []
    for places in groups.values():
        if len(places) < 2:
            continue
        sides = [_presence([frozenset(shingles([texts[place][side]]).tolist()) for place in places]) for side in (0, 1)]
        for start in range(0, len(places), SAMPLE):  # bounds the memory of large groups
            near = _near(sides[0], start) & _near(sides[1], start)
            for one, two in np.argwhere(np.triu(near, start + 1)).tolist():
                found.append((places[start + one], places[two]))
    return sorted(found)


def _presence(sets: Sequence[frozenset[int]]) -> csr_array:
    """(sets, elements): 1 where the set has the element."""
    places: dict[int, int] = {}
    columns = [places.setdefault(each, len(places)) for one in sets for each in sorted(one)]
    starts = np.cumsum([0, *map(len, sets)])
    return csr_array((np.ones(len(columns)), columns, starts), shape=(len(sets), max(1, len(places))))


def _near(sets: csr_array, start: int) -> Flags:
    """(block, sets): whether each set of a block is near each set; two empty sets are."""
    block = sets[start : start + SAMPLE]
    shared = np.asarray((block @ sets.T).toarray())
    together = np.asarray(block.sum(axis=1))[:, None] + np.asarray(sets.sum(axis=1))[None, :] - shared
    return np.asarray(shared >= NEAR * together)
