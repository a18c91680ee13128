"""Per item figures, item response fit, options and redundancy on made and simulated models."""

import math
import time

import numpy as np
import pytest
from scipy import stats

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import Floats
from benchmark_agent.quality.irt import fit_2pl
from benchmark_agent.quality.items import item_figures, missed_by_all, rest_scores, upside_down
from benchmark_agent.quality.options import ability_vote, functioning_distractors
from benchmark_agent.quality.redundancy import redundant_items


def simulated(models: int, items: int, seed: int = 0) -> tuple[Floats, Floats, Floats, Floats]:
    """Scores, abilities, difficulties and slopes of a 2PL world."""
    random = np.random.default_rng(seed)
    ability, difficulty = random.normal(0, 1, models), random.normal(0, 1, items)
    slope = np.exp(random.normal(0, 0.4, items))
    chance = 1 / (1 + np.exp(-slope * (ability[:, None] - difficulty)))
    return (random.random((models, items)) < chance).astype(float), ability, difficulty, slope


def test_difficulty_and_discrimination_are_the_direct_ones() -> None:
    scores = simulated(25, 12)[0]
    scores[3, 2] = scores[7, 2] = scores[8, 9] = math.nan
    found = item_figures(scores)
    for item in range(12):
        ran = ~np.isnan(scores[:, item])
        rest = np.nanmean(np.delete(scores, item, axis=1), axis=1)[ran]
        assert found.right[item] == pytest.approx(scores[ran, item].mean())
        assert found.models[item] == ran.sum()
        assert found.discrimination[item] == pytest.approx(stats.pearsonr(scores[ran, item], rest).statistic)


def test_strong_and_weak_thirds_by_hand() -> None:
    """Six models by rest score; the last item is passed by the two weakest only."""
    scores = np.array([[1.0] * (6 - m) + [0.0] * m + [float(m >= 4)] for m in range(6)])
    found = item_figures(scores)
    assert (found.strong[-1], found.weak[-1]) == (0.0, 1.0)
    assert found.discrimination[-1] < -0.7
    assert upside_down(found).tolist() == [6]


def test_items_nobody_ran_or_everyone_passes_have_no_discrimination() -> None:
    scores = np.array([[1.0, 1, math.nan, 0], [1, 0, math.nan, 0], [1, 1, math.nan, 0]])
    found = item_figures(scores)
    assert math.isnan(found.right[2])
    assert found.models[2] == 0
    assert math.isnan(found.discrimination[0])
    assert missed_by_all(found).tolist() == [3]
    assert math.isnan(rest_scores(np.array([[1.0, math.nan]]))[0, 0])


def test_turned_keys_are_found_among_many_models() -> None:
    scores = simulated(40, 300, seed=3)[0]
    turned = [5, 60, 150]
    mid = np.argsort(np.abs(scores.mean(axis=0) - 0.5))[:30]
    turned = [int(place) for place in mid[np.argsort(-item_figures(scores).discrimination[mid])][:3]]
    scores[:, turned] = 1 - scores[:, turned]
    assert set(turned) <= set(upside_down(item_figures(scores))[:10].tolist())


def test_the_fit_finds_the_world_it_came_from() -> None:
    scores, ability, difficulty, slope = simulated(100, 400)
    fit = fit_2pl(scores)
    assert fit.converged
    assert stats.spearmanr(fit.ability, ability).statistic > 0.97
    assert stats.spearmanr(fit.difficulty, difficulty).statistic > 0.95
    assert stats.spearmanr(fit.discrimination, slope).statistic > 0.7
    assert np.abs(fit.probabilities().mean(axis=1) - scores.mean(axis=1)).max() < 0.03


def test_the_fit_is_at_the_mode() -> None:
    """Away from the fit in any single coordinate the posterior is lower: by direct computation."""
    scores = simulated(8, 15, seed=2)[0]
    scores[0, 0] = math.nan
    fit = fit_2pl(scores)

    def loss(ability: Floats, difficulty: Floats, slope: Floats) -> float:
        chance = 1 / (1 + np.exp(-slope * (ability[:, None] - difficulty)))
        fitted = np.where(np.isnan(scores), 0, stats.bernoulli.logpmf(np.nan_to_num(scores), chance)).sum()
        priors = stats.norm.logpdf(ability).sum() + stats.norm.logpdf(difficulty, 0, 2).sum()
        return float(-fitted - priors - stats.norm.logpdf(np.log(slope), 0, 0.5).sum())

    best = loss(fit.ability, fit.difficulty, fit.discrimination)
    for step in (-0.1, 0.1):
        for place in range(8):
            assert loss(fit.ability + step * (np.arange(8) == place), fit.difficulty, fit.discrimination) > best
        for place in range(15):
            at = np.arange(15) == place
            assert loss(fit.ability, fit.difficulty + step * at, fit.discrimination) > best
            assert loss(fit.ability, fit.difficulty, fit.discrimination * np.exp(step * at)) > best


def test_missing_cells_are_where_the_fit_earns_its_place() -> None:
    """Half of the items go to strong models only: their plain share right misleads, the fit does not."""
    scores, ability, difficulty, _ = simulated(60, 200, seed=5)
    scores[np.ix_(ability < np.median(ability), np.arange(100))] = math.nan
    scores[np.ix_(ability >= np.median(ability), np.arange(100, 200))] = math.nan
    plain = -item_figures(scores).right
    fitted = fit_2pl(scores).difficulty
    assert stats.spearmanr(fitted, difficulty).statistic > stats.spearmanr(plain, difficulty).statistic + 0.05


def test_an_item_nobody_ran_has_no_difficulty() -> None:
    scores = simulated(5, 4)[0]
    scores[:, 2] = math.nan
    fit = fit_2pl(scores)
    assert np.isnan(fit.difficulty).tolist() == [False, False, True, False]


def test_the_fit_of_1000_items_and_30_models_is_fast() -> None:
    scores = simulated(30, 1000)[0]
    start = time.thread_time()
    fit_2pl(scores)
    assert time.thread_time() - start < 2


def test_copied_items_are_redundant_and_others_are_not() -> None:
    scores = simulated(40, 200, seed=1)[0]
    middle = np.argsort(np.abs(scores.mean(axis=0) - 0.5))[:3]
    copies = np.hstack([scores, scores[:, middle]])
    found = redundant_items(copies, fit_2pl(copies))
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert {(int(place), 200 + copy) for copy, place in enumerate(middle)} <= pairs
    assert len(pairs) <= 4
    assert redundant_items(scores, fit_2pl(scores)).first.size <= 1


def test_few_models_find_no_redundancy() -> None:
    scores = simulated(5, 50)[0]
    found = redundant_items(scores, fit_2pl(scores))
    assert found.looked_at == found.first.size == 0


def test_the_vote_by_hand() -> None:
    """Three models, all right on four items; on the fifth two say B (1), one says A (0), the key.

    With one more right and wrong each, p is 5/6 for the first four items' models and the odds are 5 to 1,
    times k - 1 = 1: two votes against one leave 5 to 1 for B.
    """
    chosen = np.array([[0, 1, 0, 1, 1], [0, 1, 0, 1, 1], [0, 1, 0, 1, 0]])
    vote = ability_vote(chosen, [0, 1, 0, 1, 0], [2] * 5)
    assert vote.winner.tolist() == [0, 1, 0, 1, 1]
    assert vote.weight[4] == pytest.approx(5 / 6)
    assert vote.against.tolist() == [False, False, False, False, True]


def test_wrong_keys_are_outvoted() -> None:
    random = np.random.default_rng(0)
    keys = random.integers(0, 4, 400)
    right = random.random((12, 400)) < random.uniform(0.5, 0.9, (12, 1))
    chosen = np.where(right, keys, (keys + random.integers(1, 4, (12, 400))) % 4)
    stated = keys.copy()
    stated[:20] = (keys[:20] + 1) % 4
    vote = ability_vote(chosen, stated, np.full(400, 4))
    assert vote.against[:20].mean() > 0.85
    assert vote.against[20:].mean() < 0.02


def test_models_that_chose_nothing_do_not_vote() -> None:
    vote = ability_vote([[-1, 0], [-1, 0]], [0, 0], [3, 3])
    assert vote.winner.tolist() == [-1, 0]
    assert not vote.against.any()


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(UserError, match="option number"):
        ability_vote([[4]], [0], [4])
    with pytest.raises(UserError, match="2 items chosen on, 1 keys"):
        ability_vote([[0, 1]], [0], [4])


def test_distractors_nobody_takes_do_not_function() -> None:
    """Of forty models the weaker twenty take A 12 times, B 7 times and C once: B and C function, D does not."""
    weaker = [[0]] * 12 + [[1]] * 7 + [[2]]
    chosen = np.hstack([np.array(weaker + [[0]] * 20), np.array([[1]] * 20 + [[0]] * 20)])
    found = functioning_distractors(chosen, [0, 0], [4, 2])
    assert found.tolist() == pytest.approx([2 / 3, 1.0])
    assert np.isnan(functioning_distractors(chosen[:12], [0, 0], [4, 2])).all()
