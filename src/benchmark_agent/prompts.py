"""Prompts are Markdown files beside the stage that speaks them.

A prompt file is front matter plus a Jinja template. The front matter says its purpose, declares its `inputs` (the
template may use no others), names the record its `output` parses as, and how many characters the reviewed case in
tests/prompts may have at `most`. The schema of the output is sent beside the prompt, never typed by hand.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jinja2
import yaml
from jinja2 import meta

_ENV = jinja2.Environment(
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701 - plain text for a model, never a page
)


def _fenced(value: object, tag: str) -> str:
    """Wrap untrusted data so that it cannot close its own fence."""
    if isinstance(value, jinja2.Undefined):
        str(value)  # strict: says which name is missing
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    harmless = re.sub(rf"<(\s*)/(\s*{re.escape(tag)}\s*)>", r"<\1|\2>", text, flags=re.IGNORECASE)
    return f"<{tag}>\n{harmless}\n</{tag}>"


_ENV.filters["fenced"] = _fenced


@dataclass(frozen=True, slots=True)
class Prompt:
    name: str
    """Stage and file stem, e.g. `design/propose`."""
    purpose: str
    inputs: frozenset[str]
    output: str
    """Name of the record the reply must parse as."""
    most: int
    """Characters the reviewed case may have."""
    source: str
    version: str
    """First 12 hex digits of the file's SHA-256; kept with every call."""

    def render(self, **values: object) -> str:
        """The prompt's text.

        Raises:
            TypeError: a value it does not take.
            jinja2.UndefinedError: an input is missing.
        """
        if unknown := values.keys() - self.inputs:
            raise TypeError(f"prompt {self.name!r} takes no {sorted(unknown)}; it takes {sorted(self.inputs)}")
        return _template(self.source).render(**values)

    def used(self) -> set[str]:
        return meta.find_undeclared_variables(_ENV.parse(self.source))


@cache
def _template(source: str) -> jinja2.Template:
    """Compiling one takes ten times as long as rendering it."""
    return _ENV.from_string(source)


@cache
def load(name: str) -> Prompt:
    """The prompt `stage/stem`. Read once."""
    stage, stem = name.split("/")
    raw = (resources.files(f"benchmark_agent.{stage}") / "prompts" / f"{stem}.md").read_text(encoding="utf-8")
    _, front, source = raw.split("---\n", 2)
    fields = yaml.safe_load(front)
    return Prompt(
        name=name,
        purpose=fields["purpose"],
        inputs=frozenset(fields["inputs"]),
        output=fields["output"],
        most=fields["most"],
        source=source.lstrip("\n"),
        version=hashlib.sha256(raw.encode()).hexdigest()[:12],
    )


def every() -> tuple[Prompt, ...]:
    """All prompts, by name."""
    root = resources.files("benchmark_agent")
    rooms = [room for room in root.iterdir() if (room / "prompts").is_dir()]
    files = [(room.name, file.name) for room in rooms for file in (room / "prompts").iterdir()]
    names = [f"{room}/{name.removesuffix('.md')}" for room, name in files if name.endswith(".md")]
    return tuple(load(name) for name in sorted(names))
