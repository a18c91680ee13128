"""Arithmetic stories solved in written steps, and unit conversions."""

from collections.abc import Callable
from fractions import Fraction
from random import Random

from benchmark_agent.starter.families import Row, asked, near, procedural, square, texts
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import PEOPLE, TOWNS, capital, count, numeral

Worked = tuple[str, list[str], int, list[int]]
"""The story with its question, the steps, the answer, and results of typical mistakes."""


def _step(what: str, left: int, sign: str, right: int) -> tuple[str, int]:
    """One line of working with its result: `Boxes of eggs: 84 ÷ 12 = 7`."""
    result = {"+": left + right, "-": left - right, "×": left * right, "÷": left // right}[sign]
    return f"{what}: {left} {sign} {right} = {result}", result


def _market(random: Random) -> Worked:
    who, town = random.choice(PEOPLE), random.choice(TOWNS)
    crates, per, bad = random.randint(6, 18), random.randint(12, 30), random.randint(9, 40)
    price, fee = random.randint(2, 5), random.randint(15, 45)
    one, picked = _step("Pears brought", crates, "×", per)
    two, good = _step("Pears fit for sale", picked, "-", bad)
    three, money = _step("Money taken", good, "×", price)
    four, left = _step("Money left after the fee", money, "-", fee)
    story = (
        f"{who} brings {crates} crates of {per} pears each to the market of {town}. {bad} pears are bruised and thrown "
        f"away; the rest sell at {price} crowns apiece. The stall costs {fee} crowns. How many crowns does {who} "
        "take home?"
    )
    return story, [one, two, three, four], left, [money, picked * price - fee, left + 2 * fee, good]


def _bus(random: Random) -> Worked:
    town = random.choice(TOWNS)
    start, buses = random.randint(18, 40), random.randint(3, 7)
    off, on, off2 = random.randint(3, 11), random.randint(4, 14), random.randint(2, 9)
    one, a = _step("After the first stop", start, "-", off)
    two, b = _step("After boarding at the bridge", a, "+", on)
    three, c = _step("After the hospital", b, "-", off2)
    four, total = _step("Passengers on all buses", c, "×", buses)
    story = (
        f"Each of {numeral(buses)} buses leaves {town} with {start} passengers. On every one of them {off} get off "
        "at the "
        f"first stop, {on} get on at the bridge, and {off2} get off at the hospital; nobody else moves. How many "
        "passengers arrive at the terminus in all?"
    )
    return story, [one, two, three, four], total, [c, (start - off + on) * buses, start * buses, total + off2]


def _printing(random: Random) -> Worked:
    rate, hours, late, jam = random.randint(24, 60), random.randint(4, 9), random.randint(1, 2), random.randint(30, 95)
    copies = random.randint(3, 6)
    one, working = _step("Hours at work", hours, "-", late)
    two, sheets = _step("Sheets printed", working, "×", rate * 10)
    three, good = _step("Sheets without fault", sheets, "-", jam)
    good -= good % copies
    four, books = _step("Booklets", good, "÷", copies)
    spoilt = sheets - good
    three, good = _step("Sheets without fault", sheets, "-", spoilt)
    story = (
        f"A press prints {rate * 10} sheets an hour. Within a shift of {hours} hours it stands still for "
        f"{count(late, 'hour')}, and {spoilt} of the sheets it prints are spoilt. A booklet takes {numeral(copies)} "
        "sheets. "
        "How many booklets can be made from the good sheets?"
    )
    wrong = [hours * rate * 10 // copies, sheets // copies, good, books + spoilt]
    return story, [one, two, three, four], books, wrong


def _garden(random: Random) -> Worked:
    length, width = random.randint(9, 26), random.randint(5, 8)
    path, per = random.randint(1, 2), random.randint(3, 7)
    one, inner_length = _step("Length inside the path", length, "-", 2 * path)
    two, inner_width = _step("Width inside the path", width, "-", 2 * path)
    three, area = _step("Square metres of lawn", inner_length, "×", inner_width)
    four, grams = _step("Grams of seed", area, "×", per * 10)
    story = (
        f"A garden is {length} m long and {width} m wide. A path {path} m wide runs along the inside of its whole "
        "edge, "
        f"and the rest is lawn. Each square metre of lawn needs {per * 10} g of seed. How many grams of seed are "
        "needed?"
    )
    slip = (length - path) * (width - path) * per * 10
    return story, [one, two, three, four], grams, [slip, length * width * per * 10, area, grams + per * 10]


def _club(random: Random) -> Worked:
    who, members = random.choice(PEOPLE), random.randint(4, 11) * 6
    sixth = random.choice((1, 5))
    fee = random.randint(12, 25)
    one, group = _step("A sixth of the members", members, "÷", 6)
    two, adults = _step("Paying members", group, "×", sixth)
    three, income = _step("Fees taken", adults, "×", fee)
    paid = random.randint(income // 4, 3 * income // 4)
    four, rest = _step("Left after the hall is paid", income, "-", paid)
    part = "one sixth" if sixth == 1 else "five sixths"
    story = (
        f"A chess club has {members} members, of whom {part} pay a fee of {fee} crowns each and the others pay "
        "nothing. "
        f"{who}, the treasurer, pays {paid} crowns for the hall out of the fees. How many crowns are left of them?"
    )
    return (
        story,
        [one, two, three, four],
        rest,
        [members * fee - paid, income, (members - adults) * fee - paid, rest + paid],
    )


def _train(random: Random) -> Worked:
    fast, slow = random.randint(8, 15) * 10, random.randint(4, 7) * 10
    lead, hours = random.randint(1, 2), random.randint(2, 5)
    one, gap = _step("Kilometres covered by the goods train before", slow, "×", lead)
    two, late = _step("Kilometres covered by the goods train after", slow, "×", hours)
    three, goods = _step("Kilometres covered by the goods train in all", gap, "+", late)
    four, express = _step("Kilometres covered by the express", fast, "×", hours)
    five, ahead = _step("Kilometres the express is ahead", express, "-", goods)
    story = (
        f"A goods train leaves {random.choice(TOWNS)} at {slow} km/h. {capital(count(lead, 'hour'))} later an "
        "express follows on the "
        f"parallel track at {fast} km/h. How many kilometres is the express ahead {count(hours, 'hour')} after its "
        "own start?"
    )
    return story, [one, two, three, four, five], ahead, [express - late, express, (fast - slow) * (hours + lead), goods]


def _ages(random: Random) -> Worked:
    old, young, middle = random.sample(PEOPLE, 3)
    base, factor, gap, years = random.randint(5, 12), random.randint(3, 4), random.randint(2, 9), random.randint(3, 15)
    one, elder = _step(f"Age of {old} now", base, "×", factor)
    two, between = _step(f"Age of {middle} now", elder, "-", gap)
    three, total = _step(f"{old} and {middle} together now", elder, "+", between)
    four, grown = _step("Years both gain", 2, "×", years)
    five, answer = _step("Together then", total, "+", grown)
    story = (
        f"{young} is {base} years old. {old} is {numeral(factor)} times as old as {young}, and {middle} is {gap} years "
        f"younger than {old}. What will the ages of {old} and {middle} add up to in {count(years, 'year')}?"
    )
    return story, [one, two, three, four, five], answer, [total + years, total, answer + base, elder + years]


def _library(random: Random) -> Worked:
    shelves, per, new, out = (
        random.randint(8, 20),
        random.randint(24, 48),
        random.randint(35, 90),
        random.randint(40, 150),
    )
    back = random.randint(10, out - 5)
    one, books = _step("Books at first", shelves, "×", per)
    two, bought = _step("With the new ones", books, "+", new)
    three, lent = _step("Still lent out", out, "-", back)
    four, there = _step("Books in the room", bought, "-", lent)
    story = (
        f"A reading room has {shelves} full shelves of {per} books. {new} new books arrive. During the week {out} "
        "books are "
        f"lent out and {back} of those come back. How many books are in the room at the end of the week?"
    )
    return story, [one, two, three, four], there, [bought - out, bought - out - back, books - lent, there + 2 * back]


_STORIES: tuple[Callable[[Random], Worked], ...] = (_market, _bus, _printing, _garden, _club, _train, _ages, _library)


def _story_row(random: Random, n: int) -> Row | None:
    story, steps, answer, wrong = _STORIES[n % len(_STORIES)](random)
    if answer < 1:
        return None
    return {
        "question": story,
        "steps": texts(steps),
        "answer": answer,
        "options": near(random, answer, wrong, low=1),
        "difficulty": "hard" if len(steps) > 4 else "moderate",
    }


STORIES = procedural(
    "word-problems",
    280,
    _story_row,
    description=(
        "Arithmetic stories of eight kinds (markets, buses, presses, gardens, clubs, trains, ages, libraries) that "
        "take "
        "four or five operations. The worked steps come with each row, one operation a step, and every step is right. "
        "Wrong options are what is left when a condition is forgotten. Tests multi-step arithmetic and reading."
    ),
    topics="arithmetic, word problem, mathematics, step, calculation, multi-step, number, story, reasoning",
    fields=(*asked("number"), field("steps", "rationale", "items", "steps of the solution")),
    share=0.03,
)

_UNITS: dict[str, dict[str, Fraction]] = {
    "length": {"mm": Fraction(1, 1000), "cm": Fraction(1, 100), "m": Fraction(1), "km": Fraction(1000),
               "inches": Fraction(254, 10000), "feet": Fraction(3048, 10000), "yards": Fraction(9144, 10000),
               "miles": Fraction(1609344, 1000), "nautical miles": Fraction(1852)},
    "mass": {"g": Fraction(1, 1000), "kg": Fraction(1), "tonnes": Fraction(1000),
             "ounces": Fraction(45359237, 1_600_000_000), "pounds": Fraction(45359237, 100_000_000)},
    "volume": {"ml": Fraction(1, 1000), "litres": Fraction(1), "cubic metres": Fraction(1000),
               "US gallons": Fraction(3785411784, 10**9), "imperial pints": Fraction(56826125, 10**8)},
    "time": {"seconds": Fraction(1), "minutes": Fraction(60), "hours": Fraction(3600), "days": Fraction(86400),
             "weeks": Fraction(604800)},
    "speed": {"m/s": Fraction(1), "km/h": Fraction(5, 18), "miles per hour": Fraction(44704, 100000),
              "knots": Fraction(1852, 3600)},
    "area": {"square metres": Fraction(1), "hectares": Fraction(10000), "square kilometres": Fraction(1_000_000),
             "acres": Fraction(40468564224, 10**7), "square feet": Fraction(9290304, 10**8)},
    "energy": {"joules": Fraction(1), "kilojoules": Fraction(1000), "kilowatt hours": Fraction(3_600_000),
               "calories": Fraction(4184, 1000)},
    "pressure": {"pascals": Fraction(1), "kilopascals": Fraction(1000), "bar": Fraction(100_000),
                 "atmospheres": Fraction(101_325)},
}  # fmt: skip


def rounded(value: Fraction) -> str:
    """Three significant figures, without exponent; halves go up."""
    places = 0
    scale = value
    while scale < 100:
        scale, places = scale * 10, places + 1
    while scale >= 1000:
        scale, places = scale / 10, places - 1
    digits = int(scale + Fraction(1, 2))
    whole = Fraction(digits) / Fraction(10) ** places
    return f"{float(whole):,.{max(places, 0)}f}"


def _convert(random: Random, n: int) -> Row | None:
    kind = random.choice(sorted(_UNITS))
    one, two = random.sample(sorted(_UNITS[kind]), 2)
    amount = random.choice((random.randint(2, 99), random.randint(100, 9999), random.randint(11, 99) * 100))
    factor = _UNITS[kind][one] / _UNITS[kind][two]
    value = amount * factor
    if not Fraction(1, 10) <= value <= 10**8 or factor in (10, 100, 1000):
        return None
    shift = random.choice((Fraction(10), Fraction(1, 10), Fraction(1000), Fraction(1, 1000)))
    other = random.choice((amount / factor, value * Fraction(6, 5), value * Fraction(4, 5), value * Fraction(10, 9)))
    ask = random.choice(("Convert {} {} to {}", "How many {2} are {0} {1}", "Express {} {} in {}"))
    question = f"{ask.format(f'{amount:,}', one, two)}{'?' if ask.startswith('How') else '.'}"
    return {
        "question": f"{question} Give three significant figures.",
        "answer": rounded(value),
        "options": square(random, value, other, lambda quantity: quantity * shift, rounded),
        "quantity": kind,
        "difficulty": "hard" if kind in ("area", "energy", "speed") else "moderate",
    }


UNITS = procedural(
    "unit-conversion",
    180,
    _convert,
    description=(
        "Conversions between metric, imperial, US and nautical units of length, mass, volume, time, speed, area, "
        "energy "
        "and pressure, exact by definition and rounded to three significant figures. Wrong options divide instead of "
        "multiplying or miss a power of ten. Tests knowledge of units and mental arithmetic."
    ),
    topics="unit, conversion, measurement, length, mass, speed, area, energy, physics, arithmetic, number",
    fields=(*asked("phrase"), field("quantity", "category", "label", "kind of quantity")),
    share=0.03,
    even=True,
)

DATASETS: tuple[Maker, ...] = (STORIES, UNITS)
