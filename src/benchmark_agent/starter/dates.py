"""Calendar arithmetic."""

from calendar import isleap, monthrange
from datetime import date, timedelta
from math import lcm
from random import Random

from pydantic import JsonValue

from benchmark_agent.starter.families import Row, asked, choices, near, procedural, square
from benchmark_agent.starter.makers import Maker
from benchmark_agent.starter.words import MONTHS, PEOPLE, WEEKDAYS, count, ordinal

Made = tuple[str, str, JsonValue, str]


def long_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _day(random: Random) -> date:
    return date(1900, 1, 1) + timedelta(days=random.randrange(54_000))


def _other_days(random: Random, answer: str) -> JsonValue:
    at = WEEKDAYS.index(answer)
    return choices(random, answer, [WEEKDAYS[(at + step) % 7] for step in random.sample(range(1, 7), 3)])


def _dates(random: Random, answer: date, mistaken: date) -> JsonValue:
    """The day, a mistaken one, and both off by the same slip."""
    slip = timedelta(days=random.choice((1, -1, 2, -2, 7, -7)))
    return square(random, answer, mistaken, lambda day: day + slip, long_date)


def _later_weekday(random: Random) -> Made:
    start, days = _day(random), random.randint(100, 2500)
    name = WEEKDAYS[start.weekday()]
    answer = WEEKDAYS[(start.weekday() + days) % 7]
    question = f"{long_date(start)} was a {name}. Which day of the week was it exactly {days} days later?"
    return question, answer, _other_days(random, answer), "moderate"


def _weekday(random: Random) -> Made:
    day = _day(random)
    answer = WEEKDAYS[day.weekday()]
    return f"On which day of the week did {long_date(day)} fall?", answer, _other_days(random, answer), "very hard"


def _between(random: Random) -> Made:
    start = _day(random)
    end = start + timedelta(days=random.randint(60, 900))
    n = (end - start).days
    question = f"How many days after {long_date(start)} was {long_date(end)}?"
    return question, str(n), near(random, n, [n + 1, n - 1, n + 2, n - 30, n + 30]), "hard"


def _nth_weekday(random: Random) -> Made | None:
    year, month, nth = random.randint(1950, 2045), random.randint(1, 12), random.randint(2, 4)
    target = random.randrange(7)
    first = date(year, month, 1)
    first += timedelta(days=(target - first.weekday()) % 7)
    day = first + timedelta(weeks=nth - 1)
    one = date(year, month, 1)
    question = (
        f"{long_date(one)} is a {WEEKDAYS[one.weekday()]}. What is the date of the {ordinal(nth)} "
        f"{WEEKDAYS[target]} of that month?"
    )
    options = _dates(random, day, day + timedelta(days=random.choice((7, -7))))
    return question, long_date(day), options, "moderate"


def _deadline(random: Random) -> Made:
    start, n = _day(random), random.randint(4, 25)
    start += timedelta(days=(7 - start.weekday()) % 7 + random.randrange(5))
    day, left = start, n
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    mistaken = random.choice((start + timedelta(days=n), day + timedelta(days=7), day - timedelta(days=7)))
    who = random.choice(PEOPLE)
    question = (
        f"{who} must reply within {n} working days, Monday to Friday, not counting the day of the letter. The letter "
        f"is dated {WEEKDAYS[start.weekday()]} {long_date(start)}, and there are no holidays. What is the last day?"
    )
    return question, long_date(day), _dates(random, day, mistaken), "hard"


def _coincide(random: Random) -> Made | None:
    start, one, two = _day(random), random.randint(4, 16), random.randint(4, 16)
    if one == two or one % two == 0 or two % one == 0:
        return None
    day = start + timedelta(days=lcm(one, two))
    mistaken = start + timedelta(days=one * two if one * two != lcm(one, two) else one + two)
    question = (
        f"The blue lamp is serviced every {one} days and the green lamp every {two} days. Both were serviced on "
        f"{long_date(start)}. On which date are both next serviced on the same day?"
    )
    return question, long_date(day), _dates(random, day, mistaken), "hard"


def _february(random: Random) -> Made:
    first = random.randint(1890, 2080)
    last = first + random.randint(25, 190)
    n = sum(isleap(year) for year in range(first, last + 1))
    plain = sum(year % 4 == 0 for year in range(first, last + 1))
    question = f"How many leap years are there from {first} to {last}, both included, in the Gregorian calendar?"
    return question, str(n), near(random, n, [plain, n + 1, n - 1, plain + 1]), "hard"


def _age(random: Random) -> Made:
    born, now = _day(random), _day(random)
    born, now = min(born, now), max(born, now)
    years = now.year - born.year - ((now.month, now.day) < (born.month, born.day))
    who = random.choice(PEOPLE)
    question = f"{who} was born on {long_date(born)}. How many full years old was {who} on {long_date(now)}?"
    return question, str(years), near(random, years, [now.year - born.year, years + 1, years - 1]), "moderate"


def _month_end(random: Random) -> Made:
    start, months = _day(random), random.randint(14, 60)
    total = start.year * 12 + start.month - 1 + months
    year, month = total // 12, total % 12 + 1
    end = date(year, month, monthrange(year, month)[1])
    other = date(year + month // 12, month % 12 + 1, 1)
    mistaken = other.replace(day=monthrange(other.year, other.month)[1])
    question = (
        f"A contract is signed in {MONTHS[start.month - 1]} {start.year} and ends on the last day of the month that "
        "comes "
        f"{count(months, 'month')} after that month. On which date does it end?"
    )
    slip = timedelta(days=random.choice((1, -1)))
    return question, long_date(end), square(random, end, mistaken, lambda day: day + slip, long_date), "hard"


_KINDS = (_later_weekday, _weekday, _between, _nth_weekday, _deadline, _coincide, _february, _age, _month_end)


def _row(random: Random, n: int) -> Row | None:
    made = _KINDS[n % len(_KINDS)](random)
    if made is None or not made[2]:
        return None
    question, answer, options, level = made
    return {"question": question, "answer": answer, "options": options, "difficulty": level}


DATES = procedural(
    "calendar-arithmetic",
    250,
    _row,
    description=(
        "Questions about dates between 1890 and 2270: weekdays far ahead, days between dates, the third Tuesday of a "
        "month, working days, cycles that coincide, leap years, ages. Wrong options are off by one day, week or "
        "leap year. Tests calendar knowledge and careful step-by-step date arithmetic."
    ),
    topics="date, calendar, weekday, time, leap year, arithmetic, temporal reasoning, deadline, duration",
    fields=asked("phrase"),
    share=0.08,
)

DATASETS: tuple[Maker, ...] = (DATES,)
