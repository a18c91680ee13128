"""Builds that are killed at random moments and go on: what comes out, and which calls were made twice."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.policy import Policy, ScriptedModel, write_pool
from benchmark_agent import api, plugins
from benchmark_agent.models import ReadMedia, Reply, Request
from benchmark_agent.requirement import Roles
from benchmark_agent.studio import Terms

GOAL = "Can a model keep track of where things are, who carried them, and several moves together?"
ROLES = Roles(planner="w/writer", writer="w/writer", solvers=("s/solver",), judge="j/judge")
LATENCY = 0.05
"""Seconds."""


@dataclass
class Logged:
    """A model that writes down each call when it begins and when it is answered, as a server would."""

    inner: ScriptedModel
    log: Path

    @property
    def name(self) -> str:
        return self.inner.name

    async def generate(self, request: Request, read: ReadMedia) -> Reply:
        self._note("begun", request)
        await asyncio.sleep(LATENCY)
        reply = await self.inner.generate(request, read)
        self._note("answered", request)
        return reply

    def _note(self, what: str, request: Request) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{what} {request.fingerprint()}\n")


def build(folder: Path, pool: Path, size: int, resume: bool) -> str:
    """One build, to its end; the digest of the benchmark."""
    registry = plugins.load(third_party=False)
    for name in ("w/writer", "s/solver", "j/judge"):
        model = ScriptedModel(name, Policy(wrong=0.1, unclear=0.15))
        registry.models.add(Logged(model, folder.parent / f"{folder.name}.log"), origin="bench")
    terms = Terms(in_flight=8)
    result = api.build(
        GOAL, size=size, pool=[str(pool)], roles=ROLES, out=folder, registry=registry, terms=terms, resume=resume
    )
    return result.benchmark.manifest.digest if result.benchmark else ""


@dataclass(frozen=True)
class Killed:
    """What came of a build that was killed again and again."""

    digest: str
    kills: int
    unanswered: int
    """Calls that had begun and were not answered when the build was killed, over all kills."""
    repeated: int
    """Calls begun more than once."""


def killed(folder: Path, pool: Path, size: int, kills: int, seed: int) -> Killed:
    """Kill a build at `kills` random moments, resuming it each time, then let it end."""
    draw, done, log = random.Random(seed), 0, folder.parent / f"{folder.name}.log"
    unanswered = 0
    while done < kills:
        child = _started(folder, pool, size)
        before = _lines(log)
        target = before + draw.randrange(1, 40)
        while child.poll() is None and _lines(log) < target:
            time.sleep(0.002)
        if child.poll() is not None:
            break
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        done += 1
        unanswered += _open(log)
        with log.open("a", encoding="utf-8") as file:
            file.write("killed -\n")
    digest = build(folder, pool, size, (folder / "requirement.yaml").exists())
    begun = Counter(line.split()[1] for line in log.read_text().splitlines() if line.startswith("begun"))
    return Killed(digest, done, unanswered, sum(begun.values()) - len(begun))


def _started(folder: Path, pool: Path, size: int) -> "subprocess.Popen[bytes]":
    resume = (folder / "requirement.yaml").exists()
    command = [sys.executable, "-m", "bench.kills", str(folder), str(pool), str(size), str(int(resume))]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _lines(log: Path) -> int:
    return log.read_bytes().count(b"\n") if log.exists() else 0


def _open(log: Path) -> int:
    """Calls of the latest life that have begun and were not answered."""
    life = log.read_text().split("killed -\n")[-1].splitlines() if log.exists() else []
    counts = Counter(line.split()[1] for line in life if line.startswith("begun"))
    counts.subtract(line.split()[1] for line in life if line.startswith("answered"))
    return sum(counts.values())


def thirty(folder: Path) -> tuple[Killed, str]:
    """A build of 60 items killed thirty times, and the digest it should have."""
    pool = write_pool(folder / "pool")
    return killed(folder / "killed", pool, 60, 30, 1), build(folder / "whole", pool, 60, False)


if __name__ == "__main__":
    at, drawn_from, wanted, again = sys.argv[1:]
    build(Path(at), Path(drawn_from), int(wanted), bool(int(again)))
