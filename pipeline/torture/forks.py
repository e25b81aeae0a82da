"""Runs in forks, which have the models at once: to be killed a thousand times in minutes."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

from pipeline.options import Options
from pipeline.run import run

POLL_SECONDS = 0.005


class Fork:
    """A run in a forked process that leads a group, as ``subprocess.Popen`` shows one."""

    def __init__(self, posts: Path, output: Path, workers: int) -> None:
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _work(posts, output, workers)
        with suppress(OSError):  # whoever of the two comes first
            os.setpgid(self.pid, self.pid)

    def poll(self) -> int | None:
        """How it ended, as ``returncode`` says; ``None`` while it goes on."""
        if self.returncode is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises ``subprocess.TimeoutExpired``."""
        ends = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if ends is not None and time.monotonic() > ends:
                raise subprocess.TimeoutExpired("a run", timeout or 0.0)
            time.sleep(POLL_SECONDS)
        return code


def _work(posts: Path, output: Path, workers: int) -> None:
    """The forked process: a run, and nothing of what the other would do at its end."""
    import pipeline.workers

    code = 1
    try:
        with suppress(OSError):
            os.setpgid(0, 0)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        setattr(pipeline.workers, "get_context", lambda _: get_context("fork"))  # noqa: B010
        pipeline.workers.available_cores = lambda: workers
        run(Options(input=posts, output=output, workers=workers))
        code = 0
    finally:
        os._exit(code)
