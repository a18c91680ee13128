"""The integer programme: items per candidate, in two steps.

The first settles how many items each subtask gets: as few missing as can be, then as few under a floor as can be,
then by deviation from the quotas, then by the share of any one dataset. The second holds those totals and chooses the
candidates: fitness, less a small convex price for drawing a subtask from one dataset or one construction only.

Where every candidate of a dataset needs as many rows for an item, the sets of candidates that are counted together
form two nested families, so the matrix is totally unimodular and HiGHS finds whole numbers at the root.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from benchmark_agent.errors import StageError

Vector = NDArray[np.float64]

SHORTFALL = 1000.0
"""Cost of an item that is not delivered. An item too many or too few for its quota costs 1 to 3."""
UNDER_FLOOR = 8.0
"""Cost of an item under the floor of its subtask, where floors do not come first anyway."""
OVER_SHARE = 1e-3
"""Cost of an item over the share one dataset may have: cheaper than any deviation from a quota."""
SPREAD = ((0.25, 0.05), (0.5, 0.05), (0.75, 0.05))
"""Share of a subtask drawn from one dataset (or by one construction), and the fitness each item beyond it costs."""
TIE = 5e-4
"""Fitness is compared to three decimals; what remains equal goes to the earlier candidate."""
EXACT_UNDER = 2000
"""Candidates. Larger programmes stop near the optimum, or after `NODES` branchings."""
CLOSE_TOTALS, CLOSE_FITNESS = 1e-4, 1e-3
"""Share of the optimum a large programme may lack."""
NODES = 20


class Column(NamedTuple):
    """A candidate as the programme sees it."""

    candidate_id: str
    subtask: int
    dataset: int
    construction: str
    capacity: int
    """Items."""
    rows_per_item: float
    """Rows it reads for each accepted item: 1 over its yield."""
    fitness: float


@dataclass(frozen=True, slots=True)
class Supply:
    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    """Usable rows of each dataset."""


@dataclass(frozen=True, slots=True)
class Totals:
    given: tuple[int, ...]
    """Items of each subtask."""
    limits: tuple[int, ...]
    """Items each dataset may give: the share cap, or more where it had to be relaxed."""
    items: tuple[int, ...]
    """Items of each column in the plan that reaches these totals."""


class _Programme:
    """A mixed-integer programme, row by row."""

    def __init__(self, columns: Sequence[Column], costs: Vector) -> None:
        self.columns = columns
        self._costs: list[float] = list(costs)
        self._upper: list[float] = [column.capacity for column in columns]
        self._cells: tuple[list[int], list[int], list[float]] = ([], [], [])
        self._low: list[float] = []
        self._high: list[float] = []

    def slack(self, cost: float, upper: float = inf) -> int:
        """A further continuous variable >= 0; its index."""
        self._costs.append(cost)
        self._upper.append(upper)
        return len(self._costs) - 1

    def row(self, low: float, high: float, terms: Sequence[tuple[int, float]]) -> None:
        for variable, factor in terms:
            self._cells[0].append(len(self._low))
            self._cells[1].append(variable)
            self._cells[2].append(factor)
        self._low.append(low)
        self._high.append(high)

    def solve(self, close: float, keep: Sequence[int] = ()) -> tuple[int, ...]:
        """Items of each column.

        A large programme is first solved in real numbers, then in whole numbers over the columns that took part,
        and those to `keep`.

        Raises:
            StageError: when HiGHS gives no plan.
        """
        n = len(self.columns)
        if n < EXACT_UNDER:
            return self._whole()
        used = self._solve(np.zeros(len(self._costs), dtype=np.int64))[:n] > 1e-6
        used[list(keep)] = True
        self._upper[:n] = [upper if taken else 0 for upper, taken in zip(self._upper, used, strict=False)]
        return self._whole(close, NODES)

    def _whole(self, gap: float = 0.0, nodes: int = 1_000_000) -> tuple[int, ...]:
        n = len(self.columns)
        integrality = np.zeros(len(self._costs), dtype=np.int64)
        integrality[:n] = 1
        return tuple(int(items) for items in np.rint(self._solve(integrality, gap, nodes)[:n]))

    def _solve(self, integrality: NDArray[np.int64], gap: float = 0.0, nodes: int = 1) -> Vector:
        shape = (len(self._low), len(self._costs))
        matrix = coo_array((self._cells[2], (self._cells[0], self._cells[1])), shape=shape).tocsr()
        result = milp(
            np.array(self._costs),
            integrality=integrality,
            bounds=Bounds(np.zeros(shape[1]), np.array(self._upper)),
            constraints=LinearConstraint(matrix, np.array(self._low), np.array(self._high)),
            options={"mip_rel_gap": gap, "node_limit": nodes},
        )
        if result.x is None:
            raise StageError(f"the allocation of {len(self.columns)} candidates was not solved: {result.message}")
        return np.asarray(result.x, dtype=np.float64)


def ties(n: int) -> Vector:
    """Ascending numbers in (0, 1], whose sums seldom agree: what breaks ties the same way everywhere."""
    return np.sqrt(np.arange(1, n + 1) / max(n, 1))


def groups(columns: Sequence[Column], key: Callable[[Column], Hashable]) -> dict[Hashable, list[int]]:
    """Indexes of the columns by `key`, in the order of their first column."""
    found: dict[Hashable, list[int]] = {}
    for index, column in enumerate(columns):
        found.setdefault(key(column), []).append(index)
    return found


def settle_totals(supply: Supply, quotas: Sequence[int], floor: int, cap: int) -> Totals:
    """How many items each subtask gets, and how far the share cap must give way.

    Prices alone cannot put floors before quotas: an item of a low yield may cost many rows, each an item elsewhere.
    So a plan that misses items or floors is solved again, for these first and for the rest within them.
    """
    size, least = sum(quotas), [min(quota, floor) for quota in quotas]
    programme, _ = _totals_programme(supply, quotas, least, cap)
    items = programme.solve(CLOSE_TOTALS)
    given = _given(supply, items, len(quotas))
    if sum(given) < size or _under(given, least):
        first = _floors_programme(supply, size, least).solve(CLOSE_TOTALS)
        given = _given(supply, first, len(quotas))
        programme, slacks = _totals_programme(supply, quotas, least, cap)
        programme.row(sum(given), size, [(index, 1) for index in range(len(supply.columns))])
        programme.row(0, _under(given, least), [(slack, 1) for slack in slacks])
        items = programme.solve(CLOSE_TOTALS, keep=[index for index, count in enumerate(first) if count])
        given = _given(supply, items, len(quotas))
    used = [0] * len(supply.rows)
    for column, count in zip(supply.columns, items, strict=True):
        used[column.dataset] += count
    return Totals(tuple(given), tuple(max(cap, count) for count in used), items)


def _given(supply: Supply, items: Sequence[int], subtasks: int) -> list[int]:
    given = [0] * subtasks
    for column, count in zip(supply.columns, items, strict=True):
        given[column.subtask] += count
    return given


def _under(given: Sequence[int], least: Sequence[int]) -> int:
    """Items missing under the floors."""
    return sum(max(0, floor - items) for items, floor in zip(given, least, strict=True))


def _floors_programme(supply: Supply, size: int, least: Sequence[int]) -> _Programme:
    """As many items as can be, and of these plans the one with the fewest items under a floor."""
    programme = _Programme(supply.columns, np.full(len(supply.columns), -1.0 - sum(least)))
    programme.row(0, size, [(index, 1) for index in range(len(supply.columns))])
    by_subtask = groups(supply.columns, lambda column: column.subtask)
    for subtask, floor in enumerate(least):
        members = by_subtask.get(subtask, [])
        programme.row(floor, inf, [*((index, 1.0) for index in members), (programme.slack(1.0, floor), 1)])
    _rows_once(programme, supply, groups(supply.columns, lambda column: column.dataset))
    return programme


def _totals_programme(
    supply: Supply, quotas: Sequence[int], least: Sequence[int], cap: int
) -> tuple[_Programme, list[int]]:
    """The programme of the totals, and its variables for items under a floor."""
    size = sum(quotas)
    programme = _Programme(supply.columns, np.full(len(supply.columns), -SHORTFALL))
    programme.row(0, size, [(index, 1) for index in range(len(supply.columns))])
    by_subtask = groups(supply.columns, lambda column: column.subtask)
    nudges = ties(len(quotas)) * OVER_SHARE / 20
    under = []
    for subtask, quota in enumerate(quotas):
        under.append(programme.slack(UNDER_FLOOR + nudges[subtask], least[subtask]))
        terms: list[tuple[int, float]] = [(index, 1) for index in by_subtask.get(subtask, [])]
        terms += [
            (programme.slack(cost + nudges[subtask], width), 1) for width, cost in _missing(quota - least[subtask])
        ]
        terms += [(programme.slack(cost + nudges[subtask], width), -1) for width, cost in _surplus(quota)]
        programme.row(quota, quota, [*terms, (under[-1], 1)])
    by_dataset = groups(supply.columns, lambda column: column.dataset)
    _rows_once(programme, supply, by_dataset)
    nudges = ties(len(supply.rows)) * OVER_SHARE / 10
    for dataset, rows in enumerate(supply.rows):
        members = by_dataset.get(dataset, [])
        if sum(supply.columns[index].capacity for index in members) > cap:
            over = programme.slack(OVER_SHARE + nudges[dataset], rows)
            programme.row(0, cap, [*((index, 1.0) for index in members), (over, -1)])
    return programme, under


def choose_candidates(supply: Supply, totals: Totals) -> tuple[int, ...]:
    """Items of each column: the fittest, spread over datasets and constructions."""
    fitness = np.array([column.fitness for column in supply.columns])
    programme = _Programme(supply.columns, ties(len(supply.columns)) * TIE - fitness)
    by_subtask = groups(supply.columns, lambda column: column.subtask)
    for subtask, given in enumerate(totals.given):
        programme.row(given, given, [(index, 1) for index in by_subtask.get(subtask, [])])
    by_dataset = groups(supply.columns, lambda column: column.dataset)
    _rows_once(programme, supply, by_dataset)
    for dataset, limit in enumerate(totals.limits):
        members = by_dataset.get(dataset, [])
        if sum(supply.columns[index].capacity for index in members) > limit:
            programme.row(0, limit, [(index, 1) for index in members])
    _spread(programme, totals, groups(supply.columns, lambda column: (column.subtask, column.dataset)))
    _spread(programme, totals, groups(supply.columns, lambda column: (column.subtask, column.construction)))
    return programme.solve(CLOSE_FITNESS, keep=[index for index, count in enumerate(totals.items) if count])


def _missing(above: int) -> list[tuple[float, float]]:
    """Widths and costs of the items missing from what a quota has above its floor.

    Each eighth costs more, so that a lack is shared.
    """
    step = ceil(above / 8)
    widths = [min(step, above - step * eighth) for eighth in range(8)]
    return [(float(width), 1 + eighth / 8) for eighth, width in enumerate(widths) if width > 0]


def _surplus(quota: int) -> list[tuple[float, float]]:
    """Widths and costs of the items beyond a quota."""
    step = float(max(1, ceil(quota / 8)))
    return [*((step, 1 + eighth / 8) for eighth in range(8)), (inf, 3.0)]


def _rows_once(programme: _Programme, supply: Supply, by_dataset: dict[Hashable, list[int]]) -> None:
    """No row serves twice: the rows all candidates of a dataset read are no more than it has."""
    for dataset, rows in enumerate(supply.rows):
        terms = [(index, supply.columns[index].rows_per_item) for index in by_dataset.get(dataset, [])]
        if sum(supply.columns[index].capacity * need for index, need in terms) > rows:
            programme.row(0, rows, terms)


def _spread(programme: _Programme, totals: Totals, members: dict[Hashable, list[int]]) -> None:
    columns = programme.columns
    alternatives = [0] * len(totals.given)
    for indexes in members.values():
        alternatives[columns[indexes[0]].subtask] += 1
    for indexes in members.values():
        subtask = columns[indexes[0]].subtask
        bounds = [ceil(share * totals.given[subtask]) for share, _ in SPREAD]
        if alternatives[subtask] == 1 or sum(columns[index].capacity for index in indexes) <= bounds[0]:
            continue
        terms: list[tuple[int, float]] = [(index, 1) for index in indexes]
        price = 0.0
        for (_, step), low, high in zip(SPREAD, bounds, [*bounds[1:], inf], strict=True):
            price += step
            if high > low:
                terms.append((programme.slack(price, high - low), -1))
        programme.row(0, bounds[0], terms)
