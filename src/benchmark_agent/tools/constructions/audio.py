"""Constructions on sounds: the label is the dataset's own, the sound is the evidence."""

from random import Random
from typing import Annotated

from benchmark_agent.content import AnswerKind, Audio, Composed, Items, Label, Number, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Tool, construction

MOST_OPTIONS = 4


def _heard(label: Label) -> str:
    return label.name or "label"


@construction(kinds=("choice",), signal="what is heard in the recording")
def audio_label_to_choice(
    audio: Audio, label: Annotated[Label, "answer", "category", "entity"], rng: Random
) -> Composed:
    """Ask which of several labels of the dataset a recording has."""
    others = [other for other in label.vocabulary if other != label.text]
    if not others:
        raise Unfit(f"the label {_heard(label)!r} has one value only")
    options = [label.text, *rng.sample(others, min(MOST_OPTIONS - 1, len(others)))]
    rng.shuffle(options)
    asked = rng.choice(
        (
            f"Listen to the recording. Which {_heard(label)} does it have?",
            f"Which {_heard(label)} fits this recording?",
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
    picked: dict[str, Audio] = {label.text: audio}
    for sound, named in zip(others, labels, strict=True):
        if len(picked) < MOST_OPTIONS and named.text not in picked:
            picked[named.text] = sound
    if len(picked) < MOST_OPTIONS:
        raise Unfit(f"{MOST_OPTIONS} recordings with different {_heard(label)} are needed")
    order = list(picked)
    rng.shuffle(order)
    parts: list[Text | Audio] = []
    for place, name in enumerate(order, 1):
        parts += [Text(text=f"Recording {place}:"), picked[name]]
    gold = f"Recording {order.index(label.text) + 1}"
    rest = ", ".join(name for name in order if name != label.text)
    options = tuple(f"Recording {place}" for place in range(1, len(order) + 1))
    return Composed(
        input=tuple(parts),
        question=f"In which recording is the {_heard(label)} {label.text}?",
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


TOOLS: tuple[Tool, ...] = (audio_label_to_choice, ask_audio, match_label_to_audio)
