"""Reviewed cases of the design prompts: one goal over a pool of twelve datasets."""

from benchmark_agent.design.agent import (
    CAPABILITIES_AGAIN,
    CAPABILITIES_AT_FIRST,
    POOL_AGAIN,
    POOL_AT_FIRST,
    POOL_IN_REVIEW,
)
from benchmark_agent.design.designer import weighted
from benchmark_agent.design.digest import WRITER_SHORT, capability_digest, numbered, outline, pool_digest, writer_digest
from benchmark_agent.design.proposal import Proposal
from benchmark_agent.design.settling import bounds, settled
from benchmark_agent.requirement import Requirement
from tests.design.planner import POOL, WITNESSES, WITNESSES_PROPOSED, tools

_within = bounds(Requirement(goal=WITNESSES), POOL, tools())
_proposal = Proposal.model_validate(WITNESSES_PROPOSED)
_subtasks = weighted(settled(_proposal.subtasks, _proposal.parts, _within, 8).subtasks)
_outlines = [outline(each, _proposal.parts) for each in _subtasks]
_given: dict[str, object] = {"goal": WITNESSES, "wishes": "input: only text (goal)\nitems: 60 in all"}
_parts: dict[str, object] = {"goal_parts": numbered(_proposal.parts)}


def _pool(most: int) -> str:
    return pool_digest(_within.cards, _within.nearest(_subtasks), most)


def _means(most: int) -> dict[str, object]:
    return {
        "capabilities": capability_digest(WITNESSES, _within.usable, most),
        "writers": writer_digest(_within.tools),
        "most": 8,
    }


CASES: dict[str, dict[str, object]] = {
    "design/propose": {**_given, **_means(CAPABILITIES_AT_FIRST), "pool": _pool(POOL_AT_FIRST)},
    "design/review": {
        **_given,
        **_parts,
        "subtasks": numbered(_outlines),
        "pool": _pool(POOL_IN_REVIEW),
        "writers": writer_digest(_within.tools, WRITER_SHORT),
    },
    "design/revise": {
        **_given,
        **_parts,
        **_means(CAPABILITIES_AGAIN),
        "pool": _pool(POOL_AGAIN),
        "staying": "\n".join(f"- {line}" for line in _outlines[:2]),
        "returned": f"- {_outlines[2]}\n  Reason: of 3 probe rows 2 gave an item whose answer one witness states.",
        "missing": "- how sure the witnesses themselves are",
    },
}
