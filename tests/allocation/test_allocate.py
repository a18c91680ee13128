"""Allocation: hand-computed plans, brute force on small pools, and what it says when a pool is too small."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.allocation.quotas import apportion, default_floor
from benchmark_agent.allocation.solve import allocate
from benchmark_agent.allocation.types import Allocation
from benchmark_agent.design.types import Design, Subtask
from benchmark_agent.grounding.types import Candidate, Fitness, Grounded, Grounding, Recipe, Step


def subtask(name: str, weight: float) -> Subtask:
    return Subtask(
        id=name, name=name, description="", capability="", answer_kinds=("choice",), modalities=("text",),
        target_signal="the passage", constructions=("as_is",), skill_in="data", weight=weight,
    )  # fmt: skip


def candidate(
    dataset: str, capacity: int, fit: float = 0.8, *, rows: int | None = None, construction: str = "as_is"
) -> Candidate:
    return Candidate(
        id="", dataset_id=dataset, recipe=Recipe(steps=(Step(tool=construction, reads=()),)), capacity=capacity,
        fitness=Fitness(alignment=fit, robustness=1, preservation=1, overall=fit),
        rows=capacity if rows is None else rows,
    )  # fmt: skip


def problem(**subtasks: tuple[float, Sequence[Candidate]]) -> tuple[Design, Grounding]:
    """Subtasks by name, each with its weight and candidates; ids are `<subtask>.<n>`."""
    designed = tuple(subtask(name, weight) for name, (weight, _) in subtasks.items())
    grounded = tuple(
        Grounded(
            subtask_id=name,
            candidates=tuple(each.model_copy(update={"id": f"{name}.{n}"}) for n, each in enumerate(candidates)),
        )
        for name, (_, candidates) in subtasks.items()
    )
    return Design(topic="t", subtasks=designed), Grounding(subtasks=grounded)


def cells(plan: Allocation) -> dict[str, int]:
    return {cell.candidate_id: cell.items for cell in plan.cells}


def given_of(plan: Allocation) -> dict[str, int]:
    return {quota.subtask_id: quota.given for quota in plan.quotas}


# -- quotas -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "size", "floor", "quotas"),
    [
        ((0.5, 0.3, 0.2), 10, 1, (5, 3, 2)),
        ((0.5, 0.25, 0.25), 7, 1, (3, 2, 2)),  # 3.5, 1.75, 1.75: the larger remainders win
        ((0.9, 0.05, 0.05), 20, 3, (14, 3, 3)),
        ((1, 1, 1), 10, 1, (4, 3, 3)),  # equal remainders: the earlier one
        ((1, 1, 1), 2, 1, (1, 1, 0)),  # the floor does not fit
        ((0.2, 0.2), 5, 0, (3, 2)),
    ],
)
def test_quotas_by_hand(weights: tuple[float, ...], size: int, floor: int, quotas: tuple[int, ...]) -> None:
    assert apportion(weights, size, floor) == quotas


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=20), st.integers(1, 500), st.integers(0, 6))
def test_quotas_sum_to_the_size_keep_the_floor_and_the_order(weights: list[float], size: int, floor: int) -> None:
    quotas = apportion(weights, size, floor)
    assert sum(quotas) == size
    assert min(quotas) >= min(floor, size // len(weights))
    ranked = sorted(zip(weights, quotas, strict=True))
    assert all(low[1] <= high[1] for low, high in pairwise(ranked) if low[0] < high[0])


def test_the_floor_grows_with_the_size() -> None:
    assert [default_floor(size, 5) for size in (3, 40, 60, 100, 1000)] == [1, 2, 3, 5, 5]


# -- plans by hand ------------------------------------------------------------------------------


def test_the_fittest_candidates_are_taken_and_spread() -> None:
    # Of 20 items the first 5 of each dataset are free, the next 5 cost 0.05 each, the next 5 0.10:
    # 0.80 and 0.78 give 5; then 0.80 - 0.05 = 0.75 beats 0.60, and 0.78 - 0.05 = 0.73 does too.
    design, grounding = problem(a=(1, (candidate("x", 50, 0.80), candidate("y", 50, 0.78), candidate("z", 50, 0.60))))
    plan = allocate(design, grounding, {"x": 50, "y": 50, "z": 50}, 20, share_cap=1)
    assert cells(plan) == {"a.0": 10, "a.1": 10}
    assert (plan.shortfall, plan.diagnosis, plan.sent_back) == (0, (), ())


def test_a_subtask_is_spread_over_constructions_of_equal_fitness() -> None:
    same = [candidate("x", 50, 0.8, construction=name) for name in ("p", "q", "r", "s")]
    design, grounding = problem(a=(1, same))
    plan = allocate(design, grounding, {"x": 100}, 20, share_cap=1)
    assert cells(plan) == {"a.0": 5, "a.1": 5, "a.2": 5, "a.3": 5}


def test_two_subtasks_share_the_rows_of_one_dataset() -> None:
    # b can only use x, so a must leave it, although x is fitter for a.
    design, grounding = problem(
        a=(0.5, (candidate("x", 10, 0.9), candidate("y", 10, 0.6))), b=(0.5, (candidate("x", 10, 0.7),))
    )
    plan = allocate(design, grounding, {"x": 10, "y": 10}, 20, share_cap=1)
    assert cells(plan) == {"a.1": 10, "b.0": 10}


def test_rejections_use_up_rows_too() -> None:
    # Half of x's rows fail for each: 100 rows give 50 items in all, not 50 to each.
    design, grounding = problem(a=(0.5, (candidate("x", 50, rows=100),)), b=(0.5, (candidate("x", 50, rows=100),)))
    plan = allocate(design, grounding, {"x": 100}, 80, share_cap=1)
    assert given_of(plan) == {"a": 25, "b": 25}
    assert plan.shortfall == 30


def test_no_dataset_has_more_than_its_share_where_there_is_another() -> None:
    design, grounding = problem(a=(1, (candidate("x", 100, 0.9), candidate("y", 100, 0.5))))
    plan = allocate(design, grounding, {"x": 100, "y": 100}, 20, share_cap=0.5)
    assert cells(plan) == {"a.0": 10, "a.1": 10}
    assert plan.diagnosis == ()


def test_the_share_cap_gives_way_before_items_are_missing_and_says_so() -> None:
    design, grounding = problem(a=(1, (candidate("x", 100, 0.9), candidate("y", 4, 0.5))))
    plan = allocate(design, grounding, {"x": 100, "y": 4}, 20, share_cap=0.5)
    assert cells(plan) == {"a.0": 16, "a.1": 4}
    (found,) = plan.diagnosis
    assert (found.constraint, found.dataset_id, found.short_by) == ("share", "x", 6)
    assert found.fix == (
        "the share cap was relaxed, and 'x' gives 16 of 20 items: "
        "add another dataset that serves its subtasks with --pool PATH"
    )
    assert plan.sent_back == ()


# -- too little ---------------------------------------------------------------------------------


def test_what_a_subtask_cannot_fill_goes_to_the_others_and_back_to_design() -> None:
    design, grounding = problem(
        a=(0.5, (candidate("x", 4),)), b=(0.25, (candidate("y", 50),)), c=(0.25, (candidate("z", 50),))
    )
    plan = allocate(design, grounding, {"x": 4, "y": 50, "z": 50}, 20, share_cap=1)
    assert given_of(plan) == {"a": 4, "b": 8, "c": 8}
    assert plan.shortfall == 0
    assert [quota.cause for quota in plan.quotas] == [
        "'x' can give it only 4 items; 6 items moved to other subtasks",
        "takes over 3 items that other subtasks could not fill",
        "takes over 3 items that other subtasks could not fill",
    ]
    assert [(back.subtask_id, back.stage) for back in plan.sent_back] == [("a", "allocation")]
    (found,) = plan.diagnosis
    assert (found.constraint, found.subtask_id, found.dataset_id, found.short_by) == ("capacity", "a", "x", 6)
    assert found.fix == (
        "'x' can give it only 4 items: add 6 or more rows that serve 'a' with --pool PATH, or lower --size to 8"
    )


def test_a_pool_that_is_too_small_gives_all_it_has_and_says_what_is_missing() -> None:
    design, grounding = problem(a=(0.5, (candidate("x", 4),)), b=(0.5, (candidate("y", 7),)))
    plan = allocate(design, grounding, {"x": 4, "y": 7}, 20, share_cap=1)
    assert (plan.shortfall, given_of(plan)) == (9, {"a": 4, "b": 7})
    total = plan.diagnosis[0]
    assert (total.constraint, total.short_by) == ("total", 9)
    assert total.fix == "add at least 9 rows that fit with --pool PATH, or ask for what there is with --size 11"
    assert plan.quotas[0].cause == "'x' can give it only 4 items; 6 items missing"


def test_a_lack_is_shared_in_proportion() -> None:
    # 30 rows for both: quotas 30 and 10 shrink alike, to within an eighth of them.
    design, grounding = problem(a=(0.75, (candidate("x", 30),)), b=(0.25, (candidate("x", 30),)))
    plan = allocate(design, grounding, {"x": 20}, 40, share_cap=1)
    assert sum(given_of(plan).values()) == 20
    assert given_of(plan)["b"] in (4, 5, 6)
    assert plan.quotas[0].cause.startswith("'x' must serve other subtasks too") is False
    assert "'x' can give it only 20 items" in plan.quotas[0].cause
    assert "'x' must serve other subtasks too, and no row serves twice" in plan.quotas[1].cause


def test_a_floor_is_kept_whatever_it_moves_as_long_as_no_item_is_lost() -> None:
    # One item of a reads 10 of x's 12 rows, each an item of b: b falls from 7 to 2, and c takes over.
    design, grounding = problem(
        a=(1, (candidate("x", 1, rows=10),)), b=(1, (candidate("x", 12),)), c=(1, (candidate("y", 50),))
    )
    plan = allocate(design, grounding, {"x": 12, "y": 50}, 20, share_cap=1)
    assert (plan.shortfall, given_of(plan)) == (0, {"a": 1, "b": 2, "c": 17})
    assert "floor" not in {found.constraint for found in plan.diagnosis}


def test_a_floor_that_would_cost_items_gives_way_and_says_so() -> None:
    design, grounding = problem(
        a=(1, (candidate("x", 1, rows=10),)), b=(1, (candidate("x", 12),)), c=(1, (candidate("y", 8),))
    )
    plan = allocate(design, grounding, {"x": 12, "y": 8}, 20, share_cap=1)
    assert (plan.shortfall, given_of(plan)) == (0, {"a": 0, "b": 12, "c": 8})
    (found,) = (each for each in plan.diagnosis if each.constraint == "floor")
    assert (found.subtask_id, found.short_by) == ("a", 1)
    assert found.fix == (
        "its datasets serve other subtasks too, and no plan of 20 items keeps it: "
        "add a dataset that serves 'a' with --pool PATH, or leave the subtask out"
    )


def test_a_pool_that_serves_nothing_is_an_empty_plan_with_reasons() -> None:
    design, grounding = problem(a=(0.5, ()), b=(0.5, (candidate("x", 0, rows=9),)))
    plan = allocate(design, grounding, {"x": 9}, 10)
    assert (plan.cells, plan.shortfall) == ((), 10)
    assert {quota.cause for quota in plan.quotas} == {"no dataset of the pool serves it; 5 items missing"}
    assert [found.constraint for found in plan.diagnosis] == ["total", "floor", "floor", "capacity", "capacity"]


def test_more_subtasks_than_items_is_said() -> None:
    subtasks = {f"s{n}": (0.2, (candidate("x", 9),)) for n in range(5)}
    design, grounding = problem(**subtasks)
    plan = allocate(design, grounding, {"x": 9}, 3, share_cap=1)
    assert plan.shortfall == 0
    assert sorted(given_of(plan).values()) == [0, 0, 1, 1, 1]
    (found,) = plan.diagnosis
    assert (found.constraint, found.short_by) == ("floor", 2)
    assert found.fix == "ask for at least 5 items with --size, or for at most 3 subtasks"


def test_a_subtask_that_was_not_grounded_is_named() -> None:
    design, _ = problem(a=(0.5, ()), b=(0.5, ()))
    _, grounding = problem(b=(0.5, (candidate("x", 20),)))
    plan = allocate(design, grounding, {"x": 20}, 10, share_cap=1)
    assert given_of(plan) == {"a": 0, "b": 10}
    assert [back.subtask_id for back in plan.sent_back] == ["a"]


# -- against brute force ------------------------------------------------------------------------

SPREAD = (0.25, 0.5, 0.75)


def _price(count: int, total: int) -> float:
    """What it costs to draw `count` of `total` items from one place."""
    return sum(0.05 * max(0, count - ceil(share * total)) for share in SPREAD)


def _deviation(given: int, quota: int, floor: int) -> float:
    above, cost = max(0, quota - floor), 0.0
    step = ceil(above / 8)
    for missing in range(max(0, quota - given)):
        cost += 1 + (missing // step) / 8 if missing < above else 0
    step = max(1, ceil(quota / 8))
    for extra in range(max(0, given - quota)):
        cost += 1 + (extra // step) / 8 if extra < 8 * step else 3
    return cost


class Brute:
    """Every plan of a small problem, each with what it is judged by."""

    def __init__(self, design: Design, grounding: Grounding, rows: Mapping[str, int], size: int, cap: int) -> None:
        self.rows, self.size, self.cap = rows, size, cap
        self.names = [subtask.id for subtask in design.subtasks]
        self.floor = min(default_floor(size, len(self.names)), size // len(self.names))
        self.quotas = apportion([subtask.weight for subtask in design.subtasks], size, self.floor)
        self.columns = [(found.subtask_id, each) for found in grounding.subtasks for each in found.candidates]

    def plans(self) -> Iterator[tuple[int, ...]]:
        for plan in product(*(range(min(each.capacity, self.size) + 1) for _, each in self.columns)):
            if sum(plan) <= self.size and self.fits(plan):
                yield plan

    def fits(self, plan: Sequence[int]) -> bool:
        read = dict.fromkeys(self.rows, 0.0)
        for count, (_, each) in zip(plan, self.columns, strict=True):
            read[each.dataset_id] += count * max(1.0, each.rows / each.capacity) if each.capacity else 0
        return all(read[dataset] <= rows + 1e-9 for dataset, rows in self.rows.items())

    def totals(self, plan: Sequence[int]) -> tuple[int, int, float, int]:
        """Items missing, items under a floor, deviation from the quotas, items over the share cap."""
        given, drawn = dict.fromkeys(self.names, 0), dict.fromkeys(self.rows, 0)
        for count, (name, each) in zip(plan, self.columns, strict=True):
            given[name] += count
            drawn[each.dataset_id] += count
        deviation = sum(_deviation(given[n], q, self.floor) for n, q in zip(self.names, self.quotas, strict=True))
        over = sum(max(0, count - self.cap) for count in drawn.values())
        under = sum(max(0, min(self.floor, q) - given[n]) for n, q in zip(self.names, self.quotas, strict=True))
        return self.size - sum(plan), under, round(deviation, 6), over

    def value(self, plan: Sequence[int]) -> float:
        """Fitness less the price of little spread."""
        worth = sum(count * round(e.fitness.overall, 3) for count, (_, e) in zip(plan, self.columns, strict=True))
        for name in self.names:
            total = sum(count for count, (subtask, _) in zip(plan, self.columns, strict=True) if subtask == name)
            for place in ("dataset", "construction"):
                drawn: dict[str, int] = {}
                for count, (subtask, each) in zip(plan, self.columns, strict=True):
                    key = each.dataset_id if place == "dataset" else each.recipe.steps[-1].tool
                    if subtask == name and each.capacity:
                        drawn[key] = drawn.get(key, 0) + count
                if len(drawn) > 1:
                    worth -= sum(_price(count, total) for count in drawn.values())
        return worth

    def limits(self, plan: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Items of each subtask, and what each dataset may give."""
        given = tuple(
            sum(count for count, (subtask, _) in zip(plan, self.columns, strict=True) if subtask == name)
            for name in self.names
        )
        drawn = tuple(
            max(
                self.cap,
                sum(count for count, (_, e) in zip(plan, self.columns, strict=True) if e.dataset_id == dataset),
            )
            for dataset in self.rows
        )
        return given, drawn


drawn_candidate = st.tuples(
    st.sampled_from("xyz"), st.integers(0, 4), st.integers(50, 99), st.booleans(), st.integers(0, 3)
)
small = st.tuples(
    st.lists(st.lists(drawn_candidate, max_size=2), min_size=1, max_size=3),
    st.lists(st.integers(1, 4), min_size=3, max_size=3),
    st.integers(1, 9),
    st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6)),
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(small)
def test_the_plan_is_the_best_of_all_plans(
    drawn: tuple[list[list[tuple[str, int, int, bool, int]]], list[int], int, tuple[int, int, int]],
) -> None:
    subtasks, weights, size, held = drawn
    rows = dict(zip("xyz", held, strict=True))
    design, grounding = problem(
        **{
            f"s{n}": (
                weights[n] / 4,
                [
                    candidate(dataset, capacity, fit / 100, rows=capacity + lost, construction="p" if first else "q")
                    for dataset, capacity, fit, first, lost in candidates
                ],
            )
            for n, candidates in enumerate(subtasks)
        }
    )
    plan = allocate(design, grounding, rows, size)
    brute = Brute(design, grounding, rows, size, max(1, size // 2))
    found = tuple(cells(plan).get(each.id, 0) for _, each in brute.columns)
    assert brute.fits(found)
    assert all(count <= each.capacity for count, (_, each) in zip(found, brute.columns, strict=True))
    every = list(brute.plans())
    assert brute.totals(found) == min(brute.totals(other) for other in every)
    assert plan.shortfall == size - sum(found)
    given, drawn_from = brute.limits(found)
    rivals = []
    for other in every:
        same, taken = brute.limits(other)
        if same == given and all(a <= b for a, b in zip(taken, drawn_from, strict=True)):
            rivals.append(brute.value(other))
    assert brute.value(found) >= max(rivals) - 1e-3 * size


@settings(max_examples=30, deadline=None)
@given(small)
def test_the_books_balance(
    drawn: tuple[list[list[tuple[str, int, int, bool, int]]], list[int], int, tuple[int, int, int]],
) -> None:
    subtasks, weights, size, held = drawn
    design, grounding = problem(
        **{
            f"s{n}": (weights[n] / 4, [candidate(d, c, f / 100, rows=c + lost) for d, c, f, _, lost in candidates])
            for n, candidates in enumerate(subtasks)
        }
    )
    rows = dict(zip("xyz", held, strict=True))
    plan = allocate(design, grounding, rows, size)
    assert sum(quota.wanted for quota in plan.quotas) == size
    assert sum(quota.given for quota in plan.quotas) == sum(cell.items for cell in plan.cells) == size - plan.shortfall
    short = [quota.subtask_id for quota in plan.quotas if quota.given < quota.wanted]
    assert [back.subtask_id for back in plan.sent_back] == short
    assert {found.subtask_id for found in plan.diagnosis if found.constraint == "capacity"} == set(short)
    assert all(bool(quota.cause) == (quota.given != quota.wanted) for quota in plan.quotas)
    assert all(found.short_by > 0 and found.fix for found in plan.diagnosis)
    assert allocate(design, grounding, rows, size) == plan
