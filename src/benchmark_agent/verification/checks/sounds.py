"""Checks of sounds: whole, loud enough, the noise that was asked for, voices apart, and saying what the script says."""

from collections.abc import Iterator

from benchmark_agent.content import Audio, Composed, Making
from benchmark_agent.errors import MediaError
from benchmark_agent.media import read_audio
from benchmark_agent.realization.types import Draft
from benchmark_agent.tools.sound import heard, noise, takes, waves
from benchmark_agent.verification.checks.rule import passed, quoted, right_options
from benchmark_agent.verification.types import CheckContext, CheckResult

SHORTEST = 0.1
"""Seconds."""
RATES = (8_000, 192_000)
"""Hertz."""
QUIETEST, QUIETEST_MADE, LOUDEST_MADE = -60.0, -40.0, -8.0
"""Decibels of full scale while something is heard: of any sound, and of sounds made here."""
_CLIPPED = 0.002
"""Share of clipped samples that is allowed, 0-1."""
_ABRUPT = 12.0
"""Decibels under the level of the speech that the last moments of a whole sound lie at least."""
_END = 0.03
"""Seconds."""


def sounds(body: Composed) -> Iterator[tuple[int, Audio]]:
    return ((index, part) for index, part in enumerate(body.input) if isinstance(part, Audio))


def sound_whole(draft: Draft, context: CheckContext) -> str:
    """Duration, sample rate and loudness are in bounds; nothing is clipped, and what was made here is not cut off."""
    for index, part in sounds(draft.body):
        try:
            samples, rate, _ = read_audio(context.read_media(part))
        except (MediaError, OSError):
            continue  # said by `media_opens`
        cut = "the sound is clipped" if waves.clipped(samples) > _CLIPPED else ""
        if reason := _bounds(part) or cut or _levels(part, waves.resampled(samples.mean(axis=1), rate)):
            return f"part {index}: {reason}"
    return ""


def _bounds(part: Audio) -> str:
    if part.duration < SHORTEST:
        return f"the sound lasts {part.duration:.2f} s only"
    if part.made and part.duration > takes.MOST_SECONDS:
        return f"the sound lasts {part.duration:.0f} s, and {takes.MOST_SECONDS:.0f} s are allowed"
    if not RATES[0] <= part.sample_rate <= RATES[1]:
        return f"a sample rate of {part.sample_rate} Hz is out of bounds"
    said = part.made.said if part.made else ()
    if any(each.end > part.duration + 0.01 or each.start >= each.end for each in said):
        return "somebody speaks after the end of the sound"
    return ""


def _levels(part: Audio, wave: waves.Wave) -> str:
    level = waves.decibels(waves.active(wave))
    if level < (QUIETEST_MADE if part.made else QUIETEST):
        return f"the sound is too quiet: {level:.0f} dB of full scale"
    if part.made and level > LOUDEST_MADE:
        return f"the sound is too loud: {level:.0f} dB of full scale"
    if part.made and not part.made.noise:
        last = waves.decibels(waves.rms(wave[-round(_END * waves.RATE) :]))
        if last > level - _ABRUPT:
            return "the sound breaks off"
    return ""


def noise_as_asked(draft: Draft, context: CheckContext) -> CheckResult:
    """Noise lies within half a decibel of the ratio asked for."""
    seen = []
    for index, part in sounds(draft.body):
        if part.made is None or part.made.asked_snr is None:
            continue
        asked, measured = part.made.asked_snr, part.made.snr
        if measured is None or abs(measured - asked) > noise.CLOSE:
            reason = f"part {index}: {asked:g} dB of speech to noise were asked for, and {measured} dB are there"
            return CheckResult(check="noise_as_asked", passed=False, reason=reason)
        seen.append(f"part {index}: {part.made.noise} at {measured:.2f} dB ({asked:g} asked)")
    return _passed("noise_as_asked", seen)


def voices_apart(draft: Draft, context: CheckContext) -> CheckResult:
    """Different speakers of one recording are told apart by the pitch of their voices."""
    seen = []
    for index, part in sounds(draft.body):
        said = part.made.said if part.made else ()
        if len({each.voice for each in said}) < 2:
            continue
        voice_of = {(each.speaker, each.voice) for each in said}
        if len(voice_of) > len({speaker for speaker, _ in voice_of}):
            return CheckResult(check="voices_apart", passed=False, reason=f"part {index}: a speaker has two voices")
        if close := takes.confusable(said):
            reason = f"part {index}: the voices {quoted(close[0])} and {quoted(close[1])} have one pitch"
            return CheckResult(check="voices_apart", passed=False, reason=reason)
        heights = sorted(takes.pitches(said).values())
        seen.append(f"part {index}: {', '.join(f'{height:.0f}' for height in heights)} Hz")
    return _passed("voices_apart", seen)


def speech_says_script(draft: Draft, context: CheckContext) -> CheckResult:
    """A recogniser, where one is installed, hears what was to be said, and the answer rather than a wrong option."""
    seen = []
    for index, part in sounds(draft.body):
        if part.made is None or not part.made.said:
            continue
        if heard.beyond(part.made):
            seen.append(f"part {index}: not transcribed, recognisers guess at {part.made.snr:.0f} dB")
            continue
        try:
            found = heard.heard_in(part, context.read_media(part))
        except (MediaError, OSError):
            continue  # said by `media_opens`
        if found is None:
            seen.append(f"part {index}: not transcribed, no engine here understands {part.made.language!r}")
            continue
        listener, text = found
        reason, detail = _heard_right(part.made, listener, text, draft.body)
        if reason:
            told = f"part {index}: {reason}"
            return CheckResult(check="speech_says_script", passed=False, reason=told, detail=detail)
        seen.append(f"part {index}: {detail}")
    return _passed("speech_says_script", seen)


def _heard_right(made: Making, listener: str, text: str, body: Composed) -> tuple[str, str]:
    """What is wrong, and what was measured."""
    script = " ".join(each.text for each in made.said)
    rate = min(1.0, heard.word_error_rate(script, text, made.language))
    allowed = heard.bound(made, listener)
    detail = f"{listener} hears {rate:.0%} of the words wrong, {allowed:.0%} allowed"
    if rate > allowed:
        return f"the speech does not say its script: {detail}", f"heard: {quoted(text, 200)}"
    if made.snr is None and (other := _taken_for(body, script, text)):
        return f"what is said sounds like {other}", f"heard: {quoted(text, 200)}"
    return "", detail


def _taken_for(body: Composed, script: str, text: str) -> str:
    """What a recogniser takes the answer for; empty when it hears the answer, or the answer is not said."""
    spoken, listened = heard.words_of(script), heard.words_of(text)
    if body.answer_kind == "number":
        wanted = heard.words_of(body.answer)
        said = heard.distance(wanted, spoken, within=True) == 0
        return f"another number than {body.answer}" if said and heard.distance(wanted, listened, within=True) else ""
    told = [heard.distance(heard.words_of(option), spoken, within=True) == 0 for option in body.options]
    right = right_options(body)
    if len(right) != 1 or sum(told) != 1 or not told[right[0]]:
        return ""
    far = [heard.distance(heard.words_of(option), listened, within=True) for option in body.options]
    nearest = min(range(len(far)), key=lambda k: (far[k], k != right[0]))
    return "" if nearest == right[0] else f"the wrong option {quoted(body.options[nearest])}"


def _passed(name: str, seen: list[str]) -> CheckResult:
    return CheckResult(check=name, passed=True, detail="; ".join(seen)) if seen else passed(name)
