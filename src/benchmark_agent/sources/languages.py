"""Languages of texts: the script where it decides, a classifier where there is enough text."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

import py3langid

_ONE_LANGUAGE = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "GREEK": "el", "HEBREW": "he",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "TAMIL": "ta", "TELUGU": "te",
    "KANNADA": "kn", "MALAYALAM": "ml", "GUJARATI": "gu", "GURMUKHI": "pa", "SINHALA": "si", "TIBETAN": "bo",
}  # fmt: skip
"""Scripts that say the language."""
_ENOUGH = 200
"""Letters a text must have before the classifier is asked."""
_LEAST_SHARE = 0.08
"""Of the pieces of text, for a language to be named, 0-1."""
_ENGLISH = frozenset(
    ["in", "of", "is", "what", "which", "who", "are", "and", "you", "following", "with", "how", "this"]
)
_MARKUP = re.compile(r"https?://\S+|<[^<>]{1,40}>|[\d_=+*/\\{}()\[\]|#<>]+")


def languages_of(texts: Iterable[str]) -> tuple[str, ...]:
    """ISO 639-1 codes of the texts, commonest first; empty when there is too little text to be certain."""
    counts = Counter(code for piece in _pieces(dict.fromkeys(texts)) if (code := language_of(piece)))
    total = sum(counts.values())
    named = [(n, code) for code, n in counts.items() if n >= _LEAST_SHARE * total and (n > 1 or total < 4)]
    return tuple(code for n, code in sorted(named, key=lambda pair: (-pair[0], pair[1])))


def language_of(text: str) -> str:
    """ISO 639-1 code of one text; empty when uncertain."""
    plain = _MARKUP.sub(" ", text)
    told = _by_script(plain) or ("en" if _is_english(plain) else "")
    if told or sum(letter.isalpha() for letter in plain) < _ENOUGH:
        return told
    code = str(py3langid.classify(plain)[0])
    return code if len(code) == 2 else ""


def _is_english(text: str) -> bool:
    """Whether a short text is certainly English: `the` and another word that no other language writes so often."""
    found = set(text.lower().split())
    return text.isascii() and "the" in found and bool(_ENGLISH & found)


def _by_script(text: str) -> str:
    """The language the script says; empty when several languages share it."""
    letters = [letter for letter in text[:1000] if letter.isalpha()]
    if not letters or text.isascii():
        return ""
    scripts = Counter(unicodedata.name(letter, "?").split()[0] for letter in letters)
    for script, code in _ONE_LANGUAGE.items():
        if scripts[script] >= (0.05 if code == "ja" else 0.5) * len(letters) and scripts[script] > 2:
            return code
    return "zh" if scripts["CJK"] >= 0.5 * len(letters) and scripts["CJK"] > 4 else ""


def _pieces(texts: Iterable[str]) -> Iterable[str]:
    """Texts whose script tells the language and long ones alone; short ones joined until there is enough to judge."""
    held: list[str] = []
    size = 0
    for text in texts:
        cut = text[:1500]
        if _by_script(cut):
            yield cut
            continue
        letters = sum(letter.isalpha() for letter in cut)
        if letters >= _ENOUGH:
            yield cut
            continue
        held.append(cut)
        size += letters
        if size >= _ENOUGH:
            yield " . ".join(held)
            held, size = [], 0
    if held:
        yield " . ".join(held)
