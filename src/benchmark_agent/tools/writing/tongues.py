"""In which language a text is, as far as it matters to a writer."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

import py3langid

from benchmark_agent.errors import Unfit
from benchmark_agent.sources.languages import language_of

MIN_LETTERS = 40
"""Letters a text must have before its language is judged."""
_NEAR = 4
"""Languages the classifier takes for the likeliest among which one passes: it mistakes neighbours for each other."""
_PIECES = 60
"""Pieces of evidence that are looked at."""


def codes(languages: str) -> tuple[str, ...]:
    """`"en, ES"` -> `("en", "es")`.

    Raises:
        Unfit: a code is none of ISO 639-1.
    """
    found = tuple(dict.fromkeys(code.strip().lower().split("-")[0] for code in languages.split(",") if code.strip()))
    for code in found:
        if code not in known():
            raise Unfit(f"there is no language {code!r}; use codes of ISO 639-1 such as 'en' or 'es'")
    return found


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """Codes the classifier can tell."""
    return frozenset(code for code, _ in py3langid.rank("a") if len(code) == 2)


def letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)


def may_be(text: str, code: str) -> bool:
    """Whether a text may be in a language; always true of short texts."""
    if letters(text) < MIN_LETTERS:
        return True
    certain = language_of(text) if not text.isascii() else ""
    return code in ([certain] if certain in ("zh", "ja", "ko") else _likeliest(text))


def nearest(text: str, among: Collection[str]) -> str:
    """The language of a text, of a few."""
    return next((code for code, _ in py3langid.rank(text) if code in among), "")


def strays(text: str, languages: Iterable[str], evidence: str) -> str:
    """Why a text is in the wrong language; empty when it is not.

    Args:
        languages: those it may be in; empty means those of `evidence`.
    """
    wanted = tuple(languages)
    if wanted:
        wrong = not any(may_be(text, code) for code in wanted)
        return f"it is not written in {' or '.join(map(repr, wanted))}" if wrong else ""
    code = language_of(text)
    pieces = [piece for piece in evidence.splitlines() if letters(piece) >= MIN_LETTERS // 2][:_PIECES]
    if not code and letters(text) >= MIN_LETTERS:  # too short to be sure of, but surely none of the evidence's
        near = _likeliest(text)
        code = near[0] if not any(_likeliest(piece)[0] in near for piece in pieces) else ""
    if not code or sum(map(letters, pieces)) < 2 * MIN_LETTERS or any(code in _likeliest(piece) for piece in pieces):
        return ""
    return f"it reads as {code!r}, which is not the language of the evidence"


def item_strays(question: str, options: Sequence[str], languages: Iterable[str], evidence: str) -> str:
    """`strays` for a question with its options; names of dishes or people among them do not make it foreign."""
    whole = " ".join((question, *options))
    reason = strays(whole, languages, evidence)
    return reason if _likeliest(question)[0] == _likeliest(whole)[0] else ""


def _likeliest(text: str) -> list[str]:
    return [code for code, _ in py3langid.rank(text)[:_NEAR]]
