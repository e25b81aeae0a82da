"""Spans of one text that can be asked which of them touch a place, without a look at all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

from pipeline.extract.finds import Find


class Spanned(Protocol):
    """What has a beginning and an end in a text, in characters."""

    @property
    def start(self) -> int:
        """Its first character."""
        ...

    @property
    def end(self) -> int:
        """The character behind its last."""
        ...


Item = TypeVar("Item", bound=Spanned)
Found = TypeVar("Found", bound=Find)


class Spans(Generic[Item]):
    """Items in text order; those that begin together keep the order in which they came."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = sorted(items, key=lambda item: item.start)
        self._starts = [item.start for item in self._items]
        # The farthest end so far: whatever lies before the first that reaches a place ends there.
        self._reach = list(accumulate((item.end for item in self._items), max))

    def touching(self, start: int, end: int) -> Iterator[Item]:
        """Those that share a character with ``start:end``."""
        first, behind = bisect_right(self._reach, start), bisect_left(self._starts, end)
        return (item for item in self._items[first:behind] if start < item.end)

    def touches(self, start: int, end: int) -> bool:
        """Does any share a character with ``start:end``?"""
        return next(self.touching(start, end), None) is not None

    def beginning_in(self, low: int, high: int) -> list[Item]:
        """Those whose first character lies in ``low:high``."""
        return self._items[bisect_left(self._starts, low) : bisect_left(self._starts, high)]


def longest(finds: Iterable[Found], kept: Iterable[Found] = ()) -> list[Found]:
    """``kept`` and those of the finds that share no character with them or with each other.

    The longer goes before the shorter, then the surer; they come in text order.
    """
    chosen = [*kept]
    taken = Taken((find.start, find.end) for find in chosen)
    for find in sorted(finds, key=lambda f: (f.start - f.end, -f.confidence, f.start)):
        if taken.take(find.start, find.end):
            chosen.append(find)
    return sorted(chosen, key=lambda find: find.start)


class Taken:
    """Spans of which none shares a character with another, taken one after the other."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._spans: list[tuple[int, int]] = []
        for start, end in spans:
            self.take(start, end)

    def is_free(self, start: int, end: int) -> bool:
        """Does nothing that is taken share a character with ``start:end``?"""
        at = bisect_left(self._spans, (end, end))
        return at == 0 or self._spans[at - 1][1] <= start

    def take(self, start: int, end: int) -> bool:
        """Take ``start:end`` if it is free; says whether it was."""
        if not self.is_free(start, end):
            return False
        insort(self._spans, (start, end))
        return True
