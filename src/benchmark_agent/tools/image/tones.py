"""Degradations of sharpness, light, colour and coding. Each takes a level and draws that do not depend on the level."""

import io
import math

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageFilter

from benchmark_agent.tools.image.pixels import Pixels, rounded, shares

Level = tuple[float, ...]
Draw = np.random.Generator
_NOMINAL = 512
"""Pixels of the longer side for which lengths in levels are stated; they grow with the picture."""


def scale_of(pixels: Pixels) -> float:
    """How much larger the picture is than one lengths are stated for."""
    return float(max(pixels.shape[:2])) / _NOMINAL


# -- sharpness ------------------------------------------------------------------------------------------


def gaussian_blur(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    blur = ImageFilter.GaussianBlur(level[0] * scale_of(pixels))
    return np.array(Pillow.fromarray(pixels).filter(blur))


def motion_blur(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Mean of copies shifted along a line, those in the middle counting most; the direction is drawn."""
    length = max(2.0, level[0] * scale_of(pixels))
    angle = float(draw.uniform(0, math.pi))
    steps = 2 * int(length) + 1
    high, wide = pixels.shape[:2]
    room = int(length / 2) + 1
    padded = np.pad(pixels, ((room, room), (room, room), (0, 0)), mode="edge")
    total, weights = np.zeros(pixels.shape, dtype=np.uint32), 0
    for step in range(steps):
        far = length * (step / (steps - 1) - 0.5)
        weight = 1 + min(step, steps - 1 - step)
        x, y = room + round(far * math.cos(angle)), room + round(far * math.sin(angle))
        total += padded[y : y + high, x : x + wide] * np.uint32(weight)
        weights += weight
    return ((total + weights // 2) // weights).astype(np.uint8)


def _smaller(pixels: Pixels, share: float, down: Pillow.Resampling, up: Pillow.Resampling) -> Pixels:
    picture = Pillow.fromarray(pixels)
    size = max(2, round(picture.width * share)), max(2, round(picture.height * share))
    return np.array(picture.resize(size, down).resize(picture.size, up))


def downscale(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    return _smaller(pixels, level[0], Pillow.Resampling.BOX, Pillow.Resampling.BILINEAR)


def pixelate(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    return _smaller(pixels, level[0], Pillow.Resampling.BOX, Pillow.Resampling.NEAREST)


# -- light and colour -----------------------------------------------------------------------------------


def _curve(pixels: Pixels, values: list[float]) -> Pixels:
    """Each byte through a table of 256 values, 0-1: computed in Python, so that every machine has the same."""
    table = np.array([min(255, max(0, round(value * 255))) for value in values], dtype=np.uint8)
    return table[pixels]


def darken(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    power, gain = level
    return _curve(pixels, [(k / 255) ** power * gain for k in range(256)])


def overexpose(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    gain, lift = level
    return _curve(pixels, [k / 255 * gain + lift for k in range(256)])


def low_contrast(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Nearer to the mean."""
    middle = round(float(pixels.mean())) / 255
    return _curve(pixels, [middle + (k / 255 - middle) * level[0] for k in range(256)])


def desaturate(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Nearer to its grey, by the luma of ITU-R BT.601."""
    values = shares(pixels)
    grey = (values * np.array([0.299, 0.587, 0.114], dtype=np.float32)).sum(axis=2, keepdims=True)
    return rounded(grey + (values - grey) * np.float32(level[0]))


def color_cast(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """One channel stronger, one weaker; which ones is drawn."""
    gains = 1 + level[0] * draw.permutation(np.array([1.0, -1.0, 0.0]))
    return rounded(shares(pixels) * gains.astype(np.float32))


def posterize(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Few steps a channel, from black to white."""
    steps = level[0] - 1
    return _curve(pixels, [round(k / 255 * steps) / steps for k in range(256)])


def haze(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Nearer to a light grey."""
    clear = level[0]
    return _curve(pixels, [k / 255 * clear + (1 - clear) * 0.86 for k in range(256)])


def vignette(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Darker towards the corners."""
    high, wide = pixels.shape[:2]
    y, x = np.linspace(-1, 1, high)[:, None], np.linspace(-1, 1, wide)[None]
    light = np.clip(1 - level[0] * (x * x + y * y) / 1.6, 0.02, 1)
    return rounded(shares(pixels) * light[..., None].astype(np.float32))


# -- coding ---------------------------------------------------------------------------------------------


def _coded(picture: Pillow.Image, kind: str, quality: float) -> Pillow.Image:
    file = io.BytesIO()
    if kind == "JPEG":
        picture.save(file, "JPEG", quality=int(quality), subsampling=2)
    else:
        picture.save(file, kind, quality=int(quality), method=4)
    return Pillow.open(file).convert("RGB")


def jpeg(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    return np.array(_coded(Pillow.fromarray(pixels), "JPEG", level[0]))


def webp(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Coded at a low quality, from a smaller copy."""
    quality, share = level
    picture = Pillow.fromarray(pixels)
    return np.array(_coded(_sized(picture, share), "WEBP", quality).resize(picture.size, Pillow.Resampling.BILINEAR))


def _sized(picture: Pillow.Image, share: float) -> Pillow.Image:
    size = max(2, round(picture.width * share)), max(2, round(picture.height * share))
    return picture.resize(size, Pillow.Resampling.BOX)


def multi_jpeg(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Coded again and again, each time from a copy of another size: what a picture shared many times looks like."""
    times, quality, share = level
    picture = Pillow.fromarray(pixels)
    sizes = draw.uniform(0.85, 1, 12)
    for size in sizes[: int(times)]:
        smaller = _coded(_sized(picture, share * float(size)), "JPEG", quality)
        picture = smaller.resize(picture.size, Pillow.Resampling.BILINEAR)
    return np.array(picture)


def quantize_palette(pixels: Pixels, level: Level, draw: Draw) -> Pixels:
    """Few colours, without dither."""
    picture = Pillow.fromarray(pixels)
    few = picture.quantize(int(level[0]), method=Pillow.Quantize.MEDIANCUT, dither=Pillow.Dither.NONE)
    return np.array(few.convert("RGB"))


def noise_field(draw: Draw, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Standard normal noise."""
    return draw.standard_normal(shape, dtype=np.float32)
