"""A text in another language."""

from benchmark_agent import prompts
from benchmark_agent.content import Phrase
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.record import Record
from benchmark_agent.sources.languages import language_of
from benchmark_agent.tools import Pen, tool
from benchmark_agent.tools.writing import facts, tongues
from benchmark_agent.tools.writing.trying import brief_for, naming

MOST_CHARACTERS = 6_000
_ALIKE = 0.6
"""Likeness, 0-1, from which two spellings are one name: London and Londres."""
_NOUNS_IN_CAPITALS = "de"
_LEAST, _MOST = 0.15, 6.0
"""Letters of a translation for each letter of the text."""


class Translation(Record):
    text: str = ""


@tool()
def translate(text: Phrase, pen: Pen, *, to: str = "en") -> Phrase:
    """Translate a text into the language `to` (ISO 639-1). Its numbers stay, and its names; a text that is in that
    language already stays as it is.

    Raises:
        Unfit: the text is empty or too long, or `to` is no language.
        ToolError: the translation has lost something or is in another language.
    """
    [target] = tongues.codes(to)[:1] or [""]
    if not target or not text.text.strip() or len(text.text) > MOST_CHARACTERS:
        raise Unfit(f"a text of 1 to {MOST_CHARACTERS} characters and a language such as 'es' are needed")
    source = language_of(text.text)
    if source == target:
        return text
    written = pen.ask(
        prompts.load("tools/translate"),
        Translation,
        text=text.text,
        to=target,
        flaws=brief_for(pen.brief, "translate").flaws,
    ).text.strip()
    with naming("translate"):
        _check(text.text, written, source, target)
    return text.model_copy(update={"text": written})


def _check(text: str, written: str, source: str, target: str) -> None:
    if not written or written == text.strip():
        raise ToolError("nothing was translated; write the whole text in the other language")
    if not _LEAST <= len(written) / len(text) <= _MOST:
        raise ToolError(f"{len(text)} characters became {len(written)}; translate the whole text and add nothing")
    if not tongues.may_be(written, target) or (source and tongues.nearest(written, (source, target)) == source):
        raise ToolError(f"the translation is not in {target!r}")
    if gone := facts.lost_figures(text, written):
        raise ToolError(f"these numbers are not the same in both: {', '.join(gone)}; keep them in digits")
    if source == _NOUNS_IN_CAPITALS or not _is_latin(written):
        return
    named, gone = facts.names(text), facts.lost_names(text, written, likeness=_ALIKE)
    if len(gone) > 1 and 2 * len(gone) >= len(named):
        raise ToolError(f"these names are gone: {', '.join(gone)}; keep names as they are or in their usual form")


def _is_latin(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return sum(sign < "\u0250" for sign in letters) > 0.8 * len(letters)


TOOLS = (translate,)
