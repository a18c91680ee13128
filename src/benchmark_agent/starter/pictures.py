"""What every family of drawn pictures shares: rows with an image each, and wrong options that tempt."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

from pydantic import JsonValue

from benchmark_agent.content import ValueType
from benchmark_agent.errors import StageError, Unfit
from benchmark_agent.seeds import rng
from benchmark_agent.sources.cards import Field
from benchmark_agent.starter.evenness import Even
from benchmark_agent.starter.families import LEVELS, LICENCE, split, texts_of
from benchmark_agent.starter.makers import Maker, PartialCard, field

Row = dict[str, JsonValue]
Draw = Callable[[Random, str], tuple[Row, bytes] | None]
"""One row and its PNG, given the draws and the level of difficulty; None when the draw makes no good picture."""

SOURCE = "Drawn by benchmark-agent; the answers are computed from what the program drew."


def drawn(
    name: str,
    size: int,
    draw: Draw,
    *,
    description: str,
    topics: str,
    fields: Sequence[Field],
    share: float = 0.2,
    alike: Callable[[Row], str] | None = None,
    even: bool = False,
) -> Maker:
    """A dataset of drawn pictures; `topics` are separated by commas, `share` bounds the commonest answer, 0-1.

    Of rows for which `alike` says the same only the first is kept. `even`: rows are kept so that the options alone do
    not tell the answer.
    """
    card = PartialCard(
        name=name,
        description=description,
        topics=split(topics),
        licence=LICENCE,
        source=SOURCE,
        fields=(field("id", "id"), field("image", "image", "image", "picture"), *fields),
    )

    def rows(folder: Path) -> Iterator[Row]:
        (folder / "images").mkdir(parents=True, exist_ok=True)
        answers: Counter[str] = Counter()
        seen: set[str | bytes] = set()
        kept = 0
        options = Even()
        for attempt in range(80 * size):
            if kept == size:
                return
            level = LEVELS[kept % len(LEVELS)]
            made = _attempt(draw, rng("starter", name, attempt), level)
            if made is None:
                continue
            row, png = made
            answer = str(row.get("answer") or row.get("caption"))
            sort = alike(row) if alike else png
            if sort in seen or answers[answer] >= max(2, int(share * size)):
                continue
            if even and not options.admits(texts_of(row["options"]), answer):
                continue
            answers[answer] += 1
            path = f"images/{kept:04d}.png"
            (folder / path).write_bytes(png)
            yield {"id": f"{name}-{kept:04d}", "image": path, **row, "difficulty": level}
            seen.add(sort)
            kept += 1
        if kept < size:
            raise StageError(f"the starter family '{name}' made {kept} of {size} rows")

    return Maker(card, rows)


def _attempt(draw: Draw, random: Random, level: str) -> tuple[Row, bytes] | None:
    try:
        return draw(random, level)
    except Unfit:
        return None


def asked(answer: ValueType = "phrase", unit: str = "") -> tuple[Field, ...]:
    """Question, answer, options and difficulty: what every picture that asks has."""
    return (
        field("question", "question"),
        field("answer", "answer", answer, unit=unit),
        field("options", "options", "choices", description="Wrong options come from typical misreadings."),
        field("difficulty", "metadata", "label", scale=LEVELS),
    )


def around(
    random: Random, gold: int, misread: Iterable[int] = (), low: int = 0, step: int = 1, high: int | None = None
) -> list[JsonValue]:
    """Four options from `low` to `high`: the number, what misreadings give, then close values.

    Every rank of the number among them is as likely, where the bounds allow it.
    """
    close = [gold + sign * step * far for far in (1, 2, 3, 4) for sign in (1, -1)]
    pool = [value for value in dict.fromkeys([*misread, *close]) if value != gold and value >= low]
    pool = [value for value in pool if high is None or value <= high]
    below, above = [v for v in pool if v < gold], [v for v in pool if v > gold]
    lower = max(min(random.randrange(4), len(below)), 3 - len(above))
    options = [gold, *below[:lower], *above[: 3 - lower]]
    random.shuffle(options)
    return [str(option) for option in options]


def among(random: Random, gold: str, others: Iterable[str]) -> list[JsonValue]:
    """Four options: the answer and three others, the first ones given; fewer where there are no more."""
    options = [gold, *[other for other in dict.fromkeys(others) if other != gold][:3]]
    random.shuffle(options)
    return [*options]
