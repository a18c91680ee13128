"""Values played as tones, and items whose passages or questions are spoken."""

import re
from itertools import pairwise
from random import Random
from typing import Annotated

from benchmark_agent.content import Audio, Composed, Image, Making, Part, Table, Text, Turn
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media, construction, tool
from benchmark_agent.tools.constructions.wording import count
from benchmark_agent.tools.sound import tones
from benchmark_agent.tools.sound.engines import missing_speech
from benchmark_agent.tools.sound.steps import GAP, dialogue_take
from benchmark_agent.tools.sound.takes import Take, cast_of, introduced, keep, language_to_speak, speech_take, told
from benchmark_agent.tools.text import cell_text

MOST_TONES = 8
_LOW, _HIGH = 55, 84
"""MIDI numbers: G3 to C6."""
_APART = 2
"""Semitones between two different values at least."""
_BEAT = 0.45
"""Seconds."""


@construction(kinds=("choice",), signal="the height of the tones", shows="audio")
def hear_values(table: Annotated[Table, "table"], rng: Random, media: Media) -> Composed:
    """Play a column of a table as tones, the higher the value the higher the tone, name the rows, and ask which row
    has the highest or lowest value, or how the values go from one to the next."""
    name, pairs = _column(table, rng)
    pairs = _some_pairs(pairs, rng)
    heights = _heights([value for _, value in pairs])
    take = _played(heights)
    names = [label for label, _ in pairs]
    listed = "; ".join(f"{n}. {label}" for n, label in enumerate(names, 1))
    shown = Text(
        text=f"Each tone stands for the {name} of one entry; a higher tone means a higher value. In order: {listed}."
    )
    ways = [_extreme(names, heights, rng)] + ([_course(heights, rng)] if len(set(heights)) > 2 else [])
    question, gold, options = rng.choice(ways)
    values = ", ".join(f"{label} {value:g}" for label, value in pairs)
    return Composed(
        input=(shown, keep(take, media)),
        question=question,
        answer_kind="choice",
        options=tuple(options),
        answer=gold,
        gold_basis="computed",
        evidence=(1,),
        proof=f"the tones follow the values: {values}",
        alt=(f"{count(len(pairs))} tones, MIDI {', '.join(map(str, heights))}",),
    )


@construction(kinds=("number",), signal="how many tones are heard", shows="audio")
def count_tones(table: Annotated[Table, "table"], rng: Random, media: Media) -> Composed:
    """Play values of a table as tones of different height and ask how many tones lie above, or below, the first."""
    _, pairs = _column(table, rng)
    pairs = _some_pairs(pairs, rng)
    heights = _heights([value for _, value in pairs])
    above = rng.random() < 0.5
    rest = heights[1:]
    gold = sum(each > heights[0] if above else each < heights[0] for each in rest)
    take = _played(heights)
    return Composed(
        input=(keep(take, media),),
        question=f"How many of the tones after the first are {'higher' if above else 'lower'} than the first?",
        answer_kind="number",
        answer=str(gold),
        gold_basis="computed",
        evidence=(0,),
        proof=f"the tones have the MIDI numbers {', '.join(map(str, heights))}",
        alt=(f"{count(len(heights))} tones, MIDI {', '.join(map(str, heights))}",),
    )


def _column(table: Table, rng: Random) -> tuple[str, list[tuple[str, float]]]:
    """A column of numbers with the names of its rows.

    Raises:
        Unfit: when no column has four different values beside names.
    """
    found = []
    for k, name in enumerate(table.columns[1:], 1):
        pairs = [
            (cell_text(row[0]), float(row[k] or 0))
            for row in table.rows
            if isinstance(row[0], str) and isinstance(row[k], int | float)
        ]
        if len({value for _, value in pairs}) >= 4 and len({label for label, _ in pairs}) == len(pairs):
            found.append((re.sub(r"\s*\(.*?\)", "", name).strip().lower(), pairs))
    if not found:
        raise Unfit("the table has no column of numbers with four different values beside names")
    return rng.choice(found)


def _some_pairs(pairs: list[tuple[str, float]], rng: Random) -> list[tuple[str, float]]:
    """Four to eight rows in a drawn order; the highest and lowest values are each one row's alone."""
    n = rng.randint(min(5, len(pairs)), min(MOST_TONES, len(pairs)))
    chosen = rng.sample(pairs, n)
    values = [value for _, value in chosen]
    if values.count(max(values)) > 1 or values.count(min(values)) > 1:
        raise Unfit("two rows share the highest or the lowest value")
    return chosen


def _heights(values: list[float]) -> list[int]:
    """MIDI numbers that rise with the values, equal for equal ones, at least two semitones apart for others."""
    ranked = sorted(set(values))
    room = _HIGH - _LOW - _APART * (len(ranked) - 1)
    spread = ranked[-1] - ranked[0]
    height = {
        value: _LOW + _APART * rank + round(room * (value - ranked[0]) / spread) for rank, value in enumerate(ranked)
    }
    return [height[value] for value in values]


def _played(heights: list[int]) -> Take:
    wave = tones.melody([tones.Note(each) for each in heights], _BEAT)
    return Take(wave, Making(effects=(f"tones {' '.join(map(str, heights))}",)))


def _extreme(names: list[str], heights: list[int], rng: Random) -> tuple[str, str, list[str]]:
    highest = rng.random() < 0.5
    gold = names[heights.index(max(heights) if highest else min(heights))]
    wrong = rng.sample([name for name in names if name != gold], 3)
    options = [gold, *wrong]
    rng.shuffle(options)
    return f"Which entry has the {'highest' if highest else 'lowest'} value?", gold, options


def _course(heights: list[int], rng: Random) -> tuple[str, str, list[str]]:
    """How the tones go, as words, against courses with one or two steps turned."""
    steps = ["up" if b > a else "down" if b < a else "same" for a, b in pairwise(heights)]
    turned = {"up": "down", "down": "up", "same": "up"}
    options = [steps]
    while len(options) < 4:
        other = list(steps)
        for k in rng.sample(range(len(steps)), rng.randint(1, 2)):
            other[k] = turned[other[k]]
        if other not in options:
            options.append(other)
    worded = [", ".join(each) for each in options]
    gold = worded[0]
    rng.shuffle(worded)
    return "How do the values go from each entry to the next?", gold, worded


# -- items, spoken -------------------------------------------------------------------------------------------

_TURN = re.compile(r"^([^\W\d_][\w'. -]{0,29}): (.+)$")


@tool(shows="audio", realizes=("listening-comprehension",), missing=missing_speech)
def speak_context(item: Composed, rng: Random, media: Media) -> Composed:
    """Speak the passages and conversations of an item, so that they must be listened to; the question stays text."""
    parts: list[Part] = []
    alt: list[str] = []
    given = list(item.alt) or [""] * sum(not isinstance(part, Text) for part in item.input)
    for part in item.input:
        if isinstance(part, Text):
            take = _passage(part.text, rng)
            parts.append(keep(take, media))
            alt.append(told(take.making))
        else:
            parts.append(part)
            alt.append(given.pop(0) if given else "")
    if not any(isinstance(part, Text) for part in item.input):
        raise Unfit("the item has no text part that could be spoken")
    return item.model_copy(update={"input": tuple(parts), "alt": tuple(alt)})


def _passage(text: str, rng: Random) -> Take:
    """A conversation in voices, whose speakers first say their names; any other text in one voice."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [_TURN.match(line) for line in lines]
    turns = [Turn(speaker=each[1], text=each[2]) for each in found if each]
    names = list(dict.fromkeys(turn.speaker for turn in turns))
    if len(turns) == len(lines) > 1 and len(names) > 1:
        spoken = language_to_speak(" ".join(turn.text for turn in turns))
        return dialogue_take([*introduced(names, spoken), *turns], rng)
    voice = cast_of(language_to_speak(text), 1)
    turns = [Turn(speaker="", text=line) for line in lines]
    return speech_take(turns, voice * len(turns), rng, GAP)


_MONTHS = {
    "Feb": "February", "Apr": "April", "Jun": "June", "Jul": "July", "Aug": "August", "Sep": "September",
    "Oct": "October", "Nov": "November", "Dec": "December",
}  # fmt: skip
"""Short names of months that are names of nobody. `Jun` as it is written sounds like John."""


def _aloud(question: str) -> str:
    """The question as somebody would read it out."""
    return re.sub(r"\b[A-Z][a-z]{2}\b", lambda short: _MONTHS.get(short[0], short[0]), question)


@tool(
    shows="audio",
    version="2",
    realizes=("spoken-question-about-table", "spoken-question-about-image", "spoken-description-of-image"),
    missing=missing_speech,
)
def speak_question(item: Composed, rng: Random, media: Media) -> Composed:
    """Speak the question of an item that shows a text, table or picture; what it shows and the options stay."""
    if not any(isinstance(part, Text | Image) for part in item.input):
        raise Unfit("the item shows nothing the spoken question could be about")
    if any(isinstance(part, Audio) for part in item.input):
        raise Unfit("the item has a recording already")
    voice = rng.choice(cast_of(language_to_speak(item.question), 3))
    take = speech_take([Turn(speaker="", text=_aloud(item.question))], [voice], rng, GAP)
    place = len(item.input)
    return item.model_copy(
        update={
            "input": (*item.input, keep(take, media)),
            "question": "Listen to the question in the recording and answer it from what is shown.",
            "evidence": (*item.evidence, place),
            "proof": f"{item.proof}; the question asked: {item.question}",
            "alt": (*item.alt, told(take.making)),
        }
    )


STEPS = (speak_context, speak_question)
TOOLS = (hear_values, count_tones)
