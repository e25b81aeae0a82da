"""Which project a span speaks of: the signs for and against each, and for none."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from pipeline.extract.context import Context
from pipeline.extract.layout import Block
from pipeline.extract.relations.pairs import merged
from pipeline.extract.surroundings import Signs, Surroundings

NOBODY = None
"""The answer for a project that the text does not name."""
MOST = 16  # projects that are thought of at a place: the nearest, and those the text is about
NEAREST = 40  # mentions on either side that are looked at for them

Span = tuple[int, int]


class Discourse:
    """Signs of each project of one announcement for any of its spans."""

    def __init__(self, context: Context, around: Surroundings, sure: Mapping[str, float]) -> None:
        self._context = context
        self._around = around
        self._sure = sure
        self._every = _Places([(m.start, m.end) for m, _ in context.mentions])
        self._at_mention = [key for _, key in context.mentions]
        self.keys = list(dict.fromkeys(self._at_mention))
        spans: dict[str, list[Span]] = {key: [] for key in self.keys}
        for mention, key in context.mentions:
            spans[key].append((mention.start, mention.end))
        self._places = {key: _Places(of) for key, of in spans.items()}
        self._real = [key for key in self.keys if context.is_project(key)]
        first = next(iter(context.page.shown), None)
        self._of_page = {key: dict(self._standing(key, first)) for key in self.keys}
        self._seen: dict[Span, dict[str | None, Signs]] = {}

    def at(self, start: int, end: int) -> Mapping[str | None, Signs]:
        """For projects' keys, and for ``NOBODY``, the signs at the span ``start:end``.

        Where the text names many projects, only those that the place may speak of.
        """
        span = (start, end)
        if span not in self._seen:
            self._seen[span] = self._at(start, end)
        return self._seen[span]

    def names_at(self, position: int) -> bool:
        """Does ``position`` stand within a project's name?"""
        return self._every.covers(position, position + 1)

    def _standing(self, key: str, first: Block | None) -> Iterator[tuple[str, float]]:
        """What holds of a project wherever it is asked for."""
        context, places = self._context, self._places[key]
        yield "is_main", float(context.main == key)
        yield "is_only", float(self._real == [key])
        yield "is_programme", float(not context.is_project(key))
        yield "in_background", float(key in context.background)
        yield "is_part", float(key in context.subs)
        yield "in_title", float(first is not None and places.begins_in(first.start, first.end))
        yield "sure", self._sure.get(key, 0.5)
        yield "times", float(min(len(places.starts), 6))
        yield "first_named", float(self.keys[0] == key)
        yield "first_real", float(self._real[:1] == [key])

    def _at(self, start: int, end: int) -> dict[str | None, Signs]:
        context = self._context
        sentence = context.sentence(start)
        block = self._around.page.block(start)
        section = context.section(start)
        heading = context.page.block(section[0])
        spoken = context.project_at(start, end)
        field = self._around.page.field_at(start)
        labelled = context.project_of(field) if field is not None else None
        before, after = self._every.before(start), self._every.after(end)
        last = self._at_mention[before - 1] if before else None
        following = self._at_mention[after] if after < len(self._at_mention) else None
        common: Signs = {
            f"projects_{min(len(self._real), 4)}": 1.0,
            "generic_head": float(context.generic_head(start) is not None),
            "any_in_sentence": float(self._every.begins_in(*sentence)),
        }
        found: dict[str | None, Signs] = {}
        for key in self._thought_of((spoken, labelled), before, after):
            places = self._places[key]
            signs: Signs = common | self._of_page[key]
            signs["is_spoken_of"] = float(spoken == key)
            signs["is_labelled"] = float(labelled == key)
            signs["same_sentence_before"] = float(places.between(sentence[0], start))
            signs["same_sentence_after"] = float(places.begins_in(end, sentence[1]))
            signs["inside_name"] = float(places.covers(start, end))
            signs["last_before"] = float(last == key)
            signs["next_after"] = float(following == key)
            signs["in_section"] = float(places.begins_in(*section))
            signs["in_heading"] = float(
                heading is not None and places.begins_in(heading.start, heading.end)
            )
            signs["in_block"] = float(
                block is not None and places.begins_in(block.start, block.end)
            )
            behind = places.before(start)
            signs["named_before"] = float(behind > 0)
            if behind:
                others = self._others(key, places.starts[behind - 1], before)
                signs["others_between"] = float(others)
                signs["distance"] = min((start - places.ends[behind - 1]) / 300, 3.0)
            found[key] = {sign: value for sign, value in signs.items() if value}
        found[NOBODY] = {
            **{sign: value for sign, value in common.items() if value},
            "nobody": 1.0,
            "nobody_spoken_of": float(spoken is None),
            "surest": max((self._sure.get(k, 0.5) for k in self._real), default=0.0),
        }
        return found

    def _thought_of(self, told: Sequence[str | None], before: int, after: int) -> Sequence[str]:
        """The projects that a place may speak of: all, or of many those named nearest."""
        if len(self.keys) <= MOST:
            return self.keys
        chosen = dict.fromkeys(key for key in (*told, self._context.main) if key is not None)
        left = self._at_mention[max(0, before - NEAREST) : before][::-1]
        right = self._at_mention[after : after + NEAREST]
        for number in range(NEAREST):
            for side in (left, right):
                if number < len(side) and len(chosen) < MOST:
                    chosen.setdefault(side[number])
        return [key for key in self.keys if key in chosen]

    def _others(self, key: str, since: int, before: int) -> int:
        """How many other projects are named between a mention and the place; three are many."""
        between: set[str] = set()
        enough = min(3, len(self.keys) - 1)
        for number in range(before - 1, -1, -1):
            if self._every.starts[number] <= since or len(between) == enough:
                break
            if self._at_mention[number] != key:
                between.add(self._at_mention[number])
        return len(between)


def at_any_place(
    links: Sequence[Mapping[str | None, Signs]], keys: Sequence[str]
) -> dict[str | None, Signs]:
    """For each project that any of several places may speak of the signs of all; last ``NOBODY``.

    ``links`` are what ``Discourse.at`` gives at each place, ``keys`` its keys.
    """
    return {
        key: merged(at[key] for at in links if key in at)
        for key in (*keys, NOBODY)
        if any(key in at for at in links)
    }


class _Places:
    """Spans in text order that share no words."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]

    def before(self, position: int) -> int:
        """How many end by ``position``."""
        return bisect_right(self.ends, position)

    def after(self, position: int) -> int:
        """The number of the first that begins at ``position`` or later."""
        return bisect_left(self.starts, position)

    def begins_in(self, low: int, high: int) -> bool:
        """Does any begin there?"""
        return bisect_left(self.starts, low) < bisect_left(self.starts, high)

    def between(self, low: int, high: int) -> bool:
        """Does any stand whole there?"""
        return bisect_left(self.starts, low) < bisect_right(self.ends, high)

    def covers(self, start: int, end: int) -> bool:
        """Does any hold that span?"""
        number = bisect_right(self.starts, start) - 1
        return number >= 0 and end <= self.ends[number]
