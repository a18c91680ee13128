"""Pictures and sounds as data URIs, small enough for one page."""

import base64
import io
from dataclasses import dataclass, field
from pathlib import Path

import soundfile
from PIL import Image as Pillow

from benchmark_agent.content import Audio, Image
from benchmark_agent.errors import MediaError
from benchmark_agent.media import inside, open_image, read_audio

BUDGET = 9_000_000
"""Characters of all media of a page together: with the text it stays under 15 MB."""
WIDEST = 640
"""Pixels; a larger picture is made smaller."""
AS_IT_IS = 60_000
"""Bytes up to which a small picture is taken over unchanged."""
LONGEST = 30.0
"""Seconds of a sound that are kept."""
_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""Hertz that MP3 knows."""
_TYPES = {"PNG": "png", "JPEG": "jpeg", "WEBP": "webp", "GIF": "gif"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture or sound on the page."""

    uri: str
    """`data:...`; empty where it is not shown."""
    note: str = ""
    """Why it is not shown, or not whole."""


@dataclass
class Album:
    """The media of one page. Shows each file once at its whole size, and none beyond the budget."""

    left: int = BUDGET
    left_out: int = 0
    _seen: dict[str, Shown] = field(default_factory=dict)

    def shown(self, part: Image | Audio, folder: Path) -> Shown:
        """The picture or sound as a data URI, or why not."""
        if part.path not in self._seen:
            self._seen[part.path] = self._made(part, folder)
        found = self._seen[part.path]
        if len(found.uri) > self.left:
            self.left_out += 1
            return Shown("", "left out to keep this page small")
        self.left -= len(found.uri)
        return found

    def _made(self, part: Image | Audio, folder: Path) -> Shown:
        try:
            data = inside(folder, part.path).read_bytes()
            return thumbnail(data) if isinstance(part, Image) else clip(data)
        except (OSError, MediaError):
            return Shown("", "the file is missing or does not open")


def thumbnail(data: bytes) -> Shown:
    """A picture of at most `WIDEST` pixels a side.

    Raises:
        MediaError: it does not open.
    """
    kind, width, height, _ = open_image(data)
    if kind in _TYPES and len(data) <= AS_IT_IS and max(width, height) <= WIDEST:
        return Shown(_uri(f"image/{_TYPES[kind]}", data))
    picture = Pillow.open(io.BytesIO(data)).convert("RGB")
    picture.thumbnail((WIDEST, WIDEST))
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=80)
    note = "" if (picture.width, picture.height) == (width, height) else f"made smaller, from {width} x {height} pixels"
    return Shown(_uri("image/webp", file.getvalue()), note)


def clip(data: bytes) -> Shown:
    """The first `LONGEST` seconds of a sound as one channel of MP3; at a rate MP3 does not know as WAV.

    Raises:
        MediaError: it does not open.
    """
    samples, rate, _ = read_audio(data)
    kept = samples[: int(LONGEST * rate)].mean(axis=1)
    kind = "MP3" if rate in _RATES else "WAV"
    file = io.BytesIO()
    soundfile.write(file, kept, rate, format=kind)
    whole = len(samples) / rate
    note = f"the first {LONGEST:.0f} of {whole:.0f} s" if whole > LONGEST else ""
    return Shown(_uri("audio/mpeg" if kind == "MP3" else "audio/wav", file.getvalue()), note)


def _uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
