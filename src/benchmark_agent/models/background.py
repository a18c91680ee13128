"""A thread with an event loop, for work that threads wait for."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from benchmark_agent.errors import Unreached

T = TypeVar("T")
STOPPED = "the run was stopped; type the same command with '--resume' to go on"


class Background:
    """Runs coroutines for other threads. The thread starts with the first."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._starting = threading.Lock()
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What the coroutine returns or raises; blocks this thread.

        Raises:
            Unreached: the work was stopped.
        """
        if self._stopped.is_set():
            raise Unreached(STOPPED)
        try:
            return asyncio.run_coroutine_threadsafe(self._unless_stopped(work), self._running()).result()
        except CancelledError:
            raise Unreached(STOPPED) from None

    async def _unless_stopped(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        if self._stopped.is_set():
            raise asyncio.CancelledError
        return await work()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
                self._thread.start()
        return self._loop

    def stop(self) -> None:
        """End all work at once, now and later; returns before it has ended. Safe in a signal handler."""
        self._stopped.set()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._cancel_all)

    def _cancel_all(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()

    def close(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """End all work, run `last` where there was any, and end the thread."""
        self.stop()
        if self._loop is None or self._thread is None or self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._ended(last), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _ended(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)
        await last()
        await asyncio.get_running_loop().shutdown_default_executor()
