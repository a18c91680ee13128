"""Datasets that are one file: JSON in several layouts, JSONL, CSV and Parquet."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmark_agent.errors import UserError
from benchmark_agent.sources import Found
from benchmark_agent.sources.csv_rows import CsvFile
from benchmark_agent.sources.json_rows import JsonDocument, head, holds_rows, is_lines, parquet_rows
from benchmark_agent.sources.media_folders import METADATA, is_listed
from benchmark_agent.sources.readers.common import beside, files_under, limit_of, location_of, name_of
from benchmark_agent.sources.rows import IndexedRows, Origin, json_lines, open_rows

_TASK = re.compile(r'"task"\s*:')
_DATA = re.compile(r'"data"\s*:\s*\[')
_EXAMPLES = re.compile(r'"examples"\s*:\s*\[')
_PLAIN_JSON = (".json",)


def _start_of(file: Path) -> str:
    """The head of a file; empty when it cannot be read: `open` says why."""
    try:
        return head(file)
    except OSError:
        return ""


def _json_rows(root: Path, location: str) -> IndexedRows:
    file = root / location
    document = JsonDocument(file)
    return open_rows(Origin((file,), file.parent, limit_of(root), document.rows, document.header))


def _header(root: Path, location: str) -> dict[str, Any]:
    """What stands beside the rows; nothing for a file that does not read: `open` says why."""
    try:
        return _json_rows(root, location).header
    except UserError:
        return {}


class GeneralBench:
    """The paper's layout: `{task, modality, data: [{id, input, output}]}`, images nearby, cards in `dataset_cards/`."""

    name = "general-bench"

    def find(self, root: Path) -> Iterator[Found]:
        cards = _general_bench_cards(root)
        for file in files_under(root, *_PLAIN_JSON):
            start = _start_of(file)
            if not (start.startswith("{") and _TASK.search(start) and _DATA.search(start)):
                continue
            location = location_of(file, root)
            header = _header(root, location)
            said = beside(file, limit_of(root))
            card = _card_for(file, str(header.get("task", "")), cards)
            name = str(card.get("name") or said.get("name") or _task_name(header, file))
            yield Found(name, location, self.name, {**header, **card, **said})

    def open(self, root: Path, location: str) -> IndexedRows:
        return _json_rows(root, location)


def _task_name(header: Mapping[str, Any], file: Path) -> str:
    by_path = name_of(file)
    return by_path if len(by_path) > 3 else str(header.get("task") or by_path)


def _general_bench_cards(root: Path) -> list[dict[str, Any]]:
    """The dataset cards at the root, beside it or just above a dataset given alone."""
    places = [root / "dataset_cards"]
    places += [parent / "dataset_cards" for parent in list(root.parents)[:4] if (parent / "datasets").is_dir()]
    cards = []
    for place in places:
        for file in sorted(place.glob("*.json")) if place.is_dir() else ():
            try:
                card = json.loads(file.read_bytes())
            except ValueError:
                continue
            if isinstance(card, dict):
                cards.append(card)
    return cards


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _card_for(file: Path, task: str, cards: list[dict[str, Any]]) -> dict[str, Any]:
    """The card that names this file, else the one with the name of the dataset's folder or task."""
    for card in cards:
        raw = card.get("raw_meta")
        source = str(raw.get("source_json", "")) if isinstance(raw, Mapping) else ""
        if source and file.resolve().as_posix().endswith("/" + source):
            return card
    names = {_plain(name_of(file)), _plain(task)} - {""}
    return next((card for card in cards if _plain(str(card.get("name", ""))) in names), {})


class BigBenchHard:
    """`{canary?, examples: [{input, target}]}`."""

    name = "bbh"

    def find(self, root: Path) -> Iterator[Found]:
        for file in files_under(root, *_PLAIN_JSON):
            start = _start_of(file)
            if start.startswith("{") and _EXAMPLES.search(start) and '"input"' in start and '"target"' in start:
                location = location_of(file, root)
                yield Found(name_of(file), location, self.name, _header(root, location) | beside(file, limit_of(root)))

    def open(self, root: Path, location: str) -> IndexedRows:
        return _json_rows(root, location)


class JsonLines:
    """One JSON object a line."""

    name = "jsonl"

    def find(self, root: Path) -> Iterator[Found]:
        for file in files_under(root, ".jsonl", ".ndjson", ".json"):
            if file.suffix.lower() == ".json" and not is_lines(_start_of(file)):
                continue
            if file.name not in METADATA or not is_listed(file):
                yield Found(name_of(file), location_of(file, root), self.name, beside(file, limit_of(root)))

    def open(self, root: Path, location: str) -> IndexedRows:
        file = root / location
        return open_rows(Origin((file,), file.parent, limit_of(root), lambda: json_lines(file), lines=True))


class JsonList:
    """A JSON list of objects, or an object with such a list under `data`, `examples`, `rows`, `train` ..."""

    name = "json"

    def find(self, root: Path) -> Iterator[Found]:
        for file in files_under(root, *_PLAIN_JSON):
            if file == root or holds_rows(_start_of(file)):
                yield Found(name_of(file), location_of(file, root), self.name, beside(file, limit_of(root)))

    def open(self, root: Path, location: str) -> IndexedRows:
        return _json_rows(root, location)


class Csv:
    """CSV, TSV and the like with a header line."""

    name = "csv"

    def find(self, root: Path) -> Iterator[Found]:
        for file in files_under(root, ".csv", ".tsv"):
            if file.name not in METADATA or not is_listed(file):
                yield Found(name_of(file), location_of(file, root), self.name, beside(file, limit_of(root)))

    def open(self, root: Path, location: str) -> IndexedRows:
        file = root / location
        return open_rows(Origin((file,), file.parent, limit_of(root), lambda: CsvFile(file).rows()))


_PART = re.compile(r"-\d{5}-of-(\d{5})\.parquet$")


class Parquet:
    """Parquet files; the parts of one table (`train-00000-of-00003.parquet`) are one dataset."""

    name = "parquet"

    def find(self, root: Path) -> Iterator[Found]:
        for _, parts in groupby(files_under(root, ".parquet"), key=lambda file: _PART.sub(r"-\1", str(file))):
            first = next(parts)
            yield Found(name_of(first), location_of(first, root), self.name, beside(first, limit_of(root)))

    def open(self, root: Path, location: str) -> IndexedRows:
        first = root / location
        parts: tuple[Path, ...] = (first,)
        if found := _PART.search(first.name):
            stem = first.name[: found.start()]
            parts = tuple(sorted(first.parent.glob(f"{stem}-?????-of-{found[1]}.parquet")))
        return open_rows(Origin(parts, first.parent, limit_of(root), lambda: parquet_rows(parts)))
