"""Fifteen kinds of bad media, through the door a user has: a pool that holds one, audited and built from.

What cannot be used is named and left out, what is uncommon is named and used; no case decodes what it refuses, and
nothing outside the pool is read.
"""

import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import pytest
import soundfile
from PIL import Image

from benchmark_agent.media import MediaStore, as_shown, open_image
from benchmark_agent.sources.cards import Audit
from benchmark_agent.sources.pool import Pool
from benchmark_agent.sources.readers import READERS
from tests import documents_made as made
from tests.support import Command

COLOURS = ("red", "green", "navy", "orange", "purple", "teal", "brown", "gold", "grey")


def picture(number: int) -> Image.Image:
    """A different one for each number."""
    image = Image.new("RGB", (80, 60), "white")
    rng = Random(number)
    for colour in COLOURS:
        x, y = rng.randrange(60), rng.randrange(40)
        image.paste(colour, (x, y, x + 18, y + 18))
    return image


def encoded(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def tone(number: int, rate: int = 16_000, channels: int = 1) -> bytes:
    times = np.arange(rate // 2) / rate
    wave = 0.3 * np.sin(2 * np.pi * (200 + 40 * number) * times)
    out = io.BytesIO()
    soundfile.write(out, np.stack([wave] * channels, axis=1), rate, format="FLAC")
    return out.getvalue()


def pool_with(folder: Path, name: str, data: bytes, kind: str) -> Path:
    """A folder of nine good pictures or sounds, and one under trial."""
    folder.mkdir()
    files = {f"good{n}.{'png' if kind == 'image' else 'flac'}": n for n in range(9)}
    for file, n in files.items():
        (folder / file).write_bytes(encoded(picture(n), "PNG") if kind == "image" else tone(n))
    (folder / name).write_bytes(data)
    rows = [{"file_name": file, "caption": f"Case number {n} of {name[:3]}"} for n, file in enumerate([*files, name])]
    (folder / "metadata.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def claiming(image: bytes, width: int, height: int) -> bytes:
    """A PNG whose header states another size: a few hundred bytes that would decode to gigabytes."""
    header = struct.pack(">II", width, height) + image[24:29]
    return image[:16] + header + struct.pack(">I", zlib.crc32(b"IHDR" + header)) + image[33:]


def hours_long(sound: bytes) -> bytes:
    """A FLAC whose header states eight hours at 16 kHz."""
    frames = 8 * 3600 * 16_000
    at = 8 + 13  # 4 bits of the 36 of the number of samples, then 32 (RFC 9639, section 8.2)
    return (
        sound[:at] + bytes([sound[at] & 0xF0 | frames >> 32]) + struct.pack(">I", frames & 0xFFFFFFFF) + sound[at + 5 :]
    )


def animated() -> bytes:
    return encoded(picture(99), "GIF", save_all=True, append_images=[picture(n) for n in range(100, 105)], duration=80)


PNG = encoded(picture(99), "PNG")
CMYK = encoded(picture(99).convert("CMYK"), "JPEG")
ONE_BIT = encoded(picture(99).convert("1", dither=Image.Dither.NONE), "PNG")
REFUSED: dict[str, tuple[str, bytes, str, str]] = {
    "zero bytes": ("bad.png", b"", "image", "the file is empty: zero bytes"),
    "truncated": ("bad.png", PNG[:200], "image", "the image does not open: image file is truncated"),
    "12,000 px": ("bad.png", claiming(PNG, 12_000, 12_000), "image", "an image of 12000 x 12000 pixels is over"),
    "image bomb": ("bad.png", claiming(PNG, 60_000, 60_000), "image", "the image states far more than 40000000 pixels"),
    "8-hour audio": ("bad.flac", hours_long(tone(99)), "audio", "a sound of 28800 s is over 1800 s"),
    "SVG": (
        "bad.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>', "image",
        "it is an SVG: these are not drawn here, since they may refer to other files; save it as PNG",
    ),
}  # fmt: skip
"""File name, content, what the other files are, and what is said."""
USED: dict[str, tuple[str, bytes, str, str]] = {
    "wrong extension": ("odd.jpg", PNG, "image", "odd.jpg: is PNG, named .jpg"),
    "CMYK": ("odd.jpg", CMYK, "image", "its colours are CMYK; it is used as RGB"),
    "animated": ("odd.gif", animated(), "image", "it has 6 frames; the first is used"),
    "1-bit": ("odd.png", ONE_BIT, "image", "it has 1 bit a pixel; it is used as it is"),
    "stereo 96 kHz": ("odd.flac", tone(99, 96_000, 2), "audio", "it has 2 channels at 96000 Hz; it is used as it is"),
}  # fmt: skip


def audited(folder: Path) -> tuple[Audit, str]:
    """The audit of the one dataset, and all it says."""
    pool = Pool.open([str(folder)], READERS)
    (card,) = pool.cards
    audit = pool.audit(card.id)
    return audit, "\n".join(f"{f.check}: {f.message}: {'; '.join(f.examples)}" for f in audit.findings)


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_named_and_left_out(tmp_path: Path, case: str) -> None:
    name, data, kind, message = REFUSED[case]
    audit, said = audited(pool_with(tmp_path / "pool", name, data, kind))
    assert f"undecodable_media: 1 of 10 rows have files that cannot be used; removed: 9: {name}: {message}" in said
    assert audit.unusable == (9,)


@pytest.mark.parametrize("case", USED)
def test_what_is_uncommon_is_named_and_used(tmp_path: Path, case: str) -> None:
    name, data, kind, message = USED[case]
    audit, said = audited(pool_with(tmp_path / "pool", name, data, kind))
    assert message in said
    assert audit.unusable == ()


def test_a_benchmark_shows_pictures_as_any_viewer_does(tmp_path: Path) -> None:
    """CMYK and animations are written as PNG; a 1-bit picture as it is."""
    store = MediaStore(tmp_path)
    shown = {case: store.read(store.image(USED[case][1])) for case in ("CMYK", "animated", "1-bit")}
    assert [open_image(data)[0] for data in shown.values()] == ["PNG", "PNG", "PNG"]
    assert Image.open(io.BytesIO(shown["CMYK"])).mode == "RGB"
    first = Image.open(io.BytesIO(shown["animated"]))
    assert getattr(first, "n_frames", 1) == 1
    wanted = Image.open(io.BytesIO(animated())).convert("RGB")
    assert first.convert("RGB").tobytes() == wanted.tobytes()
    assert as_shown(shown["animated"]) is shown["animated"]
    assert Image.open(io.BytesIO(shown["1-bit"])).mode == "1"


# -- documents and archives -------------------------------------------------------------------------------


def encrypted_pdf(folder: Path) -> str:
    """A PDF that asks for a password nobody knows (ISO 32000-1, section 7.6.3)."""
    pad = "<" + "41" * 32 + ">"
    body = (
        b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[]/Count 0>> endobj\n"
        b"3 0 obj <</Filter/Standard/V 1/R 2/P -4/O " + pad.encode() + b"/U " + pad.encode() + b">> endobj\n"
        b"trailer <</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 4>>\n%%EOF"
    )
    (folder / "bad.pdf").write_bytes(body)
    return "bad.pdf: the PDF is encrypted; save a copy without its password"


def scanned_pdf(folder: Path) -> str:
    made.Pdf().new_page().image(made.picture((300, 400)), (0, 0, 595, 842)).save(folder / "bad.pdf")
    return "bad.pdf, page 1: no text and nothing here reads pictures: they are scans."


def macro_document(folder: Path) -> str:
    made.rivers_docx(folder / "whole.docx")
    with zipfile.ZipFile(folder / "whole.docx") as whole, zipfile.ZipFile(folder / "bad.docm", "w") as bad:
        for info in whole.infolist():
            bad.writestr(info, whole.read(info))
        bad.writestr("word/vbaProject.bin", b"Sub AutoOpen()")
    (folder / "whole.docx").unlink()
    return "bad.docm: it holds macros; they are never run, save it as .docx without them"


def docx_bomb(folder: Path) -> str:
    with zipfile.ZipFile(folder / "bad.docx", "w", zipfile.ZIP_DEFLATED) as bad:
        bad.writestr("[Content_Types].xml", "<Types/>")
        bad.writestr("word/document.xml", bytes(60_000_000))
    return "bad.docx: its part 'word/document.xml' is refused: it would unpack 58"


def cut_off_pdf(folder: Path) -> str:
    made.rivers_pdf(folder / "bad.pdf")
    (folder / "bad.pdf").write_bytes((folder / "bad.pdf").read_bytes()[:700])
    return "bad.pdf: the PDF does not open: it is damaged or cut off"


def empty_pdf(folder: Path) -> str:
    (folder / "bad.pdf").write_bytes(b"")
    return "bad.pdf: it is empty: zero bytes"


def picture_named_docx(folder: Path) -> str:
    (folder / "bad.docx").write_bytes(PNG)
    return "bad.docx: it is named .docx and is no Word file: it begins with b'\\x89PNG"


def workbook_named_docx(folder: Path) -> str:
    made.rivers_xlsx(folder / "whole.xlsx").rename(folder / "bad.docx")
    return "bad.docx: it is named .docx and is none: it has no 'word/' inside"


def page_with_svg(folder: Path) -> str:
    (folder / "bad.html").write_text(
        "<p>A text of some length about rivers and the sea they reach in the end.</p><img src='a.svg'>"
    )
    return "bad.html, the picture 'a.svg': an SVG is not drawn here: it may refer to other files; save it as PNG"


DOCUMENTS = (
    encrypted_pdf, scanned_pdf, macro_document, docx_bomb, cut_off_pdf, empty_pdf, picture_named_docx,
    workbook_named_docx, page_with_svg,
)  # fmt: skip


@pytest.mark.parametrize("bad", DOCUMENTS, ids=lambda bad: bad.__name__)
def test_a_bad_document_is_named_and_the_others_are_read(
    tmp_path: Path, bad: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmark_agent.sources.readers.documents.missing_reader", lambda: "no reader here")
    folder = tmp_path / "pool"
    folder.mkdir()
    message = bad(folder)
    made.rivers_markdown(folder / "good.md")
    pool = Pool.open([str(folder)], READERS)
    findings = [finding for card in pool.cards for finding in pool.audit(card.id).findings]
    (skipped,) = [finding for finding in findings if finding.check == "skipped"]
    assert skipped.examples[0].startswith(message)
    assert {"pool-passages", "pool-tables"} <= {card.id for card in pool.cards}


def test_the_command_says_so(tmp_path: Path, command: Command) -> None:
    message = encrypted_pdf(tmp_path)
    made.rivers_markdown(tmp_path / "good.md")
    said = command("pool", "audit", "--pool", tmp_path)
    assert said.status == 0
    assert message in " ".join(said.out.split())
    (tmp_path / "good.md").unlink()
    said = command("pool", "audit", "--pool", tmp_path)
    assert said.status == 2
    assert message in " ".join(said.err.split())


def test_path_tricks_in_a_tar_reach_nothing(tmp_path: Path) -> None:
    """Every member that would leave the folder, and every link, is named; nothing is written beside the pool."""
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "pool"
    folder.mkdir()
    with tarfile.open(folder / "shard.tar", "w") as tar:
        good = {f"{n:04}.png": encoded(picture(n), "PNG") for n in range(9)}
        captions = {f"{n:04}.txt": f"A caption of picture number {n}".encode() for n in range(9)}
        tricks = {"../secret.txt": b"x", "/tmp/absolute.txt": b"x"}
        for name, data in (*sorted((good | captions).items()), *tricks.items()):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "../secret.txt"
        tar.addfile(link)
    before = sorted(tmp_path.rglob("*"))
    audit, said = audited(folder)
    assert audit.rows - len(audit.unusable) == 9
    assert "../secret: the member '../secret.txt' is refused: its path leaves the folder" in said
    assert "/tmp/absolute: the member '/tmp/absolute.txt' is refused: its path is absolute" in said
    assert "link: the member 'link.txt' is refused: it is a link to '../secret.txt'" in said
    assert sorted(tmp_path.rglob("*")) == before
