"""One question to a model, and what is said when its reply cannot be used."""

from functools import cache
from typing import Generic, TypeVar

from benchmark_agent import prompts
from benchmark_agent.content import Text
from benchmark_agent.errors import ModelError
from benchmark_agent.models import Message, Reply, Request, Settings
from benchmark_agent.models.parsing import Parsed
from benchmark_agent.models.schema import portable_text, schema_text
from benchmark_agent.record import Record

REASKS = 2
"""Times a reply that cannot be used is shown to the model, with what is wrong."""
REPEATS = 2
"""Times a request is simply sent again after an empty or cut-off reply."""
SHOWN = 6000
"""Characters of its own reply a model is shown."""
R = TypeVar("R", bound=Record)
_schema = cache(schema_text)


@cache
def _shape(answer: type[Record]) -> str:
    return portable_text(schema_text(answer))


class Talk(Generic[R]):
    """What to send next. The same replies always lead along the same way, so that a replay can follow it."""

    def __init__(self, opening: Message, settings: Settings, answer: type[R]) -> None:
        self.attempt = 1
        """The request that `request` makes now, from 1."""
        self._opening, self._settings, self._answer = opening, settings, answer
        self._messages: tuple[Message, ...] = (opening,)
        self._repeats = self._reasks = self._refusals = 0
        self._longer = False

    def request(self, model: str) -> Request:
        """The request to send now."""
        return Request(
            model=model,
            messages=self._messages,
            schema_name=self._answer.__name__,
            schema_text=_schema(self._answer),
            settings=self._settings,
        )

    def go_on(self, parsed: Parsed[R], reply: Reply, model: str) -> None:
        """Decide what to send after a reply that cannot be used.

        Raises:
            ModelError: nothing; it was tried often enough.
        """
        self.attempt += 1
        if parsed.fault == "refused":
            self._refusals += 1
            if self._refusals > 1:
                raise ModelError(f"{model!r} refused: {_quoted(parsed.why)}")
        elif parsed.fault in ("empty", "cut off") and self._repeats < REPEATS:
            self._repeats += 1
            if reply.stop == "length" and not self._longer:
                self._longer = True
                self._settings = self._settings.model_copy(update={"max_tokens": 2 * self._settings.max_tokens})
        elif self._reasks < REASKS:
            self._reasks += 1
            self._messages = self._shown(reply, parsed.why)
        else:
            raise ModelError(
                f"{model!r} gave no usable reply in {self.attempt - 1} tries; of the last one: {parsed.why}"
            )

    def _shown(self, reply: Reply, why: str) -> tuple[Message, ...]:
        """The opening, the last reply alone, and what is wrong with it: earlier ones would only cost."""
        again = Text(text=prompts.load("models/again").render(problem=why, schema=_shape(self._answer)))
        if not reply.text.strip():  # providers refuse an empty turn
            return (self._opening.model_copy(update={"parts": (*self._opening.parts, again)}),)
        said = Message(by="assistant", parts=(Text(text=reply.text[:SHOWN]),))
        return (self._opening, said, Message(by="user", parts=(again,)))


def _quoted(text: str) -> str:
    short = " ".join(text.split())[:200]
    return repr(short) if short else "without a word"
