"""One call, paid once: looked up, counted, sent, journalled."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from benchmark_agent.errors import ModelError, Unreached
from benchmark_agent.models import Model, ReadMedia, Reply, Request, Role, Turned
from benchmark_agent.models.budget import Budget
from benchmark_agent.models.journal import Call, Journal, now
from benchmark_agent.models.limits import MOST, PATIENT, Limits, Patience
from benchmark_agent.models.prices import Prices


@dataclass(frozen=True, slots=True)
class Slip:
    """One attempt at one call, before it is answered."""

    key: str
    role: Role
    prompt: str
    """Name of the prompt."""
    version: str
    attempt: int
    request: Request
    text: str
    """The request as the journal keeps it: canonical, without media bytes."""


class Desk:
    """Where calls are made. For one event loop."""

    def __init__(
        self,
        find: Callable[[str], Model],
        journal: Journal,
        budget: Budget,
        prices: Prices,
        read: ReadMedia,
        *,
        most: int = MOST,
        patience: Patience = PATIENT,
        seed: int = 0,
    ) -> None:
        self.journal, self.budget, self.prices, self.read = journal, budget, prices, read
        self.made: Counter[Role] = Counter()
        """Calls that got a reply, by role."""
        self._find, self._most, self._patience, self._seed = find, most, patience, seed
        self._limits: dict[str, Limits] = {}
        self._flying: dict[str, asyncio.Task[Call]] = {}

    @property
    def failures(self) -> Counter[str]:
        """Requests that got no reply, by HTTP status."""
        return sum((limits.failures for limits in list(self._limits.values())), Counter())

    async def call(self, slip: Slip) -> Call:
        """The answered call; equal ones in flight at the same time are one.

        Raises:
            Unreached, BudgetReached: it was not made.
        """
        if slip.key not in self._flying:
            task = asyncio.create_task(self._paid(slip))
            self._flying[slip.key] = task
            task.add_done_callback(lambda done: self._landed(slip.key, done))
        return await asyncio.shield(self._flying[slip.key])

    def _landed(self, key: str, task: asyncio.Task[Call]) -> None:
        del self._flying[key]
        if not task.cancelled():
            task.exception()  # known, also when whoever asked has gone

    async def _paid(self, slip: Slip) -> Call:
        if known := self.journal.get(slip.key):
            return known
        model = slip.request.model
        most = self.prices.most(model, slip.request)
        await self.budget.reserve(most)
        cost = 0.0
        try:
            began = time.monotonic()
            reply = await self._reply(slip)
            cost = self.prices.cost(model, reply, slip.request)
            call = _answered(slip, reply, cost, time.monotonic() - began)
            await asyncio.to_thread(self.journal.put, call)
        finally:
            self.budget.settle(most, cost)
        self.made[slip.role] += 1
        return self.journal.get(slip.key) or call  # another process may have been first

    async def _reply(self, slip: Slip) -> Reply:
        """What a provider will never answer is an answer too: a replay must meet it again."""
        model = slip.request.model
        if model not in self._limits:
            found = self._find(model)
            self._limits[model] = Limits(found, self._most, self._patience, seed=self._seed)
        try:
            return await self._limits[model].generate(slip.request, self.read, slip.key, self._heard)
        except ModelError as error:
            return Reply(text=str(error), stop="other")
        except Unreached as error:
            raise Unreached(f"{error}; when it works again, type the same command with '--resume'") from None

    def _heard(self, key: str, model: str, turned: Turned) -> None:
        self.journal.failed(key, model, str(turned), turned.status)


def _answered(slip: Slip, reply: Reply, cost: float, seconds: float) -> Call:
    return Call(
        key=slip.key,
        role=slip.role,
        model=slip.request.model,
        prompt=slip.prompt,
        version=slip.version,
        attempt=slip.attempt,
        request=slip.text,
        reply=reply,
        cost=cost,
        seconds=round(seconds, 3),
        at=now(),
    )
