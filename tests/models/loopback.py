"""A model endpoint on the loopback interface that speaks the chat-completions protocol and does as it is told."""

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Said:
    """What the endpoint does with one request."""

    text: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    error: dict[str, Any] = field(default_factory=dict)
    refusal: str | None = None
    reset: bool = False
    wait: float = 0.0


Script = Callable[[dict[str, Any], int], Said | str]
"""From a request and its number, from 1."""


class Loopback:
    """Runs in a thread of its own for as long as the context is open."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.in_flight = self.most_in_flight = 0
        self.port = 0

    def __enter__(self) -> "Loopback":
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._client, "127.0.0.1", 0, limit=2**26))
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                fields = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                self.paths.append(head[0].split(" ")[1])
                if not await self._answer(json.loads(body or b"{}"), writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        self.requests.append(request)
        number = len(self.requests)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            said = self.script(request, number)
            said = Said(said) if isinstance(said, str) else said
            await asyncio.sleep(said.wait)
        finally:
            self.in_flight -= 1
        if said.reset:
            return False
        data = json.dumps(_body(said, request)).encode()
        more = "".join(f"{key}: {value}\r\n" for key, value in said.headers.items())
        writer.write(
            f"HTTP/1.1 {said.status} X\r\nContent-Type: application/json\r\n{more}"
            f"Content-Length: {len(data)}\r\n\r\n".encode()
            + data
        )
        await writer.drain()
        return True


def _body(said: Said, request: dict[str, Any]) -> dict[str, Any]:
    if said.status != 200:
        return {"error": said.error or {"message": "something went wrong", "type": "error"}}
    message = {"role": "assistant", "content": said.text, "refusal": said.refusal}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": request.get("model", ""),
        "choices": [{"index": 0, "message": message, "finish_reason": said.finish}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
