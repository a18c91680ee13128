"""Scorers of answers in words: yes or no, one label of a set, a span of text."""

import re
from functools import lru_cache

from benchmark_agent.answers import AnswerKey, Score
from benchmark_agent.content import AnswerKind
from benchmark_agent.evaluation.scorers.replies import (
    clean,
    judged,
    named_options,
    option_said,
    sentences,
    statements,
    unparsed,
)
from benchmark_agent.quantities import same_value
from benchmark_agent.wording import is_ideographic, key


def _split(names: str) -> frozenset[str]:
    return frozenset(names.split())


_YES = _split(
    "yes yeah yep y true t correct right affirmative sí si oui ja sim да 是 是的 对 正确 はい 正しい 네 예 वाँ haan"
)
_NO = _split(
    "no nope n false f incorrect wrong negative untrue non nein não нет 否 不 不是 错 错误 いいえ 아니요 아니오 nahin"
)
_FIRST_WORD = re.compile(r"^\W*([^\W\d_]+)")


def polarity(word: str) -> bool | None:
    """True for yes and its synonyms, False for no, None for any other word."""
    said = key(word)
    return True if said in _YES else False if said in _NO else None


@lru_cache(maxsize=256)
def two_sides(answer: str, options: tuple[str, ...]) -> tuple[str, ...]:
    """The two words of the item: its options, or the answer's pair among yes/no and true/false."""
    if len(options) == 2:
        return options
    said = key(answer)
    pairs = (("yes", "no"), ("true", "false"), ("correct", "incorrect"), ("right", "wrong"), ("是", "否"))
    return next((pair for pair in pairs if said in pair), (answer,))


def _own_word(text: str, sides: tuple[str, ...]) -> str | None:
    """The one of the item's own words the text uses; `not true` counts as false."""
    named = named_options(text, sides)
    if len(named) == 1:
        return sides[named[0]]
    if not named and len(sides) == 2 and re.search(r"\bnot\s+" + re.escape(key(sides[0])) + r"\b", key(text)):
        return sides[1]
    return None


def _side(text: str, sides: tuple[str, ...]) -> str | None:
    """The side a short text takes: an own word that opens it, the only own word in it, or a synonym that opens it."""
    said = option_said(text, sides)
    if said is not None:
        return sides[said]
    if len(named_options(text, sides)) > 1 and re.search(r"\w\W* or \w|\w/\w", text):
        return None
    opened = _FIRST_WORD.match(text)
    if opened and (first := option_said(opened.group(1), sides)) is not None:
        return sides[first]
    own = _own_word(text, sides)
    if own is not None or opened is None:
        return own
    wanted = polarity(opened.group(1))
    matches = [side for side in sides if wanted is not None and polarity(side) is wanted]
    return matches[0] if matches and not named_options(text, sides) else None


class Binary:
    """Yes or no, in the item's own words or their synonyms."""

    name = "binary"
    answer_kinds: tuple[AnswerKind, ...] = ("binary",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        if not text:
            return unparsed(text, "")
        sides = two_sides(key.answer, key.options)
        parts = sentences(text)
        for part in (*statements(text), parts[0], parts[-1], text):
            side = _side(part, sides)
            if side is not None:
                return judged(_same_side(side, key.answer), side)
        return unparsed(text, f"the reply takes neither side of {' / '.join(sides)}")


def _same_side(said: str, answer: str) -> bool:
    return key(said) == key(answer) or (polarity(said) is not None and polarity(said) is polarity(answer))


class Label:
    """One label of a set. With the set in the key's options, a reply that names two labels names none."""

    name = "label"
    answer_kinds: tuple[AnswerKind, ...] = ("label",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        if not text:
            return unparsed(text, "")
        if key.options:
            return _of_set(key, text)
        return _among_accepted(key, text, "the reply does not name the label")


def _of_set(answer_key: AnswerKey, text: str) -> Score:
    right = {key(form) for form in (answer_key.answer, *answer_key.accepted)}
    parts = sentences(text)
    for part in (text, *statements(text), parts[0] if len(parts[0].split()) <= 3 else parts[-1], parts[-1]):
        said = option_said(part, answer_key.options)
        named = [said] if said is not None else named_options(part, answer_key.options)
        if len(named) == 1:
            label = answer_key.options[named[0]]
            return judged(key(label) in right, label)
    return unparsed(text, "the reply names none of the labels, or several")


_ARTICLES = frozenset({"a", "an", "the"})
# A number keeps its sign and decimals: "-5" is not "5".
_TOKEN = re.compile(r"(?<![\w.)])-?\d+(?:[.,:]\d+)*%?|[^\W_]+(?:['’][^\W\d_]+)*", re.UNICODE)


@lru_cache(maxsize=1024)
def span_tokens(text: str) -> tuple[str, ...]:
    """What is compared of a span: words without case, punctuation and articles (Rajpurkar et al. 2016, SQuAD)."""
    text = key(text)
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        if not token.isascii() and any(is_ideographic(sign) for sign in token):
            tokens.extend(token)
        else:
            tokens.append(token.replace(",", "") if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+", token) else token)
    # A last "a" is a name, as in "vitamin A".
    kept = [token for token in tokens[:-1] if token not in _ARTICLES] + tokens[-1:]
    return tuple(kept) or tuple(text.split())


def _holds(tokens: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    """Where `wanted` stands in `tokens`; -1 when it does not."""
    size = len(wanted)
    return next((i for i in range(len(tokens) - size + 1) if tokens[i : i + size] == wanted), -1)


_DENIES = frozenset({"not", "never", "neither", "nor", "isn't", "wasn't", "unlike", "than"})
_SLACK = 12
"""Words a sentence may have around the answer it gives."""


def _offers(part: str, form: str) -> bool:
    """Whether a text leaves a choice open that the answer does not."""
    return " or " not in form and re.search(r"[\w)]\s+or\s+\S", part) is not None


def _gives(part: str, form: str) -> bool:
    """Whether a short text is the answer, or states it and nothing beside it."""
    said, wanted = span_tokens(part), span_tokens(form)
    if said == wanted or (len(wanted) == 1 and same_value(part, form)):
        return True
    if not wanted or len(said) > len(wanted) + _SLACK or _offers(part, form):
        return False
    at = _holds(said, wanted)
    return at >= 0 and not _DENIES & set(said[max(0, at - 3) : at])


def _among_accepted(answer_key: AnswerKey, text: str, reason: str) -> Score:
    """Right when the whole reply, its final statement, or its first or last sentence gives an accepted answer."""
    forms = (answer_key.answer, *answer_key.accepted)
    stated = list(statements(text))[:1]
    parts = sentences(text)
    scopes = stated or [text, parts[0], parts[-1]]
    line = next(statements(text, whole_line=True), "")
    for scope in scopes:
        for form in forms:
            if _gives(scope, form) or (line and span_tokens(line) == span_tokens(form)):
                return judged(True, form)
    said = stated[0] if stated else parts[-1]
    refused = unparsed(text, reason)
    return refused if refused.outcome == "refusal" else judged(False, said[:200], reason)


class Span:
    """A piece of text: right when it equals an accepted answer after normalisation, or a short sentence gives it."""

    name = "span"
    answer_kinds: tuple[AnswerKind, ...] = ("span",)

    def __call__(self, key: AnswerKey, reply: str) -> Score:
        text = clean(reply)
        if not text:
            return unparsed(text, "")
        return _among_accepted(key, text, "the reply does not give the accepted answer")
