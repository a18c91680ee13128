"""Reading: invented reports of one day, and differing witness accounts of one event."""

from dataclasses import dataclass
from random import Random

from benchmark_agent.starter.families import Row, asked, choices, procedural
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import COLOURS, JOBS, PEOPLE, TOWNS, article, capital, clock, count, joined, listing

_SETTINGS = (
    ("the county museum", "reading room|north gallery|cellar|loading bay|conservation workshop|ticket office",
     "brass sextant|ivory comb|painted globe|bronze helmet|clay tablet|silk banner"),
    ("the polar research station", "generator hut|radio room|ice-core store|galley|weather tower|garage",
     "spare anemometer|satellite phone|drill head|sledge harness|fuel gauge|red flare box"),
    ("the old theatre", "prop store|orchestra pit|wardrobe|lighting gallery|paint shop|stage door office",
     "velvet cloak|tin crown|wooden sword|smoke machine|thunder sheet|gilded mirror"),
    ("the harbour office", "customs shed|chart room|boat house|fuel store|signal tower|cold store",
     "tide ledger|bronze bell|spare propeller|sealed crate|life raft|barometer"),
    ("the botanical garden", "palm house|seed bank|potting shed|herbarium|lily house|fern valley",
     "dwarf cycad|moisture meter|grafting knife|rare orchid|copper sprayer|labelled seed tray"),
    ("the railway works", "paint bay|engine shed|lamp room|boiler shop|pattern store|drawing office",
     "steam whistle|signal lamp|number plate|pressure gauge|coupling rod|conductor's punch"),
    ("the village school", "science room|music room|library|gymnasium|staff room|greenhouse",
     "violin case|model volcano|spelling trophy|microscope|weather balloon|chess clock"),
    ("the mountain hospital", "pharmacy|X-ray room|laundry|ambulance bay|records office|physiotherapy room",
     "portable monitor|splint kit|blood-pressure cuff|oxygen bottle|visitor's log|ultrasound probe"),
)  # fmt: skip
_REASONS = (
    "the lock had been sticking since spring", "an inspector was due the next morning", "a pipe had sprung a leak",
    "two visitors had asked to see it", "the inventory list did not match", "the floor there had to be scrubbed",
    "a film crew needed the space", "the insurance company wanted photographs", "someone had reported a strange smell",
    "it was wanted for a rehearsal", "the label had come loose", "the heating had failed overnight",
    "mice had been seen there twice", "a school class was about to arrive",
)  # fmt: skip
_OPENINGS = (
    "The following was noted at {site} in {town} on a {day}.",
    "This is the log of one {day} at {site} in {town}.",
    "Those on duty at {site} in {town} kept a record that {day}.",
    "A short report was drawn up about one {day} at {site} in {town}.",
)
_MOVES = (
    "At {time}, {who} the {job} carried the {thing} from the {one} to the {two}.",
    "{who}, the {job}, took the {thing} out of the {one} and left it in the {two} at {time}.",
    "By {time} the {thing} was in the {two}; {who} the {job} had brought it there from the {one}.",
)
_EXPLANATIONS = (
    "The {job} later explained that {reason}.",
    "Asked about this, the {job} said that {reason}.",
    "In the margin the {job} wrote that {reason}.",
)
_IDLE = (
    "{who} had asked for the {thing} the week before but was told to wait.",
    "{who} spent the morning in the {one} and touched nothing.",
    "According to {who}, nobody entered the {one} before the first tea break.",
    "{who} recalled seeing the {thing} in another town years ago.",
    "Rain kept {who} indoors, mostly near the {one}.",
)
_PRICES = (
    "Valued at {price} crowns, the {thing} was worth {gap} crowns more than the {other}.",
    "The {thing} had cost {price} crowns, {gap} crowns more than the {other}.",
)


@dataclass(frozen=True, slots=True)
class Move:
    who: str
    job: str
    thing: str
    one: str
    two: str
    time: int
    """Minutes after midnight."""
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    town: str
    text: str
    moves: tuple[Move, ...]
    """In order of time."""
    sentences: tuple[str, ...]
    """The sentence of each move."""
    explanations: tuple[str, ...]
    price: tuple[str, str, int, int, str]
    """Dearer and cheaper thing, price of the dearer, difference, the sentence."""


def _moves(random: Random, places: list[str], things: list[str]) -> list[Move]:
    """Four moves; the first thing is moved twice, so that where it is depends on when."""
    people, jobs = random.sample(PEOPLE, 4), random.sample(JOBS, 4)
    reasons = random.sample(_REASONS, 4)
    times = sorted(random.sample(range(7 * 60 + 5, 18 * 60, 5), 4))
    moved = [things[0], things[1], things[2]]
    random.shuffle(moved)
    moved.insert(random.randint(moved.index(things[0]) + 1, 3), things[0])
    where = dict(zip(things, random.sample(places, 3), strict=False))
    moves = []
    for index, thing in enumerate(moved):
        one = where[thing]
        two = random.choice([place for place in places if place != one])
        where[thing] = two
        moves.append(Move(people[index], jobs[index], thing, one, two, times[index], reasons[index]))
    return moves


def _report(random: Random) -> Report:
    site, places_text, things_text = random.choice(_SETTINGS)
    places, things = places_text.split("|"), random.sample(things_text.split("|"), 4)
    moves = _moves(random, places, things)
    day = random.choice(listing("Monday Tuesday Wednesday Thursday Friday Saturday"))
    sentences, explanations, body = [], [], []
    idle = random.sample([name for name in PEOPLE if name not in {move.who for move in moves}], 3)
    for move in moves:
        values = {"time": clock(move.time), "who": move.who, "job": move.job, "thing": move.thing, "one": move.one}
        sentences.append(random.choice(_MOVES).format(two=move.two, **values))
        explanations.append(random.choice(_EXPLANATIONS).format(job=move.job, reason=move.reason))
    price, gap = random.randrange(320, 980, 10), random.randrange(30, 290, 10)
    pair = (things[3], things[random.randrange(3)])
    priced = random.choice(_PRICES).format(price=price, gap=gap, thing=pair[0], other=pair[1])
    idling = random.sample(_IDLE, 3)
    for index, sentence in enumerate(sentences):
        body += [sentence, explanations[index]]
        if index < 3:
            template = idling[index]
            body.append(template.format(who=idle[index], thing=things[3], one=random.choice(places)))
    body.insert(random.choice((0, 2, 3, 5)), priced)
    town = random.choice(TOWNS)
    text = " ".join([random.choice(_OPENINGS).format(site=site, town=town, day=day), *body])
    return Report(town, text, tuple(moves), tuple(sentences), tuple(explanations), (*pair, price, gap, priced))


def _where(random: Random, report: Report) -> tuple[str, str, str, list[str], str]:
    twice = next(move for move in report.moves if [m.thing for m in report.moves].count(move.thing) == 2)
    first, second = [move for move in report.moves if move.thing == twice.thing]
    places = [move.two for move in report.moves] + [move.one for move in report.moves]
    if random.random() < 0.5:
        asked_time = random.randrange(first.time + 1, second.time)
        question, answer = f"Where was the {first.thing} at {clock(asked_time)}?", first.two
        evidence = report.sentences[report.moves.index(first)]
        tempting = [second.two, first.one, *places]
    else:
        question, answer = f"Where was the {first.thing} at the end of the day?", second.two
        evidence = report.sentences[report.moves.index(second)]
        tempting = [first.two, first.one, *places]
    return question, answer, evidence, tempting, "hard"


def _why(random: Random, report: Report) -> tuple[str, str, str, list[str], str]:
    index = random.randrange(4)
    move = report.moves[index]
    question = f"What reason was given for what {move.who} did?"
    return question, move.reason, report.explanations[index], [other.reason for other in report.moves], "hard"


def _who(random: Random, report: Report) -> tuple[str, str, str, list[str], str]:
    index = random.randrange(4)
    move = report.moves[index]
    question = f"Who put something in the {move.two} because {move.reason}?"
    return question, move.who, report.sentences[index], [other.who for other in report.moves], "moderate"


def _when(random: Random, report: Report) -> tuple[str, str, str, list[str], str]:
    index = random.randrange(4)
    move = report.moves[index]
    question = f"At what time did the person act who said that {move.reason}?"
    times = [clock(other.time) for other in report.moves]
    return question, clock(move.time), report.sentences[index], times, "hard"


def _what(random: Random, report: Report) -> tuple[str, str, str, list[str], str]:
    index = random.randrange(4)
    move = report.moves[index]
    things = [*(other.thing for other in report.moves), report.price[0], report.price[1]]
    return (
        f"What did the {move.job} move?",
        f"the {move.thing}",
        report.sentences[index],
        [f"the {thing}" for thing in things],
        "moderate",
    )


def _cost(random: Random, report: Report) -> tuple[str, str, str, list[str], str]:
    _, cheap, price, gap, sentence = report.price
    wrong = [price + gap, price, gap, price - gap + 10, price - gap - 100]
    question = (
        f"How many crowns was the {cheap} worth?" if "worth" in sentence else f"How many crowns did the {cheap} cost?"
    )
    return question, str(price - gap), sentence, [str(value) for value in wrong if value > 0], "moderate"


_KINDS = (_where, _why, _who, _when, _what, _cost)


def _reading(random: Random, n: int) -> Row | None:
    report = _report(random)
    question, answer, evidence, tempting, level = _KINDS[n % len(_KINDS)](random, report)
    options = choices(random, answer, tempting)
    if not options:
        return None
    return {
        "context": report.text,
        "question": f"In the report from {report.town}, {question[0].lower()}{question[1:]}",
        "answer": answer,
        "evidence": evidence,
        "options": options,
        "difficulty": level,
    }


REPORTS = procedural(
    "reading-reports",
    300,
    _reading,
    description=(
        "Invented reports of one day at a museum, a polar station and other places: people of various trades move "
        "objects at given times and give reasons. Questions ask where, who, when, why and how much; many need two "
        "sentences or the state at one moment. The evidence sentence is marked. No question can be answered without "
        "the passage. Tests reading comprehension, multi-hop inference and state tracking."
    ),
    topics="reading comprehension, passage, narrative, evidence, multi-hop, state tracking, person, place, time",
    fields=(
        field("context", "context", label="passage"),
        *asked("phrase"),
        field("evidence", "span", label="evidence sentence", description="The sentence the answer stands in."),
    ),
    share=0.04,
)

_EVENTS = (
    "a van hit a lamp post", "a car skidded into the fountain", "a bus scraped a parked tram",
    "a lorry lost part of its load", "a taxi ran over a market stall", "a minibus stalled on the tram rails",
)  # fmt: skip
_DETAILS = ("colour", "time", "number", "direction", "object")
_SPOKEN = {
    "colour": ("The vehicle was {}, I am sure.", "It was {}.", "What I remember best is the {} paint."),
    "time": ("It happened at {}.", "The church clock showed {}.", "I looked at my watch: {}."),
    "number": ("I counted {} inside.", "I could see {} in it.", "{} got out afterwards."),
    "direction": ("It came from the {}.", "It had been driving in from the {}.", "It turned in from the {} side."),
    "object": ("Afterwards {} lay on the road.", "I picked up {} from the pavement.", "Someone left {} behind."),
}
_OBJECTS = listing("umbrella suitcase violin helmet lantern parcel briefcase scarf camera walking~stick")


def _value(random: Random, detail: str) -> str:
    if detail == "colour":
        return random.choice(COLOURS)
    if detail == "time":
        return clock(random.randrange(6 * 60, 22 * 60, 5))
    if detail == "number":
        return capital(count(random.randint(1, 6), "person", "people"))
    if detail == "direction":
        return random.choice(("north", "south", "east", "west"))
    return article(random.choice(_OBJECTS).replace("~", " "))


def _accounts(random: Random, names: list[str], odd: dict[str, tuple[str, str]], truth: dict[str, str]) -> str:
    """What each witness says, in an order of their own; `odd` maps a detail to who differs and what they say."""
    parts = []
    for name in names:
        sentences = []
        for detail in random.sample(_DETAILS, len(_DETAILS)):
            value = odd[detail][1] if detail in odd and odd[detail][0] == name else truth[detail]
            template = random.choice(_SPOKEN[detail])
            value = value if template.startswith("{}") else value[:1].lower() + value[1:]
            sentences.append(template.format(value))
        parts.append(f"{name}: “{' '.join(sentences)}”")
    return "\n".join(parts)


_CONFLICT = {
    "colour": "the colour of the vehicle", "time": "the time", "number": "the number of people in the vehicle",
    "direction": "the direction the vehicle came from", "object": "the thing left on the road",
}  # fmt: skip


def _witness(random: Random, n: int) -> Row | None:
    names = random.sample(PEOPLE, 4)
    truth = {detail: _value(random, detail) for detail in _DETAILS}
    kind = n % 3
    differing = random.sample(_DETAILS, 3 if kind == 2 else 2)
    speakers = random.sample(names, len(differing))
    odd = {}
    for detail, name in zip(differing, speakers, strict=True):
        other = _value(random, detail)
        if other == truth[detail]:
            return None
        odd[detail] = (name, other)
    detail = differing[0]
    name = odd[detail][0]
    if kind == 0:
        question, answer, options = (
            f"Which of {joined(names)} contradicts the other three about {_CONFLICT[detail]}?",
            name,
            names,
        )
    elif kind == 1:
        partner = random.choice([other for other in names if other not in speakers])
        question = f"On which point do {joined(sorted((name, partner)))} disagree?"
        answer, options = _CONFLICT[detail], list(_CONFLICT.values())
    else:
        agreed = [key for key in _DETAILS if key not in odd]
        question = f"On which point do all four witnesses, {joined(names)}, agree?"
        answer = _CONFLICT[random.choice(agreed)]
        options = [_CONFLICT[key] for key in differing]
    random.shuffle(options)
    place = f"in {random.choice(TOWNS)}"
    event = random.choice(_EVENTS)
    return {
        "context": f"Four people saw how {event} {place}.\n{_accounts(random, names, odd, truth)}",
        "question": question,
        "answer": answer,
        "options": choices(random, answer, options),
        "difficulty": "hard" if kind else "moderate",
    }


WITNESSES = procedural(
    "witness-accounts",
    200,
    _witness,
    description=(
        "Four witnesses describe one street accident in their own order and words. They agree on most details, and two "
        "or three of them are wrong about one each. Questions ask who contradicts the others, on which point two "
        "accounts disagree, and on which point all agree. Tests comparison of sources and detection of contradictions."
    ),
    topics="reading comprehension, witness, contradiction, comparison, consistency, testimony, source, multi-document",
    fields=(field("context", "context", label="accounts"), *asked("phrase")),
    share=0.16,
)

DATASETS: tuple[Maker, ...] = (REPORTS, WITNESSES)
