"""Patience with a model, on a clock of our own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from benchmark_agent.content import Image
from benchmark_agent.errors import Unreached
from benchmark_agent.models import Message, Reply, Request, Turned
from benchmark_agent.models.limits import Limits, Patience

REQUEST = Request(model="x/y", messages=(Message(by="user", parts=()),))


def read(part: object) -> bytes:
    raise AssertionError("nothing to read")


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Scripted:
    """Does what the script says at the n-th request."""

    name = "x/y"

    def __init__(self, script: Callable[[int], Turned | None], clock: Clock | None = None, takes: float = 0.0) -> None:
        self.script, self.clock, self.takes = script, clock, takes
        self.asked = self.in_flight = self.most_in_flight = 0
        self.times: list[float] = []

    async def generate(self, request: Request, read: Callable[..., bytes]) -> Reply:
        self.asked += 1
        number = self.asked
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        if self.clock:
            self.times.append(self.clock())
            self.clock.now += self.takes
        await asyncio.sleep(0)
        self.in_flight -= 1
        if turned := self.script(number):
            raise turned
        return Reply(text=f"reply {number}")


def limits(script: Callable[[int], Turned | None], most: int = 64, takes: float = 0.0, **patience: Any) -> Limits:
    clock = Clock()
    model = Scripted(script, clock, takes)
    return Limits(model, most, Patience(**patience), seed=7, clock=clock, sleep=clock.sleep)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def test_sends_again_until_it_is_answered() -> None:
    room = limits(lambda n: Turned("500: oops", status=500) if n < 4 else None)
    assert run(room.generate(REQUEST, read, "k")).text == "reply 4"
    assert room.failures == {"500": 3}
    waits = room._sleep.__self__.slept  # type: ignore[attr-defined]
    assert all(0 <= wait <= bound for wait, bound in zip(waits, (1, 2, 4), strict=True))
    assert len(set(waits)) == 3


def test_waits_are_the_same_for_the_same_seed_and_differ_between_calls() -> None:
    def waits(key: str) -> list[float]:
        room = limits(lambda n: Turned("x", status=500) if n < 4 else None)
        run(room.generate(REQUEST, read, key))
        found: list[float] = room._sleep.__self__.slept  # type: ignore[attr-defined]
        return found

    assert waits("a") == waits("a") != waits("b")


def test_gives_up_after_so_many_tries_and_says_what_was_last_heard() -> None:
    room = limits(lambda n: Turned(f"503: busy {n}", status=503), tries=3)
    heard: list[tuple[str, str, str]] = []
    with pytest.raises(Unreached, match=r"'x/y' could not be reached: tried 3 times.*'503: busy 3'"):
        run(room.generate(REQUEST, read, "k", lambda key, model, turned: heard.append((key, model, str(turned)))))
    assert heard == [("k", "x/y", f"503: busy {n}") for n in (1, 2, 3)]


def test_gives_up_when_time_is_up_but_never_after_one_slow_failure() -> None:
    """A request that hangs for ten minutes is sent a second time."""
    room = limits(lambda n: Turned("no reply within 600 s"), takes=600.0)
    with pytest.raises(Unreached, match=r"tried 2 times in 600 s"):
        run(room.generate(REQUEST, read, "k"))


def test_by_default_gives_up_after_about_five_minutes() -> None:
    room = limits(lambda n: Turned("500: oops", status=500))
    with pytest.raises(Unreached):
        run(room.generate(REQUEST, read, "k"))
    model, clock = room.model, room._clock
    assert isinstance(model, Scripted)
    assert isinstance(clock, Clock)
    assert model.asked <= 12
    assert 60 < clock.now <= 300


def test_when_a_model_was_given_up_others_try_once_until_it_answers() -> None:
    down = True
    room = limits(lambda n: Turned("500: oops", status=500) if down else None, tries=3)

    async def work() -> None:
        nonlocal down
        for _ in range(3):
            with pytest.raises(Unreached):
                await room.generate(REQUEST, read, "k")
        assert room.model.asked == 3 + 1 + 1  # type: ignore[attr-defined]
        down = False
        await room.generate(REQUEST, read, "k")
        down = True
        with pytest.raises(Unreached, match="3 times"):
            await room.generate(REQUEST, read, "k")

    run(work())


def test_retry_after_holds_for_the_whole_model() -> None:
    room = limits(lambda n: Turned("429: slow", status=429, wait=20.0) if n == 1 else None, most=1)
    model = room.model
    assert isinstance(model, Scripted)

    async def work() -> None:
        await asyncio.gather(*(room.generate(REQUEST, read, str(n)) for n in range(3)))

    run(work())
    assert model.times[0] == 0
    assert all(20 <= at <= 21 for at in model.times[1:])


def test_a_wait_longer_than_patience_is_not_waited_for() -> None:
    room = limits(lambda n: Turned("429: come back tomorrow", status=429, wait=86400.0))
    with pytest.raises(Unreached, match=r"tried once.*it asks to wait 86400 s"):
        run(room.generate(REQUEST, read, "k"))


def test_room_halves_once_for_those_in_flight_together_and_grows_by_one_a_window() -> None:
    room = limits(lambda n: Turned("429: slow", status=429) if n <= 8 else None, most=8)

    async def work() -> None:
        await asyncio.gather(*(room.generate(REQUEST, read, str(n)) for n in range(8)))

    run(work())
    model = room.model
    assert isinstance(model, Scripted)
    assert model.most_in_flight == 8
    assert 4.0 < room.room < 8.0, "halved to 4 once, then eight successes"
    assert room.room == pytest.approx(5.689, abs=0.001), "4 + 1/4 + 1/4.25 + 1/4.485 + ..., eight times"

    async def more() -> None:
        for _ in range(40):
            await room.generate(REQUEST, read, "x")

    run(more())
    assert room.room == 8.0, "never over the limit it started with"


def test_time_outs_halve_the_room_and_say_what_to_do_on_a_server_of_ones_own() -> None:
    room = limits(lambda n: Turned("no reply within 600 s", slow=True), takes=600.0, most=8)
    with pytest.raises(Unreached, match=r"ask less at once \('--in-flight', now 8\).*'timeout' of its row"):
        run(room.generate(REQUEST, read, "k"))
    assert room.room == 2.0, "two tries, one after the other"


def test_never_more_in_flight_than_there_is_room() -> None:
    room = limits(lambda n: Turned("429: slow", status=429) if n % 5 == 0 else None, most=6)

    async def work() -> list[Reply]:
        return await asyncio.gather(*(room.generate(REQUEST, read, str(n)) for n in range(100)))

    assert len(run(work())) == 100
    model = room.model
    assert isinstance(model, Scripted)
    assert model.most_in_flight <= 6
    assert room.in_flight == 0


def test_a_cancelled_call_leaves_its_place() -> None:
    class Hanging:
        name = "x/y"

        async def generate(self, request: Request, read: Callable[[Image], bytes]) -> Reply:
            await asyncio.sleep(3600)
            raise AssertionError

    room = Limits(Hanging(), 1)

    async def work() -> None:
        tasks = [asyncio.create_task(room.generate(REQUEST, read, str(n))) for n in range(3)]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(work())
    assert room.in_flight == 0
