"""Rooms: reverberation by an impulse response made here."""

from random import Random

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from benchmark_agent import seeds
from benchmark_agent.errors import ToolError
from benchmark_agent.tools.sound.waves import RATE, Wave, active, levelled

SHORTEST, LONGEST = 0.1, 3.0
"""Seconds of decay."""


def impulse(decay: float, distance: float, rng: Random) -> Wave:
    """How a room answers a click: the direct sound, a few early reflections, a dense tail that falls off.

    Args:
        decay: seconds until the tail has fallen by 60 dB (RT60).
        distance: metres from speaker to microphone; farther away the direct sound is weaker against the tail.

    Moorer, "About this reverberation business" (1979): exponentially decaying noise for the late field.
    """
    n = round(RATE * min(decay * 1.1, LONGEST))
    at = np.arange(n) / RATE
    draw = np.random.default_rng(seeds.derive("room", rng.random()))
    tail = draw.normal(size=n) * np.exp(-np.log(1000) * at / decay)
    tail[at < 0.012] = 0
    # Walls take the treble away.
    tail = np.asarray(sosfilt(butter(1, 4000, fs=RATE, output="sos"), tail))
    tail *= 0.25 * distance / max(float(np.sqrt(np.square(tail).sum())), 1e-9)
    for _ in range(6):
        delay = draw.uniform(0.003, 0.04)
        tail[round(delay * RATE)] += draw.choice([-1, 1]) * 0.35 * np.exp(-delay * 25)
    tail[0] = 1.0
    return tail


def in_room(wave: Wave, decay: float, distance: float, rng: Random) -> Wave:
    """The same sound in a room, as loud as before.

    Raises:
        ToolError: when the room cannot be.
    """
    if not SHORTEST <= decay <= LONGEST:
        raise ToolError(f"a decay of {decay:g} s is out of bounds; {SHORTEST:g} to {LONGEST:g} s are allowed")
    if not 0.2 <= distance <= 20:
        raise ToolError(f"a distance of {distance:g} m is out of bounds; 0.2 to 20 m are allowed")
    wet = np.asarray(fftconvolve(wave, impulse(decay, distance, rng)))
    level = 20 * np.log10(max(active(wave), 1e-6))
    return levelled(wet, float(level))
