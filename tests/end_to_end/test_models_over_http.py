"""Builds with models as users type them: over HTTP, through the provider, with everything that can be typed wrongly."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.endpoint import NAME, answered, served
from bench.policy import Policy, write_pool
from benchmark_agent import api
from benchmark_agent.errors import Unreached
from benchmark_agent.models.journal import Journal
from benchmark_agent.models.limits import Patience
from benchmark_agent.requirement import Roles
from benchmark_agent.studio import Terms
from tests.models.loopback import Loopback, Said
from tests.support import Command, Draws

pytest.importorskip("inspect_ai", reason="needs the extra 'models'")

GOAL = "Can a model keep track of where things are, who carried them, and several moves together?"
ROLES = Roles(planner=NAME, writer=NAME, solvers=(NAME,), judge=NAME, viewer=NAME)
POLICY = Policy(wrong=0.1, unclear=0.1)
SIZE = 40
PRICED = '"openai-api/*": {family: x, input: 10, output: 1, takes: [text], schemas: true, as_of: "2026-10"}\n'
A_CALL = (100 * 10 + 20 * 1) / 1e6
"""US dollars: the loopback endpoint counts 100 tokens in and 20 out."""
QUICK = Terms(patience=Patience(first=0.01, longest=0.05))


def steady(request: dict[str, Any], number: int) -> str:
    return answered(POLICY, request)


class Careless:
    """An endpoint that fails in every way at once, and pays attention to what it answered well."""

    def __init__(self, seed: int) -> None:
        self.draw = Draws(seed)
        self.done: Counter[str] = Counter()
        self.well: Counter[str] = Counter()
        """Good replies by request."""

    def __call__(self, request: dict[str, Any], number: int) -> Said | str:
        reply = steady(request, number)
        fault = self.draw(str(request["messages"]))
        bounds = {"500": 0.1, "429": 0.2, "reset": 0.22, "truncated": 0.27, "prose": 0.32}
        kind = next((name for name, bound in bounds.items() if fault < bound), "well")
        self.done[kind] += 1
        if kind in ("500", "429"):
            return Said(status=int(kind), headers={"Retry-After": "0"} if kind == "429" else {})
        if kind == "reset":
            return Said(reset=True)
        if kind == "truncated":
            return Said(reply[: len(reply) // 2], finish="length")
        if kind == "prose":
            return "Certainly! Here is what you asked for."
        self.well[str(request["messages"])] += 1
        return reply


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pool(tmp_path_factory.mktemp("http") / "pool", rows=40)


def build(pool: Path, folder: Path, terms: Terms = QUICK, **more: Any) -> api.BuildResult:
    return api.build(GOAL, size=SIZE, pool=[str(pool)], roles=ROLES, out=folder, terms=terms, **more)


def digest(result: api.BuildResult) -> str:
    assert result.benchmark is not None
    return result.benchmark.manifest.digest


@pytest.fixture(scope="module")
def whole(pool: Path, tmp_path_factory: pytest.TempPathFactory) -> api.BuildResult:
    """The build everything is compared with."""
    with Loopback(steady) as server, served(server.url):
        return build(pool, tmp_path_factory.mktemp("whole") / "run")


def test_faults_of_every_kind_change_nothing_but_the_number_of_requests(
    pool: Path, whole: api.BuildResult, tmp_path: Path
) -> None:
    careless = Careless(3)
    with Loopback(careless) as server, served(server.url):
        result = build(pool, tmp_path / "run")
    assert min(careless.done[kind] for kind in ("500", "429", "reset", "truncated", "prose")) > 0, careless.done
    assert digest(result) == digest(whole)
    assert max(careless.well.values()) == 1, "no call is paid twice"
    text = (result.folder / "verdicts.jsonl").read_text(encoding="utf-8")
    assert '"unrun"' not in text
    assert not any(word in text for word in ("500", "429", "Unreached", "connection"))


def test_the_command_line_builds_stops_at_the_money_and_goes_on(
    command: Command, pool: Path, whole: api.BuildResult, tmp_path: Path
) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text(PRICED, encoding="utf-8")
    given = ["build", GOAL, "--size", SIZE, "--pool", pool, "--model", NAME, "--out", tmp_path / "run"]
    given += ["--prices", prices, "--in-flight", 8, "--json"]
    with Loopback(steady) as server, served(server.url):
        total = len(Journal.load(whole.folder)) * A_CALL
        stopped = command(*given, "--max-usd", 0.85 * total)
        assert stopped.status == 3, stopped.err
        assert stopped.json["status"] == "short"
        assert re.search(r"models: \$0\.\d+ for \d+ calls, \$0\.0\d+ an item", stopped.err)
        assert "--resume --max-usd" in stopped.err
        assert stopped.json["size"] < SIZE
        assert 0.6 * total < Journal.load(tmp_path / "run").spent() <= 0.85 * total
        ended = command(*given, "--max-usd", "50", "--resume")
        assert ended.status == 0, ended.err
        asked = len(server.requests)
    assert ended.json["digest"] == digest(whole)
    assert asked == len(Journal.load(tmp_path / "run")), "nothing was asked twice"
    assert command("check", tmp_path / "run").status == 0
    again = command(*given, "--replay")
    assert (again.status, again.json["digest"]) == (0, digest(whole)), "without a server and a key"
    exported = command("journal", "export", tmp_path / "run")
    file = tmp_path / "calls.jsonl"
    file.write_text(exported.out, encoding="utf-8")
    given[given.index("--out") + 1] = tmp_path / "elsewhere"
    elsewhere = command(*given, "--replay", "--journal", file)
    assert (elsewhere.status, elsewhere.json["digest"]) == (0, digest(whole))
    file.write_text("".join(exported.out.splitlines(keepends=True)[:-1]), encoding="utf-8")
    given[given.index("--out") + 1] = tmp_path / "torn"
    torn = command(*given, "--replay", "--journal", file)
    assert torn.status == 2
    assert "the journal holds no reply to the prompt" in torn.err
    assert "leave out '--replay'" in torn.err


def test_a_run_goes_on_with_the_roles_it_began_with(
    command: Command, pool: Path, whole: api.BuildResult, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    with Loopback(steady) as server, served(server.url):
        build(pool, run, plan_only=True)
        ended = command("build", run / "requirement.yaml", "--out", run, "--resume", "--json")
    assert ended.status == 0, ended.err
    assert ended.json["digest"] == digest(whole)


def test_a_server_that_goes_away_ends_the_run_which_can_go_on(
    pool: Path, whole: api.BuildResult, command: Command, tmp_path: Path
) -> None:
    calls = len(Journal.load(whole.folder))

    def leaves(request: dict[str, Any], number: int) -> Said | str:
        return steady(request, number) if number <= 3 * calls // 4 else Said(reset=True)

    given = ["build", GOAL, "--size", SIZE, "--pool", pool, "--model", NAME, "--out", tmp_path / "run", "--json"]
    impatient = Terms(patience=Patience(tries=2, first=0.01), in_flight=8)
    with Loopback(leaves) as server, served(server.url), pytest.raises(Unreached) as down:
        build(pool, tmp_path / "run", impatient)
    assert "could not be reached" in str(down.value)
    assert "--resume" in str(down.value)
    verdicts = (tmp_path / "run" / "verdicts.jsonl").read_text(encoding="utf-8")
    assert all('"unrun"' in line for line in verdicts.splitlines()[-5:])
    assert "rejected" not in "".join(line for line in verdicts.splitlines() if '"unrun"' in line)
    with Loopback(steady) as server, served(server.url):
        ended = command(*given, "--resume")
    assert ended.status == 0, ended.err
    assert ended.json["digest"] == digest(whole)


@contextmanager
def running(pool: Path, folder: Path, url: str) -> Iterator["subprocess.Popen[str]"]:
    environment = {**os.environ, "LOCAL_BASE_URL": url, "LOCAL_API_KEY": "none"}
    command = [sys.executable, "-m", "benchmark_agent", "build", GOAL, "--size", str(SIZE), "--pool", str(pool)]
    command += ["--model", NAME, "--out", str(folder), "--in-flight", "8"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as child:
        yield child


def test_ctrl_c_ends_the_run_at_once_and_it_goes_on_later(pool: Path, whole: api.BuildResult, tmp_path: Path) -> None:
    calls, enough = len(Journal.load(whole.folder)), threading.Event()

    def slow(request: dict[str, Any], number: int) -> Said:
        if number > calls // 2:
            enough.set()
            return Said("", wait=600)
        return Said(steady(request, number))

    with Loopback(slow) as server, running(pool, tmp_path / "run", server.url) as child:
        assert enough.wait(60)
        child.send_signal(signal.SIGINT)
        begun = time.monotonic()
        said = child.communicate(timeout=30)[1]
        assert time.monotonic() - begun < 5
    assert child.returncode == 130
    assert "--resume" in said
    assert "Traceback" not in said
    with Loopback(steady) as server, served(server.url):
        result = build(pool, tmp_path / "run", resume=True)
        assert 0 <= len(server.requests) - (calls - calls // 2) <= 8, "those on their way at Ctrl-C, and no others"
    assert digest(result) == digest(whole)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--model", NAME, "--role", "juge=a/b"], "there is no role 'juge'; there are 'planner', 'writer'"),
        (["--model", NAME, "--role", "juge=a/b"], "Did you mean 'judge'?"),
        (["--role", "judge=a/b"], "no model plays 'planner', 'writer', 'solver'; type '--model MODEL'"),
        (["--model", NAME, "--role", "judge"], "write '--role judge=provider/model'"),
        (["--model", NAME, "--role", f"solver={NAME},{NAME}"], "it would agree with itself"),
        (["--model", "opneai/gpt-5"], "there is no provider 'opneai'"),
        (["--model", "openai-api/nowhere/model"], "'export NOWHERE_"),
        (["--model", "openai/unheard-of", "--max-usd", "5"], '"openai/unheard-of": {input: 1.00'),
        (["--direct"], "'--model NAME'"),
        (["--replay"], "'--model NAME'"),
        (["--model", NAME, "--replay"], "there is no journal"),
        (["--model", NAME, "--replay", "--journal", "nowhere.jsonl"], "there is no journal at 'nowhere.jsonl'"),
        (["--model", NAME, "--without", "verifcation"], "verification"),
        (["--model", NAME, "--prices", "nowhere.yaml"], "nowhere.yaml"),
        (["--roles", "nowhere.yaml"], "there is no file 'nowhere.yaml'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_typed_wrongly_is_said_with_what_to_type(
    command: Command, pool: Path, tmp_path: Path, options: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LOCAL_API_KEY", "none")
    told = command("build", GOAL, "--size", 4, "--pool", pool, "--out", tmp_path / "run", *options)
    assert told.status == 2, told.err
    assert said in told.err
    assert "Traceback" not in told.err
