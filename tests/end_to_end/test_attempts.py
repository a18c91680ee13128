"""One job where models help: the second try, the flaw that is mended, the model that is not there."""

from benchmark_agent.attempts import Attempt, Help
from benchmark_agent.content import Composed, Text
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import Unreached
from benchmark_agent.models import Ask
from benchmark_agent.planning.types import Job
from benchmark_agent.realization.types import Draft, Failure
from benchmark_agent.tools import Pen
from benchmark_agent.verification.types import CheckResult, Flaw, Proof

JOB = Job(id="s.1#0", subtask_id="s", candidate_id="s.1", dataset_id="d", row=0, seed=1)
SUBTASK = Subtask(
    id="s", name="Reading", description="Read.", capability="", answer_kinds=("choice",), modalities=("text",),
    target_signal="the text", constructions=(), skill_in="construction", weight=1.0,
)  # fmt: skip


class NoModel:
    """Nothing is asked in these tests but through the objects below."""

    def __call__(self, *_: object, **__: object) -> object:
        raise AssertionError("no model should be asked")


def drafted(question: str) -> Draft:
    body = Composed(
        input=(Text(text="It rained."),), question=question, answer_kind="choice", options=("a", "b"), answer="a",
        gold_basis="written", evidence=(0,),
    )  # fmt: skip
    return Draft(job_id=JOB.id, subtask_id="s", body=body, rows=(), trace=())


class Writer:
    """Writes drafts in turn and notes what it was told."""

    def __init__(self, *made: Draft | Failure | Exception) -> None:
        self.made = list(made)
        self.told: list[tuple[str, ...]] = []

    def __call__(self, pen: Pen | None) -> Draft | Failure:
        assert pen is not None
        self.told.append(pen.brief.flaws)
        made = self.made.pop(0)
        if isinstance(made, Exception):
            raise made
        return made


class Proving:
    def __init__(self, *proofs: Proof, mended: Draft | None = None) -> None:
        self.proofs, self.mended = list(proofs), mended
        self.asked: list[tuple[Flaw, ...]] = []

    def prove(self, draft: Draft, subtask: Subtask) -> Proof:
        return self.proofs.pop(0)

    def mend(self, draft: Draft, subtask: Subtask, flaws: tuple[Flaw, ...]) -> Draft | None:
        self.asked.append(flaws)
        return self.mended


GOOD = Proof(results=(CheckResult(check="judged", passed=True, detail="voted a"),))
FLAW = Flaw(check="clear", says="'it' may mean two things")
VAGUE = Proof(results=(CheckResult(check="judged", passed=False, reason="vague", detail="voted a"),), flaws=(FLAW,))
WRONG = Proof(results=(CheckResult(check="solved_blind", passed=False, reason="two say b", detail="b, b"),))


def run(
    writer: Writer, prover: Proving | None, *, adapt: bool = True, written: bool = True, bad: str = "bad"
) -> Attempt:
    ask: Ask = NoModel()  # type: ignore[assignment]

    def check(draft: Draft) -> tuple[CheckResult, ...]:
        failed = draft.body.question == bad
        return (CheckResult(check="form", passed=not failed, reason="bad form" if failed else ""),)

    return Attempt(JOB, SUBTASK, Help(ask, prover, "a goal", adapt=adapt), writer, check, written)


def test_what_passes_is_asked_for_once() -> None:
    writer = Writer(drafted("good"))
    made, results = run(writer, Proving(GOOD))()
    assert isinstance(made, Draft)
    assert [result.check for result in results] == ["form", "judged"]
    assert writer.told == [()]


def test_models_are_not_asked_about_what_code_rejects_and_the_writer_hears_why() -> None:
    prover = Proving(GOOD)
    writer = Writer(drafted("bad"), drafted("better"))
    made, results = run(writer, prover)()
    assert isinstance(made, Draft)
    assert made.body.question == "better"
    assert made.mended == ("form: bad form",) == writer.told[1]
    assert all(result.passed for result in results)
    assert not prover.proofs


def test_a_named_flaw_is_mended_and_the_whole_verification_runs_again() -> None:
    prover = Proving(VAGUE, GOOD, mended=drafted("clearer").model_copy(update={"mended": ("clear",)}))
    made, results = run(Writer(drafted("vague")), prover)()
    assert isinstance(made, Draft)
    assert made.mended == ("clear",)
    assert prover.asked == [(FLAW,)]
    assert [result.check for result in results] == ["form", "judged"]
    assert all(result.passed for result in results)


def test_a_mended_draft_that_fails_code_is_rejected() -> None:
    prover = Proving(VAGUE, mended=drafted("bad"))
    _, results = run(Writer(drafted("vague")), prover)()
    assert not results[0].passed


def test_a_gold_in_doubt_is_not_written_again() -> None:
    writer = Writer(drafted("good"))
    _, results = run(writer, Proving(WRONG))()
    assert not results[-1].passed
    assert len(writer.told) == 1


def test_a_row_that_does_not_fit_is_not_tried_again_and_a_tool_error_is() -> None:
    unfit = Failure(job_id=JOB.id, subtask_id="s", boundary="Unfit", message="no dialogue in it")
    clumsy = Failure(job_id=JOB.id, subtask_id="s", boundary="ToolError", message="the quote is not in the text")
    writer = Writer(unfit)
    assert run(writer, None)()[0] == unfit
    assert len(writer.told) == 1
    writer = Writer(clumsy, drafted("good"))
    assert isinstance(run(writer, None)()[0], Draft)
    assert writer.told[1] == ("the quote is not in the text",)


def test_without_adaptation_there_is_one_try() -> None:
    writer = Writer(drafted("bad"))
    _, results = run(writer, Proving(), adapt=False)()
    assert not results[0].passed


def test_what_code_made_is_not_made_twice() -> None:
    writer = Writer(drafted("bad"))
    run(writer, None, written=False)()
    assert len(writer.told) == 1


def test_a_model_that_is_not_there_gives_no_verdict() -> None:
    made, results = run(Writer(Unreached("no reply for 5 minutes")), None)()
    assert isinstance(made, Failure)
    assert made.boundary == "Unreached"
    assert results == ()
