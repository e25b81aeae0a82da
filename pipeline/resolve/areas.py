"""Areas: the same code, or the same name and type, is the same area in every announcement."""

from __future__ import annotations

import duckdb

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


def add_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the keys that join areas."""
    connection.execute(_SQL)
