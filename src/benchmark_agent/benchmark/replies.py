"""Replies that a scorer must take for right, and replies that it must not."""

from collections.abc import Iterator

from benchmark_agent.benchmark.show import LETTERS
from benchmark_agent.quantities import amount_of
from benchmark_agent.verification.types import Item
from benchmark_agent.wording import key

JUNK = ("", "I do not know.", "?!")
_OPPOSITE = {"yes": "no", "no": "yes", "true": "false", "false": "true"}


def gold_replies(item: Item) -> Iterator[str]:
    """The answer, and every other accepted one."""
    yield item.answer
    yield from item.accepted


def junk_replies(item: Item) -> Iterator[str]:
    """Nothing, an excuse, and what is wrong for this kind of answer."""
    right = {key(reply) for reply in gold_replies(item)}
    for reply in (*JUNK, *_wrong(item)):
        if key(reply) not in right or not reply:
            yield reply


def _wrong(item: Item) -> tuple[str, ...]:
    letters = LETTERS[: len(item.options)]
    if item.answer_kind == "choice":
        return tuple(letter for letter in letters if letter != item.answer)
    if item.answer_kind == "multi_choice":
        return tuple(reply for reply in (letters, item.answer[:-1]) if reply and reply != item.answer)
    if item.answer_kind == "number":
        amount = amount_of(item.answer)
        return (f"{amount.value + 1:.12g}", f"{-amount.value - 1:.12g}") if amount else ()
    if item.answer_kind == "binary":
        opposite = _OPPOSITE.get(item.answer.casefold())
        return (*item.options, *((opposite,) if opposite else ()))
    return item.options
