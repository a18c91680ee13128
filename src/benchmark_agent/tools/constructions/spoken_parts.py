"""What spoken constructions share: which sentences can be spoken, how one is read, noise, and choices by ear."""

from collections.abc import Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import Audio, Composed, Dialog, Part, Phrase, Text, Turn
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media
from benchmark_agent.tools.constructions.options import normal
from benchmark_agent.tools.sound import noise
from benchmark_agent.tools.sound.engines import Voice
from benchmark_agent.tools.sound.steps import GAP
from benchmark_agent.tools.sound.takes import (
    Take,
    cast_of,
    keep,
    language_to_speak,
    speakable,
    speech_take,
    taken,
    told,
)
from benchmark_agent.tools.text import sentences

Script = Annotated[Phrase | Dialog, "dialog", "context"]
LINE_WORDS = range(4, 19)
"""Words a line that is asked about may have."""
MOST_VOICES = 4
LEVELS = (12.0, 8.0, 5.0)
"""Decibels of speech to noise: heard with effort, by people as by recognisers; under 5 dB both begin to guess."""
SCENES = ("babble", "traffic", "pink", "hum")


def read_line(line: str, voice: Voice, rng: Random) -> Take:
    return speech_take([Turn(speaker="", text=line)], [voice], rng, GAP)


def read_by_someone(line: str, language: str, rng: Random) -> Take:
    """In one of three voices, drawn."""
    return read_line(line, rng.choice(cast_of(language, 3)), rng)


def under_noise(item: Composed, rng: Random, media: Media) -> Composed:
    """The item with each of its recordings under noise; kind and ratio are drawn once."""
    scene, snr = rng.choice(SCENES), rng.choice(LEVELS)
    parts: list[Part] = []
    alt = list(item.alt)
    place = 0
    for part in item.input:
        if isinstance(part, Audio):
            take = noise.mixed(taken(part, media), scene, snr, rng)
            parts.append(keep(take, media))
            alt[place] = told(take.making)
        else:
            parts.append(part)
        place += not isinstance(part, Text)
    proof = f"{item.proof}; {scene} noise at {snr:g} dB"
    return item.model_copy(update={"input": tuple(parts), "alt": tuple(alt), "proof": proof})


def language_in(text: Phrase | Dialog) -> str:
    """What it is in, judged by all of it."""
    return language_to_speak(" ".join(turn.text for turn in text.turns) if isinstance(text, Dialog) else text.text)


def spoken_lines(text: Phrase | Dialog) -> list[str]:
    """Sentences of fair length that can be spoken, each once."""
    whole = [turn.text for turn in text.turns] if isinstance(text, Dialog) else [text.text]
    lines = [" ".join(line.split()) for part in whole for line in sentences(part)]
    fit = [line for line in dict.fromkeys(lines) if len(line.split()) in LINE_WORDS and _can_be_said(line)]
    return list({normal(line): line for line in fit}.values())


def _can_be_said(line: str) -> bool:
    try:
        speakable(line)
    except Unfit:
        return False
    whole = line.count("“") == line.count("”") and line.count('"') % 2 == 0 and line.count("(") == line.count(")")
    return whole and line[-1] in ".!?"


def some_lines(lines: list[str], rng: Random, how_many: range) -> list[str]:
    """Some of the lines, in their order.

    Raises:
        Unfit: when there are too few.
    """
    if len(lines) < how_many.start:
        raise Unfit(f"{how_many.start} sentences that can be spoken are needed, and the text has {len(lines)}")
    n = min(rng.choice(how_many), len(lines))
    return [lines[k] for k in sorted(rng.sample(range(len(lines)), n))]


def choice_by_ear(
    question: str,
    gold: str,
    others: Sequence[str],
    parts: tuple[Audio, ...],
    proof: str,
    alt: tuple[str, ...],
    rng: Random | None,
) -> Composed:
    """A choice whose evidence is all it shows; without `rng`, `others` are all options in their order."""
    options = list(others) if rng is None else [gold, *others]
    if rng is not None:
        rng.shuffle(options)
    return Composed(
        input=parts,
        question=question,
        answer_kind="choice",
        options=tuple(options),
        answer=gold,
        fixed_order=rng is None,
        gold_basis="computed",
        evidence=tuple(range(len(parts))),
        proof=proof,
        alt=alt,
    )
