"""What all exporters share: which items a target carries, the folder written beside and put in place, the lint."""

import io
import os
import re
import shutil
import unicodedata
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import soundfile

from benchmark_agent.benchmark.exporters.asked import full_prompt, letters
from benchmark_agent.benchmark.exporters.scoring import load_judge, scorer_names, write_scoring
from benchmark_agent.benchmark.exporters.texts import json_line, render
from benchmark_agent.benchmark.replies import gold_replies
from benchmark_agent.benchmark.show import LETTERS, media_parts
from benchmark_agent.benchmark.types import Benchmark, Count
from benchmark_agent.content import Audio, Image
from benchmark_agent.errors import UserError
from benchmark_agent.media import inside
from benchmark_agent.record import Record
from benchmark_agent.verification.types import Item

REPORT = "export.json"
NAME = 32
"""Characters of the benchmark's name that the name of a task has; cut between words."""
TOLD = 5
"""Problems of the lint that are named."""


class LeftOut(Record):
    why: str
    items: tuple[str, ...]
    """Ids."""


class ExportReport(Record):
    """What an export holds: `export.json` in its folder."""

    format: str = "benchmark-agent-export/1"
    target: str
    name: str
    """What the task is called there."""
    benchmark: str
    """Digest of the benchmark."""
    carried: int
    """Items in the export."""
    left_out: tuple[LeftOut, ...] = ()
    """Items the target cannot carry, by why."""
    partly: tuple[LeftOut, ...] = ()
    """Items in the export that one of its files cannot use, by why."""
    changed: tuple[Count, ...] = ()
    """Changes of form the target needs, with how many items they touch."""


@dataclass
class Work:
    """One export while it is written."""

    benchmark: Benchmark
    folder: Path
    """Where files are written; `final` is where they will stand."""
    final: Path
    name: str
    ids: frozenset[str]
    """Items that are carried."""
    left_out: dict[str, list[str]]
    partly: dict[str, list[str]] = field(default_factory=dict)
    changed: Counter[str] = field(default_factory=Counter)

    def items(self) -> Iterator[Item]:
        """The items that are carried, in order."""
        return (item for item in self.benchmark if item.id in self.ids)

    @cached_property
    def subtasks(self) -> tuple[str, ...]:
        """Subtasks of the carried items, in the order of the manifest."""
        there = dict.fromkeys(item.subtask for item in self.items())
        planned = [each.subtask_id for each in self.benchmark.manifest.subtasks]
        return tuple(sorted(there, key=lambda each: planned.index(each) if each in planned else len(planned)))

    def write(self, path: str, text: str) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")

    def write_template(self, path: str, template: str, **values: object) -> None:
        """Write one file from a template; `name`, `title` and `digest` are given to all."""
        self.write(path, render(template, **self._values(), **values))

    def write_lines(self, path: str, rows: Iterator[dict[str, object]]) -> None:
        """Write JSON lines."""
        with (self.folder / path).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json_line(row) for row in rows)

    def read_media(self, part: Image | Audio) -> bytes:
        return self.read_path(part.path)

    def read_path(self, path: str) -> bytes:
        return inside(self.benchmark.folder, path).read_bytes()

    def copy_media(self, part: Image | Audio) -> str:
        """A media file beside the export; its path relative to the export."""
        target = self.folder / "media" / Path(part.path).name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source = inside(self.benchmark.folder, part.path)
            try:
                os.link(source, target)
            except OSError:
                shutil.copyfile(source, target)
        return f"media/{target.name}"

    def playable(self, part: Audio) -> tuple[bytes, str]:
        """A sound as WAV or MP3 and which it is: other formats are decoded to WAV, counted as changed."""
        data, kind = self.read_media(part), Path(part.path).suffix.lstrip(".")
        if kind in ("wav", "mp3"):
            return data, kind
        self.changed["sounds decoded to WAV, the only lossless format the target takes"] += 1
        samples, rate = soundfile.read(io.BytesIO(data), dtype="int16", always_2d=True)
        encoded = io.BytesIO()
        soundfile.write(encoded, samples, rate, format="WAV", subtype="PCM_16")
        return encoded.getvalue(), "wav"

    def copy_sound(self, part: Audio) -> tuple[str, str]:
        """A sound as WAV or MP3 beside the export; its path and which it is."""
        data, kind = self.playable(part)
        if kind == Path(part.path).suffix.lstrip("."):
            return self.copy_media(part), kind
        target = self.folder / "media" / f"{Path(part.path).stem}.{kind}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return f"media/{target.name}", kind

    def scoring(self) -> None:
        """Write our scorers beside the export."""
        write_scoring(self.folder, self.benchmark.manifest.digest)

    def report(self, target: str) -> ExportReport:
        return ExportReport(
            target=target,
            name=self.name,
            benchmark=self.benchmark.manifest.digest,
            carried=len(self.ids),
            left_out=_grouped(self.left_out),
            partly=_grouped(self.partly),
            changed=tuple(Count(name=name, n=n) for name, n in self.changed.items()),
        )

    def _values(self) -> dict[str, object]:
        manifest = self.benchmark.manifest
        return {"name": self.name, "title": " ".join(manifest.name.split()), "digest": manifest.digest}


class Target(ABC):
    """An exporter: what it carries, what it writes, and what the harness would refuse of that."""

    name: str
    modalities: frozenset[str] = frozenset({"text", "image", "audio"})
    kinds: frozenset[str] = frozenset({"choice", "multi_choice", "binary", "label", "span", "number"})
    scored_by_us = True
    """The export scores with our scorers, so that items of a plugin's scorer cannot be carried."""

    def write(self, benchmark: Benchmark, folder: Path) -> Path:
        """Write the export as `folder`, lint it, and put it in place.

        Raises:
            UserError: nothing can be carried, the folder holds something else, or the harness would refuse it.
        """
        work = self._begin(benchmark, folder)
        try:
            self._fill(work)
            work.write("export.json", work.report(self.name).model_dump_json(indent=2) + "\n")
            self._readme(work)
            self._refuse(list(self._lint(work)), work)
            _put_in_place(work)
        finally:
            shutil.rmtree(work.folder, ignore_errors=True)
        return folder

    def refuses(self, item: Item) -> str:
        """Why the target cannot carry an item; empty when it can."""
        foreign = sorted({part.type for part in item.input} - self.modalities)
        if foreign:
            return f"{self.name} cannot show {' and '.join(foreign)}"
        if item.answer_kind not in self.kinds:
            judged = "; open answers need a judge" if item.answer_kind == "open" else ""
            return f"{self.name} cannot score answers of the kind {item.answer_kind!r}{judged}"
        if self.scored_by_us and item.answer_kind != "open" and item.scorer not in scorer_names():
            return f"the scorer {item.scorer!r} is a plugin's and cannot be exported"
        return ""

    @abstractmethod
    def _fill(self, work: Work) -> None:
        """Write all files but README.md and export.json."""

    @abstractmethod
    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        """Item id (or file) and what the harness would refuse, read from the files written."""

    def _readme(self, work: Work) -> None:
        report = work.report(self.name)
        stem = self.name.replace("-", "_")
        work.write_template("README.md", f"{stem}/README.md.jinja", report=report, folder=str(work.final))

    def _begin(self, benchmark: Benchmark, folder: Path) -> Work:
        if folder.exists() and not (folder / REPORT).is_file() and (folder.is_file() or any(folder.iterdir())):
            raise UserError(f"{str(folder)!r} holds something that is no export; choose another folder with '--out'")
        ids: list[str] = []
        left_out: dict[str, list[str]] = {}
        for item in benchmark:
            why = self.refuses(item)
            left_out.setdefault(why, []).append(item.id) if why else ids.append(item.id)
        if not ids:
            raise UserError(f"{self.name} can carry no item of this benchmark: {'; '.join(left_out) or 'it is empty'}")
        if len(set(ids)) < len(ids):
            twice = next(id for id, n in Counter(ids).items() if n > 1)
            raise UserError(f"two items are called {twice!r}; see 'benchmark-agent check {benchmark.folder}'")
        partial = folder.with_name(f".{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        return Work(benchmark, partial, folder.resolve(), task_name(benchmark), frozenset(ids), left_out)

    def _refuse(self, problems: list[tuple[str, str]], work: Work) -> None:
        if problems:
            told = "; ".join(f"{where}: {what}" for where, what in problems[:TOLD])
            more = f"; and {len(problems) - TOLD} more" if len(problems) > TOLD else ""
            raise UserError(f"{self.name} would refuse the export, so nothing was written: {told}{more}")


def task_name(benchmark: Benchmark) -> str:
    """A name that is a Python identifier, tells the version, and is no task of any harness."""
    ascii_only = unicodedata.normalize("NFKD", benchmark.manifest.name).encode("ascii", "ignore").decode().lower()
    words = "_".join(re.findall(r"[a-z0-9]+", ascii_only))
    if len(words) > NAME:
        words = words[: NAME + 1].rpartition("_")[0] or words[:NAME]
    stem = words if words[:1].isalpha() else f"bench_{words}".strip("_")
    return f"{stem}_{benchmark.manifest.digest[:6]}"


def flat(item: Item) -> dict[str, object]:
    """What every export in rows has of an item; what our scorers read is in it."""
    first = item.sources[0] if item.sources else None
    return {
        "id": item.id,
        "subtask": item.subtask,
        "prompt": full_prompt(item),
        "answer_kind": item.answer_kind,
        "scorer": item.scorer,
        "options": list(item.options),
        "letters": letters(item) if item.answer_kind in ("choice", "multi_choice") else [],
        "answer": item.answer,
        "answer_index": LETTERS.index(item.answer) if item.answer_kind == "choice" else -1,
        "accepted": list(item.accepted),
        "source": f"{first.dataset}/{first.row}" if first else item.id,
        "licence": first.licence if first else "unknown",
    }


def gold_problems(work: Work) -> Iterator[tuple[str, str]]:
    """Items whose right answers the exported scorers do not take for right."""
    judge = load_judge(work.folder)
    for item in work.items():
        if item.answer_kind == "open":
            continue
        for reply in gold_replies(item):
            value = getattr(judge(flat(item), reply), "value", 0)
            if value < 1:
                yield item.id, f"the exported scorer gives the right answer {reply!r} {value:g}"


def missing_media(work: Work) -> Iterator[tuple[str, str]]:
    """Media of carried items that are not what the item says."""
    for item in work.items():
        for part in media_parts(item):
            if not inside(work.benchmark.folder, part.path).is_file():
                yield item.id, f"the media file {part.path!r} is missing"


def _grouped(found: dict[str, list[str]]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(why=why, items=tuple(ids)) for why, ids in found.items() if ids)


def _put_in_place(work: Work) -> None:
    former = work.final.with_name(f".{work.final.name}.former")
    shutil.rmtree(former, ignore_errors=True)
    if work.final.exists():
        work.final.replace(former)
    work.folder.replace(work.final)
    shutil.rmtree(former, ignore_errors=True)
