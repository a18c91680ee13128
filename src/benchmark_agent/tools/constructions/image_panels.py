"""Constructions that compose several images into one, or show what is asked about in bad quality."""

from collections.abc import Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import Boxes, Choices, Composed, Image, Label, Part, Phrase, Retouched, Table
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media, Tool, construction
from benchmark_agent.tools.constructions.image_boxes import count_boxes_choice
from benchmark_agent.tools.constructions.image_copies import ask_panels, panels_named
from benchmark_agent.tools.constructions.image_tables import ask_table_image
from benchmark_agent.tools.constructions.images import ask_image_options, describes, image_label_to_choice
from benchmark_agent.tools.image import layout
from benchmark_agent.tools.image.degrading import OPERATIONS
from benchmark_agent.tools.image.pixels import Pixels, decode
from benchmark_agent.tools.image.retouching import degrade
from benchmark_agent.tools.render.pages import cell_text
from benchmark_agent.wording import words

_SMALL = 240
"""Pixels of a panel's longer side."""
_LEGIBLE: dict[str, int] = {
    "jpeg": 3, "downscale": 1, "webp": 1, "multi_jpeg": 1, "low_contrast": 4, "haze": 4, "overexpose": 3, "darken": 4,
    "color_cast": 5, "vignette": 3, "gaussian_noise": 2, "shot_noise": 2, "salt_pepper": 1, "speckle": 2,
    "iso_color_noise": 2, "rotate": 3, "perspective": 4, "watermark": 2, "rain": 2,
}  # fmt: skip
"""Severities up to which RapidOCR reads drawn cells of 15 pixels about as well as on a clean picture."""
_READ: dict[str, int] = {
    "gaussian_blur": 1, "motion_blur": 1, "downscale": 1, "jpeg": 3, "webp": 1, "low_contrast": 3, "haze": 3,
    "gaussian_noise": 2, "shot_noise": 2, "salt_pepper": 2, "speckle": 2, "rain": 2, "darken": 1,
}  # fmt: skip
"""The same for pictures that may hold small text and colours that matter; none covers or moves anything."""
_SEEN: dict[str, int] = {
    "gaussian_blur": 2, "motion_blur": 2, "downscale": 2, "jpeg": 3, "webp": 2, "low_contrast": 3, "haze": 3,
    "gaussian_noise": 3, "shot_noise": 3, "salt_pepper": 3, "speckle": 3, "rain": 3, "darken": 1,
}  # fmt: skip
"""Severities up to which things and their colours are still told; none covers or moves anything."""


def _differ(image: Image, images: Sequence[Image]) -> None:
    hashes = [image.sha256, *(other.sha256 for other in images)]
    if len(set(hashes)) < len(hashes):
        raise Unfit("two of the rows show the same image")


def _apart(label: str, other: str) -> bool:
    """Whether neither label says all that the other says."""
    mine, theirs = set(words(label.casefold())), set(words(other.casefold()))
    return not (mine <= theirs or theirs <= mine)


def _panels(images: Sequence[Image], columns: int, media: Media) -> tuple[list[Pixels], layout.Grid]:
    pictures = [decode(media.read(image)) for image in images]
    grid = layout.grid_for(pictures, columns, _SMALL)
    return [layout.fitted(each, grid.width, grid.height)[0] for each in pictures], grid


@construction(kinds=("choice",), signal="what each of several panels shows", companions=16)
def find_panel(
    image: Image,
    label: Annotated[Label, "category", "entity", "answer"],
    images: tuple[Image, ...],
    labels: Annotated[tuple[Label, ...], "category", "entity", "answer"],
    media: Media,
    random: Random,
) -> Composed:
    """Compose six images with different labels into one picture of numbered panels and ask which panel shows a
    label."""
    describes(label)
    shown = [(label.text, image)]
    for other, picture in zip(labels, images, strict=True):
        if len(shown) < 6 and all(_apart(other.text, name) for name, _ in shown):
            shown.append((other.text, picture))
    if len(shown) < 6:
        raise Unfit("six images whose labels plainly differ are needed")
    _differ(image, [picture for _, picture in shown[1:]])
    random.shuffle(shown)
    panels, grid = _panels([picture for _, picture in shown], 3, media)
    at = [name for name, _ in shown].index(label.text)
    item = ask_panels(
        panels, grid, media, f"Which of the numbered panels shows this: {label.text}?", panels_named(6)[at],
        "; ".join(f"panel {k}: {name}" for k, (name, _) in enumerate(shown, 1)),
        "six panels: " + ", ".join(name for name, _ in shown),
    )  # fmt: skip
    return item.model_copy(update={"gold_basis": "source"})


@construction(kinds=("number",), signal="what every one of nine panels shows", companions=24)
def count_panels(
    image: Image,
    label: Annotated[Label, "category", "entity", "answer"],
    images: tuple[Image, ...],
    labels: Annotated[tuple[Label, ...], "category", "entity", "answer"],
    media: Media,
    random: Random,
) -> Composed:
    """Compose nine images into one picture of numbered panels and ask how many panels show a label; the answer is a
    number."""
    describes(label)
    pairs = list(zip(labels, images, strict=True))
    same = [picture for other, picture in pairs if other.text == label.text]
    rest = [picture for other, picture in pairs if _apart(other.text, label.text)]
    count = random.randint(2, min(6, len(same) + 1)) if same else 0
    if not count or len(rest) < 9 - count:
        raise Unfit("two images of one label and enough of others are needed")
    chosen = [image, *same[: count - 1], *rest[: 9 - count]]
    _differ(image, chosen[1:])
    order = random.sample(range(9), 9)
    panels, grid = _panels([chosen[k] for k in order], 3, media)
    places = sorted(order.index(k) + 1 for k in range(count))
    item = ask_panels(panels, grid, media, "", "", "", f"nine panels, {count} of them {label.text}")
    return item.model_copy(
        update={
            "question": f"How many of the nine numbered panels show this: {label.text}?",
            "answer_kind": "number",
            "options": (),
            "option_values": (),
            "fixed_order": False,
            "answer": str(count),
            "gold_basis": "source",
            "proof": f"the dataset labels the images of panels {', '.join(map(str, places))} {label.text!r}",
        }
    )


# -- through damage ---------------------------------------------------------------------------------------


def damaged(
    item: Composed, media: Media, random: Random, allowed: dict[str, int], legible: tuple[str, ...] = ()
) -> Composed:
    """The item with each of its images made worse in one way.

    Raises:
        Unfit: when nothing that is allowed shows in the images.
    """
    for operation in random.sample(sorted(allowed), len(allowed)):
        severity = random.randint(max(1, allowed[operation] - 1), allowed[operation])
        try:
            parts: list[Part] = [
                degrade(part, media, operation, severity, random) if isinstance(part, Image) else part
                for part in item.input
            ]
        except Unfit:
            continue
        marked = [
            part.model_copy(update={"made": (part.made or Retouched()).model_copy(update={"legible": legible})})
            if isinstance(part, Image) and legible
            else part
            for part in parts
        ]
        told = OPERATIONS[operation].told
        return item.model_copy(
            update={
                "input": tuple(marked),
                "proof": f"{item.proof}; the picture was {told} ({operation}, severity {severity} of 5)",
                "alt": tuple(f"{alt}, {told}" for alt in item.alt),
            }
        )
    raise Unfit("no degradation that spares the answer shows in this image")


@construction(kinds=("choice",), signal="cells of a table read off a bad picture of it")
def read_degraded_table(table: Annotated[Table, "table"], media: Media, random: Random) -> Composed:
    """Draw a table as a picture, make the picture noisy, compressed, pale, dark or tilted, and ask, with options, for
    a cell, the highest, a rank, a difference, a sum or a count."""
    kept = sorted(random.sample(range(len(table.rows)), min(len(table.rows), 8)))
    shown = table.model_copy(update={"rows": tuple(table.rows[k] for k in kept)})
    texts = tuple(dict.fromkeys(text for row in shown.rows for cell in row if (text := cell_text(cell))))
    return damaged(ask_table_image.run(shown, media, random), media, random, _LEGIBLE, texts)


@construction(kinds=("choice",), signal="what the image shows, through bad quality")
def ask_degraded_image(
    image: Image,
    question: Annotated[Phrase, "question"],
    options: Annotated[Choices, "options"],
    media: Media,
    random: Random,
) -> Composed:
    """Ask the dataset's own question about an image, with its own options, and show the image blurred, noisy, hazy or
    compressed."""
    return damaged(ask_image_options.run(image, question, options, random), media, random, _READ)


@construction(kinds=("choice",), signal="what the image shows, through bad quality")
def label_degraded_image(
    image: Image, label: Annotated[Label, "category", "entity", "answer"], media: Media, random: Random
) -> Composed:
    """Ask which of four labels of the dataset an image has, and show it blurred, noisy, hazy or compressed."""
    return damaged(image_label_to_choice.run(image, label, random), media, random, _SEEN)


@construction(kinds=("choice",), signal="every object of one kind, through bad quality")
def count_degraded_boxes(image: Image, boxes: Annotated[Boxes, "bbox"], media: Media, random: Random) -> Composed:
    """Ask how many objects of one kind an image shows, as the dataset boxes them, and show it blurred, noisy, hazy or
    compressed."""
    return damaged(count_boxes_choice.run(image, boxes, random), media, random, _SEEN)


TOOLS: tuple[Tool, ...] = (
    find_panel, count_panels, read_degraded_table, ask_degraded_image, label_degraded_image, count_degraded_boxes,
)  # fmt: skip
