"""How fast work goes, in words; imports nothing, so that `--help` stays quick."""

LONG = 180.0
"""Seconds from which minutes are told."""


def pace(made: int, left: int, seconds: float) -> str:
    """Speed and time left, where `made` of the work took `seconds` and `left` of it is open; both above 0."""
    each = seconds / made
    speed = f"{1 / each:.0f}/s" if each < 1 else f"{each:.0f} s each"
    wait = left * each
    return f"{speed}  {wait / 60:.0f} min left" if wait >= LONG else f"{speed}  {wait:.0f} s left"
