"""What weak models write around an option or a question: taken off where that is certain, refused where it is not."""

import re
from collections.abc import Sequence

from benchmark_agent.errors import ToolError
from benchmark_agent.tools.constructions.options import option
from benchmark_agent.wording import key, mentions, plain, words

WRONG = 3
"""Wrong options of a choice."""
MOST_OPTION_WORDS = 30
MOST_QUESTION_WORDS = 90
_SPREAD, _MARGIN = 4.0, 40
"""Options differ too much when the longest is this many times, and by so many characters, longer than the shortest."""

_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_BULLET = re.compile(r"^\s*[-*•]\s+")
_NAMED_MARK = re.compile(r"^\s*(?:(?:option|choice|answer)\s+\(?[A-H1-8]\)?\s*[:.)-]|\(?[A-Ha-h]\))\s*(?=\S)", re.I)
_MARK = re.compile(r"^\s*[(\[]?(?:[A-Ha-h]|\d{1,2})[)\].:]\s+(?=\S)")
STEP_MARK = re.compile(r"^\s*(?:step\s*)?\d{1,2}\s*[).:]\s+|^\s*[-*•]\s+", re.I)
"""What stands before a step of a list."""
_LETTER = re.compile(r"^\s*(?:option\s+)?[(\[]?([A-Fa-f])[)\].:]?\s*$", re.I)
_ALL_OR_NONE = re.compile(
    r"^(?:all|none|both|neither|any|either) of (?:the )?(?:above|these|those|them|options|others)\b|^[A-D] and [A-D]$"
    r"|^(?:it )?cannot be (?:determined|known)|^not enough information",
    re.I,
)
_QUOTES = {'"': '"', "“": "”", "«": "»", "'": "'", "‘": "’", "„": "“"}
_STAGED = re.compile(
    r"\b(?:first|start by|begin by|step 1)[ ,:]+(?:\w+ly )?"
    r"(?:find|identify|determine|locate|look|work|read|note|recall|figure|establish|finding|identifying)\w*\b"
    r"|\b(?:and|,|;|\.) ?then (?:use|find|identify|determine|decide|work|infer|combine|compare|tell|say|name|ask)\b",
    re.I,
)
_LISTED = re.compile(r"\s[(\[]?[Aa][)\].:]\s")


def listed(given: object) -> object:
    """A list, where a model wrote nothing, or the one thing by itself."""
    if given is None or given == "":
        return ()
    return (given,) if isinstance(given, str | dict) else given


def plainly(text: str) -> str:
    """On one line, without emphasis, bullets and a heading such as `Question:`."""
    text = " ".join(_BULLET.sub("", text).split())
    text = _EMPHASIS.sub(r"\2", text)
    return re.sub(r"^(?:question|answer)\s*:\s*", "", text, flags=re.I).strip(" *`")


def alike(options: Sequence[str]) -> list[str]:
    """Options without marks of their own, in one form: end stops, quotes and first capitals as in most of them."""
    texts = [_NAMED_MARK.sub("", plainly(text)) for text in options]
    if all(_MARK.match(text) for text in texts):
        texts = [_MARK.sub("", text) for text in texts]
    texts = [text.strip() for text in texts]
    unquoted = [text[1:-1] if _is_quoted(text) else text for text in texts]
    texts = texts if all(map(_is_quoted, texts)) else unquoted
    if not all(text.endswith(".") for text in texts):
        texts = [text[:-1].rstrip() if text.endswith(".") and not text.endswith("..") else text for text in texts]
    if {text[:1].isupper() for text in texts if _cased(text)} == {True, False}:
        texts = [text[:1].upper() + text[1:] if _cased(text) else text for text in texts]
    return texts


def _is_quoted(text: str) -> bool:
    return len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]


def _cased(text: str) -> bool:
    """Whether it begins with a word that could take a capital: no sign such as `km` alone, and no `pH`."""
    first, _, rest = text.partition(" ")
    return first.isalpha() and len(text) > 2 and (first[1:].islower() or (first in ("a", "A") and rest[:3].islower()))


def options_of(answer: str, others_right: Sequence[str], wrong: Sequence[str], least: int = WRONG) -> list[list[str]]:
    """Right options and wrong ones, mended, all different.

    Args:
        least: wrong options wanted; of more, the first are taken.

    Raises:
        ToolError: when they cannot be, in words that say what to write.
    """
    answer, wrong = _named_by_letter(answer, wrong)
    texts = alike([answer, *others_right, *wrong])
    right = _different(texts[: 1 + len(others_right)], ())
    usable = _different(texts[1 + len(others_right) :], right)
    if not right or not texts[0]:
        raise ToolError("the answer is empty; write the right option in words")
    if special := next((text for text in right if _ALL_OR_NONE.match(text)), ""):
        raise ToolError(f"the answer is {special!r}; it must be one of the facts themselves")
    if len(usable) < least:
        raise ToolError(
            f"{least} different wrong options are needed and {len(usable)} can be used: leave out repetitions of the "
            "answer or of each other, empty ones, 'all of the above' and the like"
        )
    _same_make([*right, *usable[:least]])
    return [right, usable[:least]]


def _named_by_letter(answer: str, wrong: Sequence[str]) -> tuple[str, Sequence[str]]:
    """An answer that is only a letter, put in words where it names one of four listed options."""
    found = _LETTER.match(answer)
    if found is None or all(len(plain(text)) <= 2 for text in wrong):
        return answer, wrong
    at = "ABCDEF".index(found[1].upper())
    if len(wrong) <= WRONG or at >= len(wrong):
        raise ToolError(f"the answer is the letter {found[1]!r}; write the right option in words, and three wrong ones")
    return wrong[at], [text for k, text in enumerate(wrong) if k != at]


def _different(texts: Sequence[str], taken: Sequence[str]) -> list[str]:
    """The texts that say something, each once, none of those taken."""
    seen = {option(text).value for text in taken} | {key(text) for text in taken}
    kept = []
    for text in texts:
        signs = {option(text).value, key(text)}
        if not key(text) or signs & seen or (taken and _ALL_OR_NONE.match(text)):
            continue
        seen |= signs
        kept.append(text)
    return kept


def _same_make(options: Sequence[str]) -> None:
    """Raises ToolError when options are too long, or too different in length."""
    longest, shortest = max(options, key=len), min(options, key=len)
    if len(longest.split()) > MOST_OPTION_WORDS:
        raise ToolError(f"an option has {len(longest.split())} words; write options of at most 12 words")
    if len(longest) >= _SPREAD * len(shortest) and len(longest) - len(shortest) >= _MARGIN:
        raise ToolError(
            f"options have from {len(shortest)} to {len(longest)} characters; write them of about the same length"
        )


def question_of(text: str, evidence: str, options: Sequence[str]) -> str:
    """The question, mended.

    Raises:
        ToolError: when it tells how to proceed, repeats the evidence, or is empty or too long.
    """
    asked = plainly(text)
    listed = _LISTED.search(asked)
    if listed and sum(key(each) in key(asked[listed.start() :]) for each in options) >= 2:
        asked = asked[: listed.start()].rstrip(" :-")
    if len(words(asked)) < 2 and len(asked) < 6:
        raise ToolError("the question is empty; ask for the answer in one sentence")
    if found := _STAGED.search(asked):
        raise ToolError(f"the question says how to proceed ({found.group()!r}); ask for the answer alone")
    if len(asked.split()) > MOST_QUESTION_WORDS:
        raise ToolError(f"the question has {len(asked.split())} words; ask in one or two sentences")
    if len(evidence.split()) > 8 and key(evidence) in key(asked):
        raise ToolError("the question repeats the evidence; the solver sees it already")
    return asked


def is_answer_of(gold: str, answer: str, wrong: Sequence[str]) -> None:
    """Raises ToolError when the gold sentence states a wrong option and nothing the answer has beyond that option."""
    said, right = key(gold), set(words(key(answer)))
    if mentions(said, key(answer)):
        return
    stated = next((text for text in wrong if mentions(said, key(text))), "")
    if stated and not (right - set(words(key(stated)))) & set(words(said)):
        raise ToolError(f"the gold sentence says {stated!r} and the answer is {answer!r}; they must agree")
