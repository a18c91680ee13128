"""Pages of text, tables and program listings as pictures."""

import builtins
import io
import keyword
import re
import tokenize

from benchmark_agent.content import Table
from benchmark_agent.errors import Unfit
from benchmark_agent.tools.render import lettering
from benchmark_agent.tools.render.canvas import GRID, INK, SOFT, Canvas
from benchmark_agent.tools.render.charts import number

MOST_LINES = 70
"""Lines on one page; more would be too small to read in a model's eyes."""
MOST_CELLS = 400
_KEYWORD, _STRING, _NUMBER, _COMMENT, _BUILTIN = "#cf222e", "#0a3069", "#0550ae", "#6e7781", "#953800"


def draw_page(text: str, width: int = 640, size: int = 17) -> bytes:
    """Running text as a page, PNG bytes; blank lines part paragraphs.

    Raises:
        Unfit: when it is empty, longer than a page, or has a character that cannot be drawn.
    """
    text = lettering.plain(re.sub(r"[ \t]+\n", "\n", text.strip().replace("\r\n", "\n")))
    if not text:
        raise Unfit("there is no text to draw")
    lines = lettering.wrap(text, size, width - 72)
    if len(lines) > MOST_LINES:
        raise Unfit(f"the text takes {len(lines)} lines, a page holds {MOST_LINES}")
    step = size * 1.5
    canvas = Canvas(width, round(len(lines) * step + 56), smooth=1)
    for index, line in enumerate(lines):
        canvas.text((36, 30 + index * step), line, size)
    return canvas.png()


def cell_text(cell: str | int | float | None) -> str:
    """A cell as it is drawn: numbers with thousands marks but for what looks like a year, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, (bool, str)):
        return str(cell)
    if isinstance(cell, int) and 1000 <= cell <= 9999:
        return str(cell)
    return number(cell)


def draw_table(table: Table, size: int = 15) -> bytes:
    """The table as PNG bytes: title, header, striped rows, numbers to the right.

    Raises:
        Unfit: when it is empty, too big for one picture, or has a character that cannot be drawn.
    """
    if not table.rows or not table.columns:
        raise Unfit("the table is empty")
    if len(table.rows) * len(table.columns) > MOST_CELLS:
        raise Unfit(f"the table has {len(table.rows) * len(table.columns)} cells, a picture holds {MOST_CELLS}")
    cells = [[lettering.plain(cell_text(cell)) for cell in row] for row in table.rows]
    grid = [[lettering.plain(name) for name in table.columns], *cells]
    widths = [max(lettering.width(row[i], size) for row in grid) + 26 for i in range(len(table.columns))]
    if max(widths) > 420 or sum(widths) > 1400:
        raise Unfit("the table is too wide for one picture")
    title = lettering.plain(table.name)
    high, top = size * 1.9, 44 if title else 12
    wide = max(sum(widths) + 24, lettering.width(title, 17) + 34)
    canvas = Canvas(round(wide), round(top + high * len(grid) + 14), smooth=1)
    canvas.text((16, 14), title, 17, bold=True)
    right = [all(not isinstance(row[i], str) for row in table.rows) for i in range(len(table.columns))]
    for index, row in enumerate(grid):
        y = top + index * high
        shade = "#e7ecf1" if index == 0 else "#f6f8fa" if index % 2 == 0 else ""
        if shade:
            canvas.rectangle((12, y, 12 + sum(widths), y + high), fill=shade)
        x = 12.0
        for cell, wide, to_right in zip(row, widths, right, strict=True):
            at = (x + wide - 13, y + high / 2) if to_right else (x + 13, y + high / 2)
            canvas.text(at, cell, size, INK, "rm" if to_right else "lm", bold=index == 0)
            x += wide
    for y in (top, top + high, top + high * len(grid)):
        canvas.line([(12, y), (12 + sum(widths), y)], fill=GRID if y > top + high else SOFT, width=1)
    return canvas.png()


def draw_code(code: str, size: int = 16) -> bytes:
    """A Python listing as PNG bytes: one cell a character, coloured by token, with line numbers.

    Raises:
        Unfit: when it is empty, too long or too wide, or has a character that cannot be drawn.
    """
    code = lettering.plain(code.strip("\n").replace("\r\n", "\n"))
    lines = code.split("\n")
    longest = max(map(len, lines))
    if not code.strip():
        raise Unfit("there is no code to draw")
    if len(lines) > MOST_LINES or longest > 100:
        raise Unfit(f"a listing of {len(lines)} lines of up to {longest} characters is too big for one picture")
    cell, step, left = round(size * 0.62), size * 1.5, 58.0
    canvas = Canvas(round(left + cell * max(longest, 24) + 24), round(step * len(lines) + 32), "#fbfbfc", smooth=1)
    for index in range(len(lines)):
        canvas.text((36, 18 + index * step), str(index + 1), size - 3, SOFT, "rt")
    canvas.line([(45, 12), (45, canvas.height - 12)], fill=GRID, width=1)
    colours = _colours(code)
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            if character != " ":
                colour = colours.get((row, column), INK)
                canvas.cell((left + cell * column, 14 + row * step), character, size, colour, cell)
    return canvas.png()


def _colours(code: str) -> dict[tuple[int, int], str]:
    """Colour of each (line, column) of Python code; what is not Python stays as far as it was read."""
    colours: dict[tuple[int, int], str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            colour = _token_colour(token)
            if colour:
                for row in range(token.start[0], token.end[0] + 1):
                    first = token.start[1] if row == token.start[0] else 0
                    last = token.end[1] if row == token.end[0] else 200
                    colours.update({(row - 1, column): colour for column in range(first, last)})
    except (tokenize.TokenError, SyntaxError):
        pass
    return colours


def _token_colour(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.NAME:
        return _KEYWORD if keyword.iskeyword(token.string) else _BUILTIN if hasattr(builtins, token.string) else ""
    return {tokenize.STRING: _STRING, tokenize.NUMBER: _NUMBER, tokenize.COMMENT: _COMMENT}.get(token.type, "")
