"""Finds, without a model, what makes rows or a dataset unusable or misleading."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmark_agent.sources import DatasetRows, Row
from benchmark_agent.sources.audit.answers import Offsets, accepted_at_odds, commonest_answer
from benchmark_agent.sources.audit.boxes import BoxCheck
from benchmark_agent.sources.audit.duplicates import near_duplicate_rows, repeated_rows
from benchmark_agent.sources.audit.files import media_files
from benchmark_agent.sources.audit.leaks import file_names, ordered_answers, other_fields
from benchmark_agent.sources.audit.row_checks import ROW_CHECKS, RowCheck, mended, says
from benchmark_agent.sources.audit.shortcuts import options_shortcut
from benchmark_agent.sources.audit.view import MOST_ROWS, Result, Seen, View, look
from benchmark_agent.sources.cards import Audit, DatasetCard, Field, Repair
from benchmark_agent.sources.shape import at

__all__ = ["CHECKS", "audit"]

CHECKS: tuple[Callable[[View], Result], ...] = (
    media_files,
    repeated_rows,
    near_duplicate_rows,
    accepted_at_odds,
    commonest_answer,
    options_shortcut,
    file_names,
    ordered_answers,
    other_fields,
)
"""In order: the media check learns which files are the same, which the duplicate checks use."""
LEAST_ROWS = 5
"""Usable rows under which a dataset is refused."""


def audit(card: DatasetCard, rows: DatasetRows) -> Audit:
    """What is wrong with the dataset, and what follows: rows that must not be used, repairs, quality, refusal.

    Reads the rows once. Of more than 100,000 rows, 100,000 spread evenly; of more than 1,000 media files, 1,000 are
    opened; each finding names its figures.
    """
    texts, offsets, boxes = _RowTexts(card), Offsets(card), BoxCheck(card, rows.root)
    view = look(card, rows, (texts, offsets, boxes))
    results = [_unreadable(view), _skipped(rows), texts.result(view), offsets.result(view), boxes.result(view)]
    results += [check(view) for check in CHECKS]
    unusable = set().union(*(result.unusable for result in results))
    redundant = set().union(*(result.redundant for result in results)) - unusable
    read = len(view.seen) + len(view.unreadable)
    left = len(rows) - len(unusable)
    effective = round((read - len(unusable) - len(redundant)) * len(rows) / max(1, read))
    refused = next((result.refused for result in results if result.refused), "")
    if not refused and left < LEAST_ROWS:
        refused = f"{left} of {len(rows)} rows can be used; a dataset needs {LEAST_ROWS}"
    quality = 1 - 0.5 * len(unusable) / max(1, read)
    for result in results:
        quality *= result.factor
    return Audit(
        dataset_id=card.id,
        digest=card.digest,
        findings=tuple(finding for result in results for finding in result.findings),
        unusable=tuple(sorted(unusable)),
        repairs=tuple(repair for result in results for repair in result.repairs if repair.row not in unusable),
        rows=len(rows),
        effective_rows=max(0, effective),
        quality=0.0 if refused else round(max(0.0, min(1.0, quality)), 3),
        refused=refused,
    )


def _unreadable(view: View) -> Result:
    result = Result()
    if view.unreadable:
        result.unusable |= {ordinal for ordinal, _ in view.unreadable}
        message = f"{len(view.unreadable)} of {view.total} rows cannot be read; removed"
        result.find("unreadable_rows", "error", message, [(str(ordinal), why) for ordinal, why in view.unreadable])
    if view.total > MOST_ROWS:
        result.find("sampled", "note", f"{MOST_ROWS} of {view.total} rows were audited, spread evenly")
    return result


def _skipped(rows: DatasetRows) -> Result:
    """What was found unreadable when the data were opened."""
    result = Result()
    named: tuple[tuple[str, str], ...] = tuple(getattr(rows, "skipped", ()))
    total = int(getattr(rows, "skipped_total", len(named)))
    if total:
        message = f"{total} rows or files could not be read when the data were opened, and are left out"
        result.find("skipped", "warning", message, named)
    return result


@dataclass
class _RowTexts:
    """Runs the row checks and repairs on every row while it is read."""

    card: DatasetCard
    hits: dict[RowCheck, list[tuple[int, str, str]]] = field(default_factory=lambda: defaultdict(list))
    repairs: list[tuple[str, Repair]] = field(default_factory=list)

    def __post_init__(self) -> None:
        paths = {
            f.path for f in self.card.with_role("question", "options", "answer") if f.type in ("phrase", "choices")
        }
        self.mendable: list[Field] = [f for f in self.card.fields if f.name in paths and not f.parse]

    def __call__(self, row: Row, seen: Seen) -> None:
        for check in ROW_CHECKS:
            what = check.find(self.card, seen)
            if what:
                self.hits[check].append((row.ordinal, row.id, what))
        for plain in self.mendable:
            text = at(row.values, plain.path)
            if isinstance(text, str):
                mend, reason = mended(text)
                if reason:
                    repair = Repair(row=row.ordinal, field=plain.name, value=mend, reason=reason)
                    self.repairs.append((row.id, repair))

    def result(self, view: View) -> Result:
        result, total = Result(), len(view.seen)
        for check in ROW_CHECKS:
            hits = self.hits.get(check, [])
            if not hits:
                continue
            result.find(
                check.name, check.severity, says(check, len(hits), total), [(row, what) for _, row, what in hits]
            )
            if check.drops and not (check.habit and 2 * len(hits) > total):
                result.unusable |= {ordinal for ordinal, _, _ in hits}
        if self.repairs:
            result.repairs = [repair for _, repair in self.repairs]
            what = [(row, f"{repair.reason}: {repair.value[-60:]!r}") for row, repair in self.repairs]
            result.find("repaired", "note", f"{len(self.repairs)} of {total} rows are mended as they are read", what)
        return result
