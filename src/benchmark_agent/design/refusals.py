"""What a design cannot give: parts of the goal that nothing covers, wishes that cannot be kept, and how it is said."""

from collections.abc import Iterable, Iterator, Sequence

from benchmark_agent.design.choosing import wish_against
from benchmark_agent.design.coverage import named
from benchmark_agent.design.situation import SHOWN, Situation, some
from benchmark_agent.design.types import Design, Subtask
from benchmark_agent.design.understanding import Matched
from benchmark_agent.design.wishes import Wishes
from benchmark_agent.errors import BenchmarkAgentError, StageError, UserError

HELP = (
    "Give data about it with '--pool PATH', see what there is with 'benchmark-agent pool list', or word the goal "
    "by what the pool holds"
)


def not_covered(here: Situation, served: Sequence[Matched], possible: Iterable[Matched] = ()) -> list[str]:
    """Parts of the goal nothing covers, in the goal's words, with the reason; `possible` is what could be asked."""
    folded = here.goal.folded
    lines = [f"{words} (no dataset of the pool is about it)" for words in named(here.domain.missing, folded)]
    lines += [f"{folded.surface(span)} ({why})" for span, why in here.asked.not_offered]
    covered = {place for each in served for place in each.places}
    could = {place for each in possible for place in each.places}
    asked = sorted(here.asked.matched, key=lambda each: bool(wish_against(each.capability, here.wishes)))
    parts = [(each.spans, _why_not(each, here)) for each in asked if each.capability.id not in here.asked.avoided]
    parts += [((topic.span,), "nothing in the pool asks about it") for topic in here.domain.topics]
    for spans, why in parts:
        lost = [span for span in spans if not covered & set(range(*span))]
        if lost:
            places = {place for span in lost for place in range(*span)}
            words = " ".join(folded.surface(span) for span in lost)
            lines.append(f"{words} ({_no_room(len(served)) if places <= could else why})")
            covered |= places
    return lines


def _no_room(subtasks: int) -> str:
    return f"there is room for {subtasks} subtasks; ask for more with '--subtasks', or for a larger '--size'"


def _why_not(matched: Matched, here: Situation) -> str:
    against = wish_against(matched.capability, here.wishes)
    return against or f"nothing in the pool carries {matched.capability.name!r} for this goal"


def obey(wishes: Wishes, design: Design) -> None:
    """Raises UserError when the design cannot keep to a wish."""
    for what, remedy in unmet(wishes, design.subtasks):
        raise UserError(f"{what}{remedy}")


def unmet(wishes: Wishes, subtasks: Sequence[Subtask]) -> Iterator[tuple[str, str]]:
    """Wishes the subtasks together do not keep to, each with what follows for the user."""
    wanted, got = wishes.subtasks, len(subtasks)
    if wanted and got < wanted:
        names = ", ".join(repr(subtask.name) for subtask in subtasks)
        can = f", and the pool can carry {got} of this goal: {names}. Ask for {got} with '--subtasks {got}', "
        yield f"{wanted} subtasks are asked for", f"{can}widen the goal, or give more data with '--pool PATH'"
    for kind in wishes.each_of:
        if not any(kind in (subtask.requires or ("text",)) for subtask in subtasks):
            cannot = f", and nothing in the pool carries {kind} for it; leave {kind} out of the goal, "
            yield f"the goal asks for {' and '.join(wishes.each_of)}", f"{cannot}or give data with '--pool PATH'"


def refusal(here: Situation, reasons: Sequence[str]) -> BenchmarkAgentError:
    """Why there is no design, as the error to raise: the pool's fault, or that of a wish."""
    lacking = not_covered(here, [])
    out_by_wish = [each for each in here.asked.matched if wish_against(each.capability, here.wishes)]
    if here.asked.matched and len(out_by_wish) == len(here.asked.matched):
        why = "; ".join(f"{e.capability.name!r}: {wish_against(e.capability, here.wishes)}" for e in out_by_wish[:3])
        return UserError(f"nothing the goal asks for can be had as it wishes: {why}. Change the wish or the goal")
    if not lacking and not reasons and not here.asked.phrases:
        return StageError(
            f"the goal {here.requirement.goal!r} names no skill and no subject that is known; say what a model should "
            "be able to do, for example 'compare countries' or 'read charts'"
        )
    parts = "; ".join(lacking) or "what the goal asks for"
    near = f" Nearest to the goal: {some(here.nearest)}." if here.nearest and len(here.held) > SHOWN else ""
    datasets = f"{len(here.held)} dataset{'' if len(here.held) == 1 else 's'}"
    return StageError(
        f"the pool cannot serve this goal. Not covered: {parts}. "
        f"The pool holds {datasets}: {some(here.held)}.{near} {HELP}"
    )
