"""Proof by models: blind solving, a judge who does not know the key, and a try without the evidence."""

from collections.abc import Callable
from dataclasses import replace

from benchmark_agent import prompts
from benchmark_agent.answers import AnswerKey, Scorer
from benchmark_agent.content import Composed
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import ModelError
from benchmark_agent.models import Ask
from benchmark_agent.realization.types import Draft
from benchmark_agent.verification.proof import mending
from benchmark_agent.verification.proof.reading import (
    laid_out,
    media_of,
    option_lines,
    quoted_in,
    shorten,
    stand_of,
)
from benchmark_agent.verification.proof.replies import Judged, Probed, Solved
from benchmark_agent.verification.proof.rules import (
    JUDGE,
    Attempted,
    Case,
    Judgement,
    Ruling,
    Seen,
    Solve,
    Stand,
    Vote,
    next_step,
    results,
)
from benchmark_agent.verification.types import Flaw, Proof

GUESSABLE = ("choice", "multi_choice", "binary", "label")
"""Kinds of answer that can be right by luck."""


class ModelProver:
    """Proves drafts by the votes of models, and has the writer mend them."""

    def __init__(self, ask: Ask, goal: str, score: Callable[[str], Scorer], seed: int):
        """`goal`: the user's, in their words. `score`: the scorer of a name. `seed`: of the requirement."""
        self._ask, self._goal, self._score, self._seed = ask, goal, score, seed

    def prove(self, draft: Draft, subtask: Subtask) -> Proof:
        """Asks no more than the verdict needs: three models at most where all agree, one for a computed gold.

        Raises:
            Unreached, BudgetReached: the draft has no verdict.
        """
        case, seen = self._case(draft.body), Seen()
        while not isinstance(step := next_step(case, seen), Ruling):
            if isinstance(step, Solve):
                seen = replace(seen, solved=(*seen.solved, self._solve(draft, step)))
            elif step == "judge":
                seen = replace(seen, judged=self._judge(draft, subtask))
            else:
                seen = replace(seen, probed=self._probe(draft, seen))
        return Proof(results=results(case, seen, step), flaws=step.flaws)

    def mend(self, draft: Draft, subtask: Subtask, flaws: tuple[Flaw, ...]) -> Draft | None:
        """The draft as the writer rewords it, or None where nothing changed or the gold moved.

        Raises:
            Unreached, BudgetReached: it is not known.
        """
        return mending.mend(self._ask, draft, flaws)

    def _case(self, body: Composed) -> Case:
        writers = {self._ask.family(model) for model in self._ask.models("writer")}
        return Case(
            basis=body.gold_basis,
            solvers=tuple(self._ask.family(model) in writers for model in self._ask.models("solver")),
            judge_is_kin=all(self._ask.family(model) in writers for model in self._ask.models("judge")),
            has_evidence=bool(body.evidence),
        )

    def _solve(self, draft: Draft, step: Solve) -> Vote:
        body, by = draft.body, self._ask.models("solver")[step.nth]
        shown = laid_out(draft, self._seed, f"solver {step.nth}", step.sample)
        try:
            reply = self._ask(
                "solver",
                prompts.load("verification/solve"),
                Solved,
                media_of(body.input),
                nth=step.nth,
                sample=step.sample,
                input=body.input,
                question=body.question,
                kind=body.answer_kind,
                options=option_lines(body.answer_kind, shown.options),
            )
        except ModelError as error:
            return Vote(by, step.nth, step.sample, "silent", str(error))
        return Vote(by, step.nth, step.sample, *self._read(body, reply.answer, shown))

    def _judge(self, draft: Draft, subtask: Subtask) -> Judgement:
        body, by = draft.body, self._ask.models("judge")[0]
        shown = laid_out(draft, self._seed, "judge")
        try:
            reply = self._ask(
                "judge",
                prompts.load("verification/judge"),
                Judged,
                media_of(body.input),
                goal=self._goal,
                subtask=subtask.name,
                description=subtask.description,
                signal=subtask.target_signal,
                input=body.input,
                question=body.question,
                kind=body.answer_kind,
                options=option_lines(body.answer_kind, shown.options),
            )
        except ModelError as error:
            return Judgement(Vote(by, JUDGE, 0, "silent", str(error)), lost=True)
        stand, said = self._read(body, reply.answer, shown)
        found = quoted_in(reply.quote, body)
        counts = ("other", "gold") if body.gold_basis == "written" else ("other",)
        if found is False and reply.quote.strip() and stand in counts:
            # Words nobody wrote carry no vote; another solver is asked. A gold of the data rests on more than votes.
            stand, said = "silent", f"{said} with a quote that stands nowhere"
        vote = Vote(by, JUDGE, 0, stand, said)
        return Judgement(vote, reply.unmet, " ".join(reply.doubts.split()), _quoted(reply.quote, found))

    def _probe(self, draft: Draft, seen: Seen) -> Attempted:
        """The solver that found the gold tries without the evidence: it is known to be able."""
        body = draft.body
        nth = next((vote.nth for vote in seen.solved if vote.stand == "gold"), 0)
        by = self._ask.models("solver")[nth]
        shown = laid_out(draft, self._seed, "probe")
        left = tuple(part for index, part in enumerate(body.input) if index not in body.evidence)
        try:
            reply = self._ask(
                "solver",
                prompts.load("verification/probe"),
                Probed,
                media_of(left),
                nth=nth,
                sample=0,
                input=left,
                question=body.question,
                kind=body.answer_kind,
                options=option_lines(body.answer_kind, shown.options),
            )
        except ModelError as error:
            return Attempted(by, "lost", str(error))
        stand, said = self._read(body, reply.answer, shown)
        told = f"{said}, by {reply.found_by}"
        if stand != "gold":
            return Attempted(by, "hidden", told)
        lucky = reply.found_by == "guess" and body.answer_kind in GUESSABLE
        return Attempted(by, "lucky" if lucky else "found", told)

    def _read(self, body: Composed, answer: str, shown: AnswerKey) -> tuple[Stand, str]:
        return stand_of(answer, shown, self._score(body.scorer or body.answer_kind), self._score("multi_choice"))


def _quoted(quote: str, found: bool | None) -> str:
    """What a result says of a quote; nothing where there is none, or none to look it up in."""
    if found is None or not quote.strip():
        return ""
    return f"quotes {shorten(quote)}, which stands {'' if found else 'not '}in the evidence"
