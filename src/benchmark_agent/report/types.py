"""What a report is made of."""

from dataclasses import dataclass
from pathlib import Path

from benchmark_agent.allocation.types import Allocation
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.design.types import Design
from benchmark_agent.evaluation.types import Run
from benchmark_agent.grounding.types import Grounding
from benchmark_agent.quality.types import QualityReport, Standing, Variety
from benchmark_agent.realization.types import Draft


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row of which no item was made."""

    kind: str
    """As the manifest counts it."""
    reason: str
    """In words."""
    subtask: str
    draft: Draft | None
    """None where not even a draft was made."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a page is drawn from. What is None or empty is said to be missing."""

    benchmark: Benchmark
    where: str
    """The benchmark as the user named it, for commands to type."""
    design: Design | None = None
    """None, like the next four, without the run folder."""
    grounding: Grounding | None = None
    allocation: Allocation | None = None
    rejected: tuple[Rejected, ...] = ()
    """A few of each reason."""
    run_folder: Path | None = None
    """Where media of rejected drafts lie."""
    took: float | None = None
    """Seconds from the first file of the build to the last, pauses included."""
    quality: QualityReport | None = None
    """None where no model was run."""
    variety: Variety | None = None
    """None on the leaderboard alone."""
    floors: tuple[Standing, ...] = ()
    """Baselines, where no model was run to stand beside."""
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page."""

    html: str
    left_out: int
    """Pictures and sounds that were left out to keep it small."""
