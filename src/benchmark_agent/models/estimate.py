"""What a build with models will take, before it starts: calls, tokens, dollars and minutes by stage.

Arithmetic over the flow's own numbers, which stand below as constants: change one when the flow changes. Three cases
are computed: all goes well, as assumed, and much goes wrong.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field

from benchmark_agent.models import Role
from benchmark_agent.models.prices import Prices
from benchmark_agent.models.tables import aligned
from benchmark_agent.record import Record
from benchmark_agent.requirement import Roles

StageName = Literal["design", "grounding", "viewing", "writing", "proof"]
Share = Annotated[float, Field(ge=0, le=1)]

PROBE_ROWS = 3
"""Rows of each candidate that are tried before the plan, which uses them first."""
CHARACTERS_A_TOKEN = 4.0
"""English; the dear case counts `DENSE`, as for Chinese or numbers."""
DENSE = 2.5
LOOPS = 2
"""Planning rounds when much goes wrong: grounding sends the design back."""
REJECTED_PROOF = 1.5
"""Calls until a draft is rejected: a wrong blind answer (1), or a judge's objection (2)."""
MENDED = 0.2
"""Share, 0-1, of the rejected that are mended once and proved again, in vain; those mended well count as accepted."""
REASKED = 0.03
"""Share, 0-1, of the replies that have to be asked for again."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of call."""

    stage: StageName
    role: Role
    characters: int
    """Of the prompt's own text and the schema, the pool's cards and drafts it shows; rows come on top."""
    rows: float
    """Rows it shows."""
    tokens: int
    """Of the reply."""


KINDS: Mapping[str, Kind] = {
    "propose": Kind("design", "planner", 9_000, 0, 1_500),
    "review": Kind("design", "planner", 4_500, 0, 600),
    "revise": Kind("design", "planner", 8_000, 0, 1_500),
    "preferences": Kind("grounding", "planner", 2_500, 0, 300),
    "choose": Kind("grounding", "planner", 7_000, 6, 1_200),
    "score": Kind("grounding", "planner", 5_000, 9, 500),
    "view": Kind("viewing", "viewer", 900, 0, 250),
    "write": Kind("writing", "writer", 4_200, 1, 500),
    "mend": Kind("writing", "writer", 2_600, 1, 400),
    "solve": Kind("proof", "solver", 2_100, 1, 150),
    "probe": Kind("proof", "solver", 1_700, 0, 100),
    "judge": Kind("proof", "judge", 4_000, 1, 350),
}
"""Characters as in the reviewed cases of tests/prompts with the schemas of their records, rounded up."""
SHOWS_MEDIA = ("write", "mend", "solve", "judge")


class Outlook(Record):
    """What is known, or assumed, before a build."""

    size: Annotated[int, Field(ge=1)]
    """Items wanted."""
    roles: Roles
    subtasks: Annotated[int, Field(ge=1)] = 4
    datasets: Annotated[int, Field(ge=1)] = 3
    """Per subtask."""
    written: Share = 1.0
    """Share of items a model writes."""
    computed: Share = 0.0
    """Share of items whose gold a program derives; the rest rest on the dataset's own labels."""
    acceptance: Annotated[float, Field(gt=0, le=1)] = 0.8
    """Share of drafts that become items."""
    row_characters: Annotated[int, Field(ge=0)] = 1_500
    """Of the fields of a row that a prompt shows, measured on the pool."""
    images: Annotated[float, Field(ge=0)] = 0.0
    """An item."""
    audio_seconds: Annotated[float, Field(ge=0)] = 0.0
    """An item."""
    latency: Annotated[float, Field(gt=0)] = 5.0
    """Seconds a call takes."""
    in_flight: Annotated[int, Field(ge=1)] = 64
    """Calls at once."""


class Range(Record):
    low: float = 0.0
    expected: float = 0.0
    high: float = 0.0

    def __add__(self, other: "Range") -> "Range":
        return Range(low=self.low + other.low, expected=self.expected + other.expected, high=self.high + other.high)


class StageEstimate(Record):
    stage: str
    calls: Range
    input_tokens: Range
    output_tokens: Range
    dollars: Range
    """US dollars, of the models whose prices are known."""
    minutes: Range


class Estimate(Record):
    stages: tuple[StageEstimate, ...]
    """Those that have calls, in the order of the flow."""
    total: StageEstimate
    unpriced: tuple[str, ...]
    """Models whose prices are not known."""
    as_of: tuple[tuple[str, str], ...]
    """Model and when its prices were looked up."""


@dataclass(frozen=True, slots=True)
class Case:
    """How well things go."""

    failing: float
    """Factor on the share of drafts that fail."""
    loops: int
    revised: float
    """Whether the design is revised after its review."""
    solvers: float
    """Share, 0-1, of the solvers after the first that are asked too."""
    extra: float
    """Factor on the calls that are lost: mended in vain, asked for again."""
    spared: bool
    """Whether the plan uses the rows tried before it."""
    dense: float
    """Characters a token."""
    wordy: float
    """Factor on the tokens of replies; models that think first take several times as many."""
    slow: float
    """Factor on seconds a call takes."""


CASES = (
    Case(0.5, 1, 0.0, 0.0, 0.0, True, CHARACTERS_A_TOKEN, 0.7, 0.7),
    Case(1.0, 1, 1.0, 0.0, 1.0, True, CHARACTERS_A_TOKEN, 1.0, 1.0),
    Case(2.0, LOOPS, 1.0, 1.0, 3.0, False, DENSE, 4.0, 2.0),
)
"""Low, expected, high."""


def calls(outlook: Outlook, case: Case, *, viewed: bool) -> dict[str, float]:
    """How often each kind of call is made.

    Args:
        viewed: whether media have to be described for a role that cannot take them.
    """
    accepted, rejected = _drafts(outlook, case)
    source = 1 - outlook.written - outlook.computed
    per_item = outlook.written + source  # those that are solved; computed golds are only judged
    mended = MENDED * case.extra * rejected * outlook.written
    solves = 1 + case.solvers * (len(outlook.roles.solvers) - 1)
    early = REJECTED_PROOF / 2
    tries = accepted + rejected
    drafts = {
        "view": tries * outlook.images + tries * bool(outlook.audio_seconds) if viewed else 0.0,
        "write": tries * outlook.written,
        "mend": mended,
        "solve": (accepted * solves + rejected * early + mended) * per_item,
        "judge": accepted + rejected * early + mended,
        "probe": (accepted + mended) * per_item,
    }
    planning = {
        "propose": 1.0,
        "review": float(case.loops),
        "revise": case.loops * case.revised,
        **{kind: float(outlook.subtasks * case.loops) for kind in ("preferences", "choose", "score")},
    }
    again = 1 + REASKED * case.extra
    return {kind: count * again for kind, count in (planning | drafts).items()}


def _drafts(outlook: Outlook, case: Case) -> tuple[float, float]:
    """Drafts that become items, and drafts that do not, probes included."""
    share = max(1 - (1 - outlook.acceptance) * case.failing, 0.1)
    probes = float(PROBE_ROWS * outlook.subtasks * outlook.datasets)
    tries = outlook.size / share
    tries = max(tries, probes) if case.spared else tries + probes
    return tries * share, tries * (1 - share)


def estimate(outlook: Outlook, prices: Prices) -> Estimate:
    """Calls, tokens, dollars and minutes of a build, by stage and in total."""
    viewed = _viewed(outlook, prices)
    by_case = [_stages(outlook, case, calls(outlook, case, viewed=viewed), prices) for case in CASES]
    stages = []
    for name in get_args(StageName):
        low, expected, high = (case[name] for case in by_case)
        if high.calls:
            stages.append(_ranges(name, low, expected, high))
    total = StageEstimate(
        stage="total",
        **{field: sum((getattr(stage, field) for stage in stages), Range()) for field in _FIELDS},
    )
    models = sorted({model for kind in KINDS.values() for model in _models(kind.role, outlook.roles, every=True)})
    infos = [prices.info(model) for model in models]
    return Estimate(
        stages=tuple(stages),
        total=total,
        unpriced=tuple(info.model for info in infos if not info.known),
        as_of=tuple((info.model, info.as_of) for info in infos if info.known and info.as_of),
    )


@dataclass
class _Sum:
    """One stage in one case."""

    calls: float = 0.0
    input_tokens: float = 0.0
    output_tokens: float = 0.0
    dollars: float = 0.0
    minutes: float = 0.0


_FIELDS = ("calls", "input_tokens", "output_tokens", "dollars", "minutes")


def _ranges(name: str, low: _Sum, expected: _Sum, high: _Sum) -> StageEstimate:
    fields = {}
    for field in _FIELDS:
        least, likely, most = (getattr(case, field) for case in (low, expected, high))
        # drafts that fail early take fewer calls: where the rows tried decide, the bad case may be the cheaper one
        fields[field] = Range(low=min(least, likely), expected=likely, high=max(likely, most))
    return StageEstimate(stage=name, **fields)


def _stages(outlook: Outlook, case: Case, counts: Mapping[str, float], prices: Prices) -> dict[str, _Sum]:
    stages = {name: _Sum() for name in get_args(StageName)}
    for name, count in counts.items():
        stage = stages[KINDS[name].stage]
        text, sound, dollars = _call(name, outlook, case, prices)
        stage.calls += count
        stage.input_tokens += count * (text + sound)
        stage.output_tokens += count * KINDS[name].tokens * case.wordy
        stage.dollars += count * dollars
    for name, stage in stages.items():
        longest = max(_depth(name, outlook, case, stage.calls), stage.calls / outlook.in_flight)
        stage.minutes = longest * outlook.latency * case.slow / 60 if stage.calls else 0.0
    return stages


def _call(name: str, outlook: Outlook, case: Case, prices: Prices) -> tuple[float, float, float]:
    """Tokens of text and pictures, tokens of audio, and US dollars of one call; the mean over the models asked."""
    kind = KINDS[name]
    models = _models(kind.role, outlook.roles, every=case.solvers > 0)
    sums = [0.0, 0.0, 0.0]
    for model in models:
        info = prices.info(model)
        text = (kind.characters + kind.rows * outlook.row_characters) / case.dense
        sound = 0.0
        if name in SHOWS_MEDIA or name == "view":
            shown = 1.0 if name == "view" else outlook.images
            sees, hears = "image" in info.takes, "audio" in info.takes
            text += (shown if outlook.images else 0.0) * (_picture(info.image_tokens, case) if sees else _DESCRIBED)
            sound = outlook.audio_seconds * info.audio_tokens if hears else 0.0
            text += 0.0 if hears or not outlook.audio_seconds else _DESCRIBED
        heard = info.input if info.audio is None else info.audio
        spent = text * (info.input or 0) + sound * (heard or 0) + kind.tokens * case.wordy * (info.output or 0)
        for n, value in enumerate((text, sound, spent / 1e6)):
            sums[n] += value / len(models)
    return sums[0], sums[1], sums[2]


_PICTURE = 1_200
"""Tokens of a picture of common size; the dear case counts the most it can be."""
_DESCRIBED = KINDS["view"].tokens


def _picture(most: int, case: Case) -> float:
    return float(most if case.dense == DENSE else min(most, _PICTURE))


def _depth(stage: str, outlook: Outlook, case: Case, count: float) -> float:
    """Calls that must wait for each other, one after the other."""
    rounds = _rounds(outlook, case)
    return {
        "design": count,
        "grounding": 3.0 * case.loops,
        "viewing": 1.0,
        "writing": float(rounds),
        "proof": 3.0 * rounds,
    }[stage]


def _rounds(outlook: Outlook, case: Case) -> int:
    """Rounds of replenishment until less than one item is missing."""
    failing = min((1 - outlook.acceptance) * case.failing, 0.9)
    return max(1, math.ceil(math.log(outlook.size) / -math.log(failing))) if failing > 0 and outlook.size > 1 else 1


def _models(role: Role, roles: Roles, *, every: bool) -> tuple[str, ...]:
    if role == "solver":
        return roles.solvers if every else roles.solvers[:1]
    named = {"planner": roles.planner, "writer": roles.writer, "judge": roles.judge, "viewer": roles.viewer}[role]
    return (named,) if named else ()


def _viewed(outlook: Outlook, prices: Prices) -> bool:
    """Whether a role that is shown media cannot take them, and there is a viewer."""
    needed = [kind for kind, there in (("image", outlook.images), ("audio", outlook.audio_seconds)) if there]
    roles = outlook.roles
    shown = (roles.writer, *roles.solvers, roles.judge)
    return bool(roles.viewer) and any(kind not in prices.info(model).takes for kind in needed for model in shown)


def lines(found: Estimate) -> list[str]:
    """The estimate as a table for the terminal, and what it rests on."""
    rows = [("", "calls", "tokens in", "tokens out", "US dollars", "minutes")]
    for stage in (*found.stages, found.total):
        rows.append(
            (
                stage.stage,
                _shown(stage.calls, "{:,.0f}"),
                _shown(stage.input_tokens, "{:,.0f}", 1e3, " k"),
                _shown(stage.output_tokens, "{:,.0f}", 1e3, " k"),
                _shown(stage.dollars, "{:,.2f}"),
                _shown(stage.minutes, "{:,.1f}"),
            )
        )
    return aligned(rows) + _notes(found)


def _shown(value: Range, form: str, unit: float = 1.0, suffix: str = "") -> str:
    low, expected, high = (form.format(each / unit) for each in (value.low, value.expected, value.high))
    return f"{expected}{suffix} ({low}-{high})"


def _notes(found: Estimate) -> list[str]:
    notes = ["expected, and in brackets from a run where all goes well to one where much goes wrong"]
    if found.unpriced:
        names = ", ".join(map(repr, found.unpriced))
        notes.append(f"not counted, because their prices are not known: {names}; write them into 'models.yaml'")
    if found.as_of:
        dated = ", ".join(f"{model} {when}" for model, when in found.as_of)
        notes.append(f"prices as of: {dated}; check them on the provider's page")
    return notes
