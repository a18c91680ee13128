"""A plugin for Benchmark Agent: one function that adds a part to every seam."""

from benchmark_agent.plugins import Registry
from quiz_cards.parts import Flashcards, Initials, NoShouting, Parrot, initials_of
from quiz_cards.reader import QuizCards

ORIGIN = "quiz-cards 0.1.0"


def register(registry: Registry) -> None:
    """Add every part of this plugin."""
    registry.readers.add(QuizCards(), origin=ORIGIN)
    registry.tools.add(initials_of, origin=ORIGIN)
    registry.checks.add(NoShouting(), origin=ORIGIN)
    registry.scorers.add(Initials(), origin=ORIGIN)
    registry.exporters.add(Flashcards(), origin=ORIGIN)
    registry.models.add(Parrot(), origin=ORIGIN)
