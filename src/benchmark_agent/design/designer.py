"""Design without a model: capabilities of the catalogue, chosen by the goal's words and by what the pool can carry."""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from benchmark_agent.content import Modality
from benchmark_agent.design.asking import KNOWLEDGE, Asking
from benchmark_agent.design.catalogue import Capability, catalogue
from benchmark_agent.design.choosing import chosen_of, merged_of, wish_against
from benchmark_agent.design.coverage import spoken
from benchmark_agent.design.refusals import HELP, not_covered, obey, refusal
from benchmark_agent.design.situation import PoolView, Situation, situation
from benchmark_agent.design.types import Design, Feedback, Subtask
from benchmark_agent.design.understanding import Matched, Topic
from benchmark_agent.errors import StageError
from benchmark_agent.lexical import terms
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.cards import DatasetCard

Fits = Callable[[Subtask, DatasetCard], bool]
"""Whether some construction of the subtask type-checks on the dataset."""
IN_GENERAL = 0.5
"""Factor on the best score for what is asked of the subject in general."""
LIGHTER = 0.5
"""Factor on the weight of a subtask that allocation could not fill."""
_ONCE = "sent back once"


class Designer(Protocol):
    """Decides what a benchmark asks. Pure: the same arguments give the same design."""

    def propose(self, requirement: Requirement, pool: PoolView) -> Design:
        """The first design.

        Raises:
            UserError: a wish cannot be obeyed.
            StageError: the pool cannot serve the goal.
        """
        ...

    def revise(self, requirement: Requirement, design: Design, feedback: Sequence[Feedback], pool: PoolView) -> Design:
        """The design after subtasks were sent back: revised, replaced or discarded.

        Raises:
            StageError: when nothing is left.
        """
        ...


class CatalogueDesigner:
    """Chooses capabilities by keywords, in any language of the catalogue; needs no model."""

    def __init__(self, fits: Fits | None = None) -> None:
        """`fits`: a type check of subtask against card; without it, the catalogue's `needs` decide."""
        self._fits = fits

    def propose(self, requirement: Requirement, pool: PoolView) -> Design:
        here = situation(requirement, pool)
        ranked, reasons = self._candidates(here)
        chosen = chosen_of(here, ranked)
        if not chosen:
            raise refusal(here, reasons)
        kept, merged = merged_of(chosen)
        design = _design(here, kept, [*merged, *reasons], not_covered(here, chosen, ranked))
        obey(here.wishes, design)
        return design

    def revise(self, requirement: Requirement, design: Design, feedback: Sequence[Feedback], pool: PoolView) -> Design:
        here = situation(requirement, pool)
        ranked, _ = self._candidates(here)
        subtasks, discarded = list(design.subtasks), list(design.discarded)
        for said in feedback:
            subtasks = _sent_back(subtasks, discarded, said)
        gone = {line.split(":")[0] for line in discarded if _ONCE not in line}
        present = {subtask.capability for subtask in subtasks}
        room = max(1, len(feedback))
        spare = [each for each in ranked if each.capability.id not in gone | present][:room]
        spare, _ = merged_of(spare, beside=[each for each in ranked if each.capability.id in present])
        usual = sum(subtask.weight for subtask in design.subtasks) / len(design.subtasks)
        subtasks += [_subtask(each, here).model_copy(update={"weight": usual}) for each in spare]
        if not subtasks:
            said_why = "; ".join(f"{said.subtask_id!r}: {said.reason}" for said in feedback)
            raise StageError(f"no subtask of the goal is left: {said_why}. {HELP}")
        if not spare and subtasks == list(design.subtasks):
            raise StageError(f"design has nothing else to offer for the goal {requirement.goal!r}")
        lost = [_lost(said, design) for said in feedback if said.subtask_id not in {s.id for s in subtasks}]
        return design.model_copy(
            update={
                "subtasks": weighted(subtasks),
                "discarded": tuple(discarded),
                "not_covered": tuple(dict.fromkeys([*design.not_covered, *lost])),
            }
        )

    # -- what could be asked ------------------------------------------------------------------------

    def _candidates(self, here: Situation) -> tuple[list[Matched], list[str]]:
        """Capabilities the goal asks for and the pool could carry, best first; and why the others are out."""
        reasons: list[str] = []
        asking = Asking(here, lambda each: wish_against(each.capability, here.wishes) or self._no_data_for(each, here))
        skills = asking.skills(reasons)
        best = max((each.score for each in here.asked.matched), default=1 / IN_GENERAL) * IN_GENERAL
        if not here.asked.not_offered:
            skills = asking.with_usual(skills, best)
        known = {each.capability.id for each in (*here.asked.matched, *skills)} | set(here.asked.avoided)
        general = [each for each in catalogue().capabilities if each.general and each.id not in known]
        left = asking.left(skills) if not here.asked.not_offered else []
        return [*skills, *asking.serving(general, left or _known_in_general(skills), best)], reasons

    def _no_data_for(self, matched: Matched, here: Situation) -> str:
        """Why no dataset could carry the capability; empty when one could."""
        subtask, capability = _subtask(matched, here), matched.capability
        shaped = [card for card in here.cards if self._fit(subtask, capability, card)]
        if not shaped:
            return "no dataset has the fields it needs"
        about = set(terms(" ".join(capability.topics))) if capability.skill_in == "data" else set()
        skilled = [card for card in shaped if not about or about & spoken(card)]
        if not skilled:
            return f"no dataset of the right shape is about {', '.join(capability.topics[:3])}"
        asked = set(terms(" ".join(matched.domain)))
        if asked and not any(asked & spoken(card) for card in skilled):
            return f"no dataset of the right shape is about {', '.join(matched.domain[:3])}"
        return ""

    def _fit(self, subtask: Subtask, capability: Capability, card: DatasetCard) -> bool:
        return self._fits(subtask, card) if self._fits else has_needed(capability, card)


def _known_in_general(skills: Sequence[Matched]) -> list[Topic]:
    """The subject knowledge of which is asked in general; none where other skills or subjects are listed beside it."""
    knowledge = [each for each in skills if each.capability.id in KNOWLEDGE]
    topics = {topic for each in skills for topic in each.topics}
    alone = len(knowledge) == len(skills) or (
        len({topic.words for topic in topics}) == 1 and all(each.capability.acts for each in skills)
    )
    return sorted(topics, key=lambda topic: topic.span) if knowledge and alone else []


def has_needed(capability: Capability, card: DatasetCard, made: Collection[Modality] = ()) -> bool:
    """Whether the dataset has the fields the catalogue says the capability needs.

    A question about an image or a recording is no question of text: without what it is about it has no answer.

    Args:
        made: modalities that can be made here of what a dataset says; sound, where nothing speaks, it must have.
    """
    if "audio" in capability.requires and "audio" not in {*card.modalities, *made}:
        return False
    present = {str(kind) for field in card.fields for kind in (field.role, field.type, field.modality)}
    needs = capability.needs or ("+".join(capability.requires or ("text",)),)
    about_media = bool(present & {"image", "audio"}) and not capability.requires
    return any(set(need.split("+")) <= present and not (about_media and "question" in need) for need in needs)


# -- putting it down -------------------------------------------------------------------------------------


def _subtask(matched: Matched, here: Situation) -> Subtask:
    capability, wishes = matched.capability, here.wishes
    skill = capability.topics if capability.skill_in == "data" else ()
    return Subtask(
        id=capability.id,
        name=capability.name,
        description=capability.description,
        capability=capability.id,
        answer_kinds=tuple(kind for kind in capability.answer_kinds if kind in wishes.answer_kinds)
        or capability.answer_kinds,
        modalities=tuple(kind for kind in capability.modalities if kind in wishes.modalities),
        requires=capability.requires,
        target_signal=capability.target_signal,
        constructions=capability.constructions,
        skill_in=capability.skill_in,
        domain=matched.domain,
        topics=tuple(dict.fromkeys((*matched.domain, *skill))),
        # The square root keeps a capability with many keywords in the goal from taking the benchmark over.
        weight=min(1.0, max(0.01, matched.score**0.5 / 10)),
    )


def weighted(subtasks: Sequence[Subtask]) -> tuple[Subtask, ...]:
    """Weights that sum to 1, to four places."""
    total = sum(subtask.weight for subtask in subtasks)
    shares = [round(subtask.weight / total, 4) for subtask in subtasks]
    shares[0] = round(1 - sum(shares[1:]), 4)
    return tuple(s.model_copy(update={"weight": share}) for s, share in zip(subtasks, shares, strict=True))


def _design(here: Situation, kept: Sequence[Matched], discarded: Sequence[str], lacking: Sequence[str]) -> Design:
    return Design(
        topic=here.requirement.goal,
        subtasks=weighted([_subtask(each, here) for each in kept]),
        not_covered=tuple(lacking),
        domain=tuple(dict.fromkeys(word for each in kept for word in each.domain)),
        wishes=here.wishes.notes,
        discarded=tuple(discarded),
    )


# -- feedback --------------------------------------------------------------------------------------------


def _sent_back(subtasks: list[Subtask], discarded: list[str], said: Feedback) -> list[Subtask]:
    """The subtasks after one was sent back; `discarded` gets the line that says so."""
    subtask = next((each for each in subtasks if each.id == said.subtask_id), None)
    if subtask is None:
        return subtasks
    before = any(line.startswith(f"{subtask.id}: {_ONCE}") for line in discarded)
    if said.stage == "allocation" and not before:
        discarded.append(f"{subtask.id}: {_ONCE} by allocation, given less weight: {said.reason}")
        lighter = subtask.model_copy(update={"weight": subtask.weight * LIGHTER})
        return [lighter if each is subtask else each for each in subtasks]
    discarded.append(f"{subtask.id}: sent back by {said.stage}: {said.reason}")
    return [each for each in subtasks if each is not subtask]


def _lost(said: Feedback, design: Design) -> str:
    name = next((s.name for s in design.subtasks if s.id == said.subtask_id), said.subtask_id)
    return f"{name} ({said.reason})"
