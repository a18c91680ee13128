"""Ways through mazes, and maps of made-up counties with towns and a compass."""

from collections import deque
from collections.abc import Sequence
from itertools import combinations, groupby
from math import atan2, degrees, hypot
from random import Random

from pydantic import JsonValue

from benchmark_agent.starter.makers import Maker
from benchmark_agent.starter.pictures import Row, among, around, asked, drawn
from benchmark_agent.starter.shapes import place
from benchmark_agent.tools.render.canvas import INK, PAPER, SOFT, Canvas, Point
from benchmark_agent.tools.render.charts import meets
from benchmark_agent.tools.render.lettering import width

Cell = tuple[int, int]
"""Column and row."""
WAYS: dict[str, Cell] = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}

# -- mazes ----------------------------------------------------------------------------------------------

_ROOM = 320
"""Pixels: width of a maze."""


def carve(random: Random, size: int, loops: int) -> set[frozenset[Cell]]:
    """Open passages between neighbours: a spanning tree by depth-first search, and some more for loops."""
    start = (random.randrange(size), random.randrange(size))
    seen, stack, passages = {start}, [start], set[frozenset[Cell]]()
    while stack:
        x, y = stack[-1]
        free = [(x + dx, y + dy) for dx, dy in WAYS.values() if (x + dx, y + dy) not in seen]
        free = [cell for cell in free if min(cell) >= 0 and max(cell) < size]
        if not free:
            stack.pop()
            continue
        step = random.choice(free)
        passages.add(frozenset((stack[-1], step)))
        seen.add(step)
        stack.append(step)
    walls = [
        frozenset(((x, y), (x + dx, y + dy)))
        for x in range(size)
        for y in range(size)
        for dx, dy in ((1, 0), (0, 1))
        if x + dx < size and y + dy < size and frozenset(((x, y), (x + dx, y + dy))) not in passages
    ]
    return passages | set(random.sample(walls, min(loops, len(walls))))


def distances(passages: set[frozenset[Cell]], start: Cell) -> dict[Cell, int]:
    """Fewest steps from `start` to every cell that can be reached."""
    found, queue = {start: 0}, deque([start])
    while queue:
        x, y = queue.popleft()
        for dx, dy in WAYS.values():
            step = (x + dx, y + dy)
            if step not in found and frozenset(((x, y), step)) in passages:
                found[step] = found[(x, y)] + 1
                queue.append(step)
    return found


def draw_maze(size: int, passages: set[frozenset[Cell]], marks: dict[Cell, str]) -> bytes:
    side = _ROOM / size
    canvas = Canvas(_ROOM + 32, _ROOM + 32)
    canvas.rectangle((16, 16, 16 + _ROOM, 16 + _ROOM), fill="#fbfaf5", outline=INK, width=3)
    for x in range(size):
        for y in range(size):
            for dx, dy in ((1, 0), (0, 1)):
                last = x + dx == size or y + dy == size
                if not last and frozenset(((x, y), (x + dx, y + dy))) not in passages:
                    a = (16 + (x + dx) * side, 16 + (y + dy) * side)
                    canvas.line([a, (16 + (x + 1) * side, 16 + (y + 1) * side)], width=3)
    for (x, y), mark in marks.items():
        middle = (16 + (x + 0.5) * side, 16 + (y + 0.5) * side)
        canvas.circle(middle, side * 0.34, fill="#1f5fbf" if mark == "S" else "#f2c318")
        canvas.text(middle, mark, 17, PAPER if mark == "S" else INK, anchor="mm", bold=True)
    return canvas.png()


def _letters(random: Random, size: int, count: int) -> dict[Cell, str]:
    cells = random.sample([(x, y) for x in range(size) for y in range(size)], count + 1)
    return dict(zip(cells, "SABCDEFGH", strict=False))


def _instructions(random: Random, passages: set[frozenset[Cell]], start: Cell, goal: Cell) -> str | None:
    """The moves from start to goal as words, where there is no shorter way than one of 4 to 9 steps."""
    far = distances(passages, goal)
    if not 4 <= far[start] <= 9:
        return None
    moves, at = list[str](), start
    while at != goal:
        name, (dx, dy) = next(
            (name, way)
            for name, way in sorted(WAYS.items())
            if frozenset((at, (at[0] + way[0], at[1] + way[1]))) in passages
            and far.get((at[0] + way[0], at[1] + way[1]), 99) < far[at]
        )
        moves.append(name)
        at = (at[0] + dx, at[1] + dy)
    return ", ".join(f"{len(list(run))} {name}" for name, run in groupby(moves))


def mazes(random: Random, level: str) -> tuple[Row, bytes] | None:
    size = {"moderate": 5, "hard": 6, "very hard": 8}[level]
    passages = carve(random, size, {"moderate": 3, "hard": 2, "very hard": 4}[level])
    marks = _letters(random, size, 6 if level != "very hard" else 5)
    start = next(cell for cell, mark in marks.items() if mark == "S")
    far = distances(passages, start)
    goals = [cell for cell in marks if cell != start]
    png = draw_maze(size, passages, marks)
    if level == "moderate":
        goal = random.choice(goals)
        way = _instructions(random, passages, start, goal)
        if way is None:
            return None
        row: Row = {
            "question": f"Start at S and move cell by cell: {way}. Which letter do you reach?",
            "answer": marks[goal],
            "options": among(random, marks[goal], random.sample([marks[c] for c in goals if c != goal], 3)),
        }
        return row, png
    if level == "hard" and random.random() < 0.5:
        ranked = sorted(goals, key=lambda cell: far[cell])
        if far[ranked[0]] == far[ranked[1]]:
            return None
        row = {
            "question": "Moving through open passages only, which letter can be reached from S in the fewest steps "
            "from cell to cell?",
            "answer": marks[ranked[0]],
            "options": among(random, marks[ranked[0]], [marks[c] for c in ranked[1:4]]),
        }
        return row, png
    goal = random.choice(goals)
    straight = abs(goal[0] - start[0]) + abs(goal[1] - start[1])
    if not 5 <= far[goal] <= 16 or far[goal] == straight:
        return None
    question = (
        f"What is the smallest number of steps from cell to cell from S to {marks[goal]} without crossing a wall?"
    )
    options = around(random, far[goal], [straight, far[goal] + 2, far[goal] - 2], low=1)
    return {"question": question, "answer": str(far[goal]), "options": options}, png


# -- maps -----------------------------------------------------------------------------------------------

_COUNTIES = ("Arden", "Borlan", "Calder", "Dorin", "Elmar", "Falk", "Gorse", "Hallow", "Irwen", "Jura", "Kell", "Lorn")
_TOWNS = ("Ash", "Birk", "Cove", "Dale", "Eden", "Firth", "Glen", "Hythe", "Ince", "Kirk", "Leigh", "Marsh")
_LAND = ("#cfe3c8", "#f3e2b8", "#d9d2ea", "#f5cfc2", "#c9e2ee", "#e6e6cf", "#f0d5e4", "#cddfdc", "#e8d8c3", "#dfe8f7")
_COLUMNS, _ROWS, _UNIT = 9, 7, 48
_COMPASS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")

Land = dict[Cell, int]
"""The county of every cell."""


def settle(random: Random, count: int) -> Land:
    """Counties grown cell by cell from seeds."""
    cells = [(x, y) for x in range(_COLUMNS) for y in range(_ROWS)]
    land: Land = {cell: i for i, cell in enumerate(random.sample(cells, count))}
    while len(land) < len(cells):
        x, y = random.choice(list(land))
        dx, dy = random.choice(list(WAYS.values()))
        step = (x + dx, y + dy)
        if step not in land and 0 <= step[0] < _COLUMNS and 0 <= step[1] < _ROWS:
            land[step] = land[(x, y)]
    return land


def borders(land: Land, count: int) -> list[set[int]] | None:
    """The neighbours of each county; None when two counties meet in nothing but a corner or a very short line."""
    shared: dict[tuple[int, int], int] = {}
    corners: set[tuple[int, int]] = set()
    for (x, y), here in land.items():
        for dx, dy in ((1, 0), (0, 1), (1, 1), (-1, 1)):
            there = land.get((x + dx, y + dy), here)
            if there != here:
                pair = min(here, there), max(here, there)
                if dx and dy:
                    corners.add(pair)
                else:
                    shared[pair] = shared.get(pair, 0) + 1
    if corners - shared.keys():
        return None
    found: list[set[int]] = [set() for _ in range(count)]
    for a, b in shared:
        found[a].add(b)
        found[b].add(a)
    return found


def _label_cell(land: Land, county: int, name: str) -> Point | None:
    """Middle of the widest run of cells of a county, where its name fits."""
    best: tuple[int, float, float] | None = None
    for y in range(_ROWS):
        x = 0
        while x < _COLUMNS:
            end = x
            while end < _COLUMNS and land[(end, y)] == county:
                end += 1
            if end > x and (best is None or end - x > best[0]):
                best = (end - x, (x + end) / 2 * _UNIT, (y + 0.5) * _UNIT)
            x = max(end, x + 1)
    return None if best is None or best[0] * _UNIT < width(name, 15) + 10 else (best[1] + 14, best[2] + 14)


def _compass(canvas: Canvas, at: Point, turned: bool) -> None:
    """An arrow that points north: up, or to the left on a turned map."""
    x, y = at
    dx, dy = (-1, 0) if turned else (0, -1)
    canvas.line([(x - dx * 22, y - dy * 22), (x + dx * 14, y + dy * 14)], width=3)
    tip = (x + dx * 26, y + dy * 26)
    canvas.polygon(
        [tip, (x + dx * 10 + dy * 8, y + dy * 10 + dx * 8), (x + dx * 10 - dy * 8, y + dy * 10 - dx * 8)], fill=INK
    )
    canvas.text((x + dx * 38, y + dy * 38), "N", 17, anchor="mm", bold=True)


def draw_counties(land: Land, names: Sequence[str]) -> bytes | None:
    """The counties in pale colours with their names; None when a name has no room."""
    canvas = Canvas(_COLUMNS * _UNIT + 28, _ROWS * _UNIT + 28)
    for (x, y), county in land.items():
        left, top = 14 + x * _UNIT, 14 + y * _UNIT
        canvas.polygon([(left, top), (left + _UNIT, top), (left + _UNIT, top + _UNIT), (left, top + _UNIT)],
                       fill=_LAND[county % len(_LAND)])  # fmt: skip
    for (x, y), county in land.items():
        left, top = 14 + x * _UNIT, 14 + y * _UNIT
        if land.get((x + 1, y), -1) != county:
            canvas.line([(left + _UNIT, top), (left + _UNIT, top + _UNIT)], fill=SOFT, width=2)
        if land.get((x, y + 1), -1) != county:
            canvas.line([(left, top + _UNIT), (left + _UNIT, top + _UNIT)], fill=SOFT, width=2)
    canvas.rectangle((14, 14, 14 + _COLUMNS * _UNIT, 14 + _ROWS * _UNIT), outline=SOFT, width=2)
    for county, name in enumerate(names):
        at = _label_cell(land, county, name)
        if at is None:
            return None
        canvas.text(at, name, 15, anchor="mm")
    return canvas.png()


def _crossings(near: Sequence[set[int]], start: int) -> list[int]:
    found, queue = {start: 0}, deque([start])
    while queue:
        here = queue.popleft()
        for there in sorted(near[here]):
            if there not in found:
                found[there] = found[here] + 1
                queue.append(there)
    return [found.get(i, 99) for i in range(len(near))]


def counties(random: Random, level: str) -> tuple[Row, bytes] | None:
    count = 7 if level == "moderate" else 9
    land = settle(random, count)
    near = borders(land, count)
    names = random.sample(_COUNTIES, count)
    png = draw_counties(land, names) if near else None
    if near is None or png is None:
        return None
    one = random.randrange(count)
    if level == "moderate":
        question = f"How many counties share a border with {names[one]}?"
        options = around(random, len(near[one]), high=count - 1)
        return {"question": question, "answer": str(len(near[one])), "options": options}, png
    if random.random() < 0.5:
        both = [pair for pair in combinations(range(count), 2) if len(near[pair[0]] & near[pair[1]]) == 1]
        if not both:
            return None
        a, b = random.choice(both)
        gold = names[next(iter(near[a] & near[b]))]
        only = sorted((near[a] | near[b]) - (near[a] & near[b]) - {a, b})
        wrong = [names[i] for i in only] + [names[i] for i in range(count) if i not in (a, b)]
        question = f"Which county shares a border with both {names[a]} and {names[b]}?"
        return {"question": question, "answer": gold, "options": among(random, gold, wrong)}, png
    far = _crossings(near, one)
    goals = [i for i in range(count) if 2 <= far[i] < 9]
    if not goals:
        return None
    goal = random.choice(goals)
    question = f"Going by land from {names[one]} to {names[goal]}, what is the smallest number of borders to cross?"
    return {"question": question, "answer": str(far[goal]), "options": around(random, far[goal], high=count - 1)}, png


def towns(random: Random, level: str) -> tuple[Row, bytes] | None:
    """Towns as dots; on a turned map, north is to the left."""
    turned = level == "very hard"
    count = 6
    spots = place(random, [16.0] * count, (20, 20, 366, 330), gap=26)
    if spots is None:
        return None
    names = random.sample(_TOWNS, count)
    canvas = Canvas(480, 350, "#f4f1e6")
    canvas.rectangle((1, 1, 479, 349), outline=SOFT, width=1)
    for (x, y), name in zip(spots, names, strict=True):
        canvas.circle((x, y), 5, fill="#b3261e")
        canvas.text((x + 9, y), name, 15, anchor="lm")
    dots = [(x - 6, y - 6, x + 6, y + 6) for x, y in spots]
    if any(meets(dot, words) for dot in dots for words in canvas.text_boxes):
        return None
    _compass(canvas, (440, 70), turned)
    a, b = random.sample(range(count), 2)
    sector = bearing(spots[a], spots[b], turned)
    if sector is None:
        return None
    others: list[JsonValue] = [_COMPASS[(sector + step) % 8] for step in (2, 4, 6)]
    if random.random() < 0.5:
        others = [_COMPASS[(sector + step) % 8] for step in (1, 4, 5)]
    options: list[JsonValue] = [_COMPASS[sector], *others]
    random.shuffle(options)
    row: Row = {
        "question": f"Mind the compass. In which direction does one travel from {names[a]} to {names[b]}?",
        "answer": _COMPASS[sector],
        "options": options,
    }
    return row, canvas.png()


def bearing(start: Point, end: Point, turned: bool) -> int | None:
    """Index in the compass of the way from start to end; None when it is not within 10 degrees of one."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    angle = degrees(atan2(dx, -dy)) + (90 if turned else 0)
    sector = round(angle / 45) % 8
    off = abs((angle - sector * 45 + 180) % 360 - 180)
    return sector if off <= 10 and hypot(dx, dy) > 70 else None


def maps(random: Random, level: str) -> tuple[Row, bytes] | None:
    return random.choice((counties, towns))(random, level)


DATASETS: tuple[Maker, ...] = (
    drawn(
        "drawn-mazes",
        90,
        mazes,
        description="Drawn mazes: follow instructions from cell to cell, find the nearest goal or the shortest way.",
        topics="maze, path, navigation, route, instruction, spatial, planning, visual",
        fields=asked(),
    ),
    drawn(
        "drawn-maps",
        100,
        maps,
        description="Maps of made-up counties and towns: neighbours, borders to cross, directions by the compass.",
        topics="map, geography, region, neighbour, border, direction, compass, spatial, navigation, visual",
        fields=asked(),
    ),
)
