"""From what a model wrote to the record it was asked for.

Models wrap JSON in fences, prose and thoughts, forget the object around a list, leave trailing commas, or stop in the
middle. What can be understood without a guess is taken; the rest is named, so that the model can be asked again.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, Literal, TypeVar, get_origin

from pydantic import ValidationError

from benchmark_agent.models import Reply
from benchmark_agent.record import Record

R = TypeVar("R", bound=Record)
Fault = Literal["empty", "cut off", "refused", "no JSON", "invalid"]
Oddity = Literal["thoughts", "fence", "prose", "trailing comma", "bare list", "wrapped", "more fields"]
"""What had to be put right in a reply that was taken."""
Kinds = tuple[Oddity, ...]

PROBLEMS = 3
"""Validation errors a re-ask names at most."""
_THOUGHT = re.compile(r"^.*</(think|thinking|reasoning|analysis)>", re.DOTALL | re.IGNORECASE)
_UNENDED = re.compile(r"^\s*<(think|thinking|reasoning|analysis)>", re.IGNORECASE)
_FENCE = re.compile(r"```[a-zA-Z0-9_-]*[ \t]*\r?\n(.*?)(?:\r?\n[ \t]*)?```", re.DOTALL)
_OPENED = re.compile(r"[{\[]")
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
_REFUSAL = re.compile(
    r"^\W*(?:i['’]?m (?:very |really )?sorry|sorry,|i (?:can['’]?t|cannot|can not|won['’]?t|will not) |"
    r"i['’]?m (?:not able|unable)|i am (?:not able|unable|sorry)|as an ai\b|unfortunately, i (?:can|am))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[R]):
    record: R | None
    """None where the reply cannot be used."""
    fault: Fault | None = None
    why: str = ""
    """What is wrong, for the model to read."""
    oddities: Kinds = ()


def parse(reply: Reply, answer: type[R]) -> Parsed[R]:
    """The record in a reply, or what is wrong with it."""
    if reply.stop == "refusal":
        return Parsed(None, "refused", reply.text.strip())
    sayings = _sayings(reply.text)
    text = sayings[0][0]
    if not text.strip():
        return Parsed(None, "cut off" if reply.stop == "length" else "empty", "it was empty")
    worst: Parsed[R] | None = None
    for said, oddities in sayings:
        for value, kinds in _values(said):
            found = _validated(value, answer, (*oddities, *kinds))
            if found.record is not None:
                return found
            worst = worst or found
    if reply.stop == "length" or _ends_early(text):
        return Parsed(None, "cut off", "it was cut off before its end")
    if worst is not None:
        return worst
    if _REFUSAL.match(text):
        return Parsed(None, "refused", text.strip())
    return Parsed(None, "no JSON", _no_json(text))


def _no_json(text: str) -> str:
    opened = _OPENED.search(text)
    if opened is None:
        return "it holds no JSON object"
    try:
        json.loads(text[opened.start() : _closed(text, opened.start()) or None], strict=False)
    except json.JSONDecodeError as error:
        return f"it is not valid JSON: {error}"
    except RecursionError:
        return "it is nested too deep"
    return "it holds no JSON object"


def _sayings(text: str) -> list[tuple[str, Kinds]]:
    """The text without thoughts; both where it is not sure that there are any.

    A server's template may open the thought, so that only its end is in the reply.
    """
    end = _THOUGHT.match(text)
    if _UNENDED.match(text):
        return [(text[end.end() :] if end else "", ("thoughts",))]
    return [(text[end.end() :], ("thoughts",)), (text, ())] if end else [(text, ())]


def _values(text: str) -> Iterator[tuple[Any, Kinds]]:
    """JSON values a reply may mean, likeliest first, and what was done to find each."""
    yield from _decoded(text.strip(), ())
    for body in reversed(_FENCE.findall(text)):  # the last first: models think before they answer
        yield from _decoded(body.strip(), ("fence",))
    yield from _embedded(text)


def _decoded(text: str, kinds: Kinds) -> Iterator[tuple[Any, Kinds]]:
    if text[:1] not in ("{", "["):
        return
    try:
        yield json.loads(text, strict=False), kinds
    except (ValueError, RecursionError):
        with suppress(ValueError, RecursionError):
            yield json.loads(_without_commas(text), strict=False), (*kinds, "trailing comma")


def _without_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(lambda found: found.group(1) or "", text)


def _embedded(text: str) -> Iterator[tuple[Any, Kinds]]:
    """Objects and lists inside prose that stand in no other, objects first, the last first."""
    found: list[tuple[Any, Kinds]] = []
    at = 0
    while (opened := _OPENED.search(text, at)) and (end := _closed(text, opened.start())):
        at = end
        found.extend((value, ("prose", *kinds)) for value, kinds in _decoded(text[opened.start() : end], ()))
    found.reverse()
    yield from sorted(found, key=lambda pair: not isinstance(pair[0], dict))


def _closed(text: str, start: int) -> int:
    """Where the object or list that opens at `start` has ended; 0 where it never does."""
    depth, quoted, escaped = 0, False, False
    for at, letter in enumerate(text[start:], start + 1):
        if quoted:
            quoted, escaped = escaped or letter != '"', letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        elif letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
            if depth == 0:
                return at
    return 0


def _ends_early(text: str) -> bool:
    """Whether an object or list is opened and never closed, nor a fence around it."""
    opened = _OPENED.search(text)
    return bool(opened) and not text.rstrip().endswith("```") and not _last_closes(text)


def _last_closes(text: str) -> bool:
    at = 0
    while opened := _OPENED.search(text, at):
        at = _closed(text, opened.start())
        if not at:
            return False
    return True


def _validated(value: Any, answer: type[R], oddities: Kinds) -> Parsed[R]:
    first: Parsed[R] | None = None
    for each, more in _readings(value, answer):
        try:
            return Parsed(answer.model_validate_json(json.dumps(each)), oddities=(*oddities, *more))
        except ValidationError as error:
            if less := _without_strangers(each, error, answer):
                return _validated(less, answer, (*oddities, *more, "more fields"))
            first = first or Parsed(None, "invalid", _problems(error), oddities)
    return first or Parsed(None, "invalid", "it is no JSON object", oddities)


def _readings(value: Any, answer: type[R]) -> Iterator[tuple[Any, Kinds]]:
    """The value as it stands, a list as the only list of the record, and an object inside one of a single key."""
    fields = answer.model_fields
    if isinstance(value, dict):
        yield value, ()
        (inner,) = value.values() if len(value) == 1 else (None,)
        if isinstance(inner, dict) and not value.keys() & fields.keys():
            yield inner, ("wrapped",)
    elif isinstance(value, list):
        lists = [name for name, field in fields.items() if get_origin(field.annotation) in (tuple, list)]
        if len(lists) == 1:
            yield {lists[0]: value}, ("bare list",)
        if len(value) == 1 and isinstance(value[0], dict):
            yield value[0], ("wrapped",)


def _without_strangers(value: Any, error: ValidationError, answer: type[R]) -> Any:
    """The value without fields nobody asked for; None where more is wrong, or one is a misspelt field of ours."""
    errors = error.errors(include_url=False)
    ours = [name for name in answer.model_fields if name not in value]
    if any(each["type"] != "extra_forbidden" for each in errors):
        return None
    if any(get_close_matches(str(each["loc"][-1]), ours) for each in errors):
        return None
    less = json.loads(json.dumps(value))
    for each in errors:
        holder = less
        for step in each["loc"][:-1]:
            holder = holder[step]
        del holder[each["loc"][-1]]
    return less


def _problems(error: ValidationError) -> str:
    """The first few errors, with where they are and what was found there."""
    found = [_problem(each) for each in error.errors(include_url=False)]
    more = f"; and {len(found) - PROBLEMS} more" if len(found) > PROBLEMS else ""
    return "; ".join(found[:PROBLEMS]) + more


def _problem(error: Any) -> str:
    where = ".".join(str(step) for step in error["loc"]) or "the object"
    given = "" if error["type"] == "missing" else f" (it is {json.dumps(error['input'], default=str)[:60]})"
    return f"{where!r}: {error['msg']}{given}"
