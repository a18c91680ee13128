"""How stages ask: a role, a prompt and the record the reply must be, from the journal where it was paid before."""

import json
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from types import FrameType, TracebackType
from typing import Protocol, Self, TypeVar, get_args

from benchmark_agent import prompts
from benchmark_agent.content import Part, Text
from benchmark_agent.errors import ModelError, UserError
from benchmark_agent.models import Message, Model, ReadMedia, Request, Role, Settings, roster
from benchmark_agent.models.background import Background
from benchmark_agent.models.budget import Budget
from benchmark_agent.models.desk import Desk, Slip
from benchmark_agent.models.journal import Call, Journal
from benchmark_agent.models.limits import MOST, PATIENT, Patience
from benchmark_agent.models.parsing import parse
from benchmark_agent.models.prices import ModelInfo, Prices, load
from benchmark_agent.models.provider import ProviderModel
from benchmark_agent.models.talk import Talk
from benchmark_agent.prompts import Prompt
from benchmark_agent.record import Record, digest_of
from benchmark_agent.requirement import Roles
from benchmark_agent.turns import Turns

R = TypeVar("R", bound=Record)


class Description(Record):
    """What a picture or recording holds, in words."""

    text: str


class Shelf(Protocol):
    """Models by name, as in the plugin registry."""

    def __contains__(self, name: str) -> bool: ...

    def __getitem__(self, name: str) -> Model: ...


class Counts(Record):
    """What asking took so far."""

    calls: tuple[tuple[Role, int], ...]
    """Calls that were made and answered, by role."""
    hits: int
    """Replies that came from the journal."""
    reasks: tuple[tuple[str, int], ...]
    """Replies that could not be used, by what was wrong."""
    oddities: tuple[tuple[str, int], ...]
    """What had to be put right in replies that were used."""
    failures: tuple[tuple[str, int], ...]
    """Requests that got no reply, by HTTP status."""


class Asker:
    """Implements `Ask`, from any number of threads. Models and the thread that talks to them are made when needed."""

    def __init__(
        self,
        roles: Roles,
        journal: Journal,
        budget: Budget,
        read: ReadMedia,
        *,
        prices: Prices | None = None,
        shelf: Shelf | None = None,
        turns: Turns | None = None,
        replay: bool = False,
        seed: int = 0,
        most: int = MOST,
        patience: Patience = PATIENT,
        timeout: float | None = None,
        settings: Mapping[Role, Settings] | None = None,
    ) -> None:
        """Make an asker.

        Args:
            read: the bytes of a media part of the run.
            prices: what models cost and take; None means the price files everybody has.
            shelf: models of plugins; every other name is a provider's.
            turns: whose turn it is to compute; a thread that waits for a reply gives its turn up.
            replay: answer from the journal alone.
            seed: of the jitter between tries.
            most: requests to one model at once.
            timeout: seconds one request may take; None means what `prices` say of the model.
            settings: sampling, for roles that differ from the default.
        """
        self.roles, self.journal, self.budget = roles, journal, budget
        self._shelf, self._turns, self._replay, self._settings = shelf, turns, replay, settings or {}
        self._prices, self._timeout = prices or load(), timeout
        self._known: dict[str, ModelInfo] = {}
        self._desk = Desk(self._found, journal, budget, self._prices, read, most=most, patience=patience, seed=seed)
        self._lock = threading.Lock()
        self._counted: dict[str, Counter[str]] = {"hits": Counter(), "reasks": Counter(), "oddities": Counter()}
        self._background = Background("models")
        self._models: dict[str, Model] = {}
        self._handler: Callable[[int, FrameType | None], object] | int | None = None

    # -- what stages use -------------------------------------------------------------------------

    def __call__(
        self,
        role: Role,
        prompt: Prompt,
        answer: type[R],
        parts: tuple[Part, ...] = (),
        *,
        nth: int = 0,
        sample: int = 0,
        **values: object,
    ) -> R:
        """See `Ask`."""
        if prompt.output != answer.__name__:
            raise TypeError(f"prompt {prompt.name!r} asks for {prompt.output!r}, not for {answer.__name__!r}")
        model = self._player(role, nth)
        shown = tuple(self._taken(model, part) for part in parts)
        text = Text(text=prompt.render(**values))
        talk = Talk(Message(by="user", parts=(text, *shown)), self._settings.get(role, Settings()), answer)
        while True:
            reply = self._call(role, prompt, talk.request(model), sample, talk.attempt).reply
            if reply.stop == "other":
                raise ModelError(reply.text)
            parsed = parse(reply, answer)
            if parsed.record is not None:
                self._count("oddities", *parsed.oddities)
                return parsed.record
            self._count("reasks", parsed.fault or "invalid")
            talk.go_on(parsed, reply, model)

    def models(self, role: Role) -> tuple[str, ...]:
        """Names of the models that play the role."""
        return roster.models_of(self.roles, role)

    def family(self, model: str) -> str:
        """The family a model belongs to."""
        return roster.family(model, self._prices)

    @property
    def counts(self) -> Counts:
        """What asking took so far."""
        with self._lock:
            counted = {name: tuple(sorted(counter.items())) for name, counter in self._counted.items()}
        made = self._desk.made
        return Counts(
            calls=tuple((role, made[role]) for role in get_args(Role) if made[role]),
            hits=self._counted["hits"].total(),
            reasks=counted["reasks"],
            oddities=counted["oddities"],
            failures=tuple(sorted(self._desk.failures.items())),
        )

    # -- one call --------------------------------------------------------------------------------

    def _player(self, role: Role, nth: int) -> str:
        names = self.models(role)
        if nth >= len(names):
            raise UserError(f"no model plays the role {role!r}; type '--role {role}=MODEL'")
        return names[nth]

    def _info(self, model: str) -> ModelInfo:
        if model not in self._known:
            self._known[model] = self._prices.info(model)
        return self._known[model]

    def _taken(self, model: str, part: Part) -> Part:
        """The part, or its description where the model cannot take it."""
        if isinstance(part, Text) or part.type in self._info(model).takes:
            return part
        viewer = self.roles.viewer
        if not viewer or part.type not in self._info(viewer).takes:
            raise ModelError(
                f"the model {model!r} takes no {part.type}, and there is no viewer that does; "
                "name one with '--role viewer=MODEL'"
            )
        seen = self("viewer", prompts.load("models/describe"), Description, (part,), heard=part.type == "audio")
        return Text(text=prompts.load("models/described").render(kind=part.type, text=seen.text))

    def _call(self, role: Role, prompt: Prompt, request: Request, sample: int, attempt: int) -> Call:
        asked = _canonical(request)
        key = digest_of([role, asked, sample, attempt])
        if known := self.journal.get(key):
            self._count("hits", role)
            if self.journal.use(key):
                self.budget.add(known.cost)
            return known
        if self._replay:
            raise UserError(
                f"the journal holds no reply to the prompt {prompt.name!r} for the role {role!r} ({request.model!r}): "
                "the run was recorded with other prompts, data, models or settings; leave out '--replay' to ask the "
                "model"
            )
        slip = Slip(key, role, prompt.name, prompt.version, attempt, request, asked)
        if self._turns is None:
            return self._made(slip)
        with self._turns.waiting():
            return self._made(slip)

    def _made(self, slip: Slip) -> Call:
        return self._background.run(lambda: self._desk.call(slip))

    def _count(self, what: str, *kinds: str) -> None:
        with self._lock:
            self._counted[what].update(kinds)

    # -- beginning and end -----------------------------------------------------------------------

    def ready(self) -> None:
        """Make every model now, so that a missing key is said before any work.

        Raises:
            UserError: a model cannot be made.
        """
        if not self._replay:
            for name in roster.everyone(self.roles):
                self._found(name)

    def _found(self, name: str) -> Model:
        with self._lock:
            if name not in self._models:
                self._models[name] = self._new(name)
            return self._models[name]

    def _new(self, name: str) -> Model:
        if self._shelf is not None and name in self._shelf:
            return self._shelf[name]
        info = self._info(name)
        return ProviderModel(name, timeout=self._timeout or info.timeout, schemas=info.schemas)

    def __enter__(self) -> Self:
        """Until the end of the context, Ctrl-C ends the calls that threads wait for, too."""
        if threading.current_thread() is threading.main_thread():
            self._handler = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        self._background.stop()
        if callable(self._handler):
            self._handler(number, frame)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)
            self._handler = None
        self.close()

    def close(self) -> None:
        """End the calls that are waited for, at once (they raise Unreached), and the connections."""
        self._background.close(self._hang_up)

    async def _hang_up(self) -> None:
        for model in self._models.values():
            if isinstance(model, ProviderModel):
                await model.close()


def _canonical(request: Request) -> str:
    """The request as text: media by digest, so that it does not depend on where they lie."""
    said = request.model_dump(mode="json", exclude={"messages"})
    said["messages"] = [{"by": m.by, "parts": [_said(part) for part in m.parts]} for m in request.messages]
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _said(part: Part) -> dict[str, str]:
    return {"text": part.text} if isinstance(part, Text) else {part.type: part.sha256}
