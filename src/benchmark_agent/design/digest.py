"""What a planner reads of the pool, the catalogue and the tools, cut to a number of characters."""

import re
from collections.abc import Iterable, Sequence

from benchmark_agent.design.catalogue import Capability, catalogue
from benchmark_agent.design.goal import read_goal
from benchmark_agent.design.types import Subtask
from benchmark_agent.design.understanding import understand
from benchmark_agent.sources.cards import DatasetCard, Field, Role
from benchmark_agent.tools import Tool

DESCRIBED, EXAMPLE, WRITER, WRITER_SHORT = 140, 80, 170, 110
"""Characters of a dataset's description, of an example of its questions, of a tool's description; of the latter where
it need only be known of."""
ABOUT, LABELS = 5, 4
"""Topics of a card, and labels of a role, that are named."""
_NO_NEWS = re.compile(
    r"^\W*(?:(?:this|the|a) )?(?:[\w-]+ is a )?(?:[\w-]+ )?dataset (?:contains|consists of|comprises|provides|of) "
    r"(?=.{30})",
    re.IGNORECASE,
)
"""How a card says that it is one."""
_ASKS: tuple[Role, ...] = ("question", "context", "dialog")
"""Roles an example is shown of, the first the card has."""
_NAMED = ("category", "measure", "time", "entity")
"""Roles whose fields are named: what a row holds, not how it is laid out."""


def clipped(text: str, most: int) -> str:
    """The text on one line, cut behind a sentence where one ends late enough, else behind a word."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    ends = max(cut.rfind(mark) for mark in (". ", "? ", "! ", "。"))
    if ends > most // 2:
        return cut[: ends + 1]
    return (cut.rpartition(" ")[0] if " " in cut[most // 2 :] else cut).rstrip(" ,;:") + "…"


def within(entries: Iterable[tuple[str, str]], most: int) -> str:
    """Entries (full, name) a line each while three quarters of `most` last, then the names of the others."""
    full: list[str] = []
    left: list[str] = []
    used = 0
    for line, name in entries:
        if not left and used + len(line) < most - most // 4:
            full.append(line)
            used += len(line) + 1
        else:
            left.append(name)
    return "\n".join([*full, *([f"Also: {names_within(left, most - used - 7)}"] if left else [])])


def names_within(names: Sequence[str], most: int) -> str:
    """Names with commas while there is room, and how many are left out."""
    shown: list[str] = []
    room = most - len(f"and {len(names)} more")
    for name in names:
        room -= len(name) + 2
        if room < 0:
            return ", ".join([*shown, f"and {len(names) - len(shown)} more"])
        shown.append(name)
    return ", ".join(shown)


def pool_digest(cards: Sequence[DatasetCard], nearest: Sequence[str], most: int) -> str:
    """The datasets, those of `nearest` (ids, nearest first) before the others."""
    place = {dataset_id: n for n, dataset_id in enumerate(nearest)}
    ranked = sorted(cards, key=lambda card: (place.get(card.id, len(place)), card.id))
    return within([(_card(card), card.name) for card in ranked], most)


def _card(card: DatasetCard) -> str:
    told = clipped(_NO_NEWS.sub("", card.description), DESCRIBED).rstrip(".")
    unsaid = [topic for topic in card.topics if topic.lower() not in f"{card.name} {told}".lower()]
    topics = f" ({', '.join(unsaid[:ABOUT])})" if unsaid else ""
    holds = "; ".join(filter(None, [_fields(card.fields), ", ".join(card.languages), f"{card.rows} rows"]))
    return f"- {clipped(card.name, 50)}: {told}{topics} [{holds}]{_example(card)}"


def _example(card: DatasetCard) -> str:
    shown = next((field for role in _ASKS for field in card.with_role(role) if field.examples), None)
    return f" e.g. {clipped(shown.examples[0], EXAMPLE)!r}" if shown else ""


def _fields(fields: Sequence[Field]) -> str:
    """Roles in the order of the fields, with the labels that say what a row holds."""
    named: dict[str, list[str]] = {}
    for field in fields:
        if field.role not in ("id", "metadata"):
            labels = named.setdefault(field.role, [])
            label = clipped(field.label or field.name, 30)
            if field.role in _NAMED and label != field.role and label not in labels:
                labels.append(label)
    return ", ".join(_role(role, labels) for role, labels in named.items())


def _role(role: str, labels: Sequence[str]) -> str:
    more = ", …" if len(labels) > LABELS else ""
    return f"{role} ({', '.join(labels[:LABELS])}{more})" if labels else role


def capability_digest(goal: str, usable: Sequence[Capability], most: int) -> str:
    """The capabilities by name, those the goal's words ask for first and with what they ask."""
    matched = [each.capability for each in understand(read_goal(goal)).matched]
    asked = [each for each in matched if each in usable]
    shown = within([(f"- {each.name}: {each.description}", each.name) for each in asked], most // 2)
    others = names_within([each.name for each in usable if each not in asked], most - len(shown))
    return "\n".join(filter(None, [shown, others]))


def writer_digest(tools: Iterable[Tool], most: int = WRITER) -> str:
    """The tools that write something new with a model, a line each."""
    new = [tool for tool in tools if tool.asks and not any("composed" in param.types for param in tool.params)]
    named = [tool.name if tool.answer_kinds else f"{tool.name} (first; then one that asks)" for tool in new]
    return "\n".join(f"- {name}: {clipped(tool.description, most)}" for name, tool in zip(named, new, strict=True))


def capability_named(name: str) -> Capability | None:
    """The capability of the catalogue a model named, by id or name."""
    wanted = name.strip().strip("'\"`").lower()
    return next((each for each in catalogue().capabilities if wanted in (each.id, each.name.lower())), None)


def numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1))


def outline(subtask: Subtask, parts: Sequence[str]) -> str:
    """A subtask as a planner reads it."""
    covers = [str(n) for n, part in enumerate(parts, 1) if part in subtask.covers]
    shows = "+".join(subtask.requires) or "text"
    facts = [shows, "/".join(subtask.answer_kinds), f"{subtask.weight:.0%} of the items"]
    facts += [f"covers {', '.join(covers)}"] if covers else []
    return f"{subtask.name} ({'; '.join(facts)}). {subtask.description} Target signal: {subtask.target_signal}"
