"""Samples: levels, pitch, files."""

import io
from fractions import Fraction

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.errors import MediaError
from benchmark_agent.tools.sound import waves
from benchmark_agent.tools.sound.waves import RATE, Wave


def sine(hertz: float, length: float = 1.0, loud: float = 0.5) -> Wave:
    return loud * np.sin(2 * np.pi * hertz * np.arange(round(length * RATE)) / RATE)


def voice(hertz: float, length: float = 1.0) -> Wave:
    """Like a voice: many harmonics."""
    return np.asarray(np.sum([sine(hertz * k, length, 0.3 / k) for k in range(1, 12)], axis=0))


def test_a_wave_survives_its_file_but_for_sixteen_bits_and_the_bytes_are_the_same_twice() -> None:
    wave = voice(180)
    data = waves.encode(wave)
    assert data == waves.encode(wave)
    assert np.abs(waves.decode(data) - wave).max() <= 1 / 32767


def test_stereo_at_another_rate_becomes_mono_at_ours() -> None:
    file = io.BytesIO()
    left = np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
    soundfile.write(file, np.stack([0.4 * left, 0.2 * left], axis=1), 48_000, format="FLAC")
    wave = waves.decode(file.getvalue())
    assert len(wave) == RATE
    assert waves.rms(wave[1000:-1000]) == pytest.approx(0.3 / np.sqrt(2), rel=0.01)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"no sound at all"])
def test_what_is_no_sound_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(MediaError, match=r"does not open|is cut off"):
        waves.decode(data)


def test_the_level_is_that_of_the_speech_not_of_the_silence_around_it() -> None:
    speech = sine(200, 1.0, 0.5)
    padded = np.concatenate([waves.silence(3), speech, waves.silence(3)])
    assert waves.active(padded) == pytest.approx(0.5 / np.sqrt(2), rel=0.02)
    assert waves.rms(padded) == pytest.approx(0.5 / np.sqrt(2) / np.sqrt(7), rel=0.02)
    assert waves.decibels(waves.active(waves.levelled(padded))) == pytest.approx(waves.LEVEL, abs=0.2)


def test_levelling_never_clips() -> None:
    spike = np.zeros(RATE)
    spike[::800] = 0.01
    assert np.abs(waves.levelled(spike, -3.0)).max() <= waves.LOUDEST + 1e-9


def test_clipping_is_told_from_a_loud_sound() -> None:
    loud = sine(440, 1.0, 1.0)[:, None]
    assert waves.clipped(loud) == 0
    assert waves.clipped(np.clip(loud * 2, -1, 1)) > 0.5
    assert waves.clipped(np.zeros((0, 1))) == 0


@settings(max_examples=20, deadline=None)
@given(st.integers(90, 320))
def test_the_pitch_of_a_voice_is_measured(hertz: int) -> None:
    assert waves.pitch(voice(hertz, 0.4)) == pytest.approx(hertz, rel=0.03)


def test_noise_has_no_pitch() -> None:
    assert waves.pitch(np.random.default_rng(1).normal(size=RATE) * 0.1) == 0


def test_a_higher_voice_is_the_same_samples_played_faster() -> None:
    higher = waves.resampled(voice(160), RATE, Fraction(5, 4))
    assert len(higher) == pytest.approx(RATE * 0.8, abs=1)
    assert waves.pitch(higher) == pytest.approx(200, rel=0.02)


def test_silence_around_speech_is_cut_and_edges_do_not_click() -> None:
    wave = waves.trimmed(np.concatenate([waves.silence(1), voice(200, 0.5), waves.silence(1)]))
    assert waves.seconds(wave) == pytest.approx(0.5 + 2 * 0.04, abs=0.03)
    assert abs(wave[0]) < 1e-6
    assert abs(wave[-1]) < 1e-6
