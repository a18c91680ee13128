"""The one base class of everything that passes between stages."""

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict


def digest_of(value: Any) -> str:
    """Content hash of a JSON value: 16 hex digits, independent of key order."""
    payload = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(payload.encode()).hexdigest()[:16]


class Record(BaseModel):
    """Frozen, closed, JSON-round-trippable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def fingerprint(self) -> str:
        """Content hash (16 hex digits), independent of field order."""
        return digest_of(self.model_dump(mode="json"))
