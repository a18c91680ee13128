"""Noise at a stated signal-to-noise ratio: generated here, or taken from a folder of the user's."""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np

from benchmark_agent import seeds
from benchmark_agent.errors import MediaError, ToolError, Unfit
from benchmark_agent.tools.sound.takes import Take, cast_of, utter
from benchmark_agent.tools.sound.waves import (
    LOUDEST,
    RATE,
    Wave,
    active,
    decibels,
    decode,
    encode,
    rms,
    silence,
    softened,
    speaks,
)

FOLDER = "BENCHMARK_AGENT_NOISE"
"""Names a folder of sound files that `scene="folder"` draws from."""
CLOSE = 0.5
"""Decibels the measured ratio may differ from the asked one."""
LOWEST, HIGHEST = -20.0, 40.0
"""Decibels that may be asked for."""
_LEAD = 0.6
"""Seconds of noise alone before and after what is heard under it."""
_OTHERS = (
    "The ferry leaves from the lower pier as soon as the tide allows it.",
    "We painted the fence last spring, and it already needs another coat.",
    "Nobody told the cook that the guests had changed their minds.",
    "There is a small bakery behind the station that opens before dawn.",
    "My neighbour keeps bees on the roof and sells the honey in autumn.",
    "The lecture was moved to the large hall because of the choir.",
    "If you follow the river for a while you come to an old mill.",
    "She had left her umbrella on the train and did not notice until later.",
)
"""Spoken by several voices at once, this is a babble; none of it is about anything that is asked."""
_TALKERS = 6


def coloured(n: int, rng: np.random.Generator, fall: float) -> Wave:
    """Noise whose power falls with frequency to the power of `fall` (0 white, 1 pink, 2 brown), from 30 Hz up."""
    frequency = np.fft.rfftfreq(n, 1 / RATE)
    spectrum = rng.normal(size=frequency.size) + 1j * rng.normal(size=frequency.size)
    spectrum *= np.maximum(frequency, 30.0) ** (-fall / 2)
    spectrum[frequency < 30] = 0
    return np.asarray(np.fft.irfft(spectrum, n))


def _white(n: int, rng: np.random.Generator) -> Wave:
    return coloured(n, rng, 0)


def _pink(n: int, rng: np.random.Generator) -> Wave:
    return coloured(n, rng, 1)


def _brown(n: int, rng: np.random.Generator) -> Wave:
    return coloured(n, rng, 2)


def _hum(n: int, rng: np.random.Generator) -> Wave:
    """Mains: 50 Hz and its harmonics up to 1 kHz, over a little pink noise."""
    at = np.arange(n) / RATE
    tones = [np.sin(2 * np.pi * (50 * k * at + rng.uniform())) / k**0.7 for k in range(1, 21)]
    hum = np.sum(tones, axis=0)
    pink = _pink(n, rng)
    return np.asarray(hum + 0.2 * rms(hum) / max(rms(pink), 1e-9) * pink)


def _tones(n: int, rng: np.random.Generator) -> Wave:
    """Beeps of machines: short tones of changing pitch with pauses."""
    wave, at = np.zeros(n), 0
    while at < n:
        length = min(int(RATE * rng.uniform(0.08, 0.35)), n - at)
        height = rng.uniform(300, 2500)
        wave[at : at + length] += softened(np.sin(2 * np.pi * height * np.arange(length) / RATE))
        at += length + int(RATE * rng.uniform(0.02, 0.2))
    return wave


def _traffic(n: int, rng: np.random.Generator) -> Wave:
    """Low rumble with cars that pass every few seconds."""
    rumble = _brown(n, rng)
    wave = rumble / max(rms(rumble), 1e-9)
    at = np.arange(n) / RATE
    for _ in range(max(1, round(n / RATE / 3))):
        near = np.exp(-0.5 * ((at - rng.uniform(0, n / RATE)) / rng.uniform(0.5, 1.4)) ** 2)
        tyres = _pink(n, rng)
        wave += rng.uniform(0.6, 1.6) * near * tyres / max(rms(tyres), 1e-9)
    return wave


@lru_cache(maxsize=1)
def _talk() -> tuple[Wave, ...]:
    voices = cast_of("en", 4)
    return tuple(utter(text, voices[k % len(voices)]) for k, text in enumerate(_OTHERS))


def _babble(n: int, rng: np.random.Generator) -> Wave:
    """Several people who speak at once of other things."""
    talk = _talk()
    wave = np.zeros(n)
    for _ in range(_TALKERS):
        line = [silence(0)]
        length, start = 0, int(rng.integers(0, RATE))
        while length < n + start:
            clip = talk[int(rng.integers(len(talk)))]
            line += [clip, silence(float(rng.uniform(0.05, 0.2)))]
            length += len(line[-2]) + len(line[-1])
        wave += np.concatenate(line)[start : start + n] * rng.uniform(0.6, 1.0)
    return wave


SCENES: dict[str, Callable[[int, np.random.Generator], Wave]] = {
    "babble": _babble,
    "traffic": _traffic,
    "pink": _pink,
    "white": _white,
    "brown": _brown,
    "hum": _hum,
    "tones": _tones,
}
"""How to make `n` samples of each kind of noise."""


def scene_noise(scene: str, n: int, rng: Random) -> Wave:
    """`n` samples of a scene, at any level.

    Raises:
        ToolError: for an unknown scene, or a folder without a sound.
    """
    if scene == "folder":
        return _from_folder(n, rng)
    if scene not in SCENES:
        raise ToolError(f"no noise is called {scene!r}; there are {sorted(SCENES)} and 'folder'")
    return SCENES[scene](n, np.random.default_rng(seeds.derive(scene, rng.random())))


def _from_folder(n: int, rng: Random) -> Wave:
    folder = Path(os.environ.get(FOLDER, ""))
    if not os.environ.get(FOLDER) or not folder.is_dir():
        raise ToolError(f"set {FOLDER} to a folder of WAV, FLAC or OGG files, or name one of {sorted(SCENES)}")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".wav", ".flac", ".ogg"))
    if not files:
        raise ToolError(f"the folder {str(folder)!r} in {FOLDER} holds no WAV, FLAC or OGG file")
    path = rng.choice(files)
    try:
        wave = decode(path.read_bytes())
    except MediaError as error:
        raise ToolError(f"{str(path)!r}: {error}") from error
    if rms(wave) < 1e-5:
        raise ToolError(f"{str(path)!r} is silent")
    start = rng.randrange(len(wave))
    return np.resize(np.roll(wave, -start), n)


def mixed(take: Take, scene: str, snr: float, rng: Random, *, lead: float = _LEAD) -> Take:
    """The take under noise, with noise alone before and after it.

    The ratio is that of the speech to the noise in the frames in which somebody speaks; it is measured again on what
    is written, in 16 bits.

    Raises:
        Unfit: when nothing is heard in the take.
        ToolError: for a ratio out of bounds, or one that was missed by over `CLOSE` decibels.
    """
    if not LOWEST <= snr <= HIGHEST:
        raise ToolError(f"a ratio of {snr:g} dB is out of bounds; {LOWEST:g} to {HIGHEST:g} are allowed")
    signal = np.concatenate([silence(lead), take.wave, silence(lead)])
    heard = speaks(signal)
    loud = active(signal, heard)
    if loud < 1e-5:
        raise Unfit("there is nothing to hear under the noise")
    noise = scene_noise(scene, len(signal), rng)
    under = active(noise, heard)
    if under < 1e-9:
        raise ToolError(f"the noise {scene!r} is silent where somebody speaks")
    noise = softened(noise * (loud / under * 10 ** (-snr / 20)), 0.2)
    scale = min(1.0, LOUDEST / float(np.abs(signal + noise).max()))
    wave = scale * (signal + noise)
    achieved = round(decibels(scale * loud / active(decode(encode(wave)) - scale * signal, heard)), 3)
    if abs(achieved - snr) > CLOSE:
        raise ToolError(f"{snr:g} dB were asked for and {achieved:g} dB came out")
    shifted = tuple(
        each.model_copy(update={"start": round(each.start + lead, 3), "end": round(each.end + lead, 3)})
        for each in take.making.said
    )
    update = {"said": shifted, "noise": scene, "asked_snr": float(snr), "snr": achieved}
    return Take(wave, take.making.model_copy(update=update))
