"""Types and rows that several tests use."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmark_agent.answers import Score
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.evaluation.evaluate import default_folder
from benchmark_agent.evaluation.runfile import folder_of, replace
from benchmark_agent.evaluation.types import ItemScore, RunHead
from benchmark_agent.seeds import rng


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


def answer(benchmark: Benchmark, shares: Mapping[str, float]) -> None:
    """Write a run of each model that is right in its share of the items; `random` is a floor."""
    for model, share in shares.items():
        head = RunHead(model=model, benchmark=benchmark.manifest.digest, baseline=model == "random")
        scores = []
        for item in benchmark:
            right = rng(model, item.id).random() < share
            wrong = "ABCD" if item.answer_kind == "choice" else ("none",)
            reply = item.answer if right else next(each for each in wrong if each != item.answer)
            score = Score(value=float(right), parsed=reply, outcome="right" if right else "wrong")
            scores.append(ItemScore(item_id=item.id, reply=reply, score=score))
        replace(folder_of(default_folder(benchmark), model), head, scores)


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


class Draws:
    """Random numbers that follow what is asked, and how often it was, not the order in which threads happen to ask."""

    def __init__(self, seed: int) -> None:
        self._seed, self._asked = seed, Counter[str]()

    def __call__(self, what: str) -> float:
        """A number in [0, 1) for this asking of it."""
        self._asked[what] += 1
        return rng(self._seed, what, self._asked[what]).random()
