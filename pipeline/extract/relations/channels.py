"""What the network of relations is told of each word beside its meaning: what is found there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.finds import Find
from pipeline.extract.named import Named

# What stands at a word, whatever project is in mind; "+" marks the first word of a mention.
OF_PAGE = (
    *("body", "body+", "area", "area+", "person", "person+", "date", "date+", "sum", "sum+"),
    *("project", "project+", "programme", "programme+"),
    *("heading", "label", "paragraph", "furniture", "other_block", "in_label", "in_value"),
    "generic_head",
)
# How a word stands to the project in mind.
OF_PROJECT = (
    *("mine", "mine+", "others", "nobody", "main", "only", "is_programme"),
    *("last_named", "section", "sure"),
)
WIDTH = len(OF_PAGE) + len(OF_PROJECT)

Matrix = NDArray[np.float32]


class Channels:
    """Flags of the words of one announcement; ``starts`` and ``ends`` are the words' own."""

    def __init__(
        self,
        named: Named,
        starts: Sequence[int],
        ends: Sequence[int],
        dates: Iterable[Find],
        sums: Iterable[Find],
    ) -> None:
        self._named = named
        self._starts, self._ends = starts, ends
        context = named.context
        self._mentions = [(*self.words(m.start, m.end), key) for m, key in context.mentions]
        self._real = [
            key for key in dict.fromkeys(k for *_, k in self._mentions) if context.is_project(key)
        ]
        self._page = self._of_page(dates, sums)
        self._sections = [
            (*self.words(start, end), {k for _, k in context.named_in(start, end)})
            for start, end in context.sections
        ]

    def words(self, start: int, end: int) -> tuple[int, int]:
        """Number of the first word of a span of characters and of the word behind its last."""
        first = bisect_right(self._starts, start) - 1
        if first < 0 or self._ends[first] <= start:
            first += 1
        first = min(first, len(self._starts) - 1)
        return first, max(first + 1, bisect_left(self._starts, end))

    def of(self, project: str | None) -> Matrix:
        """A row a word, a column a channel, with that project in mind or one that is not named."""
        flags = np.zeros((len(self._starts), len(OF_PROJECT)), "float32")

        def column(name: str) -> Matrix:
            return flags[:, OF_PROJECT.index(name)]

        for first, last, key in self._mentions:
            column("mine" if key == project else "others")[first:last] = 1
            if key == project:
                column("mine+")[first] = 1
        if project is None:
            column("nobody")[:] = 1
        else:
            context = self._named.context
            column("main")[:] = context.main == project
            column("only")[:] = self._real == [project]
            column("is_programme")[:] = not context.is_project(project)
            column("sure")[:] = self._named.sure.get(project, 0.5)
        real = [mention for mention in self._mentions if mention[2] in self._real]
        for number, (first, _, key) in enumerate(real):
            if key == project:
                following = real[number + 1][0] if number + 1 < len(real) else len(flags)
                column("last_named")[first:following] = 1
        for first, last, keys in self._sections:
            column("section")[first:last] = project in keys
        return np.hstack([self._page, flags])

    def _of_page(self, dates: Iterable[Find], sums: Iterable[Find]) -> Matrix:
        named = self._named
        flags = np.zeros((len(self._starts), len(OF_PAGE)), "float32")

        def mark(name: str, start: int, end: int, *, begins: bool = False) -> None:
            first, last = self.words(start, end)
            flags[first:last, OF_PAGE.index(name)] = 1
            if begins:
                flags[first, OF_PAGE.index(f"{name}+")] = 1

        finds: Sequence[tuple[str, Iterable[Find]]] = (
            ("body", named.organisations),
            ("area", named.areas),
            ("person", named.people),
            ("date", dates),
            ("sum", sums),
        )
        for name, found in finds:
            for find in found:
                mark(name, find.start, find.end, begins=True)
        for mention, key in named.context.mentions:
            name = "project" if named.context.is_project(key) else "programme"
            mark(name, mention.start, mention.end, begins=True)
        for block in named.page.blocks:
            mark(block.kind if block.kind in OF_PAGE else "other_block", block.start, block.end)
        for field in named.page.fields:
            mark("in_label", field.label_start, field.label_end)
            mark("in_value", field.start, field.end)
        for start, end in named.context.sentences:
            if named.context.generic_head(start) is not None:
                mark("generic_head", start, end)
        return flags
