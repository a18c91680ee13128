"""Where a card that came with the data and the rows disagree."""

import re
from collections.abc import Sequence

from benchmark_agent.sources.box_format import WORDS, BoxFormat
from benchmark_agent.sources.cards import Field
from benchmark_agent.sources.claims import Claims
from benchmark_agent.sources.profiles import Profile

_COUNTED = re.compile(r"\b(\d[\d,]*)\s+(?:[a-z-]+\s+)?(?:samples|examples|rows|items)\b")


def differences(
    claims: Claims, fields: Sequence[Field], profiles: Sequence[Profile], rows: int, boxes: BoxFormat | None
) -> list[str]:
    """One sentence for each."""
    found = []
    if claims.size is not None and claims.size != rows:
        found.append(f"the card says {claims.size} rows; there are {rows}")
    told = [int(number.replace(",", "")) for number in _COUNTED.findall(claims.description)]
    found += [f"the description says {n} of them; there are {rows}" for n in told if not 0.8 * rows <= n <= 1.2 * rows]
    paths = [profile.path for profile in profiles]
    for path in (*claims.roles, *(own.path for own in claims.fields if not own.parse.startswith("columns:"))):
        if not any(path == known or path.startswith(f"{known}.") for known in paths):
            found.append(f"the card names the field {path!r}; no row has it")
    found += _types(claims, fields)
    for modality in claims.modalities:
        if modality in ("image", "audio") and not any(f.type == modality for f in fields):
            found.append(f"the card says {modality}; no field of the rows holds {modality} files")
    if boxes and boxes.claimed and boxes.claimed != boxes.name.removesuffix("_share"):
        found.append(f"the data say their boxes are {WORDS[boxes.claimed]}; they are {boxes.detail}")
    return found


def _types(claims: Claims, fields: Sequence[Field]) -> list[str]:
    found = []
    by_name = {f.name: f for f in fields}
    for own in claims.fields:
        now = by_name.get(own.name)
        if now and "type" in own.model_fields_set and now.type != own.type:
            found.append(f"the card says {own.name!r} is {own.type}; the rows read as {now.type}")
        if now and own.vocabulary and now.type == "label":
            known = {count.label for count in own.vocabulary}
            strange = sorted({text for text in now.examples if text not in known})
            if strange:
                found.append(f"the card's labels of {own.name!r} do not name {strange[0]!r}, which rows have")
    return found
