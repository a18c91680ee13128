"""EvalScope: messages in the OpenAI form with media inside, and a script that registers and runs the benchmark."""

import base64
from collections.abc import Iterator
from pathlib import Path

from benchmark_agent.benchmark.exporters.asked import asked
from benchmark_agent.benchmark.exporters.checks import code_problems, read_lines
from benchmark_agent.benchmark.exporters.target import Target, Work, flat, gold_problems
from benchmark_agent.content import Audio, Image, Text
from benchmark_agent.verification.types import Item


class EvalScope(Target):
    """Text, images and sounds; its custom sets score words by BLEU and ROUGE, so ours brings its scorers."""

    name = "evalscope"

    def _fill(self, work: Work) -> None:
        work.scoring()
        for subtask in work.subtasks:
            rows = (_row(item, work) for item in work.items() if item.subtask == subtask)
            work.write_lines(f"{subtask}_test.jsonl", rows)
        work.write_template("run.py", "evalscope/run.py.jinja", subtasks=list(work.subtasks))

    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        yield from code_problems(work, "run.py")
        yield from gold_problems(work)
        for path in sorted(work.folder.glob("*_test.jsonl")):
            for row in read_lines(path):
                if not row["messages"][0]["content"]:
                    yield row["id"], "its message is empty"
                if row["answer"] == "":
                    yield row["id"], "its answer is empty, which is read as none"


def _row(item: Item, work: Work) -> dict[str, object]:
    content = [_part(part, work) for part in item.input] + [{"type": "text", "text": asked(item)}]
    kept = {name: value for name, value in flat(item).items() if name != "prompt"}
    return {**kept, "messages": [{"role": "user", "content": content}]}


def _part(part: Text | Image | Audio, work: Work) -> dict[str, object]:
    if isinstance(part, Image):
        kind = {"jpg": "jpeg", "tif": "tiff"}.get(suffix := Path(part.path).suffix.lstrip("."), suffix)
        data = base64.b64encode(work.read_media(part)).decode()
        return {"type": "image_url", "image_url": {"url": f"data:image/{kind};base64,{data}"}}
    if isinstance(part, Audio):
        data_bytes, sound = work.playable(part)
        return {"type": "input_audio", "input_audio": {"data": base64.b64encode(data_bytes).decode(), "format": sound}}
    return {"type": "text", "text": part.text}
