"""A scripted Ask: models that answer as a test wants, from the rendered prompt alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from benchmark_agent.content import Composed, Part, Text
from benchmark_agent.design.types import Subtask
from benchmark_agent.evaluation.scorers import SCORERS
from benchmark_agent.models import Role
from benchmark_agent.prompts import Prompt
from benchmark_agent.realization.types import Draft
from benchmark_agent.record import Record
from benchmark_agent.verification.proof import ModelProver

R = TypeVar("R", bound=Record)
BY_NAME = {scorer.name: scorer for scorer in SCORERS}
GOAL = "Can a model infer what happened from reports that contradict each other?"
SUBTASK = Subtask.model_validate(
    {
        "id": "core-event", "name": "Core event", "description": "Infer what happened from accounts that differ.",
        "capability": "", "answer_kinds": ("choice",), "modalities": ("text",), "skill_in": "construction",
        "target_signal": "at least two accounts, set against each other", "constructions": ("write_item",), "weight": 1,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One question as the model sees it."""

    prompt: str
    text: str
    parts: tuple[Part, ...]
    nth: int
    sample: int

    @property
    def options(self) -> dict[str, str]:
        """Letter by option."""
        found = re.search(r"<options>\n(.*)\n</options>", self.text, re.DOTALL)
        lines = found.group(1).split("\n") if found else []
        return {line[3:]: line[0] for line in lines if re.match(r"[A-Z]\. ", line)}

    def letters(self, *wanted: str) -> str:
        """The letters of these options; the text itself where the item has no letters."""
        return "".join(sorted(self.options[option] for option in wanted)) if self.options else wanted[0]


Reply = dict[str, Any] | Exception
Script = Callable[[Call], Reply]


@dataclass
class Scripted:
    """Answers each prompt by its script."""

    scripts: dict[str, Script]
    solvers: tuple[str, ...] = ("b/solver",)
    judge: str = "c/judge"
    writer: str = "a/writer"
    calls: list[Call] = field(default_factory=list)

    def __call__(
        self,
        role: Role,
        prompt: Prompt,
        answer: type[R],
        parts: tuple[Part, ...] = (),
        *,
        nth: int = 0,
        sample: int = 0,
        **values: object,
    ) -> R:
        assert prompt.output == answer.__name__
        name = prompt.name.removeprefix("verification/")
        assert role == {"solve": "solver", "probe": "solver", "judge": "judge", "mend": "writer"}[name]
        call = Call(name, prompt.render(**values), parts, nth, sample)
        self.calls.append(call)
        reply = self.scripts[name](call)
        if isinstance(reply, Exception):
            raise reply
        return answer.model_validate(reply)

    def models(self, role: Role) -> tuple[str, ...]:
        return self.solvers if role == "solver" else (self.judge if role == "judge" else self.writer,)

    def family(self, model: str) -> str:
        return model.split("/")[0]

    @property
    def asked(self) -> str:
        return " ".join(f"{call.prompt}{call.nth or ''}{'+' * call.sample}" for call in self.calls)

    def prover(self) -> ModelProver:
        return ModelProver(self, GOAL, BY_NAME.__getitem__, seed=7)


MET: dict[str, bool] = dict.fromkeys(
    ("clear", "on_goal", "needs_signal", "hard", "hides_answer", "faithful", "form"), True
)


def solves(*answers: str) -> Script:
    """Gives these options, or values, one at each try, then the last; `none` and `several` as they are."""

    def script(call: Call) -> Reply:
        answer = answers[min(call.nth + call.sample, len(answers) - 1)]
        return {"reasoning": "It follows.", "answer": call.letters(answer) if answer in call.options else answer}

    return script


def judges(*right: str, quote: str = "", doubts: str = "", unmet: tuple[str, ...] = ()) -> Script:
    def script(call: Call) -> Reply:
        known = [option for option in right if option in call.options]
        answer = call.letters(*known) if known else right[0]
        return {
            "weighed": "...", "quote": quote, "answer": answer, "doubts": doubts, **MET, **dict.fromkeys(unmet, False)
        }  # fmt: skip

    return script


def probes(answer: str, found_by: str = "guess") -> Script:
    return lambda call: {
        "reasoning": "?",
        "found_by": found_by,
        "answer": call.letters(answer) if answer in call.options else answer,
    }


def draft(body: Composed) -> Draft:
    return Draft(job_id="core-event-3", subtask_id="core-event", body=body, rows=(), trace=())


def item(passage: str = "", **given: Any) -> Composed:
    """A choice item over one passage, written by a model, unless said otherwise."""
    base: dict[str, Any] = {"answer_kind": "choice", "gold_basis": "written"}
    if passage:
        base |= {"input": (Text(text=passage),), "evidence": (0,)}
    return Composed.model_validate(base | given)
