"""Schedules: a slot in which everybody is free, and the connection that arrives first."""

from random import Random

from benchmark_agent.starter.families import Row, asked, choices, grid, procedural
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import PEOPLE, TOWNS, clock, joined, listing, numeral

Spans = list[tuple[int, int]]
"""Start and end in minutes after midnight, in order, apart."""

_OPEN, _CLOSE = 9 * 60, 18 * 60
_ERRANDS = listing(
    "meeting interview lecture fitting rehearsal call inspection tutorial delivery review briefing viewing"
)
_BUSY = (
    "{who} has {what} from {a} to {b}",
    "{who} is held up by {what} between {a} and {b}",
    "from {a} to {b} {who} has {what}",
)


def _busy(random: Random) -> Spans:
    """Three or four engagements, on the quarter hour."""
    cuts = sorted(random.sample(range(_OPEN, _CLOSE + 1, 15), 2 * random.randint(3, 4)))
    return [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if b - a <= 150]


def free(days: list[Spans]) -> Spans:
    """The spans of the working day in which nobody is busy."""
    spans, at = [], _OPEN
    for a, b in sorted(span for day in days for span in day):
        if a > at:
            spans.append((at, a))
        at = max(at, b)
    return [*spans, (at, _CLOSE)] if at < _CLOSE else spans


def _told(random: Random, people: list[str], days: list[Spans]) -> str:
    parts = []
    for who, spans in zip(people, days, strict=True):
        errands = random.sample(_ERRANDS, len(spans))
        for (a, b), errand in zip(random.sample(spans, len(spans)), errands, strict=True):
            what = f"{'an' if errand[0] in 'aeiou' else 'a'} {errand}"
            sentence = random.choice(_BUSY).format(who=who, what=what, a=clock(a), b=clock(b))
            parts.append(f"{sentence[0].upper()}{sentence[1:]}.")
    random.shuffle(parts)
    return " ".join(parts)


def _slot(random: Random, n: int) -> Row | None:
    people = random.sample(PEOPLE, 3)
    days = [_busy(random) for _ in people]
    needed = random.choice((30, 45, 60, 75))
    spans = free(days)
    fitting = [a for a, b in spans if b - a >= needed]
    if min(len(day) for day in days) < 2 or len(fitting) < 2 or len(spans) < 3:
        return None
    wanted = fitting[0] if n % 2 else fitting[-1]
    pairs = [free([days[k] for k in range(3) if k != left]) for left in range(3)]
    wrong = [a for gaps in pairs for a, b in gaps if b - a >= needed] + [a for a, _ in spans]
    wrong += [wanted + 15, wanted - 15, wanted + 30]
    names = joined(people)
    question = f"What is the earliest time at which {names} can all start a talk of {needed} minutes?"
    if not n % 2:
        question = (
            f"{names} are all free in several gaps of at least {needed} minutes. When does the last of these begin?"
        )
    options = [clock(time) for time in dict.fromkeys(wrong) if _OPEN <= time < _CLOSE and time != wanted]
    return {
        "context": f"{names} work from {clock(_OPEN)} to {clock(_CLOSE)}. {_told(random, people, days)}",
        "question": question,
        "answer": clock(wanted),
        "options": choices(random, clock(wanted), options),
        "difficulty": "hard",
    }


SLOTS = procedural(
    "free-slots",
    140,
    _slot,
    description=(
        "The engagements of three people on one working day, in shuffled sentences. The question asks for the first or "
        "last gap in which all three are free for long enough. Wrong options overlook one person or take a gap that is "
        "too short. Tests planning under constraints and interval reasoning."
    ),
    topics="schedule, planning, calendar, constraint, time, interval, appointment, temporal reasoning",
    fields=(field("context", "context", label="engagements"), *asked("phrase")),
    share=0.08,
)

Leg = tuple[str, str, str, int, int]
"""Line, from, to, departure and arrival in minutes."""


def _legs(random: Random, towns: list[str]) -> list[Leg]:
    """Services between a start, two places of change and an end, and a few slow direct ones."""
    start, one, two, end = towns
    legs = []
    lines = iter(random.sample([f"{letter}{k}" for letter in "ABCD" for k in range(1, 9)], 14))
    for here, there in ((start, one), (start, two), (one, end), (two, end), (one, two)):
        for _ in range(2 if (here, there) != (one, two) else 1):
            leave = random.randrange(8 * 60, 12 * 60, 5) + (70 if there == end else 0)
            legs.append((next(lines), here, there, leave, leave + random.randrange(25, 80, 5)))
    leave = random.randrange(8 * 60, 10 * 60, 5)
    legs.append((next(lines), start, end, leave, leave + random.randrange(170, 260, 5)))
    return legs


def journeys(legs: list[Leg], start: str, end: str, change: int, earliest: int) -> list[list[Leg]]:
    """Every chain of services from start to end with at least `change` minutes at each change."""
    found: list[list[Leg]] = []
    open_ends: list[list[Leg]] = [[leg] for leg in legs if leg[1] == start and leg[3] >= earliest]
    while open_ends:
        chain = open_ends.pop()
        if chain[-1][2] == end:
            found.append(chain)
            continue
        seen = {start, *(leg[2] for leg in chain)}
        open_ends += [
            [*chain, leg]
            for leg in legs
            if leg[1] == chain[-1][2] and leg[2] not in seen and leg[3] >= chain[-1][4] + change
        ]
    return found


def _connection(random: Random, n: int) -> Row | None:
    towns = random.sample(TOWNS, 4)
    legs, change, earliest = _legs(random, towns), random.choice((5, 10, 15)), random.randrange(8 * 60, 9 * 60 + 30, 5)
    found = sorted(journeys(legs, towns[0], towns[3], change, earliest), key=lambda chain: chain[-1][4])
    if len(found) < 2 or found[0][-1][4] == found[1][-1][4]:
        return None
    best = found[0]
    loose = sorted(journeys(legs, towns[0], towns[3], 0, 0), key=lambda chain: chain[-1][4])
    arrivals = [clock(chain[-1][4]) for chain in [*loose, *found]] + [
        clock(leg[4]) for leg in legs if leg[2] == towns[3]
    ]
    random.shuffle(legs)
    who = random.choice(PEOPLE)
    if n % 2:
        asked_for = f"When does {who} arrive in {towns[3]} at the earliest?"
        answer, tempting = clock(best[-1][4]), arrivals
    else:
        asked_for = f"Which lines does {who} take, in order, to arrive in {towns[3]} as early as possible?"
        answer = joined([leg[0] for leg in best], "then")
        tempting = [joined([leg[0] for leg in chain], "then") for chain in [*loose, *found]]
        tempting += [f"{one} then {two}" for one in (legs[0][0], legs[1][0]) for two in (legs[2][0], legs[3][0])]
    return {
        "table": grid(
            ("Line", "From", "To", "Departure", "Arrival"), [(*leg[:3], clock(leg[3]), clock(leg[4])) for leg in legs]
        ),
        "question": (
            f"{who} is at {towns[0]} station from {clock(earliest)} on and needs at least {numeral(change)} minutes "
            "for "
            f"every change. {asked_for}"
        ),
        "answer": answer,
        "options": choices(random, answer, tempting),
        "difficulty": "hard",
    }


CONNECTIONS = procedural(
    "timetable-connections",
    140,
    _connection,
    description=(
        "Timetables of train lines between invented towns, in shuffled order. The question asks for the earliest "
        "arrival, or the lines to take, when each change takes a minimum time. Wrong options miss a connection or "
        "leave "
        "too early. Tests planning, table lookup and reasoning with times."
    ),
    topics="timetable, train, travel, route, planning, table, time, connection, search, constraint",
    fields=(field("table", "table", "table", "timetable"), *asked("phrase")),
    share=0.05,
    even=True,
)

DATASETS: tuple[Maker, ...] = (SLOTS, CONNECTIONS)
