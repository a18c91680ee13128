"""The seam for other formats. The benchmark folder itself is canonical and needs no exporter."""

from benchmark_agent.benchmark.types import Exporter

EXPORTERS: tuple[Exporter, ...] = ()
