"""lm-evaluation-harness: YAML tasks, a multiple-choice form and a generative one of every choice subtask."""

from collections.abc import Iterator

from benchmark_agent.benchmark.exporters.asked import LETTERED, bare_question
from benchmark_agent.benchmark.exporters.checks import code_problems, function_problems, read_lines, read_yaml
from benchmark_agent.benchmark.exporters.target import Target, Work, flat, gold_problems
from benchmark_agent.benchmark.exporters.texts import Function, yaml_text
from benchmark_agent.verification.types import Item

TOKENS = 1024
"""Tokens a generated reply may have: room to think first."""


class LmEval(Target):
    """Text only. `<name>_mc` compares likelihoods of the letters, `<name>_gen` reads what the model writes."""

    name = "lm-eval"
    modalities = frozenset({"text"})

    def _fill(self, work: Work) -> None:
        work.scoring()
        work.write_lines(f"{work.name}.jsonl", (_doc(item) for item in work.items()))
        work.write_template("utils.py", "lm_eval/utils.py.jinja")
        chosen = {item.subtask for item in work.items() if item.answer_kind == "choice"}
        groups = {"mc": [each for each in work.subtasks if each in chosen], "gen": list(work.subtasks)}
        for form, subtasks in groups.items():
            for subtask in subtasks:
                task = _multiple_choice(work, subtask) if form == "mc" else _generative(work, subtask)
                work.write(f"{task['task']}.yaml", yaml_text(task))
            if subtasks:
                work.write(f"{work.name}_{form}.yaml", yaml_text(_group(work, form, subtasks)))
        other = [item.id for item in work.items() if item.answer_kind != "choice"]
        if other and groups["mc"]:
            work.partly["only in the generative form: their answer is no choice among letters"] = other

    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        yield from code_problems(work, "utils.py")
        yield from gold_problems(work)
        yield from _group_problems(work)
        for doc in read_lines(work.folder / f"{work.name}.jsonl"):
            if doc["letters"] and doc["answer_index"] >= len(doc["letters"]):
                yield doc["id"], f"its answer is option {doc['answer_index'] + 1} of {len(doc['letters'])}"


def _doc(item: Item) -> dict[str, object]:
    return {**flat(item), "question": _lettered(item)}


def _lettered(item: Item) -> str:
    """What the multiple-choice form shows: the options under their letters, and where the answer goes."""
    if item.answer_kind not in LETTERED:
        return bare_question(item)
    listed = [f"{letter}. {option}" for letter, option in zip(_letters(item), item.options, strict=True)]
    return "\n".join([bare_question(item), *listed, "Answer:"])


def _letters(item: Item) -> list[str]:
    found = flat(item)["letters"]
    return [str(each) for each in found] if isinstance(found, list) else []


def _task(work: Work, form: str, subtask: str) -> dict[str, object]:
    return {
        "task": f"{work.name}_{form}_{subtask}",
        "task_alias": subtask,
        "custom_dataset": Function("utils.load"),
        "dataset_kwargs": {"subtask": subtask, "form": form},
        "test_split": "test",
    }


def _multiple_choice(work: Work, subtask: str) -> dict[str, object]:
    return {
        **_task(work, "mc", subtask),
        "output_type": "multiple_choice",
        "doc_to_text": "{{question}}",
        "doc_to_choice": "letters",
        "doc_to_target": "answer_index",
        "num_fewshot": 0,
        "metric_list": [_metric("acc")],
        "metadata": {"version": work.benchmark.manifest.digest},
    }


def _generative(work: Work, subtask: str) -> dict[str, object]:
    return {
        **_task(work, "gen", subtask),
        "output_type": "generate_until",
        "doc_to_text": "{{prompt}}",
        "doc_to_target": "{{answer}}",
        "process_results": Function("utils.process_results"),
        "num_fewshot": 0,
        # Without `until` the harness stops at the first empty line, and cuts reasoning short.
        "generation_kwargs": {"until": [], "do_sample": False, "temperature": 0.0, "max_gen_toks": TOKENS},
        "metric_list": [_metric("acc"), _metric("refusal", better=False), _metric("unparsable", better=False)],
        "metadata": {"version": work.benchmark.manifest.digest},
    }


def _metric(name: str, *, better: bool = True) -> dict[str, object]:
    return {"metric": name, "aggregation": "mean", "higher_is_better": better}


def _group(work: Work, form: str, subtasks: list[str]) -> dict[str, object]:
    metrics = ["acc"] if form == "mc" else ["acc", "refusal", "unparsable"]
    return {
        "group": f"{work.name}_{form}",
        "task": [f"{work.name}_{form}_{subtask}" for subtask in subtasks],
        "aggregate_metric_list": [{"metric": metric, "weight_by_size": True} for metric in metrics],
        "metadata": {"version": work.benchmark.manifest.digest},
    }


def _group_problems(work: Work) -> Iterator[tuple[str, str]]:
    """Members that are missing or lack a metric of the group, functions that are not there, stop words."""
    read = {path.name: read_yaml(path) for path in sorted(work.folder.glob("*.yaml"))}
    tasks = {each["task"]: each for each in read.values() if isinstance(each, dict) and "group" not in each}
    for path, held in read.items():
        yield from function_problems(work, path, "utils.py")
        if not isinstance(held, dict):
            yield path, "it is no task"
        elif "group" in held:
            for member in held["task"]:
                has = {each["metric"] for each in tasks.get(member, {}).get("metric_list", [])}
                lacks = {each["metric"] for each in held["aggregate_metric_list"]} - has
                if lacks:
                    yield path, f"the group counts {sorted(lacks)} of {member!r}, which has them not"
        elif held["output_type"] == "generate_until" and "until" not in held.get("generation_kwargs", {}):
            yield path, "'until' is not set, so that replies end at the first empty line"
