"""What must survive when a text is put in other words: its numbers, names, quotations and negations."""

import calendar
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

from benchmark_agent.quantities import amounts, number_words
from benchmark_agent.wording import key, visible, words

_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|‘([^’]{2,})’|`([^`]+)`")
_NAME = re.compile(r"(?<![\w'’])[A-ZÀ-ÖØ-ÞΑ-ΩА-Я][\w'’-]+")
_OPENS = re.compile(r"(?:^|[.!?:;\"“”„«‘(¿¡\n-]|\d[.)])\s*$")
_NOT = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|except|cannot|nobody|nothing|unless|un(?:true|able|likely))\b|n['’]t\b",
    re.I,
)
_OPERATOR = re.compile(r"[+*/×÷=<>≤≥≠^%√±]|(?<=\s)[-−](?=\s)")
_DAYS = frozenset([*calendar.day_name, *calendar.month_name])
"""Written with a capital in English only."""
_TURNING = frozenset(
    """left right up down above below over under before after earlier later first last more less fewer greater smaller
    larger higher lower longer shorter most least maximum minimum increase decrease increases decreases rise fall rises
    falls add subtract multiply divide added subtracted multiplied divided plus minus times all some any every each both
    north south east west inside outside open closed open close heat cool hot cold odd even positive negative true false
    same different equal push pull clockwise counterclockwise morning evening""".split()
)
"""Words that turn a step into its opposite when another of them takes their place."""


def digits(text: str) -> str:
    """Digits of any script as ASCII ones."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in visible(text))


def figures(text: str) -> Counter[float]:
    """The numbers written in digits, each as often as it stands."""
    return Counter(abs(amount.value) for amount in amounts(digits(text)))


def numbers_in(text: str) -> set[float]:
    """The numbers of a text, in digits or English words, in both readings of `1,234`."""
    plain = digits(text)
    found = [*amounts(plain), *number_words(plain.lower())]
    return {abs(value) for amount in found for value in (amount.value, amount.other) if value is not None}


def lost_figures(before: str, after: str) -> list[str]:
    """Numbers in digits that one of two texts has and the other has not, in neither digits nor words."""
    held = {True: numbers_in(before), False: numbers_in(after)}
    return [
        f"{amount.value:g}"
        for text, other in ((before, held[False]), (after, held[True]))
        for amount in amounts(digits(text))
        if not {abs(amount.value), abs(amount.value if amount.other is None else amount.other)} & other
    ]


def names(text: str) -> list[str]:
    """Words with a capital that do not open a sentence, each once."""
    shown = visible(text)
    found = (each.group() for each in _NAME.finditer(shown) if not _OPENS.search(shown[: each.start()]))
    return [name for name in dict.fromkeys(each.removesuffix("'s") for each in found) if name not in _DAYS]


def lost_names(before: str, after: str, *, likeness: float = 1.0) -> list[str]:
    """Names of a text that another has not; from a `likeness` (0-1) of their letters they are the same: Lisboa."""
    held = key(after)
    if likeness == 1:
        return [name for name in names(before) if not re.search(rf"(?<!\w){re.escape(key(name))}", held)]
    others = list(dict.fromkeys(re.findall(r"[^\W\d_]{2,}", held)))
    return [name for name in names(before) if not any(_like(key(name), word) >= likeness for word in others)]


def _like(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio() if a[:1] == b[:1] or len(a) > 3 else float(a == b)


def quotations(text: str) -> list[str]:
    """What stands in quotation marks."""
    return [next(filter(None, found)) for found in _QUOTED.findall(text)]


def lost(texts: Iterable[str], after: str) -> list[str]:
    """Texts that another does not hold word for word."""
    held = key(after)
    return [text for text in texts if key(text) not in held]


def negations(text: str) -> int:
    return len(_NOT.findall(text))


def differs_in_substance(before: str, after: str) -> bool:
    """Whether two steps differ in a number, a name, an operator, a negation, or a word of comparison or direction."""
    return (
        figures(before) != figures(after)
        or _in_words(before) != _in_words(after)
        or set(names(before)) != set(names(after))
        or Counter(_OPERATOR.findall(visible(before))) != Counter(_OPERATOR.findall(visible(after)))
        or negations(before) != negations(after)
        or Counter(_turning(before)) != Counter(_turning(after))
    )


def _in_words(text: str) -> Counter[float]:
    """The numbers written in words; `one` is more often a pronoun."""
    return Counter(amount.value for amount in number_words(visible(text).lower()) if amount.value != 1)


def _turning(text: str) -> list[str]:
    return [word for word in words(key(text)) if word in _TURNING]
