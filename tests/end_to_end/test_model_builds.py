"""Whole builds with models: what is promised of money, crashes, faults and replays holds, digest for digest."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bench.policy import Policy, ScriptedModel, write_pool
from benchmark_agent import api, plugins
from benchmark_agent.errors import BudgetReached, Unreached, UserError
from benchmark_agent.models import ReadMedia, Reply, Request, Turned
from benchmark_agent.models.journal import Journal, exported
from benchmark_agent.models.limits import Patience
from benchmark_agent.requirement import Roles
from benchmark_agent.studio import Terms
from tests.support import Draws

GOAL = "Can a model keep track of where things are, who carried them, and several moves together?"
NAMES = ("w/writer", "s/solver", "j/judge")
ROLES = Roles(planner="w/writer", writer="w/writer", solvers=("s/solver",), judge="j/judge")
SIZE = 18
PRICED = '"?/*": {family: x, input: 10, output: 1, takes: [text], schemas: true, as_of: "2026-10"}\n'


@dataclass
class Faulty:
    """A model whose provider fails as often as it is told; what it answers in the end is the same."""

    inner: ScriptedModel
    turned: float = 0.0
    cut: float = 0.0
    prose: float = 0.0
    down: Callable[[int], bool] = lambda n: False
    """Whether the call of this number finds nobody there."""
    draw: Draws = field(default_factory=lambda: Draws(5))
    paid: Counter[str] = field(default_factory=Counter)
    """Good replies by request."""
    asked: int = 0

    @property
    def name(self) -> str:
        return self.inner.name

    async def generate(self, request: Request, read: ReadMedia) -> Reply:
        self.asked += 1
        await asyncio.sleep(0)
        if self.down(self.asked):
            raise Turned("connection refused")
        chance = self.draw(request.fingerprint())
        if chance < self.turned:
            raise Turned("too many requests", status=429 if chance < self.turned / 2 else 500, wait=0.0)
        reply = await self.inner.generate(request, read)
        if chance < self.turned + self.cut:
            return reply.model_copy(update={"text": reply.text[: len(reply.text) // 2]})
        if chance < self.turned + self.cut + self.prose:
            return reply.model_copy(update={"text": "Certainly! Here is what you asked for."})
        self.paid[request.fingerprint()] += 1
        return reply


@dataclass
class Bench:
    """A pool, and builds over it."""

    folder: Path
    pool: Path

    def build(self, name: str, *, terms: Terms | None = None, around: type[Faulty] | Callable[..., Faulty] = Faulty,
              resume: bool = False, **wishes: object) -> tuple[api.BuildResult, list[Faulty]]:  # fmt: skip
        registry = plugins.load(third_party=False)
        models = [around(ScriptedModel(each, Policy(wrong=0.1, unclear=0.25))) for each in NAMES]
        for model in models:
            registry.models.add(model, origin="tests")
        given: dict[str, Any] = {"size": SIZE, "roles": ROLES, "pool": [str(self.pool)], **wishes}
        result = api.build(GOAL, out=self.folder / name, registry=registry, terms=terms, resume=resume, **given)
        return result, models


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("models")
    return Bench(folder, write_pool(folder / "pool", rows=40))


@pytest.fixture(scope="module")
def whole(bench: Bench) -> api.BuildResult:
    """The build everything is compared with."""
    return bench.build("whole")[0]


def digest(result: api.BuildResult) -> str:
    assert result.benchmark is not None
    return result.benchmark.manifest.digest


def test_a_build_with_models_is_whole_and_says_who_made_it(whole: api.BuildResult) -> None:
    assert whole.shortfall == 0
    assert whole.benchmark is not None
    assert api.check(whole.benchmark).passed
    manifest = whole.benchmark.manifest
    assert manifest.requirement.roles == ROLES
    assert manifest.models is not None
    assert manifest.models.calls == len(Journal.load(whole.folder))
    assert {prompt.name for prompt in manifest.models.prompts} >= {"design/propose", "tools/write_item"}
    for item in whole.benchmark:
        assert item.gold_basis == "written"
        assert {check.check for check in item.checks} >= {"solved_blind", "judged", "needs_evidence"}
        assert all(check.passed for check in item.checks)


def test_how_many_are_in_flight_changes_nothing(bench: Bench, whole: api.BuildResult) -> None:
    assert digest(bench.build("one", terms=Terms(in_flight=1))[0]) == digest(whole)


def test_a_replay_asks_nobody(bench: Bench, whole: api.BuildResult) -> None:
    bench.build("again")
    result, models = bench.build("again", terms=Terms(replay=True))
    assert (digest(result), sum(model.asked for model in models)) == (digest(whole), 0)


def test_an_exported_journal_builds_the_same_elsewhere(bench: Bench, whole: api.BuildResult) -> None:
    file = bench.folder / "calls.jsonl"
    file.write_text("".join(line + "\n" for line in exported(Journal.load(whole.folder))), encoding="utf-8")
    result, models = bench.build("elsewhere", terms=Terms(replay=True, journal=file))
    assert (digest(result), sum(model.asked for model in models)) == (digest(whole), 0)
    with pytest.raises(UserError, match="the journal holds no reply to the prompt 'grounding/choose'"):
        bench.build("other", terms=Terms(replay=True, journal=file), seed=9)


def test_faults_change_nothing_but_the_number_of_requests(bench: Bench, whole: api.BuildResult) -> None:
    quick = Terms(patience=Patience(first=0.001, longest=0.01))
    result, models = bench.build(
        "faulty", terms=quick, around=lambda inner: Faulty(inner, turned=0.2, cut=0.05, prose=0.05)
    )
    assert digest(result) == digest(whole)
    assert sum(model.asked for model in models) > len(Journal.load(whole.folder))
    assert max(n for model in models for n in model.paid.values()) == 1
    text = (result.folder / "verdicts.jsonl").read_text(encoding="utf-8")
    assert "requests" not in text
    assert '"unrun"' not in text


def test_a_model_that_goes_down_gives_no_verdict_and_the_run_goes_on_later(
    bench: Bench, whole: api.BuildResult
) -> None:
    brief = Terms(patience=Patience(tries=2, first=0.001, longest=0.001))
    asked = len(Journal.load(whole.folder))
    with pytest.raises(Unreached, match="--resume"):
        bench.build("down", terms=brief, around=lambda inner: Faulty(inner, down=lambda n: n > asked // 6))
    result, _ = bench.build("down", resume=True)
    assert digest(result) == digest(whole)
    assert len(Journal.load(result.folder)) == asked


def test_the_budget_is_kept_and_more_money_goes_on(bench: Bench) -> None:
    prices = bench.folder / "prices.yaml"
    prices.write_text(PRICED, encoding="utf-8")
    rich, _ = bench.build("rich", size=40, budget=50.0, terms=Terms(prices=prices))
    total = Journal.load(rich.folder).spent()
    terms = Terms(prices=prices, in_flight=8)
    with pytest.raises(BudgetReached, match="--resume --max-usd"):
        bench.build("poor", size=40, budget=total / 8, terms=terms)
    assert Journal.load(bench.folder / "poor").spent() <= total / 8
    result, _ = bench.build("poor", size=40, budget=total * 0.9, terms=terms, resume=True)
    assert result.benchmark is not None
    assert 0 < result.shortfall < 40
    manifest = result.benchmark.manifest
    assert manifest.models is not None
    assert manifest.models.cost <= total * 0.9
    assert manifest.models.cost_per_item == pytest.approx(manifest.models.cost / manifest.size, abs=1e-6)
    assert any("--max-usd" in each.cause for each in manifest.subtasks)
    in_the_end, _ = bench.build("poor", size=40, budget=50.0, terms=terms, resume=True)
    assert digest(in_the_end) == digest(rich)
    assert Journal.load(in_the_end.folder).spent() == pytest.approx(total)


def test_a_price_that_is_not_known_is_refused_where_money_is_limited(bench: Bench) -> None:
    with pytest.raises(UserError, match=r"models\.yaml"):
        bench.build("unpriced", budget=1.0)


@pytest.mark.parametrize("switch", ["design_review", "dry_run", "adaptation", "verification"])
def test_what_is_turned_off_is_not_asked_and_is_recorded(bench: Bench, whole: api.BuildResult, switch: str) -> None:
    result, _ = bench.build(f"without-{switch}", without=(switch,))
    assert result.benchmark is not None
    assert result.benchmark.manifest.requirement.without == (switch,)
    asked = Counter(call.prompt for call in Journal.load(result.folder))
    usual = Counter(call.prompt for call in Journal.load(whole.folder))
    gone = {
        "design_review": {"design/review"},
        "dry_run": {"grounding/score"},
        "adaptation": {"verification/mend"},
        "verification": {"verification/solve", "verification/judge", "verification/probe", "verification/mend"},
    }[switch]
    assert gone <= usual.keys()
    assert not gone & asked.keys()


def test_a_build_from_the_goal_alone_needs_no_pool_and_goes_through_the_same_verification(bench: Bench) -> None:
    result, _ = bench.build("direct", direct=True, size=6)
    assert result.benchmark is not None
    assert result.shortfall == 0
    assert api.check(result.benchmark).passed
    asked = Counter(call.prompt for call in Journal.load(result.folder))
    assert asked["tools/write_from_goal"] >= 6
    assert not any(name.startswith(("design/", "grounding/")) for name in asked)
    assert "direct baseline" in (result.benchmark.folder / "README.md").read_text(encoding="utf-8")


def test_keys_reach_no_file_of_a_run(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-this-test")
    result, _ = bench.build("secret", size=4)
    for file in result.folder.rglob("*"):
        if file.is_file():
            assert b"sk-secret-of-this-test" not in file.read_bytes(), file.name


def test_a_run_with_models_can_be_planned_read_and_then_built(bench: Bench, whole: api.BuildResult) -> None:
    planned, _ = bench.build("planned", plan_only=True)
    assert planned.benchmark is None
    result, _ = bench.build("planned", resume=True)
    assert digest(result) == digest(whole)


def test_models_are_asked_only_where_they_are_named(bench: Bench) -> None:
    for direct in (True, False):
        with pytest.raises(UserError, match="--model"):
            api.build(GOAL, out=bench.folder / "none", terms=Terms(replay=True), pool=[str(bench.pool)], direct=direct)
