"""Which lines of chosen modules run, in all threads; and a module's functions by name and line."""

from __future__ import annotations

import marshal
import sys
import threading
from types import CodeType, FrameType
from typing import Any

# Lines that ran, by module.
Lines = dict[str, set[int]]


class Watched:
    """Notes the lines that run between ``begin`` and ``end``; ``modules`` are names by file."""

    def __init__(self, modules: dict[str, str]) -> None:
        self.modules = modules
        self._lines: Lines = {}

    def begin(self) -> None:
        """Note from now on, afresh."""
        self._lines = {}
        threading.settrace(self._call)
        sys.settrace(self._call)

    def end(self) -> Lines:
        """What was noted; note no more."""
        sys.settrace(None)
        threading.settrace(None)
        return self._lines

    def _call(self, frame: FrameType, event: str, found: Any) -> Any:
        module = self.modules.get(frame.f_code.co_filename)
        # What a module or class runs itself is known from its text.
        if module is None or not frame.f_code.co_flags & 0x2:  # CO_NEWLOCALS
            return None
        add = self._lines.setdefault(module, set()).add

        def line(frame: FrameType, event: str, found: Any) -> Any:
            add(frame.f_lineno)
            return line

        return line(frame, event, found)


def codes(module: bytes) -> dict[tuple[str, int], CodeType]:
    """The functions in a module's marshalled code, by qualified name and first line."""
    found = dict[tuple[str, int], CodeType]()
    waiting: list[CodeType] = [marshal.loads(module)]
    while waiting:
        code = waiting.pop()
        found[code.co_qualname, code.co_firstlineno] = code
        waiting += [one for one in code.co_consts if isinstance(one, CodeType)]
    return found
