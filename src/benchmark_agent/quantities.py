"""Numbers, amounts with a unit, dates and times, as people and models write them."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from benchmark_agent.wording import key, plain


def _split(names: str) -> list[str]:
    return names.split()


_SMALL = _split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = _split("twenty thirty forty fifty sixty seventy eighty ninety")
_WORD_VALUES: dict[str, int] = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_NUMBER_WORD = "|".join([*sorted(_WORD_VALUES, key=len, reverse=True), "dozen", *_SCALES])
_WORDS = re.compile(
    rf"(?<![\w-])(?:minus |negative )?(?:{_NUMBER_WORD})(?:(?:[ -]|,? and )(?:{_NUMBER_WORD}))*(?![\w-])"
)

_NUMBER_WORDS = re.compile(_NUMBER_WORD)
_CURRENCY = re.compile("[$€£¥]")
_NUMBER = re.compile(
    r"""(?P<sign>(?<![\w.)%])[-+]|(?<![\w])(?:[Mm]inus|[Nn]egative)\s)?
    (?:[$€£¥]\s?)?(?<![\w./])
    (?:(?P<whole>\d{1,15})\s)?(?P<top>\d{1,15})\s?/\s?(?P<bottom>[1-9]\d{0,14})(?![\w/.])
    |(?P<sign2>(?<![\w.)%])[-+]|(?<![\w])(?:[Mm]inus|[Nn]egative)\s)?
    (?:[$€£¥]\s?)?(?<![\w.])
    (?P<digits>\d{1,3}(?:[,']\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?|\.\d+)
    (?:(?:\s?[x×*]\s?10\s?\^\s?\{?|[eE](?=[-+]?\d))(?P<power>[-+]?\d{1,2})(?!\d)\}?)?
    """,
    re.VERBOSE,
)
_AFTER = re.compile(
    r"\s?(?P<percent>%|percent\b|per cent\b|pct\b)|\s?(?P<scale>hundred|thousand|million|billion|trillion)\b"
)
_UNIT = re.compile(r"\s?([A-Za-zµμ°Ω][A-Za-z°/]*(?:\^\d)?|[€£¥])")
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[\u00a0\u202f\u2009]\d{3})+)(?!\d)")

# Dimension, then for each unit its size in the dimension's first unit, then its names.
_UNIT_TABLE = (
    "length 1 m metre metres meter meters; .001 mm millimetre millimetres millimeter millimeters; "
    ".01 cm centimetre centimetres centimeter centimeters; 1000 km kilometre kilometres kilometer kilometers; "
    ".0254 inch inches; .3048 ft foot feet; .9144 yd yard yards; 1609.344 mi mile miles",
    "mass 1 g gram grams gramme grammes; .001 mg milligram milligrams; 1000 kg kilogram kilograms; "
    "1000000 t tonne tonnes; 28.349523125 oz ounce ounces; 453.59237 lb lbs pound pounds",
    "time 1 s sec second seconds; .001 ms millisecond milliseconds; 60 min mins minute minutes; "
    "3600 h hr hrs hour hours; 86400 d day days; 604800 wk week weeks",
    "volume 1 l L litre litres liter liters; .001 ml mL millilitre millilitres milliliter milliliters; "
    ".01 cl centilitre centilitres; 1000 m^3",
    "area 1 m^2; 10000 ha hectare hectares; 1000000 km^2; .0001 cm^2",
    "frequency 1 Hz hertz; 1000 kHz kilohertz; 1000000 MHz megahertz; 1000000000 GHz gigahertz",
    "celsius 1 °C celsius",
    "fahrenheit 1 °F fahrenheit",
    "kelvin 1 K kelvin",
    "angle 1 ° degree degrees deg",
    "money-usd 1 $ USD dollar dollars; .01 cent cents",
    "money-eur 1 € EUR euro euros",
    "money-gbp 1 £ GBP",
)


def _units() -> dict[str, tuple[str, float]]:
    table: dict[str, tuple[str, float]] = {}
    for line in _UNIT_TABLE:
        dimension, rest = line.split(" ", 1)
        for entry in rest.split("; "):
            size, *names = entry.split()
            table.update({name: (dimension, float(size)) for name in names})
    return table


UNITS = _units()
"""Dimension and size in the dimension's base unit, by each name of the unit."""


def unit_named(name: str) -> tuple[str, float] | None:
    """Dimension and size of a unit. Short symbols keep their case (`mm`, `MHz`), long names do not."""
    return UNITS.get(name) or (UNITS.get(name.lower()) if len(name) > 3 else None)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as written in a text."""

    value: float
    start: int
    end: int
    """Position in the text it was read from, without unit and percent sign."""
    form: str
    """`integer`, `decimal`, `fraction` or `word`."""
    decimals: int = 0
    """Digits written after the decimal sign."""
    other: float | None = None
    """The other reading, where `1,234` may mean 1234 or 1.234."""
    percent: bool = False
    unit: str = ""
    """The word after it (or the currency sign before it), whether or not it is a known unit."""


def amounts(text: str) -> Iterator[Amount]:
    """The numbers written in digits in a text, in order. `text` as `plain` or `visible` leaves it."""
    if not text.isascii():
        text = _SPACED_THOUSANDS.sub(lambda found: re.sub(r"\D", "", found.group()), text)
    for found in _NUMBER.finditer(text):
        amount = _fraction(found) if found["bottom"] else _digits(found)
        yield _with_unit(amount, text)


def _fraction(found: re.Match[str]) -> Amount:
    value = int(found["whole"] or 0) + int(found["top"]) / int(found["bottom"])
    sign = -1 if _negative(found["sign"]) else 1
    return Amount(sign * value, found.start(), found.end(), "fraction")


def _negative(sign: str | None) -> bool:
    return sign is not None and sign.strip() != "+"


def _digits(found: re.Match[str]) -> Amount:
    written = found["digits"]
    readings = _readings(written)
    sign = -1.0 if _negative(found["sign2"]) else 1.0
    factor = sign * 10.0 ** int(found["power"] or 0)
    digits = readings[0]
    decimals = len(digits.partition(".")[2])
    other = factor * float(readings[1]) if len(readings) > 1 else None
    form = "decimal" if decimals or found["power"] else "integer"
    return Amount(factor * float(digits), found.start(), found.end(), form, decimals, other)


def _readings(written: str) -> tuple[str, ...]:
    """What the digits may mean, likeliest first, in the form `float` reads."""
    if "'" in written:
        return (written.replace("'", "").replace(",", ""),)
    if "," in written and "." in written:
        comma_last = written.rindex(",") > written.rindex(".")
        return (written.replace(".", "").replace(",", ".") if comma_last else written.replace(",", ""),)
    if written.count(".") > 1:
        return (written.replace(".", ""),)
    mark = "," if "," in written else "." if "." in written else ""
    if not mark:
        return (written,)
    head, _, tail = written.rpartition(mark)
    grouped, decimal = written.replace(mark, ""), f"{head or '0'}.{tail}"
    could_group = len(tail) == 3 and len(head) <= 3 and head not in ("", "0")
    if mark == "," and "," in head:
        return (grouped,)
    if not could_group:
        return (decimal,)
    return (grouped, decimal) if mark == "," else (decimal, grouped)


def _with_unit(amount: Amount, text: str) -> Amount:
    end = amount.end
    after = _AFTER.match(text, end)
    if after and after["percent"]:
        return replace(amount, percent=True, end=after.end())
    if after:
        factor = _SCALES[after["scale"]]
        amount = replace(amount, value=amount.value * factor, other=None, decimals=0, end=after.end())
        end = after.end()
    if currency := _CURRENCY.search(text, amount.start, amount.end):
        return replace(amount, unit=currency.group())
    unit = _UNIT.match(text, end)
    return replace(amount, unit=unit.group(1)) if unit else amount


def number_words(text: str) -> Iterator[Amount]:
    """The numbers written in English words in a text in lower case (`forty-two`, `a dozen`), in order."""
    for found in _WORDS.finditer(text):
        total, current = 0.0, 0.0
        for word in _NUMBER_WORDS.findall(found.group()):
            if word in _WORD_VALUES:
                current += _WORD_VALUES[word]
            elif word == "dozen":
                current = max(current, 1) * 12
            elif word == "hundred":
                current = max(current, 1) * 100
            else:
                total, current = total + max(current, 1) * _SCALES[word], 0
        sign = -1 if found.group().startswith(("minus", "negative")) else 1
        amount = Amount(sign * (total + current), found.start(), found.end(), "word")
        yield _with_unit(amount, text)


_EXACTLY = re.compile(r"^(?:exactly|precisely|equal to|=|an?(?= ))\s*", re.IGNORECASE)
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+")


@lru_cache(maxsize=1024)
def amount_of(text: str) -> Amount | None:
    """The amount a text is, when it is nothing else: `12`, `1/2`, `-3.5 kg`, `exactly five`, `50 %`."""
    if len(text) > 60:
        return None
    text = _EXACTLY.sub("", plain(text)).rstrip(".")
    if _SPACED.fullmatch(text):
        text = text.replace(" ", "")
    found = next(amounts(text), None) or next(number_words(text.lower()), None)
    if found is None or text[: found.start].strip():
        return None
    rest = text[found.end :].strip()
    return found if rest in ("", found.unit) else None


def base_value(amount: Amount) -> tuple[float, str]:
    """The value in the base unit of its dimension, and the dimension (or the unit itself when it is not known)."""
    if amount.percent:
        return amount.value / 100, ""
    known = unit_named(amount.unit)
    return (amount.value * known[1], known[0]) if known else (amount.value, key(amount.unit))


_MONTHS = _split("january february march april may june july august september october november december")
_MONTH = {name[:size]: n for n, name in enumerate(_MONTHS, start=1) for size in (3, len(name))} | {"sept": 9}
_NUMERIC_DATE = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
_ISO_DATE = re.compile(r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$")
_DAY_MONTH = re.compile(r"^(?:[a-z]+day,? )?(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]+)\.?,? (\d{4})$")
_MONTH_DAY = re.compile(r"^(?:[a-z]+day,? )?([a-z]+)\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")
_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))? ?(?:(a|p)\.?m\.?|h)?$")


@lru_cache(maxsize=1024)
def dates_of(text: str) -> tuple[str, frozenset[tuple[int, int, int]]] | None:
    """The form of a date, and the (year, month, day) it may mean: two for `03/04/2021`, whose order is open."""
    text = plain(text).casefold().rstrip(".")
    if found := _ISO_DATE.match(text):
        year, month, day = map(int, found.groups())
        return "iso", frozenset({(year, month, day)})
    if found := _NUMERIC_DATE.match(text):
        first, second, year = map(int, found.groups())
        return "numeric", frozenset(d for d in ((year, first, second), (year, second, first)) if d[1] <= 12)
    if (found := _DAY_MONTH.match(text)) and found[2] in _MONTH:
        return "words", frozenset({(int(found[3]), _MONTH[found[2]], int(found[1]))})
    if (found := _MONTH_DAY.match(text)) and found[1] in _MONTH:
        return "words", frozenset({(int(found[3]), _MONTH[found[1]], int(found[2]))})
    return None


def minutes_of(text: str) -> int | None:
    """Minutes since midnight of a time of day (`7 pm`, `19:00`); None for anything else, a bare number included."""
    found = _TIME.match(plain(text).casefold())
    if found is None or (found[2] is None and found[3] is None):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    return 60 * hour + minute if hour < 24 and minute < 60 else None


def same_value(a: str, b: str) -> bool:
    """Whether two texts read the same (`key`) or are the same amount."""
    return key(a) == key(b) or same_amount(a, b)


def same_amount(a: str, b: str) -> bool:
    """Whether two texts mean one amount (with its unit), date or time of day.

    Two fractions are compared as written: 2/4 and 1/2 may be asked apart (lowest terms, time signatures).
    """
    if not any(sign.isdigit() for sign in a + b):
        return False
    one, two = amount_of(a), amount_of(b)
    if one is not None and two is not None:
        if one.form == two.form == "fraction":
            return False
        (x, unit_x), (y, unit_y) = base_value(one), base_value(two)
        return unit_x == unit_y and math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12)
    first, second = dates_of(a), dates_of(b)
    if first is not None and second is not None:
        if first[0] == second[0] == "numeric":
            return [int(n) for n in re.findall(r"\d+", a)] == [int(n) for n in re.findall(r"\d+", b)]
        return bool(first[1] & second[1])
    return minutes_of(a) is not None and minutes_of(a) == minutes_of(b)
