"""A Hugging Face dataset repository: Parquet with a card, and `eval.yaml` for `inspect eval hf/...`."""

import base64
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmark_agent.benchmark.exporters.asked import bare_question, full_prompt
from benchmark_agent.benchmark.exporters.checks import read_yaml
from benchmark_agent.benchmark.exporters.parquet import Kind, read_column, write_parquet
from benchmark_agent.benchmark.exporters.target import Target, Work, flat
from benchmark_agent.benchmark.exporters.texts import yaml_text
from benchmark_agent.benchmark.show import media_parts
from benchmark_agent.content import Audio, Image
from benchmark_agent.verification.types import Item

COLUMNS: dict[str, Kind] = {
    "id": "text",
    "subtask": "text",
    "input": "text",
    "target": "text",
    "choices": "texts",
    "question": "text",
    "answer_kind": "text",
    "scorer": "text",
    "options": "texts",
    "answer": "text",
    "answer_index": "int",
    "accepted": "texts",
    "gold_basis": "text",
    "source": "text",
    "licence": "text",
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# The last line that says "Answer:", without marks around what follows.
_LAST_ANSWER = r"(?s).*answer\s*:[\s*_\"'`]*([^\n]*?)[\s*_\"'`.]*$"
_GENERATE: dict[str, object] = {"name": "generate"}
FORMS: dict[str, tuple[list[dict[str, object]], list[dict[str, object]]]] = {
    "choice": ([{"name": "multiple_choice"}], [{"name": "choice"}]),
    "number": ([_GENERATE], [{"name": "match", "args": {"location": "end", "numeric": True}}]),
    "words": ([_GENERATE], [{"name": "pattern", "args": {"pattern": _LAST_ANSWER}}]),
    "open": ([_GENERATE], [{"name": "model_graded_qa"}]),
}
"""Solvers and scorers of `eval.yaml` by the form of the answer."""
TASK_KEYS = frozenset({"id", "config", "split", "field_spec", "solvers", "scorers"})
"""Keys we use of those Inspect takes; any other is refused."""


@dataclass(frozen=True)
class _Config:
    subtask: str
    form: str
    """A key of `FORMS`; `data` for items that eval.yaml cannot use."""

    @property
    def name(self) -> str:
        return f"{self.subtask}-{self.form}"


class Hub(Target):
    """Everything is in the data; `eval.yaml` uses what its scorers can score."""

    name = "hub"
    kinds = Target.kinds | {"open"}
    scored_by_us = False

    def _fill(self, work: Work) -> None:
        columns = COLUMNS | _media_columns(work)
        counts: Counter[_Config] = Counter()
        for item in work.items():
            counts[_Config(item.subtask, _form(item))] += 1
            if why := _unused(item):
                work.partly.setdefault(f"in the data, not in eval.yaml: {why}", []).append(item.id)
            elif item.accepted and _form(item) in ("words", "number"):
                work.partly.setdefault("eval.yaml knows only the first of their accepted answers", []).append(item.id)
        configs = sorted(counts, key=lambda each: (work.subtasks.index(each.subtask), each.form))
        for config in configs:
            rows = (
                _row(item, config.form, work, columns)
                for item in work.items()
                if (item.subtask, _form(item)) == (config.subtask, config.form)
            )
            write_parquet(work.folder / "data" / f"{config.name}.parquet", rows, columns, work.read_path)
        tasks = [_task(config, columns) for config in configs if config.form != "data"]
        if tasks:
            head = {"name": " ".join(work.benchmark.manifest.name.split()), "description": _description(work)}
            work.write("eval.yaml", yaml_text({**head, "evaluation_framework": "inspect-ai", "tasks": tasks}))
        self._configs = configs

    def _readme(self, work: Work) -> None:
        names = [config.name for config in self._configs]
        front = _front_matter(work, names)
        report = work.report(self.name)
        used = [config.name for config in self._configs if config.form != "data"]
        work.write_template(
            "README.md", "hub/README.md.jinja", front=front, report=report, folder=str(work.final), tasks=used
        )

    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        found: list[object] = []
        for path in sorted(work.folder.glob("data/*.parquet")):
            found += read_column(path, "id")
        for id in work.ids.symmetric_difference(str(each) for each in found):
            yield id, "it is not in the Parquet files, or twice"
        if (work.folder / "eval.yaml").is_file():
            yield from _eval_problems(work)


def _unused(item: Item) -> str:
    """Why eval.yaml cannot use an item; empty when it can."""
    media = media_parts(item)
    if item.answer_kind == "multi_choice":
        return "it has no scorer of several right options"
    if any(isinstance(part, Audio) for part in media):
        return "it cannot show sounds"
    if len(media) > 1:
        return "it can show one image an item"
    if item.answer_kind != "open" and item.scorer != item.answer_kind:
        return f"it has nothing like the scorer {item.scorer!r}"
    return ""


def _form(item: Item) -> str:
    """The key of `FORMS` by which eval.yaml uses an item, or `data`."""
    if _unused(item):
        return "data"
    if item.answer_kind == "number":
        return "number" if _NUMBER.fullmatch(item.answer) else "words"
    return item.answer_kind if item.answer_kind in FORMS else "words"


def _media_columns(work: Work) -> dict[str, Kind]:
    most: Counter[str] = Counter()
    for item in work.items():
        for kind, n in Counter(part.type for part in media_parts(item)).items():
            most[kind] = max(most[kind], n)
    columns: dict[str, Kind] = {}
    if most["image"]:
        columns |= {"image_uri": "text", **({"image": "image"} if most["image"] == 1 else {"images": "images"})}
    if most["audio"]:
        columns |= {"audio": "audio"} if most["audio"] == 1 else {"audios": "audios"}
    return columns


def _row(item: Item, form: str, work: Work, columns: dict[str, Kind]) -> dict[str, object]:
    images = [part for part in media_parts(item) if isinstance(part, Image)]
    audios = [part.path for part in media_parts(item) if isinstance(part, Audio)]
    row = {
        **flat(item),
        "input": bare_question(item) if form == "choice" else full_prompt(item),
        "target": item.answer,
        "choices": list(item.options) if form == "choice" else [],
        "question": item.question,
        "gold_basis": item.gold_basis,
        "image_uri": _data_uri(images[0], work) if len(images) == 1 else "",
        "image": images[0].path if images else None,
        "images": [part.path for part in images],
        "audio": audios[0] if audios else None,
        "audios": audios,
    }
    return {name: row[name] for name in columns}


def _data_uri(part: Image, work: Work) -> str:
    kind = {"jpg": "jpeg", "tif": "tiff"}.get(suffix := Path(part.path).suffix.lstrip("."), suffix)
    return f"data:image/{kind};base64,{base64.b64encode(work.read_media(part)).decode()}"


def _task(config: _Config, columns: dict[str, Kind]) -> dict[str, object]:
    solvers, scorers = FORMS[config.form]
    fields: dict[str, object] = {"input": "input", "target": "target"}
    fields |= {"choices": "choices"} if config.form == "choice" else {}
    fields |= {"input_image": "image_uri"} if "image_uri" in columns else {}
    fields["metadata"] = ["id", "subtask", "source"]
    return {
        "id": config.name,
        "config": config.name,
        "split": "test",
        "field_spec": fields,
        "solvers": solvers,
        "scorers": scorers,
    }


def _description(work: Work) -> str:
    goal = " ".join(work.benchmark.manifest.requirement.goal.split())
    return f"{goal} Scores are accuracies, 0-1."


def _front_matter(work: Work, names: list[str]) -> str:
    """That of the benchmark's own card, with the configurations of this export."""
    front: dict[str, object] = {}
    card = work.benchmark.folder / "README.md"
    if card.is_file() and (text := card.read_text(encoding="utf-8")).startswith("---\n"):
        held = yaml.safe_load(text.split("---\n", 2)[1])
        front = held if isinstance(held, dict) else {}
    one = {"config_name": "default", "data_files": [{"split": "test", "path": "data/*.parquet"}]}
    each = [{"config_name": name, "data_files": [{"split": "test", "path": f"data/{name}.parquet"}]} for name in names]
    front["configs"] = [one, *each]
    return yaml_text(front)


def _eval_problems(work: Work) -> Iterator[tuple[str, str]]:
    held = read_yaml(work.folder / "eval.yaml")
    tasks = held["tasks"] if isinstance(held, dict) else []
    ids = Counter(task["id"] for task in tasks)
    for task in tasks:
        where = f"eval.yaml, task {task['id']!r}"
        if "/" in task["id"] or ids[task["id"]] > 1:
            yield where, "an id is unique and has no '/'"
        if set(task) - TASK_KEYS:
            yield where, f"Inspect refuses the keys {sorted(set(task) - TASK_KEYS)}"
        file = work.folder / "data" / f"{task['config']}.parquet"
        if not file.is_file():
            yield where, f"its data {file.name!r} is missing"
            continue
        if task["id"].endswith("-choice"):
            indexes = zip(read_column(file, "id"), read_column(file, "answer_index"), strict=True)
            yield from ((str(id), "its answer names no option") for id, index in indexes if index == -1)
