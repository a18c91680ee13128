"""Constructions that speak: what is heard is the evidence, and the gold follows from what was spoken.

Where a text would tell the answer by itself, what is spoken is drawn: which of four sentences, in what order, by whom.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import Audio, Composed, Dialog, Part, Phrase, Text, Turn
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media, construction
from benchmark_agent.tools.constructions.options import normal
from benchmark_agent.tools.constructions.spoken_numbers import Numbered, four, numbered
from benchmark_agent.tools.constructions.wording import count, ordinal
from benchmark_agent.tools.sound import noise
from benchmark_agent.tools.sound.engines import missing_speech
from benchmark_agent.tools.sound.steps import GAP, dialogue_take
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
EXCERPT = range(6, 10)
"""Turns of a conversation that are spoken."""
MOST_VOICES = 4
LEVELS = (12.0, 8.0, 4.0)
"""Decibels of speech to noise: heard with effort, by people as by recognisers."""
SCENES = ("babble", "traffic", "pink", "hum")


# -- conversations -----------------------------------------------------------------------------------------


@construction(kinds=("choice",), signal="whose voice says what in the recording", shows="audio", missing=missing_speech)
def hear_who_says_it(dialog: Annotated[Dialog, "dialog", "context"], rng: Random, media: Media) -> Composed:
    """Speak part of a conversation, in which the speakers first say their names, and ask who says a line or what
    line somebody says."""
    return _who_says_it(dialog, rng, media)


@construction(kinds=("choice",), signal="whose voice says what under the noise", shows="audio", missing=missing_speech)
def hear_who_says_it_in_noise(dialog: Annotated[Dialog, "dialog", "context"], rng: Random, media: Media) -> Composed:
    """The same, with babble, traffic, hiss or hum under the conversation."""
    return under_noise(_who_says_it(dialog, rng, media), rng, media)


def _who_says_it(dialog: Dialog, rng: Random, media: Media) -> Composed:
    turns = _excerpt(dialog, rng)
    names = list(dict.fromkeys(turn.speaker for turn in turns))
    lines = _lines(turns, names)
    rng.shuffle(lines)
    asked, others = _most_contrast(lines)
    greetings = [Turn(speaker=name, text=f"Hello, this is {name}.") for name in names]
    take = dialogue_take([*greetings, *turns], rng)
    if len(names) > 2 and (len(others) < 2 or rng.random() < 0.4):
        question = f"Who says “{asked.text}”?"
        gold, wrong = asked.speaker, [name for name in names if name != asked.speaker]
    elif len(others) >= 2:
        question = f"Which of these lines does {asked.speaker} say?"
        gold, wrong = asked.text, [line.text for line in others[:3]]
    else:
        raise Unfit("only one speaker says lines that could be asked about")
    proof = f"{asked.speaker} was given the line “{asked.text}” to speak"
    return _choice(question, gold, wrong, (keep(take, media),), proof, (told(take.making),), rng)


def _most_contrast(lines: Sequence[Turn]) -> tuple[Turn, list[Turn]]:
    """A line, and those of the other speakers: the first line with at least two of them, else the first."""
    contrasts = [(line, [other for other in lines if other.speaker != line.speaker]) for line in lines]
    return next((pair for pair in contrasts if len(pair[1]) >= 2), contrasts[0])


def _excerpt(dialog: Dialog, rng: Random) -> list[Turn]:
    """Some turns in a row, all of which can be spoken, with two to four speakers.

    Raises:
        Unfit: when there are none.
    """
    turns = [Turn(speaker=turn.speaker.strip(), text=" ".join(turn.text.split())) for turn in dialog.turns]
    turns = [turn for turn in turns if turn.text and turn.speaker]
    if len(turns) < EXCERPT.start:
        raise Unfit(f"a conversation of {EXCERPT.start} turns is needed, and it has {len(turns)}")
    length = min(rng.choice(EXCERPT), len(turns))
    starts = list(range(len(turns) - length + 1))
    rng.shuffle(starts)
    for start in starts:
        chosen = turns[start : start + length]
        names = {turn.speaker for turn in chosen}
        if 2 <= len(names) <= MOST_VOICES and len({line.speaker for line in _lines(chosen, list(names))}) >= 2:
            if not all(re.fullmatch(r"[^\W\d_][\w'. -]{1,29}", name) for name in names):
                raise Unfit("the speakers have no names that can be spoken")
            return chosen
    raise Unfit("no stretch of the conversation has two to four speakers with lines of their own")


def _lines(turns: Sequence[Turn], names: Sequence[str]) -> list[Turn]:
    """Turns of fair length that nobody else says and that name no speaker."""
    said = [normal(turn.text) for turn in turns]
    return [
        turn
        for turn in turns
        if len(turn.text.split()) in LINE_WORDS
        and said.count(normal(turn.text)) == 1
        and not any(name.casefold() in turn.text.casefold() for name in names)
    ]


# -- voices, order, takes ----------------------------------------------------------------------------------


@construction(kinds=("choice",), signal="how many voices are heard", shows="audio", missing=missing_speech)
def count_voices(text: Script, rng: Random, media: Media) -> Composed:
    """Have lines of a text read by one to four people and ask how many there are."""
    lines = _some(_spoken_lines(text), rng, range(6, 9))
    people = rng.randint(1, MOST_VOICES)
    voices = cast_of(_language(text), people)
    order = [*voices, *rng.choices(voices, k=len(lines) - people)]
    rng.shuffle(order)
    named = {voice: f"voice {n}" for n, voice in enumerate(dict.fromkeys(order), 1)}
    turns = [Turn(speaker=named[voice], text=line) for voice, line in zip(order, lines, strict=True)]
    take = speech_take(turns, order, rng, GAP)
    options = [f"{count(n).capitalize()}" for n in range(1, MOST_VOICES + 1)]
    question = "How many different people are heard in the recording?"
    proof = f"{len(lines)} lines were given to {people} {'voice' if people == 1 else 'voices'}"
    gold = options[people - 1]
    return _choice(question, gold, options, (keep(take, media),), proof, (told(take.making),), None)


@construction(kinds=("choice",), signal="the order in which things are said", shows="audio", missing=missing_speech)
def hear_order(text: Annotated[Phrase, "context"], rng: Random, media: Media) -> Composed:
    """Speak sentences of a text in an order that is drawn, and ask which comes first, last, or after another."""
    lines = _some(_spoken_lines(text), rng, range(4, 7))
    rng.shuffle(lines)
    voice = cast_of(_language(text), 1)[0]
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
    return _choice(question, lines[at], wrong, (keep(take, media),), proof, (told(take.making),), rng)


_SAME_ORDER = "Two sentences have changed places."
_OTHER_VOICE = "Another person speaks."
_LEFT_OUT = "A sentence is left out."
_TWICE = "A sentence is said twice."


@construction(kinds=("choice",), signal="what differs between two recordings", shows="audio", missing=missing_speech)
def hear_change(text: Annotated[Phrase, "context"], rng: Random, media: Media) -> Composed:
    """Speak sentences twice with one change that is drawn, and ask what differs in the second recording."""
    lines = _some(_spoken_lines(text), rng, range(3, 5))
    voice, other = cast_of(_language(text), 2)
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
    take = _read(gold, _language(text), rng)
    wrong = [found.saying(n) for n in choices if n != said]
    proof = f"this sentence was spoken, with the number {said}"
    return _choice(
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
    take = _read(found.saying(said), _language(text), rng)
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
    found = [each for line in _spoken_lines(text) for each in numbered(line)]
    if not found:
        raise Unfit("no sentence has a whole number that is easily taken for another")
    one = rng.choice(found)
    said, choices = four(one, rng)
    return one, said, choices


def _read(line: str, language: str, rng: Random) -> Take:
    voice = rng.choice(cast_of(language, 3))
    return speech_take([Turn(speaker="", text=line)], [voice], rng, GAP)


# -- what they share -----------------------------------------------------------------------------------------


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


def _language(text: Phrase | Dialog) -> str:
    """What it is in, judged by all of it."""
    return language_to_speak(" ".join(turn.text for turn in text.turns) if isinstance(text, Dialog) else text.text)


def _spoken_lines(text: Phrase | Dialog) -> list[str]:
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


def _some(lines: list[str], rng: Random, how_many: range) -> list[str]:
    """Some of the lines, in their order.

    Raises:
        Unfit: when there are too few.
    """
    if len(lines) < how_many.start:
        raise Unfit(f"{how_many.start} sentences that can be spoken are needed, and the text has {len(lines)}")
    n = min(rng.choice(how_many), len(lines))
    return [lines[k] for k in sorted(rng.sample(range(len(lines)), n))]


def _choice(
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


TOOLS = (
    hear_who_says_it,
    hear_who_says_it_in_noise,
    count_voices,
    hear_order,
    hear_change,
    hear_which_sentence,
    hear_which_sentence_in_noise,
    hear_number,
    hear_number_in_noise,
)
