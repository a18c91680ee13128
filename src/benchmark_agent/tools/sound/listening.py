"""Engines that transcribe on this machine: moonshine (English), faster-whisper with a model folder of the user's."""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmark_agent.tools.sound.engines import Hearing, loaded
from benchmark_agent.tools.sound.waves import RATE, Wave

WHISPER = "BENCHMARK_AGENT_WHISPER"
WHISPER_LANGUAGES = "en de es fr it pt nl pl ru uk cs sv tr zh ja ko ar hi id vi".split()


def _moonshine() -> Any:
    from moonshine_voice import ModelArch, Transcriber, get_assets_path

    return Transcriber(str(Path(str(get_assets_path())) / "tiny-en"), model_arch=ModelArch.TINY)


@dataclass(frozen=True, slots=True)
class Moonshine:
    """moonshine-voice 0.1.0, whose wheel holds the tiny English model; one utterance at a time."""

    name: str = "moonshine"
    languages: tuple[str, ...] = ("en",)

    def missing(self) -> str:
        return "" if find_spec("moonshine_voice") else "type \"pip install 'benchmark-agent[hearing]'\""

    def hear(self, wave: Wave, language: str) -> str:
        engine: Any = loaded(_moonshine)
        with engine.lock:
            found = engine.model.transcribe_without_streaming([float(sample) for sample in wave], RATE)
        return " ".join(line.text.strip() for line in found.lines)


def _whisper() -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(os.environ[WHISPER], device="cpu", compute_type="int8", local_files_only=True)


@dataclass(frozen=True, slots=True)
class Whisper:
    """faster-whisper with the model in the folder BENCHMARK_AGENT_WHISPER."""

    name: str = "faster-whisper"

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(WHISPER_LANGUAGES)

    def missing(self) -> str:
        folder = os.environ.get(WHISPER, "")
        if not folder:
            return f"set {WHISPER} to the folder of a faster-whisper model"
        if not (Path(folder) / "model.bin").is_file():
            return f"the folder {folder!r} in {WHISPER} holds no 'model.bin'"
        return "" if find_spec("faster_whisper") else "type 'pip install faster-whisper'"

    def hear(self, wave: Wave, language: str) -> str:
        engine: Any = loaded(_whisper)
        with engine.lock:
            # The generator works while it is read.
            pieces, _ = engine.model.transcribe(wave.astype("float32"), language=language, beam_size=1)
            return " ".join(piece.text.strip() for piece in pieces)


ENGINES: tuple[Hearing, ...] = (Whisper(), Moonshine())
