"""Graph diagrams: nodes, lines and costs."""

import math
from collections.abc import Sequence
from itertools import combinations
from random import Random

from benchmark_agent.starter.makers import Maker
from benchmark_agent.starter.pictures import Row, among, around, asked, drawn
from benchmark_agent.starter.shapes import place
from benchmark_agent.tools.render.canvas import INK, PAPER, Canvas, Point

EDGE = "#1f4e79"
Edge = tuple[int, int]
_NODE = 17.0
"""Pixels: radius of a node."""


def _clear_of(points: Sequence[Point], a: int, b: int) -> bool:
    """Whether the edge passes no other node."""
    (ax, ay), (bx, by) = points[a], points[b]
    for i, (x, y) in enumerate(points):
        if i in (a, b):
            continue
        t = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)))
        if math.dist((x, y), (ax + t * (bx - ax), ay + t * (by - ay))) < _NODE + 12:
            return False
    return True


def _network(random: Random, count: int, extra: int) -> tuple[list[Point], list[Edge]] | None:
    points = place(random, [_NODE] * count, (8, 8, 432, 352), gap=34)
    if points is None:
        return None
    pairs = sorted(combinations(range(count), 2), key=lambda pair: math.dist(points[pair[0]], points[pair[1]]))
    near = [pair for pair in pairs if math.dist(points[pair[0]], points[pair[1]]) < 210 and _clear_of(points, *pair)]
    near = [pair for i, pair in enumerate(near) if not any(_cross(points, pair, other) for other in near[:i])]
    random.shuffle(near)
    home, edges, spare = list(range(count)), list[Edge](), list[Edge]()
    for a, b in near:  # a spanning tree first (Kruskal), then some more
        if home[a] != home[b]:
            home = [home[b] if h == home[a] else h for h in home]
            edges.append((a, b))
        else:
            spare.append((a, b))
    if len(set(home)) > 1:
        return None
    return points, edges + spare[:extra]


def _cross(points: Sequence[Point], one: Edge, two: Edge) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    if set(one) & set(two):
        return False
    a, b, c, d = (points[i] for i in (*one, *two))
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def shortest(count: int, edges: Sequence[Edge], costs: Sequence[int], start: int) -> list[float]:
    """Cheapest way from `start` to every node (Bellman and Ford)."""
    best = [math.inf] * count
    best[start] = 0
    for _ in range(count):
        for (a, b), cost in zip(edges, costs, strict=True):
            best[b], best[a] = min(best[b], best[a] + cost), min(best[a], best[b] + cost)
    return best


def draw_graph(points: Sequence[Point], edges: Sequence[Edge], costs: Sequence[int]) -> bytes:
    """Nodes A, B, ... with their edges; costs are written on the edges unless all are 1."""
    canvas = Canvas(440, 360)
    for a, b in edges:
        canvas.line([points[a], points[b]], fill="#5b6770", width=2)
    for (a, b), cost in zip(edges, costs, strict=True):
        if any(other != 1 for other in costs):
            middle = (points[a][0] + points[b][0]) / 2, (points[a][1] + points[b][1]) / 2
            canvas.circle(middle, 10, fill=PAPER)
            canvas.text(middle, str(cost), 14, "#8a3d00", anchor="mm")
    for i, point in enumerate(points):
        canvas.circle(point, _NODE, fill="#e8f1fa", outline=EDGE, width=2)
        canvas.text(point, chr(65 + i), 16, INK, anchor="mm", bold=True)
    return canvas.png()


def graphs(random: Random, level: str) -> tuple[Row, bytes] | None:
    count = {"moderate": 7, "hard": 8, "very hard": 9}[level]
    network = _network(random, count, random.randint(3, 5))
    if network is None:
        return None
    points, edges = network
    weighted = level == "very hard"
    costs = [random.randint(2, 9) if weighted else 1 for _ in edges]
    start, goal = random.sample(range(count), 2)
    a, b = chr(65 + start), chr(65 + goal)
    far = shortest(count, edges, costs, start)
    degrees = [sum(i in edge for edge in edges) for i in range(count)]
    if weighted:
        hops = shortest(count, edges, [1] * len(edges), start)[goal]
        if hops < 3:
            return None
        question, gold = f"What is the lowest total cost of a way from {a} to {b} along the lines?", int(far[goal])
        misread = [gold + random.randint(1, 4), gold + random.randint(5, 8), gold - random.randint(1, 3)]
    elif level == "hard":
        if far[goal] < 2:
            return None
        question, gold = f"What is the smallest number of lines one must follow to get from {a} to {b}?", int(far[goal])
        misread = [gold + 1, gold - 1, gold + 2]
    else:
        return _degree_question(random, points, edges, degrees, start)
    options = around(random, gold, misread, low=1)
    return {"question": question, "answer": str(gold), "options": options}, draw_graph(points, edges, costs)


def _degree_question(
    random: Random, points: Sequence[Point], edges: Sequence[Edge], degrees: Sequence[int], start: int
) -> tuple[Row, bytes] | None:
    png = draw_graph(points, edges, [1] * len(edges))
    kind = random.randrange(3)
    if kind == 0:
        question = f"How many lines end at {chr(65 + start)}?"
        options = around(random, degrees[start], low=0)
        return {"question": question, "answer": str(degrees[start]), "options": options}, png
    if kind == 1:
        options = around(random, len(edges), [len(points)])
        return {"question": "How many lines does the diagram have?", "answer": str(len(edges)), "options": options}, png
    ranked = sorted(range(len(points)), key=lambda i: -degrees[i])
    if degrees[ranked[0]] == degrees[ranked[1]]:
        return None
    names = [chr(65 + i) for i in ranked]
    row: Row = {
        "question": "At which node do the most lines end?",
        "answer": names[0],
        "options": among(random, names[0], random.sample(names[1:], 3)),
    }
    return row, png


DATASETS: tuple[Maker, ...] = (
    drawn(
        "drawn-graphs",
        90,
        graphs,
        description="Diagrams of nodes and lines: how many lines meet, shortest and cheapest ways between two nodes.",
        topics="graph, network, node, edge, path, shortest path, route, diagram, visual",
        fields=asked(),
    ),
)
