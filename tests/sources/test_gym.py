"""reasoning-gym: a task is offered only when its scorer takes the gold, refuses junk, and its rows stay the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmark_agent.errors import UserError
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS
from benchmark_agent.sources.readers.gym import ReasoningGym, _categories, left_out
from benchmark_agent.sources.readers.gym_worker import fault

Score = Callable[[str, dict[str, Any]], float]


class Task:
    """Stands for a reasoning-gym dataset: twenty sums, and a scorer to be tested."""

    def __init__(self, score: Score, *, answer: str | None = "", shift: int = 0) -> None:
        self.score_answer = score
        self.answer = answer
        self.shift = shift

    def __getitem__(self, i: int) -> dict[str, Any]:
        return {"question": f"{i} + {self.shift}", "answer": str(i + self.shift) if self.answer == "" else self.answer}


def exact(reply: str, item: dict[str, Any]) -> float:
    return float(reply == item["answer"])


def lenient(reply: str, item: dict[str, Any]) -> float:
    return exact(reply, item) or 0.2 * bool(reply)


def any_number(reply: str, item: dict[str, Any]) -> float:
    return float(reply.isdigit())


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        (Task(exact), ""),
        (Task(lambda reply, item: 0.0), "its scorer does not take its own answer for right (row 0)"),
        (Task(lambda reply, item: 1.0), "its scorer gives 1.00 to '' (row 0)"),
        (Task(lenient), "its scorer gives 0.20 to 'none of it makes sense' (row 0)"),
        (Task(any_number), "its scorer takes the answer of another row for right (row 0)"),
        (Task(exact, answer=None), "row 0 has no answer"),
        (Task(exact, answer=" "), "row 0 has no answer"),
    ],
)
def test_a_faulty_scorer_is_found(task: Task, reason: str) -> None:
    assert fault(task, task) == reason


def test_rows_that_change_are_found() -> None:
    assert fault(Task(exact), Task(exact, shift=1)) == "its rows are not the same at every run"


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    _categories.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'benchmark-agent\[gym\]'"):
        list(ReasoningGym().find(Path("gym:all")))


def test_a_task_is_a_dataset_like_any_other() -> None:
    pytest.importorskip("reasoning_gym", reason="the extra 'gym' is not installed")
    pool = Pool.open(["gym:leg_counting"], READERS)
    (card,) = pool.cards
    assert (card.id, card.licence, card.location) == ("gym-leg-counting", "Apache-2.0", "leg_counting")
    rows = pool.dataset(card.id).rows
    assert 400 < len(rows) <= 500
    assert len({row.values["question"] for row in rows}) == len(rows)
    assert all(str(row.values["answer"]).isdigit() for row in rows)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("gym:leg_countin", r"no task 'leg_countin'.* Did you mean 'gym:leg_counting'\?"),
        ("gym:codeio", "'codeio' is not used: its rows are not the same at every run"),
        ("gym:word_ladder", "'word_ladder' is not used: several answers are right"),
        ("gmy:all", "no source knows the pool 'gmy:all'"),
    ],
)
def test_a_task_that_is_not_offered_says_why(asked: str, message: str) -> None:
    pytest.importorskip("reasoning_gym", reason="the extra 'gym' is not installed")
    with pytest.raises(UserError, match=message):
        Pool.open([asked], READERS)


def test_known_defects_are_left_out_with_a_reason() -> None:
    assert {"codeio", "game_of_life_halting", "graph_color", "knight_swap"} <= set(left_out())
