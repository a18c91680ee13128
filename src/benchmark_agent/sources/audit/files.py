"""The media files of a dataset: missing, undecodable, mislabelled, repeated, nearly the same, or used by no row."""

import hashlib
import io
import warnings
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from benchmark_agent.errors import MediaError
from benchmark_agent.media import inside, open_audio, open_image, read_file, uncommon_audio, uncommon_image
from benchmark_agent.metadata import carries, metadata_of
from benchmark_agent.sources.audit.view import Result, Seen, View
from benchmark_agent.sources.cards import Severity
from benchmark_agent.sources.shape import AUDIO_SUFFIXES, IMAGE_SUFFIXES

OPENED = 1000
"""Files opened; of more, this many spread evenly. Whether a file exists is looked up for every row."""
_HASH_BITS = 6
"""Of 256, by which the difference hashes of nearly identical images may differ."""
_GREY = 30
"""Largest difference between the 128 x 128 thumbnails of nearly identical images, in levels of 255: compression and
scaling stay below it, a moved needle or another digit in a drawing does not."""
_SIDE = 128
_LEAST_IMAGES = 5
"""Images from which a dataset is judged by them."""
NOISE = 0.6
"""Mean difference between neighbouring pixels over that between any two, from which an image is noise: 1 when the order
of its pixels tells nothing. Photographs and drawings measured 0.02-0.46; values cut to 8 bits that ran over, 0.42-1."""
_METADATA = 20_000
_FORMATS = {
    "png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP", "tif": "TIFF",
    "tiff": "TIFF", "wav": "WAV", "flac": "FLAC", "ogg": "OGG", "oga": "OGG", "opus": "OGG", "mp3": "MP3",
    "aiff": "AIFF",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    content: str
    """Hash of what it shows: pixels or samples, whatever the encoding."""
    fault: str
    """Why it cannot be used."""
    mislabelled: str
    """What it is, when its name says another format."""
    look: NDArray[np.uint8] | None
    """Grey thumbnail. Shape (128, 128), 0-255."""
    mark: NDArray[np.bool_] | None
    """Difference hash. Shape (256,)."""
    noise: float = 0.0
    """As in `NOISE`."""
    metadata: bytes = b""
    """What an image file says beside its pixels, its first `_METADATA` bytes."""
    uncommon: str = ""
    """What is uncommon about it, and what is done about it."""


def media_files(view: View) -> Result:
    """Everything about the files rows name."""
    result = Result()
    users: dict[str, list[Seen]] = defaultdict(list)
    for row in view.seen:
        for path in row.media:
            if path:
                users[path].append(row)
    if not users:
        return result
    missing = [path for path in users if not _exists(view.root, path)]
    _report(
        result,
        users,
        [(path, "no such file") for path in missing],
        "missing_media",
        "error",
        "name files that do not exist; removed",
        True,
    )
    present = sorted(set(users) - set(missing))
    opened = present[:: max(1, -(-len(present) // OPENED))]
    files = [_open(view.root, path) for path in opened]
    some = "" if len(opened) == len(present) else f" (of {len(opened)} files opened, of {len(present)})"
    faults = [(f.path, f.fault) for f in files if f.fault]
    _report(result, users, faults, "undecodable_media", "error", f"have files that cannot be used{some}; removed", True)
    wrong = [(f.path, f.mislabelled) for f in files if f.mislabelled]
    _report(
        result, users, wrong, "mislabelled_media", "note", f"have files whose name says another format{some}", False
    )
    good = [f for f in files if not f.fault]
    odd = [(f.path, f.uncommon) for f in good if f.uncommon]
    _report(result, users, odd, "uncommon_media", "note", f"have files of an uncommon kind{some}", False)
    _told(result, users, good, some)
    _noise(result, users, good, some)
    _same(view, result, users, good, some)
    _alike(view, result, users, good, some)
    _orphans(view, result, set(users))
    return result


def _exists(root: Path, path: str) -> bool:
    try:
        return inside(root, path).is_file()
    except MediaError:
        return False


def _report(
    result: Result,
    users: dict[str, list[Seen]],
    files: Sequence[tuple[str, str]],
    check: str,
    severity: Severity,
    says: str,
    drop: bool,
) -> None:
    rows = [(row, f"{path}: {seen}") for path, seen in files for row in users[path]]
    if rows:
        total = len({row.ordinal for held in users.values() for row in held})
        hits = len({row.ordinal for row, _ in rows})
        result.find(check, severity, f"{hits} of {total} rows {says}", [(row.id, seen) for row, seen in rows])
        if drop:
            result.unusable |= {row.ordinal for row, _ in rows}


def _open(root: Path, path: str) -> _File:
    ending = path.rsplit(".", 1)[-1].lower()
    try:
        data = read_file(inside(root, path))
        if path.lower().endswith(AUDIO_SUFFIXES):
            kind, _, _, peak = open_audio(data)
            fault, metadata = "silent" if peak < 1e-4 else "", b""
            uncommon = uncommon_audio(data)
            look, mark, content, noise = None, None, hashlib.sha256(data).hexdigest(), 0.0
        else:
            kind, _, _, blank = open_image(data)
            fault = "blank: every pixel has one colour" if blank else ""
            look, mark, content, noise = _seen(data)
            metadata = metadata_of(data)[:_METADATA]
            uncommon = uncommon_image(data)
    except (MediaError, OSError) as error:
        return _File(path, "", str(error), "", None, None)
    named = _FORMATS.get(ending, kind)
    mislabelled = "" if kind in (named, "MPO") else f"is {kind}, named .{ending}"
    return _File(path, content, fault, mislabelled, look, mark, noise, metadata, uncommon)


def _seen(data: bytes) -> tuple[NDArray[np.uint8], NDArray[np.bool_], str, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        picture = Pillow.open(io.BytesIO(data)).convert("RGB")
    grey = picture.convert("L")
    look = np.asarray(grey.resize((_SIDE, _SIDE), Pillow.Resampling.BOX), dtype=np.uint8)
    steps = np.asarray(grey.resize((17, 16), Pillow.Resampling.BOX), dtype=np.int16)
    content = hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()
    return look, (steps[:, 1:] > steps[:, :-1]).ravel(), content, roughness(np.asarray(grey, dtype=np.float32))


def roughness(grey: NDArray[np.float32]) -> float:
    """Mean difference between neighbours over the mean difference between any two pixels (Gini's); 0 when blank.

    Args:
        grey: shape (height, width), levels of 0-255.
    """
    if min(grey.shape) < 2:
        return 0.0
    near = (np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()) / 2
    ranked = np.sort(grey.ravel().astype(np.float64))
    n = len(ranked)
    any_two = 2 * ((2 * np.arange(1, n + 1) - n - 1) * ranked).sum() / (n * (n - 1))
    return float(near / any_two) if any_two else 0.0


def _told(result: Result, users: dict[str, list[Seen]], files: Sequence[_File], some: str) -> None:
    """Images whose metadata hold the answer of a row."""
    rows = [
        (row.id, f"{file.path} -> {row.answer[:40]}")
        for file in files
        for row in users[file.path]
        if any(carries(file.metadata, answer) for answer in (row.answer, *row.accepted))
    ]
    if rows:
        says = f"{len(rows)} rows have images whose metadata hold the answer{some}"
        result.find("answer_in_metadata", "note", f"{says}; benchmarks keep images without metadata", rows)


def _noise(result: Result, users: dict[str, list[Seen]], files: Sequence[_File], some: str) -> None:
    """Images in which nothing can be seen; when most are, how they were stored has ruined the others too."""
    noisy = [
        (f.path, f"neighbouring pixels differ {f.noise:.2f} as much as any two") for f in files if f.noise >= NOISE
    ]
    says = f"have images that are noise, as when values run over what a pixel can hold{some}; removed"
    _report(result, users, noisy, "noise_media", "error", says, True)
    images = sum(f.look is not None for f in files)
    if images >= _LEAST_IMAGES and 2 * len(noisy) > images:
        result.refused = f"{len(noisy)} of {images} images are noise: nothing can be seen in them"


def _same(view: View, result: Result, users: dict[str, list[Seen]], files: Sequence[_File], some: str) -> None:
    """The same pixels or samples under several names."""
    first: dict[str, str] = {}
    copies = []
    for file in files:
        original = first.setdefault(file.content, file.path)
        if original != file.path:
            view.same_media[file.path] = original
            copies.append((file.path, original))
    if copies:
        rows = [(row.id, f"{path} is {original}") for path, original in copies for row in users[path]]
        says = f"{len(copies)} of {len(files)} files hold the same as another{some}"
        result.find("duplicate_media", "warning", f"{says}: {len(files) - len(copies)} are different", rows)


def _alike(view: View, result: Result, users: dict[str, list[Seen]], files: Sequence[_File], some: str) -> None:
    """Images that look the same though their pixels differ; their rows add nothing when the answer is the same too."""
    images = [f for f in files if f.mark is not None and f.path not in view.same_media]
    if len(images) < 2:
        return
    marks = np.array([f.mark for f in images], dtype=np.float32)
    apart = marks @ (1 - marks).T
    apart += apart.T
    pairs = [(int(a), int(b)) for a, b in np.argwhere(np.triu(apart <= _HASH_BITS, 1)) if _near(images[a], images[b])]
    later = {b: a for a, b in reversed(pairs)}
    if not later:
        return
    rows = [
        (row.id, f"{images[b].path} looks like {images[a].path}")
        for b, a in sorted(later.items())
        for row in users[images[b].path]
    ]
    says = f"{len(later)} of {len(images)} images look the same as another{some}"
    severity: Severity = "warning" if len(later) > 0.1 * len(images) else "note"
    result.find("near_identical_media", severity, f"{says}: about {len(images) - len(later)} are different", rows)
    for b, a in later.items():
        told = {(row.question, row.answer) for row in users[images[a].path]}
        result.redundant |= {row.ordinal for row in users[images[b].path] if (row.question, row.answer) in told}


def _near(a: _File, b: _File) -> bool:
    if a.look is None or b.look is None:
        return False
    return int(np.abs(a.look.astype(np.int16) - b.look.astype(np.int16)).max()) <= _GREY


def _orphans(view: View, result: Result, used: set[str]) -> None:
    """Files in the folders rows name that no row uses."""
    folders = {str(Path(path).parent) for path in used}
    found = []
    for folder in sorted(folders):
        home = inside(view.root, folder)
        if home.is_dir():
            names = sorted(
                p.name for p in home.iterdir() if p.name.lower().endswith((*IMAGE_SUFFIXES, *AUDIO_SUFFIXES))
            )
            found += [path for name in names if (path := str(Path(folder) / name)) not in used]
    if found and len(view.seen) == view.total:
        shown = ", ".join(found[:3])
        result.find(
            "orphan_media", "note", f"{len(found)} media files beside the data are named by no row ({shown} ...)"
        )
