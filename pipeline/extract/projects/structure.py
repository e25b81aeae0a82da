"""How a page sets what it tells of a project: rows of alike pieces, headings and what they head.

``Kyyjärven Nuorisoseura ry, 41 870 €, Seurantalon peruskorjaus`` is a body, a sum and a name; the
lines beside it are made alike. A heading over money, a time and "hanke" heads a project.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout
from pipeline.extract.places import place_names
from pipeline.extract.projects import names
from pipeline.extract.projects.lines import pieces_of
from pipeline.extract.spans import Spans

BELOW = 4  # blocks below a line that are looked at
BESIDE = 4  # blocks on either side that may be rows of the same list
_MONEY = re.compile(r"\d\s?(?:€|euroa?\b|e\b|eur\b|t€|k€|milj)|\d{1,3}(?:[ .]\d{3})+(?!\d)", re.I)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBERS = re.compile(r"[\d\s.,%€–—/()-]+(?:€|euroa|e|t€|%)?\.?")
_LONG = 12  # words; a longer piece is prose


class Structure:
    """The rows and headings of one page."""

    def __init__(
        self,
        text: str,
        page: Layout,
        bodies: Spans[EntityFind],
        people: Spans[EntityFind],
    ) -> None:
        self._text = text
        self._blocks = page.shown
        self._starts = [b.start for b in self._blocks]
        self._pieces = [pieces_of(text, b.start, b.end) for b in self._blocks]
        self._kinds = [
            "".join(_kind(text, s, e, bodies, people) for s, e in pieces) for pieces in self._pieces
        ]
        self._told = [frozenset(_told(text, b, bodies)) for b in self._blocks]
        self._fields = {f.label_start for f in page.fields if f.key is not None}
        self._heads = self._above()

    def signs(self, start: int) -> Iterator[str]:
        """What the lines at and around ``start`` tell of a name there."""
        at = bisect_right(self._starts, start) - 1
        kinds, pieces = self._kinds[at], self._pieces[at]
        mine = next((n for n, (s, e) in enumerate(pieces) if s <= start < e), 0)
        first, last = kinds[:mine], kinds[mine + 1 :]
        names_here = kinds.count("N")
        if kinds[mine : mine + 1] == "N":
            rank = first.count("N")
            yield f"name_piece_{min(rank, 2)}_of_{min(names_here, 3)}"
            if names_here == 1 and set(kinds) & set("BMPY"):
                yield "only_name_piece"
                if self._beside(at) > 1:
                    yield "only_name_piece_of_many"
        yield f"rows_beside_{min(self._beside(at), 4)}"
        yield f"openings_alike_{min(self._opening_alike(at), 4)}_{kinds[:2]}"
        if len(kinds) > 1:
            yield f"row_{_short(kinds)}_{min(mine, 4)}"
            for what, where in (("before", first), ("after", last)):
                for kind in set(where):
                    yield f"row_{kind}_{what}"
        alike = self._alike(at)
        yield f"alike_{alike if alike < 3 else '3-5' if alike < 6 else '6+'}"
        if alike > 1 and len(kinds) > 1:
            yield f"alike_row_{_short(kinds)}_{min(mine, 4)}"
        block = self._blocks[at]
        short = len(self._text[block.start : block.end].split()) <= 16
        if short and start - block.start < 6:
            told = self._below(at)
            for kind in told:
                yield f"below_{kind}"
            yield f"below_kinds_{min(len(told), 4)}"
            if len(told) > 1:
                yield f"headings_like_it_{min(self._heading_like(at), 4)}"
        for kind in self._told[at]:
            yield f"line_{kind}"
        head = self._heads[at]
        if head is not None and "project" in self._told[head]:
            yield "under_projects"
            if "several" in self._told[head]:
                yield "under_several"

    def _alike(self, at: int) -> int:
        """How many blocks nearby are set as this one is: kind of line, kinds of its pieces."""
        mine = (self._blocks[at].kind, _short(self._kinds[at]))
        low, high = max(0, at - BESIDE), min(len(self._blocks), at + BESIDE + 1)
        return sum(
            (self._blocks[n].kind, _short(self._kinds[n])) == mine
            for n in range(low, high)
            if n != at
        )

    def _beside(self, at: int) -> int:
        """How many lines of its kind stand nearby that hold a body, a sum or a person too."""
        telling = set(self._kinds[at]) & set("BMP")
        low, high = max(0, at - BESIDE), min(len(self._blocks), at + BESIDE + 1)
        return sum(
            self._blocks[n].kind == self._blocks[at].kind and telling <= set(self._kinds[n])
            for n in range(low, high)
            if n != at and telling
        )

    def _opening_alike(self, at: int) -> int:
        """How many lines nearby begin with the same two kinds of pieces."""
        mine = self._kinds[at][:2]
        low, high = max(0, at - 2 * BESIDE), min(len(self._blocks), at + 2 * BESIDE + 1)
        return sum(
            self._kinds[n][:2] == mine for n in range(low, high) if n != at and len(mine) > 1
        )

    def _below(self, at: int) -> frozenset[str]:
        """What is told between a line and the next heading, a few lines at most."""
        told: set[str] = set()
        for number in range(at + 1, min(at + 1 + BELOW, len(self._blocks))):
            if self._blocks[number].kind == "heading" and number > at + 1:
                break
            told |= self._told[number]
            if self._blocks[number].start in self._fields:
                told.add("label")
        return frozenset(told)

    def _heading_like(self, at: int) -> int:
        """How many other lines of its kind head what tells of money or projects."""
        kind = self._blocks[at].kind
        return self._heading[kind] - (len(self._below(at)) > 1)

    @cached_property
    def _heading(self) -> Counter[str]:
        """How many lines of each kind head what tells of money or projects."""
        return Counter(
            block.kind for n, block in enumerate(self._blocks) if len(self._below(n)) > 1
        )

    def _above(self) -> list[int | None]:
        """For each block the number of the last heading, label or introduction above it."""
        found: list[int | None] = []
        heading: int | None = None
        for number, block in enumerate(self._blocks):
            found.append(heading)
            introduces = self._text[block.end - 1] == ":"
            if (
                block.kind in {"heading", "label"}
                and ("project" in self._told[number] or heading is None)
            ) or introduces:
                heading = number
        return found


def _short(kinds: str) -> str:
    """Kinds of pieces with repeats told once, the first five."""
    return re.sub(r"(.)\1+", r"\1", kinds)[:5]


def _kind(
    text: str,
    start: int,
    end: int,
    bodies: Spans[EntityFind],
    people: Spans[EntityFind],
) -> str:
    """What a piece of a line is.

    B(ody), P(erson), A(rea), M(oney), Y(ear), D(igits), T(ext), N(ame-like).
    """
    size = end - start
    for letter, finds in (("P", people), ("B", bodies)):
        for find in finds.touching(start, end):
            shared = min(end, find.end) - max(start, find.start)
            if shared * 3 >= size * 2:
                return letter
    written = text[start:end]
    if written.strip("()., ") in place_names():
        return "A"
    if _MONEY.search(written) and len(written.split()) < 6:
        return "M"
    if _YEAR.search(written) and len(written.split()) < 4:
        return "Y"
    if _NUMBERS.fullmatch(written):
        return "D"
    return "T" if len(written.split()) > _LONG else "N"


_SEVERAL = re.compile(r"hankke(?:et|ita|ille|issa|ista|iden|isiin)|projekt(?:it|eja|ien)", re.I)


def _told(text: str, block: Block, bodies: Spans[EntityFind]) -> Iterator[str]:
    """What a line tells of: money, years, bodies, unnamed projects, funding."""
    words = text[block.start : block.end]
    if _MONEY.search(words):
        yield "money"
    if _YEAR.search(words):
        yield "year"
    if bodies.beginning_in(block.start, block.end):
        yield "body"
    for match in names.plain_heads().finditer(words):
        head = names.head_of(match.group())
        if head is not None and head.kind != "none":
            yield "project"
            break
    if _SEVERAL.search(words):
        yield "several"
    if re.search(r"rahoit|avustu|\btu(?:ki|kea|en)\b|myön|budjet|kustann", words, re.I):
        yield "funding"
