"""How a dataset writes its answers, and which option an answer means."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmark_agent.sources.cards import AnswerFormKind
from benchmark_agent.sources.parse import triples
from benchmark_agent.sources.shape import number_of, raw_boxes

_LETTER = re.compile(r"(\(?)([A-Za-z])(?:\)|\.|\)\.|:)?")
_YES_NO = {"yes": "yes", "no": "no", "true": "true", "false": "false"}
ENOUGH = 0.6
"""Share of rows that must agree before a form is believed, 0-1."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one sampled row says that bears on the answer form."""

    answer: object
    options: tuple[str, ...]
    context: str


@dataclass(frozen=True, slots=True)
class Form:
    kind: AnswerFormKind
    detail: str


def normal(text: object) -> str:
    """Text for comparing answers: case, spacing and end punctuation do not count."""
    return " ".join(str(text).casefold().split()).strip(" .;,'\"`")


def letter_index(answer: object) -> int | None:
    """`B`, `(B)`, `b)` as 1."""
    found = _LETTER.fullmatch(str(answer).strip()) if isinstance(answer, str) else None
    return ord(found[2].upper()) - 65 if found else None


def text_index(answer: object, options: Sequence[str]) -> int | None:
    """Index of the one option that says the answer."""
    said = normal(answer)
    hits = [i for i, option in enumerate(options) if normal(option) == said]
    return hits[0] if len(hits) == 1 else None


def option_index(form: str, detail: str, answer: object, options: Sequence[str]) -> int | None:
    """Index of the option the answer means; None when it means none of them, or more than one.

    A set that answers by letter has rows that give the option's text: the text is tried second.
    """
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    index = None
    if form == "letter":
        index = letter_index(answer)
    elif form == "option_index":
        number = number_of(answer)
        index = None if number is None else int(number) - (1 if detail.startswith("from 1") else 0)
    if index is not None and 0 <= index < len(options):
        return index
    return text_index(answer, options)


def _share(samples: Sequence[Sample], holds: Sequence[bool]) -> float:
    return sum(holds) / len(samples)


def _option_form(samples: Sequence[Sample]) -> Form | None:
    """How the answers point at the options; None when they do not."""
    with_options = [s for s in samples if s.options]
    if len(with_options) < ENOUGH * len(samples):
        return None
    in_text = [text_index(s.answer, s.options) is not None for s in with_options]
    if _share(with_options, in_text) >= ENOUGH:
        counts = sorted({len(s.options) for s in with_options})
        return Form("option_text", f"text of one of {_range(counts)} options")
    letters = [letter_index(s.answer) is not None for s in with_options]
    if _share(with_options, letters) >= ENOUGH:
        marked = Counter(str(s.answer).strip()[0] == "(" for s in with_options if letter_index(s.answer) is not None)
        upper = "upper" if str(with_options[0].answer).strip("() ").isupper() else "lower"
        return Form("letter", "(A)" if marked[True] > marked[False] else f"A, B ... {upper} case")
    numbers = [(number_of(s.answer), len(s.options)) for s in with_options]
    whole = [(int(n), size) for n, size in numbers if n is not None and n == int(n) and 0 <= n <= size]
    if len(whole) >= ENOUGH * len(with_options):
        from_one = not any(n == 0 for n, _ in whole) and any(n == size for n, size in whole)
        return Form("option_index", "from 1" if from_one else "from 0")
    return None


def _range(counts: Sequence[int]) -> str:
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]}-{counts[-1]}"


def _list_form(samples: Sequence[Sample]) -> Form | None:
    if _share(samples, [raw_boxes(s.answer) is not None for s in samples]) >= ENOUGH:
        return Form("boxes", "")
    if _share(samples, [isinstance(s.answer, list) for s in samples]) >= ENOUGH:
        sizes = sorted({len(s.answer) for s in samples if isinstance(s.answer, list)})
        return Form("accepted_list", f"{_range(sizes)} texts a row")
    return None


def detect(samples: Sequence[Sample], is_label: bool, is_number: bool) -> Form:
    """The form of the answers of the sampled rows.

    Args:
        samples: rows that have an answer.
        is_label: the field has a small vocabulary.
        is_number: the field holds numbers.
    """
    if not samples:
        return Form("none", "")
    texts = [normal(s.answer) for s in samples]
    if set(texts) <= set(_YES_NO):
        return Form("boolean", "/".join(sorted(set(texts), reverse=True)))
    pointed = _option_form(samples)
    fixed = len({tuple(sorted(s.options)) for s in samples}) == 1
    if pointed and not (pointed.kind == "option_text" and is_label and fixed):
        return pointed
    listed = _list_form(samples)
    if listed:
        return listed
    if is_label:
        counts = Counter(texts)
        return Form("label", ", ".join(f"{label} {n}" for label, n in counts.most_common(12)))
    if is_number:
        return Form("number", "")
    if _share(samples, [bool(triples(str(s.answer))) for s in samples]) >= ENOUGH:
        return Form("triple", "subject => relation => object")
    return _text_form(samples, texts)


def _text_form(samples: Sequence[Sample], texts: Sequence[str]) -> Form:
    with_context = [(text, s.context) for text, s in zip(texts, samples, strict=True) if s.context]
    inside = sum(text in " ".join(context.casefold().split()) for text, context in with_context)
    if with_context and inside >= 0.9 * len(samples):
        return Form("span", f"{inside} of {len(samples)} stand in the context")
    return Form("free_text", f"{inside} of {len(samples)} stand in the context" if with_context else "")
