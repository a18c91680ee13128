"""Who answers a prompt: the seam a model is plugged in at."""

from collections.abc import Sequence
from typing import Annotated, Protocol

from pydantic import Field

from benchmark_agent.content import Part
from benchmark_agent.record import Record


class Reply(Record):
    text: str
    input_tokens: Annotated[int, Field(ge=0)] = 0
    output_tokens: Annotated[int, Field(ge=0)] = 0
    cost: Annotated[float, Field(ge=0)] = 0.0
    """US dollars."""


class Model(Protocol):
    @property
    def name(self) -> str:
        """`provider/model`."""
        ...

    async def generate(self, prompt: Sequence[Part]) -> Reply: ...
