"""Intervals of scores against scipy, textbook formulas and hand-computed values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import bootstrap_means, codes_of, moments, totals
from benchmark_agent.quality.intervals import (
    bootstrap_interval,
    design_effect,
    mean_interval,
    mean_intervals,
    wilson,
)


@pytest.mark.parametrize(("right", "n"), [(0, 5), (3, 5), (5, 5), (97, 100), (1, 1), (485, 500)])
def test_wilson_is_scipys(right: int, n: int) -> None:
    ours, theirs = wilson(right, n), stats.binomtest(right, n).proportion_ci(method="wilson")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert ours.value == right / n


def test_wilson_of_the_published_example() -> None:
    """81 of 263: Newcombe 1998, Stat. Med. 17, table I, gives 0.2553 to 0.3662."""
    found = wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


def test_nothing_run_is_unknown_not_zero() -> None:
    for found in (wilson(0, 0), mean_interval([math.nan, math.nan])):
        assert math.isnan(found.value)
        assert (found.low, found.high, found.n) == (0.0, 1.0, 0)


def test_more_right_than_replies_is_refused() -> None:
    with pytest.raises(UserError, match="6 right of 5"):
        wilson(6, 5)


def test_a_percentage_is_refused() -> None:
    with pytest.raises(UserError, match="a score is 85"):
        mean_interval([85.0, 90.0])


def test_unrelated_right_and_wrong_is_wilson() -> None:
    scores = [1.0] * 8 + [0.0] * 2
    found, expected = mean_interval(scores), wilson(8, 10)
    assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))


def test_the_clustered_error_is_the_hand_computed_one() -> None:
    """Two sources of two and one of four: residual sums 1.0, -1.0 and 0; mean 0.5.

    CR2: (1^2 / (1 - 2/8) + 1^2 / (1 - 2/8)) / 8^2 = (8/3) / 64 = 1/24.
    Freedom: n^2 / (sum n_c^2 + sum over pairs of a_c a_d n_c^2 n_d^2 / n^2), a = 4/3, 4/3, 2:
    squares 4 + 4 + 16 = 24; pairs 2 (16/9 * 16 + 2 * (8/3) * 64) / 64 = 2 (28.4444 + 341.3333) / 64 = 11.5556.
    """
    scores = np.array([[1.0, 1, 0, 0, 1, 0, 1, 0]])
    found = moments(*totals(scores, np.array([0, 0, 1, 1, 2, 2, 2, 2])))
    assert found.error[0] ** 2 == pytest.approx(1 / 24)
    assert found.freedom[0] == pytest.approx(64 / (24 + 11.555556), rel=1e-6)


def test_unclustered_moments_are_the_textbook_ones() -> None:
    scores = np.random.default_rng(0).random((3, 40))
    found = moments(*totals(scores, codes_of(None, 40)))
    np.testing.assert_allclose(found.error, stats.sem(scores, axis=1))
    np.testing.assert_allclose(found.freedom, 39)


def test_equal_clusters_are_a_t_test_of_their_means() -> None:
    scores = np.random.default_rng(1).random((1, 60))
    found = moments(*totals(scores, np.repeat(np.arange(12), 5)))
    means = scores.reshape(12, 5).mean(axis=1)
    assert found.error[0] == pytest.approx(stats.sem(means))
    assert found.freedom[0] == pytest.approx(11)


def test_cluster_numbers_and_item_order_do_not_matter() -> None:
    random = np.random.default_rng(2)
    scores, clusters = random.integers(0, 2, 50).astype(float), random.integers(0, 9, 50)
    order = random.permutation(50)
    one, two = mean_interval(scores, clusters), mean_interval(scores[order], 1000 - 7 * clusters[order])
    assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high))


def test_copies_of_one_reply_are_worth_one_reply() -> None:
    """Ten sources, each asked five times with one fate: the interval is as wide as from about ten replies."""
    fates = np.array([1.0, 1, 1, 0, 1, 0, 1, 1, 0, 1])
    copied = mean_interval(np.repeat(fates, 5), np.repeat(np.arange(10), 5))
    naive, honest = mean_interval(np.repeat(fates, 5)), mean_interval(fates)
    assert copied.high - copied.low > 1.8 * (naive.high - naive.low)
    assert copied.high - copied.low == pytest.approx(honest.high - honest.low, rel=0.15)
    assert design_effect([np.repeat(fates, 5)], np.repeat(np.arange(10), 5))[0] == pytest.approx(5 * 49 / 45, rel=1e-6)


def test_all_right_is_not_certain() -> None:
    shared = mean_interval(np.ones(40), np.repeat(np.arange(8), 5))
    alone = mean_interval(np.ones(40))
    assert shared.high == alone.high == 1
    assert 0.6 < shared.low < alone.low < 1
    graded = mean_interval(np.full(40, 0.5))
    assert graded.low < 0.5 < graded.high


def test_one_source_says_nothing() -> None:
    found = mean_interval([1.0, 0, 1], [4, 4, 4])
    assert (found.low, found.high, found.clusters) == (0.0, 1.0, 1)


def test_cells_not_run_are_left_out() -> None:
    scores = np.array([[1.0, math.nan, 0, 1, math.nan, 1], [1, 1, 1, 0, 0, 0]])
    clusters = np.array([0, 0, 1, 1, 2, 3])
    both, alone = mean_intervals(scores, clusters), mean_interval([1.0, 0, 1, 1], [0, 1, 1, 3])
    assert (both.n[0], both.clusters[0]) == (4, 3)
    assert (both.low[0], both.high[0]) == pytest.approx((alone.low, alone.high))


def test_bootstrap_and_formula_agree_in_the_middle() -> None:
    random = np.random.default_rng(3)
    chances = np.repeat(random.beta(2, 2, 100), 4)
    scores, clusters = (random.random(400) < chances).astype(float), np.repeat(np.arange(100), 4)
    drawn, computed = bootstrap_interval(scores, clusters, seed=1), mean_interval(scores, clusters)
    assert (drawn.low, drawn.high) == pytest.approx((computed.low, computed.high), abs=0.012)


def test_bootstrap_is_the_same_every_time_and_differs_by_seed() -> None:
    scores = np.random.default_rng(4).integers(0, 2, (2, 30)).astype(float)
    codes = codes_of(None, 30)
    np.testing.assert_array_equal(bootstrap_means(scores, codes, 7), bootstrap_means(scores, codes, 7))
    assert (bootstrap_means(scores, codes, 7) != bootstrap_means(scores, codes, 8)).any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=30))
def test_an_interval_holds_its_score_and_stays_in_range(cells: list[tuple[float, int]]) -> None:
    scores, clusters = [cell[0] for cell in cells], [cell[1] for cell in cells]
    found = mean_interval(scores, clusters)
    assert 0 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1
