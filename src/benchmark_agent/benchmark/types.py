"""What benchmark hands on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from benchmark_agent.errors import UserError
from benchmark_agent.record import Record
from benchmark_agent.requirement import Requirement
from benchmark_agent.store import first_problem
from benchmark_agent.verification.types import Item


class Version(Record):
    name: str
    version: str


class SubtaskCount(Record):
    subtask_id: str
    name: str
    target_signal: str
    planned: int
    delivered: int
    cause: str = ""
    """Why delivered < planned."""


class DatasetUse(Record):
    dataset_id: str
    name: str
    items: int
    licence: str
    digest: str
    source: str = ""


class Count(Record):
    name: str
    n: int


class ModelUse(Record):
    """What models did for a benchmark, over all sessions of the run."""

    calls: int
    """Replies paid for."""
    failed: int
    """Calls that got no reply and were repeated."""
    input_tokens: int
    output_tokens: int
    cost: float
    """US dollars."""
    cost_per_item: float | None
    """US dollars an accepted item; None where there is none."""
    prompts: tuple[Version, ...]
    """Prompts that were asked."""


class FileDigest(Record):
    path: str
    """Relative to the benchmark folder, with forward slashes."""
    sha256: str


class Manifest(Record):
    format: str = "benchmark-agent/1"
    name: str
    requirement: Requirement
    size: int
    """Items in the benchmark."""
    shortfall: int
    """Items asked for and not delivered."""
    subtasks: tuple[SubtaskCount, ...]
    not_covered: tuple[str, ...] = ()
    datasets: tuple[DatasetUse, ...]
    rejected: tuple[Count, ...] = ()
    """Rejections by reason."""
    baselines: tuple[tuple[str, float, float], ...] = ()
    """Name, accuracy and chance of baselines that see no evidence, 0-1: `choices_only`, `longest_option`."""
    tools: tuple[Version, ...]
    packages: tuple[Version, ...]
    models: ModelUse | None = None
    """None where no model was asked."""
    files: tuple[FileDigest, ...]
    """Every other file of the folder but README.md."""
    digest: str
    """Digest of the items and media; the same for the same requirement, pool and versions."""


def repair(path: Path) -> str:
    """What to do about a damaged file of a benchmark."""
    return f"take {path.name!r} from another copy, or build the benchmark again with '--resume'"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark folder. Items are read when asked for, never all held."""

    folder: Path
    manifest: Manifest

    def __iter__(self) -> Iterator[Item]:
        """Raises UserError, naming the line, where items.jsonl is damaged."""
        path = self.folder / "items.jsonl"
        if not path.is_file():
            raise UserError(f"{str(path)!r} is missing; {repair(self.folder)}")
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield Item.model_validate_json(line)
                except ValidationError as error:
                    told = first_problem(error)
                    raise UserError(f"line {number} of {str(path)!r} is no item: {told}; {repair(path)}") from error

    def __len__(self) -> int:
        return self.manifest.size


class Exporter(Protocol):
    @property
    def name(self) -> str: ...

    def write(self, benchmark: Benchmark, folder: Path) -> Path:
        """Write the benchmark in another format under `folder`; the path of what was written."""
        ...
