"""Takes: what is spoken, by whom and when, before it becomes a file."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from random import Random

import numpy as np

from benchmark_agent.content import Audio, Making, Said, Turn
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.sources.languages import language_among, language_of
from benchmark_agent.tools import Media
from benchmark_agent.tools.sound.engines import INSTALL_SPEECH, Voice, speech_engines, speech_for, spoken_languages
from benchmark_agent.tools.sound.waves import (
    RATE,
    Wave,
    decode,
    encode,
    levelled,
    pitch,
    resampled,
    seconds,
    silence,
    trimmed,
)

MOST_SECONDS = 180.0
"""Seconds a sound made here may last."""
EDGE = 0.25
"""Seconds of silence before and after what is spoken."""
MOST_WORDS = 400
"""Words that are spoken in one take."""
APART = 1.07
"""Ratio of two median pitches from which two voices are told apart: more than a semitone."""
_LEAST_A_WORD = 0.09
"""Seconds a word takes at least; an engine that gives less left words out."""
USUAL = ("de", "en", "es", "fr", "it", "nl", "pt")
"""Languages a short text may be in."""
_INTRODUCTIONS = {
    "en": "Hello, this is {}.",
    "de": "Hallo, hier ist {}.",
    "es": "Hola, soy {}.",
    "fr": "Bonjour, ici {}.",
    "it": "Ciao, sono {}.",
    "nl": "Hallo, dit is {}.",
    "pt": "Olá, aqui é {}.",
}
_KEPT = 256
"""Utterances kept in memory: takes of one text, and the voices of a babble."""
_UNSPEAKABLE = re.compile(r"[|{}<>_=\\^~#*@`→←≤≥≠∑√∞²³]|https?:|\w/\w|(?<![A-Za-z])[A-Z]{7,}")
_MARKS = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": ", ", "—": ", ", "…": ".", "\u00a0": " "}


@dataclass(frozen=True, slots=True)
class Take:
    """A sound in the making."""

    wave: Wave
    making: Making

    @property
    def length(self) -> float:
        """Seconds."""
        return seconds(self.wave)


def speakable(text: str) -> str:
    """The text as it is handed to an engine.

    Raises:
        Unfit: when part of it (code, formulas, tables, addresses) is not read aloud in one way only, or it is too long.
    """
    plain = text
    for mark, instead in _MARKS.items():
        plain = plain.replace(mark, instead)
    plain = " ".join(plain.split())
    if not any(sign.isalnum() for sign in plain):
        raise Unfit("there is nothing to say")
    if found := _UNSPEAKABLE.search(plain):
        raise Unfit(f"a text with {found.group()!r} is not read aloud in one way only")
    if len(plain.split()) > MOST_WORDS:
        raise Unfit(f"a text of {len(plain.split())} words is too long to be spoken; {MOST_WORDS} are allowed")
    return plain


def language_to_speak(text: str) -> str:
    """ISO 639-1 code of the text; English where too little is said to tell.

    Raises:
        Unfit: when nothing here speaks it.
        ToolError: when nothing here speaks at all.
    """
    language = language_of(text) or language_among(text, USUAL) or "en"
    if speech_for(language) is None:
        able = spoken_languages()
        if not able:
            raise ToolError(INSTALL_SPEECH)
        raise Unfit(f"no engine here speaks {language!r}; they speak {', '.join(able)}")
    return language


def cast_of(language: str, count: int) -> tuple[Voice, ...]:
    """`count` voices that are told apart.

    Raises:
        Unfit: when the engine has not so many.
    """
    engine = speech_for(language)
    voices = engine.cast(language, count) if engine else ()
    if len(voices) < count:
        raise Unfit(f"{count} voices are needed, and the engine here has {len(voices)} for {language!r}")
    return voices


def utter(text: str, voice: Voice, *, speed: float = 1.0, seed: int = 0) -> Wave:
    """The text in a voice, level-matched, without silence around it.

    Raises:
        Unfit: when it cannot be spoken.
        ToolError: when the engine left out what it was given.
    """
    return _uttered(speakable(text), voice, speed, seed)


@lru_cache(maxsize=_KEPT)
def _uttered(text: str, voice: Voice, speed: float, seed: int) -> Wave:
    engine = next(each for each in speech_engines() if each.name == voice.engine)
    samples, rate = engine.speak(text, voice, speed, seed)
    wave = levelled(trimmed(resampled(samples, rate)))
    if seconds(wave) < _LEAST_A_WORD * len(text.split()) / speed:
        raise ToolError(f"{voice.engine} gave {seconds(wave):.2f} s of sound for {len(text.split())} words")
    wave.setflags(write=False)
    return wave


def introduced(names: Iterable[str], language: str) -> list[Turn]:
    """A turn each, in which somebody says their name.

    Raises:
        Unfit: when it is not known how that is said in the language.
    """
    if language not in _INTRODUCTIONS:
        raise Unfit(f"it is not known how people say their names in {language!r}")
    return [Turn(speaker=name, text=_INTRODUCTIONS[language].format(name)) for name in names]


def speech_take(turns: Sequence[Turn], voices: Sequence[Voice], rng: Random, gap: tuple[float, float]) -> Take:
    """Turns one after the other, each in its voice, with gaps drawn between two lengths in seconds.

    With negative lengths a turn begins before the last one has ended.

    Raises:
        Unfit: when it would last too long, or a turn cannot be spoken.
    """
    placed, said = list[tuple[int, Wave]](), list[Said]()
    at = EDGE
    for number, (turn, voice) in enumerate(zip(turns, voices, strict=True)):
        wave = utter(turn.text, voice)
        if number:
            pause = round(rng.uniform(*gap), 3)
            at = max(at + pause, said[-1].start + EDGE)
        start = round(at * RATE)
        placed.append((start, wave))
        at = (start + len(wave)) / RATE
        said.append(
            Said(speaker=turn.speaker, text=turn.text, start=round(start / RATE, 3), end=round(at, 3),
                 voice=voice.name, pitch=round(pitch(wave), 1))
        )  # fmt: skip
        if at > MOST_SECONDS:
            raise Unfit(f"what is to be spoken lasts over {MOST_SECONDS:.0f} s")
    whole = silence(max(each.end for each in said) + EDGE)
    for start, wave in placed:
        whole[start : start + len(wave)] += wave
    languages = {voice.language for voice in voices}
    making = Making(
        said=tuple(said),
        language=voices[0].language if len(languages) == 1 else "",
        engine=voices[0].engine,
    )
    return Take(whole, making)


def pitches(said: Iterable[Said]) -> dict[str, float]:
    """Median pitch of each voice, hertz, over its stretches."""
    heard: dict[str, list[float]] = {}
    for each in said:
        if each.pitch:
            heard.setdefault(each.voice, []).append(each.pitch)
    return {voice: float(np.median(found)) for voice, found in heard.items()}


def confusable(said: Iterable[Said]) -> tuple[str, str] | None:
    """Two voices whose pitch lies too close together to tell them apart; None when all are apart."""
    ranked = sorted((height, voice) for voice, height in pitches(said).items())
    for (low, one), (high, other) in pairwise(ranked):
        if high < low * APART:
            return one, other
    return None


def keep(take: Take, media: Media) -> Audio:
    """Write the take and hand on what is known of it.

    Raises:
        MediaError: when it is silent.
        Unfit: when it is too long.
    """
    if take.length > MOST_SECONDS:
        raise Unfit(f"a sound of {take.length:.0f} s is over {MOST_SECONDS:.0f} s")
    return media.audio(encode(take.wave)).model_copy(update={"made": take.making})


def taken(audio: Audio, media: Media) -> Take:
    """A sound as a take: what is known of its making comes with it."""
    return Take(decode(media.read(audio)), audio.made or Making())


def moved(said: Sequence[Said], by: float) -> tuple[Said, ...]:
    return tuple(
        each.model_copy(update={"start": round(each.start + by, 3), "end": round(each.end + by, 3)}) for each in said
    )


def with_effect(take: Take, wave: Wave, effect: str) -> Take:
    return replace(take, wave=wave, making=take.making.model_copy(update={"effects": (*take.making.effects, effect)}))


def told(take: Making) -> str:
    """Who says what and when, for the reader of `show`."""
    lines = (f"{each.start:.1f} s {each.speaker}: {each.text}".replace(" :", ":") for each in take.said)
    noise = f" ({take.noise} noise, {take.snr:.1f} dB)" if take.noise and take.snr is not None else ""
    return " / ".join(lines) + noise
