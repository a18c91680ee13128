"""The drawing tools a recipe may use."""

from collections.abc import Callable
from typing import Annotated, cast

from benchmark_agent.content import Audio, Composed, Image, Part, Phrase, Table, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media, Tool, tool
from benchmark_agent.tools.render.charts import ChartKind, chart_of, draw_chart
from benchmark_agent.tools.render.formulas import draw_formula, missing_formulas
from benchmark_agent.tools.render.pages import draw_code, draw_page, draw_table
from benchmark_agent.tools.render.regions import draw_map, read_regions
from benchmark_agent.tools.render.spread import draw_boxes, groups_of


@tool()
def render_table(table: Annotated[Table, "table"], media: Media) -> Image:
    """Draw a table as an image with title, header and ruled rows."""
    return media.image(draw_table(table))


@tool()
def render_chart(
    table: Annotated[Table, "table"], media: Media, *, kind: str = "bar", show_values: bool = True
) -> Image:
    """Draw a table's named rows as a chart: bar, horizontal bar, line, pie or scatter.

    With `show_values` each value stands at its mark, otherwise it is read off the grid.
    """
    return media.image(draw_chart(chart_of(table, cast(ChartKind, kind), most_series=3, show_values=show_values)))


@tool()
def render_code(code: Annotated[Phrase, "context"], media: Media) -> Image:
    """Draw a program as an image: monospaced, coloured, with line numbers."""
    return media.image(draw_code(code.text))


@tool()
def render_text(text: Annotated[Phrase, "context"], media: Media) -> Image:
    """Draw running text as an image of a page."""
    return media.image(draw_page(text.text))


@tool()
def render_box_chart(table: Annotated[Table, "table"], media: Media) -> Image:
    """Draw the spread of a table's numbers as a box chart: one box for each name that repeats in a column."""
    axis, groups = groups_of(table)
    return media.image(draw_boxes(table.name, axis, groups))


@tool(missing=missing_formulas)
def render_formula(formula: Annotated[Phrase, "context", "question"], media: Media) -> Image:
    """Draw a formula in TeX notation as an image."""
    return media.image(draw_formula(formula.text))


@tool()
def render_map(regions: Annotated[Phrase, "context"], media: Media, *, marked: str = "", names: bool = True) -> Image:
    """Draw regions given as GeoJSON as a map, with their names, one of them marked in a strong colour."""
    return media.image(draw_map(read_regions(regions.text), marked, names=names))


@tool()
def show_context_as_image(item: Composed, media: Media) -> Composed:
    """Show the passages of an item as pictures of pages, so that they must be read off the image; the question
    stays text."""
    return _with_pictures(item, media, draw_page)


@tool()
def show_table_as_image(item: Composed, media: Media) -> Composed:
    """Show the tables of an item as pictures, so that they must be read off the image; the question stays text."""
    return _with_pictures(item, media, lambda text: draw_table(table_in(text)))


def table_in(text: str) -> Table:
    """The table a text part holds, written with pipes; a line before it is its title.

    Raises:
        Unfit: when the text is not one table.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    piped = [line for line in lines if line.startswith("|")]
    others = [line for line in lines if not line.startswith("|")]
    if len(piped) < 3 or len(others) > 1 or (others and lines[0] != others[0]):
        raise Unfit("the text is not one table written with pipes")
    grid = [tuple(cell.strip().replace("\\|", "|") for cell in _cells(line)) for line in piped]
    if set("".join(grid[1])) - set("-: ") or len({len(row) for row in grid}) != 1:
        raise Unfit("the table's rows have different numbers of cells")
    title = others[0].strip("*#: ") if others else ""
    return Table(columns=grid[0], rows=tuple(tuple(map(_value, row)) for row in grid[2:]), name=title)


def _cells(line: str) -> list[str]:
    return line.strip().strip("|").replace("\\|", "\0").replace("|", "\1").replace("\0", "\\|").split("\1")


def _value(cell: str) -> str | int | float | None:
    """A number only when it would be drawn with the same digits."""
    if not cell:
        return None
    for kind in (int, float):
        try:
            value = kind(cell)
        except ValueError:
            continue
        return value if str(value) == cell and abs(value) < 10_000 else cell
    return cell


def _with_pictures(item: Composed, media: Media, draw: Callable[[str], bytes]) -> Composed:
    if not any(isinstance(part, Text) for part in item.input):
        raise Unfit("the item has no text part that could be drawn")
    given = list(item.alt) or [""] * sum(not isinstance(part, Text) for part in item.input)
    parts: list[Part] = []
    alt: list[str] = []
    for part in item.input:
        if isinstance(part, (Image, Audio)):
            parts.append(part)
            alt.append(given.pop(0) if given else "")
        else:
            parts.append(media.image(draw(part.text)))
            alt.append(part.text)
    return item.model_copy(update={"input": tuple(parts), "alt": tuple(alt)})


TOOLS: tuple[Tool, ...] = (
    render_table, render_chart, render_code, render_text, render_box_chart, render_formula, render_map,
    show_context_as_image, show_table_as_image,
)  # fmt: skip
