"""Constructions: items whose gold follows from how they are made. Images have a module of their own."""

from benchmark_agent.tools import Tool
from benchmark_agent.tools.constructions import (
    aggregates,
    asked,
    comparisons,
    dialogs,
    direct,
    gaps,
    joins,
    knowledge,
    passages,
    relations,
    sequences,
)

TOOLS: tuple[Tool, ...] = (
    *direct.TOOLS,
    *asked.TOOLS,
    *passages.TOOLS,
    *sequences.TOOLS,
    *dialogs.TOOLS,
    *aggregates.TOOLS,
    *comparisons.TOOLS,
    *joins.TOOLS,
    *knowledge.TOOLS,
    *gaps.TOOLS,
    *relations.TOOLS,
)
"""Every construction on text."""
