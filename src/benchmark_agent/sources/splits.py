"""Finds fields that stand inside one string: options, question, context, turns, labelled parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmark_agent.content import ValueType
from benchmark_agent.sources.answer_form import letter_index, text_index
from benchmark_agent.sources.cards import Role
from benchmark_agent.sources.parse import OPTION_SPLITTERS, SPLITTERS, Piece, read
from benchmark_agent.sources.shape import number_of

MOST = 0.8
"""Share of the rows a splitter must fit, 0-1."""
_CONTEXTS = frozenset({"passage", "context", "document", "article", "story", "paragraph", "text", "evidence"})
_QUESTIONS = frozenset({"question", "query", "problem"})
MASKS = ("<MASK>", "[MASK]", "<mask>", "____")


@dataclass(frozen=True, slots=True)
class Part:
    """A field found inside the string at a path."""

    name: str
    """Goes after `~`."""
    chain: str
    role: Role
    type: ValueType


def parts_of(texts: Sequence[str], answers: Sequence[object], *, has_context: bool) -> tuple[tuple[Part, ...], bool]:
    """Parts of a question or context string, and whether they replace the string they come from.

    Args:
        texts: the strings of the sampled rows.
        answers: what each row gives as answer, None where it gives none; same length.
        has_context: another field holds the context.
    """
    chain = "template.instruction" if _fits(texts, lambda text: read("template.instruction", text)) else ""
    whole = [_piece(chain, text) for text in texts]
    choice = _options(whole, answers)
    found: list[Part] = []
    if choice:
        found.append(Part("options", _then(chain, f"{choice}.options"), "options", "choices"))
        chain = _then(chain, f"{choice}.stem")
        whole = [_piece(chain, text) for text in texts]
    if not has_context and _ends_with_question(whole, unfinished=bool(choice)):
        found.append(Part("context", _then(chain, "last_sentence.context"), "context", "phrase"))
        chain = _then(chain, "last_sentence.question")
    if chain:
        return (Part("question", chain, "question", "phrase"), *found), True
    return _inside(texts)


def _inside(texts: Sequence[str]) -> tuple[tuple[Part, ...], bool]:
    named = [SPLITTERS["labelled"](text) or {} for text in texts]
    shared = [
        name for name in (named[0] if named else ()) if sum(name in found for found in named) >= MOST * len(named)
    ]
    if len(shared) > 1:
        replaced = bool(set(shared) & _QUESTIONS)
        parts = (Part(name, f"labelled.{name}", _labelled_role(name, replaced), "phrase") for name in shared)
        return tuple(parts), replaced
    if _fits(texts, lambda text: read("turns.turns", text)):
        return (Part("dialog", "turns.turns", "dialog", "dialog"),), False
    return (), False


def _labelled_role(name: str, replaced: bool) -> Role:
    if name in _QUESTIONS:
        return "question"
    return "context" if replaced and name in _CONTEXTS else "span"


def _then(chain: str, step: str) -> str:
    return f"{chain}|{step}" if chain else step


def _piece(chain: str, text: str) -> str:
    piece: Piece | None = read(chain, text) if chain else text
    return piece if isinstance(piece, str) else ""


def _fits(texts: Sequence[str], reads: Callable[[str], object]) -> bool:
    return bool(texts) and sum(bool(reads(text)) for text in texts) >= MOST * len(texts)


def _options(texts: Sequence[str], answers: Sequence[object]) -> str:
    """The splitter whose options the answers point at; empty when there is none."""
    for name in OPTION_SPLITTERS:
        found = [(SPLITTERS[name](text) or {}).get("options") for text in texts]
        if sum(bool(options) for options in found) < MOST * len(texts):
            continue
        pairs = [(o, a) for o, a in zip(found, answers, strict=True) if isinstance(o, tuple) and a is not None]
        if pairs and sum(_points([str(o) for o in options], a) for options, a in pairs) >= 0.6 * len(pairs):
            return name
    return ""


def _points(options: Sequence[str], answer: object) -> bool:
    letter, number = letter_index(answer), number_of(answer)
    if letter is not None and letter < len(options):
        return True
    return text_index(answer, options) is not None or (number is not None and 0 <= number <= len(options))


def _ends_with_question(texts: Sequence[str], unfinished: bool) -> bool:
    """A passage of some length, then a question (or, before options, a sentence to finish)."""
    good = 0
    for text in texts:
        pieces = SPLITTERS["last_sentence"](text) or {}
        question, context = str(pieces.get("question", "")), str(pieces.get("context", ""))
        asks = question.endswith("?") or (unfinished and bool(question) and question[-1] not in ".!")
        good += asks and len(context.split()) >= 4 and not any(mask in context for mask in MASKS)
    return bool(texts) and good >= 0.9 * len(texts)
