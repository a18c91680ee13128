"""Constructions in which a picture and a recording are needed together: neither tells the answer alone."""

from collections.abc import Callable, Sequence
from itertools import permutations
from random import Random
from typing import Annotated, NamedTuple

from benchmark_agent.content import Composed, Image, Phrase, Table
from benchmark_agent.errors import Unfit
from benchmark_agent.tools import Media, construction
from benchmark_agent.tools.constructions.image_tables import part_of
from benchmark_agent.tools.constructions.spoken_parts import language_in, read_by_someone, some_lines, spoken_lines
from benchmark_agent.tools.constructions.wording import ordinal, thing
from benchmark_agent.tools.render.charts import ChartKind, chart_of, draw_chart
from benchmark_agent.tools.render.pages import draw_page
from benchmark_agent.tools.sound.engines import missing_speech
from benchmark_agent.tools.sound.heard import number_words
from benchmark_agent.tools.sound.takes import Take, keep, told

LARGEST = 9999
"""Greatest value of a chart that is corrected aloud."""
YEARS = range(1500, 2101)
"""Values that are taken for years when all of a column are among them."""
_KINDS: tuple[ChartKind, ...] = ("bar", "horizontal bar")


# -- a chart, and a correction to it -----------------------------------------------------------------------


@construction(
    kinds=("choice",), signal="the chart and the correction that is spoken", shows="audio", missing=missing_speech
)
def hear_correction(table: Annotated[Table, "table"], rng: Random, media: Media) -> Composed:
    """Draw a table as a chart, speak a correction to one of its values, and ask which value is then the highest."""
    part, names_at, column = part_of(table, rng, 8)
    names = [str(row[names_at]) for row in part.rows]
    values = [_whole(row[column]) for row in part.rows]
    order = sorted(range(len(values)), key=lambda k: (-values[k], k))
    if len(set(values)) < len(values):
        raise Unfit("two entries have the same value")
    if all(value in YEARS for value in values):
        raise Unfit("years are no heights: their bars are alike, and a correction may name a year to come")
    at, new = rng.choice((_lowered, _raised, _beside))(values, order, rng)
    after = [new if k == at else value for k, value in enumerate(values)]
    gold = max(range(len(after)), key=after.__getitem__)
    shown = list(dict.fromkeys([gold, order[0], order[1], at, *rng.sample(order, len(order))]))[:4]
    said = f"A correction to the chart. The value for {names[at]} is {new}, not {values[at]}."
    if not said.isascii():
        raise Unfit(f"the name {names[at]!r} is not read aloud in English")
    chart = chart_of(part, rng.choice(_KINDS))
    kind, measure = thing(part.columns[names_at]).lower(), part.columns[column]
    return _together(
        media.image(draw_chart(chart)),
        read_by_someone(said, "en", rng),
        media,
        question=f"With the correction in the recording, which {kind} has the highest value of “{measure}”?",
        options=[names[k] for k in shown],
        proof=f"{names[at]} is {new} and not {values[at]}; {names[gold]} is then highest with {after[gold]}",
        alt="; ".join(f"{name} {value}" for name, value in zip(names, values, strict=True)),
        rng=rng,
    )


def _whole(cell: str | int | float | None) -> int:
    if not isinstance(cell, int | float) or cell != int(cell) or not 0 <= cell <= LARGEST:
        raise Unfit(f"only whole numbers up to {LARGEST} are corrected aloud, and {cell!r} is none")
    return int(cell)


def _lowered(values: Sequence[int], order: Sequence[int], rng: Random) -> tuple[int, int]:
    """The highest falls under the second: which entry, and its new value."""
    return order[0], _free(values, values[order[-1]], values[order[1]] - 1, rng)


def _raised(values: Sequence[int], order: Sequence[int], rng: Random) -> tuple[int, int]:
    """Another one rises above the highest."""
    top = values[order[0]]
    return rng.choice(order[1:]), _free(values, top + 1, top + max(2, (top - values[order[-1]]) // 3), rng)


def _beside(values: Sequence[int], order: Sequence[int], rng: Random) -> tuple[int, int]:
    """Another one changes, and the highest stays highest."""
    return rng.choice(order[1:]), _free(values, values[order[-1]], values[order[0]] - 1, rng)


def _free(values: Sequence[int], low: int, high: int, rng: Random) -> int:
    """A value from `low` to `high` that is nobody's."""
    free = [value for value in range(low, high + 1) if value not in values]
    if not free:
        raise Unfit("the values lie too close together to be corrected")
    return rng.choice(free)


# -- a page, and changes to it --------------------------------------------------------------------------------


class Edit(NamedTuple):
    said: str
    done: Callable[[list[int]], list[int]]
    """What it makes of the numbers on the page, in their order."""


@construction(
    kinds=("choice",), signal="the page and the changes that are spoken", shows="audio", missing=missing_speech
)
def hear_note(text: Annotated[Phrase, "context"], rng: Random, media: Media) -> Composed:
    """Show sentences of a text as a numbered page, speak two changes to it, and ask what then stands in a place."""
    lines = some_lines(spoken_lines(text), rng, range(5, 8))
    if language_in(text) != "en":
        raise Unfit("changes to a page are spoken in English only")
    rng.shuffle(lines)
    numbers = list(range(len(lines)))
    (first, second), place = _changes(numbers, rng)
    stages = [second.done(first.done(numbers)), numbers, first.done(numbers), second.done(numbers)]
    gold = stages[0][place]
    tempting = [stage[place] for stage in stages[1:] if place < len(stage)]
    shown = list(dict.fromkeys([gold, *tempting, *rng.sample(numbers, len(numbers))]))[:4]
    said = f"Two changes to the page, by its numbers. First, {first.said}. Then, {second.said}."
    after = " ".join(str(k + 1) for k in stages[0])
    return _together(
        media.image(draw_page("\n\n".join(f"{k}. {line}" for k, line in enumerate(lines, 1)))),
        read_by_someone(said, "en", rng),
        media,
        question=f"After the changes asked for in the recording, which sentence is the {ordinal(place + 1)} one?",
        options=[lines[k] for k in shown],
        proof=f"“{said}” leaves the numbers {after}; in place {place + 1} stands number {gold + 1}",
        alt=" ".join(f"{k}. {line}" for k, line in enumerate(lines, 1)),
        rng=rng,
    )


def _changes(numbers: list[int], rng: Random) -> tuple[tuple[Edit, Edit], int]:
    """Two changes to different sentences, and a place whose sentence neither the page nor one change alone tells."""
    edits = [(k, make(k)) for k in numbers for make in (_struck, _to_top, _to_end)]
    pairs = [(one, two) for (k, one), (j, two) in permutations(edits, 2) if k != j]
    rng.shuffle(pairs)
    for one, two in pairs:
        after = two.done(one.done(numbers))
        alone = (numbers, one.done(numbers), two.done(numbers))
        places = [at for at, k in enumerate(after) if all(at >= len(each) or each[at] != k for each in alone)]
        if places:
            return (one, two), rng.choice(places)
    raise Unfit("no two changes move a sentence to a place of its own")


def _struck(k: int) -> Edit:
    return Edit(f"strike out number {number_words(k + 1)}", lambda order: [j for j in order if j != k])


def _to_top(k: int) -> Edit:
    return Edit(f"move number {number_words(k + 1)} to the top", lambda order: [k, *(j for j in order if j != k)])


def _to_end(k: int) -> Edit:
    return Edit(f"move number {number_words(k + 1)} to the end", lambda order: [*(j for j in order if j != k), k])


# -- what they share ------------------------------------------------------------------------------------------


def _together(
    image: Image, take: Take, media: Media, *, question: str, options: list[str], proof: str, alt: str, rng: Random
) -> Composed:
    """A choice that needs the picture and the recording; the first option is right."""
    gold = options[0]
    return Composed(
        input=(image, keep(take, media)),
        question=question,
        answer_kind="choice",
        options=tuple(rng.sample(options, len(options))),
        answer=gold,
        gold_basis="computed",
        evidence=(0, 1),
        proof=proof,
        alt=(alt, told(take.making)),
    )


TOOLS = (hear_correction, hear_note)
