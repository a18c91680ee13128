"""The degradations: twenty-nine operations in five families, each at severities 1 to 5.

What is drawn (directions, places, the grain of noise) comes from the seed alone, never from the severity: severity 5
continues severity 1. A picture keeps its size. The measure of severity is the peak signal-to-noise ratio, which falls;
for the three operations that move what is shown it is how far points go on average, which rises.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmark_agent.errors import ToolError
from benchmark_agent.seeds import derive
from benchmark_agent.tools.image import grain, tones, warps
from benchmark_agent.tools.image.pixels import Pixels
from benchmark_agent.tools.image.tones import Draw, Level

Family = Literal["spatial", "photometric", "compression", "noise", "occlusion"]
SEVERITIES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Operation:
    """One way to make a picture worse."""

    name: str
    family: Family
    told: str
    """What was done, in words that finish "the picture was ..."."""
    levels: tuple[Level, ...]
    """Parameters at severities 1 to 5; lengths in pixels of a picture whose longer side has 512."""
    run: Callable[[Pixels, Level, Draw], Pixels] | None = None
    bend: warps.Bend | None = None
    """Instead of `run`, where it moves what is shown."""

    def warp(self, severity: int, seed: int, wide: int, high: int) -> warps.Warp | None:
        """Where points go, in a picture of that size; None where they stay."""
        if self.bend is None:
            return None
        return self.bend(self.levels[severity - 1], self._draws(seed), wide, high)

    def applied(self, pixels: Pixels, severity: int, seed: int) -> Pixels:
        if warp := self.warp(severity, seed, pixels.shape[1], pixels.shape[0]):
            return warp.applied(pixels)
        assert self.run is not None
        return self.run(pixels, self.levels[severity - 1], self._draws(seed))

    def _draws(self, seed: int) -> Draw:
        return np.random.Generator(np.random.PCG64(derive("degrade", self.name, seed)))


def _ones(*values: float) -> tuple[Level, ...]:
    return tuple((value,) for value in values)


_LISTED = (
    Operation("gaussian_blur", "spatial", "blurred", _ones(0.8, 1.6, 2.6, 4, 6), tones.gaussian_blur),
    Operation("motion_blur", "spatial", "blurred by motion", _ones(6, 11, 19, 30, 46), tones.motion_blur),
    Operation("downscale", "spatial", "reduced in resolution", _ones(0.6, 0.4, 0.28, 0.2, 0.13), tones.downscale),
    Operation("pixelate", "spatial", "turned into coarse square pixels", _ones(0.5, 0.33, 0.22, 0.15, 0.1),
              tones.pixelate),
    Operation("rotate", "spatial", "turned", _ones(3, 7, 12, 20, 30), bend=warps.rotate),
    Operation("perspective", "spatial", "tilted in perspective", _ones(0.04, 0.08, 0.13, 0.18, 0.25),
              bend=warps.perspective),
    Operation("elastic", "spatial", "warped like rubber", _ones(0.1, 0.16, 0.22, 0.28, 0.34), bend=warps.elastic),
    Operation("darken", "photometric", "darkened",
              ((1.3, 0.95), (1.7, 0.85), (2.1, 0.75), (2.6, 0.65), (3.2, 0.55)), tones.darken),
    Operation("overexpose", "photometric", "overexposed",
              ((1.2, 0.02), (1.4, 0.05), (1.65, 0.08), (1.95, 0.12), (2.3, 0.17)), tones.overexpose),
    Operation("low_contrast", "photometric", "reduced in contrast", _ones(0.7, 0.5, 0.35, 0.23, 0.14),
              tones.low_contrast),
    Operation("desaturate", "photometric", "drained of colour", _ones(0.7, 0.5, 0.3, 0.12, 0), tones.desaturate),
    Operation("color_cast", "photometric", "tinted", _ones(0.08, 0.15, 0.24, 0.34, 0.46), tones.color_cast),
    Operation("posterize", "photometric", "reduced to few shades", _ones(16, 8, 5, 3, 2), tones.posterize),
    Operation("haze", "photometric", "covered with haze", _ones(0.8, 0.65, 0.5, 0.36, 0.24), tones.haze),
    Operation("vignette", "photometric", "darkened towards the corners", _ones(0.3, 0.5, 0.7, 0.9, 1.15),
              tones.vignette),
    Operation("jpeg", "compression", "compressed as JPEG", _ones(40, 22, 13, 8, 4), tones.jpeg),
    Operation("webp", "compression", "compressed as WebP",
              ((35, 1), (15, 0.8), (8, 0.55), (4, 0.38), (1, 0.25)), tones.webp),
    Operation("multi_jpeg", "compression", "compressed again and again",
              ((2, 60, 0.9), (3, 45, 0.7), (4, 32, 0.5), (6, 22, 0.36), (8, 14, 0.26)), tones.multi_jpeg),
    Operation("quantize_palette", "compression", "reduced to few colours", _ones(64, 32, 16, 8, 4),
              tones.quantize_palette),
    Operation("gaussian_noise", "noise", "covered with fine noise", _ones(0.06, 0.1, 0.16, 0.24, 0.36),
              grain.gaussian_noise),
    Operation("shot_noise", "noise", "covered with the noise of weak light", _ones(60, 25, 12, 6, 3),
              grain.shot_noise),
    Operation("salt_pepper", "noise", "strewn with black and white dots", _ones(0.02, 0.05, 0.1, 0.18, 0.3),
              grain.salt_pepper),
    Operation("speckle", "noise", "covered with speckle", _ones(0.15, 0.25, 0.38, 0.55, 0.8), grain.speckle),
    Operation("iso_color_noise", "noise", "covered with coloured blotches", _ones(0.05, 0.09, 0.14, 0.2, 0.3),
              grain.iso_color_noise),
    Operation("blocks", "occlusion", "covered with coloured rectangles", _ones(0.05, 0.1, 0.18, 0.28, 0.4),
              grain.blocks),
    Operation("grid_mask", "occlusion", "covered with a grid of squares", _ones(0.25, 0.35, 0.46, 0.58, 0.7),
              grain.grid_mask),
    Operation("scratches", "occlusion", "scratched", _ones(4, 8, 14, 24, 40), grain.scratches),
    Operation("watermark", "occlusion", "stamped with a watermark", _ones(0.2, 0.33, 0.47, 0.63, 0.82),
              grain.watermark),
    Operation("rain", "occlusion", "covered with rain",
              ((120, 0.97), (250, 0.94), (450, 0.9), (750, 0.85), (1200, 0.8)), grain.rain),
)  # fmt: skip
OPERATIONS = {operation.name: operation for operation in _LISTED}


def operation_named(name: str, severity: int) -> Operation:
    """The operation, when there is one of that name and severity.

    Raises:
        ToolError: says what there is.
    """
    if name not in OPERATIONS:
        raise ToolError(f"there is no degradation {name!r}; there are {', '.join(OPERATIONS)}")
    if severity not in SEVERITIES:
        raise ToolError(f"a severity of {severity} is out of bounds; 1 (mild) to 5 (heavy) are allowed")
    return OPERATIONS[name]


def degraded(pixels: Pixels, name: str, severity: int, seed: int) -> Pixels:
    """The picture made worse, of the same size: the same pixels for the same arguments.

    Raises:
        ToolError: for a name or severity there is not.
    """
    return operation_named(name, severity).applied(pixels, severity, seed)
