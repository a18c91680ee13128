"""What the program knows of a dataset: its card, and what the audit found."""

from typing import Annotated, Literal

from pydantic import Field as Bound

from benchmark_agent.content import Modalities, Modality, ValueType
from benchmark_agent.record import Record

Role = Literal[
    "context", "question", "answer", "rationale", "dialog", "options", "image", "audio",
    "category", "bbox", "mask", "point", "entity", "span", "table",
    "measure", "time", "id", "metadata",
]  # fmt: skip
"""The last four are ours: a numeric attribute, a date or time, a row id, and what no item should show."""

AnswerFormKind = Literal[
    "letter", "option_text", "option_index", "label", "boolean", "accepted_list", "number", "span", "boxes",
    "triple", "free_text", "none",
]  # fmt: skip


class LabelCount(Record):
    label: str
    rows: int


class Field(Record):
    """One thing every row has, as tools see it."""

    name: str
    """Unique in the card. The dotted path in the row (`input.question`), plus `~part` when parsed out of a string."""
    path: str
    """Dotted path in the row."""
    parse: str = ""
    """Name of the parser that reads this field out of the value at `path`; empty: the value itself."""
    role: Role
    type: ValueType
    label: str = ""
    """The field in words, for questions: `boiling point`."""
    unit: str = ""
    modality: Modality = "text"
    description: str = ""
    examples: tuple[str, ...] = ()
    distinct: int = 0
    """Distinct values among the rows read."""
    missing: int = 0
    """Rows without a value, of the rows read."""
    vocabulary: tuple[LabelCount, ...] = ()
    """Labels only: every value with its rows, commonest first (or in order, when `ordered`)."""
    ordered: bool = False
    """Labels only: the vocabulary is a scale, lowest first."""
    mean_words: float = 0.0
    """Mean length in words."""


class AnswerForm(Record):
    kind: AnswerFormKind = "none"
    field: str = ""
    """Name of the answer field."""
    options_field: str = ""
    detail: str = ""
    """Format in words: `A/B, upper case`, `(A)`, `x0 y0 x1 y1 pixels`."""


class DatasetCard(Record):
    id: str
    """Unique in the pool; letters, digits, `-`, `_`, `.`; made by us."""
    name: str
    description: str = ""
    topics: tuple[str, ...] = ()
    """Words of the domain and the skill, for retrieval: `chemistry`, `spatial reasoning`."""
    modalities: Modalities
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes found in the rows."""
    fields: tuple[Field, ...]
    answer: AnswerForm = AnswerForm()
    rows: int
    licence: str = "unknown"
    """SPDX identifier, or `unknown`."""
    source: str = ""
    """Where the data come from, in words or as a link."""
    reader: str
    """Name of the reader that serves its rows."""
    location: str
    """Path relative to the pool's root."""
    digest: str
    """Digest of the data the card was written from."""
    notes: tuple[str, ...] = ()
    """What was found different from the card that came with the data."""

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def with_role(self, *roles: Role) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.role in roles)


Severity = Literal["note", "warning", "error"]


class Finding(Record):
    """One thing the audit found, with its evidence."""

    check: str
    """What found it: `answer_not_in_options`, `duplicate_media`."""
    severity: Severity
    message: str
    """What is wrong, in one sentence with the figures."""
    rows: int = 0
    """Rows touched."""
    examples: tuple[str, ...] = ()
    """A few row ids with what was seen there."""


class Repair(Record):
    """One row's field, mended: what the row shall say instead."""

    row: int
    field: str
    value: str
    reason: str


class Audit(Record):
    """What the audit of one dataset found, and what follows from it."""

    dataset_id: str
    digest: str
    """Digest of the data that were audited."""
    findings: tuple[Finding, ...] = ()
    unusable: tuple[int, ...] = ()
    """Ordinals of the rows that must not be used, ascending."""
    repairs: tuple[Repair, ...] = ()
    rows: int
    """Rows in the dataset."""
    effective_rows: int
    """Rows left after unusable, duplicate and near-duplicate rows and media."""
    quality: Annotated[float, Bound(ge=0, le=1)] = 1.0
    """Share, 0-1: factor on a candidate's fitness."""
    refused: str = ""
    """Why the dataset must not be used at all; empty when it may."""
