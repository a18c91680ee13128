"""Replies read by code: which answer a vote is for, and whether a quote stands in the evidence."""

import re

from benchmark_agent.answers import AnswerKey, Scorer
from benchmark_agent.content import Composed, Part, Text
from benchmark_agent.realization.types import Draft
from benchmark_agent.seeds import rng
from benchmark_agent.verification.checks.rule import is_special
from benchmark_agent.verification.proof.rules import Stand
from benchmark_agent.verification.verify import LETTERS, draft_key
from benchmark_agent.wording import key

LETTERED = ("choice", "multi_choice")
"""Kinds of answer that name options by letter."""
_NONE = re.compile(
    r"""\W*(?:(?:the\ answer\ is\ )?none(?:\ (?:of|is|are)\b.*)?|no\ (?:option|answer)\b.*|unknown|unanswerable
    |(?:it\ )?can(?:not|'t)\ be\ (?:answered|determined|decided|found|known)\b.*
    |not\ (?:given|stated|answerable|determinable|enough\ information)\b.*)\W*""",
    re.VERBOSE | re.DOTALL,
)
_SEVERAL = re.compile(r"\W*(?:several|more than one|two or more)\b.*", re.DOTALL)
# Not the article of "A lamp", nor the "I" of "I think".
_LONE_LETTER = re.compile(r"(?<![\w'])(?:[B-HJ-Z]|A(?!\s+(?!or\b|and\b)[a-z])|I(?!\s*[a-z']))(?![\w'])")
_SMALL_LETTERS = re.compile(r"[a-z](?:\W*[a-z])*\W*")
SHOWN = 80
"""Characters of an answer that a result repeats."""


def laid_out(draft: Draft, seed: int, reader: str, turn: int = 0) -> AnswerKey:
    """The item's options in the order one reader sees them, and its answer in that order.

    The order follows the content and the reader, never the job. Each `turn` of a reader has another order, where the
    options have more than one.
    """
    body = draft.body
    if body.answer_kind not in LETTERED or body.fixed_order:
        return draft_key(draft)
    options = list(body.options)
    rng("proof", seed, body.fingerprint(), reader).shuffle(options)
    options = options[turn % len(options) :] + options[: turn % len(options)]
    options.sort(key=is_special)  # "none of the above" stays below the others
    return draft_key(draft.model_copy(update={"body": body.model_copy(update={"options": tuple(options)})}))


def option_lines(kind: str, options: tuple[str, ...]) -> str:
    """The options as a reader sees them, one to a line, with letters where the answer is one."""
    if kind in LETTERED:
        return "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False))
    return "\n".join(options)


def stand_of(answer: str, shown: AnswerKey, scorer: Scorer, letters: Scorer) -> tuple[Stand, str]:
    """What an answer says of the gold, and the answer in words.

    Args:
        answer: as the model gave it.
        shown: the item as the model saw it.
        scorer: the item's own.
        letters: reads a list of letters.
    """
    scored = scorer(shown, answer)
    read = scored.parsed if scored.outcome in ("right", "wrong") else ""
    if scored.outcome == "right" and scored.value == 1:
        return "gold", in_words(read or answer, shown)
    if _NONE.fullmatch(key(answer)) and not any(key(option) == key(answer) for option in shown.options):
        offered = [option for option in shown.options if key(option).startswith("none")]
        return stand_of(offered[0], shown, scorer, letters) if len(offered) == 1 else ("none", "none")
    if read:
        return "other", in_words(read, shown)
    return _by_letters(answer, shown, letters)


def _by_letters(answer: str, shown: AnswerKey, letters: Scorer) -> tuple[Stand, str]:
    """An answer the item's scorer could not read: several letters, small letters, `several`, or no answer."""
    if _SEVERAL.fullmatch(key(answer)):
        return "several", "several"
    if shown.answer_kind in LETTERED:
        listed = answer.upper() if _SMALL_LETTERS.fullmatch(answer.strip()) else answer
        named = letters(shown.model_copy(update={"answer_kind": "multi_choice"}), listed).parsed
        if shown.answer_kind == "multi_choice" and named:
            return "gold" if named == shown.answer else "other", in_words(named, shown)
        if len(named) > 1:
            return "several", in_words(named, shown)
        lone = set(_LONE_LETTER.findall(answer))
        if len(lone) == 1 and lone <= set(LETTERS[: len(shown.options)]):
            letter = lone.pop()
            return "gold" if letter == shown.answer else "other", in_words(letter, shown)
    return "silent", f"unreadable answer {shorten(answer)}"


def in_words(read: str, shown: AnswerKey) -> str:
    """An answer for people: the options behind its letters, which differ from reader to reader."""
    if shown.answer_kind in LETTERED and re.fullmatch("[A-Z]+", read):
        indexes = [LETTERS.index(letter) for letter in read]
        if all(index < len(shown.options) for index in indexes):
            return ", ".join(shorten(shown.options[index]) for index in indexes)
    return shorten(read)


def shorten(text: str) -> str:
    """On one line, in quotes, cut to `SHOWN` characters."""
    line = " ".join(text.split())
    return f"'{line if len(line) <= SHOWN else line[: SHOWN - 1] + '…'}'"


_GAP = re.compile(r"\s*(?:\.\.\.|…|\[\s*\.\.\.\s*\])\s*")


def quoted_in(quote: str, body: Composed) -> bool | None:
    """Whether a quote stands in what the item shows in words; None where that cannot be told.

    It can be told where all evidence is text. Case, spacing and quotation marks do not count, and parts of the quote
    with dots between them may stand apart.
    """
    evidence = [body.input[index] for index in body.evidence if index < len(body.input)]
    if not evidence or not all(isinstance(part, Text) for part in evidence):
        return None
    shown = key(" ".join([*(part.text for part in body.input if isinstance(part, Text)), body.question]))
    pieces = [key(piece.strip().strip("\"'“”‘’«»")) for piece in _GAP.split(quote.strip())]
    return any(pieces) and all(piece in shown for piece in pieces)


def media_of(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Pictures and recordings, in order: text goes into the prompt."""
    return tuple(part for part in parts if not isinstance(part, Text))
