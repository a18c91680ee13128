"""The catalogue: what a benchmark can ask, what it can be about, and the words by which goals name both."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field

from benchmark_agent.content import AnswerKind, Modalities, Modality
from benchmark_agent.record import Record


def _listed(given: object) -> object:
    """Phrases as the YAML files write them: `a; b; c`."""
    if not isinstance(given, str):
        return given
    return tuple(phrase.strip() for phrase in given.split(";") if phrase.strip())


def _words(given: object) -> object:
    return tuple(given.split()) if isinstance(given, str) else given


Phrases = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class Keywords(Record):
    """Phrases of one language."""

    language: str
    """ISO 639-1 code."""
    phrases: Phrases


def _by_language(given: object) -> object:
    if not isinstance(given, dict):
        return given
    return tuple({"language": code, "phrases": phrases} for code, phrases in given.items())


class Capability(Record):
    """Something a benchmark can ask of a model. catalogue.yaml says what each field means."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
    name: str
    description: str
    answer_kinds: tuple[AnswerKind, ...]
    modalities: Modalities
    requires: Modalities = ()
    target_signal: str
    skill_in: Literal["data", "construction"]
    topics: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Alternatives; each is roles or value types joined by `+`, all of them in one dataset."""
    constructions: Annotated[tuple[str, ...], Field(min_length=1)]
    general: bool = False
    """Also asked when a goal names only a subject."""
    act: bool | None = None
    keywords: Annotated[tuple[Keywords, ...], BeforeValidator(_by_language)]

    @property
    def acts(self) -> bool:
        """Its keywords name what is done (`compare`) to data named elsewhere, not data of their own (`dates`)."""
        return self.skill_in == "construction" if self.act is None else self.act


class Subject(Record):
    """Something data can be about."""

    id: str
    words: tuple[str, ...]
    """What the card of such a dataset says; one of them is enough."""
    optional: bool = False
    """Where no card speaks of it, it asks for nothing: `scenes` are pictures, whatever their cards call them."""
    asked_by: str = ""
    """Capability that asks about it when the goal names no skill."""
    keywords: Phrases


class NotOffered(Record):
    """A skill no construction asks for."""

    keywords: Phrases
    reason: str


class LanguageWords(Record):
    name: str
    """English name."""
    phrases: Phrases


class GoalWords(Record):
    """Words by which a goal says how it wants its items. words.yaml says what each field means."""

    modalities: dict[Modality, Phrases]
    text_words: Phrases
    not_modalities: Phrases
    answer_kinds: dict[Literal["choice", "binary", "number", "short", "multi_choice"], Phrases]
    subtasks: Phrases
    numbers: dict[int, Phrases]
    items: Phrases
    languages: dict[str, LanguageWords]
    language_nouns: Phrases
    mixing: Phrases
    language_words: Phrases
    mixing_alone: Phrases
    negators: Phrases
    negators_after: Phrases
    not_negators: Phrases
    generic: Words
    generic_unspaced: Words
    conjunctions: Words
    breaks: Words
    only: Words


class Catalogue(Record):
    capabilities: tuple[Capability, ...]
    subjects: tuple[Subject, ...]
    not_offered: tuple[NotOffered, ...]

    def __getitem__(self, capability_id: str) -> Capability:
        return next(each for each in self.capabilities if each.id == capability_id)

    def phrases(self) -> Iterator[tuple[Capability, str]]:
        """Every keyword of every capability."""
        for capability in self.capabilities:
            for keywords in capability.keywords:
                yield from ((capability, phrase) for phrase in keywords.phrases)


def _read(name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((files(__package__) / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe one


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with the package."""
    return Catalogue.model_validate({**_read("catalogue.yaml"), **_read("subjects.yaml")})


@cache
def goal_words() -> GoalWords:
    """The words that come with the package."""
    return GoalWords.model_validate(_read("words.yaml"))
