"""Reviewed cases of the prompts of model access."""

import json

from benchmark_agent.models.schema import portable, schema_text
from benchmark_agent.record import Record


class Verdict(Record):
    """A record like those asked for."""

    reason: str
    holds: bool


SCHEMA = json.dumps(portable(schema_text(Verdict)))

CASES: dict[str, dict[str, object]] = {
    "models/shape": {"schema": SCHEMA},
    "models/again": {"schema": SCHEMA, "problem": "'holds': Input should be a valid boolean (it is \"perhaps\")"},
    "models/probe": {"first": 17, "second": 25},
    "models/probe_image": {},
    "models/probe_audio": {},
    "models/describe": {"heard": False},
    "models/described": {"kind": "audio", "text": "A woman (speaker 1) says in English: the ferry leaves at nine."},
}
