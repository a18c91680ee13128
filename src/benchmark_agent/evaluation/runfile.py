"""The file of a run: what was asked, then a line for each reply, written as it comes. Survives being killed."""

import fcntl
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from benchmark_agent.errors import UserError
from benchmark_agent.evaluation.sitting import Answer
from benchmark_agent.evaluation.types import ItemScore, Run, RunHead
from benchmark_agent.record import Record
from benchmark_agent.store import Log, first_problem, write_atomic

FILE = "run.jsonl"
UNSCORED = "unscored.jsonl"
"""Answers to open questions, kept until they are graded."""
Ask = tuple[str, int]
"""Item id and repetition."""


def folder_of(root: Path, model: str) -> Path:
    """Where the run of a model lies under `root`: `openai/gpt-5.1` in `openai__gpt-5.1`."""
    return root / re.sub(r"[^\w.+-]", "-", model.replace("/", "__")).lstrip(".")


class RunFile:
    """An open run. Made by `opened`."""

    def __init__(self, path: Path, head: RunHead) -> None:
        self.head = head
        self._log = Log(path, keep=_whole)
        lines = iter(self._log)
        self.scores: dict[Ask, ItemScore] = {}
        if next(lines, None) is None:
            self._log.write([head.model_dump_json()])
        for line in lines:
            self._take(ItemScore.model_validate_json(line))
        self._unscored = path.with_name(UNSCORED)
        self._notes: Log | None = None

    def _take(self, score: ItemScore) -> None:
        self.scores[score.item_id, score.sample] = score

    def write(self, score: ItemScore) -> None:
        """Keep a reply; it is in the file when this returns."""
        self._log.write([score.model_dump_json()])
        self._take(score)

    def note(self, answer: Answer) -> None:
        """Keep an answer that is not scored yet."""
        if self._notes is None:
            self._notes = Log(self._unscored, keep=_is_answer)
        self._notes.write([answer.model_dump_json()])

    @property
    def unscored(self) -> dict[str, Answer]:
        """Answers by question, also those that were scored since."""
        if not self._unscored.is_file():
            return {}
        lines = self._unscored.read_text(encoding="utf-8").splitlines()
        found = (Answer.model_validate_json(line) for line in lines if _is_answer(line))
        return {answer.sample: answer for answer in found}

    def close(self) -> None:
        self._log.close()
        if self._notes is not None:
            self._notes.close()

    def run(self, asked: Sequence[Ask], stopped: str = "") -> Run:
        """The replies to what was asked, in its order."""
        scores = tuple(self.scores[ask] for ask in asked if ask in self.scores)
        missing = len(asked) - len(scores)
        return Run(
            model=self.head.model,
            benchmark=self.head.benchmark,
            scores=scores,
            baseline=self.head.baseline,
            missing=missing,
            stopped=(stopped or "not finished") if missing else "",
        )


def _whole(line: str) -> bool:
    for kind in (ItemScore, RunHead):
        try:
            kind.model_validate_json(line)
        except ValidationError:
            continue
        return True
    return False


def _is_answer(line: str) -> bool:
    try:
        Answer.model_validate_json(line)
    except ValidationError:
        return False
    return True


@contextmanager
def opened(folder: Path, head: RunHead, *, resume: bool) -> Iterator[RunFile]:
    """The run in `folder`, begun or gone on with; closed to others meanwhile.

    Raises:
        UserError: the folder holds a run of another benchmark or with other settings, holds this one and `resume` was
            not said, is in use, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise UserError(
            f"the folder {str(folder)!r} cannot be written: {error.strerror}; choose another with '--out DIR'"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(f"another evaluation is at work in {str(folder)!r}; wait for it") from error
        path = folder / FILE
        held = head_of(path)
        if held is not None:
            _refuse(folder, held, head, resume)
        file = RunFile(path, head)
        try:
            yield file
        finally:
            file.close()


def _refuse(folder: Path, held: RunHead, head: RunHead, resume: bool) -> None:
    away = f"move {str(folder)!r} away, or choose another folder with '--out DIR'"
    if held.benchmark != head.benchmark:
        raise UserError(
            f"{str(folder)!r} holds replies to another benchmark (digest {held.benchmark!r}, this one is "
            f"{head.benchmark!r}): the items were changed or built anew; {away}"
        )
    for what in ("model", "prompt", "settings", "judge"):
        before, now = getattr(held, what), getattr(head, what)
        if before != now:
            told = [
                each.model_dump(exclude_defaults=True) if isinstance(each, Record) else each for each in (before, now)
            ]
            raise UserError(f"{str(folder)!r} was run with the {what} {told[0]!r}, now it is {told[1]!r}; {away}")
    if not resume:
        raise UserError(
            f"{str(folder)!r} holds replies of {head.model!r} already; add '--resume' to keep them and ask what is "
            f"missing, or {away}"
        )


def head_of(path: Path) -> RunHead | None:
    """What identifies the run in a file; None where there is no file, or not even a whole first line.

    Raises:
        UserError: the file is none of ours.
    """
    if not path.is_file():
        return None
    with path.open("rb") as lines:
        first = lines.readline()
    if not first.endswith(b"\n"):
        return None
    try:
        return RunHead.model_validate_json(first)
    except ValidationError as error:
        raise UserError(f"{str(path)!r} is no run: {first_problem(error)}; move it away") from error


def replace(folder: Path, head: RunHead, scores: Iterable[ItemScore]) -> None:
    """Write a whole run in place of what was there."""
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / FILE, "".join(f"{line.model_dump_json()}\n" for line in (head, *scores)))


def read_runs(root: Path, benchmark: str) -> tuple[Run, ...]:
    """Every run under `root` of the benchmark with this digest, by model: whatever was answered so far."""
    found = []
    for path in sorted(root.glob(f"*/{FILE}")):
        head = head_of(path)
        if head is None or head.benchmark != benchmark:
            continue
        with path.open(encoding="utf-8") as lines:
            next(lines)
            scores = tuple(ItemScore.model_validate_json(line) for line in lines if _whole(line))
        found.append(Run(model=head.model, benchmark=head.benchmark, scores=scores, baseline=head.baseline))
    return tuple(sorted(found, key=lambda run: run.model))
