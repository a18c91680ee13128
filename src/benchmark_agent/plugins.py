"""The seams. A plugin is one function `register(registry)`; built-ins use the same door."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module, metadata
from typing import Generic, Protocol, TypeVar

from benchmark_agent.answers import Scorer
from benchmark_agent.benchmark.types import Exporter
from benchmark_agent.errors import UserError
from benchmark_agent.models import Model
from benchmark_agent.sources import Reader
from benchmark_agent.tools import Tool
from benchmark_agent.verification.types import Check

GROUP = "benchmark_agent"
BUILTINS = ("benchmark_agent.builtins",)


class Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


class Shelf(Generic[T]):
    """Named things of one kind; a second of the same name is an error."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._things: dict[str, T] = {}
        self.origin: dict[str, str] = {}

    def add(self, thing: T, *, origin: str = "") -> None:
        """Raises UserError when the name is taken."""
        if thing.name in self._things:
            raise UserError(
                f"two plugins register the {self.kind} {thing.name!r}: {self.origin[thing.name]} and {origin}; "
                "uninstall one of them"
            )
        self._things[thing.name] = thing
        self.origin[thing.name] = origin

    def __getitem__(self, name: str) -> T:
        if name not in self._things:
            close = get_close_matches(name, self._things, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise UserError(f"no {self.kind} is called {name!r}; there are {sorted(self._things)}.{hint}")
        return self._things[name]

    def __contains__(self, name: str) -> bool:
        return name in self._things

    def __iter__(self) -> Iterator[T]:
        return iter(self._things.values())

    def __len__(self) -> int:
        return len(self._things)


@dataclass
class Registry:
    models: Shelf[Model] = field(default_factory=lambda: Shelf("model"))
    readers: Shelf[Reader] = field(default_factory=lambda: Shelf("source"))
    tools: Shelf[Tool] = field(default_factory=lambda: Shelf("tool"))
    checks: Shelf[Check] = field(default_factory=lambda: Shelf("check"))
    scorers: Shelf[Scorer] = field(default_factory=lambda: Shelf("scorer"))
    exporters: Shelf[Exporter] = field(default_factory=lambda: Shelf("exporter"))


def load(*, third_party: bool = True) -> Registry:
    """A registry with the built-in parts and, unless told otherwise, those of installed plugins."""
    registry = Registry()
    for module in BUILTINS:
        import_module(module).register(registry)
    if third_party:
        for entry in sorted(metadata.entry_points(group=GROUP), key=lambda e: e.name):
            entry.load()(registry)
    return registry
