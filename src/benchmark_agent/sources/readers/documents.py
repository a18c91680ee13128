"""A folder of documents as datasets: its passages, its tables, its figures, and every large table row by row.

The documents are read once for each state of the files; the rows are kept in the home folder.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, count, pairwise
from pathlib import Path
from typing import IO, Any

from benchmark_agent import documents
from benchmark_agent.documents import Surroundings, Trouble
from benchmark_agent.documents.rows import Made, Value, records_of, rows_of
from benchmark_agent.errors import UserError
from benchmark_agent.events import Event
from benchmark_agent.record import digest_of
from benchmark_agent.sources import Found
from benchmark_agent.sources.home import code_version, fill_folder, home
from benchmark_agent.sources.media_paths import kind_of
from benchmark_agent.sources.progress import tell
from benchmark_agent.sources.readers.common import beside, folders_under, limit_of, location_of, name_of
from benchmark_agent.sources.rows import IndexedRows, Origin, Raw, json_lines, open_rows
from benchmark_agent.tools.image.reading import missing_reader, read_text

_TEXTS = (".html", ".htm", ".xhtml", ".md", ".markdown")
"""Beside data they describe the data, and are no documents."""
_DATA = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".tar", ".arrow", "card.yaml")
_ABOUT = frozenset("readme license licence changelog contributing notice code_of_conduct security authors".split())
_MOST_TABLES = 40
"""Large tables of one folder that become datasets, the largest first."""
_MOST_TOPICS = 40
"""Titles, headings and captions a card names, so that goals find it."""
_LABELLED = 5
"""Passages a document on average from which its name is a label of them."""
_APART = 0.8
"""Heights of a line, by which two lines of a scan are apart when a paragraph ends between them."""
_PLACE = {"id": ("id", "phrase"), "file": ("metadata", "phrase"), "document": ("metadata", "phrase")}
_NAMED = {"caption": ("metadata", "phrase"), "section": ("metadata", "phrase"), "page": ("metadata", "number")}
_ROLES: dict[str, dict[str, tuple[str, str]]] = {
    "passages": {**_PLACE, **_NAMED, "span": ("metadata", "items"), "passage": ("context", "phrase")},
    "tables": {**_PLACE, **_NAMED, "table": ("table", "table")},
    "figures": {**_PLACE, **_NAMED, "image": ("image", "image"), "caption": ("context", "phrase")},
    "records": {"id": ("id", "phrase"), "source_file": ("metadata", "phrase"), "source_page": ("metadata", "number")},
}
"""Per kind of dataset: role and type of the fields we write ourselves."""


class Documents:
    """PDF, DOCX, PPTX, XLSX, HTML and Markdown files; the topmost folders that hold some are a collection each."""

    name = "documents"

    def find(self, root: Path) -> Iterator[Found]:
        for folder, files in _collections(root):
            kept = _kept(folder, files, limit_of(root))
            about = json.loads((kept / "about.json").read_text(encoding="utf-8"))
            said = beside(folder, limit_of(root))
            said = {key: value for key, value in said.items() if key not in ("fields", "rows")}
            base = str(said.pop("name", "") or name_of(folder))
            for part in about:
                location = f"{location_of(folder, root)}#{part['file'].removesuffix('.jsonl')}"
                hints = {**said, "fields": _fields(part), "description": _described(said, part)}
                hints["topics"] = [*_listed(said.get("topics")), *part["topics"].split("; ")]
                yield Found(f"{base} {part['name']}", location, self.name, hints)

    def open(self, root: Path, location: str) -> IndexedRows:
        place, _, part = location.rpartition("#")
        folder, files = next(each for each in _collections(root) if location_of(each[0], root) == place)
        kept = _kept(folder, files, limit_of(root))
        rows = kept / f"{part}.jsonl"
        first = json.loads((kept / "about.json").read_text(encoding="utf-8"))[0]["file"] == rows.name
        skipped = _skipped(kept) if first else []
        if not rows.stat().st_size:
            raise UserError(_nothing_read(folder, skipped))
        return open_rows(Origin((rows,), kept, kept, lambda: chain(skipped, json_lines(rows))))


def _skipped(kept: Path) -> list[Raw]:
    """What could not be read, told once: with the first dataset of the collection."""
    told = (raw for _, raw in json_lines(kept / "skipped.jsonl") if not isinstance(raw, str))
    return [(str(raw["where"]), str(raw["why"])) for raw in told]


def _nothing_read(folder: Path, skipped: Sequence[Raw]) -> str:
    where, why = skipped[0] if skipped else ("its documents", "they hold no text, table or picture")
    more = f" (and {len(skipped) - 1} more findings)" if len(skipped) > 1 else ""
    return f"no document of {str(folder)!r} can be used; {where}: {why}{more}"


def _collections(root: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Folder (or the one file given) and its documents, in a fixed order."""
    if root.is_file():
        yield from [(root, [root])] if root.suffix.lower() in documents.ENDINGS else []
        return
    taken: list[Path] = []
    for folder in folders_under(root):
        if not any(folder.is_relative_to(above) for above in taken) and _here(folder):
            taken.append(folder)
            yield folder, [file for below in folders_under(folder) for file in _here(below)]


def _here(folder: Path) -> list[Path]:
    """The documents directly in a folder."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.is_file())
    about_data = any(name.lower().endswith(_DATA) for name in names)
    return [folder / name for name in names if _is_document(folder / name, about_data)]


def _is_document(file: Path, about_data: bool) -> bool:
    ending = file.suffix.lower()
    if ending not in documents.ENDINGS or file.name.startswith((".", "~$")):
        return False
    return ending not in _TEXTS or not (about_data or file.stem.lower() in _ABOUT)


def _fields(part: Mapping[str, str]) -> list[dict[str, Any]]:
    fields = {path: {"path": path, "role": role, "type": kind} for path, (role, kind) in _ROLES[part["kind"]].items()}
    if part.get("labelled"):
        fields["document"] |= {"role": "category", "type": "label", "label": "source document"}
    return [fields[path] for path in fields if path in part["fields"].split()]


def _listed(topics: object) -> list[str]:
    return [str(topic) for topic in topics] if isinstance(topics, list) else [str(topics)] if topics else []


def _described(said: Mapping[str, Any], part: Mapping[str, str]) -> str:
    return " ".join(text for text in (str(said.get("description", "")), part["description"]) if text)


# -- reading once --------------------------------------------------------------------------------------


def _kept(folder: Path, files: list[Path], limit: Path) -> Path:
    """The folder with the rows of a collection, made when there is none for this state of its files."""
    stamps = [[str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns] for file in files]
    code = code_version(Path(documents.__file__).parent, Path(__file__))
    key = digest_of([code, documents.missing(), bool(ocr()), str(limit.resolve()), stamps])
    return fill_folder(home() / "documents" / key[:2] / key, lambda part: _Writer(part, folder, limit).write(files))


def ocr() -> documents.ReadText | None:
    """What reads pictures of text here; None where nothing does."""
    return None if missing_reader() else _page_text


def _page_text(image: bytes) -> str:
    """The lines of a scanned page, with an empty line where a paragraph ends."""
    lines = read_text(image)
    texts = [line.text for line in lines[:1]]
    for above, line in pairwise(lines):
        apart = line.box[1] - above.box[3] > _APART * (line.box[3] - line.box[1])
        texts += ["", line.text] if apart else [line.text]
    return "\n".join(texts)


class _Writer:
    """Reads the documents one after the other and writes their rows; nothing but tables is kept in memory."""

    def __init__(self, part: Path, folder: Path, limit: Path) -> None:
        self.part, self.folder = part, folder
        self.around = Surroundings(root=limit, ocr=ocr())
        self.counts: dict[str, int] = {"passages": 0, "tables": 0, "figures": 0}
        self.tables: list[dict[str, Value]] = []
        self.fields: dict[str, set[str]] = {kind: set() for kind in self.counts}
        self.topics: dict[str, dict[str, None]] = {kind: {} for kind in self.counts}
        self.read = 0

    def write(self, files: list[Path]) -> None:
        (self.part / "media").mkdir()
        with ExitStack() as stack:
            names = (*self.counts, "skipped")
            out = {
                name: stack.enter_context((self.part / f"{name}.jsonl").open("w", encoding="utf-8")) for name in names
            }
            for number, file in enumerate(files, 1):
                self._document(file, number, len(files), out)
        about = [self._about(kind) for kind in self.counts if self.counts[kind]]
        about += self._records()
        if not about:
            about = [self._about("passages")]
        (self.part / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    def _document(self, file: Path, number: int, total: int, out: Mapping[str, IO[str]]) -> None:
        inside = file.relative_to(self.folder).as_posix() if file != self.folder else file.name
        before, page = sum(self.counts.values()), 0
        for made in rows_of(inside, _title(file), documents.read(file, self.around)):
            if isinstance(made, Trouble):
                where = f"{inside}, {made.where}" if made.where else inside
                _line(out["skipped"], {"where": where, "why": made.why})
                continue
            self._row(made, out[made.kind])
            now = made.values["page"]
            if isinstance(now, int) and now >= page + 50:
                page = now
                tell(Event(stage="pool", message=f"reading {inside}, page {page}", done=number, total=total))
        self.read += sum(self.counts.values()) > before
        tell(Event(stage="pool", message=f"read {inside}", done=number, total=total))

    def _row(self, made: Made, out: IO[str]) -> None:
        values = dict(made.values)
        if made.image:
            name = f"media/{hashlib.sha256(made.image).hexdigest()}.{kind_of(made.image)}"
            (self.part / name).write_bytes(made.image)
            values = {"id": values.pop("id"), "image": name, **values}
        if made.kind == "tables":
            self.tables.append(values)
        self.counts[made.kind] += 1
        said = (values["document"], str(values["section"] or "").rpartition(" > ")[2], values.get("caption"))
        topics = self.topics[made.kind]
        topics.update({str(text): None for text in said if text and len(topics) < _MOST_TOPICS})
        self.fields[made.kind] |= {name for name, value in values.items() if value is not None}
        _line(out, values)

    def _records(self) -> list[dict[str, str]]:
        large = sorted(enumerate(records_of(self.tables)), key=lambda each: (-len(each[1][1]), each[0]))
        numbers = count(1)
        about = []
        for _, (name, rows) in sorted(large[:_MOST_TABLES]):
            file = f"table-{next(numbers)}.jsonl"
            with (self.part / file).open("w", encoding="utf-8") as out:
                for row in rows:
                    _line(out, row)
            source, page = rows[0]["source_file"], rows[0]["source_page"]
            says = f"The rows of the table {name!r} ({source}{f', page {page}' if page else ''})."
            fields = "id source_file source_page" if page else "id source_file"
            about.append({"file": file, "kind": "records", "name": name, "description": says, "fields": fields})
            about[-1]["topics"] = f"{_title(Path(str(source)))}; {name.replace(';', ',')}"
        return about

    def _about(self, kind: str) -> dict[str, str]:
        says = f"{kind.capitalize()} of {self.read} document{'s' if self.read > 1 else ''}."
        fields = " ".join(sorted(self.fields[kind]))
        labelled = kind == "passages" and self.read > 1 and self.counts[kind] >= _LABELLED * self.read
        about = {"file": f"{kind}.jsonl", "kind": kind, "name": kind, "description": says, "fields": fields}
        about["topics"] = "; ".join(text.replace(";", ",") for text in self.topics[kind])
        return {**about, "labelled": "yes"} if labelled else about


def _line(out: IO[str], values: Mapping[str, object]) -> None:
    out.write(json.dumps(values, ensure_ascii=False) + "\n")


def _title(file: Path) -> str:
    return " ".join(file.stem.replace("_", " ").replace("-", " ").split())
