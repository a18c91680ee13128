"""Checks of the set: what no single item shows. Fed one candidate at a time, in order.

State is what the recorded drafts say: replaying them in order rebuilds it exactly. Nothing here is random but the
order of options, which follows the seed and the job.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from benchmark_agent.content import Composed, Text
from benchmark_agent.quantities import amount_of
from benchmark_agent.realization.types import Draft
from benchmark_agent.seeds import rng
from benchmark_agent.similarity import ROWS, NearIndex, Sketch, fingerprint, salient, shingles, sketch
from benchmark_agent.verification.baselines import choices_only, longest_option
from benchmark_agent.verification.cues import OptionCues
from benchmark_agent.verification.types import CheckResult
from benchmark_agent.wording import key

__all__ = ["SetChecks", "choices_only", "longest_option", "signature"]

Signature = tuple[int, ...]
"""Hash of the whole item, guard, then the sketches of what is asked and of what is shown."""


def signature(draft: Draft) -> Signature:
    """What the search for duplicates needs of a draft. Costs more than the search itself: compute it in workers."""
    body = draft.body
    context, stem = _split_stem(body)
    asked = [stem, *sorted(body.options, key=key)]
    shown = [*context, *(part.text for part in body.input if isinstance(part, Text))]
    media = sorted(part.sha256 for part in body.input if not isinstance(part, Text))
    gold = sorted(key(answer) for answer in body.answer.split("\n"))
    whole = fingerprint([*map(key, asked), *map(key, shown), *media])
    marks = sorted(mark for text in (stem, *shown) for mark in salient(text))
    guard = fingerprint([*media, *gold, "|", *sorted(map(_value, body.options)), "|", *marks])
    return (whole, guard, *sketch(shingles(asked)).tolist(), *sketch(shingles(shown)).tolist())


_BREAK = re.compile(r"(?<=[.!?:。！？])\s*(?=\S)|\n+")


def _split_stem(body: Composed) -> tuple[tuple[str, ...], str]:
    """The context a question brings along, and its last sentence, which asks."""
    breaks = [] if body.input else list(_BREAK.finditer(body.question.rstrip()))
    if not breaks:
        return (), body.question
    return (body.question[: breaks[-1].start()],), body.question[breaks[-1].end() :]


def _value(option: str) -> str:
    amount = amount_of(option)
    return key(option) if amount is None else f"{amount.value:.12g} {amount.unit}"


def _sketches(signed: Signature) -> tuple[Sketch, Sketch]:
    values = np.array(signed[2:], dtype=np.uint32)
    return values[:ROWS], values[ROWS:]


class NearDuplicates:
    """No item stands twice, nor in almost the same words with the same numbers, names, media, options and answer."""

    def __init__(self) -> None:
        self.index = NearIndex()
        self._whole: dict[int, int] = {}
        self._jobs: list[str] = []

    def admit(self, signed: Signature) -> str:
        entry = self._whole.get(signed[0])
        if entry is not None:
            return f"the same item as '{self._jobs[entry]}'"
        entry = self.index.find(signed[1], *_sketches(signed))
        return "" if entry is None else f"almost the same item as '{self._jobs[entry]}'"

    def record(self, job_id: str, signed: Signature) -> None:
        self._whole.setdefault(signed[0], self.index.add(signed[1], *_sketches(signed)))
        self._jobs.append(job_id)


FREE = 20
"""Items of a subtask that pass before balance is asked for."""
_SLACK = 0.05
"""Share over chance that is always allowed, 0-1."""


def surplus(count: int, n: int, chance: float) -> bool:
    """Whether `count` of `n` is more than chance explains: beyond two standard errors and `_SLACK`."""
    return n > FREE and count > max(n * chance + 2 * math.sqrt(n * chance * (1 - chance)) + 1, n * (chance + _SLACK))


@dataclass(slots=True)
class _Lengths:
    """How often, of the items whose options differ in length, the gold is the longest or shortest one alone."""

    n: int = 0
    chance: float = 0.0
    """Sum of 1 / options."""
    longest: int = 0
    shortest: int = 0


class LengthBalance:
    """The gold is not the longest option, nor the shortest, more often than chance, in any subtask."""

    def __init__(self) -> None:
        self._seen: dict[str, _Lengths] = defaultdict(_Lengths)

    def admit(self, subtask: str, body: Composed) -> str:
        extreme = _extreme(body)
        if not extreme:
            return ""
        seen = self._seen[subtask]
        n = seen.n + 1
        chance = (seen.chance + 1 / len(body.options)) / n
        if surplus(getattr(seen, extreme) + 1, n, chance):
            return f"the answer would be the {extreme} option in {getattr(seen, extreme) + 1} of {n} items"
        return ""

    def record(self, subtask: str, body: Composed) -> None:
        if body.answer_kind != "choice" or len({len(option) for option in body.options}) < 2:
            return
        seen, extreme = self._seen[subtask], _extreme(body)
        seen.n += 1
        seen.chance += 1 / len(body.options)
        seen.longest += extreme == "longest"
        seen.shortest += extreme == "shortest"


def _extreme(body: Composed) -> str:
    """`longest` or `shortest` when the gold alone is that among its options."""
    if body.answer_kind != "choice" or len(body.options) < 2:
        return ""
    gold = len(body.answer)
    others = [len(option) for option in body.options if option != body.answer]
    if not others:
        return ""
    return "longest" if gold > max(others) else "shortest" if gold < min(others) else ""


_LABELS, _VALUES, _SAME_QUESTION = 0.1, 0.25, 0.6
"""Share over chance allowed to the commonest label; share allowed to the commonest number or span; share allowed to one
answer among the items that ask the same of different evidence."""


class AnswerBalance:
    """Always giving the commonest answer does not pay, in any subtask, nor that of others with the same question.

    An accepted answer counts as the answer does: who always says it is right.
    """

    def __init__(self) -> None:
        self._counts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._n: dict[str, int] = defaultdict(int)
        self._asked: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))

    def admit(self, subtask: str, body: Composed) -> str:
        if body.answer_kind in ("choice", "multi_choice", "open"):
            return ""
        counts, n = self._counts[subtask], self._n[subtask] + 1
        for answer in _answers(body):
            count = counts.get(_sign(answer), 0) + 1
            if surplus(count, n, self._allowed(counts, body)):
                return f"the answer '{answer[:40]}' would be right in {count} of {n} items"
        return self._told_by_question(subtask, body)

    def _told_by_question(self, subtask: str, body: Composed) -> str:
        """Who reads the question only, and gives the answer it has elsewhere, is right too often."""
        asked = self._asked.get(_sign(f"{subtask} {body.question}"), {})
        n = asked.get(_ALL, 0) + 1
        for answer in _answers(body):
            count = asked.get(_sign(answer), 0) + 1
            if count > 1 + n * _SAME_QUESTION:
                return f"the answer '{answer[:40]}' would be right in {count} of the {n} items that ask the same"
        return ""

    @staticmethod
    def _allowed(counts: dict[int, int], body: Composed) -> float:
        if body.answer_kind == "binary":
            return 0.5
        if body.answer_kind == "label":
            return min(0.9, 1 / max(2, len(counts), len(body.options)) + _LABELS)
        return _VALUES

    def record(self, subtask: str, body: Composed) -> None:
        if body.answer_kind in ("choice", "multi_choice", "open"):
            return
        asked = self._asked[_sign(f"{subtask} {body.question}")] if body.input else {}
        for answer in _answers(body):
            self._counts[subtask][_sign(answer)] += 1
            asked[_sign(answer)] = asked.get(_sign(answer), 0) + 1
        asked[_ALL] = asked.get(_ALL, 0) + 1
        self._n[subtask] += 1


_ALL = -1
"""Where the items that ask the same are counted, beside their answers."""


def _answers(body: Composed) -> list[str]:
    """The answer and the accepted ones that are others, each once."""
    return list({key(answer): answer for answer in (body.answer, *body.accepted)}.values())


def _sign(text: str) -> int:
    return crc32(key(text).encode())


_SLOTS = 1 << 18


class OptionBalance:
    """No option text is right much more often than chance when it is offered: else the options alone tell the answer.

    Counts are kept in hashed slots: 2 MB for any number of items. Two texts that share a slot are counted as one.
    """

    def __init__(self) -> None:
        self._offered = np.zeros(_SLOTS, dtype=np.uint32)
        self._right = np.zeros(_SLOTS, dtype=np.uint32)
        self._chance = np.zeros(_SLOTS, dtype=np.float32)

    def admit(self, subtask: str, body: Composed) -> str:
        if body.answer_kind != "choice" or len(body.options) < 2:
            return ""
        slot = self._slot(subtask, body.answer)
        n, right = int(self._offered[slot]) + 1, int(self._right[slot]) + 1
        chance = min(1.0, (float(self._chance[slot]) + 1 / len(body.options)) / n)
        if right <= n * chance + 2 * math.sqrt(n * chance * (1 - chance)) + 1:
            return ""
        return f"the option '{body.answer[:40]}' would be right in {right} of the {n} items that offer it"

    def record(self, subtask: str, body: Composed) -> None:
        if body.answer_kind != "choice" or len(body.options) < 2:
            return
        for option in body.options:
            slot = self._slot(subtask, option)
            self._offered[slot] += 1
            self._right[slot] += option == body.answer
            self._chance[slot] += 1 / len(body.options)

    @staticmethod
    def _slot(subtask: str, option: str) -> int:
        return crc32(f"{subtask}\x1f{key(option)}".encode()) % _SLOTS


@dataclass(slots=True)
class PositionBalance:
    """The gold stands at each position equally often, for each number of options."""

    seed: int = 0
    _counts: dict[int, list[int]] = field(default_factory=dict)

    def place(self, options: tuple[str, ...], gold: str, job_id: str, *, fixed: bool) -> tuple[tuple[str, ...], str]:
        """The options in the order they are shown, and the gold's letter. Fixed options stay as they are."""
        draw = rng("place", self.seed, job_id)
        rest = [option for option in options if option != gold]
        last = [option for option in rest if _goes_last(option)]
        if not fixed and not _goes_last(gold):
            counts = self._counts.get(len(options), [0] * len(options))[: len(options) - len(last)]
            spot = draw.choice([index for index, count in enumerate(counts) if count == min(counts)])
            others = [option for option in rest if not _goes_last(option)]
            draw.shuffle(others)
            options = (*others[:spot], gold, *others[spot:], *last)
        elif not fixed:
            draw.shuffle(rest)
            options = (*rest, gold)
        return options, chr(ord("A") + options.index(gold))

    def record(self, count: int, letter: str) -> None:
        self._counts.setdefault(count, [0] * count)[ord(letter) - ord("A")] += 1


def _goes_last(option: str) -> bool:
    """`None of the above` makes sense at the end only."""
    said = key(option)
    return "of the above" in said or said in ("none of these", "all of these", "none of the others")


class SetChecks:
    """Every check of the set. `admit` asks, `record` keeps: only what was recorded counts."""

    def __init__(self, seed: int = 0) -> None:
        self.duplicates = NearDuplicates()
        self.lengths = LengthBalance()
        self.answers = AnswerBalance()
        self.options = OptionBalance()
        self.positions = PositionBalance(seed)
        self.cues = OptionCues()

    def admit(self, draft: Draft, signed: Signature | None = None) -> tuple[CheckResult, ...]:
        """What each check says of adding the draft now. `signed`: its `signature`, where a worker computed it."""
        body, subtask_id = draft.body, draft.subtask_id
        said: Iterable[tuple[str, str]] = (
            ("near_duplicate", self.duplicates.admit(signed or signature(draft))),
            ("length_balance", self.lengths.admit(subtask_id, body)),
            ("answer_balance", self.answers.admit(subtask_id, body)),
            ("option_reuse", self.options.admit(subtask_id, body)),
            ("option_cue", self.cues.admit(body)),
        )
        return tuple(CheckResult(check=name, passed=not reason, reason=reason) for name, reason in said)

    def place(self, draft: Draft) -> tuple[tuple[str, ...], str]:
        """Options in the order the item shows them, and the answer of its key (a letter, letters, or the value)."""
        body = draft.body
        if body.answer_kind == "choice":
            return self.positions.place(body.options, body.answer, draft.job_id, fixed=body.fixed_order)
        if body.answer_kind != "multi_choice":
            return body.options, body.answer
        options = list(body.options)
        if not body.fixed_order:
            rng("place", self.positions.seed, draft.job_id).shuffle(options)
            options.sort(key=_goes_last)
        right = body.answer.split("\n")
        return tuple(options), "".join(chr(ord("A") + i) for i, option in enumerate(options) if option in right)

    def record(self, draft: Draft, signed: Signature | None = None) -> None:
        """Count the draft as part of the set, at the place `place` gives it now."""
        body = draft.body
        if body.answer_kind == "choice":
            options, letter = self.place(draft)
            self.positions.record(len(options), letter)
        self.duplicates.record(draft.job_id, signed or signature(draft))
        for check in (self.lengths, self.answers, self.options):
            check.record(draft.subtask_id, body)
        self.cues.record(body)
