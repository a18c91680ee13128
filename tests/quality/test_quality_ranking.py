"""Reliability, ranks, groups, stability and consistency."""

import math

import numpy as np
import pytest
from scipy import stats

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import Floats, bootstrap_means, codes_of
from benchmark_agent.quality.consistency import along_family
from benchmark_agent.quality.paired import all_pairs, holm
from benchmark_agent.quality.ranking import (
    apart_by_intervals,
    better_than,
    groups_of,
    kendall,
    rank_bounds,
    rank_intervals,
    rank_stability,
    ranks_of,
    separability,
    spearman_bounds,
    subtask_agreement,
)
from benchmark_agent.quality.reliability import alpha, error_of_measurement, split_half
from benchmark_agent.quality.types import Family


def world(models: int, items: int, spread: float, seed: int = 0) -> Floats:
    random = np.random.default_rng(seed)
    ability, difficulty = random.normal(0, spread, models), random.normal(0, 1, items)
    chance = 1 / (1 + np.exp(difficulty - ability[:, None]))
    return (random.random((models, items)) < chance).astype(float)


def test_kr20_by_hand() -> None:
    """Four models, three items, totals 3, 2, 1, 0 (variance 5/3), items' variances 0.25, 1/3, 0.25 as samples.

    3/2 (1 - (0.25 + 1/3 + 0.25) / (5/3)) = 3/2 (1 - 0.5) = 0.75.
    """
    scores = np.array([[1.0, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert alpha(scores).value == pytest.approx(0.75)


def test_feldts_interval_holds_the_true_reliability() -> None:
    """Parallel normal parts of reliability .75: k = 12 parts of signal 1 and noise variance 4."""
    random = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        scores = random.normal(0, 1, (30, 1)) + random.normal(0, 2, (30, 12))
        found = alpha(1 / (1 + np.exp(-scores * 0.05)))  # nearly linear into 0-1
        held += found.low <= 0.75 <= found.high
    assert held / 400 == pytest.approx(0.95, abs=0.035)


def test_split_half_is_alpha_where_items_are_alike() -> None:
    scores = world(30, 400, 1.0)
    assert split_half(scores).value == pytest.approx(alpha(scores).value, abs=0.01)
    assert split_half(scores, seed=1) == split_half(scores, seed=1)


def test_split_half_keeps_copies_together() -> None:
    """Every item of pure noise asked five times: alpha sees agreement, sources kept whole show there is none."""
    noise = np.random.default_rng(1).integers(0, 2, (20, 40)).astype(float)
    copies = np.repeat(noise, 5, axis=1)
    assert alpha(copies).value > 0.7
    assert split_half(copies).value > 0.7
    assert split_half(copies, np.repeat(np.arange(40), 5)).value < 0.5


def test_reliability_without_spread_or_models_is_unknown() -> None:
    for scores in (np.ones((4, 6)), np.array([[1.0, 0, 1]]), np.array([[1.0], [0.0]])):
        assert math.isnan(alpha(scores).value)
        assert math.isnan(split_half(scores).value)
    assert error_of_measurement(world(10, 50, 1), 1.0) == 0.0


def test_ranks_and_their_bounds_by_hand() -> None:
    assert ranks_of(np.array([0.5, 0.9, 0.5, math.nan])).tolist() == [2, 1, 2, 4]
    better = np.zeros((3, 3), dtype=bool)
    better[0, 2] = True
    low, high = rank_bounds(better)
    assert (low.tolist(), high.tolist()) == ([1, 1, 2], [2, 3, 3])


def test_groups_by_hand() -> None:
    """Only the first and the last are told apart: two groups that share the middle."""
    better = np.zeros((3, 3), dtype=bool)
    better[0, 2] = True
    assert groups_of(better, np.array([0, 1, 2])) == ((0, 1), (1, 2))
    assert groups_of(np.zeros((3, 3), dtype=bool), np.array([2, 0, 1])) == ((2, 0, 1),)
    assert groups_of(np.triu(np.ones((3, 3), dtype=bool), 1), np.array([0, 1, 2])) == ((0,), (1,), (2,))


def test_groups_hold_every_pair_not_told_apart_and_no_other() -> None:
    scores = world(12, 150, 0.7)
    pairs = all_pairs(scores)
    better = better_than(pairs, holm(pairs.p), 12)
    groups = groups_of(better, np.argsort(-scores.mean(axis=1)))
    together = {frozenset((a, b)) for group in groups for a in group for b in group if a != b}
    alike = {frozenset((a, b)) for a in range(12) for b in range(12) if a != b and not (better | better.T)[a, b]}
    assert together == alike
    assert all(not set(one) < set(two) for one in groups for two in groups)


def test_equal_models_are_seldom_ranked_surely() -> None:
    """Six equal models, 200 leaderboards: Holm keeps all ranks open in 95 % of them or more."""
    random = np.random.default_rng(0)
    open_boards = 0
    for _ in range(200):
        pairs = all_pairs((random.random((6, 100)) < 0.7).astype(float))
        open_boards += not better_than(pairs, holm(pairs.p), 6).any()
    assert open_boards >= 186


def test_rank_intervals_widen_with_fewer_items() -> None:
    scores = world(10, 800, 0.5)
    wide = rank_intervals(bootstrap_means(scores[:, :80], codes_of(None, 80), 0))
    narrow = rank_intervals(bootstrap_means(scores, codes_of(None, 800), 0))
    assert (wide[1] - wide[0]).sum() > (narrow[1] - narrow[0]).sum() + 5


def test_kendall_is_scipys() -> None:
    random = np.random.default_rng(0)
    reference, others = random.integers(0, 5, 9).astype(float), random.integers(0, 5, (6, 9)).astype(float)
    expected = [stats.kendalltau(reference, row).statistic for row in others]
    np.testing.assert_allclose(kendall(reference, others), expected)
    assert np.isnan(kendall(np.ones(4), np.ones((1, 4)))).all()


def test_more_items_are_more_stable() -> None:
    scores = world(10, 800, 0.5)
    few, many = rank_stability(scores[:, :60]), rank_stability(scores)
    assert few.value < many.value <= 1
    assert few.low <= few.value <= few.high


def test_subtask_agreement_is_scipys_spearman() -> None:
    means = np.random.default_rng(0).integers(0, 6, (15, 3)) / 6
    table = subtask_agreement(means)
    for one in range(3):
        for two in range(3):
            assert table[one, two] == pytest.approx(stats.spearmanr(means[:, one], means[:, two]).statistic)
    assert spearman_bounds(0.9, 4) == (-1.0, 1.0)
    low, high = spearman_bounds(0.5, 28)  # tanh(0.549306 +- 1.959964 sqrt(1.125 / 25))
    assert (low, high) == pytest.approx((0.1327, 0.7465), abs=1e-4)


def test_separability_counts_pairs() -> None:
    assert separability([0.01, 0.2, math.nan, 0.04]) == pytest.approx(2 / 3)
    assert math.isnan(separability([]))
    assert apart_by_intervals(np.array([0.1, 0.3, 0.15]), np.array([0.2, 0.4, 0.35])) == pytest.approx(1 / 3)


FAMILY = Family(name="ladder", models=("a", "b", "c"), sizes=(1, 2, 8))


def test_a_family_by_hand() -> None:
    """Scores .2, .4, .3 at 0, 1 and 3 doublings.

    Centred doublings -4/3, -1/3, 5/3 (squares sum to 42/9); products -.8/3 - .4/3 + 1.5/3 = .1; slope .1 * 9/42.
    """
    scores = np.zeros((3, 100))
    for model, right in enumerate((20, 40, 30)):
        scores[model, :right] = 1
    found = along_family(scores, codes_of(None, 100), FAMILY)
    assert found.slope.value == pytest.approx(0.1 * 9 / 42, abs=1e-6)
    assert found.falls == 1
    assert [step.value for step in found.steps] == pytest.approx([0.2, -0.1])
    assert found.sure_falls == 1


def test_a_family_passes_on_a_broken_set() -> None:
    """Why it proves nothing: with three items in ten broken the ladder still rises."""
    random = np.random.default_rng(0)
    family = Family(name="ladder", models=tuple("abcde"), sizes=(1, 3, 9, 27, 81))
    rising = 0
    for _ in range(20):
        chance = np.tile(np.linspace(0.45, 0.85, 5)[:, None], (1, 1000))
        chance[:, :300] = 0.25  # no model can know
        scores = (random.random((5, 1000)) < chance).astype(float)
        rising += along_family(scores, codes_of(None, 1000), family, draws=50).falls == 0
    assert rising >= 18


def test_sizes_that_do_not_rise_are_refused() -> None:
    with pytest.raises(UserError, match="do not rise"):
        along_family(np.ones((2, 3)), codes_of(None, 3), Family(name="x", models=("a", "b"), sizes=(7, 7)))
    with pytest.raises(UserError, match="one size a model"):
        along_family(np.ones((2, 3)), codes_of(None, 3), Family(name="x", models=("a", "b"), sizes=(7,)))
