"""Which role each path of the rows has, given all the others."""

import re
from collections.abc import Mapping, Sequence

from benchmark_agent.content import ValueType
from benchmark_agent.sources.cards import Role
from benchmark_agent.sources.claims import Claims
from benchmark_agent.sources.profiles import Profile
from benchmark_agent.sources.roles import named_role, words
from benchmark_agent.sources.splits import MASKS

_ROLE_OF_TYPE: Mapping[ValueType, Role] = {
    "image": "image", "audio": "audio", "boxes": "bbox", "choices": "options", "dialog": "dialog", "table": "table",
}  # fmt: skip
_TYPES_OF_ROLE: Mapping[Role, tuple[ValueType, ...]] = {
    "image": ("image",),
    "audio": ("audio",),
    "bbox": ("boxes",),
    "options": ("choices", "items"),
    "dialog": ("dialog", "phrase"),
    "table": ("table",),
    "question": ("phrase", "label"),
    "context": ("phrase", "items", "label"),
    "measure": ("number",),
}
_COLUMN_OPTION = re.compile(
    r"^(?:option|choice|opt|ending|answer|candidate|distractor|incorrect(?:_?answer)?)_?([a-j1-9])$", re.IGNORECASE
)
_BEST_ANSWERS = ("answer", "answers", "target", "correct_answer", "gold", "label", "output", "response", "solution")
_PASSAGE = 60
"""Mean words over which a text with a gap is the passage, not the question."""
_CODE = re.compile(r"[\w./:-]*\d[\w./:-]*")


def option_columns(profiles: Sequence[Profile]) -> tuple[str, ...]:
    """Paths that hold one option each: `option_a`, `option_b` ...; empty when there are none."""
    by_parent: dict[str, list[str]] = {}
    for profile in profiles:
        parent, _, name = profile.path.rpartition(".")
        if _COLUMN_OPTION.match(name) or name in "ABCDEFGHIJ":
            by_parent.setdefault(parent, []).append(profile.path)
    found = next((paths for paths in by_parent.values() if len(paths) > 1), [])
    return tuple(sorted(found))


def assign_roles(profiles: Sequence[Profile], claims: Claims) -> dict[str, Role]:
    """Role by path: what the card claims where the type allows it, else what name and values say."""
    own = {field.path: field.role for field in claims.fields}
    roles: dict[str, Role] = {}
    for profile in profiles:
        claimed = own.get(profile.path) or _claimed(profile, claims.roles)
        roles[profile.path] = claimed if claimed and _allows(claimed, profile.type) else guess(profile)
    free = [profile for profile in profiles if profile.path not in own]
    _one_question(free, roles, claims)
    _one_answer(free, roles, claims)
    asks = "question" in roles.values()
    for profile in free:
        role = roles[profile.path]
        varied = {"context", "category", "span", "entity", "measure", "time", "rationale"}
        if (profile.constant and role in varied) or (role == "measure" and asks):
            roles[profile.path] = "metadata"
    return roles


def _claimed(profile: Profile, claimed: Mapping[str, Role]) -> Role | None:
    inside = (role for path, role in claimed.items() if path.startswith(f"{profile.path}."))
    return claimed.get(profile.path) or next(inside, None)


def _allows(role: Role, kind: ValueType) -> bool:
    if role in _TYPES_OF_ROLE:
        return kind in _TYPES_OF_ROLE[role]
    return kind not in ("image", "audio", "boxes") or role in ("answer", "metadata")


def guess(profile: Profile) -> Role:
    """The role name and values say."""
    by_type = _ROLE_OF_TYPE.get(profile.type)
    if by_type:
        return by_type
    named = named_role(profile.path)
    if named == "id" and not profile.unique and profile.mean_words > 2:
        named = None
    if named in ("id", "metadata", "answer") or (named == "time" and profile.type != "label"):
        return named
    if profile.is_date:
        return "time"
    if profile.type == "number":
        return "measure"
    if profile.type == "label":
        return "question" if named == "question" else "category"
    if profile.type == "items":
        return named if named in ("answer", "context", "category", "entity") else "metadata"
    return _text_role(profile, named)


def _asks(value: object) -> bool:
    return str(value).rstrip().endswith("?")


def _has_gap(value: object) -> bool:
    return any(mask in str(value) for mask in MASKS)


def _text_role(profile: Profile, named: Role | None) -> Role:
    long = profile.mean_words > 8
    if (
        named == "question"
        and profile.mean_words > _PASSAGE
        and profile.share(_asks) < 0.2
        and profile.share(_has_gap) > 0.8
    ):
        return "context"
    if named in ("question", "context", "rationale", "span"):
        return named
    if named in ("category", "entity"):
        return "context" if long else named
    if named in ("dialog", "table") or long:
        return "context"
    if profile.unique and profile.share(lambda v: bool(_CODE.fullmatch(str(v).strip()))) > 0.9:
        return "id"
    if profile.unique and profile.mean_words <= 5:
        return "entity"
    return "category" if profile.mean_words <= 5 else "context"


def _one_question(profiles: Sequence[Profile], roles: dict[str, Role], claims: Claims) -> None:
    """Keep the best of several questions: one that varies, is claimed, is called so, asks."""
    asking = [p for p in profiles if roles[p.path] == "question"]

    def rank(profile: Profile) -> tuple[bool, bool, bool, float]:
        name = words(profile.path.split(".")[-1])
        asks = profile.share(_asks)
        return (not profile.constant, claims.roles.get(profile.path) == "question", "question" in name, asks)

    best = max(asking, key=rank, default=None)
    for profile in asking:
        if profile is not best:
            roles[profile.path] = "metadata" if profile.constant or len(asking) > 2 else "context"


def _one_answer(profiles: Sequence[Profile], roles: dict[str, Role], claims: Claims) -> None:
    """Keep the best of several answers; a set with a question and no answer takes its label column."""
    answers = [p for p in profiles if roles[p.path] == "answer"]
    asks = "question" in roles.values()
    if not answers and asks and "bbox" not in roles.values():
        named = [
            p for p in profiles if roles[p.path] == "category" and words(p.path)[-1] in ("label", "class", "category")
        ]
        for profile in named[:1]:
            roles[profile.path] = "answer"
        return

    def rank(profile: Profile) -> tuple[bool, int]:
        name = "_".join(words(profile.path.split(".")[-1]))
        order = _BEST_ANSWERS.index(name) if name in _BEST_ANSWERS else len(_BEST_ANSWERS)
        return (claims.roles.get(profile.path) == "answer", -order)

    best = max(answers, key=rank, default=None)
    for profile in answers:
        if profile is not best:
            roles[profile.path] = _other_answer(profile)
    if best and best.type == "label" and not asks and "options" not in roles.values():
        roles[best.path] = "category" if not claims.roles.get(best.path) else "answer"


def _other_answer(profile: Profile) -> Role:
    if profile.type == "label":
        return "category"
    return "rationale" if profile.type == "phrase" and profile.mean_words > 8 else "metadata"
