"""The scorer of boxes in a picture. Offered by name."""

import re
from collections.abc import Iterator

from benchmark_agent.answers import AnswerKey, Score
from benchmark_agent.content import AnswerKind
from benchmark_agent.evaluation.scorers.replies import clean, statements, unparsed

ENOUGH = 0.5
"""Overlap (intersection over union) from which a box is right; Everingham et al. 2010, PASCAL VOC."""
_NUMBER = r"-?\d+(?:\.\d+)?"
_GAP = r"\s*(?:px|pixels)?\s*[,;\s]\s*"
_FOUR = re.compile(rf"(?<![\d.,-])({_NUMBER}){_GAP}({_NUMBER}){_GAP}({_NUMBER}){_GAP}({_NUMBER})(?!{_GAP}-?\d|[\d.])")
_CORNERS = re.compile(
    rf"\(\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\)\s*(?:,|and|to|-|;|–)?\s*\(\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\)"
)
_NAMED = re.compile(
    rf"""["']?\b(x_?0|y_?0|x_?1|y_?1|x_?2|y_?2|x_?min|y_?min|x_?max|y_?max|left|top|right|bottom|width|height|x|y|w|h)
    ["']?\s*[:=]\s*({_NUMBER})""",
    re.IGNORECASE | re.VERBOSE,
)
_SIDES = {
    "x0": 0, "xmin": 0, "left": 0, "x": 0, "y0": 1, "ymin": 1, "top": 1, "y": 1,
    "xmax": 2, "right": 2, "ymax": 3, "bottom": 3, "width": 4, "w": 4, "height": 5, "h": 5,
}  # fmt: skip
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def overlap(a: Box, b: Box) -> float:
    """Intersection over union, 0-1; areas that are empty overlap with nothing."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0.0
    shared = across * down
    return shared / (_area(a) + _area(b) - shared)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def boxes_in(text: str) -> Iterator[Box]:
    """The boxes a text names: `[l, t, r, b]`, two corners, or named sides (right and bottom, or width and height)."""
    named = _named(text)
    if named:
        yield named
        return
    text = _CORNERS.sub(lambda found: f"[{found[1]}, {found[2]}, {found[3]}, {found[4]}]", text)
    for found in _FOUR.finditer(text):
        left, top, right, bottom = map(float, found.groups())
        if right > left and bottom > top:
            yield (left, top, right, bottom)


def _named(text: str) -> Box | None:
    """A box by the names of its sides, where each name stands once and they are enough."""
    sides: dict[int, float] = {}
    names = [(found[1].lower().replace("_", ""), float(found[2])) for found in _NAMED.finditer(text)]
    ends = {"x1": 2, "y1": 3} if {"x0", "y0"} & {name for name, _ in names} else {"x1": 0, "y1": 1, "x2": 2, "y2": 3}
    for name, value in names:
        side = ends.get(name, _SIDES.get(name))
        if side is None or sides.setdefault(side, value) != value:
            return None
    if not {0, 1} <= sides.keys():
        return None
    right = sides.get(2, sides[0] + sides[4] if 4 in sides else None)
    bottom = sides.get(3, sides[1] + sides[5] if 5 in sides else None)
    if right is None or bottom is None or right <= sides[0] or bottom <= sides[1]:
        return None
    return (sides[0], sides[1], right, bottom)


def _said(text: str) -> list[Box]:
    """The boxes of the last final statement that has one, else of the whole reply."""
    for statement in statements(text, whole_line=True):
        if found := list(dict.fromkeys(boxes_in(statement))):
            return found
    return list(dict.fromkeys(boxes_in(text)))


class Boxed:
    """One box in pixels, right from an overlap of 0.5 (intersection over union)."""

    name = "box"
    answer_kinds: tuple[AnswerKind, ...] = ("span",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        if not text:
            return unparsed(text, "")
        said = _said(text)
        if not said:
            return unparsed(text, "the reply gives no box")
        if len(said) > 1:
            return Score(value=0, outcome="unparsable", reason="the reply gives several boxes")
        wanted = [box for form in (key.answer, *key.accepted) for box in boxes_in(form)]
        best = max((overlap(said[0], box) for box in wanted), default=0.0)
        right = best >= ENOUGH
        shown = "[" + ", ".join(f"{side:g}" for side in said[0]) + "]"
        return Score(
            value=float(right), parsed=shown, outcome="right" if right else "wrong", reason=f"overlap {best:.2f}"
        )
