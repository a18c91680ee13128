"""An item out of what a writer wrote: mended, checked, its gold `written`."""

from collections.abc import Callable
from random import Random
from typing import Annotated, Protocol

from pydantic import BeforeValidator, Field

from benchmark_agent.content import AnswerKind, Composed
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.quantities import amount_of
from benchmark_agent.record import Record
from benchmark_agent.tools import Brief
from benchmark_agent.tools.constructions import numbers
from benchmark_agent.tools.constructions.options import option
from benchmark_agent.tools.writing import mending
from benchmark_agent.tools.writing.shown import Shown
from benchmark_agent.wording import in_digits, key, plain

KINDS: tuple[AnswerKind, ...] = ("choice", "multi_choice", "binary", "span", "number", "label")
"""Kinds that can be written: `open` answers cannot be scored by code."""
MOST_SPAN_WORDS = 8
_SIDES = ("yes", "no", "true", "false")


class Distractor(Record):
    changed: str = Field("", description="which detail of the answer this changes")
    text: str


def _each_an_object(given: object) -> object:
    """Wrong options, where a model wrote their texts alone."""
    each = mending.listed(given)
    return [{"text": one} if isinstance(one, str) else one for one in each] if isinstance(each, list | tuple) else each


Distractors = Annotated[tuple[Distractor, ...], BeforeValidator(_each_an_object)]
Answer = Annotated[str, BeforeValidator(in_digits)]
Texts = Annotated[tuple[str, ...], BeforeValidator(mending.listed)]


class Written(Protocol):
    """What every written item has. Records put the gold first: fields are filled in their order."""

    @property
    def gold(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def also_right(self) -> tuple[str, ...]: ...
    @property
    def distractors(self) -> tuple[Distractor, ...]: ...


def kind_for(brief: Brief, kind: str) -> AnswerKind:
    """The answer kind to write: the one a recipe names, else the first the subtask has that can be written.

    Raises:
        Unfit: there is none.
    """
    allowed = [each for each in (brief.answer_kinds or KINDS) if each in KINDS]
    chosen = next((each for each in allowed if kind in ("", each)), None)
    if chosen is None:
        raise Unfit(
            f"items of kind {kind or ', '.join(brief.answer_kinds)!r} cannot be written here; "
            f"the subtask allows {', '.join(brief.answer_kinds)}, and writers write {', '.join(KINDS)}"
        )
    return chosen


def compose(written: Written, kind: AnswerKind, proof: str, shown: Shown, rng: Random) -> Composed:
    """The item of what was written.

    Raises:
        ToolError: it cannot be mended; the message says what to write.
    """
    item = _MAKERS[kind](written, rng)
    wrong = [text for text in item.options if text not in item.answer.split("\n")]
    if kind in ("choice", "label"):
        mending.is_answer_of(written.gold, item.answer, wrong)
    changes = [f"{plain(each.text)}: {plain(each.changed)}" for each in written.distractors if each.changed.strip()]
    return item.model_copy(
        update={
            "input": shown.parts,
            "question": mending.question_of(written.question, shown.text, item.options),
            "evidence": tuple(range(len(shown.parts))),
            "proof": "; ".join([proof, *(f"not {change}" for change in changes if kind != "binary")]),
        }
    )


def _wrong(written: Written) -> list[str]:
    return [each.text for each in written.distractors]


def _choice(written: Written, rng: Random) -> Composed:
    [answer], wrong = mending.options_of(written.answer, (), _wrong(written))
    options = _shuffled([answer, *wrong], rng)
    return _bare("choice", answer, options).model_copy(update={"option_values": _values(options)})


def _label(written: Written, rng: Random) -> Composed:
    [answer], wrong = mending.options_of(written.answer, (), _wrong(written), least=2)
    return _bare("label", answer, _shuffled([answer, *wrong], rng))


def _multi_choice(written: Written, rng: Random) -> Composed:
    right, wrong = mending.options_of(written.answer, written.also_right[:2], _wrong(written), least=2)
    if len(right) < 2:
        raise ToolError("several right options are needed: one in 'answer', one or two others in 'also_right'")
    options = _shuffled([*right, *wrong], rng)
    item = _bare("multi_choice", "\n".join(text for text in options if text in right), options)
    return item.model_copy(update={"option_values": _values(options)})


def _binary(written: Written, rng: Random) -> Composed:
    first = key(mending.plainly(written.answer)).replace(",", " ").split()[:1]
    if not first or first[0] not in _SIDES:
        raise ToolError(f"the answer is {written.answer!r}; it must be 'yes' or 'no'")
    return _bare("binary", first[0])


def _span(written: Written, rng: Random) -> Composed:
    forms = list(dict.fromkeys(_bare_text(text) for text in (written.answer, *written.also_right) if _bare_text(text)))
    answer = _bare_text(written.answer)
    if not answer or len(answer.split()) > MOST_SPAN_WORDS:
        raise ToolError(f"the answer has {len(answer.split())} words; it must have 1 to {MOST_SPAN_WORDS}")
    accepted = [form for form in forms if key(form) != key(answer) and len(form.split()) <= MOST_SPAN_WORDS]
    return _bare("span", answer).model_copy(update={"accepted": tuple(accepted)})


def _number(written: Written, rng: Random) -> Composed:
    text = _bare_text(written.answer)
    amount = amount_of(text)
    if amount is None or (amount.unit and key(amount.unit) not in key(written.question)):
        raise ToolError(f"the answer is {text!r}; it must be one number in digits, its unit named in the question")
    exact = numbers.read(text)
    return _bare("number", numbers.canonical(numbers.exact(amount.value) if exact is None else exact))


_MAKERS: dict[AnswerKind, Callable[[Written, Random], Composed]] = {
    "choice": _choice,
    "label": _label,
    "multi_choice": _multi_choice,
    "binary": _binary,
    "span": _span,
    "number": _number,
}


def _bare(kind: AnswerKind, answer: str, options: tuple[str, ...] = ()) -> Composed:
    return Composed(question="", answer_kind=kind, answer=answer, options=options, gold_basis="written")


def _bare_text(text: str) -> str:
    """An answer alone: without marks, quotes around it and a full stop."""
    return mending.alike([text, ""])[0]


def _shuffled(options: list[str], rng: Random) -> tuple[str, ...]:
    rng.shuffle(options)
    return tuple(options)


def _values(options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(option(text).value for text in options)
