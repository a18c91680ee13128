"""What it takes to score a reply: the key of an item, and the verdict of a scorer.

On the ground floor because verification (is the gold scored right, and junk wrong?) and evaluation
both use scorers, and no stage may import a later one.
"""

from typing import Annotated, Literal, Protocol

from pydantic import Field

from benchmark_agent.content import AnswerKind
from benchmark_agent.record import Record


class AnswerKey(Record):
    answer_kind: AnswerKind
    options: tuple[str, ...] = ()
    answer: str
    """Choice: the letter, A for the first option. multi_choice: letters in order, `"AC"`. Otherwise the value."""
    accepted: tuple[str, ...] = ()


class Score(Record):
    value: Annotated[float, Field(ge=0, le=1)]
    parsed: str = ""
    """What the scorer took the reply to say."""
    outcome: Literal["right", "wrong", "refusal", "unparsable"]
    reason: str = ""


class Scorer(Protocol):
    """Judges one reply against one key. Pure: the same reply always scores the same."""

    @property
    def name(self) -> str: ...

    @property
    def answer_kinds(self) -> tuple[AnswerKind, ...]:
        """The answer kinds it can score."""
        ...

    def __call__(self, key: AnswerKey, reply: str) -> Score: ...
