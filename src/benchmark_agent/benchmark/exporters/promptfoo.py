"""promptfoo: a configuration, tests as YAML, a Python assertion with our scorers."""

import json
from collections.abc import Iterator

from benchmark_agent.benchmark.exporters.asked import full_prompt
from benchmark_agent.benchmark.exporters.checks import code_problems, read_yaml
from benchmark_agent.benchmark.exporters.target import Target, Work, flat, gold_problems
from benchmark_agent.benchmark.exporters.texts import yaml_text
from benchmark_agent.verification.types import Item

MARKS = ("{{", "{%", "{#")
"""What opens a template: promptfoo renders variables too."""


class Promptfoo(Target):
    """Text. Closed answers by a Python assertion with our scorers, open ones by a rubric that a model grades."""

    name = "promptfoo"
    modalities = frozenset({"text"})
    kinds = Target.kinds | {"open"}

    def refuses(self, item: Item) -> str:
        texts = [full_prompt(item), item.answer, *item.accepted, *item.options]
        if any(mark in text for mark in MARKS for text in texts):
            return "promptfoo takes a piece of their text for a template"
        return super().refuses(item)

    def _fill(self, work: Work) -> None:
        work.scoring()
        work.write("tests.yaml", "".join(yaml_text([_test(item)]) for item in work.items()))
        work.write_template("assertion.py", "promptfoo/assertion.py.jinja")
        work.write_template("promptfooconfig.yaml", "promptfoo/promptfooconfig.yaml.jinja")

    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        yield from code_problems(work, "assertion.py")
        yield from gold_problems(work)
        tests = read_yaml(work.folder / "tests.yaml")
        for test in tests if isinstance(tests, list) else []:
            for name, value in test["vars"].items():
                if not isinstance(value, str):
                    yield (
                        test["metadata"]["id"],
                        f"the variable {name!r} is no text: a list fans out into several tests",
                    )
                elif value.startswith(("file://", "package:")):
                    yield test["metadata"]["id"], f"the variable {name!r} would be read as the name of a file"


def _test(item: Item) -> dict[str, object]:
    row = flat(item)
    key = {name: row[name] for name in ("answer_kind", "scorer", "options", "answer", "accepted")}
    rubric = "\n".join(["The reply answers the question as rightly as this does:", item.answer, *item.accepted])
    judged: dict[str, object] = {"type": "python", "value": "file://assertion.py"}
    if item.answer_kind == "open":
        judged = {"type": "llm-rubric", "value": rubric}
    return {
        "description": item.id,
        "vars": {"id": item.id, "prompt": full_prompt(item), "key": json.dumps(key, ensure_ascii=False)},
        "assert": [judged],
        "metadata": {"id": item.id, "subtask": item.subtask, "source": row["source"]},
    }
