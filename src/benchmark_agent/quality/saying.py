"""What a reader must be told beside the figures: warnings, and what stays unproven."""

import numpy as np

from benchmark_agent.quality.responses import Responses
from benchmark_agent.quality.types import Metric

FEW_ITEMS = 100
"""Below this a subtask does not rank models: even gaps of 14 points may not show."""
FEW_MODELS, MODELS_FOR_SLOPES = 10, 100
FEW_SOURCES = 20


def subtask_warnings(name: str, items: int, sources: int, gap: float | None) -> tuple[str, ...]:
    """What to say of one subtask; `gap` is its detectable one, 0-1."""
    said = []
    if items < FEW_ITEMS:
        shows = f"gaps under {100 * gap:.0f} points do not show" if gap is not None else "no gap shows reliably"
        said.append(f"'{name}' has {items} items, under {FEW_ITEMS}: do not rank models on it; {shows}")
    if sources < min(items, FEW_SOURCES):
        said.append(f"'{name}': its {items} items come from {sources} sources; its intervals are rough")
    return tuple(said)


def warnings(competitors: Responses, metrics: dict[str, Metric]) -> tuple[str, ...]:
    """What to say of the whole set."""
    said = []
    models, items = competitors.scores.shape
    if models < FEW_MODELS:
        said.append(f"models run: {models}; reliability, stability and single items need {FEW_MODELS} or more")
    said += _missing(competitors)
    sources = int(competitors.clusters.max()) + 1
    if sources < min(items, FEW_SOURCES):
        said.append(f"all {items} items come from {sources} sources; intervals rest on these and are rough")
    headroom = metrics["headroom"]
    if headroom.low is not None and headroom.low < 0.02:
        said.append("saturated: the best model's interval reaches 98 %; stronger models cannot be told apart")
    for name, what in (("above_baseline", "baseline"), ("above_chance", "blind guess")):
        if name in metrics and (metrics[name].low or 0) <= 0:
            said.append(f"the best model is not surely above the best {what}: no model shows the skill yet")
    gap = metrics.get("choices_only_gap")
    if gap is not None and (gap.low or 0) > 0:
        said.append(
            f"options alone score {100 * (gap.value or 0):.0f} points above a blind guess: they give answers away"
        )
    return tuple(said)


def _missing(given: Responses) -> list[str]:
    ran = (~np.isnan(given.scores)).sum(axis=1)
    items = given.scores.shape[1]
    short = [f"'{given.models[model]}' ran {ran[model]}" for model in np.flatnonzero(ran < items)]
    if not short:
        return []
    named = ", ".join(short[:5]) + (f" and {len(short) - 5} more models fell short" if len(short) > 5 else "")
    return [f"not every model ran all {items} items ({named}): compare by the paired differences, not by the scores"]


def unproven(competitors: Responses, baselines: Responses, families: int) -> tuple[str, ...]:
    """What no figure of the report shows, however good it looks."""
    models = len(competitors.models)
    those = f"these {models} models" if models > 1 else "this one model"
    said = [
        "That keys are right: with one item in ten broken, reliability and the order of models hardly move.",
        f"That it holds beyond {those}: other models may be told apart better or worse.",
        "That people can answer the items, or find them fair: no person's reply is in these figures.",
        "That models had not seen the items before.",
    ]
    if models < MODELS_FOR_SLOPES:
        said.append(f"The discrimination of a single item: it needs {MODELS_FOR_SLOPES} models, and {models} ran.")
    if not baselines.models:
        said.append("That the answers cannot be guessed: no baseline was run.")
    if competitors.choices is None:
        said.append("That every distractor is plausible: the options the models took are not known.")
    if int(competitors.clusters.max()) + 1 == competitors.scores.shape[1]:
        said.append("That items are unrelated: each was taken as its own source, and shared sources widen intervals.")
    if families:
        said.append("Anything about single items from the consistency along sizes: it passes on broken sets.")
    return tuple(said)
