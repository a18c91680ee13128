"""Open a benchmark folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from benchmark_agent.benchmark.digests import FORMAT
from benchmark_agent.benchmark.types import Benchmark, Manifest
from benchmark_agent.errors import UserError
from benchmark_agent.verification.types import Item


def load(folder: Path) -> Benchmark:
    """The benchmark in `folder`. Reads the manifest only; items are read, and refused, one by one.

    Raises:
        UserError: there is no such folder, no manifest in it, or the manifest cannot be read. Iterating raises it
            for the first line of items.jsonl that is no item.
    """
    if not folder.is_dir():
        raise UserError(f"there is no folder {str(folder)!r}; see your runs with 'ls runs'")
    path = folder / "manifest.json"
    if not path.is_file():
        raise UserError(
            f"{str(folder)!r} is not a benchmark: it holds no 'manifest.json'; give the folder that "
            "'benchmark-agent build' printed, e.g. 'runs/NAME/benchmark'"
        )
    return _Opened(folder, _manifest(path))


@dataclass(frozen=True, slots=True)
class _Opened(Benchmark):
    """A benchmark whose damage is told by line."""

    def __iter__(self) -> Iterator[Item]:
        path = self.folder / "items.jsonl"
        if not path.is_file():
            raise UserError(f"{str(path)!r} is missing; {_repair(self.folder)}")
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield Item.model_validate_json(line)
                except ValidationError as error:
                    told = problem(error)
                    raise UserError(f"line {number} of {str(path)!r} is no item: {told}; {_repair(path)}") from error


def problem(error: ValidationError) -> str:
    """The first thing wrong, in a few words: where, and what."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


def _manifest(path: Path) -> Manifest:
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise UserError(f"{str(path)!r} is broken at line {error.lineno}: {error.msg}; {_repair(path)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{str(path)!r} cannot be read: {error}; {_repair(path)}") from error
    version = stated.get("format") if isinstance(stated, dict) else None
    if version != FORMAT:
        raise UserError(
            f"{str(path)!r} has the format {version!r}, and this version reads {FORMAT!r}; "
            "open it with the version of benchmark-agent that wrote it"
        )
    try:
        return Manifest.model_validate(stated)
    except ValidationError as error:
        raise UserError(f"{str(path)!r} is not a manifest: {problem(error)}; {_repair(path)}") from error


def _repair(path: Path) -> str:
    return f"take {path.name!r} from another copy, or build the benchmark again with '--resume'"
