"""The run's media folder: content-addressed, opened before it is believed."""

import hashlib
import io
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from PIL import Image as Pillow

from benchmark_agent.content import Audio, Image
from benchmark_agent.errors import MediaError
from benchmark_agent.metadata import without_metadata

MAX_PIXELS = 40_000_000
"""Pixels. Larger images are refused before they are decoded."""
MAX_SECONDS = 1800.0
"""Seconds. Longer sounds are refused before they are decoded."""
MAX_BYTES = 1_500_000_000
"""Of a media file. Larger ones are not read."""
_BLOCK = 1 << 18
"""Frames of a sound looked at together."""
_USUAL_RATE = 48_000
"""Hertz, up to which a sample rate is nothing to tell."""
_SVG = (b"<svg", b"<!DOCTYPE svg", b"<?xml")
_STREAMED = 0xFFFFFFFF
"""Size a RIFF header states when its writer did not know it; the decoder reads to the end then."""
_EXTENSION = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif", "BMP": "bmp", "TIFF": "tif"}


def inside(root: Path, relative: str) -> Path:
    """The path `relative` under `root`.

    Raises:
        MediaError: when it leaves the root, by `..`, an absolute path or a link.
    """
    base = root.resolve()
    path = (base / relative).resolve()
    if not path.is_relative_to(base):
        raise MediaError(f"the path {relative!r} leaves its folder and is refused")
    return path


def read_file(path: Path) -> bytes:
    """A media file's bytes.

    Raises:
        MediaError: when it is empty or over `MAX_BYTES`.
        OSError: when it cannot be read.
    """
    size = path.stat().st_size
    if size == 0:
        raise MediaError("the file is empty: zero bytes")
    if size > MAX_BYTES:
        raise MediaError(f"the file has {size} bytes, which is over {MAX_BYTES}")
    return path.read_bytes()


def open_image(data: bytes) -> tuple[str, int, int, bool]:
    """Format, width and height in pixels, and whether every pixel is the same.

    Raises:
        MediaError: when it does not decode wholly or is over `MAX_PIXELS`.
    """
    if data.lstrip()[:64].startswith(_SVG):
        raise MediaError("it is an SVG: these are not drawn here, since they may refer to other files; save it as PNG")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            picture = Pillow.open(io.BytesIO(data))
        if picture.width * picture.height > MAX_PIXELS:
            raise MediaError(f"an image of {picture.width} x {picture.height} pixels is over {MAX_PIXELS} pixels")
        kind = picture.format or ""
        picture.load()
        extrema = picture.convert("RGB").getextrema()
    except Pillow.DecompressionBombError as error:
        raise MediaError(f"the image states far more than {MAX_PIXELS} pixels, as a bomb does") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise MediaError(f"the image does not open: {error}") from error
    blank = all(isinstance(band, tuple) and band[0] == band[1] for band in extrema)
    return kind, picture.width, picture.height, blank


def uncommon_image(data: bytes) -> str:
    """What is uncommon about an image that opens, and what is done about it; empty when nothing is."""
    picture = Pillow.open(io.BytesIO(data))
    frames = getattr(picture, "n_frames", 1) if picture.format in ("GIF", "PNG", "WEBP", "TIFF") else 1
    if frames > 1:
        return f"it has {frames} frames; the first is used"
    if picture.mode == "CMYK":
        return "its colours are CMYK; it is used as RGB"
    return "it has 1 bit a pixel; it is used as it is" if picture.mode == "1" else ""


def as_shown(data: bytes) -> bytes:
    """An image as every viewer shows it: of several frames the first, CMYK as RGB (then PNG); others as they are."""
    told = uncommon_image(data)
    if "frames" not in told and "CMYK" not in told:
        return data
    picture, out = Pillow.open(io.BytesIO(data)), io.BytesIO()
    picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(out, "PNG")
    return out.getvalue()


def uncommon_audio(data: bytes) -> str:
    """What is uncommon about a sound that opens, and what is done about it; empty when nothing is."""
    with soundfile.SoundFile(io.BytesIO(data)) as sound:
        if sound.samplerate <= _USUAL_RATE:
            return ""
        many = f"{sound.channels} channel{'s' if sound.channels > 1 else ''}"
        return f"it has {many} at {sound.samplerate} Hz; it is used as it is"


def read_audio(data: bytes) -> tuple[npt.NDArray[np.float64], int, str]:
    """Samples of any sound file, shape (frames, channels), their rate in hertz, and the format of the file.

    Raises:
        MediaError: when it does not decode wholly or is over `MAX_SECONDS`.
    """
    with _sound(data) as sound:
        samples = np.asarray(sound.read(dtype="float64", always_2d=True))
        _whole(len(samples), sound)
        return samples, int(sound.samplerate), str(sound.format)


def open_audio(data: bytes) -> tuple[str, float, int, float]:
    """Format, seconds, sample rate in hertz, and peak amplitude, 0-1, in little memory.

    Raises:
        MediaError: as `read_audio` does.
    """
    frames, peak = 0, 0.0
    with _sound(data) as sound:
        for block in sound.blocks(blocksize=_BLOCK, dtype="float64", always_2d=True):
            frames += len(block)
            peak = max(peak, float(np.abs(block).max()))
        _whole(frames, sound)
        return str(sound.format), frames / sound.samplerate, int(sound.samplerate), peak


@contextmanager
def _sound(data: bytes) -> Iterator[soundfile.SoundFile]:
    """A sound of bounded length, open; what its decoder says as one error."""
    stated = int.from_bytes(data[4:8], "little") + 8 if data[:4] == b"RIFF" else 0
    if len(data) < stated < _STREAMED:
        raise MediaError(f"the sound is cut off: {len(data)} of {stated} bytes")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            if sound.frames > MAX_SECONDS * sound.samplerate:
                raise MediaError(f"a sound of {sound.frames / sound.samplerate:.0f} s is over {MAX_SECONDS:.0f} s")
            yield sound
    except (soundfile.SoundFileError, RuntimeError, ValueError) as error:
        raise MediaError(f"the sound does not open: {error}") from error


def _whole(frames: int, sound: soundfile.SoundFile) -> None:
    if frames < sound.frames:
        raise MediaError(f"the sound is cut off: {frames} of {sound.frames} frames")


class MediaStore:
    """Implements `tools.Media` over `<folder>/media`. Safe for several processes: files are renamed into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def image(self, data: bytes) -> Image:
        """Kept as it is shown, without its metadata, which may say the answer; named by the hash of what is kept."""
        data = without_metadata(data)
        kind, width, height, blank = open_image(data)
        if (shown := as_shown(data)) is not data:
            data, kind = shown, "PNG"
        if blank:
            raise MediaError("the image is blank: every pixel has one colour")
        if kind not in _EXTENSION:
            raise MediaError(f"images of format {kind!r} are not supported; use PNG, JPEG or WebP")
        digest = hashlib.sha256(data).hexdigest()
        return Image(path=self._keep(data, digest, _EXTENSION[kind]), sha256=digest, width=width, height=height)

    def audio(self, data: bytes) -> Audio:
        kind, seconds, rate, peak = open_audio(data)
        if peak < 1e-4:
            raise MediaError("the sound is silent")
        digest = hashlib.sha256(data).hexdigest()
        path = self._keep(data, digest, kind.lower())
        return Audio(path=path, sha256=digest, duration=round(seconds, 3), sample_rate=rate)

    def read(self, part: Image | Audio) -> bytes:
        return inside(self.folder, part.path).read_bytes()

    def _keep(self, data: bytes, digest: str, extension: str) -> str:
        path = self.folder / "media" / f"{digest}.{extension}"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        return f"media/{path.name}"
