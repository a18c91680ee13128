"""What is done to a picture, kept with it, so that the same can be done to its boxes."""

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
from PIL import Image as Pillow
from PIL import ImageFilter

from benchmark_agent.content import Box, Boxes, Change, Image, Retouched
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media
from benchmark_agent.tools.image.degrading import operation_named
from benchmark_agent.tools.image.pixels import Pixels, decode, encode, psnr

Region = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are the first outside."""
UNSEEN = 45.0
"""Decibels above which a change is not seen."""
_LEFT_OVER = 0.25
"""Share of a box's area that must stay in the frame for the box to be kept."""
_COVER = 127
"""Grey of what covers a region."""


def degrade(image: Image, media: Media, operation: str, severity: int, rng: Random) -> Image:
    """The picture made worse.

    Raises:
        ToolError: for an operation or severity there is not.
        Unfit: when it changes nothing that is seen (colour drained from a grey picture).
        MediaError: when nothing is left to see.
    """
    chosen, seed = operation_named(operation, severity), rng.getrandbits(48)
    before = decode(media.read(image))
    after = chosen.applied(before, severity, seed)
    if psnr(before, after) > UNSEEN:
        raise Unfit(f"{operation!r} at severity {severity} changes nothing that is seen in this picture")
    change = Change(operation=operation, severity=severity, seed=seed, width=image.width, height=image.height)
    return kept(image, before, after, change, media)


def kept(image: Image, before: Pixels, after: Pixels, change: Change, media: Media) -> Image:
    """The changed picture, with what was done to it."""
    known = image.made or Retouched()
    if before.shape == after.shape:
        change = change.model_copy(update={"psnr": round(psnr(before, after), 2)})
    made = known.model_copy(update={"changes": (*known.changes, change)})
    return media.image(encode(after)).model_copy(update={"made": made})


def region_of(box: Box, width: int, height: int, margin: float = 0.0) -> Region:
    """Whole pixels that hold the box, widened on each side by a share of it, within the picture.

    Raises:
        Unfit: when none of it lies in the picture.
    """
    wide, high = margin * (box.x1 - box.x0), margin * (box.y1 - box.y0)
    left, top = max(0, int(box.x0 - wide)), max(0, int(box.y0 - high))
    right, bottom = min(width, int(np.ceil(box.x1 + wide))), min(height, int(np.ceil(box.y1 + high)))
    if right <= left or bottom <= top:
        raise Unfit(f"the box of {box.label!r} lies outside the picture")
    return left, top, right, bottom


def chosen_boxes(boxes: Boxes, label: str) -> tuple[Box, ...]:
    """Those with the label; all for an empty one.

    Raises:
        Unfit: when there are none.
    """
    found = tuple(box for box in boxes.boxes if not label or box.label == label)
    if not found:
        raise Unfit(f"no box is labelled {label!r}" if label else "the row has no boxes")
    return found


def cropped(image: Image, region: Region, media: Media) -> Image:
    before = decode(media.read(image))
    left, top, right, bottom = region
    after = np.ascontiguousarray(before[top:bottom, left:right])
    return kept(image, before, after, _change("crop", image, [region]), media)


def masked(image: Image, regions: Sequence[Region], media: Media) -> Image:
    """Regions covered with one grey."""
    before = decode(media.read(image))
    after = before.copy()
    for left, top, right, bottom in regions:
        after[top:bottom, left:right] = _COVER
    return kept(image, before, after, _change("mask", image, regions), media)


def blurred(image: Image, regions: Sequence[Region], severity: int, media: Media) -> Image:
    """Regions blurred; the radius grows with the severity, 1-5, and with the region."""
    before = decode(media.read(image))
    after = before.copy()
    for left, top, right, bottom in regions:
        radius = max(1.0, 0.03 * severity * max(right - left, bottom - top))
        piece = Pillow.fromarray(before[top:bottom, left:right]).filter(ImageFilter.GaussianBlur(radius))
        after[top:bottom, left:right] = np.array(piece)
    change = _change("blur", image, regions).model_copy(update={"severity": severity})
    return kept(image, before, after, change, media)


def _change(operation: str, image: Image, regions: Sequence[Region]) -> Change:
    return Change(operation=operation, regions=tuple(regions), width=image.width, height=image.height)


def moved(boxes: Boxes, changes: Sequence[Change]) -> Boxes:
    """Boxes after what was done to their picture; those of which too little stays in the frame are left out.

    Raises:
        Unfit: when none is left.
    """
    found = boxes.boxes
    for change in changes:
        found = tuple(_after(found, change))
    if not found:
        raise Unfit("no box is left in the picture after what was done to it")
    return boxes.model_copy(update={"boxes": found})


def _after(boxes: Sequence[Box], change: Change) -> Iterator[Box]:
    if change.operation == "crop":
        left, top, right, bottom = change.regions[0]
        for box in boxes:
            inside = Box(label=box.label, x0=max(box.x0, left) - left, y0=max(box.y0, top) - top,
                         x1=min(box.x1, right) - left, y1=min(box.y1, bottom) - top)  # fmt: skip
            if inside.x1 > inside.x0 and inside.y1 > inside.y0 and _area(inside) >= _LEFT_OVER * _area(box):
                yield inside
        return
    if change.operation in ("mask", "blur"):
        yield from boxes
        return
    chosen = operation_named(change.operation, change.severity)
    warp = chosen.warp(change.severity, change.seed, change.width, change.height)
    yield from (warp.box(box, change.width, change.height) if warp else box for box in boxes)


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)
