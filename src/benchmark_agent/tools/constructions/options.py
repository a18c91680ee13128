"""Options of a choice: the gold and wrong ones of the same make, no two the same."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import NamedTuple

from benchmark_agent.content import Composed, GoldBasis, Part, Text
from benchmark_agent.errors import Unfit
from benchmark_agent.lexical import terms
from benchmark_agent.tools.constructions import dates, numbers

MOST_OPTIONS = 6
"""Labels are all offered when there are no more than these."""
MOST_WORDS = 5
"""Words of an answer that other answers may stand beside as wrong options."""
_EDGES = re.compile(r"^[\s\"'“”‘’(\[]+|[\s\"'“”‘’)\].,;:!?]+$")
_ARTICLE = re.compile(r"^(?:the|a|an) (?=\S)")


class Option(NamedTuple):
    text: str
    value: str
    """Canonical: equal values are the same answer."""


def normal(text: str) -> str:
    """Text for comparing answers: case, spacing, articles and outer punctuation do not count."""
    return _ARTICLE.sub("", _EDGES.sub("", " ".join(text.casefold().split())))


@lru_cache(maxsize=8192)
def option(text: str) -> Option:
    """An option whose value is the number or day it says, else its normal text."""
    number = numbers.read(text)
    if number is not None:
        return Option(text, numbers.canonical(number))
    day = dates.read(text)
    return Option(text, day[0].isoformat() if day else normal(text))


@lru_cache(maxsize=8192)
def term_set(text: str) -> frozenset[str]:
    """The terms of a short text, kept: answers come back as companions of other rows."""
    return frozenset(terms(text))


def clash(a: str, b: str) -> bool:
    """Whether two answers may mean the same: equal, or the words of one all in the other."""
    if option(a).value == option(b).value:
        return True
    ours, theirs = term_set(a), term_set(b)
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def alike(gold: str, pool: Iterable[str], rng: Random, count: int = 3, avoid: Sequence[str] = ()) -> list[str]:
    """Wrong answers of the same make as `gold` (length, capitals, digits), none that may mean the same as it,
    as one of `avoid`, or as another.

    Raises:
        Unfit: when the pool does not give `count`.
    """
    close = sorted((far, text) for text in dict.fromkeys(pool) if (far := _distance(gold, text)) < 1.0)
    fit: list[str] = []
    for _, text in close:
        if len(fit) == count + 2:
            break
        if not any(clash(text, other) for other in (gold, *avoid, *fit)):
            fit.append(text)
    if len(fit) < count:
        raise Unfit(f"{count} wrong options like {gold[:40]!r} are needed and the other rows give {len(fit)}")
    return rng.sample(fit, count)


def _distance(gold: str, text: str) -> float:
    """0 for texts of one make; each mark that would set them apart adds to it."""
    words = abs(len(gold.split()) - len(text.split()))
    letters = abs(len(gold) - len(text)) / max(len(gold), len(text), 1)
    capital = gold[:1].isupper() != text[:1].isupper()
    digits = any(c.isdigit() for c in gold) != any(c.isdigit() for c in text)
    ending = gold[-1:].isalnum() != text[-1:].isalnum()
    article = bool(_ARTICLE.match(gold.lower())) != bool(_ARTICLE.match(text.lower()))
    return words / (1 + len(gold.split())) + letters / 2 + 0.6 * (capital + ending + article) + digits


def tempting(
    gold: str, pool: Iterable[str], rng: Random, count: int = 3, avoid: Sequence[str] = (), passage: str = ""
) -> list[Option]:
    """Hard wrong options: near values when the gold is a number, a day or a time; else answers alike from the pool.

    Args:
        passage: what the item shows; where the gold stands in it, wrong options do too.

    Raises:
        Unfit: when there are not `count`.
    """
    near = dates.near_texts(gold, rng, count, passage) or numbers.near_texts(gold, rng, count, passage)
    if near is None:
        if len(gold.split()) > MOST_WORDS:
            raise Unfit("wrong options for a whole sentence would be about something else")
        shown = mentions(passage, gold)
        return [option(t) for t in alike(gold, (t for t in pool if mentions(passage, t) == shown), rng, count, avoid)]
    taken = {option(text).value for text in avoid}
    fit = [Option(*pair) for pair in near if pair[1] not in taken]
    if len(fit) < count:
        raise Unfit(f"wrong options near {gold!r} are among the accepted answers")
    return fit


def mentions(passage: str, text: str) -> bool:
    """Whether the passage has the text, word for word, in any case."""
    words = normal(text)
    return (
        bool(words)
        and words in passage.casefold()
        and bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", passage.casefold()))
    )


def labels(gold: str, vocabulary: Sequence[str], ordered: bool, rng: Random, count: int = 3) -> list[str]:
    """Labels to choose among, the gold included: all of a small set, else the gold and confusable ones.

    Confusable: neighbours on a scale; else those that share words with the gold, then any.

    Raises:
        Unfit: when the vocabulary lacks the gold or has no other label.
    """
    spelled = {normal(label): label for label in reversed(vocabulary)} | {normal(gold): gold}
    known = [spelled[key] for key in dict.fromkeys(map(normal, vocabulary))]
    if gold not in known or len(known) < 2:
        raise Unfit(f"the label {gold!r} is not one of two or more different labels")
    if len(known) <= MOST_OPTIONS:
        return known
    if ordered:
        at = known.index(gold)
        start = min(max(at - rng.randint(0, count), 0), len(known) - count - 1)
        return known[start : start + count + 1]
    others = [label for label in known if label != gold]
    rng.shuffle(others)
    mine = set(terms(gold))
    related = [label for label in others if mine & set(terms(label))][: count - 1]
    rest = [label for label in others if label not in related]
    return [gold, *related, *rest[: count - len(related)]]


def text_part(text: str) -> Text:
    """A text the item shows.

    Raises:
        Unfit: when it is blank.
    """
    if not text.strip():
        raise Unfit("the text to show is empty")
    return Text(text=text.strip())


def choice(
    question: str,
    gold: Option,
    wrong: Sequence[Option],
    rng: Random,
    *,
    basis: GoldBasis,
    proof: str,
    input: tuple[Part, ...] = (),
    evidence: tuple[int, ...] | None = None,
    fixed_order: bool = False,
) -> Composed:
    """A choice item; its evidence is all it shows, unless said otherwise.

    Args:
        fixed_order: keep the options as given in `wrong`, which then holds the gold too.

    Raises:
        Unfit: when two options mean the same.
    """
    options = list(wrong) if fixed_order else [gold, *wrong]
    if not fixed_order:
        rng.shuffle(options)
    if len({o.value for o in options}) < len(options) or len({normal(o.text) for o in options}) < len(options):
        raise Unfit("two options mean the same")
    if len(options) < 2:
        raise Unfit("a choice needs two options")
    return Composed(
        input=input,
        question=question,
        answer_kind="choice",
        options=tuple(o.text for o in options),
        answer=gold.text,
        option_values=tuple(o.value for o in options),
        fixed_order=fixed_order,
        gold_basis=basis,
        evidence=tuple(range(len(input))) if evidence is None else evidence,
        proof=proof,
    )


def numeric(values: Iterable[Decimal], unit: str) -> list[Option]:
    """Options of numbers, written alike."""
    return [Option(numbers.shown(value, unit), numbers.canonical(value)) for value in values]
