"""Scorers of answers with several parts: a list in any order, and an order. Offered by name."""

import json
import re
from collections.abc import Iterator, Sequence

from benchmark_agent.answers import AnswerKey, Score
from benchmark_agent.content import AnswerKind
from benchmark_agent.evaluation.scorers.replies import clean, rest_of_statement, statements, unparsed
from benchmark_agent.evaluation.scorers.spans import span_tokens
from benchmark_agent.quantities import same_value

_ARRAY = re.compile(r"\[[^\[\]]*\]")
_NUMBERED = re.compile(r"^\s*\(?(?:\d{1,2}[.)]|[a-z][.)])\s+", re.IGNORECASE)
_INLINE_NUMBERS = re.compile(r"(?:^|(?<=\s))\(?\d{1,2}[.)]\s+(?=\S)")
_ARROWS = re.compile(r"\s*(?:->|=>|→|⇒|➔|>(?=\s))\s*")
_CONJUNCTION = re.compile(r"\s*,?\s+(?:and|then|und|y|et)\s+|\s+&\s+", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:and|then|und|et|y|&|(?:first|second|third|next|last|finally|lastly)(?:ly)?[,:]?)\s+", re.IGNORECASE
)
_NONE = re.compile(r"^\W*(?:none|nothing|no items|empty|n/a|\[\s*\])\W*$", re.IGNORECASE)
_HEADING = re.compile(r":\s*$")
Parts = tuple[str, ...]


def parts_of_key(text: str) -> Parts:
    """The parts of an answer key: a line each, else split at semicolons, else at commas."""
    for sign in ("\n", ";", ","):
        if sign in text:
            return tuple(part.strip() for part in text.split(sign) if part.strip())
    return (text.strip(),)


def _same(said: str, wanted: str) -> bool:
    return span_tokens(said) == span_tokens(wanted) or same_value(said, wanted)


def _matched(said: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """For each part that is said, the wanted part it is, each taken once; -1 for none."""
    left = list(range(len(wanted)))
    found = []
    for part in said:
        index = next((i for i in left if _same(part, wanted[i])), -1)
        if index >= 0:
            left.remove(index)
        found.append(index)
    return found


def readings(text: str) -> Iterator[Parts]:
    """The lists a cleaned reply may mean, each with its parts in order: of its last final statement, where it has one.

    They differ only in what is taken to part the parts and in where the list ends.
    """
    rest = rest_of_statement(text)
    if rest is None:
        after = _after_last_heading(text)
        yield from (after,) if after else _lists(text)
        return
    line, _, _ = rest.partition("\n")
    paragraph, _, _ = rest.partition("\n\n")
    for scope in dict.fromkeys((next(statements(text), rest), line, paragraph, rest)):
        yield from _lists(scope)


def _after_last_heading(text: str) -> Parts:
    """The lines after the last line that ends in a colon (`In order:`), or all that are numbered."""
    lines = [line for line in text.splitlines() if line.strip()]
    heads = [n for n, line in enumerate(lines) if _HEADING.search(line)]
    below = lines[heads[-1] + 1 :] if heads else [line for line in lines if _NUMBERED.match(line)]
    return _bared(below) if len(below) > 1 or heads else ()


def _lists(text: str) -> Iterator[Parts]:
    if _NONE.match(text):
        yield ()
    if arrays := _ARRAY.findall(text):
        yield _array(arrays[-1])
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        yield _bared(lines)
        text = lines[-1]
    if len(found := _INLINE_NUMBERS.split(text)) > 2:
        yield _bared(found)
    for sign in (_ARROWS, re.compile(r"\s*;\s*"), re.compile(r"\s*[,、，]\s*")):
        if sign.search(text):
            parts = [part for part in sign.split(text) if part.strip()]
            yield _bared(parts)
            yield _bared([*parts[:-1], *_CONJUNCTION.split(parts[-1])] if parts else [])  # `a, b and c`
    yield _bared(_CONJUNCTION.split(text))


def _array(text: str) -> Parts:
    try:
        found = json.loads(text)
    except ValueError:
        return _bared(re.split(r"\s*[,;]\s*", text[1:-1]))
    return tuple(str(part) for part in found)


def _bared(parts: Sequence[str]) -> Parts:
    return tuple(_bare(part) for part in parts if part.strip())


def _bare(part: str) -> str:
    text = _NUMBERED.sub("", part.strip()).strip(" \t\"'.,;[]{}")
    return _LEADING.sub("", text).strip()


def _keys(key: AnswerKey) -> list[Parts]:
    return [parts_of_key(form) for form in (key.answer, *key.accepted)]


def _share(said: Parts, wanted: Parts) -> float:
    """F1 of the parts that are named, 0-1."""
    hits = sum(index >= 0 for index in _matched(said, wanted))
    return 2 * hits / (len(said) + len(wanted)) if said or wanted else 1.0


def _best(key: AnswerKey, text: str) -> tuple[Parts, Parts]:
    """The reading of the reply that names most parts, and the form of the answer it is nearest to."""
    pairs = [(said, wanted) for said in dict.fromkeys(readings(text)) for wanted in _keys(key)]
    return max(pairs, key=lambda pair: _share(*pair))


def _scored(value: float, said: Parts, reason: str) -> Score:
    shown = "; ".join(said)[:200]
    return Score(value=value, parsed=shown, outcome="right" if value == 1 else "wrong", reason=reason)


class Listed:
    """All of a list, in any order. Part of it scores the F1 of its parts."""

    name = "list"
    answer_kinds: tuple[AnswerKind, ...] = ("span",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        if not text:
            return unparsed(text, "")
        said, wanted = _best(key, text)
        value = _share(said, wanted)
        if value == 0 and (refused := unparsed(text, "")).outcome == "refusal":
            return refused
        if value == 0 and len(said) == 1 and len(said[0].split()) > 12:
            return unparsed(text, "the reply gives no list")
        missed = sum(index < 0 for index in _matched(wanted, said))
        wrong = sum(index < 0 for index in _matched(said, wanted))
        return _scored(value, said, "" if value == 1 else f"{missed} parts are missing, {wrong} are wrong")


class Ordered:
    """All parts of a list in their order. The right parts in another order score the share of pairs in order."""

    name = "order"
    answer_kinds: tuple[AnswerKind, ...] = ("span",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        if not text:
            return unparsed(text, "")
        said, wanted = _best(key, text)
        places = _matched(said, wanted)
        if _share(said, wanted) < 1:
            if all(place < 0 for place in places):
                return unparsed(text, "the reply names none of the parts")
            return _scored(0.0, said, "parts are missing, or others are named")
        pairs = [(a, b) for n, a in enumerate(places) for b in places[n + 1 :]]
        value = sum(a < b for a, b in pairs) / len(pairs) if pairs else 1.0
        return _scored(value, said, "" if value == 1 else f"{sum(a > b for a, b in pairs)} pairs are out of order")
