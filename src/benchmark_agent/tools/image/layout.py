"""Several pictures as one, in a grid whose places have names."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image as Pillow

from benchmark_agent.tools.image.pixels import Pixels
from benchmark_agent.tools.render.canvas import INK, Canvas

GAP = 10
"""Pixels between two panels, and around them."""
_NUMBER = 22
"""Pixels: height of the line a panel's number stands in."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the panels of a composed picture stand, numbered from 1 in reading order."""

    columns: int
    width: int
    """Pixels of a panel."""
    height: int

    def corner(self, place: int) -> tuple[int, int]:
        """Left and top of a panel, counted from 0."""
        row, column = divmod(place, self.columns)
        return GAP + column * (self.width + GAP), GAP + _NUMBER + row * (self.height + _NUMBER + GAP)

    def size(self, panels: int) -> tuple[int, int]:
        """Width and height in pixels of the whole."""
        rows = -(-panels // self.columns)
        return GAP + self.columns * (self.width + GAP), GAP + rows * (self.height + _NUMBER + GAP)


def fitted(pixels: Pixels, width: int, height: int) -> tuple[Pixels, tuple[float, float, float]]:
    """The picture, whole, in the middle of a white panel; the scale, and its left and top there, in pixels."""
    high, wide = pixels.shape[:2]
    scale = min(width / wide, height / high)
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    small = Pillow.fromarray(pixels).resize(size, Pillow.Resampling.LANCZOS)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    panel = Pillow.new("RGB", (width, height), "white")
    panel.paste(small, (left, top))
    return np.array(panel), (scale, float(left), float(top))


def composed(panels: Sequence[Pixels], grid: Grid) -> Pixels:
    """Panels of the grid's size in reading order, each with its number above it."""
    wide, high = grid.size(len(panels))
    canvas = Canvas(wide, high, "#f2f2f2", smooth=1)
    for place in range(len(panels)):
        left, top = grid.corner(place)
        canvas.text((left + 2, top - _NUMBER + 3), str(place + 1), 16, INK, bold=True)
    sheet = canvas.picture()
    for place, panel in enumerate(panels):
        sheet.paste(Pillow.fromarray(panel), grid.corner(place))
    return np.array(sheet)


def grid_for(pictures: Sequence[Pixels], columns: int, room: int) -> Grid:
    """A grid whose panels have the mean shape of the pictures and are at most `room` pixels on the longer side."""
    shape = float(np.exp(np.mean([np.log(p.shape[1] / p.shape[0]) for p in pictures])))
    shape = min(2.0, max(0.5, shape))
    wide, high = (room, room / shape) if shape >= 1 else (room * shape, room)
    return Grid(columns, round(wide), round(high))
