"""Parts of the page: media made small, texts cut, figures in words, verdicts in sentences."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image as Pillow

from benchmark_agent.content import Audio, Image
from benchmark_agent.quality.assess import assess
from benchmark_agent.quality.responses import responses_of
from benchmark_agent.quality.types import Metric
from benchmark_agent.report import words
from benchmark_agent.report.items import LONGEST_TEXT, cut
from benchmark_agent.report.media import Album, clip, thumbnail
from benchmark_agent.report.summary import who_leads


def noise(width: int, height: int, seed: int = 0) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def tone(seconds: float, rate: int) -> bytes:
    file = io.BytesIO()
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)
    soundfile.write(file, np.stack([wave, wave], axis=1), rate, format="WAV")
    return file.getvalue()


def data(uri: str) -> bytes:
    return base64.b64decode(uri.partition(",")[2])


def test_a_large_picture_becomes_small_and_says_so() -> None:
    shown = thumbnail(noise(1600, 800))
    with Pillow.open(io.BytesIO(data(shown.uri))) as small:
        assert (small.width, small.height) == (640, 320)
    assert shown.note == "made smaller, from 1600 x 800 pixels"


def test_a_small_picture_is_taken_over_unchanged() -> None:
    original = noise(40, 30)
    shown = thumbnail(original)
    assert (data(shown.uri), shown.note) == (original, "")


@pytest.mark.parametrize(("rate", "kind"), [(16_000, "audio/mpeg"), (10_000, "audio/wav")])
def test_a_long_sound_is_cut_and_made_one_channel(rate: int, kind: str) -> None:
    shown = clip(tone(40, rate))
    assert shown.uri.startswith(f"data:{kind};base64,")
    samples, kept = soundfile.read(io.BytesIO(data(shown.uri)))
    assert samples.ndim == 1
    assert len(samples) / kept == pytest.approx(30, abs=0.2)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.05)
    assert shown.note == "the first 30 of 40 s"


def test_an_album_never_goes_over_its_budget(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    parts = []
    for n in range(6):
        (tmp_path / "media" / f"{n}.png").write_bytes(noise(90, 90, n))
        parts.append(Image(path=f"media/{n}.png", sha256=str(n), width=90, height=90))
    album = Album(left=100_000)
    shown = [album.shown(part, tmp_path) for part in parts]
    assert sum(len(each.uri) for each in shown) <= 100_000
    assert 0 < sum(not each.uri for each in shown) == album.left_out
    assert "left out" in shown[-1].note


def test_missing_and_foreign_files_are_named_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "in").mkdir()
    album = Album()
    for path in ("../secret.txt", "media/none.wav"):
        shown = album.shown(Audio(path=path, sha256="x", duration=1, sample_rate=8000), tmp_path / "in")
        assert (shown.uri, shown.note) == ("", "the file is missing or does not open")


def test_long_texts_lose_their_middle_and_say_how_much() -> None:
    told = cut("a" * 1000 + "b" * 1000)
    assert told.startswith("a" * (LONGEST_TEXT // 2))
    assert told.endswith("b" * (LONGEST_TEXT // 2))
    assert "500 characters left out" in told
    assert cut("10\u00a0% \u202eevil\x00\n\u0645\u06cc\u200c\u062e") == "10\u00a0% evil\n\u0645\u06cc\u200c\u062e"


def test_bands_hold_their_upper_end() -> None:
    shares = (0, 0.1, 0.25, 0.26, 0.5, 0.75, 0.76, 0.99, 1)
    assert [words.BANDS[words.band(each)] for each in shares] == [
        "none", "to 25 %", "to 25 %", "to 50 %", "to 50 %", "to 75 %", "to 99 %", "to 99 %", "all",
    ]  # fmt: skip


def test_numbers_are_said_in_their_units() -> None:
    assert words.interval(Metric(name="score", value=0.5, low=0.4, high=0.61, n=9)) == "40 to 61\u00a0%"
    assert words.figure(Metric(name="reliability", value=0.912, n=9)) == "0.91"
    assert words.figure(Metric(name="headroom", value=0.305, n=9)) == "30.5\u00a0%"
    assert words.figure(Metric(name="headroom", value=None, n=9)) == "not known"
    assert [words.money(each) for each in (None, 0, 0.0012, 1234.5)] == ["not known", "$0.00", "$0.0012", "$1,234.50"]
    assert [words.duration(each) for each in (3.21, 65, 600, 7200)] == ["3.2 s", "65 s", "10 min", "2.0 h"]
    assert [words.plural(n, "item") for n in (1, 2000)] == ["1 item", "2,000 items"]


def test_a_lead_that_no_test_shows_is_called_one() -> None:
    """Two models that differ on one of forty items; a third that is far behind."""
    first, second, third = [1.0] * 38 + [0, 0], [1.0] * 37 + [0, 0, 0], [0.0] * 40
    said = who_leads(assess(responses_of([first, second, third], models=["one", "two", "three"])))
    assert said[0].startswith("one is first with 95\u00a0% (")
    assert said[1] == "That is not a proven lead: no paired test tells it from two."
    alone = who_leads(assess(responses_of([first, third], models=["one", "three"])))
    assert "ahead of every other model" in alone[1]
    assert "only model" in who_leads(assess(responses_of([first], models=["one"])))[0]
