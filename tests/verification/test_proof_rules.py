"""The rules of the proof hold whatever voters say, in whatever order."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark_agent.verification.proof.replies import CRITERIA
from benchmark_agent.verification.proof.rules import (
    COUNTED,
    JUDGE,
    MENDABLE,
    Attempted,
    Case,
    Judgement,
    Ruling,
    Seen,
    Solve,
    Stand,
    Step,
    Vote,
    next_step,
    results,
)

STANDS: tuple[Stand, ...] = ("gold", "other", "several", "none", "silent")
stands = st.sampled_from(STANDS)
cases = st.builds(
    Case,
    basis=st.sampled_from(["written", "source", "computed"]),
    solvers=st.lists(st.booleans(), min_size=1, max_size=4).map(tuple),
    judge_is_kin=st.booleans(),
    has_evidence=st.booleans(),
)
judgements = st.builds(
    Judgement,
    vote=st.builds(Vote, by=st.just("j"), nth=st.just(JUDGE), sample=st.just(0), stand=stands, said=st.just("x")),
    unmet=st.lists(st.sampled_from(CRITERIA), unique=True, max_size=2).map(tuple),
    doubts=st.sampled_from(["", "two readings"]),
) | st.just(Judgement(Vote("j", JUDGE, 0, "silent", "refused"), lost=True))
probes = st.sampled_from(["hidden", "lucky", "found", "lost"])


def play(case: Case, solvers: list[Stand], judged: Judgement, probe: str) -> tuple[Seen, Ruling, list[Step]]:
    """The whole proof, each question answered from what was drawn."""
    seen, left = Seen(), list(solvers)
    asked: list[Step] = []
    while not isinstance(step := next_step(case, seen), Ruling):
        assert step not in asked, "nobody is asked the same twice"
        asked.append(step)
        if isinstance(step, Solve):
            vote = Vote(f"m{step.nth}", step.nth, step.sample, left.pop(0), "x")
            seen = replace(seen, solved=(*seen.solved, vote))
        elif step == "judge":
            seen = replace(seen, judged=judged)
        else:
            seen = replace(seen, probed=Attempted("m0", probe, "x"))  # type: ignore[arg-type]
    return seen, step, asked


@given(cases, st.lists(stands, min_size=5, max_size=5), judgements, probes)
def test_what_is_proven_has_the_votes_it_needs(case: Case, solvers: list[Stand], judged: Judgement, probe: str) -> None:
    seen, ruling, asked = play(case, solvers, judged, probe)
    assert len(asked) <= len(case.solvers) + 3
    if ruling.check:
        return
    gold = [vote for vote in seen.votes if vote.stand == "gold"]
    assert seen.judged is not None
    assert not seen.judged.lost
    assert not set(seen.judged.unmet) & set(COUNTED[case.basis])
    if case.basis == "written":
        assert len(seen.backers) >= 2
        assert seen.dissents <= 1
        kin = [case.judge_is_kin if nth == JUDGE else case.solvers[nth] for nth in seen.backers]
        assert not all(kin) or (all(case.solvers) and case.judge_is_kin)
    if case.basis == "source":
        assert len(gold) >= max(1, seen.dissents)
    if case.basis != "computed":
        assert seen.judged.vote.stand != "several"
        assert (seen.probed is not None and seen.probed.outcome in ("hidden", "lucky")) == case.has_evidence
    else:
        assert seen.probed is None
        assert gold


@given(cases, st.lists(stands, min_size=5, max_size=5), judgements, probes)
def test_only_what_can_be_mended_is_offered_for_mending(
    case: Case, solvers: list[Stand], judged: Judgement, probe: str
) -> None:
    seen, ruling, _ = play(case, solvers, judged, probe)
    if not ruling.flaws:
        return
    assert ruling.check == "judged"
    assert len(ruling.flaws) == 1
    assert {ruling.flaws[0].check} == set(judged.unmet) & set(COUNTED[case.basis]) <= set(MENDABLE)
    assert case.basis == "computed" or seen.dissents == 0


@given(cases, st.lists(stands, min_size=5, max_size=5), judgements, probes)
def test_results_say_what_the_ruling_says(case: Case, solvers: list[Stand], judged: Judgement, probe: str) -> None:
    seen, ruling, asked = play(case, solvers, judged, probe)
    said = results(case, seen, ruling)
    assert [r.check for r in said if not r.passed] == ([ruling.check] if ruling.check else [])
    assert all(r.detail for r in said), "without a detail it would pass for a check by code"
    assert [bool(r.reason) for r in said] == [not r.passed for r in said]
    if ruling.check != "proof":
        assert ("judged" in [r.check for r in said]) == ("judge" in asked)
        assert ("needs_evidence" in [r.check for r in said]) == ("probe" in asked)


@given(cases, st.lists(stands, min_size=5, max_size=5), judgements, probes)
def test_nobody_is_asked_once_the_verdict_is_certain(
    case: Case, solvers: list[Stand], judged: Judgement, probe: str
) -> None:
    """Before each question the draft could still be proven, and could still fail."""
    asked = play(case, solvers, judged, probe)[2]
    for n, step in enumerate(asked):
        said = sum(isinstance(s, Solve) for s in asked[:n])
        kept = judged if "judge" in asked[:n] else None
        best = play(case, [*solvers[:said], *GOLDS], kept or GOOD, "hidden")[1]
        worst = play(case, [*solvers[:said], *OTHERS], kept or judge_says("none", "clear"), "found")[1]
        assert not best.check, step
        assert worst.check, step


GOLDS: list[Stand] = ["gold"] * 6
OTHERS: list[Stand] = ["other"] * 6
GOOD = Judgement(Vote("j", JUDGE, 0, "gold", "x"))


def judge_says(stand: Stand, *unmet: str) -> Judgement:
    return Judgement(Vote("j", JUDGE, 0, stand, "x"), tuple(c for c in CRITERIA if c in unmet), "why")


FREE, KIN, MIXED = (False,), (True,), (True, False)
ASIDE = judge_says("other")
TABLE = [
    # basis, kin of solvers, kin of judge, solvers' votes, judge, probe -> asked, failed check, start of the reason
    ("written", FREE, False, ["gold"], GOOD, "hidden", "S0 P J", "", ""),
    ("written", KIN, True, ["gold"], GOOD, "lucky", "S0 P J", "", ""),
    ("written", FREE, False, ["other", "other"], GOOD, "hidden", "S0 R0", "solved_blind", "gold_disputed: 2 of 2"),
    ("written", FREE, False, ["other", "gold"], GOOD, "hidden", "S0 R0 P J", "", ""),
    ("written", FREE * 2, False, ["none", "gold"], GOOD, "hidden", "S0 S1 P J", "", ""),
    ("written", FREE * 2, False, ["other", "gold"], ASIDE, "hidden", "S0 S1 P J", "solved_blind", "gold"),
    ("written", FREE, False, ["gold"], ASIDE, "hidden", "S0 P J", "solved_blind", "gold_disputed: 1 of 2"),
    ("written", FREE * 2, False, ["gold", "gold"], ASIDE, "hidden", "S0 P J S1", "", ""),
    ("written", FREE * 2, False, ["gold", "other"], ASIDE, "hidden", "S0 P J S1", "solved_blind", "gold"),
    ("written", MIXED, True, ["gold", "gold"], GOOD, "hidden", "S0 P J S1", "", ""),
    ("written", MIXED, True, ["gold", "other"], GOOD, "hidden", "S0 P J S1", "solved_blind", "gold_disputed: 1 of 3"),
    ("written", MIXED, True, ["gold", "silent"], GOOD, "hidden", "S0 P J S1", "proof", "too few usable answers"),
    ("written", (True, True, False), False, ["gold"], GOOD, "hidden", "S0 P J", "", ""),
    ("written", FREE, False, ["silent", "gold"], GOOD, "hidden", "S0 R0 P J", "", ""),
    ("written", FREE, False, ["silent", "silent"], GOOD, "", "S0 R0", "proof", "too few usable answers"),
    ("written", FREE, False, ["gold"], judge_says("several"), "hidden", "S0 P J", "judged", "not_unique"),
    ("written", FREE, False, ["gold"], judge_says("none"), "hidden", "S0 P J", "judged", "not_unique"),
    ("written", FREE, False, ["gold"], judge_says("gold", "on_goal"), "hidden", "S0 P J", "judged", "on_goal: why"),
    ("written", FREE, False, ["gold"], GOOD, "found", "S0 P", "needs_evidence", "answered without its evidence"),
    ("written", FREE, False, ["gold"], GOOD, "lost", "S0 P", "proof", "the try without evidence"),
    ("source", FREE, False, ["gold"], GOOD, "hidden", "S0 P J", "", ""),
    ("source", FREE, False, ["gold"], ASIDE, "hidden", "S0 P J", "", ""),
    ("source", FREE, False, ["gold"], judge_says("none"), "hidden", "S0 P J", "", ""),
    ("source", FREE, False, ["gold"], judge_says("several"), "hidden", "S0 P J", "judged", "not_unique"),
    ("source", FREE, False, ["other", "other"], GOOD, "", "S0 R0", "solved_blind", "gold_disputed"),
    ("source", FREE, False, ["other", "gold"], GOOD, "hidden", "S0 R0 P J", "", ""),
    ("source", FREE, False, ["other", "gold"], ASIDE, "hidden", "S0 R0 P J", "solved_blind", "gold"),
    ("source", FREE, False, ["other", "silent"], GOOD, "hidden", "S0 R0 J P", "", ""),
    ("source", FREE, False, ["silent", "silent"], judge_says("silent"), "", "S0 R0 J", "proof", "too few usable"),
    ("computed", FREE, False, [], GOOD, "", "J", "", ""),
    ("computed", FREE, False, [], judge_says("gold", "hard", "form"), "", "J", "", ""),
    ("computed", FREE, False, [], judge_says("gold", "clear"), "", "J", "judged", "clear: why"),
    ("computed", FREE, False, ["gold"], judge_says("several"), "", "J S0", "", ""),
    ("computed", FREE, False, ["gold"], judge_says("silent"), "", "J S0", "", ""),
    ("computed", FREE, False, ["other"], judge_says("other"), "", "J S0", "solved_blind", "unclear"),
    ("computed", FREE, False, ["silent", "silent"], judge_says("none"), "", "J S0 R0", "proof", "too few usable"),
    ("computed", FREE, False, [], replace(GOOD, lost=True), "", "J", "proof", "the judge gave no usable reply"),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[6]} {row[7]}")
def test_the_table_of_the_docs(row: tuple[object, ...]) -> None:
    basis, solvers, judge_is_kin, votes, judged, probe, order, check, reason = row
    case = Case(basis, solvers, judge_is_kin, has_evidence=True)  # type: ignore[arg-type]
    _, ruling, asked = play(case, votes, judged, probe)  # type: ignore[arg-type]
    told = [f"{'SR'[s.sample]}{s.nth}" if isinstance(s, Solve) else str(s)[0].upper() for s in asked]
    assert " ".join(told) == order
    assert ruling.check == check
    assert ruling.reason.startswith(str(reason))


@pytest.mark.parametrize(("basis", "unmet"), list(product(("written", "source"), CRITERIA)))
def test_a_single_flaw_of_packaging_may_be_mended_and_no_other(basis: str, unmet: str) -> None:
    case = Case(basis, FREE, False, has_evidence=True)  # type: ignore[arg-type]
    ruling = play(case, ["gold"], judge_says("gold", unmet), "hidden")[1]
    assert [flaw.check for flaw in ruling.flaws] == ([unmet] if unmet in ("clear", "hides_answer", "form") else [])
    assert not play(case, ["gold"], judge_says("gold", unmet, "on_goal"), "hidden")[1].flaws or unmet == "on_goal"
    assert not play(case, ["other", "gold"], judge_says("gold", unmet), "hidden")[1].flaws


def test_the_page_has_a_row_for_each_result_and_each_criterion() -> None:
    page = (Path(__file__).parents[2] / "docs" / "stages" / "verification.md").read_text(encoding="utf-8")
    for name in ("solved_blind", "judged", "needs_evidence", "proof", *CRITERIA):
        assert f"| `{name}` |" in page, name
