"""Text in pictures: one font that comes with Pillow, so every machine draws the same pixels.

The font (Aileron) has the printable ASCII and some punctuation. Latin letters with marks are built of a base letter
and a drawn mark, and a few signs (degree, powers, times, dashes) of other glyphs. What is left over is refused:
a missing glyph would be an empty box that nobody notices.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from benchmark_agent.errors import Unfit

BOLD = 0.45
"""Pixels. Stroke that makes the one weight look bold."""

_SIGNS = {
    "°": ("o", 0.62, -0.02),
    "²": ("2", 0.62, -0.04),
    "³": ("3", 0.62, -0.04),
    "¹": ("1", 0.62, -0.04),
    "₁": ("1", 0.62, 0.42),
    "₂": ("2", 0.62, 0.42),
    "₃": ("3", 0.62, 0.42),
    "×": ("x", 0.9, 0.04),
    "–": ("-", 1.35, -0.23),
    "−": ("-", 1.35, -0.23),
    "—": ("-", 1.9, -0.58),
}
"""Sign -> glyph, its size and how far it is lowered, as shares of the font size."""

_ALIKE = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\t": "    ", "ˈ": "'", "′": "'"})
_MARKS = {
    "\u0300": "grave",
    "\u0301": "acute",
    "\u0302": "circumflex",
    "\u0303": "tilde",
    "\u0304": "macron",
    "\u0306": "breve",
    "\u0307": "dot",
    "\u0308": "diaeresis",
    "\u030a": "ring",
    "\u030c": "caron",
    "\u0323": "dot below",
    "\u0326": "cedilla",
    "\u0327": "cedilla",
    "\u0328": "ogonek",
}


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own scalable font; size in pixels."""
    loaded = ImageFont.load_default(size)
    assert isinstance(loaded, ImageFont.FreeTypeFont)
    return loaded


@lru_cache(maxsize=4096)
def _in_font(character: str) -> bool:
    glyph, empty = font(24).getmask(character), font(24).getmask("\uffff")
    return character == " " or bytes(glyph) != bytes(empty) or glyph.size != empty.size


@lru_cache(maxsize=4096)
def _parts(character: str) -> tuple[str, tuple[str, ...]] | None:
    """The base letter and its marks, or None when it cannot be built."""
    base, *marks = list(unicodedata.normalize("NFD", character))
    if not marks or not _in_font(base) or any(mark not in _MARKS for mark in marks):
        return None
    return base, tuple(_MARKS[mark] for mark in marks)


def plain(text: str) -> str:
    """The text as it will be drawn: composed letters, ordinary spaces.

    Raises:
        Unfit: for a character that the font has not and that cannot be built.
    """
    text = unicodedata.normalize("NFC", text.translate(_ALIKE))
    for character in text:
        if not (_in_font(character) or character in _SIGNS or character == "\n" or _parts(character)):
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            raise Unfit(f"the picture font has no glyph for {character!r} ({name})")
    return text


def _advance(character: str, size: int) -> float:
    if _in_font(character):
        return font(size).getlength(character)
    if character in _SIGNS:
        glyph, scale, _ = _SIGNS[character]
        return font(max(6, round(size * scale))).getlength(glyph)
    base, _marks = _parts(character) or ("?", ())
    return font(size).getlength(base)


@lru_cache(maxsize=65536)
def width(text: str, size: int) -> float:
    """Pixels the text takes in one line. The text must be `plain`."""
    if all(map(_in_font, text)):
        return font(size).getlength(text)
    return sum(_advance(character, size) for character in text)


def height(size: int) -> int:
    """Pixels from one line of text to the next."""
    return round(size * 1.4)


def write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, fill: str, bold: bool) -> None:
    """Draw one line of `plain` text with its top left corner `at`."""
    stroke = BOLD if bold else 0.0
    if all(map(_in_font, text)):
        draw.text(at, text, fill=fill, font=font(size), stroke_width=stroke)
        return
    x, y = at
    for character in text:
        if _in_font(character):
            draw.text((x, y), character, fill=fill, font=font(size), stroke_width=stroke)
        elif character in _SIGNS:
            glyph, scale, lowered = _SIGNS[character]
            small = font(max(6, round(size * scale)))
            draw.text((x, y + lowered * size), glyph, fill=fill, font=small, stroke_width=stroke)
        else:
            _write_marked(draw, (x, y), character, size, fill, stroke)
        x += _advance(character, size)


def write_squeezed(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], glyph: str, size: int, fill: str, room: float
) -> None:
    """Draw one glyph in the middle of `room` pixels, narrowed where it is wider: cells of a listing."""
    wide = width(glyph, size)
    if wide <= room:
        write(draw, (at[0] + (room - wide) / 2, at[1]), glyph, size, fill, False)
        return
    big = Image.new("L", (round(wide * 4) + 8, height(size) * 4), 0)
    ImageDraw.Draw(big).text((4, 0), glyph, fill=255, font=font(size * 4))
    mask = big.resize((round(room), height(size)), Image.Resampling.BOX)
    draw.bitmap((round(at[0]), round(at[1])), mask, fill=fill)


def _write_marked(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], character: str, size: int, fill: str, stroke: float
) -> None:
    base, marks = _parts(character) or ("?", ())
    above = any(mark not in ("cedilla", "ogonek", "dot below") for mark in marks)
    glyph = "\u0131" if base == "i" and above and _in_font("\u0131") else base
    draw.text(at, glyph, fill=fill, font=font(size), stroke_width=stroke)
    left, top, right, bottom = font(size).getbbox(glyph)
    middle, reach = at[0] + (left + right) / 2, size * 0.13
    pen = max(1, round(size / 13))
    if base == "i" and above:
        draw.rectangle((middle - reach, at[1] + top - 1, middle + reach, at[1] + top + size * 0.13), fill="white")
        top = round(top + size * 0.16)
    for mark in marks:
        _mark(draw, mark, middle, at[1] + top - size * 0.09, at[1] + bottom, reach, pen, fill)


def _mark(
    draw: ImageDraw.ImageDraw, mark: str, x: float, over: float, under: float, reach: float, pen: int, fill: str
) -> None:
    shapes: dict[str, Sequence[tuple[float, float]]] = {
        "grave": [(-1, -1), (0.4, 0)],
        "acute": [(1, -1), (-0.4, 0)],
        "circumflex": [(-1, 0), (0, -1), (1, 0)],
        "caron": [(-1, -1), (0, 0), (1, -1)],
        "tilde": [(-1.3, 0), (-0.5, -0.7), (0.5, 0), (1.3, -0.7)],
        "macron": [(-1, -0.4), (1, -0.4)],
        "breve": [(-1, -1), (-0.4, 0), (0.4, 0), (1, -1)],
    }
    tails: dict[str, Sequence[tuple[float, float]]] = {
        "cedilla": [(0, 0), (0.5, 0.8), (-0.4, 1.3)],
        "ogonek": [(1, 0), (0.6, 1), (1.5, 1.2)],
    }
    strokes = {name: [(x + a * reach, over + b * reach) for a, b in shape] for name, shape in shapes.items()}
    strokes |= {name: [(x + a * reach, under + b * reach) for a, b in shape] for name, shape in tails.items()}
    if mark in strokes:
        draw.line(strokes[mark], fill=fill, width=pen, joint="curve")
        return
    dots = {
        "dot": [(x, over - reach / 2)],
        "diaeresis": [(x - reach * 1.15, over - reach / 2), (x + reach * 1.15, over - reach / 2)],
        "dot below": [(x, under + reach)],
    }
    radius = pen * 0.75
    for cx, cy in dots.get(mark, ()):
        draw.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=fill)
    if mark == "ring":
        draw.ellipse(
            (x - reach * 0.8, over - reach * 1.4, x + reach * 0.8, over + reach * 0.2), outline=fill, width=pen
        )


def wrap(text: str, size: int, room: float) -> list[str]:
    """Lines of `plain` text at most `room` pixels wide; words longer than a line are cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            for piece in _cut(word, size, room):
                longer = f"{line} {piece}" if line else piece
                if line and width(longer, size) > room:
                    lines.append(line)
                    line = piece
                else:
                    line = longer
        lines.append(line)
    return lines


def _cut(word: str, size: int, room: float) -> list[str]:
    if width(word, size) <= room:
        return [word]
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, size) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def shortened(text: str, size: int, room: float) -> str:
    """The text, cut with `...` when it is wider than `room` pixels."""
    if width(text, size) <= room:
        return text
    while text and width(text + "...", size) > room:
        text = text[:-1]
    return text.rstrip() + "..."
