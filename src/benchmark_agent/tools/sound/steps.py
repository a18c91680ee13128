"""The sound tools a recipe may use."""

import re
from random import Random
from typing import Annotated

import numpy as np

from benchmark_agent.content import Audio, Dialog, Items, Making, Phrase, Said, Turn
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.sources.languages import language_of
from benchmark_agent.tools import Media, Tool, tool
from benchmark_agent.tools.sound import noise, rooms, tones
from benchmark_agent.tools.sound.engines import Voice, missing_hearing, missing_speech
from benchmark_agent.tools.sound.heard import transcript
from benchmark_agent.tools.sound.takes import (
    Take,
    cast_of,
    confusable,
    keep,
    language_to_speak,
    moved,
    speech_take,
    taken,
    with_effect,
)
from benchmark_agent.tools.sound.waves import RATE, silence, softened

GAP = (0.25, 0.6)
"""Seconds between two turns."""


@tool(missing=missing_speech)
def speak(text: Annotated[Phrase, "context", "question", "answer"], media: Media) -> Audio:
    """Read a text aloud in one voice."""
    language = language_to_speak(text.text)
    voice = cast_of(language, 1)
    return keep(speech_take([Turn(speaker="", text=text.text)], voice, Random(0), GAP), media)


@tool(missing=missing_speech)
def speak_dialogue(
    dialog: Annotated[Dialog, "dialog", "context"], rng: Random, media: Media, *, overlap: float = 0.0
) -> Audio:
    """Speak a conversation, each speaker in a voice and language of their own; who speaks when is kept with the
    recording. With `overlap`, speakers begin that many seconds before the last one has ended."""
    turns = [turn for turn in dialog.turns if turn.text.strip()]
    if not turns:
        raise Unfit("the conversation is empty")
    if not 0 <= overlap <= 2:
        raise ToolError(f"an overlap of {overlap:g} s is out of bounds; 0 to 2 s are allowed")
    return keep(dialogue_take(turns, rng, (-overlap, -overlap) if overlap else GAP), media)


def dialogue_take(turns: list[Turn], rng: Random, gap: tuple[float, float] = GAP) -> Take:
    """Turns in voices of their own, drawn anew for every conversation.

    Raises:
        Unfit: when there are more speakers than voices, or a turn cannot be spoken.
        ToolError: when two voices came out too alike.
    """
    has = _voices_of(turns, rng)
    take = speech_take(turns, [has[turn.speaker] for turn in turns], rng, gap)
    if close := confusable(take.making.said):
        raise ToolError(f"the voices {close[0]!r} and {close[1]!r} came out too alike to be told apart")
    return take


def _voices_of(turns: list[Turn], rng: Random) -> dict[str, Voice]:
    """A voice for each speaker: of the language of the conversation, or of each speaker's own where they differ."""
    own: dict[str, str] = {}
    for turn in turns:
        own[turn.speaker] = f"{own.get(turn.speaker, '')} {turn.text}"
    certain = {speaker: language_of(text) for speaker, text in own.items()}
    common = language_to_speak(" ".join(turn.text for turn in turns)) if len(set(certain.values()) - {""}) < 2 else ""
    spoken = {speaker: common or language_to_speak(text) for speaker, text in own.items()}
    has: dict[str, Voice] = {}
    for language in dict.fromkeys(spoken.values()):
        speakers = [speaker for speaker, its in spoken.items() if its == language]
        voices = list(cast_of(language, len(speakers)))
        rng.shuffle(voices)
        has |= zip(speakers, voices, strict=True)
    return has


@tool(missing=missing_hearing)
def transcribe(audio: Audio, media: Media) -> Phrase:
    """Write down what is said in a recording, as a recogniser hears it; English where its language is not known."""
    language = (audio.made.language if audio.made else "") or "en"
    found = transcript(audio.sha256, media.read(audio), language)
    if found is None:
        raise Unfit(f"no engine here understands {language!r}")
    if not found[1].strip():
        raise Unfit("nothing is heard in the recording")
    return Phrase(text=found[1].strip(), name="transcript")


@tool()
def mix_noise(audio: Audio, rng: Random, media: Media, *, scene: str = "babble", snr: float = 10.0) -> Audio:
    """Put noise under a recording: babble, traffic, pink, white, brown, hum or tones, at a ratio in decibels."""
    return keep(noise.mixed(taken(audio, media), scene, snr, rng), media)


@tool()
def add_reverb(audio: Audio, rng: Random, media: Media, *, decay: float = 0.6, distance: float = 2.0) -> Audio:
    """Let a recording sound as in a room: seconds of decay, and metres from the microphone."""
    take = taken(audio, media)
    wave = rooms.in_room(take.wave, decay, distance, rng)
    return keep(with_effect(take, wave, f"reverberation of {decay:g} s at {distance:g} m"), media)


@tool()
def join_audio(first: Audio, second: Audio, media: Media, *, gap: float = 0.5) -> Audio:
    """Play two recordings one after the other, with a gap in seconds."""
    if not 0 <= gap <= 10:
        raise ToolError(f"a gap of {gap:g} s is out of bounds; 0 to 10 s are allowed")
    return keep(joined(taken(first, media), taken(second, media), gap), media)


def joined(one: Take, other: Take, gap: float) -> Take:
    """One take after the other. `gap`: seconds. What is known of noise is kept where both agree."""
    said = (*one.making.said, *moved(other.making.said, one.length + gap))
    alike = (one.making.noise, one.making.asked_snr) == (other.making.noise, other.making.asked_snr)
    making = Making(said=said, language=one.making.language, engine=one.making.engine)
    if alike:
        making = one.making.model_copy(update={"said": said})
    return Take(np.concatenate([one.wave, silence(gap), other.wave]), making)


@tool()
def cut_audio(audio: Audio, media: Media, *, start: float = 0.0, end: float = 30.0) -> Audio:
    """Cut a recording to a stretch, in seconds; a stretch of speech that is cut through is left out whole."""
    take = taken(audio, media)
    if not 0 <= start < end:
        raise ToolError(f"a cut from {start:g} to {end:g} s keeps nothing")
    if start >= take.length:
        raise Unfit(f"the recording lasts {take.length:.1f} s, and the cut starts at {start:g} s")
    first, last = _between_turns(take.making.said, start, min(end, take.length))
    wave = softened(take.wave[round(first * RATE) : round(last * RATE)])
    said = moved([each for each in take.making.said if first <= each.start and each.end <= last], -first)
    return keep(Take(wave, take.making.model_copy(update={"said": said})), media)


def _between_turns(said: tuple[Said, ...], start: float, end: float) -> tuple[float, float]:
    """The widest stretch inside the cut that halves no turn.

    Raises:
        Unfit: when nothing whole is left.
    """
    first = max([each.end for each in said if each.start < start < each.end], default=start)
    last = min([each.start for each in said if each.start < end < each.end], default=end)
    if last - first < 0.2:
        raise Unfit("no whole stretch of speech lies in the cut")
    return first, last


@tool()
def play_tones(notes: Items | Phrase, media: Media, *, beat: float = 0.4) -> Audio:
    """Play notes such as 'C4 E4 G4:2 R' (a colon gives the beats, R is a rest); the beat is in seconds."""
    if not 0.1 <= beat <= 2:
        raise ToolError(f"a beat of {beat:g} s is out of bounds; 0.1 to 2 s are allowed")
    named = notes.items if isinstance(notes, Items) else tuple(re.split(r"[\s,]+", notes.text.strip()))
    wave = tones.melody([tones.read_note(name) for name in named], beat)
    return keep(Take(wave, Making(effects=(f"notes {' '.join(named)}",))), media)


TOOLS: tuple[Tool, ...] = (speak, speak_dialogue, transcribe, mix_noise, add_reverb, join_audio, cut_audio, play_tones)
