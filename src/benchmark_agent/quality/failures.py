"""Where models fail: by subtask, by how items are made, by what must be read, and by the wrong option taken."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from benchmark_agent.evaluation.types import ItemScore, Run
from benchmark_agent.quality.distractors import distractors, traits
from benchmark_agent.quality.figures import metric
from benchmark_agent.quality.intervals import mean_interval
from benchmark_agent.quality.types import ErrorAnalysis, FailureGroup, Metric
from benchmark_agent.verification.types import Item

By = Literal["subtask", "construction", "evidence"]
_MEDIA = {"text": "text", "image": "image", "audio": "sound"}


def analyse(items: Sequence[Item], runs: Sequence[Run]) -> ErrorAnalysis:
    """Failures of the models of `runs` on `items`, grouped; baselines, and replies to other items, are left out."""
    asked = {item.id: item for item in items}
    replies = {run.model: [score for score in run.scores if score.item_id in asked] for run in runs if not run.baseline}
    replies = {model: scores for model, scores in replies.items() if scores}
    return ErrorAnalysis(
        models=len(replies),
        groups=tuple(group for by in ("subtask", "construction", "evidence") for group in _groups(by, asked, replies)),
        traits=traits(asked, replies),
        distractors=distractors(asked, replies),
    )


def evidence_of(item: Item) -> str:
    """What must be read, seen or heard: `image`, `several texts`, `image and text`; `question alone` for nothing."""
    kinds = Counter(item.input[place].type for place in item.evidence if 0 <= place < len(item.input))
    told = [_MEDIA[kind] if n == 1 else f"several {_MEDIA[kind]}s" for kind, n in sorted(kinds.items())]
    return " and ".join(told) or "question alone"


def _name(by: By, item: Item) -> str:
    if by == "subtask":
        return item.subtask
    return item.construction if by == "construction" else evidence_of(item)


def _groups(by: By, asked: Mapping[str, Item], replies: Mapping[str, Sequence[ItemScore]]) -> list[FailureGroup]:
    """Groups in which most points are lost first."""
    names = {item_id: _name(by, item) for item_id, item in asked.items()}
    members: dict[str, dict[str, list[ItemScore]]] = defaultdict(lambda: {model: [] for model in replies})
    for model, scores in replies.items():
        for score in scores:
            members[names[score.item_id]][model].append(score)
    found = [_group(by, name, asked, here) for name, here in members.items()]
    return sorted(found, key=lambda group: (-(group.lost.value or 0), group.name))


def _group(by: By, name: str, asked: Mapping[str, Item], here: Mapping[str, list[ItemScore]]) -> FailureGroup:
    every = [score for scores in here.values() for score in scores]
    outcomes = Counter(score.score.outcome for score in every)
    return FailureGroup(
        by=by,
        name=name,
        items=len({score.item_id for score in every}),
        replies=len(every),
        lost=_lost("lost", every, asked),
        wrong=outcomes["wrong"],
        refused=outcomes["refusal"],
        unparsable=outcomes["unparsable"],
        cut_off=sum(score.stop == "length" for score in every),
        models=tuple(_lost(model, scores, asked) for model, scores in here.items() if scores),
    )


def _lost(name: str, scores: Iterable[ItemScore], asked: Mapping[str, Item]) -> Metric:
    """1 minus the mean score, over items: replies to one item count as one; items of one row stand together."""
    by_item: dict[str, list[float]] = defaultdict(list)
    for score in scores:
        by_item[score.item_id].append(1 - score.score.value)
    rows: dict[tuple[str, str], int] = {}
    clusters = [rows.setdefault(_row(asked[item_id]), len(rows)) for item_id in by_item]
    return metric(name, mean_interval([sum(values) / len(values) for values in by_item.values()], clusters))


def _row(item: Item) -> tuple[str, str]:
    return (item.sources[0].dataset, item.sources[0].row) if item.sources else ("", item.id)
