"""The picture tools a recipe may use."""

from random import Random

from benchmark_agent.content import Boxes, Image, Phrase
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.tools import Media, Tool, tool
from benchmark_agent.tools.image import layout, reading, retouching
from benchmark_agent.tools.image.pixels import Pixels, decode, encode

MOST_PANELS = 12
_ROOM = 320
"""Pixels of a panel's longer side."""


@tool()
def degrade_image(
    image: Image, rng: Random, media: Media, *, operation: str = "gaussian_blur", severity: int = 3
) -> Image:
    """Make an image worse by one of 29 operations (gaussian_blur, motion_blur, downscale, pixelate, rotate,
    perspective, elastic, darken, overexpose, low_contrast, desaturate, color_cast, posterize, haze, vignette, jpeg,
    webp, multi_jpeg, quantize_palette, gaussian_noise, shot_noise, salt_pepper, speckle, iso_color_noise, blocks,
    grid_mask, scratches, watermark, rain) at a severity from 1 to 5; its size stays."""
    return retouching.degrade(image, media, operation, severity, rng)


@tool()
def move_boxes(boxes: Boxes, image: Image) -> Boxes:
    """Boxes of an image as they are after it was degraded or cropped; `image` is the result of those steps."""
    return retouching.moved(boxes, image.made.changes if image.made else ())


@tool()
def crop(image: Image, boxes: Boxes, media: Media, *, label: str = "", margin: float = 0.1) -> Image:
    """Cut an image to one of its boxes, with a margin as a share of the box; `label` says which box."""
    found = retouching.chosen_boxes(boxes, label)
    if len(found) > 1:
        raise Unfit(f"{len(found)} boxes could be cut out; name one that is alone with its label")
    if not 0 <= margin <= 2:
        raise ToolError(f"a margin of {margin:g} is out of bounds; 0 to 2 are allowed")
    return retouching.cropped(image, retouching.region_of(found[0], image.width, image.height, margin), media)


@tool()
def mask(image: Image, boxes: Boxes, media: Media, *, label: str = "") -> Image:
    """Cover boxes of an image with grey: those with a label, or all."""
    return retouching.masked(image, _regions(image, boxes, label), media)


@tool()
def blur_region(image: Image, boxes: Boxes, media: Media, *, label: str = "", severity: int = 3) -> Image:
    """Blur boxes of an image: those with a label, or all; severity 1 to 5."""
    if not 1 <= severity <= 5:
        raise ToolError(f"a severity of {severity} is out of bounds; 1 (mild) to 5 (heavy) are allowed")
    return retouching.blurred(image, _regions(image, boxes, label), severity, media)


def _regions(image: Image, boxes: Boxes, label: str) -> list[retouching.Region]:
    return [retouching.region_of(box, image.width, image.height) for box in retouching.chosen_boxes(boxes, label)]


@tool(companions=3)
def compose(image: Image, images: tuple[Image, ...], media: Media, *, columns: int = 2) -> Image:
    """Put the images of several rows into one, in a grid of numbered panels."""
    if not 1 <= columns <= MOST_PANELS:
        raise ToolError(f"{columns} columns are out of bounds; 1 to {MOST_PANELS} are allowed")
    return media.image(encode(_sheet([image, *images], columns, media)))


def _sheet(images: list[Image], columns: int, media: Media) -> Pixels:
    if len({image.sha256 for image in images}) < len(images):
        raise Unfit("two of the rows show the same image")
    pictures = [decode(media.read(image)) for image in images]
    grid = layout.grid_for(pictures, columns, _ROOM)
    return layout.composed([layout.fitted(each, grid.width, grid.height)[0] for each in pictures], grid)


@tool(missing=reading.missing_reader)
def read_text(image: Image, media: Media) -> Phrase:
    """Read the text an image shows, line by line."""
    found = reading.plain_text(reading.read_text(media.read(image)))
    if not found.strip():
        raise Unfit("no text was found in the image")
    return Phrase(text=found, name="text in the image")


TOOLS: tuple[Tool, ...] = (degrade_image, move_boxes, crop, mask, blur_region, compose, read_text)
