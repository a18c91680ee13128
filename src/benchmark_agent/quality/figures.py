"""From numbers to `Metric` records: what is not a number becomes None."""

import math

from benchmark_agent.quality.intervals import Estimate
from benchmark_agent.quality.types import Metric


def number(value: float) -> float | None:
    """`value` rounded to 6 places, or None when it is NaN or infinite."""
    return round(float(value), 6) if math.isfinite(value) else None


def metric(name: str, estimate: Estimate, note: str = "") -> Metric:
    """An estimate as a record, `n` its items."""
    value, low, high = number(estimate.value), number(estimate.low), number(estimate.high)
    return Metric(name=name, value=value, low=low, high=high, n=estimate.n, note=note)


def figure(name: str, value: float, n: int, note: str = "") -> Metric:
    """A figure without an interval."""
    return Metric(name=name, value=number(value), n=n, note=note)
