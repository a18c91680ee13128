"""Reckoning over records that are shown: totals, differences, means, counts, shares."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Label, Number, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import numbers, options, records, wording
from benchmark_agent.tools.constructions.records import Facts

FIGURES = "the figures of the records shown"
_ADDS_UP = re.compile(
    r"\b(?:area|population|number of|count|total|sales|revenue|income|price|cost|weight|mass|length|distance|duration"
    r"|time taken|points|goals|votes|people|passengers|visitors|production|consumption|deaths|births|stock|quantity)\b",
    re.IGNORECASE,
)
_RANKS = re.compile(r"\b(?:year|rank|atomic number|group|period|id|code|latitude|longitude)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A question about the records shown, its value, and what typical mistakes give."""

    question: str
    value: Decimal
    unit: str
    slips: tuple[Decimal, ...]
    proof: str


Task = Callable[[Facts, Random], Reckoned]


def adds_up(facts: Facts) -> bool:
    """Whether a total of the attribute means something, as far as its name tells."""
    return bool(_ADDS_UP.search(facts.attribute)) and not _RANKS.search(facts.attribute)


def sum_of(facts: Facts) -> Decimal:
    return sum((each.number for each in facts.facts), Decimal(0))


def _plus(facts: Facts) -> str:
    return " + ".join(numbers.canonical(each.number) for each in facts.facts)


def _total(facts: Facts, rng: Random) -> Reckoned:
    some = facts.of(rng.sample(facts.facts, 3))
    rest = [each.number for each in facts.facts if each not in some.facts]
    value = sum_of(some)
    question = rng.choice(
        (
            f"What is the combined {facts.attribute} of {facts.named(*some.facts)}?",
            f"Add up the {facts.attribute} of {facts.named(*some.facts)}. What is the total?",
        )
    )
    slips = [value - each.number for each in some.facts] + [
        value - each.number + other for each in some.facts for other in rest
    ]
    return Reckoned(question, value, facts.unit, tuple(slips), f"{_plus(some)} = {numbers.canonical(value)}")


def _spread(facts: Facts, rng: Random) -> Reckoned:
    values = sorted(each.number for each in facts.facts)
    question = rng.choice(
        (
            f"How far apart are the highest and the lowest {facts.attribute} among these {facts.things}?",
            f"What is the difference between the highest and the lowest {facts.attribute} of these {facts.things}?",
        )
    )
    low, high = values[0], values[-1]
    slips = (values[-2] - low, high - values[1], values[-2] - values[1])
    return Reckoned(question, high - low, facts.unit, slips, _minus(high, low))


def _minus(a: Decimal, b: Decimal) -> str:
    right = f"({numbers.canonical(b)})" if b < 0 else numbers.canonical(b)
    return f"{numbers.canonical(a)} - {right} = {numbers.canonical(a - b)}"


def _difference(facts: Facts, rng: Random) -> Reckoned:
    one, two = sorted(rng.sample(facts.facts, 2), key=lambda each: each.number, reverse=True)
    if one.value == two.value:
        raise Unfit("the two records have the same value")
    value = one.number - two.number
    question = rng.choice(
        (
            f"By how much does the {facts.attribute} of {one.entity} exceed that of {two.entity}?",
            f"How much higher is the {facts.attribute} of {one.entity} than that of {two.entity}?",
        )
    )
    slips = [abs(one.number - each.number) for each in facts.facts]
    return Reckoned(question, value, facts.unit, tuple(v for v in slips if v), _minus(one.number, two.number))


def _mean(facts: Facts, rng: Random) -> Reckoned:
    for n in rng.sample(range(3, 6), 3):
        some = facts.of(rng.sample(facts.facts, min(n, len(facts.facts))))
        total, size = sum_of(some), len(some.facts)
        value = total / size
        places = max(numbers.places(each.number) for each in some.facts)
        if value * size == total and numbers.places(value) <= places + 1:
            break
    else:
        raise Unfit("no few records have a mean that can be written out")
    slips = tuple((v * 100).to_integral_value() / 100 for v in (total / (size - 1), total / (size + 1)))
    middle = sorted(each.number for each in some.facts)[size // 2]
    question = rng.choice(
        (
            f"What is the mean {facts.attribute} of {facts.named(*some.facts)}?",
            f"On average, what is the {facts.attribute} of {facts.named(*some.facts)}?",
        )
    )
    proof = f"({_plus(some)}) / {size} = {numbers.canonical(value)}"
    return Reckoned(question, value, facts.unit, (middle, *slips), proof)


def _count_over(facts: Facts, rng: Random) -> Reckoned:
    bound, more = threshold(facts, rng)
    value = sum(each.number > bound if more else each.number < bound for each in facts.facts)
    word = "above" if more else "below"
    question = rng.choice(
        (
            f"For how many of these {facts.things} is the {facts.attribute} {word} {facts.said(bound)}?",
            f"Count the {facts.things} whose {facts.attribute} is {word} {facts.said(bound)}. How many are there?",
        )
    )
    found = [each.entity for each in facts.facts if (each.number > bound if more else each.number < bound)]
    wrong = (Decimal(len(facts.facts) - value), Decimal(value + 1), Decimal(value - 1))
    return Reckoned(question, Decimal(value), "", wrong, f"{wording.listed(found)}: {value}")


def threshold(facts: Facts, rng: Random) -> tuple[Decimal, bool]:
    """A round bound between two neighbouring values, equal to none, and whether to count above it.

    Raises:
        Unfit: when the values leave no room for one.
    """
    values = sorted({each.number for each in facts.facts})
    gaps = list(pairwise(values))
    gaps = gaps[1:-1] or gaps
    rng.shuffle(gaps)
    for low, high in gaps:
        bound = rounded_between(low, high)
        if bound is not None:
            return bound, rng.random() < 0.5
    raise Unfit("the values leave no room for a bound between them")


def rounded_between(low: Decimal, high: Decimal) -> Decimal | None:
    """The number with the fewest digits strictly between two, nearest their middle; None when they are too close."""
    middle = (low + high) / 2
    top = max(abs(low), abs(high), Decimal(1)).adjusted()
    for exponent in range(top, top - 6, -1):
        bound = middle.quantize(Decimal(1).scaleb(exponent)) if exponent <= 0 else _round_to(middle, exponent)
        if low < bound < high:
            return Decimal(numbers.canonical(bound))
    return None


def _round_to(value: Decimal, exponent: int) -> Decimal:
    step = Decimal(1).scaleb(exponent)
    return (value / step).to_integral_value() * step


def _reckoned(
    entity: Phrase, measure: Number, entities: tuple[Phrase, ...], measures: tuple[Number, ...], rng: Random
) -> tuple[Reckoned, Text]:
    facts = records.gather(entity, measure, entities, measures, least=5, most=rng.randint(5, 8)).shuffled(rng)
    if len({each.value for each in facts.facts}) < 4:
        raise Unfit("the records have fewer than four different values")
    tasks: list[Task] = [_difference, _spread, _count_over]
    if not _RANKS.search(facts.attribute):
        tasks.append(_mean)
    if adds_up(facts):
        tasks += [_total, _total]
    return rng.choice(tasks)(facts, rng), records.show(facts, rng)


def _as_number(task: Reckoned, shown: Text) -> Composed:
    unit = numbers.units(task.unit, Decimal(2))
    return Composed(
        input=(shown,),
        question=f"{task.question} Give the answer in {unit}." if unit else task.question,
        answer_kind="number",
        answer=numbers.canonical(task.value),
        gold_basis="computed",
        evidence=(0,),
        proof=task.proof,
    )


def _as_choice(task: Reckoned, shown: Text, rng: Random) -> Composed:
    gold, *wrong = options.numeric([task.value, *numbers.near(task.value, rng, 3, task.slips)], task.unit)
    return options.choice(task.question, gold, wrong, rng, basis="computed", proof=task.proof, input=(shown,))


@construction(kinds=("number",), signal=FIGURES, companions=7)
def aggregate_records(
    entity: Annotated[Phrase, "entity"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
) -> Composed:
    """Show several records and ask for a total, a mean, a difference, a spread or a count, answered by a number."""
    return _as_number(*_reckoned(entity, measure, entities, measures, rng))


@construction(kinds=("choice",), signal=FIGURES, companions=7)
def aggregate_records_choice(
    entity: Annotated[Phrase, "entity"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
) -> Composed:
    """Show several records and ask for a total, a mean, a difference, a spread or a count; wrong options are slips."""
    return _as_choice(*_reckoned(entity, measure, entities, measures, rng), rng)


def _shared(
    entity: Phrase, category: Label, entities: tuple[Phrase, ...], categories: tuple[Label, ...], rng: Random
) -> tuple[Reckoned, Text]:
    size = rng.choice((8, 10))
    facts = records.gather(entity, category, entities, categories, least=size, most=size).shuffled(rng)
    counts = Counter(each.value for each in facts.facts)
    if len(counts) < 2:
        raise Unfit("all records have the same label")
    label = rng.choice(sorted(value for value, n in counts.items() if n < size))
    text = next(each.text for each in facts.facts if each.value == label)
    n, things, name = counts[label], facts.things, facts.attribute
    found = wording.listed([each.entity for each in facts.facts if each.value == label])
    near = (Decimal(n + 1), Decimal(n - 1), *(Decimal(other) for other in counts.values()))
    if rng.random() < 0.4:
        question = rng.choice(
            (
                f"For how many of these {things} is the {name} {text}?",
                f"How many of these {things} have {text} as their {name}?",
            )
        )
        return Reckoned(question, Decimal(n), "", near, f"{found}: {n}"), records.show(facts, rng)
    whole = Decimal(100) / size
    question = rng.choice(
        (
            f"For what percentage of these {things} is the {name} {text}?",
            f"What share of these {things}, in percent, have {text} as their {name}?",
        )
    )
    proof = f"{found}: {n} of {size} = {numbers.canonical(whole * n)}%"
    slips = tuple(v * whole for v in near if 0 <= v * whole <= 100)
    return Reckoned(question, whole * n, "%", slips, proof), records.show(facts, rng)


@construction(kinds=("number",), signal="the categories of the records shown", companions=9)
def share_of_records(
    entity: Annotated[Phrase, "entity"],
    category: Annotated[Label, "category"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    categories: Annotated[tuple[Label, ...], "category"],
    rng: Random,
) -> Composed:
    """Show records with a category and ask how many, or what percentage, have a given one; answered by a number."""
    task, shown = _shared(entity, category, entities, categories, rng)
    return _as_number(task, shown).model_copy(update={"question": task.question})


@construction(kinds=("choice",), signal="the categories of the records shown", companions=9)
def share_of_records_choice(
    entity: Annotated[Phrase, "entity"],
    category: Annotated[Label, "category"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    categories: Annotated[tuple[Label, ...], "category"],
    rng: Random,
) -> Composed:
    """Show records with a category and ask how many, or what percentage, have a given one; wrong options are slips."""
    task, shown = _shared(entity, category, entities, categories, rng)
    return _as_choice(task, shown, rng)


TOOLS = (aggregate_records, aggregate_records_choice, share_of_records, share_of_records_choice)
