"""Types and rows that several tests use."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Command = Callable[..., Said]

PLACES = ("harbour", "market", "library", "station", "bakery", "museum", "garden", "bridge", "school", "theatre")
GOODS = ("lanterns", "ledgers", "kettles", "violins", "parcels", "maps")


def store_rows(n: int) -> list[dict[str, Any]]:
    """Records of stores, all different: a name, a kind of goods, two numbers."""
    return [
        {
            "store": f"{PLACES[k % len(PLACES)].title()} House {k // len(PLACES) + 1}",
            "goods": GOODS[(k * 7) % len(GOODS)],
            "crates": 17 + (k * 37) % 911,
            "distance_km": 5 + (k * 53) % 487,
        }
        for k in range(n)
    ]
