"""The drawn starter datasets: truth worked out again from pixels and boxes, by other code."""

import io
import json
import math
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from scipy import ndimage

from benchmark_agent.seeds import rng
from benchmark_agent.starter import dials, maps, networks
from benchmark_agent.starter.drawn import DATASETS
from benchmark_agent.starter.pictures import around
from benchmark_agent.starter.shapes import COLOURS

BY_NAME = {maker.card.name: maker for maker in DATASETS}
NUMBER = re.compile(r"-?\d+")
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="session")
def pool(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows, float]:
    root = tmp_path_factory.mktemp("drawn")
    rows: Rows = {}
    started = time.process_time()
    for name, maker in BY_NAME.items():
        (root / name).mkdir()
        rows[name] = [json.loads(json.dumps(row)) for row in maker.rows(root / name)]
    return root, rows, time.process_time() - started


def picture(pool: tuple[Path, Rows, float], name: str, row: dict[str, Any]) -> np.ndarray:
    return np.asarray(Pillow.open(pool[0] / name / row["image"]).convert("RGB")).astype(int)


def test_there_are_enough_small_pictures_quickly(pool: tuple[Path, Rows, float]) -> None:
    root, rows, seconds = pool
    assert len(rows) >= 8
    assert sum(map(len, rows.values())) >= 900
    assert seconds < 15
    for name, found in rows.items():
        for row in found:
            data = (root / name / row["image"]).read_bytes()
            assert len(data) < 15_000
            width, height = Pillow.open(io.BytesIO(data)).size
            assert 180 <= min(width, height) <= max(width, height) <= 640


def test_every_row_fits_its_card_and_its_name_tells_nothing(pool: tuple[Path, Rows, float]) -> None:
    for name, found in pool[1].items():
        fields = {field.path for field in BY_NAME[name].card.fields}
        assert len({row["id"] for row in found}) == len(found)
        for number, row in enumerate(found):
            assert set(row) == fields
            assert row["image"] == f"images/{number:04d}.png"


def test_the_answer_is_one_of_four_options_at_any_rank(pool: tuple[Path, Rows, float]) -> None:
    for name, found in pool[1].items():
        ranks: Counter[int] = Counter()
        for row in found:
            if "options" not in row:
                continue
            options = row["options"]
            assert str(row["answer"]) in options
            assert len(set(options)) == len(options)
            assert len(options) == 4
            if all(NUMBER.fullmatch(option) for option in options):
                ranks[sorted(map(int, options)).index(int(row["answer"]))] += 1
        if sum(ranks.values()) > 40:
            assert max(ranks.values()) / sum(ranks.values()) < 0.45, (name, ranks)


def test_no_answer_is_common(pool: tuple[Path, Rows, float]) -> None:
    for name, found in pool[1].items():
        common = Counter(str(row.get("answer", row.get("caption"))) for row in found).most_common(1)[0][1]
        assert common / len(found) <= 0.21, name


def test_the_same_bytes_at_every_call(pool: tuple[Path, Rows, float], tmp_path: Path) -> None:
    for name in ("drawn-scene-captions", "drawn-maps", "drawn-geometry"):
        (tmp_path / name).mkdir()
        assert [json.loads(json.dumps(row)) for row in BY_NAME[name].rows(tmp_path / name)] == pool[1][name]
        for row in pool[1][name]:
            assert (tmp_path / name / row["image"]).read_bytes() == (pool[0] / name / row["image"]).read_bytes()


# -- scenes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["drawn-scene-counting", "drawn-scene-relations", "drawn-scene-captions"])
def test_blobs_of_each_colour_are_as_many_as_the_boxes(pool: tuple[Path, Rows, float], name: str) -> None:
    for row in pool[1][name][::4]:
        image = picture(pool, name, row)
        boxed = Counter(box["label"].split()[0] for box in row["boxes"])
        for colour, code in COLOURS.items():
            wanted = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)])
            blobs, count = ndimage.label(np.abs(image - wanted).sum(axis=2) < 60)
            sizes = np.bincount(blobs.ravel(), minlength=count + 1)[1:]
            assert (sizes > 40).sum() == boxed[colour], (row["id"], colour)


def things(row: dict[str, Any]) -> list[tuple[str, str, str, float, float]]:
    """Colour, form, size, and middle of each box."""
    found = []
    for box in row["boxes"]:
        colour, form = box["label"].split()
        x0, y0, x1, y1 = box["bbox"]
        found.append((colour, form, "large" if x1 - x0 > 37 else "small", (x0 + x1) / 2, (y0 + y1) / 2))
    return found


def singular(noun: str) -> str:
    return noun.removesuffix("es") if noun in ("crosses",) else noun.removesuffix("s")


def recount(question: str, row: dict[str, Any]) -> int:
    seen = things(row)
    body = question.removeprefix("How many ").split(" in the picture")[0].removesuffix(" are")
    if match := re.fullmatch(
        r"objects in the picture are neither (\w+) nor (\w+)\?", question.removeprefix("How many ")
    ):
        return sum(t[0] not in match.groups() for t in seen)
    if match := re.search(r"objects in the picture are not (\w+)\?", question):
        return sum(t[0] != match[1] for t in seen)
    if match := re.search(r"are (\w+) or (\w+) \(or both\)", question):
        return sum(t[0] == match[1] or t[1] == singular(match[2]) for t in seen)
    if match := re.search(r"How many large (\w+) in the picture are not (\w+)\?", question):
        return sum(t[1] == singular(match[1]) and t[2] == "large" and t[0] != match[2] for t in seen)
    words = body.split()
    if words[-1] == "objects":
        return sum(all(word in t for word in words[:-1]) for t in seen)
    assert len(words) == 1, question
    return sum(t[1] == singular(words[0]) for t in seen)


def test_counts_are_right(pool: tuple[Path, Rows, float]) -> None:
    for row in pool[1]["drawn-scene-counting"]:
        assert recount(row["question"], row) == row["answer"], (row["question"], row["id"])


def test_relations_are_right(pool: tuple[Path, Rows, float]) -> None:
    checked = Counter[str]()
    for row in pool[1]["drawn-scene-relations"]:
        at = {f"{t[0]} {t[1]}": (t[3], t[4]) for t in things(row)}
        question, answer = row["question"], row["answer"]
        if match := re.search(r"nearest to the (\w+) edge", question):
            axis, sign = {"left": (0, 1), "right": (0, -1), "top": (1, 1), "bottom": (1, -1)}[match[1]]
            assert min(at, key=lambda name: sign * at[name][axis]) == answer
            checked["edge"] += 1
        elif match := re.search(r"closest to the (.*)\?", question):
            others, own = [name for name in at if name != match[1]], at[match[1]]
            assert min(others, key=lambda name: math.dist(at[name], own)) == answer
            checked["closest"] += 1
        elif match := re.search(r"How many objects are further (.*) than the (.*)\?", question):
            axis, sign = {"to the left": (0, -1), "to the right": (0, 1), "up": (1, -1), "down": (1, 1)}[match[1]]
            own = at[match[2]]
            assert sum(sign * (there[axis] - own[axis]) > 0 for there in at.values()) == int(answer)
            checked["count"] += 1
        elif match := re.search(r"Which way does the (.*) lie from the (.*): ", question):
            (ax, ay), (bx, by) = at[match[1]], at[match[2]]
            down, side = "below" if ay > by else "above", "left" if ax < bx else "right"
            assert answer == f"{down} {side}"
            checked["where"] += 1
        elif match := re.search(r"between the (.*) and the (.*)\?", question):
            a, b = at[match[1]], at[match[2]]
            detour = {n: math.dist(a, at[n]) + math.dist(at[n], b) for n in at if n not in match.groups()}
            assert min(detour, key=lambda n: detour[n]) == answer
            checked["between"] += 1
    assert min(checked[kind] for kind in ("edge", "closest", "count", "where", "between")) >= 5


CAPTION = re.compile(r"There are (\w+) (\w+) (\w+), and the (\w+) (\w+) (\w+) is (.*) the (\w+) (\w+) (\w+)\.")


def holds(caption: str, row: dict[str, Any]) -> bool:
    match = CAPTION.fullmatch(caption)
    assert match, caption
    count, colour, forms, *rest = match.groups()
    seen = things(row)
    a = [t for t in seen if (t[2], t[0], t[1]) == tuple(rest[:3])]
    b = [t for t in seen if (t[2], t[0], t[1]) == tuple(rest[4:])]
    many = sum(t[:2] == (colour, singular(forms)) for t in seen)
    if many != {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}[count] or not a or not b:
        return False
    dx, dy = a[0][3] - b[0][3], a[0][4] - b[0][4]
    return {"to the left of": -dx, "to the right of": dx, "above": -dy, "below": dy}[rest[3]] > 0


def test_each_caption_is_true_of_its_own_scene_only(pool: tuple[Path, Rows, float]) -> None:
    rows = pool[1]["drawn-scene-captions"]
    for row in rows:
        assert [other["id"] for other in rows if holds(row["caption"], other)] == [row["id"]]


# -- instruments ----------------------------------------------------------------------------------------


def test_the_minute_hand_points_to_the_minute(pool: tuple[Path, Rows, float]) -> None:
    checked = 0
    for row in pool[1]["drawn-clocks"]:
        if row["question"] != "What time does the clock show?":
            continue
        image = picture(pool, "drawn-clocks", row).sum(axis=2)
        dark = []
        for turn in range(720):
            x, y = dials.on_circle((160, 160), 84, turn / 2)
            if image[round(y), round(x)] < 300:
                dark.append(math.radians(turn / 2))
        angle = math.degrees(math.atan2(sum(map(math.sin, dark)), sum(map(math.cos, dark)))) % 360
        minute = int(row["answer"].split(":")[1])
        assert abs((angle / 6 - minute + 30) % 60 - 30) < 0.6, row["answer"]
        checked += 1
    assert checked > 50


def test_times_are_spelled_on_a_twelve_hour_dial() -> None:
    assert [dials.spell_time(m) for m in (0, 5, 719, 720, 780, -60)] == [
        "12:00",
        "12:05",
        "11:59",
        "12:00",
        "1:00",
        "11:00",
    ]


# -- ways, maps, graphs ---------------------------------------------------------------------------------


def test_shortest_ways_by_hand() -> None:
    edges = [(0, 1), (1, 2), (0, 2), (2, 3)]
    assert networks.shortest(4, edges, [1, 1, 1, 1], 0) == [0, 1, 1, 2]
    assert networks.shortest(4, edges, [2, 3, 9, 4], 0) == [0, 2, 5, 9]
    passages = {frozenset(((0, 0), (1, 0))), frozenset(((1, 0), (1, 1))), frozenset(((1, 1), (0, 1)))}
    assert maps.distances(passages, (0, 0)) == {(0, 0): 0, (1, 0): 1, (1, 1): 2, (0, 1): 3}


def test_a_carved_maze_reaches_every_cell() -> None:
    for seed in range(10):
        passages = maps.carve(rng("maze", seed), 6, 2)
        assert len(maps.distances(passages, (0, 0))) == 36
        assert len(passages) == 35 + 2


def test_neighbours_share_a_line_and_not_a_corner() -> None:
    land = {(x, y): 0 if x < 3 else 1 if y < 3 else 2 for x in range(9) for y in range(7)}
    assert maps.borders(land, 3) == [{1, 2}, {0, 2}, {0, 1}]
    corner = {(x, y): (x < 3) + 2 * (y < 3) for x in range(9) for y in range(7)}
    assert maps.borders(corner, 4) is None


def test_directions_follow_the_compass() -> None:
    def name(end: tuple[float, float], turned: bool) -> str | None:
        sector = maps.bearing((0, 0), end, turned)
        return None if sector is None else maps._COMPASS[sector]

    assert name((100, 0), False) == "east"
    assert name((0, 100), False) == "south"
    assert name((-100, -100), False) == "northwest"
    assert name((-100, 0), True) == "north"
    assert name((0, -100), True) == "east"
    assert name((100, 40), False) is None
    assert name((10, 0), False) is None


def test_close_numbers_keep_their_bounds() -> None:
    for seed in range(200):
        random = rng("around", seed)
        gold = random.randrange(8)
        options = [int(str(option)) for option in around(random, gold, [gold + 5, 0], high=7)]
        assert gold in options
        assert len(set(options)) == 4
        assert 0 <= min(options) <= max(options) <= 7
