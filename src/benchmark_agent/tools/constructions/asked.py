"""The dataset's questions as choices, with wrong options that are hard and not also right."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Dialog, Items, Label, Phrase, Table, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.lexical import terms
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import numbers, options, wording
from benchmark_agent.tools.constructions.direct import listing
from benchmark_agent.tools.constructions.golds import POINTS, Answer, first_text
from benchmark_agent.tools.constructions.options import normal
from benchmark_agent.tools.text import cell_text, dialog_text, table_text

_ABOUT_THE_ROW = frozenset(
    """difficulty level split source subset language id type dataset answer output text gold response value
    result""".split()
)
_NAME = re.compile(r"\b[A-Z][\w'’-]*(?: (?:of |the |de |van )?[A-Z][\w'’-]*)*")
_WHO = re.compile(r"\b(?:who|whose|whom|which)\b", re.IGNORECASE)
_QUESTION_WORD = re.compile(r"\b(?:whom?|whose|where|when|why|which|what|how(?: \w+)?)\b", re.IGNORECASE)
_NAMELESS = frozenset({"category", "label", "class", "target", "tag"})
_DENIES = re.compile(r"\b(?:not|never|except)\b|n['’]t\b", re.IGNORECASE)
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december""".split()
)
_TWO_WAYS = (("yes", "no"), ("true", "false"))


def choose(
    question: Phrase,
    answer: Answer,
    pool: Sequence[str],
    rng: Random,
    *input: Text,
    evidence: tuple[int, ...] | None = None,
) -> Composed:
    """The question as a choice; its evidence is all it shows, unless said otherwise.

    Args:
        pool: answers that are certainly wrong here, for answers that are neither number, day nor label.

    Raises:
        Unfit: when the question is empty or there are too few hard options.
    """
    text = first_text(answer)
    if not question.text.strip():
        raise Unfit("the question is empty")
    also = answer.items[1:] if isinstance(answer, Items) else ()
    pair = next((pair for pair in _TWO_WAYS if normal(text) in pair), None)
    if isinstance(answer, Label) and not pair:
        wrong = [
            options.option(label)
            for label in options.labels(answer.text, answer.vocabulary, answer.ordered, rng)
            if label != answer.text
        ]
    elif pair:
        wrong = [options.option(word) for word in pair if word != normal(text)]
        text = normal(text)
    else:
        if POINTS.search(question.text) or _DENIES.search(question.text):
            raise Unfit("the question is about its own options: answers to others may be right as well")
        asked = terms(question.text)  # an answer that alone shares a term with the question gives itself away
        apart = options.term_set(text).isdisjoint(asked)
        fair = [other for other in pool if options.term_set(other).isdisjoint(asked) == apart]
        wrong = options.tempting(text, fair, rng, avoid=also, passage="\n".join(part.text for part in input))
    return options.choice(
        question.text.strip(),
        options.option(text),
        wrong,
        rng,
        basis="source",
        proof=f"the dataset's own answer: {text}",
        input=input,
        evidence=evidence,
    )


def other_answers(question: Phrase, questions: Sequence[Phrase], answers: Sequence[Answer]) -> Iterator[str]:
    """Answers to other questions of the same kind (who, where, what).

    An answer to this very question elsewhere might be right here too.
    """
    asked, kind = normal(question.text), _kind(question.text)
    for other, answer in zip(questions, answers, strict=True):
        if normal(other.text) != asked and _kind(other.text) == kind:
            yield first_text(answer)


def _kind(question: str) -> str:
    found = _QUESTION_WORD.search(question)
    return found[0].lower() if found else ""


@construction(kinds=("choice",), signal="what the question states", companions=16)
def answer_to_choice(
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
    questions: Annotated[tuple[Phrase, ...], "question"],
    answers: Annotated[tuple[Answer, ...], "answer"],
    rng: Random,
) -> Composed:
    """Turn a question with a short answer into a choice among hard options.

    Numbers and dates get values a typical slip gives, labels confusable labels, other answers those of other rows
    that look alike. None equals the answer or an accepted one.
    """
    return choose(question, answer, list(other_answers(question, questions, answers)), rng)


@construction(kinds=("choice",), signal="the passage the question is about", companions=16)
def answer_to_choice_context(
    context: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
    questions: Annotated[tuple[Phrase, ...], "question"],
    answers: Annotated[tuple[Answer, ...], "answer"],
    rng: Random,
) -> Composed:
    """Turn a question about a passage into a choice among hard options; asked who or which, names of the passage."""
    others = list(other_answers(question, questions, answers))
    shown = options.text_part(context.text)
    rivals = _rivals(context.text) if _WHO.search(question.text) and "| --- |" not in context.text else []
    try:
        return choose(question, answer, rivals or others, rng, shown)
    except Unfit:
        return choose(question, answer, [*rivals, *others], rng, shown)


def _rivals(passage: str) -> list[str]:
    """Names of the passage; lone words that only open a sentence are no names.

    Only for questions of who or which: a place may lie in another, and both be right.
    """
    found = []
    for match in _NAME.finditer(passage):
        opens = match.start() == 0 or passage[: match.start()].rstrip()[-1:] in '.!?"“:;\n'
        if (not opens or " " in match[0]) and match[0].casefold() not in _CALENDAR:
            found.append(match[0])
    return list(dict.fromkeys(found))


@construction(kinds=("choice",), signal="what is said in the conversation", companions=16)
def dialog_answer_choice(
    dialog: Annotated[Dialog, "dialog", "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
    questions: Annotated[tuple[Phrase, ...], "question"],
    answers: Annotated[tuple[Answer, ...], "answer"],
    rng: Random,
) -> Composed:
    """Turn a question about a conversation into a choice among hard options."""
    pool = list(other_answers(question, questions, answers))
    return choose(question, answer, pool, rng, options.text_part(dialog_text(dialog)))


@construction(kinds=("choice",), signal="the cells of the table", companions=16)
def table_answer_choice(
    table: Annotated[Table, "table", "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
    questions: Annotated[tuple[Phrase, ...], "question"],
    answers: Annotated[tuple[Answer, ...], "answer"],
    rng: Random,
) -> Composed:
    """Turn a question about a table into a choice; wrong options are other cells of the answer's column first."""
    text = first_text(answer)
    column = _column_of(text, table)
    pool = column if len(column) > 3 else list(other_answers(question, questions, answers))
    return choose(question, answer, pool, rng, options.text_part(table_text(table)))


def _column_of(text: str, table: Table) -> list[str]:
    """The other cells of the one column that holds the text; empty when none or several do."""
    columns = [[cell_text(row[at]) for row in table.rows] for at in range(len(table.columns))]
    found = [cells for cells in columns if normal(text) in map(normal, cells)]
    return [cell for cell in found[0] if cell and normal(cell) != normal(text)] if len(found) == 1 else []


@construction(kinds=("choice",), signal="what the program does, step by step", companions=16)
def trace_code_choice(
    code: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
    questions: Annotated[tuple[Phrase, ...], "question"],
    answers: Annotated[tuple[Answer, ...], "answer"],
    rng: Random,
) -> Composed:
    """Show a Python program and ask what it gives, as a choice; wrong options are miscounts, or what others give."""
    text, shown = first_text(answer), listing(code.text)
    miscounts = numbers.miscounts(text, rng)
    if not miscounts:
        return choose(question, answer, [first_text(other) for other in answers], rng, shown)
    gold, *wrong = (options.Option(each, each) for each in (text, *miscounts))
    proof = f"the dataset's own answer: {text}"
    return options.choice(question.text.strip(), gold, wrong, rng, basis="source", proof=proof, input=(shown,))


@construction(kinds=("choice",), signal="the text whose label is asked")
def label_to_choice(
    text: Annotated[Phrase, "context", "question", "dialog"],
    label: Annotated[Label, "category", "answer"],
    rng: Random,
) -> Composed:
    """Show a text and ask for its label: all labels of a small set, else confusable ones, in their order on a scale."""
    name = wording.attribute(label.name or "label")
    if name.lower() in _ABOUT_THE_ROW or any(normal(label.text) in pair for pair in _TWO_WAYS):
        raise Unfit(f"{name!r} with the value {label.text!r} is no label of the text itself")
    chosen = options.labels(label.text, label.vocabulary, label.ordered, rng)
    kind = wording.thing(text.name) if text.name in ("review", "message", "story", "article") else "text"
    question = rng.choice(
        (
            f"What is the {name} of this {kind}?",
            f"Which {name} does this {kind} have?",
            f"Read the {kind}. Which of these is its {name}?",
        )
    )
    if name.lower() in _NAMELESS:
        question = f"Which of these labels fits the {kind} best?"
    return options.choice(
        question,
        options.option(label.text),
        [options.option(other) for other in chosen if label.ordered or other != label.text],
        rng,
        basis="source",
        proof=f"the dataset labels it {label.text!r}",
        input=(options.text_part(text.text),),
        fixed_order=label.ordered,
    )


TOOLS = (
    answer_to_choice,
    answer_to_choice_context,
    dialog_answer_choice,
    table_answer_choice,
    trace_code_choice,
    label_to_choice,
)
