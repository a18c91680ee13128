"""Documents read into ordered blocks: PDF, DOCX, PPTX, XLSX, HTML, Markdown. See docs/documents.md."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmark_agent.documents import markdown, office, pdf, sheets, web
from benchmark_agent.documents.blocks import Block, Part, Reader, ReadText, Surroundings, Trouble, with_captions
from benchmark_agent.errors import BenchmarkAgentError, MediaError, boundary

__all__ = ["ENDINGS", "Block", "Part", "ReadText", "Surroundings", "Trouble", "missing", "read"]

_EXTRA = "type \"pip install 'benchmark-agent[documents]'\""
_KINDS: tuple[tuple[tuple[str, ...], str, str, bytes, Reader], ...] = (
    ((".pdf",), "PDF", "pypdfium2", b"%PDF-", pdf.read),
    ((".docx", ".docm"), "Word file", "docx", b"PK", office.read_docx),
    ((".pptx", ".pptm"), "PowerPoint file", "pptx", b"PK", office.read_pptx),
    ((".xlsx", ".xlsm"), "Excel file", "openpyxl", b"PK", sheets.read),
    ((".html", ".htm", ".xhtml"), "HTML page", "lxml", b"", web.read),
    ((".md", ".markdown"), "Markdown text", "lxml", b"", markdown.read),
)
"""Endings, what it is called, the module that reads it, what it begins with, and its reader."""
ENDINGS = tuple(ending for endings, *_ in _KINDS for ending in endings)
_OLE = b"\xd0\xcf\x11\xe0"
"""How encrypted office files begin."""


def missing(ending: str = "") -> str:
    """What is not installed to read files with this ending, or any; empty when they can be read."""
    lacking = [module for endings, _, module, *_ in _KINDS if (not ending or ending in endings) and not _has(module)]
    return f"{lacking[0]!r} is not installed: {_EXTRA}" if lacking else ""


def _has(module: str) -> bool:
    return find_spec(module) is not None


def read(path: Path, around: Surroundings) -> Iterator[Part]:
    """The blocks of a document in reading order, and what of it cannot be read. Nothing is raised for a bad file:
    it is one `Trouble`, after the blocks that came out before it was met."""
    try:
        yield from with_captions(_read(path, around))
    except (BenchmarkAgentError, OSError) as error:
        yield Trouble("", str(error))


def _read(path: Path, around: Surroundings) -> Iterator[Part]:
    ending = path.suffix.lower()
    named, start, reader = next((n, s, r) for endings, n, _, s, r in _KINDS if ending in endings)
    lacking = missing(ending)
    if lacking:
        raise MediaError(lacking)
    with path.open("rb") as file:
        head = file.read(1024)
    if not head:
        raise MediaError("it is empty: zero bytes")
    if start and start not in head[: 1024 if named == "PDF" else 2] and not head.startswith(_OLE):
        raise MediaError(f"it is named {ending} and is no {named}: it begins with {head[:8]!r}")
    parts = reader(path, around)
    while True:
        with boundary("it does not read", MediaError):
            part = next(parts, None)
        if part is None:
            return
        yield part
