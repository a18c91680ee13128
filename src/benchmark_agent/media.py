"""The run's media folder: content-addressed, opened before it is believed."""

import hashlib
import io
import os
import tempfile
import warnings
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


def open_image(data: bytes) -> tuple[str, int, int, bool]:
    """Format, width and height in pixels, and whether every pixel is the same.

    Raises:
        MediaError: when it does not decode wholly or is over `MAX_PIXELS`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            picture = Pillow.open(io.BytesIO(data))
        if picture.width * picture.height > MAX_PIXELS:
            raise MediaError(f"an image of {picture.width} x {picture.height} pixels is over {MAX_PIXELS} pixels")
        kind = picture.format or ""
        picture.load()
        extrema = picture.convert("RGB").getextrema()
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
        raise MediaError(f"the image does not open: {error}") from error
    blank = all(isinstance(band, tuple) and band[0] == band[1] for band in extrema)
    return kind, picture.width, picture.height, blank


def read_audio(data: bytes) -> tuple[npt.NDArray[np.float64], int, str]:
    """Samples of any sound file, shape (frames, channels), their rate in hertz, and the format of the file.

    Raises:
        MediaError: when it does not decode wholly or is over `MAX_SECONDS`.
    """
    stated = int.from_bytes(data[4:8], "little") + 8 if data[:4] == b"RIFF" else 0
    if len(data) < stated < _STREAMED:
        raise MediaError(f"the sound is cut off: {len(data)} of {stated} bytes")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            if sound.frames > MAX_SECONDS * sound.samplerate:
                raise MediaError(f"a sound of {sound.frames / sound.samplerate:.0f} s is over {MAX_SECONDS:.0f} s")
            samples = np.asarray(sound.read(dtype="float64", always_2d=True))
            if len(samples) < sound.frames:
                raise MediaError(f"the sound is cut off: {len(samples)} of {sound.frames} frames")
            return samples, int(sound.samplerate), str(sound.format)
    except (soundfile.SoundFileError, RuntimeError, ValueError) as error:
        raise MediaError(f"the sound does not open: {error}") from error


def open_audio(data: bytes) -> tuple[str, float, int, float]:
    """Format, seconds, sample rate in hertz, and peak amplitude, 0-1. Raises MediaError as `read_audio` does."""
    samples, rate, kind = read_audio(data)
    peak = float(np.abs(samples).max()) if samples.size else 0.0
    return kind, len(samples) / rate, rate, peak


class MediaStore:
    """Implements `tools.Media` over `<folder>/media`. Safe for several processes: files are renamed into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def image(self, data: bytes) -> Image:
        """Kept without its metadata, which may say the answer; named by the hash of what is kept."""
        data = without_metadata(data)
        kind, width, height, blank = open_image(data)
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
