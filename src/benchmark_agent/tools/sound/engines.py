"""What speaks and what listens here: protocols, and which engine is taken."""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple, Protocol, TypeVar

from benchmark_agent.tools.sound.waves import Wave

INSTALL_SPEECH = (
    "nothing here can speak: type \"pip install 'benchmark-agent[speech]'\", "
    "or set BENCHMARK_AGENT_SPEECH_URL to a server with '/audio/speech'"
)
INSTALL_HEARING = (
    "nothing here can transcribe: type \"pip install 'benchmark-agent[hearing]'\", set BENCHMARK_AGENT_HEARING_URL "
    "to a server with '/audio/transcriptions', or BENCHMARK_AGENT_WHISPER to the folder of a faster-whisper model"
)


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker of an engine."""

    engine: str
    name: str
    language: str
    """ISO 639-1 code."""


class Spoken(NamedTuple):
    samples: Wave
    """Mono. Shape (samples,)."""
    rate: int
    """Hertz."""


class Engine(Protocol):
    """Something that runs here or does not."""

    @property
    def name(self) -> str: ...

    def missing(self) -> str:
        """What to install or set; empty when it runs here."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """ISO 639-1 codes."""
        ...


class Speech(Engine, Protocol):
    """Turns text into speech. The same arguments give the same samples."""

    def cast(self, language: str, count: int) -> tuple[Voice, ...]:
        """`count` voices that are told apart best; fewer where it has no more."""
        ...

    def speak(self, text: str, voice: Voice, speed: float, seed: int) -> Spoken:
        """Raises ToolError when it does not."""
        ...


class Hearing(Engine, Protocol):
    """Turns speech into text."""

    def hear(self, wave: Wave, language: str) -> str:
        """What is said in samples at `waves.RATE`. Raises ToolError when it cannot say."""
        ...


E = TypeVar("E", bound=Engine)


def speech_engines() -> tuple[Speech, ...]:
    """Every engine, the preferred one first: what a user set up, then what is bundled."""
    from benchmark_agent.tools.sound import remote, speaking

    return (remote.RemoteSpeech(), remote.Kokoro(), *speaking.ENGINES)


def hearing_engines() -> tuple[Hearing, ...]:
    from benchmark_agent.tools.sound import listening, remote

    return (remote.RemoteHearing(), *listening.ENGINES)


def _first(engines: Sequence[E], language: str) -> E | None:
    return next((each for each in engines if language in each.languages and not each.missing()), None)


def speech_for(language: str) -> Speech | None:
    """The engine that speaks a language here; None where none does. Found once for the settings of the environment."""
    return _speech(language, _settings())


def hearing_for(language: str) -> Hearing | None:
    """The engine that understands a language here; None where none does."""
    return _hearing(language, _settings())


def _settings() -> tuple[str, ...]:
    return tuple(
        f"{name}={value}"
        for name, value in sorted(os.environ.items())
        if name == "PATH" or name.startswith("BENCHMARK_AGENT_")
    )


@lru_cache(maxsize=64)
def _speech(language: str, settings: tuple[str, ...]) -> Speech | None:
    return _first(speech_engines(), language)


@lru_cache(maxsize=64)
def _hearing(language: str, settings: tuple[str, ...]) -> Hearing | None:
    return _first(hearing_engines(), language)


def spoken_languages() -> tuple[str, ...]:
    """ISO 639-1 codes of what can be spoken here."""
    return tuple(dict.fromkeys(code for each in speech_engines() if not each.missing() for code in each.languages))


def missing_speech() -> str:
    """What to install so that anything can be spoken; empty when something can."""
    return "" if spoken_languages() else INSTALL_SPEECH


def missing_hearing() -> str:
    return "" if any(not each.missing() for each in hearing_engines()) else INSTALL_HEARING


class Loaded(NamedTuple):
    """A model of which a process has one, and the lock around its use."""

    model: object
    lock: threading.Lock


@cache
def loaded(load: Callable[[], object]) -> Loaded:
    """Load once in a process, at first use. Engines are not thread-safe: use them under the lock."""
    return Loaded(load(), threading.Lock())
