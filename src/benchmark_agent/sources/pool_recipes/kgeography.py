"""Maps of KGeography: every region has a colour of its own, so that its place is known to the pixel."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from benchmark_agent.errors import UserError
from benchmark_agent.seeds import rng
from benchmark_agent.sources.pool_recipes.output import About, Column, Output, shown_size
from benchmark_agent.sources.pool_recipes.types import Material, Package

_PACKAGE = Package("kgeography-data", "usr/share/kgeography", 11)
_CONTINENTS = ("africa", "asia", "europe", "ncamerica", "oceania", "southamerica")
_STATES = tuple(
    "argentina australia austria belgium brazil bulgaria canada colombia cuba czech ecuador france_regions germany "
    "guatemala honduras hungary iran ireland_provinces italy japan mexico_states netherlands nicaragua panama "
    "paraguay poland portugal_districts romania slovakia south_africa spain sweden switzerland turkey ukraine uruguay "
    "usa venezuela".split()
)
"""Maps whose regions are what they were when the package was made; reformed ones are left out."""
_KINDS = {
    "Countries": "country", "Provinces": "province", "Regions": "region", "Departments": "department",
    "States": "state", "Districts": "district", "Counties": "county", "Cantons": "canton",
    "Prefectures": "prefecture",
}  # fmt: skip
_SEVERAL_CAPITALS = frozenset(
    ("Bolivia", "South Africa", "Eswatini", "Sri Lanka", "Malaysia", "Israel", "Palestine", "Western Sahara", "Nauru",
     "Netherlands", "The Netherlands", "Chile", "Benin", "Tanzania", "Côte d'Ivoire", "Burundi", "Kazakhstan")
)  # fmt: skip
"""Countries whose capital is shared, disputed, moved or renamed lately."""
_DISPUTED = frozenset(("Western Sahara", "Kosovo", "Palestine", "Crimea", "Taiwan", "Northern Cyprus"))
_LEAST_PIXELS, _LEAST_SHARE = 60, 0.0006
"""A region must have so many pixels, and so large a share of the map (0-1), to be seen when it is marked."""
_WHOLE = 0.93
"""Share of its pixels a region must have in one piece to be boxed, 0-1."""
_PER_MAP = 16
_NEAREST = 8
"""Of so many nearest regions the wrong options are drawn."""
_RED, _LAND, _OTHER = (214, 40, 40), (216, 214, 200), (242, 242, 242)
_WATER, _BORDER = (196, 220, 238), (60, 60, 60)
_FLAGS_ALIKE = 14.0
"""Mean difference of colour (0-255) under which two flags are too alike to be told apart."""

Pixels = NDArray[np.uint8]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Region:
    name: str
    capital: str
    flag: str
    mask: Mask
    """True where the region is. Shape (height, width) of the map."""
    middle: tuple[float, float]
    """Mean place in pixels: from the left, from the top."""


@dataclass(frozen=True, slots=True)
class Map:
    key: str
    name: str
    kind: str
    """What its regions are: `country`."""
    pixels: Pixels
    """Shape (height, width, 3)."""
    plain: Pixels
    """The same in plain colours: land, water, borders, neighbours."""
    regions: tuple[Region, ...]
    """Those large enough to be seen."""

    def marked(self, region: Region) -> Image.Image:
        """The map in plain colours with one region in red; borders stay."""
        drawn = self.plain.copy()
        drawn[region.mask] = _RED
        return Image.fromarray(drawn)

    def near(self, region: Region) -> list[Region]:
        """The other regions, nearest first."""
        x, y = region.middle
        others = [other for other in self.regions if other.name != region.name]
        return sorted(others, key=lambda o: ((o.middle[0] - x) ** 2 + (o.middle[1] - y) ** 2, o.name))


class KGeography:
    name = "kgeography"
    gives = "maps with exact regions, marked countries and provinces, capitals, flags"
    licence = "GPL-2.0-or-later"
    packages = (_PACKAGE,)

    def missing(self) -> str:
        return ""

    def write(self, materials: Mapping[str, Material], out: Output) -> None:
        root = materials[_PACKAGE.name].root / _PACKAGE.holds
        continents = [_map(root, key) for key in _CONTINENTS if (root / f"{key}.kgm").is_file()]
        states = [_map(root, key) for key in _STATES if (root / f"{key}.kgm").is_file()]
        _write_marked(out, "countries", "Countries on maps", continents, most=1000)
        _write_marked(out, "regions", "Provinces and states on maps", states, most=_PER_MAP)
        _write_boxes(out, [*continents, *states])
        _write_capitals(out, continents)
        _write_flags(out, root, continents)


def _colour(division: ElementTree.Element) -> int:
    """The colour of a division as one number."""
    found = division.find("color")
    parts = [int((found.findtext(name) if found is not None else "") or 0) for name in ("red", "green", "blue")]
    return parts[0] << 16 | parts[1] << 8 | parts[2]


def _plain(divisions: Iterable[ElementTree.Element], codes: Codes) -> Pixels:
    drawn = np.empty((*codes.shape, 3), dtype=np.uint8)
    drawn[:] = _LAND
    for division in divisions:
        name = _said(division, "name").lower()
        water = any(word in name for word in ("water", "sea", "lake", "ocean"))
        border = "frontier" in name or "border" in name
        drawn[codes == _colour(division)] = _BORDER if border else _WATER if water else _OTHER
    return drawn


def _map(root: Path, key: str) -> Map:
    try:
        tree = ElementTree.parse(root / f"{key}.kgm").getroot()  # noqa: S314 - no entities are resolved from outside
        with Image.open(root / (tree.findtext("mapFile") or f"{key}.png").strip()) as picture:
            pixels = np.asarray(picture.convert("RGBA").convert("RGB"))
    except (OSError, ElementTree.ParseError, ValueError) as error:
        raise UserError(f"the map {key!r} in {str(root)!r} does not open: {error}; get its package again") from error
    divisions = list(tree.iter("division"))
    red, green, blue = np.moveaxis(pixels.astype(np.int32), 2, 0)
    codes = red << 16 | green << 8 | blue
    plain = _plain((d for d in divisions if _said(d, "ignore") == "yes"), codes)
    regions = (_region(d, codes) for d in divisions if _said(d, "ignore") != "yes")
    name = re.sub(r"\s*(?:\(.*|by .*|Districts.*|Provinces.*)$", "", _said(tree, "name"))
    kind = _KINDS.get(_said(tree, "divisionsName"), "region")
    return Map(key, name, kind, pixels, plain, tuple(region for region in regions if region))


def _said(element: ElementTree.Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


def _region(division: ElementTree.Element, codes: Codes) -> Region | None:
    """A region that can be seen and has a name of its own; else None."""
    name = _said(division, "name")
    mask: Mask = codes == _colour(division)
    seen = int(mask.sum())
    if not name or "(" in name or name in _DISPUTED or seen < max(_LEAST_PIXELS, _LEAST_SHARE * mask.size):
        return None
    down, across = np.nonzero(mask)
    middle = float(across.mean()), float(down.mean())
    return Region(name, _said(division, "capital"), _said(division, "flag"), mask, middle)


def _options(gold: str, near: Sequence[str], *key: str) -> list[str]:
    """The gold and three of the nearest others, in a drawn order; empty when there are too few."""
    others = list(dict.fromkeys(name for name in near if name and name != gold))[:_NEAREST]
    if len(others) < 3:
        return []
    random = rng("kgeography", *key)
    options = [gold, *random.sample(others, 3)]
    random.shuffle(options)
    return options


_ASKED = (
    Column("image", "image", "image"), Column("question", "question", "phrase"),
    Column("options", "options", "choices"), Column("answer", "answer", "phrase"),
    Column("region", "metadata", "phrase"), Column("map", "metadata", "phrase"), Column("id", "id", "phrase"),
)  # fmt: skip


def _write_marked(out: Output, name: str, title: str, maps: Iterable[Map], most: int) -> None:
    rows: list[dict[str, Any]] = []
    for chart in maps:
        regions = list(chart.regions)
        if len(regions) > most:
            regions = rng("kgeography", chart.key).sample(regions, most)
        for region in regions:
            options = _options(region.name, [other.name for other in chart.near(region)], chart.key, region.name)
            if options:
                asked = f"Which {chart.kind} is marked in red on this map of {chart.name}?"
                row = {"image": out.drawing(chart.marked(region)), "question": asked, "options": options}
                row |= {"answer": region.name, "region": region.name, "map": chart.name}
                rows.append({**row, "id": f"{chart.key}-{region.name}"})
    text = f"{title}: one of them is marked on a map without names, with its neighbours as options."
    topics = ("geography", "maps", "countries", "spatial knowledge", "political geography")
    out.dataset(f"kgeography-{name}", rows, About(title, text, topics, _ASKED))


def _write_boxes(out: Output, maps: Iterable[Map]) -> None:
    rows = []
    for chart in maps:
        height, width = chart.pixels.shape[:2]
        scale = shown_size((width, height))[0] / width
        boxes = [
            {"label": f"{chart.kind} {r.name}", "box": [round(v * scale, 1) for v in box]}
            for r, box in _boxed(chart.regions)
        ]
        if len(boxes) >= 4:
            row = {"image": out.drawing(Image.fromarray(chart.pixels)), "regions": boxes, "map": chart.name}
            rows.append({**row, "kind": chart.kind, "id": chart.key})
    columns = (
        Column("image", "image", "image"), Column("regions", "bbox", "boxes", "regions"),
        Column("map", "metadata", "phrase"), Column("kind", "metadata", "phrase"), Column("id", "id", "phrase"),
    )  # fmt: skip
    text = "Maps of continents and countries without names, and the box of every region (x0 y0 x1 y1 in pixels)."
    topics = ("geography", "maps", "spatial relations", "localisation")
    out.dataset("kgeography-boxes", rows, About("Maps and their regions", text, topics, columns))


def _boxed(regions: Iterable[Region]) -> Iterator[tuple[Region, tuple[int, int, int, int]]]:
    """Regions that are one piece, with the corners of their box in pixels of the map."""
    for region in regions:
        pieces, count = ndimage.label(region.mask, np.ones((3, 3)))
        sizes = np.bincount(pieces.ravel())[1:] if count else np.zeros(1)
        if sizes.max() >= _WHOLE * sizes.sum():
            down, across = np.nonzero(pieces == int(sizes.argmax()) + 1)
            yield region, (int(across.min()), int(down.min()), int(across.max()) + 1, int(down.max()) + 1)


def _write_capitals(out: Output, maps: Iterable[Map]) -> None:
    """Capitals of countries that are named, and of countries that are marked on a map."""
    told: list[dict[str, Any]] = []
    seen: list[dict[str, Any]] = []
    for chart in maps:
        for region in (r for r in chart.regions if _has_one_capital(r)):
            near = [other.capital for other in chart.near(region) if _has_one_capital(other)]
            options = _options(region.capital, near, "capital", chart.key, region.name)
            common = {"options": options, "answer": region.capital, "region": region.name, "map": chart.name}
            common["id"] = f"{chart.key}-{region.name}"
            if not options:
                continue
            asked = f"What is the capital of the country marked in red on this map of {chart.name}?"
            seen.append({"image": out.drawing(chart.marked(region)), "question": asked, **common})
            if not set(region.capital.lower().split()) & set(region.name.lower().split()):
                told.append({"question": f"What is the capital of {region.name}?", **common})
    topics = ("geography", "capitals", "countries", "political geography")
    about = About("Capitals of countries", "Capitals of the countries of the world.", topics, _ASKED[1:])
    out.dataset("kgeography-capitals", told, about)
    text = "A country is marked on a map without names; its capital is asked for."
    out.dataset("kgeography-capitals-on-maps", seen, About("Capitals on maps", text, (*topics, "maps"), _ASKED))


def _has_one_capital(region: Region) -> bool:
    odd = any(mark in region.capital for mark in "/(,;")
    return bool(region.capital) and not odd and region.name not in _SEVERAL_CAPITALS


def _write_flags(out: Output, root: Path, maps: Iterable[Map]) -> None:
    countries = {region.flag: region.name for chart in maps for region in chart.regions if region.flag}
    looks: list[NDArray[np.float64]] = []
    rows = []
    for flag, country in sorted(countries.items()):
        if not (root / "flags" / flag).is_file():
            continue
        with Image.open(root / "flags" / flag) as picture:
            look = np.asarray(picture.convert("RGBA").convert("RGB").resize((24, 16)), dtype=np.float64)
        if all(np.abs(look - other).mean() >= _FLAGS_ALIKE for other in looks):
            looks.append(look)
            rows.append({"image": out.picture(root / "flags" / flag), "country": country, "id": f"flag-{country}"})
    columns = (Column("image", "image", "image"), Column("country", "category", "label", "country's flag"),
               Column("id", "id", "phrase"))  # fmt: skip
    text = "Flags of countries, each with its country; of flags that look alike, one."
    out.dataset("kgeography-flags", rows, About("Flags", text, ("flags", "geography", "countries"), columns))


KGEOGRAPHY = KGeography()
