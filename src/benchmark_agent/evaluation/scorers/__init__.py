"""One scorer for each answer kind that code can judge. `open` answers need a rubric and a judge."""

from benchmark_agent.answers import Scorer
from benchmark_agent.evaluation.scorers.choice import Choice, MultiChoice
from benchmark_agent.evaluation.scorers.number import Number
from benchmark_agent.evaluation.scorers.spans import Binary, Label, Span

SCORERS: tuple[Scorer, ...] = (Choice(), MultiChoice(), Binary(), Label(), Span(), Number())
"""Each named as the answer kind it scores: the scorer an item has unless it names another."""
