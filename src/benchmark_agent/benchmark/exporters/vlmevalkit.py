"""VLMEvalKit: TSV files of choices, images as base64; items without an image in a file of their own."""

import base64
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmark_agent.benchmark.exporters.asked import bare_question
from benchmark_agent.benchmark.exporters.target import Target, Work
from benchmark_agent.benchmark.show import LETTERS, media_parts
from benchmark_agent.content import Image
from benchmark_agent.verification.types import Item

ABSENT = frozenset(
    "#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null|".split("|")
)
"""Texts that pandas reads as no value: an option of them vanishes from the prompt."""
TYPED = re.compile(r"\s*(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?inf(?:inity)?|true|false)\s*", re.IGNORECASE)
"""Texts that pandas reads as numbers or truth values where a column holds nothing else: `3.50` becomes 3.5, `3` 3.0."""
CHUNK = 1 << 19
"""Cells; pandas decides the type of a column in chunks of at least as many (`CParserWrapper`, low_memory)."""
TAKEN = ("openended", "mmbench", "ccbench", "circular", "mmcr", "video", "image", "mmt", "mmsci", "mmmu")
"""Pieces of a name by which VLMEvalKit takes a file for something else."""
POINTER = 64
"""Characters up to which an image is read as the index of another row."""
BIG = 1_000_000_000
"""Bytes over which VLMEvalKit unpacks a file beside itself before it starts."""


class VlmEvalKit(Target):
    """Choices over text and images: its custom sets cannot score anything else."""

    name = "vlmevalkit"
    modalities = frozenset({"text", "image"})
    kinds = frozenset({"choice"})
    scored_by_us = False

    def _fill(self, work: Work) -> None:
        if any(piece in work.name for piece in TAKEN):
            work.name = f"bench_{work.benchmark.manifest.digest[:6]}"
        for form, shown in (("vl", True), ("text", False)):
            items = [item.id for item in work.items() if bool(media_parts(item)) is shown]
            if items:
                self._table(work, form, frozenset(items))

    def _table(self, work: Work, form: str, ids: frozenset[str]) -> None:
        made = [item.options for item in work.items() if item.id in ids]
        width = max(len(options) for options in made)
        typed = _typed([dict(zip(LETTERS, options, strict=False)) for options in made], width)
        columns = ["index", "id", "category", "question", *LETTERS[:width], "answer", "split"]
        columns += ["image"] if form == "vl" else []
        with (work.folder / f"{work.name}_{form}.tsv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, columns, delimiter="\t", lineterminator="\n")
            table.writeheader()
            for index, item in enumerate((each for each in work.items() if each.id in ids), 1):
                table.writerow(_row(index, item, typed, work))

    def _readme(self, work: Work) -> None:
        names = sorted(path.stem for path in work.folder.glob("*.tsv"))
        big = [path.stem for path in work.folder.glob("*.tsv") if path.stat().st_size > BIG]
        report = work.report(self.name)
        work.write_template(
            "README.md", "vlmevalkit/README.md.jinja", report=report, folder=str(work.final), tables=names, big=big
        )

    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        indexes: set[str] = set()
        for path in sorted(work.folder.glob("*.tsv")):
            rows = list(read_table(path))
            typed = _typed(rows, len(LETTERS))
            for row in rows:
                place = f"{path.stem} {row['index']}"
                if place in indexes:
                    yield row["id"], f"its index {row['index']} is there twice"
                indexes.add(place)
                yield from ((row["id"], problem) for problem in _row_problems(row, typed))


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a TSV file."""
    with _long_fields(), path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


@contextmanager
def _long_fields() -> Iterator[None]:
    former = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(former)


def _typed(rows: list[dict[str, str]], width: int) -> frozenset[str]:
    """Letters whose column pandas would not keep as text."""
    letters = LETTERS[:width]
    if len(rows) * (width + 8) >= CHUNK:
        return frozenset(letters)
    held = {letter: [row[letter] for row in rows if row.get(letter)] for letter in letters}
    return frozenset(
        letter for letter, texts in held.items() if all(text in ABSENT or TYPED.fullmatch(text) for text in texts)
    )


def _changed(text: str, letter: str, typed: frozenset[str]) -> bool:
    """Whether pandas would not give an option back as it is."""
    return text in ABSENT or (letter in typed and TYPED.fullmatch(text) is not None)


def _row(index: int, item: Item, typed: frozenset[str], work: Work) -> dict[str, object]:
    options = item.options
    if any(_changed(option, letter, typed) for letter, option in zip(LETTERS, options, strict=False)):
        # All of them, so that the quotes do not point at one.
        options = tuple(f'"{option}"' for option in options)
        work.changed["options in quotes, since pandas would read one of them as no value or as a number"] += 1
    row: dict[str, object] = {
        "index": index,
        "id": item.id,
        "category": item.subtask,
        "question": bare_question(item),
        "answer": item.answer,
        "split": "test",
        **dict(zip(LETTERS, options, strict=False)),
    }
    images = [base64.b64encode(work.read_media(part)).decode() for part in item.input if isinstance(part, Image)]
    if images:
        row["image"] = images[0] if len(images) == 1 else str(images)
    return row


def _row_problems(row: dict[str, str], typed: frozenset[str]) -> Iterator[str]:
    shown = [letter for letter in LETTERS if row.get(letter)]
    for letter in shown:
        if _changed(row[letter], letter, typed):
            yield f"pandas would not read its {letter} {row[letter]!r} as text"
    for column in ("category", "question"):
        if row[column] in ABSENT:
            yield f"pandas would read its {column} {row[column]!r} as none"
    if row["answer"] not in shown:
        yield f"its answer {row['answer']!r} is none of its options"
    if "image" in row and len(row["image"]) <= POINTER:
        yield "its image is so short that it is read as the index of another row, or missing"
