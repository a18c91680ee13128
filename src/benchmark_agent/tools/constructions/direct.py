"""The dataset's own questions with its own answers, as they are."""

import ast
import re
from typing import Annotated

from benchmark_agent.content import AnswerKind, Choices, Composed, Dialog, Phrase, Table, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions.golds import Answer, open_item
from benchmark_agent.tools.constructions.options import option, text_part
from benchmark_agent.tools.text import dialog_text, shown_text, table_text

_REFERS = re.compile(
    r"\b(?:all|none|both|neither|either|any) of (?:the|these|those)\b|\b(?:both|neither|either) [A-H]\b"
)
_ASKS = re.compile(
    r"[?？؟]|[:=…,-]\s*$|_{2,}|\(\s*\)|\.\.\.|<\w+>|\[\w+\]"
    r"|(?:^|[.!:,;]\s+(?:then |and |please )?)(?:choose|select|pick|identify|determine|decide|explain|complete|find|"
    r"name|state|say|tell|give|answer|classify|sort|order|rank|compute|calculate|fill)\b",
    re.IGNORECASE,
)
"""A question, an order, an unfinished sentence or a gap."""
OPEN: tuple[AnswerKind, ...] = ("number", "span", "label", "binary")
"""Kinds an answer that is no choice may have; the answer says which."""


def as_given(question: Phrase, options: Choices, *input: Text) -> Composed:
    """The dataset's own multiple-choice item; its evidence is all it shows.

    Raises:
        Unfit: when the row names no right option, or options are missing or alike.
    """
    if options.answer is None:
        raise Unfit("the row does not say which option is right")
    if not question.text.strip():
        raise Unfit("the question is empty")
    values = [option(text).value for text in options.options]
    if len(values) < 2 or len(set(values)) < len(values) or not all(text.strip() for text in options.options):
        raise Unfit("the options are fewer than two, empty, or not all different")
    gold = options.options[options.answer]
    asked = question.text.strip()
    if _only_states(asked, options):
        input, asked = (*input, Text(text=asked)), "Which of these statements is true?"
    return Composed(
        input=input,
        question=asked,
        answer_kind="choice",
        options=options.options,
        answer=gold,
        option_values=tuple(values),
        fixed_order=any(_REFERS.search(text) for text in options.options),
        gold_basis="source",
        evidence=tuple(range(len(input))),
        proof=f"the dataset's own answer: {gold}",
    )


def _only_states(question: str, options: Choices) -> bool:
    """Whether the question asks nothing and its options are statements about what it says."""
    stated = question.endswith(".") and not _ASKS.search(question)
    return stated and all(len(text.split()) > 2 and text[:1].isupper() for text in options.options)


@construction(kinds=("choice",), signal="what the question states")
def as_is(question: Annotated[Phrase, "question"], options: Annotated[Choices, "options"]) -> Composed:
    """Take a multiple-choice question as the dataset has it, with its own options and right answer."""
    return as_given(question, options)


@construction(kinds=("choice",), signal="the passage the question is about")
def as_is_context(
    context: Annotated[Phrase | Dialog | Table, "context", "dialog", "table"],
    question: Annotated[Phrase, "question"],
    options: Annotated[Choices, "options"],
) -> Composed:
    """Take a multiple-choice question about a passage, conversation or table as the dataset has it."""
    return as_given(question, options, text_part(shown_text(context)))


@construction(kinds=OPEN, signal="what the question states")
def short_answer(question: Annotated[Phrase, "question"], answer: Annotated[Answer, "answer"]) -> Composed:
    """Ask the dataset's question; the answer is a word, a short phrase, a label or a number."""
    return open_item(question.text, answer)


@construction(kinds=OPEN, signal="the passage the question is about")
def short_answer_context(
    context: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
) -> Composed:
    """Ask the dataset's question about a passage; the answer is a word, a short phrase, a label or a number."""
    return open_item(question.text, answer, text_part(context.text))


@construction(kinds=OPEN, signal="what is said in the conversation")
def dialog_answer(
    dialog: Annotated[Dialog, "dialog", "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
) -> Composed:
    """Ask the dataset's question about a conversation; the answer is short."""
    return open_item(question.text, answer, text_part(dialog_text(dialog)))


@construction(kinds=OPEN, signal="the cells of the table")
def table_answer(
    table: Annotated[Table, "table", "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
) -> Composed:
    """Ask the dataset's question about a table; the answer is short."""
    return open_item(question.text, answer, text_part(table_text(table)))


@construction(kinds=OPEN, signal="what the program does, step by step")
def trace_code(
    code: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Answer, "answer"],
) -> Composed:
    """Show a Python program and ask what it prints or what a variable holds."""
    return open_item(question.text, answer, listing(code.text), verbatim=True)


def listing(code: str) -> Text:
    """A Python program as a fenced block.

    Raises:
        Unfit: when it does not parse or does nothing worth tracing.
    """
    source = re.sub(r"^```\w*\n|\n?```$", "", code.strip())
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise Unfit("the context is not a Python program") from error
    if not any(isinstance(node, ast.Assign | ast.FunctionDef | ast.For | ast.While) for node in tree.body):
        raise Unfit("the program has nothing to trace")
    return Text(text=f"```python\n{source}\n```")


TOOLS = (as_is, as_is_context, short_answer, short_answer_context, dialog_answer, table_answer, trace_code)
