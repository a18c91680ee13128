"""Do 95 % intervals hold the truth in 95 % of simulated sets? `bench/bench_statistics.py` has the full table."""

import numpy as np
import pytest

from benchmark_agent.quality.arrays import Floats, Ints
from benchmark_agent.quality.intervals import mean_intervals
from benchmark_agent.quality.paired import differences

RUNS = 6000


def sourced(random: np.random.Generator, items: int, size: int, mean: float, icc: float) -> tuple[Floats, Ints]:
    """0/1 scores (runs, items), each source's chance Beta distributed so that its items correlate by `icc`."""
    total = 1 / icc - 1
    chance = random.beta(mean * total, (1 - mean) * total, (RUNS, items // size)).repeat(size, axis=1)
    return (random.random((RUNS, items)) < chance).astype(float), np.repeat(np.arange(items // size), size)


def held(scores: Floats, codes: Ints | None, truth: float) -> float:
    found = mean_intervals(scores, codes)
    return float(((found.low <= truth) & (truth <= found.high)).mean())


@pytest.mark.parametrize(("items", "mean"), [(50, 0.6), (100, 0.5), (300, 0.8), (300, 0.93)])
def test_intervals_of_unrelated_items_hold(items: int, mean: float) -> None:
    random = np.random.default_rng(items)
    spots = np.linspace(mean - 0.03, mean + 0.03, 6)  # no one lucky place on the lattice of k / n
    rates = [held((random.random((RUNS // 6, items)) < spot).astype(float), None, spot) for spot in spots]
    assert np.mean(rates) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize(("items", "mean"), [(50, 0.5), (50, 0.9), (300, 0.8)])
def test_intervals_of_graded_scores_hold(items: int, mean: float) -> None:
    scores = np.random.default_rng(items).beta(mean, 1 - mean, (RUNS, items))
    assert held(scores, None, mean) == pytest.approx(0.95, abs=0.012)


@pytest.mark.parametrize(
    ("items", "size", "mean", "icc"),
    [(100, 5, 0.5, 0.3), (300, 5, 0.8, 0.3), (300, 10, 0.5, 0.3), (1000, 10, 0.8, 0.3)],
)
def test_intervals_of_items_that_share_a_source_hold(items: int, size: int, mean: float, icc: float) -> None:
    scores, codes = sourced(np.random.default_rng(items), items, size, mean, icc)
    assert held(scores, codes, mean) == pytest.approx(0.95, abs=0.012)
    assert held(scores, None, mean) < 0.9, "taking such items as unrelated should be seen to fail"


def test_near_the_end_with_few_sources_the_interval_errs_on_the_wide_side() -> None:
    scores, codes = sourced(np.random.default_rng(5), 300, 10, 0.95, 0.3)
    assert 0.95 < held(scores, codes, 0.95) < 0.99


@pytest.mark.parametrize(("items", "size", "gap"), [(300, 1, 0.0), (300, 1, 0.1), (300, 5, 0.0), (1000, 10, 0.1)])
def test_paired_intervals_hold_and_tests_call_no_more_than_five_in_a_hundred(items: int, size: int, gap: float) -> None:
    random = np.random.default_rng(items + size)
    fate, alone = random.random((RUNS, items // size)).repeat(size, axis=1), random.random((RUNS, items))
    luck = np.where(random.random((RUNS, items)) < 0.4, fate, alone) if size > 1 else alone
    gaps = (luck < 0.15 + gap / 2).astype(float) - ((luck >= 0.15 + gap / 2) & (luck < 0.3))
    found = differences(gaps, np.repeat(np.arange(items // size), size))
    inside = (found.estimates.low <= gap) & (gap <= found.estimates.high)
    assert inside.mean() == pytest.approx(0.95, abs=0.012)
    if gap == 0:
        assert (found.p < 0.05).mean() < 0.056
