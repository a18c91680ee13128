"""What an answer field says: its kind, its text, and what else would be as right."""

import re
from dataclasses import dataclass

from benchmark_agent.content import AnswerKind, Composed, Items, Label, Number, Part, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools.constructions import numbers
from benchmark_agent.tools.constructions.options import mentions, normal

Answer = Label | Number | Phrase | Items
"""What may hold an answer."""
MOST_WORDS = 12
"""A longer answer cannot be compared word by word: it needs a judge."""
MOST_LABELS = 12
"""Labels shown beside a question that is answered by one."""
_ORDERS = re.compile(
    r"^\s*(?:name|give|find|sort|list|state|compute|calculate|translate|write|reverse|spell|say)\b", re.IGNORECASE
)
_ASKS = re.compile(r"[?？؟]|[:=]\s*$")
POINTS = re.compile(
    r"\bwhich (?:of (?:the following|these)|statement|sentence|option|choice|answer|one)\b", re.IGNORECASE
)
MOST_FREE_WORDS = 5
"""Words of an answer that stands nowhere in what is shown; a longer one could be said in other words."""
_EXPLAINED = re.compile(
    r"^\s*(?:according to [^,?]*, )?"
    r"(?:why|how(?! (?:many|much|long|old|often|far|tall|high|big|large|deep|fast|wide|heavy)\b)"
    r"|(?:what|which) (?:is|was|are|were) the (?:reason|cause|effect|result|purpose|aim|difference)s?\b)",
    re.IGNORECASE,
)
"""Questions answered by a thought, which has many wordings."""
LONG_PASSAGE = 40
"""Words of a passage from which an answer is taken, not worked out."""
_TWO = frozenset({"yes", "no", "true", "false"})


@dataclass(frozen=True, slots=True)
class Gold:
    kind: AnswerKind
    text: str
    accepted: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """Every label the field uses, when it is one of a few."""


def read(answer: Answer, question: str = "") -> Gold:
    """The gold an answer field states. One that only puts words of the question in order may be long.

    Raises:
        Unfit: when it is empty or too long to be compared.
    """
    if isinstance(answer, Number):
        return Gold("number", numbers.canonical(numbers.exact(answer.value)))
    if isinstance(answer, Items):
        first, *others = (text.strip() for text in (answer.items or ("",)))
        return _of_text(first, tuple(other for other in others if other and normal(other) != normal(first)), question)
    if isinstance(answer, Label) and normal(answer.text) not in _TWO:
        offered = answer.text in answer.vocabulary and 2 <= len(answer.vocabulary) <= MOST_LABELS
        return Gold("label", answer.text, labels=answer.vocabulary if offered else ())
    return _of_text(answer.text.strip(), (), question)


def _of_text(text: str, accepted: tuple[str, ...], question: str) -> Gold:
    number = numbers.read(text)
    if number is not None:
        return Gold("number", numbers.canonical(number), accepted)
    if normal(text) in _TWO:
        return Gold("binary", normal(text), accepted)
    if not text:
        raise Unfit("the answer is empty")
    words = text.casefold().split()
    if (len(words) > MOST_WORDS and not set(words) <= set(question.casefold().split())) or " => " in text:
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


def open_item(
    question: str,
    answer: Answer,
    *input: Part,
    evidence: tuple[int, ...] | None = None,
    verbatim: bool = False,
) -> Composed:
    """A question answered in words or figures, its gold the dataset's own; its evidence is all it shows, unless said
    otherwise.

    Args:
        verbatim: there is only one way to say the answer, as with what a program prints.

    Raises:
        Unfit: when the question is empty or the answer cannot be compared.
    """
    gold = read(answer, question)
    if not question.strip():
        raise Unfit("the question is empty")
    if gold.kind == "span" and not verbatim:
        _answerable(question, gold.text, input)
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


def _answerable(question: str, gold: str, input: tuple[Part, ...]) -> None:
    """Raises Unfit when nobody could find these very words: the question needs its options, or the answer a judge."""
    ordered = bool(_ORDERS.search(question))
    if POINTS.search(question) or not (ordered or _ASKS.search(question)):
        raise Unfit("the question does not say what to answer without its options")
    free = len(gold.split()) > MOST_FREE_WORDS or gold.endswith((".", "!", "?"))
    passages = [part.text for part in input if isinstance(part, Text)]
    stands = any(mentions(text, gold) for text in passages)
    if any(len(text.split()) >= LONG_PASSAGE for text in passages) and not any(sign.isdigit() for sign in gold):
        free = free or len(gold.split()) > 2 or bool(_EXPLAINED.search(question))
    if free and not stands and not ordered:
        raise Unfit("the answer could be said in other words, and needs a judge")
