"""Write docs/constructions.md from the registry: `python docs/make_constructions.py`. A test checks it is current."""

from collections.abc import Iterable
from pathlib import Path

from benchmark_agent import plugins
from benchmark_agent.tools import Tool

PAGE = Path(__file__).with_name("constructions.md")
HEAD = """# Constructions

Written by `python docs/make_constructions.py` from the code; do not edit.

A construction makes an item of a row of a dataset, with a gold that holds by construction. *Needed to answer* is its
target signal: an item from which it can be left out is rejected. *From* is what a row must have; *(other rows)* is
read from rows of the same dataset. Those that *ask a model* are there only when one is named, and their golds are
written and then proven (see [writing](writing.md)). {count} constructions come with the package; a plugin can add more
(see [the example](../examples/plugin/README.md)).
"""
STEPS = """
## Steps

A recipe can put these before a construction, or behind it.

| step | what it does | reads | writes |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    tools = sorted(plugins.load(third_party=False).tools, key=lambda tool: tool.name)
    made = [tool for tool in tools if tool.constructs and tool.answer_kinds]
    steps = [tool for tool in tools if tool not in made]
    text = HEAD.format(count=len(made)) + "".join(_construction(tool) for tool in made) + STEPS
    return text + "".join(f"| `{t.name}` | {_cell(t.description)} | {_read(t)} | {t.makes} |\n" for t in steps)


def _construction(tool: Tool) -> str:
    lines = [f"\n## `{tool.name}`\n", tool.description, ""]
    lines.append(f"- Needed to answer: {tool.signal}")
    lines.append(f"- Answers: {', '.join(tool.answer_kinds)}")
    lines.append(f"- From: {_read(tool)}")
    if tool.asks:
        lines.append("- Asks a model: the writer")
    if tool.arguments:
        lines.append(f"- Arguments: {', '.join(f'`{name}` = {value!r}' for name, value in tool.arguments)}")
    return "\n".join(lines) + "\n"


def _read(tool: Tool) -> str:
    return "; ".join(_unique(_param(tool))) or "nothing"


def _param(tool: Tool) -> Iterable[str]:
    for param in tool.params:
        if param.several:
            yield f"any fields for `{param.name}`{' (or none)' * param.optional}"
            continue
        roles = f" ({', '.join(param.roles)})" if param.roles else ""
        yield f"{' or '.join(sorted(param.types))}{roles}{' (other rows)' if param.many else ''}"


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
