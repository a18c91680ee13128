"""Datasets of the Hugging Face Hub: found, pinned to a commit, and their Parquet files fetched as far as needed."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from benchmark_agent.errors import UserError
from benchmark_agent.sources.home import home, write_file

MOST_ROWS = 20_000
"""Rows read of one split."""
MOST_BYTES = 2_000_000_000
"""Bytes downloaded of one split; one file more is not begun."""
_ASKED = re.compile(
    r"hub:(?P<repo>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+?))?(?::(?P<config>[^/:?]+)?(?:/(?P<split>[^/:?]+))?)?"
    r"(?:\?rows=(?P<rows>[1-9]\d{0,8}))?"
)
_NAMED = re.compile(r"(?:^|/)(?P<split>train|validation|valid|val|dev|test)(?=[-_./0-9])", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_CONVERTED = "refs/convert/parquet"
"""Where the Hub keeps Parquet made from other formats."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What `hub:owner/name@revision:config/split?rows=N` names."""

    repo: str
    revision: str = ""
    config: str = ""
    split: str = ""
    rows: int = MOST_ROWS
    """At most so many of each split."""


@dataclass(frozen=True, slots=True)
class Split:
    """Parquet files of one split at one commit."""

    repo: str
    commit: str
    """Hash of the commit the files are read at."""
    config: str
    split: str
    files: tuple[tuple[str, int], ...]
    """Path in the repository and size in bytes, in order."""
    said: Mapping[str, Any]
    """What the card says: licence, languages, tags, description."""
    rows: int = MOST_ROWS
    """Rows wanted."""

    @property
    def name(self) -> str:
        parts = (self.repo.split("/")[1], self.config if self.config != "default" else "", self.split)
        return " ".join(part for part in parts if part)


def asked_for(given: str) -> Asked:
    """Raises UserError when it is not of the form."""
    read = _ASKED.fullmatch(given)
    if read is None:
        raise UserError(f"{given!r} names no dataset of the Hub; write hub:owner/name@revision:config/split?rows=N, "
                        "where all after the name may be left out")  # fmt: skip
    repo, revision, config, split, rows = (read[part] or "" for part in ("repo", "revision", "config", "split", "rows"))
    return Asked(repo, revision, config, split, min(int(rows or MOST_ROWS), MOST_ROWS))


def find(asked: Asked) -> list[Split]:
    """The splits asked for, at the commit the revision stands for now.

    A commit that was looked up before is not looked up again: it cannot change.

    Raises:
        UserError: unknown, gated or without Parquet; not to be reached and not pinned to a commit that is here.
    """
    splits = _noted(asked) or _looked_up(asked)
    wanted = [s for s in splits if asked.config in ("", s.config) and asked.split in ("", s.split)]
    if not wanted:
        there = ", ".join(repr(f"{split.config}/{split.split}") for split in splits)
        raise UserError(f"{asked.repo!r} has no {asked.config or '*'}/{asked.split or '*'}; it has {there}")
    return [replace(split, rows=asked.rows) for split in wanted]


def _notes(repo: str) -> Path:
    return home() / "hub" / "commits" / repo.replace("/", "--")


def _noted(asked: Asked) -> list[Split]:
    """What was found at this commit before; empty when it is no commit, or was not looked up."""
    if not _COMMIT.fullmatch(asked.revision):
        return []
    try:
        noted = json.loads((_notes(asked.repo) / f"{asked.revision}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [Split(**{**each, "files": tuple((str(n), int(size)) for n, size in each["files"])}) for each in noted]


def _looked_up(asked: Asked) -> list[Split]:
    from huggingface_hub import HfApi

    with _refused(asked):
        info = HfApi().dataset_info(asked.repo, revision=asked.revision or None, files_metadata=True)
        said = _said(info)
        splits = _splits(info, asked.repo, said)
        if not splits and not asked.revision:
            info = HfApi().dataset_info(asked.repo, revision=_CONVERTED, files_metadata=True)
            splits = _splits(info, asked.repo, said)
    if not splits:
        raise UserError(f"the dataset {asked.repo!r} holds no Parquet files at this revision; download it and "
                        "give its folder with '--pool FOLDER'")  # fmt: skip
    note = _notes(asked.repo) / f"{splits[0].commit}.json"
    write_file(note, json.dumps([asdict(split) for split in splits]))
    return splits


def installed() -> None:
    """Raises UserError when the extra is not there."""
    if find_spec("huggingface_hub") is None:
        raise UserError("'hub:' pools need huggingface_hub; install it with: pip install 'benchmark-agent[hub]'")


def _said(info: Any) -> dict[str, Any]:
    card = info.card_data.to_dict() if info.card_data else {}
    licence, languages = card.get("license"), card.get("language")
    title = card.get("pretty_name")
    return {
        "licence": _first(licence),
        "languages": [str(code) for code in ([languages] if isinstance(languages, str) else languages or [])],
        "topics": [str(tag) for tag in card.get("tags") or card.get("task_categories") or []],
        "description": " ".join(str(getattr(info, "description", "") or title or "").split())[:600],
        "gated": bool(info.gated),
    }


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else str(value or "")


def _splits(info: Any, repo: str, said: Mapping[str, Any]) -> list[Split]:
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for file in sorted(info.siblings or (), key=lambda each: str(each.rfilename)):
        path = str(file.rfilename)
        if path.endswith(".parquet"):
            found.setdefault(_place(path), []).append((path, int(file.size or 0)))
    return [Split(repo, str(info.sha), *place, tuple(files), said) for place, files in sorted(found.items())]


def _place(path: str) -> tuple[str, str]:
    """Config and split of a file by its path: `fr/test-00000-of-00002.parquet`, `fr/test/0000.parquet`."""
    named = _NAMED.search(path)
    split = named["split"].lower() if named else "train"
    above = [part for part in path.split("/")[:-1] if part.lower() not in ("data", split)]
    return (above[-1] if above else "default"), split


def fetched(split: Split) -> tuple[Path, ...]:
    """The files of a split on this machine: enough of them for the rows wanted, each downloaded once.

    Raises:
        UserError: when they cannot be reached, or one alone is over `MOST_BYTES`.
    """
    from huggingface_hub import hf_hub_download

    paths: list[Path] = []
    rows = size = 0
    for name, length in split.files:
        if paths and (rows >= split.rows or size + length > MOST_BYTES):
            break
        if length > MOST_BYTES:
            raise UserError(f"{name!r} of {split.repo!r} has {length / 1e9:.1f} GB, more than is downloaded for a "
                            "pool; fetch it yourself and give the folder with '--pool'")  # fmt: skip
        with _refused(Asked(split.repo)):
            path = hf_hub_download(
                split.repo, name, repo_type="dataset", revision=split.commit, cache_dir=home() / "hub"
            )
        paths.append(Path(path).resolve())
        rows, size = rows + _count(paths[-1]), size + length
    return tuple(paths)


def _count(path: Path) -> int:
    return int(_asked_of(path, "SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata($1)")[0][0])


def _asked_of(path: Path, query: str) -> list[tuple[Any, ...]]:
    try:
        with duckdb.connect(config={"autoinstall_known_extensions": False, "threads": 1}) as base:
            return base.execute(query, [str(path)]).fetchall()
    except duckdb.Error as error:
        raise UserError(f"{path.name!r} cannot be read as Parquet: {str(error).splitlines()[0]}") from error


def class_names(path: Path) -> dict[str, tuple[str, ...]]:
    """Names of the labels that a column holds as numbers, by column, as `datasets` writes them into the file."""
    query = "SELECT value FROM parquet_kv_metadata($1) WHERE decode(key) = 'huggingface'"
    try:
        told = [json.loads(bytes(value)) for (value,) in _asked_of(path, query)]
        features = told[0]["info"]["features"] if told else {}
    except (ValueError, KeyError, TypeError):
        return {}
    return {
        str(name): tuple(map(str, feature["names"]))
        for name, feature in features.items()
        if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and feature.get("names")
    }


@contextmanager
def _refused(asked: Asked) -> Iterator[None]:
    """What the Hub and the way to it answer, as errors that say what to do."""
    from httpx2 import HTTPError
    from huggingface_hub import errors

    where = f"https://huggingface.co/datasets/{asked.repo}"
    try:
        yield
    except errors.GatedRepoError as error:
        raise UserError(f"the dataset {asked.repo!r} is gated: accept its terms at {where}, make a token, "
                        "and set HF_TOKEN") from error  # fmt: skip
    except errors.RevisionNotFoundError as error:
        raise UserError(f"{asked.repo!r} has no revision {asked.revision!r}; see {where}/tree/main") from error
    except errors.RepositoryNotFoundError as error:
        raise UserError(f"there is no dataset {asked.repo!r} on the Hub, or it is private: check its name, "
                        "or set HF_TOKEN") from error  # fmt: skip
    except (errors.HfHubHTTPError, errors.LocalEntryNotFoundError, HTTPError, OSError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise UserError(f"the Hub cannot be reached for {asked.repo!r}: {reason}; try again, "
                        + _instead(asked)) from error  # fmt: skip


def _instead(asked: Asked) -> str:
    """What serves without the Hub: a commit that is here, else a folder."""
    here = sorted(_notes(asked.repo).glob("*.json"), key=lambda note: (note.stat().st_mtime, note.name))
    if here and here[-1].stem != asked.revision:
        return f"or name the commit that was used here before: 'hub:{asked.repo}@{here[-1].stem}'"
    return "or download the dataset and give its folder with '--pool FOLDER'"
