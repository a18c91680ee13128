"""The whole way to a model and back over HTTP: threads, journal, budget, faults."""

import json
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from benchmark_agent.errors import ModelError, Unreached
from benchmark_agent.models.asking import Asker
from benchmark_agent.models.budget import Budget
from benchmark_agent.models.journal import Journal
from benchmark_agent.models.limits import Patience
from benchmark_agent.prompts import Prompt
from benchmark_agent.record import Record
from benchmark_agent.requirement import Roles
from benchmark_agent.turns import Turns
from tests.models.loopback import Loopback, Said
from tests.support import Draws

pytest.importorskip("inspect_ai", reason="needs the extra 'models'")

SERVER = Path(__file__).parents[3] / "shared" / "tools" / "model_server.py"
NAME = "openai-api/local/tiny"
ROLES = Roles(planner=NAME, writer=NAME, solvers=(NAME,), judge=NAME)


class Verdict(Record):
    reasons: tuple[str, ...]
    verdict: Literal["yes", "no"]


PROMPT = Prompt("judging/judge", "Judge.", frozenset({"question"}), "Verdict", 100, "Judge: {{ question }}", "0")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_API_KEY", "never-to-be-seen")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "calls.sqlite")
    yield made
    made.close()


@contextmanager
def asking(journal: Journal, turns: Turns | None = None, **options: Any) -> Iterator[Asker]:
    options.setdefault("patience", Patience(first=0.05, longest=0.5))
    with Asker(ROLES, journal, Budget(None), lambda part: b"", turns=turns, **options) as ask:
        yield ask


def asked(ask: Asker, turns: Turns, n: int) -> list[Verdict | str]:
    """What came of n questions asked side by side; a reply that cannot be used by the name of its error."""

    def one(k: int) -> Verdict | str:
        try:
            return ask("judge", PROMPT, Verdict, question=f"number {k}")
        except ModelError as error:
            return str(error)

    return list(turns.map(one, range(n)))


def steady(request: dict[str, Any]) -> str:
    """The same verdict for the same question, whoever asks and whenever."""
    question = request["messages"][0]["content"]
    return json.dumps({"reasons": [question], "verdict": random.Random(question).choice(["yes", "no"])})


def test_faults_change_nothing_but_the_number_of_requests(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth each of 500 and 429, a twentieth each cut off and prose, some dropped: the same verdicts as without."""
    draw = Draws(5)
    faults = Counter[str]()

    def faulty(request: dict[str, Any], n: int) -> Said | str:
        for name, share, said in (
            ("500", 0.10, Said(status=500)),
            ("429", 0.10, Said(status=429, headers={"Retry-After": "0"})),
            ("cut off", 0.05, Said(steady(request)[:20])),
            ("no JSON", 0.05, Said("Certainly! Here is what you asked for.")),
            ("no response", 0.02, Said(reset=True)),
        ):
            if draw(f"{name} {request['messages']}") < share:
                faults[name] += 1
                return said
        return steady(request)

    turns = Turns(32)
    with Loopback(faulty) as server:
        monkeypatch.setenv("LOCAL_BASE_URL", server.url)
        with asking(journal, turns) as ask:
            found = asked(ask, turns, 200)
            counts = ask.counts
    expected = [
        Verdict.model_validate_json(steady({"messages": [{"content": f"Judge: number {k}"}]})) for k in range(200)
    ]
    assert found == expected
    assert dict(counts.failures) == {name: n for name, n in faults.items() if name in ("500", "429", "no response")}
    assert dict(counts.reasks) == {name: n for name, n in faults.items() if name in ("cut off", "no JSON")}
    assert len(server.requests) == 200 + faults.total(), (
        "each failed request cost one more, and nothing was asked twice"
    )
    assert sum(n for _, n in counts.calls) == len(journal) == 200 + sum(n for _, n in counts.reasks)
    with asking(journal, turns, replay=True) as ask:
        assert asked(ask, turns, 200) == expected
    assert len(server.requests) == 200 + faults.total()


def test_a_server_that_never_answers_is_unreached(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(lambda request, n: Said("late", wait=30)) as server:
        monkeypatch.setenv("LOCAL_BASE_URL", server.url)
        patience = Patience(tries=2, first=0.01)
        with asking(journal, patience=patience, timeout=0.3) as ask, pytest.raises(Unreached, match="2 times"):
            ask("judge", PROMPT, Verdict, question="q")
    assert len(journal) == 0


def test_no_key_reaches_the_journal(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaking(request: dict[str, Any], n: int) -> Said:
        return Said(status=500, error={"message": "bad key never-to-be-seen in header"})

    with Loopback(leaking) as server:
        monkeypatch.setenv("LOCAL_BASE_URL", server.url)
        with (
            asking(journal, patience=Patience(tries=2, first=0.01)) as ask,
            pytest.raises(Unreached, match=r"bad key \.\.\. in header") as caught,
        ):
            ask("judge", PROMPT, Verdict, question="q")
    assert "never-to-be-seen" not in str(caught.value)
    for file in journal.path.parent.iterdir():
        assert b"never-to-be-seen" not in file.read_bytes()


def test_a_crowd_never_exceeds_its_limit(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(64)
    with Loopback(lambda request, n: Said(steady(request), wait=0.02)) as server:
        monkeypatch.setenv("LOCAL_BASE_URL", server.url)
        with asking(journal, turns, most=10) as ask:
            asked(ask, turns, 120)
    assert server.most_in_flight == 10


# -- against the shared server -----------------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Starts the shared model server with options; gives its log."""
    if not SERVER.is_file():
        pytest.skip(f"needs the shared model server at {SERVER}")
    running: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> Path:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = tmp_path / "log.jsonl"
        command = [sys.executable, str(SERVER), "--auto", "--port", str(port), "--log", str(log), *options]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        out = running[-1].stdout
        assert out is not None
        assert out.readline().startswith(b"listening")
        monkeypatch.setenv("LOCAL_BASE_URL", f"http://127.0.0.1:{port}/v1")
        return log

    yield start
    for each in running:
        each.kill()
        each.communicate()


def test_the_shared_server_with_all_its_faults(served: Callable[..., Path], journal: Journal) -> None:
    log = served(
        *("--http-500", "0.1", "--http-429", "0.1", "--truncate", "0.05", "--garbage", "0.05", "--reset", "0.02"),
        *("--latency", "0.01"),
    )
    turns = Turns(16)
    with asking(journal, turns, most=16) as ask:
        found = asked(ask, turns, 60)
        counts = ask.counts
    assert all(isinstance(each, Verdict) for each in found)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    logged = Counter(str(line["status"]) for line in lines)
    failures = dict(counts.failures)
    assert failures.get("500", 0) == logged["http_500"]
    assert failures.get("429", 0) == logged["http_429"]
    assert len(journal) == logged["200"] + logged["truncate"] + logged["garbage"]
    assert all(line["kind"] == "Verdict" for line in lines)


def test_waiting_is_shared(served: Callable[..., Path], journal: Journal) -> None:
    """One after the other takes 20 s; 64 at once a third of a second, and what the machine needs."""
    served("--latency", "0.1")
    turns = Turns(64)
    with asking(journal, turns) as ask:
        asked(ask, turns, 1)
        began = time.monotonic()
        asked(ask, turns, 201)
        seconds = time.monotonic() - began
    assert seconds < 6
