"""A benchmark, its run folder and its runs -> the page about it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from benchmark_agent.allocation.types import Allocation
from benchmark_agent.assessing import assessed, floors, various
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.design.types import Design
from benchmark_agent.errors import UserError, kind_of
from benchmark_agent.evaluation.evaluate import default_folder
from benchmark_agent.evaluation.runfile import read_runs
from benchmark_agent.grounding.types import Grounding
from benchmark_agent.quality.types import Family
from benchmark_agent.realization.types import Draft
from benchmark_agent.record import Record
from benchmark_agent.report.page import leaderboard, page
from benchmark_agent.report.types import Material, Page, Rejected
from benchmark_agent.store import read_record, write_atomic
from benchmark_agent.verification.types import Verdict

EXAMPLES = 2
"""Rejected rows shown of each reason."""
R = TypeVar("R", bound=Record)


def report(benchmark: Benchmark, *, runs: Path | None = None, families: Sequence[Family] = (), seed: int = 0) -> Page:
    """The page about a benchmark; what is missing (run folder, evaluations) is said on it.

    Args:
        runs: folder of the evaluations; None means where `evaluate` puts them.
        families: models of one make, from small to large.
        seed: of the bootstrap.

    Raises:
        UserError: items, runs, or an edited plan cannot be read.
    """
    return page(_material(benchmark, runs, families, seed))


def compared(benchmark: Benchmark, *, runs: Path | None = None, seed: int = 0) -> Page:
    """The leaderboard alone as a page.

    Raises:
        UserError: no model was run on the benchmark.
    """
    quality = assessed(benchmark, runs, (), seed)
    found = read_runs(runs or default_folder(benchmark), benchmark.manifest.digest)
    return leaderboard(Material(benchmark, str(benchmark.folder), quality=quality, runs=found))


def default_page(benchmark: Benchmark) -> Path:
    """`report.html` in the run folder; beside a benchmark that is in none."""
    run = run_folder(benchmark)
    return run / "report.html" if run else benchmark.folder.with_name(f"{benchmark.folder.resolve().name}-report.html")


def save(page: Page, path: Path) -> None:
    """Write the page.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, page.html)
    except OSError as error:
        raise UserError(
            f"{str(path)!r} cannot be written: {error.strerror}; choose another with '--out FILE'"
        ) from error


def run_folder(benchmark: Benchmark) -> Path | None:
    """The run folder a benchmark is in; None where it was copied out of it."""
    parent = benchmark.folder.parent
    return parent if (parent / "requirement.yaml").is_file() else None


def _material(benchmark: Benchmark, runs: Path | None, families: Sequence[Family], seed: int) -> Material:
    found = read_runs(runs or default_folder(benchmark), benchmark.manifest.digest)
    models = any(run.scores and not run.baseline for run in found)
    folder = run_folder(benchmark)
    quality = assessed(benchmark, runs, families, seed) if models else None
    return Material(
        benchmark=benchmark,
        where=str(folder or benchmark.folder),
        design=_read(folder, "design.yaml", Design),
        grounding=_read(folder, "grounding.yaml", Grounding),
        allocation=_read(folder, "allocation.yaml", Allocation),
        rejected=tuple(_rejected(folder)) if folder else (),
        run_folder=folder,
        took=_took(folder, benchmark) if folder else None,
        quality=quality,
        variety=quality.variety if quality else various(benchmark, seed),
        floors=() if models else floors(benchmark, runs),
        runs=found,
    )


def _read(folder: Path | None, name: str, kind: type[R]) -> R | None:
    return read_record(folder / name, kind) if folder and (folder / name).is_file() else None


def _took(folder: Path, benchmark: Benchmark) -> float | None:
    """Seconds between the first and the last file of the build; None where a copy made all at once."""
    seconds = (benchmark.folder / "manifest.json").stat().st_mtime - (folder / "requirement.yaml").stat().st_mtime
    return seconds if seconds >= 1 else None


def _rejected(folder: Path) -> Iterator[Rejected]:
    """The first few rejected rows of each reason. Stops where a build that is at work has not finished a line."""
    verdicts, drafts = folder / "verdicts.jsonl", folder / "drafts.jsonl"
    if not verdicts.is_file() or not drafts.is_file():
        return
    shown: Counter[str] = Counter()
    with verdicts.open(encoding="utf-8") as judged, drafts.open(encoding="utf-8") as drafted:
        for line in judged:
            try:
                verdict = Verdict.model_validate_json(line)
                written = "" if verdict.status in ("failed", "unrun") else next(drafted, "")
                kind = kind_of(verdict.reason)
                if verdict.status not in ("rejected", "failed") or shown[kind] >= EXAMPLES:
                    continue
                draft = Draft.model_validate_json(written) if written else None
            except ValidationError:
                return
            shown[kind] += 1
            missed = next((result.reason for result in verdict.checks if not result.passed), verdict.reason)
            yield Rejected(kind, missed, verdict.subtask_id, draft)
