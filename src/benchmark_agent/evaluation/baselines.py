"""Floors: rules that read at most the options. No model, no inspect; their replies are scored like any other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from benchmark_agent.evaluation.scorers.choice import letters
from benchmark_agent.evaluation.scorers.spans import two_sides
from benchmark_agent.guessing import FOLDS, Offer, fold_of, guesses, longest
from benchmark_agent.seeds import rng
from benchmark_agent.verification.types import Item

Guesses = dict[str, tuple[str, ...]]
"""By item id: replies that are as good as each other; an item the rule cannot answer is left out."""


def source_of(item: Item) -> str:
    """What the item was made from: its first row; the item itself where none is said."""
    return f"{item.sources[0].dataset}\x1f{item.sources[0].row}" if item.sources else item.id


def _random(items: Sequence[Item]) -> Guesses:
    """Any option; any set of options; either side; any label. Items without a set of answers are left out."""
    return {item.id: replies for item in items if (replies := _possible(item))}


def _possible(item: Item) -> tuple[str, ...]:
    if item.answer_kind == "choice":
        return tuple(letters(len(item.options)))
    if item.answer_kind == "multi_choice":
        return _sets(len(item.options))
    if item.answer_kind == "label":
        return item.options
    return two_sides(item.answer, item.options) if item.answer_kind == "binary" else ()


MANY = 12
"""Options over which sets are not listed any more: each alone is taken instead."""


def _sets(count: int) -> tuple[str, ...]:
    """Every set of options but the empty one, as letters."""
    signs = letters(count)
    if count > MANY:
        return tuple(signs)
    return tuple("".join(s for i, s in enumerate(signs) if bits >> i & 1) for bits in range(1, 1 << count))


def _majority(items: Sequence[Item]) -> Guesses:
    """The commonest answer among items of the same subtask and form, counted over other sources than the item's."""
    counts: dict[tuple[str, ...], list[Counter[str]]] = defaultdict(lambda: [Counter() for _ in range(FOLDS)])
    for item in items:
        if item.answer_kind != "open":
            counts[_form(item)][fold_of(source_of(item))][item.answer] += 1
    found: Guesses = {}
    for item in items:
        if item.answer_kind == "open":
            continue
        own = fold_of(source_of(item))
        others: Counter[str] = Counter()
        for fold, counted in enumerate(counts[_form(item)]):
            if fold != own:
                others.update(counted)
        most = max(others.values(), default=0)
        best = tuple(sorted(answer for answer, n in others.items() if n == most))
        if best or _possible(item):
            found[item.id] = best or _possible(item)
    return found


def _form(item: Item) -> tuple[str, ...]:
    options = str(len(item.options)) if item.answer_kind in ("choice", "multi_choice") else ""
    return (item.subtask, item.answer_kind, options)


def _choices(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.answer_kind == "choice" and len(item.options) > 1]


def _longest_option(items: Sequence[Item]) -> Guesses:
    """The option with most characters. Choice items only."""
    return {item.id: _lettered(longest(item.options)) for item in _choices(items)}


def _choices_only(items: Sequence[Item]) -> Guesses:
    """What a classifier of options takes that learned from other sources' options. Choice items only."""
    chosen = _choices(items)
    offers = [Offer(item.options, ord(item.answer) - ord("A"), source_of(item)) for item in chosen]
    return {item.id: _lettered(best) for item, best in zip(chosen, guesses(offers), strict=True)}


def _lettered(indexes: Sequence[int]) -> tuple[str, ...]:
    return tuple(letters(index + 1)[-1] for index in indexes)


BASELINES: dict[str, Callable[[Sequence[Item]], Guesses]] = {
    "random": _random,
    "majority": _majority,
    "longest-option": _longest_option,
    "choices-only": _choices_only,
}
"""By name, in the order they are shown."""


def replies(name: str, items: Sequence[Item], wanted: Sequence[Item], repeat: int) -> dict[tuple[str, int], str]:
    """The baseline's reply to each wanted item, by id and repetition; ties are drawn from the item's id.

    Args:
        items: the whole benchmark, which it may learn from.
    """
    found = BASELINES[name](items)
    return {
        (item.id, n): rng("baseline", name, item.id, n).choice(found[item.id])
        for item in wanted
        for n in range(repeat)
        if item.id in found
    }
