"""Scorers of letter answers: one right option, or several."""

import re

from benchmark_agent.answers import AnswerKey, Score
from benchmark_agent.content import AnswerKind
from benchmark_agent.evaluation.scorers.replies import (
    clean,
    judged,
    named_options,
    option_said,
    rest_of_statement,
    sentences,
    statements,
    unparsed,
)

_CYRILLIC = str.maketrans("АВСЕасе", "ABCEace")
_ALONE = re.compile(
    r"^\W{0,9}(?:(?:option|choice|answer|letter)\s?:?\s?)?[\"'(\[{<]{0,4}([A-Za-z])\W{0,9}$", re.IGNORECASE
)
# A letter marked as one: bracketed, or with a full stop, colon or bracket behind it.
_MARKED = re.compile(
    r"[(\[]([A-Z])[)\]]|(?<![\w'(\[])([A-Z])(?:[.):](?=\s|$)|\)|\s+[-–—]\s)|\b(?:[Oo]ption|[Cc]hoice)\s+([A-Z])\b"
)
_START = re.compile(
    r"""^["'(\[<\s]{0,6}(?:the\s+)?(?:option|choice|answer|letter)?\s?["'(\[<]{0,4}([A-Za-z])["')\]>]{0,4}
        (?=$|\s*[.:,;!?()\[\]"'-]|\s+(?:because|since|as|is|which|for|due|or|and)\b|[\u3000-\u9fff])""",
    re.IGNORECASE | re.VERBOSE,
)
_RIGHT = re.compile(
    r"""(?:\b(?:option|choice|answer)\s+)?[(\[]?(?<![\w'])([A-Z])[)\]]?\s+
        (?:is|seems|looks|appears|must\s+be|would\s+be|has\s+to\s+be)\s+(?:to\s+be\s+)?(?:therefore\s+|clearly\s+)?(?:the\s+)?
        (?:most\s+|only\s+)?(?:likely\s+|plausible\s+)?(?:correct|right|best|true|answer|accurate|fitting)""",
    re.VERBOSE,
)
_SECOND = re.compile(
    r"^[)\]\"']*\s*(?:or|and|/|,|&|\+|或|和)\s*(?:either\s+|option\s+|choice\s+)?[(\[]?([A-Z])(?![A-Za-z'])"
)
_LINE_LETTER = re.compile(r"^\W*([A-Z])(?:[.):](?=\s|$)|\)|\s+[-–—]\s|\s*$)", re.MULTILINE)
_CONCLUDES = re.compile(r"\b(?:so|therefore|thus|hence|conclusion|overall|finally)\b|所以|因此", re.IGNORECASE)
_WRONG_MARK = re.compile(r"\b(?:not|isn't|wrong|incorrect|false|eliminate|rule out|except|neither)\W*$", re.IGNORECASE)


def letters(count: int) -> str:
    """`ABCD` for four options."""
    return "".join(chr(ord("A") + index) for index in range(count))


class _Ambiguous(Exception):
    """The reply names several options as its answer."""


def _index(letter: str, count: int) -> int | None:
    index = ord(letter.upper()) - ord("A")
    return index if index < count else None


def _stated(tail: str, options: tuple[str, ...]) -> int | None:
    """The option a final statement names: its letter first, else its text.

    Raises:
        _Ambiguous: when it names several.
    """
    found = _START.match(tail)
    if found and (found.group(1).isupper() or not tail[found.end() :].startswith(" ")):
        letter = _index(found.group(1), len(options))
        second = _SECOND.match(tail[found.end() :])
        if second and letter is not None and _index(second.group(1), len(options)) not in (None, letter):
            raise _Ambiguous
        if letter is not None:
            return letter
    said = option_said(tail, options)
    if said is not None:
        return said
    named = named_options(tail, options)
    if len(named) > 1:
        raise _Ambiguous
    if named:
        return named[0]
    marked = _marked(tail, len(options))
    return marked[0] if len(marked) == 1 else None


def _marked(text: str, count: int) -> list[int]:
    """Options whose marked letter stands in the text and is not called wrong, in order of first mention."""
    found: dict[int, None] = {}
    for mark in _MARKED.finditer(text):
        index = _index(mark.group(1) or mark.group(2) or mark.group(3), count)
        if index is not None and not _WRONG_MARK.search(text[max(0, mark.start() - 24) : mark.start()]):
            found[index] = None
    return list(found)


def _by_line(text: str, options: tuple[str, ...]) -> int | None:
    """One option opens the reply (`B) ... because`), or closes it on a line of its own."""
    lines = [line for line in text.splitlines() if line.strip()]
    opened = {
        index for mark in _LINE_LETTER.finditer(text) if (index := _index(mark.group(1), len(options))) is not None
    }
    for line in (lines[0], lines[-1]):
        mark = _ALONE.match(line)
        index = _index(mark.group(1), len(options)) if mark else option_said(line, options)
        if index is not None:
            return index
    return opened.pop() if len(opened) == 1 and _LINE_LETTER.match(lines[0]) else None


def _in_prose(text: str, options: tuple[str, ...]) -> int | None:
    """The one option the prose settles on.

    Raises:
        _Ambiguous: when it names several and does not settle.
    """
    said = sentences(text)
    right = {index for mark in _RIGHT.finditer(text) if (index := _index(mark.group(1), len(options))) is not None}
    if len(right) == 1:
        return right.pop()
    marked = _marked(text, len(options))
    if len(marked) == 1:
        return marked[0]
    long_text = len(text.split()) > 12
    concluded = list(_CONCLUDES.finditer(said[-1]))
    last = [said[-1][concluded[-1].end() :]] if concluded else [] if long_text or marked else said[-1:]
    for scope in (*last, *([" ".join(said)] if len(marked) == 0 else [])):
        # A bare number or word of two letters turns up in any reasoning: it counts in the conclusion only.
        named = named_options(scope, options, shortest=3 if long_text and scope not in last else 1)
        if len(named) == 1:
            return named[0]
        if not named and len(_marked(scope, len(options))) == 1:
            return _marked(scope, len(options))[0]
    if marked or len(named_options(text, options)) > 1:
        raise _Ambiguous
    return None


def chosen(text: str, options: tuple[str, ...]) -> int | None:
    """Index of the option a cleaned reply chooses; None when it names none.

    Raises:
        _Ambiguous: when it names several.
    """
    if mark := _ALONE.match(text):
        return _index(mark.group(1), len(options))
    said = option_said(text, options)
    if said is not None:
        return said
    for tail in statements(text):
        index = _stated(tail, options)
        if index is not None:
            return index
    index = _by_line(text, options)
    if index is None:
        first = _START.match(text)
        if first and first.group(1).isupper() and not _SECOND.match(text[first.end() :]):
            marked = _marked(text, len(options))
            index = _index(first.group(1), len(options)) if len(marked) <= 1 else None
    return _in_prose(text, options) if index is None else index


class Choice:
    """One right option. The letter wins over the text where an option's text is itself a letter."""

    name = "choice"
    answer_kinds: tuple[AnswerKind, ...] = ("choice",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        if not text:
            return unparsed(text, "")
        if not text.isascii():
            text = re.sub(r"(?<![^\W\d_])[АВСЕасе](?![^\W\d_])", lambda found: found.group().translate(_CYRILLIC), text)
        try:
            index = chosen(text, key.options)
        except _Ambiguous:
            return Score(value=0, outcome="unparsable", reason="the reply names several options and settles on none")
        if index is None:
            return unparsed(text, "the reply names none of the options")
        letter = letters(index + 1)[-1]
        return judged(letter == key.answer.upper(), letter)


_SEPARATORS = re.compile(r"[\s,;/&+、]+")
_LIST_WORDS = frozenset({"and", "both", "y", "et", "und", "和", "option", "options", "letters", "answers", "choices"})
_COMPACT = re.compile(r"^\W*([A-Z]{2,})\W*$")
_LISTED = re.compile(r"(?<![\w'])([A-Z](?:\s*,\s*[A-Z])*\s*,?\s+(?:and|&)\s+[A-Z])(?![\w'])")
_NONE = re.compile(r"^\W*(?:none|no option|none of (?:the|these)\b.*)\W*$", re.IGNORECASE)


def _letters_of(text: str, count: int) -> frozenset[int] | None:
    """The options a list of letters names; None when the text is not one."""
    if len(text) > 200:
        return None
    found = _COMPACT.match(text)
    listed = (word.strip("\"'()[]{}.:!") for word in _SEPARATORS.split(text))
    signs = list(found.group(1)) if found else [word for word in listed if word and word.lower() not in _LIST_WORDS]
    if not signs or not all(len(sign) == 1 and "A" <= sign <= "Z" for sign in signs):
        return None
    indexes = [_index(sign, count) for sign in signs]
    return None if None in indexes or len(set(signs)) < len(signs) else frozenset(i for i in indexes if i is not None)


def _several(text: str, options: tuple[str, ...]) -> frozenset[int] | None:
    said = option_said(text, options)
    if said is not None:
        return frozenset({said})
    named = _letters_of(text, len(options))
    if named is not None:
        return named
    if len(said_together := _LISTED.findall(text)) == 1:
        return _letters_of(said_together[0], len(options))
    marked = frozenset(_marked(text, len(options)))
    return marked or frozenset(named_options(text, options)) or None


def _lines_below(text: str, count: int) -> frozenset[int]:
    """The options that open the lines of a final statement: `The correct options are:`, then one a line."""
    found: set[int] = set()
    for line in (rest_of_statement(text) or "").splitlines():
        mark = _LINE_LETTER.match(line)
        if not mark and (line.strip() or found):
            break
        index = _index(mark.group(1), count) if mark else None
        found |= {index} if index is not None else set()
    return frozenset(found)


def chosen_set(text: str, options: tuple[str, ...]) -> frozenset[int] | None:
    """Indexes of the options a cleaned reply chooses; None when it names none."""
    if _NONE.match(text):
        return frozenset()
    lines = [line for line in text.splitlines() if line.strip()]
    below = _lines_below(text, len(options))
    if len(below) > 1:
        return below
    for part in (text, *statements(text), lines[-1], lines[0]):
        named = _letters_of(part, len(options))
        if named is not None:
            return named
    for tail in statements(text):
        several = _several(tail, options)
        if several:
            return several
    return _several(text, options)


class MultiChoice:
    """Several right options: right only when exactly those are named; there is no partial credit."""

    name = "multi_choice"
    answer_kinds: tuple[AnswerKind, ...] = ("multi_choice",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        if not text:
            return unparsed(text, "")
        named = chosen_set(text, key.options)
        if named is None:
            return unparsed(text, "the reply names none of the options")
        parsed = "".join(letters(index + 1)[-1] for index in sorted(named))
        return judged(parsed == "".join(sorted(key.answer.upper())), parsed)
