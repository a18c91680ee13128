"""Servers that speak and listen in OpenAI's style, on the loopback: what they are asked, and what goes wrong."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from benchmark_agent.errors import ToolError, Unreached
from benchmark_agent.tools.sound import remote, waves
from benchmark_agent.tools.sound.engines import Voice, hearing_for, speech_for
from benchmark_agent.tools.sound.waves import RATE

TONE = waves.encode(0.2 * np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE))


class Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None, bytes]] = []
        self.status = 200
        self.sound = TONE

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        speech = self.path == "/v1/audio/speech"
        reply = self.server.sound if speech else json.dumps({"text": "three boats"}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_speech_server_is_asked_once_in_openais_words(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCHMARK_AGENT_SPEECH_URL", server.url)
    monkeypatch.setenv("BENCHMARK_AGENT_SPEECH_KEY", "secret")
    monkeypatch.setenv("BENCHMARK_AGENT_SPEECH_VOICES", "nova, onyx")
    engine = speech_for("en")
    assert isinstance(engine, remote.RemoteSpeech)
    voices = engine.cast("en", 3)
    assert [voice.name for voice in voices] == ["nova", "onyx"]
    one, same = (engine.speak("Three boats.", voices[1], 1.25, 7) for _ in range(2))
    assert one.rate == RATE
    assert np.array_equal(one.samples, same.samples)
    ((path, key, body),) = server.asked
    assert (path, key) == ("/v1/audio/speech", "Bearer secret")
    wanted = {"model": "tts-1", "input": "Three boats.", "voice": "onyx", "response_format": "wav", "speed": 1.25}
    assert json.loads(body) == wanted


def test_kokoro_has_a_mans_and_a_womans_voice_in_each_of_its_languages(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BENCHMARK_AGENT_SPEECH_URL", raising=False)
    monkeypatch.setenv("BENCHMARK_AGENT_KOKORO_URL", server.url)
    engine = speech_for("it")
    assert isinstance(engine, remote.Kokoro)
    man, woman = engine.cast("it", 2)
    engine.speak("Tre barche.", woman, 1.0, 0)
    assert json.loads(server.asked[0][2])["model"] == "kokoro"
    assert json.loads(server.asked[0][2])["voice"] == "if_sara"
    assert man.name == "im_nicola"


def test_a_transcription_server_gets_the_sound_and_the_language(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCHMARK_AGENT_HEARING_URL", server.url)
    engine = hearing_for("en")
    assert isinstance(engine, remote.RemoteHearing)
    wave = waves.decode(TONE)
    assert engine.hear(wave, "en") == engine.hear(wave, "en") == "three boats"
    ((path, key, body),) = server.asked
    assert (path, key) == ("/v1/audio/transcriptions", None)
    assert TONE in body
    for field, value in (("model", "whisper-1"), ("language", "en"), ("response_format", "json")):
        assert f'name="{field}"\r\n\r\n{value}\r\n'.encode() in body


def test_a_server_that_is_busy_away_or_wrong_says_so(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCHMARK_AGENT_SPEECH_URL", server.url)
    engine, voice = remote.RemoteSpeech(), Voice("speech-server", "nova", "en")
    server.status = 503
    with pytest.raises(Unreached, match="answers 503"):
        engine.speak("One.", voice, 1.0, 0)
    server.status = 401
    with pytest.raises(ToolError, match="refuses"):
        engine.speak("One.", voice, 1.0, 0)
    server.status, server.sound = 200, b"no sound"
    with pytest.raises(ToolError, match="sent no sound"):
        engine.speak("One.", voice, 1.0, 0)
    monkeypatch.setenv("BENCHMARK_AGENT_SPEECH_URL", "http://127.0.0.1:9")
    with pytest.raises(Unreached, match="is not reached"):
        engine.speak("One.", voice, 1.0, 0)
    monkeypatch.setenv("BENCHMARK_AGENT_SPEECH_URL", "file:///etc/passwd")
    assert "is no http address" in engine.missing()
