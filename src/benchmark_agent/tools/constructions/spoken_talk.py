"""Constructions that speak a conversation and ask who says what.

A text alone often tells who says a line: the baker offers bread. So the speakers get names that are drawn, and only who
hears them say their names knows whose voice is whose.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Dialog, Turn
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media, construction
from benchmark_agent.tools.constructions.options import normal
from benchmark_agent.tools.constructions.spoken_parts import LINE_WORDS, MOST_VOICES, choice_by_ear, under_noise
from benchmark_agent.tools.sound.engines import missing_speech
from benchmark_agent.tools.sound.steps import dialogue_take
from benchmark_agent.tools.sound.takes import introduced, keep, language_to_speak, told

EXCERPT = range(6, 10)
"""Turns of a conversation that are spoken."""
NAMES = ("Alex", "Charlie", "Jordan", "Kim", "Robin", "Sasha", "Taylor")
"""Of anybody, man or woman, and far apart by ear."""


@construction(
    kinds=("choice",),
    signal="whose voice says what in the recording",
    shows="audio",
    missing=missing_speech,
    version="2",
)
def hear_who_says_it(dialog: Annotated[Dialog, "dialog", "context"], rng: Random, media: Media) -> Composed:
    """Speak part of a conversation, in which the speakers first say names that are drawn, and ask who says a line;
    between two speakers, who says which of two lines."""
    return _who_says_it(dialog, rng, media)


@construction(
    kinds=("choice",),
    signal="whose voice says what under the noise",
    shows="audio",
    missing=missing_speech,
    version="2",
)
def hear_who_says_it_in_noise(dialog: Annotated[Dialog, "dialog", "context"], rng: Random, media: Media) -> Composed:
    """The same, with babble, traffic, hiss or hum under the conversation."""
    return under_noise(_who_says_it(dialog, rng, media), rng, media)


def _who_says_it(dialog: Dialog, rng: Random, media: Media) -> Composed:
    turns = _renamed(_excerpt(dialog, rng), rng)
    names = list(dict.fromkeys(turn.speaker for turn in turns))
    lines = _lines(turns)
    rng.shuffle(lines)
    language = language_to_speak(" ".join(turn.text for turn in turns))
    # Not in the order in which they speak: who only reads what is said could count along.
    take = dialogue_take([*introduced(rng.sample(names, len(names)), language), *turns], rng)
    asked = _pair(lines, rng) if len(names) == 2 else lines[:1]
    proof = "; ".join(f"{line.speaker} was given the line “{line.text}” to speak" for line in asked)
    if len(names) == 2:
        question = f"Who says “{asked[0].text}”, and who says “{asked[1].text}”?"
        gold = _both(asked[0].speaker, asked[1].speaker)
        wrong = [_both(one, other) for one in names for other in names if _both(one, other) != gold]
    else:
        question, gold = f"Who says “{asked[0].text}”?", asked[0].speaker
        wrong = [name for name in names if name != gold]
    return choice_by_ear(question, gold, wrong, (keep(take, media),), proof, (told(take.making),), rng)


def _both(first: str, second: str) -> str:
    return f"{first} says both." if first == second else f"{first} says the first, {second} the second."


def _pair(lines: Sequence[Turn], rng: Random) -> Sequence[Turn]:
    """Two lines, as often by one speaker as by two, where both can be had."""
    alike = rng.random() < 0.5
    pairs = [(one, other) for k, one in enumerate(lines) for other in lines[k + 1 :]]
    return next((pair for pair in pairs if (pair[0].speaker == pair[1].speaker) == alike), pairs[0])


def _excerpt(dialog: Dialog, rng: Random) -> list[Turn]:
    """Some turns in a row that name no speaker, with two to four speakers.

    Raises:
        Unfit: when there are none.
    """
    turns = [Turn(speaker=turn.speaker.strip(), text=" ".join(turn.text.split())) for turn in dialog.turns]
    turns = [turn for turn in turns if turn.text and turn.speaker]
    if len(turns) < EXCERPT.start:
        raise Unfit(f"a conversation of {EXCERPT.start} turns is needed, and it has {len(turns)}")
    known = "|".join(re.escape(name) for name in {turn.speaker for turn in turns})
    named = [bool(re.search(rf"(?<!\w)(?:{known})(?!\w)", turn.text)) for turn in turns]
    length = min(rng.choice(EXCERPT), len(turns))
    starts = list(range(len(turns) - length + 1))
    rng.shuffle(starts)
    for start in starts:
        chosen = turns[start : start + length]
        voices = {turn.speaker for turn in chosen}
        asked = {line.speaker for line in _lines(chosen)}
        if 2 <= len(voices) <= MOST_VOICES and len(asked) >= 2 and not any(named[start : start + length]):
            return chosen
    raise Unfit("no stretch of the conversation has two to four speakers with lines of their own, and none named")


def _renamed(turns: Sequence[Turn], rng: Random) -> list[Turn]:
    """The turns, their speakers under drawn names."""
    said = " ".join(turn.text for turn in turns)
    speakers = list(dict.fromkeys(turn.speaker for turn in turns))
    free = [name for name in NAMES if name not in said]
    if len(free) < len(speakers):
        raise Unfit("the conversation speaks of people by the names that would be given to its speakers")
    name = dict(zip(speakers, rng.sample(free, len(speakers)), strict=True))
    return [Turn(speaker=name[turn.speaker], text=turn.text) for turn in turns]


def _lines(turns: Sequence[Turn]) -> list[Turn]:
    """Turns of fair length that nobody else says."""
    said = [normal(turn.text) for turn in turns]
    return [turn for turn in turns if len(turn.text.split()) in LINE_WORDS and said.count(normal(turn.text)) == 1]


TOOLS = (hear_who_says_it, hear_who_says_it_in_noise)
