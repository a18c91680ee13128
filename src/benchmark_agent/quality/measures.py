"""The figures of a whole benchmark, or of one subtask."""

import math
from dataclasses import dataclass

import numpy as np

from benchmark_agent.quality import power, reliability
from benchmark_agent.quality.arrays import Floats, Ints, bootstrap_means, codes_of, is_clustered, moments, totals
from benchmark_agent.quality.figures import figure, metric
from benchmark_agent.quality.intervals import Estimate, Estimates, design_effect, mean_interval, mean_intervals, row
from benchmark_agent.quality.paired import Pairs, benjamini_hochberg, differences, holm
from benchmark_agent.quality.ranking import apart_by_intervals, separability, spearman_bounds, stability_of
from benchmark_agent.quality.ranking import subtask_agreement as agreement_table
from benchmark_agent.quality.responses import Responses
from benchmark_agent.quality.types import Metric

ASSUMED_AGREEMENT = 0.5
"""Correlation of two models' 0/1 scores that stands in where only one model was run."""


@dataclass(frozen=True)
class Precision:
    """What it takes to tell two neighbours on the leaderboard apart."""

    discordance: float
    """Mean squared difference of two neighbours, for 0/1 scores the share only one has right; median over pairs."""
    design: float
    """Variance factor of the difference for shared sources, at least 1; median over pairs."""
    assumed: bool
    """Only one model was run: the discordance follows from its score and an assumed agreement."""


def precision(scores: Floats, codes: Ints) -> Precision:
    """Discordance and design effect between neighbours of (models, items) scores."""
    means = mean_intervals(scores, codes).value
    order = np.argsort(-np.nan_to_num(means, nan=-1.0), kind="stable")
    if order.size < 2:
        return Precision(power.discordance_of(float(np.nan_to_num(means[0])), ASSUMED_AGREEMENT), 1.0, True)
    gaps = scores[order[:-1]] - scores[order[1:]]
    shared = moments(*totals(gaps, codes))
    alone = moments(*totals(gaps, codes_of(None, codes.size)))
    common = alone.n > 1
    varies = common & (np.nan_to_num(alone.error) > 1e-12)
    if not common.any():
        return Precision(math.nan, 1.0, False)
    squares = np.nansum(gaps**2, axis=1)[common] / alone.n[common]
    ratios = (shared.error[varies] / alone.error[varies]) ** 2
    ratios = ratios[~np.isnan(ratios)]
    return Precision(float(np.median(squares)), max(1.0, float(np.median(ratios))) if ratios.size else 1.0, False)


def detectable(found: Precision, items: int) -> Metric:
    """The smallest gap two neighbours show on `items`, 80 % power, 5 % two-sided."""
    note = "smallest gap of two models that shows in 80 % of cases at 5 %, uncorrected"
    if found.assumed:
        note += "; one model only, so agreement of two is assumed"
    if math.isnan(found.discordance):
        return figure("detectable_gap", math.nan, items, "no two models ran the same items")
    gap = power.detectable_gap(items, found.discordance, design_effect=found.design)
    if math.isnan(gap):
        note = f"too few items, or models too alike: at a discordance of {found.discordance:.3f} no gap shows"
    return figure("detectable_gap", gap, items, note)


def shared_measures(scores: Floats, codes: Ints, pairs: Pairs, draws: Floats, seed: int) -> tuple[Metric, ...]:
    """Reliability, separability, stability and precision of (models, items) scores."""
    models, items = scores.shape
    few = "" if models >= 10 else f"from {models} models: says little; "
    consistent = reliability.alpha(scores)
    halves = reliability.split_half(scores, codes, seed)
    stable = stability_of(scores, draws)
    found = precision(scores, codes)
    scored = mean_intervals(scores, codes)
    spread = f"{few}measures the spread of these {models} models as much as the items"
    error = reliability.error_of_measurement(scores, halves.value)
    strict, loose = holm(pairs.p), benjamini_hochberg(pairs.p)
    pool = pairs.p.size
    return (
        metric("reliability", consistent, f"KR-20 or alpha, on the items every model ran; {spread}"),
        metric("split_half", halves, f"Spearman-Brown, sources kept whole; bounds over splits; {spread}"),
        figure("error_of_measurement", error, items, "standard error of a score implied by the split halves"),
        figure(
            "separability", separability(loose), pool, "share of model pairs told apart, 5 % false discoveries; n pairs"
        ),
        figure("separability_strict", separability(strict), pool, "the same after Holm; n pairs"),
        figure(
            "separability_intervals",
            apart_by_intervals(scored.low, scored.high),
            pool,
            "share of pairs whose intervals do not overlap, as others publish it; blind to the pairing; n pairs",
        ),
        metric("rank_stability", stable, f"{few}tau-b of the ranking with those on redrawn items"),
        figure("discordance", found.discordance, items, "neighbouring models: share of items only one has right"),
        figure("design_effect", found.design, items, "variance factor of a difference for items that share a source"),
        detectable(found, items),
    )


def room(scores: Floats, codes: Ints) -> tuple[Metric, ...]:
    """Headroom above the best model and items that no longer tell models apart."""
    models = scores.shape[0]
    scored = mean_intervals(scores, codes)
    best = row(scored, int(np.argmax(np.nan_to_num(scored.value, nan=-1.0))))
    head = Estimate(1 - best.value, 1 - best.high, 1 - best.low, best.n, best.clusters)
    run = ~np.isnan(scores)
    ran = run.sum(axis=0)
    total, ran = np.where(run, scores, 0).sum(axis=0)[ran > 0], ran[ran > 0]  # items nobody ran tell nothing
    full = float((total >= ran - 1e-9).mean()) if ran.size else math.nan
    none = float((total <= 1e-9).mean()) if ran.size else math.nan
    few = "" if models >= 5 else f"; from {models} models"
    return (
        metric("headroom", head, "1 less the best score; wrong keys lower the true ceiling"),
        figure("passed_by_all", full, ran.size, f"share of items every model has right{few}"),
        figure("missed_by_all", none, ran.size, f"share of items no model gets anything for{few}"),
    )


def floor(competitors: Responses, baselines: Responses) -> tuple[Metric, ...]:
    """The best model above the best baseline and above chance, and how many models are still at chance."""
    best = _best(mean_intervals(competitors.scores, competitors.clusters))
    top = competitors.scores[best]
    found = []
    if baselines.models:
        base = _best(mean_intervals(baselines.scores, baselines.clusters))
        gap = differences((top - baselines.scores[base])[None, :], competitors.clusters).estimates
        name, other = competitors.models[best], baselines.models[base]
        found.append(metric("above_baseline", row(gap, 0), f"'{name}' less '{other}', on the same items"))
    if not np.isnan(competitors.chance).all():
        gains = differences(competitors.scores - competitors.chance, competitors.clusters).estimates
        known = int((~np.isnan(competitors.chance)).sum())
        at = float((gains.low <= 0).mean())
        found.append(metric("above_chance", row(gains, best), "the best model less a blind guess"))
        found.append(figure("at_chance", at, known, "share of models whose interval reaches a blind guess"))
    return tuple(found)


def choices_gap(competitors: Responses, baselines: Responses, name: str = "choices-only") -> tuple[Metric, ...]:
    """How far the baseline that reads nothing but the options gets above a blind guess."""
    if name not in baselines.models or np.isnan(baselines.chance).all():
        return ()
    gap = (baselines.scores[baselines.models.index(name)] - baselines.chance)[None, :]
    found = differences(gap, baselines.clusters).estimates
    note = "options alone, less a blind guess; above 0 the options give answers away"
    return (metric("choices_only_gap", row(found, 0), note),)


def _best(scored: Estimates) -> int:
    return int(np.argmax(np.nan_to_num(scored.value, nan=-1.0)))


def agreement(means: Floats, names: tuple[str, ...], sizes: tuple[int, ...]) -> tuple[Metric, dict[str, Metric]]:
    """Mean rank correlation of all pairs of subtasks, and of each subtask with the mean of the others.

    `means` is (models, subtasks). A low value says the subtasks ask for different things, or that one is noise:
    compare its reliability before reading it as either.
    """
    models = int((~np.isnan(means).any(axis=1)).sum())
    table = agreement_table(means)
    first, second = np.triu_indices(len(names), 1)
    values = table[first, second]
    values = values[~np.isnan(values)]
    overall = figure(
        "subtask_agreement",
        float(values.mean()) if values.size else math.nan,
        models,
        "mean rank correlation of models over pairs of subtasks; n models",
    )
    each = {}
    for place, name in enumerate(names):
        others = [other for other in range(len(names)) if other != place]
        weights = np.array([sizes[other] for other in others], dtype=np.float64)
        rest = means[:, others] @ weights / weights.sum()
        r = float(agreement_table(np.stack([means[:, place], rest], axis=1))[0, 1])
        low, high = spearman_bounds(r, models)
        note = "rank correlation with the other subtasks together; n models"
        each[name] = metric("agreement", Estimate(r, low, high, models, models), note)
    return overall, each


def source_spread(scores: Floats, codes: Ints) -> tuple[Metric, ...]:
    """How alike the replies to items of one source are; nothing when no two items share one."""
    if not is_clustered(codes):
        return ()
    effects = design_effect(scores, codes)
    known = effects[~np.isnan(effects)]
    value = float(np.median(known)) if known.size else math.nan
    note = "variance factor of a score for items that share a source, median over models"
    return (figure("design_effect_scores", value, scores.shape[1], note),)


def subtask_measures(scores: Floats, codes: Ints, pairs: Pairs, seed: int) -> tuple[Metric, ...]:
    """`shared_measures` and `room` of one subtask, after the mean score of its models."""
    ran = (~np.isnan(scores)).sum(axis=0)
    ratio = np.where(np.isnan(scores), 0, scores).sum(axis=0) / np.maximum(ran, 1)
    level = mean_interval(np.where(ran > 0, ratio, np.nan), codes)
    draws = bootstrap_means(scores, codes, seed, 500)
    found = shared_measures(scores, codes, pairs, draws, seed)
    return (
        metric("mean_score", level, "mean over models and items; interval over items"),
        *found,
        *room(scores, codes),
    )
