"""Writing: steps and constructions in which a model writes what code then mends and checks."""

from benchmark_agent.tools import Tool
from benchmark_agent.tools.writing import dialogues, goals, items, mistakes, questions, translations

TOOLS: tuple[Tool, ...] = (
    *items.TOOLS,
    *dialogues.TOOLS,
    *mistakes.TOOLS,
    *questions.TOOLS,
    *translations.TOOLS,
    *goals.TOOLS,
)
