"""PDF: text in the order of its content stream, headings by their size, ruled tables, pictures; scans through OCR.

PDFium is not thread-safe, not even for two documents: everything that calls it holds one lock.
"""

import io
import re
import statistics
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from benchmark_agent.documents.blocks import Block, Box, Part, Surroundings, Trouble, grid_of, is_caption, plain
from benchmark_agent.documents.pdf_lines import Line, lines_of
from benchmark_agent.documents.pdf_tables import Table, tables_of
from benchmark_agent.errors import MediaError
from benchmark_agent.media import MAX_PIXELS

LOCK = threading.Lock()
SAMPLED = 24
"""Pages looked at beforehand for the size of the body text and for what every page repeats."""
_REOPENED = 250
"""Pages after which the file is opened anew: PDFium keeps what it has parsed."""
_TELLING = 8
"""Gaps between lines from which their median is the usual one."""
_SCAN_PIXELS = 8_000_000
_LEAST_TEXT = 16
"""Characters under which a page with a picture is taken for a scan."""
_LEAST_FIGURE = 64
"""Pixels on the shorter side."""
_FURNITURE = 0.1
"""Share of the page's height, at the top and at the bottom, where what repeats is no text."""
_BULLET = re.compile(r"^(?:[•‣◦▪–—*-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")
_HYPHEN = re.compile("[\x02\ufffe]")
"""How PDFium writes a hyphen at the end of a line it has joined with the next."""
_JOINED = re.compile("(?<=[^\\W\\d_])[\x02\ufffe](?=[^\\W\\d_A-Z])|\xad")
_NO_TEXT = (
    "no text and nothing here reads pictures: they are scans. "
    "Type \"pip install 'benchmark-agent[ocr]'\" to have them read"
)


@dataclass(frozen=True, slots=True)
class _Style:
    """What the pages have in common."""

    body: float
    """Height of a line of body text, points."""
    sizes: tuple[float, ...]
    """Heights of headings, largest first."""
    gap: float
    """Usually between two lines of a paragraph, points."""
    furniture: frozenset[str]
    """Texts of headers and footers, digits as #."""


def read(path: Path, around: Surroundings) -> Iterator[Part]:
    """Raises MediaError when it does not open: damaged, encrypted, no PDF."""
    with LOCK:
        document = _opened(path)
    try:
        with LOCK:
            style = _style(document)
        blank: list[int] = []
        held: Block | None = None
        for at in range(len(document)):
            if at and at % _REOPENED == 0:
                with LOCK:
                    document.close()
                    document = _opened(path)
            with LOCK, _page(document, at) as page:
                parts = list(_page_parts(page, at + 1, style, around, blank))
            for part in parts:
                out, held = _joined(held, part)
                yield from out
        if held:
            yield held
        if blank:
            yield Trouble(_ranges(blank), _NO_TEXT)
    finally:
        with LOCK:
            document.close()


def _opened(path: Path) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise MediaError("the PDF is encrypted; save a copy without its password") from error
        raise MediaError(f"the PDF does not open: it is damaged or cut off ({error})") from error


@contextmanager
def _page(document: Any, at: int) -> Iterator[Any]:
    page = document[at]
    try:
        yield page
    finally:
        page.close()


def _lines(page: Any) -> tuple[Line, ...]:
    textpage = page.get_textpage()
    try:
        return lines_of(textpage, page.get_height())
    finally:
        textpage.close()


def _style(document: Any) -> _Style:
    total = len(document)
    sampled = sorted({i * total // SAMPLED for i in range(SAMPLED)})
    sizes: Counter[float] = Counter()
    edges: Counter[str] = Counter()
    gaps: list[float] = []
    for at in sampled:
        with _page(document, at) as page:
            lines, height = _lines(page), page.get_height()
        for line in lines:
            sizes[line.size] += len(line.text)
        gaps += [b.box[1] - a.box[3] for a, b in pairwise(lines) if b.box[1] > a.box[1] and a.size == b.size]
        edges.update({_pattern(line.text) for line in lines if _at_edge(line, height)})
    body = max(sizes, key=lambda size: (sizes[size], size), default=10.0)
    larger = sorted((size for size in sizes if size >= 1.12 * body), reverse=True)
    often = frozenset(text for text, pages in edges.items() if pages >= 3 and 2 * pages >= len(sampled))
    gap = statistics.median(gaps) if len(gaps) >= _TELLING else 0.4 * body
    return _Style(body, tuple(larger), gap, often)


def _pattern(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", text)


def _at_edge(line: Line, height: float) -> bool:
    return line.box[3] < _FURNITURE * height or line.box[1] > (1 - _FURNITURE) * height


def _page_parts(page: Any, number: int, style: _Style, around: Surroundings, blank: list[int]) -> Iterator[Part]:
    height = page.get_height()
    lines = [line for line in _lines(page) if not (_at_edge(line, height) and _pattern(line.text) in style.furniture)]
    pictures = _pictures(page, number)
    if sum(len(line.text) for line in lines) < _LEAST_TEXT and pictures:
        yield from _scanned(page, number, pictures, around, blank)
        return
    tables = tables_of(page, height)
    blocks = _blocks(lines, tables, number, style)
    captions = [block for block in blocks if block.kind == "text" and is_caption(block.text)]
    shown = [_captioned(block, captions) if block.kind == "table" else block for block in blocks]
    shown += [_captioned(picture, captions) for picture in pictures if isinstance(picture, Block)]
    used = {block.text for block in shown if block.kind in ("table", "figure")}
    yield from (block for block in shown if block.kind != "text" or block.text not in used)
    yield from (picture for picture in pictures if isinstance(picture, Trouble))


def _captioned(block: Block, captions: Sequence[Block]) -> Block:
    """With the caption nearest below or above, within 60 points."""
    near = [(gap, c.text) for c in captions if (gap := _gap(block.box, c.box)) < 60]
    return replace(block, text=min(near, default=(0.0, ""))[1])


def _gap(one: Box | None, other: Box | None) -> float:
    if one is None or other is None or one[2] < other[0] or other[2] < one[0]:
        return 1e9
    return max(other[1] - one[3], one[1] - other[3], 0.0)


# -- text ----------------------------------------------------------------------------------------------


def _blocks(lines: Sequence[Line], tables: Sequence[Table], number: int, style: _Style) -> list[Block]:
    """Paragraphs, headings and tables in order; a table stands where its first line did."""
    blocks: list[Block] = []
    placed: set[int] = set()
    for inside, run in groupby(lines, key=lambda line: _table_at(line, tables)):
        if inside is None:
            blocks += [_block(paragraph, number, style) for paragraph in _paragraphs(list(run), style.gap)]
        elif inside not in placed:
            placed.add(inside)
            grid = grid_of(tables[inside].cells)
            if grid:
                blocks.append(Block("table", page=number, grid=grid, box=tables[inside].box))
            else:
                blocks += [_block(paragraph, number, style) for paragraph in _paragraphs(list(run), style.gap)]
    return blocks


def _table_at(line: Line, tables: Sequence[Table]) -> int | None:
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    for at, table in enumerate(tables):
        left, top, right, bottom = table.box
        if left <= x <= right and top <= y <= bottom:
            return at
    return None


def _paragraphs(lines: list[Line], usual: float) -> list[list[Line]]:
    found: list[list[Line]] = []
    for line in lines:
        if found and _goes_on(found[-1], line, usual):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _goes_on(paragraph: list[Line], line: Line, usual: float) -> bool:
    last, first = paragraph[-1], paragraph[0]
    if abs(line.size - last.size) > 0.08 * last.size or line.bold != last.bold or _BULLET.match(line.text):
        return False
    ended = last.text.rstrip()[-1:] in ".!?:。！？"
    if line.box[1] <= last.box[1]:  # another column, or the same line further on
        return not ended and line.text[:1].islower()
    if line.box[1] - last.box[3] > usual + 0.35 * last.size:
        return False
    indented = line.box[0] > last.box[0] + 0.8 * last.size and len(paragraph) > 1
    short = last.box[2] < max(each.box[2] for each in paragraph) - 0.15 * (last.box[2] - first.box[0])
    return not (ended and (indented or short))


def _block(lines: list[Line], number: int, style: _Style) -> Block:
    text = _run_together([line.text for line in lines])
    size = lines[0].size
    boxes = [line.box for line in lines]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    title = len(text) <= 120 and len(lines) <= 3 and text[-1:] not in ".,;:" and any(c.isalpha() for c in text)
    if title and size >= 1.12 * style.body:
        level = 1 + sum(larger > size for larger in style.sizes)
        return Block("heading", text, number, level=level, box=box)
    if title and len(text) <= 80 and lines[0].bold and size >= 0.95 * style.body:
        return Block("heading", text, number, level=len(style.sizes) + 1, box=box)
    return Block("text", text, number, box=box)


def _run_together(lines: Sequence[str]) -> str:
    text = ""
    for line in lines:
        if text.endswith(("-", "\xad", "\ufffe", "\x02")) and text[-2:-1].isalpha() and line[:1].islower():
            text = text[:-1] + line
        else:
            text = f"{text} {line}"
    return plain(_HYPHEN.sub("-", _JOINED.sub("", text)))


def _joined(held: Block | None, part: Part) -> tuple[list[Part], Block | None]:
    """What may go out, and a paragraph that is held back until it is known whether the next page goes on with it."""
    before: list[Part] = [held] if held else []
    if not isinstance(part, Block) or part.kind in ("table", "figure"):
        return [part], held
    if part.kind == "heading":
        return [*before, part], None
    if held and part.page > held.page and held.text[-1:] not in ".!?:。！？" and part.text[:1].islower():
        return [], replace(held, text=_run_together([held.text, part.text]))
    return before, part


# -- pictures and scans --------------------------------------------------------------------------------


def _pictures(page: Any, number: int) -> list[Block | Trouble]:
    """Pictures in their own resolution, with their place on the page."""
    from pypdfium2 import raw

    height = page.get_height()
    found: list[Block | Trouble] = []
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        width_px, height_px = picture.get_px_size()
        if width_px * height_px > MAX_PIXELS:
            why = f"it has a picture of {width_px} x {height_px} pixels, which is over {MAX_PIXELS} pixels"
            found.append(Trouble(f"page {number}", why))
        elif min(width_px, height_px) >= _LEAST_FIGURE:
            left, bottom, right, top = picture.get_bounds()
            found.append(
                Block(
                    "figure",
                    page=number,
                    image=_png(picture.get_bitmap().to_pil()),
                    box=(left, height - top, right, height - bottom),
                )
            )
    return found


def _png(picture: Any) -> bytes:
    out = io.BytesIO()
    (picture if picture.mode in ("1", "L", "P", "RGB", "RGBA") else picture.convert("RGB")).save(out, "PNG")
    return out.getvalue()


def _scanned(
    page: Any, number: int, pictures: list[Block | Trouble], around: Surroundings, blank: list[int]
) -> Iterator[Part]:
    """The text of a page that is a picture; without OCR, its number is noted."""
    too_large = [picture for picture in pictures if isinstance(picture, Trouble)]
    if too_large or around.ocr is None:
        yield from too_large
        if not too_large:
            blank.append(number)
        return
    width, height = page.get_size()
    scale = min(2.0, (_SCAN_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale)
    text = around.ocr(_png(bitmap.to_pil()))
    bitmap.close()
    for paragraph in re.split(r"\n\s*\n", text):
        if plain(paragraph):
            yield Block("text", _run_together(paragraph.splitlines()), number)


def _ranges(pages: Sequence[int]) -> str:
    """`pages 1-3, 7`."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    told = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    listed = ", ".join(told[:12]) + (f" and {len(told) - 12} more stretches" if len(told) > 12 else "")
    return f"page {listed}" if len(pages) == 1 else f"pages {listed}"
