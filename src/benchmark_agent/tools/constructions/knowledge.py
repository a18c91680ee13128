"""Closed-book questions on records: what a model knows of an entity, nothing shown."""

from collections import Counter
from decimal import Decimal
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Label, Number, Phrase
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import numbers, options, records, wording
from benchmark_agent.tools.constructions.options import Option
from benchmark_agent.tools.constructions.records import Attribute, Fact, Facts

KNOWN = "knowledge of the entity"


def _gathered(
    entity: Phrase, attribute: Attribute, entities: tuple[Phrase, ...], attributes: tuple[Attribute, ...]
) -> Facts:
    records.one_valued(attribute)
    facts = records.gather(entity, attribute, entities, attributes, least=3, most=len(entities) + 1)
    records.not_in_name(facts)
    return facts


def _others(facts: Facts) -> list[Fact]:
    """Records whose value differs from the row's so clearly that no source would take one for the other."""
    own = numbers.read(facts.own.value) if facts.unit or _numeric(facts) else None
    if own is None:
        return [each for each in facts.facts[1:] if not options.clash(each.text, facts.own.text)]
    return [each for each in facts.facts[1:] if numbers.apart(each.number, own)]


def _numeric(facts: Facts) -> bool:
    return all(numbers.read(each.value) is not None for each in facts.facts)


def _wrong_values(facts: Facts, rng: Random) -> list[Option]:
    """Three values of other records, written like the row's own."""
    others = list({each.value: each for each in _others(facts)}.values())
    if not _numeric(facts):
        return [options.option(text) for text in options.alike(facts.own.text, (o.text for o in others), rng)]
    if len(others) < 3:
        raise Unfit("three records with clearly different values are needed")
    near = sorted(others, key=lambda each: _far(each.number, facts.own.number))[:5]
    return [Option(each.text, each.value) for each in rng.sample(near, 3)]


def _far(a: Decimal, b: Decimal) -> Decimal:
    """The greater over the smaller; without bound when one is zero or the signs differ."""
    return max(a / b, b / a) if a * b > 0 else Decimal("Infinity")


@construction(kinds=("choice",), signal=KNOWN, companions=12)
def lookup_record(
    entity: Annotated[Phrase, "entity"],
    attribute: Annotated[Attribute, "category", "measure", "time"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    attributes: Annotated[tuple[Attribute, ...], "category", "measure", "time"],
    rng: Random,
) -> Composed:
    """Ask, closed book, for a fact of an entity (a capital, a symbol); wrong options are other entities' facts."""
    facts = _gathered(entity, attribute, entities, attributes)
    of = wording.belonging(facts.attribute, facts.own.entity)
    if isinstance(attribute, Label):
        labels = options.labels(attribute.text, attribute.vocabulary, attribute.ordered, rng)
        wrong = [options.option(label) for label in labels if label != attribute.text]
    else:
        wrong = _wrong_values(facts, rng)
    return options.choice(
        rng.choice((f"What is {of}?", f"Which of these is {of}?")),
        Option(facts.own.text, facts.own.value) if isinstance(attribute, Number) else options.option(facts.own.text),
        wrong,
        rng,
        basis="source",
        proof=records.stated(facts, facts.own),
    )


@construction(kinds=("choice",), signal=KNOWN, companions=12)
def reverse_lookup(
    entity: Annotated[Phrase, "entity"],
    attribute: Annotated[Attribute, "category", "measure", "time"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    attributes: Annotated[tuple[Attribute, ...], "category", "measure", "time"],
    rng: Random,
) -> Composed:
    """Ask, closed book, which entity has a given fact; the other options have it otherwise."""
    facts = _gathered(entity, attribute, entities, attributes)
    wrong = [each for each in _others(facts) if not options.clash(each.entity, facts.own.text)]
    picked = options.alike(facts.own.entity, (each.entity for each in wrong), rng)
    name, value, thing = facts.attribute, facts.own.text, facts.thing
    return options.choice(
        rng.choice(
            (
                f"For which of these {facts.things} is the {name} {value}?",
                f"Which {thing} has {value} as its {name}?",
            )
        ),
        options.option(facts.own.entity),
        [options.option(text) for text in picked],
        rng,
        basis="source",
        proof=records.stated(facts, facts.own),
    )


@construction(kinds=("binary",), signal=KNOWN, companions=8)
def statement_to_verify(
    entity: Annotated[Phrase, "entity"],
    attribute: Annotated[Attribute, "category", "measure", "time"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    attributes: Annotated[tuple[Attribute, ...], "category", "measure", "time"],
    rng: Random,
) -> Composed:
    """State a fact of an entity, true or with another entity's value, and ask whether it is true."""
    facts = _gathered(entity, attribute, entities, attributes)
    different = _others(facts)
    if not different:
        raise Unfit("no other record has a clearly different value")
    true = rng.random() < 0.5
    said = facts.own if true else rng.choice(different)
    statement = records.stated(facts, facts.own, said.text)
    question = rng.choice(
        (
            f"True or false? {statement}",
            f"Is this statement true or false? {statement}",
            f"{statement} Is that true or false?",
        )
    )
    return Composed(
        question=question,
        answer_kind="binary",
        answer="true" if true else "false",
        gold_basis="computed",
        proof=records.stated(facts, facts.own),
    )


@construction(kinds=("choice",), signal=KNOWN, companions=16)
def odd_one_out(
    entity: Annotated[Phrase, "entity"],
    category: Annotated[Label, "category"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    categories: Annotated[tuple[Label, ...], "category"],
    rng: Random,
) -> Composed:
    """Three entities share a category and one does not: ask which one."""
    facts = records.gather(entity, category, entities, categories, least=4, most=len(entities) + 1)
    shared, odd = _three_and_one(facts, rng)
    for each in (*shared, odd):
        records.not_in_name(facts.of((each,)))
    things, name = facts.things, facts.attribute
    question = rng.choice(
        (
            f"Three of these {things} have the same {name}. Which one has a different one?",
            f"Which of these {things} differs from the other three in its {name}?",
            f"Sort these {things} by {name}: three belong together. Which is the odd one out?",
        )
    )
    return options.choice(
        question,
        options.option(odd.entity),
        [options.option(each.entity) for each in shared],
        rng,
        basis="computed",
        proof=f"{facts.named(*shared)}: {shared[0].text}; {odd.entity}: {odd.text}",
    )


def _three_and_one(facts: Facts, rng: Random) -> tuple[list[Fact], Fact]:
    """Three records of one label and one of another, the row's own among them."""
    own = facts.own
    counts = Counter(each.value for each in facts.facts[1:])
    kin = [each for each in facts.facts[1:] if each.value == own.value]
    strangers = [each for each in facts.facts[1:] if each.value != own.value]
    ways = ["shared"] if len(kin) >= 2 and strangers else []
    triples = [value for value, n in counts.items() if n >= 3 and value != own.value]
    ways += ["odd"] if triples else []
    if not ways:
        raise Unfit("no three records share a label while another has a different one")
    if rng.choice(ways) == "shared":
        return [own, *rng.sample(kin, 2)], rng.choice(strangers)
    value = rng.choice(triples)
    return rng.sample([each for each in strangers if each.value == value], 3), own


@construction(kinds=("choice",), signal=KNOWN, companions=7)
def recall_extreme(
    entity: Annotated[Phrase, "entity"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
) -> Composed:
    """Ask, closed book, which of four entities has the highest or lowest value of a measure, by a clear margin."""
    facts = records.gather(entity, measure, entities, measures, least=4, most=len(entities) + 1)
    highest = rng.random() < 0.5
    four = facts.of((facts.own, *rng.sample(facts.facts[1:], 3)))
    ranked = sorted(four.facts, key=lambda each: each.number, reverse=highest)
    if not numbers.apart(ranked[0].number, ranked[1].number):
        raise Unfit("the two foremost values are too close to call")
    word = "highest" if highest else "lowest"
    return options.choice(
        rng.choice(
            (
                f"Which of these {four.things} has the {word} {four.attribute}?",
                f"Of these {four.things}, which one has the {word} {four.attribute}?",
            )
        ),
        options.option(ranked[0].entity),
        [options.option(each.entity) for each in ranked[1:]],
        rng,
        basis="computed",
        proof="; ".join(f"{each.entity}: {each.text}" for each in ranked),
    )


TOOLS = (lookup_record, reverse_lookup, statement_to_verify, odd_one_out, recall_extreme)
