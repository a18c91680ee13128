"""Constructions that speak a text: what is heard is the evidence, and the gold follows from what was spoken.

Where a text would tell the answer by itself, what is spoken is drawn: which of four sentences, in what order, by whom.
"""

from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Dialog, Phrase, Text, Turn
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media, construction
from benchmark_agent.tools.constructions.spoken_numbers import Numbered, four, numbered
from benchmark_agent.tools.constructions.spoken_parts import (
    MOST_VOICES,
    Script,
    choice_by_ear,
    language_in,
    read_by_someone,
    some_lines,
    spoken_lines,
    under_noise,
)
from benchmark_agent.tools.constructions.wording import count, ordinal
from benchmark_agent.tools.sound.engines import missing_speech
from benchmark_agent.tools.sound.steps import GAP
from benchmark_agent.tools.sound.takes import cast_of, keep, speech_take, told


@construction(kinds=("choice",), signal="how many voices are heard", shows="audio", missing=missing_speech)
def count_voices(text: Script, rng: Random, media: Media) -> Composed:
    """Have lines of a text read by one to four people and ask how many there are."""
    lines = some_lines(spoken_lines(text), rng, range(6, 9))
    people = rng.randint(1, MOST_VOICES)
    voices = cast_of(language_in(text), people)
    order = [*voices, *rng.choices(voices, k=len(lines) - people)]
    rng.shuffle(order)
    named = {voice: f"voice {n}" for n, voice in enumerate(dict.fromkeys(order), 1)}
    turns = [Turn(speaker=named[voice], text=line) for voice, line in zip(order, lines, strict=True)]
    take = speech_take(turns, order, rng, GAP)
    options = [f"{count(n).capitalize()}" for n in range(1, MOST_VOICES + 1)]
    question = "How many different people are heard in the recording?"
    proof = f"{len(lines)} lines were given to {people} {'voice' if people == 1 else 'voices'}"
    gold = options[people - 1]
    return choice_by_ear(question, gold, options, (keep(take, media),), proof, (told(take.making),), None)


@construction(kinds=("choice",), signal="the order in which things are said", shows="audio", missing=missing_speech)
def hear_order(text: Annotated[Phrase, "context"], rng: Random, media: Media) -> Composed:
    """Speak sentences of a text in an order that is drawn, and ask which comes first, last, or after another."""
    lines = some_lines(spoken_lines(text), rng, range(4, 7))
    rng.shuffle(lines)
    voice = cast_of(language_in(text), 1)[0]
    take = speech_take([Turn(speaker="", text=line) for line in lines], [voice] * len(lines), rng, GAP)
    at = rng.randrange(len(lines))
    shown = [lines[at], *rng.sample([line for line in lines if line != lines[at]], 3)]
    if len(lines) > 4 and at and rng.random() < 0.5 and lines[at - 1] not in shown:
        question, place = f"Which sentence comes right after “{lines[at - 1]}”?", f"sentence {at + 1}"
    else:
        first = rng.random() < 0.5
        ranked = sorted(shown, key=lines.index)
        at = lines.index(ranked[0 if first else -1])
        question, place = f"Which of these is said {'first' if first else 'last'}?", f"the {ordinal(at + 1)} sentence"
    proof = f"the sentences were spoken in a drawn order; this is {place} of {len(lines)}"
    wrong = [line for line in shown if line != lines[at]]
    return choice_by_ear(question, lines[at], wrong, (keep(take, media),), proof, (told(take.making),), rng)


_SAME_ORDER = "Two sentences have changed places."
_OTHER_VOICE = "Another person speaks."
_LEFT_OUT = "A sentence is left out."
_TWICE = "A sentence is said twice."


@construction(kinds=("choice",), signal="what differs between two recordings", shows="audio", missing=missing_speech)
def hear_change(text: Annotated[Phrase, "context"], rng: Random, media: Media) -> Composed:
    """Speak sentences twice with one change that is drawn, and ask what differs in the second recording."""
    lines = some_lines(spoken_lines(text), rng, range(3, 5))
    voice, other = cast_of(language_in(text), 2)
    change = rng.choice((_SAME_ORDER, _OTHER_VOICE, _LEFT_OUT, _TWICE))
    at = rng.randrange(len(lines) - 1)
    second = {
        _SAME_ORDER: [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]],
        _OTHER_VOICE: lines,
        _LEFT_OUT: [*lines[:at], *lines[at + 1 :]],
        _TWICE: [*lines[: at + 1], lines[at], *lines[at + 1 :]],
    }[change]
    takes = [
        speech_take([Turn(speaker="", text=line) for line in said], [by] * len(said), rng, GAP)
        for said, by in ((lines, voice), (second, other if change == _OTHER_VOICE else voice))
    ]
    before, after = (keep(take, media) for take in takes)
    return Composed(
        input=(Text(text="First recording:"), before, Text(text="Second recording:"), after),
        question="What is different in the second recording?",
        answer_kind="choice",
        options=(_SAME_ORDER, _OTHER_VOICE, _LEFT_OUT, _TWICE),
        answer=change,
        gold_basis="computed",
        evidence=(1, 3),
        proof=f"the second recording was made with this change at sentence {at + 1} of {len(lines)}",
        alt=tuple(told(take.making) for take in takes),
    )


# -- numbers and sentences that sound alike ------------------------------------------------------------------


@construction(kinds=("choice",), signal="the exact words that are spoken", shows="audio", missing=missing_speech)
def hear_which_sentence(text: Script, rng: Random, media: Media) -> Composed:
    """Speak one of four sentences that differ in a number that is easily misheard, and ask which."""
    return _which_sentence(text, rng, media)


@construction(
    kinds=("choice",), signal="the exact words that are spoken under the noise", shows="audio", missing=missing_speech
)
def hear_which_sentence_in_noise(text: Script, rng: Random, media: Media) -> Composed:
    """The same, with babble, traffic, hiss or hum under the sentence."""
    return under_noise(_which_sentence(text, rng, media), rng, media)


def _which_sentence(text: Phrase | Dialog, rng: Random, media: Media) -> Composed:
    found, said, choices = _misheard(text, rng)
    gold = found.saying(said)
    take = read_by_someone(gold, language_in(text), rng)
    wrong = [found.saying(n) for n in choices if n != said]
    proof = f"this sentence was spoken, with the number {said}"
    return choice_by_ear(
        "Which of these is said in the recording, word for word?",
        gold, wrong, (keep(take, media),), proof, (told(take.making),), rng,
    )  # fmt: skip


@construction(kinds=("number",), signal="the number that is spoken", shows="audio", missing=missing_speech)
def hear_number(text: Script, rng: Random, media: Media) -> Composed:
    """Speak a sentence with a number that is drawn among those easily taken for another, and ask for it."""
    return _number(text, rng, media)


@construction(
    kinds=("number",), signal="the number that is spoken under the noise", shows="audio", missing=missing_speech
)
def hear_number_in_noise(text: Script, rng: Random, media: Media) -> Composed:
    """The same, with babble, traffic, hiss or hum under the sentence."""
    return under_noise(_number(text, rng, media), rng, media)


def _number(text: Phrase | Dialog, rng: Random, media: Media) -> Composed:
    found, said, _ = _misheard(text, rng)
    take = read_by_someone(found.saying(said), language_in(text), rng)
    return Composed(
        input=(keep(take, media),),
        question=f"Which number is said in place of the dots: “{found.gap}”? Answer in figures.",
        answer_kind="number",
        answer=str(said),
        gold_basis="computed",
        evidence=(0,),
        proof=f"“{found.saying(said)}” was spoken",
        alt=(told(take.making),),
    )


def _misheard(text: Phrase | Dialog, rng: Random) -> tuple[Numbered, int, list[int]]:
    found = [each for line in spoken_lines(text) for each in numbered(line)]
    if not found:
        raise Unfit("no sentence has a whole number that is easily taken for another")
    one = rng.choice(found)
    said, choices = four(one, rng)
    return one, said, choices


TOOLS = (
    count_voices,
    hear_order,
    hear_change,
    hear_which_sentence,
    hear_which_sentence_in_noise,
    hear_number,
    hear_number_in_noise,
)
