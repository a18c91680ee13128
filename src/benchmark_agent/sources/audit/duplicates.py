"""Rows that repeat each other, word for word or nearly, and rows that contradict each other."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from difflib import SequenceMatcher

from benchmark_agent.lexical import terms
from benchmark_agent.seeds import rng
from benchmark_agent.similarity import NearIndex, fingerprint, salient, shingles, similarity, sketch
from benchmark_agent.sources.answer_form import normal
from benchmark_agent.sources.audit.view import Result, Seen, View

NEAR = 0.6
"""Share of common words and word pairs from which two texts are compared word by word, 0-1."""
_TEMPLATED = 0.3
"""Where half of random pairs are this similar the texts come from a template: only equal ones repeat each other."""
_FEW = 4.0
"""Mean words over which an answer can be put in many ways."""
_SHORT = 8
"""Words under which a text is too short to be nearly another."""
_LONGEST = 1500
"""Characters of a text that are compared by sketches; all of it is compared word by word."""
_TURNS = re.compile(
    r"\b(?:and|or|both|either|neither|all|any|every|if|unless|only|many|not|no|never|none|without|except|least|most"
    r"|more|less|before|after|above|below|left|right|first|last|older|younger|newer|larger|smaller|taller|shorter"
    r"|higher|lower|north|south|east|west|true|false|cause|effect|help|harm)\b|n't\b|\"[^\"]{1,40}\"",
    re.IGNORECASE,
)
"""Words that turn what a sentence says, and what is quoted."""


def _is_open(view: View) -> bool:
    """Whether two different answers may both be right: sentences, or no answer at all."""
    answer = view.card.field(view.card.answer.field)
    return answer is None or (view.card.answer.kind in ("free_text", "span") and answer.mean_words > _FEW)


def _is_whole(view: View, row: Seen) -> bool:
    if view.card.with_role("question"):
        return bool(row.question)
    return bool(row.context or row.others or row.media)


def _answers(row: Seen) -> frozenset[str]:
    return frozenset(map(normal, (row.answer, *row.accepted) if row.right is None else (row.answer,))) - {""}


def repeated_rows(view: View) -> Result:
    """Equal rows, and equal questions with different answers."""
    groups: dict[str, list[Seen]] = defaultdict(list)
    for row in view.seen:
        key = repr(view.evidence(row))
        if _is_whole(view, row):
            groups[hashlib.sha256(key.encode()).hexdigest()].append(row)
    result = Result()
    same: list[Seen] = []
    torn: list[Seen] = []
    free = _is_open(view)
    for rows in groups.values():
        agreed = frozenset.intersection(*(_answers(row) for row in rows))
        if len(rows) > 1 and (agreed or free or not any(map(_answers, rows))):
            same += rows[1:]
        elif len(rows) > 1:
            torn += rows
    if same:
        result.unusable |= {row.ordinal for row in same}
        result.find(
            "duplicate_rows", "warning",
            f"{len(same)} of {len(view.seen)} rows repeat an earlier row (text, media and options); removed",
            [(row.id, row.question[:80] or row.context[:80]) for row in same],
        )  # fmt: skip
    if torn:
        result.unusable |= {row.ordinal for row in torn}
        result.find(
            "contradicting_rows", "error",
            f"{len(torn)} of {len(view.seen)} rows ask the same with other answers; all of them are removed",
            [(row.id, f"{(row.question or row.context)[:80]} -> {row.answer[:40]}") for row in torn],
        )  # fmt: skip
    return result


def near_duplicate_rows(view: View) -> Result:
    """Texts that differ in a few words that carry no value: questions on one context, contexts of one question."""
    pairs: dict[int, tuple[Seen, Seen]] = {}
    for earlier, later in (*_near(view, _question_of), *_near(view, _context_of)):
        if view.evidence(earlier) != view.evidence(later) and _answers(earlier) & _answers(later):
            pairs.setdefault(later.ordinal, (earlier, later))
    result = Result()
    if pairs:
        result.unusable |= pairs.keys()
        result.find(
            "near_duplicate_rows", "warning",
            f"{len(pairs)} of {len(view.seen)} rows say nearly the same as an earlier row, with its answer; removed",
            [(later.id, f"like {earlier.id}: {(later.question or later.context)[:80]}")
             for earlier, later in pairs.values()],
        )  # fmt: skip
    return result


def _question_of(row: Seen) -> tuple[str, str]:
    return row.question, str(row.context_key)


def _context_of(row: Seen) -> tuple[str, str]:
    return row.context, normal(row.question)


def _near(view: View, part: Callable[[Seen], tuple[str, str]]) -> list[tuple[Seen, Seen]]:
    """Rows whose `part` (a text, and what must be equal besides) is nearly the same as an earlier row's."""
    rows = [(row, *part(row)) for row in view.seen]
    rows = [(row, text, rest) for row, text, rest in rows if len(text.split()) >= _SHORT]
    if len(rows) < 2:
        return []
    sketches = [sketch(shingles([text[:_LONGEST]])) for _, text, _ in rows]
    random = rng("near-duplicates", view.card.id)
    drawn = sorted(similarity(*random.sample(sketches, 2)) for _ in range(300))
    if drawn[len(drawn) // 2] >= _TEMPLATED:
        return []
    index, nothing = NearIndex(NEAR), sketch(shingles([]))
    pairs = []
    for (row, text, rest), marks in zip(rows, sketches, strict=True):
        guard = fingerprint([*salient(text), "|", *map(str.lower, _TURNS.findall(text)), "|", rest, *_rest(view, row)])
        partner = next((rows[n] for n in index.near(guard, marks, nothing) if _says_the_same(rows[n][1], text)), None)
        if partner:
            pairs.append((partner[0], row))
        index.add(guard, marks, nothing)
    return pairs


def _says_the_same(one: str, other: str) -> bool:
    """Whether the texts differ in stopwords and, when long, in two other words at most, all the rest in one order."""
    first, second = terms(one), terms(other)
    words = Counter(first), Counter(second)
    changed = max((words[0] - words[1]).total(), (words[1] - words[0]).total())
    if changed > min(2, len(one.split()) // 25):
        return False
    kept = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return sum(block.size for block in kept) == (words[0] & words[1]).total()


def _rest(view: View, row: Seen) -> tuple[str, ...]:
    return (*view.media_key(row), *sorted(map(normal, row.options)))
