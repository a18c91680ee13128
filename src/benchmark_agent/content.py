"""What rows, drafts and items are made of: parts a model reads, and values a tool reads."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from benchmark_agent.record import Record

Modality = Literal["text", "image", "audio"]

Modalities = Annotated[tuple[Modality, ...], AfterValidator(lambda given: tuple(sorted(set(given))))]
"""Sorted and unique. Not a frozenset: set order differs between processes, and records are hashed."""

AnswerKind = Literal["choice", "multi_choice", "binary", "label", "span", "number", "open"]
GoldBasis = Literal["source", "computed", "written"]
"""`source`: the dataset's own label; `computed`: a program derived it; `written`: a model wrote it."""


# -- parts: what an item shows ------------------------------------------------------------------


class Text(Record):
    type: Literal["text"] = "text"
    text: str


class Change(Record):
    """One thing that was done to a picture here: enough to do it again, to the picture or to its boxes."""

    operation: str
    """Name of a degradation, or `crop`, `mask`, `blur`."""
    severity: int = 0
    """1-5; 0 where the operation has none."""
    seed: int = 0
    regions: tuple[tuple[float, float, float, float], ...] = ()
    """Where, when not everywhere: left, top, right, bottom in pixels."""
    width: int
    """Pixels of the picture it was done to."""
    height: int
    psnr: float | None = None
    """Decibels, against the picture it was done to; None where the size changed."""


class Retouched(Record):
    """What is known of a picture because it was made here."""

    changes: tuple[Change, ...] = ()
    """In the order they were done."""
    legible: tuple[str, ...] = ()
    """Texts the picture shows that must be readable in it."""


class Image(Record):
    type: Literal["image"] = "image"
    path: str
    """Relative to the run or benchmark folder: `media/<sha256>.<ext>`."""
    sha256: str
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    made: Retouched | None = Field(default=None, exclude_if=lambda known: known is None)
    """Kept with the draft for the checks; an item does not have it, and no model is told."""


class Said(Record):
    """A stretch of speech in a sound."""

    speaker: str
    text: str
    start: float
    """Seconds from the beginning."""
    end: float
    voice: str = ""
    pitch: float = 0.0
    """Median fundamental frequency as measured before noise was added, hertz; 0 where it could not be measured."""


class Making(Record):
    """What is known of a sound because it was made here."""

    said: tuple[Said, ...] = ()
    """In order of time."""
    language: str = ""
    """ISO 639-1 code of what is said."""
    engine: str = ""
    noise: str = ""
    """Kind of noise added; empty: none."""
    asked_snr: float | None = None
    """Signal to noise, decibels, against the level of the speech while somebody speaks."""
    snr: float | None = None
    """The same, measured on the samples as written."""
    effects: tuple[str, ...] = ()


class Audio(Record):
    type: Literal["audio"] = "audio"
    path: str
    """Relative to the run or benchmark folder: `media/<sha256>.<ext>`."""
    sha256: str
    duration: float
    """Seconds."""
    sample_rate: int
    """Hertz."""
    made: Making | None = None
    """Kept with the draft for the checks; an item does not have it, and no model is told."""


Part = Annotated[Text | Image | Audio, Field(discriminator="type")]


# -- values: what a tool reads from a row, or writes into a slot ---------------------------------
# `name` is what the field is called in words ("boiling point"), for use in questions.


class Phrase(Record):
    """Any text of a row: a question, a passage, a name, a date."""

    type: Literal["phrase"] = "phrase"
    text: str
    name: str = ""


class Number(Record):
    type: Literal["number"] = "number"
    value: int | float
    unit: str = ""
    name: str = ""


class Label(Record):
    """One of a small set of values the dataset uses for this field."""

    type: Literal["label"] = "label"
    text: str
    vocabulary: tuple[str, ...] = ()
    """Every label of the field, commonest first; ordered when `ordered`."""
    ordered: bool = False
    name: str = ""


class Choices(Record):
    type: Literal["choices"] = "choices"
    options: tuple[str, ...]
    answer: int | None = None
    """Index of the right option, where the row says it."""


class Items(Record):
    """A list of texts: accepted answers, words, steps in order."""

    type: Literal["items"] = "items"
    items: tuple[str, ...]
    name: str = ""


class Table(Record):
    type: Literal["table"] = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    """Shape (rows, columns)."""
    name: str = ""


class Turn(Record):
    speaker: str
    text: str


class Dialog(Record):
    type: Literal["dialog"] = "dialog"
    turns: tuple[Turn, ...]
    name: str = ""


class Box(Record):
    label: str
    x0: float
    """Pixels from the left; y from the top; x1 > x0, y1 > y0."""
    y0: float
    x1: float
    y1: float


class Boxes(Record):
    type: Literal["boxes"] = "boxes"
    boxes: tuple[Box, ...]
    name: str = ""


Value = Annotated[
    Phrase | Number | Label | Choices | Items | Table | Dialog | Boxes | Image | Audio, Field(discriminator="type")
]
ValueType = Literal["phrase", "number", "label", "choices", "items", "table", "dialog", "boxes", "image", "audio"]


class Composed(Record):
    """What a construction hands on: everything of an item but its identity and its proof."""

    input: tuple[Part, ...] = ()
    question: str
    answer_kind: AnswerKind
    options: tuple[str, ...] = ()
    """In any order; the verified item's order is drawn later, unless `fixed_order`."""
    answer: str
    """Choice: the text of the right option. multi_choice: right options joined by a newline. Otherwise the value."""
    accepted: tuple[str, ...] = ()
    """Other answers that are as right (span, number, label)."""
    option_values: tuple[str, ...] = ()
    """Canonical value behind each option (`"0.5"` for `1/2`); equal values mean two right options."""
    fixed_order: bool = False
    """Options must stay as given (they are ordered, or refer to each other)."""
    scorer: str = ""
    """Name of the scorer; empty means the answer kind's own."""
    gold_basis: GoldBasis
    evidence: tuple[int, ...] = ()
    """Indexes of the input parts without which the question cannot be answered."""
    proof: str = ""
    """How the gold follows, in one line a person can check."""
    alt: tuple[str, ...] = ()
    """What each media part shows, in words, for the reader of `show`; never part of the item a model sees."""
