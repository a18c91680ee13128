"""Datasets of the Hugging Face Hub: `hub:owner/name@revision:config/split?rows=N`. An optional extra."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from benchmark_agent.errors import UserError
from benchmark_agent.record import digest_of
from benchmark_agent.sources import Found
from benchmark_agent.sources.home import home, write_file
from benchmark_agent.sources.hub import MOST_ROWS, Split, asked_for, class_names, fetched, find, installed
from benchmark_agent.sources.json_rows import parquet_rows
from benchmark_agent.sources.rows import IndexedRows, Origin, Raw, open_rows

SCHEME = "hub:"


class Hub:
    """Splits of a dataset at one commit; images and sounds in the table become files."""

    name = "hub"

    def find(self, root: Path) -> Iterator[Found]:
        """
        Raises:
            UserError: without the extra installed, and for what the Hub does not give.
        """
        if not str(root).startswith(SCHEME):
            return
        installed()
        for split in find(asked_for(str(root))):
            location = f"{split.repo}@{split.commit}:{split.config}/{split.split}"
            location += f"?rows={split.rows}" if split.rows < MOST_ROWS else ""
            write_file(_note(location), json.dumps(asdict(split)))
            source = f"https://huggingface.co/datasets/{split.repo}/tree/{split.commit}"
            yield Found(split.name, location, self.name, {**split.said, "source": source})

    def open(self, root: Path, location: str) -> IndexedRows:
        """
        Raises:
            UserError: when the files cannot be fetched or read.
        """
        try:
            noted = json.loads(_note(location).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise UserError(f"the split {location!r} was not looked up; name it with '--pool hub:...'") from error
        files = tuple((str(name), int(size)) for name, size in noted["files"])
        split = Split(**{**noted, "files": files})
        paths, folder = fetched(split), home() / "hub"
        part = str(split.rows) if split.rows < MOST_ROWS else ""
        return open_rows(Origin(paths, folder, folder, lambda: islice(_rows(paths), split.rows), part=part))


def _note(location: str) -> Path:
    return home() / "hub" / "splits" / f"{digest_of(location)}.json"


def _rows(paths: Sequence[Path]) -> Iterator[Raw]:
    """Rows with the names of labels in place of their numbers."""
    names = class_names(paths[0])
    for where, raw in parquet_rows(paths):
        yield where, raw if isinstance(raw, str) else {column: _named(names, column, raw[column]) for column in raw}


def _named(names: Mapping[str, tuple[str, ...]], column: str, value: object) -> object:
    labels = names.get(column, ())
    if isinstance(value, int) and not isinstance(value, bool) and labels:
        return labels[value] if 0 <= value < len(labels) else None
    return value
