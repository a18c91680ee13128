"""Comparing, ranking and changing records that are shown."""

from decimal import Decimal
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Number, Phrase
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import numbers, options, records, wording
from benchmark_agent.tools.constructions.aggregates import FIGURES, adds_up, rounded_between, sum_of
from benchmark_agent.tools.constructions.options import Option
from benchmark_agent.tools.constructions.records import Fact, Facts


def _distinct(facts: Facts) -> Facts:
    """Raises Unfit when two records have the same value."""
    if len({each.value for each in facts.facts}) < len(facts.facts):
        raise Unfit("two of the records have the same value")
    return facts


@construction(kinds=("choice",), signal=FIGURES, companions=5)
def compare_records(
    entity: Annotated[Phrase, "entity"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
) -> Composed:
    """Show records and ask which of two has the higher value, and by how much."""
    facts = records.gather(entity, measure, entities, measures, least=3, most=rng.randint(4, 6)).shuffled(rng)
    low, high = sorted(rng.sample(facts.facts, 2), key=lambda each: each.number)
    if low.value == high.value:
        raise Unfit("the two records have the same value")
    gap = high.number - low.number
    slip = numbers.near(
        gap, rng, 1, [abs(high.number - each.number) for each in facts.facts if each not in (low, high)]
    )[0]
    if not slip:
        raise Unfit("the slip would say the two are equal")
    higher = rng.random() < 0.5
    first, second = rng.sample((low, high), 2)
    gold, other = (high, low) if higher else (low, high)

    def option(each: Fact, by: Decimal) -> Option:
        return Option(f"{each.entity}, by {facts.said(by)}", f"{each.entity}|{numbers.canonical(by)}")

    word = "higher" if higher else "lower"
    question = rng.choice(
        (
            f"Which has the {word} {facts.attribute}, {first.entity} or {second.entity}, and by how much?",
            f"Compare {first.entity} and {second.entity}: which of the two has the {word} {facts.attribute}, "
            "and what is the difference?",
        )
    )
    return options.choice(
        question,
        option(gold, gap),
        [option(gold, slip), option(other, gap), option(other, slip)],
        rng,
        basis="computed",
        proof=f"{high.entity}: {high.text}; {low.entity}: {low.text}; difference {numbers.canonical(gap)}",
        input=(records.show(facts, rng),),
    )


@construction(kinds=("choice",), signal=FIGURES, companions=7)
def rank_records(
    entity: Annotated[Phrase, "entity"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
) -> Composed:
    """Show records and ask which order of four of them, by their values, is right."""
    facts = records.gather(entity, measure, entities, measures, least=5, most=8).shuffled(rng)
    four = _distinct(facts.of(rng.sample(facts.facts, 4)))
    falling = rng.random() < 0.5
    order = sorted(four.facts, key=lambda each: each.number, reverse=falling)
    gold, *wrong = [Option(", ".join(each), "|".join(each)) for each in orders([f.entity for f in order], rng)]
    way = "highest to lowest" if falling else "lowest to highest"
    question = rng.choice(
        (
            f"Which list puts {wording.count(4)} of these {facts.things} in order of {facts.attribute}, {way}?",
            f"By {facts.attribute}, from {way}: which order is right?",
        )
    )
    return options.choice(
        question,
        gold,
        wrong,
        rng,
        basis="computed",
        proof="; ".join(f"{each.entity}: {each.text}" for each in order),
        input=(records.show(facts, rng),),
    )


def orders(right: list[str], rng: Random) -> list[list[str]]:
    """Four orders of three or more texts, the right one first: with one, another, or both of two neighbours swapped.

    Each of the four is as near to the others as any, so that the options alone do not tell the right one.
    """
    a = rng.randrange(len(right) - 1)
    b = rng.choice([at for at in range(len(right) - 1) if at != a])
    one, two = swapped(right, a), swapped(right, b)
    return [right, one, two, swapped(one, b)]


def swapped(texts: list[str], at: int) -> list[str]:
    """With the texts at `at` and the next place exchanged."""
    return [*texts[:at], texts[at + 1], texts[at], *texts[at + 2 :]]


@construction(kinds=("choice",), signal="the figures of the records shown, one of them changed", companions=6)
def change_one_fact(
    entity: Annotated[Phrase, "entity"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
) -> Composed:
    """Show records, suppose one value were another, and ask which entity would lead or what the total would be."""
    facts = records.gather(entity, measure, entities, measures, least=4, most=rng.randint(5, 7)).shuffled(rng)
    _distinct(facts)
    if adds_up(facts) and rng.random() < 0.5:
        return _changed_total(facts, rng)
    return _changed_leader(facts, rng)


def _suppose(facts: Facts, changed: Fact, value: Decimal, rng: Random) -> str:
    of = wording.belonging(facts.attribute, changed.entity)
    said = facts.said(value)
    return rng.choice((f"Suppose {of} were {said} instead.", f"Imagine that {of} had been {said}, all else unchanged."))


def _changed_leader(facts: Facts, rng: Random) -> Composed:
    """The leader falls to third, and who leads is asked; or a low one passes the leader, and who is second is asked."""
    highest = rng.random() < 0.5
    ranked = sorted(facts.facts, key=lambda each: each.number, reverse=highest)
    falls = rng.random() < 0.5
    if falls:
        changed, gold, before, place = ranked[0], ranked[1], ranked[0], ""
        value = rounded_between(*sorted((ranked[1].number, ranked[2].number)))
    else:
        changed, gold, before, place = rng.choice(ranked[2:]), ranked[0], ranked[1], "second "
        value = _beyond(ranked[0].number, highest)
    if value is None:
        raise Unfit("the values leave no room for another")
    word = "highest" if highest else "lowest"
    others = [before, *([] if falls else [changed])]
    rest = [each for each in facts.facts if each not in (*others, gold)]
    return options.choice(
        f"{_suppose(facts, changed, value, rng)} Which of the {facts.things} would then have the "
        f"{place}{word} {facts.attribute}?",
        options.option(gold.entity),
        [options.option(each.entity) for each in (*others, *rng.sample(rest, 3 - len(others)))],
        rng,
        basis="computed",
        proof=f"before the change {before.entity} ({before.text}); with {changed.entity} at {facts.said(value)}, "
        f"{gold.entity} ({gold.text})",
        input=(records.show(facts, rng),),
    )


def _beyond(foremost: Decimal, highest: bool) -> Decimal | None:
    """A round value past the foremost; None where there is no room above zero, or under it."""
    if not foremost:
        return None
    return rounded_between(*sorted((foremost, foremost * 2 if highest == (foremost > 0) else Decimal(0))))


def _changed_total(facts: Facts, rng: Random) -> Composed:
    changed = rng.choice(facts.facts)
    values = sorted(each.number for each in facts.facts)
    value = rounded_between(values[0], values[-1])
    total = sum_of(facts)
    if value is None or value == changed.number or not value:
        raise Unfit("the values leave no room for another between them")
    new = total - changed.number + value
    tempting = (total, total - changed.number, total + value)
    gold, *others = options.numeric([new, *numbers.near(new, rng, 3, tempting)], facts.unit)
    return options.choice(
        f"{_suppose(facts, changed, value, rng)} What would the total {facts.attribute} of all the {facts.things} "
        "listed be?".replace("total total", "total"),
        gold,
        others,
        rng,
        basis="computed",
        proof=f"{numbers.canonical(total)} - {numbers.canonical(changed.number)} + {numbers.canonical(value)} "
        f"= {numbers.canonical(new)}",
        input=(records.show(facts, rng),),
    )


@construction(kinds=("choice",), signal="both accounts, compared with each other", companions=6)
def find_contradiction(
    entity: Annotated[Phrase, "entity"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
) -> Composed:
    """Show the same figures twice, as a register and as a report with one altered a little; ask where they disagree."""
    facts = records.gather(entity, measure, entities, measures, least=4, most=rng.randint(5, 7)).shuffled(rng)
    wrong = rng.choice(facts.facts)
    altered = facts.said(numbers.near(wrong.number, rng, 1)[0])
    told = facts.shuffled(rng)
    report = " ".join(records.stated(facts, each, altered if each == wrong else "") for each in told.facts)
    others = rng.sample([each for each in facts.facts if each != wrong], 3)
    question = rng.choice(
        (
            f"On which {facts.thing} do the register and the report disagree?",
            f"One statement of the report contradicts the register. Which {facts.thing} is it about?",
        )
    )
    return options.choice(
        question,
        options.option(wrong.entity),
        [options.option(each.entity) for each in others],
        rng,
        basis="computed",
        proof=f"{wrong.entity}: the register says {wrong.text}, the report {altered}",
        input=(
            records.show(facts, rng, f"Register of {facts.things}: {facts.attribute}"),
            options.text_part(f"Report:\n\n{report}"),
        ),
    )


TOOLS = (compare_records, rank_records, change_one_fact, find_contradiction)
