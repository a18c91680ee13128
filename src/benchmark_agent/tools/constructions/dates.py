"""Dates and times of day in options: read in the form they have, and wrong ones written the same way."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import TypeVar

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH = "(?P<month>" + "|".join(_MONTHS) + ")"
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)")
_SLASHED = re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})")
_DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}}) {_MONTH},? (?P<y>\d{{4}})")
_MONTH_FIRST = re.compile(rf"{_MONTH} (?P<d>\d{{1,2}}), (?P<y>\d{{4}})")
_CLOCK = re.compile(r"(?P<h>\d{1,2}):(?P<min>\d\d)(?P<half> ?[aApP]\.?[mM]\.?)?")

_DAYS = (_ISO, _SLASHED, _DAY_FIRST, _MONTH_FIRST)

Writer = Callable[[date], str]
T = TypeVar("T")


def read(text: str) -> tuple[date, Writer] | None:
    """The day a text names and how to write another like it, else None. Slashed dates are month first."""
    text = text.strip()
    for pattern, form in zip(_DAYS, ("iso", "slashed", "day", "month"), strict=True):
        found = pattern.fullmatch(text)
        if not found:
            continue
        parts = found.groupdict()
        month = _MONTHS.index(parts["month"]) + 1 if "month" in parts else int(parts["m"])
        try:
            day = date(int(parts["y"]), month, int(parts["d"]))
        except ValueError:
            return None
        return day, _writer(form, _padded(form, parts))
    return None


def _padded(form: str, parts: dict[str, str]) -> bool:
    """Whether one-digit days and months are written with a zero."""
    if form == "slashed":
        return len(parts["d"]) == len(parts["m"]) == 2
    return form == "iso" or parts["d"].startswith("0")


def _writer(form: str, padded: bool) -> Writer:
    return lambda day: _written(day, form, padded)


def _written(day: date, form: str, padded: bool) -> str:
    d = f"{day.day:02d}" if padded else str(day.day)
    m = f"{day.month:02d}" if padded else str(day.month)
    forms = {
        "iso": f"{day.year:04d}-{m}-{d}",
        "slashed": f"{m}/{d}/{day.year:04d}",
        "day": f"{d} {_MONTHS[day.month - 1]} {day.year}",
        "month": f"{_MONTHS[day.month - 1]} {d}, {day.year}",
    }
    return forms[form]


def near_texts(text: str, rng: Random, count: int = 3, passage: str = "") -> list[tuple[str, str]] | None:
    """Wrong dates or clock times written like `text`, each with its canonical value; None if it is neither.

    Args:
        passage: where it stands among others; these come first, so that finding a date or time is not enough.
    """
    parsed = read(text)
    if parsed is None:
        return _near_times(text, rng, count, passage)
    day, writer = parsed
    shift = rng.choice((1, 7, 10))
    moved = _months(day, rng.choice((-1, 1)))
    wrong = [day + timedelta(days=sign * step) for sign in (1, -1) for step in (shift, 1, 7)]
    wrong += [moved, moved + timedelta(days=shift), _months(day, 12), _months(day, -12)]
    if day.day <= 12 and day.day != day.month:
        wrong.append(date(day.year, day.day, day.month))
    beside = [found[0] for form in _DAYS for match in form.finditer(passage) if (found := read(match[0]))]
    return [(writer(other), other.isoformat()) for other in _drawn(beside, wrong, day, rng, count)]


def _drawn(beside: list[T], wrong: list[T], gold: T, rng: Random, count: int) -> list[T]:
    """Values of the passage first, then slips of the gold; none twice and never the gold."""
    rng.shuffle(beside)
    rng.shuffle(wrong)
    return [other for other in dict.fromkeys((*beside, *wrong)) if other != gold][:count]


def _months(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _near_times(text: str, rng: Random, count: int, passage: str) -> list[tuple[str, str]] | None:
    found = _CLOCK.fullmatch(text.strip())
    minutes = _minutes(found) if found else None
    if found is None or minutes is None:
        return None
    half = found["half"] or ""
    period = 12 * 60 if half else 24 * 60
    grain = next(step for step in (30, 15, 10, 5, 1) if minutes % step == 0)
    steps = [60, -60, grain, -grain, 60 + grain, -60 - grain, 120]
    wrong = [(minutes + step) % period for step in steps]
    alike = [_minutes(other) for other in _CLOCK.finditer(passage) if (other["half"] or "") == half]
    beside = [other for other in alike if other is not None]
    padded = len(found["h"]) == 2 and (not half or found["h"].startswith("0"))
    times = _drawn(beside, wrong, minutes, rng, count)
    return [(_clock(other, half, padded), f"{other // 60:02d}:{other % 60:02d}") for other in times]


def _minutes(found: re.Match[str]) -> int | None:
    """Minutes since midnight, or since noon or midnight when a half of the day is named; None when it is no time."""
    hour, minute = int(found["h"]), int(found["min"])
    if minute > 59 or hour > (12 if found["half"] else 23):
        return None
    return (hour * 60 + minute) % (12 * 60 if found["half"] else 24 * 60)


def _clock(minutes: int, half: str, padded: bool) -> str:
    hour = minutes // 60
    if half and hour == 0:
        hour = 12
    return f"{hour:02d}:{minutes % 60:02d}{half}" if padded else f"{hour}:{minutes % 60:02d}{half}"


FORMS: tuple[Writer, ...] = tuple(_writer(form, padded=form == "iso") for form in ("iso", "day", "month"))
"""Ways to write a day that cannot be misread."""
