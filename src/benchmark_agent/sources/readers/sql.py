"""Queries of a pool.yaml on DuckDB and SQLite files beside it, each one dataset."""

from collections.abc import Iterator
from pathlib import Path

from benchmark_agent.sources import Found
from benchmark_agent.sources.pool_file import QUERY, query_of
from benchmark_agent.sources.readers.common import beside
from benchmark_agent.sources.rows import IndexedRows, Origin, open_rows
from benchmark_agent.sources.sql import answers, files_of


class Sql:
    """Rows are read once and kept; a change of the database or the query reads them anew."""

    name = "sql"

    def find(self, root: Path) -> Iterator[Found]:
        if not str(root).startswith(QUERY):
            return
        file, query = query_of(root)
        card = file.parent / f"{query.name}.sql"
        location = str(root).removeprefix(QUERY)
        yield Found(query.name, location, self.name, {**beside(card, file.parent), **query.said})

    def open(self, root: Path, location: str) -> IndexedRows:
        """
        Raises:
            UserError: when the query fails, with its line.
        """
        file, query = query_of(root)
        database = query.database
        return open_rows(Origin(files_of(query), database.parent, file.parent, lambda: answers(query), part=query.text))
