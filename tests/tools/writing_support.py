"""A pen whose replies are written by hand, and what the checks by code say of an item."""

from dataclasses import dataclass, field
from typing import TypeVar

from benchmark_agent import plugins
from benchmark_agent.content import Composed, Part
from benchmark_agent.design.types import Subtask
from benchmark_agent.media import MediaStore
from benchmark_agent.prompts import Prompt
from benchmark_agent.realization.types import Draft, RowRef
from benchmark_agent.record import Record
from benchmark_agent.tools import Brief, Tool
from benchmark_agent.verification.verify import check_draft

R = TypeVar("R", bound=Record)
REGISTRY = plugins.load(third_party=False)
BRIEF = Brief(
    goal="Can a model work out what happened when witnesses differ?",
    subtask="Reconstruct the event",
    description="Infer what happened where the accounts differ.",
    answer_kinds=("choice",),
    target_signal="details of at least two accounts",
)


@dataclass
class Script:
    """Implements `Pen`: replies in order, and what was asked."""

    replies: list[dict[str, object]]
    brief: Brief = BRIEF
    asked: list[str] = field(default_factory=list)
    parts: list[tuple[Part, ...]] = field(default_factory=list)

    def ask(self, prompt: Prompt, answer: type[R], parts: tuple[Part, ...] = (), **values: object) -> R:
        assert prompt.output == answer.__name__
        self.asked.append(prompt.render(**values))
        self.parts.append(parts)
        return answer.model_validate_json(answer.model_validate(self.replies.pop(0)).model_dump_json())


def tool(name: str) -> Tool:
    return REGISTRY.tools[name]


def failures(item: Composed, media: MediaStore, brief: Brief = BRIEF) -> list[str]:
    """Every check by code that rejects the item, with its reason."""
    shown = {part.type for part in item.input if part.type != "text"}
    subtask = Subtask(
        id="s",
        name=brief.subtask,
        description=brief.description,
        capability="",
        answer_kinds=brief.answer_kinds,
        modalities=tuple({"text", *shown}),
        requires=tuple(shown),
        target_signal=brief.target_signal,
        constructions=("write_item",),
        skill_in="data",
        weight=1,
    )
    row = RowRef(dataset="d", row="r", ordinal=0, licence="", digest="")
    draft = Draft(job_id="j", subtask_id="s", body=item, rows=(row,), trace=())
    results = check_draft(draft, subtask, REGISTRY.checks, REGISTRY.scorers.__getitem__, media, brief.languages)
    return [f"{result.check}: {result.reason}" for result in results if not result.passed]
