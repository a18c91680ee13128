"""Which wrong options models take, and what those have in common."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from benchmark_agent.evaluation.types import ItemScore
from benchmark_agent.quality.figures import metric
from benchmark_agent.quality.intervals import mean_interval
from benchmark_agent.quality.types import Distractor, DistractorTrait
from benchmark_agent.quantities import amount_of
from benchmark_agent.verification.types import Item

Replies = Mapping[str, Sequence[ItemScore]]
"""By model."""


def distractors(asked: Mapping[str, Item], replies: Replies) -> tuple[Distractor, ...]:
    """Every wrong option that was taken, those most models took first."""
    takers: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
    for model, item, option in _wrong_choices(asked, replies):
        takers[item.id, option][model] = None
    failing: dict[str, set[str]] = defaultdict(set)
    for (item_id, _), models in takers.items():
        failing[item_id].update(models)
    found = [
        Distractor(
            item_id=item_id,
            subtask=asked[item_id].subtask,
            construction=asked[item_id].construction,
            letter=_letter(option),
            text=asked[item_id].options[option],
            models=tuple(models),
            failing=len(failing[item_id]),
        )
        for (item_id, option), models in takers.items()
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.models), each.failing, each.item_id, each.letter)))


def traits(asked: Mapping[str, Item], replies: Replies) -> tuple[DistractorTrait, ...]:
    """What the wrong options that were taken have in common, beside what blind picking among them would give.

    A trait is counted over the wrong choices on items where some wrong options have it and some do not: only there
    could a model prefer it.
    """
    taken: dict[str, list[float]] = defaultdict(list)
    offered: dict[str, list[float]] = defaultdict(list)
    clusters: dict[str, list[int]] = defaultdict(list)
    places = {item_id: place for place, item_id in enumerate(asked)}
    known: dict[str, dict[int, set[str]]] = {}
    for _, item, option in _wrong_choices(asked, replies):
        if item.id not in known:
            known[item.id] = _traits_of_wrong(item)
        wrong = known[item.id]
        for name in sorted(set().union(*wrong.values())):
            share = sum(name in each for each in wrong.values()) / len(wrong)
            if share < 1:
                taken[name].append(float(name in wrong[option]))
                offered[name].append(share)
                clusters[name].append(places[item.id])
    found = [
        DistractorTrait(
            name=name,
            taken=metric(name, mean_interval(values, clusters[name])),
            expected=round(sum(offered[name]) / len(values), 6),
        )
        for name, values in taken.items()
    ]
    return tuple(sorted(found, key=lambda each: (-abs((each.taken.value or 0) - each.expected), each.name)))


def _wrong_choices(asked: Mapping[str, Item], replies: Replies) -> Iterator[tuple[str, Item, int]]:
    """Model, item and the place of the wrong option, for every reply that took one. Items with one right option."""
    for model, scores in replies.items():
        for score in scores:
            item, letter = asked[score.item_id], score.score.parsed
            if item.answer_kind != "choice" or score.score.outcome != "wrong" or len(letter) != 1:
                continue
            option = ord(letter) - ord("A")
            if 0 <= option < len(item.options) and letter != item.answer:
                yield model, item, option


def _traits_of_wrong(item: Item) -> dict[int, set[str]]:
    """By the place of each wrong option."""
    wrong = [option for option in range(len(item.options)) if _letter(option) != item.answer]
    return {option: set(_traits(item, option)) for option in wrong}


def _traits(item: Item, option: int) -> Iterator[str]:
    text, key = item.options[option], item.options[ord(item.answer) - ord("A")]
    yield f"in place {_letter(option)}"
    if len(text) != len(key):
        yield "longer than the key" if len(text) > len(key) else "shorter than the key"
    ours, right = amount_of(text), amount_of(key)
    if ours is not None and right is not None and ours.value != right.value:
        yield "a number above the key" if ours.value > right.value else "a number below the key"


def _letter(option: int) -> str:
    return chr(ord("A") + option)
