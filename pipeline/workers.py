"""Who does the work: this process, or several, each with its models loaded once.

A worker process holds one chunk at a time, so memory stays bounded whatever the length of the
input. When the parent dies the pipes close and the workers end. When a worker dies (out of memory,
a crash in native code) or takes too long, its chunk is tried again item by item in a fresh worker;
an item that kills its worker, or never ends, comes back as ``Died``.
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from time import monotonic
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
# An item has this long, with some minutes for loading the models on a busy machine.
ITEM_SECONDS = 120.0
LOADING_SECONDS = 300.0
# One thread a worker: the workers together already take all the cores.
SINGLE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Died:
    """An item took its worker down, or ``overran`` the time it had."""

    exit_code: int | None
    overran: bool = False

    def __str__(self) -> str:
        """In words for the owner of the item."""
        if self.overran:
            return f"it took longer than {ITEM_SECONDS:.0f} s and was given up"
        code = "" if self.exit_code is None else f" with exit code {self.exit_code}"
        return (
            f"the worker process ended unexpectedly{code} "
            "(a negative code is a signal; -9 often means out of memory)"
        )


class Crew(ABC, Generic[Item, Result]):
    """Works through chunks of items; a context that ends its workers."""

    @abstractmethod
    def through(self, chunks: Iterable[list[Item]]) -> Iterator[tuple[list[Item], Result | Died]]:
        """Each chunk with its result, as they come. Raises ``PipelineError``."""

    def end(self) -> None:
        """Stop everybody now; what they were at is lost, what they gave back is not."""

    def __enter__(self) -> Crew[Item, Result]:
        """Nobody works yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Send everybody home."""
        self.end()


class Alone(Crew[Item, Result]):
    """This process does the work itself; ``load`` is called when the first chunk comes."""

    def __init__(self, load: Callable[[], Work[Item, Result]]) -> None:
        self._load = load

    @cached_property
    def _work(self) -> Work[Item, Result]:
        return self._load()

    def through(self, chunks: Iterable[list[Item]]) -> Iterator[tuple[list[Item], Result | Died]]:
        """Each chunk with its result, in order."""
        for chunk in chunks:
            yield chunk, self._work(chunk)


@dataclass(slots=True)
class _Worker(Generic[Item]):
    process: SpawnProcess
    pipe: Connection[Any, Any]
    chunk: list[Item] | None = None
    items: int = 0
    deadline: float = 0.0


class Processes(Crew[Item, Result]):
    """Up to ``count`` processes, started as chunks come, kept until the context ends.

    ``load`` is a function of a module: each worker calls it once for the function that does the
    work. An exception there or in the work raises ``PipelineError`` here.
    """

    def __init__(self, load: Callable[[], Work[Item, Result]], count: int) -> None:
        self._load = load
        self._count = count
        self._context = get_context("spawn")
        self._workers: list[_Worker[Item]] = []

    def through(self, chunks: Iterable[list[Item]]) -> Iterator[tuple[list[Item], Result | Died]]:
        """Each chunk with its result, as they come."""
        todo = iter(chunks)
        again: deque[list[Item]] = deque()
        done: list[tuple[list[Item], Result | Died]] = []
        while True:
            for worker in self._idle():
                chunk = again.popleft() if again else next(todo, None)
                if chunk is None:
                    break
                self._give(chunk, worker)
            # Looked at while those who did it are already at their next.
            yield from done
            done.clear()
            busy = [worker for worker in self._workers if worker.chunk is not None]
            if not busy:
                return
            earliest = min(worker.deadline for worker in busy)
            pipes = wait([worker.pipe for worker in busy], max(0.0, earliest - monotonic()))
            for worker in busy:
                if worker.pipe in pipes:
                    chunk, result = self._take(worker)
                elif worker.deadline <= monotonic():
                    chunk, result = self._give_up(worker)
                else:
                    continue
                if isinstance(result, Died) and len(chunk) > 1:
                    again.extend([item] for item in chunk)
                else:
                    done.append((chunk, result))

    def _idle(self) -> Iterator[_Worker[Item] | None]:
        """Workers without a chunk, then ``None`` for each that may still be started."""
        yield from [worker for worker in self._workers if worker.chunk is None]
        while len(self._workers) < self._count:
            yield None

    def _give(self, chunk: list[Item], worker: _Worker[Item] | None) -> None:
        worker = worker or self._start()
        worker.chunk = chunk
        seconds = ITEM_SECONDS * len(chunk) + (0.0 if worker.items else LOADING_SECONDS)
        worker.deadline = monotonic() + seconds
        # A worker that has just died is found out when its answer is read.
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.pipe.send(chunk)

    def _start(self) -> _Worker[Item]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._load), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _take(self, worker: _Worker[Item]) -> tuple[list[Item], Result | Died]:
        """The worker's chunk and its result; a worker that died or is worn out leaves."""
        chunk, worker.chunk = worker.chunk or [], None
        try:
            fault, result = worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            worker.process.join(PATIENCE_SECONDS)
            self._workers.remove(worker)
            return chunk, Died(worker.process.exitcode)
        if fault is not None:
            raise PipelineError(fault)
        worker.items += len(chunk)
        if worker.items >= RECYCLE_AFTER:
            worker.pipe.close()
            self._workers.remove(worker)
        return chunk, result

    def _give_up(self, worker: _Worker[Item]) -> tuple[list[Item], Died]:
        """End a worker that overran; its chunk."""
        worker.process.kill()
        worker.process.join(PATIENCE_SECONDS)
        worker.pipe.close()
        self._workers.remove(worker)
        return worker.chunk or [], Died(worker.process.exitcode, overran=True)

    def end(self) -> None:
        """Stop everybody now; what they were at is lost, what they gave back is not."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(PATIENCE_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
            worker.pipe.close()
        self._workers.clear()


def _serve(pipe: Connection[Any, Any], load: Callable[[], Work[Item, Result]]) -> None:
    """A worker's life: load, then answer chunk by chunk until the pipe closes."""
    # The parent decides when to stop; a Ctrl-C in the terminal reaches the whole group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in SINGLE_THREAD:
        os.environ.setdefault(variable, "1")
    with suppress(EOFError, OSError):
        try:
            work = load()
            while True:
                pipe.send((None, work(pipe.recv())))
        except (EOFError, BrokenPipeError):
            return
        except Exception as error:
            pipe.send((f"A worker failed: {type(error).__name__}: {error}", None))


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
