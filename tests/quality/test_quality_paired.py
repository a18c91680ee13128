"""Paired differences, tests and corrections against scipy and hand-computed values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmark_agent.errors import UserError
from benchmark_agent.quality.paired import (
    all_pairs,
    benjamini_hochberg,
    bootstrap_difference,
    holm,
    mcnemar,
    paired_difference,
)


@pytest.mark.parametrize(("won", "lost"), [(10, 2), (3, 3), (0, 1), (0, 6), (40, 61)])
def test_mcnemar_is_the_binomial_test(won: int, lost: int) -> None:
    assert mcnemar(won, lost) == pytest.approx(stats.binomtest(won, won + lost).pvalue)


def test_mcnemar_by_hand() -> None:
    """Six to none: 2 / 2^6."""
    assert mcnemar(6, 0) == pytest.approx(2 / 64)
    assert mcnemar(0, 0) == 1.0


def test_a_pair_of_models_by_hand() -> None:
    """Ten items, three only the first has right, one only the second: Bonett and Price by hand.

    (4 - 2) / 12 = 1/6; sum of squares 4 + 2 = 6; variance (6 - 12/36) / 12 / 11 = 0.0429293; z 1.959964.
    """
    first = np.array([1.0, 1, 1, 0, 1, 1, 0, 0, 0, 1])
    second = np.array([0.0, 0, 0, 1, 1, 1, 0, 0, 0, 1])
    found, p = paired_difference(first, second)
    assert found.value == pytest.approx(0.2)
    half = 1.959964 * math.sqrt(0.0429293)
    assert (found.low, found.high) == pytest.approx((1 / 6 - half, 1 / 6 + half), abs=1e-5)
    assert p == pytest.approx(stats.binomtest(3, 4).pvalue)


def test_graded_scores_are_a_paired_t_test() -> None:
    random = np.random.default_rng(0)
    first, second = random.random(40), random.random(40)
    found, p = paired_difference(first, second)
    expected = stats.ttest_rel(first, second)
    interval = expected.confidence_interval()
    assert p == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_shared_sources_weaken_a_difference() -> None:
    """Every source won or lost as a whole: 40 items are not 40 witnesses."""
    gains = np.repeat([1.0, 1, 1, 0, 1, 1, 0, 1], 5)
    clusters = np.repeat(np.arange(8), 5)
    _, alone = paired_difference(gains, np.zeros(40))
    _, shared = paired_difference(gains, np.zeros(40), clusters)
    assert alone < 1e-8
    assert 1e-3 < shared < 0.05


def test_equal_replies_are_not_certainly_equal() -> None:
    same = np.array([1.0, 0, 1, 1, 0] * 4)
    found, p = paired_difference(same, same)
    assert p == 1
    assert found.low < -0.05 < 0 < 0.05 < found.high
    graded, q = paired_difference(same * 0.5, same * 0.5)
    assert q == 1
    assert graded.low < -0.05 < 0.05 < graded.high
    steady, r = paired_difference(same * 0.25 + 0.5, same * 0.25 + 0.25)
    assert steady.value == pytest.approx(0.25)
    assert (steady.low, steady.high) == pytest.approx((0.25 - 3 / 20, 0.25 + 3 / 20))
    assert r == pytest.approx(2 * 0.5**20)


def test_only_items_both_ran_are_compared() -> None:
    first = np.array([1.0, math.nan, 1, 0, 1])
    second = np.array([0.0, 1, math.nan, 0, 0])
    pairs = all_pairs([first, second, np.full(5, math.nan)])
    assert (pairs.difference.n[0], pairs.only_first[0], pairs.only_second[0]) == (3, 2, 0)
    assert math.isnan(pairs.p[1])
    assert math.isnan(pairs.p[2])


def test_pairs_are_first_before_second_and_mirror() -> None:
    scores = np.random.default_rng(1).integers(0, 2, (4, 30)).astype(float)
    pairs = all_pairs(scores)
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == [
        (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3),
    ]  # fmt: skip
    turned = all_pairs(scores[::-1])
    mirrored = [5, 4, 2, 3, 1, 0]  # (0, 1) is (3, 2) of the turned rows, and so on
    np.testing.assert_allclose(turned.difference.value[mirrored], -pairs.difference.value)
    np.testing.assert_allclose(turned.p[mirrored], pairs.p)


def test_one_model_has_no_pairs() -> None:
    pairs = all_pairs([[1.0, 0.0]])
    assert pairs.first.size == pairs.p.size == 0


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(UserError, match="2 scores against 3"):
        paired_difference([1, 0], [1, 0, 1])


def test_bootstrap_and_t_agree() -> None:
    random = np.random.default_rng(5)
    clusters = np.repeat(np.arange(80), 5)
    first = (random.random(400) < 0.7).astype(float)
    second = (random.random(400) < 0.6).astype(float)
    drawn, (computed, _) = bootstrap_difference(first, second, clusters), paired_difference(first, second, clusters)
    assert (drawn.low, drawn.high) == pytest.approx((computed.low, computed.high), abs=0.012)


def test_holm_by_hand() -> None:
    """0.01 * 4; 0.02 * 3; then 0.03 * 2 under it is lifted to 0.06; 0.04 likewise."""
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.01, math.nan, 0.9])[[0, 2]] == pytest.approx([0.02, 0.9])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=25))
def test_benjamini_hochberg_is_scipys_and_holm_is_stricter(p: list[float]) -> None:
    loose = benjamini_hochberg(p)
    np.testing.assert_allclose(loose, stats.false_discovery_control(p))
    assert (holm(p) >= loose - 1e-12).all()


def test_missing_p_values_do_not_count_as_tests() -> None:
    found = benjamini_hochberg([0.01, math.nan, 0.04])
    assert found[[0, 2]] == pytest.approx([0.02, 0.04])
    assert math.isnan(found[1])
