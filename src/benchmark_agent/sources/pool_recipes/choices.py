"""Texts that are plainly different, for options that can be told apart."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from benchmark_agent.lexical import terms
from benchmark_agent.seeds import rng

T = TypeVar("T")
_ALIKE = 0.4
"""Share of common words (Jaccard) from which two texts may mean the same, 0-1."""
OPTIONS = 4


def plainly_different(things: Iterable[T], text_of: Callable[[T], str]) -> Iterator[T]:
    """The things whose text shares few words with those before it; the first of several that are alike stays."""
    kept: list[frozenset[str]] = []
    for thing in things:
        words = frozenset(terms(text_of(thing)))
        if words and all(len(words & other) <= _ALIKE * len(words | other) for other in kept):
            kept.append(words)
            yield thing


def among(gold: str, others: Sequence[str], *key: str) -> list[str]:
    """The gold and three others in an order drawn for `key`; empty when there are too few."""
    wrong = list(dict.fromkeys(other for other in others if other != gold))
    if len(wrong) < OPTIONS - 1:
        return []
    random = rng("pool-recipe", *key)
    options = [gold, *random.sample(wrong, OPTIONS - 1)]
    random.shuffle(options)
    return options
