"""Stamps of the drawing program Tux Paint: pictures with captions in many languages, spoken captions and sounds."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from benchmark_agent.sources.pool_recipes.output import About, Column, Output
from benchmark_agent.sources.pool_recipes.tongues import LANGUAGES
from benchmark_agent.sources.pool_recipes.types import Material, Package

_PACKAGE = Package("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps", 161)
_ARTICLE = re.compile(r"^(?:an?|some|the|a pair of) ", re.IGNORECASE)
_ENDS = " .。।"
_MOST_WORDS = 5
"""Words of a caption that is still a name."""
_CODES = {"zh_CN": "zh", "pt_BR": "", "zh_TW": "", "sr@latin": "", "ca@valencia": "", "en_GB": "", "en_AU": ""}
"""Locales that are taken for a language, or for none because another locale is."""
_DIGIT = re.compile(r"([0-9])(?:_([a-z]{2}))?\.ogg")
_BADLY_NAMED = frozenset({"en", "be"})
"""Languages whose captions are not asked for by pictures: English has names of its own; the Belarusian captions hold
many slips of a machine (a crow is a cow, a blackbuck a black book)."""
_LEAST_SPOKEN = 40
"""Spoken captions a language must have to be one among which a model is to tell them apart."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A picture with what is written and said of it."""

    key: str
    """Folder and stem: `animals/birds/crow`."""
    file: Path
    theme: str
    kind: str
    name: str
    """In English."""
    captions: Mapping[str, str]
    """By language, as the package has them."""

    @property
    def row(self) -> dict[str, Any]:
        return {"id": self.key.replace("/", "-"), "name": self.name, "kind": self.kind}


class TuxPaint:
    name = "tuxpaint"
    gives = "pictures of animals and things, named in many languages; spoken names; sounds"
    licence = "GPL-2.0-only"
    packages = (_PACKAGE,)

    def missing(self) -> str:
        return ""

    def write(self, materials: Mapping[str, Material], out: Output) -> None:
        root = materials[_PACKAGE.name].root / _PACKAGE.holds
        stamps = [stamp for stamp in _stamps(root) if stamp.file.is_file()]
        pictures = {stamp.key: out.picture(stamp.file) for stamp in stamps}
        stamps = [stamp for stamp in stamps if pictures[stamp.key]]
        _write_pictures(out, stamps, pictures)
        _write_captions(out, stamps, pictures)
        _write_spoken(out, stamps, pictures)
        _write_sounds(out, root)
        _write_digits(out, root)


@cache
def _chosen() -> dict[str, Any]:
    chosen: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return chosen


def _stamps(root: Path) -> Iterator[Stamp]:
    for theme in ("animals", "things"):
        for kind, folders in _chosen()[theme].items():
            for folder, stems in folders.items():
                for entry in stems.split(";"):
                    stem, _, name = entry.strip().partition("=")
                    captions = _captions(root / folder / f"{stem}.txt")
                    name = name or _ARTICLE.sub("", captions.get("en", "")).strip(_ENDS)
                    if name and captions:
                        yield Stamp(f"{folder}/{stem}", root / folder / f"{stem}.png", theme, kind, name, captions)


def _captions(file: Path) -> dict[str, str]:
    """Caption by language: the first line is English, the others are `fr.utf8=...`."""
    if not file.is_file():
        return {}
    first, *others = file.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    found = {"en": first.strip()}
    for line in others:
        locale, _, text = line.partition("=")
        locale = locale.removesuffix(".utf8")
        code = _CODES.get(locale, locale)
        if code in LANGUAGES and text.strip():
            found[code] = text.strip()
    return found


def _write_pictures(out: Output, stamps: list[Stamp], pictures: Mapping[str, str]) -> None:
    for theme, asked in (("animals", "animal"), ("things", "thing")):
        rows = [{"image": pictures[s.key], **s.row} for s in stamps if s.theme == theme]
        columns = (
            Column("image", "image", "image"), Column("name", "category", "label", asked),
            Column("kind", "metadata", "label"), Column("id", "id", "phrase"),
        )  # fmt: skip
        words = ("animals", "wildlife", "zoology") if theme == "animals" else ("everyday objects", "food", "tools")
        text = f"Pictures of {theme}, drawn or cut out of photographs, each with its name."
        out.dataset(f"tuxpaint-{theme}", rows, About(f"Pictures of {theme}", text, words, columns))
    kinds = [s for s in stamps if s.kind not in ("other animal", "object")]
    columns = (
        Column("image", "image", "image"), Column("kind", "category", "label", "kind of thing"),
        Column("name", "metadata", "phrase"), Column("id", "id", "phrase"),
    )  # fmt: skip
    text = "Pictures of birds, mammals, fruit, vegetables, vehicles, tools and so on, each with its kind."
    about = About("Kinds of animals and things", text, ("classification", "animals", "everyday objects"), columns)
    out.dataset("tuxpaint-kinds", ({"image": pictures[s.key], **s.row} for s in kinds), about)


def _plain(stamp: Stamp, code: str) -> str:
    """A caption that is a name; empty for a sentence, and for one that was never translated."""
    text = stamp.captions.get(code, "").strip(_ENDS)
    says = any(mark in text for mark in "!?！？…:—–,;") or len(text.split()) > _MOST_WORDS
    untold = code != "en" and text.casefold() == stamp.captions.get("en", "").strip(_ENDS).casefold()
    return "" if says or untold else text


def _names_in(code: str, stamps: list[Stamp]) -> list[tuple[Stamp, str]]:
    """Stamps with their name in a language; none that names two things."""
    named = [(stamp, text) for stamp in stamps if (text := _plain(stamp, code))]
    things: dict[str, set[str]] = defaultdict(set)
    for stamp, text in named:
        things[text.casefold()].add(stamp.name)
    return [(stamp, text) for stamp, text in named if len(things[text.casefold()]) == 1]


def _write_captions(out: Output, stamps: list[Stamp], pictures: Mapping[str, str]) -> None:
    """Names by language; of several stamps of one thing the first: a red apple may be a Fuji too."""
    for code, language in LANGUAGES.items():
        if code in _BADLY_NAMED:
            continue
        first = {stamp.name: (stamp, text) for stamp, text in reversed(_names_in(code, stamps))}
        rows = [
            {"image": pictures[stamp.key], "caption": text, "language": code, **stamp.row}
            for stamp, text in reversed(first.values())
        ]
        columns = (
            Column("image", "image", "image"), Column("caption", "category", "label", "thing"),
            Column("language", "metadata", "phrase"), Column("name", "metadata", "phrase"),
            Column("kind", "metadata", "label"), Column("id", "id", "phrase"),
        )  # fmt: skip
        text = f"Pictures of animals and things, each with its name in {language}."
        topics = ("multilingual naming", language, "animals", "everyday objects")
        if len(rows) >= _LEAST_SPOKEN:
            about = About(f"Names of animals and things in {language}", text, topics, columns, (code,))
            out.dataset(f"tuxpaint-names-{code}", rows, about)


def _write_spoken(out: Output, stamps: list[Stamp], pictures: Mapping[str, str]) -> None:
    """Recordings of captions: by language with what is said, and all together with their language."""
    heard: list[dict[str, Any]] = []
    for code, language in LANGUAGES.items():
        tail = "" if code == "en" else f"_{code}"
        rows = []
        for stamp, text in _names_in(code, stamps):
            file = stamp.file.with_name(f"{stamp.file.stem}_desc{tail}.ogg")
            if file.is_file():
                row = {"audio": out.sound(file), "transcript": text, "image": pictures[stamp.key], "language": code}
                rows.append({**row, **stamp.row})
        if len(rows) >= _LEAST_SPOKEN:
            _write_said(out, code, language, rows)
            heard += [{"audio": row["audio"], "spoken_language": language, "transcript": row["transcript"],
                       "id": f"{code}-{row['id']}"} for row in rows[:_LEAST_SPOKEN]]  # fmt: skip
    columns = (
        Column("audio", "audio", "audio"), Column("spoken_language", "category", "label", "language"),
        Column("transcript", "metadata", "phrase"), Column("id", "id", "phrase"),
    )  # fmt: skip
    text = "Recordings of names of animals and things in several languages, each with the language spoken."
    topics = ("spoken language identification", "multilingual speech", "languages")
    out.dataset("tuxpaint-spoken-languages", heard, About("Spoken languages", text, topics, columns))


def _write_said(out: Output, code: str, language: str, rows: list[dict[str, Any]]) -> None:
    columns = (
        Column("audio", "audio", "audio"), Column("transcript", "category", "label", "name"),
        Column("image", "image", "image"), Column("language", "metadata", "phrase"),
        Column("name", "metadata", "phrase"), Column("kind", "metadata", "label"), Column("id", "id", "phrase"),
    )  # fmt: skip
    text = f"Recordings of names of animals and things in {language}, with what is said and a picture of it."
    topics = ("speech", "spoken words", language, "multilingual speech")
    out.dataset(f"tuxpaint-spoken-{code}", rows, About(f"Spoken names in {language}", text, topics, columns, (code,)))


def _write_sounds(out: Output, root: Path) -> None:
    rows = []
    for key, name in _chosen()["sounds"].items():
        sound, image = root / f"{key}.ogg", root / f"{key}.png"
        if sound.is_file():
            row = {"audio": out.sound(sound), "sound": name, "id": key.replace("/", "-")}
            rows.append({**row, "image": out.picture(image) if image.is_file() else ""})
    columns = (
        Column("audio", "audio", "audio"), Column("sound", "category", "label", "sound source"),
        Column("image", "image", "image"), Column("id", "id", "phrase"),
    )  # fmt: skip
    text = "Sounds that animals, instruments, tools and machines make, each with what makes it and mostly a picture."
    topics = ("environmental sounds", "animal sounds", "sound events", "everyday sounds")
    out.dataset("tuxpaint-sounds", rows, About("Sounds of animals and things", text, topics, columns))


def _write_digits(out: Output, root: Path) -> None:
    rows = []
    for file in sorted((root / "symbols/math").glob("*.ogg")):
        named = _DIGIT.fullmatch(file.name)
        code = (named[2] or "en") if named else ""
        if named and code in LANGUAGES:
            row = {"audio": out.sound(file), "digit": named[1], "spoken_language": LANGUAGES[code]}
            rows.append({**row, "language": code, "id": f"{code}-{named[1]}"})
    columns = (
        Column("audio", "audio", "audio"), Column("digit", "category", "label", "digit"),
        Column("spoken_language", "metadata", "label"), Column("language", "metadata", "phrase"),
        Column("id", "id", "phrase"),
    )  # fmt: skip
    codes = tuple(sorted({row["language"] for row in rows}))
    topics = ("spoken digits", "multilingual speech", "numbers")
    text = "The digits 0 to 9 spoken in many languages, one recording each."
    out.dataset("tuxpaint-digits", rows, About("Spoken digits", text, topics, columns, codes))


TUXPAINT = TuxPaint()
