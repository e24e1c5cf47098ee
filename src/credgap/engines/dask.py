"""Over the workers of a Dask cluster that exists, or of one on this machine. Each worker makes the function once."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from credgap.engines import AHEAD, EngineError, Future, Given, Made, Make, in_order
from credgap.tables import missing

LIVES = 10
"""How often a chunk that was lost with its workers is sent out anew, beyond the times that Dask does it itself."""
STARTS = 3
"""How often the start of a cluster of our own is tried."""
LOOK = 5.0
"""Seconds to wait for a chunk between looks at the workers."""
PATIENCE = 180
"""After so many looks at a cluster without a worker it is given up: 15 minutes."""
ALLOWED = 20
"""Workers that may die over one chunk before Dask gives it up, on a cluster of our own."""

_made: dict[str, tuple[threading.Lock, Callable[[Any], Any]]] = {}
_making = threading.Lock()


def run(make: Make[Given, Made], chunks: Iterable[Given], *, jobs: int | None = None, scheduler: str | None = None) -> Iterator[Made]:
    """What the function gives for each chunk, in order. A worker that dies costs the time of its chunks."""
    try:
        import distributed
    except ImportError:
        raise missing("dask", "--engine dask", "dask.distributed") from None

    logging.getLogger("distributed").setLevel(logging.ERROR)
    with contextlib.ExitStack() as stack:
        client, revive = _client(stack, jobs, scheduler)
        stack.enter_context(client)
        data = pickle.dumps(make)
        name = "credgap-" + hashlib.sha256(data).hexdigest()[:16]
        with _plain_failures():
            client.register_plugin(_plugin(name, data), name=name)
        lives = LIVES

        def submit(chunk: Any) -> Future:
            return _Chunk(client, client.submit(_run, name, chunk, pure=False), revive)

        def again(error: Exception) -> bool:
            nonlocal lives
            if not isinstance(error, (distributed.KilledWorker, distributed.client.FutureCancelledError)):
                return False
            lives -= 1
            if lives <= 0 or client.status != "running":
                raise EngineError(
                    f"the workers of the cluster died again and again ({type(error).__name__})",
                    hint="Have they memory enough (300 MB each), and the same version of credgap?",
                ) from error
            return True

        def window() -> int:
            threads: dict[str, int] = client.nthreads()
            return AHEAD * max(1, sum(threads.values()))

        try:
            for result in in_order(chunks, submit, _now_and_then(window), again):
                lives = LIVES
                yield result
        except (OSError, distributed.CommClosedError) as error:
            raise EngineError(
                f"the connection to the Dask scheduler is lost ({error})", hint="Start the cluster, and go on with --resume."
            ) from error
        finally:
            if scheduler is not None and client.status == "running":
                client.unregister_worker_plugin(name)


def _now_and_then(window: Callable[[], int], every: int = 20) -> Callable[[], int]:
    """The same, asked anew only at every twentieth call: workers come and go, but not so often."""
    calls, last = 0, 0

    def found() -> int:
        nonlocal calls, last
        if calls % every == 0:
            last = window()
        calls += 1
        return last

    return found


class _Chunk:
    """A chunk on its way, and a look now and then at whether there is anyone to work it."""

    def __init__(self, client: Any, future: Any, revive: Callable[[], object]) -> None:
        self._client, self._future, self._revive = client, future, revive

    def result(self) -> Any:
        """Wait for it. Raises EngineError where the workers are gone for good."""
        alone = 0
        while alone < PATIENCE:
            try:
                return self._future.result(timeout=LOOK)
            except TimeoutError:
                self._revive()
                alone = 0 if self._client.nthreads() else alone + 1
        raise EngineError(
            f"the cluster has had no worker for {PATIENCE * LOOK / 60:.0f} minutes", hint="Start workers, and go on with --resume."
        )


def _client(stack: contextlib.ExitStack, jobs: int | None, scheduler: str | None) -> tuple[Any, Callable[[], object]]:
    """A client of the cluster, and what starts workers again that are gone for good (the business of a cluster that exists already)."""
    import dask
    from distributed import Client, LocalCluster

    if scheduler is not None:
        try:
            return Client(scheduler, timeout=20), lambda: None
        except (OSError, ValueError) as error:
            raise EngineError(f"no Dask scheduler answers at {scheduler}", hint="It is written as tcp://HOST:8786.") from error
    stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": ALLOWED}))
    workers = jobs or os.cpu_count() or 1
    for left in reversed(range(STARTS)):
        try:
            cluster = LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=logging.CRITICAL
            )
            return Client(stack.enter_context(cluster)), partial(cluster.scale, workers)
        except (OSError, RuntimeError) as error:  # a worker that died while it started takes the whole start with it
            if not left:
                raise EngineError(f"no Dask cluster starts on this machine ({error})", hint="Try --engine processes.") from error
    raise AssertionError("the last start returns or raises")


@contextlib.contextmanager
def _plain_failures() -> Iterator[None]:
    """A worker that cannot make the function, said in one sentence."""
    try:
        yield
    except (ImportError, AttributeError, pickle.PickleError) as error:
        raise EngineError(
            f"the workers of the cluster cannot begin ({error})", hint="Install the same version of credgap on every worker."
        ) from error


def _plugin(name: str, data: bytes) -> Any:
    """What Dask sends once to each worker, also to one that comes later."""
    from distributed import WorkerPlugin

    class Maker(WorkerPlugin):  # type: ignore[misc]
        """Keeps what the function is made from; it is made when the first chunk comes."""

        idempotent = True

        def setup(self, worker: Any) -> None:
            worker.credgap = {**getattr(worker, "credgap", {}), name: data}

    return Maker()


def _run(name: str, chunk: Any) -> Any:
    """One chunk, on a worker."""
    from distributed import get_worker

    with _making:
        if name not in _made:
            _made.clear()
            _made[name] = threading.Lock(), pickle.loads(get_worker().credgap[name])()
    lock, work = _made[name]
    with lock:
        return work(chunk)
