"""Reading a goal: what it wishes of its items, what it wants left out, and the words that remain."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from benchmark_agent.content import AnswerKind, Modality
from benchmark_agent.design.catalogue import GoalWords, goal_words
from benchmark_agent.lexical import fold, terms

Span = tuple[int, int]
"""Start and end in the folded text."""
Name = TypeVar("Name", bound=str)

KINDS: dict[str, tuple[AnswerKind, ...]] = {
    "choice": ("choice",),
    "binary": ("binary",),
    "number": ("number",),
    "short": ("span", "label", "number"),
    "multi_choice": ("multi_choice",),
}
"""Answer kinds behind the wishes of words.yaml."""
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WORD = re.compile(f"{UNSPACED.pattern}+|[^\\W_](?:[\\w\u0900-\u0dff](?<!{UNSPACED.pattern}))*")
_STOP = re.compile(r"[.;:!?。；：！？¿¡()—]|\bbut\b|\bpero\b|\bmais\b|\baber\b|\bно\b|但|しかし")
_MOST_NEGATED = 6
"""Words a negation reaches."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text and its folded form, position by position."""

    original: str
    text: str
    origin: tuple[int, ...]
    """For each character of `text`, its place in `original`."""

    def surface(self, span: Span) -> str:
        """The goal's own words at a span of the folded text."""
        return self.original[self.origin[span[0]] : self.origin[span[1] - 1] + 1].strip()


@dataclass(frozen=True, slots=True)
class Token:
    """One content term of the goal."""

    term: str
    span: Span
    unspaced: bool
    """Part of a run written without spaces; its neighbours overlap it."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as it was read."""

    folded: Folded
    modalities: tuple[Modality, ...]
    without_modalities: tuple[Modality, ...]
    answer_kinds: tuple[AnswerKind, ...]
    without_kinds: tuple[AnswerKind, ...]
    languages: tuple[str, ...]
    """Those items may be in."""
    without_languages: tuple[str, ...]
    mixes: bool
    """Languages change within an item."""
    mixed_languages: tuple[str, ...]
    """Those that do, in the order of the goal, as far as it names them."""
    subtasks: int | None
    items: int | None
    """A number of items the goal speaks of; the size of the requirement decides."""
    shown: tuple[tuple[Modality, Span], ...]
    """Where which modality is wished."""
    wish_spans: tuple[Span, ...]
    """Words that say a wish for a modality; they may name a skill too."""
    tokens: tuple[Token, ...]
    """What remains to be asked for, in order."""
    negated: tuple[Token, ...]
    """What the goal wants left out."""


def read_goal(text: str) -> Goal:
    """Read a goal in any language; nothing of it is passed over: wishes, negations, and the terms that remain."""
    words, folded = goal_words(), fold_with_origin(text)
    kinds = {kind: _found(phrases, folded.text) for kind, phrases in words.answer_kinds.items()}
    kind_spans = [span for spans in kinds.values() for span in spans]
    negators, scopes = _negations(folded.text, words, kind_spans)
    languages = _languages(folded.text, words)
    count_spans, subtasks, items = _counts(folded.text, words)
    modalities = _modalities(folded.text, words, kind_spans)
    said, unsaid = _split(modalities, scopes)
    kinds_said, kinds_unsaid = _split(kinds, scopes)
    tongues, no_tongues = _split(languages, scopes)
    mixing = [span for span in _mixing(folded.text, words, languages) if not _within(span, scopes)]
    mixed = sorted(tongues, key=lambda code: languages[code][0]) if mixing else []
    consumed = [
        *mixing,
        *(_found(words.language_words, folded.text) if mixing else ()),
        *kind_spans,
        *negators,
        *count_spans,
        *(span for spans in languages.values() for span in spans),
    ]
    tokens = [token for token in tokenize(folded.text) if not _within(token.span, consumed)]
    return Goal(
        folded=folded,
        modalities=tuple(sorted(said)),
        without_modalities=tuple(sorted(set(unsaid) - set(said))),
        answer_kinds=_kinds_of(kinds_said),
        without_kinds=_kinds_of([kind for kind in kinds_unsaid if kind not in kinds_said]),
        languages=() if mixing else tuple(sorted(tongues)),
        without_languages=tuple(sorted(set(no_tongues) - set(tongues))),
        mixes=bool(mixing),
        mixed_languages=tuple(mixed),
        subtasks=subtasks,
        items=items,
        shown=tuple((kind, s) for kind, spans in modalities.items() for s in spans if not _within(s, scopes)),
        wish_spans=tuple(span for spans in modalities.values() for span in spans),
        tokens=tuple(token for token in tokens if not _within(token.span, scopes)),
        negated=tuple(token for token in tokens if _within(token.span, scopes)),
    )


def fold_with_origin(text: str) -> Folded:
    original = unicodedata.normalize("NFKC", text)
    plain, origin = [], []
    for place, letter in enumerate(original):
        for part in fold(letter):
            plain.append(part)
            origin.append(place)
    return Folded(original, "".join(plain), tuple(origin))


def tokenize(text: str) -> list[Token]:
    """Content terms of a folded text with their places; pairs of characters where words are not spaced."""
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        word, start = match.group(), match.start()
        if not UNSPACED.match(word):
            tokens += [Token(term, match.span(), False) for term in terms(word)]
            continue
        for at in range(max(1, len(word) - 1)):
            pair = word[at : at + 2]
            tokens += [Token(term, (start + at, start + at + len(pair)), True) for term in terms(pair)]
    return tokens


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the phrases as whole words, longest first; spaces, hyphens and slashes within are one."""
    return re.compile("|".join(_one(fold(phrase)) for phrase in sorted(phrases, key=lambda p: (-len(p), p))))


def _one(phrase: str) -> str:
    body = r"[\s/\-–]*".join(re.escape(part) for part in re.split(r"[\s/\-]+", phrase) if part)
    before = "" if UNSPACED.match(phrase[0]) else r"(?<!\w)"
    after = "" if UNSPACED.match(phrase[-1]) else r"(?!\w)"
    return f"{before}{body}{after}"


def _found(phrases: tuple[str, ...], text: str) -> list[Span]:
    return [match.span() for match in _pattern(phrases).finditer(text)]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _within(span: Span, others: Sequence[Span]) -> bool:
    return any(_overlap(span, other) for other in others)


def _split(found: dict[Name, list[Span]], scopes: Sequence[Span]) -> tuple[list[Name], list[Name]]:
    """Names asked for, and names asked to be left out."""
    said = [name for name, spans in found.items() if any(not _within(span, scopes) for span in spans)]
    unsaid = [name for name, spans in found.items() if any(_within(span, scopes) for span in spans)]
    return said, unsaid


def _kinds_of(names: Sequence[str]) -> tuple[AnswerKind, ...]:
    return tuple(dict.fromkeys(kind for name in names for kind in KINDS[name]))


def _modalities(text: str, words: GoalWords, taken: Sequence[Span]) -> dict[Modality, list[Span]]:
    taken = [*taken, *_found(words.not_modalities, text)]
    found: dict[Modality, list[Span]] = {}
    for name, phrases in words.modalities.items():
        spans = [span for span in _found(phrases, text) if not _within(span, taken)]
        if spans:
            found[name] = spans
    beside = [span for spans in found.values() for span in spans]
    both = [span for span in _found(words.text_words, text) if any(_listed_together(text, span, one) for one in beside)]
    if both:
        found.setdefault("text", []).extend(both)
    return found


def _listed_together(text: str, one: Span, other: Span) -> bool:
    """`text and images`, `Text, Tabellen und Bilder`: only a few words and a comma or "and" between."""
    between = text[min(one[1], other[1]) : max(one[0], other[0])]
    joined = re.search(r"[,、&+和与と及و]|\b(and|or|y|o|e|et|ou|und|oder|и|или)\b|और", between)
    return bool(joined) and len(between) <= 24 and not re.search(r"[.;:!?。]", between)


def _languages(text: str, words: GoalWords) -> dict[str, list[Span]]:
    nouns = {fold(noun) for noun in words.language_nouns}
    found: dict[str, list[Span]] = {}
    for code, language in words.languages.items():
        spans = _found(language.phrases, text)
        for match in re.finditer(rf"\b{language.name.lower()}\b", text):
            if _stands_alone(text[match.end() :], nouns, words):
                spans.append(match.span())
        if spans:
            found[code] = spans
    return found


def _stands_alone(rest: str, nouns: set[str], words: GoalWords) -> bool:
    """Whether an English language name means the language: `Spanish texts`, `in Spanish.`, not `Spanish history`."""
    names = "|".join(language.name.lower() for language in words.languages.values())
    rest = re.sub(rf"^(\s*([,/&+\-]|and|or|with|to|into)\s*({names})\b)+", "", rest)
    following = re.match(r"[\s\-]+(\w+)", rest)
    if not following:
        return True
    word = following.group(1)
    return word in nouns or not terms(word)


def _mixing(text: str, words: GoalWords, languages: dict[str, list[Span]]) -> list[Span]:
    """The words that say that languages change within an item, as in `mixes English with Spanish`.

    A single language is not mixed: `mixed Spanish questions`.
    """
    alone = _found(words.mixing_alone, text)
    nouns = _found(words.language_words, text)
    anchors = [*nouns, *(span for spans in languages.values() for span in spans if len(languages) > 1)]
    marks = [span for span in _found(words.mixing, text) if not _within(span, alone)]
    items = [*_found(words.items, text), *_found(words.language_nouns, text)]
    items = [span for span in items if not _within(span, nouns)]
    beside = [mark for mark in marks if any(_mixes(text, mark, anchor, items) for anchor in anchors)]
    return [*alone, *beside]


def _mixes(text: str, mark: Span, anchor: Span, items: Sequence[Span]) -> bool:
    """Whether a word that mixes stands by a language: nothing between that ends a thought or is mixed instead."""
    between = (min(mark[1], anchor[1]), max(mark[0], anchor[0]))
    said = text[slice(*between)]
    ends = re.search(r"[,，、.;:!?。；：！？()—]", said)
    return not (_overlap(mark, anchor) or _within(between, items) or ends or terms(said))


def _counts(text: str, words: GoalWords) -> tuple[list[Span], int | None, int | None]:
    """Spans that say a number of subtasks or items, and the two numbers."""
    spans: list[Span] = []
    numbers: list[int | None] = []
    for nouns in (words.subtasks, words.items):
        named = {fold(word): n for n, phrases in words.numbers.items() for word in phrases}
        alternatives = "|".join(re.escape(word) for word in sorted(named, key=len, reverse=True))
        pattern = rf"(?<![^\W\u3041-\u9fff])(\d{{1,8}}|{alternatives})[\s\-]*(?:\w+\s)?(?:{_pattern(nouns).pattern})"
        match = re.search(pattern, text)
        number = None
        if match and (match.group(1).isdigit() or nouns == words.subtasks):
            said = match.group(1)
            number = int(said) if said.isdigit() else named[said]
            spans.append(match.span())
        numbers.append(number)
    return spans, numbers[0], numbers[1]


def _negations(text: str, words: GoalWords, kind_spans: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """The negating words, and what they reach."""
    taken = [*_found(words.not_negators, text), *kind_spans]
    after = [span for span in _found(words.negators_after, text) if not _within(span, taken)]
    before = [span for span in _found(words.negators, text) if not _within(span, [*taken, *after])]
    scopes = [*(_following(text, end) for _, end in before), *(_preceding(text, start) for start, _ in after)]
    return [*before, *after], [scope for scope in scopes if scope[0] < scope[1]]


def _following(text: str, start: int) -> Span:
    """From a negation to the end of what it reaches: `without images or audio`."""
    stop = _STOP.search(text, start)
    end = stop.start() if stop else len(text)
    comma = re.search(r"[,，、]", text[start:end])
    if comma:
        end = start + comma.start()
    reached = list(_reach(text, start, end))
    return (start, reached[-1]) if reached else (start, start)


def _reach(text: str, start: int, end: int) -> Iterator[int]:
    for count, match in enumerate(_WORD.finditer(text, start, end)):
        if count == _MOST_NEGATED:
            return
        yield match.end()


def _preceding(text: str, end: int) -> Span:
    """`画像なし`, `चित्रों के बिना`: the word or run right before a negation."""
    before = [match for match in _WORD.finditer(text, 0, end) if match.end() <= end]
    if not before:
        return (end, end)
    last = before[-1]
    particle = re.compile(r".*[はのがでをに]", re.DOTALL).match(text, last.start(), last.end() - 1)
    start = particle.end() if particle and UNSPACED.match(last.group()) else last.start()
    return (start, last.end())
