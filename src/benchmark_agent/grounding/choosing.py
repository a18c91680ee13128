"""What grounding asks of whoever chooses: datasets and recipes to dry-run, and a judgement of what came of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from benchmark_agent.design.types import Subtask
from benchmark_agent.errors import kind_of
from benchmark_agent.grounding.types import Candidate, Fitness, Recipe
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources import Dataset
from benchmark_agent.sources.cards import Audit, DatasetCard

KEEP_FROM = 0.45
"""Overall fitness, 0-1, from which a candidate is kept."""
LEAST_YIELD = 0.3
"""Probe yield, 0-1, under which a candidate is refused."""
OWN_LANGUAGE = ("en",)
"""Language of the constructions' own sentences: what is asked about data that have none."""

T = TypeVar("T")
U = TypeVar("U")


class Probe(Protocol):
    """One probe row's way through realization and verification."""

    @property
    def accepted(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def needs_evidence(self) -> bool: ...
    @property
    def row(self) -> int:
        """Ordinal."""
        ...

    @property
    def shown(self) -> str:
        """The draft as a person reads it; empty when none was made."""
        ...


class Pool(Protocol):
    """What grounding asks of the pool."""

    @property
    def cards(self) -> tuple[DatasetCard, ...]: ...
    def search(self, query: str, limit: int) -> list[tuple[DatasetCard, float]]: ...
    def audit(self, dataset_id: str) -> Audit: ...
    def dataset(self, dataset_id: str) -> Dataset: ...


Prober = Callable[[Subtask, DatasetCard, Recipe], Sequence[Probe]]
"""Dry-runs a recipe on a few rows."""


class Spread(Protocol):
    """Does the same work on several things, perhaps side by side; results in the order of the things."""

    def __call__(self, work: Callable[[T], U], things: Iterable[T], /) -> Iterator[U]: ...


def one_by_one(work: Callable[[T], U], things: Iterable[T]) -> Iterator[U]:
    """The plain way to spread work."""
    return map(work, things)


@dataclass(frozen=True, slots=True)
class Offer:
    """A recipe to dry-run on a dataset."""

    card: DatasetCard
    recipe: Recipe
    alignment: float
    """How much the dataset is about what is asked for, as far as words tell, 0-1."""
    notes: tuple[str, ...] = ()
    """What was said for and against it, for people to read."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An offer and what its dry run came to."""

    offer: Offer
    probes: Sequence[Probe]

    @property
    def accepted(self) -> list[Probe]:
        return [probe for probe in self.probes if probe.accepted]

    @property
    def share(self) -> float:
        """Share of the probe rows that were accepted, 0-1."""
        return len(self.accepted) / len(self.probes) if self.probes else 0.0

    @property
    def preservation(self) -> float:
        """Share of the accepted drafts whose target signal is needed, 0-1."""
        return sum(probe.needs_evidence for probe in self.accepted) / len(self.accepted) if self.accepted else 0.0

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why rows were rejected, each with its count, most frequent first."""
        counts = Counter(kind_of(probe.reason) for probe in self.probes if not probe.accepted)
        return tuple(f"{reason} ({n})" for reason, n in counts.most_common(4))


@dataclass(frozen=True, slots=True)
class Judged:
    """What an offer is worth."""

    fitness: Fitness
    refusal: str = ""
    """Why it must not be used, whatever its fitness; empty when it may."""
    notes: tuple[str, ...] = ()
    """What was said of it, for people to read."""


@dataclass
class Findings:
    """What was found for a subtask so far; grows from round to round."""

    kept: list[Candidate] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Datasets or recipes looked at and not used, each with its reason."""


Judge = Callable[[Subtask, Sequence[Tried]], Sequence[Judged]]
"""Judges offers after their dry run, in their order."""


@dataclass(frozen=True, slots=True)
class Round:
    """Offers that are dry-run, then judged together."""

    offers: Sequence[Offer]
    judge: Judge
    alignment: float = 0.0
    """How close its dataset is to what is asked for; those further off are left out once rows suffice."""


class Chooser(Protocol):
    """Decides which recipes on which datasets are tried for a subtask."""

    def rounds(self, subtask: Subtask, found: Findings) -> Iterator[Round]:
        """What to try, one round after the other. A round may depend on what was kept of those before it.

        Notes in `found.refused` what it does not offer, with the reason.
        """
        ...


def unwanted(card: DatasetCard, wanted: Requirement, audit: Audit) -> str:
    """Why the dataset must not be used for this requirement; empty when it may."""
    if audit.refused:
        return audit.refused
    if wanted.licences and card.licence not in wanted.licences:
        return f"its licence is {card.licence}, and only {', '.join(wanted.licences)} are allowed"
    spoken = card.languages or OWN_LANGUAGE
    if wanted.languages and not set(spoken) & set(wanted.languages):
        return f"its language is {', '.join(spoken)}, and {', '.join(wanted.languages)} is wanted"
    return ""
