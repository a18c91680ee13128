"""Geometry with marked measures, drawn to scale."""

import math
from collections.abc import Callable, Sequence
from random import Random

from benchmark_agent.starter.makers import Maker, field
from benchmark_agent.starter.pictures import Row, around, asked, drawn
from benchmark_agent.tools.render.canvas import Canvas, Point
from benchmark_agent.tools.render.lettering import width

WIDTH, HEIGHT = 400, 300
FILL, EDGE = "#dbe9f6", "#1f4e79"

Sketch = tuple[str, str, int, list[int], bytes]
"""Figure, question, answer, what misreadings give, picture."""


def _fitted(points: Sequence[Point], margin: float = 62) -> list[Point]:
    """The points scaled and moved to the middle of the canvas."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    scale = min((WIDTH - 2 * margin) / (max(xs) - min(xs)), (HEIGHT - 2 * margin) / (max(ys) - min(ys)))
    left = (WIDTH - scale * (max(xs) - min(xs))) / 2
    top = (HEIGHT - scale * (max(ys) - min(ys))) / 2
    return [(left + scale * (x - min(xs)), top + scale * (y - min(ys))) for x, y in points]


def _beside(canvas: Canvas, a: Point, b: Point, inside: Point, text: str) -> None:
    """Write a length beside the middle of the side a-b, on the side that `inside` is not on."""
    x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    nx, ny = b[1] - a[1], a[0] - b[0]
    if nx * (inside[0] - x) + ny * (inside[1] - y) > 0:
        nx, ny = -nx, -ny
    long = math.hypot(nx, ny)
    away = 14 + abs(nx / long) * width(text, 16) / 2
    canvas.text((x + nx / long * away, y + ny / long * away), text, 16, anchor="mm")


def _middle(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _angle_mark(canvas: Canvas, corner: Point, a: Point, b: Point, text: str, reach: float = 24) -> None:
    """An arc between the two arms of an angle, and its size written farther along the bisector."""
    one = math.degrees(math.atan2(a[1] - corner[1], a[0] - corner[0]))
    two = math.degrees(math.atan2(b[1] - corner[1], b[0] - corner[0]))
    if (two - one) % 360 > 180:
        one, two = two, one
    canvas.arc(corner, reach, one, one + (two - one) % 360, EDGE, 1.5)
    turn = math.radians(one + (two - one) % 360 / 2)
    wide = (two - one) % 360
    far = reach + (8 if wide > 55 else 16 if wide > 32 else 28) + abs(math.cos(turn)) * width(text, 15) / 2 + 6
    canvas.text((corner[0] + far * math.cos(turn), corner[1] + far * math.sin(turn)), text, 15, anchor="mm")


def _right_mark(canvas: Canvas, corner: Point, a: Point, b: Point, size: float = 14) -> None:
    def toward(end: Point) -> Point:
        far = math.dist(corner, end)
        return (end[0] - corner[0]) / far * size, (end[1] - corner[1]) / far * size

    (ax, ay), (bx, by) = toward(a), toward(b)
    x, y = corner
    canvas.line([(x + ax, y + ay), (x + ax + bx, y + ay + by), (x + bx, y + by)], fill=EDGE)


def _polygon(points: Sequence[Point]) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT)
    canvas.polygon(points, fill=FILL, outline=EDGE, width=2)
    return canvas


def triangle_angle(random: Random) -> Sketch | None:
    """Two angles are marked, the third is asked for."""
    a, b = random.randint(32, 100), random.randint(32, 100)
    c = 180 - a - b
    if not 28 <= c <= 110:
        return None
    left, right = (0.0, 0.0), (10.0, 0.0)
    reach = 10 * math.sin(math.radians(b)) / math.sin(math.radians(c))
    top = (reach * math.cos(math.radians(a)), -reach * math.sin(math.radians(a)))
    corners = _fitted([left, right, top], 36)
    canvas = _polygon(corners)
    hidden = random.randrange(3)
    for i, size in enumerate((a, b, c)):
        others = [corners[j] for j in range(3) if j != i]
        _angle_mark(canvas, corners[i], others[0], others[1], "x" if i == hidden else f"{size}°")
    gold = (a, b, c)[hidden]
    shown = sum((a, b, c)) - gold
    return "triangle", "How many degrees is the angle x?", gold, [shown, 360 - shown, 90 - shown // 2], canvas.png()


def right_triangle(random: Random) -> Sketch | None:
    p, q, r = random.choice(((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (9, 12, 15), (12, 16, 20)))
    times = random.choice((1, 1, 2)) if r < 20 else 1
    legs = (p * times, q * times) if random.random() < 0.5 else (q * times, p * times)
    long = r * times
    corner, side, top = _fitted([(0, 0), (legs[0], 0), (0, -legs[1])])
    canvas = _polygon([corner, side, top])
    _right_mark(canvas, corner, side, top)
    centre = _middle([corner, side, top])
    kind = random.choice(("side", "area", "around"))
    hidden = random.choice((0, 1, 2)) if kind == "side" else 2 if kind == "around" else -1
    values = (legs[0], legs[1], long)
    ends = ((corner, side), (corner, top), (side, top))
    for i, (value, (a, b)) in enumerate(zip(values, ends, strict=True)):
        if kind != "area" or i < 2:
            text = "x" if i == hidden and kind == "side" else f"{value} cm" if i != hidden else ""
            _beside(canvas, a, b, centre, text)
    if kind == "side":
        rest = [value for i, value in enumerate(values) if i != hidden]
        return (
            "right triangle",
            "How long is the side x, in cm?",
            values[hidden],
            [sum(rest), rest[1] - rest[0]],
            canvas.png(),
        )
    if kind == "area":
        area = legs[0] * legs[1] // 2
        return "right triangle", "What is the area of the triangle, in cm²?", area, [2 * area, sum(legs)], canvas.png()
    total = sum(values)
    wrong = [sum(legs), legs[0] * legs[1] // 2, total + 2]
    return "right triangle", "What is the perimeter of the triangle, in cm?", total, wrong, canvas.png()


def quadrilateral(random: Random) -> Sketch | None:
    """A parallelogram or a trapezium with its height drawn in."""
    base, high, slant = random.randint(7, 14), random.randint(4, 8), random.randint(2, 4)
    trapezium = random.random() < 0.5
    top = base - slant - random.randint(1, 3) if trapezium else base
    if top < 3 or (trapezium and (base + top) * high % 2):
        return None
    points = _fitted([(0, 0), (base, 0), (slant + top, -high), (slant, -high), (slant, 0)])
    canvas = _polygon(points[:4])
    canvas.line([points[3], points[4]], fill=EDGE, dash=6)
    _right_mark(canvas, points[4], points[3], points[1], 11)
    centre = _middle(points[:4])
    _beside(canvas, points[0], points[1], centre, f"{base} cm")
    canvas.text((points[4][0] + 8, (points[3][1] + points[4][1]) / 2), f"{high} cm", 16, anchor="lm")
    if trapezium:
        _beside(canvas, points[3], points[2], centre, f"{top} cm")
        gold, wrong = (base + top) * high // 2, [(base + top) * high, base * high, top * high]
        return "trapezium", "What is the area of the trapezium, in cm²?", gold, wrong, canvas.png()
    side = round(math.hypot(slant, high))
    exact = slant * slant + high * high == side * side
    if exact:
        _beside(canvas, points[0], points[3], centre, f"{side} cm")
    wrong = [base * side, 2 * (base + high), base * high // 2]
    return "parallelogram", "What is the area of the parallelogram, in cm²?", base * high, wrong, canvas.png()


def corner_shape(random: Random) -> Sketch | None:
    """An L-shape with four of its six sides marked."""
    wide, high = random.randint(8, 14), random.randint(7, 12)
    a, b = random.randint(3, wide - 3), random.randint(3, high - 3)
    points = _fitted([(0, 0), (wide, 0), (wide, -b), (a, -b), (a, -high), (0, -high)])
    canvas = _polygon(points)
    centre = ((points[0][0] + points[3][0]) / 2, (points[0][1] + points[3][1]) / 2)
    for i, text in ((0, f"{wide} cm"), (1, f"{b} cm"), (4, f"{a} cm"), (5, f"{high} cm")):
        _beside(canvas, points[i], points[(i + 1) % 6], centre, text)
    for i in range(6):
        if i != 3:
            _right_mark(canvas, points[i], points[i - 1], points[(i + 1) % 6], 9)
    if random.random() < 0.6:
        area = wide * b + a * (high - b)
        wrong = [wide * high, wide * b + a * high, area - a, (wide - a) * b + a * b]
        return (
            "L-shape",
            "What is the area of the figure, in cm²? All corners are right angles.",
            area,
            wrong,
            canvas.png(),
        )
    around_it = 2 * (wide + high)
    wrong = [wide + high + a + b, around_it - 2 * a, around_it + 2 * b]
    question = "What is the perimeter of the figure, in cm? All corners are right angles."
    return "L-shape", question, around_it, wrong, canvas.png()


def crossing_lines(random: Random) -> Sketch | None:
    """Two parallels and a line across them: one angle is marked, another is x."""
    angle = random.choice([*range(40, 80), *range(101, 141)])
    canvas = Canvas(WIDTH, HEIGHT)
    ys = (100.0, 205.0)
    shift = 105 / math.tan(math.radians(angle))
    at = [(200 + shift / 2, ys[0]), (200 - shift / 2, ys[1])]
    ends = [
        (at[0][0] + 70 / math.tan(math.radians(angle)), ys[0] - 70),
        (at[1][0] - 70 / math.tan(math.radians(angle)), ys[1] + 70),
    ]
    for y in ys:
        canvas.line([(30, y), (370, y)], fill=EDGE, width=2)
        canvas.polygon([(330, y - 6), (340, y), (330, y + 6)], fill=EDGE)
    canvas.line(ends, fill=EDGE, width=2)
    arms: list[tuple[Point, Point]] = [((1, 0), (0, -1)), ((-1, 0), (0, -1)), ((-1, 0), (0, 1)), ((1, 0), (0, 1))]
    sizes = (angle, 180 - angle, angle, 180 - angle)
    given, hidden = (random.randrange(4) for _ in range(2))
    if given == hidden and random.random() < 0.7:
        return None

    def mark(corner: Point, quarter: int, text: str) -> None:
        (side, _), (_, upward) = arms[quarter]
        along = ends[0] if upward < 0 else ends[1]
        _angle_mark(canvas, corner, (corner[0] + side * 50, corner[1]), (
            corner[0] + (along[0] - corner[0]), along[1]), text, 20)  # fmt: skip

    mark(at[0], given, f"{sizes[given]}°")
    mark(at[1], hidden, "x")
    gold = sizes[hidden]
    question = "The two lines with arrows are parallel. How many degrees is the angle x?"
    return "parallel lines", question, gold, [180 - gold, abs(90 - gold), 90 + gold // 2], canvas.png()


def circle_angle(random: Random) -> Sketch | None:
    """Rays part the full angle; one piece is x."""
    cuts = random.choice((3, 4))
    sizes = [random.randint(45, 150) for _ in range(cuts - 1)]
    last = 360 - sum(sizes)
    if not 40 <= last <= 170:
        return None
    sizes.append(last)
    random.shuffle(sizes)
    canvas, centre = Canvas(WIDTH, HEIGHT), (200.0, 150.0)
    turn, turns = random.uniform(0, 360), list[float]()
    for size in sizes:
        turns.append(turn)
        turn += size
    tips = [(centre[0] + 125 * math.cos(math.radians(t)), centre[1] + 125 * math.sin(math.radians(t))) for t in turns]
    for tip in tips:
        canvas.line([centre, tip], fill=EDGE, width=2)
    hidden = random.randrange(cuts)
    for i in range(cuts):
        _angle_mark(canvas, centre, tips[i], tips[(i + 1) % cuts], "x" if i == hidden else f"{sizes[i]}°", 28)
    canvas.circle(centre, 3.5, fill=EDGE)
    gold = sizes[hidden]
    shown = [size for i, size in enumerate(sizes) if i != hidden]
    wrong = [360 - sum(shown[1:]), abs(180 - sum(shown)), 360 - sum(shown[:-1])]
    return "rays", "All angles around the point are marked. How many degrees is the angle x?", gold, wrong, canvas.png()


_BY_LEVEL: dict[str, tuple[Callable[[Random], Sketch | None], ...]] = {
    "moderate": (triangle_angle, circle_angle, right_triangle),
    "hard": (quadrilateral, right_triangle, crossing_lines),
    "very hard": (corner_shape, corner_shape, quadrilateral, crossing_lines),
}


def geometry(random: Random, level: str) -> tuple[Row, bytes] | None:
    made = random.choice(_BY_LEVEL[level])(random)
    if made is None:
        return None
    figure, question, gold, misread, png = made
    row: Row = {
        "question": question,
        "answer": gold,
        "options": around(random, gold, [value for value in misread if value > 0], low=1, step=5 if gold > 30 else 1),
        "figure": figure,
    }
    return row, png


DATASETS: tuple[Maker, ...] = (
    drawn(
        "drawn-geometry",
        120,
        geometry,
        description="Figures drawn to scale with marked sides and angles: a missing angle or side, area, perimeter.",
        topics="geometry, angle, area, perimeter, triangle, mathematics, figure, diagram, visual",
        fields=(*asked("number"), field("figure", "category", "label", "kind of figure")),
        even=True,
    ),
)
