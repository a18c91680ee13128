"""Pictures: the same bytes, readable, true to the figures, and refused where they would not be."""

import io
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from benchmark_agent.content import Composed, Phrase, Table, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.tools.render import TOOLS, lettering
from benchmark_agent.tools.render.canvas import Canvas
from benchmark_agent.tools.render.charts import Chart, Series, chart_of, draw_chart, meets, number, ticks
from benchmark_agent.tools.render.pages import cell_text, draw_code, draw_page, draw_table
from benchmark_agent.tools.render.steps import show_context_as_image, show_table_as_image, table_in

BLUE = (0, 114, 178)
RAIN = Table(
    columns=("Month", "Rain (mm)", "Days"),
    rows=(("Jan", 10, 4), ("Feb", 20, 6), ("Mar", 40, 9), ("Apr", 30, 7)),
    name="Rain at the mill",
)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Pillow.open(io.BytesIO(png)).convert("RGB")).astype(int)


def near(picture: np.ndarray, colour: tuple[int, int, int], far: int = 40) -> np.ndarray:
    close: np.ndarray = np.abs(picture - np.array(colour)).sum(axis=2) < far
    return close


def bar_chart(values: tuple[float, ...], kind: str = "bar", *, show: bool = True) -> Chart:
    names = tuple("ABCDEFGHIJKL"[: len(values)])
    return Chart(kind, "Title", names, (Series("Rain (mm)", values),), "Rain (mm)", show)  # type: ignore[arg-type]


def test_bars_are_as_high_as_their_values() -> None:
    blue = near(pixels(draw_chart(bar_chart((10, 20, 40), show=False))), BLUE)
    columns = np.flatnonzero(blue.any(axis=0))
    bars = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    heights = [int(blue[:, bar[len(bar) // 2]].sum()) for bar in bars]
    assert len(heights) == 3
    assert heights[1] == pytest.approx(2 * heights[0], abs=2)
    assert heights[2] == pytest.approx(4 * heights[0], abs=4)


def test_horizontal_bars_are_as_long_as_their_values() -> None:
    blue = near(pixels(draw_chart(bar_chart((30, 60), "horizontal bar", show=False))), BLUE)
    lengths = blue.sum(axis=1)
    rows = np.flatnonzero(lengths)
    first, second = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    assert lengths[second[3]] == pytest.approx(2 * lengths[first[3]], abs=3)


def test_slices_of_a_pie_have_the_area_of_their_values() -> None:
    picture = pixels(draw_chart(bar_chart((75, 25), "pie", show=False)))[:, :340]
    areas = [near(picture, colour).sum() for colour in (BLUE, (230, 159, 0))]
    assert areas[0] / areas[1] == pytest.approx(3, rel=0.05)


@pytest.mark.parametrize("kind", ["bar", "horizontal bar", "line", "pie", "scatter"])
def test_every_kind_draws_the_same_bytes_twice(kind: str) -> None:
    chart = chart_of(RAIN, kind)  # type: ignore[arg-type]
    assert draw_chart(chart) == draw_chart(chart)
    assert len(set(map(tuple, pixels(draw_chart(chart)).reshape(-1, 3)))) > 5


def test_another_process_draws_the_same_bytes() -> None:
    code = (
        "import sys; from benchmark_agent.tools.render.pages import draw_code as d; sys.stdout.buffer.write(d('a=1'))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert other.stdout == draw_code("a=1")


def test_a_code_picture_keeps_its_columns() -> None:
    dark = pixels(draw_code("if x:\n    iii\n    mmm")).sum(axis=2) < 500
    left = [np.flatnonzero(dark[14 + 24 * row : 34 + 24 * row, 50:].any(axis=0)) for row in (1, 2)]
    assert left[0][0] - left[1][0] <= 5
    assert left[1][-1] - left[0][-1] <= 5


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
@settings(max_examples=50, deadline=None)
def test_ticks_span_the_values_evenly(low: float, span: float) -> None:
    marks = ticks(low, low + span)
    steps = {round(b - a, 6) for a, b in pairwise(marks)}
    tolerance = span * 1e-6 + 1e-8 * abs(low)
    assert marks[0] <= low + tolerance
    assert marks[-1] >= low + span - tolerance
    assert 2 <= len(marks) <= 9
    assert max(steps) - min(steps) <= max(steps) * 0.01 + 1e-6


def test_numbers_are_written_as_people_write_them() -> None:
    assert [number(v) for v in (0, 12.0, 1250000, -3400, 0.25, 12.5)] == [
        "0",
        "12",
        "1,250,000",
        "-3,400",
        "0.25",
        "12.5",
    ]
    assert [cell_text(v) for v in (None, 1987, 26378274, 3.5, "x")] == ["", "1987", "26,378,274", "3.5", "x"]


def test_letters_with_marks_differ_and_unknown_ones_are_refused() -> None:
    def drawn(text: str) -> bytes:
        canvas = Canvas(80, 40)
        canvas.text((10, 10), text, 22)
        return canvas.png()

    assert len({drawn(letter) for letter in "eéèêëaáàâäåãcç"}) == 14
    assert len({drawn(sign) for sign in ("m2", "m²", "m³", "m°", "m-", "m–", "m—")}) == 7
    for text in ("日本", "Привет", "αβ", "\u2211", "a\u200bb"):
        with pytest.raises(Unfit, match="no glyph"):
            drawn(text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"]), max_size=60))
@settings(max_examples=50, deadline=None)
def test_any_latin_text_is_drawn_or_refused_by_name(text: str) -> None:
    try:
        plain = lettering.plain(text)
    except Unfit:
        with pytest.raises(Unfit, match="no glyph"):
            draw_page(f"a{text}")
        return
    assert "".join(lettering.wrap(plain, 16, 90)).replace(" ", "") == plain.replace(" ", "").replace("\n", "")
    assert all(lettering.width(line, 16) <= 90 for line in lettering.wrap(plain, 16, 90))


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        (bar_chart((1000001, 2000002, 3000003, 4, 5, 6, 7, 8, 9, 10, 11, 12)), "would overlap"),
        (bar_chart((10, -5), "pie"), "positive"),
        (bar_chart((1000, 1), "pie"), "2 %"),
        (Chart("bar", "", ("Unpronounceable" * 3, "b"), (Series("v", (1, 2)),)), "too long"),
        (Chart("bar", "", ("a", "b"), (Series("v", (1,)),)), "one value for each"),
    ],
)
def test_charts_that_cannot_be_read_are_refused(chart: Chart, message: str) -> None:
    with pytest.raises(Unfit, match=message):
        draw_chart(chart)


def test_tables_that_cannot_be_drawn_are_refused() -> None:
    with pytest.raises(Unfit, match="empty"):
        draw_table(Table(columns=("a",), rows=()))
    with pytest.raises(Unfit, match="cells"):
        draw_table(Table(columns=("a", "b"), rows=tuple((i, i) for i in range(300))))
    with pytest.raises(Unfit, match="too wide"):
        draw_table(Table(columns=("a",), rows=(("word " * 40,),)))
    with pytest.raises(Unfit, match="distinct names"):
        chart_of(Table(columns=("a", "b"), rows=(("x", 1), ("x", 2))), "bar")
    with pytest.raises(Unfit, match="no chart kind"):
        chart_of(RAIN, "radar")  # type: ignore[arg-type]
    with pytest.raises(Unfit, match="a page holds"):
        draw_page("word\n" * 90)


def test_labels_of_a_scatter_do_not_meet() -> None:
    assert meets((0, 0, 10, 10), (9, 9, 20, 20))
    assert not meets((0, 0, 10, 10), (10, 0, 20, 10))
    crowded = Table(columns=("n", "x", "y"), rows=tuple((f"name {i}", 1 + i * 1e-6, 1) for i in range(12)))
    crowded = crowded.model_copy(update={"rows": (*crowded.rows, ("far", 99, 99))})
    with pytest.raises(Unfit, match="names of the points"):
        draw_chart(chart_of(crowded, "scatter"))


# -- items ----------------------------------------------------------------------------------------------

MARKDOWN = "Rain at the mill\n\n| Month | Rain |\n|---|---:|\n| Jan | 10 |\n| Feb | 2,000 |\n| Mar | 1e3 |"


def item(*texts: str) -> Composed:
    return Composed(
        input=tuple(Text(text=text) for text in texts),
        question="Why?",
        answer_kind="span",
        answer="because",
        gold_basis="source",
        evidence=(1,),
    )


def test_context_becomes_pages_and_the_rest_stays(tmp_path: Path) -> None:
    media = MediaStore(tmp_path)
    given = item("First passage of the item.", "Second passage, the evidence.")
    shown = show_context_as_image.run(given, media)
    assert [part.type for part in shown.input] == ["image", "image"]
    assert shown.alt == ("First passage of the item.", "Second passage, the evidence.")
    assert (shown.question, shown.evidence, shown.answer) == (given.question, given.evidence, given.answer)
    assert shown == show_context_as_image.run(given, media)
    again = show_context_as_image.run
    with pytest.raises(Unfit, match="no text part"):
        again(shown, media)


def test_a_table_in_pipes_becomes_a_picture_with_the_same_digits(tmp_path: Path) -> None:
    table = table_in(MARKDOWN)
    assert (table.name, table.columns) == ("Rain at the mill", ("Month", "Rain"))
    assert table.rows == (("Jan", 10), ("Feb", "2,000"), ("Mar", "1e3"))
    shown = show_table_as_image.run(item(MARKDOWN), MediaStore(tmp_path))
    assert shown.input[0].type == "image"
    with pytest.raises(Unfit, match="not one table"):
        show_table_as_image.run(item("No table here."), MediaStore(tmp_path))


def test_every_tool_says_what_it_makes(tmp_path: Path) -> None:
    by_name = {tool.name: tool for tool in TOOLS}
    assert {name: tool.makes for name, tool in by_name.items()} == {
        "render_table": "image",
        "render_chart": "image",
        "render_code": "image",
        "render_text": "image",
        "render_box_chart": "image",
        "render_formula": "image",
        "render_map": "image",
        "show_context_as_image": "composed",
        "show_table_as_image": "composed",
    }
    media = MediaStore(tmp_path)
    assert by_name["render_table"].run(RAIN, media).width > 200
    assert by_name["render_chart"].run(RAIN, media, kind="line").width == 540
    assert by_name["render_code"].run(Phrase(text="x = 1\nprint(x)"), media).height > 40
    assert by_name["render_text"].run(Phrase(text="Some running text."), media).width == 640
