"""Text in pictures, read by RapidOCR (PP-OCRv6 small, whose weights come with the wheel)."""

import math
import threading
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmark_agent.errors import ToolError
from benchmark_agent.tools.image.pixels import Pixels, decode
from benchmark_agent.wording import key

INSTALL = "nothing here can read text in pictures: type \"pip install 'benchmark-agent[ocr]'\""
ENGINE = "rapidocr"
_SCRIPTS = ("LATIN", "CJK", "HIRAGANA", "KATAKANA")
"""Beginnings of the Unicode names of letters it reads; it guesses at others."""
_LONGEST = 2400
"""Pixels of the longer side; a larger picture is reduced before it is read."""
_KEPT = 256
"""Readings kept in memory, by the content of the picture."""
_PARAMS = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Global.log_level": "error",
    "Det.limit_type": "max",  # by default a narrow strip is enlarged until its shorter side has 736 pixels
    "Det.limit_side_len": 1600,
}
_here = threading.local()


class Line(NamedTuple):
    """One line of text as it was read."""

    text: str
    box: tuple[float, float, float, float]
    """Left, top, right, bottom in pixels of the picture."""
    score: float
    """How sure the engine is, 0-1."""


def missing_reader() -> str:
    """What to install so that text is read; empty when it is."""
    return "" if find_spec("rapidocr") and find_spec("onnxruntime") else INSTALL


def _engine() -> Any:
    """One object a thread: its flags stay on it from call to call."""
    if not hasattr(_here, "engine"):
        from rapidocr import RapidOCR

        _here.engine = RapidOCR(params=_PARAMS)
    return _here.engine


@lru_cache(maxsize=_KEPT)
def read_text(data: bytes) -> tuple[Line, ...]:
    """The lines of text an encoded picture shows, from top to bottom, and from left to right within a row.

    Raises:
        MediaError: when it does not open.
        ToolError: when no engine is installed.
    """
    if lacking := missing_reader():
        raise ToolError(lacking)
    pixels = decode(data)
    scale = max(1.0, max(pixels.shape[:2]) / _LONGEST)
    found = _engine()(_bgr(pixels, scale), use_det=True, use_cls=True, use_rec=True)
    if found.boxes is None or not len(found.boxes):
        return ()
    corners = np.asarray(found.boxes, dtype=np.float64) * scale
    lines = [
        Line(str(text), _upright(box), round(float(score), 4))
        for text, box, score in zip(found.txts, corners, found.scores, strict=True)
    ]
    return tuple(lines[index] for index in _in_order(corners))


def _bgr(pixels: Pixels, scale: float) -> Pixels:
    if scale > 1:
        from PIL import Image as Pillow

        size = round(pixels.shape[1] / scale), round(pixels.shape[0] / scale)
        pixels = np.array(Pillow.fromarray(pixels).resize(size, Pillow.Resampling.LANCZOS))
    return np.ascontiguousarray(pixels[:, :, ::-1])


def _upright(corners: Any) -> tuple[float, float, float, float]:
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return round(float(x0), 1), round(float(y0), 1), round(float(x1), 1), round(float(y1), 1)


def _in_order(corners: npt.NDArray[np.float64]) -> list[int]:
    """Indexes of boxes in reading order. Shape of the corners (lines, 4, 2), clockwise from the top left.

    A tilted page is turned upright first, by the median slope of its lines. Lines are of one row when their middles lie
    within half a line's height of the first of the row.
    """
    along, down = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    tilt = float(np.median(np.arctan2(along[:, 1], along[:, 0])))
    middles, heights = corners.mean(axis=1), np.hypot(down[:, 0], down[:, 1])
    across = middles[:, 0] * math.cos(tilt) + middles[:, 1] * math.sin(tilt)
    depth = middles[:, 1] * math.cos(tilt) - middles[:, 0] * math.sin(tilt)
    rows: list[list[int]] = []
    for index in np.argsort(depth, kind="stable").tolist():
        if rows and depth[index] - depth[rows[-1][0]] < heights[index] / 2:
            rows[-1].append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda each: float(across[each]))]


def readable(text: str) -> bool:
    """Whether the engine reads every letter of it."""
    return all(unicodedata.name(sign, "").startswith(_SCRIPTS) for sign in text if sign.isalpha())


def plain_text(lines: tuple[Line, ...]) -> str:
    """What was read, a line of text for each row."""
    return "\n".join(line.text for line in lines)


def squeezed(text: str) -> str:
    """Text for comparing with what was read: letters and digits alone, one case, what looks alike made one."""
    return "".join(sign for sign in key(text) if sign.isalnum() or sign in "%.-").translate(_ALIKE)


_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l"})


def errors_in(wanted: str, read: str) -> float:
    """Share of the characters of `wanted` that are wrong where `read` has it best, 0-1.

    Approximate search of a pattern in a text (Sellers 1980): insertions before and after it cost nothing.
    """
    pattern, text = squeezed(wanted), squeezed(read)
    if not pattern:
        return 0.0
    row = [0] * (len(text) + 1)
    for number, sign in enumerate(pattern, 1):
        last, row = row, [number, *row[1:]]
        for place, other in enumerate(text, 1):
            row[place] = min(last[place - 1] + (sign != other), last[place] + 1, row[place - 1] + 1)
    return min(1.0, min(row) / len(pattern))
