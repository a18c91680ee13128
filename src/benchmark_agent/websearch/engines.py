"""The engines: a SearXNG server, Brave's API, the ddgs package, and a folder of texts."""

import importlib.util
import json
import os
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmark_agent.errors import ToolError, boundary
from benchmark_agent.lexical import terms
from benchmark_agent.websearch import Engine, Hit

_SECONDS = 30
"""Seconds a search may take."""
_MOST_BYTES = 5_000_000
"""Of a reply, and of a file of a corpus."""
BRAVE_URL = "BENCHMARK_AGENT_BRAVE_URL"
_BRAVE = "https://api.search.brave.com/res/v1/web/search"
_TEXTS = (".txt", ".md", ".jsonl")


@dataclass(frozen=True)
class SearXNG:
    """A server of one's own; its settings must allow the JSON format."""

    url: str
    name: str = "searxng"

    def missing(self) -> str:
        known = self.url.startswith(("http://", "https://"))
        return "" if known else f"give the server's address, as in 'searxng:http://localhost:8888', not {self.url!r}"

    def find(self, query: str, most: int) -> tuple[Hit, ...]:
        reply = _json(f"{self.url.rstrip('/')}/search?{urlencode({'q': query, 'format': 'json'})}", {})
        return _hits(reply.get("results"), title="title", url="url", text="content")


@dataclass(frozen=True)
class Brave:
    """Brave's search API; its key is in BRAVE_API_KEY."""

    url: str = ""
    name: str = "brave"

    def missing(self) -> str:
        return "" if os.environ.get("BRAVE_API_KEY") else "set BRAVE_API_KEY to your key of the Brave search API"

    def find(self, query: str, most: int) -> tuple[Hit, ...]:
        address = f"{os.environ.get(BRAVE_URL, _BRAVE)}?{urlencode({'q': query, 'count': most})}"
        reply = _json(address, {"X-Subscription-Token": os.environ.get("BRAVE_API_KEY", "")})
        web = reply.get("web")
        return _hits(web.get("results") if isinstance(web, dict) else None, "title", "url", "description")


@dataclass(frozen=True)
class Ddgs:
    """Several public engines through the package `ddgs`; no key."""

    setting: str = ""
    name: str = "ddgs"

    def missing(self) -> str:
        found = importlib.util.find_spec("ddgs")
        return "" if found else "ddgs is not installed; type: pip install 'benchmark-agent[web]'"

    def find(self, query: str, most: int) -> tuple[Hit, ...]:
        from ddgs import DDGS

        with boundary("the search", ToolError):
            return _hits(DDGS(timeout=_SECONDS).text(query, max_results=most), title="title", url="href", text="body")


@dataclass(frozen=True)
class Corpus:
    """A folder of texts: .txt and .md files, and .jsonl files whose lines hold `text` and perhaps `title` and `url`."""

    folder: str
    name: str = "corpus"

    def missing(self) -> str:
        return "" if Path(self.folder).is_dir() else f"there is no folder {self.folder!r} to search"

    def find(self, query: str, most: int) -> tuple[Hit, ...]:
        words = [word for word in terms(query) if '"' not in word]
        if not words:
            return ()
        any_of = " OR ".join(f'"{word}"' for word in words)
        rows = _index(Path(self.folder).resolve()).execute(
            "SELECT title, url, text FROM pages WHERE terms MATCH ? ORDER BY bm25(pages), url LIMIT ?", (any_of, most)
        )
        return tuple(Hit(title=title, url=url, text=text) for title, url, text in rows)


ENGINES: Mapping[str, Callable[[str], Engine]] = {"searxng": SearXNG, "brave": Brave, "ddgs": Ddgs, "corpus": Corpus}


def _json(address: str, headers: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(address, headers={"Accept": "application/json", **headers})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310
            data = reply.read(_MOST_BYTES)
        read = json.loads(data)
    except urllib.error.HTTPError as error:
        raise ToolError(f"the search engine refuses with status {error.code}") from error
    except (OSError, ValueError) as error:
        raise ToolError(f"the search engine gave no usable reply: {error}") from error
    return read if isinstance(read, dict) else {}


def _hits(found: object, title: str, url: str, text: str) -> tuple[Hit, ...]:
    """Results that have an address and say something."""
    listed = found if isinstance(found, list) else []
    said = [{key: each.get(key) for key in (title, url, text)} for each in listed if isinstance(each, dict)]
    return tuple(
        Hit(title=str(each[title] or ""), url=str(each[url]), text=" ".join(str(each[text]).split()))
        for each in said
        if each[url] and each[text]
    )


@lru_cache(maxsize=2)
def _index(folder: Path) -> sqlite3.Connection:
    pages = sqlite3.connect(":memory:", check_same_thread=False)
    pages.execute("CREATE VIRTUAL TABLE pages USING fts5(title UNINDEXED, url UNINDEXED, text UNINDEXED, terms)")
    with pages:
        pages.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?)",
            ((hit.title, hit.url, hit.text, " ".join(terms(f"{hit.title} {hit.text}"))) for hit in _pages(folder)),
        )
    return pages


def _pages(folder: Path) -> Iterator[Hit]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in _TEXTS or not path.resolve().is_relative_to(folder):
            continue
        if path.stat().st_size > _MOST_BYTES and path.suffix.lower() != ".jsonl":
            continue
        place = path.relative_to(folder).as_posix()
        with path.open(encoding="utf-8", errors="replace") as file:
            if path.suffix.lower() == ".jsonl":
                yield from _lines(place, file)
            else:
                yield Hit(title=path.stem.replace("_", " "), url=place, text=file.read())


def _lines(place: str, lines: Iterator[str]) -> Iterator[Hit]:
    for n, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("text"), str):
            address = str(row.get("url") or f"{place}#{n}")
            yield Hit(title=str(row.get("title") or ""), url=address, text=row["text"])
