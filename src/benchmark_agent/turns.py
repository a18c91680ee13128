"""Many wait, one works: jobs that spend their time waiting for models, run side by side without sharing anything.

Each job runs in a thread of its own, but only the one whose turn it is computes; a job gives up its turn while it waits
for a reply. So nothing a job touches needs to be safe in several threads, and hundreds of calls can be in flight.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

AHEAD = 4
"""Jobs begun or waiting to begin for each one under way, so that a slow one does not hold up those behind it."""

T = TypeVar("T")
U = TypeVar("U")


class Turns:
    """Whose turn it is. The thread that makes it has the first turn."""

    def __init__(self, most: int) -> None:
        """`most`: jobs under way at once."""
        self.most = most
        self._turn = threading.Lock()
        self._mine = threading.local()
        self._take()

    def _take(self) -> None:
        self._turn.acquire()
        self._mine.held = True

    def _give(self) -> None:
        self._mine.held = False
        self._turn.release()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Give up the turn for as long as the context is open; does nothing in a thread that has none."""
        held = getattr(self._mine, "held", False)
        if held:
            self._give()
        try:
            yield
        finally:
            if held:
                self._take()

    def map(self, work: Callable[[T], U], things: Iterable[T]) -> Iterator[U]:
        """Results in the order of the things, up to `most` under way. What a job raises is raised in its place.

        Things may grow while results are taken: they are asked for more after each.
        """
        remaining = iter(things)
        threads = ThreadPoolExecutor(self.most)
        flying: deque[Future[U]] = deque()
        try:
            while True:
                ahead = islice(remaining, AHEAD * self.most - len(flying))
                flying.extend(threads.submit(self._work, work, each) for each in ahead)
                if not flying:
                    return
                with self.waiting():
                    result = flying.popleft().result()
                yield result
        finally:
            with self.waiting():
                threads.shutdown(wait=True, cancel_futures=True)

    def _work(self, work: Callable[[T], U], thing: T) -> U:
        self._take()
        try:
            return work(thing)
        finally:
            self._give()
