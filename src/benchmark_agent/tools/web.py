"""What the web, or a folder of texts, says of a text of the row."""

from typing import Annotated

from benchmark_agent import websearch
from benchmark_agent.content import Phrase
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Tool, Web, tool


@tool(missing=websearch.missing)
def search_web(
    query: Annotated[Phrase, "entity", "question"], web: Web, *, about: str = "", results: int = 5
) -> Phrase:
    """Search the web for a text of the row, with the words `about` added, and give what the first pages say: background
    for a writer, never evidence by itself.

    Raises:
        Unfit: when nothing is found.
    """
    found = web.search(f"{query.text} {about}", max(1, min(results, websearch.MOST)))
    if not found.hits:
        raise Unfit(f"the search for {found.query!r} finds nothing")
    return Phrase(text="\n\n".join(f"{hit.title} ({hit.url})\n{hit.text}" for hit in found.hits))


TOOLS: tuple[Tool, ...] = (search_web,)
