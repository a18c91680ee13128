"""Drafts proven from the rendered prompts alone: sound ones pass, planted faults are found, for the right reason."""

import re

import pytest

from tests.verification.proof_drafts import DRAFTS, Tried
from tests.verification.proof_script import SUBTASK, Scripted, draft


@pytest.mark.parametrize("tried", DRAFTS, ids=lambda tried: tried.name)
def test_the_verdict_is_the_careful_readers(tried: Tried) -> None:
    ask = Scripted(tried.scripts)
    proof = ask.prover().prove(draft(tried.body), SUBTASK)
    assert ask.asked == tried.asked
    assert [r.check for r in proof.results if not r.passed] == ([tried.check] if tried.check else [])
    assert all(r.reason.startswith(tried.reason) for r in proof.results if not r.passed)
    assert [flaw.check for flaw in proof.flaws] == ([tried.flaw] if tried.flaw else [])
    assert all(r.detail for r in proof.results)


@pytest.mark.parametrize("tried", DRAFTS, ids=lambda tried: tried.name)
def test_nobody_is_shown_the_key(tried: Tried) -> None:
    """With another gold, another proof and other accepted answers the prompts stay the same, but for the order."""
    ask, other = Scripted(tried.scripts), Scripted(tried.scripts)
    secret = {"answer": tried.body.options[-1] if tried.body.options else "17", "proof": "p", "accepted": ("18",)}
    ask.prover().prove(draft(tried.body), SUBTASK)
    other.prover().prove(draft(tried.body.model_copy(update=secret)), SUBTASK)
    shown = {call.prompt: unordered(call.text) for call in ask.calls}
    compared = [call for call in other.calls if call.prompt in shown]
    assert compared
    assert all(unordered(call.text) == shown[call.prompt] for call in compared)


def unordered(text: str) -> list[str]:
    return sorted(re.sub(r"^[A-Z]\. ", "", line) for line in text.split("\n"))


@pytest.mark.parametrize("tried", [t for t in DRAFTS if t.body.evidence], ids=lambda tried: tried.name)
def test_the_try_without_evidence_sees_none_of_it(tried: Tried) -> None:
    ask = Scripted(tried.scripts)
    ask.prover().prove(draft(tried.body), SUBTASK)
    media = tuple(part for part in tried.body.input if part.type != "text")
    for call in ask.calls:
        hidden = call.prompt == "probe"
        assert call.parts == (() if hidden else media)
        for part in (tried.body.input[index] for index in tried.body.evidence):
            assert part.type != "text" or (part.text in call.text) is not hidden


def test_every_reader_has_an_order_of_options_of_its_own() -> None:
    body = next(t.body for t in DRAFTS if t.name.startswith("planted: a wrong gold"))
    body = body.model_copy(update={"options": tuple(f"the account of witness {n}" for n in range(8))})
    body = body.model_copy(update={"answer": body.options[2]})
    orders = set()
    for solvers in (("b/one",), ("b/one", "d/two")):
        ask = Scripted({"solve": lambda call: {"answer": "none"}}, solvers=solvers)
        ask.prover().prove(draft(body), SUBTASK)
        orders |= {tuple(call.options) for call in ask.calls}
    assert len(orders) == 3, "solver 0, its second try, solver 1"
    again = Scripted({"solve": lambda call: {"answer": "none"}})
    again.prover().prove(draft(body).model_copy(update={"job_id": "another"}), SUBTASK)
    assert {tuple(call.options) for call in again.calls} <= orders, "the order follows the content, not the job"


@pytest.mark.parametrize(("passage", "most"), [(1200, {"solve": 2400, "judge": 3600, "probe": 1600})])
def test_prompts_stay_within_their_budget(passage: int, most: dict[str, int]) -> None:
    tried = next(t for t in DRAFTS if t.name == "three accounts, inference needed")
    text = (re.sub(r"\s+", " ", tried.body.input[0].text) * 9)[:passage]  # type: ignore[union-attr]
    part = tried.body.input[0].model_copy(update={"text": text})
    ask = Scripted(tried.scripts)
    ask.prover().prove(draft(tried.body.model_copy(update={"input": (part,)})), SUBTASK)
    assert {call.prompt for call in ask.calls} == set(most)
    assert all(len(call.text) <= most[call.prompt] for call in ask.calls)
