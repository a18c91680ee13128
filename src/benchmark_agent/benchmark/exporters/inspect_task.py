"""Inspect AI: a task file, its data as JSON lines, media beside it."""

from collections.abc import Iterator

from benchmark_agent.benchmark.exporters.asked import asked, full_prompt
from benchmark_agent.benchmark.exporters.checks import code_problems, read_lines
from benchmark_agent.benchmark.exporters.target import Target, Work, flat, gold_problems
from benchmark_agent.content import Audio, Image, Text
from benchmark_agent.verification.types import Item


class Inspect(Target):
    """Every answer kind and medium; open answers in a task of their own, graded by a model."""

    name = "inspect"
    kinds = Target.kinds | {"open"}

    def _fill(self, work: Work) -> None:
        work.scoring()
        opened = any(item.answer_kind == "open" for item in work.items())
        closed = any(item.answer_kind != "open" for item in work.items())
        work.write_lines(f"{work.name}.jsonl", (_sample(item, work) for item in work.items()))
        work.write_template(f"{work.name}.py", "inspect/task.py.jinja", opened=opened, closed=closed)
        work.write("requirements.txt", "inspect-ai>=0.3.285\n")

    def _lint(self, work: Work) -> Iterator[tuple[str, str]]:
        yield from code_problems(work, f"{work.name}.py")
        yield from gold_problems(work)
        for sample in read_lines(work.folder / f"{work.name}.jsonl"):
            for part in _parts(sample):
                path = part.get("image") or part.get("audio")
                if path and not (work.folder / path).is_file():
                    yield sample["id"], f"the media file {path!r} is missing"
                if "audio" in part and part["format"] not in ("wav", "mp3"):
                    yield sample["id"], f"Inspect takes WAV and MP3, not {part['format']!r}"


def _sample(item: Item, work: Work) -> dict[str, object]:
    content = [_part(part, work) for part in item.input]
    content.append({"type": "text", "text": asked(item)})
    plain = all(part["type"] == "text" for part in content)
    target = list(item.answer) if item.answer_kind == "multi_choice" else item.answer
    kept = {name: value for name, value in flat(item).items() if name not in ("id", "prompt")}
    return {
        "id": item.id,
        "input": full_prompt(item) if plain else [{"role": "user", "content": content}],
        "target": target,
        "metadata": kept,
    }


def _part(part: Text | Image | Audio, work: Work) -> dict[str, object]:
    if isinstance(part, Image):
        return {"type": "image", "image": work.copy_media(part)}
    if isinstance(part, Audio):
        path, kind = work.copy_sound(part)
        return {"type": "audio", "audio": path, "format": kind}
    return {"type": "text", "text": part.text}


def _parts(sample: dict[str, object]) -> Iterator[dict[str, str]]:
    messages = sample["input"]
    if isinstance(messages, list):
        for message in messages:
            yield from message["content"]
