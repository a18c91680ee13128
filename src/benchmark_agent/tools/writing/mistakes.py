"""One wrong step planted into a right solution: which one is wrong is known because we chose it."""

from difflib import SequenceMatcher
from random import Random
from typing import Annotated

from benchmark_agent import prompts
from benchmark_agent.content import AnswerKind, Composed, Items, Phrase, Text
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.record import Record
from benchmark_agent.tools import Given, Pen, construction
from benchmark_agent.tools.text import sentences
from benchmark_agent.tools.writing import facts, mending
from benchmark_agent.tools.writing.shown import media_of, shown
from benchmark_agent.tools.writing.trying import brief_for
from benchmark_agent.wording import key, words

LEAST_STEPS, MOST_STEPS = 3, 12
_KINDS: tuple[AnswerKind, ...] = ("choice", "number")
_QUESTION = "Exactly one of these steps contains a mistake. Which step is it?"
_NUMBERED = "Exactly one of these steps contains a mistake. What is its number?"
_KEPT = 0.5
"""Likeness, 0-1, of a step and its wrong version: less is another step, not a changed detail."""
MOST_CHARACTERS = 4_000


class WrongStep(Record):
    changed: str = ""
    step: str = ""


@construction(kinds=_KINDS, signal="each step against the problem and the steps before it")
def perturb_step(
    solution: Annotated[Items | Phrase, "rationale", "answer", "context"],
    pen: Pen,
    rng: Random,
    problem: tuple[Given, ...] = (),
) -> Composed:
    """Change one detail of one step of a right solution, rationale or procedure so that it is wrong, and ask which
    step that is. `problem`: what the solution answers, shown above it.

    Raises:
        Unfit: there are too few or too many steps, or none that could be wrong.
        ToolError: what was written is no planted mistake.
    """
    steps = _steps(solution)
    at = rng.choice(_that_say_something(steps))
    above = shown(problem) if problem else None
    written = pen.ask(
        prompts.load("tools/perturb_step"),
        WrongStep,
        media_of(problem),
        problem=above.text if above else "",
        steps="\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1)),
        number=at + 1,
        flaws=brief_for(pen.brief, "perturb_step").flaws,
    )
    wrong = _unnumbered(mending.plainly(written.step)).removesuffix(".")
    wrong = wrong + "." * (steps[at].endswith(".") and not wrong.endswith("."))
    _planted(steps, at, wrong)
    listed = "\n".join(f"Step {n}: {text}" for n, text in enumerate((*steps[:at], wrong, *steps[at + 1 :]), 1))
    input = (*(above.parts if above else ()), Text(text=listed))
    by_number = "choice" not in (pen.brief.answer_kinds or _KINDS)
    return Composed(
        input=input,
        question=_NUMBERED if by_number else _QUESTION,
        answer_kind="number" if by_number else "choice",
        options=() if by_number else tuple(f"Step {n}" for n in range(1, len(steps) + 1)),
        answer=str(at + 1) if by_number else f"Step {at + 1}",
        fixed_order=not by_number,
        gold_basis="written",
        evidence=tuple(range(len(input))),
        proof=f"step {at + 1} was “{steps[at]}” and is now “{wrong}”: {' '.join(written.changed.split())}",
    )


def _steps(solution: Items | Phrase) -> tuple[str, ...]:
    """The steps: items, else lines, else sentences; numbers before them are taken off."""
    if isinstance(solution, Items):
        found = list(solution.items)
    else:
        lines = [line for line in solution.text.splitlines() if line.strip()]
        found = lines if len(lines) >= LEAST_STEPS else sentences(solution.text)
    steps = tuple(_unnumbered(" ".join(text.split())) for text in found if words(text))
    if not LEAST_STEPS <= len(steps) <= MOST_STEPS:
        raise Unfit(f"the solution has {len(steps)} steps; {LEAST_STEPS} to {MOST_STEPS} are needed")
    if sum(map(len, steps)) > MOST_CHARACTERS:
        raise Unfit(f"the solution is longer than {MOST_CHARACTERS} characters")
    if len({key(step) for step in steps}) < len(steps):
        raise Unfit("two steps of the solution are the same")
    return steps


def _unnumbered(text: str) -> str:
    return mending.STEP_MARK.sub("", text)


def _that_say_something(steps: tuple[str, ...]) -> list[int]:
    """Steps with a number, a name or an operator, which can be wrong; else those of some length."""
    telling = [at for at, step in enumerate(steps) if facts.numbers_in(step) or facts.names(step)]
    found = telling or [at for at, step in enumerate(steps) if len(step.split()) >= 5]
    if not found:
        raise Unfit("no step says anything that could be wrong")
    return found


def _planted(steps: tuple[str, ...], at: int, wrong: str) -> None:
    """Raises ToolError unless the new step is the old one with a detail changed that matters."""
    before = steps[at]
    if not words(wrong) or key(wrong) == key(before):
        raise ToolError(f"step {at + 1} is unchanged; change one detail of it")
    if key(wrong) in {key(step) for step in steps}:
        raise ToolError("the new step repeats another step")
    if SequenceMatcher(None, before, wrong, autojunk=False).ratio() < _KEPT:
        raise ToolError(f"step {at + 1} was written anew; keep its words and change one detail")
    if not facts.differs_in_substance(before, wrong):
        raise ToolError(f"step {at + 1} says the same in other words; change a number, a name, a sign or add a 'not'")
    if any(word in key(wrong) for word in ("mistake", "wrong", "incorrect", "erroneous")):
        raise ToolError("the new step says that it is wrong; write it as if it were right")


TOOLS = (perturb_step,)
