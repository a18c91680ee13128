"""Box charts, formulas and maps: read back from their pixels; the same bytes twice; what cannot be drawn is refused."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from benchmark_agent.content import Phrase, Table
from benchmark_agent.errors import Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.tools.render.formulas import draw_formula, missing_formulas
from benchmark_agent.tools.render.regions import MARKED, draw_map, read_regions
from benchmark_agent.tools.render.spread import Group, draw_boxes, groups_of
from benchmark_agent.tools.render.steps import render_box_chart, render_map

DELAYS = Table(
    columns=("Line", "Delay (min)"),
    rows=tuple(
        (name, value) for name, many in (("Hill", (1, 2, 3, 4, 9)), ("Ring", (5, 5, 6, 7, 8))) for value in many
    ),
    name="Delays in May",
)


def pixels(data: bytes) -> Any:
    return np.array(Pillow.open(io.BytesIO(data)).convert("RGB")).astype(int)


def near(picture: Any, colour: str, within: int = 12) -> Any:
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return np.abs(picture - wanted).max(axis=2) < within


def test_groups_and_their_five_numbers() -> None:
    axis, groups = groups_of(DELAYS)
    assert axis == "Delay (min)"
    assert [group.five for group in groups] == [(1, 2, 3, 4, 9), (5, 5, 6, 7, 8)]
    with pytest.raises(Unfit, match="names that repeat"):
        groups_of(Table(columns=("a", "b"), rows=(("x", 1), ("y", 2))))
    with pytest.raises(Unfit, match="at least 5 values"):
        groups_of(Table(columns=("a", "b"), rows=(("x", 1), ("x", 2), ("y", 3))))


def test_boxes_stand_from_quartile_to_quartile() -> None:
    picture = pixels(draw_boxes("", "", (Group("one", (0, 0, 5, 10, 10)), Group("two", (2.5, 2.5, 4, 5, 5)))))
    tall, short = (np.nonzero(near(picture, colour).any(axis=1))[0] for colour in ("#0072b2", "#e69f00"))
    assert np.ptp(tall) / np.ptp(short) == pytest.approx(4, rel=0.06)  # quartiles 0 to 10, and 2.5 to 5
    assert short.max() == pytest.approx(tall.min() + 0.75 * np.ptp(tall), abs=4)


def test_a_box_chart_is_stored_and_is_the_same_twice(tmp_path: Path) -> None:
    media = MediaStore(tmp_path)
    assert render_box_chart.run(DELAYS, media) == render_box_chart.run(DELAYS, media)


@pytest.mark.skipif(bool(missing_formulas()), reason="the extra 'formulas' is not installed")
def test_a_formula_is_the_same_twice_and_with_dollars_or_without() -> None:
    quadratic = r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}"
    assert draw_formula(quadratic) == draw_formula(f"${quadratic}$")
    picture = pixels(draw_formula(quadratic))
    assert (picture.max(axis=2) < 100).mean() > 0.01
    assert picture[:20].min() > 250  # a margin
    assert pixels(draw_formula("x + y")).shape[0] < picture.shape[0]


@pytest.mark.skipif(bool(missing_formulas()), reason="the extra 'formulas' is not installed")
@pytest.mark.parametrize(
    ("formula", "why"),
    [("", "one formula"), (r"\nosuch{x}", "not understood"), (r"\frac{a}{", "not understood"), ("x = 漢", "no glyph"),
     ("a\nb", "in one line")],
)  # fmt: skip
def test_what_is_no_formula_is_refused(formula: str, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        draw_formula(formula)


def square(name: str, x: float, y: float, side: float, hole: list[list[int]] | None = None) -> dict[str, Any]:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring, *([hole] if hole else [])]},
    }


LAKE = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
LAND = json.dumps({"features": [square("Isle", 1, 1, 1), square("West", 0, 0, 3, LAKE), square("East", 3, 0, 3)]})


def test_regions_are_drawn_to_scale_and_the_marked_one_stands_out() -> None:
    picture = pixels(draw_map(read_regions(LAND), "East", names=False))
    rows, columns = np.nonzero(near(picture, MARKED))
    assert columns.min() == pytest.approx(picture.shape[1] / 2, abs=4)
    assert np.ptp(columns) == pytest.approx(np.ptp(rows), rel=0.03)  # near the equator a square stays one
    isle, west = picture[picture.shape[0] // 2, picture.shape[1] // 4], picture[40, 40]
    assert not np.array_equal(isle, west)  # the enclave is drawn over its neighbour, whatever their order
    assert draw_map(read_regions(LAND)) == draw_map(read_regions(LAND))


def test_maps_that_are_none_are_refused(tmp_path: Path) -> None:
    media = MediaStore(tmp_path)
    point = {"features": [{"properties": {"name": "A"}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}
    for text, why in (
        ("once upon a time", "not a GeoJSON"),
        (json.dumps(point), "'A' is a Point"),
        (json.dumps({"features": [square("", 0, 0, 1)]}), "has no name"),
        (json.dumps({"features": [square("A", 0, 89, 5)]}), "leaves the globe"),
    ):
        with pytest.raises(Unfit, match=why):
            render_map.run(Phrase(text=text), media)
    with pytest.raises(Unfit, match="no region 'Oz'"):
        render_map.run(Phrase(text=LAND), media, marked="Oz")
