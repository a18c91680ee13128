"""Notes to sound."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmark_agent.errors import Unfit
from benchmark_agent.tools.sound.waves import RATE, Wave, silence, softened

_NOTE = re.compile(
    r"(?:(?P<name>[A-Ga-g])(?P<sign>[#b♯♭]?)(?P<octave>[0-8])|(?P<rest>[Rr]))(?::(?P<beats>\d+(?:\.\d+)?))?"
)
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_HARMONICS = (1.0, 0.45, 0.22, 0.12, 0.06)
MOST_NOTES = 200


class Note(NamedTuple):
    pitch: int | None
    """MIDI number: 60 is middle C, 69 is 440 Hz; None for a rest."""
    beats: float = 1.0


def read_note(text: str) -> Note:
    """`C4`, `F#5:0.5` (half a beat), `Bb3`, or a rest: `R`.

    Raises:
        Unfit: when it is no note.
    """
    found = _NOTE.fullmatch(text.strip())
    if not found:
        raise Unfit(f"{text.strip()!r} is not a note such as 'C4', 'F#5:0.5' or 'R'")
    beats = float(found["beats"] or 1)
    if not 0 < beats <= 16:
        raise Unfit(f"a note of {beats:g} beats is out of bounds; 16 are allowed")
    if found["rest"]:
        return Note(None, beats)
    sign = {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(found["sign"], 0)
    return Note(12 * (int(found["octave"]) + 1) + _SEMITONES[found["name"].upper()] + sign, beats)


def frequency(pitch: int) -> float:
    """Hertz, in equal temperament."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def tone(pitch: int, length: float) -> Wave:
    """One note, struck: a few harmonics that die away. `length`: seconds."""
    at = np.arange(round(length * RATE)) / RATE
    base = frequency(pitch)
    parts = [
        share * np.sin(2 * np.pi * base * k * at) * np.exp(-at * (1.5 + k))
        for k, share in enumerate(_HARMONICS, 1)
        if base * k < RATE / 2.2
    ]
    return softened(0.25 * np.sum(parts, axis=0), 0.01)


def melody(notes: Sequence[Note], beat: float, gap: float = 0.06) -> Wave:
    """Notes one after the other. `beat`, and `gap` between two notes: seconds.

    Raises:
        Unfit: when there is nothing to play, or too much.
    """
    if not any(note.pitch is not None for note in notes):
        raise Unfit("there is no note to play")
    if len(notes) > MOST_NOTES:
        raise Unfit(f"{len(notes)} notes are too many; {MOST_NOTES} are allowed")
    parts = [silence(0.3)]
    for note in notes:
        length = beat * note.beats
        parts += [silence(length) if note.pitch is None else tone(note.pitch, length), silence(gap)]
    return np.concatenate([*parts, silence(0.3)])
