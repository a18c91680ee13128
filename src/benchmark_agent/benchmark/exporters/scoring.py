"""Our scorers as a folder that needs nothing but Python: exports in Python score with it, hence as we do."""

import ast
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from types import ModuleType

from benchmark_agent.benchmark.exporters.texts import render
from benchmark_agent.errors import StageError
from benchmark_agent.record import digest_of

ROOT = "benchmark_agent"
SCORERS = f"{ROOT}.evaluation.scorers"
REPLACED = (f"{ROOT}.answers", f"{ROOT}.content")
"""Modules of records: plain classes stand for them, so that no harness needs pydantic."""
_IMPORT = re.compile(rf"^(\s*)from ({ROOT}[\w.]*) import ", re.MULTILINE)
Judge = Callable[[dict[str, object], str], object]


def write_scoring(folder: Path, digest: str) -> None:
    """Write the package `scoring` under `folder`.

    Raises:
        StageError: a scorer needs more than the standard library.
    """
    target = folder / "scoring"
    target.mkdir(parents=True)
    for name, text in bundle().items():
        (target / f"{name}.py").write_text(text, encoding="utf-8", newline="\n")
    for name in ("__init__", "answers", "content"):
        text = render(f"scoring/{name}.py.jinja", digest=digest)
        (target / f"{name}.py").write_text(text, encoding="utf-8", newline="\n")


@cache
def bundle() -> dict[str, str]:
    """Source by module name of the scorers and what they import, imports made relative to one flat folder."""
    texts: dict[str, str] = {}
    waiting = [SCORERS]
    while waiting:
        module = waiting.pop()
        name = module.rpartition(".")[2]
        if module in REPLACED or name in texts:
            continue
        text = _source(module)
        for needed in _needs(text):
            if needed.partition(".")[0] == ROOT:
                waiting.append(needed)
            elif needed.partition(".")[0] not in sys.stdlib_module_names:
                raise StageError(f"the scorers cannot be exported: {module!r} needs {needed!r}, which harnesses lack")
        texts[name] = _IMPORT.sub(lambda found: f"{found[1]}from .{found[2].rpartition('.')[2]} import ", text)
    return dict(sorted(texts.items()))


@cache
def scorer_names() -> frozenset[str]:
    """Names of the scorers an export carries."""
    found = re.findall(r'^    name = "(\w+)"$', "\n".join(bundle().values()), re.MULTILINE)
    return frozenset(found)


def load_judge(folder: Path) -> Judge:
    """`judge(row, reply)` of the package written under `folder`, as a harness loads it."""
    place = folder / "scoring" / "__init__.py"
    name = f"benchmark_scoring_{digest_of(str(place))}"
    spec = importlib.util.spec_from_file_location(name, place, submodule_search_locations=[str(place.parent)])
    if spec is None or spec.loader is None:
        raise StageError(f"{str(place)!r} cannot be loaded; export again")
    before = set(sys.modules)
    module: ModuleType = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        for added in set(sys.modules) - before:
            if added.startswith(name):
                del sys.modules[added]
    judge: Judge = module.judge
    return judge


def _source(module: str) -> str:
    place = resources.files(ROOT).joinpath(*module.split(".")[1:])
    file = place / "__init__.py" if place.is_dir() else place.parent / f"{place.name}.py"  # type: ignore[attr-defined]
    text: str = file.read_text(encoding="utf-8")
    return text


def _needs(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
