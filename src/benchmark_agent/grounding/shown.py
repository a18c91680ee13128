"""Datasets, tools and recipes as a planner reads them, within a number of characters."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from benchmark_agent import seeds
from benchmark_agent.content import AnswerKind, Modality
from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import JobError, SourceError, boundary
from benchmark_agent.grounding.compose import EVIDENCE_ROLES, HIDDEN_ROLES
from benchmark_agent.grounding.types import Recipe
from benchmark_agent.sources import Dataset, Row
from benchmark_agent.sources.cards import DatasetCard, Field
from benchmark_agent.sources.shape import turns_of
from benchmark_agent.sources.values import image_size, mend, options_in, raw_value
from benchmark_agent.tools import Param, Tool

ROWS = 2
"""Rows of a dataset that are shown."""
MOST_VALUE, MOST_ASIDE, MOST_QUESTION = 400, 70, 120
"""Characters of a field of a row: of evidence, of what is none, of a question."""
MOST_DESCRIPTION, MOST_TOOL, MOST_WRITER = 140, 150, 280
"""Characters of the description of a dataset, of a tool, of one that writes whole items."""
LEAST_ROWS = 200
"""Characters the rows of a dataset may have in any case."""
MOST_FIELDS = 12
"""Fields of a dataset that are shown."""
MOST_LABELS = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """One dataset, for a prompt."""

    id: str
    rows: int
    text: str
    """What comes from the data: name, description, fields, rows."""


def cut(text: str, most: int) -> str:
    """The text on one line, or its start and an ellipsis, of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def ends(text: str, most: int) -> str:
    """The text, or its start and more of its end with an ellipsis between, of about so many characters."""
    text = text.strip()
    return text if len(text) <= most else f"{text[: most // 3].rstrip()} … {text[-(2 * most // 3) :].lstrip()}"


def visible(card: DatasetCard, within: Sequence[Modality]) -> DatasetCard:
    """The card with the fields an item of these modalities may use: questions and labels also where only media show."""
    may = {"text", *within}
    fields = [field for field in card.fields if field.role not in HIDDEN_ROLES and field.modality in may]
    return card.model_copy(update={"fields": tuple(fields)})


def dataset_shown(dataset: Dataset, within: Sequence[Modality], seed: int, most: int) -> Shown:
    """A dataset: what it is, its fields, and of each the values in two rows.

    Args:
        within: modalities an item may have; pictures and sounds of others are left out.
        seed: which rows.
        most: characters of all of it; rows have what is left, but not less than `LEAST_ROWS`.
    """
    card = dataset.card
    fields = visible(card, within).fields[:MOST_FIELDS]
    about, named = cut(card.description or card.name, MOST_DESCRIPTION), [_field_line(field) for field in fields]
    left = max(LEAST_ROWS, most - len(about) - sum(len(line) + 3 + 6 * ROWS for line in named))
    rows = [_texts(dataset, row, fields, left // ROWS) for row in islice(_rows(dataset, seed), ROWS)]
    lines = [about]
    for at, (field, line) in enumerate(zip(fields, named, strict=True)):
        lines.append(f"- {line}")
        if field.role == "category" and 0 < len(field.vocabulary) <= MOST_LABELS:
            continue  # every value it can have is named
        lines += [f"  {n}: {texts[at]}" for n, texts in enumerate(rows, 1) if texts[at]]
    return Shown(card.id, card.rows, "\n".join(lines))


def _field_line(field: Field) -> str:
    labels = [cut(count.label, 24) for count in field.vocabulary[:MOST_LABELS]]
    more = " | ..." if len(field.vocabulary) > MOST_LABELS else ""
    which = f": {' | '.join(labels)}{more}" if labels else ""
    length = f", about {field.mean_words:.0f} words" if field.mean_words > 20 else ""
    return f"{field.name} ({field.role}, {field.type}{length}{which})"


def _rows(dataset: Dataset, seed: int) -> Iterator[Row]:
    """Usable rows in a seeded order, mended where the audit says so."""
    unusable = set(dataset.audit.unusable)
    for ordinal in seeds.permuted(len(dataset.rows), seed):
        if ordinal in unusable:
            continue
        try:
            with boundary(f"row {ordinal} of {dataset.card.id!r}", SourceError):
                yield mend(dataset.rows[ordinal], dataset.audit.repairs, dataset.card.fields)
        except SourceError:  # the audit and the jobs report it; here another row serves as well
            continue


def _texts(dataset: Dataset, row: Row, fields: Sequence[Field], most: int) -> list[str]:
    """The row's values, cut: what is no evidence has half of the room at most, the evidence all that is left."""
    texts = [_value_text(dataset, row, field) for field in fields]
    shown = [field.role in EVIDENCE_ROLES for field in fields]
    room = [
        MOST_VALUE if is_shown else MOST_QUESTION if field.role == "question" else MOST_ASIDE
        for field, is_shown in zip(fields, shown, strict=True)
    ]
    lengths = [min(len(text), limit) for text, limit in zip(texts, room, strict=True)]
    aside = [length for length, is_shown in zip(lengths, shown, strict=True) if not is_shown]
    each_aside = _fair(aside, most // 2 if any(shown) else most)
    left = most - sum(min(length, each_aside) for length in aside)
    each_shown = _fair([length for length, is_shown in zip(lengths, shown, strict=True) if is_shown], left)
    return [
        cut(text, min(limit, each_shown if is_shown else each_aside))
        for text, limit, is_shown in zip(texts, room, shown, strict=True)
    ]


def _value_text(dataset: Dataset, row: Row, field: Field) -> str:
    """The field's value; of pictures and sounds only what they are; empty where the row has none."""
    try:
        with boundary(f"field {field.name!r}", SourceError):
            if field.type == "image":
                width, height = image_size(row, field, dataset.rows.root)
                return f"[image, {width} x {height} pixels]"
            if field.type == "audio":
                return "[recording]"
            if field.type == "choices":
                return " | ".join(options_in(field, row))
            return " ".join(_plain(field, raw_value(field, row)).split())
    except JobError:
        return ""


def _plain(field: Field, value: object) -> str:
    """A JSON value in few characters."""
    if field.type == "dialog":
        turns = value if isinstance(value, tuple) else turns_of(value)
        return " / ".join(f"{turn.speaker}: {turn.text}" for turn in turns or ())
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return " | ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _fair(lengths: Sequence[int], most: int) -> int:
    """Characters each text may have so that all together have at most `most`; short ones leave theirs to the others."""
    left, remaining = most, sorted(lengths)
    while remaining and remaining[0] * len(remaining) <= left:
        left -= remaining.pop(0)
    return min(MOST_VALUE, left // len(remaining)) if remaining else MOST_VALUE


# -- tools and recipes ----------------------------------------------------------------------------


def tool_line(tool: Tool, kinds: Sequence[AnswerKind]) -> str:
    """`name(parameters; arguments) -> kinds: description`; what reads companion rows is bound by itself.

    Args:
        kinds: answer kinds worth naming.
    """
    params = ", ".join(_param_text(param) for param in tool.params if not param.many)
    args = "".join(f"; {name}={default!r}" for name, default in tool.arguments)
    made = [kind for kind in tool.answer_kinds if kind in kinds]
    gives = f" -> {', '.join(made)}" if made else ""
    most = MOST_WRITER if tool.asks and tool.answer_kinds else MOST_TOOL
    return f"{tool.name}({params}{args}){gives}: {cut(tool.description, most)}"


def _param_text(param: Param) -> str:
    if param.several:
        return f"{param.name}: {'any fields' if param.optional else 'one or more fields'}"
    kinds = "an item" if param.types == ("composed",) else "/".join(param.types)
    return f"{param.name}: {kinds}"


def recipe_text(recipe: Recipe) -> str:
    """A recipe in the words it is asked for in: `join_dialog(dialog=talk) > as_is_context(context=@join_dialog)`."""
    steps = []
    for step in recipe.steps:
        reads = [f"{bind.param}={bind.source}" for bind in step.reads]
        args = [f"{argument.name}={argument.value!r}" for argument in step.args]
        steps.append(f"{step.tool}({', '.join(reads + args)})")
    return " > ".join(steps)


def subtask_text(subtask: Subtask) -> str:
    """What the subtask asks for, as far as grounding needs it."""
    lines = [
        f"{subtask.name}: {cut(subtask.description, 500)}",
        f"evidence that must be needed: {cut(subtask.target_signal, 200)}",
        f"answer kinds: {', '.join(subtask.answer_kinds)}",
        f"an item may show: {', '.join(subtask.modalities)}",
    ]
    if subtask.requires:
        lines.append(f"every item must show: {', '.join(subtask.requires)}")
    if subtask.domain:
        lines.append(f"about: {', '.join(subtask.domain[:8])}")
    return "\n".join(lines)
