"""Markdown: turned into HTML by a CommonMark parser and read as such, with its tables."""

from collections.abc import Iterator
from pathlib import Path

from benchmark_agent.documents import web
from benchmark_agent.documents.blocks import Part, Surroundings
from benchmark_agent.errors import MediaError

_MOST_BYTES = 20_000_000


def read(path: Path, around: Surroundings) -> Iterator[Part]:
    """Raises MediaError when it is no text."""
    from markdown_it import MarkdownIt

    data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
    if not data.strip():
        raise MediaError("it is empty" if path.stat().st_size <= _MOST_BYTES else f"it is over {_MOST_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MediaError(f"it is not UTF-8 text (byte {error.start})") from error
    yield from web.blocks_of(MarkdownIt("commonmark").enable("table").render(_body(text)), path, around)


def _body(text: str) -> str:
    """Without the front matter some tools put at the top."""
    head, rule, rest = text.removeprefix("---\n").partition("\n---\n")
    return rest if rule and text.startswith("---\n") and "\n\n" not in head else text
