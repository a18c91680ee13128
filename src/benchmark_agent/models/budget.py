"""What a run may spend: room is reserved before each call, for the most it can cost, and settled after it."""

import asyncio
import math
import threading
from collections import deque

from benchmark_agent.errors import BudgetReached

EXACT = 1e-9
"""US dollars: differences below are of rounding."""


class Budget:
    """Money of one run. For one event loop; whoever waits is served in the order of asking."""

    def __init__(self, limit: float | None, spent: float = 0.0) -> None:
        """`limit`: US dollars in all; None means no limit. `spent`: what earlier parts of the run spent."""
        self.limit = limit
        self._spent = spent
        self._reserved = 0.0
        self._flying = 0
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._counting = threading.Lock()

    @property
    def spent(self) -> float:
        """US dollars, of calls that were settled or added."""
        return self._spent

    @property
    def reserved(self) -> float:
        """US dollars that the calls in flight can cost at most."""
        return self._reserved

    async def reserve(self, most: float) -> None:
        """Take room for a call; waits while calls in flight may leave some. Each `reserve` needs its `settle`.

        Args:
            most: US dollars the call can cost.

        Raises:
            BudgetReached: it would not fit even if the calls in flight cost nothing.
        """
        if self._hopeless(most):
            raise self._reached(most)
        if not self._waiting and self._fits(most):
            self._take(most)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((most, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.settle(most, 0.0)  # the room came, but nobody is there to use it
            else:
                self._serve()
            raise

    def settle(self, most: float, cost: float) -> None:
        """Give the room back, and count what the call did cost: 0 where it never came to a reply."""
        self._flying -= 1
        self._reserved = self._reserved - most if self._flying else 0.0
        self.add(cost)
        self._serve()

    def add(self, cost: float) -> None:
        """Count what was paid elsewhere, for a reply this run uses too. From any thread."""
        with self._counting:
            self._spent += cost

    def _serve(self) -> None:
        while self._waiting:
            most, turn = self._waiting[0]
            if turn.done():  # cancelled
                self._waiting.popleft()
            elif self._hopeless(most):
                self._waiting.popleft()
                turn.set_exception(self._reached(most))
            elif self._fits(most):
                self._waiting.popleft()
                self._take(most)
                turn.set_result(None)
            else:
                return

    def _take(self, most: float) -> None:
        self._reserved += most
        self._flying += 1

    def _fits(self, most: float) -> bool:
        return self.limit is None or self._spent + self._reserved + most <= self.limit + EXACT

    def _hopeless(self, most: float) -> bool:
        return self.limit is not None and self._spent + most > self.limit + EXACT

    def _reached(self, most: float) -> BudgetReached:
        limit = self.limit or 0.0
        enough = _rounded_up(max(1.5 * limit, self._spent + 2 * most))
        return BudgetReached(
            f"${self._spent:.2f} of ${limit:.2f} are spent, and the next call could cost ${most:.4f}; "
            f"to go on, type the same command with '--resume --max-usd {enough:g}'"
        )


def _rounded_up(dollars: float) -> float:
    """To two digits, upwards."""
    if dollars <= 0:
        return 1.0
    step = 10.0 ** (math.floor(math.log10(dollars)) - 1)
    return float(f"{math.ceil(dollars / step - 1e-9) * step:.10g}")
