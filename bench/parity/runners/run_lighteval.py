# mypy: ignore-errors
# ruff: noqa: E402
"""The export `lighteval`: its tasks through the pipeline, with a model of ours."""

import os
import sys
import tempfile
from unittest.mock import MagicMock

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import requests
import shown

# lighteval fetches a file of another benchmark when its tasks are listed; it goes on without it.
requests.get = lambda *_, **__: type("Absent", (), {"status_code": 404})()

from lighteval.models.abstract_model import LightevalModel
from lighteval.models.model_output import ModelResponse

SEEN = sys.modules.setdefault("parity_seen", type(sys)("parity_seen"))
if not hasattr(SEEN, "rows"):
    SEEN.rows, SEEN.style = {}, ""


class Scripted(LightevalModel):
    def __init__(self, config):
        self.config = config
        self._cache = MagicMock()  # the pipeline tells it of tasks; replies are not cached

    @property
    def tokenizer(self):
        return None

    @property
    def add_special_tokens(self):
        return False

    @property
    def max_length(self):
        return 100_000

    def _seen(self, doc):
        id = doc.specific["id"]
        SEEN.rows[id] = (doc.query, [shown.picture(each) for each in doc.images or ()])
        return shown.REPLIES[SEEN.style][id]

    def greedy_until(self, docs):
        return [ModelResponse(text=[self._seen(doc)]) for doc in docs]

    def loglikelihood(self, docs):
        told = []
        for doc in docs:
            said = self._seen(doc)
            scores = [-1.0 if choice.strip() == said else -5.0 for choice in doc.choices]
            told.append(ModelResponse(logprobs=scores, argmax_logits_eq_gold=[False] * len(scores)))
        return told

    def loglikelihood_rolling(self, docs):
        raise RuntimeError("no task asks for this")


def main():
    from lighteval.logging.evaluation_tracker import EvaluationTracker
    from lighteval.models.custom.custom_model import CustomModelConfig
    from lighteval.pipeline import ParallelismManager, Pipeline, PipelineParameters

    module = shown.EXPORT / f"{shown.NAME}.py"
    config = CustomModelConfig(model_name="scripted", model_definition_file_path=__file__)
    for form, style in (("", "asked"), ("", "wild"), ("_mc", "letter")):
        SEEN.style = style
        with tempfile.TemporaryDirectory() as folder:
            tracker = EvaluationTracker(output_dir=folder, save_details=False)
            settings = PipelineParameters(launcher_type=ParallelismManager.CUSTOM, custom_tasks_directory=str(module))
            pipeline = Pipeline(
                tasks=f"{shown.NAME}{form}", pipeline_parameters=settings, evaluation_tracker=tracker,
                model_config=config,
            )  # fmt: skip
            pipeline.evaluate()
            for details in tracker.details_logger.details.values():
                for each in details:
                    shown.row(each.doc.specific["id"], form or "gen", style, each.metric["acc"], SEEN.rows)


if __name__ == "__main__":
    main()
