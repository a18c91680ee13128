"""One budget for several event loops: models answer in one, a judge in another."""

import asyncio
import threading

from benchmark_agent.models.budget import Budget

LOOK_AGAIN = 0.05
"""Seconds until one who waits for room looks again."""


class Purse(Budget):
    """A `Budget` that threads share; whoever waits is served as room comes, in no order."""

    def __init__(self, limit: float | None, spent: float = 0.0) -> None:
        super().__init__(limit, spent)
        self._lock = threading.Lock()

    async def reserve(self, most: float) -> None:
        """See `Budget.reserve`."""
        while True:
            with self._lock:
                if self._hopeless(most):
                    raise self._reached(most)
                if self._fits(most):
                    self._take(most)
                    return
            await asyncio.sleep(LOOK_AGAIN)

    def settle(self, most: float, cost: float) -> None:
        """See `Budget.settle`."""
        with self._lock:
            super().settle(most, cost)
