"""Scorers that need no model. `open` answers are graded by a judge (`evaluation.judge`)."""

from benchmark_agent.answers import Scorer
from benchmark_agent.evaluation.scorers.boxes import Boxed
from benchmark_agent.evaluation.scorers.choice import Choice, MultiChoice
from benchmark_agent.evaluation.scorers.lists import Listed, Ordered
from benchmark_agent.evaluation.scorers.number import Number
from benchmark_agent.evaluation.scorers.spans import Binary, Label, Span
from benchmark_agent.evaluation.scorers.transcripts import Transcript

OF_KINDS: tuple[Scorer, ...] = (Choice(), MultiChoice(), Binary(), Label(), Span(), Number())
"""Each named as the answer kind it scores: the scorer an item has unless it names another."""
BY_NAME: tuple[Scorer, ...] = (Listed(), Ordered(), Boxed(), Transcript())
"""For items that name one."""
SCORERS = (*OF_KINDS, *BY_NAME)
