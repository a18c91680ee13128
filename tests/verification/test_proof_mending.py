"""Mending rewords what is wrong with an item and never its gold; what was mended is verified again, whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark_agent.attempts import Attempt, Help
from benchmark_agent.content import Composed
from benchmark_agent.errors import BudgetReached, MediaError, ModelError
from benchmark_agent.planning.types import Job
from benchmark_agent.realization.types import Draft
from benchmark_agent.verification.checks import CHECKS
from benchmark_agent.verification.proof.mending import reworded
from benchmark_agent.verification.proof.replies import Mended
from benchmark_agent.verification.sets import SetChecks
from benchmark_agent.verification.types import CheckResult, Flaw
from benchmark_agent.verification.verify import admit, check_draft
from tests.verification.proof_drafts import FIRE, LEDGER, PEOPLE, WHOSE
from tests.verification.proof_script import (
    BY_NAME,
    GOAL,
    MET,
    SUBTASK,
    Call,
    Reply,
    Scripted,
    draft,
    item,
    judges,
    probes,
    solves,
)

TELLING = "Two contradict the dyer's account. Whose account do two others contradict?"
CHOICE = item(FIRE, question=TELLING, options=PEOPLE, answer="the dyer's")
LEAK = (Flaw(check="hides_answer", says="The question names the dyer."),)
FORM = (Flaw(check="form", says="One option is longer than the others."),)


def mended(body: Composed, flaws: tuple[Flaw, ...], question: str, *options: str) -> Draft | None:
    ask = Scripted({"mend": lambda call: {"question": question, "options": options}})
    found = ask.prover().mend(draft(body), SUBTASK, flaws)
    assert ask.asked == "mend"
    return found


def test_the_writer_sees_the_gold_and_the_flaw_and_rewords_the_question() -> None:
    ask = Scripted({"mend": lambda call: {"question": WHOSE}})
    found = ask.prover().mend(draft(CHOICE), SUBTASK, LEAK)
    assert found is not None
    assert found.body == CHOICE.model_copy(update={"question": WHOSE})
    assert found.mended == ("hides_answer: The question names the dyer.",)
    text = ask.calls[0].text
    assert "<right-answer>\nthe dyer's\n</right-answer>" in text
    assert "hides_answer: The question names the dyer." in text
    assert "The right one stays word for word." in text


def test_nothing_changed_is_no_mending() -> None:
    assert mended(CHOICE, LEAK, TELLING) is None
    assert mended(CHOICE, LEAK, f"  {TELLING} ", *PEOPLE) is None
    assert mended(CHOICE, LEAK, "") is None
    assert mended(CHOICE, LEAK, "  ", *PEOPLE[1:], PEOPLE[0]) is None


def test_wrong_options_may_be_reworded_and_the_gold_may_not() -> None:
    others = ("what the porter said", "the dyer's", "what the carter said", "what the smith said")
    found = mended(CHOICE, LEAK, WHOSE, *others)
    assert found is not None
    assert (found.body.options, found.body.answer) == (others, "the dyer's")
    moved = ("what the porter said", "what the dyer said", "what the carter said", "what the smith said")
    assert mended(CHOICE, LEAK, WHOSE, *moved) is None


def test_a_written_gold_may_be_reworded_where_its_form_is_the_flaw() -> None:
    moved = ("what the porter said", "what the dyer said", "what the carter said", "what the smith said")
    found = mended(CHOICE, FORM, TELLING, *moved)
    assert found is not None
    assert (found.body.options, found.body.answer) == (moved, "what the dyer said")
    for basis in ("source", "computed"):
        assert mended(CHOICE.model_copy(update={"gold_basis": basis}), FORM, TELLING, *moved) is None


def test_letters_the_writer_repeats_are_taken_off() -> None:
    found = mended(CHOICE, LEAK, WHOSE, "A. the porter's", "B. the dyer's", "C) the carter's", "D: the smith's")
    assert found is not None
    assert found.body.options == PEOPLE


@pytest.mark.parametrize(
    "options",
    [
        PEOPLE[:3],
        (*PEOPLE, "the miller's"),
        ("the dyer's", "the porter's", "the carter's", "the smith's"),
        ("the dyer's", "the dyer's", "the carter's", "the smith's"),
        ("", "", "", ""),
    ],
)
def test_options_that_are_lost_moved_or_doubled_are_refused(options: tuple[str, ...]) -> None:
    assert mended(CHOICE, LEAK, WHOSE, *options) is None


def test_options_whose_values_a_program_knows_stay() -> None:
    body = item(
        question="How many?", options=("1", "2", "3"), option_values=("1", "2", "3"), answer="2", gold_basis="computed"
    )
    assert mended(body, FORM, "How many?", "one", "2", "three") is None
    assert mended(body, FORM, "How many are there?", "1", "2", "3") is not None


def test_values_of_written_options_are_read_anew() -> None:
    body = CHOICE.model_copy(update={"option_values": PEOPLE})
    moved = ("1,200", "what the dyer said", "3 May 2020", "what the smith said")
    found = mended(body, FORM, TELLING, *moved)
    assert found is not None
    assert found.body.option_values == ("1200", "what the dyer said", "2020-05-03", "what the smith said")
    assert found.body.answer == "what the dyer said"


def test_a_short_answer_keeps_its_gold_whatever_the_writer_adds() -> None:
    body = item(
        LEDGER, question="When did she come, on Tuesday?", answer_kind="span", answer="Tuesday", gold_basis="source"
    )
    found = mended(body, LEAK, "When did the mare come, says the groom?", "Wednesday")
    assert found is None, "an item without options gets none"
    found = mended(body, LEAK, "When did the mare come, says the groom?")
    assert found is not None
    assert found.body.answer == "Tuesday"


def test_a_writer_without_a_usable_reply_mends_nothing_and_the_budget_goes_up() -> None:
    def refuse(call: Call) -> Reply:
        return ModelError("declined")

    assert Scripted({"mend": refuse}).prover().mend(draft(CHOICE), SUBTASK, LEAK) is None
    with pytest.raises(BudgetReached):
        Scripted({"mend": lambda call: BudgetReached("15 US dollars")}).prover().mend(draft(CHOICE), SUBTASK, LEAK)


texts = st.text(alphabet="ab .", max_size=4)


@given(st.lists(texts, max_size=5), texts, st.booleans(), st.sampled_from(["written", "source", "computed"]))
def test_whatever_the_writer_sends_the_gold_stays_where_it_was(
    options: list[str], question: str, may_move: bool, basis: str
) -> None:
    body = item(FIRE, question="ab?", options=("a", "b", "a b"), answer="b", gold_basis=basis)
    found = reworded(body, Mended(question=question, options=tuple(options)), may_move=may_move)
    if found is None:
        return
    assert found.question.strip()
    assert found.options.count(found.answer) == 1
    assert found.options.index(found.answer) == 1
    assert len(found.options) == 3
    assert may_move or found.answer == "b"


JOB = Job(
    id="core-event-3", subtask_id="core-event", candidate_id="core-event.1", dataset_id="d", row=0, seed=1
)  # fmt: skip


def attempt(ask: Scripted, body: Composed) -> tuple[Draft, tuple[CheckResult, ...]]:
    class NoMedia:
        def image(self, data: bytes) -> object: ...
        def audio(self, data: bytes) -> object: ...
        def read(self, part: object) -> bytes:
            raise MediaError("no media")

    def check(made: Draft) -> tuple[CheckResult, ...]:
        return check_draft(made, SUBTASK, CHECKS, BY_NAME.__getitem__, NoMedia())  # type: ignore[arg-type]

    help_ = Help(ask=ask, prover=ask.prover(), goal=GOAL)
    made, results = Attempt(JOB, SUBTASK, help_, lambda pen: draft(body), check, written=True)()
    assert isinstance(made, Draft)
    return made, results


def test_a_mended_draft_is_verified_again_whole_and_ends_as_repaired() -> None:
    unclear = item(FIRE, question="Whose is contradicted there by two?", options=PEOPLE, answer="the dyer's")

    def judge(call: Call) -> Reply:
        clear = WHOSE in call.text
        return {"answer": call.options["the dyer's"], **MET, "clear": clear, "doubts": "" if clear else "`there`?"}

    scripts = {"solve": solves("the dyer's"), "judge": judge, "probe": probes("the smith's"),
               "mend": lambda call: {"question": WHOSE}}  # fmt: skip
    ask = Scripted(scripts)
    made, results = attempt(ask, unclear)
    assert ask.asked == "solve probe judge mend solve probe judge"
    verdict = admit(made, "core-event.1", results, SUBTASK, SetChecks(1))
    assert verdict.status == "repaired"
    assert verdict.item is not None
    assert verdict.item.question == WHOSE
    assert [c.check for c in verdict.item.checks if c.detail] == ["solved_blind", "judged", "needs_evidence"]
    assert made.mended == ("clear: `there`?",)


def test_a_disputed_gold_is_neither_mended_nor_written_again() -> None:
    ask = Scripted({"solve": solves("the smith's")})
    made, results = attempt(ask, item(FIRE, question=WHOSE, options=PEOPLE, answer="the dyer's"))
    assert ask.asked == "solve solve+"
    verdict = admit(made, "core-event.1", results, SUBTASK, SetChecks(1))
    assert (verdict.status, verdict.reason) == ("rejected", "solved_blind")


def test_an_accepted_written_item_costs_three_calls_beside_the_writers() -> None:
    ask = Scripted({"solve": solves("the dyer's"), "judge": judges("the dyer's"), "probe": probes("the smith's")})
    made, results = attempt(ask, item(FIRE, question=WHOSE, options=PEOPLE, answer="the dyer's"))
    assert admit(made, "core-event.1", results, SUBTASK, SetChecks(1)).status == "accepted"
    assert ask.asked == "solve probe judge"
