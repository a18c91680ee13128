"""The folder a recipe writes: JSONL files with their cards, and media named by their content."""

import hashlib
import io
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from benchmark_agent.content import ValueType
from benchmark_agent.errors import UserError
from benchmark_agent.sources.cards import Role

LONGEST_SIDE = 512
"""Pixels: larger pictures are made smaller."""
_SHORTEST = 192
"""Pixels: a picture whose longer side is shorter is made larger, so that it can be made out."""
_PAPER = (236, 236, 236)
"""What shines through: light enough for dark drawings, and white ones are seen on it."""
LEAST = 8
"""Rows under which a dataset is not written: nothing can be drawn from it."""

Line = Mapping[str, Any]
"""A row, of JSON values."""


def shown_size(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height in pixels at which a picture is kept."""
    longest = max(size)
    scale = min(max(longest, _SHORTEST), LONGEST_SIDE) / longest
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the rows, as the card shall say it."""

    path: str
    role: Role
    type: ValueType
    label: str = ""
    """The field in words, for questions."""


ASKED = (
    Column("question", "question", "phrase"), Column("options", "options", "choices"),
    Column("answer", "answer", "phrase"), Column("id", "id", "phrase"),
)  # fmt: skip
"""Of rows that are a question with its options."""


@dataclass(frozen=True, slots=True)
class About:
    """What a card says of its dataset."""

    name: str
    description: str
    topics: tuple[str, ...]
    columns: tuple[Column, ...]
    languages: tuple[str, ...] = ("en",)
    """ISO 639-1 codes."""
    licence: str = ""
    """SPDX expression; empty: that of the recipe."""


@dataclass
class Output:
    """Where the datasets of one pool go."""

    folder: Path
    source: str
    """Where the material comes from, for the cards."""
    licence: str
    written: dict[str, int] = field(default_factory=dict)
    """Rows by dataset."""

    def dataset(self, name: str, rows: Iterable[Line], about: About) -> None:
        """Write a dataset and its card; nothing when there are too few rows to draw from."""
        lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
        if len(lines) < LEAST:
            return
        card = {
            "name": about.name,
            "description": about.description,
            "topics": list(about.topics),
            "languages": list(about.languages),
            "licence": about.licence or self.licence,
            "source": self.source,
            "fields": [
                {"path": each.path, "role": each.role, "type": each.type}
                | ({"label": each.label} if each.label else {})
                for each in about.columns
            ],
        }
        (self.folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        text = yaml.safe_dump(card, allow_unicode=True, sort_keys=False, width=110)
        (self.folder / f"{name}.card.yaml").write_text(text, encoding="utf-8")
        self.written[name] = len(lines)

    def media(self, data: bytes, ending: str) -> str:
        """Keep a file under a name that tells nothing of what it shows; the path for a row."""
        path = f"media/{hashlib.sha256(data).hexdigest()[:20]}.{ending}"
        (self.folder / "media").mkdir(exist_ok=True)
        (self.folder / path).write_bytes(data)
        return path

    def sound(self, file: Path) -> str:
        """Keep a sound as it is."""
        return self.media(file.read_bytes(), file.suffix.lstrip(".").lower())

    def picture(self, file: Path) -> str:
        """Keep a picture on plain paper, not larger than `LONGEST_SIDE`; empty when it shows one colour only.

        Raises:
            UserError: when it does not open.
        """
        try:
            with Image.open(file) as opened:
                drawn = opened.convert("RGBA")
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise UserError(f"the picture {str(file)!r} does not open: {error}; get its package again") from error
        flat = Image.new("RGBA", drawn.size, (*_PAPER, 255))
        flat.alpha_composite(drawn)
        return self.drawing(flat.convert("RGB"))

    def drawing(self, image: Image.Image) -> str:
        """Keep an opaque picture, not larger than `LONGEST_SIDE`; empty when it shows one colour only."""
        image = image.resize(shown_size(image.size))
        colours = image.getcolors(2)
        if colours is not None and len(colours) < 2:
            return ""
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        return self.media(buffer.getvalue(), "png")

    def text(self, name: str, file: Path) -> None:
        """Keep a text that belongs to the pool: who made the material, under which licence."""
        if file.is_file():
            shutil.copyfile(file, self.folder / name)
