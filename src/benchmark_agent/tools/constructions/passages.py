"""Evidence among passages that do not hold it."""

import re
from collections.abc import Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.lexical import terms
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import golds
from benchmark_agent.tools.constructions.asked import choose, other_answers
from benchmark_agent.tools.constructions.direct import OPEN
from benchmark_agent.tools.constructions.golds import Answer
from benchmark_agent.tools.constructions.options import normal

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


@construction(kinds=("choice",), signal=SIGNAL, companions=10)
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


def _buried(
    context: Phrase, question: Phrase, answer: Answer, contexts: Sequence[Phrase], rng: Random
) -> tuple[tuple[Text, ...], int]:
    """Numbered passages, and which of them holds the evidence."""
    anchors = _anchors(question.text, context.text)
    gold = golds.read(answer)
    held = (gold.text, *gold.accepted) if gold.kind in ("span", "number") else ()
    others = _distractors(context.text, [each.text for each in contexts], anchors, held)
    fit = rng.sample(others, min(len(others), rng.randint(3, 5)))
    room = MOST_CHARACTERS - len(context.text)
    while fit and sum(map(len, fit)) > room:
        fit.pop()
    if len(fit) < 3:
        raise Unfit(f"three passages that do not answer the question are needed and there are {len(fit)}")
    at = rng.randint(0, len(fit))
    passages = [*fit[:at], context.text, *fit[at:]]
    return tuple(Text(text=f"Passage {n}\n\n{passage.strip()}") for n, passage in enumerate(passages, 1)), at


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
    """Other passages, the most alike first, that hold neither the answer nor more than half of the anchors."""
    told = [re.compile(rf"(?<!\w){re.escape(normal(text))}(?!\w)") for text in held if normal(text)]
    ranked: list[tuple[int, str]] = []
    for passage in sorted(set(passages) - {own}):
        common = len(anchors & frozenset(terms(passage)))
        plain = " ".join(passage.casefold().split())
        if passage.strip() and common * 2 <= len(anchors) and not any(pattern.search(plain) for pattern in told):
            ranked.append((-common, passage))
    return [passage for _, passage in sorted(ranked)][:6]


TOOLS = (bury_evidence, bury_evidence_choice)
