"""Constructions on images whose objects are boxed: count, locate, compare."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import hypot
from random import Random
from typing import Annotated

from benchmark_agent.content import Box, Boxes, Composed, Image
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Tool, construction

_IRREGULAR = {
    "person": "people", "man": "men", "woman": "women", "child": "children", "mouse": "mice", "foot": "feet",
    "tooth": "teeth", "knife": "knives", "sheep": "sheep", "fish": "fish", "deer": "deer", "aircraft": "aircraft",
    "leaf": "leaves", "wolf": "wolves", "goose": "geese", "shelf": "shelves",
}  # fmt: skip
NINTHS = (
    ("top left", "top centre", "top right"),
    ("middle left", "middle centre", "middle right"),
    ("bottom left", "bottom centre", "bottom right"),
)
MARGIN = 0.04
"""Share of the image's width or height by which a place must be clear of a dividing line."""
_SIDES = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}


def plural(label: str) -> str:
    """The English plural of a label's last word."""
    *before, last = label.split(" ")
    if last.lower() in _IRREGULAR:
        last = _IRREGULAR[last.lower()]
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return " ".join([*before, last])


def _named(boxes: Boxes) -> tuple[Box, ...]:
    if not boxes.boxes or not all(box.label.strip() for box in boxes.boxes):
        raise Unfit("the boxes have no labels")
    return boxes.boxes


def _within(image: Image, boxes: Iterable[Box]) -> None:
    for box in boxes:
        if min(box.x0, box.y0) < -1 or box.x1 > image.width + 1 or box.y1 > image.height + 1:
            raise Unfit(f"the box of {box.label!r} leaves the image")


def _alone(boxes: Sequence[Box]) -> list[Box]:
    """Boxes whose label no other box has."""
    counts = Counter(box.label for box in boxes)
    return [box for box in boxes if counts[box.label] == 1]


def _shows(boxes: Sequence[Box]) -> str:
    counts = Counter(box.label for box in boxes)
    return "an image with " + ", ".join(f"{n} x {label}" for label, n in sorted(counts.items()))


def _counted(image: Image, boxes: Boxes, random: Random) -> tuple[str, int, tuple[Box, ...]]:
    found = _named(boxes)
    _within(image, found)
    counts = Counter(box.label for box in found)
    if max(counts.values()) < 2:
        raise Unfit("one object of each kind is too little to count")
    label = random.choice(sorted(counts))
    return label, counts[label], found


@construction(kinds=("number",), signal="how many objects of one kind the image shows")
def count_boxes(image: Image, boxes: Annotated[Boxes, "bbox"], random: Random) -> Composed:
    """Ask how many objects of one kind an image shows, as the dataset boxes them; the answer is a number."""
    label, count, found = _counted(image, boxes, random)
    return Composed(
        input=(image,),
        question=f"How many {plural(label)} are in the image?",
        answer_kind="number",
        answer=str(count),
        gold_basis="computed",
        evidence=(0,),
        proof=f"the dataset boxes {count} x {label!r}",
        alt=(_shows(found),),
    )


@construction(kinds=("choice",), signal="how many objects of one kind the image shows")
def count_boxes_choice(image: Image, boxes: Annotated[Boxes, "bbox"], random: Random) -> Composed:
    """Ask how many objects of one kind an image shows, as the dataset boxes them, with close numbers to choose from."""
    label, count, found = _counted(image, boxes, random)
    options = close_numbers(random, count)
    return Composed(
        input=(image,),
        question=f"How many {plural(label)} are in the image?",
        answer_kind="choice",
        options=options,
        option_values=options,
        answer=str(count),
        gold_basis="computed",
        evidence=(0,),
        proof=f"the dataset boxes {count} x {label!r}",
        alt=(_shows(found),),
    )


def close_numbers(random: Random, gold: int, low: int = 0) -> tuple[str, ...]:
    """Four numbers in a row that hold the gold at any place."""
    first = max(low, gold - random.randrange(4))
    options = [str(value) for value in range(first, first + 4)]
    random.shuffle(options)
    return tuple(options)


@construction(kinds=("choice",), signal="where in the image an object is")
def locate_box(image: Image, boxes: Annotated[Boxes, "bbox"], random: Random) -> Composed:
    """Ask in which ninth of an image the middle of an object lies."""
    found = _named(boxes)
    _within(image, found)
    clear = [(box, place) for box in _alone(found) if (place := _ninth(image, box))]
    if len(found) == 1:  # photographers put a lone subject in the middle: that place would be a safe guess
        clear = [(box, place) for box, place in clear if place != (1, 1)]
    if not clear:
        raise Unfit("no single object lies clearly in one ninth of the image, or the only one fills its middle")
    box, (row, column) = random.choice(clear)
    gold = NINTHS[row][column]
    near = sorted(
        (abs(row - r) + abs(column - c), random.random(), NINTHS[r][c])
        for r in range(3)
        for c in range(3)
        if (r, c) != (row, column)
    )
    options = [gold, *(name for _, _, name in near[:3])]
    random.shuffle(options)
    return Composed(
        input=(image,),
        question=(
            "Divide the image into three equal columns and three equal rows. "
            f"In which part is the centre of the {box.label}?"
        ),
        answer_kind="choice",
        options=tuple(options),
        option_values=tuple(options),
        answer=gold,
        gold_basis="computed",
        evidence=(0,),
        proof=f"its box is centred at {(box.x0 + box.x1) / 2:g}, {(box.y0 + box.y1) / 2:g} "
        f"of {image.width} x {image.height} pixels",
        alt=(_shows(found),),
    )


def _ninth(image: Image, box: Box) -> tuple[int, int] | None:
    across, down = (box.x0 + box.x1) / 2 / image.width, (box.y0 + box.y1) / 2 / image.height
    if any(abs(at - line) < MARGIN for at in (across, down) for line in (1 / 3, 2 / 3)):
        return None
    return min(2, int(down * 3)), min(2, int(across * 3))


@construction(kinds=("choice",), signal="where exactly in the image an object is")
def choose_box(image: Image, boxes: Annotated[Boxes, "bbox"], random: Random) -> Composed:
    """Ask which of four boxes, given in pixels, encloses an object; the wrong ones overlap it by less than 40 %."""
    found = _named(boxes)
    _within(image, found)
    fair = [box for box in _alone(found) if 0.01 < _area(box) / (image.width * image.height) < 0.45]
    if not fair:
        raise Unfit("no single object of middling size is boxed")
    box = random.choice(fair)
    options = [_spell(candidate) for candidate in _balanced_boxes(image, box, random)]
    random.shuffle(options)
    return Composed(
        input=(image,),
        question=(
            f"The image is {image.width} pixels wide and {image.height} pixels high. Which box encloses the "
            f"{box.label} most closely? (x counts from the left edge, y from the top)"
        ),
        answer_kind="choice",
        options=tuple(options),
        option_values=tuple(options),
        answer=_spell(box),
        gold_basis="source",
        evidence=(0,),
        proof=f"the dataset's box of {box.label!r}: {_spell(box)}; the others overlap it by less than 40 %",
        alt=(_shows(found),),
    )


def _spell(box: Box) -> str:
    return f"x {round(box.x0)} to {round(box.x1)}, y {round(box.y0)} to {round(box.y1)}"


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0-1."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    shared = max(0.0, wide) * max(0.0, high)
    return shared / (_area(one) + _area(other) - shared)


def _balanced_boxes(image: Image, gold: Box, random: Random) -> list[Box]:
    """Four boxes among which the right one has a drawn rank by distance from the middle of the image.

    What a picture shows tends to stand in its middle: without this, the box nearest to it would mostly be right.
    """
    rank = random.randrange(4)
    for _ in range(25):
        made = _other_boxes(image, gold, random)
        far = sorted(made, key=lambda box: hypot(box.x0 + box.x1 - image.width, box.y0 + box.y1 - image.height))
        if far.index(gold) == rank:
            return made
    raise Unfit("the object stands so near the middle, or so far from it, that its place would tell it")


def _other_boxes(image: Image, gold: Box, random: Random) -> list[Box]:
    """The box and three others of its size, each moved from any of those before it: neither the sizes nor the middle
    of them all tell the right one."""
    made, wide, high = [gold], round(gold.x1 - gold.x0), round(gold.y1 - gold.y0)
    for _ in range(400):
        base = random.choice(made)
        x0, y0 = base.x0 + random.uniform(-0.9, 0.9) * wide, base.y0 + random.uniform(-0.9, 0.9) * high
        box = Box(label=gold.label, x0=round(x0), y0=round(y0), x1=round(x0) + wide, y1=round(y0) + high)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > image.width or box.y1 > image.height:
            continue
        if all(overlap(box, other) < 0.4 for other in made):
            made.append(box)
        if len(made) == 4:
            return made
    raise Unfit("the object fills so much of the image that no other box differs enough")


@construction(kinds=("choice",), signal="how objects of the image compare in place or size")
def compare_boxes(image: Image, boxes: Annotated[Boxes, "bbox"], random: Random) -> Composed:
    """Ask which of several objects is nearest to an edge of the image, or the largest."""
    found = _named(boxes)
    _within(image, found)
    alone = sorted(_alone(found), key=lambda box: box.label)
    if len(alone) < 2:
        raise Unfit("two objects with labels of their own are needed")
    for aspect in random.sample(["size", *_SIDES], len(_SIDES) + 1):
        shown = random.sample(alone, min(4, len(alone)))
        gold = _first(image, shown, aspect)
        if gold is None:
            continue
        options = tuple(box.label for box in shown)
        asked = "is the largest, by the area of its bounding box" if aspect == "size" else ""
        return Composed(
            input=(image,),
            question=f"Which of these objects {asked or f'has its centre nearest to the {aspect} edge of the image'}?",
            answer_kind="choice",
            options=options,
            option_values=options,
            answer=gold.label,
            gold_basis="computed",
            evidence=(0,),
            proof="; ".join(f"{box.label}: {_spell(box)}" for box in shown),
            alt=(_shows(found),),
        )
    raise Unfit("the objects are too close in place and size to be compared by eye")


def _first(image: Image, boxes: Sequence[Box], aspect: str) -> Box | None:
    """The box that leads in the aspect by a clear margin."""
    if aspect == "size":
        ranked = sorted(boxes, key=_area, reverse=True)
        return ranked[0] if _area(ranked[0]) > 1.5 * _area(ranked[1]) else None
    across, down = _SIDES[aspect]
    place = {
        id(box): (box.x0 + box.x1) / 2 / image.width * across + (box.y0 + box.y1) / 2 / image.height * down
        for box in boxes
    }
    ranked = sorted(boxes, key=lambda box: place[id(box)], reverse=True)
    return ranked[0] if place[id(ranked[0])] - place[id(ranked[1])] > MARGIN * 1.5 else None


TOOLS: tuple[Tool, ...] = (count_boxes, count_boxes_choice, locate_box, choose_box, compare_boxes)
