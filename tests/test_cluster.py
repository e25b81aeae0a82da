"""On a Dask cluster of real processes: all results, also when a worker is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import fsspec
import pytest
from doubling import DEADLY, ENDLESS, load_doubling, load_slow_doubling

from pipeline.cluster import DaskCluster, is_available
from pipeline.errors import PipelineError
from pipeline.options import Options
from pipeline.run import run
from pipeline.synthetic.__main__ import write_corpus
from pipeline.workers import Died, chunked

pytestmark = pytest.mark.skipif(not is_available(), reason="the extra 'cluster' is not installed")
TESTS = Path(__file__).parent
CODE = "pipeline.ids"  # all that doubling needs of the project, to compare between machines


class Cluster:
    """A scheduler and two workers of one thread each."""

    def __init__(self, folder: Path) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)]),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        log = (folder / "log").open("wb")

        def start(*arguments: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
                env=environment,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
            self.processes.append(process)
            return process

        start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(file),
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.address: str = json.loads(file.read_text())["address"]
        self._start = start
        self.workers = [self._worker("--nanny"), self._worker("--no-nanny")]

    def _worker(self, nanny: str) -> subprocess.Popen[bytes]:
        return self._start(
            "dask_worker", self.address, "--nthreads", "1", "--no-dashboard", nanny,
            "--host", "127.0.0.1",
        )  # fmt: skip

    def heal(self) -> None:
        """Start the worker without a nanny again where it was killed."""
        if self.workers[1].poll() is not None:
            self.workers[1] = self._worker("--no-nanny")

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.stop()


@pytest.fixture
def cluster(running: Cluster) -> Cluster:
    """The same cluster for all tests, with what they killed started again."""
    running.heal()
    return running


def test_a_killed_worker_costs_nothing(cluster: Cluster) -> None:
    numbers = list(range(60))
    results: dict[int, int | Died] = {}
    with DaskCluster(load_slow_doubling, cluster.address, CODE) as crew:
        for chunk, doubled in crew.through(chunked(numbers, 2)):
            results.update(zip(chunk, doubled, strict=True))
            if len(results) >= 10 and cluster.workers[1].poll() is None:
                cluster.workers[1].send_signal(signal.SIGKILL)
                cluster.workers[1].wait()
    assert results == {number: 2 * number for number in numbers}
    assert cluster.workers[1].poll() == -signal.SIGKILL


def test_an_item_that_kills_workers_costs_only_itself(cluster: Cluster) -> None:
    done, dead = [], []
    with DaskCluster(load_doubling, cluster.address, CODE) as crew:
        for chunk, answers in crew.through([[1, 2, DEADLY, 3]]):
            for number, doubled in zip(chunk, answers, strict=True):
                if isinstance(doubled, Died):
                    dead.append(number)
                else:
                    done.append(doubled)
    assert dead == [DEADLY]
    assert sorted(done) == [2, 4, 6]


def test_an_endless_item_is_given_up_on_a_cluster_too(cluster: Cluster) -> None:
    with DaskCluster(load_doubling, cluster.address, CODE, seconds=1.0) as crew:
        ((_, answers),) = crew.through([[1, ENDLESS, 3]])
    assert answers == [2, Died(overran=1.0), 6]


@pytest.mark.usefixtures("loaded")
def test_a_run_on_a_cluster_makes_the_same_tables(cluster: Cluster, tmp_path: Path) -> None:
    """A worker is killed as soon as the first records are there.

    The announcements lie where only the process that runs the command can reach them.
    """
    folder, output = tmp_path / "in", tmp_path / "out"
    write_corpus(folder, 24, seed=8)
    fsspec.filesystem("memory").put(str(folder), "/on-a-cluster", recursive=True)

    def kill_one() -> None:
        records = output / ".store" / "records"
        while not (records.is_dir() and any(records.iterdir())):
            time.sleep(0.02)
        cluster.workers[1].kill()

    killer = Thread(target=kill_one, daemon=True)
    killer.start()
    report = run(Options(input="memory://on-a-cluster", output=output, scheduler=cluster.address))
    killer.join(10)
    assert cluster.workers[1].wait(10) == -signal.SIGKILL
    assert (report.failures, report.extracted) == ((), 24)
    run(Options(input=folder, output=tmp_path / "alone", workers=0))
    for path in sorted((output / "tables").iterdir()):
        assert path.read_bytes() == (tmp_path / "alone" / "tables" / path.name).read_bytes()


def test_no_scheduler_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.cluster.CONNECT_SECONDS", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(PipelineError, match="No Dask scheduler answers"):
        DaskCluster(load_doubling, f"tcp://127.0.0.1:{port}", CODE)
