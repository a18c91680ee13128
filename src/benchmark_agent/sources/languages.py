"""Languages of texts: the script where it decides, a classifier where there is enough text."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

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
_FEW = 20
"""Letters from which a text is judged among languages that are known to be the only ones."""
_FIELDS = ("language", "lang", "locale", "language_code", "lang_code", "language_name")
_NAMES = (
    "en english; es spanish español castellano; fr french français; de german deutsch; pt portuguese português; "
    "it italian italiano; nl dutch nederlands; pl polish polski; sv swedish svenska; cs czech čeština; "
    "ro romanian română; hu hungarian magyar; fi finnish suomi; da danish dansk; no norwegian norsk; "
    "el greek ελληνικά; tr turkish türkçe; ru russian русский; uk ukrainian українська; bg bulgarian български; "
    "ar arabic العربية; he hebrew עברית; fa persian farsi فارسی; hi hindi हिन्दी; bn bengali বাংলা; ur urdu اردو; "
    "ta tamil தமிழ்; te telugu తెలుగు; zh chinese mandarin 中文; ja japanese 日本語; ko korean 한국어; "
    "vi vietnamese; th thai ไทย; id indonesian; sw swahili"
)
_CODE_OF = {name: entry.split()[0] for entry in _NAMES.split("; ") for name in entry.split()}
_CODE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*")
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


def says_language(path: str) -> bool:
    """Whether a field's name says that it holds the language of its row."""
    return path.rsplit(".", 1)[-1].lower() in _FIELDS


def code_of(name: str) -> str:
    """ISO 639-1 code of a common language by its code, tag (`es-MX`) or name; empty for others, and for `js`."""
    low = name.strip().lower()
    tag = _CODE.fullmatch(low)
    return _CODE_OF.get(tag.group(1) if tag else low, "")


def language_among(text: str, codes: Sequence[str]) -> str:
    """Which of these languages the text is in; empty when there is too little text to tell."""
    plain = _MARKUP.sub(" ", text)
    told = _by_script(plain)
    if told in codes or sum(letter.isalpha() for letter in plain) < _FEW:
        return told if told in codes else ""
    judge = _judge(tuple(sorted(codes)))
    return str(judge.classify(plain)[0]) if judge else ""


@lru_cache(maxsize=16)
def _judge(codes: tuple[str, ...]) -> Any:
    """py3langid for some languages only; None when it knows fewer than two of them."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    judge = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = [code for code in codes if code in judge.nb_classes]
    if len(known) < 2:
        return None
    judge.set_languages(known)
    return judge


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
