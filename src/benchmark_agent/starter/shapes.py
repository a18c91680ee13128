"""Scenes of plain shapes, told apart at a glance by colour, form and size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from pydantic import JsonValue

from benchmark_agent.tools.render.canvas import Canvas, Point, Rect

COLOURS = {
    "red": "#d62728",
    "blue": "#1f5fbf",
    "green": "#2a9d3f",
    "yellow": "#f2c318",
    "purple": "#8e44ad",
    "black": "#222222",
}
FORMS = ("circle", "square", "triangle", "star", "diamond", "cross")
SMALL, LARGE = 12, 25
"""Pixels from the centre to the edge."""


@dataclass(frozen=True, slots=True)
class Shape:
    colour: str
    form: str
    x: float
    y: float
    reach: float
    """Pixels from the centre to the edge."""

    @property
    def name(self) -> str:
        return f"{self.colour} {self.form}"

    @property
    def size(self) -> str:
        return "large" if self.reach > (SMALL + LARGE) / 2 else "small"

    @property
    def box(self) -> Rect:
        return self.x - self.reach, self.y - self.reach, self.x + self.reach, self.y + self.reach


def plural(noun: str) -> str:
    return f"{noun}es" if noun.endswith(("s", "x")) else f"{noun}s"


def paint(canvas: Canvas, shape: Shape) -> None:
    colour, x, y, r = COLOURS[shape.colour], shape.x, shape.y, shape.reach
    if shape.form == "circle":
        canvas.circle((x, y), r, fill=colour)
    elif shape.form == "square":
        canvas.rectangle((x - r * 0.88, y - r * 0.88, x + r * 0.88, y + r * 0.88), fill=colour)
    elif shape.form == "cross":
        arm = r * 0.36
        canvas.rectangle((x - r, y - arm, x + r, y + arm), fill=colour)
        canvas.rectangle((x - arm, y - r, x + arm, y + r), fill=colour)
    else:
        canvas.polygon(_corners(shape), fill=colour)


def _corners(shape: Shape) -> list[Point]:
    x, y, r = shape.x, shape.y, shape.reach
    if shape.form == "triangle":
        return [(x, y - r), (x + r, y + r * 0.85), (x - r, y + r * 0.85)]
    if shape.form == "diamond":
        return [(x, y - r), (x + r * 0.72, y), (x, y + r), (x - r * 0.72, y)]
    turns = [(math.radians(-90 + 36 * i), r if i % 2 == 0 else r * 0.42) for i in range(10)]
    return [(x + far * math.cos(turn), y + far * math.sin(turn)) for turn, far in turns]


def place(
    random: Random, reaches: Sequence[float], room: Rect, gap: float = 9, taken: Sequence[tuple[Point, float]] = ()
) -> list[Point] | None:
    """Centres for things of these reaches, none nearer than `gap` pixels to another; None when they do not fit."""
    placed = list(taken)
    for reach in reaches:
        for _ in range(80):
            at = (
                random.uniform(room[0] + reach + gap, room[2] - reach - gap),
                random.uniform(room[1] + reach + gap, room[3] - reach - gap),
            )
            if all(math.dist(at, other) >= reach + far + gap for other, far in placed):
                placed.append((at, reach))
                break
        else:
            return None
    return [(round(x, 1), round(y, 1)) for (x, y), _ in placed[len(taken) :]]


def draw_scene(shapes: Sequence[Shape], width: int = 420, height: int = 320, frame: Rect | None = None) -> bytes:
    """The shapes on a pale ground, inside or beside a drawn frame, as PNG bytes."""
    canvas = Canvas(width, height, "#f7f5f0")
    canvas.rectangle((1, 1, width - 1, height - 1), outline="#c9c4b8", width=1)
    if frame:
        canvas.rectangle(frame, outline="#6b6b6b", width=3)
    for shape in shapes:
        paint(canvas, shape)
    return canvas.png()


def boxes(shapes: Sequence[Shape]) -> list[JsonValue]:
    """Every object's box, corners in pixels."""
    return [{"label": shape.name, "bbox": [round(edge) for edge in shape.box]} for shape in shapes]
