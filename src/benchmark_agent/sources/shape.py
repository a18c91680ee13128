"""The shapes JSON values have in datasets: paths into them, and readings as boxes, tables, dialogs, options."""

import re
from collections.abc import Iterator, Mapping, Sequence

from benchmark_agent.content import Turn

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".oga", ".opus", ".aiff", ".m4a")
_NUMBER = re.compile(r"[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?|[-+−]?\.\d+")
_MISSING_TEXT = frozenset({"", "nan", "none", "null", "n/a", "na", "<na>"})
_SPEAKER_KEYS = ("speaker", "role", "from", "author", "name", "sender")
_SAID_KEYS = ("text", "content", "value", "utterance", "message")
_BOX_KEYS = ("bbox", "box", "boxes", "bounding_box", "bboxes")
_BOX_LABEL_KEYS = ("label", "category", "class", "name", "labels", "categories")
_CORNERS = (
    ("x", "y", "w", "h"), ("x", "y", "width", "height"), ("left", "top", "width", "height"),
    ("xmin", "ymin", "xmax", "ymax"), ("x_min", "y_min", "x_max", "y_max"), ("x0", "y0", "x1", "y1"),
    ("x1", "y1", "x2", "y2"), ("left", "top", "right", "bottom"),
)  # fmt: skip

RawBox = tuple[str, tuple[float, float, float, float]]


def at(values: Mapping[str, object], path: str) -> object:
    """The value at a dotted path; None when there is none. Keys may hold dots themselves."""
    if path in values:
        return values[path]
    dot = path.find(".")
    while dot > 0:
        inner = values.get(path[:dot])
        found = at(inner, path[dot + 1 :]) if isinstance(inner, Mapping) else None
        if found is not None:
            return found
        dot = path.find(".", dot + 1)
    return None


def leaves(values: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Dotted path and value of everything that is not itself a container of fields."""
    for key, value in values.items():
        path = f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping) and value and not _is_one_value(value):
            yield from leaves(value, path)
        else:
            yield path, value


def _is_one_value(value: Mapping[str, object]) -> bool:
    if {"bytes", "path"} <= value.keys() or options_of(value):
        return True
    lists = [
        item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], (list, Mapping))
    ]
    if len(lists) == len(value) and raw_boxes(value) is not None:
        return True
    return "answer_start" not in value and table_of(value) is not None


def is_missing(value: object) -> bool:
    """Nothing there: absent, empty, or a word that means so."""
    if value is None or (isinstance(value, float) and value != value):
        return True
    if isinstance(value, str):
        return value.strip().lower() in _MISSING_TEXT
    return isinstance(value, (list, Mapping)) and not value


def number_of(value: object) -> int | float | None:
    """A number, or a text that is one (`1,204`, `-3.5`)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value if value == value and abs(value) != float("inf") else None
    if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
        return None
    plain = value.strip().replace(",", "").replace("−", "-")
    return int(plain) if re.fullmatch(r"[-+]?\d+", plain) else float(plain)


def is_media_path(value: object, suffixes: tuple[str, ...]) -> bool:
    if isinstance(value, Mapping):
        return "bytes" in value and is_media_path(value.get("path") or "", suffixes)
    return isinstance(value, str) and "\n" not in value and value.lower().endswith(suffixes)


def _four(value: object) -> tuple[float, float, float, float] | None:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 4:
        numbers = [v for v in value if isinstance(v, (int, float)) and not isinstance(v, bool)]
        if len(numbers) == 4:
            return (float(numbers[0]), float(numbers[1]), float(numbers[2]), float(numbers[3]))
    return None


def raw_boxes(value: object, label: str = "") -> tuple[RawBox, ...] | None:
    """Boxes as the data hold them, four numbers each in whatever format; None when it is not boxes."""
    one = _four(value)
    if one:
        return ((label, one),)
    if isinstance(value, Mapping):
        return _boxes_of_mapping(value, label)
    if isinstance(value, list) and value:
        found = [raw_boxes(item, label) for item in value]
        return tuple(box for boxes in found if boxes for box in boxes) if all(found) else None
    return None


def _boxes_of_mapping(value: Mapping[str, object], label: str) -> tuple[RawBox, ...] | None:
    lower = {str(key).lower(): inner for key, inner in value.items()}
    named = next((lower[key] for key in _BOX_LABEL_KEYS if key in lower), label)
    for keys in _CORNERS:
        corners = _four([lower[key] for key in keys]) if all(key in lower for key in keys) else None
        if corners:
            return ((str(named), corners),)
    inner = next((lower[key] for key in _BOX_KEYS if key in lower), None)
    if inner is not None:
        boxes = raw_boxes(inner, "" if isinstance(named, list) else str(named))
        if boxes and isinstance(named, list) and len(named) == len(boxes):
            boxes = tuple((str(name), box) for name, (_, box) in zip(named, boxes, strict=True))
        return boxes
    found = [raw_boxes(item, str(key)) for key, item in value.items()]
    return tuple(box for boxes in found if boxes for box in boxes) if found and all(found) else None


def options_of(value: object) -> tuple[str, ...]:
    """Options of a choice: a list of texts, `{"A": .., "B": ..}`, or `{"label": [..], "text": [..]}`; else empty."""
    if isinstance(value, list):
        texts = [item.get("text") if isinstance(item, Mapping) else item for item in value]
        plain = [str(text).strip() for text in texts if isinstance(text, (str, int, float)) and str(text).strip()]
        return tuple(plain) if len(plain) == len(value) else ()
    if not isinstance(value, Mapping):
        return ()
    if value.keys() == {"label", "text"} and isinstance(value["text"], list):
        return options_of(value["text"])
    letters = [str(key) for key in value]
    in_order = len(letters) > 1 and letters == [chr(65 + i) for i in range(len(letters))]
    return options_of(list(value.values())) if in_order else ()


Cell = str | int | float | None


def _cell(value: object) -> Cell:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def table_of(value: object) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]] | None:
    """Columns and rows of a list of records, a list of lists (header first), or columns by name; else None."""
    if isinstance(value, Mapping):
        named = next((name for name in ("columns", "header") if name in value), None)
        if named and "rows" in value:
            header, rows = value[named], value["rows"]
            return table_of([header, *rows]) if isinstance(header, list) and isinstance(rows, list) else None
        columns = [column for column in value.values() if isinstance(column, list)]
        if len(value) < 2 or len(columns) < len(value) or len({len(column) for column in columns}) != 1:
            return None
        return tuple(map(str, value)), tuple(tuple(_cell(c) for c in row) for row in zip(*columns, strict=True))
    if not isinstance(value, list) or len(value) < 2:
        return None
    if all(isinstance(row, Mapping) and len(row) > 1 and row.keys() == value[0].keys() for row in value):
        return tuple(map(str, value[0])), tuple(tuple(_cell(c) for c in row.values()) for row in value)
    if all(isinstance(row, list) and len(row) == len(value[0]) > 1 for row in value):
        if not all(isinstance(name, str) and name.strip() for name in value[0]):
            return None
        return tuple(map(str, value[0])), tuple(tuple(_cell(c) for c in row) for row in value[1:])
    return None


def turns_of(value: object) -> tuple[Turn, ...]:
    """Turns of a list of `{speaker, text}` records or of plain texts said in turn; else empty."""
    if not isinstance(value, list) or not value:
        return ()
    if all(isinstance(turn, str) for turn in value):
        return tuple(Turn(speaker="AB"[i % 2], text=turn.strip()) for i, turn in enumerate(value) if turn.strip())
    if not all(isinstance(turn, Mapping) for turn in value):
        return ()
    keys = value[0].keys()
    who = next((key for key in _SPEAKER_KEYS if key in keys), None)
    said = next((key for key in _SAID_KEYS if key in keys), None)
    if who is None or said is None:
        return ()
    return tuple(Turn(speaker=str(turn.get(who, "")), text=str(turn.get(said, "")).strip()) for turn in value)
