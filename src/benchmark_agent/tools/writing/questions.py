"""The question of a construction in other words; what it asks stays."""

from benchmark_agent import prompts
from benchmark_agent.content import Audio, Composed, Image, Text
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.record import Record
from benchmark_agent.tools import Given, Pen, tool
from benchmark_agent.tools.writing import facts, mending, tongues
from benchmark_agent.tools.writing.shown import cut, notes
from benchmark_agent.tools.writing.trying import brief_for, naming
from benchmark_agent.wording import key

MOST_WORDS = 80
"""Words of a question that is reworded; a longer one carries its own evidence."""
_CONTEXT = 700
"""Characters of the evidence the writer reads: enough to know what is asked about."""


class Reworded(Record):
    question: str = ""


@tool()
def rewrite_question(
    item: Composed, pen: Pen, background: tuple[Given, ...] = (), *, style: str = "natural"
) -> Composed:
    """Put a construction's question in other words without changing what it asks: `style` "natural" (as a person
    would ask), "harder" (points at what is meant less directly) or "goal" (in the words and situation of the goal).
    Options, answer and evidence stay, and so does what the gold rests on.

    Raises:
        Unfit: the question is its own evidence.
        ToolError: what was written is not the same question.
    """
    if style not in ("natural", "harder", "goal"):
        raise Unfit(f"there is no style {style!r}; there are 'natural', 'harder' and 'goal'")
    if len(item.question.split()) > MOST_WORDS:
        raise Unfit(f"the question has {len(item.question.split())} words: it is its own evidence and stays as it is")
    media = tuple(part for part in item.input if isinstance(part, Image | Audio))
    evidence = "\n\n".join(part.text for part in item.input if isinstance(part, Text))
    written = pen.ask(
        prompts.load("tools/rewrite_question"),
        Reworded,
        media,
        brief=brief_for(pen.brief, "rewrite_question"),
        style=style,
        question=item.question,
        options=item.options,
        evidence=cut(evidence, _CONTEXT),
        background=notes(background),
    )
    with naming("rewrite_question"):
        question = mending.question_of(written.question, evidence, item.options)
        _same_question(item, question)
    return item.model_copy(update={"question": question})


def _same_question(item: Composed, question: str) -> None:
    """Raises ToolError when something a question turns on is gone, or its answer has come in."""
    before = item.question
    gone = [*facts.lost_figures(before, question), *facts.lost(facts.quotations(before), question)]
    gone += facts.lost_names(before, question)
    gone += [text for text in item.options if key(text) in key(before) and key(text) not in key(question)]
    if gone:
        raise ToolError(f"the new question changes or leaves out {', '.join(map(repr, dict.fromkeys(gone)))}; keep it")
    if (facts.negations(before) > 0) != (facts.negations(question) > 0):
        raise ToolError("the new question adds or drops a negation; ask for the same")
    if wrong := tongues.strays(question, (), before):
        raise ToolError(f"the new question is in another language: {wrong}")
    for gold in item.answer.split("\n"):
        if len(gold) > 2 and key(gold) in key(question) and key(gold) not in key(before):
            raise ToolError(f"the new question says the answer {gold!r}")


TOOLS = (rewrite_question,)
