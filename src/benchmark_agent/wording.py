"""Text as it is compared: forms that look alike or read alike become equal."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]
)
_TYPOGRAPHY = str.maketrans("‘’‚‛′´`“”„‟″«»‐‑‒–—―−⁄∕", "'''''''\"\"\"\"\"\"\"-------//")
_SUPERSCRIPTS = str.maketrans({sign: f"^{digit}" for sign, digit in zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)})
# Letters that are drawn alike: Cyrillic and Greek on the left (Unicode TR39), Latin on the right.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХасеіјорѕухԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοı",
    "ABESIJKMHOPCTYXaceijopsyxdhABEZHIKMNOPTYXoi",
)
_REPLACEMENTS = {**_INVISIBLE, **_TYPOGRAPHY, **_SUPERSCRIPTS}
_REPLACED = re.compile("[" + "".join(map(chr, _REPLACEMENTS)) + "¼-¾⅐-⅞]")
_MIXED_NUMBER = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")
_TAIL = re.compile(r"""(?<=[\w)\]"'])[.,;:]+$|(?<=[^\W\d]{2})[!?]+$""")
# Only around words: "(0, 1)" and "[0, 1]" differ, and so do "'5'" and "5".
_WRAPPED = re.compile(r"""^(?:"([^\W\d][\w ]*)"|'([^\W\d][\w ]*)'|\(([^\W\d][\w ]*)\))$""")
_ABBREVIATION_DOT = re.compile(r"\.(?<=[^\W\d]\.)(?=\s|$)")
_JOINING_HYPHEN = re.compile(r"-(?<=[^\W\d]{2}-)(?=[^\W\d]{2})")


def visible(text: str) -> str:
    """The text as a reader sees it: compatibility forms, invisible signs, quotes and dashes unified; lines kept."""
    if text.isascii():
        return text
    if _REPLACED.search(text):
        text = _MIXED_NUMBER.sub(" ", text).translate(_REPLACEMENTS)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text).replace("\u2044", "/")
    return text


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """`visible`, on one line with single spaces. Keeps the case."""
    return " ".join(visible(text).split())


@lru_cache(maxsize=1024)
def exact_key(text: str) -> str:
    """What makes two texts the same but for case: spacing, width, invisible signs, lookalike letters, edge marks."""
    text = plain(text)
    if not text.isascii():
        text = text.translate(_LOOKALIKES)
    text = _TAIL.sub("", text)
    if _WRAPPED.match(text):
        text = text[1:-1]
    return _JOINING_HYPHEN.sub(" ", _ABBREVIATION_DOT.sub("", text))


@lru_cache(maxsize=1024)
def key(text: str) -> str:
    """`exact_key` without case: what makes two texts the same to a reader."""
    return exact_key(text).casefold()


def is_ideographic(sign: str) -> bool:
    """Whether the script of the sign writes words without spaces between them."""
    return "\u3040" <= sign <= "\u30ff" or "\u3400" <= sign <= "\u9fff" or "\u0e00" <= sign <= "\u0eff"


def _bounded(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is not a piece of a longer word or number."""
    first, last = text[start], text[end - 1]
    if start and first.isalnum() and not is_ideographic(first):
        before = text[start - 1]
        if before.isalnum() or before == "_":
            return False
        if first.isdigit() and before in ".,-" and start > 1 and text[start - 2].isdigit():
            return False
    if end < len(text) and last.isalnum() and not is_ideographic(last):
        after = text[end]
        if after.isalnum() or after == "_":
            return False
        if last.isdigit() and after in ".,%" and (after == "%" or text[end + 1 : end + 2].isdigit()):
            return False
    return True


def occurrences(text: str, phrase: str) -> Iterator[int]:
    """Where `phrase` stands in `text` as whole words; both in the same form (`key`, `plain`)."""
    start = text.find(phrase) if phrase else -1
    while start >= 0:
        if _bounded(text, start, start + len(phrase)):
            yield start
        start = text.find(phrase, start + 1)


def mentions(text: str, phrase: str) -> bool:
    """Whether `phrase` stands in `text` as whole words; both in the same form."""
    return next(occurrences(text, phrase), -1) >= 0


_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")


def words(text: str) -> list[str]:
    """Words and numbers in order; each sign of a script without spaces stands for itself."""
    found = []
    for word in _WORD.findall(text):
        if not word.isascii() and any(is_ideographic(sign) for sign in word):
            found.extend(word)
        else:
            found.append(word)
    return found


def in_digits(said: object) -> object:
    """A number as text, where a model wrote a bare one for an answer; anything else as it is."""
    return f"{said}" if isinstance(said, int | float) and not isinstance(said, bool) else said
