"""Where in the evidence a gold stands: a quotation is believed when it is found."""

import re

from benchmark_agent.errors import ToolError
from benchmark_agent.tools.writing.shown import Shown, cut
from benchmark_agent.wording import key, words

_JOINT = re.compile(r"\s*(?:\[?(?:\.{3,}|…)\]?|\n+|\s/\s|\s;\s|(?<=[\"”»])\s+(?:and|und|et|y)\s+(?=[\"“«]))\s*")


def find_quote(quote: str, shown: Shown, beside: str = "") -> str:
    """The quotation on one line. Its pieces, parted by ellipses, must each stand in the text that is shown.

    Where media are shown, it may say instead what is seen or heard.

    Args:
        beside: what only the writer saw.

    Raises:
        ToolError: when it is empty, or a piece is nowhere in a text that is all there is.
    """
    pieces = [piece for piece in _JOINT.split(quote.strip()) if words(piece)]
    if not pieces:
        raise ToolError("the quote is empty; copy the words of the evidence that the answer rests on")
    if not shown.media:
        for piece in pieces:
            if not _stands(piece, shown.text):
                _refuse(piece, beside)
    return " … ".join(" ".join(piece.split()) for piece in pieces)


def _refuse(piece: str, beside: str) -> None:
    if beside and _stands(piece, beside):
        raise ToolError(f"the quote {cut(piece, 80)!r} stands in the notes, which the solver does not see; quote the "
                        "evidence")  # fmt: skip
    raise ToolError(f"the quote {cut(piece, 80)!r} is not in the evidence; copy its words exactly")


def _stands(piece: str, text: str) -> bool:
    """Whether the words of a piece stand in a text one after the other, or all in one row of a table and its head."""
    said, held = _spaced(piece), _spaced(text)
    if said in held:
        return True
    lines = [line for line in text.splitlines() if line.startswith("|")]
    wanted = set(said.split())
    return bool(lines) and any(wanted <= set(_spaced(f"{lines[0]} {line}").split()) for line in lines[2:])


def _spaced(text: str) -> str:
    return f" {' '.join(words(key(text)))} "
