"""Write a small folder of invented data to try the tutorial with: a CSV, a JSONL and folders of images.

    python examples/own_data/make_data.py my-data

Some rows are wrong on purpose (a line cut off, a row twice, an answer that is no option): the audit finds them.
"""

import csv
import json
import math
import sys
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

GARDENERS = "Abara Brandt Castel Demir Eklund Farrugia Gwala Hoang Ibsen Jansen Kovac Lindqvist Moreau Nakata".split()
CROPS = ("beans", "carrots", "chard", "leeks", "peas", "pumpkins", "radishes", "tomatoes")
TASKS = ("painted the gate", "repaired the pump", "pruned the pear tree", "emptied the rain barrels", "mowed the path")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
LEAVES = {"round": (0, 1.0), "narrow": (0, 0.35), "three-lobed": (3, 1.0), "five-lobed": (5, 1.0), "toothed": (24, 0.8)}
"""Class: number of lobes, width over length."""


def write_allotments(path: Path, draw: Random) -> None:
    """A table of allotments: 96 records to look up, compare and add."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["allotment", "crop", "beds", "area_m2", "harvest_kg", "rented_since"])
        for k in range(96):
            beds = draw.randint(2, 14)
            numbers = (beds, beds * draw.randint(4, 9), draw.randint(20, 480), draw.randint(1987, 2024))
            writer.writerow([f"{GARDENERS[k % 14]} allotment {k // 14 + 1}", draw.choice(CROPS), *numbers])


def write_log(path: Path, draw: Random) -> None:
    """A log with multiple-choice questions: 80 rows, three of them wrong."""
    rows = [log_row(draw) for _ in range(80)]
    rows[11] = rows[3]
    rows[25]["answer"] = "the mayor"
    lines = [json.dumps(row) for row in rows]
    lines[40] = lines[40][:60]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def log_row(draw: Random) -> dict[str, object]:
    week, people, tasks, days = (
        draw.randint(1, 52),
        draw.sample(GARDENERS, 4),
        draw.sample(TASKS, 4),
        draw.sample(DAYS, 4),
    )
    told = [f"On {day}, {who} {task}." for who, task, day in zip(people, tasks, days, strict=True)]
    asked = draw.randrange(4)
    return {
        "passage": f"Week {week} in the garden. " + " ".join(told),
        "question": f"Who {tasks[asked]} in week {week}?",
        "options": draw.sample(people, 4),
        "answer": people[asked],
    }


def write_leaves(folder: Path, draw: Random) -> None:
    """One folder a class, 20 drawn leaves in each."""
    for name, (lobes, width) in LEAVES.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for k in range(20):
            leaf(lobes, width, draw).save(folder / name / f"{k:02}.png")


def leaf(lobes: int, width: float, draw: Random) -> Image.Image:
    picture = Image.new("RGB", (128, 128), (244, 241, 230))
    size, turn = draw.uniform(34, 46), draw.uniform(0, 6.28)
    depth = min(0.3, 1.5 / lobes) if lobes else 0.0
    outline = []
    for degree in range(0, 360, 3):
        angle = math.radians(degree)
        reach = size * (1 + depth * math.cos(lobes * angle))
        x, y = reach * math.cos(angle), reach * math.sin(angle) * width
        outline.append((64 + x * math.cos(turn) - y * math.sin(turn), 64 + x * math.sin(turn) + y * math.cos(turn)))
    ImageDraw.Draw(picture).polygon(outline, fill=(draw.randint(40, 110), draw.randint(110, 170), 60))
    return picture


def main(folder: Path) -> None:
    draw = Random(7)
    folder.mkdir(parents=True, exist_ok=True)
    write_allotments(folder / "allotments.csv", draw)
    write_log(folder / "garden-log.jsonl", draw)
    write_leaves(folder / "leaves", draw)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "my-data"))
