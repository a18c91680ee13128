"""The scorer of transcripts. Offered by name."""

import re
from collections.abc import Iterator, Sequence

from benchmark_agent.answers import AnswerKey, Score
from benchmark_agent.content import AnswerKind
from benchmark_agent.evaluation.scorers.replies import clean, rest_of_statement, unparsed
from benchmark_agent.wording import key as same_key
from benchmark_agent.wording import words

LONGEST = 2_000
"""Words of a reply that are compared at most."""
_LEAD = re.compile(
    r"""^(?:(?:sure|certainly|okay|ok|of\ course)[,.!]?\s+)?
    (?:here(?:'s|\s+is|\s+are)\s+(?:the|a|my)\s+[\w\s-]{0,30}?(?:transcript(?:ion)?|text|words)[\w\s]{0,30}?
      |(?:the\s+)?(?:full\s+|final\s+)?(?:transcript(?:ion)?|answer|words)(?:\s+(?:is|of\s+the\s+\w+(?:\s+is)?|reads))?
      |(?:the\s+)?(?:speaker|person|voice|recording|audio|man|woman|he|she|they)\s+(?:says?|said|reads?)(?:\s+that)?)
    \s*[:\n]\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_SAYS = re.compile(r"\b(?:says?|said|reads?|is|transcript(?:ion)?)\b[^\"\n]{0,20}\"([^\"]+)\"[.\s]*$", re.IGNORECASE)
_ANSWER = re.compile(r"^\s*(?:final\s+)?(?:answer|transcript(?:ion)?)\s*:\s*", re.IGNORECASE | re.MULTILINE)
_ASIDES = re.compile(r"\[[^\]\n]{0,40}\]|\((?:music|noise|silence|laughter|applause|pause|inaudible)\)", re.IGNORECASE)
_STAMPS = re.compile(
    r"^\s*[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?[\])]?\s*(?:-+>?\s*\d{1,2}:\d{2}[\d:.]*)?\s*", re.MULTILINE
)
_APOSTROPHE = re.compile(r"['’]")


def compared(text: str) -> list[str]:
    """What is compared of a transcript: words without case and punctuation; each sign where words are not spaced."""
    return words(_APOSTROPHE.sub("", same_key(text)))


def distance(said: Sequence[str], wanted: Sequence[str]) -> int:
    """Words to insert, delete or replace (Levenshtein 1966)."""
    row = list(range(len(wanted) + 1))
    for n, word in enumerate(said, 1):
        corner, row[0] = row[0], n
        for m, other in enumerate(wanted, 1):
            corner, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, corner + (word != other))
    return row[-1]


def _readings(text: str) -> Iterator[str]:
    """What the reply may give as the transcript, from the last `Answer:` on, without what leads up to it."""
    text = _STAMPS.sub("", _ASIDES.sub(" ", text))
    marks = list(_ANSWER.finditer(text))
    body = text[marks[-1].end() :] if marks else text
    yield body
    yield _LEAD.sub("", body.strip(), count=1)
    if (rest := rest_of_statement(body)) is not None:
        yield rest
    if quoted := _SAYS.search(body):
        yield quoted[1]


class Transcript:
    """What was spoken: 1 minus the word error rate, at least 0; right when every word is."""

    name = "transcript"
    answer_kinds: tuple[AnswerKind, ...] = ("span",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        if not text:
            return unparsed(text, "")
        wanted = [compared(form) for form in (key.answer, *key.accepted)]
        readings = [compared(reading)[:LONGEST] for reading in _readings(text)]
        rates = [(distance(said, form) / max(1, len(form)), said) for said in readings for form in wanted if said]
        if not rates:
            return unparsed(text, "the reply gives no words")
        rate, said = min(rates)
        if rate >= 1 and (refused := unparsed(text, "")).outcome == "refusal":
            return refused
        return Score(
            value=max(0.0, 1 - rate),
            parsed=" ".join(said)[:200],
            outcome="right" if rate == 0 else "wrong",
            reason="" if rate == 0 else f"word error rate {rate:.2f}",
        )
