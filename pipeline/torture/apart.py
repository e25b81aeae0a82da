"""Work in a forked process, ended when its time is over: what is tortured may hang or crash.

The models are loaded once, before; a fork has them at once.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Result = TypeVar("Result")


class Lost(Exception):
    """The process crashed or was ended; the message says which."""


def apart(work: Callable[[], Result], seconds: float) -> Result:
    """What ``work`` returns in a process of its own. Raises ``Lost``, or what it raised as text."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, work))
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise Lost(f"not done in {seconds:g} s")
        try:
            said, result = ours.recv()
        except EOFError as error:
            process.join(5)
            raise Lost(f"exit code {process.exitcode}") from error
        if said is not None:
            raise Lost(said)
        value: Result = result
        return value
    finally:
        process.kill()
        process.join(5)
        ours.close()


def _serve(pipe: Connection[Any, Any], work: Callable[[], Any]) -> None:
    try:
        pipe.send((None, work()))
    except BaseException as error:
        pipe.send((f"{type(error).__name__}: {error}", None))
