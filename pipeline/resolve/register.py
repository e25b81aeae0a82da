"""A register of projects beside the announcements: which of its rows are which projects.

The register is a CSV file with the columns ``code,name,lead,start,end,granted_eur`` (others are
left aside), or their Finnish names (``ALIASES``), such as the structural funds' public list. A row
is tied to a project by a code that an announcement gives; else by its name, where the name says
enough or the lead or the period speaks for it, and where only one project and one row are so
called. A row goes by its short name and its acronym, too; these count for less, and only where no
other row has them or the lead speaks for it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from math import inf
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa

from pipeline.errors import PipelineError
from pipeline.read.container_dates import container_date
from pipeline.read.decode import NotText, decode
from pipeline.resolve import normal
from pipeline.resolve.database import offer
from pipeline.resolve.fact_columns import parsed
from pipeline.resolve.register_names import lead_names, project_names
from pipeline.tables.answers.projects import LEADS
from pipeline.tables.arrays import table
from pipeline.tables.exports import EURA

COLUMNS = ("code", "name", "lead", "start", "end", "granted_eur")
NEEDED = ("code", "name")
# What the structural funds' list, and our own in its likeness, call these columns.
ALIASES = {finnish: ours for finnish, ours in EURA.items() if ours in COLUMNS}
DELIMITERS = ",;\t"


class RegisterUnusable(PipelineError):
    """The register is not there, or has a mistake; the message names the line."""

    exit_code = 2


class RegisterRow(msgspec.Struct, frozen=True, order=True):
    """A project as the register has it."""

    code: str
    name: str
    lead: str | None = None
    start: date | None = None
    end: date | None = None
    granted_eur: float | None = None


def read_register(path: Path) -> tuple[RegisterRow, ...]:
    """The rows of a register, sorted. Raises ``RegisterUnusable`` naming file and line."""
    try:
        text = decode(path.read_bytes()).text
    except (OSError, NotText) as error:
        raise RegisterUnusable(f"{path} cannot be read: {error}.") from error
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count)
    )
    header = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = [
        name if ALIASES.get(name) in header else ALIASES.get(name, name) for name in header
    ]
    if missing := set(NEEDED) - set(reader.fieldnames):
        raise RegisterUnusable(f"{path}: columns are missing: {', '.join(sorted(missing))}.")
    rows = set()
    try:
        for cells in reader:
            rows.add(_row({name: (cells.get(name) or "").strip() or None for name in COLUMNS}))
    except (csv.Error, ValueError) as error:
        raise RegisterUnusable(f"{path}, line {reader.reader.line_num}: {error}.") from error
    return tuple(sorted(rows, key=repr))


def _row(cells: dict[str, str | None]) -> RegisterRow:
    if not (cells["code"] and cells["name"]):
        raise ValueError("a row needs a code and a name")
    days = {}
    for name in ("start", "end"):
        days[name] = container_date(cells[name])
        if cells[name] and days[name] is None:
            raise ValueError(f"{name} is {cells[name]!r}, no date")
    amount = cells["granted_eur"]
    granted = parsed("granted_eur", amount, float) if amount else None
    if granted is not None and not 0 <= granted < inf:
        raise ValueError(f"granted_eur is {amount!r}, no amount of money")
    return RegisterRow(cells["code"], cells["name"], cells["lead"], **days, granted_eur=granted)


_SQL = f"""
CREATE VIEW register AS
SELECT * EXCLUDE (leads), string_split(leads, chr(10)) AS lead_norms FROM register_row;

CREATE TABLE project_names AS
SELECT DISTINCT entity.entity_id AS project_id, nm.norm
FROM nm JOIN cluster USING (e) JOIN entity USING (c) WHERE entity.type = 'project';

CREATE TABLE carried_out AS
SELECT DISTINCT f.project_id, f.organisation_id, coalesce(nullif(nm.bare, ''), nm.norm) AS norm
FROM participations AS f
JOIN entity ON entity.entity_id = f.organisation_id
JOIN cluster USING (c) JOIN nm USING (e)
WHERE f.project_id IS NOT NULL AND f.part IN ('lead', 'coordinator', 'implementer');

CREATE TABLE project_leads AS
WITH leads AS (SELECT DISTINCT project_id, organisation_id FROM ({LEADS}))
SELECT project_id, string_agg(DISTINCT o.name, ', ' ORDER BY o.name) AS names,
       list(DISTINCT c.norm) AS norms
FROM leads JOIN organisations AS o USING (organisation_id)
JOIN carried_out AS c USING (project_id, organisation_id) GROUP BY project_id;

-- "Keväällä 2024" leaves days open: a register differs where it names a day outside of them.
CREATE MACRO left_open(precision) AS
CASE precision WHEN 'day' THEN 0 WHEN 'month' THEN 30 WHEN 'season' THEN 183 ELSE 365 END;
CREATE VIEW out_register_matches AS
WITH by_code AS (
    SELECT DISTINCT i.entity_id AS project_id, r.*, 'code' AS matched_by
    FROM out_identifiers AS i JOIN register AS r
      ON upper(replace(i.value, ' ', '')) = upper(replace(r.code, ' ', ''))
    LEFT JOIN project_leads AS leads ON leads.project_id = i.entity_id
    WHERE i.scheme = 'hankekoodi' AND i.entity_type = 'project' AND i.entity_id IS NOT NULL
    -- A register may have a row for each of those who carry a project out: the lead's is meant.
    QUALIFY row_number() OVER (
        PARTITION BY i.entity_id, r.code
        ORDER BY list_has_any(leads.norms, r.lead_norms) DESC NULLS LAST,
                 r.name, r.lead, r.start) = 1
), called AS (
    SELECT *, count(*) OVER (PARTITION BY norm) = 1 AS alone FROM register_name
), named AS (
    SELECT n.project_id, r.*, bool_or(called.whole) AS whole,
           bool_or(telling AND (called.whole OR alone)) AS telling, bool_or(alone) AS alone,
           any_value(p.start_date) AS start_date, any_value(p.end_date) AS end_date,
           bool_or(n.project_id IN (SELECT l.project_id FROM carried_out AS l
                                    WHERE list_contains(r.lead_norms, l.norm))) AS same_lead,
           bool_or(least(abs(date_diff('day', p.start_date, r.start)),
                         abs(date_diff('day', p.end_date, r."end"))) <= 366) AS same_time,
           -- Phases of one project go by one short name: their days tell them apart.
           coalesce(bool_and(abs(date_diff('day', p.start_date, r.start)) <= 92), true)
           AND coalesce(bool_and(abs(date_diff('day', p.end_date, r."end")) <= 92), true) AS near
    FROM project_names AS n JOIN called USING (norm) JOIN register AS r USING (code)
    JOIN out_projects AS p USING (project_id)
    WHERE n.project_id NOT IN (SELECT project_id FROM by_code)
      AND r.code NOT IN (SELECT code FROM by_code)
    GROUP BY ALL
), weighed AS (
    -- Dates that contradict speak against a namesake.
    SELECT *, whole::INT + same_lead::INT + coalesce(same_time, false)::INT AS weight FROM named
    WHERE (telling OR same_lead OR (same_time AND (whole OR alone)))
      AND (coalesce(same_time, true) OR same_lead) AND (whole OR near)
), best AS (
    SELECT * FROM weighed
    QUALIFY weight = max(weight) OVER (PARTITION BY project_id)
        AND weight = max(weight) OVER (PARTITION BY code)
), by_name AS (
    SELECT * FROM best
    QUALIFY count(*) OVER (PARTITION BY project_id) = 1 AND count(*) OVER (PARTITION BY code) = 1
), matched AS (
    SELECT project_id, code, name, lead, start, "end", granted_eur, lead_norms, matched_by
    FROM by_code
    UNION ALL
    SELECT project_id, code, name, lead, start, "end", granted_eur, lead_norms, 'name' FROM by_name
), granted AS (
    SELECT project_id, sum(eur) AS eur FROM funding WHERE granted AND counted GROUP BY project_id
)
SELECT m.project_id, m.code, m.name, m.lead, m.start, m."end", m.granted_eur, m.matched_by,
       nullif(concat_ws('; ',
           CASE WHEN m.start - p.start_date NOT BETWEEN 0 AND left_open(p.start_precision)
                THEN 'start ' || p.start_date || ', register ' || m.start END,
           CASE WHEN p.end_date - m."end" NOT BETWEEN 0 AND left_open(p.end_precision)
                THEN 'end ' || p.end_date || ', register ' || m."end" END,
           CASE WHEN NOT list_has_any(leads.norms, m.lead_norms)
                THEN 'lead ' || leads.names || ', register ' || m.lead END,
           CASE WHEN abs(g.eur - m.granted_eur) > 0.01 * m.granted_eur
                THEN 'granted ' || g.eur::BIGINT || ' €, register '
                || m.granted_eur::BIGINT || ' €' END), '') AS differences
FROM matched AS m
JOIN out_projects AS p USING (project_id)
LEFT JOIN granted AS g USING (project_id)
LEFT JOIN project_leads AS leads USING (project_id);
"""


_NONE = """
CREATE VIEW out_register_matches AS
SELECT '' AS project_id, '' AS code, '' AS name, '' AS lead, NULL::DATE AS start,
       NULL::DATE AS "end", NULL::DOUBLE AS granted_eur, '' AS matched_by, '' AS differences
WHERE false
"""


def build(connection: duckdb.DuckDBPyConnection, rows: Sequence[RegisterRow]) -> None:
    """Make ``register_matches`` once the entities have their ids; empty without a register."""
    if not rows:
        connection.execute(_NONE)
        return
    columns: dict[str, list[object]] = {
        name: [getattr(row, name) for row in rows] for name in COLUMNS
    }
    columns["leads"] = ["\n".join(sorted(lead_names(row.lead or ""))) or None for row in rows]
    kinds = (*[pa.string()] * 3, *[pa.date32()] * 2, pa.float64(), pa.string())
    schema = pa.schema(list(zip(columns, kinds, strict=True)))
    offer(connection, "register_row", table(columns, schema), "TABLE")
    called = [(row.code, *pair) for row in rows for pair in project_names(row.name).items()]
    names: dict[str, list[object]] = {
        "code": [code for code, _, _ in called],
        "norm": [norm for _, norm, _ in called],
        "whole": [whole for _, _, whole in called],
        "telling": [normal.is_distinctive(norm) for _, norm, _ in called],
    }
    kinds = (pa.string(), pa.string(), pa.bool_(), pa.bool_())
    schema = pa.schema(list(zip(names, kinds, strict=True)))
    offer(connection, "register_name", table(names, schema), "TABLE")
    connection.execute(_SQL)
