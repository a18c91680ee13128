"""A check made of one function, and what several checks ask of a draft."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from benchmark_agent.content import Composed, Text
from benchmark_agent.realization.types import Draft
from benchmark_agent.verification.types import CheckContext, CheckResult
from benchmark_agent.wording import key


@cache
def passed(check: str) -> CheckResult:
    """The one result of a check that found nothing wrong: most are, and one record travels between processes as one."""
    return CheckResult(check=check, passed=True, reason="")


@dataclass(frozen=True, slots=True)
class Rule:
    """A check whose function returns what is wrong, in words; an empty text when nothing is."""

    name: str
    wrong: Callable[[Draft, CheckContext], str]

    def __call__(self, draft: Draft, context: CheckContext) -> CheckResult:
        reason = self.wrong(draft, context)
        return CheckResult(check=self.name, passed=False, reason=reason) if reason else passed(self.name)


def right_options(body: Composed) -> tuple[int, ...]:
    """Indexes of the right options (choice, multi_choice, and binary or label with options); empty when none match."""
    wanted = body.answer.split("\n") if body.answer_kind == "multi_choice" else [body.answer]
    return tuple(index for index, option in enumerate(body.options) if option in wanted)


def text_parts(body: Composed) -> tuple[tuple[int, str], ...]:
    """Index and text of each text part."""
    return tuple((index, part.text) for index, part in enumerate(body.input) if isinstance(part, Text))


def quoted(text: str, limit: int = 60) -> str:
    """The text in single quotes, cut for a message."""
    return f"'{text if len(text) <= limit else text[: limit - 1] + '…'}'"


_SPECIAL = re.compile(
    r"""^(?:(?:none|all|both|neither|either|any)(?:\ of)?\ (?:the|these|them|above|others|options|statements)\b.*
    |ambiguous|unknown|unclear|neither|both|none|not\ (?:sure|given|stated|mentioned|enough\ information).*
    |(?:it\ )?can(?:not|'t)\ (?:be\ (?:determined|known|said|inferred)|say|tell).*
    |insufficient\ (?:information|data|evidence).*|impossible\ to\ (?:say|tell|know).*
    |no\ (?:answer|change|difference|one|option).*|the\ same|equal)$""",
    re.VERBOSE,
)


def is_special(option: str) -> bool:
    """Whether an option stands apart from the others by its role: `none of these`, `ambiguous`, `both`."""
    return len(option) <= 60 and _SPECIAL.match(key(option)) is not None


_CODE = re.compile(
    r"""```|\bdef\ \w+\(|\bprint\(|\breturn\b.*[;\n]|\bimport\ \w|[{};]\s*\n|=>|\bfor\ \w+\ in\ \w
    |\w\(\w*\)\s*[;:{]|\[\w*:\w*\]|<\?
    |\b(?:JSON|HTML|XML|Python|JavaScript|SQL|regex|code|program|function|template|format\ string)\b""",
    re.VERBOSE,
)


def looks_like_code(text: str) -> bool:
    """Whether braces, `None` and repeated words may be meant: code, or a question about code."""
    return _CODE.search(text) is not None


_FORMULA = re.compile(r"\\[A-Za-z]+|[\^_]\{|\$[^$]+\$")


def looks_like_formula(text: str) -> bool:
    return _FORMULA.search(text) is not None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A check whose function says itself what it saw, also when it passed."""

    name: str
    look: Callable[[Draft, CheckContext], CheckResult]

    def __call__(self, draft: Draft, context: CheckContext) -> CheckResult:
        return self.look(draft, context)
