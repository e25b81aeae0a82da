"""Text as it should have been: one small step per kind of damage."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from pipeline.records import Edit, Repaired
from pipeline.repair.changes import Change, apply
from pipeline.repair.plan import STEPS

__all__ = ["STEPS", "repair", "replay"]

_ROUNDS = 4  # damage under damage under damage


def repair(text: str) -> Repaired:
    """Return ``text`` repaired, with every edit in coordinates of its step's input.

    Clean text comes back as it is, without edits. The steps run again until none of them finds
    anything (an entity may hide a wrong decoding), so repaired text is never repaired further.
    """
    edits: list[Edit] = []
    for _ in range(_ROUNDS):
        before = text
        for name, step in STEPS:
            changes = step(text)
            if changes and edits and edits[-1].step == name:
                continue  # replay tells one run of a step from the next by another between them
            edits += [
                Edit(step=name, start=start, end=end, before=text[start:end], after=after)
                for start, end, after in changes
            ]
            text = apply(text, changes)
        if text == before:
            break
    return Repaired(text=text, edits=tuple(edits))


def replay(text: str, edits: Iterable[Edit]) -> str:
    """Make ``edits`` of a repair again: ``replay(text, repair(text).edits)`` is its text.

    Neighbouring edits of one step share their coordinates. Raises ``ValueError`` when an edit
    does not fit the text.
    """
    for step, group in groupby(edits, key=lambda edit: edit.step):
        changes = []
        for edit in group:
            if text[edit.start : edit.end] != edit.before:
                raise ValueError(
                    f"edit of step {step} at {edit.start}:{edit.end} does not fit this text"
                )
            changes.append(Change(edit.start, edit.end, edit.after))
        text = apply(text, changes)
    return text
