"""The same work on a Dask cluster: chunks go to its workers, results come back as they are ready.

Each Dask worker process loads the models once. Only a few chunks for each thread are under way at a
time, so the scheduler's memory stays bounded. A chunk whose worker dies runs again elsewhere. Dask
suspects every chunk that was on a worker when it died; what it gives up is tried again in the end,
item by item with nothing beside it, and an item that then kills its workers comes back as ``Died``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.errors import PipelineError
from pipeline.limits import DEFAULT
from pipeline.versions import stage_digest
from pipeline.workers import Answers, Crew, Died, Work, answer

if TYPE_CHECKING:
    from distributed import Client, Future

Item = TypeVar("Item")
Result = TypeVar("Result")
CHUNKS_PER_THREAD = 2
CONNECT_SECONDS = 15
# spaCy's models are not made for several threads of one process.
_ONE_AT_A_TIME = Lock()


def is_available() -> bool:
    """Whether the optional extra ``cluster`` is installed."""
    return find_spec("distributed") is not None


class DaskCluster(Crew[Item, Result]):
    """The workers of the Dask scheduler at ``address``; a context that leaves them as they are.

    ``load`` is a function that can be imported on the workers; ``depends_on`` is the module whose
    code they must have as we have it. Raises ``PipelineError`` where Dask is not installed, no
    scheduler answers, or a worker has other code or other models.
    """

    def __init__(
        self,
        load: Callable[[], Work[Item, Result]],
        address: str,
        depends_on: str = "pipeline.work",
        seconds: float = DEFAULT.seconds,
    ) -> None:
        if not is_available():
            raise PipelineError(
                "--scheduler needs Dask. Install it: pip install 'hankepoimuri[cluster]'"
            )
        from distributed import Client

        self._load = load
        self._seconds = seconds
        self._depends_on = depends_on
        self._digest = stage_digest(depends_on, models=True)
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise PipelineError(
                f"No Dask scheduler answers at {address} ({error}). "
                "Start one with `dask scheduler`, or leave --scheduler out."
            ) from error

    def through(self, chunks: Iterable[list[Item]]) -> Iterator[tuple[list[Item], Answers[Result]]]:
        """All items, some at a time, each with its answer, as they come."""
        from distributed import as_completed

        todo = iter(chunks)
        suspects: deque[list[Item]] = deque()
        under_way: dict[Future, list[Item]] = {}
        done = as_completed(loop=self._client.loop)

        def submit(chunk: list[Item]) -> None:
            future = self._client.submit(
                _work, self._load, chunk, self._depends_on, self._digest, self._seconds, pure=False
            )
            under_way[future] = chunk
            done.add(future)

        def feed() -> bool:
            """Keep the workers busy; whether a suspect runs, alone."""
            most = _most(self._client)
            while len(under_way) < most and (chunk := next(todo, None)) is not None:
                submit(chunk)
            if under_way or not suspects:
                return False
            submit(suspects.popleft())
            return True

        alone = feed()
        while under_way:
            future = next(done)
            chunk = under_way.pop(future)
            answers = _answers(future)
            future.release()
            if answers is not None:
                yield chunk, answers
            elif alone:
                yield chunk, [Died(None) for _ in chunk]
            else:
                suspects.extend([item] for item in chunk)
            alone = feed()

    def end(self) -> None:
        """Leave the cluster; chunks still under way are dropped there."""
        self._client.close()


def _most(client: Client) -> int:
    """Chunks that may be under way, by the threads that are there now."""
    threads: int = sum(client.nthreads().values())
    return max(1, threads) * CHUNKS_PER_THREAD


def _answers(future: Future) -> Any:
    """The answers to a chunk's items, ``None`` where it took its workers down."""
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return None


def _work(
    load: Callable[[], Work[Item, Result]],
    chunk: list[Item],
    depends_on: str,
    digest: str,
    seconds: float,
) -> Answers[Result]:
    """What a worker runs. Raises ``PipelineError`` when its code or models differ from ours."""
    if stage_digest(depends_on, models=True) != digest:
        raise PipelineError(
            "A Dask worker has another version of hankepoimuri, its models or its packages. "
            "Install the same on every machine."
        )
    with _ONE_AT_A_TIME:
        work = _loaded(load)
        return [answer(work, item, seconds, deadly=True) for item in chunk]


@cache
def _loaded(load: Callable[[], Work[Item, Result]]) -> Work[Item, Result]:
    return load()
