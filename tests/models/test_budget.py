"""The budget: calls in flight have their room, and what is spent stays under the limit."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.errors import BudgetReached
from benchmark_agent.models.budget import Budget

Calls = st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1), st.integers(0, 3)), min_size=1, max_size=25)
"""Most a call can cost, share of it that it does cost, steps it takes."""


@settings(max_examples=150, deadline=None)
@given(limit=st.floats(0, 10), before=st.floats(0, 4), calls=Calls, seed=st.integers(0, 999))
def test_whatever_the_order_the_limit_holds_and_nobody_waits_for_ever(
    limit: float, before: float, calls: list[tuple[float, float, int]], seed: int
) -> None:
    budget = Budget(limit, before)
    order = random.Random(seed)

    async def one(most: float, share: float, steps: int) -> float:
        for _ in range(order.randrange(3)):
            await asyncio.sleep(0)
        try:
            await budget.reserve(most)
        except BudgetReached:
            assert budget.spent + most > limit  # it would not have fitted with nothing in flight
            return 0.0
        assert budget.spent + budget.reserved <= max(limit, before) + 1e-6
        for _ in range(steps):
            await asyncio.sleep(0)
        budget.settle(most, most * share)
        return most * share

    async def everyone() -> list[float]:
        return await asyncio.wait_for(asyncio.gather(*(one(*call) for call in calls)), 20)

    paid = asyncio.run(everyone())
    assert budget.spent == pytest.approx(before + sum(paid))
    assert budget.spent <= max(limit, before) + 1e-6
    assert budget.reserved == 0


def test_a_call_that_costs_more_than_was_thought_is_the_last() -> None:
    async def run() -> Budget:
        budget = Budget(1.0)
        await budget.reserve(0.6)
        budget.settle(0.6, 1.4)
        with pytest.raises(BudgetReached):
            await budget.reserve(0.01)
        return budget

    assert asyncio.run(run()).spent == 1.4


def test_whoever_waits_gets_the_room_that_is_left_over_in_the_order_of_asking() -> None:
    async def run() -> list[str]:
        budget = Budget(1.0)
        done: list[str] = []

        async def call(name: str, most: float) -> None:
            await budget.reserve(most)
            done.append(name)

        await budget.reserve(0.9)
        waiting = [asyncio.create_task(call("large", 0.8)), asyncio.create_task(call("small", 0.1))]
        await asyncio.sleep(0)
        assert done == []  # the small one would fit, but it came later
        budget.settle(0.9, 0.05)
        await asyncio.gather(*waiting)
        return done

    assert asyncio.run(run()) == ["large", "small"]


def test_one_that_no_longer_fits_does_not_hold_up_those_behind_it() -> None:
    async def run() -> list[object]:
        budget = Budget(1.0)
        await budget.reserve(0.5)
        waiting = [asyncio.create_task(budget.reserve(most)) for most in (0.8, 0.3)]
        await asyncio.sleep(0)
        budget.settle(0.5, 0.5)
        return [type(each) for each in await asyncio.gather(*waiting, return_exceptions=True)]

    assert asyncio.run(run()) == [BudgetReached, type(None)]


def test_who_stops_waiting_leaves_no_reserve_behind() -> None:
    async def run() -> tuple[float, float]:
        budget = Budget(1.0)
        await budget.reserve(0.9)
        before, granted, after = (asyncio.create_task(budget.reserve(most)) for most in (0.5, 0.6, 0.4))
        await asyncio.sleep(0)
        before.cancel()
        await asyncio.sleep(0)
        budget.settle(0.9, 0.0)  # gives `granted` its room in the same moment as it is cancelled
        granted.cancel()
        await asyncio.gather(before, granted, after, return_exceptions=True)
        return budget.reserved, budget.spent

    reserved, spent = asyncio.run(run())
    assert reserved == pytest.approx(0.4)
    assert spent == 0


def test_without_a_limit_everything_fits_and_is_counted() -> None:
    async def run() -> Budget:
        budget = Budget(None, 2.0)
        await budget.reserve(1e9)
        assert budget.reserved == 1e9
        budget.settle(1e9, 3.0)
        return budget

    assert asyncio.run(run()).spent == 5.0


@pytest.mark.parametrize(
    ("limit", "spent", "most", "enough"),
    [(15.0, 14.9, 0.35, "23"), (0.0, 0.0, 0.02, "0.04"), (1.0, 5.0, 0.5, "6"), (100.0, 99.0, 2.0, "150")],
)
def test_the_message_says_what_was_spent_what_is_next_and_what_to_type(
    limit: float, spent: float, most: float, enough: str
) -> None:
    async def run() -> None:
        await Budget(limit, spent).reserve(most)

    with pytest.raises(BudgetReached) as caught:
        asyncio.run(run())
    said = str(caught.value)
    assert f"${spent:.2f} of ${limit:.2f} are spent" in said
    assert f"could cost ${most:.4f}" in said
    assert said.endswith(f"'--resume --max-usd {enough}'")
    assert float(enough) >= spent + most
