"""Small tools on text: shorten a passage, write a conversation or a table as text."""

import re
from itertools import pairwise

from benchmark_agent.content import Dialog, Phrase, Table
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Tool, tool

_SENTENCE = re.compile(r"(?<=[.!?。！？])[\"'”’)\]]*\s+|(?<=[。！？])|\n+")
Cell = str | int | float | None


def sentences(text: str) -> list[str]:
    """The sentences of a text, as they stand; a line break ends one too."""
    cuts = [0, *(found.end() for found in _SENTENCE.finditer(text)), len(text)]
    return [piece for start, end in pairwise(cuts) if (piece := text[start:end].strip())]


def dialog_text(dialog: Dialog) -> str:
    """One turn a line: `Ann: Hello.`

    Raises:
        Unfit: when nothing is said.
    """
    lines = [f"{turn.speaker}: {turn.text}" if turn.speaker else turn.text for turn in dialog.turns if turn.text]
    if not lines:
        raise Unfit("the dialog is empty")
    return "\n".join(lines)


def cell_text(cell: Cell) -> str:
    """A cell as Markdown holds it; nothing for None."""
    return "" if cell is None else " ".join(str(cell).split()).replace("|", "\\|")


def table_text(table: Table) -> str:
    """The table in Markdown, its name, if it has one, above it.

    Raises:
        Unfit: when it has no row or no column.
    """
    if not table.columns or not table.rows:
        raise Unfit("the table is empty")
    lines = [table.columns, ("---",) * len(table.columns), *table.rows]
    body = "\n".join("| " + " | ".join(cell_text(cell) for cell in line) + " |" for line in lines)
    return body if table.name in ("", "table") else f"{table.name}\n\n{body}"


def shown_text(content: Phrase | Dialog | Table) -> str:
    """A passage, conversation or table as the text an item shows.

    Raises:
        Unfit: when it is empty.
    """
    if isinstance(content, Dialog):
        return dialog_text(content)
    return table_text(content) if isinstance(content, Table) else content.text


@tool()
def truncate_passage(passage: Phrase, *, words: int = 300) -> Phrase:
    """Shorten a long passage to whole sentences of at most so many words; shorter ones stay as they are."""
    kept: list[str] = []
    used = 0
    for sentence in sentences(passage.text):
        used += len(sentence.split())
        if used > words:
            break
        kept.append(sentence)
    if not kept:
        raise Unfit(f"the first sentence alone is longer than {words} words")
    if used <= words:
        return passage
    return passage.model_copy(update={"text": " ".join(kept)})


@tool()
def join_dialog(dialog: Dialog) -> Phrase:
    """Write a conversation as one text, a turn a line with its speaker before it."""
    return Phrase(text=dialog_text(dialog), name=dialog.name or "conversation")


@tool()
def table_to_text(table: Table) -> Phrase:
    """Write a table as Markdown text, its name above it."""
    return Phrase(text=table_text(table), name=table.name or "table")


TOOLS: tuple[Tool, ...] = (truncate_passage, join_dialog, table_to_text)
