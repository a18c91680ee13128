"""Croissant: `croissant.json` beside the items, what machines read of a data set."""

import hashlib
import json
import mimetypes
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmark_agent.benchmark.exporters.checks import read_lines
from benchmark_agent.benchmark.exporters.target import Target, Work, flat
from benchmark_agent.benchmark.exporters.texts import render
from benchmark_agent.benchmark.show import media_parts
from benchmark_agent.verification.types import Item

FIELDS: dict[str, tuple[str, str]] = {
    "id": ("sc:Text", "Unique; names the item in every export."),
    "subtask": ("sc:Text", "Part of the benchmark the item belongs to."),
    "prompt": ("sc:Text", "What a model is asked, without media."),
    "answer_kind": ("sc:Text", "Form of the answer."),
    "scorer": ("sc:Text", "Scorer that judges replies."),
    "options": ("sc:Text", "Options in their fixed order; the first is A."),
    "answer": ("sc:Text", "The right answer; letters for choices."),
    "accepted": ("sc:Text", "Other answers that are as right."),
    "gold_basis": ("sc:Text", "What the answer rests on: source, computed or written."),
    "media": ("sc:Text", "Media files the item shows, in order, relative to this file."),
    "source": ("sc:Text", "Dataset and row the item was made from."),
    "licence": ("sc:Text", "Licence of that row (SPDX)."),
}
LISTS = frozenset({"options", "accepted", "media"})
NEEDED = ("@context", "@type", "conformsTo", "name", "description", "license", "version", "distribution", "recordSet")


class Croissant(Target):
    """All items. Describes; nothing runs it."""

    name = "croissant"
    kinds = Target.kinds | {"open"}
    scored_by_us = False

    def _fill(self, work: Work) -> None:
        work.write_lines("items.jsonl", (_row(item, work) for item in work.items()))
        described = json.loads(render("croissant/croissant.json.jinja", **_facts(work)))
        described["recordSet"][0]["field"] = [_field(name) for name in FIELDS]
        work.write("croissant.json", json.dumps(described, indent=2, ensure_ascii=False) + "\n")

    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        described = json.loads((work.folder / "croissant.json").read_text(encoding="utf-8"))
        for key in NEEDED:
            if not described.get(key):
                yield "croissant.json", f"{key!r} is missing"
        for file in described["distribution"]:
            if file["@type"] == "cr:FileObject" and _sha256(work.folder / file["contentUrl"]) != file["sha256"]:
                yield file["contentUrl"], "the file does not have the sha256 stated"
        for row in read_lines(work.folder / "items.jsonl"):
            missing = [path for path in row["media"] if not (work.folder / path).is_file()]
            if missing:
                yield row["id"], f"the media file {missing[0]!r} is missing"


def _row(item: Item, work: Work) -> dict[str, object]:
    media = [work.copy_media(part) for part in media_parts(item)]
    row = {**flat(item), "gold_basis": item.gold_basis, "media": media}
    return {name: row[name] for name in FIELDS}


def _field(name: str) -> dict[str, object]:
    kind, meaning = FIELDS[name]
    field: dict[str, object] = {
        "@type": "cr:Field",
        "@id": f"items/{name}",
        "name": name,
        "description": meaning,
        "dataType": kind,
        "source": {"fileObject": {"@id": "items.jsonl"}, "extract": {"column": name}},
    }
    return field | ({"repeated": True} if name in LISTS else {})


def _facts(work: Work) -> dict[str, str]:
    """What the template needs, each as JSON."""
    manifest = work.benchmark.manifest
    licences = sorted({use.licence for use in manifest.datasets}) or ["unknown"]
    drawn = [
        f"{use.name} ({use.items} items, {use.licence}): {use.source or 'no address'}" for use in manifest.datasets
    ]
    goal = " ".join(manifest.requirement.goal.split())
    written = datetime.fromtimestamp((work.benchmark.folder / "manifest.json").stat().st_mtime, UTC)
    kinds = {mimetypes.guess_type(path.name)[0] or "" for path in (work.folder / "media").glob("*")}
    facts: dict[str, object] = {
        "name": work.name,
        "title": " ".join(manifest.name.split()),
        "description": f"{goal} {manifest.size} items, each with its answer, its source and what the answer rests on.",
        "licences": [_licence(each) for each in licences],
        "version": f"1.0.0+{manifest.digest}",
        "published": written.date().isoformat(),
        "sha256": _sha256(work.folder / "items.jsonl"),
        "collection": f"Made with benchmark-agent from: {'; '.join(drawn)}",
        "gaps": f"Not covered: {'; '.join(manifest.not_covered) or 'nothing is known to be missing'}",
        "digest": manifest.digest,
        "media": sorted(kinds - {""}),
    }
    return {key: json.dumps(value, ensure_ascii=False) for key, value in facts.items()}


def _licence(name: str) -> str:
    """The address of an SPDX licence, else its name."""
    return f"https://spdx.org/licenses/{name}.html" if re.fullmatch(r"[A-Za-z0-9.+-]+-\d[\w.-]*|MIT", name) else name


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
