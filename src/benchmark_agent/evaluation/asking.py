"""Item -> request: what the item shows, the question, and the form of the answer."""

from benchmark_agent import prompts
from benchmark_agent.content import Text
from benchmark_agent.evaluation.scorers.choice import letters
from benchmark_agent.evaluation.scorers.spans import two_sides
from benchmark_agent.models import Message, Request, Settings
from benchmark_agent.prompts import Prompt
from benchmark_agent.verification.types import Item

LETTERED = ("choice", "multi_choice")
LABELS = 100
"""Labels that are listed at most; a longer list would be most of the prompt."""


def prompt() -> Prompt:
    """What every item is asked with."""
    return prompts.load("evaluation/answer")


def request_of(item: Item, model: str, settings: Settings) -> Request:
    """The call that answers the item: its parts in order, then the question."""
    asked = Text(text=prompt().render(**_values(item)))
    return Request(model=model, messages=(Message(by="user", parts=(*item.input, asked)),), settings=settings)


def _values(item: Item) -> dict[str, object]:
    lettered = item.answer_kind in LETTERED
    return {
        "question": item.question,
        "letters": list(letters(len(item.options))) if lettered else [],
        "options": item.options,
        "words": _words(item),
        "form": item.answer_kind if lettered else item.scorer or item.answer_kind,
    }


def _words(item: Item) -> tuple[str, ...]:
    """The answers there are, where they are few and not lettered."""
    if item.answer_kind == "label":
        return item.options if len(item.options) <= LABELS else ()
    return two_sides(item.answer, item.options) if item.answer_kind == "binary" else ()
