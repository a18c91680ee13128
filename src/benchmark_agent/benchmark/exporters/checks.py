"""Looks that several lints take at what was written."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmark_agent.benchmark.exporters.target import Work


def code_problems(work: Work, *paths: str) -> Iterator[tuple[str, str]]:
    """Python files that do not compile."""
    for path in (*paths, *(str(each.relative_to(work.folder)) for each in sorted(work.folder.glob("scoring/*.py")))):
        text = (work.folder / path).read_text(encoding="utf-8")
        try:
            compile(text, path, "exec")
        except SyntaxError as error:
            yield path, f"line {error.lineno} is no Python: {error.msg}"


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file of JSON lines, as a harness reads them."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            yield row


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads `!function module.name` as the text."""


_Loader.add_constructor("!function", lambda loader, node: f"!function {node.value}")


def read_yaml(path: Path) -> object:
    """A YAML file with function tags."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader


def function_problems(work: Work, path: str, code: str) -> Iterator[tuple[str, str]]:
    """Functions a YAML file names that `code` does not define: the harness says `task not found` for these."""
    defined = (work.folder / code).read_text(encoding="utf-8")
    for value in _leaves(read_yaml(work.folder / path)):
        if isinstance(value, str) and value.startswith("!function "):
            module, _, function = value.removeprefix("!function ").partition(".")
            if f"{module}.py" != code or f"def {function}(" not in defined:
                yield path, f"it names the function {module}.{function}, which {code} does not define"


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value
