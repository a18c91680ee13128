"""Live progress on a terminal, plain lines elsewhere; always on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

from benchmark_agent.cli.pace import pace
from benchmark_agent.events import Event, Listener

PLAIN_EVERY = 2.0
"""Seconds between two plain lines of the same stage."""
_BAR = 20
"""Columns of the bar."""


@contextmanager
def listener() -> Iterator[Listener]:
    """A listener that shows events for as long as the context is open."""
    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        with Live(console=console, refresh_per_second=8, transient=True) as live:
            yield _Terminal(live)
    else:
        yield _Plain()


class _Rate:
    """Items a second and time left, from when the first job was done."""

    def __init__(self) -> None:
        self.start: tuple[float, int] | None = None

    def line(self, event: Event) -> str:
        now = time.monotonic()
        if self.start is None:
            self.start = (now, event.accepted)
        seconds, made = now - self.start[0], event.accepted - self.start[1]
        rejected = ", ".join(f"{name} {n}" for name, n in event.rejected[:3])
        parts = [f"{event.accepted}/{event.target} accepted", f"{event.done - event.accepted} rejected"]
        parts += [f"({rejected})"] if rejected else []
        parts += [f"${event.spent:.2f}"] if event.spent is not None else []
        if made > 0 and seconds > 0:
            parts.append(pace(made, event.target - event.accepted, seconds))
        return "  ".join(parts)


class _Terminal:
    def __init__(self, live: Live) -> None:
        self.live = live
        self.rate = _Rate()

    def __call__(self, event: Event) -> None:
        line = Text.assemble((f"{event.stage:>12}  ", "bold cyan"), event.message)
        if _passing(event):
            line.truncate(self.live.console.width - 1, overflow="ellipsis")
            self.live.update(line)
        elif not event.target:
            self.live.console.print(line)
        else:
            share = min(1.0, event.accepted / event.target)
            bar = "█" * int(_BAR * share) + "░" * (_BAR - int(_BAR * share))
            told = Text.assemble((f"{event.stage:>12}  ", "bold cyan"), bar, "  ", self.rate.line(event))
            self.live.update(told)


class _Plain:
    def __init__(self) -> None:
        self.rate = _Rate()
        self.last = time.monotonic()

    def __call__(self, event: Event) -> None:
        line = self.rate.line(event) if event.target else event.message
        if _passing(event) or (event.target and event.accepted < event.target):
            now = time.monotonic()
            if now - self.last < PLAIN_EVERY:
                return
            self.last = now
        print(f"{event.stage}: {line}", file=sys.stderr)  # noqa: T201


def _passing(event: Event) -> bool:
    """One of many steps of opening a pool: worth a glance, not a line that stays."""
    return event.stage == "pool" and event.message.startswith(("reading ", "card of "))
