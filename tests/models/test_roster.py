"""Who plays which role, and who is related to whom."""

from pathlib import Path

import pytest

from benchmark_agent.errors import UserError
from benchmark_agent.models import roster
from benchmark_agent.models.prices import Prices, Row
from benchmark_agent.requirement import Roles

NOTHING = Prices([])


def test_one_model_plays_all() -> None:
    assert roster.read("a/x") == Roles(planner="a/x", writer="a/x", solvers=("a/x",), judge="a/x", viewer="a/x")


def test_roles_are_stronger_than_the_one_for_all_and_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / "roles.yaml"
    file.write_text("model: f/all\nsolver: [f/s1, f/s2]\njudge: f/j\n")
    assert roster.read(None, (), file) == Roles(
        planner="f/all", writer="f/all", solvers=("f/s1", "f/s2"), judge="f/j", viewer="f/all"
    )
    roles = roster.read("c/all", ("judge=c/j", "solver = c/1, c/2,c/3"), file)
    assert roles == Roles(planner="c/all", writer="c/all", solvers=("c/1", "c/2", "c/3"), judge="c/j", viewer="c/all")
    assert roster.everyone(roles) == ("c/all", "c/1", "c/2", "c/3", "c/j")


def test_a_viewer_may_be_missing() -> None:
    roles = roster.read(None, ("planner=a/p", "writer=a/w", "solvers=a/s", "judge=a/j"))
    assert roles is not None
    assert roles.viewer == ""
    assert roster.models_of(roles, "viewer") == ()


def test_nothing_asked_for_is_no_model() -> None:
    assert roster.read() is None


@pytest.mark.parametrize(
    ("model", "given", "message"),
    [
        (None, ["judge=a/j"], r"no model plays 'planner', 'writer', 'solver'; type '--model MODEL'"),
        ("a/x", ["jugde=a/j"], r"no role 'jugde'.*Did you mean 'judge'\?"),
        ("a/x", ["judge"], r"'--role judge' says no model"),
        ("a/x", ["judge="], r"says no model"),
        ("a/x", ["judge=a", "judge=b"], r"'judge' is given twice"),
        ("a/x", ["judge=a,b"], r"'judge' is for one model; 'a', 'b' are given"),
        ("a/x", ["solver=a,b,a"], r"'a' is given twice as 'solver'; it would agree with itself"),
    ],
)
def test_says_what_is_wrong(model: str | None, given: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        roster.read(model, given)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, r"there is no file"),
        ("[1, 2]", r"should say which model plays which role"),
        ("a: [", r"cannot be read as YAML"),
        ("writr: a/x", r"no role 'writr'.*Did you mean 'writer'\?"),
        ("planner:\n", r"says no model for 'planner'"),
        ("solver: []", r"says no model for 'solver'"),
    ],
)
def test_says_what_is_wrong_with_a_file(text: str | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "roles.yaml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UserError, match=message):
        roster.read("a/x", (), file)


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("openai/gpt-5.1", "gpt"),
        ("openai/o3-mini-2025-01-31", "gpt"),
        ("openai/chatgpt-4o-latest", "gpt"),
        ("openai/ft:gpt-4o:acme::abc123", "gpt"),
        ("anthropic/claude-sonnet-4-5-20250929", "claude"),
        ("openrouter/anthropic/claude-3.5-haiku", "claude"),
        ("bedrock/eu.anthropic.claude-opus-4", "claude"),
        ("openai-api/local/Qwen2.5-7B-Instruct-Q4_K_M", "qwen"),
        ("ollama/llama3.1:70b", "llama"),
        ("together/meta-llama/Llama-3.3-70B-Instruct-Turbo", "llama"),
        ("mistral/ministral-8b-latest", "mistral"),
        ("hf/NousResearch/Hermes-3-Llama-3.1-8B", "llama"),
        ("openai-api/local/our-tuned-7b", "our-tuned"),
        ("openai-api/local/our-tuned-13b-2025-10-01", "our-tuned"),
        ("openai-api/local/7b", "7b"),
    ],
)
def test_a_family_is_neither_provider_nor_size_nor_date(model: str, family: str) -> None:
    assert roster.family(model, NOTHING) == family


def test_the_price_file_knows_better() -> None:
    rows = Prices([Row(pattern="*our-tuned*", family="qwen")])
    assert roster.family("openai-api/local/our-tuned-7b", rows) == "qwen"


def test_warns_where_proof_would_be_weak() -> None:
    one = roster.read("openai/gpt-5.1")
    assert one is not None
    first, second = roster.warnings(one)
    assert "writer and every solver are of the family 'gpt'" in first
    assert "'--role judge=MODEL'" in second
    mixed = roster.read("openai/gpt-5.1", ["solver=openai/gpt-5-mini,ollama/qwen3", "judge=anthropic/claude-opus-4"])
    assert mixed is not None
    assert roster.warnings(mixed) == ()
    rows = Prices([Row(pattern="openai/*", family="house"), Row(pattern="ollama/*", family="house")])
    assert len(roster.warnings(mixed, rows)) == 1


def test_warns_of_voters_who_cannot_see_what_items_show() -> None:
    rows = Prices([Row(pattern="lab/eye*", takes=("text", "image")), Row(pattern="*", takes=("text",))])
    roles = roster.read("lab/eye", ["solver=lab/blind,lab/eyes", "judge=lab/eyed"])
    assert roles is not None
    assert roster.warnings(roles, rows, ("text", "image")) == ()  # the viewer tells the blind one
    alone = roles.model_copy(update={"viewer": ""})
    (said,) = roster.warnings(alone, rows, ("text", "image"))
    assert said.startswith("'lab/blind' take no image")
    assert "'--role viewer=MODEL'" in said
    assert roster.warnings(alone, rows, ("text",)) == ()
