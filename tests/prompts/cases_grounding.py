"""Reviewed cases of the grounding prompts: one subtask grounded in a pool of seven datasets, as it comes about."""

from benchmark_agent.design.types import Design
from benchmark_agent.grounding.agent import AgentChooser
from benchmark_agent.grounding.ground import Grounder
from benchmark_agent.requirement import Requirement
from tests.grounding.scripted import (
    CHOSEN,
    GOAL,
    PREFERRED,
    REMEDIED,
    SCORED,
    TOOLS,
    HandPool,
    Planner,
    prober,
    subtask,
)


def _asked() -> dict[str, dict[str, object]]:
    """What each prompt is rendered with; words that six datasets share, so that all are seen."""
    planner, pool, wanted = Planner(_REPLIES), HandPool(), Requirement(goal=GOAL, size=20)
    asked = subtask(modalities=("image", "text"))
    chooser = AgentChooser(planner, wanted, pool, TOOLS)
    probe = prober(pool, lambda dataset_id, row: "no_leak: the answer stands in the question" if row == 5 else "")
    grounded = Grounder(wanted, pool, TOOLS, probe, chooser).ground(Design(topic=GOAL, subtasks=(asked,)))
    best = grounded.subtasks[0].candidates[0]
    drafts = [each.shown for each in probe(asked, pool.dataset(best.dataset_id).card, best.recipe)]
    card = pool.dataset(best.dataset_id).card
    chooser.revise(asked, card, best.recipe, ["options_alike: the right option is the longest (5)"], drafts[:2])
    return planner.values


_WIDE = {**PREFERRED, "search": ["event", "accounts"], "roles": []}
_REPLIES = {
    "grounding/prefer": (_WIDE,),
    "grounding/choose": (CHOSEN,),
    "grounding/score": (SCORED,),
    "grounding/revise": (REMEDIED,),
}

CASES: dict[str, dict[str, object]] = _asked()
