"""A gap in a text, filled by how long something lasts; wrong fillings last at least ten times as long or as short."""

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Annotated

from benchmark_agent.content import Composed, Items, Phrase
from benchmark_agent.errors import Unfit
from benchmark_agent.quantities import amount_of
from benchmark_agent.tools import construction
from benchmark_agent.tools.constructions import options
from benchmark_agent.tools.constructions.options import Option

GAP = re.compile(r"<\s*(?:mask|blank|gap)\s*>|\[\s*(?:mask|blank|gap)\s*\]|_{3,}", re.IGNORECASE)
_SECONDS = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_629_800, "year": 31_557_600,
}  # fmt: skip
_WORDS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS_OF = dict(enumerate(_WORDS)) | {15: "fifteen", 20: "twenty", 30: "thirty", 40: "forty", 50: "fifty"}
_USUAL = {
    "second": (5, 10, 20, 30), "minute": (2, 5, 10, 15, 20, 30, 40), "hour": (2, 3, 5, 8, 10), "day": (2, 3, 5),
    "week": (2, 3), "month": (2, 3, 5, 8), "year": (2, 3, 5, 10, 20, 30),
}  # fmt: skip
"""How many of a unit people speak of."""
_SAID = re.compile(
    r"(?<![\w.])(?P<count>\d+(?:\.\d+)?|[a-z]+(?:-(?:one|two|three|four|five|six|seven|eight|nine))?)(?P<joint> |-| - )"
    rf"(?P<unit>{'|'.join(_SECONDS)})(?P<many>s?)(?![\w])",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"o'clock|\b\d{1,2}:\d\d\b|\b[ap]\.?m\b|\bnoon\b|\bmidnight\b", re.IGNORECASE)
"""Marks of a time of day: `1600 hours` is none that lasts."""
_CLEAR, _FAR, _SAME = 10, 20_000, 1.2
"""Factors between lengths of time: told apart for certain; no longer tempting; the same thing said roughly."""


def _count(said: str) -> float | None:
    if said.lower() in ("a", "an"):
        return 1.0
    amount = amount_of(said)
    return None if amount is None else amount.value


def _lasting(text: str) -> tuple[re.Match[str], float] | None:
    """Where a text says how long, and how many seconds that is; None when it says so not just once."""
    found = list(_SAID.finditer(text))
    count = _count(found[0]["count"]) if len(found) == 1 else None
    rest = GAP.sub("", _SAID.sub("", text))
    if not count or re.search(r"\d|\b(?:to|or|and|half|third|quarter|dozen|minus)\b", rest):
        return None
    return found[0], count * _SECONDS[found[0]["unit"].lower()]


@construction(
    kinds=("choice",),
    signal="what the text says around the gap",
    companions=24,
    realizes=("temporal-reasoning",),
)
def fill_time_gap(
    context: Annotated[Phrase, "context"],
    answer: Annotated[Items | Phrase, "answer"],
    answers: Annotated[tuple[Items | Phrase, ...], "answer"],
    rng: Random,
) -> Composed:
    """Show a text with a gap where it says how long something lasts, and ask which length of time belongs there.

    Wrong options are worded like the right one and last at least ten times as long, or as short; where they can be,
    they are what fills the gaps of other rows, so that no length of time looks right by itself.

    Raises:
        Unfit: when there is not one gap, or what fills it is no length of time.
    """
    if len(GAP.findall(context.text)) != 1:
        raise Unfit("the text does not have one gap")
    read = _lengths_in(answer)
    if not read:
        raise Unfit("what fills the gap is no length of time")
    lengths = [seconds for _, (_, seconds) in read]
    if max(lengths) > _SAME * min(lengths):
        raise Unfit("the accepted answers are different lengths of time")
    text, (found, seconds) = read[0]
    gold = Option(text, f"{seconds:.0f} s")
    return options.choice(
        f"Which length of time belongs at {GAP.search(context.text)[0]}?",  # type: ignore[index]
        gold,
        _others(text, found, seconds, answers, rng),
        rng,
        basis="source",
        proof=f"the dataset's own answer: {text}; the others last at least {_CLEAR} times as long or as short",
        input=(options.text_part(context.text),),
    )


def _lengths_in(answer: Items | Phrase) -> list[tuple[str, tuple[re.Match[str], float]]]:
    """The accepted texts that say how long, and what they say; none where one of them is a time of day."""
    texts = answer.items if isinstance(answer, Items) else (answer.text,)
    if any(_CLOCK.search(text) for text in texts):
        return []
    return [(text, said) for text in texts if (said := _lasting(text))]


_Length = tuple[float, float, str]
"""Seconds, how many, and of which unit."""


def _others(
    text: str, found: re.Match[str], seconds: float, answers: Sequence[Items | Phrase], rng: Random
) -> list[Option]:
    """Three other lengths of time in the same words. How many are shorter is drawn, so that rank tells nothing."""
    elsewhere = [_of_answer(answer) for answer in answers]
    usual = list(_usual())
    rng.shuffle(usual)
    pool = [each for each in (*elsewhere, *usual) if each and _fits(each, found, seconds)]
    chosen: list[_Length] = []
    shorter = rng.randint(0, 3)
    for sides, most in (((True,), shorter), ((False,), 3), ((True, False), 3)):
        for length in pool:
            apart = all(_ratio(length[0], each[0]) > 2 for each in chosen)
            if (length[0] < seconds) in sides and apart and len(chosen) < most:
                chosen.append(length)
    if len(chosen) < 3:
        raise Unfit("there are not three clearly different lengths of time to offer")
    return [Option(_said(text, found, int(count), unit), f"{value:.0f} s") for value, count, unit in chosen]


def _of_answer(answer: Items | Phrase) -> _Length | None:
    read = _lengths_in(answer)
    if not read:
        return None
    _, (found, seconds) = read[0]
    unit = found["unit"].lower()
    return seconds, seconds / _SECONDS[unit], unit


def _usual() -> Iterator[_Length]:
    """Lengths of time people speak of."""
    for unit, size in _SECONDS.items():
        for count in (1, *_USUAL[unit]):
            yield float(count * size), float(count), unit


def _fits(length: _Length, found: re.Match[str], seconds: float) -> bool:
    """Far from the right length, yet not too far, and sayable in its words: one or several as it is."""
    value, count, _ = length
    sayable = count in _WORDS_OF if not found["count"][0].isdigit() else count == int(count)
    return sayable and (count == 1) == (_count(found["count"]) == 1) and _CLEAR <= _ratio(value, seconds) <= _FAR


def _ratio(a: float, b: float) -> float:
    return max(a / b, b / a)


def _said(text: str, found: re.Match[str], count: int, unit: str) -> str:
    said = found["count"]
    if said.lower() in ("a", "an"):
        words = "an" if unit == "hour" else "a"
    else:
        words = str(count) if said[0].isdigit() else _WORDS_OF[count]
    words = words.capitalize() if said[0].isupper() else words
    return f"{text[: found.start()]}{words}{found['joint']}{unit}{found['many']}{text[found.end() :]}"


TOOLS = (fill_time_gap,)
