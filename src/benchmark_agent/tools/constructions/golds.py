"""What an answer field says: its kind, its text, and what else would be as right."""

import re
from dataclasses import dataclass

from benchmark_agent.content import AnswerKind, Composed, Items, Label, Number, Part, Phrase
from benchmark_agent.errors import Unfit
from benchmark_agent.tools.constructions import numbers
from benchmark_agent.tools.constructions.options import normal

Answer = Label | Number | Phrase | Items
"""What may hold an answer."""
MOST_WORDS = 12
"""A longer answer cannot be compared word by word: it needs a judge."""
MOST_LABELS = 12
"""Labels shown beside a question that is answered by one."""
_ASKS = re.compile(
    r"[?？؟:=]|^\s*(?:name|give|find|sort|list|state|compute|calculate|translate|write|reverse|spell|say)\b", re.I
)
POINTS = re.compile(
    r"\bwhich (?:of (?:the following|these)|statement|sentence|option|choice|answer|one)\b", re.IGNORECASE
)
_TWO = frozenset({"yes", "no", "true", "false"})


@dataclass(frozen=True, slots=True)
class Gold:
    kind: AnswerKind
    text: str
    accepted: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """Every label the field uses, when it is one of a few."""


def read(answer: Answer) -> Gold:
    """The gold an answer field states.

    Raises:
        Unfit: when it is empty or too long to be compared.
    """
    if isinstance(answer, Number):
        return Gold("number", numbers.canonical(numbers.exact(answer.value)))
    if isinstance(answer, Items):
        first, *others = (text.strip() for text in (answer.items or ("",)))
        return _of_text(first, tuple(other for other in others if other and normal(other) != normal(first)))
    if isinstance(answer, Label) and normal(answer.text) not in _TWO:
        offered = answer.text in answer.vocabulary and 2 <= len(answer.vocabulary) <= MOST_LABELS
        return Gold("label", answer.text, labels=answer.vocabulary if offered else ())
    return _of_text(answer.text.strip(), ())


def _of_text(text: str, accepted: tuple[str, ...]) -> Gold:
    number = numbers.read(text)
    if number is not None:
        return Gold("number", numbers.canonical(number), accepted)
    if normal(text) in _TWO:
        return Gold("binary", normal(text), accepted)
    if not text:
        raise Unfit("the answer is empty")
    if len(text.split()) > MOST_WORDS or " => " in text:
        raise Unfit("the answer is too long to be compared word by word")
    return Gold("span", text, accepted)


def first_text(answer: Answer) -> str:
    """The answer as one option of a choice would say it.

    Raises:
        Unfit: when it is empty.
    """
    if isinstance(answer, Number):
        return numbers.shown(numbers.exact(answer.value), answer.unit)
    text = ((answer.items or ("",))[0] if isinstance(answer, Items) else answer.text).strip()
    if not text:
        raise Unfit("the answer is empty")
    return text


def open_item(question: str, answer: Answer, *input: Part, evidence: tuple[int, ...] | None = None) -> Composed:
    """A question answered in words or figures, its gold the dataset's own; its evidence is all it shows, unless said
    otherwise.

    Raises:
        Unfit: when the question is empty or the answer cannot be compared.
    """
    gold = read(answer)
    if not question.strip():
        raise Unfit("the question is empty")
    if gold.kind == "span" and (not _ASKS.search(question) or POINTS.search(question)):
        raise Unfit("the question does not say what to answer without its options")
    return Composed(
        input=input,
        question=question.strip(),
        answer_kind=gold.kind,
        options=gold.labels,
        answer=gold.text,
        accepted=gold.accepted,
        gold_basis="source",
        evidence=tuple(range(len(input))) if evidence is None else evidence,
        proof=f"the dataset's own answer: {gold.text}",
    )
