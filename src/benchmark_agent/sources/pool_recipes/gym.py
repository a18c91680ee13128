"""Tasks of reasoning-gym as a pool on disk: the same rows as `gym:all`, without the package to read them."""

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from benchmark_agent.errors import UserError
from benchmark_agent.sources.pool_recipes.output import About, Column, Output
from benchmark_agent.sources.pool_recipes.types import Material, Package
from benchmark_agent.sources.readers.gym import ReasoningGym

_COLUMNS = (
    Column("question", "question", "phrase"), Column("answer", "answer", "phrase"), Column("id", "id", "phrase")
)  # fmt: skip


class Gym:
    name = "reasoning-gym"
    gives = "about ninety procedural tasks of reasoning with computed answers"
    licence = "Apache-2.0"
    packages: tuple[Package, ...] = ()

    def missing(self) -> str:
        return "" if find_spec("reasoning_gym") else "pip install 'benchmark-agent[gym]'"

    def write(self, materials: Mapping[str, Material], out: Output) -> None:
        reader = ReasoningGym()
        for found in reader.find(Path("gym:all")):
            try:
                rows = reader.open(Path("gym:all"), found.location)
            except UserError:
                continue  # left out by the reader, which says why where it is asked for alone
            out.source = str(found.hints["source"])
            topics = tuple(str(topic) for topic in found.hints["topics"])
            about = About(found.name, str(found.hints["description"]), topics, _COLUMNS)
            out.dataset(f"gym-{found.location}", (json.loads(json.dumps(row.values)) for row in rows), about)


GYM = Gym()
