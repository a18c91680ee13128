"""Answers in two steps: what one table gives is looked up in another."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Label, Number, Phrase, Table
from benchmark_agent.errors import Unfit
from benchmark_agent.lexical import terms
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import options, records
from benchmark_agent.tools.constructions.options import normal
from benchmark_agent.tools.constructions.records import Fact, Facts
from benchmark_agent.tools.text import Cell, cell_text, table_text

TWO_TABLES = "both tables, one looked up with what the other gives"


@construction(kinds=("choice",), signal=TWO_TABLES)
def multi_hop_join(
    left: Annotated[Table, "table", "context"],
    right: Annotated[Table, "table", "context"],
    rng: Random,
) -> Composed:
    """Show two tables that share a key and ask for what only both together tell: row, key, then the other table."""
    ways = sorted(set(_shared_columns(left, right)))
    rng.shuffle(ways)
    for key, target in ways:
        found = _joined(left, right, key, target, rng)
        if found is not None:
            return found
    raise Unfit("the two tables share no column through which one row leads to one other")


def _column(table: Table, at: int) -> list[str]:
    return [normal(cell_text(row[at])) for row in table.rows]


def _shared_columns(left: Table, right: Table) -> Iterator[tuple[int, int]]:
    """A column of the left table and one of the right of the same name that share values; the right's are unique."""
    for j in range(len(right.columns)):
        keys = _column(right, j)
        if len(set(keys)) < len(keys) or any(not isinstance(row[j], str) for row in right.rows):
            continue
        for i in range(len(left.columns)):
            named_alike = set(terms(left.columns[i])) & set(terms(right.columns[j]))
            if named_alike and len(set(_column(left, i)) & set(keys)) >= 2:
                yield i, j


def _joined(left: Table, right: Table, key: int, target: int, rng: Random) -> Composed | None:
    subjects = [i for i in range(len(left.columns)) if i != key and _names_rows(left, i)]
    asked = [j for j in range(len(right.columns)) if j != target and len(set(_column(right, j))) >= 3]
    if not subjects or not asked:
        return None
    subject, column = rng.choice(subjects), rng.choice(asked)
    by_key = {normal(cell_text(row[target])): row for row in right.rows}
    rows = [row for row in left.rows if normal(cell_text(row[key])) in by_key]
    row = rng.choice(rows)
    found = by_key[normal(cell_text(row[key]))]
    gold, name = cell_text(found[column]), cell_text(row[subject])
    wrong = _other_cells([each[column] for each in right.rows], gold, rng)
    if not gold or wrong is None or set(terms(gold)) & set(terms(name)):
        return None
    hop, end = left.columns[key], right.columns[column]
    return options.choice(
        rng.choice(
            (
                f"In the first table, find the “{hop}” of {name}. What does the second table say under “{end}” for it?",
                f"Take the “{hop}” of {name} from the first table and look it up in the second. "
                f"What stands there under “{end}”?",
            )
        ),
        options.option(gold),
        [options.option(text) for text in wrong],
        rng,
        basis="computed",
        proof=f"{name} -> {cell_text(row[key])} -> {gold}",
        input=tuple(options.text_part(f"Table {n}\n\n{table_text(table)}") for n, table in ((1, left), (2, right))),
    )


def _names_rows(table: Table, at: int) -> bool:
    cells = _column(table, at)
    return len(set(cells)) == len(cells) and all(isinstance(row[at], str) for row in table.rows)


def _other_cells(cells: list[Cell], gold: str, rng: Random) -> list[str] | None:
    """Two or three other values of the column; None when it has fewer."""
    others = {options.option(text).value: text for cell in cells if (text := cell_text(cell))}
    others.pop(options.option(gold).value, None)
    texts = sorted(others.values())
    return rng.sample(texts, min(3, len(texts))) if len(texts) >= 2 else None


@construction(kinds=("choice",), signal=TWO_TABLES, companions=14)
def multi_hop_records(
    entity: Annotated[Phrase, "entity"],
    category: Annotated[Label, "category"],
    measure: Annotated[Number, "measure"],
    entities: Annotated[tuple[Phrase, ...], "entity"],
    categories: Annotated[tuple[Label, ...], "category"],
    measures: Annotated[tuple[Number, ...], "measure"],
    rng: Random,
) -> Composed:
    """Show categories and figures of the same entities apart; ask who leads within the category of a given one."""
    every = records.gather(entity, category, entities, categories, least=7, most=15)
    kin = _some_group(every, rng)
    groups = every.of(_some_of(every, kin, rng))
    figures = records.gather(entity, measure, entities, measures, least=7, most=15)
    named = {each.entity for each in groups.facts}
    figures = figures.of([each for each in figures.facts if each.entity in named])
    highest = rng.random() < 0.5
    ranked = sorted(figures.facts, key=lambda each: each.number, reverse=highest)
    inside = [each for each in ranked if each.entity in kin]
    outside = [each for each in ranked if each.entity not in kin]
    if inside[0].value == inside[1].value:
        raise Unfit("two entities of the category share the foremost value")
    pivot = rng.choice(inside[1:]).entity  # not who leads, for the question would name the answer
    word = "highest" if highest else "lowest"
    wrong = [*inside[1:3], *outside][:3] if len(inside) > 2 else [inside[1], *outside[:2]]
    tables = (
        records.show(groups.shuffled(rng), rng),
        records.show(figures.shuffled(rng), rng),
    )
    question = rng.choice(
        (
            f"Of the {groups.things} listed with the same {groups.attribute} as {pivot}, {pivot} included, "
            f"which one has the {word} {figures.attribute}?",
            f"Take every {groups.thing} listed whose {groups.attribute} is that of {pivot}, {pivot} included. "
            f"Which of them has the {word} {figures.attribute}?",
        )
    )
    return options.choice(
        question,
        options.option(inside[0].entity),
        [options.option(each.entity) for each in wrong],
        rng,
        basis="computed",
        proof="; ".join(f"{each.entity}: {each.text}" for each in inside),
        input=tables,
    )


def _some_of(every: Facts, kin: set[str], rng: Random) -> list[Fact]:
    """Seven to ten records: up to four of the category, the rest of others.

    Raises:
        Unfit: when the names tell the category, or nearly all are of it.
    """
    inside = [each for each in every.facts if each.entity in kin][:4]
    outside = [each for each in every.facts if each.entity not in kin]
    for each in inside:
        records.not_in_name(every.of((each,)))
    if len(outside) < 3:
        raise Unfit("nearly all entities are of one category")
    return [*inside, *outside[: rng.randint(7, 10) - len(inside)]]


def _some_group(groups: Facts, rng: Random) -> set[str]:
    """Entities of one category that has two or more; the row's own category first.

    Raises:
        Unfit: when no category has two.
    """
    counts = Counter(each.value for each in groups.facts)
    several = sorted(value for value, n in counts.items() if n >= 2)
    if not several:
        raise Unfit("no two records share a category")
    value = groups.own.value if groups.own.value in several else rng.choice(several)
    return {each.entity for each in groups.facts if each.value == value}


TOOLS = (multi_hop_join, multi_hop_records)
