"""Images are kept without what they say beside their pixels; the pixels, colours and orientation stay as they were."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageCms, PngImagePlugin

from benchmark_agent.media import MediaStore
from benchmark_agent.metadata import carries, metadata_of, without_metadata

ANSWER = "pied avocet"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def picture() -> Pillow.Image:
    grid = np.add.outer(np.arange(24) * 7, np.arange(32) * 5)
    return Pillow.fromarray(np.stack([grid, grid[::-1], grid[:, ::-1]], axis=2).astype(np.uint8))


def exif(orientation: int) -> Pillow.Exif:
    found = Pillow.Exif()
    found[0x010E] = f"a {ANSWER}"  # ImageDescription
    found[0x0112] = orientation
    return found


def saved(kind: str, orientation: int = 1) -> bytes:
    """An image that says the answer in every place its format has."""
    data = io.BytesIO()
    if kind == "PNG":
        said = PngImagePlugin.PngInfo()
        said.add_text("Description", ANSWER)
        said.add_itxt("Titel", ANSWER)
        picture().save(data, "PNG", pnginfo=said, exif=exif(orientation), icc_profile=PROFILE, dpi=(96, 96))
    elif kind == "WEBP":
        xmp = f"<x>{ANSWER}</x>".encode()
        picture().save(data, "WEBP", lossless=True, exif=exif(orientation), xmp=xmp, icc_profile=PROFILE)
    else:
        picture().save(
            data, "JPEG", exif=exif(orientation), comment=ANSWER, icc_profile=PROFILE, progressive=kind == "progressive"
        )
    return data.getvalue() + f"after the end: {ANSWER}".encode()


def opened(data: bytes) -> Pillow.Image:
    found = Pillow.open(io.BytesIO(data))
    found.load()
    return found


KINDS = ("PNG", "WEBP", "JPEG", "progressive")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", [1, 6])
def test_everything_but_the_picture_goes(kind: str, orientation: int) -> None:
    data = saved(kind, orientation)
    assert carries(data, ANSWER)
    assert carries(metadata_of(data), ANSWER)
    kept = without_metadata(data)
    assert not carries(kept, ANSWER)
    before, after = opened(data), opened(kept)
    assert (after.mode, after.size, after.tobytes()) == (before.mode, before.size, before.tobytes())
    assert after.info["icc_profile"] == PROFILE
    assert dict(after.getexif()) == ({0x0112: 6} if orientation == 6 else {})
    assert without_metadata(kept) == kept


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_without_metadata_is_the_same_file(kind: str) -> None:
    kept = without_metadata(saved(kind))
    assert without_metadata(kept) is kept
    assert metadata_of(kept) == b""


def test_chunks_that_show_the_picture_stay() -> None:
    """A palette with transparency, and an animation."""
    data = io.BytesIO()
    picture().convert("P").save(data, "PNG", transparency=3)
    assert without_metadata(data.getvalue()) == data.getvalue()
    frames = io.BytesIO()
    picture().save(frames, "PNG", save_all=True, append_images=[picture().rotate(90)], comment="x")
    assert opened(without_metadata(frames.getvalue())).n_frames == 2  # type: ignore[attr-defined]


def test_colours_of_four_inks_stay() -> None:
    """The Adobe segment says that the inks are stored inverted."""
    data = io.BytesIO()
    picture().convert("CMYK").save(data, "JPEG", comment=ANSWER)
    kept = without_metadata(data.getvalue())
    assert len(kept) < len(data.getvalue())
    assert opened(kept).tobytes() == opened(data.getvalue()).tobytes()


def test_private_chunks_and_the_time_go() -> None:
    data = io.BytesIO()
    picture().save(data, "PNG")
    body = b"gdAt" + ANSWER.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    plain = data.getvalue()
    assert without_metadata(plain[:33] + chunk + plain[33:]) == plain


@given(st.binary(max_size=200), st.sampled_from([b"", *(saved(kind)[:60] for kind in KINDS)]))
def test_broken_files_are_left_alone(junk: bytes, start: bytes) -> None:
    assert isinstance(without_metadata(start + junk), bytes)
    assert isinstance(metadata_of(start + junk), bytes)


def test_the_store_keeps_images_without_metadata_under_the_hash_of_what_it_keeps(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    first, second = store.image(saved("JPEG")), store.image(without_metadata(saved("JPEG")))
    assert first == second
    assert not carries(store.read(first), ANSWER)
