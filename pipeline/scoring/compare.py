"""One announcement's rows beside its gold entries: entities by name, facts by entities and values.

Entities are paired first, one gold entry with one output row, where they share a folded name (the
longest shared name decides). A fact is right when its entities are paired and its values agree.
Required gold facts choose before optional ones; rows left over are extra.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.scoring.facts import FACTS
from pipeline.scoring.gold import GoldDocument
from pipeline.scoring.outcome import Found, Outcome, Verdict
from pipeline.scoring.pairing import Announced, Candidate, Pairing, Wanted, found_in, surest

ENTITY_TABLES = {
    "projects": "project",
    "people": "person",
    "organisations": "organisation",
    "areas": "area",
}


def compare(gold: GoldDocument, rows: Announced) -> list[Outcome]:
    """Verdicts on everything found and wanted in one announcement."""
    pairs = paired(gold, rows)
    outcomes: list[Outcome] = []
    for table, entity_type in ENTITY_TABLES.items():
        outcomes += _entity_outcomes(table, entity_type, gold.source, pairs[table], rows)
    for table, (wanted, found) in FACTS.items():
        outcomes += _fact_outcomes(table, gold.source, wanted(gold, pairs), found(rows, pairs))
    return outcomes


def paired(gold: GoldDocument, rows: Announced) -> dict[str, Pairing]:
    """Of each table of entities which output entity each of gold was found as."""
    return {
        table: Pairing(
            getattr(gold, table),
            {
                key: rows.names.get((kind, key), frozenset())
                for kind, key in rows.mentions
                if kind == entity_type
            },
        )
        for table, entity_type in ENTITY_TABLES.items()
    }


def _entity_outcomes(
    table: str, entity_type: str, source: str, pairing: Pairing, rows: Announced
) -> list[Outcome]:
    def shown(key: str) -> Found:
        best = surest(rows.mentions[entity_type, key])
        return found_in(best, rows.shown.get((entity_type, key), key))

    outcomes = []
    for index, entry in enumerate(pairing.gold):
        key = pairing.by_index.get(index)
        if key is None and entry.optional:
            continue
        verdict: Verdict = "optional" if entry.optional else "missed" if key is None else "hit"
        outcomes.append(
            Outcome(
                table=table,
                source=source,
                verdict=verdict,
                label=entry.names[0],
                found=None if key is None else shown(key),
                wanted=entry.names,
            )
        )
    for key in pairing.extra:
        found = shown(key)
        outcomes.append(
            Outcome(table=table, source=source, verdict="extra", label=found.label, found=found)
        )
    return outcomes


def _fact_outcomes(
    table: str, source: str, wanted: Iterable[Wanted], candidates: Iterable[Candidate]
) -> list[Outcome]:
    left = list(candidates)
    outcomes = []
    for fact in sorted(wanted, key=lambda fact: fact.optional):
        hit = next((candidate for candidate in left if fact.fits(candidate.row)), None)
        if hit is not None:
            left.remove(hit)
        elif fact.optional:
            continue
        outcomes.append(
            Outcome(
                table=table,
                source=source,
                verdict="missed" if hit is None else "optional" if fact.optional else "hit",
                label=fact.label,
                found=None if hit is None else hit.found,
                wanted=fact.names,
            )
        )
    for candidate in left:
        outcomes.append(
            Outcome(
                table=table,
                source=source,
                verdict="extra",
                label=candidate.found.label,
                found=candidate.found,
            )
        )
    return outcomes
