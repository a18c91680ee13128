"""Pictures: degraded, cut, covered, composed and read; what was done to one is known and can be done to its boxes."""

from benchmark_agent.tools.image.steps import TOOLS

__all__ = ["TOOLS"]
