"""Formulas as pictures, by the math layout of matplotlib."""

import io
import threading
import warnings
from functools import cache
from importlib.util import find_spec
from typing import Any

from PIL import Image as Pillow
from PIL import ImageOps

from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.tools.render.canvas import PAPER, encode

INSTALL = "nothing here can draw formulas: type \"pip install 'benchmark-agent[formulas]'\""
MOST = 300
"""Characters."""
WIDEST = 1600
"""Pixels."""
_DPI = 150
_MARGIN = 24
"""Pixels."""
_drawing = threading.Lock()
"""matplotlib does not promise to be safe in threads."""


def missing_formulas() -> str:
    """What to install so that formulas are drawn; empty when they are."""
    return "" if find_spec("matplotlib") else INSTALL


@cache
def _font() -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family="DejaVu Sans", size=20, math_fontfamily="dejavusans")


@cache
def _glyphs() -> frozenset[int]:
    """Code points of the font."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont(_font(), fallback_to_default=False)).get_charmap())


def draw_formula(formula: str) -> bytes:
    r"""A formula in TeX notation (`\frac{a}{b}`, with or without dollar signs) as PNG bytes.

    Raises:
        Unfit: when it is empty or too long, not understood, or has a character that is not in the font.
        ToolError: when matplotlib is not installed.
    """
    if lacking := missing_formulas():
        raise ToolError(lacking)
    text = formula.strip().strip("$").strip()
    if not text or len(text) > MOST or "\n" in text or "$" in text:
        raise Unfit(f"one formula of 1 to {MOST} characters in one line is needed")
    if strange := [sign for sign in text if ord(sign) not in _glyphs()]:
        raise Unfit(f"the formula font has no glyph for {strange[0]!r}")
    return encode(ImageOps.expand(_laid_out(text), _MARGIN, PAPER))


def _laid_out(text: str) -> Pillow.Image:
    from matplotlib.mathtext import math_to_image

    file = io.BytesIO()
    with _drawing, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            math_to_image(f"${text}$", file, prop=_font(), dpi=_DPI, format="png")
        except (ValueError, RuntimeError) as error:
            raise Unfit(f"the formula {text!r} is not understood: {str(error).splitlines()[-1]}") from error
    picture = Pillow.open(file).convert("RGB")
    if picture.width > WIDEST:
        raise Unfit(f"the formula is {picture.width} pixels wide, a picture holds {WIDEST}")
    return picture
