"""Plans use each row once; replacements come from the reserve until the quota is met or nothing is left."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.allocation.types import Allocation, Cell
from benchmark_agent.errors import UserError
from benchmark_agent.planning.files import read_plan, write_plan
from benchmark_agent.planning.schedule import schedule
from benchmark_agent.planning.supply import Supply


def allocation(*cells: tuple[str, str, str, int]) -> Allocation:
    return Allocation(
        cells=tuple(Cell(candidate_id=c, subtask_id=s, dataset_id=d, items=n) for c, s, d, n in cells),
        quotas=(),
        shortfall=0,
    )


@given(
    quotas=st.lists(st.integers(0, 12), min_size=1, max_size=5),
    datasets=st.lists(st.sampled_from(["d1", "d2"]), min_size=5, max_size=5),
    seed=st.integers(0, 5),
)
@settings(max_examples=40, deadline=None)
def test_no_row_serves_twice_and_quotas_come_first(quotas: list[int], datasets: list[str], seed: int) -> None:
    cells = [(f"s{k}.1", f"s{k}", datasets[k], n) for k, n in enumerate(quotas)]
    usable = {name: np.arange(0, 200, 2) for name in ("d1", "d2")}
    plan = schedule(allocation(*cells), usable, seed)
    used = [(job.dataset_id, job.row) for job in (*plan.jobs, *plan.reserve)]
    assert len(used) == len(set(used))
    assert all(row % 2 == 0 for _, row in used)
    for name, _, _, n in cells:
        assert sum(job.candidate_id == name for job in plan.jobs) == n


def test_rejected_jobs_are_replaced_from_their_own_reserve_first() -> None:
    plan = schedule(
        allocation(("a.1", "a", "d1", 3), ("b.1", "b", "d2", 2)), {"d1": np.arange(9), "d2": np.arange(9)}, 1
    )
    supply = Supply(plan, 1)
    for job in plan.jobs:
        supply.record(job.candidate_id, job.candidate_id == "b.1")
    jobs = supply.replacements()
    assert [job.candidate_id for job in jobs] == ["a.1"] * 3
    first = {job.row for job in plan.jobs if job.candidate_id == "a.1"}
    assert not first & {job.row for job in jobs}
    for job in jobs:
        supply.record(job.candidate_id, True)
    assert supply.replacements() == []
    assert supply.missing() == {}


def test_a_quota_moves_when_its_rows_are_used_up() -> None:
    plan = schedule(
        allocation(("a.1", "a", "d1", 3), ("b.1", "b", "d2", 2)), {"d1": np.arange(3), "d2": np.arange(9)}, 1
    )
    supply = Supply(plan, 1)
    for job in plan.jobs:
        supply.record(job.candidate_id, job.candidate_id == "b.1")
    assert [job.candidate_id for job in supply.replacements()] == ["b.1"] * 3
    assert supply.moved == {"a.1": "no rows were left to try"}


def test_a_poor_recipe_is_stopped_and_its_quota_moves() -> None:
    plan = schedule(
        allocation(("a.1", "a", "d1", 20), ("a.2", "a", "d2", 2)), {"d1": np.arange(100), "d2": np.arange(100)}, 1
    )
    supply = Supply(plan, 1)
    for job in plan.jobs:
        supply.record(job.candidate_id, job.candidate_id == "a.2")
    assert {job.candidate_id for job in supply.replacements()} == {"a.2"}
    assert supply.moved["a.1"] == "stopped: 0 of 20 drafts were accepted"


def test_the_rest_is_missing_when_nothing_is_left() -> None:
    plan = schedule(allocation(("a.1", "a", "d1", 3)), {"d1": np.arange(4)}, 1)
    supply = Supply(plan, 1)
    for job in plan.jobs:
        supply.record(job.candidate_id, False)
    (last,) = supply.replacements()
    supply.record(last.candidate_id, True)
    assert supply.replacements() == []
    assert supply.missing() == {"a.1": 2}


def test_a_plan_file_reads_back_and_nonsense_is_named(tmp_path: Path) -> None:
    cells = allocation(("a.1", "a", "d1", 3))
    plan = schedule(cells, {"d1": np.arange(9)}, 1)
    path = tmp_path / "plan.jsonl"
    write_plan(plan, path)
    back = read_plan(path, cells, {"d1": 9})
    assert list(back.jobs) == list(plan.jobs)
    assert list(back.reserve) == list(plan.reserve)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[0]]))
    with pytest.raises(UserError, match=r"line 2 of .* is used twice; mend the line"):
        read_plan(path, cells, {"d1": 9})
    path.write_text(lines[0].replace("a.1", "z.9"))
    with pytest.raises(UserError, match=r"line 1 of .*: no candidate is called 'z\.9'; there are \['a\.1'\]"):
        read_plan(path, cells, {"d1": 9})
    path.write_text("nonsense\n")
    with pytest.raises(UserError, match=r"line 1 of .* is not a job"):
        read_plan(path, cells, {"d1": 9})


def test_rows_a_dry_run_has_paid_for_come_first() -> None:
    wanted = allocation(("a.1", "a", "d1", 4), ("b.1", "b", "d1", 1))
    plan = schedule(wanted, {"d1": np.arange(40)}, 3, {"a.1": (7, 31, 99), "b.1": (31, 8, 9)})
    of = {name: [job.row for job in plan.jobs if job.candidate_id == name] for name in ("a.1", "b.1")}
    assert of["a.1"][:2] == [7, 31]  # 99 is no usable row
    assert of["b.1"] == [8] or 31 not in of["b.1"]
    used = [job.row for job in (*plan.jobs, *plan.reserve)]
    assert len(used) == len(set(used)) == 40


def test_a_cell_with_a_new_recipe_starts_again_with_a_clean_sheet() -> None:
    supply = Supply(schedule(allocation(("a.1", "a", "d1", 6)), {"d1": np.arange(60)}, 1), 1, enough=6)
    for _ in range(6):
        supply.record("a.1", False)
    assert [cell.candidate_id for cell in supply.failing()] == ["a.1"]
    supply.renew("a.1")
    assert not supply.failing()
    assert len(supply.replacements()) == 6
    for _ in range(6):
        supply.record("a.1", False)
    assert supply.failing()
    assert supply.replacements() == []
    assert supply.moved == {"a.1": "stopped: 0 of 12 drafts were accepted"}


def test_each_rejection_is_replaced_at_once_and_what_is_under_way_counts() -> None:
    plan = schedule(
        allocation(("a.1", "a", "d1", 3), ("b.1", "b", "d2", 2)), {"d1": np.arange(9), "d2": np.arange(9)}, 1
    )
    supply = Supply(plan, 1)
    assert supply.replacements() == []
    supply.record("a.1", False)
    assert [job.candidate_id for job in supply.replacements()] == ["a.1"]
    assert supply.replacements() == []
    supply.record("a.1", True)
    supply.record("b.1", False)
    supply.record("b.1", False)
    assert [job.candidate_id for job in supply.replacements()] == ["b.1", "b.1"]
    for name in ("a.1", "a.1", "b.1", "b.1"):
        supply.record(name, True)
    assert supply.replacements() == []
    assert supply.missing() == {}


def test_a_cell_is_judged_by_all_the_jobs_planned_for_it() -> None:
    supply = Supply(schedule(allocation(("a.1", "a", "d1", 20)), {"d1": np.arange(60)}, 1), 1, enough=6)
    for _ in range(19):
        supply.record("a.1", False)
    assert not supply.failing()
    supply.record("a.1", False)
    assert supply.failing()
