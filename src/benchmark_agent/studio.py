"""What a build with models has: who plays which role, the journal, the money, whose turn it is."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmark_agent import plugins
from benchmark_agent.attempts import Help
from benchmark_agent.benchmark.types import ModelUse, Version
from benchmark_agent.design.agent import AgentDesigner, DirectDesigner
from benchmark_agent.design.designer import Designer
from benchmark_agent.errors import UserError
from benchmark_agent.grounding.agent import AgentChooser
from benchmark_agent.media import MediaStore
from benchmark_agent.models import prices, roster
from benchmark_agent.models.asking import Asker
from benchmark_agent.models.budget import Budget
from benchmark_agent.models.journal import Journal
from benchmark_agent.models.limits import PATIENT, Patience
from benchmark_agent.requirement import Requirement
from benchmark_agent.sources.pool import Pool
from benchmark_agent.store import RunFolder
from benchmark_agent.tools import Tool
from benchmark_agent.turns import Turns
from benchmark_agent.verification.proof import ModelProver

IN_FLIGHT = 64
"""Jobs under way at once, and calls to one model at once."""
JOURNAL = "calls.sqlite"
SPARE = 4
"""Numbers a direct build has for each item wanted."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a build may use models. Nothing of it changes what is built."""

    replay: bool = False
    """Take every reply from the journal; a call that is not there is an error."""
    journal: Path | None = None
    """A journal to begin with: of another run, or exported."""
    prices: Path | None = None
    """A price file read before ours."""
    in_flight: int = IN_FLIGHT
    patience: Patience = PATIENT
    """How long a provider that fails is asked again."""


@dataclass
class Studio:
    """Models at the service of one build."""

    requirement: Requirement
    registry: plugins.Registry
    asker: Asker
    journal: Journal
    turns: Turns
    replay: bool = False
    """Whether nothing may be asked for that is not kept already."""

    @property
    def spent(self) -> float:
        """US dollars, over all sessions of the run."""
        return self.asker.budget.spent

    @cached_property
    def help(self) -> Help:
        """What models do for a job."""
        wanted, scorer = self.requirement, self.registry.scorers.__getitem__
        prover = ModelProver(self.asker, wanted.goal, scorer, wanted.seed)
        return Help(
            ask=self.asker,
            prover=None if "verification" in wanted.without else prover,
            goal=wanted.goal,
            languages=wanted.languages,
            adapt="adaptation" not in wanted.without,
        )

    def designer(self, tools: Sequence[Tool]) -> Designer:
        return DirectDesigner(tools) if self.requirement.direct else AgentDesigner(self.asker, tools)

    def chooser(self, pool: Pool, tools: Sequence[Tool]) -> AgentChooser | None:
        """Who chooses datasets and recipes; None where there is nothing to choose."""
        return None if self.requirement.direct else AgentChooser(self.asker, self.requirement, pool, tools)

    def used(self, accepted: int) -> ModelUse:
        """What models did, over all sessions of the run, for so many accepted items."""
        replies = [(call.reply.input_tokens, call.reply.output_tokens) for call in self.journal.ours()]
        spoken = sorted({(call.prompt, call.version) for call in self.journal.ours()})
        return ModelUse(
            calls=len(replies),
            failed=self.journal.unanswered(),
            input_tokens=sum(read for read, _ in replies),
            output_tokens=sum(written for _, written in replies),
            cost=round(self.spent, 6),
            cost_per_item=round(self.spent / accepted, 6) if accepted else None,
            prompts=tuple(Version(name=name, version=version) for name, version in spoken),
        )


@contextmanager
def open_studio(
    wanted: Requirement, folder: RunFolder, registry: plugins.Registry, terms: Terms = Terms()
) -> Iterator[Studio]:
    """Models for one build, ready to be asked; closed, with calls under way ended, when the context ends.

    Raises:
        UserError: no roles, a model or price that is not known, a key that is missing, or a journal that does not read.
    """
    if wanted.roles is None:
        raise UserError("no model plays a role; name one with '--model NAME'")
    listed = prices.load(terms.prices)
    if wanted.budget is not None:
        listed.refuse_unknown(roster.everyone(wanted.roles))
    turns = Turns(terms.in_flight)
    with closing(_journal(folder, terms)) as journal:
        asker = Asker(
            wanted.roles,
            journal,
            Budget(wanted.budget, journal.spent()),
            MediaStore(folder.path).read,
            prices=listed,
            shelf=registry.models,
            turns=turns,
            replay=terms.replay,
            seed=wanted.seed,
            most=terms.in_flight,
            patience=terms.patience,
        )
        with asker:
            asker.ready()
            yield Studio(wanted, registry, asker, journal, turns, terms.replay)


def _journal(folder: RunFolder, terms: Terms) -> Journal:
    own = folder / JOURNAL
    if terms.journal is not None:
        return Journal.load(terms.journal, own)
    if terms.replay and not own.exists():
        raise UserError(f"there is no journal {str(own)!r} to replay; name one with '--journal FILE'")
    return Journal(own)


def numbers(folder: RunFolder, size: int) -> Path:
    """A pool for items from the goal alone: a dataset of numbers, one for each item and some to spare."""
    path = folder / "direct" / "numbers.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps({"number": n}) + "\n" for n in range(1, SPARE * size + 1)), encoding="utf-8")
    return path.parent
