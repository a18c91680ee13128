"""Makes rows of reasoning-gym tasks in a process of its own: `python -m ...gym_worker FOLDER TASK ...`.

Apart, because some tasks walk over sets: the rows are the same everywhere only under one fixed hash seed.
Each task becomes FOLDER/TASK.jsonl, or FOLDER/TASK.txt with the reason why not.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROWS = 500
"""Rows made of each task."""
SEED = 20
TESTED = 20
"""Rows the scorer is tested on."""
_JUNK = ("", "none of it makes sense", "\u2603 ?!")


def fault(task: Any, again: Any) -> str:
    """Why a task must not be used: its scorer refuses gold, takes junk, or its rows change. Empty: nothing found.

    Args:
        task: a reasoning-gym dataset.
        again: the same dataset, made once more.
    """
    for i in range(TESTED):
        item = task[i]
        if item != again[i]:
            return "its rows are not the same at every run"
        answer = item["answer"]
        if not isinstance(answer, str) or not answer.strip():
            return f"row {i} has no answer"
        if task.score_answer(answer, item) < 0.999:
            return f"its scorer does not take its own answer for right (row {i})"
        for junk in _JUNK:
            if (score := task.score_answer(junk, item)) > 0.1:
                return f"its scorer gives {score:.2f} to {junk!r} (row {i})"
        other = task[(i + 1) % TESTED]["answer"]
        if other != answer and task.score_answer(other, item) >= 1:
            return f"its scorer takes the answer of another row for right (row {i})"
    return ""


def make(task: str, folder: Path) -> None:
    """Write the rows of one task, or why it has none. Exact repeats of a question are left out."""
    import reasoning_gym

    made = reasoning_gym.create_dataset(task, size=ROWS, seed=SEED)
    problem = fault(made, reasoning_gym.create_dataset(task, size=ROWS, seed=SEED))
    if problem:
        (folder / f"{task}.txt").write_text(problem, encoding="utf-8")
        return
    seen = set()
    with (folder / f"{task}.jsonl").open("w", encoding="utf-8") as out:
        for i in range(ROWS):
            item = made[i]
            if item["answer"] and item["question"] not in seen:
                seen.add(item["question"])
                row = {"id": f"{task}-{i}", "question": item["question"].strip(), "answer": item["answer"].strip()}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


def main(folder: str, *tasks: str) -> None:
    """Make every task; one that raises has no rows, and its error is the reason."""
    from benchmark_agent.errors import SourceError, boundary

    for task in tasks:
        try:
            with boundary(task, SourceError):
                make(task, Path(folder))
        except SourceError as error:
            (Path(folder) / f"{task}.txt").write_text(f"its scorer or maker fails: {error}", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
