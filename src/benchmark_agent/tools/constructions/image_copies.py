"""Constructions on copies of an image of which some were changed here: the gold is what was done."""

from itertools import pairwise
from random import Random
from typing import Annotated

import numpy as np

from benchmark_agent.content import Box, Boxes, Composed, Image
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media, Tool, construction
from benchmark_agent.tools.constructions.image_boxes import NINTHS, overlap
from benchmark_agent.tools.image import layout
from benchmark_agent.tools.image.degrading import OPERATIONS, SEVERITIES, Operation, degraded
from benchmark_agent.tools.image.pixels import Pixels, decode, encode, psnr
from benchmark_agent.tools.image.retouching import Region, region_of

ROOM = 330
"""Pixels of a panel's longer side."""
PLAIN = 38.0
"""Decibels under which a careful reader sees a change of the whole picture."""
_STEP = 1.5
"""Decibels between two degrees that can be told apart."""
_PATCH = 20.0
"""Decibels under which a careful reader sees a change of a small patch."""
_EVEN = 10.0
"""Spread of grey levels round an object up to which its ground counts as even."""
_GREY = 127
_SORTS = (
    ("gaussian_blur",), ("pixelate",), ("darken", "vignette"), ("overexpose",), ("desaturate",), ("color_cast",),
    ("salt_pepper",), ("jpeg",), ("blocks",), ("grid_mask",), ("scratches", "rain"), ("watermark",), ("elastic",),
    ("rotate", "perspective"),
)  # fmt: skip
"""Degradations that are told apart by what they look like; those in one group are not."""
_PATCHES = ("pixelated", "turned upside down", "strewn with coloured dots")


def _copies(image: Image, media: Media, columns: int = 2) -> tuple[Pixels, layout.Grid, tuple[float, float, float]]:
    """The image as one panel, the grid, and where in the panel it lies."""
    pixels = decode(media.read(image))
    if min(pixels.shape[:2]) < 64:
        raise Unfit("the image is too small to be shown in a panel")
    grid = layout.grid_for([pixels], columns, ROOM)
    panel, place = layout.fitted(pixels, grid.width, grid.height)
    return panel, grid, place


def panels_named(count: int) -> tuple[str, ...]:
    return tuple(f"Panel {number}" for number in range(1, count + 1))


def ask_panels(
    panels: list[Pixels], grid: layout.Grid, media: Media, question: str, gold: str, proof: str, alt: str
) -> Composed:
    """A choice among numbered panels of one picture."""
    names = panels_named(len(panels))
    return Composed(
        input=(media.image(encode(layout.composed(panels, grid))),),
        question=question,
        answer_kind="choice",
        options=names,
        option_values=names,
        answer=gold,
        fixed_order=True,
        gold_basis="computed",
        evidence=(0,),
        proof=proof,
        alt=(alt,),
    )


def _still(random: Random) -> list[Operation]:
    """Operations that leave everything in its place, in a drawn order."""
    found = [operation for operation in OPERATIONS.values() if operation.bend is None]
    return random.sample(found, len(found))


@construction(kinds=("choice",), signal="small differences of quality between copies of one image")
def find_degraded_copy(image: Image, media: Media, random: Random) -> Composed:
    """Show four copies of an image, one of them slightly blurred, noisy, compressed or otherwise made worse, and ask
    which one."""
    panel, grid, _ = _copies(image, media)
    for operation in _still(random):
        severity, seed = random.choice((1, 1, 2)), random.getrandbits(48)
        worse = degraded(panel, operation.name, severity, seed)
        if (ratio := psnr(panel, worse)) < PLAIN:
            break
    else:
        raise Unfit("no mild degradation shows in this image")
    place = random.randrange(4)
    return ask_panels(
        [worse if k == place else panel for k in range(4)], grid, media,
        f"The picture shows four copies of one image. One of them was {operation.told}. Which one?",
        panels_named(4)[place],
        f"{operation.name} at severity {severity} of 5 was done to panel {place + 1} alone ({ratio:.1f} dB)",
        f"four copies of an image, panel {place + 1} {operation.told}",
    )  # fmt: skip


@construction(kinds=("choice",), signal="the degree to which each copy of one image was made worse")
def rank_degraded_copies(image: Image, media: Media, random: Random) -> Composed:
    """Show four copies of an image, made worse in one way to different degrees, and ask which is the most, the second
    most or the least affected."""
    panel, grid, _ = _copies(image, media)
    for operation in _still(random):
        seed = random.getrandbits(48)
        made = [(level, degraded(panel, operation.name, level, seed)) for level in SEVERITIES]
        chosen = sorted(random.sample(made, 4), key=lambda each: each[0])
        ratios = [psnr(panel, pixels) for _, pixels in chosen]
        if ratios[0] < PLAIN and all(a - b >= _STEP for a, b in pairwise(ratios)):
            break
    else:
        raise Unfit("no degradation of this image has four degrees that can be told apart")
    rank, word = random.choice(((3, "most"), (2, "second most"), (0, "least")))
    order = random.sample(range(4), 4)
    at = order.index(rank)
    degrees = ", ".join(
        f"panel {k + 1}: severity {chosen[each][0]}, {ratios[each]:.1f} dB" for k, each in enumerate(order)
    )
    return ask_panels(
        [chosen[each][1] for each in order], grid, media,
        f"The picture shows four copies of one image, each {operation.told} to another degree. "
        f"Which copy is the {word} affected?",
        panels_named(4)[at],
        f"{operation.name}; {degrees}",
        f"four copies of an image, {operation.told} to different degrees",
    )  # fmt: skip


@construction(kinds=("choice",), signal="how one copy of an image differs from the other")
def name_degradation(image: Image, media: Media, random: Random) -> Composed:
    """Show an image and a copy that was made worse, and ask what was done to the copy."""
    panel, grid, _ = _copies(image, media)
    for sort in random.sample(_SORTS, len(_SORTS)):
        name = random.choice(sort)
        severity, seed = random.choice((2, 3)), random.getrandbits(48)
        worse = degraded(panel, name, severity, seed)
        if (ratio := psnr(panel, worse)) < PLAIN:
            break
    else:
        raise Unfit("no degradation shows in this image")
    others = [OPERATIONS[random.choice(other)].told for other in _SORTS if other != sort]
    gold = OPERATIONS[name].told
    options = [gold, *random.sample(others, 3)]
    random.shuffle(options)
    item = ask_panels(
        [panel, worse], grid, media, "Panel 2 shows the image of panel 1 after something was done to it. What was it?",
        gold, f"{name} at severity {severity} of 5 ({ratio:.1f} dB)", f"an image, and the same image {gold}",
    )  # fmt: skip
    return item.model_copy(update={"options": tuple(f"It was {told}" for told in options),
                                   "option_values": tuple(options), "answer": f"It was {gold}",
                                   "fixed_order": False})  # fmt: skip


# -- one region changed -----------------------------------------------------------------------------------


@construction(kinds=("choice",), signal="the place in the image that was changed")
def find_changed_region(image: Image, media: Media, random: Random) -> Composed:
    """Change a small square of an image (coarse pixels, upside down, coloured dots) and ask in which ninth it lies."""
    pixels = decode(media.read(image))
    if min(pixels.shape[:2]) < 150:
        raise Unfit("the image is too small for a patch of it to be seen")
    told = random.choice(_PATCHES)
    for place in random.sample(range(9), 9):
        region = _patch(pixels, *divmod(place, 3))
        changed = _patched(pixels, region, told, random)
        if _ratio(pixels, changed, region) < _PATCH:
            break
    else:
        raise Unfit("the image is too even for a patch of it to be seen")
    names = [name for row in NINTHS for name in row]
    gold = names[place]
    options = [gold, *random.sample([name for name in names if name != gold], 3)]
    random.shuffle(options)
    return Composed(
        input=(media.image(encode(changed)),),
        question=(
            "Divide the image into three equal columns and three equal rows. "
            f"In which part was a square patch {told}?"
        ),
        answer_kind="choice",
        options=tuple(options),
        option_values=tuple(options),
        answer=gold,
        gold_basis="computed",
        evidence=(0,),
        proof=f"the patch from {region[0]}, {region[1]} to {region[2]}, {region[3]} was {told}",
        alt=(f"an image with a patch {told}",),
    )  # fmt: skip


def _patch(pixels: Pixels, row: int, column: int) -> Region:
    """A square in the middle of a ninth."""
    high, wide = pixels.shape[:2]
    side = int(0.26 * min(high, wide))
    x, y = int(wide * (2 * column + 1) / 6 - side / 2), int(high * (2 * row + 1) / 6 - side / 2)
    return x, y, x + side, y + side


def _patched(pixels: Pixels, region: Region, told: str, random: Random) -> Pixels:
    left, top, right, bottom = region
    piece = np.ascontiguousarray(pixels[top:bottom, left:right])
    if told == "turned upside down":
        piece = piece[::-1, ::-1]
    elif told == "pixelated":
        piece = degraded(piece, "pixelate", 5, 0)
    else:
        piece = degraded(piece, "gaussian_noise", 4, random.getrandbits(48))
    changed = pixels.copy()
    changed[top:bottom, left:right] = piece
    return changed


def _ratio(before: Pixels, after: Pixels, region: Region) -> float:
    left, top, right, bottom = region
    return psnr(before[top:bottom, left:right], after[top:bottom, left:right])


# -- one object erased ------------------------------------------------------------------------------------


@construction(kinds=("choice",), signal="every object of each copy of an image")
def find_changed_copy(image: Image, boxes: Annotated[Boxes, "bbox"], media: Media, random: Random) -> Composed:
    """Show four copies of an image, from one of which an object was erased, and ask which one."""
    panel, grid, place = _copies(image, media)
    box, _ = _erasable(image, boxes, random)
    changed, _, ratio = _erased(panel, _shown(box, place), box.label)
    at = random.randrange(4)
    return ask_panels(
        [changed if k == at else panel for k in range(4)], grid, media,
        "The picture shows four copies of one image. In one of them an object was erased or covered. Which one?",
        panels_named(4)[at],
        f"the {box.label} is gone from panel {at + 1} alone ({ratio:.1f} dB where it was)",
        f"four copies of an image, panel {at + 1} without the {box.label}",
    )  # fmt: skip


@construction(kinds=("choice",), signal="the objects of the image before and after")
def name_erased_object(image: Image, boxes: Annotated[Boxes, "bbox"], media: Media, random: Random) -> Composed:
    """Show an image, and a copy from which an object was erased or in which it was covered, and ask which object."""
    panel, grid, place = _copies(image, media)
    box, rivals = _erasable(image, boxes, random)
    if len(rivals) < 3:
        raise Unfit("four objects with labels of their own are needed")
    changed, how, ratio = _erased(panel, _shown(box, place), box.label)
    options = [box.label, *random.sample(rivals, 3)]
    random.shuffle(options)
    item = ask_panels(
        [panel, changed], grid, media, f"Which object of panel 1 was {how} in panel 2?", box.label,
        f"the {box.label} of panel 1 was {how} in panel 2 ({ratio:.1f} dB where it was)",
        f"an image, and the same image with one object {how}",
    )  # fmt: skip
    return item.model_copy(update={"options": tuple(options), "option_values": tuple(options), "fixed_order": False})


def _erasable(image: Image, boxes: Boxes, random: Random) -> tuple[Box, list[str]]:
    """A boxed object that covers no other and is the only one of its label, and the other labels of that sort.

    Raises:
        Unfit: when there is none.
    """
    labels = [box.label for box in boxes.boxes]
    alone = [box for box in boxes.boxes if box.label.strip() and labels.count(box.label) == 1]
    free = [
        box
        for box in alone
        if 0.002 < (box.x1 - box.x0) * (box.y1 - box.y0) / (image.width * image.height) < 0.25
        and min(box.x0, box.y0) > -1 and box.x1 < image.width + 1 and box.y1 < image.height + 1
        and all(overlap(box, other) < 0.005 for other in boxes.boxes if other is not box)
    ]  # fmt: skip
    if not free:
        raise Unfit("no object stands alone, apart from the others, with a label of its own")
    box = random.choice(free)
    return box, sorted(other.label for other in alone if other is not box)


def _shown(box: Box, place: tuple[float, float, float]) -> Box:
    scale, left, top = place
    return Box(label=box.label, x0=box.x0 * scale + left, y0=box.y0 * scale + top,
               x1=box.x1 * scale + left, y1=box.y1 * scale + top)  # fmt: skip


def _erased(panel: Pixels, box: Box, label: str) -> tuple[Pixels, str, float]:
    """The panel without the object, whether it was erased or covered, and the ratio where it was.

    On an even ground it is painted over with the colour round it; elsewhere a grey patch covers it.

    Raises:
        Unfit: when that is not seen.
    """
    high, wide = panel.shape[:2]
    left, top, right, bottom = region = region_of(box, wide, high, 0.08)
    ring = np.concatenate([
        panel[top, left:right], panel[bottom - 1, left:right], panel[top:bottom, left], panel[top:bottom, right - 1],
    ])  # fmt: skip
    even = float(ring.std(axis=0).max()) < _EVEN
    changed = panel.copy()
    changed[top:bottom, left:right] = np.median(ring, axis=0).astype(np.uint8) if even else _GREY
    ratio = _ratio(panel, changed, region)
    if ratio > _PATCH:
        raise Unfit(f"nobody sees that the {label} is gone")
    return changed, "erased" if even else "covered", ratio


TOOLS: tuple[Tool, ...] = (
    find_degraded_copy, rank_degraded_copies, name_degradation, find_changed_region, find_changed_copy,
    name_erased_object,
)  # fmt: skip
