"""Items and rejected drafts as a page shows them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark_agent.content import AnswerKind, Part, Text
from benchmark_agent.report import words
from benchmark_agent.report.media import Album, Shown
from benchmark_agent.report.types import Rejected
from benchmark_agent.verification.types import Item

OF_EACH = 3
"""Items of a subtask that are shown at most."""
LONGEST_TEXT = 1_500
"""Characters of one text; the middle of a longer one is left out."""
MOST_PARTS = 12
GOLD_BASIS = {
    "computed": "computed by a program from the data shown",
    "source": "the dataset's own label, taken over",
    "written": "written by a model; independent solvers had to agree",
}


@dataclass(frozen=True, slots=True)
class PartView:
    kind: str
    """`text`, `image` or `audio`."""
    text: str = ""
    media: Shown | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    id: str
    subtask: str
    kind: AnswerKind
    parts: tuple[PartView, ...]
    question: str
    options: tuple[tuple[str, str, bool], ...]
    """Letter, text, and whether it is right."""
    answer: str
    facts: tuple[tuple[str, str], ...]
    """Name and value: proof, sources, how it was made."""
    more_parts: int = 0
    """Parts that are not shown."""


def picked(items: Iterable[Item], of_each: int = OF_EACH) -> dict[str, list[Item]]:
    """A few items of each subtask, of different constructions and answer kinds where there are."""
    first: dict[str, dict[tuple[str, str], Item]] = defaultdict(dict)
    others: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        kind = (item.construction, item.answer_kind)
        if kind not in first[item.subtask]:
            first[item.subtask][kind] = item
        elif len(others[item.subtask]) < of_each:
            others[item.subtask].append(item)
    return {name: [*kinds.values(), *others[name]][:of_each] for name, kinds in first.items()}


def item_view(item: Item, album: Album, folder: Path) -> ItemView:
    rights = item.answer if item.answer_kind in ("choice", "multi_choice") else ""
    letters = [chr(ord("A") + place) for place in range(len(item.options))]
    lettered = zip(letters, item.options, strict=True)
    options = tuple((letter, cut(text, 400), letter in rights) for letter, text in lettered)
    right = "; ".join(f"{letter}. {text}" for letter, text, is_right in options if is_right)
    return ItemView(
        id=item.id,
        subtask=item.subtask,
        kind=item.answer_kind,
        parts=tuple(_parts(item.input, album, folder)),
        question=cut(item.question),
        options=options,
        answer=right or cut(item.answer),
        facts=tuple((name, cut(value)) for name, value in _facts(item) if value),
        more_parts=max(0, len(item.input) - MOST_PARTS),
    )


def draft_view(rejected: Rejected, album: Album, folder: Path) -> ItemView | None:
    """The draft that was rejected; its options are in the order they were made."""
    if rejected.draft is None:
        return None
    body = rejected.draft.body
    rights = body.answer.split("\n") if body.answer_kind == "multi_choice" else [body.answer]
    return ItemView(
        id=rejected.draft.job_id,
        subtask=rejected.subtask,
        kind=body.answer_kind,
        parts=tuple(_parts(body.input, album, folder)),
        question=cut(body.question),
        options=tuple(
            (chr(ord("A") + place), cut(text, 400), text in rights) for place, text in enumerate(body.options)
        ),
        answer=cut(body.answer),
        facts=(),
        more_parts=max(0, len(body.input) - MOST_PARTS),
    )


def cut(text: str, most: int = LONGEST_TEXT) -> str:
    """A readable text, without its middle where it is too long."""
    readable = words.readable(text)
    if len(readable) <= most:
        return readable
    half = most // 2
    return f"{readable[:half]}\n[... {len(readable) - 2 * half:,} characters left out ...]\n{readable[-half:]}"


def _parts(parts: Sequence[Part], album: Album, folder: Path) -> Iterator[PartView]:
    for part in parts[:MOST_PARTS]:
        if isinstance(part, Text):
            yield PartView("text", cut(part.text))
        else:
            yield PartView(part.type, media=album.shown(part, folder))


def _facts(item: Item) -> Iterator[tuple[str, str]]:
    yield "Also right", "; ".join(item.accepted)
    yield "Needed to answer", item.target_signal
    yield "Answer rests on", GOLD_BASIS[item.gold_basis]
    yield "Proof", item.proof
    yield "Shown", "; ".join(item.alt)
    yield "Made by", " > ".join(dict.fromkeys(step.tool for step in item.recipe))
    yield "From", "; ".join(f"{row.dataset}, row {row.row} ({row.licence})" for row in item.sources[:3])
    yield "Checks passed", str(sum(result.passed for result in item.checks))
