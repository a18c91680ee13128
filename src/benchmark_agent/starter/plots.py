"""Charts and tables as pictures. The figures are made up, so that nothing but the picture can tell them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from benchmark_agent.content import Table
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.pictures import Row, among, around, asked, drawn
from benchmark_agent.tools.render.charts import Chart, ChartKind, Series, draw_chart, number
from benchmark_agent.tools.render.pages import draw_table

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Theme:
    title: str
    what: str
    """What is measured, as it stands in a question: `visitors`."""
    unit: str
    kind: str
    """What a category is: `month`."""
    categories: tuple[str, ...]
    low: int
    high: int
    step: int
    """Values are multiples of it."""
    split: tuple[str, ...] = ()
    """Names for two series."""

    @property
    def axis(self) -> str:
        return f"{self.what.capitalize()} ({self.unit})" if self.unit else self.what.capitalize()


_TOWNS = ("Ashford", "Brindle", "Corby", "Dunmore", "Elston", "Fenwick", "Garston", "Hexley")
_YEARS = tuple(str(year) for year in range(2012, 2024))
THEMES = (
    Theme("Rain at the harbour", "rainfall", "mm", "month", MONTHS, 8, 140, 2, ("North pier", "South pier")),
    Theme("Bicycles hired", "hires", "", "month", MONTHS, 120, 980, 10, ("Members", "Guests")),
    Theme("Milk from the farm", "milk", "litres", "day", DAYS, 210, 460, 5, ("Morning", "Evening")),
    Theme("Calls to the help desk", "calls", "", "day", DAYS, 14, 96, 2, ("Phone", "Chat")),
    Theme("Apprentices taken on", "apprentices", "", "town", _TOWNS, 12, 90, 2, ("2022", "2023")),
    Theme("Trees planted", "trees", "", "town", _TOWNS, 100, 900, 20, ("Oak", "Birch")),
    Theme("Parcels delivered", "parcels", "", "year", _YEARS, 20, 95, 1, ("By van", "By bicycle")),
    Theme("Solar power fed in", "power", "MWh", "year", _YEARS, 30, 210, 5, ("Roof A", "Roof B")),
    Theme("Library loans by subject", "loans", "", "subject",
          ("Travel", "History", "Cooking", "Poetry", "Crime", "Nature", "Comics", "Music"), 40, 400, 10),
    Theme("Cost of the village fair", "cost", "EUR", "item",
          ("Tents", "Music", "Food", "Prizes", "Posters", "Lights"), 60, 900, 20),
    Theme("What the garden yielded", "yield", "kg", "crop",
          ("Beans", "Carrots", "Onions", "Leeks", "Pumpkins", "Potatoes", "Beets"), 6, 80, 1),
    Theme("How members come to the club", "members", "", "way",
          ("On foot", "Bicycle", "Bus", "Car", "Tram", "Train"), 15, 150, 5),
    Theme("Orders of the bakery", "orders", "", "product",
          ("Rye bread", "Rolls", "Pretzels", "Cakes", "Tarts", "Biscuits"), 20, 240, 4),
)  # fmt: skip

Question = tuple[str, str, list[str], bool]
"""Question, answer, wrong answers, and whether they are numbers already chosen as options."""


def _values(random: Random, theme: Theme, count: int) -> tuple[float, ...]:
    """A wandering series: neighbours are related, as in real figures, and no two are equal."""
    span = theme.high - theme.low
    level, values = random.uniform(0.2, 0.8), list[float]()
    while len(values) < count:
        level = min(1.0, max(0.0, level + random.gauss(0, 0.28)))
        value = round((theme.low + level * span) / theme.step) * theme.step
        if value not in values:
            values.append(value)
        else:
            level = random.random()
    return tuple(values)


def _numbers(random: Random, gold: float, misread: Sequence[float], step: int, high: int | None = None) -> list[str]:
    options = around(random, int(gold), [int(value) for value in misread], step=step, high=high)
    return [str(option) for option in options]


def _peak(random: Random, theme: Theme, chart: Chart) -> Question | None:
    series = chart.series[0]
    word, ranked = random.choice((
        ("highest", sorted(series.values, reverse=True)),
        ("lowest", sorted(series.values)),
        ("second highest", sorted(series.values, reverse=True)[1:]),
    ))  # fmt: skip
    if abs(ranked[0] - ranked[1]) < 0.04 * max(series.values):
        return None
    names = [chart.categories[series.values.index(value)] for value in ranked]
    rest = [name for name in chart.categories if name not in names]
    return f"In the chart, which {theme.kind} has the {word} value?", names[0], rest + names[1:], False


def _read(random: Random, theme: Theme, chart: Chart) -> Question | None:
    at = random.randrange(len(chart.categories))
    value = chart.series[0].values[at]
    near = [chart.series[0].values[i] for i in (at - 1, (at + 1) % len(chart.categories))]
    question = f"What is the value for {chart.categories[at]} in the chart?"
    return question, number(value).replace(",", ""), _numbers(random, value, near, theme.step), True


def _gap(random: Random, theme: Theme, chart: Chart) -> Question | None:
    one, two = random.sample(range(len(chart.categories)), 2)
    a, b = chart.series[0].values[one], chart.series[0].values[two]
    if a < b:
        one, two, a, b = two, one, b, a
    question = f"How much higher is the value for {chart.categories[one]} than the value for {chart.categories[two]}?"
    return question, str(int(a - b)), _numbers(random, a - b, [b, a, a + b, a - b + 10 * theme.step], theme.step), True


def _above(random: Random, theme: Theme, chart: Chart) -> Question | None:
    values = chart.series[0].values
    limit = random.choice(sorted(values)[2:-2]) + theme.step / 2
    limit = round(limit / theme.step / 2) * theme.step * 2
    if min(abs(value - limit) for value in values) < theme.step:
        return None
    count = sum(value > limit for value in values)
    options = _numbers(random, count, [len(values) - count], 1, len(values))
    question = f"For how many of the {len(values)} entries is the value above {number(limit)}?"
    return question, str(count), options, True


def _total(random: Random, theme: Theme, chart: Chart) -> Question | None:
    at = sorted(random.sample(range(len(chart.categories)), 3))
    values = [chart.series[0].values[i] for i in at]
    names = [chart.categories[i] for i in at]
    total = sum(values)
    question = f"What do the values for {names[0]}, {names[1]} and {names[2]} add up to?"
    wrong = [total - values[0], total + 10 * theme.step, total - 10 * theme.step, total - values[2]]
    return question, str(int(total)), _numbers(random, total, wrong, theme.step), True


def _rise(random: Random, theme: Theme, chart: Chart) -> Question | None:
    values = chart.series[0].values
    steps = [b - a for a, b in pairwise(values)]
    word, sign = random.choice((("rise", 1), ("fall", -1)))
    ranked = sorted(range(len(steps)), key=lambda i: -sign * steps[i])
    lead = sign * (steps[ranked[0]] - steps[ranked[1]])
    if len(steps) < 5 or sign * steps[ranked[0]] <= 0 or lead < 0.05 * (max(values) - min(values)):
        return None
    names = [f"{chart.categories[i]} to {chart.categories[i + 1]}" for i in ranked]
    question = f"Between which two neighbouring {theme.kind}s does the value {word} most? Answer like “{names[-1]}”."
    return question, names[0], names[1:], False


def _share(random: Random, theme: Theme, chart: Chart) -> Question | None:
    """A percentage of the whole that comes out even."""
    values = chart.series[0].values
    total = sum(values)
    even = [i for i, value in enumerate(values) if (100 * value / total) % 1 == 0]
    if not even:
        return None
    at = random.choice(even)
    percent = int(100 * values[at] / total)
    question = f"What percentage of the total does {chart.categories[at]} make up?"
    return question, str(percent), _numbers(random, percent, [percent + 5, percent - 5, percent + 10], 2), True


def _more_often(random: Random, theme: Theme, chart: Chart) -> Question | None:
    a, b = chart.series
    gaps = [x - y for x, y in zip(a.values, b.values, strict=True)]
    if min(map(abs, gaps)) < 0.03 * max(*a.values, *b.values):
        return None
    count = sum(gap > 0 for gap in gaps)
    question = f"For how many of the {len(gaps)} entries is “{a.name}” higher than “{b.name}”?"
    return question, str(count), _numbers(random, count, [len(gaps) - count], 1, len(gaps)), True


def _widest(random: Random, theme: Theme, chart: Chart) -> Question | None:
    a, b = chart.series
    gaps = [abs(x - y) for x, y in zip(a.values, b.values, strict=True)]
    ranked = sorted(range(len(gaps)), key=lambda i: -gaps[i])
    if gaps[ranked[0]] - gaps[ranked[1]] < 0.06 * max(*a.values, *b.values):
        return None
    names = [chart.categories[i] for i in ranked]
    question = f"For which {theme.kind} is the difference between “{a.name}” and “{b.name}” largest?"
    return question, names[0], names[1:], False


def _theme_kind(random: Random, level: str) -> tuple[Theme, ChartKind]:
    if level == "very hard":
        theme = random.choice([theme for theme in THEMES if theme.split])
        return theme, random.choice(("line", "bar") if theme.kind in ("month", "year") else ("bar", "horizontal bar"))
    theme = random.choice(THEMES)
    if theme.kind in ("month", "year", "day"):
        return theme, random.choice(("line", "bar"))
    return theme, random.choice(("bar", "horizontal bar", "pie", "pie"))


def charts(random: Random, level: str) -> tuple[Row, bytes] | None:
    """Moderate: values written at the marks. Hard: rows of sums. Very hard: two series, read off the grid."""
    theme, kind = _theme_kind(random, level)
    count = min(len(theme.categories), random.randint(6, 12 if kind in ("line", "bar") else 8))
    start = random.randrange(len(theme.categories) - count + 1)
    names = theme.split if level == "very hard" else (theme.what,)
    series = tuple(Series(name, _values(random, theme, count)) for name in names)
    chart = Chart(kind, theme.title, theme.categories[start : start + count], series, theme.axis, level != "very hard")
    asks: dict[str, tuple[Callable[[Random, Theme, Chart], Question | None], ...]] = {
        "moderate": (_peak, _read, _gap),
        "hard": (_share, _share, _total) if kind == "pie" else (_above, _total, _rise if kind == "line" else _gap),
        "very hard": (_more_often, _widest),
    }
    found = random.choice(asks[level])(random, theme, chart)
    if found is None:
        return None
    question, answer, options, ready = found
    random.shuffle(options)
    row: Row = {
        "question": question,
        "answer": answer,
        "options": [*options] if ready else among(random, answer, options),
        "chart": kind,
    }
    return row, draw_chart(chart, 520, 340)


# -- tables ---------------------------------------------------------------------------------------------

_NAMES = ("Adams", "Baker", "Castro", "Dubois", "Evans", "Fischer", "Garcia", "Hansen", "Ito", "Jones", "Kowalski",
          "Lopez", "Moreau", "Novak", "Okafor", "Patel", "Quinn", "Rossi", "Silva", "Tanaka")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a drawn table is about."""

    title: str
    key: str
    keys: tuple[str, ...]
    group: str
    groups: tuple[str, ...]
    measures: tuple[tuple[str, int, int, int], ...]
    """Name, lowest, highest, step."""


SHEETS = (
    Sheet("Regional league", "Team", tuple(f"{town} {club}" for town in _TOWNS for club in ("United", "Rovers")),
          "Division", ("North", "South", "East"),
          (("Played", 18, 22, 1), ("Won", 2, 16, 1), ("Goals", 12, 48, 1), ("Yellow cards", 5, 44, 1))),
    Sheet("Stock of the workshop", "Part", ("Hinge", "Bolt M8", "Bolt M6", "Washer", "Bracket", "Spring", "Handle",
          "Valve", "Gasket", "Bearing", "Cable", "Fuse"), "Shelf", ("A", "B", "C", "D"),
          (("In stock", 4, 120, 1), ("On order", 0, 60, 5), ("Price (cents)", 15, 950, 5))),
    Sheet("Staff rota, week 32", "Name", _NAMES, "Shift", ("Early", "Late", "Night"),
          (("Hours", 12, 44, 1), ("Breaks", 2, 12, 1), ("Overtime (min)", 0, 240, 15))),
    Sheet("Ferry timetable", "Ferry", ("Albatross", "Bonito", "Curlew", "Dolphin", "Eider", "Fulmar", "Gannet",
          "Heron", "Ibis", "Kestrel"), "Pier", ("1", "2", "3", "4"),
          (("Cars", 8, 90, 1), ("Passengers", 40, 480, 5), ("Crossing (min)", 25, 140, 5))),
    Sheet("Field trial of wheat", "Plot", tuple(f"{row}{n}" for row in "ABCD" for n in range(1, 5)),
          "Soil", ("clay", "loam", "sand"),
          (("Seed (kg)", 12, 40, 1), ("Rain (mm)", 40, 190, 5), ("Yield (kg)", 120, 640, 10))),
)  # fmt: skip


def _sheet(random: Random, sheet: Sheet, rows: int) -> Table:
    keys = random.sample(sheet.keys, min(rows, len(sheet.keys)))
    columns: list[list[str | int]] = [[*keys], [random.choice(sheet.groups) for _ in keys]]
    for _, low, high, step in sheet.measures:
        columns.append([random.randrange(low, high + 1, step) for _ in keys])
    names = (sheet.key, sheet.group, *(measure[0] for measure in sheet.measures))
    return Table(columns=names, rows=tuple(zip(*columns, strict=True)), name=sheet.title)


def _cell(random: Random, table: Table) -> Question | None:
    row, column = random.randrange(len(table.rows)), random.randrange(2, len(table.columns))
    gold = table.rows[row][column]
    column_cells = [table.rows[(row + step) % len(table.rows)][column] for step in (1, -1, 2, -2, 3)]
    wrong = [str(value) for value in column_cells if value != gold]
    question = f"In the table, what is “{table.columns[column]}” for {table.rows[row][0]}?"
    return question, str(gold), wrong, False


def _filtered_count(random: Random, table: Table) -> Question | None:
    column, group = random.randrange(2, len(table.columns)), random.choice(table.rows)[1]
    values = [row[column] for row in table.rows if isinstance(row[column], int)]
    limit = sorted(map(int, map(str, values)))[len(values) // 2]
    over = [row for row in table.rows if int(str(row[column])) > limit]
    both = sum(row[1] == group for row in over)
    grouped = sum(row[1] == group for row in table.rows)
    question = (
        f"How many rows have “{table.columns[1]}” equal to {group} and “{table.columns[column]}” greater than {limit}?"
    )
    same = sum(row[1] == group and int(str(row[column])) >= limit for row in table.rows)
    return question, str(both), _numbers(random, both, [same, grouped, len(over)], 1, len(table.rows)), True


def _best_of_group(random: Random, table: Table) -> Question | None:
    column, group = random.randrange(2, len(table.columns)), random.choice(table.rows)[1]
    inside = sorted((row for row in table.rows if row[1] == group), key=lambda row: -int(str(row[column])))
    if len(inside) < 3 or inside[0][column] == inside[1][column]:
        return None
    rest = sorted((row for row in table.rows if row[1] != group), key=lambda row: -int(str(row[column])))
    wrong = [str(row[0]) for row in (inside[1], rest[0], inside[2], *rest[1:])] if rest else []
    key, measure = table.columns[0], table.columns[column]
    question = f"Among the rows whose “{table.columns[1]}” is {group}, which “{key}” has the highest “{measure}”?"
    return question, str(inside[0][0]), wrong, False


def _group_sum(random: Random, table: Table) -> Question | None:
    column, group = random.randrange(2, len(table.columns)), random.choice(table.rows)[1]
    inside = [int(str(row[column])) for row in table.rows if row[1] == group]
    if not 2 <= len(inside) <= 5:
        return None
    total = sum(inside)
    question = f"What is the sum of “{table.columns[column]}” over the rows whose “{table.columns[1]}” is {group}?"
    near = [total - inside[0], total + 10, total - 10, total - inside[-1], total + 1]
    return question, str(total), _numbers(random, total, near, 1), True


def tables(random: Random, level: str) -> tuple[Row, bytes] | None:
    table = _sheet(random, random.choice(SHEETS), {"moderate": 6, "hard": 9, "very hard": 13}[level])
    asks = {"moderate": (_cell, _best_of_group), "hard": (_best_of_group, _filtered_count),
            "very hard": (_filtered_count, _group_sum)}[level]  # fmt: skip
    found = random.choice(asks)(random, table)
    if found is None:
        return None
    question, answer, options, ready = found
    if not ready and len(dict.fromkeys(options)) < 3:
        return None
    row: Row = {
        "question": question,
        "answer": answer,
        "options": [*options] if ready else among(random, answer, options),
    }
    return row, draw_table(table, 14)


DATASETS: tuple[Maker, ...] = (
    drawn(
        "drawn-charts",
        150,
        charts,
        description="Drawn bar, line and pie charts of made-up figures: values, extremes, gaps, sums, shares, trends.",
        topics="chart, graph, plot, bar, line, pie, data, statistics, reading, comparison, trend, visual",
        fields=(*asked(), field("chart", "metadata")),
    ),
    drawn(
        "drawn-tables",
        100,
        tables,
        description="Pictures of tables with made-up figures: a cell, a count or sum by condition, a group's best.",
        topics="table, picture, document, reading, lookup, aggregation, filter, data, visual",
        fields=asked(),
    ),
)
