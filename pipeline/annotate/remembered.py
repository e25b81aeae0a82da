"""Remembers what was computed of short lines: the menus, labels and footers that sites repeat."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

LONGEST = 16  # words of a line worth remembering; prose hardly ever repeats
MOST = 20_000  # lines; then remembering starts afresh

Line = TypeVar("Line", bound=Hashable)
Result = TypeVar("Result")


class LineMemory(Generic[Line, Result]):
    """Computes a result for each line, of equal short lines once.

    ``compute`` takes the lines that aren't known, together; a line's result may depend on nothing
    but the line.
    """

    def __init__(
        self,
        compute: Callable[[Sequence[Line]], Iterable[Result]],
        length: Callable[[Line], int],
    ) -> None:
        self._compute = compute
        self._length = length
        self._known: dict[Line, Result] = {}

    def results(self, lines: Sequence[Line]) -> list[Result]:
        """The result of each line, in order."""
        fresh = list(dict.fromkeys(line for line in lines if line not in self._known))
        found = dict(zip(fresh, self._compute(fresh), strict=True))
        results = [found[line] if line in found else self._known[line] for line in lines]
        if len(self._known) + len(found) > MOST:
            self._known.clear()
        self._known.update(
            (line, result) for line, result in found.items() if self._length(line) <= LONGEST
        )
        return results
