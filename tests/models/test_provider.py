"""Models of a provider, over a loopback endpoint: what is sent, and what each answer means."""

import asyncio
import base64
import io
import json
import subprocess
import sys
from collections.abc import Coroutine
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
import pytest
import soundfile
from PIL import Image as Pillow
from pydantic import Field

from benchmark_agent.content import Audio, Image, Part, Text
from benchmark_agent.errors import ModelError, UserError
from benchmark_agent.models import Message, Reply, Request, Settings, Turned
from benchmark_agent.models.failures import scrubbed
from benchmark_agent.models.provider import ProviderModel
from benchmark_agent.models.schema import portable, schema_text
from benchmark_agent.record import Record
from tests.models.loopback import Loopback, Said, Script

pytest.importorskip("inspect_ai", reason="needs the extra 'models'")

T = TypeVar("T")
NAME = "openai-api/lab/tiny"
KEY = "lab-key-never-to-be-seen"


class Verdict(Record):
    reasons: tuple[str, ...]
    verdict: Literal["yes", "no"]
    sure: float = 0.5


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_API_KEY", KEY)


def request_of(*parts: Part, schema: bool = True, **settings: Any) -> Request:
    shape = {"schema_name": "Verdict", "schema_text": schema_text(Verdict)} if schema else {}
    messages = (Message(by="user", parts=parts or (Text(text="Is it?"),)),)
    return Request(model=NAME, messages=messages, settings=Settings(**settings), **shape)


def said_to(
    script: Script | Said | str,
    request: Request,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str = NAME,
    media: dict[str, bytes] | None = None,
    **options: Any,
) -> tuple[Reply, Loopback]:
    answer: Script = script if callable(script) else lambda request, n: script
    with Loopback(answer) as server:
        monkeypatch.setenv("LAB_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        return run(_asked(name, request, media or {}, options)), server


async def _asked(name: str, request: Request, media: dict[str, bytes], options: dict[str, Any]) -> Reply:
    model = ProviderModel(name, **options)
    try:
        return await model.generate(request, lambda part: media[part.sha256])
    finally:
        await model.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def test_sends_the_schema_and_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    reply, server = said_to('{"a": 1}', request_of(max_tokens=77, temperature=0.5), monkeypatch)
    assert reply == Reply(text='{"a": 1}', stop="stop", input_tokens=100, output_tokens=20)
    (sent,) = server.requests
    assert (sent["model"], sent["max_tokens"], sent["temperature"]) == ("tiny", 77, 0.5)
    form = sent["response_format"]["json_schema"]
    assert (form["name"], form["strict"]) == ("Verdict", True)
    assert list(form["schema"]["properties"]) == ["reasons", "verdict", "sure"]
    assert form["schema"]["required"] == ["reasons", "verdict", "sure"]
    assert sent["messages"] == [{"role": "user", "content": "Is it?"}]


def test_a_provider_not_known_to_hold_to_schemas_gets_it_in_words_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _, server = said_to("{}", request_of(), monkeypatch, schemas=False)
    (sent,) = server.requests
    assert "response_format" in sent
    assert '"verdict"' in sent["messages"][0]["content"]


def test_a_provider_that_refuses_schemas_gets_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def script(request: dict[str, Any], n: int) -> Said | str:
        error = {"message": "response_format is not supported", "type": "invalid_request_error"}
        return Said(status=400, error=error) if "response_format" in request else "{}"

    reply, server = said_to(script, request_of(), monkeypatch)
    assert reply.text == "{}"
    assert '"verdict"' in server.requests[1]["messages"][0]["content"]


def test_free_text_has_no_schema_and_temperature_is_left_to_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    _, server = said_to("fine", request_of(schema=False), monkeypatch)
    assert "response_format" not in server.requests[0]
    assert "temperature" not in server.requests[0]


def test_media_are_sent_inside_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, tiff, flac = io.BytesIO(), io.BytesIO(), io.BytesIO()
    Pillow.new("RGB", (3, 2), "red").save(picture, "PNG")
    Pillow.new("RGB", (3, 2), "blue").save(tiff, "TIFF")
    soundfile.write(flac, np.sin(np.arange(800) / 5), 8000, format="FLAC")
    media = {"p": picture.getvalue(), "t": tiff.getvalue(), "s": flac.getvalue()}
    parts = (
        Text(text="Look"),
        Image(path="media/p.png", sha256="p", width=3, height=2),
        Image(path="media/t.tif", sha256="t", width=3, height=2),
        Audio(path="media/s.flac", sha256="s", duration=0.1, sample_rate=8000),
    )
    _, server = said_to("ok", request_of(*parts), monkeypatch, media=media)
    text, first, second, sound = server.requests[0]["messages"][0]["content"]
    assert text["text"] == "Look"
    assert first["image_url"]["url"] == f"data:image/png;base64,{base64.b64encode(media['p']).decode()}"
    made = base64.b64decode(second["image_url"]["url"].removeprefix("data:image/png;base64,"))
    assert Pillow.open(io.BytesIO(made)).getpixel((0, 0)) == (0, 0, 255)
    assert sound["input_audio"]["format"] == "wav"
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(sound["input_audio"]["data"])))
    assert (len(samples), rate) == (800, 8000)


@pytest.mark.parametrize(
    ("said", "stop"),
    [
        (Said("half", finish="length"), "length"),
        (Said("", finish="content_filter"), "refusal"),
        (Said(None, refusal="I will not."), "refusal"),
        (Said("whole", finish="stop"), "stop"),
        (Said("odd", finish="whatever"), "stop"),
        (Said("half a \ud800 character"), "stop"),
    ],
)
def test_says_why_the_reply_ended(said: Said, stop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reply, _ = said_to(said, request_of(), monkeypatch)
    assert reply.stop == stop


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_turned_away_once(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    requests: list[int] = []

    def script(request: dict[str, Any], n: int) -> Said:
        requests.append(n)
        return Said(status=status, headers={"Retry-After": "7"})

    with pytest.raises(Turned) as caught:
        said_to(script, request_of(), monkeypatch)
    assert caught.value.status == status
    assert caught.value.wait == 7
    assert requests == [1], "nothing below us may retry"


def test_a_dropped_connection_a_closed_port_and_silence_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Turned) as dropped:
        said_to(Said(reset=True), request_of(), monkeypatch)
    assert dropped.value.status is None
    with pytest.raises(Turned, match=r"no reply within 0 s"):
        said_to(Said("late", wait=5), request_of(), monkeypatch, timeout=0.2)
    monkeypatch.setenv("LAB_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(Turned, match=r"127\.0\.0\.1"):
        run(_asked(NAME, request_of(), {}, {}))


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_request_a_provider_will_not_answer_is_an_error_of_the_model(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said(status=status, error={"message": "the picture is too odd", "type": "invalid_request_error"})
    with pytest.raises(ModelError, match=rf"'{NAME}' will not answer this request \({status}\).*too odd"):
        said_to(said, request_of(), monkeypatch)


def test_a_server_error_that_says_a_medium_is_not_taken_is_an_error_of_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = {"message": "image input is not supported - hint: you may need to provide the mmproj", "code": 500}
    with pytest.raises(ModelError, match=r"will not answer this request \(500\): .*image input is not supported"):
        said_to(Said(status=500, error=error), request_of(), monkeypatch)


def test_a_request_that_is_too_long_is_an_error_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    error = {"message": "maximum context length is 4096 tokens", "code": "context_length_exceeded"}
    with pytest.raises(ModelError, match=r"longer than the model takes"):
        said_to(Said(status=400, error=error), request_of(), monkeypatch)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_names_its_variable_and_not_itself(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    said = Said(status=status, error={"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"})
    with pytest.raises(UserError, match=r"'LAB_API_KEY'") as caught:
        said_to(said, request_of(), monkeypatch)
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_unknown_model_is_for_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    error = {"message": "The model `tiny` does not exist", "code": "model_not_found"}
    for status in (404, 400):
        with pytest.raises(UserError, match=rf"knows no model '{NAME}'.*'LAB_BASE_URL'"):
            said_to(Said(status=status, error=error), request_of(), monkeypatch)


def test_an_empty_account_is_for_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    error = {"message": "You exceeded your current quota", "code": "insufficient_quota", "type": "insufficient_quota"}
    with pytest.raises(UserError, match=r"no credit left"):
        said_to(Said(status=429, error=error), request_of(), monkeypatch)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nope/model", r"no provider 'nope'"),
        ("gpt", r"'gpt' is no model name; write 'provider/model'"),
        ("openai-api/model", r"is no model name"),
        ("openai/gpt-5.1", r"'export OPENAI_API_KEY=...'"),
        ("openai-api/other/x", r"'export OTHER_API_KEY=...'"),
    ],
)
def test_a_model_that_cannot_be_made_says_what_to_type(
    name: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    hook = sys.excepthook
    with pytest.raises(UserError, match=message):
        ProviderModel(name)
    assert sys.excepthook is hook


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmark_agent.models.provider.find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"pip install 'benchmark-agent\[models\]'"):
        ProviderModel(NAME)


def test_openai_names_reach_a_server_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newer protocol of OpenAI is known to few servers; only OpenAI itself is spoken to in it."""
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    reply, server = said_to("here", request_of(), monkeypatch, name="openai/gpt-5.1")
    assert reply.text == "here"
    assert server.paths == ["/v1/chat/completions"]


def test_the_client_waits_longer_than_we_do_and_connects_as_quickly_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LAB_API_KEY", "none")
    client: Any = ProviderModel(NAME, timeout=3600)._api.client  # type: ignore[attr-defined]
    assert client.timeout.read > 3600
    assert client.timeout.connect < 60


def test_importing_us_imports_no_client() -> None:
    code = (
        "import sys, benchmark_agent.models.asking;"
        "sys.exit(any(name in sys.modules for name in ('inspect_ai', 'openai')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_schema_is_sent_in_the_dialect_every_provider_takes() -> None:
    class Inner(Record):
        """For those who read code."""

        kind: Literal["only"]
        pair: tuple[int, str]
        share: Annotated[float, Field(ge=0, lt=1, description="Of all.")]
        short: Annotated[str, Field(max_length=9)]
        few: Annotated[tuple[str, ...], Field(min_length=2, max_length=4)]
        note: str | None = None

    class Outer(Record):
        zeta: tuple[Inner, ...]
        alpha: Inner = Field(description="the first")

    found = portable(schema_text(Outer))
    inner = found["properties"]["alpha"]
    assert list(found["properties"]) == ["zeta", "alpha"]
    assert inner["description"] == "the first"
    assert found["properties"]["zeta"]["items"] == {k: v for k, v in inner.items() if k != "description"}
    assert inner["properties"]["kind"]["enum"] == ["only"]
    assert inner["properties"]["pair"]["items"] == {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    assert inner["properties"]["share"] == {"type": "number", "description": "Of all. (at least 0, less than 1)"}
    assert inner["properties"]["short"] == {"type": "string"}
    assert inner["properties"]["few"]["description"] == "(at least 2 of them, at most 4 of them)"
    assert inner["properties"]["note"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert inner["required"] == ["kind", "pair", "share", "short", "few", "note"]
    assert not [word for word in ("$ref", "$defs", "const", "default", "title") if f'"{word}"' in json.dumps(found)]


def test_keys_are_scrubbed_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "abcdef123456")
    assert scrubbed("bad abcdef123456 and sk-proj-AAAABBBBCCCC here") == "bad ... and ... here"
