"""Design by a model: propose, review, revise. What it says is bounded by code; ids, weights and refusals are ours."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from benchmark_agent import prompts
from benchmark_agent.design.choosing import MOST_LISTED
from benchmark_agent.design.designer import LIGHTER, weighted
from benchmark_agent.design.digest import (
    WRITER_SHORT,
    capability_digest,
    clipped,
    numbered,
    outline,
    pool_digest,
    writer_digest,
)
from benchmark_agent.design.proposal import Gap, Proposal, Review, Revision
from benchmark_agent.design.refusals import HELP, obey, unmet
from benchmark_agent.design.settling import FROM_GOAL, SHOWN_SIGNAL, Bounds, Settled, bounds, settled, wishes_of
from benchmark_agent.design.situation import PoolView, some
from benchmark_agent.design.types import Design, Feedback, Subtask
from benchmark_agent.design.wishes import ANSWER_KINDS
from benchmark_agent.errors import ModelError, StageError, UserError
from benchmark_agent.lexical import terms
from benchmark_agent.models import Ask
from benchmark_agent.requirement import Requirement
from benchmark_agent.tools import Tool

POOL_AT_FIRST, POOL_IN_REVIEW, POOL_AGAIN = 4000, 1200, 2200
CAPABILITIES_AT_FIRST, CAPABILITIES_AGAIN = 1600, 800
"""Characters a planner reads of the pool and of the catalogue."""
MOST_PARTS, MOST_LINES = 8, 8
"""Parts of the goal; lines of wishes, of what is missing."""
PART, REASON, PROBLEM = 160, 240, 400
"""Characters of a part, of a reason, of what a review wants changed."""
UNCOVERED = "no subtask covers it"
OTHER_PLANNER = "Name a stronger planner with '--role planner=PROVIDER/MODEL', or leave out the models"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A design in the making."""

    parts: tuple[str, ...]
    subtasks: tuple[Subtask, ...]
    excused: Mapping[str, str]
    """Parts nothing covers, with the reason."""
    wishes: tuple[str, ...]
    """Each with how it is obeyed, or that it is refused."""
    discarded: tuple[str, ...]
    not_covered: tuple[str, ...] = ()
    """Lines of an earlier design."""

    def design(self, goal: str) -> Design:
        covered = {part for subtask in self.subtasks for part in _covers(subtask)}
        gaps = [f"{part} ({self.excused.get(part) or UNCOVERED})" for part in self.parts if part not in covered]
        refused = [line for line in self.wishes if line.lower().startswith("refused")]
        return Design(
            topic=goal,
            subtasks=weighted(self.subtasks),
            not_covered=tuple(dict.fromkeys((*self.not_covered, *gaps, *refused))),
            wishes=self.wishes,
            discarded=tuple(dict.fromkeys(self.discarded)),
        )


def _covers(subtask: Subtask) -> tuple[str, ...]:
    return subtask.covers or (subtask.name,)


class AgentDesigner:
    """Designs with a planner model: one call, a review of it, and a revision where the review asks for one."""

    def __init__(self, ask: Ask, tools: Sequence[Tool]) -> None:
        """`tools`: those that can run here, tools that write with a model included."""
        self._ask = ask
        self._tools = tuple(tools)

    def propose(self, requirement: Requirement, pool: PoolView) -> Design:
        within = bounds(requirement, pool, self._tools)
        _refuse_unshown(within)
        proposal = self._proposal(within)
        parts = tuple(clipped(part, PART) for part in proposal.parts if terms(part))[:MOST_PARTS] or (requirement.goal,)
        found = settled(proposal.subtasks, parts, within, within.room)
        said = [wish for wish in proposal.wishes if terms(re.sub(r"^\W*(obeyed|refused)\b", "", wish, flags=re.I))]
        wishes = [clipped(wish, REASON) for wish in said][:MOST_LINES]
        excused = _excused(proposal.not_covered, parts)
        draft = _Draft(parts, found.subtasks, excused, (*within.wishes.notes, *wishes), found.dropped)
        if "design_review" not in requirement.without:
            draft = self._reviewed(draft, found, within)
        if not draft.subtasks:
            raise self._nothing(draft, within)
        design = draft.design(requirement.goal)
        obey(within.wishes, design)
        return design

    def revise(self, requirement: Requirement, design: Design, feedback: Sequence[Feedback], pool: PoolView) -> Design:
        """What grounding or verification sent back is replaced or goes; what allocation could not fill weighs less.

        Nothing else of a subtask that stays is changed, so that it need not be grounded again.
        """
        within = bounds(requirement, pool, self._tools)
        short = {said.subtask_id: said.reason for said in feedback if said.stage == "allocation"}
        back = {said.subtask_id: clipped(said.reason, REASON) for said in feedback if said.stage != "allocation"}
        said = [f"{each.subtask_id}: sent back by {each.stage}: {clipped(each.reason, REASON)}" for each in feedback]
        draft = _Draft(
            parts=tuple(dict.fromkeys(part for subtask in design.subtasks for part in _covers(subtask))),
            subtasks=tuple(_lighter(each) if each.id in short else each for each in design.subtasks),
            excused={},
            wishes=design.wishes,
            discarded=(*design.discarded, *said),
            not_covered=design.not_covered,
        )
        missing = [
            f"a subtask on other data beside {each.name!r}: {clipped(short[each.id], REASON)}"
            for each in design.subtasks
            if each.id in short
        ]
        failed = frozenset(_content(each) for each in design.subtasks if each.id in back)
        revised = self._revised(draft, back, missing, within, failed)
        if not revised.subtasks:
            raise StageError(f"no subtask of the goal is left: {'; '.join(said)}. {HELP}")
        if not back and len(revised.subtasks) == len(design.subtasks):
            raise StageError(f"design has nothing else to offer for the goal {requirement.goal!r}")
        lost = {part: back[each.id] for each in design.subtasks if each.id in back for part in _covers(each)}
        return replace(revised, excused={**lost, **revised.excused}).design(requirement.goal)

    # -- calls ---------------------------------------------------------------------------------------

    def _proposal(self, within: Bounds) -> Proposal:
        try:
            return self._ask(
                "planner",
                prompts.load("design/propose"),
                Proposal,
                goal=within.requirement.goal,
                wishes=_wishes(within),
                pool=pool_digest(within.cards, within.nearest(), POOL_AT_FIRST),
                capabilities=capability_digest(within.requirement.goal, within.usable, CAPABILITIES_AT_FIRST),
                writers=writer_digest(within.tools),
                most=within.room,
            )
        except ModelError as error:
            raise StageError(f"the planner {self._planner!r} gave no design: {error}. {OTHER_PLANNER}") from error

    def _review(self, draft: _Draft, within: Bounds) -> Review:
        return self._ask(
            "planner",
            prompts.load("design/review"),
            Review,
            goal=within.requirement.goal,
            wishes=_wishes(within),
            goal_parts=_parts(draft),
            subtasks=numbered(outline(each, draft.parts) for each in weighted(draft.subtasks)),
            pool=pool_digest(within.cards, within.nearest(draft.subtasks), POOL_IN_REVIEW),
            writers=writer_digest(within.tools, WRITER_SHORT),
        )

    def _revision(
        self, draft: _Draft, back: Mapping[str, str], missing: Sequence[str], within: Bounds, most: int
    ) -> Revision:
        shares = weighted(draft.subtasks) if draft.subtasks else ()
        return self._ask(
            "planner",
            prompts.load("design/revise"),
            Revision,
            goal=within.requirement.goal,
            wishes=_wishes(within),
            goal_parts=_parts(draft),
            staying="\n".join(f"- {outline(each, draft.parts)}" for each in shares if each.id not in back),
            returned="\n".join(
                f"- {outline(each, draft.parts)}\n  Reason: {back[each.id]}" for each in shares if each.id in back
            ),
            missing="\n".join(f"- {line}" for line in missing),
            pool=pool_digest(within.cards, within.nearest(draft.subtasks), POOL_AGAIN),
            capabilities=capability_digest(within.requirement.goal, within.usable, CAPABILITIES_AGAIN),
            writers=writer_digest(within.tools),
            most=most,
        )

    # -- what follows from them ----------------------------------------------------------------------

    def _reviewed(self, draft: _Draft, found: Settled, within: Bounds) -> _Draft:
        """The draft after its review, and after one revision where the review or a wish asks for it."""
        review, note = Review(fine=True), ""
        if draft.subtasks:
            try:
                review = self._review(draft, within)
            except ModelError as error:
                note = f"review: not made: {clipped(str(error), REASON)}"
        gone, back = _judged(review, draft.subtasks)
        lines = [f"{each.name}: discarded in review: {gone[each.id]}" for each in draft.subtasks if each.id in gone]
        rest = replace(
            draft,
            subtasks=tuple(each for each in draft.subtasks if each.id not in gone),
            discarded=(*draft.discarded, *lines, *([note] if note else [])),
        )
        missing = [] if review.fine else [clipped(line, REASON) for line in review.missing if terms(line)][:MOST_LINES]
        broken = [*found.broken, *(what for what, _ in unmet(within.wishes, rest.subtasks) if found.subtasks)]
        if not (back or missing or broken):
            return rest
        revised = self._revised(rest, back, [*broken, *missing], within)
        if revised.subtasks or not draft.subtasks:
            return revised
        return replace(draft, discarded=(*draft.discarded, "review: its revision left nothing; the first set stands"))

    def _revised(
        self,
        draft: _Draft,
        back: Mapping[str, str],
        missing: Sequence[str],
        within: Bounds,
        failed: frozenset[str] = frozenset(),
    ) -> _Draft:
        """The draft without what is sent back and with what comes in its place. `failed`: contents not taken again."""
        staying = tuple(each for each in draft.subtasks if each.id not in back)
        one_more = not within.wishes.subtasks and len(staying) < min(MOST_LISTED, within.requirement.size)
        most = max(within.room - len(staying), int(one_more))
        if most < 1:
            return replace(draft, subtasks=staying)
        lines: list[str] = []
        try:
            revision = self._revision(draft, back, missing, within, most)
        except ModelError as error:
            revision = Revision()
            lines.append(f"revision: not made: {clipped(str(error), REASON)}")
        instead = tuple(each for each in draft.subtasks if each.id in back)
        found = settled(revision.subtasks, draft.parts, within, most, beside=staying, instead=instead)
        fresh = tuple(each for each in found.subtasks if _content(each) not in failed)
        lines += [f"{each.name}: came back as it was" for each in found.subtasks if each not in fresh]
        return replace(
            draft,
            subtasks=(*staying, *fresh),
            excused={**draft.excused, **_excused(revision.not_covered, draft.parts)},
            discarded=(*draft.discarded, *found.dropped, *lines),
        )

    # -- errors --------------------------------------------------------------------------------------

    @property
    def _planner(self) -> str:
        return ", ".join(self._ask.models("planner"))

    def _nothing(self, draft: _Draft, within: Bounds) -> StageError:
        if draft.excused and not draft.discarded:
            why = "; ".join(f"{part} ({reason})" for part, reason in draft.excused.items())
            held = some([card.id for card in within.cards])
            return StageError(f"the pool cannot serve this goal. Not covered: {why}. The pool holds: {held}. {HELP}")
        why = "; ".join(draft.discarded[:4]) or "it named no subtask"
        return StageError(
            f"nothing of what the planner {self._planner!r} proposed can be used: {why}. {OTHER_PLANNER}; or: {HELP}"
        )


class DirectDesigner:
    """One subtask that is the goal itself; asks nobody. What `--direct` builds, to measure the agents against."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        """`tools`: those that can run here."""
        self._writers = [tool for tool in tools if tool.name == FROM_GOAL]

    def propose(self, requirement: Requirement, pool: PoolView) -> Design:
        wishes = wishes_of(requirement)
        kinds = ("choice",) if wishes.answer_kinds == ANSWER_KINDS else wishes.answer_kinds
        writable = {kind for tool in self._writers for kind in tool.answer_kinds}
        shown = wishes.one_of or wishes.each_of or (() if "text" in wishes.modalities else wishes.modalities)
        if shown:
            raise UserError(
                f"'--direct' writes items of text, and {' or '.join(shown)} is wanted; leave out '--direct'"
            )
        if not writable & set(kinds):
            can = ", ".join(kind for kind in ANSWER_KINDS if kind in writable) or f"nothing without {FROM_GOAL!r}"
            raise UserError(f"'--direct' can write {can}, and {', '.join(kinds)} is wanted; change '--answer-kind'")
        several = f"subtasks: 1, not {wishes.subtasks}: '--direct' does not design"
        subtask = Subtask(
            id="goal",
            name="The goal",
            description=requirement.goal,
            capability="",
            answer_kinds=tuple(kind for kind in kinds if kind in writable),
            modalities=("text",),
            target_signal=SHOWN_SIGNAL,
            constructions=(FROM_GOAL,),
            skill_in="construction",
            covers=(requirement.goal,),
            weight=1.0,
        )
        return Design(
            topic=requirement.goal,
            subtasks=(subtask,),
            wishes=(*wishes.notes, *([several] if (wishes.subtasks or 1) > 1 else [])),
        )

    def revise(self, requirement: Requirement, design: Design, feedback: Sequence[Feedback], pool: PoolView) -> Design:
        why = "; ".join(said.reason for said in feedback)
        raise StageError(f"'--direct' has no other subtask than the goal itself: {why}")


def _refuse_unshown(within: Bounds) -> None:
    """Raises UserError, before a call is paid for, when every item must show what nothing here can."""
    wanted = set(within.wishes.one_of)
    if wanted and not wanted & within.shown and not any(wanted & set(each.requires) for each in within.usable):
        kinds = " or ".join(within.wishes.one_of)
        raise UserError(
            f"every item must show {kinds} by the goal or '--modality', and the pool has only "
            f"{', '.join(sorted(within.shown))}; word the goal without it, or give data with '--pool PATH'"
        )


def _wishes(within: Bounds) -> str:
    return "\n".join([*within.wishes.notes, f"items: {within.requirement.size} in all"])


def _parts(draft: _Draft) -> str:
    return numbered(
        f"{part} (not covered: {draft.excused[part]})" if part in draft.excused else part for part in draft.parts
    )


def _excused(gaps: Sequence[Gap], parts: Sequence[str]) -> dict[str, str]:
    """For parts of the goal, why nothing covers them; gaps of parts that do not exist say nothing."""
    return {parts[gap.part - 1]: clipped(gap.reason, REASON) for gap in gaps if 1 <= gap.part <= len(parts)}


def _judged(review: Review, subtasks: Sequence[Subtask]) -> tuple[dict[str, str], dict[str, str]]:
    """Subtasks the review discards and those it wants revised, by id, each with the reason.

    A review that discards everything asks for another set; one that finds the set fine asks for no revision.
    """
    gone: dict[str, str] = {}
    back: dict[str, str] = {}
    for each in review.judgements:
        if 1 <= each.subtask <= len(subtasks) and each.verdict != "keep":
            why = clipped(each.problem, PROBLEM) or "the review gives no reason"
            (gone if each.verdict == "discard" else back)[subtasks[each.subtask - 1].id] = why
    if len(gone) == len(subtasks):
        return {}, {**back, **gone}
    return gone, {} if review.fine else {name: why for name, why in back.items() if name not in gone}


def _content(subtask: Subtask) -> str:
    return subtask.model_copy(update={"weight": 1.0}).fingerprint()


def _lighter(subtask: Subtask) -> Subtask:
    return subtask.model_copy(update={"weight": subtask.weight * LIGHTER})
