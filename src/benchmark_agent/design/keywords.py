"""Finding keywords in a goal: every word of a phrase near each other, inflection and compounds forgiven."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmark_agent.design.goal import UNSPACED, Span, Token
from benchmark_agent.lexical import fold, terms

_SLACK = 2
"""Other content words that may stand between the words of a keyword."""
_NEAR = 0.8
"""Factor on the weight of a term that is only alike."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A keyword found in a goal."""

    phrase: str
    spans: tuple[Span, ...]
    weight: float
    """How telling the keyword is: inverse document frequency times its length in words."""

    def inside(self, other: "Hit") -> bool:
        """Whether the other keyword covers all of this one, and more."""
        covered = all(any(o[0] <= s[0] and s[1] <= o[1] for o in other.spans) for s in self.spans)
        return covered and length(other.spans) > length(self.spans)


def length(spans: Iterable[Span]) -> int:
    """Characters covered by disjoint spans."""
    return sum(end - start for start, end in spans)


def alike(one: str, other: str) -> bool:
    """Whether two terms are probably forms of one word: they begin alike, and one may be part of a compound."""
    short, long = sorted((one, other), key=len)
    if len(short) < 5 or UNSPACED.search(long):
        return False
    same = next((k for k, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if same >= 6 and same >= 0.7 * len(long) and len(long) - len(short) <= 3:
        return True
    return len(long) >= 9 and len(short) >= 6 and long.startswith(short)


class KeywordIndex:
    """Keywords of many owners (capabilities, subjects), found together."""

    def __init__(self, keywords: Sequence[tuple[str, str]]) -> None:
        """`keywords`: pairs of owner and phrase."""
        owners: defaultdict[str, set[str]] = defaultdict(set)
        self._spaced: defaultdict[str, list[tuple[str, str, tuple[str, ...]]]] = defaultdict(list)
        self._verbatim: list[tuple[str, str, tuple[str, ...]]] = []
        """Unspaced keywords, and those made of small words: `who said what`, `what if`."""
        for owner, phrase in keywords:
            found = tuple(dict.fromkeys(terms(phrase)))
            for term in found:
                owners[term].add(owner)
            if UNSPACED.search(phrase) or len(found) <= 1 < len(phrase.split()):
                self._verbatim.append((owner, fold(phrase), found))
            elif found:
                self._spaced[found[0]].append((owner, phrase, found))
        every = len({owner for owner, _ in keywords})
        self._idf = {term: math.log(1 + every / len(of)) for term, of in owners.items()}

    def hits(self, tokens: Sequence[Token], text: str) -> dict[str, list[Hit]]:
        """Every keyword that stands in the goal, by owner. `text` is the folded goal the tokens point into."""
        forms = [self._forms(token) for token in tokens]
        found: defaultdict[str, list[Hit]] = defaultdict(list)
        for at, here in enumerate(forms):
            for term in here:
                for owner, phrase, wanted in self._spaced.get(term, ()):
                    hit = self._near(at, wanted, tokens, forms, phrase)
                    if hit:
                        found[owner].append(hit)
        for owner, phrase, rest in self._verbatim:
            found[owner] += self._standing(phrase, rest, text, tokens)
        return {owner: hits for owner, hits in sorted(found.items()) if hits}

    def _forms(self, token: Token) -> dict[str, float]:
        """The token's term and what in the vocabulary is alike, with a factor each."""
        if token.term in self._idf or token.unspaced:
            return {token.term: 1.0}
        return {term: _NEAR for term in sorted(self._idf) if alike(token.term, term)}

    def _near(
        self, at: int, wanted: tuple[str, ...], tokens: Sequence[Token], forms: Sequence[dict[str, float]], phrase: str
    ) -> Hit | None:
        reach = range(max(0, at - len(wanted) - _SLACK + 1), min(len(tokens), at + len(wanted) + _SLACK))
        spans, weight = [], 0.0
        for term in wanted:
            place = min((k for k in reach if term in forms[k]), key=lambda k: (abs(k - at), k), default=None)
            if place is None:
                return None
            spans.append(tokens[place].span)
            weight += self._idf[term] * forms[place][term]
        if max(s[0] for s in spans) - min(s[0] for s in spans) > 60:
            return None
        return Hit(phrase, tuple(sorted(set(spans))), weight)

    def _standing(self, phrase: str, rest: tuple[str, ...], text: str, tokens: Sequence[Token]) -> list[Hit]:
        """Where the phrase stands in the text as it is, outside what was read as a wish."""
        hits = []
        at = text.find(phrase)
        while at >= 0:
            end = at + len(phrase)
            bare = not rest or any(at <= token.span[0] < end for token in tokens)
            if bare and not _glued(text, at, end):
                rarity = sum(self._idf[term] for term in rest) / len(rest) if rest else 2.0
                words = len(phrase) / 2 if UNSPACED.search(phrase) else len(phrase.split()) / 2
                hits.append(Hit(phrase, ((at, end),), rarity * max(1.0, words)))
            at = text.find(phrase, end)
        return hits


def _glued(text: str, start: int, end: int) -> bool:
    """Whether a spaced phrase goes on as a longer word, or a single Chinese character stands in a run of them."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if UNSPACED.match(text[start]):
        return end - start == 1 and (_han(before) or _han(after))
    return bool(re.match(r"\w", before)) or bool(re.match(r"\w", after))


def _han(letter: str) -> bool:
    return bool(letter) and "\u3400" <= letter <= "\u9fff"


def score(hits: Sequence[Hit]) -> float:
    """Sum over the words covered of the best keyword that covers each; a nested keyword counts once."""
    credit: dict[Span, float] = {}
    for hit in sorted(hits, key=lambda h: (-h.weight, h.phrase)):
        if any(hit.inside(other) for other in hits):
            continue
        for span in hit.spans:
            if not any(o[0] <= span[0] and span[1] <= o[1] for o in credit):
                credit[span] = hit.weight / len(hit.spans)
    return sum(credit.values())
