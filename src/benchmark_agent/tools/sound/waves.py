"""Samples: encode, decode, resample, levels and pitch. Everything made here is mono at one rate."""

import io
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import resample_poly

from benchmark_agent.media import read_audio

RATE = 16_000
"""Hertz. What recognisers and audio models work at."""
LEVEL = -23.0
"""Decibels of full scale: root mean square of speech while somebody speaks (as EBU R 128 sets loudness)."""
LOUDEST = 0.97
"""Peak amplitude, 0-1, that nothing written here exceeds."""
_FRAME = RATE // 50
"""Samples in 20 ms."""
_SPEAKS = 40.0
"""Decibels under the loudest frame from which nobody is taken to speak."""
_FINEST = 1000
"""Greatest numerator or denominator of a resampling ratio."""

Wave = npt.NDArray[np.float64]
"""Mono samples at `RATE`, -1 to 1. Shape (samples,)."""


def encode(wave: Wave) -> bytes:
    """16-bit WAV without any metadata; the same bytes for the same samples."""
    file = io.BytesIO()
    samples = np.clip(np.round(wave * 32768), -32768, 32767).astype(np.int16)
    soundfile.write(file, samples, RATE, "PCM_16", format="WAV")
    return file.getvalue()


def decode(data: bytes) -> Wave:
    """Any sound file as mono at `RATE`. Raises MediaError when it does not open or is too long."""
    samples, rate, _ = read_audio(data)
    return resampled(samples.mean(axis=1), rate)


_FULL, _RUN = 0.999, 4
"""Amplitude, 0-1, and samples in a row at it, from which a sound was cut off at the top."""


def clipped(samples: npt.NDArray[np.float64]) -> float:
    """Share of samples, 0-1, that lie in runs at full scale. Shape (frames, channels)."""
    full = np.abs(samples).min(axis=1, initial=2.0) >= _FULL
    edges = np.flatnonzero(np.diff(np.concatenate(([0], full.astype(np.int8), [0]))))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= _RUN].sum()) / max(1, len(samples))


def resampled(samples: npt.NDArray[np.floating], rate: int, pitch: Fraction = Fraction(1)) -> Wave:
    """Samples at `RATE`, played faster by `pitch`: what was 100 Hz is then `pitch` x 100 Hz."""
    ratio = (Fraction(RATE, rate) / pitch).limit_denominator(_FINEST)
    if ratio == 1 or not len(samples):
        return np.asarray(samples, dtype=np.float64)
    return np.asarray(resample_poly(np.asarray(samples, dtype=np.float64), ratio.numerator, ratio.denominator))


def seconds(wave: Wave) -> float:
    return len(wave) / RATE


def silence(length: float) -> Wave:
    """`length`: seconds."""
    return np.zeros(round(length * RATE))


def decibels(ratio: float) -> float:
    return 20 * float(np.log10(max(ratio, 1e-9)))


def rms(wave: Wave) -> float:
    return float(np.sqrt(np.mean(np.square(wave)))) if len(wave) else 0.0


def speaks(wave: Wave) -> npt.NDArray[np.bool_]:
    """Where somebody speaks, in frames of 20 ms: within 40 dB of the loudest frame. Shape (frames,)."""
    whole = len(wave) // _FRAME * _FRAME
    power = np.square(wave[:whole]).reshape(-1, _FRAME).mean(axis=1)
    return np.asarray(power > power.max(initial=0.0) * 10 ** (-_SPEAKS / 10))


def active(wave: Wave, where: npt.NDArray[np.bool_] | None = None) -> float:
    """Root mean square over the frames in which somebody speaks (those of `where`, when given)."""
    frames = speaks(wave) if where is None else where
    if not frames.any():
        return rms(wave)
    whole = len(frames) * _FRAME
    return float(np.sqrt(np.square(wave[:whole]).reshape(-1, _FRAME)[frames].mean()))


def levelled(wave: Wave, level: float = LEVEL) -> Wave:
    """At `level` decibels while somebody speaks, or as near as the peaks allow."""
    loud, peak = active(wave), float(np.abs(wave).max(initial=0.0))
    if loud < 1e-6:
        return wave
    return wave * min(10 ** (level / 20) / loud, LOUDEST / peak)


def trimmed(wave: Wave, margin: float = 0.04) -> Wave:
    """Without the silence before and after, but for `margin` seconds, with soft edges."""
    heard = np.flatnonzero(speaks(wave))
    if not len(heard):
        return wave
    start = max(0, heard[0] * _FRAME - round(margin * RATE))
    end = min(len(wave), (heard[-1] + 1) * _FRAME + round(margin * RATE))
    return softened(wave[start:end])


def softened(wave: Wave, length: float = 0.008) -> Wave:
    """With edges that fade in and out over `length` seconds, so that nothing clicks."""
    n = min(round(length * RATE), len(wave) // 2)
    if not n:
        return wave
    ramp = np.sin(np.linspace(0, np.pi / 2, n)) ** 2
    faded = wave.copy()
    faded[:n] *= ramp
    faded[-n:] *= ramp[::-1]
    return faded


_LOWEST, _HIGHEST = 70, 420
"""Hertz: where the pitch of a speaking voice lies."""
_VOICED = 0.5
"""Normalised autocorrelation from which a frame counts as voiced."""


def pitch(wave: Wave) -> float:
    """Median fundamental frequency of the voiced frames, hertz; 0 where there are none.

    Autocorrelation of 40 ms frames, the first strong peak taken (Rabiner 1977).
    """
    size = 2 * _FRAME
    starts = np.flatnonzero(speaks(wave))[:-1] * _FRAME
    found = []
    for start in starts:
        frame = wave[start : start + size]
        if len(frame) == size and (period := _period(frame - frame.mean())):
            found.append(RATE / period)
    return float(np.median(found)) if len(found) >= 3 else 0.0


def _period(frame: Wave) -> float:
    """Samples; 0 where the frame is not voiced."""
    spectrum = np.fft.rfft(frame, 2 * len(frame))
    same = np.fft.irfft(np.square(np.abs(spectrum)))[: len(frame)]
    # Fewer samples overlap at a longer lag; without this, long periods would seem weaker than they are.
    same = same / max(same[0], 1e-12) * len(frame) / (len(frame) - np.arange(len(frame)))
    first, last = RATE // _HIGHEST, RATE // _LOWEST
    window = same[first : last + 1]
    if window.max() < _VOICED:
        return 0.0
    rises = (window[1:-1] >= window[:-2]) & (window[1:-1] >= window[2:]) & (window[1:-1] >= 0.9 * window.max())
    peaks = np.flatnonzero(rises)
    return float(first + 1 + peaks[0]) if len(peaks) else 0.0
