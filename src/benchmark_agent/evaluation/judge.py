"""Open answers: a model grades a reply against what a right answer holds."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

from pydantic import Field

from benchmark_agent import prompts
from benchmark_agent.answers import Score
from benchmark_agent.errors import ModelError
from benchmark_agent.evaluation.scorers.replies import clean, unparsed
from benchmark_agent.evaluation.types import Calibration
from benchmark_agent.models import Ask, ReadMedia, roster
from benchmark_agent.models.asking import Asker, Shelf
from benchmark_agent.models.budget import Budget
from benchmark_agent.models.journal import Journal
from benchmark_agent.models.prices import Prices
from benchmark_agent.record import Record
from benchmark_agent.requirement import Roles
from benchmark_agent.verification.types import Item

JOURNAL = "judge.sqlite"
TOP = 4
"""The best grade."""
LONG = 12_000
"""Characters of a reply the judge reads at most."""
NEAR = 0.25
"""Distance to the known score within which a judge agrees."""
CHECKED = 12
"""Items whose known replies a judge is tried on."""


class Grade(Record):
    """What a judge says of a reply."""

    grounds: str = ""
    grade: Annotated[int, Field(ge=0, le=TOP)]
    declines: bool = False


class Judge:
    """Grades replies to open items, from any thread. The same reply is judged once: the journal keeps the grade."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._prompt = prompts.load("evaluation/judge")

    @property
    def name(self) -> str:
        return self._ask.models("judge")[0]

    def __call__(self, item: Item, reply: str) -> Score:
        """The score of a reply.

        Raises:
            Unreached, BudgetReached: the judge was not asked.
        """
        said = clean(reply)
        if not said:
            return unparsed(said, "")
        try:
            grade = self._ask(
                "judge",
                self._prompt,
                Grade,
                item.input,
                question=item.question,
                reference=item.answer,
                accepted="\n".join(item.accepted),
                reply=said[:LONG],
            )
        except ModelError as error:
            return Score(value=0, outcome="unparsable", reason=f"the judge gave no usable grade: {error}")
        if grade.declines and grade.grade == 0:
            return Score(value=0, outcome="refusal", reason=grade.grounds)
        return Score(
            value=grade.grade / TOP,
            parsed=said[:200],
            outcome="right" if grade.grade == TOP else "wrong",
            reason=grade.grounds,
        )


Known = tuple[Item, str, float]
"""An item, a reply, and the score it deserves, 0-1."""


def known_replies(items: Sequence[Item]) -> tuple[Known, ...]:
    """Replies to open items whose score is known: their own answer, another item's, an excuse."""
    chosen = [item for item in items if item.answer_kind == "open"][:CHECKED]
    found: list[Known] = []
    for item, other in zip(chosen, [*chosen[1:], *chosen[:1]], strict=True):
        found.append((item, item.answer, 1.0))
        found.append((item, "It depends on many things, and more could be said about it.", 0.0))
        if other.answer != item.answer:
            found.append((item, other.answer, 0.0))
    return tuple(found)


def calibrate(judge: Judge, known: Sequence[Known]) -> Calibration:
    """How a judge scores replies whose score is known: `known_replies`, or graded by people.

    Raises:
        Unreached, BudgetReached: the judge was not asked.
    """
    off = [judge(item, reply).value - score for item, reply, score in known]
    count = len(off)
    return Calibration(
        judge=judge.name,
        n=count,
        agreement=sum(abs(each) <= NEAR for each in off) / count if count else None,
        error=sum(abs(each) for each in off) / count if count else None,
        lenience=sum(off) / count if count else None,
    )


def related(judge: str, models: Sequence[str], prices: Prices) -> tuple[str, ...]:
    """Warnings: models favour replies of their own family."""
    family = roster.family(judge, prices)
    kin = [model for model in models if roster.family(model, prices) == family]
    if not kin:
        return ()
    return (
        f"the judge {judge!r} is of the same family ({family!r}) as {', '.join(map(repr, kin))}: judges favour their "
        "own; name one of another with '--judge MODEL'",
    )


@contextmanager
def judging(
    model: str, folder: Path, budget: Budget, read: ReadMedia, prices: Prices, shelf: Shelf | None, in_flight: int
) -> Iterator[Judge]:
    """A judge, with its journal in `folder`.

    Raises:
        UserError: the model cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    everyone = Roles(planner=model, writer=model, solvers=(model,), judge=model)
    with (
        closing(Journal(folder / JOURNAL)) as journal,
        Asker(everyone, journal, budget, read, prices=prices, shelf=shelf, most=in_flight) as asker,
    ):
        asker.ready()
        yield Judge(asker)


def spent(folder: Path) -> float:
    """US dollars paid for judging in `folder` so far."""
    if not (folder / JOURNAL).is_file():
        return 0.0
    with closing(Journal(folder / JOURNAL)) as journal:
        return journal.spent()
