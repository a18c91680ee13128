"""A run folder for media, and an engine that needs nothing installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmark_agent.media import MediaStore
from benchmark_agent.sources.home import using
from benchmark_agent.tools.sound import engines, noise, takes
from tests.sound.voices import Buzzer


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path)


@pytest.fixture
def buzzer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Buzzer]:
    """The only engine that speaks is the one for tests."""
    engine = Buzzer()
    monkeypatch.setattr(engines, "speech_engines", lambda: (engine,))
    monkeypatch.setattr(takes, "speech_engines", lambda: (engine,))
    caches = (engines._speech, takes._uttered, noise._talk)
    for each in caches:
        each.cache_clear()
    yield engine
    for each in caches:
        each.cache_clear()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A cache folder of its own."""
    with using(tmp_path / "home"):
        yield tmp_path / "home"
