"""Whether a model is fit for use, found out with four short calls before a run spends anything."""

import asyncio
import io
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

import numpy as np
import soundfile
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from benchmark_agent import prompts
from benchmark_agent.content import Audio, Image, Text
from benchmark_agent.errors import ModelError, Unreached, UserError
from benchmark_agent.media import open_audio, open_image
from benchmark_agent.models import Message, Model, Reply, Request, Settings, prices
from benchmark_agent.models.limits import Limits, Patience
from benchmark_agent.models.parsing import parse
from benchmark_agent.models.prices import Prices
from benchmark_agent.models.provider import ProviderModel
from benchmark_agent.models.roster import family
from benchmark_agent.models.schema import portable_text, schema_text
from benchmark_agent.record import Record
from benchmark_agent.seeds import rng
from benchmark_agent.sources.home import home

TIMEOUT = 120.0
"""Seconds one request may take."""
PATIENCE = Patience(tries=3, seconds=30.0)
RATE = 16_000
"""Hertz."""
_Ability = Literal["reached", "JSON by schema", "JSON in words", "image", "audio"]


class Reading(Record):
    value: int


class Finding(Record):
    ability: _Ability
    passed: bool
    said: str = ""
    """Why not, or what must be known besides; empty where there is nothing to say."""


class ModelCheck(Record):
    """What was found out about one model."""

    model: str
    family: str
    findings: tuple[Finding, ...]
    calls: int
    """Calls that were answered."""
    seconds: float
    """The quickest of them."""
    input_tokens: int
    output_tokens: int
    cost: float
    """US dollars; 0 where the price is not known."""
    price: str
    """What the price file says, and what does not agree with it."""

    @property
    def usable(self) -> bool:
        """Whether it answers, and with JSON in one way or the other."""
        passed = {finding.ability for finding in self.findings if finding.passed}
        return bool(passed & {"JSON by schema", "JSON in words"})


@dataclass
class _Examination:
    limits: Limits
    rows: Prices
    media: dict[str, bytes] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    cost: float = 0.0

    native: bool = True
    """Whether the schema is sent; it is until the model was found not to hold to it."""

    async def ask(self, text: str, right: int, *media: Image | Audio, schema: bool, words: bool) -> str:
        """Empty where the model gives the right value, else what was wrong.

        Raises:
            Unreached, UserError: it cannot be used at all.
        """
        shape = {"schema_name": "Reading", "schema_text": schema_text(Reading)} if schema else {}
        said = (Text(text=prompts.load("models/shape").render(schema=portable_text(schema_text(Reading)))),)
        message = Message(by="user", parts=(Text(text=text), *media, *(said if words else ())))
        name = self.limits.model.name
        request = Request(model=name, messages=(message,), settings=Settings(max_tokens=2048), **shape)
        began = time.monotonic()
        try:
            reply = await self.limits.generate(request, lambda part: self.media[part.sha256], name)
        except ModelError as error:
            return str(error)
        self.seconds.append(time.monotonic() - began)
        self.replies.append(reply)
        self.cost += self.rows.cost(name, reply, request)
        parsed = parse(reply, Reading)
        if parsed.record is None:
            return f"{parsed.fault}: {parsed.why}".strip(": ")
        return "" if parsed.record.value == right else f"it says {parsed.record.value} where {right} is right"


def examine_model(
    name: str,
    *,
    rows: Prices | None = None,
    find: Callable[[str], Model] | None = None,
    patience: Patience = PATIENCE,
    timeout: float = TIMEOUT,
) -> ModelCheck:
    """Find out what a model can do: at most four short calls, and one more where schemas need words.

    Args:
        rows: prices; None means the price files everybody has.
        find: where the model comes from; None means its provider.

    Returns:
        A finding for each ability, in a fixed order; those after a failure to reach the model are left out.
    """
    rows = rows or prices.load()
    try:
        model = find(name) if find else ProviderModel(name, timeout=timeout)
    except UserError as error:
        return _summed_up(name, rows, None, (Finding(ability="reached", passed=False, said=str(error)),))
    examination = _Examination(Limits(model, 1, patience), rows)
    return _summed_up(name, rows, examination, asyncio.run(_findings(examination)))


async def _findings(examination: _Examination) -> tuple[Finding, ...]:
    found: list[Finding] = []
    ability: _Ability = "reached"
    try:
        for ability, examine in _EXAMINED.items():
            said = await examine(examination, rng("check", examination.limits.model.name))
            if not found:
                found.append(Finding(ability="reached", passed=True))
            found.append(Finding(ability=ability, passed=not said, said=said))
    except (Unreached, UserError) as error:
        found.append(Finding(ability=ability if found else "reached", passed=False, said=str(error)))
    finally:
        if isinstance(examination.limits.model, ProviderModel):
            await examination.limits.model.close()
    return tuple(found)


async def _by_schema(examination: _Examination, random: Random) -> str:
    first, second = random.randint(11, 49), random.randint(11, 49)
    text = prompts.load("models/probe").render(first=first, second=second)
    said = await examination.ask(text, first + second, schema=True, words=False)
    model = examination.limits.model
    if isinstance(model, ProviderModel) and not model.takes_schemas:
        said = "the provider refuses schemas"
    examination.native = not said
    return said


async def _in_words(examination: _Examination, random: Random) -> str:
    first, second = random.randint(50, 99), random.randint(50, 99)
    text = prompts.load("models/probe").render(first=first, second=second)
    return await examination.ask(text, first + second, schema=False, words=True)


async def _sees(examination: _Examination, random: Random) -> str:
    number = random.randint(100, 999)
    data = drawn(number)
    _, width, height, _ = open_image(data)
    examination.media["picture"] = data
    part = Image(path="media/picture.png", sha256="picture", width=width, height=height)
    text = prompts.load("models/probe_image").render()
    return await examination.ask(text, number, part, schema=examination.native, words=True)


async def _hears(examination: _Examination, random: Random) -> str:
    count = random.choice((2, 5))
    data = beeping(count)
    _, duration, rate, _ = open_audio(data)
    examination.media["sound"] = data
    part = Audio(path="media/sound.wav", sha256="sound", duration=duration, sample_rate=rate)
    text = prompts.load("models/probe_audio").render()
    return await examination.ask(text, count, part, schema=examination.native, words=True)


_EXAMINED: dict[_Ability, Callable[[_Examination, Random], Awaitable[str]]] = {
    "JSON by schema": _by_schema,
    "JSON in words": _in_words,
    "image": _sees,
    "audio": _hears,
}


def drawn(number: int) -> bytes:
    """A picture of a number, PNG."""
    picture = Pillow.new("RGB", (240, 120), "white")
    ImageDraw.Draw(picture).text((120, 60), str(number), fill="black", font=ImageFont.load_default(72), anchor="mm")
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def beeping(count: int) -> bytes:
    """So many beeps of 0.3 s, 0.4 s apart, WAV."""
    times = np.arange(int(0.3 * RATE)) / RATE
    beep = 0.5 * np.sin(2 * np.pi * 880 * times) * np.hanning(len(times)) ** 0.25
    silence = np.zeros(int(0.4 * RATE))
    made = io.BytesIO()
    samples = np.concatenate([silence, *(part for _ in range(count) for part in (beep, silence))])
    soundfile.write(made, samples, RATE, format="WAV", subtype="PCM_16")
    return made.getvalue()


def _summed_up(name: str, rows: Prices, examination: _Examination | None, findings: tuple[Finding, ...]) -> ModelCheck:
    replies = examination.replies if examination else []
    return ModelCheck(
        model=name,
        family=family(name, rows),
        findings=findings,
        calls=len(replies),
        seconds=round(min(examination.seconds), 3) if examination and examination.seconds else 0.0,
        input_tokens=sum(reply.input_tokens for reply in replies),
        output_tokens=sum(reply.output_tokens for reply in replies),
        cost=examination.cost if examination else 0.0,
        price=_price(name, rows, findings),
    )


def _price(name: str, rows: Prices, findings: tuple[Finding, ...]) -> str:
    """What the price file says of a model, and the row that would say what was found."""
    info = rows.info(name)
    told = f"${info.input:g} in, ${info.output:g} out a million tokens" if info.known else "not known"
    passed = {finding.ability for finding in findings if finding.passed}
    facts = ["input: 1.00", "output: 4.00"] if passed and not info.known else []
    if passed & ({"image", "audio"} - set(info.takes)):
        takes = [kind for kind in ("image", "audio") if kind in passed or kind in info.takes]
        facts.append(f"takes: [{', '.join(('text', *takes))}]")
    if "JSON by schema" in passed and not info.schemas:
        facts.append("schemas: true")
    row = f'"{name.lower()}": {{{", ".join(facts)}}}'
    return f"{told}; to say what is so, write {row} into {str(home() / prices.FILE)!r}" if facts else told
