"""Box charts: median, quartiles and extremes of several groups of values."""

import math
from dataclasses import dataclass

import numpy as np

from benchmark_agent.content import Table
from benchmark_agent.errors import Unfit
from benchmark_agent.tools.render import lettering
from benchmark_agent.tools.render.canvas import INK, OKABE_ITO, SOFT, Canvas
from benchmark_agent.tools.render.charts import category_labels, grid_across, number, place_of, ticks

MOST_GROUPS = 10
LEAST_VALUES = 5
"""Values of a group; quartiles of fewer say nothing."""
_SMALL = 12
"""Pixels: size of labels."""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    values: tuple[float, ...]

    @property
    def five(self) -> tuple[float, float, float, float, float]:
        """Least value, lower quartile, median, upper quartile, greatest value; quartiles by linear interpolation
        (Hyndman and Fan 1996, type 7)."""
        low, first, middle, third, high = np.quantile(self.values, (0, 0.25, 0.5, 0.75, 1)).tolist()
        return low, first, middle, third, high


def groups_of(table: Table) -> tuple[str, tuple[Group, ...]]:
    """The measure, and its values by a column of names that repeat.

    Raises:
        Unfit: when there are no such columns, or too few or too many groups or values.
    """
    numbers = [i for i in range(len(table.columns)) if all(map(_is_number, (row[i] for row in table.rows)))]
    names = [
        i
        for i in range(len(table.columns))
        if i not in numbers
        and all(isinstance(row[i], str) and row[i] for row in table.rows)
        and len({row[i] for row in table.rows}) < len(table.rows)
    ]
    if not table.rows or not names or not numbers:
        raise Unfit("a box chart needs a column of names that repeat, and a column of numbers")
    found: dict[str, list[float]] = {}
    for row in table.rows:
        found.setdefault(str(row[names[0]]), []).append(float(row[numbers[0]] or 0))
    if not 2 <= len(found) <= MOST_GROUPS or min(map(len, found.values())) < LEAST_VALUES:
        raise Unfit(f"a box chart shows 2 to {MOST_GROUPS} groups of at least {LEAST_VALUES} values")
    return table.columns[numbers[0]], tuple(Group(name, tuple(values)) for name, values in found.items())


def _is_number(cell: str | int | float | None) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell)


def draw_boxes(title: str, axis: str, groups: tuple[Group, ...], width: int = 540, height: int = 360) -> bytes:
    """The chart as PNG bytes: a box from quartile to quartile, a line at the median, whiskers to the extremes.

    Raises:
        Unfit: when labels would overlap, or a character is not in the font.
    """
    canvas = Canvas(width, height)
    top = 10.0
    for line in lettering.wrap(lettering.plain(title), 16, width - 24) if title else []:
        canvas.text((12, top), line, 16, bold=True)
        top += 22
    canvas.text((12, top + 1), axis, _SMALL, SOFT)
    values = [value for group in groups for value in group.values]
    scale = ticks(min(values), max(values))
    if len(scale) < 2:
        raise Unfit("all values are the same")
    left = 20 + max(lettering.width(number(tick), _SMALL) for tick in scale)
    plot = (left, top + 32, width - 16.0, height - 44.0)
    slot = (plot[2] - plot[0]) / len(groups)
    labels = category_labels(tuple(group.name for group in groups), slot - 6)
    grid_across(canvas, plot, scale)
    for index, (group, lines) in enumerate(zip(groups, labels, strict=True)):
        middle, half = plot[0] + slot * (index + 0.5), min(26.0, slot * 0.3)
        low, first, median, third, high = (place_of(value, scale, plot[3], plot[1]) for value in group.five)
        canvas.line([(middle, low), (middle, first)], width=1.5)
        canvas.line([(middle, third), (middle, high)], width=1.5)
        for end in (low, high):
            canvas.line([(middle - half / 2, end), (middle + half / 2, end)], width=1.5)
        colour = OKABE_ITO[index % len(OKABE_ITO)]
        canvas.rectangle((middle - half, third, middle + half, first), fill=colour, outline=INK)
        canvas.line([(middle - half, median), (middle + half, median)], fill="#ffffff", width=5)
        canvas.line([(middle - half, median), (middle + half, median)], width=2.5)
        for row, text in enumerate(lines):
            canvas.text((middle, plot[3] + 8 + row * 15), text, _SMALL, anchor="mt")
    return canvas.png()
