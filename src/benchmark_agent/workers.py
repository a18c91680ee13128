"""Realization and the checks of single drafts, in this process or in several, results in the order of the jobs."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmark_agent import plugins, websearch
from benchmark_agent.attempts import Attempt, Help
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import StageError
from benchmark_agent.grounding.types import Recipe
from benchmark_agent.media import MediaStore
from benchmark_agent.planning.types import Job
from benchmark_agent.realization.realize import Workplace, realize
from benchmark_agent.realization.types import Draft, Failure
from benchmark_agent.sources.pool import Pool, PoolSpec
from benchmark_agent.tools import Pen
from benchmark_agent.turns import Turns
from benchmark_agent.verification.sets import Signature, signature
from benchmark_agent.verification.types import CheckResult
from benchmark_agent.verification.verify import check_draft

CHUNK = 32
"""Jobs handed to a worker at once."""


@dataclass(frozen=True)
class Assignment:
    """All a worker needs to know, small enough to send to another process."""

    pool: PoolSpec
    folder: Path
    """The run folder, where media go."""
    subtasks: Mapping[str, Subtask]
    recipes: Mapping[str, Recipe]
    """By candidate."""
    languages: tuple[str, ...] = ()
    third_party: bool = True
    online: bool = True
    """Whether searches that the run does not hold may be made."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one job before the set of items has its say."""

    job: Job
    made: Draft | Failure
    results: tuple[CheckResult, ...] = ()
    signature: Signature | None = None


class Worker:
    """Realizes jobs and checks the drafts, each by itself."""

    def __init__(
        self,
        assignment: Assignment,
        registry: plugins.Registry | None = None,
        pool: Pool | None = None,
        models: Help | None = None,
    ):
        self.assignment = assignment
        self.models = models
        self.registry = registry or plugins.load(third_party=assignment.third_party)
        self.pool = pool or Pool.reopen(assignment.pool)
        self.media = MediaStore(assignment.folder)
        self.web = websearch.Shelf(assignment.folder, websearch.engine, online=assignment.online)
        self.revised: dict[str, Recipe] = {}
        """By job: the recipe of those that were planned after their candidate's was revised."""
        self._places: dict[str, Workplace] = {}

    def place(self, dataset_id: str) -> Workplace:
        if dataset_id not in self._places:
            self._places[dataset_id] = Workplace(self.pool.dataset(dataset_id), self.media, self.web)
        return self._places[dataset_id]

    def attempt(self, job: Job, recipe: Recipe, subtask: Subtask, *, proving: bool = True) -> Outcome:
        """What comes of the job. `proving`: models prove what passed the checks by code."""
        made, results = self._made(job, recipe, subtask, proving)
        passed = isinstance(made, Draft) and all(result.passed for result in results)
        return Outcome(job, made, results, signature(made) if passed and isinstance(made, Draft) else None)

    def _made(
        self, job: Job, recipe: Recipe, subtask: Subtask, proving: bool
    ) -> tuple[Draft | Failure, tuple[CheckResult, ...]]:
        def work(pen: Pen | None) -> Draft | Failure:
            return realize(job, recipe, self.place(job.dataset_id), self.registry.tools.__getitem__, pen)

        def check(draft: Draft) -> tuple[CheckResult, ...]:
            scorer = self.registry.scorers.__getitem__
            return check_draft(draft, subtask, self.registry.checks, scorer, self.media, self.assignment.languages)

        if self.models is None:
            made = work(None)
            return made, () if isinstance(made, Failure) else check(made)
        return Attempt(job, subtask, self.models, work, check, self.writes(recipe), proving)()

    def writes(self, recipe: Recipe) -> bool:
        """Whether the recipe asks a model."""
        return any(self.registry.tools[step.tool].asks for step in recipe.steps)

    def speaks(self, recipe: Recipe) -> bool:
        """Whether the recipe makes a sound, which takes time, and more time to be listened to."""
        return any(self.registry.tools[step.tool].drawn == "audio" for step in recipe.steps)

    def __call__(self, job: Job) -> Outcome:
        recipe = self.revised.get(job.id) or self.assignment.recipes[job.candidate_id]
        return self.attempt(job, recipe, self.assignment.subtasks[job.subtask_id])


_worker: Worker | None = None


def _start(assignment: Assignment) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = Worker(assignment)


def _work(jobs: list[Job]) -> list[Outcome]:
    if _worker is None:
        raise StageError("the worker process was not started with its assignment")
    return [_worker(job) for job in jobs]


Crew = Callable[[Iterable[Job]], Iterator[Outcome]]


@contextmanager
def crew(assignment: Assignment, workers: int, here: Worker, turns: Turns | None = None) -> Iterator[Crew]:
    """A function that works through jobs and yields their outcomes in the order of the jobs.

    Args:
        assignment: what to do.
        workers: processes; 1 works in this one, with `here`.
        here: a worker of this process.
        turns: where models are asked: jobs take turns in this process, since their time is spent waiting.
    """
    if turns is not None:
        yield lambda jobs: turns.map(here, jobs)
        return
    if workers <= 1:
        yield lambda jobs: map(here, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(assignment,)) as pool:
        try:
            yield lambda jobs: _in_order(pool, jobs, workers, here)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, jobs: Iterable[Job], workers: int, here: Worker) -> Iterator[Outcome]:
    """At most two chunks a worker are in flight, so memory does not grow with the number of jobs."""
    remaining = iter(jobs)
    flying: deque[Future[list[Outcome]]] = deque()
    try:
        while chunk := list(islice(remaining, CHUNK)):
            flying.append(pool.submit(_work, chunk))
            if len(flying) >= 2 * workers + 1:
                yield from flying.popleft().result()
        while flying:
            yield from flying.popleft().result()
    except BrokenProcessPool as error:
        raise StageError(
            "a worker process was killed (out of memory?); type the same command with '--resume --workers 1'"
        ) from error
