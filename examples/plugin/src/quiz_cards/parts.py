"""One part for each of the other seams."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from benchmark_agent.answers import AnswerKey, Score
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.content import AnswerKind, Composed, Part, Phrase
from benchmark_agent.errors import Unfit
from benchmark_agent.models import Reply
from benchmark_agent.realization.types import Draft
from benchmark_agent.tools import construction
from benchmark_agent.verification.types import CheckContext, CheckResult


@construction(kinds=("span",), signal="the name asked for", realizes=("closed-book-knowledge",))
def initials_of(question: Annotated[Phrase, "question"], name: Annotated[Phrase, "answer"]) -> Composed:
    """Ask a question whose answer is a name of several words, and want its initials only."""
    words = name.text.split()
    if len(words) < 2:
        raise Unfit("the name has one word")
    gold = "".join(word[0].upper() for word in words)
    return Composed(
        question=f"{question.text} Answer with the initials only.",
        answer_kind="span",
        answer=gold,
        scorer="initials",
        gold_basis="computed",
        proof=f"{name.text}: {' + '.join(gold)}",
    )


class NoShouting:
    """Rejects questions in capitals."""

    name = "no_shouting"

    def __call__(self, draft: Draft, context: CheckContext) -> CheckResult:
        loud = draft.body.question.isupper()
        return CheckResult(check=self.name, passed=not loud, reason="the question is in capitals" if loud else "")


class Initials:
    """Reads the last initials of a reply, with or without points: `J. R. R. T.` is `JRRT`."""

    name = "initials"
    answer_kinds: tuple[AnswerKind, ...] = ("span",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        found = re.findall(r"\b[A-Z](?:\.?\s?[A-Z])+\b", reply.strip())
        if not found:
            return Score(value=0, outcome="unparsable", reason="the reply has no initials")
        said = "".join(letter for letter in found[-1] if letter.isalpha()).upper()
        right = said == key.answer
        return Score(value=float(right), parsed=said, outcome="right" if right else "wrong")


class Flashcards:
    """Writes questions and answers as CSV."""

    name = "flashcards"

    def write(self, benchmark: Benchmark, folder: Path) -> Path:
        path = folder / "flashcards.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("question", "answer"))
            writer.writerows((item.question, item.answer) for item in benchmark)
        return path


class Parrot:
    """Answers with what it was asked."""

    name = "parrot"

    async def generate(self, prompt: Sequence[Part]) -> Reply:
        return Reply(text="\n".join(part.text for part in prompt if part.type == "text"))
