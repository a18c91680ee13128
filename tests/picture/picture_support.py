"""Pictures that several tests use, made here."""

import io

import numpy as np
from PIL import Image as Pillow
from scipy import ndimage

from benchmark_agent.tools.image.pixels import Pixels, decode, rounded
from benchmark_agent.tools.render.canvas import Canvas
from benchmark_agent.tools.render.pages import draw_page

PAGE = "The ferry leaves the north pier at noon and calls at 17 islands. Ask for Mirel at gate B."


def photo(width: int = 192, height: int = 144) -> Pixels:
    """Something like a photograph: detail of every size, the finer the weaker, a green and a red patch."""
    draw = np.random.Generator(np.random.PCG64(3))
    values = np.zeros((height, width, 3))
    for cells in (3, 6, 12, 24, 48, 96):
        coarse = draw.normal(0, 0.5 / cells**0.5, (cells, cells, 3)) + draw.normal(
            0, 0.5 / cells**0.5, (cells, cells, 1)
        )
        values += ndimage.zoom(coarse, (height / cells, width / cells, 1), order=1)
    values = values * 0.5 + np.array([0.5, 0.45, 0.4])
    values[30:70, 50:110] *= np.array([0.6, 1.2, 0.5])
    values[90:130, 120:160] = (0.8, 0.2, 0.2)
    return rounded(values)


def scene() -> Pixels:
    """Flat coloured shapes on white."""
    canvas = Canvas(240, 180)
    for number, colour in enumerate(("#d62728", "#1f77b4", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b")):
        canvas.circle((30 + 36 * number, 40 + 20 * (number % 3)), 14, fill=colour)
        canvas.rectangle((18 + 36 * number, 110, 42 + 36 * number, 130 + 4 * number), fill=colour)
    return np.array(canvas.picture())


def page() -> Pixels:
    return decode(draw_page(PAGE))


def encoded(pixels: Pixels, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, kind)
    return file.getvalue()
