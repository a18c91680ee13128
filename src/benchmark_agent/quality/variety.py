"""How various the items are and what they cover, from the items alone: no model needs to have been run."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import exp, log

import numpy as np
from scipy.sparse import csr_array
from scipy.special import gammaln

from benchmark_agent.content import Text
from benchmark_agent.lexical import terms
from benchmark_agent.quality.alike import Shown, mean_similarity, near_pairs, sampled, vectors, vendi
from benchmark_agent.quality.figures import figure, metric
from benchmark_agent.quality.types import Metric, SubtaskVariety, Variety
from benchmark_agent.similarity import NEAR, salient
from benchmark_agent.verification.types import Item

WINDOW = 42
"""Words a sample of `lexical_diversity` has."""
_COPIES = 0.02
"""Share of items with a near-duplicate, above which a warning is given."""
_REUSED = 0.5
"""Distinct media a use, under which a warning is given."""


def variety(items: Sequence[Item], planned: Mapping[str, int], seed: int = 0) -> Variety:
    """The figures of the whole set and of each subtask.

    Args:
        planned: items that were meant for each subtask, empty ones included.
        seed: of the sample that pairs are drawn from in sets of more than `alike.SAMPLE` items.
    """
    matrix = vectors([_shown(item) for item in items])
    near = near_pairs([_read(item) for item in items], [_guard(item) for item in items])
    copies = {place for pair in near for place in pair}
    groups: dict[str, list[int]] = {name: [] for name in planned}
    for place, item in enumerate(items):
        groups.setdefault(item.subtask, []).append(place)

    def measured(places: Sequence[int]) -> tuple[Metric, ...]:
        found = _measures([items[n] for n in places], matrix[places], seed)
        return (*found, _near_share(len(copies.intersection(places)), len(places)))

    subtasks = tuple(
        SubtaskVariety(subtask=name, items=len(here), planned=planned.get(name, len(here)), metrics=measured(here))
        for name, here in groups.items()
    )
    whole = (*measured(range(len(items))), *_coverage(subtasks))
    return Variety(
        items=len(items),
        metrics=whole,
        subtasks=subtasks,
        near_duplicates=tuple((items[one].id, items[two].id) for one, two in near),
        warnings=tuple(_warnings(whole, subtasks)),
    )


def _shown(item: Item) -> Shown:
    asked = frozenset(term for text in (item.question, *item.options) for term in _terms(text))
    texts = frozenset(term for part in item.input if isinstance(part, Text) for term in _terms(part.text))
    media = tuple(part.sha256 for part in item.input if not isinstance(part, Text))
    return Shown(asked, texts, frozenset(media))


def _read(item: Item) -> tuple[str, str]:
    """What is asked, and the passages."""
    passages = "\n".join(part.text for part in item.input if isinstance(part, Text))
    return " ".join((item.question, *item.options)), passages


def _guard(item: Item) -> tuple[object, ...]:
    """What near-duplicates have in common exactly: templated items differ in their numbers, names and media only."""
    texts = (part.text for part in item.input if isinstance(part, Text))
    media = tuple(part.sha256 for part in item.input if not isinstance(part, Text))
    return _salient(" ".join((item.question, *sorted(item.options)))), *map(_salient, texts), media


_terms = lru_cache(maxsize=20_000)(lambda text: tuple(terms(text)))
_salient = lru_cache(maxsize=20_000)(lambda text: tuple(salient(text)))


def _measures(items: Sequence[Item], matrix: csr_array, seed: int) -> Iterator[Metric]:
    if not items:
        return
    rows = [(item.sources[0].dataset, item.sources[0].row) if item.sources else ("", item.id) for item in items]
    numbers = {row: n for n, row in enumerate(dict.fromkeys(rows))}
    codes = np.array([numbers[row] for row in rows])
    picked = sampled(len(items), seed)
    said = "" if picked.size == len(items) else f"; from {picked.size} items drawn at random"
    yield metric(
        "similarity",
        mean_similarity(matrix[picked], codes[picked]),
        f"mean cosine of the words and media of two items, 0: nothing shared, 1: the same; grows with templates{said}",
    )
    yield figure(
        "vendi",
        vendi(matrix[picked]),
        int(picked.size),
        f"Vendi score: wholly different items this set is worth; compare sets of one size only{said}",
    )
    words = Counter(term for item in items for term in _terms(" ".join((item.question, *item.options))))
    yield figure(
        "lexical_diversity",
        lexical_diversity(words),
        words.total(),
        f"HD-D of questions and options: share of different words among {WINDOW} drawn at random; n words",
    )
    yield _effective("wordings", [_wording(item.question) for item in items], named=False)
    yield _effective("constructions", [item.construction for item in items])
    yield _effective("datasets", [dataset for dataset, _ in rows])
    yield figure("distinct_rows", len(numbers) / len(rows), len(rows), "source rows an item; 1: none is used twice")
    uses = [part.sha256 for item in items for part in item.input if not isinstance(part, Text)]
    if uses:
        yield figure("distinct_media", len(set(uses)) / len(uses), len(uses), "different media a use; n uses")


def _near_share(found: int, items: int) -> Metric:
    note = (
        f"share of items with another of equal numbers, names and media, and words that are near (Jaccard from {NEAR})"
    )
    return figure("near_duplicates", found / items if items else float("nan"), items, note)


def lexical_diversity(words: Mapping[str, int]) -> float:
    """HD-D: the expected share of different words among `WINDOW` words drawn without replacement, 0-1.

    Does not fall with length as the type-token ratio does. NaN for fewer words than that.
    Source: McCarthy and Jarvis 2010, Behavior Research Methods 42(2).
    """
    counts = np.array(list(words.values()), dtype=np.float64)
    total = counts.sum()
    if total < WINDOW:
        return float("nan")
    left = total - counts
    fits = left >= WINDOW
    logs = gammaln(left + 1) - gammaln(np.where(fits, left - WINDOW, 0) + 1)
    absent = np.where(fits, np.exp(logs - gammaln(total + 1) + gammaln(total - WINDOW + 1)), 0.0)
    return float((1 - absent).sum() / WINDOW)


def effective(counts: Mapping[str, int]) -> float:
    """The number of equally common kinds that are as various: the exponential of Shannon's entropy.

    Source: Hill 1973, Ecology 54(2), order 1.
    """
    total = sum(counts.values())
    return exp(-sum(n / total * log(n / total) for n in counts.values()))


def _effective(what: str, names: Sequence[str], named: bool = True) -> Metric:
    counts = Counter(names)
    most, n = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
    which = f"the commonest, '{most}'," if named else "the commonest"
    note = f"equally common {what} it is worth (Hill number); {len(counts)} are used, {which} by {n} of {len(names)}"
    return figure(f"effective_{what}", effective(counts), len(names), note)


def _wording(question: str) -> str:
    """The words of a question without its numbers and names: what a template leaves."""
    marks = {word for line in _salient(question) for word in line.casefold().split()}
    kept = (word for word in question.casefold().split() if not any(sign.isdigit() for sign in word))
    return " ".join(word for word in kept if word.strip("'\".,:;?!()[]“”‘’") not in marks)


def _coverage(subtasks: Sequence[SubtaskVariety]) -> tuple[Metric, ...]:
    wanted = sum(each.planned for each in subtasks)
    had = sum(min(each.items, each.planned) for each in subtasks)
    filled = sum(each.items >= each.planned for each in subtasks)
    return (
        figure("planned_items", had / wanted if wanted else float("nan"), wanted, "share delivered, by subtask"),
        figure(
            "filled_subtasks",
            filled / len(subtasks) if subtasks else float("nan"),
            len(subtasks),
            "share of subtasks that got all items planned; n subtasks",
        ),
    )


def _warnings(whole: Sequence[Metric], subtasks: Sequence[SubtaskVariety]) -> Iterator[str]:
    known = {each.name: each for each in whole}
    copies = known["near_duplicates"].value or 0
    if copies > _COPIES:
        yield f"{100 * copies:.0f} % of the items have a near-duplicate among the others: they count twice"
    media = known.get("distinct_media")
    if media is not None and (media.value or 0) < _REUSED:
        files = round((media.value or 0) * media.n)
        yield f"{files} media files are shown {media.n} times: intervals that take items as unrelated are too narrow"
    for each in subtasks:
        if each.items < each.planned:
            yield f"'{each.subtask}' has {each.items} of the {each.planned} items planned"
