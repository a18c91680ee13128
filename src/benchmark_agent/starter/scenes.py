"""Drawn scenes that ask to count, to place and to describe."""

import math
from collections.abc import Callable, Sequence
from itertools import combinations, permutations
from random import Random

from benchmark_agent.starter.families import LEVELS
from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.pictures import Row, among, around, asked, drawn
from benchmark_agent.starter.shapes import COLOURS, FORMS, LARGE, SMALL, Shape, boxes, draw_scene, place, plural

ROOM = (4.0, 4.0, 416.0, 316.0)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six")
BOXES = field("boxes", "bbox", "boxes", "objects").model_copy(update={"parse": "boxes.xyxy"})

# -- counting -------------------------------------------------------------------------------------------


def _crowd(random: Random, count: int) -> list[Shape] | None:
    reaches = [random.choice((SMALL, LARGE)) for _ in range(count)]
    centres = place(random, sorted(reaches, reverse=True), ROOM)
    if centres is None:
        return None
    colours, forms = random.sample(list(COLOURS), 4), random.sample(FORMS, 4)
    return [
        Shape(random.choice(colours), random.choice(forms), x, y, reach)
        for (x, y), reach in zip(centres, sorted(reaches, reverse=True), strict=True)
    ]


def _count(shapes: Sequence[Shape], wanted: Callable[[Shape], bool]) -> int:
    return sum(map(wanted, shapes))


def _count_one(random: Random, shapes: list[Shape], level: str) -> tuple[str, int, list[int]]:
    """Question, answer and what misreading one condition would give."""
    seed, other = random.sample(shapes, 2)
    colour, form, size = seed.colour, seed.form, seed.size
    by_colour, by_form = _count(shapes, lambda s: s.colour == colour), _count(shapes, lambda s: s.form == form)
    both = _count(shapes, lambda s: s.colour == colour and s.form == form)
    if level == "moderate":
        kind = random.choice(("colour", "form"))
        noun, count = (f"{colour} objects", by_colour) if kind == "colour" else (plural(form), by_form)
        return f"How many {noun} are in the picture?", count, [both, by_colour, by_form]
    if level == "hard":
        if random.random() < 0.5:
            sized = _count(shapes, lambda s: s.colour == colour and s.size == size)
            return f"How many {size} {colour} objects are in the picture?", sized, [by_colour, by_colour - sized]
        neither = len(shapes) - _count(shapes, lambda s: s.colour in (colour, other.colour))
        if colour == other.colour:
            return f"How many objects in the picture are not {colour}?", neither, [by_colour, neither - 1]
        question = f"How many objects in the picture are neither {colour} nor {other.colour}?"
        return question, neither, [len(shapes) - by_colour, len(shapes) - neither]
    if random.random() < 0.5:
        either = by_colour + by_form - both
        question = f"How many objects in the picture are {colour} or {plural(form)} (or both)?"
        return question, either, [by_colour + by_form, by_colour, by_form, both]
    large = _count(shapes, lambda s: s.form == form and s.size == "large" and s.colour != colour)
    question = f"How many large {plural(form)} in the picture are not {colour}?"
    return question, large, [by_form - both, by_form, _count(shapes, lambda s: s.form == form and s.size == "large")]


def counting(random: Random, level: str) -> tuple[Row, bytes] | None:
    least = {"moderate": 8, "hard": 13, "very hard": 18}[level]
    shapes = _crowd(random, random.randint(least, least + 6))
    if shapes is None:
        return None
    question, count, misread = _count_one(random, shapes, level)
    row: Row = {
        "question": question,
        "answer": count,
        "options": around(random, count, misread, high=len(shapes)),
        "boxes": boxes(shapes),
    }
    return row, draw_scene(shapes)


# -- relations ------------------------------------------------------------------------------------------

CLEAR = 26.0
"""Pixels by which a relation must hold to be asked about."""
SIDES: dict[str, Callable[[Shape, Shape], float]] = {
    "to the left of": lambda a, b: b.x - a.x,
    "to the right of": lambda a, b: a.x - b.x,
    "above": lambda a, b: b.y - a.y,
    "below": lambda a, b: a.y - b.y,
}
"""How far, in pixels, the first object stands on that side of the second."""

_EDGES = {"left": (1, 0), "right": (-1, 0), "top": (0, 1), "bottom": (0, -1)}
"""The way into the picture from each of its edges."""

Asked = tuple[str, str, list[str]]
"""Question, answer and wrong options."""


def _gathering(random: Random, count: int) -> list[Shape] | None:
    """Objects of one size, each with a name of its own."""
    centres = place(random, [20.0] * count, ROOM, gap=14)
    names = random.sample([(colour, form) for colour in COLOURS for form in FORMS], count)
    if centres is None:
        return None
    return [Shape(colour, form, x, y, 20.0) for (colour, form), (x, y) in zip(names, centres, strict=True)]


def _furthest(random: Random, shapes: list[Shape]) -> Asked | None:
    side = random.choice(list(_EDGES))
    x, y = _EDGES[side]
    ranked = sorted(shapes, key=lambda s: s.x * x + s.y * y)
    if abs((ranked[1].x - ranked[0].x) * x + (ranked[1].y - ranked[0].y) * y) < CLEAR / 2:
        return None
    return f"Which object is nearest to the {side} edge of the picture?", ranked[0].name, [s.name for s in ranked[1:]]


def _direction(random: Random, shapes: list[Shape]) -> Asked | None:
    a, b = random.sample(shapes, 2)
    dx, dy = a.x - b.x, a.y - b.y
    if min(abs(dx), abs(dy)) < CLEAR * 1.5:
        return None
    names = [f"{v} {h}" for v in ("above", "below") for h in ("left", "right")]
    right = names[(2 if dy > 0 else 0) + (1 if dx > 0 else 0)]
    asked = f"Which way does the {a.name} lie from the {b.name}: above left, above right, below left or below right?"
    return asked, right, names


def _nearest(random: Random, shapes: list[Shape]) -> Asked | None:
    seed = random.choice(shapes)
    ranked = sorted((s for s in shapes if s is not seed), key=lambda s: math.dist((s.x, s.y), (seed.x, seed.y)))
    near, next_one = (math.dist((s.x, s.y), (seed.x, seed.y)) for s in ranked[:2])
    if next_one - near < CLEAR:
        return None
    return f"Which object is closest to the {seed.name}?", ranked[0].name, [s.name for s in ranked[1:]]


def _how_many_beside(random: Random, shapes: list[Shape]) -> Asked | None:
    seed, (side, gap) = random.choice(shapes), random.choice(list(SIDES.items()))
    gaps = [gap(other, seed) for other in shapes if other is not seed]
    if min(map(abs, gaps)) < CLEAR / 2:
        return None
    count = sum(g > 0 for g in gaps)
    options = [str(o) for o in around(random, count, [len(gaps) - count], high=len(gaps))]
    return f"How many objects are further {_edge(side)} than the {seed.name}?", str(count), options


def _edge(side: str) -> str:
    return {
        "to the left of": "to the left", "to the right of": "to the right", "above": "up", "below": "down",
    }[side]  # fmt: skip


def _between(random: Random, shapes: list[Shape]) -> Asked | None:
    """One object stands on the straight line between two others, and all the rest well off it."""
    for a, b in random.sample(list(combinations(shapes, 2)), 10):
        others = [(_off_line(s, a, b), s) for s in shapes if s not in (a, b)]
        others.sort(key=lambda pair: pair[0])
        if math.dist((a.x, a.y), (b.x, b.y)) > 130 and others[0][0] < 9 and others[1][0] > 45:
            wrong = [s.name for _, s in others[1:]]
            question = f"Which object lies on the straight line between the {a.name} and the {b.name}?"
            return question, others[0][1].name, wrong
    return None


def _off_line(s: Shape, a: Shape, b: Shape) -> float:
    """Pixels from the centre of `s` to the stretch between `a` and `b`."""
    dx, dy = b.x - a.x, b.y - a.y
    t = max(0.0, min(1.0, ((s.x - a.x) * dx + (s.y - a.y) * dy) / (dx * dx + dy * dy)))
    return math.dist((s.x, s.y), (a.x + t * dx, a.y + t * dy))


def _two_sides(random: Random, shapes: list[Shape]) -> Asked | None:
    """The only object that is on one side of a first object and on another side of a second."""
    for a, b in random.sample(list(permutations(shapes, 2)), 8):
        across, upright = random.choice(list(SIDES)[:2]), random.choice(list(SIDES)[2:])
        rest = [s for s in shapes if s not in (a, b)]
        gaps = [(SIDES[across](s, a), SIDES[upright](s, b)) for s in rest]
        if min(abs(g) for pair in gaps for g in pair) < CLEAR / 2:
            continue
        right = [s for s, (x, y) in zip(rest, gaps, strict=True) if x > 0 and y > 0]
        if len(right) == 1:
            question = (
                f"Only one object is both further {_edge(across)} than the {a.name} "
                f"and further {_edge(upright)} than the {b.name}. Which?"
            )
            return question, right[0].name, [s.name for s in rest]
    return None


def _in_frame(random: Random, shapes: list[Shape]) -> tuple[Asked, tuple[float, float, float, float]] | None:
    x, y = random.uniform(20, 140), random.uniform(20, 100)
    frame = (x, y, x + random.uniform(170, 240), y + random.uniform(130, 190))
    inside = []
    for shape in shapes:
        left, top, right, bottom = shape.box
        within = left > frame[0] + 6 and top > frame[1] + 6 and right < frame[2] - 6 and bottom < frame[3] - 6
        outside = right < frame[0] - 6 or left > frame[2] + 6 or bottom < frame[1] - 6 or top > frame[3] + 6
        if within == outside:
            return None
        inside += [shape] if within else []
    if not inside:
        return None
    if len(inside) == 1:
        asked_one = "Which object is inside the grey frame?", inside[0].name, [s.name for s in shapes]
        return asked_one, frame
    options = [str(o) for o in around(random, len(inside), [len(shapes) - len(inside)], high=len(shapes))]
    return ("How many objects are inside the grey frame?", str(len(inside)), options), frame


def relations(random: Random, level: str) -> tuple[Row, bytes] | None:
    count = {"moderate": 5, "hard": 7, "very hard": 9}[level]
    shapes = _gathering(random, random.randint(count, count + 1))
    if shapes is None:
        return None
    frame = None
    asks = {
        "moderate": (_furthest, _direction),
        "hard": (_nearest, _how_many_beside, None),
        "very hard": (_between, _two_sides, _two_sides),
    }[level]
    ask = random.choice(asks)
    if ask is None:
        framed = _in_frame(random, shapes)
        if framed is None:
            return None
        found: Asked | None = framed[0]
        frame = framed[1]
    else:
        found = ask(random, shapes)
    if found is None:
        return None
    question, answer, wrong = found
    random.shuffle(wrong)
    row: Row = {
        "question": question,
        "answer": answer,
        "options": among(random, answer, wrong),
        "boxes": boxes(shapes),
    }
    return row, draw_scene(shapes, frame=frame)


# -- captions -------------------------------------------------------------------------------------------


def describe(group: Sequence[Shape], a: Shape, side: str, b: Shape) -> str:
    """One true sentence: how many of one kind there are, and how two others stand."""
    number, kind = _NUMBERS[len(group)], f"{group[0].colour} {plural(group[0].form)}"
    return f"There are {number} {kind}, and the {a.size} {a.name} is {side} the {b.size} {b.name}."


def captioned(random: Random, level: str) -> tuple[Row, bytes] | None:
    """Few colours and forms, so that captions of other scenes differ in one or two words."""
    colours, forms = ("red", "blue", "green"), ("circle", "square", "star")
    kinds = random.sample([(colour, form) for colour in colours for form in forms], 3)
    reaches = [random.choice((SMALL, LARGE)) for _ in kinds]
    if len(set(reaches)) == 1:
        return None
    count = random.randint(*{"moderate": (2, 3), "hard": (3, 4), "very hard": (5, 6)}[level])
    sizes = [reaches[0]] * count + reaches[1:]
    centres = place(random, sizes, ROOM, gap=16)
    if centres is None:
        return None
    shapes = [
        Shape(*kinds[max(0, i - count + 1)], x, y, size)
        for i, ((x, y), size) in enumerate(zip(centres, sizes, strict=True))
    ]
    a, b = shapes[count : count + 2]
    side = random.choice([name for name, gap in SIDES.items() if gap(a, b) > 0])
    if SIDES[side](a, b) < CLEAR * 2:
        return None
    row: Row = {"caption": describe(shapes[:count], a, side, b), "boxes": boxes(shapes)}
    return row, draw_scene(shapes)


def _kinds_of(row: Row) -> str:
    """Which objects a scene has: no two captioned scenes have the same, so no caption is true of two."""
    found = row["boxes"]
    assert isinstance(found, list)
    return "; ".join(sorted(str(box["label"]) for box in found if isinstance(box, dict)))


DATASETS: tuple[Maker, ...] = (
    drawn(
        "drawn-scene-counting",
        150,
        counting,
        description="Drawn scenes of 8 to 24 shapes in several colours, forms and sizes; how many meet a condition.",
        topics="counting, object, shape, colour, size, scene, visual, perception, attribute",
        fields=(*asked("number"), BOXES),
    ),
    drawn(
        "drawn-scene-relations",
        120,
        relations,
        description="Drawn scenes of single shapes; which stands left, right, above, below, inside, between, nearest.",
        topics="spatial, relation, position, direction, left, right, above, below, inside, between, scene, visual",
        fields=(*asked(), BOXES),
    ),
    drawn(
        "drawn-scene-captions",
        120,
        captioned,
        description="Drawn scenes of shapes, each with one sentence that is true of it and of no other in the set.",
        topics="caption, description, image text matching, scene, attribute, spatial, counting, visual",
        fields=(
            field("caption", "answer", label="caption"),
            BOXES,
            field("difficulty", "metadata", "label", scale=LEVELS),
        ),
        alike=_kinds_of,
    ),
)
