"""An engine for tests that need no installed one: each word is a short buzz, so duration and pitch are known."""

import numpy as np

from benchmark_agent.tools.sound.engines import Spoken, Voice
from benchmark_agent.tools.sound.waves import RATE, Wave

PITCHES = {"low": 120.0, "middle": 170.0, "high": 230.0, "top": 300.0}
WORD, PAUSE = 0.2, 0.05


class Buzzer:
    """Speaks English in buzzes: one of 0.2 s a word, at the pitch of the voice."""

    name = "buzzer"
    languages: tuple[str, ...] = ("en",)

    def missing(self) -> str:
        return ""

    def cast(self, language: str, count: int) -> tuple[Voice, ...]:
        return tuple(Voice(self.name, name, language) for name in list(PITCHES)[:count])

    def speak(self, text: str, voice: Voice, speed: float, seed: int) -> Spoken:
        one = np.concatenate([_buzz(PITCHES[voice.name], WORD / speed), np.zeros(round(PAUSE / speed * RATE))])
        return Spoken(np.tile(one, len(text.split())), RATE)


def _buzz(hertz: float, length: float) -> Wave:
    at = np.arange(round(length * RATE)) / RATE
    return np.asarray(np.sum([0.2 / k * np.sin(2 * np.pi * hertz * k * at) for k in range(1, 10)], axis=0))
