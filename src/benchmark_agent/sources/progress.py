"""Progress of long reading, told to whoever opened the pool."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from benchmark_agent.events import Event, Listener, silent

_listener: ContextVar[Listener] = ContextVar("listener", default=silent)


def tell(event: Event) -> None:
    _listener.get()(event)


@contextmanager
def telling(listener: Listener) -> Iterator[None]:
    """What readers tell inside the block goes to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
