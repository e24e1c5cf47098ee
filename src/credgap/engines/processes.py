"""Over several processes of this machine, each of which makes the function once."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from credgap.engines import AHEAD, EngineError, Future, Given, Made, Make, in_order

LIVES = 4
"""How often lost processes are started anew before the engine gives up; each chunk that comes back in between gives all of them back."""

_work: Callable[[Any], Any] | None = None


def run(make: Make[Given, Made], chunks: Iterable[Given], *, jobs: int | None = None) -> Iterator[Made]:
    """What the function gives for each chunk, in order. A process that dies costs the time of its chunks."""
    count = jobs or os.cpu_count() or 1
    pool = _Pool(make, count)
    try:
        for result in in_order(chunks, pool.submit, lambda: AHEAD * count, pool.again):
            pool.lives = LIVES
            yield result
    finally:
        pool.stop()


class _Pool:
    """Processes, and how many more times they may be started anew."""

    def __init__(self, make: Make[Any, Any], count: int) -> None:
        self._make, self._count, self.lives = make, count, LIVES
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._count, mp_context=context, initializer=_begin, initargs=(self._make,))

    def submit(self, chunk: Any) -> Future:
        return self._pool.submit(_run, chunk)

    def again(self, error: Exception) -> bool:
        if not isinstance(error, BrokenProcessPool):
            return False
        self.lives -= 1
        if self.lives <= 0:
            raise EngineError(
                "the processes of --engine processes died again and again", hint="Is memory short? Try --jobs 1 or --engine serial."
            ) from error
        self.stop()
        self._pool = self._start()
        return True

    def stop(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _begin(make: Make[Any, Any]) -> None:
    """Make the function of this process; leave Ctrl-C to the first process, and end where that ends, even by force."""
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _work = make()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(chunk: Any) -> Any:
    assert _work is not None, "every process begins with it"
    result = _work(chunk)
    if not gc.get_freeze_count():  # the catalogue and its index stay, and need not be looked through for what can be freed
        gc.collect()
        gc.freeze()
    return result
