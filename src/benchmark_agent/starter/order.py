"""Putting events in order from clues, and following moves and positions in space."""

from collections.abc import Callable, Sequence
from itertools import permutations
from random import Random

from benchmark_agent.starter.families import Row, asked, choices, procedural, texts
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.words import PEOPLE, TOWNS, capital, count, joined, ordinal

_STORIES = (
    ("the restoration of a windmill",
     ("the sails were taken down", "the cap was repainted", "the millstone was recut", "the tower was propped up",
      "the gears were greased", "the first flour was ground", "the stairs were renewed")),
    ("a concert tour",
     ("the drummer fell ill", "the bus broke down", "the choir joined the band", "the lights failed",
      "the second album was announced", "the mayor gave a speech", "the encore was recorded")),
    ("a search at sea",
     ("the flare was seen", "the helicopter turned back", "the life raft was found", "the radio fell silent",
      "the fog lifted", "the trawler changed course", "the captain was hoisted aboard")),
    ("the founding of a cooperative",
     ("the barn was bought", "the bylaws were signed", "the first cheese was sold", "the bank refused a loan",
      "the sign was painted", "two families left", "the solar roof was built")),
    ("an excavation",
     ("the mosaic was uncovered", "the trench flooded", "the coin was dated", "the wall was measured",
      "the tent was struck", "the students arrived", "the drone survey was flown")),
    ("the making of a film",
     ("the lead actor was replaced", "the desert scene was shot", "the score was recorded", "the script was rewritten",
      "the funding ran out", "the trailer was shown", "the set burned down")),
    ("the building of a tram line",
     ("the rails were laid", "the bridge was widened", "the depot was opened", "the fares were fixed",
      "the test run was cancelled", "the old trees were moved", "the drivers were trained")),
)  # fmt: skip
Clue = tuple[str, Callable[[Sequence[str]], bool]]


def _clue(random: Random, order: Sequence[str]) -> Clue:
    """A true sentence about the order, and its test on any order."""
    one, two = sorted(random.sample(range(len(order)), 2))
    first, second, gap = order[one], order[two], two - one
    kind = random.randrange(4)
    if kind == 0 and gap == 1:
        after, between = f"{capital(second)} right after {first}.", f"After {first}, the next thing was that {second}."
        return random.choice((after, between)), lambda tried: tried.index(second) - tried.index(first) == 1
    if kind == 1 and gap in (2, 3):
        between = f"Exactly {count(gap - 1, 'other event')} came between these two: first {first}, later {second}."
        return between, lambda tried: tried.index(second) - tried.index(first) == gap
    if kind == 2 and one > 0:
        words = f"{capital(first)} neither first nor last."
        return words, lambda tried: 0 < tried.index(first) < len(tried) - 1
    words = random.choice((f"{capital(first)} some time before {second}.", f"Before {second}, {first}."))
    return words, lambda tried: tried.index(first) < tried.index(second)


def _clues(random: Random, order: Sequence[str]) -> list[str] | None:
    """Clues that leave one order only, none of them idle; None when the draw takes too many."""
    left = list(permutations(order))
    clues: list[str] = []
    for _ in range(40):
        text, holds = _clue(random, order)
        kept = [tried for tried in left if holds(tried)]
        if len(kept) < len(left):
            clues.append(text)
            left = kept
        if len(left) == 1:
            random.shuffle(clues)
            return clues if 4 <= len(clues) <= 9 else None
    return None


def _ordering(random: Random, n: int) -> Row | None:
    title, events = random.choice(_STORIES)
    order = random.sample(events, 6)
    clues = _clues(random, order)
    if clues is None:
        return None
    place = random.randrange(1, 5)
    kind = n % 3
    if kind == 0:
        question, answer = f"Which event was the {ordinal(place + 1)} of the six?", order[place]
        wrong = [order[place - 1], order[place + 1], *order]
    elif kind == 1:
        question, answer = f"What happened directly before {order[place]}?", order[place - 1]
        wrong = [order[place + 1], *order[: place - 1], *order[place + 1 :]]
    else:
        one, two = sorted(random.sample(range(6), 2))
        if two - one < 2:
            return None
        question = f"What happened directly after {order[one]}?"
        answer, wrong = order[one + 1], [order[two], *order[:one], *order[one + 2 :]]
    town = random.choice(TOWNS)
    shuffled = random.sample(order, 6)
    context = f"Six things happened during {title} in {town}, one after another: {joined(shuffled)}. {' '.join(clues)}"
    return {
        "context": context,
        "events": texts(order),
        "question": f"In the story of {title} in {town}, {question[0].lower()}{question[1:]}",
        "answer": answer,
        "options": choices(random, answer, wrong),
        "difficulty": "hard",
    }


ORDERING = procedural(
    "event-order",
    220,
    _ordering,
    description=(
        "Six events of an invented story are named out of order, followed by shuffled clues (right after, some time "
        "before, one event in between, neither first nor last) that together fix the sequence. Each row also holds the "
        "events in their true order. Tests temporal reasoning, ordering under constraints and planning."
    ),
    topics="order, sequence, event, time, temporal reasoning, clue, constraint, story, timeline",
    fields=(
        field("context", "context", label="clues"),
        field("events", "context", "items", "events in the order they happened"),
        *asked("phrase"),
    ),
    share=0.05,
)

_TURNS = ("north", "east", "south", "west")
_STEP = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}
_CORNERS = "anything between north and east counts as northeast, and so on"
_EIGHT = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")


def bearing(dx: int, dy: int) -> str:
    """One of eight directions; exact diagonals are not required for the mixed ones."""
    vertical = "north" if dy > 0 else "south" if dy < 0 else ""
    horizontal = "east" if dx > 0 else "west" if dx < 0 else ""
    return vertical + horizontal


def clear(answer: str, other: str) -> bool:
    """Whether `other` is plainly wrong: not a half of the answer, nor the answer a half of it."""
    return bool(other) and answer not in other and other not in answer


def _walk(random: Random) -> tuple[str, int, int, str]:
    """A walk in words: its text, the end relative to the start in blocks, and the way faced at the end."""
    facing, x, y = random.randrange(4), 0, 0
    sentences = [f"starts at the fountain and faces {_TURNS[facing]}"]
    for _ in range(random.randint(5, 7)):
        turn = random.choice(("left", "right", "around", ""))
        facing = (facing + {"left": -1, "right": 1, "around": 2, "": 0}[turn]) % 4
        blocks = random.randint(1, 6)
        dx, dy = _STEP[_TURNS[facing]]
        x, y = x + dx * blocks, y + dy * blocks
        walked = f"walks {count(blocks, 'block')}"
        sentences.append(f"turns {turn} and {walked}" if turn else f"{walked} straight on")
    return ", then ".join([sentences[0], *sentences[1:]]), x, y, _TURNS[facing]


def _spatial_walk(random: Random, n: int) -> Row | None:
    text, x, y, facing = _walk(random)
    who = random.choice(PEOPLE)
    town = random.choice(TOWNS)
    kind = n % 3
    if kind == 0:
        if not bearing(x, y):
            return None
        question = f"In which direction from the fountain of {town} does {who} end up?"
        answer = bearing(x, y)
        wrong = [bearing(-x, -y), bearing(-x, y), bearing(y, x), bearing(x, -y), *random.sample(_EIGHT, 8)]
        wrong = [way for way in wrong if clear(answer, way)]
    elif kind == 1:
        question = f"Which way does {who} face at the end of the walk in {town}?"
        answer, wrong = facing, [*_TURNS]
    else:
        blocks = abs(x) + abs(y)
        question = f"At least how many blocks must {who} walk along the streets of {town} to get back to the fountain?"
        answer = str(blocks)
        lengths = (max(abs(x), abs(y)), blocks + 1, abs(abs(x) - abs(y)), blocks + 2, blocks + 4)
        wrong = [str(length) for length in lengths]
    return {
        "context": f"The streets of {town} form a square grid; {_CORNERS}. {who} {text}.",
        "question": question,
        "answer": answer,
        "options": choices(random, answer, wrong),
        "difficulty": "hard",
    }


_RELATIONS = {
    (0, 1): "north", (0, -1): "south", (1, 0): "east", (-1, 0): "west",
    (1, 1): "northeast", (-1, 1): "northwest", (1, -1): "southeast", (-1, -1): "southwest",
}  # fmt: skip
_BUILDINGS = (
    "bakery", "chapel", "clinic", "court", "forge", "inn", "library", "market hall", "museum", "post office", "school",
    "stable", "theatre", "town hall", "well",
)  # fmt: skip


def _map(random: Random) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Buildings on a grid, and sentences that place each one next to one named before."""
    names = random.sample(_BUILDINGS, random.randint(5, 6))
    at = {names[0]: (0, 0)}
    sentences = []
    for index, name in enumerate(names[1:]):
        anchor = random.choice(names[max(0, index - 1) : index + 1])
        step = random.choice(sorted(_RELATIONS))
        blocks = random.randint(1, 4) if 0 in step else 1
        spot = (at[anchor][0] + step[0] * blocks, at[anchor][1] + step[1] * blocks)
        way = _RELATIONS[step]
        far = f"{count(blocks, 'block')} {way}" if 0 in step else f"one block diagonally to the {way}"
        sentences.append(f"The {name} is {far} of the {anchor}.")
        at[name] = spot
    random.shuffle(sentences)
    return at, sentences


def _spatial_map(random: Random, n: int) -> Row | None:
    at, sentences = _map(random)
    one, two = random.sample(sorted(at), 2)
    (ax, ay), (bx, by) = at[one], at[two]
    if len(set(at.values())) < len(at) or any(one in text and two in text for text in sentences):
        return None
    answer = bearing(ax - bx, ay - by)
    wrong = [bearing(bx - ax, by - ay), bearing(ay - by, ax - bx), *random.sample(_EIGHT, 8)]
    town = random.choice(TOWNS)
    return {
        "context": f"In {town}, north is up and all blocks have the same length; {_CORNERS}. {' '.join(sentences)}",
        "question": f"In {town}, where is the {one} as seen from the {two}?",
        "answer": answer,
        "options": choices(random, answer, [way for way in wrong if clear(answer, way)]),
        "difficulty": "very hard" if len(at) > 5 else "hard",
    }


def _spatial(random: Random, n: int) -> Row | None:
    row = _spatial_map(random, n) if n % 2 else _spatial_walk(random, n // 2)
    return row if row and row["options"] else None


SPATIAL = procedural(
    "spatial-relations",
    240,
    _spatial,
    description=(
        "Walks with turns over a street grid, and buildings placed relative to each other in shuffled sentences. "
        "Questions ask for the direction of one place from another, the way faced at the end, or the shortest way "
        "back. Tests building and updating a mental map from text."
    ),
    topics="spatial reasoning, direction, map, position, grid, navigation, north, turn, relation",
    fields=(field("context", "context", label="description"), *asked("phrase")),
    share=0.14,
    even=True,
)

DATASETS: tuple[Maker, ...] = (ORDERING, SPATIAL)
