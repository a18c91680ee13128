"""The real engines: what is spoken is heard again. Skipped where they are not installed."""

from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from benchmark_agent.content import Phrase
from benchmark_agent.media import MediaStore
from benchmark_agent.tools.sound import heard, steps, takes, waves
from benchmark_agent.tools.sound.listening import Moonshine
from benchmark_agent.tools.sound.speaking import Hibari

pytestmark = pytest.mark.skipif(
    not (find_spec("hibari") and find_spec("moonshine_voice")),
    reason="needs the extras: pip install 'benchmark-agent[speech,hearing]'",
)
LINES = (
    "The ferry leaves from the lower pier at a quarter past nine.",
    "We painted the fence last spring, and it needs another coat.",
    "Fifteen boxes were carried up to the second floor.",
)


@pytest.fixture(autouse=True)
def bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SPEECH_URL", "KOKORO_URL", "HEARING_URL", "WHISPER"):
        monkeypatch.delenv(f"BENCHMARK_AGENT_{name}", raising=False)


def test_what_every_derived_voice_says_is_understood_and_their_pitches_are_apart() -> None:
    pitches = []
    for voice in Hibari().cast("en", 4):
        said = [takes.utter(line, voice) for line in LINES]
        wrong = [
            heard.word_error_rate(line, Moonshine().hear(wave, "en")) for line, wave in zip(LINES, said, strict=True)
        ]
        assert sum(wrong) / len(wrong) <= 0.2
        pitches.append(sorted(waves.pitch(wave) for wave in said)[1])
    assert all(high > low * takes.APART for low, high in pairwise(pitches))


def test_a_recording_is_transcribed_once(home: Path, media: MediaStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = steps.speak.run(Phrase(text=LINES[2]), media)
    text = steps.transcribe.run(sound, media).text
    assert heard.word_error_rate(LINES[2], text) <= 0.2
    monkeypatch.setattr(Moonshine, "hear", lambda *_: "asked again")
    assert steps.transcribe.run(sound, media).text == text
