"""What models fill in when they prove or mend a draft. What each field should hold stands in the prompts."""

import re
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

from benchmark_agent.record import Record
from benchmark_agent.wording import in_digits

Criterion = Literal["clear", "on_goal", "needs_signal", "hard", "hides_answer", "faithful", "form"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


def _joined(value: object) -> object:
    """Sentences in a list, or under the letters of the options, as one text: models like to list their reasons."""
    if isinstance(value, dict):
        value = [f"{name}: {each}" for name, each in value.items()]
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    return value


_DOUBTED = re.compile(
    rf"(?:^|[.;\n]\s*)(?:(?:not\s+)?[`*]*(?P<name>{'|'.join(CRITERIA)})[`*]*\s*:)"
    r"(?!\s*(?:true|yes|ok|okay|fine|met|none|no (?:doubt|issue|problem|flaw)s?|good|passes)\b)(?=\s*\w)",
    re.IGNORECASE,
)
"""A doubt as it is asked for: the name of a criterion, a colon and the reason."""


Reasons = Annotated[str, BeforeValidator(_joined)]
Answer = Annotated[str, BeforeValidator(in_digits)]


class Solved(Record):
    reasoning: Reasons = ""
    answer: Answer


class Judged(Record):
    """The judge's own answer, then one field for each `Criterion`."""

    weighed: Reasons = ""
    quote: str = ""
    answer: Answer
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
        """Criteria said to be false, or doubted by name: true beside a doubt is carelessness, and the doubt counts."""
        doubted = {found["name"].lower() for found in _DOUBTED.finditer(self.doubts)}
        return tuple(name for name in CRITERIA if not getattr(self, name) or name in doubted)


def _one_of_the_ways(value: object) -> object:
    """`GUESS` and `I guess` are a guess; what names two ways, or none, is left as it is."""
    named = set(re.findall(r"knowledge|wording|guess", value.lower())) if isinstance(value, str) else set()
    return named.pop() if len(named) == 1 else value


class Probed(Record):
    reasoning: Reasons = ""
    found_by: Annotated[Literal["knowledge", "wording", "guess"], BeforeValidator(_one_of_the_ways)]
    answer: Answer


class Mended(Record):
    change: str = ""
    question: str
    options: tuple[str, ...] = ()
