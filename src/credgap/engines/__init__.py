"""One function over many inputs: serial, over the processes of this machine, or over a Dask cluster. Results come in input order.

Each engine is a generator `run(make, chunks)`: `make()` gives the function, once for each worker; `chunks` are its arguments, of which only
as many are held at once as keep the workers busy. The results are the same whatever the engine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from credgap.errors import CredgapError, Exit, UsageError

ENGINES = ("serial", "processes", "dask")
AHEAD = 3
"""Chunks that wait or are worked, for each worker."""

Given = TypeVar("Given")
Made = TypeVar("Made")
Make = Callable[[], Callable[[Given], Made]]


class EngineError(CredgapError):
    """An engine that failed, and could not be started again."""

    exit_code = Exit.SOLVER


class Future(Protocol):
    """A result that is on its way."""

    def result(self) -> Any:
        """Wait for it."""


def run(
    engine: str, make: Make[Given, Made], chunks: Iterable[Given], *, jobs: int | None = None, scheduler: str | None = None
) -> Iterator[Made]:
    """What the function gives for each chunk, in order."""
    if scheduler is not None and engine != "dask":
        raise UsageError("--scheduler is for --engine dask", hint="Add --engine dask.")
    if engine == "serial":
        from credgap.engines import serial

        return serial.run(make, chunks)
    if engine == "processes":
        from credgap.engines import processes

        return processes.run(make, chunks, jobs=jobs)
    if engine != "dask":
        raise UsageError(f"--engine {engine!r} is not known", hint=f"Engines are {', '.join(ENGINES)}.")
    from credgap.engines import dask

    return dask.run(make, chunks, jobs=jobs, scheduler=scheduler)


def in_order(chunks: Iterable[Given], submit: Callable[[Given], Future], window: Callable[[], int], again: Again) -> Iterator[Any]:
    """Results in the order of the chunks, at most `window()` of them on their way.

    `again(error)` says whether what was lost with a failed worker is to be submitted anew; it has then been made good.
    """
    left, on_way = iter(chunks), deque[tuple[Given, Future]]()
    ended = False
    while on_way or not ended:
        while not ended and len(on_way) < window():
            try:
                chunk = next(left)
            except StopIteration:
                ended = True
                break
            on_way.append((chunk, _sure(chunk, submit, again)))
        while on_way:
            chunk, future = on_way[0]
            try:
                result = future.result()
            except Exception as error:
                if not again(error):
                    raise
                on_way = deque((c, _sure(c, submit, again)) for c, _ in on_way)
                continue
            on_way.popleft()
            yield result
            break


Again = Callable[[Exception], bool]


def _sure(chunk: Given, submit: Callable[[Given], Future], again: Again) -> Future:
    while True:
        try:
            return submit(chunk)
        except Exception as error:
            if not again(error):
                raise
