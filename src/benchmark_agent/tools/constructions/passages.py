"""Evidence among passages that do not hold it."""

import re
from collections.abc import Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import Choices, Composed, Label, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.lexical import terms
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import golds
from benchmark_agent.tools.constructions.asked import choose, other_answers
from benchmark_agent.tools.constructions.direct import OPEN, as_given
from benchmark_agent.tools.constructions.golds import Answer
from benchmark_agent.tools.constructions.options import mentions
from benchmark_agent.tools.text import sentences

_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w'’-]+")
MOST_CHARACTERS = 16_000
"""Of all passages together."""


SIGNAL = "the one passage of several that holds it"


@construction(kinds=OPEN, signal=SIGNAL, companions=8)
def bury_evidence(
    context: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
    contexts: Annotated[tuple[Phrase, ...], "context"],
    rng: Random,
) -> Composed:
    """Hide the passage that answers a question among passages of other rows, numbered; the answer is short."""
    passages, at = _buried(context, question, answer, contexts, rng)
    return golds.open_item(question.text, answer, *passages, evidence=(at,))


@construction(kinds=("choice",), signal=SIGNAL, companions=16)
def bury_evidence_choice(
    context: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
    contexts: Annotated[tuple[Phrase, ...], "context"],
    questions: Annotated[tuple[Phrase, ...], "question"],
    answers: Annotated[tuple[Answer, ...], "answer"],
    rng: Random,
) -> Composed:
    """Hide the passage that answers a question among passages of other rows; answers to their questions are options."""
    passages, at = _buried(context, question, answer, contexts, rng)
    pool = list(other_answers(question, questions, answers))
    return choose(question, answer, pool, rng, *passages, evidence=(at,))


@construction(kinds=("choice",), signal=SIGNAL, companions=8)
def bury_evidence_as_is(
    context: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    options: Annotated[Choices, "options"],
    contexts: Annotated[tuple[Phrase, ...], "context"],
    rng: Random,
) -> Composed:
    """Hide the passage that answers a multiple-choice question among passages of other rows; the row's own options."""
    answer = Phrase(text=options.options[options.answer or 0])
    passages, at = _buried(context, question, answer, contexts, rng)
    return as_given(question, options, *passages).model_copy(update={"evidence": (at,)})


def _buried(
    context: Phrase, question: Phrase, answer: Answer, contexts: Sequence[Phrase], rng: Random
) -> tuple[tuple[Text, ...], int]:
    """Numbered passages, and which of them holds the evidence."""
    if len(context.text) > MOST_CHARACTERS // 2:
        raise Unfit("the passage is too long to stand among others")
    anchors = _anchors(question.text, context.text)
    held = () if isinstance(answer, Label) else (golds.first_text(answer),)
    named = [name for name in _NAME.findall(question.text) if name in context.text]
    others = _distractors(context.text, [each.text for each in contexts], anchors, (*held, *named))
    fit = rng.sample(others, min(len(others), rng.randint(3, 5)))
    room = (MOST_CHARACTERS - len(context.text)) // max(1, len(fit))
    fit = [short for passage in fit if (short := _shortened(passage, room))]
    if len(fit) < 3:
        raise Unfit(f"three passages that do not answer the question are needed and there are {len(fit)}")
    at = rng.randint(0, len(fit))
    passages = [*fit[:at], context.text, *fit[at:]]
    return tuple(Text(text=f"Passage {n}\n\n{passage.strip()}") for n, passage in enumerate(passages, 1)), at


def _shortened(passage: str, most: int) -> str:
    """Whole sentences from its start, of at most so many characters."""
    if len(passage) <= most:
        return passage
    kept, used = [], 0
    for sentence in sentences(passage):
        used += len(sentence) + 1
        if used > most:
            break
        kept.append(sentence)
    return " ".join(kept)


def _anchors(question: str, passage: str) -> frozenset[str]:
    """Terms of the question that the passage has: what tells a reader which passage is meant.

    Raises:
        Unfit: when there are fewer than two; the question would fit any passage.
    """
    anchors = frozenset(terms(question)) & frozenset(terms(passage))
    if len(anchors) < 2:
        raise Unfit("the question does not say which passage it is about")
    return anchors


def _distractors(own: str, passages: Sequence[str], anchors: frozenset[str], held: Sequence[str]) -> list[str]:
    """Other passages, the most alike first, that hold neither the answer, nor a name asked about, nor
    more than half of the anchors."""
    ranked: list[tuple[int, str]] = []
    for passage in sorted(set(passages) - {own}):
        if not passage.strip() or any(mentions(passage, text) for text in held):
            continue
        common = len(anchors & frozenset(terms(passage)))
        if common * 2 <= len(anchors):
            ranked.append((-common, passage))
    return [passage for _, passage in sorted(ranked)][:6]


TOOLS = (bury_evidence, bury_evidence_choice, bury_evidence_as_is)
