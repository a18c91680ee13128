"""What models fill in when they prove or mend a draft. What each field should hold stands in the prompts."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

from benchmark_agent.record import Record

Criterion = Literal["clear", "on_goal", "needs_signal", "hard", "hides_answer", "faithful", "form"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


def _joined(value: object) -> object:
    """Sentences in a list as one text: models like to list their reasons."""
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    return value


Reasons = Annotated[str, BeforeValidator(_joined)]


class Solved(Record):
    reasoning: Reasons = ""
    answer: str


class Judged(Record):
    """The judge's own answer, then one field for each `Criterion`."""

    weighed: Reasons = ""
    quote: str = ""
    answer: str
    doubts: Reasons = ""
    clear: bool
    on_goal: bool
    needs_signal: bool
    hard: bool
    hides_answer: bool
    faithful: bool
    form: bool

    @property
    def unmet(self) -> tuple[Criterion, ...]:
        return tuple(name for name in CRITERIA if not getattr(self, name))


class Probed(Record):
    reasoning: Reasons = ""
    found_by: Literal["knowledge", "wording", "guess"]
    answer: str


class Mended(Record):
    change: str = ""
    question: str
    options: tuple[str, ...] = ()
