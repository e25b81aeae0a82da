"""The same tests again and again, each time of other code: what they stand on is imported once.

A fork runs them, with every module of the project imported anew from a copy.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

OURS = ("pipeline", "hankepoimuri", "tests", "conftest")


class Tests:
    """Tests of a copy of the project, a folder; they pass there as it is.

    Raises ``RuntimeError`` when they don't.
    """

    def __init__(self, place: Path, tests: list[str]) -> None:
        self.place = place
        self.tests = tests
        context = get_context("fork")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=self._first, args=(theirs,))
        process.start()
        theirs.close()
        code, modules = ours.recv()
        process.join()
        if code:
            raise RuntimeError(f"the tests fail as they are: {' '.join(tests)}")
        for name in modules:
            with suppress(Exception):
                importlib.import_module(name)

    def pass_again(self, seconds: float) -> bool:
        """Whether they pass within so many seconds."""
        pid = os.fork()
        if pid == 0:
            os._exit(self._run())
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return status == 0
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return False

    def _first(self, pipe: Connection[Any, Any]) -> None:
        sys.dont_write_bytecode = False
        code = self._run(bytecode=True)
        pipe.send((code, [name for name in sys.modules if not self._is_ours(name)]))

    def _run(self, *, bytecode: bool = False) -> int:
        # A module changed twice within a second would be taken from the bytecode of the first.
        sys.dont_write_bytecode = not bytecode
        for name in [name for name in sys.modules if self._is_ours(name)]:
            del sys.modules[name]
        os.chdir(self.place)
        sys.path.insert(0, str(self.place))
        importlib.invalidate_caches()
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        import pytest

        options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
        return int(pytest.main([*options, *self.tests]))

    @staticmethod
    def _is_ours(name: str) -> bool:
        first = name.partition(".")[0]
        return first in OURS or first.startswith("test_")
