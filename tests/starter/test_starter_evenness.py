"""Who reads the options and not the question scores near chance, on every dataset of the starter pool."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from benchmark_agent import starter
from benchmark_agent.sources.audit.shortcuts import choices_only
from benchmark_agent.sources.audit.view import Seen
from benchmark_agent.starter.evenness import Even
from benchmark_agent.starter.makers import Maker

CHOSEN = [maker for maker in starter.datasets() if any(field.role == "options" for field in maker.card.fields)]
BOUND = 0.08
"""Over chance, 0-1, from which the audit names a dataset."""


def seen(options: Sequence[str], answer: str, ordinal: int = 0) -> Seen:
    return Seen(
        ordinal=ordinal, id=str(ordinal), question="", context="", options=tuple(options),
        right=list(options).index(answer), answer=answer, accepted=(answer,), media=(), others=(), context_key=0,
    )  # fmt: skip


@pytest.mark.parametrize("maker", CHOSEN, ids=lambda maker: maker.card.name)
def test_the_options_alone_score_near_chance(maker: Maker, tmp_path: Path) -> None:
    rows = [
        seen([str(option) for option in row["options"]], str(row["answer"]), place)
        for place, row in enumerate(maker.rows(tmp_path))
        if isinstance(row.get("options"), list) and isinstance(row["options"], list)
    ]
    accuracy, chance = choices_only(rows)
    assert accuracy < chance + BOUND + 0.02


def test_rows_are_refused_while_their_options_give_them_away() -> None:
    """Three of four right answers drawn are the largest number; of those kept, no more than chance explains."""
    random, even = Random(3), Even()
    kept: list[Seen] = []
    drawn = 0
    while len(kept) < 200:
        options = [str(number) for number in random.sample(range(10, 99), 4)]
        largest = max(options, key=int)
        answer = largest if random.random() < 0.75 else random.choice([o for o in options if o != largest])
        drawn += 1
        if even.admits(options, answer):
            kept.append(seen(options, answer, drawn))
    assert drawn > 250
    accuracy, chance = choices_only(kept)
    assert accuracy < chance + BOUND
    share = sum(each.answer == max(each.options, key=int) for each in kept) / len(kept)
    assert 0.15 < share < 0.45


def test_options_that_tell_nothing_are_all_kept_but_a_few() -> None:
    random, even = Random(5), Even()
    drawn = [[str(number) for number in random.sample(range(10, 99), 4)] for _ in range(300)]
    kept = sum(even.admits(options, random.choice(options)) for options in drawn)
    assert kept > 225
