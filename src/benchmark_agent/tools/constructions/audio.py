"""Constructions on sounds: the label is the dataset's own, the sound is the evidence."""

import re
from collections.abc import Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import AnswerKind, Audio, Composed, Image, Items, Label, Number, Part, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Tool, construction

MOST_OPTIONS = 4
_VOICE = re.compile(r"\b(?:speaker|voice|singer|narrator|reader|talker|person|actor|user|client)s?\b", re.IGNORECASE)
"""Names of a field that says whose voice it is: nobody hears a stranger's name, only that two voices are one."""
_LANGUAGE = re.compile(r"\blanguages?\b", re.IGNORECASE)
LEAST_LANGUAGES = 3
"""Among two, guessing is right every other time."""


def _heard(label: Label) -> str:
    return label.name.replace("_", " ").strip() or "label"


def _hearable(label: Label) -> None:
    """Raises Unfit when the label is the name of whoever is heard."""
    if _VOICE.search(_heard(label)):
        raise Unfit(f"the {_heard(label)} of a recording cannot be named by listening, only compared")


@construction(kinds=("choice",), signal="what is heard in the recording")
def audio_label_to_choice(
    audio: Audio, label: Annotated[Label, "answer", "category", "entity"], rng: Random
) -> Composed:
    """Ask which of several labels of the dataset a recording has."""
    _hearable(label)
    others = [other for other in label.vocabulary if other != label.text]
    if not others:
        raise Unfit(f"the label {_heard(label)!r} has one value only")
    options = [label.text, *rng.sample(others, min(MOST_OPTIONS - 1, len(others)))]
    rng.shuffle(options)
    asked = rng.choice(
        (
            f"Listen to the recording. Which {_heard(label)} do you hear?",
            f"Which {_heard(label)} is heard in this recording?",
        )
    )
    return Composed(
        input=(audio,),
        question=asked,
        answer_kind="choice",
        options=tuple(options),
        option_values=tuple(options),
        answer=label.text,
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset labels the recording {label.text!r}",
        alt=(f"a recording with {_heard(label)} {label.text}",),
    )


@construction(kinds=("choice",), signal="the language that is spoken")
def recorded_language(audio: Audio, label: Annotated[Label, "answer", "category", "entity"], rng: Random) -> Composed:
    """Ask which language is spoken in a recording, where the dataset says it."""
    if not _LANGUAGE.search(_heard(label)):
        raise Unfit(f"the {_heard(label)} of a recording is not the language spoken in it")
    if len(label.vocabulary) < LEAST_LANGUAGES:
        raise Unfit(
            f"recordings in {LEAST_LANGUAGES} languages are needed, and the dataset has {len(label.vocabulary)}"
        )
    others = [other for other in label.vocabulary if other != label.text]
    options = [label.text, *rng.sample(others, min(MOST_OPTIONS - 1, len(others)))]
    rng.shuffle(options)
    return Composed(
        input=(audio,),
        question="Which language is spoken in the recording?",
        answer_kind="choice",
        options=tuple(options),
        option_values=tuple(options),
        answer=label.text,
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset says that the recording is in {label.text}",
        alt=(f"a recording in {label.text}",),
    )


@construction(kinds=("number", "label", "span", "choice"), signal="what is said or heard in the recording")
def ask_audio(
    audio: Audio,
    question: Annotated[Phrase, "question"],
    answer: Annotated[Phrase | Number | Label | Items, "answer"],
) -> Composed:
    """Ask the dataset's own question about a recording."""
    kind, gold, accepted = _short(answer)
    return Composed(
        input=(audio,),
        question=question.text,
        answer_kind=kind,
        answer=gold,
        accepted=accepted,
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset's own answer: {gold}",
        alt=("a recording",),
    )


def _short(answer: Phrase | Number | Label | Items) -> tuple[AnswerKind, str, tuple[str, ...]]:
    if isinstance(answer, Number):
        return "number", str(answer.value), ()
    if isinstance(answer, Items):
        if not answer.items:
            raise Unfit("the row lists no answer")
        return "span", answer.items[0], answer.items[1:]
    return ("label" if isinstance(answer, Label) else "span"), answer.text, ()


@construction(kinds=("choice",), signal="what is heard in each of several recordings", companions=12)
def match_label_to_audio(
    audio: Audio,
    label: Annotated[Label, "answer", "category", "entity"],
    others: tuple[Audio, ...],
    labels: Annotated[tuple[Label, ...], "answer", "category", "entity"],
    rng: Random,
) -> Composed:
    """Show several recordings with different labels and ask which one has a given label."""
    _hearable(label)
    picked: dict[str, Audio] = {label.text: audio}
    for sound, named in zip(others, labels, strict=True):
        if len(picked) < MOST_OPTIONS and named.text not in picked:
            picked[named.text] = sound
    if len(picked) < MOST_OPTIONS:
        raise Unfit(f"recordings with {MOST_OPTIONS} different values of {_heard(label)!r} are needed")
    order = list(picked)
    rng.shuffle(order)
    parts = _numbered([picked[name] for name in order])
    gold = f"Recording {order.index(label.text) + 1}"
    rest = ", ".join(name for name in order if name != label.text)
    options = tuple(f"Recording {place}" for place in range(1, len(order) + 1))
    return Composed(
        input=tuple(parts),
        question=f"In which recording do you hear the {_heard(label)} {label.text}?",
        answer_kind="choice",
        options=options,
        option_values=tuple(order),
        answer=gold,
        fixed_order=True,
        gold_basis="source",
        evidence=tuple(range(1, len(parts), 2)),
        proof=f"the dataset labels {gold} {label.text!r}; the others are {rest}",
        alt=tuple(f"a recording with {_heard(label)} {name}" for name in order),
    )


@construction(
    kinds=("choice",),
    signal="which voices are the same",
    companions=16,
    realizes=("speaker-recognition",),
)
def match_voice(
    audio: Audio,
    label: Annotated[Label, "answer", "category", "entity"],
    others: tuple[Audio, ...],
    labels: Annotated[tuple[Label, ...], "answer", "category", "entity"],
    rng: Random,
) -> Composed:
    """Play a recording, then several by different people, and ask which of them has the same voice."""
    if not _VOICE.search(_heard(label)):
        raise Unfit(f"the field {_heard(label)!r} does not say whose voice is heard")
    heard: dict[str, Audio] = {}
    for sound, named in zip(others, labels, strict=True):
        if sound.sha256 != audio.sha256:
            heard.setdefault(named.text, sound)
    rest = [name for name in heard if name != label.text][: MOST_OPTIONS - 1]
    if label.text not in heard or len(rest) < MOST_OPTIONS - 1:
        raise Unfit(f"another recording by the same {_heard(label)} and {MOST_OPTIONS - 1} by others are needed")
    order = [label.text, *rest]
    rng.shuffle(order)
    gold = f"Recording {order.index(label.text) + 1}"
    compared = _numbered([heard[name] for name in order])
    return Composed(
        input=(Text(text="First recording:"), audio, *compared),
        question="Which of the numbered recordings is by the same person as the first recording?",
        answer_kind="choice",
        options=tuple(f"Recording {place}" for place in range(1, len(order) + 1)),
        option_values=tuple(order),
        answer=gold,
        fixed_order=True,
        gold_basis="computed",
        evidence=(1, *range(3, len(compared) + 2, 2)),
        proof=f"the dataset's {_heard(label)} of the first recording and of {gold} is the same, of the others not",
        alt=("a recording of one person", *("one of the recordings to compare" for _ in order)),
    )


def _numbered(sounds: Sequence[Audio]) -> list[Text | Audio]:
    parts: list[Text | Audio] = []
    for place, sound in enumerate(sounds, 1):
        parts += [Text(text=f"Recording {place}:"), sound]
    return parts


@construction(kinds=("choice",), signal="the sound, and what each of several images shows", companions=12)
def match_sound_to_image(
    audio: Audio,
    image: Image,
    label: Annotated[Label | Phrase, "answer", "category", "entity", "context"],
    others: tuple[Image, ...],
    labels: Annotated[tuple[Label | Phrase, ...], "answer", "category", "entity", "context"],
    rng: Random,
) -> Composed:
    """Play the sound of a row and ask which of four images, of rows with other labels, belongs to it."""
    picked: dict[str, Image] = {label.text: image}
    for picture, named in zip(others, labels, strict=True):
        if len(picked) < MOST_OPTIONS and named.text not in picked:
            picked[named.text] = picture
    if len({picture.sha256 for picture in picked.values()}) < MOST_OPTIONS:
        raise Unfit(f"images of {MOST_OPTIONS} rows with different labels are needed")
    order = list(picked)
    rng.shuffle(order)
    parts: list[Part] = [audio]
    for place, name in enumerate(order, 1):
        parts += [Text(text=f"Image {place}:"), picked[name]]
    gold = f"Image {order.index(label.text) + 1}"
    return Composed(
        input=tuple(parts),
        question="Which image belongs to the sound?",
        answer_kind="choice",
        options=tuple(f"Image {place}" for place in range(1, len(order) + 1)),
        option_values=tuple(order),
        answer=gold,
        fixed_order=True,
        gold_basis="source",
        evidence=(0, *range(2, len(parts), 2)),
        proof=f"sound and {gold} stand in one row of the dataset, labelled {label.text!r}",
        alt=(f"the sound of {label.text}", *order),
    )


TOOLS: tuple[Tool, ...] = (
    audio_label_to_choice,
    recorded_language,
    ask_audio,
    match_label_to_audio,
    match_voice,
    match_sound_to_image,
)
