"""What an image file says beside its pixels: comments, EXIF, text. It may hold the answer, and no item needs it.

The coded pixels are not touched. What a viewer needs to show them stays: colour profiles, gamma, transparency,
animation, and the orientation of EXIF, as the only tag of a new EXIF record.
Sources: ITU T.81 annex B (JPEG), W3C PNG third edition sections 5 and 11, RFC 9649 (WebP), EXIF 2.32 section 4.6.
"""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator

from PIL import Image as Pillow

_ORIENTATION = 0x0112
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs acTL fcTL fdAT".split())
"""Besides the critical chunks, whose names start with a capital."""
_JPEG_KEPT = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
"""Application segments by marker, with what they must start with. All other segments but comments hold the picture."""
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""A marker in coded data: neither a stuffed zero, nor a restart, nor fill."""
_WEBP_FLAGS = 0x08 | 0x04
"""EXIF and XMP, in the first byte of VP8X."""
_CARRIED = 5
"""Characters. A shorter text turns up in compressed data by chance."""

Piece = tuple[bytes, bool]
"""Bytes of a file, and whether they stay."""


def without_metadata(data: bytes) -> bytes:
    """The same image with nothing but its pixels and how to show them. Other formats, and broken files, as they are."""
    for start, pieces, orient in _FORMATS:
        if data.startswith(start):
            try:
                parts = list(pieces(data))
            except (ValueError, IndexError, struct.error):
                return data
            if all(stays for _, stays in parts):
                return data
            turned = _orientation(data)
            kept = [part for part, stays in parts if stays]
            return orient(kept, turned)
    return data


def metadata_of(data: bytes) -> bytes:
    """What `without_metadata` leaves out."""
    for start, pieces, _ in _FORMATS:
        if data.startswith(start):
            try:
                return b"\n".join(part for part, stays in pieces(data) if not stays)
            except (ValueError, IndexError, struct.error):
                return b""
    return b""


def carries(data: bytes, text: str) -> bool:
    """Whether a text of five characters or more stands in the data, as whole words, in any case."""
    word = re.escape(text.lower().encode())
    return len(text) >= _CARRIED and re.search(rb"(?<![a-z])" + word + rb"(?![a-z])", data.lower()) is not None


def _orientation(data: bytes) -> int:
    """1 to 8; 1 where the file does not say."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = Pillow.open(io.BytesIO(data)).getexif().get(_ORIENTATION, 1)
        except (OSError, SyntaxError, ValueError, struct.error, Pillow.DecompressionBombError):
            return 1
    return found if found in range(2, 9) else 1


def _exif(turned: int) -> bytes:
    """A TIFF header with one directory of one tag."""
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)


# -- JPEG ------------------------------------------------------------------------------------------------


def _jpeg(data: bytes) -> Iterator[Piece]:
    yield data[:2], True
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            raise ValueError("no marker")
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker == 0xD9:
            yield data[at : at + 2], True
            if data[at + 2 :]:
                yield data[at + 2 :], False
            return
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xDA:
            after = _AFTER_SCAN.search(data, end)
            end = after.start() if after else len(data)
        yield data[at:end], _shows(marker, data[at + 4 : end])
        at = end


def _shows(marker: int, body: bytes) -> bool:
    if marker in _JPEG_KEPT:
        return body.startswith(_JPEG_KEPT[marker])
    return marker != 0xFE and not 0xE0 <= marker <= 0xEF


def _jpeg_turned(kept: list[bytes], turned: int) -> bytes:
    if turned > 1:
        body = b"Exif\x00\x00" + _exif(turned)
        first = 2 if kept[1][1] == 0xE0 else 1  # JFIF stands first
        kept.insert(first, b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body)
    return b"".join(kept)


# -- PNG -------------------------------------------------------------------------------------------------


def _png(data: bytes) -> Iterator[Piece]:
    yield data[:8], True
    at = 8
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + size
        yield data[at:end], name[:1].isupper() or name in _PNG_KEPT
        at = end
        if name == b"IEND":
            break
    if at < len(data):
        yield data[at:], False


def _png_turned(kept: list[bytes], turned: int) -> bytes:
    if turned > 1:
        chunk = b"eXIf" + _exif(turned)
        kept.insert(2, struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)))
    return b"".join(kept)


# -- WebP ------------------------------------------------------------------------------------------------


def _webp(data: bytes) -> Iterator[Piece]:
    if data[8:12] != b"WEBP":
        raise ValueError("another RIFF file")
    yield data[:12], True
    at, stated = 12, 8 + struct.unpack_from("<I", data, 4)[0]
    while at < min(stated, len(data)):
        name, size = struct.unpack_from("<4sI", data, at)
        end = at + 8 + size + size % 2
        yield data[at:end], name in (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
        at = end
    if at < len(data):
        yield data[at:], False


def _webp_turned(kept: list[bytes], turned: int) -> bytes:
    flag = 0x08 if turned > 1 else 0
    body = [
        part[:8] + bytes([part[8] & ~_WEBP_FLAGS & 0xFF | flag]) + part[9:] if part[:4] == b"VP8X" else part
        for part in kept[1:]
    ]
    if flag:
        exif = _exif(turned)
        body.append(b"EXIF" + struct.pack("<I", len(exif)) + exif)
    whole = b"WEBP" + b"".join(body)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


_FORMATS: tuple[tuple[bytes, Callable[[bytes], Iterator[Piece]], Callable[[list[bytes], int], bytes]], ...] = (
    (b"\xff\xd8\xff", _jpeg, _jpeg_turned),
    (_PNG, _png, _png_turned),
    (b"RIFF", _webp, _webp_turned),
)
"""How each format begins, its pieces, and how it is put together again with its orientation."""
