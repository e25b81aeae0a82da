"""The same tests again and again, each time of other code: collected once, forked for each change.

Which lines each test runs is known from the first time, so that a change is shown only to the tests
that may notice it. In the fork a changed function gets its new code in place; a change of what is
run on import has every module of the project imported anew.
"""

from __future__ import annotations

import ast
import gc
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from functools import _lru_cache_wrapper, partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from pipeline.torture.mutants import Mutant
from pipeline.torture.reached import Lines, Watched, codes

OURS = ("pipeline", "hankepoimuri", "tests", "conftest")


class Tests:
    """Tests of a copy of the project, a folder; they pass there as it is.

    ``modules`` are paths within it that are going to change. Raises ``RuntimeError`` when the
    tests don't pass.
    """

    def __init__(self, place: Path, tests: list[str], modules: Collection[str]) -> None:
        self.place = place.resolve()
        self.tests = tests
        context = get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=self._serve, args=(theirs, modules))
        self._process.start()
        theirs.close()
        try:
            imported, self.seconds, self.lines, self.on_import = self._pipe.recv()
        except EOFError:
            raise RuntimeError(f"the tests fail as they are: {' '.join(tests)}") from None
        for name in imported:
            with suppress(Exception):
                importlib.import_module(name)

    def close(self) -> None:
        """End the process that holds the tests."""
        self._pipe.close()
        self._process.join()

    def notice(self, mutant: Mutant) -> bool:
        """Whether a test fails because of a change, or takes twice as long as when watched."""
        place = mutant.place
        early = self.on_import.get(mutant.module, set())
        if place is not None and not early.isdisjoint(place.statement):
            place = None
        chosen = self._concerned(mutant.module, place and place.statement)
        limit = 10 + 2 * sum(self.seconds[name] for name in chosen)
        if not chosen:
            return False
        path = self.place / mutant.module
        whole = path.read_text(encoding="utf-8")
        if place is not None:
            code = mutant.code(whole)
            self._pipe.send((mutant.module, place.name, place.first_line, code, chosen, limit))
            return not self._pipe.recv()
        path.write_text(ast.unparse(mutant.tree(whole)), encoding="utf-8")
        try:
            return not _passes(partial(self._anew, chosen), limit)
        finally:
            path.write_text(whole, encoding="utf-8")

    def _concerned(self, module: str, lines: range | None) -> list[str]:
        """Tests that run one of the lines, or any line of the module; the quickest first."""
        found = [
            (self.seconds[name], name)
            for name, run in self.lines.items()
            if module in run and (lines is None or not run[module].isdisjoint(lines))
        ]
        return [name for _, name in sorted(found)]

    def _serve(self, pipe: Connection[Any, Any], modules: Collection[str]) -> None:
        self._pipe.close()
        watched = Watched({str(self.place / module): module for module in modules})
        self._pytest(self.tests, _Served(pipe, watched, self.place), bytecode=True, trace=watched)

    def _anew(self, chosen: Sequence[str]) -> bool:
        files = sorted({name.partition("::")[0] for name in chosen})
        return self._pytest(files, _Chosen(chosen)) == 0

    def _pytest(
        self,
        files: Iterable[str],
        plugin: object,
        *,
        bytecode: bool = False,
        trace: Watched | None = None,
    ) -> int:
        # A module changed twice within a second would be taken from the bytecode of the first.
        sys.dont_write_bytecode = not bytecode
        for name in [name for name in sys.modules if _is_ours(name)]:
            del sys.modules[name]
        os.chdir(self.place)
        sys.path.insert(0, str(self.place))
        importlib.invalidate_caches()
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        if trace is not None:
            trace.begin()
        options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
        return int(pytest.main([*options, *files], plugins=[plugin]))


class _Quick:
    """A random test that fails needn't be shrunk."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("changed", settings.get_profile("suite"), phases=phases)
        settings.load_profile("changed")


class _Chosen(_Quick):
    """Has pytest run chosen tests only, in their order."""

    def __init__(self, chosen: Sequence[str]) -> None:
        self.ranks = {name: rank for rank, name in enumerate(chosen)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self.ranks]
        items.sort(key=lambda item: self.ranks[item.nodeid])


class _Served(_Quick):
    """Has pytest run each test once, watched, and then chosen ones whenever it is told a change."""

    def __init__(self, pipe: Connection[Any, Any], watched: Watched, place: Path) -> None:
        self.pipe = pipe
        self.watched = watched
        self.place = place

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        seconds, lines = dict[str, float](), dict[str, Lines]()
        on_import = self.watched.end()
        if session.testsfailed:
            return True
        caches = [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)]
        own = [one for one in caches if _file(one) in self.watched.modules]
        for item in session.items:
            # What an earlier test had remembered would not be run for this one.
            _forget(own)
            started = time.perf_counter()
            self.watched.begin()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            lines[item.nodeid] = self.watched.end()
            seconds[item.nodeid] = time.perf_counter() - started
            if session.testsfailed:
                return True
        imported = [name for name in sys.modules if not _is_ours(name)]
        self.pipe.send((imported, seconds, lines, on_import))
        functions = _functions(self.place)
        items = {item.nodeid: item for item in session.items}
        while True:
            try:
                module, name, first, code, chosen, limit = self.pipe.recv()
            except EOFError:
                return True
            changed = codes(code)[name, first]
            targets = functions[str(self.place / module), name, first]
            work = partial(_passes_changed, targets, changed, caches, [items[n] for n in chosen])
            self.pipe.send(_passes(work, limit))


def _passes_changed(
    targets: list[FunctionType],
    changed: CodeType,
    caches: Iterable[Any],
    items: Iterable[pytest.Item],
) -> bool:
    """Whether tests pass with other code in functions, and nothing remembered."""
    _forget(caches)
    for function in targets:
        function.__code__ = changed
    for item in items:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if item.session.testsfailed:
            return False
    return True


def _file(cache: Any) -> str:
    """Where what is remembered is made."""
    code = getattr(cache.__wrapped__, "__code__", None)
    return "" if code is None else str(code.co_filename)


def _forget(caches: Iterable[Any]) -> None:
    for cache in caches:
        cache.cache_clear()


def _functions(place: Path) -> dict[tuple[str, str, int], list[FunctionType]]:
    """The live functions of the project, by file, qualified name and first line."""
    found = dict[tuple[str, str, int], list[FunctionType]]()
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(str(place)):
            code = one.__code__
            key = code.co_filename, code.co_qualname, code.co_firstlineno
            found.setdefault(key, []).append(one)
    return found


def _passes(work: Callable[[], bool], seconds: float) -> bool:
    """Whether work in a fork answers yes within so many seconds."""
    pid = os.fork()
    if pid == 0:
        answer = False
        try:
            answer = work()
        finally:
            os._exit(0 if answer else 1)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def _is_ours(name: str) -> bool:
    first = name.partition(".")[0]
    return first in OURS or first.startswith("test_")
