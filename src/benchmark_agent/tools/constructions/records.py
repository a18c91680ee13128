"""Several rows of one dataset as records: gathered, checked, shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from benchmark_agent.content import Label, Number, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.lexical import terms
from benchmark_agent.tools.constructions import numbers, wording
from benchmark_agent.tools.constructions.options import normal

Attribute = Label | Number | Phrase
_SEVERAL = (",", ";", "/", " and ", " or ", "|")


@dataclass(frozen=True, slots=True)
class Fact:
    entity: str
    text: str
    """The value as a reader sees it, with its unit."""
    value: str
    """Canonical."""

    @property
    def number(self) -> Decimal:
        return Decimal(self.value)


@dataclass(frozen=True, slots=True)
class Facts:
    """One attribute of several entities."""

    thing: str
    """What the entities are, in the singular: `country`."""
    attribute: str
    unit: str
    facts: tuple[Fact, ...]
    """The job's own row first."""

    @property
    def things(self) -> str:
        return wording.plural(self.thing)

    @property
    def own(self) -> Fact:
        return self.facts[0]

    def named(self, *facts: Fact) -> str:
        return wording.listed([fact.entity for fact in facts])

    def said(self, value: Decimal) -> str:
        return numbers.shown(value, self.unit)

    def of(self, facts: Sequence[Fact]) -> "Facts":
        return Facts(self.thing, self.attribute, self.unit, tuple(facts))

    def shuffled(self, rng: Random) -> "Facts":
        return self.of(rng.sample(self.facts, len(self.facts)))


def fact(entity: Phrase, value: Attribute) -> Fact:
    """Raises Unfit when the entity has no name or the attribute no value."""
    if isinstance(value, Number):
        number = numbers.exact(value.value)
        text, canonical = numbers.shown(number, value.unit), numbers.canonical(number)
    else:
        text = value.text.strip()
        canonical = normal(text)
    if not entity.text.strip() or not canonical:
        raise Unfit("a record has no name or no value")
    return Fact(entity.text.strip(), text, canonical)


def gather(
    entity: Phrase,
    value: Attribute,
    entities: Sequence[Phrase],
    values: Sequence[Attribute],
    *,
    least: int,
    most: int,
) -> Facts:
    """The row's record and those of its companions, each entity once.

    Raises:
        Unfit: when there are fewer than `least`.
    """
    found = [fact(entity, value)]
    seen = {normal(entity.text)}
    for other, other_value in zip(entities, values, strict=True):
        if len(found) == most:
            break
        if normal(other.text) not in seen:
            seen.add(normal(other.text))
            found.append(fact(other, other_value))
    if len(found) < least:
        raise Unfit(f"{least} records are needed and {len(found)} have a name of their own")
    unit = value.unit if isinstance(value, Number) else ""
    return Facts(wording.thing(entity.name), wording.attribute(value.name), unit, tuple(found))


def one_valued(value: Attribute) -> None:
    """Raises Unfit when a text seems to be a list: another part of it would be as right."""
    if isinstance(value, Phrase) and any(mark in value.text for mark in _SEVERAL):
        raise Unfit(f"{value.text!r} may be several values")


def not_in_name(facts: Facts) -> None:
    """Raises Unfit when the row's value and its entity share a word, for the name would give the value away."""
    if set(terms(facts.own.text)) & set(terms(facts.own.entity)):
        raise Unfit(f"the name {facts.own.entity!r} gives away {facts.own.text!r}")


def show(facts: Facts, rng: Random, heading: str = "") -> Text:
    """The records as a table, a list or sentences, in the order given."""
    head = heading or f"{wording.sentence(facts.attribute)} of {wording.count(len(facts.facts))} {facts.things}"
    form = rng.choice((_table, _list, _sentences))
    return Text(text=f"{head}\n\n{form(facts)}")


def _table(facts: Facts) -> str:
    lines = [f"| {wording.sentence(facts.thing)} | {wording.sentence(facts.attribute)} |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {each.entity} | {each.text} |" for each in facts.facts)])


def _list(facts: Facts) -> str:
    return "\n".join(f"- {each.entity}: {each.text}" for each in facts.facts)


def _sentences(facts: Facts) -> str:
    return " ".join(stated(facts, each) for each in facts.facts)


def stated(facts: Facts, each: Fact, text: str = "") -> str:
    """A record as a sentence; with `text` in place of its value where one is given."""
    subject = wording.belonging(facts.attribute, each.entity)
    comma = "," if subject.endswith(f", for {each.entity}") else ""
    return wording.sentence(f"{subject}{comma} is {text or each.text}.")
