"""What evaluation hands on."""

from benchmark_agent.answers import Score
from benchmark_agent.record import Record


class ItemScore(Record):
    item_id: str
    reply: str
    score: Score


class Run(Record):
    model: str
    benchmark: str
    """Digest of the benchmark that was run."""
    scores: tuple[ItemScore, ...]
