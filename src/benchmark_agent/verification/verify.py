"""Drafts -> Verdicts: the only place an Item is made."""

from collections.abc import Callable, Iterable, Sequence

from benchmark_agent.answers import AnswerKey, Scorer
from benchmark_agent.content import Part
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import MediaError
from benchmark_agent.realization.types import Draft, Failure
from benchmark_agent.record import digest_of
from benchmark_agent.tools import Media
from benchmark_agent.verification.sets import SetChecks, Signature
from benchmark_agent.verification.types import Check, CheckContext, CheckResult, Item, Verdict

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def draft_key(draft: Draft) -> AnswerKey:
    """The answer key with options in the draft's order."""
    body = draft.body
    if body.answer_kind == "choice":
        answer = letters_of(body.options, (body.answer,))
    elif body.answer_kind == "multi_choice":
        answer = letters_of(body.options, body.answer.split("\n"))
    else:
        answer = body.answer
    return AnswerKey(answer_kind=body.answer_kind, options=body.options, answer=answer, accepted=body.accepted)


def letters_of(options: Sequence[str], right: Iterable[str]) -> str:
    """Letters of the right options in order; empty where one is not among the options."""
    wanted = set(right)
    if not wanted <= set(options) or len(options) > len(LETTERS):
        return ""
    return "".join(LETTERS[k] for k, option in enumerate(options) if option in wanted)


def check_draft(
    draft: Draft,
    subtask: Subtask,
    checks: Iterable[Check],
    scorer: Callable[[str], Scorer],
    media: Media,
    languages: tuple[str, ...] = (),
) -> tuple[CheckResult, ...]:
    """What every check says of one draft, in the order of the checks."""

    def read(part: Part) -> bytes:
        if part.type == "text":
            raise MediaError("a text part has no file")
        return media.read(part)

    context = CheckContext(
        subtask=subtask,
        key=draft_key(draft),
        scorer=scorer(draft.body.scorer or draft.body.answer_kind),
        read_media=read,
        languages=languages,
    )
    return (_on_subtask(draft, subtask), *(check(draft, context) for check in checks))


def _on_subtask(draft: Draft, subtask: Subtask) -> CheckResult:
    """Has the item the kind of answer and the modalities the subtask asks for?"""
    body, shown = draft.body, {part.type for part in draft.body.input}
    reason = ""
    if body.answer_kind not in subtask.answer_kinds:
        reason = f"its answer is of kind {body.answer_kind!r}, not {' or '.join(subtask.answer_kinds)}"
    elif extra := shown - {"text", *subtask.modalities}:
        reason = f"it shows {', '.join(sorted(extra))}, which the subtask does not allow"
    elif lacking := set(subtask.requires) - {"text"} - shown:
        reason = f"it shows no {' and no '.join(sorted(lacking))}, which the subtask requires"
    return CheckResult(check="on_subtask", passed=not reason, reason=reason)


def failed(failure: Failure, candidate_id: str) -> Verdict:
    """The verdict on a job that gave no draft."""
    return Verdict(
        job_id=failure.job_id,
        subtask_id=failure.subtask_id,
        candidate_id=candidate_id,
        status="unrun" if failure.boundary == "Unreached" else "failed",
        reason=f"{failure.boundary}: {failure.message}",
    )


def admit(
    draft: Draft,
    candidate_id: str,
    results: tuple[CheckResult, ...],
    subtask: Subtask,
    sets: SetChecks,
    signature: Signature | None = None,
) -> Verdict:
    """The verdict on a draft, given what its own checks and the items accepted before it say.

    Call it in the order of the plan: what is accepted depends on what was accepted before.
    """
    if all(result.passed for result in results):
        results = (*results, *sets.admit(draft, signature))
    missed = next((result for result in results if not result.passed), None)
    if missed:
        return Verdict(
            job_id=draft.job_id,
            subtask_id=draft.subtask_id,
            candidate_id=candidate_id,
            status="rejected",
            checks=results,
            reason=missed.check,
        )
    item = make_item(draft, results, subtask, sets)
    sets.record(draft, signature)
    return Verdict(
        job_id=draft.job_id,
        subtask_id=draft.subtask_id,
        candidate_id=candidate_id,
        status="repaired" if draft.mended else "accepted",
        checks=results,
        item=item,
    )


def make_item(draft: Draft, results: tuple[CheckResult, ...], subtask: Subtask, sets: SetChecks) -> Item:
    """The item of an accepted draft, its options in their final order."""
    body = draft.body
    options, answer = sets.place(draft)
    identity = digest_of([draft.job_id, body.model_dump(mode="json")])
    return Item(
        id=f"{draft.subtask_id}-{identity}",
        subtask=draft.subtask_id,
        answer_kind=body.answer_kind,
        input=tuple(_shown(part) for part in body.input),
        question=body.question,
        options=options,
        answer=answer,
        accepted=body.accepted,
        scorer=body.scorer or body.answer_kind,
        gold_basis=body.gold_basis,
        target_signal=subtask.target_signal,
        evidence=body.evidence,
        sources=draft.rows,
        recipe=draft.trace,
        checks=results,
        proof=body.proof,
        alt=body.alt,
    )


def _shown(part: Part) -> Part:
    """A part as an item has it: a recording does not carry its script, nor a picture what was done to it."""
    return part.model_copy(update={"made": None}) if part.type != "text" and part.made else part
