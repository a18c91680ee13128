"""What a recogniser makes of a recording, compared with what was to be said."""

import re
from collections.abc import Sequence

from benchmark_agent.content import Audio, Making
from benchmark_agent.record import digest_of
from benchmark_agent.sources.home import home, write_file
from benchmark_agent.tools.sound.engines import hearing_for
from benchmark_agent.tools.sound.waves import decode

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBER_WORDS = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
"""English words of one number each, with what they mean."""
_SPELLED = {"per cent": "percent", "all right": "alright", "ok": "okay", "mister": "mr", "doctor": "dr"}
_SPELLED |= {"programme": "program", "colour": "color", "grey": "gray", "centre": "center", "metre": "meter"}

CLEAN: dict[tuple[str, str], float] = {
    ("hibari", "moonshine"): 0.25,
    ("hibari", "faster-whisper"): 0.2,
    ("espeak-ng", "moonshine"): 0.4,
    ("espeak-ng", "faster-whisper"): 0.35,
}
"""Word error rate that speech without noise may have, by speaking and listening engine."""
USUAL = 0.25
"""The same, for other engines."""
WIDER: tuple[tuple[float, float], ...] = ((15.0, 0.1), (10.0, 0.2), (5.0, 0.35))
"""What noise adds to the bound, from each ratio in decibels on. Under the last, recognisers guess: no bound."""
_CLOSE = 0.5
"""Decibels by which a ratio may be missed."""
LISTENING = "1"
"""Version of how recordings are handed to an engine."""
REVERBERANT = 0.1
"""What a room adds."""


def number_words(n: int) -> str:
    """English words of a number up to 999,999: 215 -> `two hundred fifteen`."""
    if n < 20:
        return _SMALL[n]
    if n < 100:
        return _TENS[n // 10 - 2] + (f" {_SMALL[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{_SMALL[n // 100]} hundred" + (f" {number_words(n % 100)}" if n % 100 else "")
    if n < 1_000_000:
        return f"{number_words(n // 1000)} thousand" + (f" {number_words(n % 1000)}" if n % 1000 else "")
    return " ".join(_SMALL[int(digit)] for digit in str(n))


def words_of(text: str, language: str = "en") -> list[str]:
    """Words for comparison: no case, marks or hyphens; in English, numbers in words."""
    plain = text.lower().replace("’", "'").replace("%", " percent ")
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain)
    if language == "en":
        plain = re.sub(r"\d+(?:st|nd|rd|th)?", lambda found: _said_number(found.group()), plain)
        for spelled, usual in _SPELLED.items():
            plain = re.sub(rf"\b{spelled}\b", usual, plain)
        plain = re.sub(r"\b(hundred|thousand) and\b", r"\1", plain)
    return re.findall(r"\w+", plain.replace("'", ""))


_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}


def _said_number(text: str) -> str:
    digits = text.rstrip("sthnrd")
    words = number_words(int(digits))
    if digits == text:
        return f" {words} "
    head, _, last = words.rpartition(" ")
    ending = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last.removesuffix('e')}th")
    return f" {head} {'twelfth' if last == 'twelve' else ending} "


def distance(wanted: Sequence[str], heard: Sequence[str], *, within: bool = False) -> int:
    """Words to replace, add or drop (Levenshtein). `within`: `wanted` may stand anywhere in `heard`."""
    row = [0] * (len(heard) + 1) if within else list(range(len(heard) + 1))
    for word in wanted:
        diagonal, row[0] = row[0], row[0] + 1
        for k, other in enumerate(heard, 1):
            diagonal, row[k] = row[k], min(row[k] + 1, row[k - 1] + 1, diagonal + (word != other))
    return min(row) if within else row[-1]


def word_error_rate(said: str, heard: str, language: str = "en") -> float:
    """Share of the words that were said; above 1 when a recogniser invents."""
    wanted = words_of(said, language)
    return distance(wanted, words_of(heard, language)) / max(1, len(wanted))


def beyond(making: Making) -> bool:
    """Whether there is so much noise that a recogniser is no judge."""
    return making.snr is not None and making.snr < WIDER[-1][0] - _CLOSE


def bound(making: Making, listener: str) -> float:
    """Word error rate up to which speech is believed to say its script."""
    allowed = CLEAN.get((making.engine, listener), USUAL) + (REVERBERANT if making.effects else 0.0)
    if making.snr is None:
        return allowed
    return allowed + next((more for ratio, more in WIDER if making.snr >= ratio - _CLOSE), 1.0)


def transcript(digest: str, data: bytes, language: str) -> tuple[str, str] | None:
    """Name of the engine, and what it hears; None where no engine here understands the language.

    Kept in the cache folder: listening costs more than speaking, and resumed builds hear nothing twice.

    Args:
        digest: SHA-256 of `data`.
    """
    engine = hearing_for(language)
    if engine is None:
        return None
    path = home() / "heard" / digest[:2] / f"{digest_of([engine.name, LISTENING, language, digest])}.txt"
    try:
        return engine.name, path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = engine.hear(decode(data), language)
        write_file(path, text)
        return engine.name, text


def heard_in(audio: Audio, data: bytes) -> tuple[str, str] | None:
    """The same, of a recording whose language is known."""
    return transcript(audio.sha256, data, audio.made.language) if audio.made and audio.made.language else None
