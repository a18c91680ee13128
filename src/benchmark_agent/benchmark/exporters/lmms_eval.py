"""lmms-eval: YAML tasks over a Parquet file with images and sounds."""

import json
from collections.abc import Iterator
from pathlib import Path

from benchmark_agent.benchmark.exporters.asked import asked
from benchmark_agent.benchmark.exporters.checks import code_problems, function_problems, read_yaml
from benchmark_agent.benchmark.exporters.parquet import Kind, read_column, write_parquet
from benchmark_agent.benchmark.exporters.target import Target, Work, flat, gold_problems
from benchmark_agent.benchmark.exporters.texts import Function, yaml_text
from benchmark_agent.content import Audio, Image
from benchmark_agent.verification.types import Item

COLUMNS: dict[str, Kind] = {
    "id": "text",
    "subtask": "text",
    "prompt": "text",
    "parts": "text",
    "answer_kind": "text",
    "scorer": "text",
    "options": "texts",
    "answer": "text",
    "accepted": "texts",
    "source": "text",
    "licence": "text",
}
TOKENS = 1024
"""Tokens a generated reply may have: room to think first."""


class LmmsEval(Target):
    """Text, images and sounds, in the order the item shows them; the model writes, our scorers read."""

    name = "lmms-eval"

    def _fill(self, work: Work) -> None:
        work.scoring()
        columns = COLUMNS | _media_columns(work)
        for subtask in work.subtasks:
            rows = (_row(item, columns) for item in work.items() if item.subtask == subtask)
            write_parquet(work.folder / "data" / f"{subtask}.parquet", rows, columns, work.read_path)
            work.write(f"{work.name}_{subtask}.yaml", yaml_text(_task(work, subtask)))
        work.write_template("utils.py", "lmms_eval/utils.py.jinja")
        work.write_template("relocate.py", "lmms_eval/relocate.py.jinja")
        tasks = [f"{work.name}_{subtask}" for subtask in work.subtasks]
        metrics = [{"metric": each, "weight_by_size": True} for each in ("accuracy", "refusal", "unparsable")]
        group = {"group": work.name, "task": tasks, "aggregate_metric_list": metrics}
        work.write(f"{work.name}.yaml", yaml_text({**group, "metadata": {"version": work.benchmark.manifest.digest}}))

    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        yield from code_problems(work, "utils.py", "relocate.py")
        yield from gold_problems(work)
        for path in sorted(work.folder.glob("*.yaml")):
            yield from function_problems(work, path.name, "utils.py")
            held = read_yaml(path)
            if isinstance(held, dict) and "group" not in held:
                file = Path(held["dataset_kwargs"]["data_files"]["test"])
                if not file.is_absolute() or not (work.folder / "data" / file.name).is_file():
                    yield path.name, f"its data file {str(file)!r} is not there, or not an absolute path"
                if "until" not in held["generation_kwargs"]:
                    yield path.name, "'until' is not set, so that replies end at the first empty line"
        found = [id for path in sorted(work.folder.glob("data/*.parquet")) for id in read_column(path, "id")]
        for id in work.ids.symmetric_difference(str(each) for each in found):
            yield id, "it is not in the Parquet files"


def _media_columns(work: Work) -> dict[str, Kind]:
    shown = {part.type for item in work.items() for part in item.input}
    media: dict[str, Kind] = {"image": "images", "audio": "audios"}
    return {f"{medium}s": kind for medium, kind in media.items() if medium in shown}


def _row(item: Item, columns: dict[str, Kind]) -> dict[str, object]:
    media = {
        "images": [part.path for part in item.input if isinstance(part, Image)],
        "audios": [part.path for part in item.input if isinstance(part, Audio)],
    }
    row = {**flat(item), **media, "prompt": asked(item), "parts": json.dumps(list(_parts(item)), ensure_ascii=False)}
    return {name: row[name] for name in columns}


def _parts(item: Item) -> Iterator[dict[str, str | int]]:
    """The input in order; media by their place among the item's images or sounds."""
    seen = {"image": 0, "audio": 0}
    for part in item.input:
        if part.type == "text":
            yield {"type": "text", "text": part.text}
        else:
            yield {"type": part.type, "index": seen[part.type]}
            seen[part.type] += 1


def _task(work: Work, subtask: str) -> dict[str, object]:
    metrics = [("accuracy", True), ("refusal", False), ("unparsable", False)]
    return {
        "task": f"{work.name}_{subtask}",
        "dataset_path": "parquet",
        "dataset_kwargs": {"data_files": {"test": str(work.final / "data" / f"{subtask}.parquet")}},
        "test_split": "test",
        "process_docs": Function("utils.process_docs"),
        "output_type": "generate_until",
        "doc_to_visual": Function("utils.doc_to_visual"),
        "doc_to_text": Function("utils.doc_to_text"),
        "doc_to_messages": Function("utils.doc_to_messages"),
        "doc_to_target": "answer",
        # Without `until` the harness stops at the first empty line, and cuts reasoning short.
        "generation_kwargs": {"until": [], "do_sample": False, "temperature": 0, "max_new_tokens": TOKENS},
        "process_results": Function("utils.process_results"),
        "metric_list": [
            {"metric": name, "aggregation": "mean", "higher_is_better": better} for name, better in metrics
        ],
        "lmms_eval_specific_kwargs": {"default": {"pre_prompt": "", "post_prompt": ""}},
        "metadata": {"version": work.benchmark.manifest.digest},
    }
