"""The scripted model behind a loopback endpoint, in a process of its own.

python -m bench.endpoint '{"wrong": 0.2}' 1     # shares of what goes wrong, seconds a call; prints its address
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from bench.policy import Policy
from tests.models.loopback import Loopback, Said

NAME = "openai-api/local/scripted"
"""As the provider finds it where `served`."""


def answered(policy: Policy, request: dict[str, Any]) -> str:
    """What the policy says to a chat-completions request; a re-ask changes nothing of it."""
    text = _text(request["messages"][0]["content"])
    return json.dumps(policy(request["response_format"]["json_schema"]["name"], text))


def _text(content: str | list[dict[str, Any]]) -> str:
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


@contextmanager
def endpoint(policy: dict[str, float], latency: float) -> Iterator[str]:
    """The address of such an endpoint. `latency`: seconds."""
    command = [sys.executable, "-m", "bench.endpoint", json.dumps(policy), str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@contextmanager
def served(url: str) -> Iterator[None]:
    """The environment in which `NAME` is the model at this address."""
    with patch.dict(os.environ, {"LOCAL_BASE_URL": url, "LOCAL_API_KEY": "none"}):
        yield


if __name__ == "__main__":
    said_by, waits = Policy(**json.loads(sys.argv[1])), float(sys.argv[2])
    with Loopback(lambda request, number: Said(answered(said_by, request), wait=waits)) as serving:
        print(serving.url, flush=True)
        threading.Event().wait()
