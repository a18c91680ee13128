"""Explicit wishes, from the goal and from flags: settled before anything is designed, obeyed or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from benchmark_agent.content import AnswerKind, Modality
from benchmark_agent.design.goal import Goal, read_goal
from benchmark_agent.design.understanding import understand
from benchmark_agent.errors import UserError
from benchmark_agent.requirement import Requirement

MODALITIES: tuple[Modality, ...] = get_args(Modality)
ANSWER_KINDS: tuple[AnswerKind, ...] = get_args(AnswerKind)
MOST_SUBTASKS = 20


@dataclass(frozen=True, slots=True)
class Wishes:
    """What every item must keep to."""

    modalities: tuple[Modality, ...]
    """An item's input may have no others."""
    one_of: tuple[Modality, ...]
    """Every item's input must have one of these; empty means any will do."""
    each_of: tuple[Modality, ...]
    """Each of these must be served by some subtask."""
    answer_kinds: tuple[AnswerKind, ...]
    languages: tuple[str, ...]
    """ISO 639-1 codes; empty means any."""
    without_languages: tuple[str, ...]
    mixes: bool
    """Every item shows several languages, which change within it."""
    mixed_languages: tuple[str, ...]
    """Those, where the goal names them."""
    subtasks: int | None
    notes: tuple[str, ...]
    """Each wish, and how it is obeyed."""


def with_wishes(requirement: Requirement) -> Requirement:
    """The requirement with what its goal wishes written into its fields, so that every stage obeys it.

    Raises:
        UserError: when goal and flags contradict each other.
    """
    goal = read_goal(requirement.goal)
    wishes = settle(requirement, goal, understand(goal).modalities)
    return requirement.model_copy(
        update={
            "modalities": None if wishes.modalities == MODALITIES else tuple(sorted(wishes.modalities)),
            "languages": wishes.languages,
            "answer_kinds": () if wishes.answer_kinds == ANSWER_KINDS else wishes.answer_kinds,
            "subtasks": wishes.subtasks,
        }
    )


def settle(requirement: Requirement, goal: Goal, shown: tuple[Modality, ...]) -> Wishes:
    """Goal and flags together; flags win where both speak. `shown`: what the goal wishes all items to show.

    Raises:
        UserError: when they contradict each other, or leave nothing.
    """
    notes: list[str] = []
    modalities, one_of, each_of = _modalities(requirement, goal, shown, notes)
    kinds = _answer_kinds(requirement, goal, notes)
    languages = _languages(requirement, goal, notes)
    subtasks = _subtasks(requirement, goal, notes)
    if goal.items is not None and goal.items != requirement.size:
        notes.append(f"size: the goal speaks of {goal.items} items; --size {requirement.size} decides")
    return Wishes(
        modalities=modalities,
        one_of=one_of,
        each_of=each_of,
        answer_kinds=kinds,
        languages=languages,
        without_languages=goal.without_languages,
        mixes=goal.mixes,
        mixed_languages=goal.mixed_languages,
        subtasks=subtasks,
        notes=tuple(notes),
    )


def _contradiction(what: str, goal_says: str, flag: str, flag_says: str) -> UserError:
    return UserError(
        f"goal and flags contradict each other on the {what}: the goal says {goal_says}, and {flag} says {flag_says}; "
        f"change the goal or leave out {flag}"
    )


def _said_by(flag: str, flagged: object, wanted: object) -> str:
    """Who said it; `with_wishes` writes what the goal wishes where the flags stand."""
    return flag if flagged and flagged != wanted else "goal"


def _joined(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _modalities(
    requirement: Requirement, goal: Goal, wanted: tuple[Modality, ...], notes: list[str]
) -> tuple[tuple[Modality, ...], tuple[Modality, ...], tuple[Modality, ...]]:
    flagged, without = requirement.modalities, goal.without_modalities
    if flagged is not None:
        if set(goal.modalities) - set(flagged):
            raise _contradiction("input", _joined(goal.modalities), "--modality", _joined(flagged))
        if set(without) & set(flagged):
            raise _contradiction("input", f"without {_joined(without)}", "--modality", _joined(flagged))
        notes.append(f"input: only {', '.join(flagged)} (--modality)")
        media = () if "text" in wanted else wanted
        return flagged, _media_of(flagged, media), wanted if len(wanted) > 1 else ()
    if without:
        notes.append(f"input: no {', '.join(without)} (goal)")
    if wanted == ("text",):
        notes.append("input: only text (goal)")
        return ("text",), (), ()
    if wanted:
        notes.append(f"input: {' and '.join(wanted)} (goal)")
        allowed = tuple(kind for kind in MODALITIES if kind in wanted or kind == "text")
        mixed = "text" in wanted
        return allowed, () if mixed else wanted, wanted if len(wanted) > 1 else ()
    allowed = tuple(kind for kind in MODALITIES if kind not in without)
    if not allowed:
        raise UserError("the goal leaves out text, images and audio: nothing is left to show; keep one of them")
    return allowed, (), ()


def _media_of(flagged: Sequence[Modality], media: tuple[Modality, ...]) -> tuple[Modality, ...]:
    """Without text among the flags, every item must show what is flagged."""
    if "text" not in flagged:
        return media or tuple(flagged)
    return media


def _answer_kinds(requirement: Requirement, goal: Goal, notes: list[str]) -> tuple[AnswerKind, ...]:
    flagged, wanted, without = requirement.answer_kinds, goal.answer_kinds, goal.without_kinds
    if flagged and wanted and not set(flagged) & set(wanted):
        raise _contradiction("answers", _joined(wanted), "--answer-kind", _joined(flagged))
    if flagged and set(flagged) & set(without):
        raise _contradiction("answers", f"no {_joined(without)}", "--answer-kind", _joined(flagged))
    chosen = tuple(kind for kind in flagged if kind in wanted) if flagged and wanted else flagged or wanted
    if chosen:
        notes.append(f"answers: only {', '.join(chosen)} ({_said_by('--answer-kind', flagged, wanted)})")
    if without:
        notes.append(f"answers: no {', '.join(without)} (goal)")
    left = tuple(kind for kind in chosen or ANSWER_KINDS if kind not in without)
    if not left:
        raise UserError(f"the goal asks for answers of kind {_joined(chosen)} and for none of them; keep one")
    return left


def _languages(requirement: Requirement, goal: Goal, notes: list[str]) -> tuple[str, ...]:
    flagged, wanted, without = requirement.languages, goal.languages, goal.without_languages
    if flagged and wanted and not set(flagged) & set(wanted):
        raise _contradiction("language", _joined(wanted), "--language", _joined(flagged))
    if flagged and set(flagged) & set(without):
        raise _contradiction("language", f"no {_joined(without)}", "--language", _joined(flagged))
    if flagged and set(goal.mixed_languages) - set(flagged):
        mixed = f"it mixes {_joined(goal.mixed_languages)}"
        raise _contradiction("language", mixed, "--language", f"only {_joined(flagged)}")
    if goal.mixes:
        named = ", ".join(goal.mixed_languages) or "languages"
        notes.append(f"languages: what an item shows mixes {named} (goal)")
    chosen = flagged or wanted
    if chosen:
        notes.append(f"languages: only {', '.join(chosen)} ({_said_by('--language', flagged, wanted)})")
    if without:
        notes.append(f"languages: no {', '.join(without)} (goal)")
    return chosen


def _subtasks(requirement: Requirement, goal: Goal, notes: list[str]) -> int | None:
    flagged, wanted = requirement.subtasks, goal.subtasks
    if flagged and wanted and flagged != wanted:
        raise _contradiction("number of subtasks", str(wanted), "--subtasks", str(flagged))
    chosen = flagged or wanted
    if chosen is None:
        if wanted == 0:
            raise UserError("the goal asks for 0 subtasks; ask for at least 1")
        return None
    if chosen > min(MOST_SUBTASKS, requirement.size):
        most = f"at most {MOST_SUBTASKS} subtasks, and no more than items"
        raise UserError(f"{chosen} subtasks are asked for {requirement.size} items; there may be {most}")
    notes.append(f"subtasks: {chosen} ({_said_by('--subtasks', flagged, wanted)})")
    return chosen
