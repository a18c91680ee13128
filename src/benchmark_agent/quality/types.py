"""What quality hands on."""

from typing import Annotated, Literal

from pydantic import Field

from benchmark_agent.record import Record

Share = Annotated[float, Field(ge=0, le=1)]


class Metric(Record):
    """One figure with its 95 % interval."""

    name: str
    value: float | None
    """None where it cannot be said; `note` says why."""
    low: float | None = None
    high: float | None = None
    n: Annotated[int, Field(ge=0)]
    """What it rests on: items, unless the note says otherwise."""
    note: str = ""
    """How to read it, and when not to."""


class Family(Record):
    """Models of one make, from small to large."""

    name: str
    models: tuple[str, ...]
    sizes: tuple[float, ...]
    """Parameters in any one unit, rising."""


class Standing(Record):
    """One model's row on the leaderboard."""

    model: str
    baseline: bool = False
    """A floor, not a competitor: it has no rank."""
    score: Metric
    rank: int | None = None
    rank_low: int | None = None
    """Best rank in 95 % of the draws of other items."""
    rank_high: int | None = None
    sure_low: int | None = None
    """Best rank the corrected paired tests leave open."""
    sure_high: int | None = None
    groups: tuple[int, ...] = ()
    """Groups it belongs to, from 1: models that share one are not told apart."""
    subtasks: tuple[Metric, ...] = ()
    """Its score on each subtask, `name` the subtask."""


class Comparison(Record):
    """Two models on the items both ran."""

    first: str
    second: str
    subtask: str = ""
    """Empty for the whole benchmark."""
    difference: Metric
    """Score of the first minus the second."""
    only_first: int
    """Items the first did better on."""
    only_second: int
    test: Literal["mcnemar", "clustered t"]
    p: Share | None
    """Uncorrected."""
    p_holm: Share | None
    """Corrected over every pair of the benchmark; for subtasks, over every pair of every subtask."""
    p_fdr: Share | None
    """Benjamini-Hochberg, over the same pairs."""


class ItemQuality(Record):
    item_id: str
    subtask: str
    models: int
    right: Share | None
    """Mean score of the models."""
    discrimination: float | None
    """Correlation with the score on the other items, -1 to 1."""
    difficulty: float | None
    """Of the 2PL model, in standard deviations of ability."""
    slope: float | None
    """Discrimination of the 2PL model; its prior is 1."""


class Suspect(Record):
    """An item a person should look at."""

    item_id: str
    subtask: str
    reasons: tuple[str, ...]
    right: Share | None
    strong: Share | None
    """Mean score of the strong third of the models."""
    weak: Share | None


class FailureGroup(Record):
    """What models lost on items that are alike in one respect."""

    by: Literal["subtask", "construction", "evidence"]
    name: str
    items: int
    """Items of the group that were asked."""
    replies: int
    lost: Metric
    """Share of the points that could be had and were not, over models: 1 minus the mean score."""
    wrong: int
    """Replies."""
    refused: int
    unparsable: int
    cut_off: int
    """Replies that ended at the token limit, whatever they scored."""
    models: tuple[Metric, ...]
    """What each model lost, `name` the model."""


class DistractorTrait(Record):
    """What wrong options that were taken have in common."""

    name: str
    taken: Metric
    """Share of the wrong choices, `n` of them; the interval knows which were made on the same item."""
    expected: Share
    """The share, had models taken any wrong option of those items alike."""


class Distractor(Record):
    """A wrong option that models took."""

    item_id: str
    subtask: str
    construction: str
    letter: str
    text: str
    models: tuple[str, ...]
    """Those that took it at least once."""
    failing: int
    """Models that took any wrong option of the item."""


class ErrorAnalysis(Record):
    """Where models fail. Baselines are left out."""

    models: int
    groups: tuple[FailureGroup, ...]
    """Subtasks, then constructions, then kinds of evidence; in each, those that cost most first."""
    traits: tuple[DistractorTrait, ...]
    """Those farthest from what blind picking gives first."""
    distractors: tuple[Distractor, ...]
    """Those most models took first."""

    @property
    def favoured(self) -> tuple[DistractorTrait, ...]:
        """Traits whose wrong options are taken more than blind picking gives, beyond the interval."""
        return tuple(each for each in self.traits if each.taken.low is not None and each.taken.low > each.expected)


class Consistency(Record):
    """Scores along one family of models. Passes on broken sets too: see `quality/consistency.py`."""

    family: str
    scores: tuple[Metric, ...]
    """From small to large, `name` the model."""
    steps: tuple[Metric, ...]
    """Gain of each model over the next smaller one."""
    falls: int
    """Steps where the larger model scores lower."""
    sure_falls: int
    """Of these, steps whose interval lies under 0."""
    rising: Metric
    """Share of the draws of other items in which every step rises."""
    slope: Metric
    """Gain for each doubling of the size."""


class SubtaskQuality(Record):
    subtask: str
    items: int
    metrics: tuple[Metric, ...]
    warnings: tuple[str, ...] = ()


class SubtaskVariety(Record):
    subtask: str
    items: int
    planned: int
    metrics: tuple[Metric, ...]


class Variety(Record):
    """How various the items are and what they cover, whatever models make of them."""

    items: int
    metrics: tuple[Metric, ...]
    subtasks: tuple[SubtaskVariety, ...]
    near_duplicates: tuple[tuple[str, str], ...]
    """Pairs of ids."""
    warnings: tuple[str, ...] = ()


class QualityReport(Record):
    """How good a benchmark is, as far as its runs can say."""

    models: int
    """Baselines not counted."""
    items: int
    sources: int
    """Clusters of items that share a source."""
    seed: int
    metrics: tuple[Metric, ...]
    standings: tuple[Standing, ...]
    """Best first, baselines last."""
    groups: tuple[tuple[str, ...], ...]
    """Models that cannot be told apart, best group first; a model can be in several."""
    comparisons: tuple[Comparison, ...]
    subtasks: tuple[SubtaskQuality, ...]
    item_figures: tuple[ItemQuality, ...]
    suspects: tuple[Suspect, ...]
    suspects_note: str = ""
    """How items came among the suspects, and how much that says."""
    redundant: tuple[tuple[str, str], ...]
    """Pairs of items whose replies go together beyond chance."""
    consistency: tuple[Consistency, ...] = ()
    errors: ErrorAnalysis | None = None
    """None where only scores are known, not replies."""
    variety: Variety | None = None
    """None where only scores are known, not items."""
    warnings: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    """What these figures do not show."""

    def metric(self, name: str) -> Metric:
        """The set-level figure of that name.

        Raises:
            KeyError: no such figure.
        """
        return {metric.name: metric for metric in self.metrics}[name]
