"""A canvas that draws smooth shapes and then sharp text, and always gives the same bytes."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from PIL import Image as Pillow
from PIL import ImageDraw

from benchmark_agent.tools.render import lettering

Point = tuple[float, float]
"""Pixels from the left and from the top."""
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""
Anchor = Literal["lt", "mt", "rt", "lm", "mm", "rm", "lb", "mb", "rb"]
"""Left, middle or right; top, middle or bottom of the text stands at the point given."""

INK, SOFT, GRID, PAPER = "#1f2328", "#57606a", "#d8dee4", "#ffffff"
OKABE_ITO = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#7f7f7f")
"""Colours that colour-blind readers can tell apart (Okabe and Ito 2008), black replaced by grey."""


@dataclass(frozen=True, slots=True)
class _Words:
    at: Point
    text: str
    size: int
    fill: str
    bold: bool
    room: float = 0
    """Pixels of the cell it must keep to; 0: as wide as it is."""


class Canvas:
    """Shapes are drawn at `smooth` times the size and reduced; text is written over them afterwards, at its own size.

    Pages and tables have upright lines only, and do with `smooth` 1.
    """

    def __init__(self, width: int, height: int, background: str = PAPER, smooth: int = 2) -> None:
        self.width, self.height, self._smooth = width, height, smooth
        self._picture = Pillow.new("RGB", (width * smooth, height * smooth), background)
        self._draw = ImageDraw.Draw(self._picture)
        self._words: list[_Words] = []
        self.text_boxes: list[Rect] = []
        """Where each text stands, in the order written: for layout checks."""

    def line(self, points: Sequence[Point], fill: str = INK, width: float = 1.5, dash: float = 0) -> None:
        """A line through the points; with `dash`, dashes of that many pixels between each two."""
        pen = max(1, round(width * self._smooth))
        if dash:
            for start, end in pairwise(points):
                self._dashes(start, end, fill, pen, dash)
            return
        self._draw.line([self._up(point) for point in points], fill=fill, width=pen, joint="curve")

    def _dashes(self, start: Point, end: Point, fill: str, pen: int, dash: float) -> None:
        length = math.dist(start, end)
        count = max(1, int(length / dash))
        for turn in range(0, count, 2):
            a, b = turn / count, (turn + 1) / count
            ends = [(start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t) for t in (a, b)]
            self._draw.line([self._up(point) for point in ends], fill=fill, width=pen)

    def polygon(
        self, points: Sequence[Point], fill: str | None = None, outline: str | None = None, width: float = 1.5
    ) -> None:
        raised = [self._up(point) for point in points]
        if fill:
            self._draw.polygon(raised, fill=fill)
        if outline:
            self._draw.line(
                [*raised, raised[0], raised[1]], fill=outline, width=round(width * self._smooth), joint="curve"
            )

    def rectangle(
        self, box: Rect, fill: str | None = None, outline: str | None = None, width: float = 1, radius: float = 0
    ) -> None:
        corners = (*self._up((box[0], box[1])), *self._up((box[2], box[3])))
        pen = max(1, round(width * self._smooth)) if outline else 0
        self._draw.rounded_rectangle(corners, radius * self._smooth, fill=fill, outline=outline, width=pen)

    def circle(
        self, centre: Point, radius: float, fill: str | None = None, outline: str | None = None, width: float = 1.5
    ) -> None:
        (x, y), r = self._up(centre), radius * self._smooth
        pen = max(1, round(width * self._smooth)) if outline else 0
        self._draw.ellipse((x - r, y - r, x + r, y + r), fill=fill, outline=outline, width=pen)

    def arc(self, centre: Point, radius: float, start: float, end: float, fill: str = INK, width: float = 1.5) -> None:
        """Degrees clockwise from three o'clock."""
        (x, y), r = self._up(centre), radius * self._smooth
        self._draw.arc((x - r, y - r, x + r, y + r), start, end, fill=fill, width=max(1, round(width * self._smooth)))

    def slice(self, centre: Point, radius: float, start: float, end: float, fill: str, outline: str = PAPER) -> None:
        """A piece of a pie. Degrees clockwise from three o'clock."""
        (x, y), r = self._up(centre), radius * self._smooth
        self._draw.pieslice((x - r, y - r, x + r, y + r), start, end, fill=fill, outline=outline, width=2)

    def text(
        self,
        at: Point,
        text: str,
        size: int = 14,
        fill: str = INK,
        anchor: Anchor = "lt",
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """One line of text. `halo` clears the paper behind it.

        Raises:
            Unfit: for a character that cannot be drawn.
        """
        text = lettering.plain(text)
        wide, high = lettering.width(text, size), size
        x = at[0] - {"l": 0.0, "m": wide / 2, "r": wide}[anchor[0]]
        y = at[1] - {"t": 0.0, "m": high / 2, "b": float(high)}[anchor[1]]
        if halo:
            self.rectangle((x - 2, y - 1, x + wide + 2, y + high + 1), fill=PAPER)
        self._words.append(_Words((round(x), round(y - size * 0.16)), text, size, fill, bold))
        self.text_boxes.append((x, y, x + wide, y + high))

    def cell(self, at: Point, glyph: str, size: int, fill: str, room: float) -> None:
        """One glyph of a listing, in a cell `room` pixels wide with its top left corner `at`."""
        self._words.append(_Words((round(at[0]), round(at[1])), glyph, size, fill, False, room))

    def _up(self, point: Point) -> Point:
        return point[0] * self._smooth, point[1] * self._smooth

    def picture(self) -> Pillow.Image:
        """The finished picture, RGB, at the canvas' own size."""
        picture = self._picture.reduce(self._smooth)
        draw = ImageDraw.Draw(picture)
        for words in self._words:
            if words.room:
                lettering.write_squeezed(draw, words.at, words.text, words.size, words.fill, words.room)
            else:
                lettering.write(draw, words.at, words.text, words.size, words.fill, words.bold)
        return picture

    def png(self) -> bytes:
        """The finished picture as PNG bytes: the same for the same drawing."""
        return encode(self.picture())


def encode(picture: Pillow.Image) -> bytes:
    """PNG with a palette of at most 128 colours: a third of the size, and no difference to the eye."""
    small = picture.quantize(128, method=Pillow.Quantize.FASTOCTREE, dither=Pillow.Dither.NONE)
    file = io.BytesIO()
    small.save(file, "PNG", compress_level=6)
    return file.getvalue()
