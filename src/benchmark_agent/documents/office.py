"""Word and PowerPoint files: texts, tables and pictures in order. Files with macros are refused, and never run."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmark_agent.archives import Bounds, zip_members
from benchmark_agent.documents.blocks import Block, Part, Surroundings, Trouble, grid_of, plain
from benchmark_agent.errors import MediaError, boundary
from benchmark_agent.media import open_image

BOUNDS = Bounds(members=20_000, member_bytes=200_000_000, total_bytes=500_000_000)
"""Of an office file, which is a zip. XML compresses to a tenth or twentieth; a bomb to a thousandth."""
_OLD = b"\xd0\xcf\x11\xe0"
_MACROS = "vbaProject.bin"
_HEADING = re.compile(r"(?:heading|title|subtitle)\s*(\d*)", re.IGNORECASE)
_RASTER = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/tiff", "image/webp")


def checked(path: Path, main: str) -> None:
    """An office file that may be opened: not encrypted, without macros, within bounds.

    Args:
        main: the member that tells what kind of file it is (`word/`).

    Raises:
        MediaError: when it is not.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_OLD):
        raise MediaError("it is encrypted, or of the old binary format; save it in today's format without a password")
    members = zip_members(path, f"{path.name!r}", BOUNDS)
    refused = next((member for member in members if member.refused), None)
    if refused:
        raise MediaError(f"its part {refused.name!r} is refused: {refused.refused}")
    if any(member.name.endswith(_MACROS) for member in members) or path.suffix.lower()[-1:] == "m":
        raise MediaError(f"it holds macros; they are never run, save it as {path.suffix[:-1]}x without them")
    if not any(member.name.startswith(main) for member in members):
        raise MediaError(f"it is named {path.suffix} and is none: it has no {main!r} inside")


# -- Word ----------------------------------------------------------------------------------------------


def read_docx(path: Path, around: Surroundings) -> Iterator[Part]:
    """Raises MediaError when it does not open."""
    checked(path, "word/")
    import docx
    from docx.table import Table

    with boundary("the document does not open", MediaError):
        document = docx.Document(str(path))
        inside = list(document.iter_inner_content())
    for each in inside:
        if isinstance(each, Table):
            yield from _docx_table(each)
        else:
            yield from _docx_paragraph(each)


def _docx_table(table: Any) -> Iterator[Block]:
    grid = grid_of([[cell.text for cell in row.cells] for row in table.rows])
    yield from [Block("table", grid=grid)] if grid else []


def _docx_paragraph(paragraph: Any) -> Iterator[Part]:
    text = plain(paragraph.text)
    heading = _HEADING.fullmatch(paragraph.style.name or "") if paragraph.style is not None else None
    if text and heading:
        yield Block("heading", text, level=int(heading[1] or 1))
    elif text:
        yield Block("text", f"- {text}" if paragraph.style.name.startswith("List") else text)
    for drawing in paragraph._p.xpath(".//pic:pic"):
        described = [each.get("descr") or "" for each in paragraph._p.xpath(".//wp:docPr")]
        for relation in drawing.xpath(".//a:blip/@r:embed"):
            part = paragraph.part.related_parts.get(relation)
            if part is not None:
                yield _picture(part.blob, part.content_type, next(iter(described), ""), 0)


def _picture(data: bytes, kind: str, caption: str, page: int) -> Part:
    where = f"slide {page}" if page else "a picture"
    if kind not in _RASTER:
        return Trouble(where, f"a picture of the kind {kind!r} is not drawn here")
    try:
        open_image(data)
    except MediaError as error:
        return Trouble(where, str(error))
    return Block("figure", plain(caption), page, image=data)


# -- PowerPoint ----------------------------------------------------------------------------------------


def read_pptx(path: Path, around: Surroundings) -> Iterator[Part]:
    """Raises MediaError when it does not open."""
    checked(path, "ppt/")
    import pptx

    with boundary("the presentation does not open", MediaError):
        slides = list(pptx.Presentation(str(path)).slides)
    for number, slide in enumerate(slides, 1):
        with boundary(f"slide {number}", MediaError):
            parts = [part for shape in slide.shapes for part in _shape(shape, slide.shapes.title, number)]
        yield from sorted(parts, key=lambda part: not (isinstance(part, Block) and part.kind == "heading"))


def _shape(shape: Any, title: Any, number: int) -> Iterator[Part]:
    if shape.shape_type == 6:  # a group
        for inner in shape.shapes:
            yield from _shape(inner, title, number)
    elif shape.has_text_frame and shape.text_frame.text.strip():
        if title is not None and shape.shape_id == title.shape_id:
            yield Block("heading", plain(shape.text_frame.text), number, level=1)
        else:
            yield Block("text", _slide_text(shape.text_frame), number)
    elif getattr(shape, "has_table", False) and shape.has_table:
        grid = grid_of([[cell.text for cell in row.cells] for row in shape.table.rows])
        if grid:
            yield Block("table", plain(title.text_frame.text) if title is not None else "", number, grid=grid)
    elif shape.shape_type == 13:  # a picture
        described = shape._element.xpath(".//p:cNvPr/@descr")
        yield _picture(shape.image.blob, shape.image.content_type, next(iter(described), ""), number)


def _slide_text(frame: Any) -> str:
    """The lines of a text box; several are points of a list."""
    lines = [plain(paragraph.text) for paragraph in frame.paragraphs if plain(paragraph.text)]
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
