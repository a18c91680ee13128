"""Maps with regions, from their outlines in GeoJSON (RFC 7946)."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmark_agent.errors import Unfit
from benchmark_agent.tools.render import lettering
from benchmark_agent.tools.render.canvas import INK, Canvas, Point

MOST_REGIONS, MOST_POINTS = 200, 60_000
_TINTS = ("#cfe3f4", "#fbe3b5", "#cdeadb", "#f6d3c4", "#e3d7ee", "#ececec")
"""Pale, so that names can be read over them."""
MARKED = "#d55e00"
_SEA = "#eef3f7"
_EDGE = 16
"""Pixels."""
_SMALL = 12
_NAMED = ("name", "NAME", "Name", "admin", "id")

Ring = tuple[Point, ...]
"""Degrees east and north."""


@dataclass(frozen=True, slots=True)
class Region:
    name: str
    outer: tuple[Ring, ...]
    holes: tuple[Ring, ...] = ()


def read_regions(text: str) -> tuple[Region, ...]:
    """The named polygons of a GeoJSON feature collection.

    Raises:
        Unfit: when it is none, has a feature without a name or of another shape, or is too large.
    """
    try:
        given = json.loads(text)
        features = given["features"]
        regions = tuple(_region(feature) for feature in features)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise Unfit(f"the text is not a GeoJSON feature collection of named polygons: {error}") from error
    points = sum(len(ring) for region in regions for ring in (*region.outer, *region.holes))
    if not 1 <= len(regions) <= MOST_REGIONS or points > MOST_POINTS:
        raise Unfit(f"a map shows 1 to {MOST_REGIONS} regions of at most {MOST_POINTS} points")
    if len({region.name for region in regions}) < len(regions):
        raise Unfit("two regions have one name")
    return regions


def _region(feature: Any) -> Region:
    properties, geometry = feature["properties"], feature["geometry"]
    name = next((str(properties[key]) for key in _NAMED if properties.get(key)), "")
    if not name:
        raise Unfit("a region has no name")
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise Unfit(f"the region {name!r} is a {geometry['type']}, not a polygon")
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [[_ring(ring) for ring in polygon] for polygon in polygons]
    return Region(name, tuple(polygon[0] for polygon in rings), tuple(hole for p in rings for hole in p[1:]))


def _ring(given: Any) -> Ring:
    ring = tuple((float(point[0]), float(point[1])) for point in given)
    if len(ring) < 4 or not all(abs(x) <= 360 and abs(y) <= 90 for x, y in ring):
        raise Unfit("an outline has fewer than four points, or leaves the globe")
    return ring


def draw_map(regions: Sequence[Region], marked: str = "", *, names: bool = True, width: int = 640) -> bytes:
    """The regions as PNG bytes, neighbours in different tints, one of them marked; equirectangular, true to scale in
    the middle. A name is written where it fits inside its region.

    Raises:
        Unfit: when the marked region is not there, the map has no extent, or a character is not in the font.
    """
    if marked and marked not in {region.name for region in regions}:
        raise Unfit(f"there is no region {marked!r} on the map")
    points = [point for region in regions for ring in region.outer for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across = (east - west) * math.cos(math.radians((south + north) / 2))
    if across <= 0 or north <= south or not 0.1 < across / (north - south) < 10:
        raise Unfit("the map has no extent that fits a picture")
    scale = min((width - 2 * _EDGE) / across, 1.25 * (width - 2 * _EDGE) / (north - south))
    canvas = Canvas(round(across * scale) + 2 * _EDGE, round((north - south) * scale) + 2 * _EDGE, _SEA)

    def placed(ring: Ring) -> list[Point]:
        return [(_EDGE + (x - west) / (east - west) * across * scale, _EDGE + (north - y) * scale) for x, y in ring]

    regions = sorted(regions, key=lambda region: -sum(abs(_area(ring)) for ring in region.outer))  # enclaves last
    tints = _tints(regions)
    for region, tint in zip(regions, tints, strict=True):
        for ring in region.outer:
            canvas.polygon(placed(ring), MARKED if region.name == marked else _TINTS[tint], INK, 1)
    for hole in _open_holes(regions):
        canvas.polygon(placed(hole), _SEA, INK, 1)
    if names:
        for region in regions:
            outline = placed(max(region.outer, key=lambda ring: abs(_area(ring))))
            ink = "#ffffff" if region.name == marked else INK
            _write_name(canvas, region.name, outline, [placed(hole) for hole in region.holes], ink)
    return canvas.png()


def _open_holes(regions: Sequence[Region]) -> Iterator[Ring]:
    """Holes that no other region fills: an enclave is drawn over by its own outline."""
    filled = {frozenset(ring) for region in regions for ring in region.outer}
    yield from (hole for region in regions for hole in region.holes if frozenset(hole) not in filled)


def _tints(regions: Sequence[Region]) -> list[int]:
    """A tint for each region, other than those of the regions before it that share a point with it."""
    found: list[int] = []
    corners = [{point for ring in (*region.outer, *region.holes) for point in ring} for region in regions]
    for index, own in enumerate(corners):
        taken = {found[other] for other in range(index) if own & corners[other]}
        free = [tint for tint in range(len(_TINTS)) if tint not in taken]
        found.append(min(free, key=lambda tint: (found.count(tint), tint)) if free else index % len(_TINTS))
    return found


def _area(ring: Sequence[Point]) -> float:
    """Signed area by the shoelace formula."""
    turned = [*ring[1:], ring[0]]
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, turned, strict=True)) / 2


def _write_name(canvas: Canvas, name: str, outline: list[Point], holes: list[list[Point]], ink: str) -> None:
    wide, (x, y) = lettering.width(lettering.plain(name), _SMALL), _middle(outline)
    box = [(x - wide / 2, y - 7), (x + wide / 2, y - 7), (x + wide / 2, y + 7), (x - wide / 2, y + 7), (x, y)]
    if all(_holds(outline, at) and not any(_holds(hole, at) for hole in holes) for at in box):
        canvas.text((x, y), name, _SMALL, ink, "mm")


def _middle(ring: Sequence[Point]) -> Point:
    """Centre of gravity of a polygon."""
    area, x, y = _area(ring), 0.0, 0.0
    if not area:
        return ring[0]
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        x, y = x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return x / (6 * area), y / (6 * area)


def _holds(ring: Sequence[Point], at: Point) -> bool:
    """Whether a point lies inside, by the crossings of a ray to the right."""
    inside = False
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y0 > at[1]) != (y1 > at[1]) and at[0] < (x1 - x0) * (at[1] - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside
