"""Tables drawn with lines on a PDF page: the lines give the cells, PDFium the text in each.

Tables without upright lines are not told from text set in columns, and stay text.
"""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from benchmark_agent.documents.blocks import Box

_MOST_PATHS = 4000
"""Path objects on a page above which it is a drawing, not a table."""
_MOST_RULES = 1500
_THIN = 2.5
"""Points: a rectangle no thicker is a line."""
_SAME = 2.5
"""Points within which two lines are one."""
_LEAST = 8.0
"""Points a line of a table is long at least."""
_MOST_CELLS = 5000


@dataclass(frozen=True, slots=True)
class Table:
    box: Box
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A straight line: where across its direction, and from where to where along it."""

    at: float
    start: float
    end: float


def tables_of(page: Any, height: float) -> tuple[Table, ...]:
    """The ruled tables of a page from top to bottom. The caller holds the lock."""
    flat, upright = _rules(page)
    if len(flat) < 2 or len(upright) < 2 or len(flat) + len(upright) > _MOST_RULES:
        return ()
    textpage = page.get_textpage()
    try:
        found = [_table(textpage, group, height) for group in _groups(flat, upright)]
    finally:
        textpage.close()
    return tuple(sorted((table for table in found if table), key=lambda table: table.box[1]))


def _rules(page: Any) -> tuple[list[_Rule], list[_Rule]]:
    """Horizontal and vertical lines, of strokes and of the edges of rectangles."""
    from pypdfium2 import raw

    flat: list[_Rule] = []
    upright: list[_Rule] = []
    for paths, path in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if paths > _MOST_PATHS:
            return [], []
        for (x0, y0), (x1, y1) in _strokes(path, raw):
            if abs(y1 - y0) <= _THIN / 2 and abs(x1 - x0) >= _LEAST:
                flat.append(_rule((y0 + y1) / 2, x0, x1))
            elif abs(x1 - x0) <= _THIN / 2 and abs(y1 - y0) >= _LEAST:
                upright.append(_rule((x0 + x1) / 2, y0, y1))
    return flat, upright


def _rule(at: float, one: float, other: float) -> _Rule:
    """To a tenth of a point, so that the edge two cells share is one line."""
    return _Rule(round(at, 1), round(min(one, other), 1), round(max(one, other), 1))


def _strokes(path: Any, raw: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight pieces of a path in page coordinates; a thin filled rectangle as its middle line."""
    left, bottom, right, top = path.get_bounds()
    if min(right - left, top - bottom) <= _THIN:
        if right - left > top - bottom:
            yield (left, (bottom + top) / 2), (right, (bottom + top) / 2)
        else:
            yield ((left + right) / 2, bottom), ((left + right) / 2, top)
        return
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for at in range(min(raw.FPDFPath_CountSegments(path), _MOST_PATHS)):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield last, point
        if raw.FPDFPathSegment_GetClose(segment):
            yield point, start
        last = point


def _groups(flat: list[_Rule], upright: list[_Rule]) -> Iterator[tuple[list[_Rule], list[_Rule]]]:
    """Lines that touch each other, table by table: horizontal ones that reach the same upright ones."""
    flat, upright = list(dict.fromkeys(flat)), list(dict.fromkeys(upright))
    while upright:
        uprights, flats = [upright.pop(0)], list[_Rule]()
        edge = uprights[:]
        while edge:
            reached = [f for f in flat if any(_touch(f, u) for u in edge)]
            flat = [f for f in flat if f not in reached]
            edge = [u for u in upright if any(_touch(f, u) for f in reached)]
            upright = [u for u in upright if u not in edge]
            flats += reached
            uprights += edge
        yield flats, uprights


def _touch(flat: _Rule, upright: _Rule) -> bool:
    across = flat.start - _SAME <= upright.at <= flat.end + _SAME
    return across and upright.start - _SAME <= flat.at <= upright.end + _SAME


def _table(textpage: Any, group: tuple[list[_Rule], list[_Rule]], height: float) -> Table | None:
    ys, xs = (_places([rule.at for rule in rules]) for rules in group)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > _MOST_CELLS:
        return None
    cells = tuple(
        tuple(_text(textpage, left, low, right, high) for left, right in pairwise(xs))
        for high, low in pairwise(ys[::-1])
    )
    return Table((xs[0], height - ys[-1], xs[-1], height - ys[0]), cells)


def _text(textpage: Any, left: float, bottom: float, right: float, top: float) -> str:
    return " ".join(textpage.get_text_bounded(left, bottom, right, top).split())


def _places(values: Sequence[float]) -> list[float]:
    """Different places, ascending."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SAME:
            found.append(value)
    return found
