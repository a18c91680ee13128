"""Which flaws of the last try are whose: a second try writes again only the step that had one.

The other steps ask word for word what they asked before, so their replies come from the journal and stay as they were.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.tools import Brief

STEPS = ("write_dialogue", "translate", "rewrite_question")
"""Tools whose errors bear their name, since another step of the recipe makes the item."""


@contextmanager
def naming(tool: str) -> Iterator[None]:
    """Put the tool's name before what it refuses.

    Raises:
        ToolError: what the block refused. Unfit passes as it is: it is not tried again.
    """
    try:
        yield
    except Unfit:
        raise
    except ToolError as error:
        raise ToolError(f"{tool}: {error}") from error


def brief_for(brief: Brief, tool: str) -> Brief:
    """The brief with those flaws only that the tool can mend: its own; what checks found of the item is for the tools
    that made it or its question."""
    own = [flaw.removeprefix(f"{tool}: ") for flaw in brief.flaws if flaw.startswith(f"{tool}: ")]
    of_the_item = [flaw for flaw in brief.flaws if not flaw.startswith(tuple(f"{step}: " for step in STEPS))]
    mine = own if tool in ("write_dialogue", "translate") else own + of_the_item
    return brief.model_copy(update={"flaws": tuple(mine)})
