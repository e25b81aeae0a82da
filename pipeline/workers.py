"""Worker processes, each with its models loaded once, fed chunk by chunk.

A worker holds one chunk at a time, so memory stays bounded whatever the length of the input. When
the parent dies the pipes close and the workers end. When a worker dies (out of memory, a crash in
native code) its chunk is tried again item by item in a fresh worker; an item that kills its worker
comes back as ``Died``.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[list[Item]], Result]

# A worker is replaced after so many items: caches inside the models' libraries only ever grow.
RECYCLE_AFTER = 20_000
PATIENCE_SECONDS = 2.0
# One thread a worker: the workers together already take all the cores.
SINGLE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Died:
    """An item took its worker down."""

    exit_code: int | None

    def __str__(self) -> str:
        """In words for the owner of the item."""
        code = "" if self.exit_code is None else f" with exit code {self.exit_code}"
        return (
            f"the worker process ended unexpectedly{code} "
            "(a negative code is a signal; -9 often means out of memory)"
        )


@dataclass(slots=True)
class _Worker(Generic[Item]):
    process: SpawnProcess
    pipe: Connection[Any, Any]
    chunk: list[Item] = field(default_factory=list)
    items: int = 0


def work_through(
    chunks: Iterable[list[Item]], load: Callable[[], Work[Item, Result]], count: int
) -> Iterator[tuple[list[Item], Result | Died]]:
    """Each chunk with its result, as they come, from ``count`` processes.

    ``load`` is a function of a module: each worker calls it once for the function that does the
    work. Raises ``PipelineError`` when it fails. Closing the iterator ends the workers.
    """
    crew = _Crew(load)
    todo = iter(chunks)
    again: deque[list[Item]] = deque()
    try:
        while True:
            while len(crew.workers) < count:
                chunk = again.popleft() if again else next(todo, None)
                if chunk is None:
                    break
                crew.give(chunk)
            if not crew.workers:
                return
            for worker in crew.ready():
                chunk, result = crew.take(worker)
                if isinstance(result, Died) and len(chunk) > 1:
                    again.extend([item] for item in chunk)
                    continue
                following = again.popleft() if again else next(todo, None)
                if worker in crew.workers and following is not None:
                    crew.give(following, worker)
                elif worker in crew.workers:
                    crew.dismiss(worker)
                elif following is not None:
                    again.append(following)
                yield chunk, result
    finally:
        crew.end()


class _Crew(Generic[Item, Result]):
    """The processes that are working now."""

    def __init__(self, load: Callable[[], Work[Item, Result]]) -> None:
        self.load = load
        self.context = get_context("spawn")
        self.workers: list[_Worker[Item]] = []

    def give(self, chunk: list[Item], worker: _Worker[Item] | None = None) -> None:
        """Send a chunk to that worker, or to a new one."""
        if worker is None:
            ours, theirs = self.context.Pipe()
            process = self.context.Process(target=_serve, args=(theirs, self.load), daemon=True)
            process.start()
            theirs.close()
            worker = _Worker(process, ours)
            self.workers.append(worker)
        worker.chunk = chunk
        # A worker that has just died is found out when its answer is read.
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.pipe.send(chunk)

    def ready(self) -> list[_Worker[Item]]:
        """Workers with an answer, at least one."""
        pipes = wait([worker.pipe for worker in self.workers])
        return [worker for worker in self.workers if worker.pipe in pipes]

    def take(self, worker: _Worker[Item]) -> tuple[list[Item], Result | Died]:
        """The worker's chunk and its result; a worker that died or is worn out leaves the crew."""
        chunk = worker.chunk
        try:
            fault, result = worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            worker.process.join(PATIENCE_SECONDS)
            self.workers.remove(worker)
            return chunk, Died(worker.process.exitcode)
        if fault is not None:
            raise PipelineError(fault)
        worker.items += len(chunk)
        if worker.items >= RECYCLE_AFTER:
            self.dismiss(worker)
        return chunk, result

    def dismiss(self, worker: _Worker[Item]) -> None:
        """Let a worker go that has nothing more to do."""
        worker.pipe.close()
        self.workers.remove(worker)

    def end(self) -> None:
        """Stop everybody now; what they were at is lost, what they gave back is not."""
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join(PATIENCE_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
            worker.pipe.close()
        self.workers.clear()


def _serve(pipe: Connection[Any, Any], load: Callable[[], Work[Item, Result]]) -> None:
    """A worker's life: load, then answer chunk by chunk until the pipe closes."""
    # The parent decides when to stop; a Ctrl-C in the terminal reaches the whole group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in SINGLE_THREAD:
        os.environ.setdefault(variable, "1")
    try:
        work = load()
    except Exception as error:
        with suppress(OSError):
            pipe.send((f"A worker could not start: {type(error).__name__}: {error}", None))
        return
    with suppress(EOFError, OSError):
        while True:
            pipe.send((None, work(pipe.recv())))


def chunked(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Items in lists of ``size``, the last one shorter."""
    chunk: list[Item] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def available_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
