"""Instruments to read: clocks, gauges and thermometers."""

import math
from random import Random

from benchmark_agent.starter.families import square
from benchmark_agent.starter.makers import Maker
from benchmark_agent.starter.pictures import Row, around, asked, drawn
from benchmark_agent.tools.render.canvas import GRID, INK, PAPER, SOFT, Canvas, Point

SIZE = 320
"""Pixels: width and height of a clock."""
_ROMAN = ("XII", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")
RED, GREEN, AMBER = "#d62728", "#2a9d3f", "#f2a318"


def on_circle(centre: Point, reach: float, turn: float) -> Point:
    """The point `turn` degrees clockwise from twelve o'clock."""
    angle = math.radians(turn)
    return centre[0] + reach * math.sin(angle), centre[1] - reach * math.cos(angle)


# -- clocks ---------------------------------------------------------------------------------------------


def spell_time(minutes: int) -> str:
    """Minutes after twelve on a twelve-hour dial: `12:05`, `3:40`."""
    hours, rest = divmod(minutes % 720, 60)
    return f"{hours or 12}:{rest:02d}"


def draw_clock(minutes: int, face: str) -> bytes:
    """A clock at so many minutes after twelve; the face has `numbers`, `roman` figures or only `strokes`."""
    canvas, centre = Canvas(SIZE, SIZE), (SIZE / 2, SIZE / 2)
    canvas.circle(centre, 148, fill="#fdfcf8", outline=INK, width=4)
    for tick in range(60):
        long = tick % 5 == 0
        canvas.line([on_circle(centre, 126 if long else 134, tick * 6), on_circle(centre, 142, tick * 6)],
                    width=3 if long else 1)  # fmt: skip
    for hour in range(12):
        label = {"numbers": str(hour or 12), "roman": _ROMAN[hour], "strokes": ""}[face]
        canvas.text(on_circle(centre, 108, hour * 30), label, 20, anchor="mm", bold=True)
    canvas.line([on_circle(centre, 16, minutes / 2 + 180), on_circle(centre, 66, minutes / 2)], width=7)
    canvas.line([on_circle(centre, 20, minutes * 6 + 180), on_circle(centre, 126, minutes * 6)], width=3.5)
    canvas.circle(centre, 6, fill=INK)
    return canvas.png()


def clocks(random: Random, level: str) -> tuple[Row, bytes] | None:
    step = 5 if level == "moderate" else 1
    minutes = random.randrange(0, 720, step)
    face = {"moderate": "numbers", "hard": random.choice(("roman", "numbers")), "very hard": "strokes"}[level]
    question, gold = "What time does the clock show?", minutes
    if level == "very hard":
        shift = random.choice((-95, -70, -45, -35, 25, 50, 80, 105, 145))
        hours, rest = divmod(abs(shift), 60)
        length = " and ".join(
            part
            for part in (f"{hours} hour{'s' * (hours > 1)}" if hours else "", f"{rest} minutes" if rest else "")
            if part
        )
        question = (
            f"The clock shows the present time. What time will it be {length} later?"
            if shift > 0
            else f"The clock shows the present time. What time was it {length} earlier?"
        )
        gold = minutes + shift
    swapped = round(minutes / 12) + (minutes % 60) // 5 * 60  # the two hands taken for each other
    mistaken = random.choice((gold - 60, gold + 60, swapped + gold - minutes))
    slip = random.choice((5, -5, 10, -10, 30))
    options = square(random, gold, mistaken, lambda value: value + slip, spell_time)
    if not options:
        return None
    row: Row = {"question": question, "answer": spell_time(gold), "options": options}
    return row, draw_clock(minutes, face)


# -- gauges and thermometers ----------------------------------------------------------------------------

GAUGES = (
    ("Boiler pressure", "bar", 1), ("Speed", "km/h", 10), ("Oil pressure", "psi", 5), ("Air flow", "l/min", 10),
    ("Water flow", "m³/h", 5), ("Engine speed", "rpm", 100), ("Tank level", "%", 5), ("Current", "A", 2),
)  # fmt: skip


def draw_gauge(title: str, unit: str, step: int, value: int, limit: int) -> bytes:
    """A half-round gauge with ten long strokes, `step` apart, each parted in five; red from `limit` on."""
    canvas, centre = Canvas(360, 250), (180.0, 190.0)

    def turn(at: float) -> float:
        return -110 + 220 * at / (10 * step)

    canvas.circle(centre, 150, fill="#fafafa", outline="#b8c0c8", width=2)
    canvas.rectangle((0, 244, 360, 360), fill=PAPER)
    canvas.arc(centre, 146, turn(limit) - 90, turn(10 * step) - 90, RED, 8)
    for mark in range(51):
        long = mark % 5 == 0
        angle = turn(mark * step / 5)
        canvas.line([on_circle(centre, 120 if long else 128, angle), on_circle(centre, 138, angle)],
                    width=2.5 if long else 1)  # fmt: skip
        if long and (mark // 5) % 2 == 0:
            canvas.text(on_circle(centre, 102, angle), f"{mark // 5 * step:,}", 14, anchor="mm")
    canvas.line(
        [on_circle(centre, 20, turn(value) + 180), on_circle(centre, 134, turn(value))], fill="#b3261e", width=3
    )
    canvas.circle(centre, 8, fill=INK)
    canvas.text((180, 14), title, 16, anchor="mt", bold=True)
    canvas.text((180, 225), unit, 15, SOFT, anchor="mm")
    return canvas.png()


def gauges(random: Random, level: str) -> tuple[Row, bytes] | None:
    title, unit, step = random.choice(GAUGES)
    step *= 5  # so that a short stroke is a whole number
    small = step // 5
    value = small * random.randrange(3, 48)
    limit = step * random.choice((6, 7, 8, 9))
    if (value % step == 0) != (level == "moderate"):
        return None
    question, gold = f"What does the gauge show, in {unit}?", value
    if level == "very hard":
        if value == limit:
            return None
        gold, side = abs(limit - value), "below" if value < limit else "above"
        question = f"How far {side} the start of the red zone is the needle, in {unit}?"
    misread = [gold + step, gold - step, gold + small, gold - small, gold + 2 * small]
    row: Row = {"question": question, "answer": gold, "options": around(random, gold, misread, step=small)}
    return row, draw_gauge(title, unit, step, value, limit)


def draw_thermometers(values: tuple[int, ...], names: tuple[str, ...], low: int, each: int) -> bytes:
    """Thermometers side by side, 50 short strokes each of `each` degrees from `low` on."""
    canvas = Canvas(90 + 130 * len(values), 400)
    for turn, (value, name) in enumerate(zip(values, names, strict=True)):
        x, top, bottom = 105 + 130 * turn, 50.0, 330.0
        canvas.text((x, 14), name, 16, anchor="mt", bold=True)
        canvas.rectangle((x - 11, top - 14, x + 11, bottom + 16), fill="#f4f6f8", outline=SOFT, width=1.5, radius=11)
        canvas.circle((x, bottom + 22), 20, fill=RED, outline=SOFT, width=1.5)
        level = bottom - (value - low) / (50 * each) * (bottom - top)
        canvas.rectangle((x - 5.5, level, x + 5.5, bottom + 20), fill=RED)
        for mark in range(51):
            y = bottom - mark / 50 * (bottom - top)
            long = 20 if mark % 10 == 0 else 14 if mark % 5 == 0 else 8
            canvas.line([(x - 14 - long, y), (x - 14, y)], fill=INK if mark % 5 == 0 else SOFT, width=1)
            if mark % 10 == 0:
                canvas.text((x - 38, y), f"{low + mark * each}", 13, anchor="rm")
    canvas.text((14, 388), "°C", 15, SOFT, anchor="lb")
    canvas.line([(0, 399), (canvas.width, 399)], fill=GRID)
    return canvas.png()


def thermometers(random: Random, level: str) -> tuple[Row, bytes] | None:
    low, each = random.choice(((-10, 1), (0, 1), (-20, 2), (0, 2), (50, 1)))
    count = {"moderate": 1, "hard": 2, "very hard": 3}[level]
    values = tuple(low + each * random.randrange(4, 47) for _ in range(count))
    names = ("A", "B", "C")[:count]
    if count == 1:
        question, gold = "What temperature does the thermometer show, in °C?", values[0]
        misread = [gold + 10 * each, gold - 10 * each, gold + 5 * each, gold - 5 * each]
    elif count == 2:
        warm = 0 if values[0] > values[1] else 1
        gold = abs(values[0] - values[1])
        question = f"By how many degrees is {names[warm]} warmer than {names[1 - warm]}?"
        misread = [abs(values[0]) + abs(values[1]), gold + 10, gold - 10, gold // each]
    else:
        ranked = sorted(values)
        gold = ranked[2] - ranked[1]
        question = "By how many degrees is the warmest of the three thermometers above the second warmest?"
        misread = [ranked[2] - ranked[0], ranked[1] - ranked[0], gold + 10]
    if len(set(values)) < count or (count > 1 and gold < 3 * each):
        return None
    lowest = -100 if count == 1 else 0
    row: Row = {
        "question": question,
        "answer": gold,
        "options": around(random, gold, misread, low=lowest, step=each),
    }
    return row, draw_thermometers(values, names if count > 1 else ("",), low, each)


def instruments(random: Random, level: str) -> tuple[Row, bytes] | None:
    return random.choice((gauges, thermometers))(random, level)


DATASETS: tuple[Maker, ...] = (
    drawn(
        "drawn-clocks",
        90,
        clocks,
        description="Drawn clock faces with figures, Roman figures or bare strokes; the time, now or some while off.",
        topics="clock, time, reading, analogue, dial, visual, instrument",
        fields=asked(),
    ),
    drawn(
        "drawn-gauges",
        120,
        instruments,
        description="Drawn gauges and thermometers with fine scales; the value shown, or the gap to another.",
        topics="gauge, thermometer, scale, reading, measurement, instrument, temperature, pressure, visual",
        fields=asked("number"),
    ),
)
