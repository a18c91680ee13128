"""Procedural tasks of reasoning-gym: `gym:TASK` or `gym:all`. An optional extra."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import Any

import yaml

from benchmark_agent.errors import UserError
from benchmark_agent.sources import Found
from benchmark_agent.sources.home import code_version, fill_folder, home
from benchmark_agent.sources.readers import gym_worker
from benchmark_agent.sources.rows import IndexedRows, Origin, json_lines, open_rows

SCHEME = "gym:"
_LEFT_OUT = Path(__file__).with_name("gym.yaml")
_WORKER = Path(gym_worker.__file__)


class ReasoningGym:
    """Tasks with generated rows and computed answers; a task is offered when its scorer passes a test."""

    name = "reasoning-gym"

    def find(self, root: Path) -> Iterator[Found]:
        """Every task asked for; one that may not be used is found too, and `open` says why.

        Raises:
            UserError: without the extra installed, or for a task that does not exist.
        """
        asked = str(root)
        if not asked.startswith(SCHEME):
            return
        tasks = _tasks(asked.removeprefix(SCHEME))
        _make(tasks)
        for task in tasks:
            yield Found(f"gym {task.replace('_', ' ')}", task, self.name, _hints(task))

    def open(self, root: Path, location: str) -> IndexedRows:
        """
        Raises:
            UserError: for a task left out, with the reason.
        """
        if reason := left_out().get(location):
            raise UserError(f"the reasoning-gym task {location!r} is not used: {reason}")
        _make([location])
        folder = _folder(location)
        if (folder / f"{location}.txt").is_file():
            reason = (folder / f"{location}.txt").read_text(encoding="utf-8")
            raise UserError(f"the reasoning-gym task {location!r} is not used: {reason}")
        file = folder / f"{location}.jsonl"
        return open_rows(Origin((file,), folder, folder, lambda: json_lines(file), lines=True))


@cache
def left_out() -> dict[str, str]:
    """Tasks that are not offered, with the reason."""
    reasons: dict[str, list[str]] = yaml.safe_load(_LEFT_OUT.read_text(encoding="utf-8"))
    return {task: reason for reason, tasks in reasons.items() for task in tasks}


@cache
def _categories() -> dict[str, str]:
    """Every task and its category."""
    if util.find_spec("reasoning_gym") is None:
        raise UserError("'gym:' pools need reasoning-gym; install it with: pip install 'benchmark-agent[gym]'")
    from reasoning_gym.factory import DATASETS

    return {task: str(made[0].__module__).split(".")[1] for task, made in sorted(DATASETS.items())}


def _tasks(asked: str) -> list[str]:
    known = _categories()
    if asked == "all":
        return list(known)
    if asked in known:
        return [asked]
    close = get_close_matches(asked, known, n=1)
    hint = f" Did you mean 'gym:{close[0]}'?" if close else ""
    raise UserError(f"reasoning-gym has no task {asked!r}; 'gym:all' takes every task, there are {list(known)}.{hint}")


def _folder(task: str) -> Path:
    version = f"{metadata.version('reasoning_gym')}-{code_version(_WORKER)}"
    return home() / "gym" / version / task


def _make(tasks: Sequence[str]) -> None:
    """Generate what is not there yet, all in one process with a fixed hash seed."""
    wanted = [task for task in tasks if task not in left_out() and not _folder(task).exists()]
    if not wanted:
        return
    scratch = fill_folder(home() / "gym" / f"making-{os.getpid()}", lambda part: _run(part, wanted))
    try:
        for task in wanted:
            fill_folder(_folder(task), lambda part, task=task: _move(scratch, task, part))  # type: ignore[misc]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _run(folder: Path, tasks: Sequence[str]) -> None:
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", gym_worker.__name__, str(folder), *tasks],
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise UserError(f"reasoning-gym could not make its tasks: {last}; reinstall it with: pip install reasoning-gym")


def _move(scratch: Path, task: str, part: Path) -> None:
    for file in scratch.glob(f"{task}.*"):
        shutil.move(file, part / file.name)


def _hints(task: str) -> dict[str, Any]:
    category = _categories().get(task, "")
    words = task.replace("_", " ")
    return {
        "description": f"Procedurally generated {category} problems of the kind {words}, with computed answers.",
        "topics": [words, category, "reasoning"],
        "licence": "Apache-2.0",
        "source": f"reasoning-gym {metadata.version('reasoning_gym')}",
    }
