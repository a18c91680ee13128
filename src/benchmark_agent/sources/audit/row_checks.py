"""Checks of one row's texts. Each says what it saw; empty when nothing is wrong."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from benchmark_agent.sources.answer_form import normal
from benchmark_agent.sources.audit.grammar import mended_grammar
from benchmark_agent.sources.audit.view import Seen, points
from benchmark_agent.sources.cards import DatasetCard, Severity

_TAG = re.compile(
    r"</?(?:p|br|div|span|b|i|u|em|strong|table|tbody|td|th|tr|li|ul|ol|a|img|h[1-6]|sup|sub|font|html|body)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|apos|#\d{2,5}|#x[0-9a-fA-F]{2,5});")
_HOLE = re.compile(r"\{\{[^{}]*\}\}|\$\{\w+\}|<<<\s*\w+\s*>>>|%\(\w+\)s|\[(?:INSERT|PLACEHOLDER|TO ?DO)[^\]]*\]")
_MOJIBAKE = re.compile("\ufffd|â€[\u0080-\u2122]|Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]|ï»¿|ï¿½")
_CUT = re.compile(r"(?:[,;]|\b(?:the|an|of|and|or|with|which|because|if|when))\s*$", re.IGNORECASE)
_ALL_ABOVE = re.compile(
    r"\b(?:none|all|any|both|either|two) of (?:the )?(?:above|these options|them above)\b", re.IGNORECASE
)
_PICTURE = re.compile(
    r"\b(?:in|on|from|of|based on) (?:the|this|each) (?:given |following |above |provided )?"
    r"(?:image|picture|photo|photograph|figure|diagram)s?\b(?! of)"
    r"|\b(?:image|picture|figure|diagram) (?:above|below|shown)\b",
    re.IGNORECASE,
)
_SOUND = re.compile(r"\bin the (?:given |following |above )?(?:audio|recording|sound clip|audio clip)\b", re.IGNORECASE)
_PASSAGE = re.compile(
    r"\b(?:the|this) (?:above|given|preceding|foregoing) (?:passage|text|paragraph|table|dialogue|conversation|article|"
    r"document|statement|sentence|code)s?\b|\b(?:passage|text|table|paragraph|statement) above\b"
    r"|\baccording to the (?:passage|text|article|table|paragraph)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"(?:who|what|where|when|why|how|which)\s+(?:is|was|were|are|did|does|do|has|had)\s+(?:he|she|it|they|this|that)"
    r"(?:\s+\w+)?\s*\?",
    re.IGNORECASE,
)
_ANSWER_IS = re.compile(r"\b(?:correct |right |true )?answer(?: is|:| was)\s*[\"'(]*")
_SAYS_NOTHING = frozenset(
    "anything it n/a null other others someone something stuff that them these they thing things this those".split()
)
_TOLD = 25
"""Words from which a question is taken to bring along what it refers to."""
_ENUMERATION = re.compile(r"(?:^|\s)(?:\w|\d{1,2}|[ivx]+)\)|[:;=]-?[()]")
_NO_REPEAT = ", seen in more than half of the rows, so it is the way of this dataset and no row is removed"


@dataclass(frozen=True, slots=True)
class RowCheck:
    name: str
    severity: Severity
    says: str
    """Goes after `n of m rows`."""
    find: Callable[[DatasetCard, Seen], str]
    drops: bool = True
    """The row must not be used."""
    habit: bool = False
    """When most rows have it, it belongs to the dataset, and no row is dropped for it."""


def _missing(card: DatasetCard, row: Seen) -> str:
    lacks = []
    if card.with_role("question") and not row.question:
        lacks.append("question")
    if card.answer.kind not in ("none", "boxes") and not row.accepted:
        lacks.append("answer")
    if card.with_role("context") and not row.context:
        lacks.append("context")
    if points(card) and len(row.options) < 2:
        lacks.append("options")
    if any(f.type in ("image", "audio") for f in card.fields) and not all(row.media):
        lacks.append("media path")
    return "no " + " and no ".join(lacks) if lacks else ""


def _answer_not_in_options(card: DatasetCard, row: Seen) -> str:
    if not points(card) or len(row.options) < 2 or row.right is not None or not row.accepted:
        return ""
    return f"answer {row.accepted[0][:60]!r}, options {' / '.join(row.options)[:120]!r}"


def _same_option_twice(card: DatasetCard, row: Seen) -> str:
    names = [normal(option) or option for option in row.options]
    twice = next((name for name in names if names.count(name) > 1), "")
    return f"option {twice[:80]!r} stands twice" if twice else ""


def _answer_says_nothing(card: DatasetCard, row: Seen) -> str:
    """A pronoun or a word for anything at all, where no options or labels give it a meaning."""
    told = card.answer.kind in ("accepted_list", "span", "free_text") and not row.options
    vague = told and row.accepted and all(normal(text) in _SAYS_NOTHING for text in row.accepted)
    return f"answer {row.accepted[0]!r} to {row.question[-60:]!r}" if vague else ""


def _shown(row: Seen) -> str:
    return "\n".join((row.question, *row.options, *row.accepted))


def _quote(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if not found:
        return ""
    return repr(text[max(0, found.start() - 20) : found.end() + 20])


def _placeholder(card: DatasetCard, row: Seen) -> str:
    return _quote(_HOLE, f"{_shown(row)}\n{row.context}")


def _mojibake(card: DatasetCard, row: Seen) -> str:
    return _quote(_MOJIBAKE, f"{_shown(row)}\n{row.context}")


def _markup(card: DatasetCard, row: Seen) -> str:
    text = f"{_shown(row)}\n{row.context}"
    return _quote(_TAG, text) or _quote(_ENTITY, text)


def _truncated(card: DatasetCard, row: Seen) -> str:
    tails = [row.context] if row.options else [row.question, row.context]
    return next((f"ends with {tail[-40:]!r}" for tail in tails if tail and _CUT.search(tail)), "")


def _unbalanced(card: DatasetCard, row: Seen) -> str:
    for text in (row.question, *row.options, *row.accepted):
        readings = (text, _ENUMERATION.sub("", text))
        for left, right in ("()", "[]", "{}"):
            if all(reading.count(left) != reading.count(right) for reading in readings):
                return f"{text.count(left)} {left!r} and {text.count(right)} {right!r} in {text[:80]!r}"
    return ""


def _none_of_the_above(card: DatasetCard, row: Seen) -> str:
    return "" if row.options else _quote(_ALL_ABOVE, f"{row.question}\n{row.answer}")


def _refers_to_nothing(card: DatasetCard, row: Seen) -> str:
    if len(row.question.split()) >= _TOLD:
        return ""
    kinds = {f.type for f in card.fields}
    if "image" not in kinds and "table" not in kinds and (seen := _quote(_PICTURE, row.question)):
        return f"no image, but {seen}"
    if "audio" not in kinds and (seen := _quote(_SOUND, row.question)):
        return f"no audio, but {seen}"
    if not row.context and not row.media:
        return _quote(_PASSAGE, row.question) or (row.question if _PRONOUN.fullmatch(row.question.strip()) else "")
    return ""


def _answer_told(card: DatasetCard, row: Seen) -> str:
    answer = normal(row.answer)
    if not answer:
        return ""
    text = " ".join(f"{row.question} {row.context}".casefold().split())
    for told in _ANSWER_IS.finditer(text):
        after = text[told.end() : told.end() + len(answer) + 1]
        if after.startswith(answer) and not after[len(answer) :].isalnum():
            return repr(told[0] + answer)
    return ""


ROW_CHECKS = (
    RowCheck("missing_value", "warning", "lack a part that the card says they have", _missing),
    RowCheck("answer_not_in_options", "error", "have an answer that is none of their options", _answer_not_in_options),
    RowCheck("answer_says_nothing", "warning", "have an answer that could be anything", _answer_says_nothing),
    RowCheck("same_option_twice", "warning", "have two options that say the same", _same_option_twice),
    RowCheck("placeholder", "warning", "hold a template placeholder that was never filled", _placeholder, habit=True),
    RowCheck("mojibake", "warning", "hold wrongly decoded characters", _mojibake),
    RowCheck("markup", "warning", "hold markup", _markup, drops=False),
    RowCheck("truncated", "warning", "end in the middle of a sentence", _truncated, drops=False),
    RowCheck("unbalanced", "warning", "have brackets that do not close", _unbalanced, drops=False),
    RowCheck("none_of_the_above", "warning", "speak of options they do not have", _none_of_the_above),
    RowCheck("refers_to_nothing", "warning", "refer to something they do not show", _refers_to_nothing),
    RowCheck("answer_told", "error", "state their answer in the question or context", _answer_told),
)


def says(check: RowCheck, hits: int, total: int) -> str:
    """The finding's sentence."""
    end = _NO_REPEAT if check.habit and 2 * hits > total else "; they are removed" if check.drops else ""
    return f"{hits} of {total} rows {check.says}{end}"


_DOTTED = frozenset(
    {
        "etc",
        "vs",
        "inc",
        "ltd",
        "corp",
        "approx",
        "dept",
        "jan",
        "feb",
        "mar",
        "apr",
        "aug",
        "sept",
        "oct",
        "nov",
        "dec",
    }
)
_REPEATED = (
    (re.compile(r"\?[.,]\?"), "?"),
    (re.compile(r"(?<![.,;:])([,;:])\1+"), r"\1"),
    (re.compile(r"\?\.(?=\s*$)"), "?"),
)
_STOP_AND_ASK = re.compile(r"(?<!\.)\b([A-Za-z]{3,})\.\?")


def mended(text: str) -> tuple[str, str]:
    """The text without doubled punctuation and entities, and what was mended; no reason when nothing was.

    Only what has one reading: beyond the opening of a question, spelling is never touched.
    """
    plain, why = text, []
    if _ENTITY.search(plain):
        plain = html.unescape(plain).replace("\u00a0", " ")
        why.append("character references decoded")
    marks = _STOP_AND_ASK.sub(lambda m: m[0] if m[1].lower() in _DOTTED else f"{m[1]}?", plain)
    for pattern, right in _REPEATED:
        marks = pattern.sub(right, marks)
    if marks != plain:
        plain = marks
        why.append("doubled punctuation")
    grammatical = mended_grammar(plain)
    if grammatical != plain:
        plain = grammatical
        why.append("grammar of the question")
    if "\n" not in plain and re.search(r"(?<=\S) {2,}(?=\S)", plain) and not re.search(r"[{}=;]", plain):
        plain = re.sub(r"(?<=\S) {2,}(?=\S)", " ", plain)
        why.append("doubled spaces")
    return plain, " and ".join(why)
