"""Models of every provider inspect-ai knows, one request at a time: no retries, no cache, no logs of its own."""

import asyncio
import base64
import io
import logging
import os
import sys
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import soundfile
from PIL import Image as Pillow

from benchmark_agent import prompts
from benchmark_agent.content import Image, Part, Text
from benchmark_agent.errors import ModelError, UserError, boundary
from benchmark_agent.models import Message, ReadMedia, Reply, Request, Turned
from benchmark_agent.models.failures import classified, unmade
from benchmark_agent.models.prices import TIMEOUT
from benchmark_agent.models.schema import portable, portable_text

if TYPE_CHECKING:
    from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ResponseSchema

LATER = 30.0
"""Seconds after our own limit at which a provider's client gives up by itself."""
_AIOHTTP = ("openai", "openai-api", "openrouter", "deepseek")
"""Providers whose constructor takes an `http_client`. Measured at 64 in flight: a third less work a call."""
_PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


class ProviderModel:
    """Implements `Model`. Not to be used in two event loops."""

    def __init__(self, name: str, *, timeout: float = TIMEOUT, schemas: bool = True) -> None:
        """Make the client; nothing is sent yet.

        Args:
            name: `provider/model`, as inspect-ai names them.
            timeout: seconds one request may take.
            schemas: whether the provider is known to hold replies to a JSON schema; otherwise it is put in words too.

        Raises:
            UserError: inspect-ai or the provider's package is not installed, there is no such provider, or no key.
        """
        self._name, self._timeout = name, timeout
        self._native, self._worded = True, not schemas
        self._api = _api(name, timeout)

    @property
    def name(self) -> str:
        return self._name

    @property
    def takes_schemas(self) -> bool:
        """Whether schemas are sent: until the provider refuses one."""
        return self._native

    async def generate(self, request: Request, read: ReadMedia) -> Reply:
        """The reply to one request.

        A provider that refuses schemas gets them in words alone from then on.

        Raises:
            Turned: 408, 409, 429, 5xx, a time-out, a dropped connection.
            ModelError: the provider will not answer this request.
            UserError: the key is refused, or there is no such model.
        """
        if self._native:
            try:
                return await self._generate(request, read)
            except ModelError as error:
                if not (request.schema_text and _is_about_schemas(str(error))):
                    raise
                self._native, self._worded = False, True
        return await self._generate(request, read)

    async def _generate(self, request: Request, read: ReadMedia) -> Reply:
        worded = _with_schema(request) if self._worded and request.schema_text else request.messages
        messages = [chat_message(message, read) for message in worded]
        config = _config(request, self._native)
        try:
            async with asyncio.timeout(self._timeout):
                with boundary(self._name, ModelError):
                    return _reply(await self._sent(messages, config))
        except TimeoutError:
            raise Turned(f"no reply within {self._timeout:.0f} s", slow=True) from None
        except ModelError as error:
            if error.__cause__ is None:
                raise
            raise classified(error.__cause__, self._api, self._name) from None

    async def _sent(self, messages: "list[ChatMessage]", config: "GenerateConfig") -> "ModelOutput":
        # the provider's own method: Model.generate retries, and keeps every exchange in a transcript that only grows
        found = await self._api.generate(input=messages, tools=[], tool_choice="none", config=config)
        output = found[0] if isinstance(found, tuple) else found
        if isinstance(output, Exception):
            raise output
        return output

    async def close(self) -> None:
        """Close the connections."""
        with boundary(self._name, ModelError):
            await self._api.aclose()


def _is_about_schemas(why: str) -> bool:
    return any(word in why.lower() for word in ("response_format", "json_schema", "json schema", "structured output"))


def _api(name: str, timeout: float) -> "ModelAPI":
    """The provider's client, with everything of inspect-ai that is not wanted here turned off."""
    if find_spec("inspect_ai") is None:
        raise UserError(
            f"model {name!r} needs a package that is not installed; type: pip install 'benchmark-agent[models]'"
        )
    if name.count("/") < (2 if name.startswith("openai-api/") else 1) or "" in name.split("/"):
        raise UserError(
            f"{name!r} is no model name; write 'provider/model', for example 'openai/gpt-5.1', "
            "or 'openai-api/local/NAME' for a server of your own"
        )
    logging.getLogger("inspect_ai").addHandler(logging.NullHandler())
    logging.getLogger("inspect_ai").propagate = False
    hook = sys.excepthook
    try:
        with boundary(name, ModelError):
            from inspect_ai.model import get_model

            api = get_model(name, memoize=False, **_options(name)).api
    except ModelError as error:
        raise unmade(error.__cause__ or error, name) from None
    finally:
        sys.excepthook = hook
    client: Any = getattr(api, "client", None)
    if hasattr(client, "max_retries"):
        client.max_retries = 0
    limit: Any = getattr(client, "timeout", None)
    if hasattr(limit, "connect"):  # ours ends a request first
        client.timeout = type(limit)(timeout + LATER, connect=limit.connect)
    return api


def _options(name: str) -> dict[str, Any]:
    provider = name.split("/")[0]
    options: dict[str, Any] = {}
    if provider in _AIOHTTP and find_spec("openai") and find_spec("aiohttp"):
        from openai import DefaultAioHttpClient

        options["http_client"] = DefaultAioHttpClient()
    if provider == "openai" and not _is_openai_itself():
        options["responses_api"] = False
    return options


def _is_openai_itself() -> bool:
    """Whether `OPENAI_BASE_URL` leads to OpenAI; servers that speak its protocol seldom know the newer one."""
    url = os.environ.get("OPENAI_BASE_URL", "")
    return not url or "api.openai.com" in url


def _config(request: Request, native: bool) -> "GenerateConfig":
    from inspect_ai.model import GenerateConfig

    settings = request.settings
    schema = _schema(request.schema_name, request.schema_text) if native and request.schema_text else None
    return GenerateConfig(max_tokens=settings.max_tokens, temperature=settings.temperature, response_schema=schema)


@cache
def _schema(name: str, text: str) -> "ResponseSchema":
    from inspect_ai.model import ResponseSchema
    from inspect_ai.util import JSONSchema

    return ResponseSchema(name=name or "reply", json_schema=JSONSchema.model_validate(portable(text)), strict=True)


def _with_schema(request: Request) -> tuple[Message, ...]:
    """The messages, with the schema in words after the first."""
    first, *rest = request.messages
    shape = Text(text=prompts.load("models/shape").render(schema=portable_text(request.schema_text)))
    return (first.model_copy(update={"parts": (*first.parts, shape)}), *rest)


def chat_message(message: Message, read: ReadMedia) -> "ChatMessage":
    """The message as inspect-ai has it, with media as data URIs."""
    from inspect_ai.model import ChatMessageAssistant, ChatMessageUser

    if message.by == "assistant":
        return ChatMessageAssistant(content="".join(part.text for part in message.parts if isinstance(part, Text)))
    if all(isinstance(part, Text) for part in message.parts):
        return ChatMessageUser(content="\n\n".join(part.text for part in message.parts if isinstance(part, Text)))
    return ChatMessageUser(content=[_content(part, read) for part in message.parts])


def _content(part: Part, read: ReadMedia) -> Any:
    from inspect_ai.model import ContentAudio, ContentImage, ContentText

    if isinstance(part, Text):
        return ContentText(text=part.text)
    if isinstance(part, Image):
        return ContentImage(image=_data_uri(*_picture(read(part))))
    return ContentAudio(audio=_data_uri("audio/wav", _sound(read(part))), format="wav")


def _data_uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _picture(data: bytes) -> tuple[str, bytes]:
    """Type and bytes; a format that providers do not take becomes PNG."""
    with Pillow.open(io.BytesIO(data)) as picture:
        if picture.format in _PICTURES:
            return _PICTURES[picture.format], data
        made = io.BytesIO()
        picture.convert("RGB").save(made, "PNG")
    return "image/png", made.getvalue()


def _sound(data: bytes) -> bytes:
    """WAV bytes: the one format every provider takes."""
    if data[:4] == b"RIFF":
        return data
    samples, rate = soundfile.read(io.BytesIO(data), dtype="int16")
    made = io.BytesIO()
    soundfile.write(made, samples, rate, format="WAV", subtype="PCM_16")
    return made.getvalue()


def _reply(output: "ModelOutput") -> Reply:
    """Ours from theirs.

    Raises:
        ModelError: the request is longer than the model takes.
    """
    usage = output.usage
    stop = output.stop_reason
    if stop == "model_length" and usage is None:
        raise ModelError(f"the request is longer than the model takes: {output.completion[:200]}")
    refused = stop == "content_filter" or any(getattr(part, "refusal", None) for part in output.message.content)
    cut = stop in ("max_tokens", "model_length")
    return Reply(
        text=output.completion.encode("utf-8", "replace").decode(),  # half a character is no text
        stop="refusal" if refused else "length" if cut else "stop",
        input_tokens=sum((usage.input_tokens, usage.input_tokens_cache_read or 0, usage.input_tokens_cache_write or 0))
        if usage
        else 0,
        output_tokens=usage.output_tokens if usage else 0,
        cost=usage.total_cost if usage else None,
    )
