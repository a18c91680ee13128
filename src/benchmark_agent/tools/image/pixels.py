"""Pictures as arrays: opened, written as PNG, compared."""

import io
import math
import warnings

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageOps

from benchmark_agent.errors import MediaError
from benchmark_agent.media import open_image

Pixels = npt.NDArray[np.uint8]
"""RGB. Shape (height, width, 3)."""
PAPER = (255, 255, 255)
IDENTICAL = 99.0
"""Decibels stated for two equal pictures, whose ratio has no number."""


def decode(data: bytes) -> Pixels:
    """The pixels of an encoded image as a viewer shows them: turned as EXIF says, on white where it is transparent.

    Raises:
        MediaError: when it does not decode wholly, or is too large.
    """
    open_image(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = ImageOps.exif_transpose(Pillow.open(io.BytesIO(data)))
        return np.array(flat(picture))
    except (OSError, SyntaxError, ValueError) as error:
        raise MediaError(f"the image does not open: {error}") from error


def flat(picture: Pillow.Image) -> Pillow.Image:
    """The picture in RGB, laid on white."""
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        under = Pillow.new("RGBA", clear.size, (*PAPER, 255))
        picture = Pillow.alpha_composite(under, clear)
    return picture.convert("RGB")


def encode(pixels: Pixels) -> bytes:
    """PNG bytes, without loss: the same for the same pixels."""
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, "PNG", compress_level=4)
    return file.getvalue()


def rounded(values: npt.NDArray[np.floating]) -> Pixels:
    """Values, 0-1, as bytes; what lies outside is cut."""
    scaled: Pixels = (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)
    return scaled


def shares(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Bytes as values, 0-1."""
    return pixels.astype(np.float32) / np.float32(255)


def psnr(one: Pixels, other: Pixels) -> float:
    """Peak signal-to-noise ratio of two pictures of one size, decibels; `IDENTICAL` when no pixel differs."""
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return IDENTICAL if error == 0 else min(IDENTICAL, 10 * math.log10(255**2 / error))
