"""Every model's scores on every item, as arrays: the input of an assessment."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmark_agent.errors import UserError
from benchmark_agent.quality.arrays import Floats, Ints, as_scores, codes_of


@dataclass(frozen=True)
class Choices:
    """Which options the models took."""

    chosen: Ints
    """(models, items), from 0; -1 for none or unparsable."""
    keys: Ints
    """(items,), from 0."""
    options: Ints
    """(items,), how many; 0 for items without options."""


@dataclass(frozen=True)
class Responses:
    scores: Floats
    """(models, items), 0-1, NaN for not run; repeated runs of one item are averaged beforehand."""
    models: tuple[str, ...]
    items: tuple[str, ...]
    subtasks: tuple[str, ...]
    """(items,)."""
    clusters: Ints
    """(items,), 0..G-1: items of one number share a source row, dataset or template."""
    chance: Floats
    """(items,), expected score of a blind guess, 0-1; NaN where unknown."""
    choices: Choices | None = None

    def only(self, models: Sequence[int]) -> "Responses":
        """The same items, those models."""
        picked = list(models)
        choices = self.choices and Choices(self.choices.chosen[picked], self.choices.keys, self.choices.options)
        names = tuple(self.models[model] for model in picked)
        return Responses(self.scores[picked], names, self.items, self.subtasks, self.clusters, self.chance, choices)


def responses_of(
    scores: npt.ArrayLike,
    *,
    models: Sequence[str] | None = None,
    items: Sequence[str] | None = None,
    subtasks: Sequence[str] | None = None,
    clusters: npt.ArrayLike | None = None,
    chance: npt.ArrayLike | None = None,
    choices: Choices | None = None,
) -> Responses:
    """`Responses` of (models, items) scores, checked; what is left out gets plain names or no structure.

    Raises:
        UserError: no item or model, shapes that do not fit, a name twice, or scores outside 0-1.
    """
    values = as_scores(scores)
    rows, columns = values.shape
    if not rows or not columns:
        raise UserError(f"scores of {rows} models on {columns} items; run at least one model on one item first")
    names = tuple(models) if models is not None else tuple(f"model-{n + 1}" for n in range(rows))
    ids = tuple(items) if items is not None else tuple(f"item-{n + 1}" for n in range(columns))
    groups = tuple(subtasks) if subtasks is not None else ("all",) * columns
    for what, given, wanted in (
        ("model names", names, rows),
        ("item ids", ids, columns),
        ("subtasks", groups, columns),
    ):
        if len(given) != wanted:
            raise UserError(f"{len(given)} {what} for scores of {rows} models on {columns} items; give {wanted}")
    for what, given in (("model", names), ("item", ids)):
        if len(set(given)) < len(given):
            twice = next(name for place, name in enumerate(given) if name in given[:place])
            raise UserError(f"{what} '{twice}' is given twice; each {what} needs one name of its own")
    guess = np.full(columns, np.nan) if chance is None else np.broadcast_to(np.asarray(chance, float), (columns,))
    if choices is not None and choices.chosen.shape != values.shape:
        raise UserError(f"choices have shape {choices.chosen.shape}, scores {values.shape}; give one choice a score")
    return Responses(values, names, ids, groups, codes_of(clusters, columns), np.array(guess), choices)
