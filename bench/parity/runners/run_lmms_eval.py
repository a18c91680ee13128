# mypy: ignore-errors
"""The export `lmms-eval`: its group through `simple_evaluate`, models that take messages and models that do not."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import shown
from lmms_eval.api.model import lmms
from lmms_eval.evaluator import simple_evaluate
from lmms_eval.tasks import TaskManager

SEEN = {}


def _medium(each):
    return shown.sound(each["array"]) if isinstance(each, dict) else shown.picture(each)


class Scripted(lmms):
    def __init__(self, style, simple):
        super().__init__()
        self.style, self.is_simple = style, simple

    def generate_until(self, requests):
        told = []
        for request in requests:
            if self.is_simple:
                text, options, visual, number, task, split = request.args
                doc = self.task_dict[task][split][number]
                media = [_medium(each) for each in visual(doc)]
            else:
                _, messages, options, number, task, split = request.args
                doc = self.task_dict[task][split][number]
                parts = messages(doc)[0]["content"]
                text = "\n\n".join(part["text"] for part in parts if part["type"] == "text")
                media = [_medium(part["url"]) for part in parts if part["type"] != "text"]
            if options["until"] != []:
                raise RuntimeError(f"the task stops at {options['until']}")
            SEEN[doc["id"]] = (text, media)
            told.append(shown.REPLIES[self.style][doc["id"]])
        return told

    def loglikelihood(self, requests):
        raise RuntimeError("no task asks for this")

    def generate_until_multi_round(self, requests):
        raise RuntimeError("no task asks for this")


def main():
    manager = TaskManager(include_path=str(shown.EXPORT), include_defaults=False)
    for simple, style in ((True, "asked"), (False, "wild")):
        found = simple_evaluate(
            Scripted(style, simple), tasks=[shown.NAME], task_manager=manager, bootstrap_iters=0, log_samples=True,
            batch_size=1, process_docs_parallel=1,
        )  # fmt: skip
        for samples in found["samples"].values():
            for sample in samples:
                shown.row(sample["doc"]["id"], "simple" if simple else "chat", style, sample["accuracy"], SEEN)


main()
