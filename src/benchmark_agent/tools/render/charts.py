"""Charts: bars, horizontal bars, lines, pies and scatter plots that a careful reader can read exactly."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from benchmark_agent.content import Table
from benchmark_agent.errors import Unfit
from benchmark_agent.tools.render import lettering
from benchmark_agent.tools.render.canvas import GRID, INK, OKABE_ITO, PAPER, SOFT, Anchor, Canvas, Rect

ChartKind = Literal["bar", "horizontal bar", "line", "pie", "scatter"]
KINDS: tuple[ChartKind, ...] = get_args(ChartKind)
MOST_CATEGORIES = {"bar": 12, "horizontal bar": 16, "line": 14, "pie": 8, "scatter": 14}
_SMALL = 12
"""Pixels: size of labels."""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: tuple[float, ...]
    """One value a category."""


@dataclass(frozen=True, slots=True)
class Chart:
    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    """Scatter: two, the horizontal values and the vertical ones. Pie: one."""
    axis: str = ""
    """What the values are, with their unit."""
    show_values: bool = True
    """Write each value at its mark; otherwise it is read off the grid."""


def number(value: float) -> str:
    """`1250000` -> `1,250,000`; at most six decimals, none that say nothing."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.6f}".rstrip("0")


def ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round values from at or below `low` to at or above `high`, in steps of 1, 2, 2.5 or 5 times a power of ten."""
    span = (high - low) or abs(high) or 1.0
    power: float = 10.0 ** math.floor(math.log10(span / about))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if span / (factor * power) <= about)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def columns_of(table: Table) -> tuple[int, tuple[int, ...]]:
    """Index of the column that names the rows, and of those that hold a number in every row.

    Raises:
        Unfit: when there is no column of distinct names, or none of numbers.
    """
    names, numbers = [], []
    for index in range(len(table.columns)):
        cells = [row[index] for row in table.rows]
        if all(isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell) for cell in cells):
            numbers.append(index)
        elif all(isinstance(cell, str) and cell.strip() for cell in cells) and len(set(cells)) == len(cells):
            names.append(index)
    if not names or not numbers:
        raise Unfit("the table has no column of distinct names beside a column of numbers")
    return names[0], tuple(numbers)


def chart_of(table: Table, kind: ChartKind, *, most_series: int = 1, show_values: bool = True) -> Chart:
    """The chart of a table's named rows.

    Raises:
        Unfit: when the table has too few or too many rows, or nothing to draw.
    """
    if kind not in KINDS:
        raise Unfit(f"there is no chart kind {kind!r}; there are {', '.join(KINDS)}")
    if not 2 <= len(table.rows) <= MOST_CATEGORIES[kind]:
        raise Unfit(f"a {kind} chart shows 2 to {MOST_CATEGORIES[kind]} rows, the table has {len(table.rows)}")
    name, numbers = columns_of(table)
    chosen = numbers[: 2 if kind == "scatter" else 1 if kind == "pie" else most_series]
    if kind == "scatter" and len(chosen) < 2:
        raise Unfit("a scatter chart needs two columns of numbers")
    series = tuple(Series(table.columns[i], tuple(float(row[i] or 0) for row in table.rows)) for i in chosen)
    axis = series[0].name if len(series) == 1 else ""
    return Chart(kind, table.name, tuple(str(row[name]) for row in table.rows), series, axis, show_values)


def draw_chart(chart: Chart, width: int = 540, height: int = 360) -> bytes:
    """The chart as PNG bytes.

    Raises:
        Unfit: when labels would overlap, a value cannot be drawn, or a character is not in the font.
    """
    canvas = Canvas(width, height)
    for text in (chart.title, chart.axis, *chart.categories, *(series.name for series in chart.series)):
        lettering.plain(text)
    if any(len(series.values) != len(chart.categories) for series in chart.series):
        raise Unfit("a chart needs one value for each category")
    top = _head(canvas, chart)
    if chart.kind == "pie":
        _pie(canvas, chart, top)
    elif chart.kind == "horizontal bar":
        _horizontal(canvas, chart, top)
    elif chart.kind == "scatter":
        _scatter(canvas, chart, top)
    else:
        _upright(canvas, chart, top)
    return canvas.png()


def _head(canvas: Canvas, chart: Chart) -> float:
    """Title, legend and the name of the values; where the plot may start, in pixels from the top."""
    y = 10.0
    for line in lettering.wrap(chart.title, 16, canvas.width - 24) if chart.title else []:
        canvas.text((12, y), line, 16, bold=True)
        y += 22
    if len(chart.series) > 1 and chart.kind != "scatter":
        x = 12.0
        for colour, series in zip(OKABE_ITO, chart.series, strict=False):
            wide = lettering.width(series.name, 13) + 32
            if x + wide > canvas.width and x > 12:
                x, y = 12.0, y + 19
            canvas.rectangle((x, y + 2, x + 11, y + 13), fill=colour)
            canvas.text((x + 17, y + 1), series.name, 13)
            x += wide
        y += 20
    if chart.axis and chart.kind not in ("pie", "horizontal bar"):
        canvas.text((12, y + 1), chart.axis, _SMALL, SOFT)
        y += 18
    return y + 8


def _range(values: list[float], *, from_zero: bool) -> list[float]:
    low, high = min(values), max(values)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    return ticks(low, high)


def _upright(canvas: Canvas, chart: Chart, top: float) -> None:
    scale = _range([value for series in chart.series for value in series.values], from_zero=chart.kind == "bar")
    if chart.show_values:
        scale = _with_headroom(scale, chart)
    left = 20 + max(lettering.width(number(tick), _SMALL) for tick in scale)
    plot = (left, top + 6, canvas.width - 16.0, canvas.height - 44.0)
    slot = (plot[2] - plot[0]) / len(chart.categories)
    labels = category_labels(chart.categories, slot - 6)
    grid_across(canvas, plot, scale)
    for index, lines in enumerate(labels):
        for row, line in enumerate(lines):
            canvas.text((plot[0] + slot * (index + 0.5), plot[3] + 8 + row * 15), line, _SMALL, anchor="mt")
    if chart.kind == "bar":
        _bars(canvas, chart, plot, scale, slot)
    else:
        _lines(canvas, chart, plot, scale, slot)


def _with_headroom(scale: list[float], chart: Chart) -> list[float]:
    """One more tick where a value's label would leave the plot."""
    values = [value for series in chart.series for value in series.values]
    step, room = scale[1] - scale[0], (scale[-1] - scale[0]) * 0.08
    if scale[-1] - max(values) < room:
        scale = [*scale, round(scale[-1] + step, 10)]
    if chart.kind == "line" and min(values) - scale[0] < room and scale[0] != 0:
        scale = [round(scale[0] - step, 10), *scale]
    return scale


def category_labels(categories: tuple[str, ...], room: float) -> list[list[str]]:
    wrapped = [lettering.wrap(lettering.plain(name), _SMALL, room) for name in categories]
    if any(
        len(lines) > 2 or any(lettering.width(w, _SMALL) > room for w in name.split())
        for name, lines in zip(categories, wrapped, strict=True)
    ):
        raise Unfit("the names are too long for the space under an upright chart; draw it as 'horizontal bar'")
    return wrapped


def grid_across(canvas: Canvas, plot: Rect, scale: list[float]) -> None:
    for tick in scale:
        y = place_of(tick, scale, plot[3], plot[1])
        canvas.line([(plot[0], y), (plot[2], y)], fill=SOFT if tick == 0 else GRID, width=1)
        canvas.text((plot[0] - 7, y), number(tick), _SMALL, SOFT, "rm")
    canvas.line([(plot[0], plot[1]), (plot[0], plot[3])], fill=SOFT, width=1)


def place_of(value: float, scale: list[float], start: float, end: float) -> float:
    return start + (value - scale[0]) / (scale[-1] - scale[0]) * (end - start)


def _bars(canvas: Canvas, chart: Chart, plot: Rect, scale: list[float], slot: float) -> None:
    share = 0.74 if len(chart.series) == 1 else 0.88
    wide = slot * share / len(chart.series)
    if chart.show_values:
        widest = max(lettering.width(number(v), _SMALL) for series in chart.series for v in series.values)
        if widest > (slot * 0.92 if len(chart.series) == 1 else wide):
            raise Unfit("the values written over the bars would overlap; draw fewer bars or no values")
    zero = place_of(0, scale, plot[3], plot[1])
    for turn, (colour, series) in enumerate(zip(OKABE_ITO, chart.series, strict=False)):
        for index, value in enumerate(series.values):
            x = plot[0] + slot * (index + (1 - share) / 2) + turn * wide
            y = place_of(value, scale, plot[3], plot[1])
            canvas.rectangle((x + 0.5, min(y, zero), x + wide - 0.5, max(y, zero)), fill=colour)
            if chart.show_values:
                canvas.text((x + wide / 2, y - 3 if value >= 0 else y + 3), number(value), _SMALL, INK,
                            "mb" if value >= 0 else "mt")  # fmt: skip


def _lines(canvas: Canvas, chart: Chart, plot: Rect, scale: list[float], slot: float) -> None:
    for colour, series in zip(OKABE_ITO, chart.series, strict=False):
        points = [
            (plot[0] + slot * (index + 0.5), place_of(value, scale, plot[3], plot[1]))
            for index, value in enumerate(series.values)
        ]
        canvas.line(points, fill=colour, width=2.5)
        for index, (point, value) in enumerate(zip(points, series.values, strict=True)):
            canvas.circle(point, 4, fill=colour, outline=PAPER, width=1)
            if chart.show_values and len(chart.series) == 1:
                aside, below = _label_side(series.values, index)
                below = below and point[1] + 22 < plot[3]
                at = (point[0] + aside * 3, point[1] + (7 if below else -7))
                anchor: Anchor = "mt" if below else "mb" if not aside else "rb" if aside < 0 else "lb"
                canvas.text(at, number(value), _SMALL, INK, anchor)


def _label_side(values: tuple[float, ...], index: int) -> tuple[int, bool]:
    """Where the line leaves room for a label: -1, 0 or 1 for left, middle, right; and whether below the point."""
    before = values[index] - values[index - 1] if index else values[0] - values[1]
    after = values[index + 1] - values[index] if index + 1 < len(values) else values[-2] - values[-1]
    if before <= 0 <= after and (before or after):
        return 0, True
    if before >= 0 >= after:
        return 0, False
    return (-1, False) if before > 0 else (1, False)


def _horizontal(canvas: Canvas, chart: Chart, top: float) -> None:
    scale = _range([value for series in chart.series for value in series.values], from_zero=True)
    names = [lettering.plain(name) for name in chart.categories]
    left = 18 + max(lettering.width(name, _SMALL) for name in names)
    if left > canvas.width * 0.5:
        raise Unfit("the names are too long to stand beside the bars")
    ends = [lettering.width(number(value), _SMALL) for series in chart.series for value in series.values]
    right = canvas.width - (14 + max(ends) if chart.show_values else 24)
    plot = (left, top + 2, right, canvas.height - 42.0)
    for tick in scale:
        x = place_of(tick, scale, plot[0], plot[2])
        canvas.line([(x, plot[1]), (x, plot[3])], fill=SOFT if tick == 0 else GRID, width=1)
        canvas.text((x, plot[3] + 6), number(tick), _SMALL, SOFT, "mt")
    canvas.text(((plot[0] + plot[2]) / 2, plot[3] + 22), chart.axis, _SMALL, SOFT, "mt")
    slot = (plot[3] - plot[1]) / len(names)
    thick, zero = slot * 0.74 / len(chart.series), place_of(0, scale, plot[0], plot[2])
    if thick < 9:
        raise Unfit("there are too many bars for one chart")
    for index, name in enumerate(names):
        canvas.text((plot[0] - 7, plot[1] + slot * (index + 0.5)), name, _SMALL, INK, "rm")
        for turn, (colour, series) in enumerate(zip(OKABE_ITO, chart.series, strict=False)):
            y, x = (
                plot[1] + slot * (index + 0.13) + turn * thick,
                place_of(series.values[index], scale, plot[0], plot[2]),
            )
            canvas.rectangle((min(x, zero), y + 0.5, max(x, zero), y + thick - 0.5), fill=colour)
            if chart.show_values:
                canvas.text((max(x, zero) + 5, y + thick / 2), number(series.values[index]), _SMALL, INK, "lm")


def _pie(canvas: Canvas, chart: Chart, top: float) -> None:
    values = chart.series[0].values
    total = sum(values)
    if min(values) <= 0 or min(values) / total < 0.02:
        raise Unfit("a pie shows positive values that are each at least 2 % of the whole")
    radius = (canvas.height - top - 18) / 2
    centre = (18 + radius, top + radius + 2)
    start = -90.0
    for colour, value in zip(OKABE_ITO, values, strict=False):
        canvas.slice(centre, radius, start, start + 360 * value / total, colour)
        start += 360 * value / total
    x, y = centre[0] + radius + 26, centre[1] - len(values) * 12
    if chart.axis:
        canvas.text((x, y - 24), lettering.shortened(chart.axis, _SMALL, canvas.width - x - 8), _SMALL, SOFT)
    for colour, name, value in zip(OKABE_ITO, chart.categories, values, strict=False):
        label = f"{name}: {number(value)}" if chart.show_values else name
        if x + 20 + lettering.width(lettering.plain(label), 13) > canvas.width - 6:
            raise Unfit("the names are too long to stand beside a pie")
        canvas.rectangle((x, y + 3, x + 13, y + 16), fill=colour)
        canvas.text((x + 20, y + 3), label, 13)
        y += 24


def _scatter(canvas: Canvas, chart: Chart, top: float) -> None:
    across, upward = chart.series
    x_scale, y_scale = _range(list(across.values), from_zero=False), _range(list(upward.values), from_zero=False)
    canvas.text((12, top - 6), upward.name, _SMALL, SOFT)
    left = 20 + max(lettering.width(number(tick), _SMALL) for tick in y_scale)
    plot = (left, top + 16, canvas.width - 30.0, canvas.height - 50.0)
    grid_across(canvas, plot, y_scale)
    for tick in x_scale:
        x = place_of(tick, x_scale, plot[0], plot[2])
        canvas.line([(x, plot[1]), (x, plot[3])], fill=GRID, width=1)
        canvas.text((x, plot[3] + 7), number(tick), _SMALL, SOFT, "mt")
    canvas.text((plot[2], plot[3] + 26), across.name, _SMALL, SOFT, "rt")
    points = [
        (place_of(x, x_scale, plot[0], plot[2]), place_of(y, y_scale, plot[3], plot[1]))
        for x, y in zip(across.values, upward.values, strict=True)
    ]
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in points]
    for (x, y), name in zip(points, chart.categories, strict=True):
        canvas.circle((x, y), 4.5, fill=OKABE_ITO[0], outline=PAPER, width=1)
        wide = lettering.width(lettering.plain(name), _SMALL)
        spots = [(x + 7, y - 7), (x - 7 - wide, y - 7), (x - wide / 2, y - 20), (x - wide / 2, y + 8)]
        boxes = [(a, b, a + wide, b + _SMALL) for a, b in spots]
        own = (x - 5, y - 5, x + 5, y + 5)
        free = [box for box in boxes if _inside(box, canvas) and not any(meets(box, t) for t in taken if t != own)]
        if not free:
            raise Unfit("the names of the points would overlap; draw fewer rows")
        canvas.text(free[0][:2], name, _SMALL)
        taken.append(free[0])


def _inside(box: Rect, canvas: Canvas) -> bool:
    return box[0] >= 2 and box[1] >= 2 and box[2] <= canvas.width - 2 and box[3] <= canvas.height - 2


def meets(one: Rect, other: Rect) -> bool:
    """Whether two rectangles overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
