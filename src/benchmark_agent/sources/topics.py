"""What a dataset is about, in words, for retrieval."""

from collections import Counter
from collections.abc import Iterable, Sequence

from benchmark_agent.lexical import fold, terms
from benchmark_agent.sources.cards import AnswerForm, Field
from benchmark_agent.sources.roles import words

MOST_TOPICS = 48
_COMMON_SHARE = 0.12
"""Rows a word must stand in to be a topic of the dataset, 0-1."""
_NO_TOPIC = (
    "dataset datasets data sample samples example examples task tasks question questions answer answers text item "
    "items model models each following given short input output field fields format provide contains contain "
    "consists describe describes evaluate evaluates evaluation evaluating benchmark test based brief single pair "
    "pairs row rows one two three choose options option image images test used using use best better well"
)
"""Words every description of a dataset has."""
_EMPTY = frozenset(_NO_TOPIC.split())


def topics_of(phrases: Sequence[str], name: str, description: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Words of the card's tags, the name, the description, then words common in the rows."""
    found: dict[str, str] = {}
    named = [" ".join(words(phrase)) for phrase in (*phrases, name)]
    for phrase in named:
        if 1 < len(phrase.split()) <= 3:
            found.setdefault(fold(phrase), phrase)
    for text in (*named, description):
        _add(found, text)
    counts = Counter(word for text in texts for word in set(_contents(text[:600])))
    least = max(3, _COMMON_SHARE * counts.total() ** 0.5)
    for word, _ in sorted(((w, n) for w, n in counts.items() if n >= least), key=lambda p: (-p[1], p[0]))[:12]:
        found.setdefault(word, word)
    return tuple(list(found.values())[:MOST_TOPICS])


def _contents(text: str) -> list[str]:
    found = []
    for word in words(text):
        plain = fold(word)
        if len(plain) > 2 and not plain.isdigit() and plain not in _EMPTY and terms(plain):
            found.append(plain)
    return found


def _add(found: dict[str, str], text: str) -> None:
    for word in _contents(text):
        found.setdefault(word, word)


def describe(rows: int, fields: Sequence[Field], answer: AnswerForm) -> str:
    """One sentence for a dataset that says nothing of itself."""
    told = [f for f in fields if f.role not in ("id", "metadata")]
    kinds = [f"{f.label or f.name} ({f.role})" if f.label != f.role else f.role for f in told[:12]]
    form = f"; the answer is {answer.kind.replace('_', ' ')}" if answer.kind != "none" else ""
    return f"{rows} rows with {', '.join(kinds)}{form}."
