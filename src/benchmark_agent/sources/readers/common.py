"""What all readers share: walking a pool, naming a dataset, what the files beside it say of it."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from benchmark_agent.errors import UserError

_NOT_NAMES = frozenset(
    (
        "annotation", "annotations", "data", "dataset", "datasets", "examples", "json", "jsonl", "csv", "train",
        "test", "validation", "valid", "val", "dev", "metadata", "questions", "samples", "default", "main", "raw",
        "rows", "index", "parquet", "images", "image", "audio",
    )
)  # fmt: skip
_SIDE_FOLDERS = frozenset({"json", "jsonl", "annotation", "annotations"})
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C reads cards ten times faster, where it is built in."""
_SHARD = re.compile(r"-\d{5}-of-\d{5}$")
_LICENCES = (
    ("MIT License", "MIT"),
    ("Apache License", "Apache-2.0"),
    ("Attribution-ShareAlike 4.0", "CC-BY-SA-4.0"),
    ("Attribution 4.0", "CC-BY-4.0"),
    ("CC0 1.0", "CC0-1.0"),
)


def files_under(root: Path, *endings: str) -> Iterator[Path]:
    """Files with one of the endings, in a fixed order; `root` itself when it is a file. Hidden ones are passed over."""
    if root.is_file():
        if root.suffix.lower() in endings:
            yield root
        return
    for folder in folders_under(root):
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.lower().endswith(endings) and not entry.is_dir()]
        yield from (folder / name for name in sorted(names) if not name.startswith("."))


def folders_under(root: Path) -> Iterator[Path]:
    """`root` and the folders below it, in a fixed order; links are not followed.

    Raises:
        UserError: when one cannot be listed.
    """
    if not root.is_dir():
        return
    yield root
    try:
        with os.scandir(root) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError as error:
        raise UserError(f"the folder {str(root)!r} cannot be listed: {error.strerror}") from error
    for name in names:
        if not name.startswith((".", "__")) and name != "dataset_cards":
            yield from folders_under(root / name)


def limit_of(root: Path) -> Path:
    """The folder nothing is read outside of. For one annotation file in `json/`, the folder with its images."""
    if root.is_dir():
        return root
    return root.parent.parent if root.parent.name.lower() in _SIDE_FOLDERS else root.parent


def location_of(path: Path, root: Path) -> str:
    """Path relative to the pool's root; `.` for a root that is the dataset itself."""
    return path.relative_to(root).as_posix()


def name_of(path: Path) -> str:
    """What a dataset is called by its path: the file's name, or its folder's when that says nothing."""
    stem = _SHARD.sub("", path.stem if path.suffix and not path.is_dir() else path.name)
    for name in (stem, *(parent.name for parent in path.parents[:3])):
        if name and name.lower() not in _NOT_NAMES:
            return name
    return stem


def beside(path: Path, limit: Path) -> dict[str, Any]:
    """What the files next to a dataset say of it: a licence, the head of a README, a card (which wins).

    Args:
        path: the data file, or the folder of a media dataset.

    Raises:
        UserError: when a card there is not YAML.
    """
    folder = path if path.is_dir() else path.parent
    said: dict[str, Any] = {}
    for place in (limit, folder):
        said |= _licence(place)
    said |= _readme(folder)
    names = ("card.yaml",) if path.is_dir() else (f"{path.stem}.card.yaml", "card.yaml")
    card = next((folder / name for name in names if (folder / name).is_file()), None)
    return said | (_yaml(card) if card else {})


def _licence(folder: Path) -> dict[str, Any]:
    file = next((folder / name for name in ("LICENSE", "LICENSE.txt", "LICENCE") if (folder / name).is_file()), None)
    if file is None:
        return {}
    start = file.read_text(encoding="utf-8", errors="replace")[:400]
    return next(({"licence": spdx} for words, spdx in _LICENCES if words in start), {})


def _readme(folder: Path) -> dict[str, Any]:
    """Front matter of a README.md, as the Hugging Face Hub writes it."""
    file = folder / "README.md"
    parts = file.read_text(encoding="utf-8", errors="replace").split("---\n", 2) if file.is_file() else []
    if len(parts) < 3 or parts[0].strip():
        return {}
    try:
        head = yaml.safe_load(parts[1])
    except yaml.YAMLError:
        return {}
    if not isinstance(head, Mapping):
        return {}
    wanted = {"license": "licence", "pretty_name": "name", "tags": "topics"}
    return {ours: head[theirs] for theirs, ours in wanted.items() if head.get(theirs)}


def _yaml(file: Path) -> dict[str, Any]:
    try:
        card = yaml.load(file.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"the card {str(file)!r} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(card, dict):
        raise UserError(f"the card {str(file)!r} must hold 'name: ...', 'description: ...' and so on, one a line")
    return {str(name): value for name, value in card.items()}
