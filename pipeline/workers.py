"""Who does the work: several processes, each with its models loaded once, or this one.

A worker process holds one chunk at a time, so memory stays bounded whatever the length of the
input. When the parent dies the pipes close and the workers end. Each item of a chunk comes back by
itself, so it is known which one a worker was at when it died (out of memory, a crash in native
code) or took too long: that one comes back as ``Died``, the others go on. An item whose worker died
is tried once more, alone in a fresh worker: it may not have been its fault.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from time import monotonic
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from pipeline.errors import PipelineError
from pipeline.limits import DEFAULT
from pipeline.overtime import Overran, within
from pipeline.stages import place_of

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

Item = TypeVar("Item")
Result = TypeVar("Result")
Some = TypeVar("Some", contravariant=True)
Made = TypeVar("Made", covariant=True)

# A worker is replaced after so many items: caches inside the models' libraries only ever grow.
RECYCLE_AFTER = 20_000
PATIENCE_SECONDS = 2.0
# To start, import and load models on a busy machine.
LOADING_SECONDS = 300.0
# One thread a worker: the workers together already take all the cores.
SINGLE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Work(Protocol[Some, Made]):
    """What a worker does with an item."""

    def is_ready(self, item: Some) -> bool:
        """Whether all that the item needs is loaded."""
        ...

    def load(self, item: Some) -> None:
        """Load what the item needs; this is not on the item's time. Raises ``PipelineError``."""
        ...

    def __call__(self, item: Some) -> Made:
        """Do it. What it raises is the item's fault, but for a ``PipelineError``."""
        ...


@dataclass(frozen=True, slots=True)
class Died:
    """An item took its worker down, ``overran`` the seconds it had, or raised ``error``."""

    exit_code: int | None = None
    overran: float | None = None
    error: str | None = None

    def __str__(self) -> str:
        """In words for the owner of the item."""
        if self.overran is not None:
            return f"it took longer than {self.overran:g} s and was given up"
        if self.error is not None:
            return f"it could not be worked on: {self.error}"
        code = "" if self.exit_code is None else f" with exit code {self.exit_code}"
        return (
            f"the worker process ended unexpectedly{code} "
            "(a negative code is a signal; -9 often means out of memory)"
        )


Answers = list[Result | Died]


class Crew(ABC, Generic[Item, Result]):
    """Works through chunks of items; a context that ends its workers."""

    @abstractmethod
    def through(self, chunks: Iterable[list[Item]]) -> Iterator[tuple[list[Item], Answers[Result]]]:
        """All items, some at a time, each with its answer, as they come.

        Raises ``PipelineError``.
        """

    def end(self) -> None:
        """Stop everybody now; what they were at is lost, what they gave back is not."""

    def __enter__(self) -> Crew[Item, Result]:
        """Nobody works yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Send everybody home."""
        self.end()


class Alone(Crew[Item, Result]):
    """This process does the work itself, ``seconds`` an item at most.

    What takes it down takes the run down; for tests, and for whoever has a process to spare.
    """

    def __init__(
        self, load: Callable[[], Work[Item, Result]], seconds: float = DEFAULT.seconds
    ) -> None:
        self._load = load
        self._seconds = seconds

    def through(self, chunks: Iterable[list[Item]]) -> Iterator[tuple[list[Item], Answers[Result]]]:
        """Each chunk with its answers, in order."""
        work: Work[Item, Result] | None = None
        for chunk in chunks:
            work = work or self._load()
            yield chunk, [answer(work, item, self._seconds) for item in chunk]


def answer(
    work: Work[Item, Result], item: Item, seconds: float, *, deadly: bool = False
) -> Result | Died:
    """What becomes of an item in this process. Raises ``PipelineError``."""
    if not work.is_ready(item):
        work.load(item)
    try:
        return within(seconds, lambda: work(item), deadly=deadly)
    except Overran:
        return Died(overran=seconds)
    except PipelineError:
        raise
    except Exception as error:
        return _fault(error)


def _fault(error: Exception) -> Died:
    return Died(error=f"{type(error).__name__}{place_of(error)}")


class _Message(NamedTuple):
    """What a worker says: it loads, has loaded, has an item's answer, or cannot go on."""

    kind: Literal["loading", "loaded", "answer", "fault"]
    content: Any = None


@dataclass(slots=True)
class _Chunk(Generic[Item]):
    items: list[Item]
    last_try: bool = False


@dataclass(slots=True)
class _Worker(Generic[Item, Result]):
    process: SpawnProcess
    pipe: Connection[Any, Any]
    chunk: _Chunk[Item] | None = None
    answers: Answers[Result] = field(default_factory=list)
    items: int = 0
    deadline: float = 0.0


class Processes(Crew[Item, Result]):
    """Up to ``count`` processes, started as chunks come, kept until the context ends.

    ``load`` is a function of a module: each worker calls it once for what does the work. What it
    raises is a ``PipelineError`` here. An item may take ``seconds``.
    """

    def __init__(
        self,
        load: Callable[[], Work[Item, Result]],
        count: int,
        seconds: float = DEFAULT.seconds,
    ) -> None:
        self._load = load
        self._count = count
        self._seconds = seconds
        self._context = get_context("spawn")
        self._workers: list[_Worker[Item, Result]] = []
        self._again: deque[_Chunk[Item]] = deque()
        self._done: list[tuple[list[Item], Answers[Result]]] = []

    def through(self, chunks: Iterable[list[Item]]) -> Iterator[tuple[list[Item], Answers[Result]]]:
        """All items, some at a time, each with its answer, as they come."""
        todo = (_Chunk(chunk) for chunk in chunks)
        while True:
            for worker in self._idle():
                chunk = self._again.popleft() if self._again else next(todo, None)
                if chunk is None:
                    break
                self._give(chunk, worker)
            # Looked at while those who did it are already at their next.
            done, self._done = self._done, []
            yield from done
            busy = [worker for worker in self._workers if worker.chunk is not None]
            if not busy:
                return
            earliest = min(worker.deadline for worker in busy)
            pipes = wait([worker.pipe for worker in busy], max(0.0, earliest - monotonic()))
            for worker in busy:
                if worker.pipe in pipes:
                    self._listen(worker)
                elif worker.deadline <= monotonic():
                    worker.process.kill()
                    self._lose(worker, overran=True)

    def _idle(self) -> Iterator[_Worker[Item, Result] | None]:
        """Workers without a chunk, then ``None`` for each that may still be started."""
        yield from [worker for worker in self._workers if worker.chunk is None]
        while len(self._workers) < self._count:
            yield None

    def _give(self, chunk: _Chunk[Item], worker: _Worker[Item, Result] | None) -> None:
        started = worker is None
        worker = worker or self._start()
        worker.chunk, worker.answers = chunk, []
        worker.deadline = monotonic() + (LOADING_SECONDS if started else self._seconds)
        # A worker that has just died is found out when its answer is read.
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.pipe.send(chunk.items)

    def _start(self) -> _Worker[Item, Result]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._load), daemon=True)
        with _nothing_of_main():
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _listen(self, worker: _Worker[Item, Result]) -> None:
        """Take what a worker says. Raises ``PipelineError``."""
        try:
            message: _Message = worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._lose(worker)
            return
        loading = message.kind == "loading"
        worker.deadline = monotonic() + (LOADING_SECONDS if loading else self._seconds)
        if message.kind == "fault":
            raise PipelineError(message.content)
        if message.kind == "answer" and worker.chunk is not None:
            worker.answers.append(message.content)
            worker.items += 1
            if len(worker.answers) == len(worker.chunk.items):
                self._done.append((worker.chunk.items, worker.answers))
                worker.chunk = None
                if worker.items >= RECYCLE_AFTER:
                    worker.pipe.close()
                    self._workers.remove(worker)

    def _lose(self, worker: _Worker[Item, Result], *, overran: bool = False) -> None:
        """A worker died, or was ended because it ``overran``: the items it had not done."""
        worker.process.join(PATIENCE_SECONDS)
        worker.pipe.close()
        self._workers.remove(worker)
        assert worker.chunk is not None
        items, answers = worker.chunk.items, worker.answers
        at = len(answers)
        if overran or worker.chunk.last_try:
            died = Died(overran=self._seconds) if overran else Died(worker.process.exitcode)
            answers = [*answers, died]
        else:
            self._again.append(_Chunk([items[at]], last_try=True))
        if answers:
            self._done.append((items[: len(answers)], answers))
        if items[at + 1 :]:
            self._again.append(_Chunk(items[at + 1 :]))

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


@contextmanager
def _nothing_of_main() -> Iterator[None]:
    """A process started now does not import the command, or script, that this one runs.

    It needs nothing of that, and a script without a guard would start processes without end.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(pipe: Connection[Any, Any], load: Callable[[], Work[Any, Any]]) -> None:
    """A worker's life: load, then answer item by item until the pipe closes."""
    # The parent decides when to stop; a Ctrl-C in the terminal reaches the whole group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in SINGLE_THREAD:
        os.environ.setdefault(variable, "1")
    with suppress(EOFError, OSError):
        try:
            work = load()
            pipe.send(_Message("loaded"))
            while True:
                for item in pipe.recv():
                    _answer(pipe, work, item)
        except (EOFError, BrokenPipeError):
            return
        except PipelineError as error:
            pipe.send(_Message("fault", str(error)))
        except Exception as error:
            fault = f"A worker failed: {type(error).__name__}: {error}"
            pipe.send(_Message("fault", fault))


def _answer(pipe: Connection[Any, Any], work: Work[Any, Any], item: Any) -> None:
    if not work.is_ready(item):
        pipe.send(_Message("loading"))
        work.load(item)
        gc.collect()
        gc.freeze()  # models stay: no need to go through them again and again
        pipe.send(_Message("loaded"))
    try:
        # Packed here: what cannot travel is the item's fault as well.
        packed = _packed(work(item))
    except (PipelineError, BrokenPipeError):
        raise
    except Exception as error:
        packed = _packed(_fault(error))
    pipe.send_bytes(packed)


def _packed(content: Any) -> bytes:
    return bytes(ForkingPickler.dumps(_Message("answer", content)))


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
