"""What a build with models would cost, before it starts."""

from collections.abc import Iterator
from itertools import islice

from benchmark_agent.errors import UserError
from benchmark_agent.models.estimate import Estimate, Outlook, estimate
from benchmark_agent.models.prices import Prices
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources import Dataset
from benchmark_agent.sources.pool import Pool

SAMPLED = 20
"""Rows of a dataset that are measured."""
USUAL_SUBTASKS = 4


def forecast(wanted: Requirement, pool: Pool, prices: Prices, in_flight: int) -> Estimate:
    """Calls, dollars and minutes of the build, from what is asked for and what rows of the pool hold.

    Every item counts as written by a model, so the figures are for the dearest case.

    Raises:
        UserError: no model plays a role.
    """
    if wanted.roles is None:
        raise UserError("without a model a build costs nothing; name one with '--model NAME'")
    datasets = [pool.dataset(card.id) for card in pool.cards]
    measured = [row for dataset in datasets for row in _measured(dataset)]
    shown = len(measured) or 1
    outlook = Outlook(
        size=wanted.size,
        roles=wanted.roles,
        subtasks=1 if wanted.direct else wanted.subtasks or USUAL_SUBTASKS,
        datasets=1 if wanted.direct else min(3, len(datasets)),
        row_characters=sum(characters for characters, _, _ in measured) // shown,
        images=sum(images for _, images, _ in measured) / shown,
        audio_seconds=sum(sounds for _, _, sounds in measured) * SOUND / shown,
        in_flight=in_flight,
    )
    return estimate(outlook, prices)


SOUND = 10.0
"""Seconds a recording is taken to last."""


def _measured(dataset: Dataset) -> Iterator[tuple[int, int, int]]:
    """Of some rows: characters of text, images, recordings."""
    fields = [field for field in dataset.card.fields if field.role not in ("id", "metadata")]
    images = sum(field.type == "image" for field in fields)
    sounds = sum(field.type == "audio" for field in fields)
    tops = {field.path.split(".")[0] for field in fields if field.type not in ("image", "audio")}
    for row in islice(dataset.rows, SAMPLED):
        yield sum(len(str(value)) for name, value in row.values.items() if name in tops), images, sounds
