"""Splitters: what one string holds besides plain text (options, question, context, turns, triples).

A field's `parse` is a chain of `splitter.part` joined by `|`: `letter_options.stem|last_sentence.question` takes the
text before the options, and of that the last sentence.
"""

import ast
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from benchmark_agent.content import Turn

Piece = str | tuple[str, ...] | tuple[Turn, ...]
Splitter = Callable[[str], Mapping[str, Piece] | None]

_PAREN_MARK = re.compile(r"(?:^|(?<=\s))\(([A-Z])\)[ \t]*")
_LINE_MARK = re.compile(r"(?:^|\n)[ \t]*([A-Z])[.):][ \t]+")
_HEADING = re.compile(r"\s*\b(?:answer\s+)?(?:options|choices)\s*:?\s*$", re.IGNORECASE)
_TAIL = re.compile(r"\n\s*\n.*|\n\s*(?:the\s+)?answer\s*(?:is)?\s*:?.*", re.IGNORECASE | re.DOTALL)
_BULLETS = re.compile(r"\b(?:options|choices)\s*:\s*\n((?:[ \t]*[-*•][ \t]+[^\n]+(?:\n|$))+)\s*$", re.IGNORECASE)
_LISTED = re.compile(
    r"\s*(?:the\s+)?(?:candidate\s+|possible\s+|available\s+|answer\s+)*(?:choices|options|candidates)"
    r"(?:\s+are)?\s*:?\s*(?=\[)",
    re.IGNORECASE,
)
_CHOOSE = re.compile(
    r"\s*\b(?:choose|select|pick|answer\s+with)\s+(?:one\s+)?(?:from|of|between|among)(?:\s+the\s+following)?"
    r"(?:\s+options)?\s*:?\s*([^.?!\n]{3,200})[.?!]?",
    re.IGNORECASE,
)
_COMMA_LIST = re.compile(r"\s*,\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+")
_FORMAT = re.compile(
    r"\s*\b(?:provide|give|return|output|answer|respond)\s+(?:with\s+)?only\b[^.?!\n]*[.?!]?", re.IGNORECASE
)
_YES_NO = re.compile(
    r"[\s(\[]*\b(?:answer\s+)?(yes)(?:\s+or\s+|\s*/\s*)(no)\b[\s)\]]*[?.]?\s*$|^\s*answer\s+(yes)\s+or\s+(no)\s*[:.]",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"<<<\s*\w+\s*>>>")
_LABELLED = re.compile(
    r"(?:^|\n)[ \t]*(premise|hypothesis|passage|context|question|sentence ?[12]?|text ?[12]?|statement|claim|evidence"
    r"|document|article|story|paragraph|problem|query|code)[ \t]*:[ \t]*",
    re.IGNORECASE,
)
_ASKS = "what|which|who|whose|how|where|when|why|is|are|does|do|did|was|were|can|will"
_SENTENCE_END = re.compile(rf"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9]|(?:{_ASKS})\b)|\n+")
_SPEAKER_LINE = re.compile(r"(?:^|\n)[ \t]*([A-Z][\w.'’ -]{0,30}?)[ \t]*:[ \t]+")
_SPEAKER_INLINE = re.compile(r"(?:^|(?<=\s))([A-Z]|Speaker \d+|Man|Woman|Student|Teacher)[ \t]*:[ \t]*")
_TRIPLE = re.compile(r"\(?\s*([^=()]+?)\s*(?:\(\w+\))?\s*=>\s*([^=()]+?)\s*=>\s*([^=()]+?)\s*(?:\(\w+\)\)*|\)|$)")


def letter_options(text: str) -> Mapping[str, Piece] | None:
    """`... (A) red (B) blue`, or one option a line after `A.`, `A)` or `A:`."""
    for pattern in (_PAREN_MARK, _LINE_MARK):
        marks = list(pattern.finditer(text))
        first = max((i for i, mark in enumerate(marks) if mark[1] == "A"), default=len(marks))
        marks = marks[first:]
        if len(marks) < 2 or any(mark[1] != chr(65 + i) for i, mark in enumerate(marks)):
            continue
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        options = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
        options[-1] = _TAIL.sub("", options[-1]).strip()
        stem = text[: marks[0].start()].rstrip()
        return {"stem": (stem[:-40] + _HEADING.sub("", stem[-40:])).strip(), "options": tuple(options)}
    return None


def bullet_options(text: str) -> Mapping[str, Piece] | None:
    """`Options:` and one option a line after `-`."""
    found = _BULLETS.search(text)
    if not found:
        return None
    lines = [line.strip().lstrip("-*•").strip() for line in found[1].strip().splitlines()]
    return {"stem": text[: found.start()].strip(), "options": tuple(lines)} if len(lines) > 1 else None


def list_options(text: str) -> Mapping[str, Piece] | None:
    """`The candidate choices are ['a', 'b'].`"""
    found = _LISTED.search(text)
    if not found:
        return None
    end = text.find("]", found.end())
    while end >= 0:
        try:
            options = ast.literal_eval(text[found.end() : end + 1])
        except (ValueError, SyntaxError):
            end = text.find("]", end + 1)
            continue
        rest = text[end + 1 :].lstrip(". ")
        stem = f"{text[: found.start()].strip()} {rest}".strip()
        return {"stem": stem, "options": tuple(str(o).strip() for o in options)} if len(options) > 1 else None
    return None


def choose_from(text: str) -> Mapping[str, Piece] | None:
    """`Choose from: a, b, or c.`"""
    found = _CHOOSE.search(text)
    if not found:
        return None
    options = tuple(part.strip(" '\"`") for part in _COMMA_LIST.split(found[1].strip()))
    if len(options) < 2 or not all(options) or any(len(option.split()) > 6 for option in options):
        return None
    stem = _FORMAT.sub("", text[: found.start()] + " " + text[found.end() :])
    return {"stem": " ".join(stem.split()), "options": options}


def yes_no(text: str) -> Mapping[str, Piece] | None:
    """`Is it red? Yes or no?`"""
    found = _YES_NO.search(text)
    if not found:
        return None
    stem = (text[: found.start()] + text[found.end() :]).strip()
    return {"stem": stem, "options": ("yes", "no")} if stem else None


def template(text: str) -> Mapping[str, Piece] | None:
    """`<<<raw_text>>>. What is ...?`: a prompt with a hole for another field."""
    if not _PLACEHOLDER.search(text):
        return None
    return (
        {"instruction": _PLACEHOLDER.sub("", text).strip(" .:\n\t")} if _PLACEHOLDER.sub("", text).strip(" .") else None
    )


def labelled(text: str) -> Mapping[str, Piece] | None:
    """`Premise: ... Hypothesis: ...`, each at the start of a line."""
    marks = list(_LABELLED.finditer(text))
    names = [slug(mark[1]) for mark in marks]
    if len(marks) < 2 or len(set(names)) < len(names) or text[: marks[0].start()].strip():
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {name: text[mark.end() : end].strip() for name, mark, end in zip(names, marks, ends, strict=True)}


def last_sentence(text: str) -> Mapping[str, Piece] | None:
    """A passage, and the question (or unfinished sentence) it ends with."""
    body = text.rstrip()
    cuts = [(mark.start(), mark.end()) for mark in _SENTENCE_END.finditer(body, max(0, len(body) - 600))]
    if not cuts or not body[: cuts[-1][0]].strip():
        return None
    return {"context": body[: cuts[-1][0]].strip(), "question": body[cuts[-1][1] :].strip()}


def turns(text: str) -> Mapping[str, Piece] | None:
    """A conversation: `Ann: ...` one a line, or `A: ... B: ...` in one line."""
    for pattern in (_SPEAKER_LINE, _SPEAKER_INLINE):
        marks = list(pattern.finditer(text))
        if len(marks) < 2 or text[: marks[0].start()].strip() or len({mark[1] for mark in marks}) < 2:
            continue
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        said = tuple(
            Turn(speaker=mark[1].strip(), text=" ".join(text[mark.end() : end].split()))
            for mark, end in zip(marks, ends, strict=True)
        )
        return {"turns": tuple(turn for turn in said if turn.text)}
    return None


def triples(text: str) -> Mapping[str, Piece] | None:
    """`(Ann (PER) => per:friends => Bo (PER))`: one `subject => relation => object` an item."""
    found = _TRIPLE.findall(text)
    return {"items": tuple(" => ".join(part.strip() for part in triple) for triple in found)} if found else None


def slug(label: str) -> str:
    return re.sub(r"\W+", "_", label.strip().lower())


SPLITTERS: Mapping[str, Splitter] = {
    splitter.__name__: splitter
    for splitter in (
        letter_options, bullet_options, list_options, choose_from, yes_no,
        template, labelled, last_sentence, turns, triples,
    )
}  # fmt: skip
OPTION_SPLITTERS = ("letter_options", "bullet_options", "list_options", "choose_from", "yes_no")
"""Most specific first."""


@lru_cache(maxsize=128)
def _split(name: str, text: str) -> Mapping[str, Piece] | None:
    """The fields of one row share its splits."""
    return SPLITTERS[name](text)


def read(chain: str, text: str) -> Piece | None:
    """What the chain of splitters finds in `text`; None when it does not fit."""
    piece: Piece = text
    for step in chain.split("|"):
        name, _, part = step.partition(".")
        pieces = _split(name, piece) if isinstance(piece, str) else None
        found = pieces.get(part) if pieces else None
        if not found:
            return None
        piece = found
    return piece
