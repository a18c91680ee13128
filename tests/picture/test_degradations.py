"""Every degradation: worse with each severity, the same for the same seed, and boxes that go with what they hold."""

from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_agent.content import Box, Boxes, Image
from benchmark_agent.errors import ToolError, Unfit
from benchmark_agent.media import MediaStore
from benchmark_agent.tools.image.degrading import OPERATIONS, SEVERITIES, degraded
from benchmark_agent.tools.image.pixels import IDENTICAL, Pixels, decode, psnr
from benchmark_agent.tools.image.steps import blur_region, compose, crop, degrade_image, mask, move_boxes
from tests.picture.picture_support import encoded, page, photo, scene

FLAT = [name for name, operation in OPERATIONS.items() if operation.bend is None]
MOVING = [name for name, operation in OPERATIONS.items() if operation.bend is not None]


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path)


def test_there_are_twenty_nine_in_five_families() -> None:
    families = [operation.family for operation in OPERATIONS.values()]
    assert len(OPERATIONS) == 29
    assert {family: families.count(family) for family in families} == {
        "spatial": 7, "photometric": 8, "compression": 4, "noise": 5, "occlusion": 5,
    }  # fmt: skip


@pytest.mark.parametrize("name", FLAT)
def test_the_ratio_falls_with_every_severity(name: str) -> None:
    for picture in (photo(), scene()):
        ratios = [psnr(picture, degraded(picture, name, severity, 5)) for severity in SEVERITIES]
        for milder, heavier in pairwise(ratios):
            assert milder > heavier or milder == heavier == IDENTICAL, (name, ratios)
        assert ratios[-1] < 32, (name, ratios)


@pytest.mark.parametrize("name", FLAT)
def test_on_a_page_of_text_no_severity_is_milder_than_the_one_before(name: str) -> None:
    """Blurred text is soon as far from the page as it can be: there the ratio stays, within half a decibel."""
    picture = page()
    ratios = [psnr(picture, degraded(picture, name, severity, 5)) for severity in SEVERITIES]
    assert all(heavier < milder + 0.5 for milder, heavier in pairwise(ratios)), (name, ratios)


@pytest.mark.parametrize("name", MOVING)
def test_moves_go_further_with_every_severity(name: str) -> None:
    reach = []
    for severity in SEVERITIES:
        warp = OPERATIONS[name].warp(severity, 5, 300, 200)
        assert warp is not None
        reach.append(warp.reach(300, 200))
    assert all(more > 1.2 * less for less, more in pairwise(reach)), reach


@pytest.mark.parametrize("name", list(OPERATIONS))
def test_the_seed_alone_decides(name: str) -> None:
    picture = photo(96, 64)
    one = degraded(picture, name, 3, 5)
    assert one.shape == picture.shape
    assert one.dtype == np.uint8
    assert np.array_equal(one, degraded(picture, name, 3, 5))
    assert np.array_equal(picture, photo(96, 64))  # the picture itself stays as it is


@pytest.mark.parametrize("name", ["motion_blur", "color_cast", "salt_pepper", "blocks", "rotate", "rain"])
def test_another_seed_draws_otherwise(name: str) -> None:
    picture = photo(96, 64)
    assert any(not np.array_equal(degraded(picture, name, 3, 5), degraded(picture, name, 3, k)) for k in range(6, 12))


def test_what_a_mild_severity_covers_a_heavy_one_covers_too() -> None:
    picture = photo()
    for name in ("blocks", "salt_pepper", "scratches"):
        changed = [np.any(degraded(picture, name, severity, 5) != picture, axis=2) for severity in SEVERITIES]
        for less, more in pairwise(changed):
            assert (less & more).sum() > 0.97 * less.sum(), name


@settings(max_examples=20)
@given(
    name=st.sampled_from(MOVING),
    severity=st.sampled_from(SEVERITIES),
    seed=st.integers(0, 2**40),
    x=st.integers(12, 150),
    y=st.integers(12, 100),
)
def test_a_box_holds_what_it_held_before(name: str, severity: int, seed: int, x: int, y: int) -> None:
    """A black square on white is moved; where it is black now is inside the moved box, and reaches its sides."""
    picture: Pixels = np.full((160, 220, 3), 255, dtype=np.uint8)
    picture[y : y + 36, x : x + 44] = 0
    warp = OPERATIONS[name].warp(severity, seed, 220, 160)
    assert warp is not None
    box = warp.box(Box(label="square", x0=x, y0=y, x1=x + 44, y1=y + 36), 220, 160)
    rows, columns = np.nonzero(warp.applied(picture)[..., 0] < 128)
    found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    for stated, seen in zip((box.x0, box.y0, box.x1, box.y1), found, strict=True):
        assert abs(stated - seen) < 2.5


@settings(max_examples=30)
@given(name=st.sampled_from(MOVING), severity=st.sampled_from(SEVERITIES), seed=st.integers(0, 2**40))
def test_a_move_and_its_reverse_cancel(name: str, severity: int, seed: int) -> None:
    warp = OPERATIONS[name].warp(severity, seed, 220, 160)
    assert warp is not None
    points = np.array([[0.0, 0], [220, 160], [31, 77], [110, 80], [200, 12]])
    assert np.abs(warp.back(warp.forth(points)) - points).max() < 0.05


def test_what_there_is_not_is_named(media: MediaStore) -> None:
    with pytest.raises(ToolError, match="no degradation 'fog'; there are gaussian_blur"):
        degraded(photo(), "fog", 3, 1)
    with pytest.raises(ToolError, match="1 \\(mild\\) to 5"):
        degraded(photo(), "jpeg", 6, 1)
    grey = media.image(encoded(np.repeat(photo()[..., :1], 3, axis=2)))
    with pytest.raises(Unfit, match="changes nothing that is seen"):
        degrade_image.run(grey, Random(1), media, operation="desaturate")


# -- the tools --------------------------------------------------------------------------------------------


def boxes(*given: tuple[str, float, float, float, float]) -> Boxes:
    return Boxes(boxes=tuple(Box(label=n, x0=a, y0=b, x1=c, y1=d) for n, a, b, c, d in given))


def test_what_was_done_is_kept_with_the_picture_and_done_to_its_boxes(media: MediaStore) -> None:
    pixels = np.full((144, 192, 3), 240, dtype=np.uint8)
    pixels[90:130, 120:160] = (200, 20, 20)
    image = media.image(encoded(pixels))
    worse = degrade_image.run(image, Random(1), media, operation="jpeg", severity=4)
    turned = degrade_image.run(worse, Random(1), media, operation="rotate", severity=2)
    assert [change.operation for change in turned.made.changes] == ["jpeg", "rotate"]
    assert turned.made.changes[0].psnr == pytest.approx(
        psnr(decode(media.read(image)), decode(media.read(worse))), abs=0.01
    )
    given = boxes(("red", 120, 90, 160, 130))
    assert move_boxes.run(given, worse) == given
    moved = move_boxes.run(given, turned).boxes[0]
    red = np.nonzero(decode(media.read(turned))[..., 1] < 130)
    assert abs(moved.x0 - red[1].min()) < 4
    assert abs(moved.y1 - red[0].max()) < 4


def test_a_crop_moves_boxes_and_leaves_out_what_is_cut_away(media: MediaStore) -> None:
    image = media.image(encoded(photo()))
    given = boxes(("red", 120, 90, 160, 130), ("green", 50, 30, 110, 70), ("edge", 150, 100, 180, 120))
    piece = crop.run(image, given, media, label="red", margin=0.1)
    assert (piece.width, piece.height) == (48, 48)
    moved = move_boxes.run(given, piece).boxes
    assert [(box.label, box.x0, box.y0, box.x1, box.y1) for box in moved] == [
        ("red", 4, 4, 44, 44), ("edge", 34, 14, 48, 34),
    ]  # fmt: skip
    with pytest.raises(Unfit, match="no box is labelled 'blue'"):
        crop.run(image, given, media, label="blue")
    with pytest.raises(Unfit, match="3 boxes could be cut out"):
        crop.run(image, given, media)


def test_a_mask_and_a_blur_touch_their_boxes_alone(media: MediaStore) -> None:
    image, before = media.image(encoded(photo())), photo()
    given = boxes(("red", 120, 90, 160, 130), ("green", 50, 30, 110, 70))
    covered = decode(media.read(mask.run(image, given, media, label="red")))
    assert np.all(covered[90:130, 120:160] == 127)
    soft = decode(media.read(blur_region.run(image, given, media, severity=3)))
    for changed, spared in ((covered, (slice(0, 90), slice(None))), (soft, (slice(72, 88), slice(None)))):
        assert np.array_equal(changed[spared], before[spared])
    assert psnr(soft[30:70, 50:110], before[30:70, 50:110]) < 35


def test_a_composed_picture_shows_every_picture_whole(media: MediaStore) -> None:
    pictures: list[Image] = []
    for shade, shape in ((10, (60, 90)), (70, (90, 60)), (130, (60, 60)), (190, (40, 120))):
        pixels = np.full((*shape, 3), shade, dtype=np.uint8)
        pixels[0, 0] = 255
        pictures.append(media.image(encoded(pixels)))
    sheet = decode(media.read(compose.run(pictures[0], tuple(pictures[1:]), media, columns=2)))
    middle = sheet.shape[0] // 2, sheet.shape[1] // 2
    quarters = [sheet[: middle[0], : middle[1]], sheet[: middle[0], middle[1] :],
                sheet[middle[0] :, : middle[1]], sheet[middle[0] :, middle[1] :]]  # fmt: skip
    for shade, quarter in zip((10, 70, 130, 190), quarters, strict=True):
        assert np.all(quarter == shade, axis=2).mean() > 0.15
    rows, columns = np.nonzero(np.all(quarters[2] == 130, axis=2))
    assert abs((np.ptp(rows) + 1) / (np.ptp(columns) + 1) - 1) < 0.05  # a square stays one
    with pytest.raises(Unfit, match="the same image"):
        compose.run(pictures[0], (pictures[0],), media)
