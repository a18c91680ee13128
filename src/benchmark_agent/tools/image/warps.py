"""Operations that move what a picture shows: each knows where a point goes, so that boxes go with it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from benchmark_agent.content import Box
from benchmark_agent.tools.image.pixels import Pixels

Points = npt.NDArray[np.float64]
"""Pixels from the left and from the top. Shape (points, 2)."""
_GRID = 4
"""Cells across in which an elastic picture is pulled about."""
_SIDE = 17
"""Points on each side of a box that are followed."""
_STEPS = 40
"""Rounds in which an elastic move is turned round; each halves the error at least."""


@dataclass(frozen=True, slots=True)
class Warp:
    """A move of the whole picture within its frame."""

    back: Callable[[Points], Points]
    """Where a point of the result comes from."""
    forth: Callable[[Points], Points]
    """Where a point of the picture goes."""

    def applied(self, pixels: Pixels) -> Pixels:
        """The moved picture, of the same size; what comes from outside has the mean colour of the edge."""
        high, wide = pixels.shape[:2]
        y, x = np.mgrid[0:high, 0:wide]
        source = self.back(np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1)) - 0.5
        edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]).mean(axis=0)
        at = [source[:, 1].reshape(high, wide), source[:, 0].reshape(high, wide)]
        bands = [
            ndimage.map_coordinates(pixels[..., band].astype(np.float32), at, order=1, cval=float(edge[band]))
            for band in range(3)
        ]
        moved: Pixels = np.clip(np.stack(bands, axis=-1) + 0.5, 0, 255).astype(np.uint8)
        return moved

    def box(self, box: Box, wide: int, high: int) -> Box:
        """The upright box around what the box held."""
        along = np.linspace(0, 1, _SIDE)
        x, y = box.x0 + along * (box.x1 - box.x0), box.y0 + along * (box.y1 - box.y0)
        sides = [
            np.stack(pair, axis=1)
            for pair in (
                (x, np.full(_SIDE, box.y0)),
                (x, np.full(_SIDE, box.y1)),
                (np.full(_SIDE, box.x0), y),
                (np.full(_SIDE, box.x1), y),
            )
        ]
        (x0, y0), (x1, y1) = (bound(self.forth(np.concatenate(sides)), axis=0) for bound in (np.min, np.max))
        return Box(
            label=box.label,
            x0=round(max(0.0, float(x0)), 2),
            y0=round(max(0.0, float(y0)), 2),
            x1=round(min(float(wide), float(x1)), 2),
            y1=round(min(float(high), float(y1)), 2),
        )

    def reach(self, wide: int, high: int) -> float:
        """How far points go on average, as a share of the diagonal: the measure of severity of a move."""
        x, y = np.meshgrid(np.linspace(0, wide, 21), np.linspace(0, high, 21))
        points = np.stack([x.ravel(), y.ravel()], axis=1)
        return float(np.hypot(*(self.forth(points) - points).T).mean() / math.hypot(wide, high))


Bend = Callable[[tuple[float, ...], np.random.Generator, int, int], Warp]
"""A warp from a level, the draws, and the width and height in pixels."""


def _projected(matrix: npt.NDArray[np.float64]) -> Callable[[Points], Points]:
    def run(points: Points) -> Points:
        lifted = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ matrix.T
        return lifted[:, :2] / lifted[:, 2:]

    return run


def _plane(forth: npt.NDArray[np.float64]) -> Warp:
    return Warp(back=_projected(np.linalg.inv(forth).astype(np.float64)), forth=_projected(forth))


def rotate(level: tuple[float, ...], draw: np.random.Generator, wide: int, high: int) -> Warp:
    """Turned about the middle by so many degrees, and made smaller so that every corner stays in the frame."""
    angle = math.radians(level[0]) * (1 if draw.random() < 0.5 else -1)
    cos, sin = math.cos(angle), math.sin(angle)
    across, down = wide * cos + high * abs(sin), wide * abs(sin) + high * cos
    scale = min(wide / across, high / down)
    x, y = wide / 2, high / 2
    a, b = scale * cos, scale * sin
    return _plane(np.array([[a, -b, x - a * x + b * y], [b, a, y - b * x - a * y], [0, 0, 1]]))


def perspective(level: tuple[float, ...], draw: np.random.Generator, wide: int, high: int) -> Warp:
    """Each corner pulled inwards by up to a share of the width and the height."""
    pull = draw.uniform(0.35, 1, (4, 2)) * level[0] * np.array([wide, high])
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float64)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    return _plane(_homography(corners, corners + pull * inwards))


def _homography(source: Points, target: Points) -> npt.NDArray[np.float64]:
    """The projective map that takes four points to four others (Hartley and Zisserman 2003, section 4.1)."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source.tolist(), target.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    solved = np.linalg.solve(np.array(rows), np.array(values))
    return np.append(solved, 1.0).reshape(3, 3)


def elastic(level: tuple[float, ...], draw: np.random.Generator, wide: int, high: int) -> Warp:
    """Pulled about smoothly by up to a share of a cell; the frame stays where it is."""
    pulls = draw.uniform(-1, 1, (2, _GRID + 3, _GRID + 3))
    pulls[:, :2], pulls[:, -2:], pulls[:, :, :2], pulls[:, :, -2:] = 0, 0, 0, 0
    cells = np.array([wide / _GRID, high / _GRID])
    most = level[0] * float(cells.min())

    def shift(points: Points) -> Points:
        at = points / cells + 1
        moved = [ndimage.map_coordinates(pull, [at[:, 1], at[:, 0]], order=3, mode="nearest") for pull in pulls]
        return np.stack(moved, axis=1) * most

    def back(points: Points) -> Points:
        return points + shift(points)

    def forth(points: Points) -> Points:
        found = points
        for _ in range(_STEPS):
            found = points - shift(found)
        return found

    return Warp(back=back, forth=forth)
