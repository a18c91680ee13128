"""The built-in parts, through the same door as everyone else's."""

from benchmark_agent.benchmark.exporters import EXPORTERS
from benchmark_agent.evaluation.scorers import SCORERS
from benchmark_agent.plugins import Registry
from benchmark_agent.sources.readers import READERS
from benchmark_agent.tools import constructions, image, render, sound, text, web, writing
from benchmark_agent.tools.constructions import (
    audio,
    image_copies,
    image_panels,
    images,
    sounding,
    spoken,
    spoken_beside,
    spoken_talk,
    spoken_voices,
)
from benchmark_agent.verification.checks import CHECKS

ORIGIN = "benchmark_agent"


def register(registry: Registry) -> None:
    """Every built-in reader, tool, check, scorer and exporter."""
    for reader in READERS:
        registry.readers.add(reader, origin=ORIGIN)
    makers = (*text.TOOLS, *render.TOOLS, *image.TOOLS, *sound.TOOLS, *web.TOOLS)
    speaking = (*spoken_talk.TOOLS, *spoken.TOOLS, *spoken_voices.TOOLS, *spoken_beside.TOOLS)
    heard = (*audio.TOOLS, *speaking, *sounding.TOOLS, *sounding.STEPS)
    seen = (*images.TOOLS, *image_copies.TOOLS, *image_panels.TOOLS)
    for tool in (*makers, *constructions.TOOLS, *seen, *heard, *writing.TOOLS):
        registry.tools.add(tool, origin=ORIGIN)
    for check in CHECKS:
        registry.checks.add(check, origin=ORIGIN)
    for scorer in SCORERS:
        registry.scorers.add(scorer, origin=ORIGIN)
    for exporter in EXPORTERS:
        registry.exporters.add(exporter, origin=ORIGIN)
