"""An item written over the evidence of a row."""

from random import Random

from pydantic import Field

from benchmark_agent import prompts
from benchmark_agent.content import Composed
from benchmark_agent.errors import DECLINED, ToolError, Unfit
from benchmark_agent.record import Record
from benchmark_agent.tools import Given, Pen, construction
from benchmark_agent.tools.writing import tongues
from benchmark_agent.tools.writing.composing import KINDS, Answer, Distractors, Texts, compose, kind_for
from benchmark_agent.tools.writing.quoting import find_quote
from benchmark_agent.tools.writing.shown import media_of, notes, shown
from benchmark_agent.tools.writing.trying import brief_for

PLACES = ("lowest", "second lowest", "second highest", "highest")
"""Where the right one of four options that have an order stands: drawn, since writers like the middle."""


class WrittenItem(Record):
    why_not: str = Field("", description="only where the evidence cannot carry such an item: why")
    fits: bool = True
    gold: str = Field("", description="the fact to be asked for, one sentence, true by the evidence")
    quote: str = Field("", description="the words of the evidence the gold rests on, copied")
    question: str = ""
    answer: Answer = ""
    also_right: Texts = Field((), description="only where the request asks for it; else empty")
    distractors: Distractors = ()


@construction(kinds=KINDS, signal="what the row shows, as the subtask says")
def write_item(
    evidence: tuple[Given, ...],
    pen: Pen,
    rng: Random,
    background: tuple[Given, ...] = (),
    *,
    kind: str = "",
    language: str = "",
    guidance: str = "",
) -> Composed:
    """A writer makes a new item for the subtask: the solver sees the fields of `evidence` (texts, conversations,
    tables, images, sounds); only the writer sees `background` (labels, answers, rationales). `kind` of answer and
    `language` (ISO 639-1) are the subtask's and the evidence's own when empty; `guidance` is a sentence to the writer.

    The gold is written first, with the words of the evidence it rests on, which must be found there.

    Raises:
        Unfit: the writer says that the row does not fit, or there is nothing to show.
        ToolError: what was written cannot be used; the message tells a second try what to mend.
    """
    brief = brief_for(pen.brief, "write_item")
    chosen = kind_for(brief, kind)
    tongue = tongues.codes(language) or brief.languages
    show, beside = shown(evidence), notes(background)
    extra = media_of(background)
    written = pen.ask(
        prompts.load("tools/write_item"),
        WrittenItem,
        (*show.media, *extra),
        brief=brief,
        kind=chosen,
        side=rng.choice(("yes", "no")),
        place=rng.choice(PLACES),
        evidence=show.text,
        media=len(show.media),
        background=beside,
        unshown=len(extra),
        guidance=guidance,
        languages=tongue,
    )
    if brief.adapt and not written.fits:
        raise Unfit(f"{DECLINED}: {written.why_not or 'no reason given'}")
    quote = find_quote(written.quote, show, beside)
    item = compose(written, chosen, f"{' '.join(written.gold.split())} “{quote}”", show, rng)
    if wrong := tongues.item_strays(item.question, item.options, tongue, show.text):
        raise ToolError(f"the question cannot be used: {wrong}")
    return item


TOOLS = (write_item,)
