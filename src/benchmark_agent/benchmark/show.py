"""An item as a person reads it, and its passport: where it comes from, how it was made, why its gold is right."""

from collections.abc import Iterator

from benchmark_agent.content import Audio, Image, Part
from benchmark_agent.verification.types import Item

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
GOLD_BASIS = {
    "source": "the dataset's own label",
    "computed": "derived by a program",
    "written": "written by a model, and independent solvers agreed",
}


def render_item(item: Item) -> str:
    """The item in plain text: what it shows, the question, the options and the answer."""
    return "\n".join(_lines(item))


def explain(item: Item) -> str:
    """The item and its whole passport, in plain text."""
    return "\n".join([*_lines(item), "", *_passport(item)])


def gold(item: Item) -> str:
    """The answer in words: letters with the options they stand for."""
    if item.answer_kind not in ("choice", "multi_choice"):
        return item.answer
    named = dict(zip(LETTERS, item.options, strict=False))
    return "; ".join(f"{letter}. {named[letter]}" if letter in named else letter for letter in item.answer)


def media_parts(item: Item) -> tuple[Image | Audio, ...]:
    return tuple(part for part in item.input if isinstance(part, (Image, Audio)))


def _lines(item: Item) -> Iterator[str]:
    yield f"{item.id} | {item.subtask} | {item.answer_kind}"
    yield ""
    for _, told in _parts(item):
        yield told
        yield ""
    yield f"Question: {item.question}"
    for letter, option in zip(LETTERS, item.options, strict=False):
        yield f"  {letter}. {option}"
    yield f"Answer: {gold(item)}"
    if item.accepted:
        yield "Also right: " + "; ".join(item.accepted)


def _parts(item: Item) -> Iterator[tuple[Part, str]]:
    shown = iter(item.alt)
    for part in item.input:
        if part.type == "text":
            yield part, part.text
            continue
        words = next(shown, "")
        yield part, f"[{_medium(part)}{': ' + words if words else ''}]"


def _medium(part: Image | Audio) -> str:
    if isinstance(part, Image):
        return f"image {part.path}, {part.width} x {part.height} pixels"
    return f"audio {part.path}, {part.duration:g} s at {part.sample_rate} Hz"


def _passport(item: Item) -> Iterator[str]:
    yield f"Target signal: {item.target_signal}"
    yield f"Gold: {GOLD_BASIS[item.gold_basis]}; scored by {item.scorer!r}"
    if item.proof:
        yield f"Proof: {item.proof}"
    if item.evidence:
        places = ", ".join(f"{index + 1} ({item.input[index].type})" for index in item.evidence if _in(item, index))
        yield f"Evidence: part {places} of {len(item.input)}"
    yield "Sources:"
    for row in item.sources:
        yield f"  {row.dataset}, row {row.row} (number {row.ordinal}), licence {row.licence}, data {row.digest}"
    yield "Recipe:"
    for number, step in enumerate(item.recipe, 1):
        arguments = ", ".join(f"{name}={value!r}" for name, value in step.args)
        yield f"  {number}. {step.tool}({arguments}) version {step.version}, writes {step.wrote!r}"
    yield "Checks:"
    for result in item.checks:
        told = f": {result.reason}" if result.reason else ""
        yield f"  {'passed' if result.passed else 'FAILED'} {result.check}{told}"


def _in(item: Item, index: int) -> bool:
    return 0 <= index < len(item.input)
