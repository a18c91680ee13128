"""Open a benchmark folder."""

import json
from pathlib import Path

from pydantic import ValidationError

from benchmark_agent.benchmark.digests import FORMAT
from benchmark_agent.benchmark.types import Benchmark, Manifest, repair
from benchmark_agent.errors import UserError
from benchmark_agent.store import first_problem


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
    return Benchmark(folder, _manifest(path))


def _manifest(path: Path) -> Manifest:
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise UserError(f"{str(path)!r} is broken at line {error.lineno}: {error.msg}; {repair(path)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{str(path)!r} cannot be read: {error}; {repair(path)}") from error
    version = stated.get("format") if isinstance(stated, dict) else None
    if version != FORMAT:
        raise UserError(
            f"{str(path)!r} has the format {version!r}, and this version reads {FORMAT!r}; "
            "open it with the version of benchmark-agent that wrote it"
        )
    try:
        return Manifest.model_validate(stated)
    except ValidationError as error:
        raise UserError(f"{str(path)!r} is not a manifest: {first_problem(error)}; {repair(path)}") from error
