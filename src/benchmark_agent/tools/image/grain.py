"""Degradations by noise, and by what lies over a picture. A higher level adds to what a lower one did."""

import math

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter

from benchmark_agent.tools.image.pixels import Pixels, rounded, shares
from benchmark_agent.tools.image.tones import Draw, Level, noise_field, scale_of
from benchmark_agent.tools.render import lettering

# -- noise ----------------------------------------------------------------------------------------------


def gaussian_noise(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    return rounded(shares(pixels) + noise_field(draw, pixels.shape) * np.float32(level[0]))


def shot_noise(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Of so many photons at full light; by the normal approximation, so that every level has the same grain."""
    values = shares(pixels)
    spread = np.sqrt(np.maximum(values, 0.02) / np.float32(level[0]))
    return rounded(values + noise_field(draw, pixels.shape) * spread)


def salt_pepper(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    chance = draw.random(pixels.shape[:2])
    found = pixels.copy()
    found[chance < level[0] / 2] = 0
    found[chance > 1 - level[0] / 2] = 255
    return found


def speckle(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """The brighter, the noisier; dark pixels keep a little."""
    values = shares(pixels)
    return rounded(values + noise_field(draw, pixels.shape) * np.maximum(values, 0.1) * np.float32(level[0]))


def iso_color_noise(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Coarse blotches of colour, as of a sensor in the dark."""
    high, wide = pixels.shape[:2]
    grain = max(2.0, 3 * scale_of(pixels))
    coarse = noise_field(draw, (int(high / grain) + 2, int(wide / grain) + 2, 3))
    small = Pillow.fromarray(rounded(coarse / 8 + 0.5))
    field = shares(np.array(small.resize((wide, high), Pillow.Resampling.BILINEAR))) - np.float32(0.5)
    return rounded(shares(pixels) + field * np.float32(8 * level[0]))


# -- what lies over it ----------------------------------------------------------------------------------


def blocks(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Coloured rectangles, until a share of the picture is covered."""
    high, wide = pixels.shape[:2]
    found, covered = pixels.copy(), np.zeros((high, wide), dtype=bool)
    while covered.mean() < level[0]:
        w, h = (max(1, int(draw.uniform(0.06, 0.2) * side)) for side in (wide, high))
        x, y = int(draw.integers(0, wide - w + 1)), int(draw.integers(0, high - h + 1))
        colour = draw.integers(0, 256, 3)
        free = ~covered[y : y + h, x : x + w]
        found[y : y + h, x : x + w][free] = colour
        covered[y : y + h, x : x + w] = True
    return found


def grid_mask(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Grey squares in a grid; the level is their share of a cell's side."""
    high, wide = pixels.shape[:2]
    cell = max(4, min(high, wide) // 10)
    side = max(1, round(cell * level[0]))
    y, x = np.mgrid[0:high, 0:wide]
    found = pixels.copy()
    found[((y % cell) < side) & ((x % cell) < side)] = 128
    return found


def scratches(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Light and dark lines, most of them upright, as on old film."""
    picture = Pillow.fromarray(pixels)
    pen = ImageDraw.Draw(picture)
    high, wide = pixels.shape[:2]
    for _ in range(int(level[0])):
        x, y = draw.uniform(0, wide), draw.uniform(-0.2, 0.8) * high
        angle, length = math.pi / 2 + 0.35 * float(draw.uniform(-1, 1)), draw.uniform(0.25, 0.7) * high
        shade = int(draw.integers(190, 256) if draw.random() < 0.5 else draw.integers(10, 70))
        end = (x + length * math.cos(angle), y + length * math.sin(angle))
        width = max(1, round(scale_of(pixels) * draw.uniform(1, 2.5)))
        pen.line([(x, y), end], fill=(shade, shade, shade), width=width)
    return np.array(picture)


def watermark(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """The word SAMPLE all over, aslant, dark on light and light on dark; the level is how opaque it is."""
    high, wide = pixels.shape[:2]
    mask = _samples(wide, high)
    strength = (mask * np.float32(level[0]))[..., None]
    shade = np.float32(0.4 if pixels.mean() > 128 else 1.0)
    return rounded(shares(pixels) * (1 - strength) + strength * shade)


def _samples(wide: int, high: int) -> npt.NDArray[np.float32]:
    side = math.ceil(math.hypot(wide, high))
    size = max(10, round(max(wide, high) * 0.075))
    sheet = Pillow.new("L", (side, side), 0)
    pen = ImageDraw.Draw(sheet)
    words = "SAMPLE   " * (side // (4 * size) + 2)
    for row, y in enumerate(range(0, side, round(size * 1.9))):
        pen.text((-size * 1.5 * (row % 2), y), words, fill=255, font=lettering.font(size))
    turned = sheet.rotate(25, Pillow.Resampling.BICUBIC)
    left, top = (side - wide) // 2, (side - high) // 2
    return shares(np.array(turned.crop((left, top, left + wide, top + high))))


def rain(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Streaks that all fall one way, light on dark and dark on light, and less light."""
    count, gloom = level
    high, wide = pixels.shape[:2]
    streaks = Pillow.new("L", (wide, high), 0)
    pen = ImageDraw.Draw(streaks)
    lean = draw.uniform(-0.3, 0.3)
    for _ in range(int(count)):
        x, y = draw.uniform(-0.1, 1.1) * wide, draw.uniform(-0.1, 1) * high
        length = draw.uniform(0.03, 0.08) * high
        shade = int(draw.integers(120, 256))
        pen.line([(x, y), (x + length * lean, y + length)], fill=shade, width=max(1, round(scale_of(pixels) * 1.5)))
    light = shares(np.array(streaks.filter(ImageFilter.GaussianBlur(0.6 * max(1.0, scale_of(pixels))))))[..., None]
    light = light * np.float32(0.75)
    colour = np.float32(0.5 if pixels.mean() > 160 else 0.9)
    return rounded(shares(pixels) * np.float32(gloom) * (1 - light) + light * colour)
