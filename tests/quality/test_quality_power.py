"""Power: computed against simulated, and against published sizes."""

import math

import numpy as np
import pytest

from benchmark_agent.errors import UserError
from benchmark_agent.quality.paired import mcnemar
from benchmark_agent.quality.power import detectable_gap, discordance_of, exact_power, power_of, size_needed


@pytest.mark.parametrize(("gap", "discordance"), [(0.05, 0.2), (0.1, 0.3), (0.2, 0.4)])
def test_simulated_power_is_the_computed_one(gap: float, discordance: float) -> None:
    n = size_needed(gap, discordance)
    shares = [(discordance + gap) / 2, (discordance - gap) / 2, 1 - discordance]
    counts = np.random.default_rng(0).multinomial(n, shares, size=40_000)
    simulated = (mcnemar(counts[:, 0], counts[:, 1]) < 0.05).mean()
    assert simulated == pytest.approx(exact_power(n, gap, discordance), abs=0.008)
    assert simulated == pytest.approx(power_of(n, gap, discordance), abs=0.02)
    assert simulated == pytest.approx(0.8, abs=0.02)


def test_exact_power_by_hand() -> None:
    """Six items, all discordant, all won with 3/4: rejected at 0 or 6 won only (2 / 64 < 0.05)."""
    assert exact_power(6, 0.5, 1.0) == pytest.approx(0.75**6 + 0.25**6)
    assert exact_power(5, 0.5, 1.0) == pytest.approx(0.0)
    assert exact_power(50, 0.0, 0.0) == 0.0


def test_size_by_connors_formula() -> None:
    """Gap 0.1, discordance 0.3: ((1.959964 sqrt .3 + .841621 sqrt .29) / .1)^2 = 233.02; and 1 / gap."""
    assert size_needed(0.1, 0.3) == math.ceil(233.02 + 10)
    assert size_needed(0.1, 0.3, design_effect=2.2) == math.ceil(2.2 * 243.02)


@pytest.mark.parametrize(
    ("score", "agreement", "points"),
    [(0.6, 0.3, (16.2, 11.5, 9.4, 7.3, 5.1, 3.6, 2.3)), (0.9, 0.5, (8.4, 5.9, 4.9, 3.8, 2.7, 1.9, 1.2))],
)
def test_detectable_gaps_are_those_of_the_simple_formula(
    score: float, agreement: float, points: tuple[float, ...]
) -> None:
    """(z.975 + z.8) sqrt(2 p (1 - p) (1 - rho) / n), which leaves out the correction: within half a point."""
    discordance = discordance_of(score, agreement)
    for n, expected in zip((100, 200, 300, 500, 1000, 2000, 5000), points, strict=True):
        assert 100 * detectable_gap(n, discordance) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("n", [80, 400, 3000])
@pytest.mark.parametrize("design", [1.0, 2.2])
def test_the_detectable_gap_needs_its_size(n: int, design: float) -> None:
    gap = detectable_gap(n, 0.3, design_effect=design)
    assert size_needed(gap, 0.3, design_effect=design) == pytest.approx(n, rel=0.02)
    assert power_of(n, gap, 0.3, design_effect=design) == pytest.approx(0.8, abs=0.005)


def test_too_few_items_show_nothing() -> None:
    assert math.isnan(detectable_gap(50, 0.09))
    assert math.isnan(detectable_gap(0, 0.3))
    assert math.isnan(detectable_gap(100, 0.0))


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UserError, match=r"gap of 0\.4 with a discordance of 0\.3"):
        size_needed(0.4, 0.3)
    with pytest.raises(UserError, match="gap of 0"):
        size_needed(0.0, 0.3)
    with pytest.raises(UserError, match=r"discordance of 1\.2"):
        detectable_gap(100, 1.2)


def test_no_gap_is_found_as_often_as_chance() -> None:
    assert power_of(500, 0.0, 0.3) == pytest.approx(0.05)
    assert exact_power(500, 0.0, 0.3) < 0.05
