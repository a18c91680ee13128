"""Models: what is asked, what comes back, and the seam a model is plugged in at."""

from collections.abc import Callable
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import Field

from benchmark_agent.content import Audio, Image, Part
from benchmark_agent.prompts import Prompt
from benchmark_agent.record import Record

R = TypeVar("R", bound=Record)
Role = Literal["planner", "writer", "solver", "judge", "viewer"]
ReadMedia = Callable[[Image | Audio], bytes]
"""The bytes of a media part, as stored."""


class Settings(Record):
    """Sampling: part of what identifies a call."""

    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """None leaves it to the provider: some models take none."""
    max_tokens: Annotated[int, Field(ge=1)] = 4096
    """Tokens the reply may have."""


class Message(Record):
    by: Literal["user", "assistant"]
    parts: tuple[Part, ...]


class Request(Record):
    """One call."""

    model: str
    """`provider/model`."""
    messages: tuple[Message, ...]
    schema_name: str = ""
    """Name of the record the reply must parse as; empty for free text."""
    schema_text: str = ""
    """Its JSON schema, canonical."""
    settings: Settings = Settings()


class Reply(Record):
    text: str
    stop: Literal["stop", "length", "refusal", "other"] = "stop"
    input_tokens: Annotated[int, Field(ge=0)] = 0
    output_tokens: Annotated[int, Field(ge=0)] = 0
    cost: Annotated[float, Field(ge=0)] | None = None
    """US dollars, where the provider says it; otherwise the price file decides."""


class Model(Protocol):
    """Answers one request. Does not retry: that is the caller's business."""

    @property
    def name(self) -> str:
        """`provider/model`."""
        ...

    async def generate(self, request: Request, read: ReadMedia) -> Reply:
        """The model's reply.

        Raises:
            Turned: the provider turned the request away for now, or it got lost.
            ModelError: the provider will not answer this request, ever.
        """
        ...


class Turned(Exception):
    """A call that may succeed when repeated: rate limit, server error, time-out, dropped connection."""

    def __init__(self, why: str, *, status: int | None = None, wait: float | None = None, slow: bool = False) -> None:
        """A failure.

        Args:
            status: HTTP status, None where no response came.
            wait: seconds the provider asks to wait.
            slow: no response came in the time a request may take.
        """
        super().__init__(why)
        self.status, self.wait, self.slow = status, wait, slow


class Ask(Protocol):
    """How stages ask a model: a role, a prompt, and the record the reply must be."""

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
        """The reply to the rendered prompt, followed by `parts`, from the journal where it was paid before.

        Args:
            role: who is asked.
            prompt: rendered with `values`; its `output` must be the name of `answer`.
            answer: the record the reply must parse as.
            parts: images and audio the model is shown, in words where it cannot take them. Their files must be in
                the run's media folder. Text parts are appended as they are.
            nth: which model of the role, for roles that have several (solvers).
            sample: a number that makes an otherwise equal call another one.

        Raises:
            ModelError: no usable reply after every re-ask.
            Unreached, BudgetReached: the call was not made; nothing is known.
        """
        ...

    def models(self, role: Role) -> tuple[str, ...]:
        """Names of the models that play the role."""
        ...

    def family(self, model: str) -> str:
        """The family a model belongs to: `gpt`, `claude`, `qwen`; models of one family are not independent."""
        ...
