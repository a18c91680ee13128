"""lighteval: a module of custom tasks over a folder of JSON lines; images as data URIs."""

import base64
import json
from collections.abc import Iterator

from benchmark_agent.benchmark.exporters.asked import bare_question
from benchmark_agent.benchmark.exporters.checks import code_problems, read_lines
from benchmark_agent.benchmark.exporters.target import Target, Work, flat, gold_problems
from benchmark_agent.content import Image
from benchmark_agent.verification.types import Item


class Lighteval(Target):
    """Text and images. `<name>:<subtask>` reads what the model writes, `<name>_mc:<subtask>` compares likelihoods."""

    name = "lighteval"
    modalities = frozenset({"text", "image"})

    def _fill(self, work: Work) -> None:
        work.scoring()
        places: dict[str, set[str]] = {}
        for item in work.items():
            places.setdefault(f"data/{item.subtask}", set()).add(item.id)
            if _by_letter(item):
                places.setdefault(f"data/{item.subtask}-mc", set()).add(item.id)
        for place, ids in places.items():
            (work.folder / place).mkdir(parents=True)
            rows = (_row(item, work) for item in work.items() if item.id in ids)
            work.write_lines(f"{place}/test.jsonl", rows)
        chosen = [each for each in work.subtasks if f"data/{each}-mc" in places]
        work.write_template(
            f"{work.name}.py",
            "lighteval/task.py.jinja",
            subtasks=list(work.subtasks),
            chosen=chosen,
        )
        other = [item.id for item in work.items() if not _by_letter(item)]
        if chosen and other:
            work.partly["only in the generative form: no text item with one right letter"] = other

    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        yield from code_problems(work, f"{work.name}.py")
        yield from gold_problems(work)
        for path in sorted(work.folder.glob("data/*/test.jsonl")):
            for row in (json.loads(line["doc"]) for line in read_lines(path)):
                if path.parent.name.endswith("-mc") and not 0 <= row["answer_index"] < len(row["letters"]):
                    yield row["id"], "its answer names no option"


def _by_letter(item: Item) -> bool:
    return item.answer_kind == "choice" and all(part.type == "text" for part in item.input)


def _row(item: Item, work: Work) -> dict[str, object]:
    """One text column: typed columns would have types inferred from their values, dates among them."""
    images = [base64.b64encode(work.read_media(part)).decode() for part in item.input if isinstance(part, Image)]
    doc = {**flat(item), "question": bare_question(item), "images": images}
    return {"id": item.id, "doc": json.dumps(doc, ensure_ascii=False)}
