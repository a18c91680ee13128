"""Two-parameter logistic item response model, fitted at the posterior mode."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from benchmark_agent.quality.arrays import Floats, as_scores

DIFFICULTY_SPREAD, DISCRIMINATION_SPREAD = 2.0, 0.5
"""Standard deviations of the priors of the difficulty and of the logarithm of the discrimination."""


@dataclass(frozen=True)
class ItemResponse:
    """P(right) = 1 / (1 + exp(-discrimination (ability - difficulty)))."""

    ability: Floats
    """(models,), prior standard normal."""
    difficulty: Floats
    """(items,), on the scale of the abilities; NaN where no model ran the item."""
    discrimination: Floats
    """(items,), 1 by the prior."""
    converged: bool

    def probabilities(self) -> Floats:
        """(models, items)."""
        logits = self.discrimination * (self.ability[:, None] - np.nan_to_num(self.difficulty))
        return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float64)


def fit_2pl(scores: npt.ArrayLike, rounds: int = 500) -> ItemResponse:
    """Abilities, difficulties and discriminations from (models, items); missing cells are left out.

    Posterior mode by L-BFGS: abilities N(0, 1), difficulties N(0, 2^2), log discriminations N(0, 0.5^2).
    Graded scores enter as shares of a right reply. The priors pull what few models cannot tell towards
    their middle: under 20 models read only the order of the difficulties, under 100 no single discrimination.
    Source: Birnbaum 1968 in Lord and Novick; joint MAP as in Mislevy 1986, Psychometrika 51(2).
    """
    values = as_scores(scores)
    models, items = values.shape
    run = ~np.isnan(values)
    filled, seen = np.where(run, values, 0.0), run.astype(np.float64)

    def objective(parameters: Floats) -> tuple[float, Floats]:
        ability, difficulty, log_slope = np.split(parameters, (models, models + items))
        slope, gap = np.exp(log_slope), ability[:, None] - difficulty
        logits = slope * gap
        small = np.exp(-np.abs(logits))
        loss = np.sum(seen * (np.maximum(logits, 0) + np.log1p(small)) - filled * logits)
        chance = np.where(logits >= 0, 1.0, small) / (1 + small)
        pull = seen * chance - filled
        by_gap = pull * slope
        priors = (ability, difficulty / DIFFICULTY_SPREAD, log_slope / DISCRIMINATION_SPREAD)
        gradient = np.concatenate([
            by_gap.sum(axis=1) + ability,
            -by_gap.sum(axis=0) + difficulty / DIFFICULTY_SPREAD**2,
            (pull * logits).sum(axis=0) + log_slope / DISCRIMINATION_SPREAD**2,
        ])  # fmt: skip
        return float(loss + sum(float(part @ part) for part in priors) / 2), gradient

    start = np.concatenate([_logits(filled, run, 1), -_logits(filled, run, 0), np.zeros(items)])
    found = optimize.minimize(
        objective, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 20, "ftol": 1e-8}
    )
    ability, difficulty, log_slope = np.split(np.asarray(found.x, dtype=np.float64), (models, models + items))
    known = run.any(axis=0)
    return ItemResponse(
        ability, np.where(known, difficulty, np.nan), np.where(known, np.exp(log_slope), np.nan), bool(found.success)
    )


def _logits(filled: Floats, run: npt.NDArray[np.bool_], axis: int) -> Floats:
    """Smoothed log odds of being right along `axis`: where the search starts."""
    share = (filled.sum(axis=axis) + 0.5) / (run.sum(axis=axis) + 1)
    return np.asarray(np.log(share / (1 - share)), dtype=np.float64)
