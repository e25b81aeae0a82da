"""The output tables as the comparison reads them: rows of the announcements that have gold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow.parquet as pq

from pipeline.errors import OutputUnusable
from pipeline.scoring.gold import GoldDocument, folded
from pipeline.scoring.pairing import Announced, Row

FACT_TABLES = (
    "dates",
    "roles",
    "participations",
    "budgets",
    "project_areas",
    "project_links",
)
ENTITY_TABLES = {
    "projects": ("project", "project_id"),
    "people": ("person", "person_id"),
    "organisations": ("organisation", "organisation_id"),
    "areas": ("area", "area_id"),
}


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows of every scored announcement.

    ``documents`` by the file name of their source, ``announced`` by ``doc_id``; ``codes`` are the
    areas' codes by ``area_id``.
    """

    documents: Mapping[str, Row]
    announced: Mapping[str, Announced]
    codes: Mapping[str, str | None]


def source_name(source: str) -> str:
    """What gold and outputs share of a source: the file's name, without its folders."""
    return PurePosixPath(source).name


def read_outputs(folder: Path, gold: Sequence[GoldDocument]) -> Scored:
    """Rows of the announcements in ``gold`` from ``folder/tables``.

    Raises ``OutputUnusable`` naming the table that is missing.
    """
    wanted = {source_name(document.source) for document in gold}
    documents = {
        source_name(row["source"]): row
        for row in _rows(folder, "documents")
        if source_name(row["source"]) in wanted
    }
    ids = {row["doc_id"] for row in documents.values()}
    only = [("doc_id", "in", sorted(ids))] if ids else None
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in _rows(folder, "names"):
        names[row["entity_type"], row["entity_id"]].add(folded(row["name"]))
    shown: dict[tuple[str, str], str] = {}
    codes: dict[str, str | None] = {}
    for table, (entity_type, key) in ENTITY_TABLES.items():
        for row in _rows(folder, table):
            shown[entity_type, row[key]] = row["name"]
            names[entity_type, row[key]].add(folded(row["name"]))
            if table == "areas":
                codes[row[key]] = row["code"]
    facts = {table: _by_document(_rows(folder, table, only)) for table in FACT_TABLES}
    mentions = _by_document(_rows(folder, "mentions", only))
    frozen = {key: frozenset(values) for key, values in names.items()}
    announced = {
        doc_id: Announced(
            mentions=_by_entity(mentions.get(doc_id, [])),
            facts={table: facts[table].get(doc_id, []) for table in FACT_TABLES},
            names=frozen,
            shown=shown,
        )
        for doc_id in ids
    }
    return Scored(documents=documents, announced=announced, codes=codes)


def _rows(folder: Path, table: str, only: list[Any] | None = None) -> list[Row]:
    path = folder / "tables" / f"{table}.parquet"
    if not path.is_file():
        raise OutputUnusable(
            f"There is no table {path}. Make the tables first: hankepoimuri run --output {folder}."
        )
    rows: list[Row] = pq.read_table(path, filters=only).to_pylist()
    return rows


def _by_document(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["doc_id"]].append(row)
    return grouped


def _by_entity(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["entity_id"]:
            grouped[row["entity_type"], row["entity_id"]].append(row)
    return grouped
