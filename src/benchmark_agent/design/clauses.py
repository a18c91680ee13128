"""The clauses of a goal: list items, what stands before a colon, sentences."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from benchmark_agent.content import Modality
from benchmark_agent.design.catalogue import goal_words
from benchmark_agent.design.goal import UNSPACED, Span
from benchmark_agent.lexical import fold


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of the goal that asks for one thing."""

    span: Span
    sentence: int
    head: bool
    """It stands before a colon: its skills are asked of what follows."""
    modalities: tuple[Modality, ...] = ()
    """How its own data must be shown; empty when it does not say, or says it of the whole goal."""

    def holds(self, span: Span) -> bool:
        return self.span[0] <= span[0] < self.span[1]


def _either(words: Iterable[str]) -> str:
    folded = [fold(word) for word in words]
    alone = "|".join(re.escape(word) for word in folded if not UNSPACED.match(word))
    return "|".join([rf"(?<!\w)(?:{alone})(?!\w)", *(re.escape(word) for word in folded if UNSPACED.match(word))])


@cache
def _cuts() -> re.Pattern[str]:
    words = _either(goal_words().conjunctions)
    return re.compile(
        rf"(?P<end>[.!?](?=\s|$)|[。؟।])|(?P<colon>(?<!\d):(?!\d)|\s[—–-]\s)|(?P<comma>[,;、،؛()&])|(?P<word>{words})"
    )


def split(text: str, solid: Sequence[Span]) -> tuple[Clause, ...]:
    """Clauses of a folded goal, in order. A conjunction inside one of the `solid` spans joins what is one thing."""
    pieces: list[tuple[Span, int]] = []
    colons: dict[int, int] = {}
    start = sentence = 0
    for cut in _cuts().finditer(text):
        if cut.lastgroup == "word" and any(s[0] < cut.end() and cut.start() < s[1] for s in solid):
            continue
        pieces.append(((start, cut.start()), sentence))
        if cut.lastgroup == "colon":
            colons.setdefault(sentence, cut.start())
        start, sentence = cut.end(), sentence + (cut.lastgroup == "end")
    pieces.append(((start, len(text)), sentence))
    return tuple(
        Clause(span, number, span[1] <= colons.get(number, -1)) for span, number in pieces if text[slice(*span)].strip()
    )


@cache
def _of_everything() -> re.Pattern[str]:
    return re.compile(rf"^\s*(?:{_either(goal_words().breaks)})|{_either(goal_words().only)}")


def is_remark(clause: Clause, text: str) -> bool:
    """Whether a clause about nothing but pictures or sound speaks of the whole goal: `with images`, `images only`."""
    return bool(_of_everything().search(text[slice(*clause.span)]))
