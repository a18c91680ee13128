"""Search over 10,000 cards: seconds to index them, milliseconds for a query."""

import tempfile
import time
from pathlib import Path
from random import Random

from benchmark_agent.sources.cards import DatasetCard, Field, LabelCount
from benchmark_agent.sources.catalogue import Catalogue

CARDS = 10_000
QUERIES = (
    "Can a model follow who said what, when several people speak over noise?",
    "reading tables about chemistry",
    "spatial reasoning over maps",
    "causal questions in long documents with distracting passages",
)
_SYLLABLES = "ka lo mi ter sen dra vul pon chi ro ba ges ti nor el fam qui sta ber zu".split()


def cards(count: int, seed: int = 0) -> list[DatasetCard]:
    """Cards of 60 to 120 words, their frequencies as in real text (Zipf), the queries' words from common to rare."""
    rng = Random(seed)
    words = ["".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(20_000)]
    asked = list(dict.fromkeys(word.strip("?,.") for query in QUERIES for word in query.split()))
    for place, word in enumerate(asked):
        words.insert(int(10 * 500 ** (place / len(asked))), word)
    frequencies = [1 / (rank + 10) for rank in range(len(words))]
    labels = tuple(LabelCount(label=label, rows=10) for label in ("yes", "no", "maybe"))
    made = []
    for number in range(count):
        text = rng.choices(words, frequencies, k=rng.randint(60, 120))
        field = Field(name="answer", path="answer", role="answer", type="label", label=text[2], vocabulary=labels)
        made.append(
            DatasetCard(
                id=f"d{number:05}", name=" ".join(text[:3]), topics=tuple(text[3:8]), description=" ".join(text[8:]),
                modalities=("text",), fields=(field,), rows=100, reader="jsonl", location=f"{number}.jsonl",
                digest=f"{number:016x}",
            )
        )  # fmt: skip
    return made


def run() -> list[tuple[str, float, str]]:
    made = cards(CARDS)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        catalogue = Catalogue.of(made, Path(folder))
        built = time.perf_counter() - start
        start = time.perf_counter()
        Catalogue.of(made, Path(folder))
        again = time.perf_counter() - start
        taken = []
        for query in QUERIES * 25:
            start = time.perf_counter()
            if not catalogue.search(query):
                raise RuntimeError(f"nothing found for {query!r}")
            taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    return [
        (f"search: index {CARDS} cards", built, "s"),
        (f"search: open the index of {CARDS} cards again", again, "s"),
        ("search: median query", taken[len(taken) // 2], "ms"),
        ("search: slowest of 100 queries", taken[-1], "ms"),
    ]


if __name__ == "__main__":
    for name, value, unit in run():
        print(f"{name:<50} {value:10.3f} {unit}")
