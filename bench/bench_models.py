"""What a build with models asks, how long it waits, and how many calls the machinery takes.

Calls and characters are counted on the scripted model; time is taken over HTTP, against an endpoint in another process.
"""

import heapq
import json
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, linear_regression
from unittest.mock import patch

from bench.endpoint import NAME, endpoint, served
from bench.policy import Policy, ScriptedModel, write_pool
from benchmark_agent import api, plugins
from benchmark_agent.models import ReadMedia, Reply, Request
from benchmark_agent.models.asking import Asker
from benchmark_agent.models.budget import Budget
from benchmark_agent.models.desk import Slip
from benchmark_agent.models.journal import Call, Journal
from benchmark_agent.planning.types import Job
from benchmark_agent.prompts import Prompt
from benchmark_agent.record import Record
from benchmark_agent.requirement import Roles
from benchmark_agent.turns import Turns
from benchmark_agent.verification.types import Verdict
from benchmark_agent.workers import Outcome, Worker

GOAL = "Can a model keep track of where things are, who carried them, and several moves together?"
MODELS = ("w/writer", "s/solver", "j/judge")
ROLES = Roles(planner="w/writer", writer="w/writer", solvers=("s/solver",), judge="j/judge")
PLACEMENTS = {
    "golds wrong": {"wrong": 0.17},
    "unclear, mended": {"unclear": 0.19},
    "leaky": {"leaky": 0.155},
    "a mixture": {"wrong": 0.065, "unclear": 0.065, "leaky": 0.06},
}
"""Where the drafts that do not pass at once fail: with what code rejects of the rest, one in five."""
SEEDS = range(1, 9)
Figures = Iterator[tuple[str, float, str]]


def run(size: int = 60, timed: int = 200, latency: float = 1.0, calls: int = 2000) -> Figures:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        pool = write_pool(folder / "pool")
        for name, faults in PLACEMENTS.items():
            yield from _counted(folder, pool, name, faults, size)
        yield from _timed(folder, write_pool(folder / "large", rows=160), timed, latency)
        yield from _machinery(folder, calls)


# -- calls and characters -------------------------------------------------------------------------


def _counted(folder: Path, pool: Path, name: str, faults: dict[str, float], size: int) -> Figures:
    """Of whole builds, planning and dry runs included.

    The share that is accepted is chance, and differs from build to build by some hundredths. So calls and characters
    are read at exactly 80 % off the line through the builds of some seeds.
    """
    counts = [_count(folder / f"{name}-{seed}", pool, Policy(**faults), size, seed) for seed in SEEDS]
    told = f"80 % accepted at first: {name}"
    shares = [each.at_first for each in counts]
    yield f"{told}, accepted at first", fmean(shares), "share (mean)"
    yield f"{told}, planner calls", max(each.planner for each in counts), "calls"
    yield f"{told}, calls", _at(0.8, shares, [each.calls for each in counts]), "calls/item"
    yield f"{told}, prompts", _at(0.8, shares, [each.characters for each in counts]), "characters/item"


def _at(share: float, shares: Sequence[float], values: Sequence[float]) -> float:
    slope, start = linear_regression(shares, values)
    return start + slope * share


@dataclass(frozen=True)
class Counted:
    at_first: float
    """Share of the first drafts that were accepted as they were."""
    planner: int
    calls: float
    characters: float
    """Of all prompts; both for each accepted item."""


def _count(folder: Path, pool: Path, policy: Policy, size: int, seed: int) -> Counted:
    registry = plugins.load(third_party=False)
    models = [ScriptedModel(name, policy) for name in MODELS]
    for model in models:
        registry.models.add(model, origin="bench")
    result = api.build(GOAL, size=size, pool=[str(pool)], roles=ROLES, out=folder, registry=registry, seed=seed)
    if result.shortfall or result.benchmark is None:
        raise RuntimeError(f"{result.shortfall} items are missing: these counts would be of another build")
    verdicts = Counter(verdict.status for verdict in _verdicts(folder))
    with closing(Journal.load(folder)) as journal:
        asked = Counter(call.role for call in journal)
    return Counted(
        verdicts["accepted"] / verdicts.total(),
        asked["planner"],
        sum(model.calls for model in models) / size,
        sum(model.characters for model in models) / size,
    )


def _verdicts(folder: Path) -> list[Verdict]:
    lines = (folder / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return [Verdict.model_validate_json(line) for line in lines]


# -- time -----------------------------------------------------------------------------------------


@dataclass
class Trace:
    """Who asked how often: jobs by id, those of dry runs too, and everybody else under their own thread's name."""

    began: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)
    probes: set[str] = field(default_factory=set)


@contextmanager
def _traced() -> Iterator[Trace]:
    """Notes which job each call that goes out belongs to. A job runs in one thread from its begin to its end."""
    trace, here = Trace(), threading.local()
    made, attempt = Asker._made, Worker.attempt

    def noted(asker: Asker, slip: Slip) -> Call:
        trace.began = trace.began or time.perf_counter()
        trace.calls[getattr(here, "job", slip.prompt)] += 1
        return made(asker, slip)

    def attempted(worker: Worker, job: Job, *given: object, **more: object) -> Outcome:
        here.job = job.id
        if job.candidate_id.endswith(".probe"):
            trace.probes.add(job.id)
        try:
            return attempt(worker, job, *given, **more)  # type: ignore[arg-type]
        finally:
            del here.job

    with patch.object(Asker, "_made", noted), patch.object(Worker, "attempt", attempted):
        yield trace


def _timed(folder: Path, pool: Path, size: int, latency: float, in_flight: int = 64) -> Figures:
    roles = Roles(planner=NAME, writer=NAME, solvers=(NAME,), judge=NAME)
    policy = PLACEMENTS["a mixture"]
    with endpoint(policy, latency) as url, served(url), _traced() as trace:
        begun = time.perf_counter()
        result = api.build(GOAL, size=size, pool=[str(pool)], roles=roles, out=folder / "timed")
        ended = time.perf_counter()
    if result.shortfall:
        raise RuntimeError(f"{result.shortfall} items are missing")
    best = ideal(trace, _verdicts(folder / "timed"), in_flight) * latency
    told = f"{size} items over HTTP, {latency:g} s a call, {in_flight} in flight"
    yield f"{told}: calls", sum(trace.calls.values()), "calls"
    yield f"{told}: ideal", best, "s"
    yield f"{told}: from the first call to the end", ended - trace.began, "s"
    yield f"{told}: the same by the ideal", (ended - trace.began) / best, ""
    yield f"{told}: before the first call", trace.began - begun, "s"


def ideal(trace: Trace, verdicts: Sequence[Verdict], in_flight: int) -> float:
    """How long the observed calls take where nothing but a call takes time, in calls one after the other.

    Design asks one call after the other. Subtasks are grounded side by side: a choice (and its correction), dry runs
    side by side, a score. Jobs are chains of as many calls as were observed. They are begun in the order of the plan by
    whoever of the `in_flight` is free first; the nth job beyond the plan replaces the nth rejected one, and can begin
    when that has ended (greedy list scheduling: Graham 1969).
    """
    design = sum(n for name, n in trace.calls.items() if name.startswith("design/"))
    subtasks = trace.calls["grounding/score"]
    planning = sum(n for name, n in trace.calls.items() if name.startswith("grounding/"))
    grounding = planning / subtasks + max(trace.calls[name] for name in trace.probes)
    return design + grounding + _listed(verdicts, trace.calls, in_flight)


def _listed(verdicts: Sequence[Verdict], calls: Counter[str], in_flight: int) -> float:
    rejected = [n for n, verdict in enumerate(verdicts) if verdict.item is None]
    planned = len(verdicts) - len(rejected)
    free = [0.0] * in_flight
    ends: dict[int, float] = {}
    ready = deque((0.0, n) for n in range(planned))
    waiting: list[tuple[float, int]] = []
    replaces = dict(zip(rejected, range(planned, len(verdicts)), strict=True))
    while ready or waiting:
        at = heapq.heappop(free)
        earliest, n = ready.popleft() if ready else heapq.heappop(waiting)
        ends[n] = max(at, earliest) + calls[verdicts[n].job_id]
        heapq.heappush(free, ends[n])
        if n in replaces:
            heapq.heappush(waiting, (ends[n], replaces[n]))
    return max(ends.values())


# -- machinery ------------------------------------------------------------------------------------


class Word(Record):
    word: str


PROMPT = Prompt(
    "bench/say", "Say.", frozenset({"n"}), "Word", 100, "Say a word for {{ n }}. " + "Think first. " * 100, "0"
)


class Instant:
    """A model that answers at once."""

    name = "i/instant"

    async def generate(self, request: Request, read: ReadMedia) -> Reply:
        return Reply(text=json.dumps({"word": "one"}), input_tokens=300, output_tokens=5)


def _machinery(folder: Path, calls: int) -> Figures:
    name, turns = Instant.name, Turns(64)
    registry = plugins.load(third_party=False)
    registry.models.add(Instant(), origin="bench")
    roles = Roles(planner=name, writer=name, solvers=(name,), judge=name)
    with closing(Journal(folder / "calls.sqlite")) as journal:
        for what in ("asked, answered at once, and journalled", "taken from the journal"):
            with Asker(roles, journal, Budget(None), lambda part: b"", shelf=registry.models, turns=turns) as ask:

                def one(n: int, ask: Asker = ask) -> Word:
                    return ask("judge", PROMPT, Word, n=n)

                begun = time.perf_counter()
                for _ in turns.map(one, range(calls)):
                    pass
                yield f"calls {what}, 64 in flight", calls / (time.perf_counter() - begun), "calls/s"
