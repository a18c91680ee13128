# mypy: ignore-errors
"""The export `lm-eval`: both groups through `simple_evaluate` and the harness's own loader."""

import shown
from lm_eval import simple_evaluate
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager

SEEN = {}


class Scripted(LM):
    def __init__(self, style):
        super().__init__()
        self.style = style

    def generate_until(self, requests):
        for request in requests:
            if request.args[1]["until"] != []:
                raise RuntimeError(f"the task stops at {request.args[1]['until']}")
            SEEN[request.doc["id"]] = (request.args[0], [])
        return [shown.REPLIES[self.style][request.doc["id"]] for request in requests]

    def loglikelihood(self, requests):
        for request in requests:
            SEEN[request.doc["id"]] = (request.args[0], [])
        # The letter is the continuation; the one the policy names is likeliest.
        return [
            (-1.0 if request.args[1].strip() == shown.REPLIES[self.style][request.doc["id"]] else -5.0, False)
            for request in requests
        ]

    def loglikelihood_rolling(self, requests):
        raise RuntimeError("no task asks for this")


def main():
    manager = TaskManager(include_path=str(shown.EXPORT), include_defaults=False)
    for form, style in (("gen", "asked"), ("gen", "wild"), ("mc", "letter")):
        found = simple_evaluate(
            Scripted(style), tasks=[f"{shown.NAME}_{form}"], task_manager=manager, bootstrap_iters=0, log_samples=True
        )
        for samples in found["samples"].values():
            for sample in samples:
                shown.row(sample["doc"]["id"], form, style, sample["acc"], SEEN)


main()
