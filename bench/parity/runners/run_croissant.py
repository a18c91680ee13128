# mypy: ignore-errors
"""The export `croissant`: validated and loaded with mlcroissant; 1 where a record says what the item says."""

import json

import mlcroissant
import shown


def _text(value):
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return [_text(each) for each in value] if isinstance(value, (list, tuple)) else value


dataset = mlcroissant.Dataset(jsonld=str(shown.EXPORT / "croissant.json"))
if dataset.metadata.ctx.issues.errors:
    raise RuntimeError(f"not valid: {dataset.metadata.ctx.issues.errors}")
wanted = {}
for line in (shown.EXPORT / "items.jsonl").open(encoding="utf-8", newline="\n"):
    wanted[json.loads(line)["id"]] = json.loads(line)
for record in dataset.records("items"):
    held = {name.partition("/")[2]: _text(value) for name, value in record.items()}
    row = wanted.get(held["id"], {})
    same = all(held[name] == value or (value == [] and not held[name]) for name, value in row.items()) and bool(row)
    shown.row(held["id"], "records", "", same, {})
