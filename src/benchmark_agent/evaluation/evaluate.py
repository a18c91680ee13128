"""Benchmark + models -> runs. Replies are kept as they come, and nothing that is kept is asked again."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Protocol

from benchmark_agent.answers import Score, Scorer
from benchmark_agent.benchmark.types import Benchmark
from benchmark_agent.content import Audio, Image
from benchmark_agent.errors import UserError
from benchmark_agent.evaluation import baselines, harness, judge
from benchmark_agent.evaluation.asking import prompt, request_of
from benchmark_agent.evaluation.judge import Judge
from benchmark_agent.evaluation.purse import Purse
from benchmark_agent.evaluation.runfile import Ask, RunFile, folder_of, opened, replace
from benchmark_agent.evaluation.sitting import Question, Sitting
from benchmark_agent.evaluation.types import Calibration, ItemScore, Progress, Run, RunHead, Watcher
from benchmark_agent.media import inside
from benchmark_agent.models import Model, Settings
from benchmark_agent.models.limits import PATIENT, Limits, Patience
from benchmark_agent.models.prices import Prices
from benchmark_agent.models.provider import ProviderModel
from benchmark_agent.verification.types import Item

MAX_TOKENS = 8192
"""Tokens a reply may have: room to think."""
IN_FLIGHT = 64
SETTINGS = Settings(max_tokens=MAX_TOKENS)


class Shelf(Protocol):
    """Models by name, as in the plugin registry."""

    def __contains__(self, name: str) -> bool: ...

    def __getitem__(self, name: str) -> Model: ...


@dataclass(frozen=True, slots=True)
class Conditions:
    """How models are run. Only `settings` and `judge` change what they score."""

    limit: int | None = None
    """Items, the first ones, which a build spreads over the subtasks; None means all."""
    repeat: int = 1
    """Times each item is asked."""
    resume: bool = False
    """Keep the replies there are."""
    max_usd: float | None = None
    """US dollars over all models and sessions, the judge included."""
    in_flight: int = IN_FLIGHT
    """Requests to a model at once."""
    settings: Settings = SETTINGS
    judge: str = ""
    """Model that scores open answers."""
    patience: Patience = PATIENT


class Evaluation:
    """One benchmark, and what it takes to run models on it."""

    def __init__(
        self,
        benchmark: Benchmark,
        scorers: Callable[[str], Scorer],
        prices: Prices,
        conditions: Conditions = Conditions(),
        *,
        out: Path | None = None,
        shelf: Shelf | None = None,
        watch: Watcher = lambda _: None,
    ) -> None:
        """Read the items.

        Args:
            scorers: the scorer of a name; raises UserError for a name it does not know.
            out: folder of the runs; None means `default_folder`.
            shelf: models of plugins; every other name is a provider's.
            watch: told how far each model is.

        Raises:
            UserError: there are no items, or one cannot be scored.
        """
        self.benchmark, self.conditions, self.prices = benchmark, conditions, prices
        self.root = out or default_folder(benchmark)
        self._shelf, self._watch = shelf, watch
        self.items = tuple(benchmark)
        self.wanted = tuple(islice(self.items, conditions.limit))
        if not self.wanted:
            raise UserError(f"the benchmark {str(benchmark.folder)!r} has no items to run")
        self._scorers = {name: scorers(name) for name in {item.scorer for item in self.wanted if not _is_open(item)}}
        self.calibration: Calibration | None = None
        """Of the judge, once models were run on open items."""

    def run(self, models: Sequence[str]) -> tuple[Run, ...]:
        """A run for each model, one after the other. One that fails leaves what it answered, and the next ones go on.

        Raises:
            UserError: a model is named twice or cannot be made, a run cannot be gone on with, open answers have no
                judge, or there is a limit and prices are not known. Nothing was asked then.
            Unreached, BudgetReached: the judge could not be tried.
        """
        if not models or len(set(models)) < len(models):
            raise UserError("name each model once, for example '--model openai/gpt-5.1 --model random'")
        asked = [name for name in models if name not in baselines.BASELINES]
        judged = bool(asked) and any(map(_is_open, self.wanted))
        self._refuse(asked, judged)
        clients = {name: self._client(name) for name in asked}
        with ExitStack() as stack:
            files = {name: stack.enter_context(self._opened(name)) for name in asked}
            before = sum(score.cost for file in files.values() for score in file.scores.values())
            purse = Purse(self.conditions.max_usd, before + judge.spent(self.root))
            marking = self._judge(stack, purse) if judged else None
            return tuple(
                self._asked(clients[name], files[name], purse, marking) if name in files else self._guessed(name)
                for name in models
            )

    def warnings(self, models: Sequence[str]) -> tuple[str, ...]:
        """What weakens the scores of these models."""
        asked = [name for name in models if name not in baselines.BASELINES]
        judged = self.conditions.judge and any(map(_is_open, self.wanted))
        related = judge.related(self.conditions.judge, asked, self.prices) if judged else ()
        lacking = []
        for name in asked:
            takes = _said_to_take(self.prices, name)
            count = sum(bool({part.type for part in item.input} - takes) for item in self.wanted) if takes else 0
            if count:
                lacking.append(
                    f"{name!r} is listed as taking {', '.join(sorted(takes))}: {count} items show something else, are "
                    "not sent, and count as refused"
                )
        return (*related, *lacking)

    def _refuse(self, asked: Sequence[str], judged: bool) -> None:
        if asked:
            harness.needed()
        if judged and not self.conditions.judge:
            count = sum(map(_is_open, self.wanted))
            raise UserError(
                f"{count} of {len(self.wanted)} items have open answers, which a model must grade; "
                "name one with '--judge MODEL'"
            )
        if self.conditions.max_usd is not None:
            self.prices.refuse_unknown([*asked, *([self.conditions.judge] if judged else [])])

    def _plan(self) -> list[Ask]:
        """Every item once, then every item again: what is cut short has seen all items."""
        return [(item.id, sample) for sample in range(self.conditions.repeat) for item in self.wanted]

    # -- models ----------------------------------------------------------------------------------

    def _client(self, name: str) -> Model:
        if self._shelf is not None and name in self._shelf:
            return self._shelf[name]
        return ProviderModel(name, timeout=self.prices.info(name).timeout)

    def _opened(self, name: str) -> AbstractContextManager[RunFile]:
        head = RunHead(
            model=name,
            benchmark=self.benchmark.manifest.digest,
            name=self.benchmark.manifest.name,
            prompt=prompt().version,
            settings=self.conditions.settings,
            judge=self.conditions.judge if any(map(_is_open, self.items)) else "",
        )
        return opened(folder_of(self.root, name), head, resume=self.conditions.resume)

    def _asked(self, model: Model, file: RunFile, purse: Purse, marking: Judge | None) -> Run:
        run = self._held(model, file, purse, marking)
        return run.model_copy(update={"priced": run.cost > 0 or self.prices.info(model.name).known})

    def _held(self, model: Model, file: RunFile, purse: Purse, marking: Judge | None) -> Run:
        plan = self._plan()
        questions = list(self._questions(model.name, [ask for ask in plan if ask not in file.scores]))
        if not questions:
            return file.run(plan)
        told = _Told(file, len(plan), self._watch, [file.scores[ask] for ask in plan if ask in file.scores])
        with ThreadPoolExecutor(self.conditions.in_flight, "judge") as pool:
            sitting = Sitting(
                questions=questions,
                limits=Limits(model, self.conditions.in_flight, self.conditions.patience),
                read=self._read,
                prices=self.prices,
                purse=purse,
                mark=self._marker(marking, pool),
                keep=told.keep,
                note=file.note,
                known=file.unscored,
            )
            manifest = self.benchmark.manifest
            labels = harness.Labels(task=_task_name(manifest.name), digest=manifest.digest, prompt=prompt().version)
            harness.hold(sitting, labels, folder_of(self.root, model.name), self.conditions.in_flight)
        return file.run(plan, str(sitting.stopped or sitting.last or ""))

    def _questions(self, model: str, asks: Sequence[Ask]) -> Iterator[Question]:
        items = {item.id: item for item in self.wanted}
        takes = _said_to_take(self.prices, model)
        for name, sample in asks:
            item = items[name]
            lacking = sorted({part.type for part in item.input} - takes) if takes else []
            unfit = f"the model takes no {lacking[0]}" if lacking else ""
            yield Question(item, sample, request_of(item, model, self.conditions.settings), unfit)

    def _read(self, part: Image | Audio) -> bytes:
        return inside(self.benchmark.folder, part.path).read_bytes()

    # -- scores ----------------------------------------------------------------------------------

    def score(self, item: Item, reply: str) -> Score:
        """The score of a reply to an item that code can judge."""
        return self._scorers[item.scorer](item.key(), reply)

    def _marker(self, marking: Judge | None, pool: ThreadPoolExecutor) -> Callable[[Item, str], Awaitable[Score]]:
        async def mark(item: Item, reply: str) -> Score:
            if marking is not None and _is_open(item):
                return await asyncio.get_running_loop().run_in_executor(pool, marking, item, reply)
            return self.score(item, reply)

        return mark

    def _judge(self, stack: ExitStack, purse: Purse) -> Judge:
        terms = self.conditions
        made = judge.judging(terms.judge, self.root, purse, self._read, self.prices, self._shelf, terms.in_flight)
        marking = stack.enter_context(made)
        self.calibration = judge.calibrate(marking, judge.known_replies(self.wanted))
        return marking

    # -- baselines -------------------------------------------------------------------------------

    def _guessed(self, name: str) -> Run:
        """A baseline's run, made anew each time: it costs nothing and always comes out the same."""
        wanted = [item for item in self.wanted if not _is_open(item)]
        items = {item.id: item for item in wanted}
        said = baselines.replies(name, self.items, wanted, self.conditions.repeat)
        scores = tuple(
            ItemScore(item_id=key[0], sample=key[1], reply=said[key], score=self.score(items[key[0]], said[key]))
            for key in self._plan()
            if key in said
        )
        head = RunHead(
            model=name, benchmark=self.benchmark.manifest.digest, name=self.benchmark.manifest.name, baseline=True
        )
        replace(folder_of(self.root, name), head, scores)
        return Run(model=name, benchmark=head.benchmark, scores=scores, baseline=True)


class _Told:
    """Keeps scores, and tells how far the model is."""

    def __init__(self, file: RunFile, total: int, watch: Watcher, before: Sequence[ItemScore]) -> None:
        self._file, self._total, self._watch = file, total, watch
        self._done, self._value = len(before), sum(each.score.value for each in before)
        self._spent = sum(each.cost for each in before)
        self._tell()

    def keep(self, score: ItemScore) -> None:
        self._file.write(score)
        self._done += 1
        self._value += score.score.value
        self._spent += score.cost
        self._tell()

    def _tell(self) -> None:
        self._watch(
            Progress(
                model=self._file.head.model,
                done=self._done,
                total=self._total,
                value=self._value,
                spent=self._spent,
            )
        )


def default_folder(benchmark: Benchmark) -> Path:
    """Where runs of a benchmark lie: `evaluations` in its run folder; beside a benchmark that is in none."""
    folder = benchmark.folder
    if (folder.parent / "requirement.yaml").is_file():
        return folder.parent / "evaluations"
    return folder.with_name(f"{folder.resolve().name}-evaluations")


def _task_name(name: str) -> str:
    """A name for logs and their files."""
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-")[:60].rstrip("-") or "benchmark"


def _is_open(item: Item) -> bool:
    return item.answer_kind == "open"


def _said_to_take(prices: Prices, model: str) -> frozenset[str]:
    """Media a row of the price file says the model takes; empty where none says it."""
    name = model.lower()
    return next(
        (frozenset(row.takes) for row in prices.rows if row.takes and fnmatchcase(name, row.pattern)), frozenset()
    )
