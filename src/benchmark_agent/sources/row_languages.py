"""Which rows of a dataset that holds several languages are in the wanted ones."""

from collections.abc import Iterator, Sequence

from benchmark_agent.errors import SourceError
from benchmark_agent.sources import DatasetRows, Row
from benchmark_agent.sources.audit import LEAST_ROWS
from benchmark_agent.sources.cards import Audit, DatasetCard, Field, Finding
from benchmark_agent.sources.languages import code_of, language_among, says_language
from benchmark_agent.sources.values import text_of

_ROLES = ("question", "context", "dialog", "options", "answer")
_READ = 600
"""Characters of a row that are read to tell its language."""


def row_languages(card: DatasetCard, rows: DatasetRows) -> tuple[str, ...]:
    """ISO 639-1 code of every row, in order; empty where it is not certain.

    Where a field names the language it is believed; else the text of the row is judged among the card's languages.
    """
    field = next((each for each in card.fields if says_language(each.path)), None)
    texts = [each for each in card.fields if each.role in _ROLES and each.modality == "text"]
    return tuple(_language(card, row, field, texts) if row else "" for row in _each(rows))


def _language(card: DatasetCard, row: Row, field: Field | None, texts: Sequence[Field]) -> str:
    told = code_of(text_of(field, row)) if field else ""
    return told or language_among(" ".join(text_of(each, row)[:_READ] for each in texts)[:_READ], card.languages)


def _each(rows: DatasetRows) -> Iterator[Row | None]:
    for ordinal in range(len(rows)):
        try:
            yield rows[ordinal]
        except SourceError:
            yield None


def only_rows_in(audit: Audit, spoken: Sequence[str], wanted: Sequence[str]) -> Audit:
    """The audit for a use that wants some languages: rows that are surely in others must not be used.

    Args:
        spoken: code of every row, as `row_languages` tells it.
    """
    codes = {code.split("-")[0].lower() for code in wanted}
    others = [row for row, code in enumerate(spoken) if code and code not in codes]
    left_out = sorted(set(others) - set(audit.unusable))
    if not left_out:
        return audit
    before = audit.rows - len(audit.unusable)
    left = before - len(left_out)
    few = f"{left} of its rows are in {', '.join(sorted(codes))}; a dataset needs {LEAST_ROWS}"
    said = f"{len(left_out)} of {before} rows are in other languages than {', '.join(sorted(codes))}; left out"
    return audit.model_copy(
        update={
            "unusable": tuple(sorted({*audit.unusable, *left_out})),
            "effective_rows": round(audit.effective_rows * left / before),
            "refused": audit.refused or (few if left < LEAST_ROWS else ""),
            "findings": (
                *audit.findings,
                Finding(check="other_language", severity="note", message=said, rows=len(left_out)),
            ),
        }
    )
