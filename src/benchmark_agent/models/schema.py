"""JSON schemas as providers take them.

Constrained decoding knows a small part of JSON schema, and follows the order of the properties. So references are put
in place, names of one value become an enumeration, every property is required, and nothing is sorted.
"""

import json
from typing import Any

from benchmark_agent.record import Record

_KEPT = ("type", "description", "enum")
_BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minItems": "at least {} of them",
    "maxItems": "at most {} of them",
}
"""Said in words: some providers refuse them. Lengths of texts are not said at all: where a server enforces them, it
cuts in the middle of a word."""
DEPTH = 12
"""Levels a record may nest: more is a record that holds itself."""


def schema_text(answer: type[Record]) -> str:
    """The schema of a record in one line, properties in the order they are declared."""
    return json.dumps(answer.model_json_schema(), ensure_ascii=False, separators=(",", ":"))


def portable(text: str) -> dict[str, Any]:
    """The schema in the dialect every provider takes.

    Raises:
        TypeError: the record holds itself.
    """
    schema = json.loads(text)
    return _portable(schema, schema.get("$defs", {}), 0)


def portable_text(text: str) -> str:
    """The same, as a prompt shows it."""
    return json.dumps(portable(text), ensure_ascii=False)


def _portable(schema: dict[str, Any], known: dict[str, Any], depth: int) -> dict[str, Any]:
    if depth > DEPTH:
        raise TypeError("a record a model fills must not hold itself")
    if "$ref" in schema:
        target = known[schema["$ref"].rsplit("/", 1)[-1]]
        return _described(_portable(target, known, depth + 1), schema)
    kept = {key: schema[key] for key in _KEPT if key in schema}
    if bounds := [words.format(schema[key]) for key, words in _BOUNDS.items() if key in schema]:
        kept["description"] = " ".join([*filter(None, [kept.get("description")]), f"({', '.join(bounds)})"])
    if "const" in schema:
        kept["enum"] = [schema["const"]]
    arms = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if arms:
        kept["anyOf"] = [_portable(arm, known, depth + 1) for arm in arms]
    if schema.get("type") == "array":
        kept["items"] = _items(schema, known, depth + 1)
    if "properties" in schema:
        kept.pop("description", None)  # the docstring of a record is for those who read code
        kept["properties"] = {k: _portable(v, known, depth + 1) for k, v in schema["properties"].items()}
        kept["required"] = list(kept["properties"])
        kept["additionalProperties"] = False
    return kept


def _described(made: dict[str, Any], field: dict[str, Any]) -> dict[str, Any]:
    return {**made, "description": field["description"]} if "description" in field else made


def _items(schema: dict[str, Any], known: dict[str, Any], depth: int) -> dict[str, Any]:
    if "prefixItems" not in schema:
        return _portable(schema.get("items", {}), known, depth)
    kinds = [_portable(each, known, depth) for each in schema["prefixItems"]]
    distinct = [kind for n, kind in enumerate(kinds) if kind not in kinds[:n]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
