# mypy: ignore-errors
"""The export `evalscope`: its script is imported, which registers the benchmark; a model of ours is handed in."""

import importlib.util
import json
import tempfile
from pathlib import Path

import shown
from evalscope import TaskConfig, run_task
from evalscope.api.model import GenerateConfig, ModelAPI, ModelOutput

SEEN, IDS = {}, {}


def _text_and_media(messages):
    text, media = [], []
    for message in messages:
        for part in [message.content] if isinstance(message.content, str) else message.content:
            if isinstance(part, str) or part.type == "text":
                text.append(part if isinstance(part, str) else part.text)
            elif part.type == "image":
                media.append(shown.picture(shown.of_uri(part.image)))
            else:
                media.append(shown.sound(shown.of_uri(part.audio)))
    return "\n\n".join(text), media


class Scripted(ModelAPI):
    def __init__(self, style):
        super().__init__(f"scripted-{style}", None, None, GenerateConfig())
        self.style = style

    def generate(self, input, tools, tool_choice, config):
        text, media = _text_and_media(input)
        id = IDS[json.dumps([text, media])]
        SEEN[id] = (text, media)
        return ModelOutput.from_content(model=self.model_name, content=shown.REPLIES[self.style][id])


def main():
    spec = importlib.util.spec_from_file_location("exported", shown.EXPORT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    from evalscope.api.registry import get_benchmark

    for subset in get_benchmark(module.NAME, TaskConfig(datasets=[module.NAME])).load_dataset().values():
        for sample in subset:
            IDS[json.dumps(list(_text_and_media(sample.input)))] = sample.metadata["id"]
    for style in ("asked", "wild"):
        with tempfile.TemporaryDirectory() as folder:
            run_task(TaskConfig(model=Scripted(style), datasets=[module.NAME], work_dir=folder, eval_batch_size=1))
            for file in sorted(Path(folder).rglob("reviews/**/*.jsonl")):
                for line in filter(None, file.read_text("utf-8").split("\n")):
                    score = json.loads(line)["sample_score"]["score"]
                    shown.row(score["metadata"]["id"], "custom", style, score["value"]["acc"], SEEN)


main()
