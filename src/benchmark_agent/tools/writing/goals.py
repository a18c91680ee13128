"""Items from the goal alone: the baseline that agents are measured against."""

from random import Random

from pydantic import Field

from benchmark_agent import prompts
from benchmark_agent.content import Composed, Number, Text
from benchmark_agent.errors import ToolError
from benchmark_agent.record import Record
from benchmark_agent.tools import Pen, construction
from benchmark_agent.tools.writing import tongues
from benchmark_agent.tools.writing.composing import KINDS, Answer, Distractors, Texts, compose, kind_for
from benchmark_agent.tools.writing.shown import Shown
from benchmark_agent.tools.writing.trying import brief_for


class ItemFromGoal(Record):
    passage: str = Field("", description="what the solver reads before the question; may be empty")
    gold: str = Field("", description="the fact to be asked for, one sentence")
    question: str = ""
    answer: Answer = ""
    also_right: Texts = ()
    distractors: Distractors = ()


@construction(kinds=KINDS, signal="what the item itself says")
def write_from_goal(number: Number, pen: Pen, rng: Random, *, kind: str = "") -> Composed:
    """A writer makes an item from the goal alone, without data: the `number`-th of many, each on another subject and
    in another form. The baseline of `--direct`.

    Raises:
        Unfit: no kind of the subtask can be written.
        ToolError: what was written cannot be used; the message tells a second try what to mend.
    """
    brief = brief_for(pen.brief, "write_from_goal")
    chosen = kind_for(brief, kind)
    written = pen.ask(
        prompts.load("tools/write_from_goal"),
        ItemFromGoal,
        brief=brief,
        kind=chosen,
        side=rng.choice(("yes", "no")),
        number=int(number.value),
        languages=brief.languages,
    )
    passage = written.passage.strip()
    made = Shown((Text(text=passage),) if passage else ())
    item = compose(written, chosen, " ".join(written.gold.split()) or "as the writer says", made, rng)
    if wrong := tongues.item_strays(item.question, item.options, brief.languages, passage or brief.goal):
        raise ToolError(f"the question cannot be used: {wrong}")
    return item


TOOLS = (write_from_goal,)
