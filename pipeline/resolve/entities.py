"""Clusters become entities: an id, one canonical name, all names, and what is known of each."""

from __future__ import annotations

from functools import partial

import duckdb

from pipeline.resolve import areas
from pipeline.resolve.database import beside, run

MACROS = """
CREATE MACRO content_id(prefix, parts) AS prefix || '-' || left(sha256(parts), 16);
CREATE MACRO part(text) AS coalesce(text, chr(0)) || chr(31);
"""

# The announcement that an entity is first known from: it hardly ever changes as posts are added.
_ANCHOR = """
CREATE TABLE anchor AS
SELECT c, any_value(ent.type) AS type, count(*) AS size,
       arg_min(ent.e, row(coalesce(docs.published, DATE '9999-12-31'), docs.doc_id, ent.no)) AS e
FROM cluster JOIN ent USING (e) JOIN docs USING (d)
GROUP BY c;
"""

# One row for each name of a cluster: its commonest spelling, its commonest kind (the more special
# on a tie), in how many announcements it stands (n) and in how many as the canonical name (own).
_NAMES = """
CREATE TABLE entity_name AS
WITH spelt AS (
    SELECT c, fold, name, count(DISTINCT d) AS n FROM nm JOIN cluster USING (e) GROUP BY ALL
), kinds AS (
    SELECT c, fold, kind, count(DISTINCT d) AS n FROM nm JOIN cluster USING (e) GROUP BY ALL
), spelling AS (
    SELECT c, fold, first(name ORDER BY n DESC, name DESC) AS name FROM spelt GROUP BY c, fold
), sort AS (
    SELECT c, fold, first(kind ORDER BY n DESC, CASE kind WHEN 'acronym' THEN 1 WHEN 'short' THEN 2
                          WHEN 'alias' THEN 3 ELSE 4 END) AS kind
    FROM kinds GROUP BY c, fold
), counted AS (
    SELECT c, nm.fold, count(DISTINCT nm.d) AS n,
           count(DISTINCT nm.d) FILTER (nm.name = ent.name) AS own
    FROM nm JOIN cluster USING (e) JOIN ent USING (e) GROUP BY ALL
)
SELECT * FROM spelling JOIN sort USING (c, fold) JOIN counted USING (c, fold);

CREATE TABLE canonical AS
WITH best AS (SELECT c, max(n) FILTER (kind = 'full') AS n FROM entity_name GROUP BY c)
SELECT c, first(entity_name.name ORDER BY
           kind = 'full' DESC,
           -- Projects and people are called by their fullest names, save one hardly ever used.
           CASE WHEN type IN ('project', 'person') AND entity_name.n * 10 >= best.n
                THEN length(entity_name.name) ELSE 0 END DESC,
           own DESC, entity_name.n DESC, length(entity_name.name) DESC, entity_name.name) AS name
FROM entity_name JOIN anchor USING (c) JOIN best USING (c)
GROUP BY c;
"""

# What an id is made of. Names that identify by themselves make the id alone; a namesake's id also
# holds the announcement it is first known from.
_IDS = """
CREATE TABLE entity AS
WITH firm AS (
    SELECT DISTINCT c FROM keys JOIN cluster USING (e) WHERE rank = 1
), basis AS (
    SELECT anchor.c, anchor.type, canonical.name, docs.doc_id,
        CASE anchor.type
            WHEN 'area' THEN coalesce(area_key.key, 'area|' || ent.norm)
            WHEN 'organisation' THEN part('organisation') || part(own_name.norm)
            WHEN 'project' THEN
                part('project') || part(coalesce(ent.subtype, 'project'))
                || part(ent.phase) || part(ent.norm)
            ELSE part('person') || part(ent.norm)
        END || CASE WHEN anchor.type = 'person' OR firm.c IS NULL THEN part(docs.doc_id)
                    ELSE '' END AS basis,
        ent.no
    FROM anchor
    JOIN ent USING (e) JOIN docs USING (d) JOIN canonical ON canonical.c = anchor.c
    LEFT JOIN firm ON firm.c = anchor.c
    LEFT JOIN (SELECT c, min(key) AS key FROM keys JOIN cluster USING (e)
               WHERE starts_with(key, 'area|') GROUP BY c) AS area_key ON area_key.c = anchor.c
    LEFT JOIN (SELECT c, name, min(norm) AS norm FROM nm JOIN cluster USING (e) GROUP BY ALL)
        AS own_name ON own_name.c = anchor.c AND own_name.name = canonical.name
)
SELECT c, type, name, doc_id,
    content_id(
        CASE type WHEN 'project' THEN 'p' WHEN 'person' THEN 'h' WHEN 'organisation' THEN 'o'
                  ELSE 'a' END,
        CASE WHEN count(*) OVER (PARTITION BY type, basis) > 1
             THEN basis || part(doc_id) || part(no::VARCHAR) ELSE basis END) AS entity_id
FROM basis;

CREATE TABLE ref AS
SELECT ent.e, ent.d, entity.c, entity.type, entity.entity_id
FROM ent JOIN cluster USING (e) JOIN entity USING (c);
"""

_OUT = """
CREATE VIEW known_names AS
SELECT entity.type AS entity_type, entity_id, entity_name.name, kind
FROM entity_name JOIN entity USING (c);

CREATE VIEW out_people AS
SELECT entity_id AS person_id, any_value(entity.name) AS name,
       arg_max(given_name, recency) FILTER (given_name IS NOT NULL) AS given_name,
       arg_max(family_name, recency) FILTER (family_name IS NOT NULL) AS family_name,
       arg_max(degree, recency) FILTER (degree IS NOT NULL) AS degree,
       arg_max(email, recency) FILTER (email IS NOT NULL) AS email,
       arg_max(phone, recency) FILTER (phone IS NOT NULL) AS phone
FROM known JOIN entity USING (c) WHERE entity.type = 'person' GROUP BY entity_id;

CREATE VIEW out_organisations AS
SELECT entity_id AS organisation_id, any_value(entity.name) AS name,
       any_value(acronym.name) AS acronym,
       coalesce(mode(subtype ORDER BY subtype) FILTER (subtype <> 'other'),
                max(subtype)) AS type,
       coalesce(mode(code ORDER BY code), any_value(registered.value)) AS business_id
FROM known JOIN entity USING (c)
LEFT JOIN (SELECT ref.c, mode(value ORDER BY value) AS value
           FROM local_identifiers AS f
           JOIN docs USING (rec) JOIN ref ON ref.e = docs.base + f.entity
           WHERE f.scheme = 'y_tunnus' AND f.valid GROUP BY ref.c) AS registered USING (c)
LEFT JOIN (SELECT c, first(name ORDER BY n DESC, length(name), name) AS name
           FROM entity_name WHERE kind = 'acronym' GROUP BY c) AS acronym USING (c)
WHERE entity.type = 'organisation' GROUP BY entity_id;

CREATE VIEW named_areas AS
SELECT entity_id AS area_id, any_value(entity.name) AS name,
       coalesce(mode(subtype ORDER BY subtype), 'other') AS type,
       mode(code ORDER BY code) AS code,
       arg_max(latitude, recency) FILTER (latitude IS NOT NULL) AS latitude,
       arg_max(longitude, recency) FILTER (longitude IS NOT NULL) AS longitude
FROM known JOIN entity USING (c) WHERE entity.type = 'area' GROUP BY entity_id;

-- Announcements may disagree: the most recently published counts, then the surest reading.
CREATE VIEW out_projects AS
WITH period AS (
    SELECT ref.entity_id, f.*,
           row(coalesce(docs.published, DATE '0001-01-01'), f.confidence, docs.doc_id,
               -f.start_char, f.id) AS recency
    FROM local_dates AS f
    JOIN docs USING (rec) JOIN ref ON ref.e = docs.base + f.project
    WHERE kind IN ('project_start', 'project_end', 'project_period')
), starts AS (
    SELECT entity_id, arg_max(first, recency) AS day, arg_max(precision, recency) AS precision,
           max(recency) AS recency
    FROM period WHERE kind <> 'project_end' AND first IS NOT NULL GROUP BY entity_id
), ends AS (
    SELECT entity_id, arg_max(last, recency) AS day, arg_max(precision, recency) AS precision,
           max(recency) AS recency
    FROM period WHERE kind <> 'project_start' AND last IS NOT NULL GROUP BY entity_id
), spans AS (
    -- Of an end before the start one is misread: the one that counts less is left out.
    SELECT entity_id,
           CASE WHEN starts.day <= ends.day OR starts.recency >= ends.recency
                     OR ends.day IS NULL THEN starts END AS starts,
           CASE WHEN starts.day <= ends.day OR starts.recency < ends.recency
                     OR starts.day IS NULL THEN ends END AS ends
    FROM starts FULL JOIN ends USING (entity_id)
), totals AS (
    SELECT ref.entity_id,
           arg_max(amount, row(coalesce(docs.published, DATE '0001-01-01'), f.confidence,
                               docs.doc_id, -f.start_char, f.id)) AS amount
    FROM local_budgets AS f
    JOIN docs USING (rec) JOIN ref ON ref.e = docs.base + f.project
    WHERE kind = 'total' AND amount IS NOT NULL AND coalesce(currency, 'EUR') = 'EUR'
    GROUP BY ref.entity_id
)
SELECT entity_id AS project_id, entity.name,
       coalesce(kinds.kind, 'project') AS kind,
       starts.day AS start_date, starts.precision AS start_precision,
       ends.day AS end_date, ends.precision AS end_precision, totals.amount AS total_budget_eur
FROM entity
JOIN (SELECT c, max(subtype) AS kind FROM known GROUP BY c) AS kinds USING (c)
LEFT JOIN spans USING (entity_id)
LEFT JOIN totals USING (entity_id)
WHERE entity.type = 'project';
"""

# ``recency`` orders what announcements say: later ones come last.
_KNOWN = """
CREATE TABLE known AS
SELECT cluster.c, ent.* EXCLUDE (name, type),
       row(coalesce(docs.published, DATE '0001-01-01'), docs.doc_id, ent.no) AS recency
FROM ent JOIN cluster USING (e) JOIN docs USING (d);
"""

# For each entity of an announcement the strongest key it shares with others.
_RESOLUTIONS = """
CREATE VIEW out_resolutions AS
WITH reason AS (
    SELECT e, rule, evidence, announcements FROM shared
    QUALIFY row_number() OVER (
        PARTITION BY e ORDER BY rank, announcements DESC, rule, evidence
    ) = 1
)
SELECT ref.type AS entity_type, ref.entity_id, docs.doc_id, ent.key AS local_key, ent.name,
       coalesce(reason.rule, 'alone') AS rule, reason.evidence,
       coalesce(reason.announcements, 1) AS announcements
FROM ref JOIN ent USING (e) JOIN docs ON docs.d = ref.d LEFT JOIN reason USING (e);
"""


def identify(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every cluster its names and its id."""
    for statements in (MACROS, _ANCHOR):
        connection.execute(statements)
    beside(connection, partial(run, _NAMES), partial(run, _KNOWN))
    connection.execute(_IDS)


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the entity tables, ``names`` and ``resolutions`` once everything is clustered."""
    identify(connection)
    for statements in (_OUT, _RESOLUTIONS):
        connection.execute(statements)
    areas.build(connection)
