"""What a field is, from its name: role, words, unit."""

import re
from collections.abc import Sequence

from benchmark_agent.sources.cards import Role

_NAMES: dict[Role, str] = {
    "question": "question query prompt instruction problem stem ask input request",
    "context": "context passage document article text story paragraph premise abstract content body background "
    "sentence statement review narrative evidence caption description summary transcript definition fact source_text",
    "answer": "answer answers target output gold correct response label_text completion reference ground_truth "
    "correct_answer answer_key answerkey solution expected",
    "rationale": "rationale explanation reasoning cot chain_of_thought justification hint lecture proof support",
    "dialog": "dialog dialogue conversation turn turns message messages utterances history chat dialogs",
    "options": "option options choice choices candidates endings alternatives answer_choices distractors",
    "bbox": "bbox bboxes box boxes bounding_box bounding_boxes objects annotations_bbox",
    "mask": "mask segmentation polygon rle",
    "point": "point points keypoint keypoints click",
    "category": "label class category type genre topic kind group sentiment intent tag difficulty level status",
    "time": "date time datetime timestamp year month day decade",
    "id": "id ids uid uuid guid idx index key unnamed ordinal",
    "metadata": "split source url uri link licence license canary version hash sha256 md5 path filename file_name "
    "file code zip postcode phone isbn "
    "set_type start end offset offsets answer_start char_start char_end task_type created updated author",
    "entity": "name title entity subject country city person place word term symbol element species product",
    "table": "table",
    "span": "hypothesis claim span",
}
ROLE_OF_NAME = {name: role for role, names in _NAMES.items() for name in names.split()}
_OUTPUTS = frozenset({"output", "outputs", "target", "targets", "gold", "answer", "answers"})
_GENERIC = frozenset({"text", "value", "content", "raw", "data"})
_UNITS = (
    "mm cm km kg mg lb lbs km2 sq_km sqkm ha sec secs seconds ms min mins minutes hours hrs days years usd eur gbp "
    "percent pct hz khz mhz ghz mb gb kb kcal kwh mph kmh rpm ppm degrees celsius fahrenheit kelvin pixels px watts "
    "volts db"
)
_UNIT_TAILS = frozenset(_UNITS.split())
_UNIT_WORDS = {
    "km2": "km²", "sqkm": "km²", "secs": "seconds", "sec": "seconds", "mins": "minutes", "hrs": "hours",
    "pct": "%", "percent": "%", "usd": "US dollars", "eur": "euros", "gbp": "pounds", "px": "pixels",
    "celsius": "°C", "fahrenheit": "°F", "kelvin": "K", "kmh": "km/h", "lbs": "lb", "hz": "Hz", "khz": "kHz",
    "mhz": "MHz", "ghz": "GHz", "mb": "MB", "gb": "GB", "kb": "kB", "db": "dB", "kwh": "kWh",
}  # fmt: skip
_BRACKETED = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]{1,15})\s*[)\]]\s*$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words(name: str) -> list[str]:
    """`boilingPoint_K` as boiling, point, k."""
    return [word.lower() for word in re.split(r"[\W_]+", _CAMEL.sub(" ", name)) if word]


def named_role(path: str) -> Role | None:
    """The role the path's name says; None when it says nothing."""
    components = path.split(".")
    if len(components) > 1 and components[0].lower() in _OUTPUTS:
        last = words(components[-1])
        return "metadata" if last and ROLE_OF_NAME.get("_".join(last)) == "metadata" else _in_output(last)
    for component in reversed(components):
        if component.lower() in _GENERIC and len(components) > 1:
            continue
        role = _component_role(component)
        if role:
            return role
    return _component_role(components[-1])


def _in_output(last: Sequence[str]) -> Role:
    role = ROLE_OF_NAME.get(last[-1]) if last else None
    return role if role in ("rationale", "bbox", "mask", "point", "id") else "answer"


def _component_role(component: str) -> Role | None:
    parts = [part.rstrip("0123456789") or part for part in words(component)]
    for start in range(len(parts)):
        role = ROLE_OF_NAME.get("_".join(parts[start:]))
        if role:
            return role
    return None


def unit_of(name: str) -> str:
    """The unit a name states: `height (cm)`, `weight_kg`; empty when it states none."""
    bracketed = _BRACKETED.match(name)
    if bracketed and not bracketed[2].isdigit():
        return _UNIT_WORDS.get(bracketed[2].lower(), bracketed[2])
    parts = words(name)
    tail = parts[-1] if len(parts) > 1 else ""
    return _UNIT_WORDS.get(tail, tail) if tail in _UNIT_TAILS else ""


def label_of(path: str) -> str:
    """The field in words, without its unit: `boiling point`."""
    components = [c for c in path.split(".") if c.lower() not in (*_GENERIC, "input")] or [path.split(".")[-1]]
    name = "answer" if components[-1].lower() in _OUTPUTS else components[-1]
    unit = unit_of(name)
    bracketed = _BRACKETED.match(name)
    parts = words(bracketed[1] if bracketed and unit else name)
    return " ".join(parts[:-1] if unit and not bracketed and len(parts) > 1 else parts)
