"""Which project a span speaks of: the signs for and against each, and for none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pipeline.extract.context import Context
from pipeline.extract.surroundings import Signs, Surroundings

NOBODY = None
"""The answer for a project that the text does not name."""


class Discourse:
    """Signs of each project of one announcement for any of its spans."""

    def __init__(self, context: Context, around: Surroundings, sure: Mapping[str, float]) -> None:
        self._context = context
        self._around = around
        self._sure = sure
        self._times = Counter(key for _, key in context.mentions)
        self.keys = list(dict.fromkeys(key for _, key in context.mentions))
        real = [key for key in self.keys if context.kinds.get(key) != "programme"]
        self._real = real
        first = next((b for b in context.page.blocks if b.kind != "furniture"), None)
        self._titled = {
            key for m, key in context.mentions if first and first.start <= m.start < first.end
        }
        self._seen: dict[tuple[int, int], dict[str | None, Signs]] = {}

    def at(self, start: int, end: int) -> Mapping[str | None, Signs]:
        """For each project's key, and for ``NOBODY``, the signs at the span ``start:end``."""
        span = (start, end)
        if span not in self._seen:
            self._seen[span] = self._at(start, end)
        return self._seen[span]

    def names_at(self, position: int) -> bool:
        """Does ``position`` stand within a project's name?"""
        return any(m.start <= position < m.end for m, _ in self._context.mentions)

    def _at(self, start: int, end: int) -> dict[str | None, Signs]:
        context = self._context
        low, high = context.sentence(start)
        block = self._around.block(start)
        section = context.section(start)
        spoken = context.project_at(start, end)
        field = self._around.field(start)
        labelled = context.project_of(field) if field is not None else None
        before = [(m, k) for m, k in context.mentions if m.end <= start]
        after = [(m, k) for m, k in context.mentions if m.start >= end]
        generic = context.generic_head(start) is not None
        heading = context.block(section[0])
        count = len(self._real)
        common: Signs = {
            f"projects_{min(count, 4)}": 1.0,
            "generic_head": float(generic),
            "any_in_sentence": float(any(low <= m.start < high for m, _ in context.mentions)),
        }
        found: dict[str | None, Signs] = {}
        for key in self.keys:
            signs: Signs = dict(common)
            mine = [m for m, k in context.mentions if k == key]
            signs["is_spoken_of"] = float(spoken == key)
            signs["is_labelled"] = float(labelled == key)
            signs["is_main"] = float(context.main == key)
            signs["is_only"] = float(self._real == [key])
            signs["is_programme"] = float(context.kinds.get(key) == "programme")
            signs["in_background"] = float(key in context.background)
            signs["is_part"] = float(key in context.subs)
            signs["in_title"] = float(key in self._titled)
            signs["sure"] = self._sure.get(key, 0.5)
            signs["times"] = float(min(self._times[key], 6))
            signs["same_sentence_before"] = float(
                any(low <= m.start and m.end <= start for m in mine)
            )
            signs["same_sentence_after"] = float(any(end <= m.start < high for m in mine))
            signs["inside_name"] = float(any(m.start <= start and end <= m.end for m in mine))
            signs["last_before"] = float(bool(before) and before[-1][1] == key)
            signs["next_after"] = float(bool(after) and after[0][1] == key)
            signs["first_named"] = float(self.keys[0] == key)
            signs["first_real"] = float(bool(self._real) and self._real[0] == key)
            signs["in_section"] = float(any(section[0] <= m.start < section[1] for m in mine))
            signs["in_heading"] = float(
                any(heading is not None and heading.start <= m.start < heading.end for m in mine)
            )
            signs["in_block"] = float(
                any(block is not None and block.start <= m.start < block.end for m in mine)
            )
            behind = [m for m, k in before if k == key]
            signs["named_before"] = float(bool(behind))
            if behind:
                between = {k for m, k in before if m.start > behind[-1].start and k != key}
                signs["others_between"] = float(min(len(between), 3))
                signs["distance"] = min((start - behind[-1].end) / 300, 3.0)
            found[key] = {sign: value for sign, value in signs.items() if value}
        found[NOBODY] = {
            **{sign: value for sign, value in common.items() if value},
            "nobody": 1.0,
            "nobody_spoken_of": float(spoken is None),
            "surest": max((self._sure.get(k, 0.5) for k in self._real), default=0.0),
        }
        return found
