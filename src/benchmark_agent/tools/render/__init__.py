"""Drawing: tables, charts, pages and code as images, from what a row says; the same bytes on every machine."""

from benchmark_agent.tools.render.steps import TOOLS

__all__ = ["TOOLS"]
