"""Patience with one model: how many requests at once, how long to wait, when to give up.

The number of requests at once starts at the limit, is halved when the provider says it is too much, and grows by one
for each window of successes (additive increase, multiplicative decrease: Chiu and Jain 1989). Waits grow exponentially
with full jitter (uniform between nothing and the bound), so that those turned away together do not come back together.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmark_agent.errors import Unreached
from benchmark_agent.models import Model, ReadMedia, Reply, Request, Turned
from benchmark_agent.models.prices import FILE
from benchmark_agent.seeds import rng

MOST = 64
"""Requests to one model at once, at the start."""
CROWDED = (429, 503, 529)
"""HTTP statuses that say the provider has too much to do."""

Heard = Callable[[str, str, Turned], None]
"""Key, model, failure."""


@dataclass(frozen=True, slots=True)
class Patience:
    tries: int = 12
    """Times a request is sent at most."""
    seconds: float = 300.0
    """How long after its first failure a request is still sent again."""
    first: float = 1.0
    """Seconds: bound of the first wait; it doubles with each."""
    longest: float = 60.0
    """Seconds: no bound is longer."""


PATIENT = Patience()


class Limits:
    """One model, with patience. For one event loop."""

    def __init__(
        self,
        model: Model,
        most: int = MOST,
        patience: Patience = PATIENT,
        *,
        seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.model, self.most, self.patience = model, most, patience
        self.room = float(most)
        """Requests that may be in flight at once; whole ones count."""
        self.in_flight = 0
        self.failures: Counter[str] = Counter()
        """Requests that got no reply, by HTTP status, or `no response`."""
        self._seed, self._clock, self._sleep = seed, clock, sleep
        self._freed = asyncio.Condition()
        self._paused_until = 0.0
        self._halved_at = -1.0
        self._lost = False

    async def generate(self, request: Request, read: ReadMedia, key: str, heard: Heard = lambda *_: None) -> Reply:
        """The model's reply, sent again for as long as patience lasts.

        After a request was given up, each further one is sent only once, until one succeeds: when a provider is down,
        a thousand jobs need not find it out one by one.

        Args:
            key: what the jitter is drawn from, beside the seed.
            heard: told of every failure.

        Raises:
            Unreached: patience is at its end.
            ModelError, UserError: as the model raises them.
        """
        first_failure: float | None = None
        for n in range(1, self.patience.tries + 1):
            began = self._clock()
            try:
                reply = await self._once(request, read)
            except Turned as turned:
                heard(key, self.model.name, turned)
                now = self._clock()
                first_failure = now if first_failure is None else first_failure
                wait = self._after(turned, began, n, key)
                if n == self.patience.tries or now + wait - first_failure > self.patience.seconds or self._lost:
                    self._lost = True
                    raise self._unreached(turned, n, now - first_failure) from None
                await self._sleep(wait)
            else:
                self._lost = False
                return reply
        raise AssertionError("the last try returns or raises")

    async def _once(self, request: Request, read: ReadMedia) -> Reply:
        await self._enter()
        try:
            reply = await self.model.generate(request, read)
        finally:
            self.in_flight -= 1
            async with self._freed:
                self._freed.notify()
        self.room = min(float(self.most), self.room + 1 / self.room)
        return reply

    async def _enter(self) -> None:
        async with self._freed:
            await self._freed.wait_for(lambda: self.in_flight < int(self.room))
            self.in_flight += 1
        try:
            while (pause := self._paused_until - self._clock()) > 0:
                await self._sleep(pause)
        except asyncio.CancelledError:
            self.in_flight -= 1
            raise

    def _after(self, turned: Turned, began: float, n: int, key: str) -> float:
        """Take note of a failure; seconds until the next try."""
        self.failures[str(turned.status or "no response")] += 1
        if (
            turned.slow or turned.status in CROWDED
        ) and began > self._halved_at:  # once for all that were in flight together
            self.room = max(1.0, self.room / 2)
            self._halved_at = self._clock()
        bound = min(self.patience.longest, self.patience.first * 2 ** (n - 1))
        jitter = rng(self._seed, "backoff", key, n).uniform(0, bound)
        if turned.wait is None:
            return jitter
        if turned.wait <= self.patience.seconds:
            self._paused_until = max(self._paused_until, self._clock() + turned.wait)
        return turned.wait + min(jitter, 1.0)

    def _unreached(self, turned: Turned, tries: int, seconds: float) -> Unreached:
        asked = f"; it asks to wait {turned.wait:.0f} s" if turned.wait and turned.wait > 1 else ""
        times = "once" if tries == 1 else f"{tries} times in {seconds:.0f} s"
        slow = (
            f"; on a server of your own, ask less at once ('--in-flight', now {self.most}) or allow it more time "
            f"('timeout' of its row in {FILE!r} in the cache folder)"
        )
        return Unreached(
            f"the model {self.model.name!r} could not be reached: tried {times}, last heard {str(turned)!r}{asked}"
            f"{slow if turned.slow else ''}"
        )
