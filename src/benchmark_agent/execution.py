"""What an execution knows while it runs: verdicts so far, and the log they can be replayed from."""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Self

from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import DECLINED, kind_of
from benchmark_agent.events import Event
from benchmark_agent.grounding.types import Recipe
from benchmark_agent.planning.supply import Supply
from benchmark_agent.planning.types import Job
from benchmark_agent.realization.types import Draft, Failure
from benchmark_agent.store import Log, RunFolder
from benchmark_agent.verification.sets import SetChecks
from benchmark_agent.verification.types import Item, Verdict
from benchmark_agent.verification.verify import admit, failed
from benchmark_agent.workers import Outcome

SHOWN = 2
"""Rejected drafts kept of a candidate, for whoever revises its recipe."""


@dataclass
class History:
    """Why drafts of one candidate were rejected, and the latest of them."""

    reasons: Counter[str] = field(default_factory=Counter)
    drafts: deque[Draft] = field(default_factory=lambda: deque(maxlen=SHOWN))
    revised: bool = False
    """Whether its recipe was looked at again."""
    recipe: Recipe | None = None
    """What came of that."""

    def add(self, verdict: Verdict, draft: Draft | None) -> None:
        missed = next((f"{r.check}: {r.reason}" for r in verdict.checks if not r.passed), verdict.reason)
        self.reasons[missed if DECLINED in missed else kind_of(missed)] += 1
        if draft is not None:
            self.drafts.append(draft)


class Backlog:
    """Jobs in the order they are begun. Iterating ends where none is left, and goes on when more are added."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._planned: Iterator[Job] = iter(jobs)
        self._added: deque[Job] = deque()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Job:
        job = next(self._planned, None) or (self._added.popleft() if self._added else None)
        if job is None:
            raise StopIteration
        return job

    def put_back(self, job: Job) -> None:
        """The job is the next one again."""
        self._planned = chain([job], self._planned)

    def add(self, jobs: Iterable[Job]) -> None:
        self._added.extend(jobs)

    def __bool__(self) -> bool:
        """Whether more jobs were added than begun."""
        return bool(self._added)


@dataclass
class Execution:
    """Judges outcomes in the order of the jobs: what is accepted depends on what was accepted before."""

    supply: Supply
    sets: SetChecks
    subtasks: Mapping[str, Subtask]
    rejected: Counter[str] = field(default_factory=Counter)
    """Rejections and failures by reason."""
    delivered: Counter[str] = field(default_factory=Counter)
    """Accepted items by subtask."""
    history: dict[str, History] = field(default_factory=lambda: defaultdict(History))
    """Per candidate, what went wrong."""
    stopped: str = ""
    """Why the execution ended before its time: the budget."""
    unreached: int = 0
    """Jobs in a row, the latest ones, that no model could be reached for."""

    @property
    def accepted(self) -> int:
        return self.delivered.total()

    @property
    def done(self) -> int:
        return self.accepted + self.rejected.total()

    def progress(self, target: int, spent: float | None) -> Event:
        """How far it is. `spent`: US dollars."""
        rejected = tuple(sorted(self.rejected.items(), key=lambda pair: (-pair[1], pair[0])))
        return Event(
            stage="verification",
            message=f"{self.accepted} of {target} accepted, {self.done - self.accepted} rejected",
            accepted=self.accepted,
            target=target,
            rejected=rejected,
            done=self.done,
            spent=spent,
        )

    def judge(self, outcome: Outcome) -> Verdict:
        """The verdict on a fresh outcome, counted."""
        if isinstance(outcome.made, Failure):
            verdict = failed(outcome.made, outcome.job.candidate_id)
        else:
            subtask = self.subtasks[outcome.job.subtask_id]
            verdict = admit(
                outcome.made, outcome.job.candidate_id, outcome.results, subtask, self.sets, outcome.signature
            )
        self._count(verdict, outcome.made if isinstance(outcome.made, Draft) else None)
        self.unreached = self.unreached + 1 if verdict.status == "unrun" else 0
        return verdict

    def replay(self, verdict: Verdict, draft: Draft | None) -> None:
        """Take a logged verdict as it stands."""
        if draft is not None and verdict.item is not None:
            self.sets.record(draft)
        self._count(verdict, draft)

    def _count(self, verdict: Verdict, draft: Draft | None) -> None:
        accepted = verdict.item is not None
        self.supply.record(verdict.candidate_id, accepted)
        if accepted:
            self.delivered[verdict.subtask_id] += 1
        else:
            self.rejected[kind_of(verdict.reason)] += 1
            self.history[verdict.candidate_id].add(verdict, draft)


_FAILED, _UNRUN = '"status":"failed"', '"status":"unrun"'
STATUS_WITHIN = 400
"""Characters of a logged verdict its status stands within: after ids, whose length is bounded."""


class JobLog:
    """drafts.jsonl, failures.jsonl and verdicts.jsonl, in the order of the jobs.

    A verdict is written after its draft or failure, so what has a verdict is whole. Lines beyond the last verdict are
    cut off when the log is opened, and those jobs are done again; so are a job that could not be run, for want of a
    model, and those after it (what they were told is in the journal).
    """

    def __init__(self, folder: RunFolder, key: str) -> None:
        fresh = not folder.kept("execution.json", key)
        if fresh:
            for name in ("verdicts.jsonl", "drafts.jsonl", "failures.jsonl"):
                (folder / name).unlink(missing_ok=True)
            (folder / "execution.json").write_text(json.dumps({"key": key}), encoding="utf-8")
            folder.stamp("execution.json", key)
        self._verdicts = Log(folder / "verdicts.jsonl", lambda line: _UNRUN not in line[:STATUS_WITHIN])
        drafted, failures = self._settled()
        self._drafts = Log(folder / "drafts.jsonl", _First(drafted))
        self._failures = Log(folder / "failures.jsonl", _First(failures))
        self._past = self._read()
        self._buffer: list[tuple[Draft | Failure, Verdict]] = []

    def _settled(self) -> tuple[int, int]:
        """How many logged verdicts had a draft, and how many a failure."""
        count = Counter(_FAILED in line[:STATUS_WITHIN] for line in self._verdicts)
        return count[False], count[True]

    def _read(self) -> Iterator[tuple[Verdict, Draft | None]]:
        drafts = iter(self._drafts)
        for line in self._verdicts:
            verdict = Verdict.model_validate_json(line)
            draft = None if verdict.status == "failed" else Draft.model_validate_json(next(drafts))
            yield verdict, draft

    def next(self, job: Job) -> tuple[Verdict, Draft | None] | None:
        """The logged verdict on the next job, or None when the log is at its end."""
        past = next(self._past, None)
        if past is not None and past[0].job_id != job.id:
            raise ValueError(f"verdicts.jsonl holds {past[0].job_id!r} where the plan has {job.id!r}")
        return past

    def add(self, made: Draft | Failure, verdict: Verdict) -> None:
        """Note a finished job; it is on disk after the next `flush`."""
        self._buffer.append((made, verdict))

    def flush(self) -> None:
        self._drafts.write(made.model_dump_json() for made, _ in self._buffer if isinstance(made, Draft))
        self._failures.write(made.model_dump_json() for made, _ in self._buffer if isinstance(made, Failure))
        self._verdicts.write(verdict.model_dump_json() for _, verdict in self._buffer)
        self._buffer.clear()

    def items(self) -> Iterator[Item]:
        """Every accepted item, in order, read from the log."""
        for line in self._verdicts:
            item = Verdict.model_validate_json(line).item
            if item is not None:
                yield item

    def close(self) -> None:
        for log in (self._drafts, self._failures, self._verdicts):
            log.close()


class _First:
    """True for the first n lines, then False."""

    def __init__(self, n: int) -> None:
        self.left = n

    def __call__(self, line: str) -> bool:
        self.left -= 1
        return self.left >= 0
