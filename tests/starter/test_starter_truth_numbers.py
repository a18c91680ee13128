"""Numbers, dates, tables, plans, proofs and programs are worked out a second time, by another road."""

import ast
import json
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import periodictable
import pytest
from countryinfo import CountryInfo, all_countries
from scipy import constants

from benchmark_agent.starter import datasets
from benchmark_agent.starter.times import ZONES

NUMBERS = {
    word: n for n, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@cache
def rows_of(name: str) -> list[dict[str, Any]]:
    maker = next(maker for maker in datasets() if maker.card.name == name)
    return list(maker.rows(Path("unused")))


def number(word: str) -> int:
    return NUMBERS[word.lower()] if word.lower() in NUMBERS else int(word)


def found(pattern: str, text: str) -> tuple[str, ...]:
    match = re.search(pattern, text)
    assert match, text
    return tuple(group or "" for group in match.groups())


def integers(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", text)]


# -- programs -----------------------------------------------------------------------------------


def test_programs_print_their_answer_in_a_fresh_interpreter() -> None:
    rows = rows_of("python-tracing")
    runner = (
        "import contextlib, io, json, sys\n"
        "printed = []\n"
        "for source in json.load(sys.stdin):\n"
        "    out = io.StringIO()\n"
        "    with contextlib.redirect_stdout(out):\n"
        "        exec(source, {'__name__': '__main__'})\n"
        "    printed.append(out.getvalue())\n"
        "print(json.dumps(printed))\n"
    )
    sources = json.dumps([row["code"] for row in rows])
    done = subprocess.run(
        [sys.executable, "-I", "-c", runner], input=sources, capture_output=True, text=True, check=True
    )
    assert [text.rstrip("\n") for text in json.loads(done.stdout)] == [row["answer"] for row in rows]
    assert all(ast.parse(row["code"]) for row in rows)


# -- dates and zones ----------------------------------------------------------------------------

DAY = r"(\d+) (January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})"


def days_in(text: str) -> list[date]:
    return [date(int(year), MONTHS.index(month) + 1, int(day)) for day, month, year in re.findall(DAY, text)]


def spelled(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def leap(year: int) -> bool:
    return (date(year, 12, 31) - date(year, 1, 1)).days == 365


def calendar_answer(question: str) -> str:
    days = days_in(question)
    if match := re.search(r"exactly (\d+) days later", question):
        return WEEKDAYS[(days[0] + timedelta(days=int(match[1]))).weekday()]
    if question.startswith("On which day"):
        return WEEKDAYS[days[0].weekday()]
    if question.startswith("How many days after"):
        return str((days[1] - days[0]).days)
    if match := re.search(r"date of the (\w+) (\w+day) of that month", question):
        same = [days[0] + timedelta(days=k) for k in range(31)]
        hits = [day for day in same if day.month == days[0].month and WEEKDAYS[day.weekday()] == match[2]]
        return spelled(hits[ORDINALS.index(match[1])])
    if match := re.search(r"within (\d+) working days", question):
        later = [days[0] + timedelta(days=k) for k in range(1, 80)]
        return spelled([day for day in later if day.weekday() < 5][int(match[1]) - 1])
    if match := re.search(r"every (\d+) days and the green lamp every (\d+) days", question):
        one, two = int(match[1]), int(match[2])
        return spelled(days[0] + timedelta(days=next(k for k in range(1, 500) if k % one == 0 and k % two == 0)))
    if match := re.search(r"leap years are there from (\d+) to (\d+)", question):
        return str(sum(leap(year) for year in range(int(match[1]), int(match[2]) + 1)))
    if "full years old" in question:
        born, now = days
        return str(
            sum(
                (year, born.month, born.day) <= (now.year, now.month, now.day)
                for year in range(born.year + 1, now.year + 1)
            )
        )
    month, year, gap = found(r"signed in (\w+) (\d+) .* that comes (\w+) months after", question)
    at = date(int(year), MONTHS.index(month) + 1, 1)
    for _ in range(number(gap) + 1):
        at = (at + timedelta(days=32)).replace(day=1)
    return spelled(at - timedelta(days=1))


def test_calendar() -> None:
    for row in rows_of("calendar-arithmetic"):
        assert calendar_answer(row["question"]) == row["answer"], row["question"]


def test_known_dates() -> None:
    """Hand-checked: 20 July 1969 was a Sunday; 1900 was no leap year, 2000 was one."""
    assert calendar_answer("On which day of the week did 20 July 1969 fall?") == "Sunday"
    assert calendar_answer("How many leap years are there from 1896 to 2000, both included") == "26"


def instants(zone: str, local: datetime) -> list[datetime]:
    """Every instant at which clocks in the zone show the local time: found by trying each quarter of an hour."""
    utc = ZoneInfo("UTC")
    tried = [local.replace(tzinfo=utc) + timedelta(minutes=15 * k) for k in range(-60, 61)]
    return [moment for moment in tried if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local]


def test_time_zones() -> None:
    for row in rows_of("time-zones"):
        question = row["question"]
        cities = sorted((city for city in ZONES if city in question), key=question.index)
        hour, minute = found(r"(\d\d):(\d\d) on", question)
        local = datetime.combine(days_in(question)[0], datetime.min.time()).replace(hour=int(hour), minute=int(minute))
        flown = re.search(r"(\d+) hours(?: and (\d+) minutes)?", question)
        flight = timedelta(hours=int(flown[1]), minutes=int(flown[2] or 0)) if flown else timedelta()
        [moment] = instants(ZONES[cities[0]], local)
        there = (moment + flight).astimezone(ZoneInfo(ZONES[cities[1]]))
        weekday = WEEKDAYS[there.weekday()]
        assert row["answer"] == f"{there:%H:%M} on {weekday} {spelled(there.date())}", question


# -- facts --------------------------------------------------------------------------------------


def easter(year: int) -> date:
    """Western Easter Sunday. Source: Meeus, Astronomical Algorithms (1991), chapter 8."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def test_movable_feasts_follow_easter() -> None:
    offsets = {
        "Good Friday": -2,
        "Easter Monday": 1,
        "Ascension Day": 39,
        "Pentecost Monday": 50,
        "Maundy Thursday": -3,
    }
    checked = 0
    for row in rows_of("public-holidays"):
        day = date.fromisoformat(row["date"])
        assert (row["weekday"], row["month"]) == (WEEKDAYS[day.weekday()], MONTHS[day.month - 1])
        assert row["day_of_year"] == (day - date(day.year, 1, 1)).days + 1
        if row["name"] in offsets and row["country"] not in ("Greece", "Romania"):
            assert day == easter(day.year) + timedelta(days=offsets[row["name"]]), row
            checked += 1
    assert checked > 60


@pytest.mark.parametrize(
    ("symbol", "period", "group", "series", "state"),
    [
        ("H", "period 1", "group 1", None, "gas"),
        ("He", "period 1", "group 18", "noble gas", "gas"),
        ("O", "period 2", "group 16", None, "gas"),
        ("Fe", "period 4", "group 8", "transition metal", "solid"),
        ("Zn", "period 4", "group 12", None, "solid"),
        ("Br", "period 4", "group 17", "halogen", "liquid"),
        ("Ba", "period 6", "group 2", "alkaline earth metal", "solid"),
        ("Gd", "period 6", None, "lanthanide", "solid"),
        ("Hf", "period 6", "group 4", "transition metal", "solid"),
        ("Hg", "period 6", "group 12", None, "liquid"),
        ("Pb", "period 6", "group 14", None, "solid"),
        ("U", "period 7", None, "actinide", "solid"),
        ("Og", "period 7", "group 18", None, None),
    ],
)
def test_elements_stand_where_they_do(symbol: str, period: str, group: str, series: str, state: str) -> None:
    row = next(row for row in rows_of("chemical-elements") if row["symbol"] == symbol)
    assert (row["period"], row["group"], row["series"], row["state"]) == (period, group, series, state)


def test_countries_known_by_heart() -> None:
    rows = {row["country"]: row for row in rows_of("countries")}
    assert rows["Kazakhstan"]["capital"] == "Astana"
    assert rows["Germany"]["bordering_countries"] == 9
    assert rows["Iceland"]["bordering_countries"] == 0
    assert rows["South Africa"]["capital"] is rows["Bolivia"]["capital"] is None
    assert rows["Serbia"]["area"] is None
    assert rows["Japan"]["calling_code"] == "+81"
    assert 2_700_000 < rows["Argentina"]["area"] < 2_800_000
    assert not {"Serbia and Montenegro", "Greenland", "Swaziland", "Antarctica"} & set(rows)


def test_borders_against_the_package() -> None:
    by_name: dict[str, CountryInfo] = {}
    for country in all_countries():
        by_name.setdefault(country.info()["name"].removeprefix("The "), country)

    def touch(one: str, two: str) -> bool:
        names = [name.removeprefix("the ") for name in (one, two)]
        first, second = by_name[names[0]], by_name[names[1]]
        return second.iso(3) in (first.borders() or []) and first.iso(3) in (second.borders() or [])

    for row in rows_of("land-borders"):
        if match := re.search(r"with both (.+) and (the .+|[A-Z].+)\?", row["question"]):
            both = [option for option in row["options"] if touch(option, match[1]) and touch(option, match[2])]
            assert both == [row["answer"]], row["question"]
        else:
            [name] = found(r"with (.+)\?", row["question"])
            assert [option for option in row["options"] if not touch(option, name)] == [row["answer"]], row["question"]


def atoms(formula: str) -> dict[str, int]:
    """`Ca(OH)2` -> {Ca: 1, O: 2, H: 2}."""
    while match := re.search(r"\(([^()]+)\)(\d+)", formula):
        formula = formula.replace(match[0], match[1] * int(match[2]), 1)
    counts: dict[str, int] = {}
    for symbol, n in re.findall(r"([A-Z][a-z]?)(\d*)", formula):
        counts[symbol] = counts.get(symbol, 0) + int(n or 1)
    return counts


def test_molar_masses() -> None:
    weight = {element.symbol: float(element.mass) for element in periodictable.elements}
    names = {element.name: element.symbol for element in periodictable.elements}
    for row in rows_of("molar-mass"):
        question = row["question"]
        [formula] = found(r", ([A-Z(][A-Za-z0-9()]*)[,?]", question)
        counts = atoms(re.sub(r"\((CN|OH|SO4|NO3|PO4|NH4)\)(?!\d)", r"\1", formula))
        mass = sum(weight[symbol] * n for symbol, n in counts.items())
        if question.startswith("What is the molar mass"):
            expected = f"{mass:.2f}"
        elif question.startswith("What percentage"):
            [name] = found(r"is (\w+)\? Give", question)
            expected = f"{100 * counts[names[name]] * weight[names[name]] / mass:.1f}%"
        elif question.startswith("How many atoms"):
            expected = str(integers(question)[0] * sum(counts.values()))
        else:
            expected = f"{integers(question)[0] / mass:.3f}"
        assert row["answer"] == expected, question


UNITS = {
    "mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3, "inches": constants.inch, "feet": constants.foot,
    "yards": constants.yard, "miles": constants.mile, "nautical miles": constants.nautical_mile,
    "g": constants.gram, "kg": 1, "tonnes": 1e3, "ounces": constants.oz, "pounds": constants.lb,
    "ml": 1e-6, "litres": constants.liter, "cubic metres": 1, "US gallons": constants.gallon,
    "imperial pints": constants.gallon_imp / 8, "seconds": 1, "minutes": constants.minute, "hours": constants.hour,
    "days": constants.day, "weeks": constants.week, "m/s": 1, "km/h": constants.kmh, "miles per hour": constants.mph,
    "knots": constants.knot, "square metres": 1, "hectares": constants.hectare, "square kilometres": 1e6,
    "acres": constants.acre, "square feet": constants.foot**2, "joules": 1, "kilojoules": 1e3,
    "kilowatt hours": 3.6e6, "calories": constants.calorie, "pascals": 1, "kilopascals": 1e3, "bar": constants.bar,
    "atmospheres": constants.atm,
}  # fmt: skip


def test_units_against_scipy() -> None:
    for row in rows_of("unit-conversion"):
        question = row["question"].split(" Give")[0]
        forms = (r"Convert ([\d,]+) (.+) to (.+)\.", r"Express ([\d,]+) (.+) in (.+)\.")
        match = next((m for form in forms if (m := re.fullmatch(form, question))), None)
        if match:
            amount, one, two = match.groups()
        else:
            two, amount, one = found(r"How many (.+) are ([\d,]+) (.+)\?", question)
        value = int(amount.replace(",", "")) * UNITS[one] / UNITS[two]
        assert float(row["answer"].replace(",", "")) == pytest.approx(value, rel=0.005), question
        assert float(f"{value:.3g}") == pytest.approx(float(row["answer"].replace(",", "")), rel=1e-3), question


# -- stories and counting -----------------------------------------------------------------------


def test_steps_of_word_problems_are_right_and_lead_to_the_answer() -> None:
    signs = {"+": int.__add__, "-": int.__sub__, "×": int.__mul__, "÷": int.__floordiv__}
    for row in rows_of("word-problems"):
        known = {
            *integers(row["question"]),
            *(number(w) for w in re.findall(r"\w+", row["question"]) if w.lower() in NUMBERS),
        }
        known |= {2 * n for n in known if "path" in row["question"]} | {1, 2, 5, 6}
        for step in row["steps"]:
            left, sign, right, result = found(r": (\d+) ([+×÷-]) (\d+) = (\d+)$", step)
            assert signs[sign](int(left), int(right)) == int(result)
            assert sign != "÷" or int(left) % int(right) == 0
            assert {int(left), int(right)} <= known, (row["question"], step)
            known.add(int(result))
        assert int(result) == row["answer"]
        assert story_answer(row["question"]) == row["answer"], row["question"]


def story_answer(story: str) -> int:
    n = integers(story)
    if "pears" in story:
        return (n[0] * n[1] - n[2]) * n[3] - n[4]
    if "buses" in story:
        return number(found(r"Each of (\w+) buses", story)[0]) * (n[0] - n[1] + n[2] - n[3])
    if "A press prints" in story:
        still, sheets = found(r"stands still for (\w+) hours?", story)[0], found(r"takes (\w+) sheets", story)[0]
        return ((n[1] - number(still)) * n[0] - n[2]) // number(sheets)
    if "lawn" in story:
        length, width, path, grams = n
        return sum(
            grams for x in range(length) for y in range(width) if path <= x < length - path and path <= y < width - path
        )
    if "chess club" in story:
        share = Fraction(1 if "one sixth" in story else 5, 6)
        return int(n[0] * share * n[1] - n[2])
    if "express" in story:
        lead, hours = found(r"(\w+) hours? later", story)[0], found(r"ahead (\w+) hours? after", story)[0]
        return n[1] * number(hours) - n[0] * (number(hours) + number(lead))
    if "years old" in story:
        base, gap = n[0], int(found(r"is (\d+) years? younger", story)[0])
        older = base * number(found(r"is (\w+) times", story)[0])
        return 2 * older - gap + 2 * number(found(r"in (\w+) years?\?", story)[0])
    shelves, per, new, out, back = n
    return shelves * per + new - out + back


def chance_answer(question: str) -> str:
    n = integers(question)
    if "balls" in question:
        balls = [colour for colour, k in enumerate(n[:3]) for _ in range(k)]
        pairs = list(permutations(range(len(balls)), 2))
        return str(Fraction(sum(balls[a] == balls[b] for a, b in pairs), len(pairs)))
    if "die" in question:
        faces = [(a, b) for a in range(1, n[0] + 1) for b in range(1, n[1] + 1)]
        return str(Fraction(sum(a + b >= n[-1] for a, b in faces), len(faces)))
    tosses, heads = (number(word) for word in found(r"tossed (\w+) times.*exactly (\w+) heads", question))
    given = [t for t in product((0, 1), repeat=tosses) if t[0 if "first" in question else -1]]
    return str(Fraction(sum(sum(t) == heads for t in given), len(given)))


def count_answer(question: str) -> str:
    n = integers(question)
    if "choir" in question:
        women, men = n
        a, b = (number(word) for word in found(r"exactly (\w+) sopranos? and (\w+) tenors?", question))
        return str(len(list(combinations(range(women), a))) * len(list(combinations(range(men), b))))
    if "shelf" in question:
        books = number(found(r"^(\w+) different", question)[0])
        close = "not stand" not in question
        return str(sum((abs(p.index(0) - p.index(1)) == 1) is close for p in permutations(range(books))))
    if "pupils" in question:
        total, a, b, none = n
        return next(str(both) for both in range(total + 1) if a + b - both + none == total)
    if "digits" in question:
        return str(sum(p[2] % 2 == 0 for p in permutations(n, 3)))
    steps, banned = n

    def climb(at: int) -> int:
        return 0 if at == banned or at > steps else 1 if at == steps else climb(at + 1) + climb(at + 2)

    return str(climb(0))


def test_counting_by_listing_every_case() -> None:
    for row in rows_of("counting-and-chance"):
        question = row["question"]
        expected = chance_answer(question) if "probability" in question else count_answer(question)
        assert row["answer"] == expected, question


# -- tables -------------------------------------------------------------------------------------

MEASURES = {
    "length": "Length", "ascent": "Ascent", "number of walkers per day": "Walkers per day",
    "number of passengers": "Passengers", "number of cars": "Cars", "crossing time": "Crossing time", "yield": "Yield",
    "number of trees": "Trees", "sugar content": "Sugar", "number of points": "Points", "age": "Age",
    "weekly training time": "Training", "rainfall": "Rainfall", "duration of sunshine": "Sunshine",
    "speed of the strongest gust": "Strongest gust", "number of loans": "Loans", "number of visitors": "Visitors",
    "number of staff": "Staff", "fee": "Fee", "number of places": "Places", "number of sessions": "Sessions",
    "aperture": "Aperture", "number of nights of use": "Nights used", "year of construction": "Built",
}  # fmt: skip
Record = dict[str, Any]


def records(table: dict[str, Any]) -> list[Record]:
    columns = [column.split(" (")[0] for column in table["columns"]]
    return [dict(zip(columns, row, strict=True)) for row in table["rows"]]


def by(measure: str, rows: list[Record]) -> list[Record]:
    return sorted(rows, key=lambda row: row[MEASURES[measure]], reverse=True)


def table_answer(question: str, rows: list[Record]) -> str:
    name, label = list(rows[0])[:2]
    if match := re.match(r"Among .* “(.+)”, which has the (second )?highest (.+)\?", question):
        return str(by(match[3], [row for row in rows if row[label] == match[1]])[1 if match[2] else 0][name])
    if match := re.match(r"Added up over .* “(.+)”, what is the (.+)\?", question):
        return str(sum(row[MEASURES[match[2]]] for row in rows if row[label] == match[1]))
    if match := re.match(r"How many .+ have an? (.+) above (\d+) and an? (.+) below (\d+)\?", question):
        one, low, two, high = match.groups()
        return str(sum(row[MEASURES[one]] > int(low) and row[MEASURES[two]] < int(high) for row in rows))
    if match := re.match(
        r"By how much do the .+ with the highest (.+) and the .+ with the lowest .+ differ in (.+)\?", question
    ):
        ranked = by(match[1], rows)
        return str(abs(ranked[0][MEASURES[match[2]]] - ranked[-1][MEASURES[match[2]]]))
    one, two, pivot = found(r"has a higher (.+) but a lower (.+) than (.+)\?", question)
    at = next(row for row in rows if row[name] == pivot)
    high, low = MEASURES[one], MEASURES[two]
    [hit] = [row[name] for row in rows if row[high] > at[high] and row[low] < at[low]]
    return str(hit)


def test_tables() -> None:
    for row in rows_of("table-questions"):
        assert table_answer(row["question"], records(row["table"])) == row["answer"], row["question"]


def test_two_tables() -> None:
    for row in rows_of("two-table-questions"):
        rows, keepers = records(row["table"]), records(row["second_table"])
        name, label = list(rows[0])[:2]
        joined = [{**one, **two} for one in rows for two in keepers if one[label] == two[label]]
        question = row["question"]
        if match := re.match(r"Added up over .* lives in (\w+), what is the (.+)\?", question):
            expected = str(sum(one[MEASURES[match[2]]] for one in joined if one["Town"] == match[1]))
        elif match := re.match(r"Who is the keeper in charge of the .+ with the (second )?highest (.+)\?", question):
            expected = by(match[2], joined)[1 if match[1] else 0]["Keeper"]
        else:
            which, measure = found(r"hired (first|last), which has the highest (.+)\? Count", question)
            year = (min if which == "first" else max)(one["Hired in"] for one in joined)
            expected = by(measure, [one for one in joined if one["Hired in"] == year])[0][name]
        assert row["answer"] == expected, question


# -- plans --------------------------------------------------------------------------------------


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def clock(at: int) -> str:
    return f"{at // 60:02d}:{at % 60:02d}"


def test_free_slots_minute_by_minute() -> None:
    for row in rows_of("free-slots"):
        context = row["context"].split(". ", 1)[1]
        busy: set[int] = set()
        for one, two in re.findall(r"(?:from|From|between) ([\d:]+) (?:to|and) ([\d:]+)", context):
            busy |= set(range(minutes(one), minutes(two)))
        [needed] = [int(digits) for digits in re.findall(r"(\d+) minutes", row["question"])]
        starts = [at for at in range(540, 1080 - needed + 1) if not busy & set(range(at, at + needed))]
        gaps = [at for at in starts if at - 1 in busy or at == 540]
        expected = starts[0] if row["question"].startswith("What is the earliest") else gaps[-1]
        assert row["answer"] == clock(expected), row["id"]


def test_connections_by_scanning_departures() -> None:
    """Earliest arrival at every town, over the services in order of departure (connection scan)."""
    for row in rows_of("timetable-connections"):
        services = sorted(records(row["table"]), key=lambda service: minutes(service["Departure"]))
        start, earliest, change = found(
            r"is at (\w+) station from ([\d:]+) on and needs at least (\w+) minutes", row["question"]
        )
        [end] = found(r"arriv\w* in (\w+)", row["question"])
        ready: dict[str, list[tuple[int, tuple[str, ...]]]] = {start: [(minutes(earliest), ())]}
        for service in services:
            for at, lines in list(ready.get(service["From"], [])):
                wait = number(change) if lines else 0
                if minutes(service["Departure"]) >= at + wait:
                    ready.setdefault(service["To"], []).append((minutes(service["Arrival"]), (*lines, service["Line"])))
        arrival, lines = min(ready[end])
        expected = (
            clock(arrival) if "When does" in row["question"] else " then ".join(re.split(r", | then ", row["answer"]))
        )
        assert expected == (row["answer"] if "When does" in row["question"] else " then ".join(lines)), row["id"]
        assert [at for at, _ in ready[end]].count(arrival) == 1
