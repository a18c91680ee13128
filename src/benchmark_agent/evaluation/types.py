"""What evaluation hands on."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from benchmark_agent.answers import Score
from benchmark_agent.models import Settings
from benchmark_agent.record import Record


class ItemScore(Record):
    """One reply to one item, and its score."""

    item_id: str
    sample: Annotated[int, Field(ge=0)] = 0
    """Which repetition of the item, from 0."""
    reply: str
    score: Score
    stop: Literal["stop", "length", "refusal", "other"] = "stop"
    """Why the reply ended; `other`: the provider would not answer, and the score says why."""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    """US dollars; 0 where the prices are not known."""
    seconds: float = 0.0
    """From the first try of the request to the reply."""


class RunHead(Record):
    """What identifies a run: the first line of its file."""

    format: Literal["benchmark-agent-run/1"] = "benchmark-agent-run/1"
    model: str
    """`provider/model`, or the name of a baseline."""
    benchmark: str
    """Digest of the benchmark that is run."""
    name: str = ""
    """Name of the benchmark."""
    baseline: bool = False
    """No model: a rule that reads at most the options."""
    prompt: str = ""
    """Version of the prompt; empty for baselines."""
    settings: Settings = Settings()
    judge: str = ""
    """Model that scores open answers."""


class Run(Record):
    """What one model answered on one benchmark so far."""

    model: str
    benchmark: str
    """Digest of the benchmark that was run."""
    scores: tuple[ItemScore, ...]
    """In the order of the items, then of the repetitions."""
    baseline: bool = False
    priced: bool = True
    """Whether the prices of the model are known; where not, costs are 0."""
    missing: int = 0
    """Replies that were asked for and did not come; they are not scored. Asked again on resume."""
    stopped: str = ""
    """Why replies are missing; empty when none is."""

    @property
    def cost(self) -> float:
        """US dollars."""
        return sum(each.cost for each in self.scores)

    @property
    def mean(self) -> float | None:
        """Mean score, 0-1; None where nothing is scored."""
        return sum(each.score.value for each in self.scores) / len(self.scores) if self.scores else None

    def count(self, outcome: str) -> int:
        """Replies with this outcome."""
        return sum(each.score.outcome == outcome for each in self.scores)


class Progress(Record):
    """How far a model is."""

    model: str
    done: int
    """Replies scored, those of earlier sessions included."""
    total: int
    value: float
    """Sum of their scores."""
    spent: float
    """US dollars paid for this model."""


Watcher = Callable[[Progress], None]


class Calibration(Record):
    """How a judge scores replies whose score is known."""

    judge: str
    n: int
    agreement: float | None
    """Share of replies whose score is within a quarter of the known one, 0-1; None where there are none."""
    error: float | None
    """Mean distance to the known scores, 0-1."""
    lenience: float | None
    """Mean of score minus known score: above 0 the judge is too kind."""
