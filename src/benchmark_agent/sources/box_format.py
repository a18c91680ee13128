"""Which format the four numbers of a box are in, from the boxes and the sizes of their images."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark_agent.errors import MediaError
from benchmark_agent.sources import Row
from benchmark_agent.sources.cards import Field
from benchmark_agent.sources.shape import RawBox, at, raw_boxes
from benchmark_agent.sources.values import as_box, image_size

FORMATS = ("xyxy", "xywh", "cxcywh")
WORDS = {
    "xyxy": "left, top, right, bottom",
    "xywh": "left, top, width, height",
    "cxcywh": "centre x, centre y, width, height",
}
SLACK = 2.0
"""Pixels a box may stand out of its image: annotators round."""


@dataclass(frozen=True, slots=True)
class BoxFormat:
    name: str
    """`xywh`, or `xywh_share` for shares of the image's width and height."""
    detail: str
    """In words, with the evidence."""
    claimed: str
    """What the card claims, as one of `FORMATS`; empty when it claims nothing."""


def misfits(raw: RawBox, form: str, size: tuple[int, int] | None, share: bool) -> bool:
    """Whether the box has no area or stands out of its image in this format."""
    width, height = (1, 1) if share else size or (10**9, 10**9)
    slack = 0.01 if share else SLACK
    box = as_box(raw, form)
    inside = box.x0 >= -slack and box.y0 >= -slack and box.x1 <= width + slack and box.y1 <= height + slack
    return not (inside and box.x1 > box.x0 and box.y1 > box.y0)


def claimed_format(words: str) -> str:
    """`(x_min, y_min, width, height)` as `xywh`; empty when it says no format we know."""
    plain = words.lower()
    if "cent" in plain or "cx" in plain:
        return "cxcywh"
    if "width" in plain or "xywh" in plain or "coco" in plain:
        return "xywh"
    corners = ("xyxy", "max", "x2", "right", "x1,y1,x", "voc")
    return "xyxy" if any(word in plain.replace(" ", "") for word in corners) else ""


def format_of(boxes: Sequence[tuple[RawBox, tuple[int, int] | None]], claim: str) -> BoxFormat:
    """The format under which the fewest boxes contradict their images; a tie goes to the claim, then to corners."""
    share = all(max(map(abs, raw[1])) <= 1.5 for raw, _ in boxes)
    bad = {form: sum(misfits(raw, form, size, share) for raw, size in boxes) for form in FORMATS}
    claimed = claimed_format(claim)
    best = min(FORMATS, key=lambda form: (bad[form], form != claimed, FORMATS.index(form)))
    others = "; ".join(f"{bad[form]} would not as {WORDS[form]}" for form in FORMATS if form != best)
    unit = "shares of the image's width and height" if share else "pixels"
    fit = f"{len(boxes) - bad[best]} of {len(boxes)} boxes read fit their images so; {others}"
    certain = sum(bad[form] == bad[best] for form in FORMATS) == 1
    doubt = "" if certain else " (not certain: another format fits as well)"
    return BoxFormat(best + ("_share" if share else ""), f"{WORDS[best]} in {unit}{doubt}: {fit}", claimed)


def boxes_with_sizes(
    rows: Sequence[Row], path: str, image: Field | None, root: Path, most: int = 100
) -> list[tuple[RawBox, tuple[int, int] | None]]:
    """Every box of the rows with the width and height of its image, None where the image does not open."""
    found: list[tuple[RawBox, tuple[int, int] | None]] = []
    for row in rows[:most]:
        raws = raw_boxes(at(row.values, path))
        size = _size(row, image, root) if raws and image else None
        found += [(raw, size) for raw in raws or ()]
    return found


def _size(row: Row, image: Field, root: Path) -> tuple[int, int] | None:
    try:
        return image_size(row, image, root)
    except MediaError:
        return None
