"""The built-in parts, through the same door as everyone else's."""

from benchmark_agent.plugins import Registry

ORIGIN = "benchmark_agent"


def register(registry: Registry) -> None:
    """Every built-in reader, tool, check, scorer and exporter."""
