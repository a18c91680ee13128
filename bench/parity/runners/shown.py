# mypy: ignore-errors
"""What runners share: arguments, replies, rows of results, and what a harness showed of an image or a sound."""

import base64
import hashlib
import io
import json
import sys
from pathlib import Path

EXPORT, REPLIES, OUT = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text("utf-8")), Path(sys.argv[3])
NAME = json.loads((EXPORT / "export.json").read_text("utf-8"))["name"]


def picture(image):
    """Hash of the pixels of a PIL image, or of the bytes of an image file."""
    from PIL import Image

    if isinstance(image, bytes):
        image = Image.open(io.BytesIO(image))
    return "image " + hashlib.sha256(image.convert("RGB").tobytes()).hexdigest()[:12]


def sound(data):
    """Hash of the samples of a sound file, or of floats between -1 and 1."""
    import numpy as np

    if isinstance(data, bytes):
        import soundfile

        data, _ = soundfile.read(io.BytesIO(data), dtype="float32")
    return "audio " + hashlib.sha256(np.round(data * 32768).astype(np.int16).tobytes()).hexdigest()[:12]


def of_uri(uri):
    """The bytes of a data URI, of base64, or of a file."""
    if uri.startswith("data:"):
        return base64.b64decode(uri.partition(",")[2])
    return Path(uri).read_bytes() if len(uri) < 1000 and Path(uri).is_file() else base64.b64decode(uri)


def row(id, form, style, score, seen):
    """One result; `seen` is the prompt and the media that reached the model."""
    prompt, media = seen.get(id, ("", []))
    line = {"id": id, "form": form, "style": style, "score": float(score), "prompt": prompt, "media": media}
    with OUT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
