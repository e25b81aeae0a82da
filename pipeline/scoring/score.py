"""Scores a run: every announcement with gold compared, each error set in its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from pipeline.scoring.compare import compare, paired
from pipeline.scoring.gold import GoldDocument, folded, load_gold
from pipeline.scoring.outcome import Outcome
from pipeline.scoring.outputs import FACT_TABLES, Scored, read_outputs, source_name
from pipeline.scoring.pairing import Announced, Pairing, Row

_SENTENCE_END = re.compile(r"\n+|(?<=[.!?])\s+(?=[A-ZÅÄÖ”\"–])")
# An inflected name shares its beginning with the nominative, but for the last letters.
_STEM = 0.75


class Score(msgspec.Struct, frozen=True):
    """The outcomes of all announcements with gold, and checks as ``name: (right, of)``."""

    outcomes: list[Outcome]
    checks: dict[str, tuple[int, int]]


def score(outputs: Path, gold: Path) -> Score:
    """Compare the tables under ``outputs`` with the gold files in ``gold``.

    Raises ``OutputUnusable`` where tables or gold are missing.
    """
    documents = load_gold(gold)
    scored = read_outputs(outputs, documents)
    nothing = Announced(mentions={}, facts=dict.fromkeys(FACT_TABLES, ()), names={}, shown={})
    outcomes: list[Outcome] = []
    checks: dict[str, list[bool]] = {}
    for document in documents:
        row = scored.documents.get(source_name(document.source))
        rows = scored.announced[row["doc_id"]] if row else nothing
        text = (row["text"] or "") if row else ""
        found = compare(document, rows)
        outcomes += [_in_sentence(outcome, text, rows) for outcome in found]
        for name, right in _checks(document, row, rows, scored):
            checks.setdefault(name, []).append(right)
    return Score(outcomes, {name: (sum(is_), len(is_)) for name, is_ in sorted(checks.items())})


def _checks(
    gold: GoldDocument, row: Row | None, rows: Announced, scored: Scored
) -> Iterator[tuple[str, bool]]:
    """What is asked of the announcement itself, of its areas' codes and of where roles are held."""
    yield "document present", row is not None
    if row is None:
        return
    yield "status", row["status"] == gold.status
    yield "language", row["language"] == gold.language
    for column, wanted in (("published", gold.published), ("updated", gold.updated)):
        if wanted:
            yield column, _day(row[column]) == wanted
    pairs = paired(gold, rows)
    for index, key in pairs["areas"].by_index.items():
        if code := gold.areas[index].code:
            yield "area code", scored.codes.get(key) == code
    yield from role_ties(gold, rows, pairs)


def role_ties(
    gold: GoldDocument, rows: Announced, pairs: Mapping[str, Pairing]
) -> Iterator[tuple[str, bool]]:
    """Whether roles that gold requires and that were found are in its project, with its body.

    Where gold has none, none is right; what gold calls optional is right, too.
    """
    for found in rows.facts["roles"]:
        told = [
            role
            for role in gold.roles
            if pairs["people"].is_at(role.person, found["person_id"])
            and folded(found["role"]) in map(folded, role.role)
        ]
        if all(role.optional for role in told):
            continue
        for table, field in (("projects", "project"), ("organisations", "organisation")):
            names = [getattr(role, field) for role in told]
            right = {name and (pairs[table].id_of(name) or "not found") for name in names}
            yield f"{field} of a role", found[f"{field}_id"] in right


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _in_sentence(outcome: Outcome, text: str, rows: Announced) -> Outcome:
    """The outcome with its sentence and the rules that fired there; only errors need it."""
    if outcome.verdict not in ("extra", "missed"):
        return outcome
    span = (outcome.found.start, outcome.found.end) if outcome.found else _place(text, outcome)
    if span is None:
        return outcome
    start, end = sentence_around(text, *span)
    return msgspec.structs.replace(
        outcome,
        sentence=" ".join(text[start:end].split()),
        nearby=tuple(sorted(set(_rules_within(rows, start, end)))),
    )


def _place(text: str, outcome: Outcome) -> tuple[int, int] | None:
    """Where a wanted name, or most of it, first stands in the text."""
    lowered = text.lower()
    for share in (1.0, _STEM):
        for name in outcome.wanted:
            stem = name.lower()[: max(4, round(len(name) * share))]
            at = lowered.find(stem)
            if at >= 0:
                return at, at + len(stem)
    return None


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence, or line, that holds ``text[start:end]``, as offsets."""
    low, high = 0, len(text)
    for boundary in _SENTENCE_END.finditer(text):
        if boundary.end() <= start:
            low = boundary.end()
        elif boundary.start() >= end:
            high = boundary.start()
            break
    return low, high


def _rules_within(rows: Announced, start: int, end: int) -> Iterator[str]:
    groups: list[Sequence[Row]] = [*rows.facts.values(), *rows.mentions.values()]
    for group in groups:
        for row in group:
            if start <= row["start_char"] < end and row["rule"]:
                yield row["rule"]
