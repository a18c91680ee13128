"""What works on this machine, and what to install for the rest."""

import os
from importlib import metadata
from importlib.util import find_spec

from benchmark_agent import plugins
from benchmark_agent.errors import UserError
from benchmark_agent.record import Record
from benchmark_agent.sources.home import home
from benchmark_agent.tools.sound.engines import Engine, hearing_engines, speech_engines

EXTRAS = (
    ("reasoning_gym", "gym", "105 procedural reasoning tasks as a source ('--pool gym:all')"),
    ("huggingface_hub", "hub", "datasets of the Hugging Face Hub as a source ('--pool hub:owner/name')"),
    ("rapidocr", "ocr", "text in pictures is read, 204 MB: scans, and pictures whose text must stay legible"),
    ("matplotlib", "formulas", "formulas are drawn, 75 MB"),
    ("pypdfium2", "documents", "PDF, Word, PowerPoint, Excel, HTML and Markdown files as a source, 32 MB"),
    ("hibari", "speech", "English speech, 14 MB: dialogues and texts of any pool are spoken aloud"),
    ("moonshine_voice", "hearing", "English transcription, 56 MB: speech is heard before it is believed"),
)
"""Module, extra that installs it, what it is for."""


class Diagnosis(Record):
    part: str
    name: str
    works: bool
    message: str = ""
    """What is missing and what to type, where it does not work."""
    broken: bool = False
    """It should work after any installation, and does not."""


def examine() -> tuple[Diagnosis, ...]:
    """Every part, tool, source and extra, with what is missing."""
    registry = plugins.load()
    found = [Diagnosis(part="core", name="benchmark-agent", works=True, message=metadata.version("benchmark-agent"))]
    found.append(_cache())
    for tool in registry.tools:
        missing = tool.missing()
        found.append(Diagnosis(part="tool", name=tool.name, works=not missing, message=missing or tool.description))
    shelves = (registry.readers, registry.checks, registry.scorers, registry.exporters, registry.models)
    for part, shelf in ((shelf.kind, shelf) for shelf in shelves):
        found += [Diagnosis(part=part, name=each.name, works=True, message=shelf.origin[each.name]) for each in shelf]
    engines: tuple[Engine, ...] = (*speech_engines(), *hearing_engines())
    for engine in engines:
        lacking = engine.missing()
        told = lacking or f"languages: {', '.join(engine.languages)}"
        found.append(Diagnosis(part="engine", name=engine.name, works=not lacking, message=told))
    for module, extra, purpose in EXTRAS:
        works = find_spec(module) is not None
        hint = purpose if works else f"{purpose}: type \"pip install 'benchmark-agent[{extra}]'\""
        found.append(Diagnosis(part="extra", name=extra, works=works, message=hint))
    return tuple(found)


def _cache() -> Diagnosis:
    try:
        folder = home()
    except UserError as error:
        return Diagnosis(part="core", name="cache folder", works=False, message=str(error), broken=True)
    works = os.access(folder, os.W_OK)
    hint = (
        str(folder) if works else f"{str(folder)!r} is read-only; set BENCHMARK_AGENT_HOME to a folder you may write to"
    )
    return Diagnosis(part="core", name="cache folder", works=works, message=hint, broken=not works)
