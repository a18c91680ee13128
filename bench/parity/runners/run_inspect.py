# mypy: ignore-errors
"""The export `inspect`, or with `hub` as fourth argument eval.yaml, through Inspect AI."""

import os
import sys
import tempfile
from pathlib import Path

import shown
from inspect_ai import eval
from inspect_ai.model import ModelAPI, ModelOutput, get_model, modelapi
from inspect_ai.solver._task_state import sample_state

SEEN = {}


@modelapi(name="scripted")
class Scripted(ModelAPI):
    async def generate(self, input, tools, tool_choice, config):
        state = sample_state()
        id = state.metadata.get("id", state.sample_id)
        text, media = [], []
        for message in input:
            for part in [message.content] if isinstance(message.content, str) else message.content:
                if isinstance(part, str) or part.type == "text":
                    text.append(part if isinstance(part, str) else part.text)
                elif part.type == "image":
                    media.append(shown.picture(shown.of_uri(part.image)))
                else:
                    media.append(shown.sound(shown.of_uri(part.audio)))
        SEEN[id] = ("\n\n".join(text), media)
        return ModelOutput.from_content(self.model_name, shown.REPLIES[self.model_name][id])


def hub_tasks():
    """eval.yaml as `inspect eval hf/...` reads it, the repository being a local folder."""
    import huggingface_hub
    from inspect_ai._eval.task import hf

    loaded = hf.hf_dataset
    huggingface_hub.hf_hub_download = lambda **_: str(shown.EXPORT / "eval.yaml")
    hf.hf_dataset = lambda path, revision, **rest: loaded(path=str(shown.EXPORT), **rest)
    return hf.task_create_from_hf(f"hf/local/{shown.NAME}")


def main():
    hub = sys.argv[4:] == ["hub"]
    os.chdir(shown.EXPORT)
    for style in ("asked",) if hub else ("asked", "wild"):
        with tempfile.TemporaryDirectory() as folder:
            tasks = hub_tasks() if hub else f"{shown.NAME}.py"
            logs = eval(tasks, model=get_model(f"scripted/{style}"), log_dir=folder, display="none", fail_on_error=True)
            for log in logs:
                if log.status != "success":
                    raise RuntimeError(f"{log.eval.task}: {log.error}")
                for sample in log.samples:
                    score = next(iter(sample.scores.values()))
                    value = {"C": 1.0, "I": 0.0}.get(score.value, score.value)
                    shown.row(sample.metadata.get("id", sample.id), Path(log.eval.task).name, style, value, SEEN)


main()
