"""What votes prove: every rule of the proof by models, as pure functions over what was said so far.

`next_step` says who is asked next, or the ruling as soon as it is certain. The rules as a table for people:
docs/stages/verification.md. A vote comes from a model that answered without knowing the key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from benchmark_agent.content import GoldBasis
from benchmark_agent.verification.proof.replies import CRITERIA, Criterion
from benchmark_agent.verification.types import CheckResult, Flaw

Stand = Literal["gold", "other", "several", "none", "silent"]
"""What an answer says of the gold: it is right, another answer is, several are, none is; `silent` is no vote."""
COUNTED: dict[GoldBasis, tuple[Criterion, ...]] = {
    "written": CRITERIA,
    "source": CRITERIA,
    "computed": ("clear", "on_goal", "hides_answer"),
}
"""Criteria of the judge that count. What a program computed it also shaped; there only the reading is in doubt."""
MENDABLE: tuple[Criterion, ...] = ("clear", "hides_answer", "form")
WRITTEN_VOTES = 2
"""Voters who must find the gold of a written item, each by itself."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is settled before anyone is asked."""

    basis: GoldBasis
    solvers: tuple[bool, ...]
    """For each solver, whether it is of the writer's family."""
    judge_is_kin: bool
    """Whether the judge is of the writer's family."""
    has_evidence: bool

    @property
    def probed(self) -> bool:
        return self.has_evidence and self.basis != "computed"

    @property
    def has_independent(self) -> bool:
        """Whether any voter is of another family than the writer."""
        return not (all(self.solvers) and self.judge_is_kin)


JUDGE = -1


@dataclass(frozen=True, slots=True)
class Vote:
    by: str
    """Name of the model."""
    nth: int
    """Which solver; `JUDGE` for the judge."""
    sample: int
    stand: Stand
    said: str
    """The answer as it was read, or why there is none."""


@dataclass(frozen=True, slots=True)
class Judgement:
    vote: Vote
    unmet: tuple[Criterion, ...] = ()
    doubts: str = ""
    quote: str = ""
    """What was quoted and whether it stands in the evidence."""
    lost: bool = False
    """The judge gave no usable reply."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """What came of a try without the evidence."""

    by: str
    outcome: Literal["hidden", "lucky", "found", "lost"]
    """`lucky`: right, by a guess where guessing can be right. `lost`: no usable reply."""
    said: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was said so far."""

    solved: tuple[Vote, ...] = ()
    judged: Judgement | None = None
    probed: Attempted | None = None

    @property
    def votes(self) -> tuple[Vote, ...]:
        return self.solved if self.judged is None else (*self.solved, self.judged.vote)

    @property
    def dissents(self) -> int:
        return sum(vote.stand not in ("gold", "silent") for vote in self.votes)

    @property
    def backers(self) -> tuple[int, ...]:
        """Voters who found the gold, each once, in the order they were asked."""
        return tuple(dict.fromkeys(vote.nth for vote in self.votes if vote.stand == "gold"))


@dataclass(frozen=True, slots=True)
class Solve:
    nth: int
    sample: int


@dataclass(frozen=True, slots=True)
class Ruling:
    check: str = ""
    """The check that failed; empty when the draft is proven."""
    reason: str = ""
    flaws: tuple[Flaw, ...] = ()


Step = Solve | Literal["judge", "probe"] | Ruling


def next_step(case: Case, seen: Seen) -> Step:
    """Who is asked next, or the ruling."""
    for rule in (_unique, _undisputed, _evidence_needed, _judge_asked, _criteria_met, _backed, _probe_asked):
        step = rule(case, seen)
        if step is not None:
            return step
    return Ruling()


def _unique(case: Case, seen: Seen) -> Step | None:
    stand = seen.judged.vote.stand if seen.judged else "silent"
    if seen.judged and ((stand == "several" and case.basis != "computed") or (stand == "none" and _written(case))):
        return Ruling("judged", f"not_unique: the judge holds {_held(seen.judged.vote)}")
    return None


def _held(vote: Vote) -> str:
    return "no answer right" if vote.stand == "none" else f"several answers right: {vote.said}"


def _written(case: Case) -> bool:
    return case.basis == "written"


def _undisputed(case: Case, seen: Seen) -> Step | None:
    """Two dissents end a written gold; a label of data ends when it cannot have as many votes as dissents."""
    if case.basis == "computed":
        return None
    gold = sum(vote.stand == "gold" for vote in seen.votes) + (seen.judged is None)
    if seen.dissents >= 2 if _written(case) else seen.dissents > gold:
        return _disputed(seen)
    return None


def _disputed(seen: Seen) -> Ruling:
    given = sum(vote.stand != "silent" for vote in seen.votes)
    return Ruling("solved_blind", f"gold_disputed: {seen.dissents} of {given} blind answers differ from the gold")


def _judge_asked(case: Case, seen: Seen) -> Step | None:
    if seen.judged is not None:
        lost = f"the judge gave no usable reply: {seen.judged.vote.said}"
        return Ruling("proof", lost) if seen.judged.lost else None
    if case.basis == "computed":
        return "judge"
    gold = sum(vote.stand == "gold" for vote in seen.solved)
    if _written(case):
        if gold == 0:
            return _another(case, seen) or _unbacked(seen)
        lacking = _lacking(case, seen, (*seen.backers, JUDGE))
        return lacking if isinstance(lacking, Ruling) else _probe_asked(case, seen) or "judge"
    another = _another(case, seen) if gold == 0 or seen.dissents > gold else None
    return another or (_probe_asked(case, seen) if gold else None) or "judge"


def _another(case: Case, seen: Seen, useful: Callable[[int], bool] = lambda nth: True) -> Solve | None:
    """The next solver, or after the last one the first again, once, with the options in another order."""
    asked = {(vote.nth, vote.sample) for vote in seen.solved}
    tries = [(nth, 0) for nth in range(len(case.solvers))] + [(0, 1)]
    return next((Solve(*one) for one in tries if one not in asked and useful(one[0])), None)


def _unbacked(seen: Seen) -> Ruling:
    if seen.dissents:
        return _disputed(seen)
    return Ruling("proof", f"too few usable answers: {_told(seen.votes) or 'none'}")


def _criteria_met(case: Case, seen: Seen) -> Step | None:
    judged = seen.judged
    unmet = [name for name in COUNTED[case.basis] if judged and name in judged.unmet]
    if judged is None or not unmet:
        return None
    why = judged.doubts.removeprefix(f"{unmet[0]}:").strip() or "the judge gives no reason"
    alone = len(unmet) == 1 and unmet[0] in MENDABLE
    sure = case.basis == "computed" or not seen.dissents
    flaws = (Flaw(check=unmet[0], says=why),) if alone and sure else ()
    return Ruling("judged", f"{', '.join(unmet)}: {why}", flaws)


def _backed(case: Case, seen: Seen) -> Step | None:
    """The gold has the votes its basis asks for."""
    if case.basis == "computed":
        return _read_alike(case, seen)
    if case.basis == "source":
        return None if seen.backers else _another(case, seen) or _unbacked(seen)
    return _lacking(case, seen, seen.backers)


def _lacking(case: Case, seen: Seen, backers: tuple[int, ...]) -> Step | None:
    """What a written gold with these backers still lacks: nothing, another solver, or anyone left to ask."""
    independent = not case.has_independent or any(not _is_kin(case, nth) for nth in backers)
    if len(backers) >= WRITTEN_VOTES and independent:
        return None
    more = _another(case, seen, lambda nth: nth not in backers and (independent or not _is_kin(case, nth)))
    return more or _unbacked(seen)


def _is_kin(case: Case, nth: int) -> bool:
    return case.judge_is_kin if nth == JUDGE else case.solvers[nth]


def _read_alike(case: Case, seen: Seen) -> Step | None:
    """A computed gold is right; where the judge reads the item in another way, one solver decides who misread it."""
    if seen.judged is None or seen.judged.vote.stand == "gold":
        return None
    stands = [vote.stand for vote in seen.solved if vote.stand != "silent"]
    if not stands:
        return _another(case, seen) or Ruling("proof", f"too few usable answers: {_told(seen.votes)}")
    if "gold" in stands:
        return None
    return Ruling("solved_blind", "unclear: neither the judge nor a solver comes to the computed answer")


def _probe_asked(case: Case, seen: Seen) -> Step | None:
    """Comes before the judge, once the gold was found: it costs a quarter of a judgement."""
    return "probe" if case.probed and seen.probed is None else None


def _evidence_needed(case: Case, seen: Seen) -> Step | None:
    if seen.probed is None:
        return None
    if seen.probed.outcome == "lost":
        return Ruling("proof", f"the try without evidence gave no usable reply: {seen.probed.said}")
    if seen.probed.outcome == "found":
        return Ruling("needs_evidence", f"answered without its evidence, {seen.probed.said}")
    return None


# -- what is said of it ---------------------------------------------------------------------------


def results(case: Case, seen: Seen, ruling: Ruling) -> tuple[CheckResult, ...]:
    """One result for each thing asked; only `proof` where models failed. Each has a detail."""
    if ruling.check == "proof":
        return (CheckResult(check="proof", passed=False, reason=ruling.reason, detail=_told(seen.votes) or "no reply"),)
    said: list[tuple[str, str]] = []
    if seen.solved and (ruling.check == "solved_blind" or _backed(case, seen) is None):
        said.append(("solved_blind", _told(seen.votes)))
    if seen.judged:
        said.append(("judged", _told_by_judge(seen.judged)))
    if seen.probed:
        said.append(("needs_evidence", f"{seen.probed.by} without evidence: {seen.probed.said}"))
    return tuple(
        CheckResult(check=name, passed=name != ruling.check, reason=ruling.reason * (name == ruling.check), detail=told)
        for name, told in said
    )


def _told(votes: tuple[Vote, ...]) -> str:
    return "; ".join(f"{'judge' if vote.nth == JUDGE else 'solver'} {vote.by}: {_answer(vote)}" for vote in votes)


def _answer(vote: Vote) -> str:
    return f"no vote ({vote.said})" if vote.stand == "silent" else f"{vote.said} ({vote.stand})"


def _told_by_judge(judged: Judgement) -> str:
    parts = [_told((judged.vote,)), judged.quote, f"not met: {', '.join(judged.unmet)}" if judged.unmet else ""]
    return "; ".join(part for part in (*parts, judged.doubts if judged.unmet else "") if part)
