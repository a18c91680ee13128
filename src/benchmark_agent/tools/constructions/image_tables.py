"""Constructions that draw what a row holds as text, and ask about the picture: charts, tables, code."""

import ast
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Annotated

from benchmark_agent.content import AnswerKind, Choices, Composed, Items, Label, Number, Phrase, Table
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media, Tool, construction
from benchmark_agent.tools.render.charts import ChartKind, Series, chart_of, columns_of, draw_chart, number
from benchmark_agent.tools.render.pages import cell_text, draw_code, draw_table

_NAMES_ROWS = re.compile(r"\b(id|no|nr|code|rank|index|year|phone|zip|row)\b", re.IGNORECASE)
_FENCED = re.compile(r"```(?:\w+)?\n(.*?)```", re.DOTALL)
_TIME = re.compile(r"(\d{4}|Q[1-4].*|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about numbers with names."""

    question: str
    answer: str
    wrong: tuple[str, ...]
    """Tempting first."""
    proof: str
    is_number: bool
    given: str = ""
    """The answer as it is shown among options, where it differs from the value."""


def exact(value: float) -> Fraction:
    """The decimal number that is written, not its binary neighbour."""
    return Fraction(str(value))


def spelled(value: Fraction) -> str:
    """At most six decimals, thousands marked, as a chart writes it."""
    return number(int(value) if value.denominator == 1 else float(value))


def plain_number(value: Fraction) -> str:
    return spelled(value).replace(",", "")


def _short_enough(values: Iterable[float]) -> None:
    for value in values:
        if abs(value) >= 1e10 or exact(value).denominator > 1000 or 10**6 % exact(value).denominator:
            raise Unfit(f"the number {value!r} is too long to be read off a picture")


def part_of(table: Table, random: Random, most: int) -> tuple[Table, int, int]:
    """Some of the rows in their order, with the columns of names and of one set of numbers."""
    names, numbers = columns_of(table)
    worth = [i for i in numbers if not _NAMES_ROWS.search(table.columns[i]) and len({r[i] for r in table.rows}) > 3]
    if len(table.rows) < 4 or not worth:
        raise Unfit("four rows and a column of four or more different measures are needed")
    column = random.choice(worth)
    kept = sorted(random.sample(range(len(table.rows)), min(len(table.rows), random.randint(5, most))))
    rows = tuple((table.rows[i][names], table.rows[i][column]) for i in kept)
    return Table(columns=(table.columns[names], table.columns[column]), rows=rows, name=table.name), 0, 1


def _extreme(series: Series, names: tuple[str, ...], kind: str, random: Random) -> Asked:
    """Which name has the largest or smallest value."""
    highest = random.random() < 0.5
    order = sorted(zip(series.values, names, strict=True), reverse=highest)
    if abs(order[0][0] - order[1][0]) < 0.03 * (max(series.values) - min(series.values)):
        raise Unfit("the two first values are too close to tell apart")
    word = "highest" if highest else "lowest"
    wrong = tuple(name for _, name in order[1:])
    return Asked(
        f"Which {kind} has the {word} value of “{series.name}”?", order[0][1], wrong,
        f"{number(order[0][0])} is the {word}; next comes {order[1][1]} with {number(order[1][0])}", False,
    )  # fmt: skip


def _difference(series: Series, names: tuple[str, ...], kind: str, random: Random) -> Asked:
    one, two = random.sample(range(len(names)), 2)
    a, b = exact(series.values[one]), exact(series.values[two])
    if a < b:
        one, two, a, b = two, one, b, a
    if a == b:
        raise Unfit("the two values are the same")
    gold, unit = a - b, _unit(series)
    third = exact(series.values[random.choice([i for i in range(len(names)) if i not in (one, two)])])
    tempting = [a + b, gold + unit, gold - unit, abs(a - third), abs(b - third), gold + 10 * unit, gold - 2 * unit]
    return Asked(
        f"By how much is “{series.name}” of {names[one]} above that of {names[two]}?", plain_number(gold),
        _numbers(gold, tempting, random), f"{spelled(a)} - {spelled(b)} = {spelled(gold)}", True, spelled(gold),
    )  # fmt: skip


def _total(series: Series, names: tuple[str, ...], kind: str, random: Random) -> Asked:
    picked = sorted(random.sample(range(len(names)), 3))
    values, unit = [exact(series.values[i]) for i in picked], _unit(series)
    gold = sum(values, Fraction(0))
    tempting = [gold - values[0], gold + unit, gold - unit, gold - values[2], gold + 10 * unit, gold - 10 * unit]
    listed = ", ".join(names[i] for i in picked[:2]) + f" and {names[picked[2]]}"
    return Asked(
        f"What is the sum of “{series.name}” over {listed}?", plain_number(gold), _numbers(gold, tempting, random),
        " + ".join(map(spelled, values)) + f" = {spelled(gold)}", True, spelled(gold),
    )  # fmt: skip


def _above(series: Series, names: tuple[str, ...], kind: str, random: Random) -> Asked:
    limit = exact(random.choice(sorted(series.values)[1:-1]))
    values = list(map(exact, series.values))
    gold = Fraction(sum(value > limit for value in values))
    same = Fraction(sum(value >= limit for value in values))
    tempting = [same, len(values) - gold, gold + 1, gold - 1, gold + 2, gold - 2]
    return Asked(
        f"How many of the {len(names)} entries have more than {spelled(limit)} in “{series.name}”?",
        plain_number(gold), _numbers(gold, [value for value in tempting if 0 <= value <= len(values)], random),
        "above: " + (", ".join(n for n, v in zip(names, values, strict=True) if v > limit) or "none"), True,
    )  # fmt: skip


def _rank(series: Series, names: tuple[str, ...], kind: str, random: Random) -> Asked:
    """Which name comes second or third."""
    place = random.choice((1, 2))
    order = sorted(zip(series.values, names, strict=True), reverse=True)
    near = order[place - 1 : place + 2]
    if len({value for value, _ in near}) < 3 or len({value for value, _ in order}) < len(order):
        raise Unfit("two entries have the same value")
    wrong = tuple(name for _, name in sorted(order, key=lambda pair: abs(order.index(pair) - place)))[1:]
    word = ("second", "third")[place - 1]
    return Asked(
        f"Which {kind} has the {word} highest value of “{series.name}”?", order[place][1], wrong,
        "in order: " + ", ".join(name for _, name in order[:4]), False,
    )  # fmt: skip


def _unit(series: Series) -> Fraction:
    """One in the last place in which the values differ."""
    step = max(exact(value).denominator for value in series.values)
    if step > 1:
        return Fraction(1, 10 ** math.ceil(math.log10(step)))
    common = math.gcd(*(int(value) for value in series.values))
    return Fraction(10 ** max(0, int(math.log10(common or 1))))


def _numbers(gold: Fraction, tempting: Iterable[Fraction], random: Random) -> tuple[str, ...]:
    """Wrong numbers around the gold; it may stand at any rank among them."""
    pool = [value for value in dict.fromkeys(tempting) if value != gold and (value >= 0 or gold < 0)]
    below, above = [v for v in pool if v < gold], [v for v in pool if v > gold]
    lower = min(random.randrange(4), len(below))
    chosen = [*below[:lower], *above[: 3 - lower]]
    chosen += [value for value in pool if value not in chosen]
    if len(chosen) < 3:
        raise Unfit("there are not three wrong numbers that differ")
    return tuple(map(spelled, chosen[:3]))


_Ask = Callable[[Series, tuple[str, ...], str, Random], Asked]
NAME_QUESTIONS: tuple[_Ask, ...] = (_extreme, _rank)
NUMBER_QUESTIONS: tuple[_Ask, ...] = (_difference, _total, _above)


def _first_that_fits(asks: Sequence[_Ask], series: Series, names: tuple[str, ...], kind: str, random: Random) -> Asked:
    for ask in random.sample(asks, len(asks)):
        try:
            return ask(series, names, kind, random)
        except Unfit as error:
            refused = error
    raise refused


def _compose(asked: Asked, picture: bytes, media: Media, alt: str, random: Random, *, choose: bool) -> Composed:
    options: tuple[str, ...] = ()
    if choose:
        if len(asked.wrong) < 3:
            raise Unfit("there are not three wrong answers")
        shown = [asked.given or asked.answer, *asked.wrong[:3]]
        options = tuple(random.sample(shown, len(shown)))
    return Composed(
        input=(media.image(picture),),
        question=asked.question,
        answer_kind="choice" if choose else "number",
        options=options,
        option_values=tuple(option.replace(",", "") if asked.is_number else option for option in options),
        answer=(asked.given or asked.answer) if choose else asked.answer,
        gold_basis="computed",
        evidence=(0,),
        proof=asked.proof,
        alt=(alt,),
    )


def _charted(table: Table, media: Media, random: Random, asks: tuple[_Ask, ...], *, choose: bool) -> Composed:
    part, _, column = part_of(table, random, 9)
    _short_enough(float(row[column] or 0) for row in part.rows)
    names = tuple(str(row[0]) for row in part.rows)
    in_time = all(_TIME.fullmatch(name) for name in names)
    kinds: list[ChartKind] = ["line", "bar"] if in_time else ["bar", "horizontal bar", "pie"]
    random.shuffle(kinds)
    for kind in [*kinds, "horizontal bar"]:
        try:
            chart = chart_of(part, "bar" if kind not in kinds and in_time else kind)
            picture = draw_chart(chart)
        except Unfit as error:
            refused = error
            continue
        asked = _first_that_fits(asks, chart.series[0], chart.categories, _kind(part.columns[0]), random)
        alt = f"a {chart.kind} chart of " + "; ".join(f"{name}: {number(float(v or 0))}" for name, v in part.rows)
        return _compose(asked, picture, media, alt, random, choose=choose)
    raise refused


def _kind(column: str) -> str:
    return column.lower() if column.isalpha() and not column.isupper() else "entry"


@construction(kinds=("choice",), signal="values read off a chart and compared")
def ask_chart(table: Annotated[Table, "table"], media: Media, random: Random) -> Composed:
    """Draw a table as a chart and ask, with options, for the highest, a rank, a difference, a sum or a count."""
    asks = NAME_QUESTIONS if random.random() < 0.5 else NUMBER_QUESTIONS
    return _charted(table, media, random, asks, choose=True)


@construction(kinds=("number",), signal="values read off a chart and calculated with")
def ask_chart_number(table: Annotated[Table, "table"], media: Media, random: Random) -> Composed:
    """Draw a table as a chart and ask for a difference, a sum or a count; the answer is a number."""
    return _charted(table, media, random, NUMBER_QUESTIONS, choose=False)


def _tabled(table: Table, media: Media, random: Random, *, choose: bool) -> Composed:
    if len(table.rows) < 4:
        raise Unfit("the table has fewer than four rows")
    kept = sorted(random.sample(range(len(table.rows)), min(len(table.rows), 14)))
    shown = table.model_copy(update={"rows": tuple(table.rows[i] for i in kept)})
    name, numbers = columns_of(shown)
    worth = [i for i in numbers if not _NAMES_ROWS.search(shown.columns[i]) and len({r[i] for r in shown.rows}) > 3]
    names = tuple(str(row[name]) for row in shown.rows)
    if choose and random.random() < 0.4:
        asked = _look_up(shown, name, random)
    elif worth:
        column = random.choice(worth)
        series = Series(shown.columns[column], tuple(float(row[column] or 0) for row in shown.rows))
        _short_enough(series.values)
        asks = NUMBER_QUESTIONS if not choose else (*NUMBER_QUESTIONS, *NAME_QUESTIONS)
        asked = _first_that_fits(asks, series, names, _kind(shown.columns[name]), random)
    else:
        raise Unfit("the table has no column of four or more different measures")
    alt = "a table of " + ", ".join(shown.columns) + " for " + ", ".join(names)
    return _compose(asked, draw_table(shown), media, alt, random, choose=choose)


def _look_up(table: Table, name: int, random: Random) -> Asked:
    """What one column says of one row; the wrong options stand in the same column."""
    columns = [i for i in range(len(table.columns)) if i != name]
    column, row = random.choice(columns), random.choice(table.rows)
    gold = cell_text(row[column])
    others = list(dict.fromkeys(cell_text(other[column]) for other in table.rows))
    wrong = [text for text in others if text and text.casefold() != gold.casefold()]
    if not gold or len(wrong) < 3:
        raise Unfit("the column has fewer than four different cells")
    at = table.rows.index(row)
    near = {cell_text(r[column]) for r in table.rows[max(0, at - 1) : at + 2]}
    wrong.sort(key=lambda text: text not in near)
    return Asked(
        f"According to the table, what is “{table.columns[column]}” for {row[name]}?", gold, tuple(wrong),
        f"the row of {row[name]} says {gold}", not isinstance(row[column], str),
    )  # fmt: skip


@construction(kinds=("choice",), signal="cells read off a picture of a table and compared")
def ask_table_image(table: Annotated[Table, "table"], media: Media, random: Random) -> Composed:
    """Draw a table as a picture and ask, with options, for a cell, the highest, a rank, a difference, a sum or a
    count."""
    return _tabled(table, media, random, choose=True)


@construction(kinds=("number",), signal="cells read off a picture of a table and calculated with")
def ask_table_image_number(table: Annotated[Table, "table"], media: Media, random: Random) -> Composed:
    """Draw a table as a picture and ask for a difference, a sum or a count; the answer is a number."""
    return _tabled(table, media, random, choose=False)


@construction(kinds=("span", "number"), signal="the program in the picture, followed step by step")
def trace_code_image(
    code: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    answer: Annotated[Number | Phrase | Label | Items, "answer"],
    media: Media,
) -> Composed:
    """Draw a program as a picture and ask the dataset's own question about what it prints or computes."""
    program = _program(code.text, question.text)
    kind, gold, accepted = _traced(answer)
    return Composed(
        input=(media.image(draw_code(program)),),
        question=question.text.strip(),
        answer_kind=kind,
        answer=gold,
        accepted=accepted,
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset's own answer: {gold}",
        alt=(program,),
    )


@construction(kinds=("choice",), signal="the program in the picture, followed step by step")
def trace_code_image_choice(
    code: Annotated[Phrase, "context"],
    question: Annotated[Phrase, "question"],
    options: Annotated[Choices, "options"],
    media: Media,
    random: Random,
) -> Composed:
    """Draw a program as a picture and ask the dataset's own question about it, with the dataset's own options."""
    program = _program(code.text, question.text)
    texts = [option.strip() for option in options.options]
    if options.answer is None or not 0 <= options.answer < len(texts):
        raise Unfit("the row does not say which option is right")
    if len(set(texts)) < len(texts) or len(texts) < 2 or not all(texts):
        raise Unfit("the row's options are not two or more different texts")
    gold, shuffled = texts[options.answer], random.sample(texts, len(texts))
    return Composed(
        input=(media.image(draw_code(program)),),
        question=question.text.strip(),
        answer_kind="choice",
        options=tuple(shuffled),
        option_values=tuple(shuffled),
        answer=gold,
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset's own answer: {gold}",
        alt=(program,),
    )


def _program(text: str, question: str) -> str:
    """The Python program in a text, which may fence it.

    Raises:
        Unfit: when there is none, or the question repeats it.
    """
    found = _FENCED.search(text)
    program = (found[1] if found else text).strip("\n")
    _is_program(program)
    if any(len(line.strip()) > 12 and line.strip() in question for line in program.split("\n")):
        raise Unfit("the question repeats the program, so the picture would not be needed")
    return program


def _is_program(text: str) -> None:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise Unfit("the text is not a Python program") from error
    if len(text.splitlines()) < 2 or not re.search(r"[=(]", text):
        raise Unfit("the text is too short to be a program worth following")


def _traced(answer: Number | Phrase | Label | Items) -> tuple[AnswerKind, str, tuple[str, ...]]:
    if isinstance(answer, Number):
        return "number", str(answer.value), ()
    texts = answer.items if isinstance(answer, Items) else (answer.text,)
    if not texts or not texts[0].strip() or "\n" in texts[0].strip() or len(texts[0]) > 60:
        raise Unfit("the answer is not one short line")
    if re.fullmatch(r"-?\d+(\.\d+)?", texts[0].strip()):
        return "number", texts[0].strip(), ()
    return "span", texts[0].strip(), tuple(texts[1:])


TOOLS: tuple[Tool, ...] = (
    ask_chart,
    ask_chart_number,
    ask_table_image,
    ask_table_image_number,
    trace_code_image,
    trace_code_image_choice,
)
