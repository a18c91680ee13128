"""HTML files: headings, texts, tables and figures of the main part, without menus, banners and footers.

Nothing is fetched: pictures are read where they lie inside the folder, or stand in the file itself.
"""

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from benchmark_agent.documents.blocks import Block, Cell, Part, Surroundings, Trouble, grid_of, plain
from benchmark_agent.errors import MediaError, boundary
from benchmark_agent.media import inside, open_image

_LEFT_OUT = (
    "//script | //style | //noscript | //template | //nav | //footer | //aside | //form | //button | //iframe"
    " | //svg | //math//annotation | //*[@hidden] | //*[@aria-hidden='true'] | //body/header"
    " | //*[@role='navigation' or @role='banner' or @role='contentinfo' or @role='search' or @role='dialog']"
    " | //*[contains(concat(' ', @class, ' '), ' sidebar ') or contains(concat(' ', @class, ' '), ' breadcrumb ')"
    " or contains(concat(' ', @class, ' '), ' menu ') or contains(concat(' ', @class, ' '), ' navbar ')"
    " or contains(concat(' ', @class, ' '), ' cookie ') or contains(concat(' ', @class, ' '), ' headerlink ')]"
)
_MAIN = "//main | //*[@role='main'] | //article"
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TEXTS = frozenset("p li blockquote pre dt dd figcaption td th address summary".split())
_INLINE = frozenset(
    "a abbr b bdi cite code del dfn em i ins kbd label mark q s samp small span strong sub sup u var br".split()
)
_SKIPPED = frozenset({"figcaption", "caption", "head"})
_MOST_BYTES = 50_000_000


def read(path: Path, around: Surroundings) -> Iterator[Part]:
    """Raises MediaError when it does not parse."""
    if path.stat().st_size > _MOST_BYTES:
        raise MediaError(f"it has {path.stat().st_size} bytes, more than {_MOST_BYTES} for a page")
    data = path.read_bytes()
    if not data.strip():
        raise MediaError("it is empty")
    yield from blocks_of(_decoded(data), path, around)


def blocks_of(page: str | bytes, path: Path, around: Surroundings) -> Iterator[Part]:
    """Raises MediaError when it does not parse."""
    from lxml import html

    with boundary("the page does not parse", MediaError):
        given = page.encode() if isinstance(page, str) else page
        parser = html.HTMLParser(encoding="utf-8" if isinstance(page, str) else None, no_network=True)
        tree = html.document_fromstring(given, parser=parser)
        for element in tree.xpath(_LEFT_OUT):
            if element.getparent() is not None:
                element.drop_tree()
        mains = tree.xpath(_MAIN)
        body = mains[0] if len(mains) == 1 else next(iter(tree.xpath("//body")), tree)
    yield from _walk(body, path, around)


def _decoded(data: bytes) -> str | bytes:
    """UTF-8 where the bytes are; else the parser looks for what the page says."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data


def _walk(element: Any, path: Path, around: Surroundings) -> Iterator[Part]:
    """Blocks in order. Texts outside any block element are taken as one paragraph."""
    loose: list[str] = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str):  # comments
            loose.append(child.tail or "")
            continue
        if child.tag in _INLINE and not child.xpath(".//img"):
            loose.append(child.text_content())
        else:
            yield from _flushed(loose)
            yield from _element(child, path, around)
        loose.append(child.tail or "")
    yield from _flushed(loose)


def _flushed(loose: list[str]) -> Iterator[Block]:
    text = plain("".join(loose))
    loose.clear()
    if text:
        yield Block("text", text)


def _element(element: Any, path: Path, around: Surroundings) -> Iterator[Part]:
    tag = element.tag
    if tag in _HEADINGS:
        text = plain(element.text_content())
        yield from [Block("heading", text, level=_HEADINGS[tag])] if text else []
    elif tag == "table":
        yield from _table(element, path, around)
    elif tag == "img" or (tag == "figure" and element.xpath(".//img")):
        caption = plain(" ".join(each.text_content() for each in element.xpath(".//figcaption")))
        for image in element.xpath("descendant-or-self::img"):
            yield _figure(image, caption, path, around)
    elif tag in ("ul", "ol") and not element.xpath(".//p | .//table | .//img | .//ul | .//ol | .//pre"):
        points = [plain(item.text_content()) for item in element.xpath("./li")]
        yield from [Block("text", "\n".join(f"- {point}" for point in points if point))] if any(points) else []
    elif tag in _TEXTS and not element.xpath(".//p | .//table | .//img | .//ul | .//ol | .//pre"):
        text = element.text_content().strip("\n") if tag == "pre" else plain(element.text_content())
        yield from [Block("text", f"- {text}" if tag == "li" else text)] if text.strip() else []
    elif tag not in _SKIPPED:
        yield from _walk(element, path, around)


def _table(table: Any, path: Path, around: Surroundings) -> Iterator[Part]:
    """A table of data; one that only lays out a page (a table in a table, long texts) is walked through."""
    rows = table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
    if table.xpath(".//table") or len(rows) < 2:
        yield from _walk(table, path, around)
        return
    caption = plain(" ".join(each.text_content() for each in table.xpath("./caption")))
    grid = grid_of([_row(row) for row in rows])
    if grid:
        yield Block("table", caption, grid=grid)
    else:
        yield from _walk(table, path, around)


def _row(row: Any) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.xpath("./td | ./th"):
        span = str(cell.get("colspan") or "1")
        cells += [plain(cell.text_content())] * (min(int(span), 100) if span.isdigit() else 1)
    return cells


def _figure(image: Any, caption: str, path: Path, around: Surroundings) -> Part:
    source = str(image.get("src") or "")
    named = f"the picture {source[:80]!r}"
    try:
        data = _bytes_of(source, path, around)
        open_image(data)
    except (MediaError, OSError) as error:
        return Trouble(named, str(error))
    return Block("figure", caption or plain(image.get("alt") or ""), image=data)


def _bytes_of(source: str, path: Path, around: Surroundings) -> bytes:
    """Raises MediaError for what lies outside the root, is not there or is no picture."""
    if source.startswith("data:"):
        try:
            return base64.b64decode(source.partition(",")[2], validate=False)
        except binascii.Error as error:
            raise MediaError(f"it does not decode: {error}") from error
    parts = urlsplit(source)
    if parts.scheme or parts.netloc:
        raise MediaError("it lies elsewhere and is not fetched")
    if parts.path.lower().endswith((".svg", ".svgz")):
        raise MediaError("an SVG is not drawn here: it may refer to other files; save it as PNG")
    base = path.parent.resolve().relative_to(around.root.resolve())
    file = inside(around.root, (base / unquote(parts.path)).as_posix())
    if not file.is_file():
        raise MediaError("there is no such file")
    return file.read_bytes()
