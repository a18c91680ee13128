"""Checks of pictures: something is left to see of what was degraded here, and text that is needed can be read."""

from collections.abc import Iterator

from benchmark_agent.content import Composed, Image
from benchmark_agent.errors import MediaError
from benchmark_agent.realization.types import Draft
from benchmark_agent.tools.image import reading
from benchmark_agent.tools.image.pixels import decode
from benchmark_agent.verification.checks.rule import passed, quoted, right_options
from benchmark_agent.verification.types import CheckContext, CheckResult

SMALLEST = 16
"""Pixels of the shorter side."""
FLATTEST = 1.0
"""Spread of grey levels, 0-255, under which a picture shows nothing to the eye."""
FAINTEST = 4.0
"""Decibels against what it was made of, under which a degraded picture is another picture."""
MISREAD = 0.1
"""Share of the characters of all texts that may be misread, 0-1; none of an answer that the picture shows."""


def pictures(body: Composed) -> Iterator[tuple[int, Image]]:
    return ((index, part) for index, part in enumerate(body.input) if isinstance(part, Image))


def picture_whole(draft: Draft, context: CheckContext) -> str:
    """A picture is large enough and shows something; what was made of one here is still that picture."""
    for index, part in pictures(draft.body):
        if min(part.width, part.height) < SMALLEST:
            return f"part {index}: a picture of {part.width} x {part.height} pixels is too small"
        lost = [change for change in part.made.changes if (change.psnr or FAINTEST) < FAINTEST] if part.made else []
        if lost:
            return f"part {index}: {quoted(lost[0].operation)} left {lost[0].psnr:.1f} dB of the picture"
        try:
            if part.made and float(decode(context.read_media(part)).std()) < FLATTEST:
                return f"part {index}: the picture shows next to nothing"
        except (MediaError, OSError):
            continue  # said by `media_opens`
    return ""


def text_legible(draft: Draft, context: CheckContext) -> CheckResult:
    """Text that must be read in a picture made here is read by a recogniser, where one is installed."""
    seen = []
    for index, part in pictures(draft.body):
        wanted = part.made.legible if part.made else ()
        if not wanted:
            continue
        if reading.missing_reader() or not all(map(reading.readable, wanted)):
            seen.append(f"part {index}: not read, no engine here reads it")
            continue
        try:
            read = reading.plain_text(reading.read_text(context.read_media(part)))
        except (MediaError, OSError):
            continue  # said by `media_opens`
        if reason := _misread(wanted, read, draft.body):
            reason = f"part {index}: {reason}"
            return CheckResult(check="text_legible", passed=False, reason=reason, detail=f"read: {quoted(read, 200)}")
        seen.append(f"part {index}: {reading.ENGINE} reads {len(wanted)} texts")
    return CheckResult(check="text_legible", passed=True, detail="; ".join(seen)) if seen else passed("text_legible")


def _misread(wanted: tuple[str, ...], read: str, body: Composed) -> str:
    golds = {body.answer, *(body.options[index] for index in right_options(body))}
    wrong = {text: reading.errors_in(text, read) for text in wanted}
    lost = next((text for text in wanted if text in golds and wrong[text]), "")
    if lost:
        return f"the answer {quoted(lost)} cannot be read in the picture"
    share = sum(wrong[text] * len(text) for text in wanted) / sum(map(len, wanted))
    return f"{share:.0%} of the characters that must be read are read wrong" if share > MISREAD else ""
