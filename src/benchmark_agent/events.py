"""What happens during long work, as records: shown live, kept in events.jsonl."""

from collections.abc import Callable
from typing import Literal

from benchmark_agent.record import Record

Stage = Literal["pool", "design", "grounding", "allocation", "planning", "realization", "verification", "benchmark"]


class Event(Record):
    stage: Stage
    message: str
    """One line a person can read."""
    accepted: int = 0
    """Items accepted so far."""
    target: int = 0
    """Items wanted."""
    rejected: tuple[tuple[str, int], ...] = ()
    """Rejections by reason, most first."""
    done: int = 0
    """Steps of this stage done, of `total`."""
    total: int = 0
    spent: float | None = None
    """US dollars paid to models so far; None where none is asked."""


Listener = Callable[[Event], None]


def silent(event: Event) -> None:
    """A listener that hears nothing."""
