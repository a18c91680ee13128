"""Text in pictures is read, and told from what is not there."""

import threading

import numpy as np
import pytest
from PIL import Image as Pillow

from benchmark_agent.content import Table
from benchmark_agent.tools.image.degrading import degraded
from benchmark_agent.tools.image.pixels import Pixels, decode, encode
from benchmark_agent.tools.image.reading import Line, errors_in, missing_reader, plain_text, read_text, readable
from benchmark_agent.tools.render.pages import draw_code, draw_page, draw_table
from tests.picture.picture_support import PAGE, page

pytestmark = pytest.mark.skipif(bool(missing_reader()), reason="the extra 'ocr' is not installed")

FERRIES = Table(
    columns=("Ferry", "Cars", "Pier"),
    rows=(("Albatross", 12, "north"), ("Bonito", 30, "south"), ("Curlew", 25, "east"), ("Dolphin", 90, "west")),
    name="Ferries of the bay",
)


def test_a_drawn_page_is_read_as_it_was_written() -> None:
    lines = read_text(draw_page(PAGE))
    assert errors_in(PAGE, plain_text(lines)) < 0.02
    tops = [line.box[1] for line in lines]
    assert tops == sorted(tops)
    assert all(line.score > 0.8 and line.box[2] > line.box[0] for line in lines)


def test_every_cell_of_a_drawn_table_stands_where_it_was_drawn() -> None:
    lines = read_text(draw_table(FERRIES))
    cells = [str(cell) for row in FERRIES.rows for cell in row]
    read = [line.text for line in lines]
    assert [cell for cell in cells if errors_in(cell, " ".join(read)) > 0] == []
    where = {line.text: line.box for line in lines}
    assert where["Albatross"][0] < where["north"][0]
    assert where["Albatross"][1] < where["Dolphin"][1]


def test_a_listing_is_read() -> None:
    assert (
        errors_in("total = 17", plain_text(read_text(draw_code("total = 17\nfor k in range(3):\n    total += k")))) == 0
    )


def test_heavy_blur_is_not_legible_and_compression_is() -> None:
    clean = page()
    assert errors_in(PAGE, plain_text(read_text(encode(degraded(clean, "jpeg", 2, 1))))) < 0.05
    assert errors_in(PAGE, plain_text(read_text(encode(degraded(clean, "gaussian_blur", 5, 1))))) > 0.5


def test_a_tilted_page_is_read_line_by_line() -> None:
    tilted = encode(degraded(page(), "rotate", 2, 1))
    assert errors_in(PAGE, plain_text(read_text(tilted)).replace("\n", " ")) < 0.05


def test_a_picture_without_text_reads_empty() -> None:
    plain: Pixels = np.full((120, 160, 3), 200, dtype=np.uint8)
    plain[30:90, 40:120] = (40, 120, 60)
    assert read_text(encode(plain)) == ()


def test_boxes_of_a_picture_that_is_reduced_first_are_in_its_own_pixels() -> None:
    small = Pillow.fromarray(decode(draw_page("Meet me at the mill.")))
    big = np.array(small.resize((small.width * 4, small.height * 4), Pillow.Resampling.LANCZOS))
    (line,), (large,) = read_text(encode(np.array(small))), read_text(encode(big))
    assert large.box == pytest.approx([4 * side for side in line.box], abs=25)


def test_threads_read_alike() -> None:
    pictures = [draw_page(f"Number {number}.") for number in range(2)]
    found: dict[int, tuple[Line, ...]] = {}

    def work(number: int) -> None:
        found[number] = read_text.__wrapped__(pictures[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, picture in enumerate(pictures):
        assert found[number] == read_text.__wrapped__(picture)
        assert errors_in(f"Number {number}", plain_text(found[number])) == 0


@pytest.mark.parametrize(
    ("wanted", "read", "share"),
    [
        ("seventeen", "there are seventeen islands", 0.0),
        ("seventeen", "there are seventean islands", 1 / 9),
        ("GATE 0", "gate O", 0.0),  # zero and the letter are one to a reader of pictures
        ("42", "the answer is 24", 0.5),
        ("north", "", 1.0),
    ],
)
def test_errors_are_counted_where_the_text_has_it_best(wanted: str, read: str, share: float) -> None:
    assert errors_in(wanted, read) == pytest.approx(share)


def test_letters_it_cannot_read_are_known() -> None:
    assert readable("Ångström, 東京, カナ")
    assert not readable("Привет")
