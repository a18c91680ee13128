"""A field of a row as a typed value."""

import base64
import binascii
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from PIL import Image as Pillow

from benchmark_agent.content import (
    Box,
    Boxes,
    Choices,
    Dialog,
    Items,
    Label,
    Number,
    Phrase,
    Table,
    Turn,
    Value,
)
from benchmark_agent.errors import MediaError, SourceError
from benchmark_agent.media import MAX_PIXELS, inside, read_file
from benchmark_agent.sources import Row
from benchmark_agent.sources import parse as parsing
from benchmark_agent.sources.answer_form import option_index
from benchmark_agent.sources.cards import DatasetCard, Field, Repair
from benchmark_agent.sources.shape import (
    RawBox,
    at,
    is_missing,
    number_of,
    options_of,
    raw_boxes,
    table_of,
    turns_of,
)
from benchmark_agent.tools import Media

POINTING = ("letter", "option_index", "option_text")
"""Answer forms that point at an option."""


def value_of(card: DatasetCard, field: Field, row: Row, root: Path, media: Media) -> Value:
    """The field of the row as a value. Choices carry the index of the right option; an answer that points at an
    option is the text of that option.

    Raises:
        SourceError: the row has no such value, or it cannot be read as the card says.
        MediaError: the file is missing, does not open, or lies outside `root`.
    """
    if field.type in ("image", "audio"):
        data = media_bytes(row, field, root)
        return media.image(data) if field.type == "image" else media.audio(data)
    if field.type == "choices":
        return choices_of(card, field, row)
    if field.name == card.answer.field and card.answer.kind in POINTING:
        return _plain_value(field, answer_text(card, row), row)
    if field.type == "boxes":
        return Boxes(boxes=boxes_of(card, field, row, root), name=field.label)
    return _plain_value(field, raw_value(field, row), row)


def raw_value(field: Field, row: Row) -> object:
    """The JSON value behind the field, or the piece its parser finds.

    Raises:
        SourceError: when there is none.
    """
    if field.parse.startswith("columns:"):
        return [at(row.values, path) for path in field.parse.removeprefix("columns:").split(",")]
    value = at(row.values, field.path)
    if is_missing(value):
        raise SourceError(f"row {row.id!r} has no {field.path!r}")
    if not field.parse or field.type == "boxes":
        return value
    piece = parsing.read(field.parse, value) if isinstance(value, str) else None
    if piece is None:
        raise SourceError(f"row {row.id!r}: {field.path!r} does not hold {field.name!r} ({field.parse})")
    return piece


def text_of(field: Field, row: Row) -> str:
    """The field as text; empty where the row has none."""
    try:
        value = raw_value(field, row)
    except SourceError:
        return ""
    if isinstance(value, (list, tuple)):
        return "\n".join(
            f"{v.speaker}: {v.text}" if isinstance(v, Turn) else str(v) for v in value if not is_missing(v)
        )
    return str(value).strip()


def options_in(field: Field, row: Row) -> tuple[str, ...]:
    """Raises SourceError when the row has no options."""
    value = raw_value(field, row)
    if field.parse.startswith("columns:") and isinstance(value, list):
        value = [item for item in value if not is_missing(item)]
    options = options_of(list(value) if isinstance(value, tuple) else value)
    if len(options) < 2:
        raise SourceError(f"row {row.id!r}: {field.name!r} does not hold two or more options")
    return options


def choices_of(card: DatasetCard, field: Field, row: Row) -> Choices:
    options = options_in(field, row)
    answer = card.field(card.answer.field)
    if answer is None or card.answer.options_field != field.name:
        return Choices(options=options)
    index = option_index(card.answer.kind, card.answer.detail, at(row.values, answer.path), options)
    return Choices(options=options, answer=index)


def answer_text(card: DatasetCard, row: Row) -> str:
    """The text of the option the row's answer means.

    Raises:
        SourceError: when it means none of them, or more than one.
    """
    options, answer = card.field(card.answer.options_field), card.field(card.answer.field)
    if options is None or answer is None:
        raise SourceError(f"the card of {card.id!r} names no options for its answer")
    choices = choices_of(card, options, row)
    if choices.answer is None:
        said = at(row.values, answer.path)
        raise SourceError(f"row {row.id!r}: the answer {said!r} is not one of its {len(choices.options)} options")
    return choices.options[choices.answer]


def _plain_value(field: Field, value: object, row: Row) -> Value:
    if field.type == "phrase":
        return Phrase(text=str(value).strip(), name=field.label)
    if field.type == "label":
        vocabulary = tuple([count.label for count in field.vocabulary])
        return Label(text=label_text(value), vocabulary=vocabulary, ordered=field.ordered, name=field.label)
    if field.type == "number":
        number = number_of(value)
        if number is None:
            raise SourceError(f"row {row.id!r}: {field.path!r} is {value!r}, not a number")
        return Number(value=number, unit=field.unit, name=field.label)
    if field.type == "items":
        return Items(items=items_of(value), name=field.label)
    if field.type == "dialog":
        said = value if isinstance(value, tuple) else turns_of(value)
        if not said:
            raise SourceError(f"row {row.id!r}: {field.path!r} does not hold the turns of a dialog")
        return Dialog(turns=said, name=field.label)
    table = table_of(value)
    if table is None:
        raise SourceError(f"row {row.id!r}: {field.path!r} does not hold a table")
    return Table(columns=table[0], rows=table[1], name=field.label)


def label_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(str(value).split())


def items_of(value: object) -> tuple[str, ...]:
    """Texts of a list, nested lists flattened, empty ones left out."""
    if isinstance(value, (list, tuple)):
        return tuple(text for item in value for text in items_of(item))
    return () if is_missing(value) else (label_text(value),)


def _decoded(value: object) -> bytes | None:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error:
            return None
    return None


def media_bytes(row: Row, field: Field, root: Path) -> bytes:
    """The encoded image or sound the row names or holds.

    Raises:
        MediaError: the file is missing, empty, far too large or outside `root`.
    """
    value = at(row.values, field.path)
    if isinstance(value, Mapping):
        held = _decoded(value.get("bytes"))
        if held:
            return held
        value = value.get("path")
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str) or is_missing(value):
        raise MediaError(f"row {row.id!r} names no file in {field.path!r}")
    return read_file(locate(root, value))


def locate(root: Path, relative: str) -> Path:
    """The file a row names.

    Raises:
        MediaError: missing, or outside `root`.
    """
    path = inside(root, relative)
    if not path.is_file():
        raise MediaError(f"the file {relative!r} is missing")
    return path


def image_size(row: Row, field: Field, root: Path) -> tuple[int, int]:
    """Width and height in pixels, from the header alone.

    Raises:
        MediaError: the file is missing or no image.
    """
    try:
        with Pillow.open(io.BytesIO(media_bytes(row, field, root))) as picture:
            size = picture.size
    except (OSError, ValueError, Pillow.DecompressionBombError) as error:
        raise MediaError(f"the image does not open: {error}") from error
    if size[0] * size[1] > MAX_PIXELS:
        raise MediaError(f"an image of {size[0]} x {size[1]} pixels is over {MAX_PIXELS} pixels")
    return size


def boxes_of(card: DatasetCard, field: Field, row: Row, root: Path) -> tuple[Box, ...]:
    """Raises SourceError when the row has no boxes, or one without width or height."""
    boxes = raw_boxes(raw_value(field, row))
    if boxes is None:
        raise SourceError(f"row {row.id!r}: {field.path!r} does not hold boxes")
    form = field.parse.removeprefix("boxes.")
    scale = (1.0, 1.0)
    if form.endswith("_share"):
        images = card.with_role("image")
        if not images:
            raise SourceError(f"row {row.id!r}: boxes in shares of an image the row does not have")
        width, height = image_size(row, images[0], root)
        scale = (float(width), float(height))
    found = tuple(as_box(box, form.removesuffix("_share"), scale) for box in boxes)
    if any(box.x1 <= box.x0 or box.y1 <= box.y0 for box in found):
        raise SourceError(f"row {row.id!r}: a box in {field.path!r} has no width or height")
    return found


def as_box(raw: RawBox, form: str, scale: tuple[float, float] = (1.0, 1.0)) -> Box:
    """Corners in pixels of four numbers in the format `xyxy`, `xywh` or `cxcywh`."""
    label, (a, b, c, d) = raw
    if form == "xywh":
        c, d = a + c, b + d
    elif form == "cxcywh":
        a, b, c, d = a - c / 2, b - d / 2, a + c / 2, b + d / 2
    return Box(label=label, x0=a * scale[0], y0=b * scale[1], x1=c * scale[0], y1=d * scale[1])


def mend(row: Row, repairs: Iterable[Repair], fields: Sequence[Field]) -> Row:
    """The row as the audit's repairs say it should be."""
    paths = {field.name: field.path for field in fields}
    values = dict(row.values)
    for repair in repairs:
        if repair.row == row.ordinal and repair.field in paths:
            values = _replaced(values, paths[repair.field], repair.value)
    return Row(row.ordinal, row.id, values)


def _replaced(values: Mapping[str, object], path: str, text: str) -> dict[str, object]:
    head, _, rest = path.partition(".")
    inner = values.get(head)
    if path not in values and rest and isinstance(inner, Mapping):
        return {**values, head: _replaced(inner, rest, text)}
    return {**values, path: text}
