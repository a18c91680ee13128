"""Items as records, and the list of those a person should look at."""

from collections import defaultdict

import numpy as np

from benchmark_agent.quality.arrays import Ints
from benchmark_agent.quality.figures import figure, number
from benchmark_agent.quality.irt import ItemResponse
from benchmark_agent.quality.items import ItemFigures, missed_by_all, upside_down
from benchmark_agent.quality.options import ability_vote, functioning_distractors
from benchmark_agent.quality.responses import Choices, Responses
from benchmark_agent.quality.types import ItemQuality, Metric, Suspect

FEWEST_MODELS = 6
"""Under this many models a third is one model, and upside-down items are mostly chance."""


def suspects_note(models: int) -> str:
    """How items come among the suspects of so many models, and how much that says."""
    if models < 2:
        return "Nothing can be suspected from one model: its failures are the model's or the item's alike."
    third = max(1, models // 3)
    strong, weak = ("the best", "the worst") if third == 1 else (f"the best {third}", f"the worst {third}")
    said = f"Strong and weak are {strong} and {weak} of {models} models by their scores on the other items."
    if models < FEWEST_MODELS:
        said += f" From under {FEWEST_MODELS} models this is weak evidence: chance alone makes many such items."
    return said


def item_records(given: Responses, found: ItemFigures, fit: ItemResponse) -> tuple[ItemQuality, ...]:
    """One record an item, in the order given."""
    return tuple(
        ItemQuality(
            item_id=name,
            subtask=given.subtasks[place],
            models=int(found.models[place]),
            right=number(found.right[place]),
            discrimination=number(found.discrimination[place]),
            difficulty=number(fit.difficulty[place]),
            slope=number(fit.discrimination[place]),
        )
        for place, name in enumerate(given.items)
    )


def suspects(given: Responses, found: ItemFigures) -> tuple[Suspect, ...]:
    """Items to review: most reasons first, then the surest vote against the key, then the weak models' lead.

    In simulation the vote finds wrong keys best, by far under 20 models; the others serve items without options.
    """
    reasons: dict[int, list[str]] = defaultdict(list)
    for place in missed_by_all(found):
        reasons[int(place)].append(f"missed by all {int(found.models[place])} models")
    for place in upside_down(found):
        strong, weak = found.strong[place], found.weak[place]
        reasons[int(place)].append(f"strong models miss it ({strong:.2f}), weak ones pass it ({weak:.2f})")
    votes = _votes(given)
    sure = {place: round(weight, 3) for place, _, weight in votes}
    for place, winner, weight in votes:
        reasons[place].append(f"models vote for option {chr(65 + winner)}, not for the key (weight {weight:.2f})")

    def urgency(place: int) -> tuple[int, float, float, int]:
        lead = found.strong[place] - found.weak[place]
        return -len(reasons[place]), -sure.get(place, 0.0), float(np.nan_to_num(lead)), place

    return tuple(
        Suspect(
            item_id=given.items[place],
            subtask=given.subtasks[place],
            reasons=tuple(reasons[place]),
            right=number(found.right[place]),
            strong=number(found.strong[place]),
            weak=number(found.weak[place]),
        )
        for place in sorted(reasons, key=urgency)
    )


def _votes(given: Responses) -> list[tuple[int, int, float]]:
    """Place, winning option and its weight where the vote goes against the key; three models or more."""
    if given.choices is None or len(given.models) < 3:
        return []
    places, choices = _with_options(given.choices)
    vote = ability_vote(choices.chosen, choices.keys, choices.options)
    against = np.flatnonzero(vote.against)
    return [(int(places[at]), int(vote.winner[at]), float(vote.weight[at])) for at in against]


def _with_options(choices: Choices) -> tuple[Ints, Choices]:
    """Places of the items that have options, and the choices on those alone."""
    places = np.flatnonzero(choices.options > 0)
    return places, Choices(choices.chosen[:, places], choices.keys[places], choices.options[places])


def option_measures(given: Responses) -> tuple[Metric, ...]:
    """Votes against the key and distractors that do their work, for items with options."""
    if given.choices is None:
        return ()
    choices = _with_options(given.choices)[1]
    with_options = int((choices.options > 1).sum())
    working = functioning_distractors(choices.chosen, choices.keys, choices.options)
    known = working[~np.isnan(working)]
    against = len(_votes(given)) / with_options if with_options else float("nan")
    note = "share of distractors at least 5 % of the weaker half take"
    if not known.size:
        note += "; needs ten models in the weaker half"
    return (
        figure("against_key", against, with_options, "share of items whose models vote for another option"),
        figure("functioning_distractors", float(known.mean()) if known.size else float("nan"), int(known.size), note),
    )


def discrimination_measures(found: ItemFigures, models: int) -> tuple[Metric, ...]:
    """Middle discrimination, and the share of items that go against the others."""
    known = found.discrimination[~np.isnan(found.discrimination)]
    middle = float(np.median(known)) if known.size else float("nan")
    against = float((known < 0).mean()) if known.size else float("nan")
    error = f"one item's has a standard error of about {1 / max(1, models - 1) ** 0.5:.2f} from {models} models"
    return (
        figure("discrimination", middle, int(known.size), f"median item-rest correlation; {error}; n items that vary"),
        figure("against_the_rest", against, int(known.size), f"share of items with a negative one; {error}"),
    )
