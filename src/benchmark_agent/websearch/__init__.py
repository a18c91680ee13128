"""Searching the web, or a folder of one's own texts, with every result kept beside the run.

`BENCHMARK_AGENT_SEARCH` names the engine; without it nothing is searched. A run asks a question once: what was found is
kept in its folder with the time, stands in the passport of each item that used it, and is read from there ever after.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from benchmark_agent.errors import ToolError, UserError
from benchmark_agent.record import Record, digest_of
from benchmark_agent.store import read_record

SETTING = "BENCHMARK_AGENT_SEARCH"
MOST = 10
"""Results kept of a search, at most."""
LONGEST = 1200
"""Characters kept of a result, at most."""


class Hit(Record):
    """One result."""

    title: str
    url: str
    """Address of the page, or path of the file inside its folder."""
    text: str


class Search(Record):
    """What was found, and when."""

    engine: str
    query: str
    at: str
    """UTC, to the second."""
    hits: tuple[Hit, ...]


class Engine(Protocol):
    """Finds pages or files about a query, best first.

    A search that fails raises ToolError: the sample is given up and counted, and another row takes its place.
    """

    @property
    def name(self) -> str: ...

    def missing(self) -> str:
        """What is not set or installed, and what to type; empty when it runs."""
        ...

    def find(self, query: str, most: int) -> tuple[Hit, ...]: ...


class Shelf:
    """The searches of one run. Safe for several processes: files are renamed into place, and the first one stays."""

    def __init__(self, folder: Path, engine: Callable[[], Engine], *, online: bool = True) -> None:
        """`folder`: of the run. `online`: whether what is not there may be asked for."""
        self._folder, self._engine, self._online = folder / "searches", engine, online

    def search(self, query: str, most: int) -> Search:
        """The results for a query, at most `most`.

        Raises:
            ToolError: the engine failed, or a replay holds no result of this search.
        """
        wanted = " ".join(query.split())
        if not wanted:
            raise ToolError("nothing to search for")
        path = self._folder / f"{digest_of([wanted, most])}.json"
        if not path.is_file():
            if not self._online:
                raise ToolError(f"the run holds no result of the search {wanted!r}, and a replay asks for none")
            engine = self._engine()
            hits = tuple(_short(hit) for hit in engine.find(wanted, most)[:most])
            at = datetime.now(UTC).isoformat(timespec="seconds")
            self._keep(path, Search(engine=engine.name, query=wanted, at=at, hits=hits))
        return read_record(path, Search)

    def _keep(self, path: Path, found: Search) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(found.model_dump_json())
        try:
            os.link(name, path)  # unlike a rename, it never replaces what another process kept first
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()


def _short(hit: Hit) -> Hit:
    return hit if len(hit.text) <= LONGEST else hit.model_copy(update={"text": hit.text[: LONGEST - 1].rstrip() + "…"})


def engine() -> Engine:
    """The engine that is set. Raises UserError when none is, or it is not known."""
    from benchmark_agent.websearch.engines import ENGINES

    setting = os.environ.get(SETTING, "").strip()
    kind, _, rest = setting.partition(":")
    if kind not in ENGINES:
        known = f"set {SETTING} to 'searxng:URL', 'brave', 'ddgs' or 'corpus:FOLDER'"
        raise UserError(f"no search engine is called {kind!r}; {known}" if setting else f"to search the web, {known}")
    return ENGINES[kind](rest)


def missing() -> str:
    """What a search needs that is not here; empty when it can be made."""
    try:
        return engine().missing()
    except UserError as error:
        return str(error)
