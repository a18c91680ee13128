"""Checks that the item does not give its answer away."""

import re
from collections.abc import Callable

from benchmark_agent.content import Composed, Text
from benchmark_agent.quantities import amount_of
from benchmark_agent.realization.types import Draft
from benchmark_agent.verification.checks.rule import is_special, looks_like_code, quoted, right_options, text_parts
from benchmark_agent.verification.types import CheckContext
from benchmark_agent.wording import key, mentions, occurrences, plain

# Words that turn up in questions without giving anything away.
_COMMON = frozenset(
    """yes no true false both neither none all before after left right up down above below first last more less same
    different equal higher lower north south east west one two three four it he she they him her them
    a b c d e f g h i j valid invalid correct incorrect agree disagree possible impossible
    clockwise counterclockwise anticlockwise increase decrease increases decreases""".split()
)
# On text in lower case.
_ANSWER_IS = re.compile(
    r"\b(?:answer(?: key)?|option|choice|solution|gold|ground truth|label|target)\s*(?:is|was|:|=)\s*"
    r"|\b(?:grader|grading|marker)(?: note)?\s*[:,]?\s*(?:accept|expect|award|look for|should be)?\s*:?\s*"
    r"|\bhint\s*[:,]\s*"
)
_SURELY = re.compile(r"\b(?:correct|right|true|expected|gold|final) $")
_BY_LETTER = re.compile(
    r"\b(?:look at|choose|pick|select|see|it is|answer is|try|consider) (?:option|choice|answer)\s+\(?[A-H]\b\)?"
)
_LETTER_AFTER = re.compile(r"^[\"'(\[]*[A-H][\"')\].]*(?=\s|$)")
_TELLING = ("answer", "option", "choice", "solution", "label", "target", "gold", "truth", "grad", "marker", "hint")
"""One of these stands in every text in lower case that `_ANSWER_IS` or `_BY_LETTER` finds."""
_REACH = 60
"""Characters after `the answer is` in which the gold gives itself away."""


def no_leak(draft: Draft, context: CheckContext) -> str:
    """Neither the stem, nor the form of the options, nor names of files give the gold away."""
    body = draft.body
    if not body.answer.strip() or body.answer_kind == "open":
        return ""
    return _told(body) or _in_stem(body) or _odd_form(body) or _by_names(draft)


def golds(body: Composed) -> tuple[str, ...]:
    """Every text that is the gold."""
    if body.answer_kind == "multi_choice":
        return tuple(body.answer.split("\n"))
    return (body.answer, *body.accepted)


def _told(body: Composed) -> str:
    """`The correct answer is ...`, a grader's note, `look at option C`."""
    lettered = body.answer_kind in ("choice", "multi_choice")
    for text in (body.question, *(text for _, text in text_parts(body))):
        shown = plain(text)
        low = shown.lower()
        if not any(word in low for word in _TELLING):
            continue
        if lettered and not body.fixed_order and (told := _BY_LETTER.search(shown)):
            return f"the item says {quoted(told.group())}"
        for found in _ANSWER_IS.finditer(low):
            after = shown[found.end() : found.end() + _REACH]
            graded = found.group().startswith(("grad", "marker"))
            surely = graded or _SURELY.search(low[max(0, found.start() - 10) : found.start()]) is not None
            if any(_opens(after, gold) for gold in golds(body)) or (lettered and surely and _LETTER_AFTER.match(after)):
                return f"the item says {quoted(found.group() + after[:30])}"
    return ""


def _opens(text: str, gold: str) -> bool:
    """Whether the gold stands at the start of a text, give or take two words."""
    at = next(occurrences(key(text), key(gold)), -1)
    return 0 <= at <= 16


_LAST_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=\S)|\n+|(?<=[。！？])")


def stem_of(body: Composed) -> str:
    """What asks: the question, or its last sentence where it brings its own context along and ends by asking."""
    question = body.question.strip()
    if body.input:
        return question
    pieces = [piece for piece in _LAST_SENTENCE.split(question) if piece.strip()]
    if len(pieces) < 2:
        return question
    return "" if pieces[-1].rstrip().endswith(".") else pieces[-1]


def distinctive(gold: str) -> bool:
    """Whether meeting the gold in a text is more than chance."""
    said = key(gold)
    amount = amount_of(gold)
    if amount is not None:
        return amount.form != "word" and len(re.sub(r"\D", "", said)) >= 3
    return said not in _COMMON and len(said) >= 2 and not is_special(gold)


_OFFERED_AFTER = re.compile(
    r"^(?:,\s*[\w' -]{1,25}){1,8}?,?\s*\b(?:and|or)\b|^\W*(?:and\b|(?:\w+\W+){0,3}(?:or|versus|vs)\b)|^/|^\s*、"
)
_OFFERED_BEFORE = re.compile(r"\b(?:or|versus|vs|and|than)\W+(?:(?:the|a|an)\W+)?$|\bbetween\b.{0,30}$|/$|、\s*$")


def _is_offered(stem: str, gold: str) -> bool:
    """Whether the stem names the gold among alternatives: `Ann or Bob`, `red, green or blue`, `Ann and Bob`."""
    return any(
        _OFFERED_AFTER.search(stem[at + len(gold) : at + len(gold) + 120])
        or _OFFERED_BEFORE.search(stem[max(0, at - 40) : at])
        for at in occurrences(stem, gold)
    )


def _stands_alone(stem: str, gold: str) -> bool:
    """Whether a gold that is a name stands in the stem on its own, not as a part of a longer name (Guinea-Bissau)."""
    name = plain(gold)
    if not name[:1].isupper():
        return True
    shown = plain(stem)
    for at in occurrences(shown, name):
        before = shown[:at].split()
        longer = len(before) > 1 and before[-1][0].isupper() and before[-1][-1].isalnum()
        if not longer and not re.match(r"[- ][A-ZÀ-Þ]|-\w", shown[at + len(name) :]):
            return True
    return name not in shown


def _in_stem(body: Composed) -> str:
    """The gold stands in the question, and no wrong option does."""
    if body.answer_kind == "binary":
        return ""
    stem = key(stem_of(body))
    for gold in golds(body):
        said = key(gold)
        if not distinctive(gold) or not mentions(stem, said):
            continue
        right = right_options(body)
        others = [option for index, option in enumerate(body.options) if index not in right]
        if any(mentions(stem, key(option)) for option in others) or _is_offered(stem, said):
            continue
        if not _stands_alone(stem_of(body), gold):
            continue
        return f"the answer {quoted(gold)} stands in the question"
    return ""


def _decimals(option: str) -> str:
    amount = amount_of(option)
    return "" if amount is None else str(amount.decimals)


def _unit(option: str) -> str:
    amount = amount_of(option)
    return "" if amount is None else ("%" if amount.percent else amount.unit and "unit")


def _first_letter(option: str) -> str:
    first = option.lstrip("\"'([")
    if not first[:3].isalpha() or len(first) < 3:
        return ""
    first = first[:1]
    return "upper" if first.isupper() else "lower" if first.islower() else ""


# What the form of an option may show; compared only where every option has it in some way.
_FORMS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("decimals", _decimals),
    ("a unit", lambda option: "-" if amount_of(option) is None else _unit(option) or "none"),
    ("an initial capital", _first_letter),
    ("end punctuation", lambda option: str(option.rstrip()[-1:] in ".!?;,")),
    ("a thousands separator", lambda option: "-" if not re.search(r"\d,?\d{3}", option) else str("," in option)),
    ("quotes", lambda option: str(option[:1] in "\"'“«")),
)


def _odd_form(body: Composed) -> str:
    """Only the gold differs in form from all the others, which agree among themselves."""
    right = right_options(body)
    if body.answer_kind != "choice" or len(body.options) < 3 or len(right) != 1 or is_special(body.options[right[0]]):
        return ""
    if looks_like_code(body.question):
        return ""
    plains = [option for index, option in enumerate(body.options) if index not in right and not is_special(option)]
    if len(plains) < 2:
        return ""
    gold = body.options[right[0]]
    for name, form in _FORMS:
        mine, theirs = form(gold), {form(option) for option in plains}
        if len(theirs) == 1 and mine not in theirs and "" not in theirs | {mine} and "-" not in theirs | {mine}:
            return f"only the answer {quoted(gold)} differs from the other options in {name}"
    return ""


_STEM_OF_FILE = re.compile(r"\.[a-z0-9]{2,5}$", re.IGNORECASE)


def _by_names(draft: Draft) -> str:
    """Names of files: media paths must say nothing, and no text may repeat a name that holds the gold."""
    body = draft.body
    for part in body.input:
        if not isinstance(part, Text) and part.sha256 not in part.path:
            return f"the media path {quoted(part.path)} is not named by its content"
    if not draft.names:
        return ""
    shown = " ".join((body.question, *(text for _, text in text_parts(body)))).casefold()
    for name in draft.names:
        inner = _STEM_OF_FILE.sub("", name.rsplit("/", 1)[-1]).casefold()
        tokens = " ".join(re.split(r"[\W_]+", inner))
        if len(inner) >= 4 and inner in shown and inner not in map(str.casefold, golds(body)):
            gold = next((gold for gold in golds(body) if mentions(tokens, key(gold))), "")
            if gold:
                return f"the item shows the file name {quoted(name)}, which holds the answer {quoted(gold)}"
    return ""


_RATIO, _MARGIN = 2.0, 20
"""The gold is conspicuous when it is this many times longer (or shorter) than every other option, and by characters."""


def option_balance(draft: Draft, context: CheckContext) -> str:
    """The gold is not the only very long or very short option."""
    body = draft.body
    right = right_options(body)
    if body.answer_kind != "choice" or len(body.options) < 3 or len(right) != 1 or is_special(body.options[right[0]]):
        return ""
    lengths = [
        len(option) for index, option in enumerate(body.options) if index not in right and not is_special(option)
    ]
    if len(lengths) < 2:
        return ""
    gold = len(body.options[right[0]])
    if gold >= max(lengths) * _RATIO and gold - max(lengths) >= _MARGIN:
        return f"the answer has {gold} characters and the longest other option {max(lengths)}"
    if gold * _RATIO <= min(lengths) and min(lengths) - gold >= _MARGIN:
        return f"the answer has {gold} characters and the shortest other option {min(lengths)}"
    return ""
