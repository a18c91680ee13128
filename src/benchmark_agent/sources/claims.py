"""What a card that came with the data says: the paper's dataset cards, and our own card.yaml."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from benchmark_agent.errors import UserError
from benchmark_agent.sources.cards import Field, Role

_STRENGTH: tuple[Role, ...] = (
    "image", "audio", "bbox", "mask", "point", "options", "answer", "question", "context", "dialog",
)  # fmt: skip
"""Where one path is claimed for several roles, the first of these."""
_SPDX = {
    "mit": "MIT", "apache-2.0": "Apache-2.0", "apache 2.0": "Apache-2.0", "cc0": "CC0-1.0", "cc-by-4.0": "CC-BY-4.0",
    "cc by 4.0": "CC-BY-4.0", "cc-by-sa-4.0": "CC-BY-SA-4.0", "cc by-sa 4.0": "CC-BY-SA-4.0",
    "public domain": "CC0-1.0", "bsd": "BSD-3-Clause", "gpl-3.0": "GPL-3.0-only",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claims:
    """Checked against the rows before any of it is believed."""

    name: str
    description: str
    topics: tuple[str, ...]
    """Phrases: tasks, domain, tags."""
    licence: str
    source: str
    size: int | None
    languages: tuple[str, ...]
    modalities: tuple[str, ...]
    roles: Mapping[str, Role]
    """By path."""
    fields: tuple[Field, ...]
    """Of our own card.yaml."""
    told: Mapping[str, str]
    """Descriptions of fields by path, where only these are known."""
    box_format: str


def read_claims(hints: Mapping[str, object], name: str) -> Claims:
    """Raises UserError when a card.yaml's field cannot be read."""
    size = hints.get("size_samples", hints.get("rows"))
    return Claims(
        name=_text(hints.get("name")) or name,
        description=" ".join(t for t in (_text(hints.get("description")), _text(hints.get("card_text"))) if t)[:2000],
        topics=tuple(dict.fromkeys(_phrases(hints))),
        licence=_spdx(_text(hints.get("licence")) or _text(hints.get("license"))),
        source=_text(hints.get("source")) or _text(hints.get("data_source")),
        size=size if isinstance(size, int) else None,
        languages=tuple(_texts(hints.get("languages"))),
        modalities=tuple(_texts(hints.get("modalities"))),
        roles=_roles(hints),
        fields=_fields(hints.get("fields"), name),
        told={name: _text(text) for name, text in _mapping(hints.get("field_descriptions")).items()},
        box_format=_box_format(hints),
    )


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return []


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _phrases(hints: Mapping[str, object]) -> Iterable[str]:
    tags = _mapping(_mapping(hints.get("raw_meta")).get("existing_tags"))
    for key in ("topics", "tasks", "domain", "task", "skill", "general_capability", "type", "keywords", "tags"):
        for holder in (hints, tags):
            for text in _texts(holder.get(key)):
                yield from (part.strip() for part in re.split(r"[,;]", text) if part.strip())


def _roles(hints: Mapping[str, object]) -> dict[str, Role]:
    claimed: dict[str, list[Role]] = {}
    for name, entry in _mapping(_mapping(hints.get("meta")).get("fields")).items():
        if name in get_args(Role):
            for path in _texts(_mapping(entry).get("paths")):
                claimed.setdefault(path, []).append(name)  # type: ignore[arg-type]
    return {path: next((role for role in _STRENGTH if role in roles), roles[0]) for path, roles in claimed.items()}


def _fields(entries: object, dataset: str) -> tuple[Field, ...]:
    if not isinstance(entries, (list, tuple)):
        return ()
    found = []
    for entry in entries:
        given = dict(_mapping(entry))
        path = given.get("path") or given.get("name")
        given = {"name": path, "type": "phrase", "role": "metadata", **given, "path": path}
        given["vocabulary"] = [
            label if isinstance(label, Mapping) else {"label": str(label), "rows": 0}
            for label in given.get("vocabulary") or ()  # type: ignore[attr-defined]
        ]
        try:
            found.append(Field.model_validate(given))
        except ValueError as error:
            raise UserError(
                f"the card of {dataset!r} has a field {path!r} that cannot be read: {error}; "
                "a field needs 'path', 'role' and 'type', for example: path: question, role: question, type: phrase"
            ) from error
    return tuple(found)


def _spdx(licence: str) -> str:
    return _SPDX.get(licence.lower(), licence)


def _box_format(hints: Mapping[str, object]) -> str:
    for holder in (hints, _mapping(hints.get("others"))):
        for key in ("bbox_format", "box_format"):
            if _text(holder.get(key)):
                return _text(holder.get(key))
    return ""
