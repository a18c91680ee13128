"""Weak and careless models: what they say is read as far as it can be, and never taken for more."""

import pytest

from benchmark_agent.content import Composed
from benchmark_agent.errors import ModelError, Unreached
from benchmark_agent.verification.types import Proof
from tests.verification.proof_drafts import FIRE, PEOPLE, WHOSE
from tests.verification.proof_script import (
    MET,
    SUBTASK,
    Call,
    Reply,
    Script,
    Scripted,
    draft,
    item,
    judges,
    probes,
    solves,
)

BODY = item(FIRE, question=WHOSE, options=PEOPLE, answer="the dyer's")
QUOTE = "nobody had barred it"
REFUSED = ModelError("the model declined")


def raw(said: str) -> Script:
    """`{}` stands for the letter of the right option, `{x}` for that of a wrong one."""

    def script(call: Call) -> Reply:
        wrong = call.options["the carter's"]
        answer = said.replace("{x}", wrong).replace("{}", call.options["the dyer's"])
        return {"answer": answer, **(MET if call.prompt == "judge" else {})}

    return script


def proven(
    body: Composed = BODY, solvers: tuple[str, ...] = ("b/solver",), **scripts: Script
) -> tuple[Scripted, Proof]:
    ask = Scripted(
        {"solve": solves("the dyer's"), "judge": judges("the dyer's", quote=QUOTE), "probe": probes("the smith's")}
        | scripts,
        solvers,
    )
    return ask, ask.prover().prove(draft(body), SUBTASK)


def failed(proof: Proof) -> list[str]:
    return [r.check for r in proof.results if not r.passed]


def said(proof: Proof, check: str) -> str:
    return next(r.detail for r in proof.results if r.check == check)


def test_reasons_in_a_list_are_read_as_one_text() -> None:
    def judge(call: Call) -> Reply:
        right = call.options["the dyer's"]
        doubts = ["form: one option is longer.", "hard: a glance is enough."]
        return {"weighed": ["A: no", "B: yes"], "answer": right, "quote": QUOTE, "doubts": doubts, **MET, "hard": False}

    _, proof = proven(judge=judge)
    assert failed(proof) == ["judged"]
    assert "hard: a glance is enough." in said(proof, "judged")
    assert (
        failed(
            proven(judge=lambda call: {"answer": call.options["the dyer's"], "quote": QUOTE, "doubts": [], **MET})[1]
        )
        == []
    )


@pytest.mark.parametrize(
    "answer",
    ["{}", "({})", "{}.", "Option {}", "{}) the dyer's", "the dyer's", "The Dyer's.", "I think {}", "**{}**",
     "Answer: {}", "{} because two others speak against him", "It is {}", "<think>{x}?</think>{}"],
)  # fmt: skip
def test_a_letter_with_prose_around_it_is_a_vote(answer: str) -> None:
    ask, proof = proven(solve=raw(answer))
    assert failed(proof) == []
    assert ask.asked == "solve probe judge"


def test_a_small_letter_is_a_vote() -> None:
    ask, proof = proven(solve=lambda call: {"answer": call.options["the dyer's"].lower()})
    assert failed(proof) == []
    assert ask.asked == "solve probe judge"


@pytest.mark.parametrize(
    "answer", ["I think {} or {x}", "It is {}, not {x}", "", "Z", "I don't know", "hmm", "7", "The reports differ."]
)
def test_an_answer_that_settles_on_nothing_is_no_vote_and_no_dissent(answer: str) -> None:
    ask, proof = proven(solve=raw(answer))
    assert ask.asked == "solve solve+"
    assert failed(proof) == ["proof"]
    assert "no vote" in said(proof, "proof")
    ask, proof = proven(solvers=("b/weak", "d/strong"), solve=lambda c: raw(answer if c.nth == 0 else "{}")(c))
    assert ask.asked == "solve solve1 probe1 judge", "the try without evidence goes to the one that can"
    assert failed(proof) == []
    assert "solver b/weak: no vote" in said(proof, "solved_blind")


@pytest.mark.parametrize("answer", ["{x}", "{}{x}", "{} {x}", "{}, {x}", "several", "none", "None of them.", "unknown"])
def test_another_answer_several_or_none_is_a_dissent(answer: str) -> None:
    ask, proof = proven(solve=raw(answer))
    assert ask.asked == "solve solve+"
    assert failed(proof) == ["solved_blind"]


@pytest.mark.parametrize("answer", ["{}{x}", "{x} and {}", "{}/{x}", "{}, {x}", "several", "both {} and {x}"])
def test_a_judge_who_names_several_options_says_the_gold_is_not_unique(answer: str) -> None:
    proof = proven(judge=raw(answer))[1]
    assert failed(proof) == ["judged"]
    assert next(r.reason for r in proof.results if not r.passed).startswith("not_unique")


def test_small_letters_of_a_judge_count_too() -> None:
    proof = proven(judge=lambda call: {"answer": call.letters("the dyer's", "the carter's").lower(), **MET})[1]
    assert failed(proof) == ["judged"]


def test_a_quote_nobody_wrote_carries_no_vote_for_a_written_gold() -> None:
    invented = judges("the dyer's", quote="the dyer lied, as all agree")
    _, proof = proven(judge=invented)
    assert failed(proof) == ["proof"]
    _, proof = proven(judge=invented, solvers=("b/solver", "c/solver"))
    assert failed(proof) == []
    assert "quotes 'the dyer lied, as all agree', which stands not in the evidence" in said(proof, "judged")
    assert "solver b/solver: 'the dyer's' (gold); solver c/solver: 'the dyer's' (gold)" in said(proof, "solved_blind")


def test_a_quote_nobody_wrote_is_told_and_does_not_undo_a_vote_for_a_gold_of_the_data() -> None:
    body = BODY.model_copy(update={"gold_basis": "source"})
    proof = proven(body, judge=judges("the dyer's", quote="the dyer lied, as all agree"))[1]
    assert failed(proof) == []
    assert "quotes 'the dyer lied, as all agree', which stands not in the evidence" in said(proof, "judged")


def test_a_dissent_that_rests_on_a_quote_nobody_wrote_is_no_vote() -> None:
    invented = judges("the carter's", quote="the carter lied, as all agree")
    ask, proof = proven(judge=invented)
    assert failed(proof) == ["proof"], "one vote is not enough"
    ask, proof = proven(judge=invented, solvers=("b/one", "d/two"))
    assert ask.asked == "solve probe judge solve1"
    assert failed(proof) == []
    assert "no vote ('the carter's' with a quote that stands nowhere)" in said(proof, "solved_blind")


def test_a_computed_gold_is_looked_at_again_whatever_the_judge_quotes() -> None:
    body = BODY.model_copy(update={"gold_basis": "computed"})
    ask, proof = proven(body, judge=judges("the carter's", quote="the carter lied, as all agree"))
    assert ask.asked == "judge solve"
    assert failed(proof) == []


def test_a_dissent_without_a_quote_counts() -> None:
    assert failed(proven(judge=judges("the carter's"))[1]) == ["solved_blind"]


def test_a_dissent_with_a_quote_counts() -> None:
    proof = proven(judge=judges("the carter's", quote="“Nobody had barred  it” … that door stood open"))[1]
    assert failed(proof) == ["solved_blind"]


@pytest.mark.parametrize(
    ("broken", "asked", "check"),
    [
        ("solve", "solve solve+", "proof"),
        ("judge", "solve probe judge", "proof"),
        ("probe", "solve probe", "proof"),
    ],
)
def test_a_model_without_a_usable_reply_gives_no_verdict_of_its_own(broken: str, asked: str, check: str) -> None:
    ask, proof = proven(BODY, ("b/solver",), **{broken: lambda call: REFUSED})
    assert ask.asked == asked
    assert failed(proof) == [check]
    assert "the model declined" in proof.results[0].reason + proof.results[0].detail


def test_one_broken_solver_is_not_a_dissent() -> None:
    ask, proof = proven(solvers=("b/one", "d/two"), solve=lambda c: REFUSED if c.nth == 0 else raw("{}")(c))
    assert ask.asked == "solve solve1 probe1 judge"
    assert failed(proof) == []
    assert "solver b/one: no vote (the model declined)" in said(proof, "solved_blind")


@pytest.mark.parametrize("lost", ["solve", "judge", "probe"])
def test_a_model_that_cannot_be_reached_is_never_a_verdict(lost: str) -> None:
    with pytest.raises(Unreached):
        proven(BODY, ("b/solver",), **{lost: lambda call: Unreached("no route")})


def test_a_judge_who_doubts_everything_without_a_reason_rejects_and_is_not_mended() -> None:
    proof = proven(judge=lambda call: {"answer": call.options["the dyer's"], **dict.fromkeys(MET, False)})[1]
    assert failed(proof) == ["judged"]
    assert not proof.flaws


def test_an_option_that_says_none_is_an_answer_of_its_own() -> None:
    body = BODY.model_copy(update={"options": (*PEOPLE[:3], "None of the four"), "answer": "None of the four"})
    ask, proof = proven(body, solve=lambda c: {"answer": "none"}, judge=judges("none"), probe=probes("the dyer's"))
    assert failed(proof) == []
    assert all(list(call.options)[-1] == "None of the four" for call in ask.calls), "it stands last for every reader"
    assert failed(proven(body.model_copy(update={"answer": "the dyer's"}), solve=lambda c: {"answer": "none"})[1])


def test_the_writers_family_never_proves_its_own_item_alone() -> None:
    two = ("a/kin", "b/free")
    ask = Scripted(
        {"solve": solves("the dyer's"), "judge": judges("the dyer's", quote=QUOTE), "probe": probes("the smith's")},
        two, judge="a/judge",
    )  # fmt: skip
    assert failed(ask.prover().prove(draft(BODY), SUBTASK)) == []
    assert ask.asked == "solve probe judge solve1"


@pytest.mark.parametrize(
    ("doubts", "unmet"),
    [
        ("on_goal: no witness appears", ["on_goal"]),
        ("not on_goal: nothing of it is there; not hard: one phrase tells it", ["on_goal", "hard"]),
        ("The question is long. Faithful: the cart was red.", ["faithful"]),
        ("on_goal: true; hard: fine", []),
        ("It is hard and clear.", []),
        ("", []),
    ],
)
def test_a_doubt_by_name_counts_though_everything_is_called_true(doubts: str, unmet: list[str]) -> None:
    def judge(call: Call) -> Reply:
        return {"answer": call.options["the dyer's"], "quote": QUOTE, **MET, "doubts": doubts}

    _, proof = proven(judge=judge)
    assert failed(proof) == (["judged"] if unmet else [])
    if unmet:
        assert f"not met: {', '.join(unmet)}" in said(proof, "judged")


@pytest.mark.parametrize("way", ["GUESS", "I guess", "by guess."])
def test_the_way_an_answer_was_found_may_be_said_in_a_sentence(way: str) -> None:
    ask, proof = proven(probe=lambda call: {"found_by": way, "answer": call.options["the dyer's"]})
    assert failed(proof) == []
    assert ask.asked == "solve probe judge"


def test_reasons_under_letters_are_read_as_one_text() -> None:
    ask, proof = proven(
        judge=lambda call: {
            "weighed": {"A": "no", "B": True},
            "answer": call.options["the dyer's"],
            "quote": QUOTE,
            **MET,
        }
    )
    assert failed(proof) == []
    assert ask.asked == "solve probe judge"


def test_a_bare_number_is_an_answer() -> None:
    body = item(FIRE, question="How many gates were barred?", answer="2", answer_kind="number")
    ask, proof = proven(
        body,
        solve=lambda call: {"answer": 2},
        probe=lambda call: {"found_by": "guess", "answer": 7.5},
        judge=lambda call: {"answer": 2, "quote": QUOTE, **MET},
    )
    assert failed(proof) == []
    assert ask.asked == "solve probe judge"
