"""Tables of invented records with questions over one table, and over two that must be joined."""

from dataclasses import dataclass
from random import Random

from pydantic import JsonValue

from benchmark_agent.starter.families import Row, asked, choices, grid, near, procedural
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import PEOPLE, TOWNS, WEEKDAYS, article, listing


@dataclass(frozen=True, slots=True)
class Theme:
    what: str
    """What a row is, plural: `hikes`."""
    key: str
    names: tuple[str, ...]
    label: str
    """A column of few values, and its values."""
    values: tuple[str, ...]
    measures: tuple[tuple[str, str, str, int, int, int], ...]
    """Column, the measure in words, unit, lowest, highest and step."""


_THEMES = (
    Theme(
        "hikes", "Trail",
        listing("Heron~Loop Slate~Ridge Otter~Path Foxglove~Way Cairn~Climb Mill~Track Raven~Steps Birch~Round "
                "Quarry~Rim Ferry~Lane Salt~Marsh~Walk Beacon~Hill"),
        "Surface", listing("gravel rock grass boardwalk"),
        (("Length", "length", "km", 3, 28, 1), ("Ascent", "ascent", "m", 40, 1240, 20),
         ("Walkers per day", "number of walkers per day", "", 12, 340, 4)),
    ),
    Theme(
        "ferries", "Ferry",
        listing("Alcyone Brent Calluna Dunlin Eider Fulmar Gannet Hebe Isolde Juno Kittiwake Lapwing"),
        "Harbour", TOWNS[:4],
        (("Passengers", "number of passengers", "", 80, 920, 5), ("Cars", "number of cars", "", 4, 96, 2),
         ("Crossing time", "crossing time", "min", 15, 145, 5)),
    ),
    Theme(
        "apple varieties", "Variety",
        listing("Amber~Queen Bittersweet Cox~Star Duke's~Red Early~Frost Fenland~Gold Graymont Honeyball Ironpip "
                "Late~Joy Moonrise Northern~Russet"),
        "Use", listing("cider dessert cooking storage"),
        (("Yield", "yield", "kg", 40, 260, 5), ("Trees", "number of trees", "", 6, 84, 2),
         ("Sugar", "sugar content", "g/l", 88, 152, 2)),
    ),
    Theme(
        "athletes", "Athlete", PEOPLE[:14], "Club", ("Harriers", "Rovers", "Swifts", "Lions"),
        (("Points", "number of points", "", 210, 980, 5), ("Age", "age", "years", 17, 41, 1),
         ("Training", "weekly training time", "h", 4, 22, 1)),
    ),
    Theme(
        "weather stations", "Station", TOWNS[4:16], "Terrain", listing("coast valley plateau forest"),
        (("Rainfall", "rainfall", "mm", 12, 190, 2), ("Sunshine", "duration of sunshine", "h", 60, 260, 5),
         ("Strongest gust", "speed of the strongest gust", "km/h", 28, 140, 4)),
    ),
    Theme(
        "library branches", "Branch", TOWNS[6:18], "District", listing("east west north south"),
        (("Loans", "number of loans", "", 820, 6400, 20), ("Visitors", "number of visitors", "", 1400, 9800, 50),
         ("Staff", "number of staff", "", 2, 19, 1)),
    ),
    Theme(
        "workshops", "Workshop",
        listing("Basketry Bookbinding Ceramics Dyeing Enamel Felting Glass~Fusing Lacework Marquetry Printing "
                "Stone~Carving Weaving"),
        "Day", WEEKDAYS[:5],
        (("Fee", "fee", "crowns", 15, 140, 5), ("Places", "number of places", "", 6, 30, 1),
         ("Sessions", "number of sessions", "", 2, 12, 1)),
    ),
    Theme(
        "telescopes", "Telescope",
        listing("Argus Boreal Cygnus~Eye Deneb Equinox Farsight Galatea Horizon Ibex Keystone Lynceus Meridian"),
        "Site", TOWNS[16:20],
        (("Aperture", "aperture", "cm", 20, 410, 10), ("Nights used", "number of nights of use", "", 30, 310, 5),
         ("Built", "year of construction", "", 1931, 2019, 1)),
    ),
)  # fmt: skip
SUMMABLE = ("number", "length", "ascent", "yield", "rainfall", "duration", "fee", "weekly")
"""First words of the measures that may be added up."""


@dataclass(frozen=True, slots=True)
class Data:
    theme: Theme
    names: list[str]
    labels: list[str]
    numbers: dict[str, list[int]]
    """By the measure in words."""

    def json(self) -> JsonValue:
        columns = [self.theme.key, self.theme.label]
        columns += [f"{name} ({unit})" if unit else name for name, _, unit, *_ in self.theme.measures]
        rows: list[list[str | int]] = []
        for index, name in enumerate(self.names):
            head: list[str | int] = [name, self.labels[index]]
            rows.append([*head, *(values[index] for values in self.numbers.values())])
        return grid(columns, rows)


def _data(random: Random, theme: Theme, size: int) -> Data:
    names = [name.replace("~", " ") for name in random.sample(theme.names, size)]
    labels = [random.choice(theme.values) for _ in names]
    numbers = {}
    for _, column, _, low, high, step in theme.measures:
        numbers[column] = random.sample(range(low, high + 1, step), min(size, (high - low) // step + 1))
    return Data(theme, names, labels, numbers)


Made = tuple[str, str, JsonValue]


def _largest(random: Random, data: Data) -> Made | None:
    """The k-th by one column among the rows of one label."""
    label, column = random.choice(sorted(set(data.labels))), random.choice(sorted(data.numbers))
    inside = [k for k, value in enumerate(data.labels) if value == label]
    if len(inside) < 3:
        return None
    ranked = sorted(inside, key=lambda k: -data.numbers[column][k])
    place = random.randrange(2)
    answer = data.names[ranked[place]]
    overall = max(range(len(data.names)), key=lambda k: data.numbers[column][k])
    wrong = [data.names[ranked[1 - place]], data.names[overall], *(data.names[k] for k in ranked)]
    rank = ("highest", "second highest")[place]
    question = f"Among the {data.theme.what} with {data.theme.label.lower()} “{label}”, which has the {rank} {column}?"
    return question, answer, choices(random, answer, [*wrong, *data.names])


def _sum(random: Random, data: Data) -> Made | None:
    label, column = random.choice(sorted(set(data.labels))), random.choice(sorted(data.numbers))
    inside = [data.numbers[column][k] for k, value in enumerate(data.labels) if value == label]
    if len(inside) < 2 or column.split()[0] not in SUMMABLE:
        return None
    total = sum(inside)
    wrong = [total - inside[-1], total + data.numbers[column][0], sum(data.numbers[column])]
    question = f"Added up over all {data.theme.what} with {data.theme.label.lower()} “{label}”, what is the {column}?"
    return question, str(total), near(random, total, wrong)


def _count(random: Random, data: Data) -> Made | None:
    one, two = random.sample(sorted(data.numbers), 2)
    low, high = sorted(data.numbers[one])[len(data.names) // 3], sorted(data.numbers[two])[-len(data.names) // 3]
    n = sum(a > low and b < high for a, b in zip(data.numbers[one], data.numbers[two], strict=True))
    either = sum(a > low or b < high for a, b in zip(data.numbers[one], data.numbers[two], strict=True))
    question = f"How many {data.theme.what} have {article(one)} above {low} and {article(two)} below {high}?"
    return question, str(n), near(random, n, [either, n + 1, n - 1])


def _gap(random: Random, data: Data) -> Made | None:
    column = random.choice(sorted(data.numbers))
    other = random.choice([name for name in sorted(data.numbers) if name != column])
    values = data.numbers[column]
    top = max(range(len(values)), key=lambda k: data.numbers[other][k])
    low = min(range(len(values)), key=lambda k: data.numbers[other][k])
    gap = abs(values[top] - values[low])
    key = data.theme.key.lower()
    question = (
        f"By how much do the {key} with the highest {other} and the {key} with the lowest {other} differ in {column}?"
    )
    return question, str(gap), near(random, gap, [max(values) - min(values), values[top], values[low]])


def _beats(random: Random, data: Data) -> Made | None:
    one, two = random.sample(sorted(data.numbers), 2)
    pivot = random.randrange(len(data.names))
    rows = range(len(data.names))
    better = [
        k
        for k in rows
        if data.numbers[one][k] > data.numbers[one][pivot] and data.numbers[two][k] < data.numbers[two][pivot]
    ]
    if len(better) != 1:
        return None
    answer, name = data.names[better[0]], data.names[pivot]
    half = [data.names[k] for k in rows if data.numbers[one][k] > data.numbers[one][pivot] and k != better[0]]
    question = f"Which {data.theme.key.lower()} has a higher {one} but a lower {two} than {name}?"
    return question, answer, choices(random, answer, [*half, *(other for other in data.names if other != name)])


_QUESTIONS = (_largest, _sum, _count, _gap, _beats)


def _table_row(random: Random, n: int) -> Row | None:
    data = _data(random, random.choice(_THEMES), random.randint(7, 10))
    if any(len(values) < len(data.names) for values in data.numbers.values()):
        return None
    made = _QUESTIONS[n % len(_QUESTIONS)](random, data)
    if made is None or not made[2]:
        return None
    question, answer, options = made
    return {
        "table": data.json(),
        "question": question,
        "answer": answer,
        "options": options,
        "difficulty": "moderate" if n % len(_QUESTIONS) < 2 else "hard",
    }


TABLES = procedural(
    "table-questions",
    260,
    _table_row,
    description=(
        "Small tables of invented records (hikes, ferries, weather stations, workshops and more) with a question that "
        "needs several cells: filter and rank, conditional sums, counts under two conditions, differences between "
        "extremes. Wrong options are what a reader gets who forgets the filter. Tests table reading and arithmetic."
    ),
    topics="table, record, data, filter, sum, count, comparison, arithmetic, structured data, lookup",
    fields=(field("table", "table", "table"), *asked("phrase")),
    share=0.05,
    even=True,
)

_PEOPLE_COLUMNS = ("Keeper", "Town", "Hired in")


def _keepers(random: Random, labels: list[str]) -> dict[str, tuple[str, str, int]]:
    """A second table: for each label of the first, who is in charge, where they live and since when."""
    people, towns = random.sample(PEOPLE[14:], len(labels)), random.sample(TOWNS, max(2, len(labels) - 1))
    years = random.sample(range(1996, 2022), len(labels))
    towns.append(towns[0])
    random.shuffle(towns)
    return {
        label: (person, town, year) for label, person, town, year in zip(labels, people, towns, years, strict=False)
    }


def _join_sum(random: Random, data: Data, second: dict[str, tuple[str, str, int]]) -> Made | None:
    town = random.choice(sorted({town for _, town, _ in second.values()}))
    column = random.choice([name for name in sorted(data.numbers) if name.split()[0] in SUMMABLE])
    picked = [n for n, label in zip(data.numbers[column], data.labels, strict=True) if second[label][1] == town]
    if len(picked) < 2:
        return None
    total, everything = sum(picked), sum(data.numbers[column])
    question = f"Added up over all {data.theme.what} whose keeper lives in {town}, what is the {column}?"
    return question, str(total), near(random, total, [everything, everything - total, total - picked[0]])


def _join_who(random: Random, data: Data, second: dict[str, tuple[str, str, int]]) -> Made | None:
    column = random.choice(sorted(data.numbers))
    ranked = sorted(range(len(data.names)), key=lambda k: -data.numbers[column][k])
    place = random.randrange(2)
    answer = second[data.labels[ranked[place]]][0]
    wrong = [second[data.labels[ranked[k]]][0] for k in (1 - place, 2, -1)]
    everyone = [person for person, _, _ in second.values()]
    rank = ("highest", "second highest")[place]
    question = f"Who is the keeper in charge of the {data.theme.key.lower()} with the {rank} {column}?"
    return question, answer, choices(random, answer, [*wrong, *everyone])


def _join_old(random: Random, data: Data, second: dict[str, tuple[str, str, int]]) -> Made | None:
    used = {label: second[label] for label in data.labels}
    longest = random.random() < 0.5
    label = sorted(used, key=lambda key: used[key][2])[0 if longest else -1]
    column = random.choice(sorted(data.numbers))
    inside = [k for k, value in enumerate(data.labels) if value == label]
    if len(inside) < 2:
        return None
    best = max(inside, key=lambda k: data.numbers[column][k])
    rest = sorted(range(len(data.names)), key=lambda k: -data.numbers[column][k])
    who = "first" if longest else "last"
    question = (
        f"Of the {data.theme.what} in the care of the keeper who was hired {who}, which has the highest {column}? "
        "Count only keepers in charge of at least one row."
    )
    return question, data.names[best], choices(random, data.names[best], [data.names[k] for k in [*inside, *rest]])


def _join_row(random: Random, n: int) -> Row | None:
    data = _data(random, random.choice(_THEMES), random.randint(7, 10))
    labels = sorted(set(data.theme.values))
    if any(len(values) < len(data.names) for values in data.numbers.values()):
        return None
    second = _keepers(random, labels)
    made = (_join_sum, _join_who, _join_old)[n % 3](random, data, second)
    if made is None or not made[2]:
        return None
    question, answer, options = made
    random.shuffle(labels)
    return {
        "table": data.json(),
        "second_table": grid((data.theme.label, *_PEOPLE_COLUMNS), [(label, *second[label]) for label in labels]),
        "question": question,
        "answer": answer,
        "options": options,
        "difficulty": "hard" if n % 3 else "very hard",
    }


JOINS = procedural(
    "two-table-questions",
    180,
    _join_row,
    description=(
        "Two small tables that share a column: records of one kind, and the keepers in charge of each group with their "
        "town and year of hiring. Every question needs a row of one table to find rows of the other: joins, ranks and "
        "conditional sums across both. Tests multi-hop reasoning over structured data."
    ),
    topics="table, join, multi-hop, record, database, relation, filter, sum, structured data, lookup",
    fields=(field("table", "table", "table"), field("second_table", "table", "table"), *asked("phrase")),
    share=0.05,
)

DATASETS: tuple[Maker, ...] = (TABLES, JOINS)
