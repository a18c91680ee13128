"""The lines of a PDF page with their places and sizes, as PDFium finds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmark_agent.documents.blocks import Box

_BOLD = 600
"""Font weight, 100-900."""


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    box: Box
    size: float
    """Height of the font's box on the page, points."""
    bold: bool


def lines_of(textpage: Any, height: float) -> tuple[Line, ...]:
    """The lines of a page in the order of its content. The caller holds the lock.

    Args:
        height: of the page, points.
    """
    return tuple(_found(textpage, height))


def _found(textpage: Any, height: float) -> Iterator[Line]:
    from pypdfium2 import raw

    text = textpage.get_text_range()
    at = 0
    for line in text.split("\n"):
        shown = line.strip()
        if shown:
            first = raw.FPDFText_GetCharIndexFromTextIndex(textpage, at + line.index(shown[0]))
            last = raw.FPDFText_GetCharIndexFromTextIndex(textpage, at + len(line.rstrip()) - 1)
            if first >= 0 and last >= first:
                yield _line(textpage, shown, first, last - first + 1, height)
        at += len(line) + 1


def _line(textpage: Any, text: str, first: int, count: int, height: float) -> Line:
    from pypdfium2 import raw

    _, low, _, high = textpage.get_charbox(first, loose=True)
    boxes = [textpage.get_rect(i) for i in range(textpage.count_rects(first, count))] or [textpage.get_charbox(first)]
    left, bottom = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, top = max(b[2] for b in boxes), max(b[3] for b in boxes)
    box = (left, height - top, right, height - bottom)
    return Line(text, box, round(abs(high - low), 1), raw.FPDFText_GetFontWeight(textpage, first) >= _BOLD)
