"""Areas: the same code, or the same name and type, is the same area in every announcement.

Which area lies in which is known of all that have a code (``lexicon/area_tree.csv``), of many
villages (``lexicon/village_municipalities.csv``) and of those that announcements put into a
municipality. The areas around those that announcements name stand in the table, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from pipeline import lexicon
from pipeline.resolve.database import offer
from pipeline.tables.arrays import table

# A name without a code is the coded area of that name and type when there is exactly one.
_SQL = """
CREATE TEMP TABLE area_code AS
SELECT coalesce(subtype, 'other') AS subtype, norm, min(code) AS code
FROM ent WHERE type = 'area' AND code IS NOT NULL
GROUP BY ALL HAVING count(DISTINCT code) = 1;

INSERT INTO keys
SELECT e,
       concat_ws('|', 'area', coalesce(ent.subtype, 'other'),
                 coalesce('#' || ent.code, '#' || area_code.code, ent.norm)),
       CASE WHEN ent.code IS NOT NULL THEN 'area_same_code'
            WHEN area_code.code IS NOT NULL THEN 'area_name_of_code'
            ELSE 'area_same_name' END,
       coalesce(ent.subtype, 'other') || ' ' || coalesce(ent.code, area_code.code, ent.name),
       1
FROM ent
LEFT JOIN area_code
  ON area_code.subtype = coalesce(ent.subtype, 'other') AND area_code.norm = ent.norm
WHERE ent.type = 'area' AND ent.norm <> '';
"""

# ``named_areas`` are those that announcements name. A municipality's parent is its sub-region, that
# one's its region; the id of an area that nobody named is what it would be if somebody did.
_TREE = """
CREATE VIEW tree AS
SELECT type, code, name, nuts3, latitude::DOUBLE AS latitude, longitude::DOUBLE AS longitude,
       CASE type WHEN 'municipality' THEN 'subregion' WHEN 'subregion' THEN 'region' END
           AS parent_type,
       parent, county
FROM area_tree;

-- Former municipalities and villages have no code, but a municipality where the lexicon says so, or
-- where one stands right before them ("Nurmeksen Höljäkkä"); else a region, where it is known.
CREATE TABLE area_mention AS
SELECT ref.entity_id AS area_id, ref.d, f.start_char, f.end_char, f.text, ent.subtype, ent.code
FROM local_mentions AS f JOIN docs USING (rec)
JOIN ent ON ent.e = docs.base + f.entity JOIN ref ON ref.e = ent.e
WHERE f.entity_type = 'area';

CREATE TABLE placed AS
WITH told AS (
    SELECT village.area_id, town.code
    FROM area_mention AS village JOIN area_mention AS town
      ON town.d = village.d AND town.end_char + 1 = village.start_char
    WHERE coalesce(village.subtype, 'other') = 'other' AND town.subtype = 'municipality'
      AND town.code IS NOT NULL AND ends_with(town.text, 'n')
), towns AS (
    SELECT area_id, min(municipality) AS code FROM named_areas JOIN village USING (name)
    WHERE named_areas.type = 'other' GROUP BY area_id HAVING count(DISTINCT municipality) = 1
    UNION ALL
    SELECT area_id, min(code) FROM told
    WHERE area_id NOT IN (SELECT area_id FROM named_areas JOIN village USING (name)
                          WHERE named_areas.type = 'other')
    GROUP BY area_id HAVING count(DISTINCT code) = 1
)
SELECT area_id, 'municipality' AS type, code FROM towns
UNION ALL
SELECT area_id, 'region', min(region) FROM named_areas JOIN place USING (name)
WHERE named_areas.type = 'other' AND area_id NOT IN (SELECT area_id FROM towns)
GROUP BY area_id HAVING count(DISTINCT region) = 1;

CREATE TABLE around AS
WITH RECURSIVE needed AS (
    SELECT type, code FROM named_areas WHERE code IS NOT NULL
    UNION
    SELECT type, code FROM placed
    UNION
    SELECT above.type, above.code FROM needed JOIN (
        SELECT type AS below, code AS below_code, parent_type AS type, parent AS code FROM tree
        UNION ALL
        SELECT type, code, 'wellbeing_county', county FROM tree
    ) AS above ON above.below = needed.type AND above.below_code = needed.code
    WHERE above.code IS NOT NULL
)
SELECT tree.*, coalesce(named.area_id, content_id('a', concat_ws('|', 'area', tree.type,
       '#' || tree.code))) AS area_id, named.area_id IS NULL AS added
FROM needed JOIN tree USING (type, code)
LEFT JOIN (SELECT type, code, min(area_id) AS area_id FROM named_areas GROUP BY ALL) AS named
  USING (type, code);

CREATE VIEW out_areas AS
WITH everything AS (
    SELECT area_id, name, type, code, latitude, longitude FROM named_areas
    UNION ALL
    SELECT area_id, name, type, code, NULL, NULL FROM around WHERE added
)
SELECT one.area_id, one.name, one.type, one.code,
       coalesce(one.latitude, here.latitude) AS latitude,
       coalesce(one.longitude, here.longitude) AS longitude,
       coalesce(parent.area_id, outer_area.area_id) AS parent_id,
       county.area_id AS wellbeing_county_id, coalesce(here.nuts3, outer_area.nuts3) AS nuts3
FROM everything AS one
LEFT JOIN around AS here ON here.type = one.type AND here.code = one.code
LEFT JOIN around AS parent ON parent.type = here.parent_type AND parent.code = here.parent
LEFT JOIN placed ON placed.area_id = one.area_id
LEFT JOIN around AS outer_area ON outer_area.type = placed.type AND outer_area.code = placed.code
LEFT JOIN around AS county ON county.type = 'wellbeing_county' AND county.code = here.county;

CREATE VIEW out_names AS
SELECT * FROM known_names
UNION ALL
SELECT 'area', area_id, name, 'full' FROM around WHERE added;
"""


def add_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the keys that join areas."""
    connection.execute(_SQL)


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``areas`` and ``names`` of ``named_areas`` and ``known_names``."""
    places = [row for row in lexicon.table("places") if row["type"] == "other" and row["region"]]
    _offer(connection, "area_tree", lexicon.table("area_tree"))
    _offer(
        connection,
        "village",
        [
            {"name": row["name"], "municipality": row["municipality"]}
            for row in lexicon.table("village_municipalities")
        ],
    )
    _offer(connection, "place", [{key: row[key] for key in ("name", "region")} for row in places])
    connection.execute(_TREE)


def _offer(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, str]]
) -> None:
    columns = {column: [row[column] or None for row in rows] for column in rows[0]}
    schema = pa.schema([(column, pa.string()) for column in columns])
    offer(connection, name, table(columns, schema), "TABLE")
