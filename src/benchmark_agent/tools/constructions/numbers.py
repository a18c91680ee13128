"""Numbers in options: how they are written, when two are the same, and which wrong ones are tempting."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations
from random import Random

from benchmark_agent.errors import Unfit

_POWER = re.compile(r"(?<=[a-z])([23])(?![0-9a-z])")
_SUPERSCRIPT = {"2": "²", "3": "³"}
_BEFORE = frozenset({"$", "€", "£", "¥"})
_TIGHT = frozenset({"%", "°"})
_ONE = {"people": "person", "feet": "foot", "inches": "inch", "children": "child"}
_WRITTEN = re.compile(r"(?P<sign>[-−]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<places>\.\d+)?")
_AROUND = re.compile(rf"(?P<before>[^\d\s\-−]{{0,3}} ?)(?P<number>{_WRITTEN.pattern})(?P<after>\s?[^\d,.]{{0,24}})")


CLEAR = Decimal("1.25")
"""Factor between values of a closed-book fact that are told apart for certain."""


def exact(value: int | float) -> Decimal:
    """As written: 0.1 is one tenth."""
    return Decimal(str(value))


def canonical(value: Decimal) -> str:
    """One spelling a value: `0.5`, `551500`."""
    plain = f"{value.normalize():f}"
    return "0" if plain == "-0" else plain


def units(unit: str, value: Decimal) -> str:
    """The unit beside this value: `km²`, `1 foot`, `2 feet`."""
    unit = _POWER.sub(lambda power: _SUPERSCRIPT[power[1]], unit)
    if value != 1:
        return unit
    first, space, rest = unit.partition(" ")
    singular = first[:-1] if re.fullmatch(r"[a-z]{3,}[^su]s", first) else first
    return _ONE.get(first, singular) + space + rest


def shown(value: Decimal, unit: str = "") -> str:
    """A value with its unit, thousands grouped but for what may be a year."""
    year_like = not unit and value == value.to_integral_value() and abs(value) <= 2100
    plain = value.normalize() + 0
    digits = f"{plain:f}" if year_like or abs(value) < 1000 else f"{plain:,f}"
    if unit in _BEFORE:
        return f"-{unit}{digits[1:]}" if value < 0 else unit + digits
    return digits + (unit if unit in _TIGHT or not unit else f" {units(unit, value)}")


def read(text: str) -> Decimal | None:
    """The number a text is, `1,204` or `-3.5`, else None."""
    found = _WRITTEN.fullmatch(text.strip())
    return _value(found) if found else None


def _value(found: re.Match[str]) -> Decimal:
    return Decimal(f"{'-' if found['sign'] else ''}{found['digits'].replace(',', '')}{found['places'] or ''}")


def places(value: Decimal) -> int:
    """Digits after the point."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def slips(value: Decimal) -> list[Decimal]:
    """What careless reckoning makes of a value: off by one or ten in the last digit, digits swapped, doubled, halved.

    Digits stay as many as the value has; a value that is not negative stays so.
    """
    significand, exponent = _parts(value)
    size = abs(significand)
    wrong = [size + step for step in (1, -1, 2, -2)]
    if size >= 20:
        wrong += [size + 10, size - 10, *_swapped(size)]
    if size >= 100:
        wrong += [size + 100, size - 100]
    wrong += [size * 2, size // 2] if size < 50 and size % 2 == 0 else []
    sign = -1 if significand < 0 else 1
    fine = [sign * n for n in dict.fromkeys(wrong) if n >= 0 and n != size and (n > 0 or exponent == 0)]
    return [Decimal(n).scaleb(exponent) for n in fine]


def _parts(value: Decimal) -> tuple[int, int]:
    """Significand and exponent; whole numbers under a hundred are counted in ones, not tens."""
    sign, digits, exponent = value.normalize().as_tuple()
    significand = int("".join(map(str, digits))) * (-1 if sign else 1)
    power = exponent if isinstance(exponent, int) else 0
    if power > 0 and abs(value) < 100:
        return significand * 10**power, 0
    return significand, power


def _swapped(size: int) -> Iterator[int]:
    digits = str(size)
    for at in range(len(digits) - 1):
        left, right = digits[at], digits[at + 1]
        if left != right and not (at == 0 and right == "0"):
            yield int(digits[:at] + right + left + digits[at + 2 :])


def near(gold: Decimal, rng: Random, count: int = 3, tempting: Iterable[Decimal] = ()) -> list[Decimal]:
    """Wrong values around the gold: those of typical mistakes first, then slips of the gold and of one another.

    How many lie under the gold is drawn, so that neither rank nor nearness to the others tells the gold. Three that
    are all slips are those of one slip, of another, and of both: with the gold, four of which each is like the others.

    Raises:
        Unfit: when there are not `count`.
    """
    fine = places(gold)
    likely = [v for v in dict.fromkeys(tempting) if v != gold and (v >= 0 or gold < 0) and places(v) == fine]
    if not likely and count == 3 and (corners := _corners(gold, rng)):
        return corners
    close = slips(gold)
    rng.shuffle(likely)
    rng.shuffle(close)
    further = slips(close[0]) if close else []
    rng.shuffle(further)
    pool = list(dict.fromkeys(v for v in (*likely, *close, *further) if v != gold))
    below = [v for v in pool if v < gold]
    above = [v for v in pool if v > gold]
    under = min(rng.randint(0, count), len(below))
    chosen = below[:under] + above[: count - under]
    chosen += below[under : under + count - len(chosen)]
    if len(chosen) < count:
        raise Unfit(f"there are not {count} wrong values near {canonical(gold)}")
    return chosen


def _corners(gold: Decimal, rng: Random) -> list[Decimal]:
    """What one slip, another and both make of a value; empty when no two go together."""
    steps = [value - gold for value in slips(gold) if value - gold not in (gold, -gold)]
    rng.shuffle(steps)
    for one, other in combinations(steps, 2):
        made = [gold + one, gold + other, gold + one + other]
        alike = all(value != 0 and (value > 0) == (gold > 0) and places(value) == places(gold) for value in made)
        if alike and len({gold, *made}) == 4:
            return made
    return []


def near_texts(text: str, rng: Random, count: int = 3, passage: str = "") -> list[tuple[str, str]] | None:
    """Wrong numbers written like `text` (`$4.50`, `1,204 km`), each with its canonical value; None if none is there.

    Args:
        passage: where the number stands among others; these come first, so that finding a number is not enough.
    """
    found = _AROUND.fullmatch(text.strip())
    if not found or not found["number"]:
        return None
    gold = _value(found)
    decimals = len(found["places"] or ".") - 1
    grouped = "," if "," in found["digits"] else ""
    beside = [_value(other) for other in _WRITTEN.finditer(passage)] if gold else []
    rivals = [value for value in beside if value * gold > 0 and max(value / gold, gold / value) < 20]

    def written(value: Decimal) -> str:
        return f"{found['before']}{value:{grouped}.{decimals}f}{found['after']}"

    return [(written(value), canonical(value)) for value in near(gold, rng, count, rivals)]


def miscounts(text: str, rng: Random) -> list[str]:
    """Three texts like `text` with one, another, or both of two of its numbers off; empty when it has fewer than two.

    With the text itself they are four of which each is as near to the others as any.
    """
    found = list(_WRITTEN.finditer(text))
    if len(found) < 2:
        return []
    one, two = sorted(rng.sample(found, 2), key=lambda match: match.start())
    wrong_one, wrong_two = (f"{near(_value(match), rng, 1)[0]:f}" for match in (one, two))
    before, between, after = text[: one.start()], text[one.end() : two.start()], text[two.end() :]
    pairs = ((wrong_one, two[0]), (one[0], wrong_two), (wrong_one, wrong_two))
    return [before + first + between + second + after for first, second in pairs]


def apart(a: Decimal, b: Decimal) -> bool:
    """Whether two values differ so much, by a quarter, that no source of the fact would take one for the other."""
    low, high = sorted((abs(a), abs(b)))
    return a != b and ((a < 0) != (b < 0) or low == 0 or high / low >= CLEAR)
