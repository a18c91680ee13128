"""What each skill of the goal is asked of: the subjects of its own clause, or of the clauses it governs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from benchmark_agent.design.catalogue import Capability, catalogue
from benchmark_agent.design.clauses import Clause
from benchmark_agent.design.goal import Span
from benchmark_agent.design.situation import Situation
from benchmark_agent.design.understanding import Matched, Part, Topic, is_generic

KNOWLEDGE = ("closed-book-knowledge", "domain-questions", "trivia-questions")
"""Capabilities by which a goal asks for knowledge of its subject in general."""
NOT_HELD = "nothing in the pool is about what it is asked of"
OTHER_INPUT = "its input is not what is wished of what it is asked of"
Serves = Callable[[Matched], str]
"""Why the pool cannot carry a capability of its domain; empty when it can."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A goal in a situation, and what the pool can serve of it."""

    here: Situation
    serves: Serves

    def skills(self, reasons: list[str]) -> list[Matched]:
        """Skills of the goal that can be asked, each with its domain; why the others cannot goes to `reasons`."""
        found: dict[str, Matched] = {}
        for each in self._wanted():
            asked, why = self._asked(each)
            if asked:
                found[each.capability.id] = asked
            else:
                reasons.append(f"{each.capability.id}: {why}")
        for topic in self.here.domain.topics:
            if self._has_no_skill(topic):
                for each in self._near(topic):
                    found[each.capability.id] = _also(found.get(each.capability.id, each), topic)
        return [found[each.capability.id] for each in self._wanted() if each.capability.id in found]

    def with_usual(self, skills: Sequence[Matched], score: float) -> list[Matched]:
        """With the skills by which subjects that stand alone are usually asked about: reading, for `reports`."""
        found = {each.capability.id: each for each in skills}
        for topic in self.left(skills):
            known = found.get(topic.asked_by)
            if known:
                found[topic.asked_by] = _also(known, topic if known.domain else _any(topic))
            elif topic.asked_by:
                found |= {m.capability.id: m for m in self.serving([catalogue()[topic.asked_by]], [topic], score)}
        return list(found.values())

    def left(self, found: Iterable[Matched]) -> list[Topic]:
        """Subjects none of them is asked of, and that stand without a skill."""
        served = {topic.span for each in found for topic in each.topics}
        return [t for t in self.here.domain.topics if t.span not in served and self._has_no_skill(t)]

    def serving(self, capabilities: Iterable[Capability], topics: Sequence[Topic], score: float) -> list[Matched]:
        """The capabilities that can ask of some of the topics: of text where the pool has it, else of what is shown."""
        every = [(each, self._fitting(Matched(each, score, ()), topics)) for each in capabilities]
        found = [_only(Matched(each, score, ()), fitting) for each, fitting in every if fitting]
        plain = {topic for each in found for topic in each.topics if not each.capability.requires}
        return [each for each in found if not each.capability.requires or not set(each.topics) <= plain]

    def _wanted(self) -> list[Matched]:
        return [each for each in self.here.asked.matched if each.capability.id not in self.here.asked.avoided]

    # -- which subjects ------------------------------------------------------------------------------

    def _asked(self, matched: Matched) -> tuple[Matched | None, str]:
        """The skill with what it is asked of in each of its clauses; or why it cannot be asked."""
        every = [self._asked_in(clause, matched) for clause in self._clauses(matched)]
        asked = [found for found, _ in every if found]
        if not asked:
            return None, next(why for _, why in every)
        if any(not found.topics for found in asked):
            return matched, ""
        topics = {topic for found in asked for topic in found.topics}
        return _only(matched, sorted(topics, key=lambda topic: topic.span)), ""

    def _asked_in(self, clause: Clause, matched: Matched) -> tuple[Matched | None, str]:
        topics = self._topics([clause])
        if not topics and self._lost([clause], spare=not matched.capability.acts):
            return None, NOT_HELD
        if not topics and matched.capability.acts:
            topics = self._own_data(clause, matched)
        if not topics and matched.capability.acts and not clause.modalities:
            topics = self._elsewhere(clause)
            if not topics and self._lost(self.here.asked.clauses):
                return None, NOT_HELD
        if not topics:
            why = self.serves(matched) if _shows(matched.capability, clause) else OTHER_INPUT
            return (None, why) if why else (matched, "")
        fitting = self._fitting(matched, topics) or self._fitting(matched, [_any(t) for t in topics if t.optional])
        return (_only(matched, fitting), "") if fitting else (None, self._why_not(matched, topics))

    def _own_data(self, clause: Clause, act: Matched) -> list[Topic]:
        """What other skills of the clause say the data are: `multi-hop over tables`."""
        data = [m for m in self.here.asked.matched if m.capability.skill_in == "data" and not m.capability.acts]
        apart = [m for m in data if not m.places & act.places]
        return [Topic(s, m.capability.topics) for m in apart for s in m.spans if clause.holds(s) and self._says(s)]

    def _why_not(self, matched: Matched, topics: Sequence[Topic]) -> str:
        return next(filter(None, (self.serves(_only(matched, [topic])) for topic in topics)), OTHER_INPUT)

    def _clauses(self, matched: Matched) -> list[Clause]:
        return [clause for clause in self.here.asked.clauses if any(clause.holds(span) for span in matched.spans)]

    def _topics(self, clauses: Iterable[Clause]) -> list[Topic]:
        held = tuple(clauses)
        return [topic for topic in self.here.domain.topics if any(clause.holds(topic.span) for clause in held)]

    def _elsewhere(self, clause: Clause) -> list[Topic]:
        """Subjects of the clauses a head governs; else those of the sentence, else of the goal."""
        every = self.here.asked.clauses
        beside = [each for each in every if each.sentence == clause.sentence]
        governed = [each for each in beside if clause.head and not each.head]
        return self._topics(governed) or self._topics(beside) or self._topics(every)

    def _lost(self, clauses: Sequence[Clause], spare: bool = False) -> bool:
        """Whether what the pool lacks is so much of the clauses that the rest would be something else.

        `spare`: one unknown word more may be missing, for a skill that names data of its own: `spot entailment`.
        """
        missing = [part for part in self.here.domain.missing if any(clause.holds(part.span) for clause in clauses)]
        words = {span for m in self.here.asked.matched for span in m.spans if any(c.holds(span) for c in clauses)}
        return _known(missing) or (bool(missing) and len(missing) >= len(words) + spare)

    def _fitting(self, matched: Matched, topics: Iterable[Topic]) -> list[Topic]:
        """Those of the subjects the skill can be asked of."""
        return [t for t in topics if self._may_show(matched, t) and not self.serves(_only(matched, [t]))]

    def _may_show(self, matched: Matched, topic: Topic) -> bool:
        return any(_shows(matched.capability, clause) for clause in self.here.asked.clauses if clause.holds(topic.span))

    # -- subjects without a skill of their own -------------------------------------------------------

    def _has_no_skill(self, topic: Topic) -> bool:
        """Whether its clause names no skill but knowledge of it."""
        clause = next(clause for clause in self.here.asked.clauses if clause.holds(topic.span))
        skills = [each for each in self.here.asked.matched if each.capability.id not in KNOWLEDGE]
        return not any(self._says(span) for each in skills for span in each.spans if clause.holds(span))

    def _says(self, span: Span) -> bool:
        return not is_generic(self.here.goal.folded.text[slice(*span)])

    def _near(self, topic: Topic) -> list[Matched]:
        """Skills named elsewhere that fit the subject: those of the nearest clause before it, else any."""
        acts = [each for each in self._wanted() if each.capability.acts and self._fitting(each, [topic])]
        starts = {each.capability.id: self._nearest(each, topic) for each in acts}
        nearest = max(starts.values(), default=-1)
        return [each for each in acts if starts[each.capability.id] == nearest]

    def _nearest(self, matched: Matched, topic: Topic) -> int:
        """Start of the last clause that names the skill before the topic; -1 when none does."""
        return max((c.span[0] for c in self._clauses(matched) if c.span[0] <= topic.span[0]), default=-1)


def _known(parts: Iterable[Part]) -> bool:
    return any(part.subject for part in parts)


def _shows(capability: Capability, clause: Clause) -> bool:
    """Whether the capability's items show what the clause wants shown."""
    wanted = set(clause.modalities)
    return not wanted or bool(wanted & set(capability.requires or ("text",)))


def _any(topic: Topic) -> Topic:
    return replace(topic, words=())


def _only(matched: Matched, topics: Sequence[Topic]) -> Matched:
    return replace(matched, topics=tuple(topics))


def _also(matched: Matched, topic: Topic) -> Matched:
    return _only(matched, sorted({*matched.topics, topic}, key=lambda each: each.span))
