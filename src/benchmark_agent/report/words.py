"""Numbers, figures and outcomes in words a newcomer can read."""

from math import ceil
from unicodedata import category

from benchmark_agent.quality.types import Metric

FIGURES = {
    "detectable_gap": (
        "Smallest gap that shows",
        "two models must differ by this much to be told apart in 4 of 5 cases",
    ),
    "separability": ("Pairs told apart", "share of the pairs of models a paired test tells apart"),
    "reliability": ("Reliability", "would other such items order these models alike? 1: surely, 0: by chance"),
    "rank_stability": ("Ranking holds", "how alike rankings on redrawn items are, -1 to 1"),
    "headroom": ("Room at the top", "what the best model leaves to be gained"),
    "above_baseline": ("Best model above the floor", "over the best rule that reads no evidence"),
    "choices_only_gap": ("Given away by the options", "what reading only the options gains over chance; should be 0"),
    "against_key": ("Outvoted answers", "share of items on which models agree on another answer"),
    "separability_strict": ("Pairs surely told apart", "share of pairs told apart, corrected for testing many of them"),
    "separability_intervals": ("Pairs with gaps between", "share of pairs whose intervals do not overlap; rougher"),
    "split_half": ("Halves agree", "one half of the items orders the models as the other does"),
    "passed_by_all": ("Passed by every model", "such items tell nothing about these models"),
    "missed_by_all": ("Missed by every model", "too hard, or wrong: look at them"),
    "above_chance": ("Best model above chance", "over a blind guess"),
    "at_chance": ("Models at chance", "share of models no better than a blind guess"),
    "discrimination": ("Items agree with the rest", "does who passes an item also score high elsewhere? -1 to 1"),
    "against_the_rest": ("Items against the rest", "share of items that better models miss more often"),
    "functioning_distractors": ("Wrong options that work", "share of wrong options that some model takes"),
    "subtask_agreement": ("Subtasks agree", "subtasks order the models alike, -1 to 1"),
    "redundancy": ("Redundant items", "share of items whose replies repeat another's"),
    "error_of_measurement": ("Error of a score", "standard error of one model's score"),
    "discordance": ("Neighbours differ on", "share of items only one of two neighbouring models has right"),
    "design_effect": ("Cost of shared sources", "by how much items of one source widen intervals; 1: not at all"),
    "design_effect_scores": ("The same for a score", "by how much items of one source widen a score's interval"),
}
"""Title and meaning of each set-level figure, in the order they are shown."""
VARIETY = {
    "vendi": ("Items it is worth", "so many items that share nothing would be as various"),
    "similarity": ("Likeness of items", "0: two items share no word, picture or sound; 1: all are the same"),
    "near_duplicates": ("Near-duplicates", "share of items that nearly repeat another; should be 0"),
    "lexical_diversity": ("Words of the questions", "how many of 42 words drawn from them differ"),
    "effective_wordings": ("Wordings", "ways to ask, numbers and names left out, as if equally common"),
    "effective_constructions": ("Constructions", "ways in which items are made, as if equally common"),
    "effective_datasets": ("Datasets", "where items come from, as if equally common"),
    "distinct_rows": ("Rows used once", "different source rows an item"),
    "distinct_media": ("Media used once", "different pictures and sounds a use"),
    "planned_items": ("Items delivered", "of those planned"),
    "filled_subtasks": ("Subtasks filled", "share that got every item planned"),
}
"""The same for the figures of the items alone."""
FIRST = 8
"""Figures that are shown at once; the others are folded."""
_SHARES = frozenset(
    "detectable_gap separability separability_strict separability_intervals headroom passed_by_all missed_by_all "
    "above_baseline above_chance at_chance choices_only_gap against_the_rest against_key functioning_distractors "
    "redundancy error_of_measurement discordance near_duplicates lexical_diversity distinct_rows distinct_media "
    "planned_items filled_subtasks".split()
)
_KEPT = "\n\t\u200c\u200d"
"""Not printable, but part of how a text is written: line breaks, and the joiners of several scripts."""
BANDS = ("none", "to 25 %", "to 50 %", "to 75 %", "to 99 %", "all")
"""How many models are right on an item."""


def readable(text: str) -> str:
    """A text without the characters that are not for reading, such as those that turn the direction of a line."""
    return "".join(sign for sign in text if sign.isprintable() or sign in _KEPT or category(sign) == "Zs")


def percent(value: float | None, places: int = 0) -> str:
    return "not known" if value is None else f"{100 * value:.{places}f}\u00a0%"


def interval(metric: Metric) -> str:
    """`72 to 83 %`, or nothing where there is no interval."""
    if metric.low is None or metric.high is None:
        return ""
    return f"{100 * metric.low:.0f} to {100 * metric.high:.0f}\u00a0%"


def figure(metric: Metric) -> str:
    """The value of a set-level figure, shares as percent."""
    if metric.value is None:
        return "not known"
    return percent(metric.value, 1) if metric.name in _SHARES else f"{metric.value:.2f}"


def figure_interval(metric: Metric) -> str:
    """Its interval, in the same units."""
    if metric.low is None or metric.high is None:
        return ""
    if metric.name in _SHARES:
        return f"{100 * metric.low:.1f} to {100 * metric.high:.1f}\u00a0%"
    return f"{metric.low:.2f} to {metric.high:.2f}"


def money(dollars: float | None) -> str:
    """Dollars, small sums with more places."""
    if dollars is None:
        return "not known"
    return f"${dollars:,.2f}" if dollars >= 1 or dollars == 0 else f"${dollars:.4f}"


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "not known"
    if seconds < 120:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def band(right: float) -> int:
    """Place in `BANDS` of a share right, 0-1."""
    if right <= 0:
        return 0
    return 5 if right >= 1 else min(4, ceil(right * 4))


def plural(n: int, name: str) -> str:
    return f"{n:,} {name}" if n == 1 else f"{n:,} {name}s"
