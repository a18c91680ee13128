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
    scripts = Counter(unicodedata.name(letter, "?").split()[0] for letter in plain[:2000] if letter.isalpha())
    letters = sum(scripts.values())
    for script, code in _ONE_LANGUAGE.items():
        if scripts[script] >= (0.05 if code == "ja" else 0.5) * max(letters, 1) and scripts[script] >= 3:
            return code
    if scripts["CJK"] >= 0.5 * max(letters, 1) and scripts["CJK"] >= 5:
        return "zh"
    if letters < _ENOUGH:
        return ""
    code = str(py3langid.classify(plain)[0])
    return code if len(code) == 2 else ""


def _pieces(texts: Iterable[str]) -> Iterable[str]:
    """Long texts alone; short ones joined until there is enough to judge."""
    held: list[str] = []
    size = 0
    for text in texts:
        cut = text[:1500]
        if not any(letter.isalpha() for letter in cut):
            continue
        held.append(cut)
        size += sum(letter.isalpha() for letter in cut)
        if size >= _ENOUGH or not cut.isascii():
            yield " . ".join(held)
            held, size = [], 0
    if held:
        yield " . ".join(held)
