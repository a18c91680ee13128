"""What holds for every item of every construction, on random rows."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.content import Composed, Items, Label, Number, Phrase, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Tool
from benchmark_agent.tools.constructions import TOOLS, comparisons, dates, numbers, options, wording

BY_NAME = {tool.name: tool for tool in TOOLS}
QUICK = settings(max_examples=40, deadline=None)
NAMES = tuple(
    f"{first}{last}" for first in ("Bra", "Kel", "Mor", "Tas", "Wen") for last in ("dor", "lin", "mont", "ve")
)
KINDS = ("amber", "cobalt", "ivory", "jade")
FAMILIES = (
    "aggregate_records", "aggregate_records_choice", "share_of_records", "share_of_records_choice", "compare_records",
    "rank_records", "change_one_fact", "find_contradiction", "multi_hop_records", "lookup_record", "reverse_lookup",
    "statement_to_verify", "odd_one_out", "recall_extreme",
)  # fmt: skip


def row(random: Random, at: int, digits: int) -> dict[str, object]:
    amount = random.randint(1, 10**digits) / (1 if random.random() < 0.5 else 10)
    return {
        "entity": Phrase(text=NAMES[at], name="mine"),
        "measure": Number(value=amount, unit="t", name="yearly production"),
        "category": Label(text=random.choice(KINDS), vocabulary=KINDS, name="seam"),
    }


def draw(tool: Tool, seed: int, digits: int = 5) -> Composed:
    """An item from random records. Raises Unfit as the tool does."""
    random = Random(seed)
    rows = [row(random, at, digits) for at in random.sample(range(len(NAMES)), tool.companions + 1)]
    singular = {"entities": "entity", "measures": "measure", "categories": "category"}
    attribute = random.choice(("measure", "category"))
    given: dict[str, object] = {}
    for param in tool.params:
        name = singular.get(param.name, param.name)
        name = attribute if name.startswith("attribute") else name
        given[param.name] = tuple(r[name] for r in rows[1:]) if param.many else rows[0][name]
    item = tool.run(**given, **{want: Random(seed) for want, _ in tool.wants})
    assert isinstance(item, Composed)
    return item


def some(tool: Tool, count: int, digits: int = 5) -> list[Composed]:
    found = []
    for seed in range(count * 4):
        try:
            found.append(draw(tool, seed, digits))
        except Unfit:
            continue
        if len(found) == count:
            break
    return found


@pytest.mark.parametrize("name", FAMILIES)
@QUICK
@given(seed=st.integers(0, 10**6), digits=st.integers(1, 7))
def test_every_item_is_whole_and_has_one_right_option(name: str, seed: int, digits: int) -> None:
    tool = BY_NAME[name]
    try:
        item = draw(tool, seed, digits)
    except Unfit:
        return
    assert item == draw(tool, seed, digits)
    assert item.answer_kind in tool.answer_kinds
    assert item.question[-1] in "?."
    assert "  " not in item.question
    assert item.proof
    assert item.evidence == tuple(range(len(item.input)))
    if item.answer_kind == "choice":
        assert item.options.count(item.answer) == 1
        assert len(set(item.option_values)) == len(item.options) >= 3
    elif item.answer_kind == "number":
        assert numbers.canonical(Decimal(item.answer)) == item.answer
    else:
        assert item.answer in ("true", "false")


@pytest.mark.parametrize("name", FAMILIES)
def test_most_rows_suit(name: str) -> None:
    assert len(some(BY_NAME[name], 30)) == 30


@pytest.mark.parametrize("name", [name for name in FAMILIES if "choice" in BY_NAME[name].answer_kinds])
def test_neither_place_nor_length_tells_the_gold(name: str) -> None:
    items = [item for item in some(BY_NAME[name], 240) if len(item.options) == 4]
    places = Counter(item.options.index(item.answer) for item in items)
    assert max(places.values()) < 0.4 * len(items)
    longest = sum(len(item.answer) > max(len(o) for o in item.options if o != item.answer) for item in items)
    assert longest < 0.45 * len(items)


@pytest.mark.parametrize("name", ["aggregate_records_choice", "change_one_fact", "lookup_record"])
def test_the_gold_is_not_always_in_the_middle(name: str) -> None:
    ranks: Counter[int] = Counter()
    for item in some(BY_NAME[name], 240, digits=6):
        try:
            values = [Decimal(value) for value in item.option_values]
        except ArithmeticError:
            continue
        if len(values) == 4:
            ranks[sorted(values).index(values[item.options.index(item.answer)])] += 1
    assert min(ranks[rank] for rank in range(4)) > 0.08 * ranks.total()


def test_true_and_false_are_balanced() -> None:
    answers = Counter(item.answer for item in some(BY_NAME["statement_to_verify"], 200))
    assert 80 <= answers["true"] <= 120


@QUICK
@given(st.lists(st.integers(1, 10**6), min_size=5, max_size=8, unique=True), st.integers(0, 10**6))
def test_the_gold_of_an_aggregate_is_reckoned_again(values: list[int], seed: int) -> None:
    entities = tuple(Phrase(text=name, name="mine") for name in NAMES[: len(values)])
    measures = tuple(Number(value=value, name="number of wagons") for value in values)
    try:
        item = BY_NAME["aggregate_records"].run(
            entity=entities[0], measure=measures[0], entities=entities[1:], measures=measures[1:], rng=Random(seed)
        )
    except Unfit:
        return
    (shown,) = item.input
    known = {e.text: v for e, v in zip(entities, values, strict=True) if e.text in shown.text}
    named = [value for name, value in known.items() if name in item.question]
    assert Decimal(item.answer) == expected(item.question, list(known.values()), named)


def expected(question: str, every: list[int], named: list[int]) -> Decimal:
    if "mean" in question or "average" in question:
        return Decimal(sum(named)) / len(named)
    if "combined" in question or "Add up" in question:
        return Decimal(sum(named))
    if "exceed" in question or "How much higher" in question:
        return Decimal(max(named) - min(named))
    if "highest" in question:
        return Decimal(max(every) - min(every))
    found = re.search(r"(above|below) ([\d,]+)", question)
    assert found
    bound = int(found[2].replace(",", ""))
    return Decimal(sum(v > bound if found[1] == "above" else v < bound for v in every))


# -- helpers -------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.decimals(min_value=0, max_value=10**8, places=2), st.integers(0, 10**6))
def test_near_values_are_different_not_negative_and_no_finer(gold: Decimal, seed: int) -> None:
    try:
        near = numbers.near(gold, Random(seed))
    except Unfit:
        assert gold < 10
        return
    assert len({gold, *near}) == 4
    assert all(value >= 0 and numbers.places(value) <= numbers.places(gold) for value in near)


@settings(max_examples=50, deadline=None)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 12, 31)), st.integers(0, 10**6))
def test_near_dates_are_other_days_written_the_same_way(day: date, seed: int) -> None:
    for write in dates.FORMS:
        text = write(day)
        near = dates.near_texts(text, Random(seed))
        assert near is not None
        assert len({text, *(other for other, _ in near)}) == 4
        for other, value in near:
            parsed = dates.read(other)
            assert parsed is not None
            assert parsed[0].isoformat() == value != day.isoformat()


@pytest.mark.parametrize("seed", range(20))
def test_near_times_stay_on_the_clock(seed: int) -> None:
    for text, shape in (("23:45", r"[0-2]\d:[0-5]\d"), ("9:30 am", r"\d{1,2}:[0-5]\d am"), ("07:05", r"\d\d:\d\d")):
        near = dates.near_texts(text, Random(seed))
        assert near is not None
        assert len({text, *(other for other, _ in near)}) == 4
        assert all(re.fullmatch(shape, other) for other, _ in near)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("551500", "km2", "551,500 km²"),
        ("1998", "", "1998"),
        ("12.50", "$", "$12.5"),
        ("40", "%", "40%"),
        ("1", "feet", "1 foot"),
        ("1", "years", "1 year"),
        ("1", "gas", "1 gas"),
        ("5E+3", "people", "5,000 people"),
    ],
)
def test_numbers_are_shown_with_their_unit(value: str, unit: str, text: str) -> None:
    assert numbers.shown(Decimal(value), unit) == text


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("country", "countries"),
        ("day", "days"),
        ("box", "boxes"),
        ("family of elements", "families of elements"),
        ("public holiday", "public holidays"),
        ("person", "people"),
        ("series", "series"),
    ],
)
def test_plurals(noun: str, many: str) -> None:
    assert wording.plural(noun) == many


def test_alike_answers_are_neither_the_same_nor_part_of_each_other() -> None:
    pool = ("Paris", "paris.", "Greater Paris", "Rome", "Oslo", "Bern", "a city by the sea", "42")
    for seed in range(20):
        wrong = options.alike("Paris", pool, Random(seed))
        assert set(wrong) == {"Rome", "Oslo", "Bern"}


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_orders_are_four_and_each_is_as_near_to_the_others(size: int) -> None:
    right = [str(at) for at in range(size)]
    for seed in range(10):
        four = comparisons.orders(right, Random(seed))
        assert len({tuple(order) for order in four}) == 4
        assert all(sorted(order) == right for order in four)


def test_events_of_any_row_give_the_rows_own_order() -> None:
    events = Items(items=("sow", "water", "reap", "thresh", "grind", "bake", "eat"))
    for seed in range(40):
        item = BY_NAME["order_events"].run(
            context=Phrase(text="A farmer tells of the year."), events=events, rng=Random(seed)
        )
        shown = item.input[1]
        assert isinstance(shown, Text)
        if item.answer in events.items:
            continue
        by_letter = {line[0]: line[3:] for line in shown.text.splitlines() if line[1:2] == "."}
        order = [by_letter[letter] for letter in item.answer.split(", ")]
        assert order == sorted(order, key=events.items.index)
