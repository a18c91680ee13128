"""Engines that speak on this machine: hibari (English), espeak-ng (other languages)."""

import io
import shutil
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt
import soundfile

from benchmark_agent.errors import ToolError
from benchmark_agent.tools.sound.engines import Speech, Spoken, Voice, loaded
from benchmark_agent.tools.sound.waves import RATE, resampled

_CASTS: dict[int, tuple[str, ...]] = {
    1: ("1",),
    2: ("5/6", "7/6"),
    3: ("4/5", "1", "5/4"),
    4: ("4/5", "14/15", "13/12", "5/4"),
}
"""Pitch of the derived voices against the engine's own, by how many are needed: as far apart as stays intelligible."""


class _Synthesizer(Protocol):
    def __call__(self, text: str, speed: float, seed: int) -> npt.NDArray[np.float32]: ...


def _hibari() -> object:
    from hibari import Hibari

    return Hibari(threads=1)


@dataclass(frozen=True, slots=True)
class Hibari:
    """hibari-tts: one English voice, from which others are derived.

    A derived voice is spoken slower (or faster) and resampled to the old tempo: pitch and formants move together, as
    with a larger or smaller speaker.
    """

    name: str = "hibari"
    languages: tuple[str, ...] = ("en",)

    def missing(self) -> str:
        found = find_spec("hibari") and find_spec("onnxruntime")
        return "" if found else "type \"pip install 'benchmark-agent[speech]'\""

    def cast(self, language: str, count: int) -> tuple[Voice, ...]:
        return tuple(Voice(self.name, f"heart x {pitch}", "en") for pitch in _CASTS[min(count, max(_CASTS))])

    def speak(self, text: str, voice: Voice, speed: float, seed: int) -> Spoken:
        pitch = Fraction(voice.name.rpartition(" x ")[2])
        engine = loaded(_hibari)
        with engine.lock:
            samples = cast(_Synthesizer, engine.model)(text, speed=speed / float(pitch), seed=seed % 2**32)
        return Spoken(resampled(samples, 24_000, pitch), RATE)


_ESPEAK_VOICES: dict[str, str] = {"es": "es", "de": "de"}
"""Languages a recogniser follows when espeak-ng speaks them; in French, Italian, Portuguese and Russian it loses most
words, so these are left to a server."""
_ESPEAK_CASTS: dict[int, tuple[str, ...]] = {
    1: ("m3 40",),
    2: ("m3 30", "f2 70"),
    3: ("m7 15", "m3 60", "f2 85"),
    4: ("m7 10", "m3 40", "f2 60", "f4 95"),
}
"""Variant and pitch, 0-99."""
_WORDS_A_MINUTE = 160
_SECONDS = 60
"""Seconds a call may take."""


@dataclass(frozen=True, slots=True)
class Espeak:
    """The espeak-ng program, called for each utterance: robotic, but in many languages and with many voices."""

    name: str = "espeak-ng"

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(_ESPEAK_VOICES)

    def missing(self) -> str:
        return "" if shutil.which("espeak-ng") else "install the program 'espeak-ng' with your system's package manager"

    def cast(self, language: str, count: int) -> tuple[Voice, ...]:
        return tuple(Voice(self.name, name, language) for name in _ESPEAK_CASTS[min(count, max(_ESPEAK_CASTS))])

    def speak(self, text: str, voice: Voice, speed: float, seed: int) -> Spoken:
        variant, pitch = voice.name.split()
        named = f"{_ESPEAK_VOICES[voice.language]}+{variant}"
        asked = [
            "espeak-ng",
            "-v",
            named,
            "-p",
            pitch,
            "-s",
            str(round(_WORDS_A_MINUTE * speed)),
            "--stdin",
            "--stdout",
        ]
        try:
            done = subprocess.run(asked, input=text.encode(), capture_output=True, timeout=_SECONDS, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise ToolError(f"espeak-ng did not speak: {error}") from error
        try:
            samples, rate = soundfile.read(io.BytesIO(_sized(done.stdout)), dtype="float64")
        except soundfile.SoundFileError as error:
            raise ToolError(f"espeak-ng gave no sound: {error}") from error
        return Spoken(samples, int(rate))


def _sized(data: bytes) -> bytes:
    """A WAV written to a pipe states no size; the true one is put in its header."""
    at = data.find(b"data")
    if data[:4] != b"RIFF" or at < 0:
        return data
    head = data[:4] + (len(data) - 8).to_bytes(4, "little") + data[8 : at + 4]
    return head + (len(data) - at - 8).to_bytes(4, "little") + data[at + 8 :]


ENGINES: tuple[Speech, ...] = (Hibari(), Espeak())
