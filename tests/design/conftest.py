"""Pools of hand-made cards: what the starter pool and a pool of ten mixed datasets look like to design."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from benchmark_agent.lexical import terms
from benchmark_agent.sources.cards import DatasetCard, Field

TYPES = {
    "measure": "number",
    "category": "label",
    "options": "choices",
    "bbox": "boxes",
    "image": "image",
    "audio": "audio",
    "dialog": "dialog",
    "table": "table",
    "rationale": "items",
}
"""Usual value type of a role; `phrase` otherwise."""


def make_card(
    name: str,
    description: str,
    roles: str,
    *,
    topics: str = "",
    languages: tuple[str, ...] = ("en",),
    licence: str = "MIT",
) -> DatasetCard:
    fields = []
    for role in roles.split():
        modality = role if role in ("image", "audio") else "text"
        fields.append(
            Field.model_validate(
                {"name": role, "path": role, "role": role, "type": TYPES.get(role, "phrase"), "modality": modality}
            )
        )
    return DatasetCard(
        id=name,
        name=name,
        description=description,
        topics=tuple(topic for topic in topics.split(", ") if topic),
        modalities=tuple(sorted({field.modality for field in fields})),
        languages=languages,
        fields=tuple(fields),
        rows=200,
        licence=licence,
        reader="jsonl",
        location=name,
        digest="0",
    )


@dataclass(frozen=True)
class HandPool:
    cards: tuple[DatasetCard, ...]

    def search(self, query: str, limit: int) -> list[tuple[DatasetCard, float]]:
        wanted = set(terms(query))
        scored = [(card, len(wanted & set(terms(f"{card.name} {card.description}")))) for card in self.cards]
        found = sorted(((card, float(n)) for card, n in scored if n), key=lambda pair: (-pair[1], pair[0].id))
        return found[:limit]


FACTS = "entity category measure"
ASKED = "question answer"
STARTER = (
    make_card("countries", "Countries with capital, region and area.", FACTS, topics="geography, country, capital"),
    make_card("chemical-elements", "Elements with atomic mass and density.", FACTS, topics="chemistry, element, metal"),
    make_card("airports", "Airports with city and elevation.", FACTS, topics="airport, aviation, geography"),
    make_card(
        "public-holidays", "Holidays by country and date.", "entity category time", topics="holiday, calendar, country"
    ),
    make_card(
        "reading-reports", "Reports with questions.", f"context {ASKED}", topics="reading comprehension, passage"
    ),
    make_card("orders", "A customer and a waiter talk.", f"dialog {ASKED}", topics="dialogue, conversation, speaker"),
    make_card("tables", "Small tables with questions.", f"table {ASKED}", topics="table, record, sum"),
    make_card("dates", "Questions on dates.", ASKED, topics="date, calendar, weekday, temporal reasoning"),
    make_card("event-order", "Events in order.", "rationale time", topics="order, event, timeline"),
    make_card(
        "spatial-text", "Who stands where.", f"context {ASKED}", topics="spatial reasoning, direction, navigation"
    ),
    make_card("python-tracing", "Short programs.", f"context {ASKED}", topics="code, program, Python"),
    make_card("knights", "Knights and knaves.", f"context {ASKED}", topics="logic, deduction, puzzle, knight"),
    make_card(
        "word-problems", "Sums in words with worked steps.", f"{ASKED} rationale", topics="arithmetic, mathematics"
    ),
    make_card("drawn-scenes", "Drawn objects with boxes.", "image bbox", topics="counting, object, scene, visual"),
    make_card("drawn-charts", "Charts with questions.", f"image table {ASKED}", topics="chart, graph, plot, visual"),
    make_card("drawn-maps", "Maps with questions.", f"image {ASKED}", topics="map, region, visual"),
)
GENERAL = (
    make_card(
        "causal-reasoning",
        "The most plausible cause of an everyday effect.",
        f"{ASKED} options",
        topics="causal, cause",
    ),
    make_card(
        "document-causes",
        "Long stories with causal questions.",
        f"context {ASKED}",
        topics="causal, explanatory, story",
    ),
    make_card(
        "daily-times", "Dialogues with a masked duration.", f"context {ASKED}", topics="temporal, duration, dialogue"
    ),
    make_card("entailment", "Premise and hypothesis.", "context category", topics="entailment, inference, premise"),
    make_card("art-questions", "Questions on artworks.", f"image {ASKED}", topics="art, artwork, painting"),
    make_card("birds", "Find the bird.", "image question bbox", topics="bird, detection"),
    make_card("chemistry-vqa", "Chemistry diagrams.", f"image {ASKED} options", topics="chemistry, diagram"),
    make_card(
        "lung-nodules", "Is the lung nodule in the CT malignant?", f"image {ASKED}", topics="medical, lung, nodule, CT"
    ),
    make_card("snarks", "Which of two is sarcastic?", f"{ASKED} options", topics="sarcasm, snark"),
    make_card("spoken-digits", "Digits spoken by six people.", "audio category", topics="speech, digit, speaker"),
)


@pytest.fixture(scope="session")
def starter() -> HandPool:
    return HandPool(STARTER)


@pytest.fixture(scope="session")
def general() -> HandPool:
    return HandPool(GENERAL)


@pytest.fixture(scope="session")
def everything() -> HandPool:
    return HandPool(STARTER + GENERAL)


@pytest.fixture(scope="session")
def new_card() -> Callable[..., DatasetCard]:
    """`make_card`, for tests that need another."""
    return make_card


@pytest.fixture(scope="session")
def pool_of() -> Callable[..., HandPool]:
    """A pool of the cards given."""
    return lambda *cards: HandPool(tuple(cards))
