"""Small machines told in words: gear trains, water tanks, circuits. What happens, and what if one step differed?"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from benchmark_agent.starter.families import Row, asked, choices, near, procedural
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import TOWNS, capital, clock, joined, numeral, ordinal

_WAYS = ("clockwise", "counterclockwise")


def _gears(random: Random, n: int) -> Row | None:
    """A train of gears, some pairs joined by a belt (same way), some by a crossed belt or by teeth (opposite way)."""
    size = random.randint(4, 6)
    names = [f"wheel {letter}" for letter in "PQRSTU"[:size]]
    teeth = [random.choice((12, 16, 18, 20, 24, 30, 36, 40, 48)) for _ in names]
    links = [random.choice(("mesh", "mesh", "belt", "crossed")) for _ in names[1:]]
    told = [f"{capital(names[0])} has {teeth[0]} teeth."]
    for k, link in enumerate(links):
        how = {
            "mesh": "meshes directly with",
            "belt": "is driven by an open chain from",
            "crossed": "is driven by a crossed belt from",
        }[link]
        told.append(f"{capital(names[k + 1])} has {teeth[k + 1]} teeth and {how} {names[k]}.")
    start = random.randrange(2)
    flips = sum(link != "belt" for link in links)
    told.append("Belts and chains are toothed and do not slip.")
    context = f"In a mill of {random.choice(TOWNS)}: {' '.join(told)}"
    if n % 3 == 0:
        question = f"{capital(names[0])} turns {_WAYS[start]}. Which way does {names[-1]} turn?"
        answer = _WAYS[(start + flips) % 2]
        return _row(context, question, answer, ["clockwise", "counterclockwise"], "moderate", "gears")
    if n % 3 == 1:
        k = random.randrange(len(links))
        swapped = flips + (1 if links[k] == "belt" else -1)
        how = "teeth meshing directly" if links[k] == "belt" else "an open chain"
        question = (
            f"{capital(names[0])} turns {_WAYS[start]}. Suppose {names[k]} and {names[k + 1]} were connected by "
            f"{how} "
            f"instead, all else being equal. Which way would {names[-1]} turn?"
        )
        answer = _WAYS[(start + swapped) % 2]
        return _row(context, question, answer, ["clockwise", "counterclockwise"], "hard", "gears")
    turns = random.randint(2, 12) * teeth[-1] // 4 * 4
    whole = Fraction(turns * teeth[0], teeth[-1])
    if whole.denominator > 1 or teeth[0] == teeth[-1] or whole == turns:
        return None
    question = f"While {names[0]} makes {turns} full turns, how many full turns does {names[-1]} make?"
    wrong = [turns, turns * teeth[-1] // teeth[0], turns * teeth[0] // teeth[1], int(whole) * 2]
    return _numbered(random, context, question, int(whole), wrong, "hard", "gears")


def _row(context: str, question: str, answer: str, options: Sequence[str], level: str, machine: str) -> Row:
    return {
        "context": context,
        "question": question,
        "answer": answer,
        "options": [*options],
        "machine": machine,
        "difficulty": level,
    }


def _numbered(
    random: Random, context: str, question: str, answer: int, wrong: list[int], level: str, machine: str
) -> Row:
    options = near(random, answer, wrong, low=0)
    return _row(
        context, question, str(answer), [str(o) for o in options] if isinstance(options, list) else [], level, machine
    )


@dataclass(frozen=True, slots=True)
class Event:
    minute: int
    """Minutes after midnight."""
    inflow: int
    """Litres a minute from then on."""
    outflow: int


def level_at(start: int, events: Sequence[Event], minute: int, capacity: int) -> int:
    """Litres in the tank: never under 0, never over its capacity; changed minute by minute."""
    litres, rate = start, 0
    for now in range(events[0].minute, minute):
        for event in events:
            if event.minute == now:
                rate = event.inflow - event.outflow
        litres = min(capacity, max(0, litres + rate))
    return litres


def _tank_story(random: Random) -> tuple[str, int, list[Event], int]:
    """The story, litres at first, the settings of inlet and outlet over time, and the capacity."""
    start, capacity = random.randrange(100, 400, 20), random.choice((600, 800, 1000))
    minute = random.randrange(6 * 60, 12 * 60, 5)
    inflow, outflow = random.randint(6, 20), 0
    events = [Event(minute, inflow, outflow)]
    told = [
        f"At {clock(minute)} a tank that can hold {capacity} litres contains {start} litres and its outlet is shut.",
        f"At that moment the inlet is opened and lets in {inflow} litres a minute.",
    ]
    for _ in range(random.randint(2, 3)):
        minute += random.randrange(10, 40, 5)
        change = random.randrange(3)
        if change == 0 and outflow == 0:
            outflow = random.randint(5, 24)
            told.append(f"At {clock(minute)} the outlet is opened; {outflow} litres a minute leave through it.")
        elif change == 1 and inflow:
            inflow = 0
            told.append(f"At {clock(minute)} the inlet is shut.")
        else:
            inflow = random.choice([rate for rate in range(4, 22) if rate != inflow])
            told.append(f"At {clock(minute)} the inlet is set to {inflow} litres a minute.")
        events.append(Event(minute, inflow, outflow))
    told.append("Water that finds no room runs over the edge, and an empty tank gives nothing.")
    return " ".join(told), start, events, capacity


def _tank(random: Random, n: int) -> Row | None:
    story, start, events, capacity = _tank_story(random)
    end = events[-1].minute + random.randrange(10, 35, 5)
    litres = level_at(start, events, end, capacity)
    unbounded = level_at(start, events, end, 10**9)
    context = f"In the waterworks of {random.choice(TOWNS)}: {story}"
    if n % 2:
        question = f"How many litres are in the tank at {clock(end)}?"
        wrong = [unbounded, litres + events[-1].inflow, litres - start, capacity, litres + 10]
        return _numbered(random, context, question, litres, wrong, "hard", "tank")
    skipped = random.randrange(1, len(events))
    kept = [events[0]]
    for k, event in enumerate(events[1:], start=1):
        before = events[k - 1]
        inflow = kept[-1].inflow if event.inflow == before.inflow else event.inflow
        outflow = kept[-1].outflow if event.outflow == before.outflow else event.outflow
        kept.append(
            Event(event.minute, kept[-1].inflow, kept[-1].outflow)
            if k == skipped
            else Event(event.minute, inflow, outflow)
        )
    changed = level_at(start, kept, end, capacity)
    if changed == litres:
        return None
    question = (
        f"Suppose nobody had done what was done at {clock(events[skipped].minute)}, and all the other settings had "
        "been made "
        f"as told. How many litres would be in the tank at {clock(end)}?"
    )
    return _numbered(
        random, context, question, changed, [litres, unbounded, capacity, changed + 20], "very hard", "tank"
    )


def lit(branches: Sequence[Sequence[str]], closed: set[str]) -> set[str]:
    """Lamps that burn: those whose branch, all in series with the main switch M, has every switch closed."""
    burning = set()
    for number, branch in enumerate(branches, start=1):
        if "M" in closed and all(switch in closed for switch in branch):
            burning.add(f"lamp {number}")
    return burning


def _circuit(random: Random, n: int) -> Row | None:
    count = random.randint(3, 4)
    switches = ["A", "B", "C", "D", "E"]
    branches = [random.sample(switches, random.randint(1, 3)) for _ in range(count)]
    lamps = [f"lamp {k + 1}" for k in range(count)]
    closed = {switch for switch in [*switches, "M"] if random.random() < 0.7}
    parts = []
    for lamp, branch in zip(lamps, branches, strict=True):
        shown = f"switch {branch[0]}" if len(branch) == 1 else f"switches {joined(sorted(branch))}"
        parts.append(f"{lamp.capitalize()} is in one branch with {shown}.")
    shut = f"At first the closed switches are {joined(sorted(closed))}; all others are open." if len(closed) > 1 else ""
    toggled = [random.choice([*switches, "M"]) for _ in range(random.randint(3, 5))]
    state = set(closed)
    for switch in toggled:
        state ^= {switch}
    burning = lit(branches, state)
    before = lit(branches, closed)
    if not shut or len({frozenset(branch) for branch in branches}) < count:
        return None
    context = (
        f"In a circuit in {random.choice(TOWNS)} all branches are connected in parallel to a battery, behind the "
        "main switch M. "
        f"Within a branch everything is in series. {' '.join(parts)} {shut} Then these switches are flipped one after "
        f"another, each flip opening a closed switch or closing an open one: {', '.join(toggled)}."
    )
    sets = [_named(lamps, {lamp for k, lamp in enumerate(lamps) if mask >> k & 1}) for mask in range(2**count)]
    random.shuffle(sets)
    if n % 2:
        answer = _named(lamps, burning)
        question = f"Which of the {numeral(count)} lamps burn in the end?"
        tempting = [_named(lamps, before), *sets]
    else:
        k = random.randrange(len(toggled))
        answer = _named(lamps, lit(branches, state ^ {toggled[k]}))
        question = (
            f"Suppose the {ordinal(k + 1)} flip, that of switch {toggled[k]}, had been forgotten. Which of the "
            f"{numeral(count)} "
            "lamps would burn in the end?"
        )
        tempting = [_named(lamps, burning), _named(lamps, before), *sets]
    if answer == "none of them" and random.random() < 0.6:
        return None
    options = choices(random, answer, tempting)
    shown_options = [str(option) for option in options] if isinstance(options, list) else []
    return _row(context, question, answer, shown_options, "hard" if n % 2 else "very hard", "circuit")


def _named(lamps: Sequence[str], burning: set[str]) -> str:
    return joined([lamp for lamp in lamps if lamp in burning]) if burning else "none of them"


_MACHINES = (_gears, _tank, _circuit)


def _build(random: Random, n: int) -> Row | None:
    row = _MACHINES[n % 3](random, n // 3)
    return row if row and row["options"] else None


MACHINES = procedural(
    "small-machines",
    210,
    _build,
    description=(
        "Chains of cause and effect in small machines: gear trains with meshing wheels, chains and crossed belts; "
        "water tanks whose inlet and outlet are set over time; circuits with switches in branches. Questions ask what "
        "happens, and what would have happened had one step been left out or changed. Tests reasoning about "
        "mechanisms, causes and counterfactuals."
    ),
    topics="physics, counterfactual, mechanism, machine, gear, circuit, tank, simulation, state tracking",
    fields=(field("context", "context", label="machine"), *asked("phrase"), field("machine", "metadata", "label")),
    share=0.12,
    even=True,
)

DATASETS: tuple[Maker, ...] = (MACHINES,)
