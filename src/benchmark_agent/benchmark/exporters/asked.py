"""An item as the models of other harnesses see it: the same words `benchmark-agent evaluate` asks with."""

from benchmark_agent import prompts
from benchmark_agent.benchmark.show import LETTERS
from benchmark_agent.verification.types import Item

LETTERED = ("choice", "multi_choice")
LABELS = 100
"""Labels that are listed at most, as in evaluation."""
_PAIRS = (("yes", "no"), ("true", "false"), ("correct", "incorrect"), ("right", "wrong"), ("是", "否"))


def asked(item: Item) -> str:
    """The question, the options with their letters, and the form of the answer. Without what the item shows."""
    lettered = item.answer_kind in LETTERED
    return prompts.load("evaluation/answer").render(
        question=item.question,
        letters=list(LETTERS[: len(item.options)]) if lettered else [],
        options=item.options,
        words=_words(item),
        form=item.answer_kind if lettered else item.scorer or item.answer_kind,
    )


def shown_text(item: Item) -> str:
    """The text parts of the input, in order."""
    return "\n\n".join(part.text for part in item.input if part.type == "text")


def full_prompt(item: Item) -> str:
    """The text parts, then the question: all of a text item in one message."""
    return "\n\n".join(text for text in (shown_text(item), asked(item)) if text)


def bare_question(item: Item) -> str:
    """The text parts and the question, for harnesses that print the options and the form of the answer themselves."""
    return "\n\n".join(text for text in (shown_text(item), item.question) if text)


def letters(item: Item) -> list[str]:
    """The letters of the options."""
    return list(LETTERS[: len(item.options)])


def _words(item: Item) -> tuple[str, ...]:
    """The answers there are, where they are few and not lettered."""
    if item.answer_kind == "label":
        return item.options if len(item.options) <= LABELS else ()
    if item.answer_kind != "binary":
        return ()
    if len(item.options) == 2:
        return item.options
    said = item.answer.casefold()
    return next((pair for pair in _PAIRS if said in pair), (item.answer,))
