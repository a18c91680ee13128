"""Folders of images or sounds: by class, or listed in a metadata file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmark_agent.errors import UserError
from benchmark_agent.sources.csv_rows import CsvFile
from benchmark_agent.sources.media_paths import kind_of
from benchmark_agent.sources.rows import Raw, json_lines

METADATA = ("metadata.jsonl", "metadata.csv")
_SPLITS = ("train", "validation", "valid", "val", "dev", "test")


def metadata_file(folder: Path) -> Path | None:
    """The file that lists the media of a folder."""
    return next((folder / name for name in METADATA if (folder / name).is_file()), None)


def listed_rows(file: Path, column: str) -> Iterator[Raw]:
    """The rows of a metadata file; `file_name` becomes `column` (`image` or `audio`)."""
    for where, raw in json_lines(file) if file.suffix == ".jsonl" else CsvFile(file).rows():
        if isinstance(raw, str):
            yield where, raw
        elif not isinstance(raw.get("file_name"), str):
            yield where, "it has no file_name"
        else:
            rest = {name: value for name, value in raw.items() if name not in ("file_name", column)}
            yield where, {column: raw["file_name"], **rest}


def is_listed(file: Path) -> bool:
    """Whether a metadata file lists media: its first good row has a file_name."""
    try:
        rows = json_lines(file) if file.suffix == ".jsonl" else CsvFile(file).rows()
        first: Mapping[str, Any] = next((raw for _, raw in rows if not isinstance(raw, str)), {})
    except (UserError, OSError):
        return False
    return "file_name" in first


def class_folders(folder: Path, endings: tuple[str, ...]) -> dict[str, list[Path]]:
    """Class folders (two or more, with nothing but media in them) by their path in the folder."""
    splits = [part for part in _subfolders(folder) if part.name.lower() in _SPLITS]
    bases = splits if splits and len(splits) == len(_subfolders(folder)) else [folder]
    found: dict[str, list[Path]] = {}
    for base in bases:
        for part in _subfolders(base):
            files = sorted(file for file in part.iterdir() if not file.name.startswith("."))
            if not files or not all(file.is_file() and file.suffix.lower() in endings for file in files):
                return {}
            found[part.relative_to(folder).as_posix()] = files
    return found if len({name.rpartition("/")[2] for name in found}) > 1 else {}


def _subfolders(folder: Path) -> list[Path]:
    return sorted(part for part in folder.iterdir() if part.is_dir() and not part.name.startswith((".", "_")))


def class_rows(folder: Path, column: str, endings: tuple[str, ...]) -> Iterator[Raw]:
    """One row a file; its label is the name of its folder. A file that is no image or sound is named."""
    for name, files in class_folders(folder, endings).items():
        split, _, label = name.rpartition("/")
        for file in files:
            where = file.relative_to(folder).as_posix()
            with file.open("rb") as opened:
                start = opened.read(16)
            if not kind_of(start):
                yield where, f"it does not open as {'an image' if column == 'image' else 'a sound'}: {start[:8]!r}"
            else:
                row = {column: where, "label": label.replace("_", " ")}
                yield where, {**row, "split": split} if split else row
