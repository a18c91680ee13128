"""Servers that speak or transcribe in OpenAI's style: `/audio/speech` and `/audio/transcriptions`.

What a server gave is kept in the cache folder: asked again, the same sound is used, and a build can be repeated.
"""

import hashlib
import io
import json
import os
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import soundfile

from benchmark_agent.errors import MediaError, ToolError, Unreached
from benchmark_agent.record import digest_of
from benchmark_agent.sources.home import home
from benchmark_agent.tools.sound.engines import Spoken, Voice
from benchmark_agent.tools.sound.waves import RATE, Wave, decode, encode

_SECONDS = 120
"""Seconds a call may take."""
_MOST = 100_000_000
"""Bytes of a reply."""
_BOUNDARY = "benchmark-agent-7d1c4b"


def _set(name: str, default: str = "") -> str:
    return os.environ.get(f"BENCHMARK_AGENT_{name}", default).strip()


def _list(name: str, default: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _set(name, default).split(",") if part.strip())


def _address_problem(name: str) -> str:
    url = _set(name)
    if not url:
        return f"set BENCHMARK_AGENT_{name} to the address of a server, such as 'http://localhost:8880/v1'"
    return "" if url.startswith(("http://", "https://")) else f"BENCHMARK_AGENT_{name} is no http address: {url!r}"


@dataclass(frozen=True, slots=True)
class RemoteSpeech:
    """A server at BENCHMARK_AGENT_SPEECH_URL; _KEY, _MODEL, _VOICES and _LANGUAGES (comma-separated) say the rest."""

    name: str = "speech-server"

    @property
    def languages(self) -> tuple[str, ...]:
        return _list("SPEECH_LANGUAGES", "en")

    def missing(self) -> str:
        return _address_problem("SPEECH_URL")

    def cast(self, language: str, count: int) -> tuple[Voice, ...]:
        return tuple(Voice(self.name, name, language) for name in _list("SPEECH_VOICES", "alloy")[:count])

    def speak(self, text: str, voice: Voice, speed: float, seed: int) -> Spoken:
        return _spoken("SPEECH", _set("SPEECH_MODEL", "tts-1"), text, voice, speed, seed)


_KOKORO_VOICES: dict[str, tuple[str, ...]] = {
    "en": ("am_michael", "af_heart", "bm_george", "af_bella"),
    "es": ("em_alex", "ef_dora"),
    "fr": ("ff_siwis",),
    "hi": ("hm_omega", "hf_alpha"),
    "it": ("im_nicola", "if_sara"),
    "ja": ("jm_kumo", "jf_alpha"),
    "pt": ("pm_alex", "pf_dora"),
    "zh": ("zm_yunxi", "zf_xiaobei"),
}
"""Voices of Kokoro-82M by language, a man's and a woman's in turn."""


@dataclass(frozen=True, slots=True)
class Kokoro:
    """A Kokoro server (Kokoro-FastAPI speaks OpenAI's protocol) at BENCHMARK_AGENT_KOKORO_URL."""

    name: str = "kokoro"
    languages: tuple[str, ...] = tuple(_KOKORO_VOICES)

    def missing(self) -> str:
        return _address_problem("KOKORO_URL")

    def cast(self, language: str, count: int) -> tuple[Voice, ...]:
        return tuple(Voice(self.name, name, language) for name in _KOKORO_VOICES[language][:count])

    def speak(self, text: str, voice: Voice, speed: float, seed: int) -> Spoken:
        return _spoken("KOKORO", "kokoro", text, voice, speed, seed)


def _spoken(which: str, model: str, text: str, voice: Voice, speed: float, seed: int) -> Spoken:
    """What the server makes of the text; asked of it once."""
    asked = {"model": model, "input": text, "voice": voice.name, "response_format": "wav", "speed": speed}
    path = home() / "speech" / f"{digest_of([_set(f'{which}_URL'), asked, seed])}.wav"
    if not path.is_file():
        data = _reply(_request(which, "/audio/speech", json.dumps(asked).encode(), "application/json"))
        try:
            decode(data)
        except MediaError as error:
            raise ToolError(f"the speech server sent no sound: {error}") from error
        _keep(path, data)
    samples, rate = soundfile.read(io.BytesIO(path.read_bytes()), dtype="float64", always_2d=True)
    return Spoken(samples.mean(axis=1), int(rate))


@dataclass(frozen=True, slots=True)
class RemoteHearing:
    """A server at BENCHMARK_AGENT_HEARING_URL; _KEY, _MODEL and _LANGUAGES say the rest."""

    name: str = "hearing-server"

    @property
    def languages(self) -> tuple[str, ...]:
        return _list("HEARING_LANGUAGES", "en")

    def missing(self) -> str:
        return _address_problem("HEARING_URL")

    def hear(self, wave: Wave, language: str) -> str:
        data = encode(wave)
        model = _set("HEARING_MODEL", "whisper-1")
        digest = hashlib.sha256(data).hexdigest()
        path = home() / "heard" / f"{digest_of([_set('HEARING_URL'), model, language, digest, RATE])}.txt"
        if not path.is_file():
            fields = {"model": model, "language": language, "response_format": "json", "temperature": "0"}
            kind = f"multipart/form-data; boundary={_BOUNDARY}"
            reply = _reply(_request("HEARING", "/audio/transcriptions", _form(fields, data), kind))
            try:
                text = json.loads(reply)["text"]
            except (ValueError, KeyError, TypeError) as error:
                raise ToolError("the transcription server's reply has no 'text'") from error
            _keep(path, str(text).encode())
        return path.read_text(encoding="utf-8")


def _form(fields: dict[str, str], sound: bytes) -> bytes:
    """A multipart body (RFC 7578)."""
    lines = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="sound.wav"\r\n'
    lines += [f"{head}Content-Type: audio/wav\r\n\r\n".encode(), sound, f"\r\n--{_BOUNDARY}--\r\n".encode()]
    return b"".join(lines)


def _request(which: str, path: str, body: bytes, kind: str) -> urllib.request.Request:
    headers = {"Content-Type": kind}
    if key := _set(f"{which}_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    # `missing` lets http and https through, nothing else.
    return urllib.request.Request(_set(f"{which}_URL").rstrip("/") + path, body, headers)  # noqa: S310


def _reply(request: urllib.request.Request) -> bytes:
    """Raises ToolError when the server refuses, Unreached when it is not there."""
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310 - see _request
            data = bytes(reply.read(_MOST + 1))
    except urllib.error.HTTPError as error:
        told = error.read(300).decode(errors="replace")
        error.close()
        if error.code == 429 or error.code >= 500:
            raise Unreached(f"{request.full_url} answers {error.code}: {told}") from error
        raise ToolError(f"{request.full_url} refuses ({error.code}): {told}") from error
    except OSError as error:
        raise Unreached(f"{request.full_url} is not reached: {error}") from error
    if len(data) > _MOST:
        raise ToolError(f"the reply of {request.full_url} is over {_MOST} bytes")
    return data


def _keep(path: Path, data: bytes) -> None:
    """Renamed into place: another process sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).replace(path)
