"""Mending: the writer rewords a draft, and code sees to it that the gold stays."""

import re

from benchmark_agent import prompts
from benchmark_agent.content import Composed
from benchmark_agent.errors import ModelError
from benchmark_agent.models import Ask
from benchmark_agent.realization.types import Draft
from benchmark_agent.tools.constructions.options import option
from benchmark_agent.verification.proof.reading import LETTERED, media_of, option_lines
from benchmark_agent.verification.proof.replies import Mended
from benchmark_agent.verification.types import Flaw
from benchmark_agent.verification.verify import LETTERS
from benchmark_agent.wording import plain


def mend(ask: Ask, draft: Draft, flaws: tuple[Flaw, ...]) -> Draft | None:
    """The draft with question and options reworded, or None where nothing changed or the gold moved.

    Raises:
        Unreached, BudgetReached: it is not known.
    """
    body = draft.body
    may_move = _gold_may_be_reworded(body, flaws)
    try:
        reply = ask(
            "writer",
            prompts.load("verification/mend"),
            Mended,
            media_of(body.input),
            input=body.input,
            question=body.question,
            options=option_lines(body.answer_kind, body.options),
            gold=body.answer,
            flaws="\n".join(f"{flaw.check}: {flaw.says}" for flaw in flaws),
            rewordable=may_move,
        )
    except ModelError:
        return None
    mended = reworded(body, reply, may_move=may_move)
    if mended is None:
        return None
    told = tuple(f"{flaw.check}: {flaw.says}" for flaw in flaws)
    return draft.model_copy(update={"body": mended, "mended": (*draft.mended, *told)})


def _gold_may_be_reworded(body: Composed, flaws: tuple[Flaw, ...]) -> bool:
    """Only what a model wrote, and only where the look of the options is the flaw."""
    return body.gold_basis == "written" and body.answer_kind == "choice" and any(f.check == "form" for f in flaws)


def reworded(body: Composed, reply: Mended, *, may_move: bool) -> Composed | None:
    """The body with the reply's wording; None where nothing changed, or the gold or the number of options did."""
    options = _unlettered(reply.options, body.options)
    same_options = not options or options == body.options
    if plain(reply.question) == plain(body.question) and same_options:
        return None
    if not plain(reply.question):
        return None
    update: dict[str, object] = {"question": reply.question.strip()}
    if not same_options:
        answer = _gold_among(options, body, may_move=may_move)
        if answer is None:
            return None
        values = tuple(option(text).value for text in options) if body.option_values else ()
        update |= {"options": options, "answer": answer, "option_values": values}
    return Composed.model_validate(body.model_dump() | update)


def _unlettered(options: tuple[str, ...], old: tuple[str, ...]) -> tuple[str, ...]:
    """The options without the letters some writers repeat."""
    stripped = tuple(option.strip() for option in options)
    marks = [re.match(rf"{letter}[.):]\s+", option) for letter, option in zip(LETTERS, stripped, strict=False)]
    if stripped and all(marks) and not all(re.match(r"[A-Z][.):]\s", option) for option in old):
        return tuple(option[3:].strip() for option in stripped)
    return stripped


def _gold_among(options: tuple[str, ...], body: Composed, *, may_move: bool) -> str | None:
    """The gold among the reworded options; None where it moved, or options changed that a program made."""
    if body.answer_kind not in LETTERED or len(options) != len(body.options) or body.fixed_order:
        return None
    if body.option_values and body.gold_basis != "written":  # a program knows them; those of written options are read
        return None
    right = body.answer.split("\n")
    if all(options.count(gold) == 1 for gold in right) and all(
        options.index(gold) == body.options.index(gold) for gold in right
    ):
        return body.answer
    if not may_move or len(set(options)) < len(options):
        return None
    return options[body.options.index(body.answer)] or None
