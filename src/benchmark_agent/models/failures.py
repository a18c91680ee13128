"""What a provider's error means for us, in words that never hold a key."""

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmark_agent.errors import BenchmarkAgentError, ModelError, UserError
from benchmark_agent.models import Turned

if TYPE_CHECKING:
    from inspect_ai.model import ModelAPI

_SECRET = re.compile(r"(?:sk|pk|rk|key|hf|gsk|xai|AIza|Bearer)[-_ ][A-Za-z0-9*_.\-]{6,}|AIza[A-Za-z0-9_\-]{10,}")
_NAMED = re.compile(r"(?i)(key|token|secret|password)")
_FLAGGED = re.compile(r"(?i)moderation|flagged|content[ _]polic|safety")
_NO_CREDIT = re.compile(r"(?i)insufficient_quota|insufficient credit|credit balance|billing")
_NO_MODEL = re.compile(
    r"(?i)model_not_found|(?:unknown|invalid|no such) model|model\b.{0,80}(?:does not exist|not found)"
)
_NO_MEDIUM = re.compile(r"(?i)(?:image|vision|audio|multimodal)\b.{0,40}\b(?:not supported|unsupported)")
"""llama.cpp says so with status 500, as if it could pass."""
MOST = 300
"""Characters of a provider's own words that a message keeps."""


def scrubbed(text: str) -> str:
    """The text in one line, cut to `MOST` characters, without anything that is or looks like a key."""
    for name, value in os.environ.items():
        if len(value) >= 6 and _NAMED.search(name):
            text = text.replace(value, "...")
    return " ".join(_SECRET.sub("...", text).split())[:MOST]


def classified(error: BaseException, api: "ModelAPI", name: str) -> BenchmarkAgentError | Turned:
    """What to raise for an error of a request that was sent."""
    status = _status(error)
    why = scrubbed(_words(error))
    if status in (401, 403) and not _FLAGGED.search(why):
        return UserError(_refused_key(api, name, status))
    if status == 402 or (status == 429 and _NO_CREDIT.search(why)):
        return UserError(
            f"the account for {name!r} has no credit left; add some, then type the command with '--resume'"
        )
    if status == 404 or (status in (400, 422) and _NO_MODEL.search(why)):
        return UserError(_unknown_model(api, name, why))
    decision = api.should_retry(error) if isinstance(error, Exception) else False
    unsuited = status is not None and status >= 500 and _NO_MEDIUM.search(why)
    if not unsuited and (status is None or status in (408, 409, 425, 429) or status >= 500):
        wait = getattr(decision, "retry_after", None) or _asked_to_wait(error)
        return Turned(f"{status or type(_innermost(error)).__name__}: {why}", status=status, wait=wait)
    return ModelError(f"{name!r} will not answer this request ({status}): {why}")


def unmade(error: BaseException, name: str) -> UserError:
    """What to raise when a client could not be made: no such provider, no package, no key."""
    provider = name.split("/")[0]
    why = re.sub(r"\[/?[a-z ]+\]", "", str(getattr(error, "message", "") or error))
    if "not recognized" in why:
        return UserError(
            f"there is no provider {provider!r}; write 'provider/model' with a provider such as 'openai', 'anthropic', "
            f"'google', 'mistral', 'openrouter' or 'ollama', or 'openai-api/NAME/MODEL' for a server of your own"
        )
    if names := _missing(why):
        some = " or ".join(f"'export {each}=...'" for each in names)
        return UserError(f"{name!r} cannot be used: {some} is missing; type it, then the command again")
    return UserError(f"{name!r} cannot be used: {scrubbed(why)}")


def _missing(why: str) -> list[str]:
    """Environment variables named in a message that says they are not defined."""
    return re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", why) if "environment" in why else []


def _refused_key(api: "ModelAPI", name: str, status: int | None) -> str:
    names = [each for each in api.api_key_vars if os.environ.get(each)] or api.api_key_vars
    said = "refuses the key" if status == 401 else "does not let this key use the model"
    what = f"check the environment variable {names[0]!r}" if names else "check the key in the environment"
    return f"the provider of {name!r} {said} ({status}); {what}"


def _unknown_model(api: "ModelAPI", name: str, why: str) -> str:
    where = [each.replace("_API_KEY", "_BASE_URL") for each in api.api_key_vars if each.endswith("_API_KEY")]
    server = f", or, for a server of your own, {where[0]!r}" if where else ""
    return f"the provider knows no model {name!r} (it says: {why}); check the name after '--model' or '--role'{server}"


def _asked_to_wait(error: BaseException) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    seconds = str(headers.get("retry-after", ""))
    return float(seconds) if re.fullmatch(r"\d+(\.\d+)?", seconds) else None


def _status(error: BaseException) -> int | None:
    for each in _chain(error):
        response = getattr(each, "response", None)
        for found in (getattr(each, "status_code", None), getattr(response, "status_code", None), _code(each)):
            if isinstance(found, int) and 400 <= found < 600:
                return found
    return None


def _code(error: BaseException) -> int | None:
    code = getattr(error, "code", None)
    return int(code) if isinstance(code, int) or (isinstance(code, str) and code.isdigit()) else None


def _words(error: BaseException) -> str:
    body = getattr(error, "body", None)
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return f"{body.get('code') or body.get('type') or ''} {body['message']}".strip()
    return str(_innermost(error)) or str(error)


def _innermost(error: BaseException) -> BaseException:
    """What really happened, where no response came: client libraries say only that a connection failed."""
    return error if _status(error) else list(_chain(error))[-1]


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    for _ in range(6):
        if current is None:
            return
        yield current
        current = current.__cause__
