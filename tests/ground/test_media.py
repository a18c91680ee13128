"""Media are opened before they are believed, kept once, and never read outside their folder."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image as Pillow

from benchmark_agent import media
from benchmark_agent.errors import MediaError
from benchmark_agent.media import MediaStore, inside


def png(size: tuple[int, int] = (8, 6), mode: str = "RGB", blank: bool = False) -> bytes:
    picture = Pillow.new(mode, size)
    if not blank:
        picture.putpixel((0, 0), 1 if mode == "1" else 255 if mode == "L" else (255, 0, 0))
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def wav(samples: np.ndarray, rate: int = 8000) -> bytes:
    data = io.BytesIO()
    soundfile.write(data, samples, rate, format="WAV")
    return data.getvalue()


def test_the_same_image_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    first, second = store.image(png()), store.image(png())
    assert first == second
    assert (first.width, first.height) == (8, 6)
    assert [path.name for path in (tmp_path / "media").iterdir()] == [f"{first.sha256}.png"]
    assert store.read(first) == png()


def test_a_sound_says_its_seconds_and_rate(tmp_path: Path) -> None:
    tone = np.sin(np.arange(4000) / 5).astype(np.float32)
    sound = MediaStore(tmp_path).audio(wav(tone))
    assert (sound.duration, sound.sample_rate) == (0.5, 8000)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "does not open"),
        (b"this is text", "does not open"),
        (png()[:40], "does not open"),
        (png(blank=True), "blank"),
        (png(mode="L", blank=True), "blank"),
    ],
)
def test_bad_images_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(MediaError, match=message):
        MediaStore(tmp_path).image(data)


def test_a_huge_image_is_refused_before_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MAX_PIXELS", 40)
    with pytest.raises(MediaError, match="8 x 6 pixels is over 40"):
        MediaStore(tmp_path).image(png())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "does not open"),
        (b"RIFF\x04\x00\x00\x00WAVE", "does not open"),
        (wav(np.zeros(800, dtype=np.float32)), "silent"),
        (wav(np.ones(800, dtype=np.float32) * 0.5)[:60], "silent|does not open|cut off"),
    ],
)
def test_bad_sounds_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(MediaError, match=message):
        MediaStore(tmp_path).audio(data)


def test_a_long_sound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MAX_SECONDS", 0.01)
    with pytest.raises(MediaError, match=r"is over 0 s"):
        MediaStore(tmp_path).audio(wav(np.ones(8000, dtype=np.float32)))


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../secret"])
def test_paths_do_not_leave_their_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(MediaError, match="leaves its folder"):
        inside(tmp_path / "pool", path)


def test_links_do_not_leave_their_folder(tmp_path: Path) -> None:
    (tmp_path / "pool").mkdir()
    os.symlink(tmp_path, tmp_path / "pool" / "out")
    with pytest.raises(MediaError, match="leaves its folder"):
        inside(tmp_path / "pool", "out/secret")
