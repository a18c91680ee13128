"""What a goal asks for, before any pool is looked at: capabilities, subjects, and words nobody knows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise

from benchmark_agent.content import Modality
from benchmark_agent.design.catalogue import Capability, catalogue, goal_words
from benchmark_agent.design.clauses import Clause, is_remark, split
from benchmark_agent.design.goal import UNSPACED, Goal, Span, Token
from benchmark_agent.design.keywords import Hit, KeywordIndex, score
from benchmark_agent.lexical import fold, terms

_NESTED = 0.5
"""Factor on a capability whose keywords all lie inside a longer keyword of another."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of the goal that data of the pool are about."""

    span: Span
    words: tuple[str, ...]
    """One of them must be in a card; empty when only how it is shown matters (`photos`)."""
    optional: bool = False
    """A skill no dataset of which is about it can be asked all the same: `math puzzles`."""
    asked_by: str = ""
    """Capability that asks about it when the goal names no skill."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A capability the goal asks for."""

    capability: Capability
    score: float
    spans: tuple[Span, ...]
    """The words that ask for it, disjoint, in order."""
    topics: tuple[Topic, ...] = ()
    """What it is asked of; empty when any data serve."""

    @property
    def places(self) -> set[int]:
        """Characters of the folded goal that ask for it and for what it is asked of."""
        return {place for span in (*self.spans, *(t.span for t in self.topics)) for place in range(*span)}

    @property
    def domain(self) -> tuple[str, ...]:
        """Words one of which must be in a card; empty when any data serve."""
        if not all(topic.words for topic in self.topics):
            return ()
        return tuple(dict.fromkeys(word for topic in self.topics for word in topic.words))


@lru_cache(maxsize=1000)
def _terms_of(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(term for word in words for term in terms(word))


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the goal that says what the data must be about."""

    span: Span
    words: tuple[str, ...]
    """Any of them in a card means the part is covered."""
    subject: str
    """Id of the subject it names; empty for words the catalogue does not know."""

    def covered_by(self, spoken: frozenset[str]) -> bool:
        """Whether a card that speaks these terms is about it. Of an unspaced run, half of the pairs must be there."""
        wanted = _terms_of(self.words)
        least = 1 if self.subject or not UNSPACED.search(self.words[0]) else (len(wanted) + 1) // 2
        return len(wanted & spoken) >= least


@dataclass(frozen=True, slots=True)
class Understanding:
    matched: tuple[Matched, ...]
    """Best first."""
    phrases: tuple[tuple[Part, ...], ...]
    """Subjects and unknown words that stand together say one thing: all of it should be met by one dataset."""
    not_offered: tuple[tuple[Span, str], ...]
    """Skills no construction asks for, each with the reason."""
    clauses: tuple[Clause, ...]
    modalities: tuple[Modality, ...]
    """Wished of all items; what only some clauses wish is said in these."""
    avoided: tuple[str, ...]
    """Ids of capabilities the goal wants left out."""
    avoided_words: tuple[str, ...]
    """What the data must not be about."""


@cache
def _capability_index() -> KeywordIndex:
    return KeywordIndex([(capability.id, phrase) for capability, phrase in catalogue().phrases()])


@cache
def _subject_index() -> KeywordIndex:
    return KeywordIndex([(subject.id, phrase) for subject in catalogue().subjects for phrase in subject.keywords])


@cache
def _not_offered_index() -> KeywordIndex:
    return KeywordIndex([(each.reason, phrase) for each in catalogue().not_offered for phrase in each.keywords])


def understand(goal: Goal) -> Understanding:
    """Sort the goal's words into skills, subjects and the rest."""
    text = goal.folded.text
    skills = _capability_index().hits(goal.tokens, text)
    subjects = _subject_index().hits(goal.tokens, text)
    not_offered = _not_offered_index().hits(goal.tokens, text)
    skills = _without_nested(skills, [*_every(subjects), *_every(not_offered)])
    skills = _without_media(_without_strangers(skills), goal)
    subjects = _without_nested(subjects, _every(not_offered))
    in_data = [hit for capability in catalogue().capabilities if capability.skill_in == "data"
               for hit in skills.get(capability.id, [])]  # fmt: skip
    said = _every(skills)
    subjects = {owner: [h for h in hits if not _named_by(h, in_data, said)] for owner, hits in subjects.items()}
    known = [span for hit in [*_every(skills), *_every(subjects), *_every(not_offered)] for span in hit.spans]
    known += goal.wish_spans
    solid = [gap for hit in [*said, *_every(subjects), *_every(not_offered)] for gap in _solid(hit, text)]
    phrases = _phrases(goal, subjects, known)
    matched = _ranked(skills)
    clauses, modalities = _shown(goal, split(text, solid), _own_data(phrases, matched))
    avoided = _capability_index().hits(goal.negated, _only(goal.negated, text))
    return Understanding(
        matched=matched,
        phrases=phrases,
        not_offered=tuple((_hull(hit), why) for why, hits in not_offered.items() for hit in hits[:1]),
        clauses=clauses,
        modalities=modalities,
        avoided=tuple(owner for owner, hits in avoided.items() if hits),
        avoided_words=_avoided_words(goal, avoided),
    )


def _own_data(phrases: Sequence[tuple[Part, ...]], matched: Sequence[Matched]) -> list[Span]:
    """What in the goal names data: subjects, and skills that have data of their own."""
    owned = [span for each in matched if not each.capability.acts for span in each.spans]
    return [*owned, *(phrase[0].span for phrase in phrases)]


def _shown(
    goal: Goal, clauses: Sequence[Clause], data: Sequence[Span]
) -> tuple[tuple[Clause, ...], tuple[Modality, ...]]:
    """The clauses with the modalities they wish for themselves, and those wished of all items.

    A modality is wished of all items when every clause that names data says one, or when it stands before a colon or
    in a remark (`with images`); else each clause speaks for itself.
    """
    own = [replace(c, modalities=tuple(sorted({m for m, s in goal.shown if c.holds(s)}))) for c in clauses]
    shown = [clause for clause in own if clause.modalities]
    named = [clause for clause in own if clause.modalities or any(clause.holds(span) for span in data)]
    bare = [clause for clause in shown if not any(clause.holds(span) for span in data)]
    heads = [clause for clause in named if clause.head]
    over_all = (
        all(clause.modalities for clause in named)
        or (heads and all(clause.modalities for clause in heads))
        or any(is_remark(clause, goal.folded.text) for clause in bare)
    )
    return (tuple(clauses), goal.modalities) if over_all else (tuple(own), ())


def _only(tokens: Sequence[Token], text: str) -> str:
    """The text with everything but the tokens blanked."""
    places = {place for token in tokens for place in range(*token.span)}
    return "".join(letter if place in places else " " for place, letter in enumerate(text))


def _every(found: dict[str, list[Hit]]) -> list[Hit]:
    return [hit for hits in found.values() for hit in hits]


def _hull(hit: Hit) -> Span:
    return hit.spans[0][0], hit.spans[-1][1]


def _solid(hit: Hit, text: str) -> list[Span]:
    """The words of a keyword, with the small words between them: `cause and effect`."""
    between = [(one[1], two[0]) for one, two in pairwise(hit.spans) if one[1] <= two[0]]
    return [*hit.spans, *(gap for gap in between if not terms(text[slice(*gap)]))]


def _without_nested(found: dict[str, list[Hit]], others: Sequence[Hit]) -> dict[str, list[Hit]]:
    """Without keywords that are only a piece of a longer one: `time` in `time zones`, `code` in `write code`."""
    kept = {owner: [hit for hit in hits if not any(hit.inside(o) for o in others)] for owner, hits in found.items()}
    return {owner: hits for owner, hits in kept.items() if hits}


def _without_strangers(skills: dict[str, list[Hit]]) -> dict[str, list[Hit]]:
    """Without keywords inside a longer one of a capability that does not know them: `read` in `read charts`."""
    kept = {}
    for owner, hits in skills.items():
        others = [more for other, more in skills.items() if other != owner]
        kept[owner] = [hit for hit in hits if not any(_swallows(more, hit) for more in others)]
    return {owner: hits for owner, hits in kept.items() if hits}


def _without_media(skills: dict[str, list[Hit]], goal: Goal) -> dict[str, list[Hit]]:
    """Without keywords that only say how data are shown, of skills that show it not: `recordings` is not `records`."""
    kept = {}
    for owner, hits in skills.items():
        others = [span for kind, span in goal.shown if kind not in catalogue()[owner].modalities]
        kept[owner] = [hit for hit in hits if not all(any(_lies_in(s, o) for o in others) for s in hit.spans)]
    return {owner: hits for owner, hits in kept.items() if hits}


def _lies_in(span: Span, other: Span) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _swallows(hits: Sequence[Hit], hit: Hit) -> bool:
    return any(hit.inside(other) for other in hits) and not any(other.spans == hit.spans for other in hits)


def _named_by(hit: Hit, in_data: Sequence[Hit], skills: Sequence[Hit]) -> bool:
    """Whether a skill already says this subject: `medical` in `medical diagnosis`, `book` in `closed book`."""
    return any(hit.inside(skill) for skill in skills) or any(hit.spans == skill.spans for skill in in_data)


def _ranked(skills: dict[str, list[Hit]]) -> tuple[Matched, ...]:
    order = {capability.id: place for place, capability in enumerate(catalogue().capabilities)}
    found = []
    for owner, hits in skills.items():
        others = [hit for other, more in skills.items() if other != owner for hit in more]
        nested = all(any(hit.inside(other) for other in others) for hit in hits)
        spans = _disjoint(span for hit in hits for span in hit.spans)
        found.append(Matched(catalogue()[owner], score(hits) * (_NESTED if nested else 1.0), spans))
    return tuple(sorted(found, key=lambda each: (-each.score, order[each.capability.id])))


def _disjoint(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Overlapping spans become one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


# -- what the data must be about -------------------------------------------------------------------


def _phrases(goal: Goal, subjects: dict[str, list[Hit]], known: Sequence[Span]) -> tuple[tuple[Part, ...], ...]:
    named = {subject.id: subject.words for subject in catalogue().subjects}
    parts = {_hull(hit): Part(_hull(hit), named[owner], owner) for owner, hits in subjects.items() for hit in hits}
    outer = [part for span, part in parts.items() if not any(_strictly_in(span, other) for other in parts)]
    outer += _unknown(goal, known)
    phrases: list[list[Part]] = []
    for part in sorted(outer, key=lambda each: each.span):
        if phrases and _together(goal.folded.text[phrases[-1][-1].span[1] : part.span[0]]):
            phrases[-1].append(part)
        else:
            phrases.append([part])
    return tuple(tuple(phrase) for phrase in phrases)


def _strictly_in(span: Span, other: Span) -> bool:
    return _lies_in(span, other) and span != other


@cache
def _breaks() -> frozenset[str]:
    return frozenset(fold(word) for word in (*goal_words().conjunctions, *goal_words().breaks))


def _together(between: str) -> bool:
    """Whether only small words lie between: `nodules of the lung`, not `countries and airports`."""
    if re.search(r"[^\w\s\-']", between) or terms(between):
        return False
    return not any(word in _breaks() for word in between.split())


@cache
def _generic() -> frozenset[str]:
    return frozenset(term for word in goal_words().generic for term in terms(word))


def is_generic(words: str) -> bool:
    """Whether the words say nothing of a skill or a subject by themselves: `reasoning`."""
    return set(terms(words)) <= _generic()


def _unknown(goal: Goal, known: Sequence[Span]) -> list[Part]:
    """Content words no list knows."""
    text = goal.folded.text
    covered = {place for start, end in known for place in range(start, end)} | _generic_places(text)
    left = [
        t
        for t in goal.tokens
        if not covered & set(range(*t.span)) and not t.term.isdigit() and t.term not in _generic()
    ]
    parts: list[Part] = []
    for token in left:
        if token.unspaced and parts and token.span[0] == parts[-1].span[1] - 1:
            span = (parts[-1].span[0], token.span[1])
            parts[-1] = Part(span, (text[span[0] : span[1]],), "")
        elif len(token.term) > 1:
            parts.append(Part(token.span, (text[token.span[0] : token.span[1]],), ""))
    return parts


def _generic_places(text: str) -> set[int]:
    places = {place for place, letter in enumerate(text) if "\u3041" <= letter <= "\u309f"}
    for phrase in goal_words().generic_unspaced:
        for match in re.finditer(re.escape(fold(phrase)), text):
            places.update(range(*match.span()))
    return places


def _avoided_words(goal: Goal, skills: dict[str, list[Hit]]) -> tuple[str, ...]:
    subjects = _subject_index().hits(goal.negated, _only(goal.negated, goal.folded.text))
    named = [word for subject in catalogue().subjects if subject.id in subjects for word in subject.words]
    taken = [span for hit in [*_every(skills), *_every(subjects)] for span in hit.spans]
    return tuple(dict.fromkeys([*named, *(goal.folded.surface(t.span) for t in _loose(goal.negated, taken))]))


def _loose(tokens: Iterable[Token], taken: Sequence[Span]) -> list[Token]:
    spans = set(taken)
    return [t for t in tokens if t.span not in spans and not t.unspaced and t.term not in _generic()]
