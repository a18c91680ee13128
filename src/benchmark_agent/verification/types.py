"""What verification hands on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from benchmark_agent.answers import AnswerKey, Scorer
from benchmark_agent.content import AnswerKind, GoldBasis, Part
from benchmark_agent.design.types import Subtask
from benchmark_agent.realization.types import Draft, RowRef, Trace
from benchmark_agent.record import Record


class CheckResult(Record):
    check: str
    passed: bool
    reason: str = ""
    """Why it failed, in words; empty when it passed."""
    detail: str = ""
    """What was seen, also when it passed: who voted what, what was quoted."""


class Item(Record):
    """One verified benchmark item, one line of items.jsonl."""

    id: str
    subtask: str
    answer_kind: AnswerKind
    input: tuple[Part, ...]
    question: str
    options: tuple[str, ...]
    answer: str
    """Choice: the letter. multi_choice: letters in order. Otherwise the value."""
    accepted: tuple[str, ...]
    scorer: str
    gold_basis: GoldBasis
    target_signal: str
    evidence: tuple[int, ...]
    sources: tuple[RowRef, ...]
    recipe: tuple[Trace, ...]
    checks: tuple[CheckResult, ...]
    proof: str = ""
    alt: tuple[str, ...] = ()

    @property
    def construction(self) -> str:
        """Name of the tool that made it of its row."""
        made = [step.tool for step in self.recipe if step.wrote == "item"] or [step.tool for step in self.recipe]
        return made[-1] if made else "unknown"

    def key(self) -> AnswerKey:
        """What a scorer needs."""
        return AnswerKey(answer_kind=self.answer_kind, options=self.options, answer=self.answer, accepted=self.accepted)


class Verdict(Record):
    job_id: str
    subtask_id: str
    candidate_id: str
    status: Literal["accepted", "repaired", "rejected", "failed", "unrun"]
    """`failed`: no draft was made. `unrun`: a model could not be reached; the job runs again on resume."""
    checks: tuple[CheckResult, ...] = ()
    item: Item | None = None
    reason: str = ""
    """First failed check, or what failed: what rejections are counted by."""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check may look at besides the draft."""

    subtask: Subtask
    key: AnswerKey
    """The draft's answer key with options in the order of the draft."""
    scorer: Scorer
    read_media: Callable[[Part], bytes]
    languages: tuple[str, ...] = ()
    """Languages the requirement asks for; empty means any."""


class Check(Protocol):
    """Looks at one draft. Pure and safe in any process."""

    @property
    def name(self) -> str: ...

    def __call__(self, draft: Draft, context: CheckContext) -> CheckResult: ...


class Flaw(Record):
    """One thing wrong with a draft that a rewording can mend, as its finder names it."""

    check: str
    """The check that failed."""
    says: str
    """What is wrong, in a sentence the writer can act on."""


class Proof(Record):
    """What models say of a draft that passed every check by code."""

    results: tuple[CheckResult, ...]
    flaws: tuple[Flaw, ...] = ()
    """What may be mended; empty when all passed, or when what failed cannot be mended."""


class Prover(Protocol):
    """Proves drafts by blind solving, probes without evidence, and a judge. Pure but for the models it asks."""

    def prove(self, draft: Draft, subtask: Subtask) -> Proof:
        """Asks no more than the verdict needs.

        Raises:
            Unreached, BudgetReached: the draft has no verdict.
        """
        ...

    def mend(self, draft: Draft, subtask: Subtask, flaws: tuple[Flaw, ...]) -> Draft | None:
        """The draft with its flaws mended (packaging only: the gold stays), or None where that cannot be done.

        Raises:
            Unreached, BudgetReached: it is not known.
        """
        ...
