"""One job where models help: write, check, prove, and put right once what can be put right."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmark_agent.content import Part
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import Unreached
from benchmark_agent.models import Ask, R
from benchmark_agent.planning.types import Job
from benchmark_agent.prompts import Prompt
from benchmark_agent.realization.types import Draft, Failure
from benchmark_agent.tools import Brief, Pen
from benchmark_agent.verification.types import CheckResult, Flaw, Prover

Results = tuple[CheckResult, ...]
Realize = Callable[[Pen | None], Draft | Failure]
"""Makes the job's draft with this pen."""
Check = Callable[[Draft], Results]
"""What every check by code says of a draft."""


@dataclass(frozen=True, slots=True)
class WriterPen:
    """The pen of one try at one row."""

    brief: Brief
    writer: Ask

    def ask(self, prompt: Prompt, answer: type[R], parts: tuple[Part, ...] = (), **values: object) -> R:
        return self.writer("writer", prompt, answer, parts, nth=0, sample=0, **values)


@dataclass(frozen=True, slots=True)
class Help:
    """What models do for a job."""

    ask: Ask
    prover: Prover | None
    """None where proof by models is turned off."""
    goal: str
    languages: tuple[str, ...] = ()
    adapt: bool = True
    """Whether a row may be said not to fit, and a try is followed by a second one."""

    def pen(self, subtask: Subtask, flaws: tuple[str, ...] = ()) -> WriterPen:
        brief = Brief(
            goal=self.goal,
            subtask=subtask.name,
            description=subtask.description,
            answer_kinds=subtask.answer_kinds,
            target_signal=subtask.target_signal,
            languages=self.languages,
            flaws=flaws,
            adapt=self.adapt,
        )
        return WriterPen(brief, self.ask)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One job at work. `written`: its recipe asks the writer, so that a second try can differ."""

    job: Job
    subtask: Subtask
    help: Help
    realize: Realize
    check: Check
    written: bool
    proving: bool = True

    def __call__(self) -> tuple[Draft | Failure, Results]:
        """What came of it; a model that could not be reached is a failure that says so, never a verdict."""
        try:
            return self._tried()
        except Unreached as error:
            return self._failure("Unreached", str(error)), ()

    def _tried(self) -> tuple[Draft | Failure, Results]:
        made = self.realize(self.help.pen(self.subtask))
        results, flaws = self._verified(made)
        if not self.help.adapt or _passed(made, results):
            return made, results
        again = self._again(made, results, flaws)
        if again is None:
            return made, results
        return again, self._verified(again)[0]

    def _verified(self, made: Draft | Failure) -> tuple[Results, tuple[Flaw, ...]]:
        """Checks by code first; models are asked only about what passed them."""
        if isinstance(made, Failure):
            return (), ()
        results = self.check(made)
        if self.help.prover is None or not self.proving or not all(result.passed for result in results):
            return results, ()
        proof = self.help.prover.prove(made, self.subtask)
        return (*results, *proof.results), proof.flaws

    def _again(self, made: Draft | Failure, results: Results, flaws: tuple[Flaw, ...]) -> Draft | None:
        """The draft of the second try: mended where the flaw is named, else written anew with the reasons."""
        if isinstance(made, Draft) and flaws and self.help.prover is not None:
            return self.help.prover.mend(made, self.subtask, flaws)
        reasons = _reasons(made, results)
        if not self.written or not reasons:
            return None
        again = self.realize(self.help.pen(self.subtask, reasons))
        if isinstance(again, Failure):
            return None
        return again.model_copy(update={"mended": reasons})

    def _failure(self, boundary: str, message: str) -> Failure:
        return Failure(job_id=self.job.id, subtask_id=self.job.subtask_id, boundary=boundary, message=message)


def _passed(made: Draft | Failure, results: Results) -> bool:
    return isinstance(made, Draft) and all(result.passed for result in results)


def _reasons(made: Draft | Failure, results: Results) -> tuple[str, ...]:
    """What the writer is told; empty where a second try cannot help: the row does not fit, the gold is in doubt."""
    if isinstance(made, Failure):
        return (made.message,) if made.boundary == "ToolError" else ()
    by_code = [result for result in results if not result.detail]
    return tuple(f"{result.check}: {result.reason}" for result in by_code if not result.passed)
