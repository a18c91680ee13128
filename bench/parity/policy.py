"""What the scripted model replies: known for every item, in the forms models use."""

import hashlib
from collections.abc import Callable

from benchmark_agent.benchmark.replies import gold_replies, junk_replies
from benchmark_agent.verification.types import Item

REFUSAL = "I'm sorry, but I cannot answer that."
NONSENSE = "Hm, that is interesting."
STYLES = ("letter", "asked", "wild")
"""`letter`: the bare answer. `asked`: reasoning, then the line asked for; also refusals and replies without an answer.
`wild`: markup, thinking, prose, boxes, other accepted forms."""
_WILD: tuple[Callable[[str], str], ...] = (
    lambda said: f"**Answer: {said}**",
    lambda said: f"The answer is {said}.",
    lambda said: f"<think>It could be something else. Let me see.</think>\n\nAnswer: {said}",
    lambda said: f"Working it out.\n\n\\boxed{{{said}}}",
    lambda said: f"Final answer: `{said}`",
    lambda said: f"{said}",
    lambda said: f"Let me go through this.\n\n1. First I read it.\n2. Then I compare.\n\nSo the answer is: {said}",
    lambda said: f"I would say {said}, because nothing else fits what is shown.",
)


def replies(items: list[Item], style: str) -> dict[str, str]:
    """A reply by item id."""
    return {item.id: _reply(item, style) for item in items}


def _reply(item: Item, style: str) -> str:
    drawn = int(hashlib.sha256(f"{style} {item.id}".encode()).hexdigest(), 16)
    share, drawn = drawn % 100, drawn // 100
    if style != "letter" and share >= 88:
        return REFUSAL if share >= 94 else NONSENSE
    right, wrong = list(gold_replies(item)), [reply for reply in junk_replies(item) if reply][2:]
    said = right[0] if share < 60 or not wrong else wrong[drawn % len(wrong)]
    if style == "wild" and share < 60:
        said = right[drawn % len(right)]
    written = ", ".join(said) if item.answer_kind == "multi_choice" else said
    if style == "letter":
        return written
    if style == "asked":
        return f"Let me think about what is shown.\n\nThis settles it.\n\nAnswer: {written}"
    return _WILD[drawn // 7 % len(_WILD)](written)
