"""Text as it should have been: one small step per kind of damage."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from pipeline.records import Edit, Repaired
from pipeline.repair.changes import Change, apply
from pipeline.repair.plan import STEPS

__all__ = ["STEPS", "repair", "replay"]

_ROUNDS = 8  # damage under damage under damage


def repair(text: str) -> Repaired:
    """Return ``text`` repaired, with every edit in coordinates of its step's input.

    Clean text comes back as it is, without edits. The steps run again until none of them finds
    anything (an entity may hide a wrong decoding), so repaired text is never repaired further. Text
    on which they never come to an end comes back as it is, too.
    """
    edits: list[Edit] = []
    repaired = text
    for run in range(_ROUNDS):
        before = repaired
        for name, step in STEPS:
            changes = step(repaired)
            edits += [
                Edit(step=name, run=run, start=a, end=b, before=repaired[a:b], after=after)
                for a, b, after in changes
            ]
            repaired = apply(repaired, changes)
        if repaired == before:
            return Repaired(text=repaired, edits=tuple(edits))
    return Repaired(text=text)


def replay(text: str, edits: Iterable[Edit]) -> str:
    """Make ``edits`` of a repair again: ``replay(text, repair(text).edits)`` is its text.

    Edits of one run of a step share their coordinates. Raises ``ValueError`` when an edit
    does not fit the text.
    """
    for (_, step), group in groupby(edits, key=lambda edit: (edit.run, edit.step)):
        changes = []
        for edit in group:
            if text[edit.start : edit.end] != edit.before:
                raise ValueError(
                    f"edit of step {step} at {edit.start}:{edit.end} does not fit this text"
                )
            changes.append(Change(edit.start, edit.end, edit.after))
        text = apply(text, changes)
    return text
