"""What models fill in when they prove or mend a draft. What each field should hold stands in the prompts."""

from typing import Literal, get_args

from benchmark_agent.record import Record

Criterion = Literal["clear", "on_goal", "needs_signal", "hard", "hides_answer", "faithful", "form"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


class Solved(Record):
    reasoning: str = ""
    answer: str


class Judged(Record):
    """The judge's own answer, then one field for each `Criterion`."""

    weighed: str = ""
    quote: str = ""
    answer: str
    doubts: str = ""
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
    reasoning: str = ""
    found_by: Literal["knowledge", "wording", "guess"]
    answer: str


class Mended(Record):
    change: str = ""
    question: str
    options: tuple[str, ...] = ()
