"""The dataset's questions as choices, with wrong options that are hard and not also right."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Dialog, Items, Label, Phrase, Table, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import options, wording
from benchmark_agent.tools.constructions.direct import listing
from benchmark_agent.tools.constructions.golds import Answer, first_text
from benchmark_agent.tools.constructions.options import normal
from benchmark_agent.tools.text import cell_text, dialog_text, table_text

_ABOUT_THE_ROW = frozenset({"difficulty", "level", "split", "source", "subset", "language", "id", "type", "dataset"})
_NAME = re.compile(r"\b[A-Z][\w'’-]*(?: (?:of |the |de |van )?[A-Z][\w'’-]*)*")
_WHO = re.compile(r"\b(?:who|whose|whom|which)\b", re.IGNORECASE)
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
        wrong = options.tempting(text, pool, rng, avoid=also)
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
    """Answers to other questions; an answer to this very question elsewhere might be right here too."""
    asked = normal(question.text)
    for other, answer in zip(questions, answers, strict=True):
        if normal(other.text) != asked:
            yield first_text(answer)


@construction(kinds=("choice",), signal="what the question states", companions=10)
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


@construction(kinds=("choice",), signal="the passage the question is about", companions=10)
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
    rivals = _rivals(context.text, question.text) if _WHO.search(question.text) else []
    try:
        return choose(question, answer, rivals or others, rng, shown)
    except Unfit:
        return choose(question, answer, [*rivals, *others], rng, shown)


def _rivals(passage: str, question: str) -> list[str]:
    """Names of the passage that the question does not mention; lone words that only open a sentence are no names.

    Only for questions of who or which: a place may lie in another, and both be right.
    """
    found = []
    for match in _NAME.finditer(passage):
        opens = match.start() == 0 or passage[: match.start()].rstrip()[-1:] in '.!?"“:;\n'
        if (not opens or " " in match[0]) and normal(match[0]) not in normal(question):
            found.append(match[0])
    return list(dict.fromkeys(found))


@construction(kinds=("choice",), signal="what is said in the conversation", companions=10)
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


@construction(kinds=("choice",), signal="the cells of the table", companions=10)
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


@construction(kinds=("choice",), signal="what the program does, step by step", companions=10)
def trace_code_choice(
    code: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
    questions: Annotated[tuple[Phrase, ...], "question"],
    answers: Annotated[tuple[Answer, ...], "answer"],
    rng: Random,
) -> Composed:
    """Show a Python program and ask what it gives, as a choice; results of other programs are no answer to this one."""
    pool = [first_text(other) for other in answers]
    return choose(question, answer, pool, rng, listing(code.text))


@construction(kinds=("choice",), signal="the text whose label is asked")
def label_to_choice(
    text: Annotated[Phrase, "context", "question", "dialog"],
    label: Annotated[Label, "category", "answer"],
    rng: Random,
) -> Composed:
    """Show a text and ask for its label: all labels of a small set, else confusable ones, in their order on a scale."""
    name = wording.attribute(label.name or "label")
    if name in _ABOUT_THE_ROW:
        raise Unfit(f"{name!r} says something of the row, not of the text")
    chosen = options.labels(label.text, label.vocabulary, label.ordered, rng)
    kind = wording.thing(text.name) if text.name in ("review", "message", "story", "article") else "text"
    question = rng.choice(
        (
            f"What is the {name} of this {kind}?",
            f"Which {name} does this {kind} have?",
            f"Read the {kind}. Which of these is its {name}?",
        )
    )
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
