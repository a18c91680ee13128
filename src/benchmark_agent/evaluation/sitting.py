"""One model and the questions put to it: asking with patience and money counted, scoring, keeping."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from benchmark_agent.answers import Score
from benchmark_agent.errors import BenchmarkAgentError, ModelError, Unreached
from benchmark_agent.evaluation.purse import Purse
from benchmark_agent.evaluation.types import ItemScore
from benchmark_agent.models import ReadMedia, Reply, Request
from benchmark_agent.models.limits import Limits
from benchmark_agent.models.prices import Prices
from benchmark_agent.record import Record
from benchmark_agent.verification.types import Item

DOWN = 16
"""Items in a row that could not reach the model, after which it is taken to be down."""


@dataclass(frozen=True, slots=True)
class Question:
    """One repetition of one item."""

    item: Item
    sample: int
    request: Request
    unfit: str = ""
    """Why it is not asked at all; it counts as not answered."""

    @property
    def id(self) -> str:
        """Of the sample in the log."""
        return self.item.id if self.sample == 0 else f"{self.item.id}#{self.sample + 1}"


GRACE = 1.0
"""Seconds from the last reply to the halt of a sitting that was stopped: time to score it."""


class Answer(Record):
    """A reply that was paid for."""

    sample: str
    """Id of the question."""
    reply: Reply
    cost: float = 0.0
    """US dollars."""
    seconds: float = 0.0


@dataclass
class Sitting:
    """One model and the questions it has not answered yet."""

    questions: Sequence[Question]
    limits: Limits
    read: ReadMedia
    prices: Prices
    purse: Purse
    mark: Callable[[Item, str], Awaitable[Score]]
    """The score of a reply to an item."""
    keep: Callable[[ItemScore], None]
    """Called with each reply as it comes."""
    note: Callable[[Answer], None] = lambda _: None
    """Called with each answer that scoring may lose, because it asks a model too."""
    known: dict[str, Answer] = field(default_factory=dict)
    """Answers that were paid for and not scored."""
    halt: Callable[[], object] = lambda: None
    """Called once, when going on makes no sense."""
    stopped: BenchmarkAgentError | None = None
    """Why the rest was not asked."""
    last: BenchmarkAgentError | None = None
    """Why a question went unanswered, the last time one did."""
    _by_id: dict[str, Question] = field(default_factory=dict)
    _answers: dict[str, Answer] = field(default_factory=dict)
    """By the question's id, until they are scored."""
    _lost: int = 0
    _asking: int = 0

    def __post_init__(self) -> None:
        self._by_id = {question.id: question for question in self.questions}

    # -- asking ----------------------------------------------------------------------------------

    async def ask(self, sample: str) -> Reply:
        """The reply to a question; what the provider will never answer is a reply that says so.

        Raises:
            Unreached, BudgetReached, UserError: there is none.
        """
        if self.stopped is not None:
            await asyncio.Event().wait()  # until the sitting is halted, and this with it
        self._asking += 1
        try:
            answer = self.known.get(sample) or await self._answered(self._by_id[sample])
        except BenchmarkAgentError as error:
            self._heard(error)
            raise
        finally:
            self._asking -= 1
            self._halt_when_quiet()
        self._lost = 0
        self._answers[sample] = answer
        return answer.reply

    def _halt_when_quiet(self) -> None:
        """What is asked already is waited for, and scored: it is paid for."""
        if self.stopped is not None and not self._asking:
            asyncio.get_running_loop().call_later(GRACE, self.halt)

    async def _answered(self, question: Question) -> Answer:
        if question.unfit:
            return Answer(sample=question.id, reply=Reply(text=question.unfit, stop="other"))
        answer = await self._paid(question)
        if question.item.answer_kind == "open":
            self.note(answer)
        return answer

    async def _paid(self, question: Question) -> Answer:
        request, model = question.request, self.limits.model.name
        most, cost = self.prices.most(model, request), 0.0
        await self.purse.reserve(most)
        began = time.monotonic()
        try:
            reply = await self.limits.generate(request, self.read, question.id)
            cost = self.prices.cost(model, reply, request)
        except ModelError as error:
            reply = Reply(text=str(error), stop="other")
        finally:
            self.purse.settle(most, cost)
        return Answer(sample=question.id, reply=reply, cost=cost, seconds=round(time.monotonic() - began, 4))

    def _heard(self, error: BenchmarkAgentError) -> None:
        """A question goes unanswered: the next ones may be, unless the reason is theirs too."""
        self._lost += 1
        self.last = error
        if self.stopped is None and (not isinstance(error, Unreached) or self._lost >= DOWN):
            self.stopped = error

    # -- scoring ---------------------------------------------------------------------------------

    async def score(self, sample: str) -> Score:
        """Score the reply to a question, and keep both."""
        question, answer = self._by_id[sample], self._answers.pop(sample)
        reply = answer.reply
        try:
            score = await self._score(question.item, reply)
        except BenchmarkAgentError as error:
            self._heard(error)
            self._halt_when_quiet()
            raise
        self.keep(
            ItemScore(
                item_id=question.item.id,
                sample=question.sample,
                reply="" if reply.stop == "other" else reply.text,
                score=score,
                stop=reply.stop,
                input_tokens=reply.input_tokens,
                output_tokens=reply.output_tokens,
                cost=answer.cost,
                seconds=answer.seconds,
            )
        )
        return score

    async def _score(self, item: Item, reply: Reply) -> Score:
        if reply.stop == "other":
            return Score(value=0, outcome="refusal", reason=reply.text)
        if reply.stop == "refusal" and not reply.text.strip():
            return Score(value=0, outcome="refusal", reason="the provider withheld the reply")
        return await self.mark(item, reply.text)
