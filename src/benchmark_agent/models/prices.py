"""What models cost and take: `models.yaml`, and the user's own rows before it.

A row is a name pattern (shell-style, lower case) and some facts. Each fact is told by the first row that matches and
tells it, so a row of the user need not repeat what it does not change.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from benchmark_agent.content import Audio, Image, Modalities, Text
from benchmark_agent.errors import UserError
from benchmark_agent.models import Reply, Request
from benchmark_agent.record import Record
from benchmark_agent.sources.home import home
from benchmark_agent.store import first_problem

FILE = "models.yaml"
IMAGE_TOKENS = 5_000
"""Tokens an image is at most, where no row says: no provider of `models.yaml` scales pictures to more."""
TIMEOUT = 600.0
"""Seconds one request may take, where no row says."""
AUDIO_TOKENS = 32.0
"""Tokens a second of audio, where no row says."""
OVERHEAD_TOKENS = 200
"""Tokens a provider adds to a request: roles, marks, the words around a schema."""
BYTES_A_TOKEN = 3
"""UTF-8 bytes. Fewer than in any language's common text (English has about 4.5, Chinese about 4), so that tokens are
not underestimated."""

Price = Annotated[float, Field(ge=0)]


class Row(Record):
    """Facts of the models whose name matches."""

    pattern: str
    family: str | None = None
    input: Price | None = None
    output: Price | None = None
    audio: Price | None = None
    takes: Modalities | None = None
    schemas: bool | None = None
    image_tokens: Annotated[int, Field(ge=0)] | None = None
    audio_tokens: Price | None = None
    timeout: Annotated[float, Field(gt=0)] | None = None
    as_of: Annotated[str | None, BeforeValidator(lambda given: given if given is None else str(given))] = None


class ModelInfo(Record):
    """What is known of one model."""

    model: str
    family: str
    """Models of one family are not independent; empty where no row says it."""
    input: float | None
    """US dollars a million tokens."""
    output: float | None
    """US dollars a million tokens."""
    audio: float | None
    """US dollars a million tokens of audio that is sent; None where it is as dear as text."""
    takes: Modalities
    schemas: bool
    """Whether the provider holds the reply to a JSON schema."""
    image_tokens: int
    """Tokens one image is at most."""
    audio_tokens: float
    """Tokens a second of audio."""
    timeout: float
    """Seconds one request may take."""
    as_of: str
    """Month or day the prices were looked up."""

    @property
    def known(self) -> bool:
        """Whether the prices are known."""
        return self.input is not None and self.output is not None


class Prices:
    """Rows in the order they are asked."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = tuple(rows)

    @property
    def rows(self) -> tuple[Row, ...]:
        """In the order they are asked."""
        return self._rows

    def info(self, model: str) -> ModelInfo:
        """What the rows say of a model; a model no row knows takes text, and its prices are not known."""
        name = model.lower()
        rows = [row for row in self._rows if fnmatchcase(name, row.pattern)]

        def fact(field: str, otherwise: Any) -> Any:
            return next((value for row in rows if (value := getattr(row, field)) is not None), otherwise)

        return ModelInfo(
            model=model,
            family=fact("family", ""),
            input=fact("input", None),
            output=fact("output", None),
            audio=fact("audio", None),
            takes=fact("takes", ("text",)),
            schemas=fact("schemas", False),
            image_tokens=fact("image_tokens", IMAGE_TOKENS),
            audio_tokens=fact("audio_tokens", AUDIO_TOKENS),
            timeout=fact("timeout", TIMEOUT),
            as_of=fact("as_of", ""),
        )

    def cost(self, model: str, reply: Reply, request: Request | None = None) -> float:
        """US dollars of a call: what the provider says, else by the rows; 0 where the prices are not known.

        Args:
            request: what was asked; needed where audio has a price of its own, because a reply says only how many
                tokens there were in all.
        """
        if reply.cost is not None:
            return reply.cost
        info = self.info(model)
        sound = _seconds(request) * info.audio_tokens if request and info.audio is not None else 0.0
        sound = min(sound, reply.input_tokens)
        text = (reply.input_tokens - sound) * (info.input or 0) + reply.output_tokens * (info.output or 0)
        return (text + sound * (info.audio or 0)) / 1e6

    def most(self, model: str, request: Request) -> float:
        """US dollars a call can cost: every token of the reply used, text counted generously, media at their most."""
        info = self.info(model)
        parts = [part for message in request.messages for part in message.parts]
        written = [part.text for part in parts if isinstance(part, Text)] + [request.schema_text]
        tokens = sum(len(text.encode()) for text in written) / BYTES_A_TOKEN + OVERHEAD_TOKENS
        tokens += info.image_tokens * sum(isinstance(part, Image) for part in parts)
        sound = _seconds(request) * info.audio_tokens
        price = max(info.input or 0, info.audio or 0)
        return (tokens * (info.input or 0) + sound * price + request.settings.max_tokens * (info.output or 0)) / 1e6

    def refuse_unknown(self, models: Iterable[str]) -> None:
        """For runs with a limit.

        Raises:
            UserError: naming the models whose prices are not known, and what to write where.
        """
        unknown = sorted({model for model in models if not self.info(model).known})
        if unknown:
            rows = " and ".join(f'"{model.lower()}": {{input: 1.00, output: 4.00}}' for model in unknown)
            raise UserError(
                f"'--max-usd' needs prices, and those of {', '.join(map(repr, unknown))} are not known; write them (US "
                f"dollars a million tokens, 0 for a model of your own) into {str(home() / FILE)!r}, for example "
                f"{rows}, or type the command without '--max-usd'"
            )


def _seconds(request: Request) -> float:
    return sum(part.duration for message in request.messages for part in message.parts if isinstance(part, Audio))


def load(file: Path | None = None) -> Prices:
    """The rows of `file`, then of `models.yaml` in the cache folder, then ours.

    Raises:
        UserError: a file of the user's does not read; it names the line.
    """
    own = home() / FILE
    return _loaded(tuple((each, _changed(each)) for each in (file, own) if each and (each == file or each.is_file())))


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError as error:
        raise UserError(f"the price file {str(file)!r} cannot be read: {error.strerror}") from error


@lru_cache(maxsize=4)
def _loaded(files: tuple[tuple[Path, int], ...]) -> Prices:
    return Prices((*(row for file, _ in files for row in _read(file)), *_shipped()))


@cache
def _shipped() -> tuple[Row, ...]:
    text = (resources.files(__package__) / FILE).read_text(encoding="utf-8")
    return tuple(parsed(text, FILE))


def _read(file: Path) -> list[Row]:
    try:
        return parsed(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        raise UserError(f"the price file {str(file)!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"the price file {str(file)!r} is not text: {error.reason}") from error


def parsed(text: str, name: str) -> list[Row]:
    """The rows of a price file.

    Raises:
        UserError: naming the line and what is wrong.
    """
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return []
        if not isinstance(root, yaml.MappingNode):
            raise _broken(name, 1, "it must hold rows such as", '"provider/model*": {input: 1.00, output: 4.00}')
        return [_row(loader, key, value, name) for key, value in root.value]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _broken(name, line, "it is not valid YAML:", str(error.problem)) from error
    finally:
        loader.dispose()


def _row(loader: yaml.SafeLoader, key: yaml.Node, value: yaml.Node, name: str) -> Row:
    line = key.start_mark.line + 1
    pattern, facts = loader.construct_object(key), loader.construct_object(value, deep=True)
    if not isinstance(facts, dict):
        raise _broken(name, line, f"{str(pattern)!r} needs facts in braces, such as", "{input: 1.00, output: 4.00}")
    try:
        return Row.model_validate({**facts, "pattern": str(pattern).lower()})
    except ValidationError as error:
        known = ", ".join(field for field in Row.model_fields if field != "pattern")
        raise _broken(name, line, f"{pattern!r}: {first_problem(error)};", f"a row may say {known}") from error


def _broken(name: str, line: int, what: str, instead: str) -> UserError:
    return UserError(f"line {line} of the price file {name!r}: {what} {instead}")
