"""Many wait, one works."""

import threading
import time

import pytest

from benchmark_agent.execution import Backlog
from benchmark_agent.planning.types import Job
from benchmark_agent.turns import Turns


def test_results_come_in_the_order_of_the_things_however_long_each_waits() -> None:
    turns = Turns(8)

    def work(n: int) -> int:
        with turns.waiting():
            time.sleep(0.02 * (n % 5))
        return n * n

    assert list(turns.map(work, range(40))) == [n * n for n in range(40)]


def test_waits_overlap_and_computing_does_not() -> None:
    turns, computing, together = Turns(16), threading.Semaphore(1), []

    def work(n: int) -> None:
        assert computing.acquire(blocking=False)
        time.sleep(0.001)
        computing.release()
        with turns.waiting():
            together.append(1)
            time.sleep(0.1)

    started = time.monotonic()
    list(turns.map(work, range(32)))
    assert len(together) == 32
    assert time.monotonic() - started < 1.0  # one after the other would take 3.2 s


def test_a_slow_first_job_does_not_hold_up_the_others() -> None:
    turns, done = Turns(4), []

    def work(n: int) -> int:
        with turns.waiting():
            time.sleep(0.5 if n == 0 else 0.01)
        done.append(n)
        return n

    assert next(turns.map(work, range(16))) == 0
    assert len(done) >= 15


def test_what_a_job_raises_is_raised_in_its_place_and_the_turn_is_kept() -> None:
    turns = Turns(2)

    def work(n: int) -> int:
        if n == 3:
            raise KeyError("three")
        return n

    results = turns.map(work, range(100))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(KeyError, match="three"):
        next(results)
    assert list(turns.map(work, range(2))) == [0, 1]


def test_maps_may_stand_inside_maps() -> None:
    turns = Turns(3)

    def inner(n: int) -> int:
        with turns.waiting():
            time.sleep(0.01)
        return n

    def outer(n: int) -> int:
        return sum(turns.map(inner, range(n)))

    assert list(turns.map(outer, range(6))) == [0, 0, 1, 3, 6, 10]


def test_waiting_without_a_turn_is_just_waiting() -> None:
    turns = Turns(1)
    done = []

    def elsewhere() -> None:
        with turns.waiting():
            done.append(True)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert done == [True]


def job(row: int) -> Job:
    return Job(id=f"a.1#{row}", subtask_id="a", candidate_id="a.1", dataset_id="d", row=row, seed=0)


def test_what_is_added_while_results_are_taken_is_done_too() -> None:
    for most in (1, 3):
        queue, done = Backlog(job(n) for n in range(4)), []
        for result in Turns(most).map(lambda each: each.row, queue):
            done.append(result)
            if result < 12 and result % 2 == 0:
                queue.add([job(result + 7), job(result + 8)])
        assert done == [0, 1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 18]
        assert not queue
