"""What the package offers to programs: `build`, `load`, `check`. The command line calls the same functions."""

import asyncio
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

import benchmark_agent
from benchmark_agent import plugins, prompts
from benchmark_agent.benchmark.check import CheckReport
from benchmark_agent.benchmark.check import check as check_benchmark
from benchmark_agent.benchmark.load import load as load_folder
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.design.designer import CatalogueDesigner
from benchmark_agent.design.wishes import with_wishes
from benchmark_agent.errors import UserError
from benchmark_agent.evaluation.evaluate import Conditions, Evaluation
from benchmark_agent.evaluation.types import Run, Watcher
from benchmark_agent.events import Event, Listener, silent
from benchmark_agent.finish import finish
from benchmark_agent.grounding.compose import compose
from benchmark_agent.models import prices as listed
from benchmark_agent.models import roster
from benchmark_agent.pipeline import Pipeline, Planned, offered
from benchmark_agent.record import digest_of
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.pool import Pool
from benchmark_agent.store import RunFolder, first_problem, read_record
from benchmark_agent.studio import Studio, Terms, numbers, open_studio
from benchmark_agent.verification.types import Item

SHOWN_SKIPS = 3
"""Rows a dataset could not give that are named when a pool is opened; `pool audit` names more."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build came to."""

    folder: Path
    """The run folder."""
    planned: Planned
    benchmark: Benchmark | None
    """None after `plan_only`."""

    @property
    def shortfall(self) -> int:
        """Items asked for and not delivered (not planned, after `plan_only`)."""
        return self.planned.allocation.shortfall if self.benchmark is None else self.benchmark.manifest.shortfall

    def summary(self) -> dict[str, Any]:
        """The JSON summary of `build --json`."""
        design = self.planned.design
        shown: dict[str, Any] = {
            "status": "planned" if self.benchmark is None else "short" if self.shortfall else "complete",
            "run": str(self.folder),
            "shortfall": self.shortfall,
            "not_covered": list(design.not_covered),
        }
        if self.benchmark is None:
            quotas = self.planned.allocation.quotas
            return {**shown, "subtasks": [quota.model_dump(mode="json") for quota in quotas]}
        manifest = self.benchmark.manifest
        return {
            **shown,
            "benchmark": str(self.benchmark.folder),
            "digest": manifest.digest,
            "size": manifest.size,
            "asked": manifest.requirement.size,
            "subtasks": [each.model_dump(mode="json") for each in manifest.subtasks],
            "rejected": {count.name: count.n for count in manifest.rejected},
            "baselines": {
                name: {"accuracy": accuracy, "chance": chance} for name, accuracy, chance in manifest.baselines
            },
        }


def requirement(goal: str | Path, **wishes: Any) -> Requirement:
    """A requirement from a goal in words or a goal.yaml; wishes that are not None win over the file.

    Raises:
        UserError: when a value is out of bounds, or the file does not read.
    """
    path = Path(goal)
    given = {name: value for name, value in wishes.items() if value is not None}
    looks_like_file = path.suffix in (".yaml", ".yml", ".json")
    if looks_like_file and not path.is_file():
        raise UserError(f"there is no file {str(path)!r}; give a goal in words in quotes, or the path of a goal.yaml")
    stated: dict[str, Any] = {"goal": str(goal)}
    if looks_like_file:
        stated = read_record(path, Requirement).model_dump(exclude_unset=True)
    try:
        return Requirement.model_validate({**stated, **given})
    except ValidationError as error:
        raise UserError(f"the requirement cannot be met: {first_problem(error)}") from error


def open_pool(paths: Sequence[str] = (), registry: plugins.Registry | None = None, listener: Listener = silent) -> Pool:
    """Open a pool; no path means the starter pool. Raises UserError when there is nothing to read."""
    pool = Pool.open(tuple(paths), tuple((registry or plugins.load()).readers), listener=listener)
    for card in pool.cards:
        for where, why in pool.skipped(card.id)[:SHOWN_SKIPS]:
            listener(Event(stage="pool", message=f"{card.id}, {where} is skipped: {why}"))
    return pool


def build(
    goal: str | Path | Requirement,
    *,
    out: str | Path | None = None,
    resume: bool = False,
    plan_only: bool = False,
    workers: int = 1,
    registry: plugins.Registry | None = None,
    listener: Listener = silent,
    terms: Terms | None = None,
    **wishes: Any,
) -> BuildResult:
    """Build a benchmark from an evaluation goal.

    Args:
        goal: the goal in words, the path of a goal.yaml, or a requirement.
        out: run folder; by default runs/<slug>-<seed>.
        resume: go on with the run in the folder.
        plan_only: stop after the plan.
        workers: processes that make and check items; the result does not depend on it.
        registry: parts to build with; by default the built-in ones and those of installed plugins.
        listener: hears what happens.
        terms: how models may be used: replay, another journal, prices, calls in flight.
        wishes: fields of `Requirement`, e.g. `size=120`, `pool=["data"]`, `seed=7`.

    Raises:
        UserError: the caller must change something.
        StageError: the pool cannot serve the goal; BudgetReached: the plan alone would cost more than the budget.
        Unreached: a model could not be reached; resume later.
    """
    registry, terms = registry or plugins.load(), terms or Terms()
    wanted = _possible(goal if isinstance(goal, Requirement) else requirement(goal, **wishes), terms)
    folder = RunFolder(Path(out) if out else Path("runs") / f"{slug(wanted.goal)}-{wanted.seed}")
    wanted = _claim(folder, wanted, resume or (terms.replay and folder.path.exists()))
    with folder.locked(), _models(wanted, folder, registry, terms) as studio:
        if terms.replay:
            _forget(folder)
        listen = folder.listener(listener)
        for warning in _warnings(wanted, terms):
            listen(Event(stage="design", message=f"warning: {warning}"))
        pool = open_pool(_drawn_from(wanted, folder), registry, listen)
        tools = offered(registry, studio)
        by_words = CatalogueDesigner(lambda subtask, card: bool(compose(subtask, card, tools)))
        pipeline = Pipeline(
            requirement=with_wishes(wanted),
            folder=folder,
            registry=registry,
            pool=pool,
            designer=studio.designer(tools) if studio else by_words,
            listen=listen,
            workers=workers,
            version=_version(registry, wanted),
            studio=studio,
        )
        planned = pipeline.plan()
        if plan_only:
            return BuildResult(folder.path, planned, None)
        execution, log = pipeline.execute(planned)
        return BuildResult(folder.path, planned, finish(pipeline, planned, execution, log))


def _possible(wanted: Requirement, terms: Terms) -> Requirement:
    """The requirement, or a UserError before anything is made of it."""
    if wanted.roles is None and (wanted.direct or terms.replay or terms.journal):
        raise UserError("'--direct', '--replay' and '--journal' need a model; name one with '--model NAME'")
    return wanted


def _warnings(wanted: Requirement, terms: Terms) -> tuple[str, ...]:
    """What a user should know of the models before they are asked."""
    if wanted.roles is None:
        return ()
    return roster.warnings(wanted.roles, listed.load(terms.prices), with_wishes(wanted).modalities or ())


def _models(
    wanted: Requirement, folder: RunFolder, registry: plugins.Registry, terms: Terms
) -> AbstractContextManager[Studio | None]:
    return open_studio(wanted, folder, registry, terms) if wanted.roles else nullcontext()


def _drawn_from(wanted: Requirement, folder: RunFolder) -> tuple[str, ...]:
    return (str(numbers(folder, wanted.size)),) if wanted.direct else wanted.pool


def _forget(folder: RunFolder) -> None:
    """A replay makes everything anew but what a person edited, and what was paid for."""
    for name in ("design.yaml", "grounding.yaml", "allocation.yaml", "plan.jsonl"):
        if not folder.edited(name):
            (folder / name).unlink(missing_ok=True)
    (folder / "execution.json").unlink(missing_ok=True)


async def build_async(goal: str | Path | Requirement, **options: Any) -> BuildResult:
    """`build` for programs with an event loop: runs in a thread of its own."""
    return await asyncio.to_thread(build, goal, **options)


def load(folder: str | Path) -> Benchmark:
    """Open a benchmark folder, or the run folder it is in. Raises UserError when there is none."""
    path = Path(folder)
    inner = path / "benchmark"
    return load_folder(inner if (inner / "manifest.json").exists() else path)


def check(benchmark: str | Path | Benchmark, registry: plugins.Registry | None = None) -> CheckReport:
    """Check files, golds and scorers of a benchmark. Findings are in the report, not raised."""
    opened = benchmark if isinstance(benchmark, Benchmark) else load(benchmark)
    return check_benchmark(opened, (registry or plugins.load()).scorers.__getitem__)


async def check_async(benchmark: str | Path | Benchmark, registry: plugins.Registry | None = None) -> CheckReport:
    """`check` for programs with an event loop."""
    return await asyncio.to_thread(check, benchmark, registry)


def evaluation(
    benchmark: str | Path | Benchmark,
    *,
    out: str | Path | None = None,
    registry: plugins.Registry | None = None,
    prices: Path | None = None,
    watch: Watcher = lambda _: None,
    **conditions: Any,
) -> Evaluation:
    """A benchmark made ready to run models on: `.run(models)`.

    Args:
        out: folder of the runs; by default `evaluations` in the run folder, or beside the benchmark.
        prices: a price file read before ours.
        watch: told how far each model is.
        conditions: fields of `Conditions`, e.g. `limit=50`, `repeat=3`, `resume=True`, `max_usd=2`.

    Raises:
        UserError: there is no such benchmark, or its items cannot be scored.
    """
    opened = benchmark if isinstance(benchmark, Benchmark) else load(benchmark)
    registry = registry or plugins.load()
    return Evaluation(
        opened,
        registry.scorers.__getitem__,
        listed.load(prices),
        Conditions(**conditions),
        out=Path(out) if out else None,
        shelf=registry.models,
        watch=watch,
    )


def evaluate(benchmark: str | Path | Benchmark, models: Sequence[str], **terms: Any) -> tuple[Run, ...]:
    """Run models and baselines on a benchmark; a run each, with every reply and its score.

    Args:
        models: `provider/model`, or `random`, `majority`, `longest-option`, `choices-only`.
        terms: as `evaluation` takes them.

    Raises:
        UserError: the caller must change something. A model that fails later is told by its run's `stopped`.
    """
    return evaluation(benchmark, **terms).run(models)


def items(benchmark: str | Path, name: str | None = None, per_subtask: int = 1) -> Iterator[Item]:
    """Items whose id starts with `name`; without a name, the first few of every subtask.

    Raises:
        UserError: when no item has that id.
    """
    seen: Counter[str] = Counter()
    found = False
    for item in load(benchmark):
        seen[item.subtask] += 1
        wanted = item.id.startswith(name) if name else seen[item.subtask] <= per_subtask
        found = found or wanted
        if wanted:
            yield item
    if not found:
        raise UserError(f"no item is called {name!r}; see ids with 'benchmark-agent show {benchmark}'")


def slug(goal: str) -> str:
    """A folder name from a goal: its first Latin words, else a digest."""
    plain = unicodedata.normalize("NFKD", goal).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words[:6])[:48].strip("-") or digest_of(goal)


def _claim(folder: RunFolder, wanted: Requirement, resume: bool) -> Requirement:
    """Make the folder this requirement's, or refuse it with the way out. A resumed run keeps its budget unless a new
    one is given."""
    path = folder / "requirement.yaml"
    if path.exists():
        held = read_record(path, Requirement)
        if held.identity() != wanted.identity():
            raise UserError(
                f"{str(folder.path)!r} holds a run of another requirement (see {str(path)!r}); choose another folder "
                f"with '--out DIR', or build that one with 'benchmark-agent build {path} --out {folder.path} --resume'"
            )
        if not resume:
            raise UserError(
                f"{str(folder.path)!r} holds a run of this requirement; add '--resume' to go on with it, "
                "or choose another folder with '--out DIR'"
            )
        if wanted.budget is None or wanted.budget == held.budget:
            return held
        return _write(folder, wanted)
    if folder.path.exists() and (not folder.path.is_dir() or any(folder.path.iterdir())):
        raise UserError(f"{str(folder.path)!r} is not empty and holds no run; choose another folder with '--out DIR'")
    if resume:
        raise UserError(f"there is no run in {str(folder.path)!r} to resume; leave out '--resume' to begin one")
    folder.create()
    return _write(folder, wanted)


def _write(folder: RunFolder, wanted: Requirement) -> Requirement:
    text = yaml.safe_dump(wanted.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    folder.write("requirement.yaml", text)
    return wanted


def _version(registry: plugins.Registry, wanted: Requirement) -> str:
    tools = sorted((tool.name, tool.version, registry.tools.origin[tool.name]) for tool in registry.tools)
    spoken = [(prompt.name, prompt.version) for prompt in prompts.every()] if wanted.roles else []
    return digest_of([benchmark_agent.__version__, tools, sorted(check.name for check in registry.checks), spoken])
