"""Croissant: the record sets of a croissant.json, read from the files beside it."""

from collections.abc import Iterator
from pathlib import Path

from benchmark_agent.errors import UserError
from benchmark_agent.sources import Found
from benchmark_agent.sources.croissant.described import Described, RecordSet, read
from benchmark_agent.sources.croissant.places import files_of
from benchmark_agent.sources.croissant.records import Records
from benchmark_agent.sources.json_rows import head
from benchmark_agent.sources.media_paths import is_media
from benchmark_agent.sources.readers.common import beside, files_under, limit_of, location_of
from benchmark_agent.sources.rows import IndexedRows, Origin, open_rows

_MARKS = ("mlcommons.org/croissant", "mlcommons/croissant")


class Croissant:
    """Each set of records one dataset; the files described are no datasets of their own."""

    name = "croissant"

    def find(self, root: Path) -> Iterator[Found]:
        for file in files_under(root, ".json"):
            if not _is_croissant(file):
                continue
            location = location_of(file, root)
            try:
                described = read(file)
            except UserError:  # `open` says why
                yield Found(file.parent.name, f"{location}#", self.name, {}, (location,))
                continue
            covers = (location, *_covered(described, root))
            for chosen in described.sets:
                said = _said(described, chosen) | beside(file, limit_of(root))
                for shape in _shapes(described, chosen):
                    place = f"{location}#{chosen.id}" + (f":{shape}" if shape else "")
                    name = f"{_name(described, chosen)} {shape}".strip()
                    yield Found(name, place, self.name, said, covers)
            if file == root and not described.sets:
                yield Found(described.name, f"{location}#", self.name, {}, covers)

    def open(self, root: Path, location: str) -> IndexedRows:
        """
        Raises:
            UserError: when a file is missing, outside the folder, or another than described.
        """
        place, _, id = location.rpartition("#")
        file = root / place
        described = read(file)
        id, shape = (id, "") if any(id == each.id for each in described.sets) else _parted(id)
        chosen = next((each for each in described.sets if each.id == id), None)
        if chosen is None:
            raise UserError(f"{str(file)!r} describes no records ('recordSet'); give its files with '--pool' instead")
        records = Records(described, chosen)
        files = (file, *records.files)
        return open_rows(Origin(files, file.parent, file.parent, lambda: records.rows_of(shape), part=f"{id}:{shape}"))


def _is_croissant(file: Path) -> bool:
    try:
        start = head(file)
    except OSError:
        return False
    return start.startswith("{") and any(mark in start for mark in _MARKS)


def _name(described: Described, chosen: RecordSet) -> str:
    return described.name if len(described.sets) == 1 else f"{described.name} {chosen.id}"


def _shapes(described: Described, chosen: RecordSet) -> tuple[str, ...]:
    try:
        return Records(described, chosen).shapes or ("",)
    except UserError:  # `open` says why
        return ("",)


def _parted(id: str) -> tuple[str, str]:
    """Id of a record set and the shape of its records."""
    set_id, _, shape = id.rpartition(":")
    return set_id, shape


def _said(described: Described, chosen: RecordSet) -> dict[str, object]:
    texts = (str(described.said["description"]), chosen.description)
    told = {column.name: column.description for column in chosen.columns if column.description}
    return {**described.said, "description": " ".join(filter(None, texts)), "field_descriptions": told}


def _covered(described: Described, root: Path) -> Iterator[str]:
    """Places other readers would take for datasets: the files described, and folders of media among them."""
    folder = described.file.parent
    for place in described.places:
        try:
            paths = files_of(described, place)
        except UserError:  # said when a set that needs them is opened
            continue
        for path in paths:
            if not path.is_relative_to(root.resolve()):
                continue
            yield location_of(path, root.resolve())
            inner = path.relative_to(folder.resolve())
            yield from (
                location_of(folder / up, root) for up in inner.parents if is_media(path.name) and str(up) != "."
            )
