"""Public holidays from the package holidays, and local times across zones computed with the tz database."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import holidays

from benchmark_agent.starter.families import Row, asked, choices, procedural, split
from benchmark_agent.starter.geography import country_name, the
from benchmark_agent.starter.makers import Maker, PartialCard, field
from benchmark_agent.starter.words import MONTHS, WEEKDAYS, listing

_COUNTRIES = {
    "AR": "es", "AT": "de", "BE": "fr", "BR": "pt_BR", "CL": "es", "CO": "es", "CZ": "cs", "DE": "de", "DK": "da",
    "EE": "et", "ES": "es", "FI": "fi", "FR": "fr", "GR": "el", "HR": "hr", "HU": "hu", "IS": "is", "IT": "it_IT",
    "JP": "ja", "LT": "lt", "LV": "lv", "MX": "es", "NL": "nl", "NO": "no", "PE": "es", "PL": "pl", "PT": "pt_PT",
    "RO": "ro", "SE": "sv", "SI": "sl", "SK": "sk", "UY": "es",
}  # fmt: skip
"""Country, and the language of the names in use there."""
_YEARS = (2024, 2025)
"""Past years only: later ones may still change by decree."""
_LONGEST = 60
_DOUBTFUL = {("NL", "Good Friday"), ("IT", "National Unity Day")}
"""Observed, but not a day off for all."""
_VAGUE = listing("observed substitute estimated lieu bridge off additional citizens' sunday saturday election half")


def _plain(name: str) -> bool:
    lowered = name.lower()
    if len(name) > _LONGEST:
        return False
    return ";" not in name and lowered != "national holiday" and not any(word in lowered for word in _VAGUE)


@cache
def _named(code: str, language: str) -> dict[date, str]:
    calendar = holidays.country_holidays(code, years=_YEARS, language=language)
    return {day: str(name) for day, name in sorted(calendar.items())}


def _holidays(folder: Path) -> Iterator[Row]:
    """Movable holidays come once a year, fixed ones once; names that fall on two days of a year are left out."""
    for code in sorted(_COUNTRIES, key=country_name):
        english, local = _named(code, "en_US"), _named(code, _COUNTRIES[code])
        names = [(name, day.year) for day, name in english.items()]
        fixed: set[tuple[str, int, int]] = set()
        for day, name in english.items():
            repeated = names.count((name, day.year)) > 1
            if repeated or not _plain(name) or (code, name) in _DOUBTFUL or (name, day.month, day.day) in fixed:
                continue
            fixed.add((name, day.month, day.day))
            yield {
                "id": f"{code}-{day.isoformat()}",
                "holiday": f"{name} {day.year} in {the(country_name(code))}",
                "name": name,
                "country": country_name(code),
                "date": day.isoformat(),
                "weekday": WEEKDAYS[day.weekday()],
                "month": MONTHS[day.month - 1],
                "day_of_year": day.timetuple().tm_yday,
                "local_name": local[day],
            }


HOLIDAYS = Maker(
    PartialCard(
        name="public-holidays",
        description=(
            "Nationwide public holidays of 32 countries in 2024 and 2025, each with its date, weekday, day of the year "
            "and its name in a language of the country. Movable feasts come once a year. Tests knowledge of calendars "
            "and customs: which holiday comes first, on which weekday it fell, how far apart two of them are."
        ),
        topics=split("holiday, calendar, date, country, culture, weekday, time, translation, fact"),
        licence="MIT",
        source="Python package holidays 0.109; substitute, estimated and optional days left out",
        fields=(
            field("id", "id"),
            field("holiday", "entity", label="public holiday"),
            field("name", "category", label="name of the holiday"),
            field("country", "category", "label", "country"),
            field("date", "time", label="date"),
            field("weekday", "category", "label", "day of the week", scale=WEEKDAYS),
            field("month", "category", "label", "month", scale=MONTHS),
            field("day_of_year", "measure", "number", "day of the year"),
            field("local_name", "category", label="name in the language of the country"),
        ),
    ),
    _holidays,
)

ZONES = {
    "New York": "America/New_York", "Chicago": "America/Chicago", "Denver": "America/Denver",
    "Los Angeles": "America/Los_Angeles", "Phoenix": "America/Phoenix", "Toronto": "America/Toronto",
    "Halifax": "America/Halifax", "Bogotá": "America/Bogota", "Lima": "America/Lima", "Santiago": "America/Santiago",
    "Buenos Aires": "America/Argentina/Buenos_Aires", "São Paulo": "America/Sao_Paulo", "Honolulu": "Pacific/Honolulu",
    "London": "Europe/London", "Lisbon": "Europe/Lisbon", "Madrid": "Europe/Madrid", "Berlin": "Europe/Berlin",
    "Stockholm": "Europe/Stockholm", "Athens": "Europe/Athens", "Helsinki": "Europe/Helsinki",
    "Istanbul": "Europe/Istanbul", "Reykjavik": "Atlantic/Reykjavik", "Lagos": "Africa/Lagos",
    "Johannesburg": "Africa/Johannesburg", "Nairobi": "Africa/Nairobi", "Dubai": "Asia/Dubai", "Delhi": "Asia/Kolkata",
    "Kathmandu": "Asia/Kathmandu", "Dhaka": "Asia/Dhaka", "Bangkok": "Asia/Bangkok", "Singapore": "Asia/Singapore",
    "Hong Kong": "Asia/Hong_Kong", "Seoul": "Asia/Seoul", "Tokyo": "Asia/Tokyo", "Perth": "Australia/Perth",
    "Adelaide": "Australia/Adelaide", "Brisbane": "Australia/Brisbane", "Sydney": "Australia/Sydney",
    "Auckland": "Pacific/Auckland",
}  # fmt: skip
_CHANGEOVERS = (
    date(2023, 3, 12), date(2023, 3, 26), date(2023, 10, 29), date(2023, 11, 5), date(2024, 3, 10),
    date(2024, 3, 31), date(2024, 10, 6), date(2024, 10, 27), date(2024, 11, 3), date(2025, 4, 6),
)  # fmt: skip
"""Days on which some of the zones change to or from summer time: half of the questions lie within a week of one."""


def spoken(moment: datetime) -> str:
    return f"{moment:%H:%M} on {WEEKDAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _moment(random: Random, zone: ZoneInfo) -> datetime:
    day = random.choice(_CHANGEOVERS) + timedelta(days=random.randint(-6, 6))
    if random.random() < 0.5:
        day = date(random.randint(2022, 2025), random.randint(1, 12), random.randint(1, 28))
    return datetime(
        day.year, day.month, day.day, random.randint(4, 23), random.choice((0, 10, 15, 30, 45)), tzinfo=zone
    )


_ASK_TIME = (
    "A video call starts at {start} in {one}. What are the local time and date in {two} at that moment?",
    "A match kicks off at {start} local time in {one}. When is that in {two}?",
    "A server in {one} logs an alarm at {start} local time. What does the wall clock in {two} show then?",
    "It is {start} in {one}. What is the local time and date in {two}?",
)
_ASK_FLIGHT = (
    "A flight leaves {one} at {start} local time and lands in {two} after {hours}. What is the local time on landing?",
    "A plane takes off from {one} at {start} local time. It flies for {hours}. When does it land in {two}, local time?",
    "Departure from {one} is at {start} local time; the trip to {two} takes {hours}. What is the local arrival time?",
)


def _zone_row(random: Random, n: int) -> Row | None:
    one, two = random.sample(sorted(ZONES), 2)
    here, there = ZoneInfo(ZONES[one]), ZoneInfo(ZONES[two])
    start = _moment(random, here)
    flight = timedelta(minutes=random.randrange(150, 840, 5)) if n % 2 else timedelta()
    end = (start.astimezone(ZoneInfo("UTC")) + flight).astimezone(there)
    offset = end.utcoffset()
    before = start.utcoffset()
    if offset is None or before is None or offset == before:
        return None
    local = end.replace(tzinfo=None)
    backwards = start.replace(tzinfo=None) + flight - (offset - before)
    wrong = [local + timedelta(hours=1), local - timedelta(hours=1), backwards]
    if flight:
        wrong.insert(0, start.replace(tzinfo=None) + flight)
    random.shuffle(wrong)
    minutes = f"{flight.seconds // 3600} hours and {flight.seconds % 3600 // 60} minutes".replace(" and 0 minutes", "")
    template = random.choice(_ASK_FLIGHT if flight else _ASK_TIME)
    hard = min(abs((start.date() - day).days) for day in _CHANGEOVERS) < 8 or bool(flight)
    return {
        "question": template.format(start=spoken(start), one=one, two=two, hours=minutes),
        "answer": spoken(local),
        "options": choices(random, spoken(local), [spoken(moment) for moment in wrong]),
        "difficulty": "hard" if hard else "moderate",
    }


TIME_ZONES = procedural(
    "time-zones",
    240,
    _zone_row,
    description=(
        "Conversions of local time between cities, plain or after a flight, on real dates from 2022 to 2025. Half of "
        "the dates lie near a change to or from summer time, when offsets are not the usual ones. Tests knowledge of "
        "time zones and careful date arithmetic; wrong options miss an hour or go the wrong way."
    ),
    topics="time zone, time, date, daylight saving, travel, city, geography, arithmetic, temporal reasoning",
    fields=asked("phrase"),
    share=0.02,
)

DATASETS: tuple[Maker, ...] = (HOLIDAYS, TIME_ZONES)
