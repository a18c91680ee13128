"""What a dataset of the starter pool is made of: the card that comes with it, and its rows."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field as Bound
from pydantic import JsonValue

from benchmark_agent.content import ValueType
from benchmark_agent.record import Record
from benchmark_agent.sources.cards import Field, LabelCount, Role

RowMaker = Callable[[Path], Iterator[dict[str, JsonValue]]]
"""Rows in order, given the dataset's folder; images it writes there are named in the rows by relative path."""


class PartialCard(Record):
    """What card.yaml says: the parts of a `DatasetCard` that rows alone cannot tell."""

    name: Annotated[str, Bound(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
    """Also the folder's name."""
    description: str
    topics: tuple[str, ...]
    """Singular words of domain and skill, for retrieval."""
    licence: str
    source: str
    languages: tuple[str, ...] = ("en",)
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    card: PartialCard
    rows: RowMaker
    """The same rows, and the same image bytes, at every call and on every machine."""


def field(
    name: str,
    role: Role,
    type: ValueType = "phrase",
    label: str = "",
    *,
    unit: str = "",
    scale: tuple[str, ...] = (),
    description: str = "",
) -> Field:
    """A card field at the path of its own name; `scale` lists ordered labels, lowest first."""
    return Field(
        name=name,
        path=name,
        role=role,
        type=type,
        label=label or name.replace("_", " "),
        unit=unit,
        modality="image" if type == "image" else "text",
        description=description,
        ordered=bool(scale),
        vocabulary=tuple(LabelCount(label=value, rows=0) for value in scale),
    )


def write(maker: Maker, folder: Path) -> int:
    """Write one dataset into `folder`/<name>; the number of rows."""
    home = folder / maker.card.name
    home.mkdir(parents=True, exist_ok=True)
    counts: dict[tuple[str, str], int] = {}
    scales = [column for column in maker.card.fields if column.ordered]
    total = 0
    with (home / "data.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for row in maker.rows(home):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            total += 1
            for column in scales:
                key = (column.path, str(row.get(column.path)))
                counts[key] = counts.get(key, 0) + 1
    text = yaml.safe_dump(_card(maker.card, counts), allow_unicode=True, sort_keys=False, width=110)
    (home / "card.yaml").write_text(text, encoding="utf-8", newline="\n")
    return total


def _card(card: PartialCard, counts: dict[tuple[str, str], int]) -> dict[str, JsonValue]:
    """The card as YAML holds it: defaults left out, the rows behind each label of a scale counted."""
    fields: list[JsonValue] = []
    for column in card.fields:
        entry: dict[str, JsonValue] = column.model_dump(mode="json", exclude_defaults=True)
        if column.ordered:
            used = [(value.label, counts.get((column.path, value.label), 0)) for value in column.vocabulary]
            entry["vocabulary"] = [{"label": label, "rows": rows} for label, rows in used if rows]
        fields.append(entry)
    return card.model_dump(mode="json", exclude={"fields"}) | {"fields": fields}
