"""A model that understands nothing, yet keeps to the schema: the build ends, and says honestly what came of it."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from bench.policy import Policy, ScriptedModel, write_pool
from benchmark_agent import api, plugins
from benchmark_agent.content import Text
from benchmark_agent.errors import StageError
from benchmark_agent.models import ReadMedia, Reply, Request
from benchmark_agent.models.journal import Journal
from benchmark_agent.models.schema import portable
from benchmark_agent.requirement import Roles

NAME = "weak/parrot"
GOAL = "Can a model keep track of where things are, who carried them, and several moves together?"


class Parrot:
    """Fills the schema with letters, numbers, and pieces of what it was shown; now and then it does not do that."""

    name = NAME

    def __init__(self, seed: int) -> None:
        self.seed = seed

    async def generate(self, request: Request, read: ReadMedia) -> Reply:
        shown = "\n".join(p.text for m in request.messages for p in m.parts if isinstance(p, Text))
        draw = random.Random(f"{self.seed} {len(request.messages)} {shown}")
        words = [line.strip("-*`# ") for line in shown.splitlines() if line.strip()]
        kind = draw.random()
        if kind < 0.04:
            return Reply(text="")
        if kind < 0.08:
            return Reply(text="I am sorry, but I cannot help with that.", stop="refusal")
        reply = json.dumps(_filled(portable(request.schema_text), words, draw), ensure_ascii=False)
        if kind < 0.14:
            return Reply(text=reply[: len(reply) // 2], stop="length")
        return Reply(text=f"Sure:\n```json\n{reply}\n```" if kind < 0.3 else reply)


def _filled(schema: dict[str, Any], words: list[str], draw: random.Random) -> object:
    """A value the schema allows."""
    if "enum" in schema:
        return draw.choice(schema["enum"])
    if "anyOf" in schema:
        return _filled(draw.choice(schema["anyOf"]), words, draw)
    made: dict[str, Any] = {
        "object": lambda: {key: _filled(each, words, draw) for key, each in schema.get("properties", {}).items()},
        "array": lambda: [_filled(schema["items"], words, draw) for _ in range(draw.randrange(4))],
        "boolean": lambda: draw.random() < 0.7,
        "integer": lambda: draw.randrange(6),
        "number": lambda: round(draw.random(), 2),
        "null": lambda: None,
        "string": lambda: draw.choice([*"ABCD", "", *draw.sample(words, min(8, len(words)))]),
    }
    return made[schema.get("type", "string")]()


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pool(tmp_path_factory.mktemp("weak") / "pool", datasets=1, rows=80)


def built(pool: Path, folder: Path, seed: int, strong: str, **more: object) -> api.BuildResult:
    """A build in which every role but `strong` is played by the parrot."""
    registry = plugins.load(third_party=False)
    registry.models.add(Parrot(seed), origin="tests")
    registry.models.add(ScriptedModel("strong/one", Policy()), origin="tests")
    given: dict[str, Any] = {"pool": [str(pool)], "size": 10, "seed": seed, **more}
    models = {role: "strong/one" if role in strong.split() else NAME for role in ("planner", "writer", "judge")}
    solvers = ("strong/one",) if "solver" in strong.split() else (NAME,)
    return api.build(GOAL, roles=Roles(**models, solvers=solvers), out=folder, registry=registry, **given)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("direct", [False, True])
def test_a_parrot_that_plans_is_told_from_a_planner(pool: Path, tmp_path: Path, seed: int, direct: bool) -> None:
    with pytest.raises(StageError, match=r"--role planner=|--pool PATH|carries it"):
        built(pool, tmp_path / "run", seed, "", direct=direct)
    assert len(Journal.load(tmp_path / "run")) < 200


@pytest.mark.parametrize("strong", ["planner", "planner writer", "planner writer solver", "planner writer judge"])
def test_what_a_parrot_writes_or_judges_is_not_taken_for_good(pool: Path, tmp_path: Path, strong: str) -> None:
    """Without a dry run, which would end it at once."""
    result = built(pool, tmp_path / "run", 1, strong, without=("dry_run",))
    assert result.benchmark is not None
    manifest = result.benchmark.manifest
    assert manifest.size + result.shortfall == 10
    assert "writer" in strong or not manifest.size
    assert result.summary()["status"] == ("short" if manifest.size < 10 else "complete")
    assert all(each.cause for each in manifest.subtasks if each.delivered < each.planned)
    assert sum(count.n for count in manifest.rejected) >= 5
    assert all(check.passed for item in result.benchmark for check in item.checks)
    assert len(Journal.load(tmp_path / "run")) < 1500
