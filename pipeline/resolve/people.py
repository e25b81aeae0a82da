"""People: the same full name and something more that is shared; namesakes stay apart.

A single name ("Aino") never leaves its announcement.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.resolve.components import components
from pipeline.resolve.database import offer
from pipeline.tables.arrays import numbers

# Projects that continue one another, or are parts of one project, are one family. Programmes
# found no family: hundreds of strangers work under one programme.
_FAMILY_LINKS = """
SELECT a.c AS one, b.c AS other
FROM link
JOIN ent AS p ON p.e = link.project JOIN ent AS r ON r.e = link.related
JOIN cluster AS a ON a.e = p.e JOIN cluster AS b ON b.e = r.e
WHERE coalesce(p.subtype, 'project') = 'project' AND coalesce(r.subtype, 'project') = 'project'
"""

# A person's projects are those of the roles; where there are none, the only project the
# announcement names.
_KEYS = """
CREATE TEMP TABLE person_ent AS
SELECT e, d, norm, name, email, phone_digits, family_name
FROM ent WHERE type = 'person' AND contains(norm, ' ');

CREATE TEMP TABLE person_project AS
WITH by_role AS (
    SELECT role.person AS e, role.project
    FROM role JOIN ent AS p ON p.e = role.project
    WHERE coalesce(p.subtype, 'project') = 'project'
), only_one AS (
    SELECT d, min(e) AS project FROM ent
    WHERE type = 'project' AND coalesce(subtype, 'project') = 'project'
    GROUP BY d HAVING count(*) = 1
)
SELECT DISTINCT e, project FROM by_role
UNION
SELECT h.e, only_one.project FROM person_ent AS h JOIN only_one USING (d)
WHERE h.e NOT IN (SELECT e FROM by_role);

INSERT INTO keys
SELECT e, 'person|' || norm || '|d' || d, 'person_same_announcement', name, 1 FROM person_ent
UNION ALL
SELECT DISTINCT h.e, 'person|' || h.norm || '|j' || cluster.c, 'person_name_and_project',
       h.name || ' + project ' || p.name, 2
FROM person_ent AS h
JOIN person_project AS j USING (e) JOIN ent AS p ON p.e = j.project
JOIN cluster ON cluster.e = j.project
UNION ALL
SELECT DISTINCT h.e, 'person|' || h.norm || '|f' || family.f, 'person_name_and_project_family',
       h.name || ' + family of project ' || p.name, 4
FROM person_ent AS h
JOIN person_project AS j USING (e) JOIN ent AS p ON p.e = j.project
JOIN cluster ON cluster.e = j.project JOIN family ON family.c = cluster.c
UNION ALL
SELECT DISTINCT h.e, 'person|' || h.norm || '|o' || cluster.c, 'person_name_and_organisation',
       h.name || ' + organisation ' || o.name, 3
FROM person_ent AS h
JOIN role ON role.person = h.e
JOIN ent AS o ON o.e = role.organisation
JOIN cluster ON cluster.e = o.e
UNION ALL
SELECT e, 'person|' || norm || '|e' || lower(email), 'person_name_and_email',
       name || ' + ' || email, 2
FROM person_ent WHERE email IS NOT NULL
UNION ALL
-- "Anna" and "Anna-Maija" with one address that holds their family name.
SELECT e, 'person@|' || lower(email) || '|' || family, 'person_family_name_and_email',
       name || ' + ' || email, 3
FROM (
    SELECT *, strip_accents(lower(replace(family_name, '-', ''))) AS family,
           replace(replace(split_part(lower(email), '@', 1), '-', ''), '.', '') AS mailbox
    FROM person_ent WHERE email IS NOT NULL AND length(family_name) >= 4
) WHERE contains(strip_accents(mailbox), family)
UNION ALL
SELECT e, 'person|' || norm || '|t' || phone_digits, 'person_name_and_phone',
       name || ' + phone', 2
FROM person_ent WHERE phone_digits IS NOT NULL;
"""


def add_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the keys that join people; organisations and projects must be joined before."""
    links = connection.execute(_FAMILY_LINKS).fetchnumpy()
    one = np.asarray(links["one"], dtype=np.int64)
    other = np.asarray(links["other"], dtype=np.int64)
    (size,) = connection.execute("SELECT count(*) FROM ent").fetchall()[0]
    pairs = np.concatenate([one, other])
    labels = components(pairs, np.tile(np.arange(len(one)), 2), size)
    linked = np.unique(pairs)
    columns = [numbers(linked), numbers(labels[linked])]
    offer(connection, "family", pa.Table.from_arrays(columns, names=["c", "f"]))
    connection.execute(_KEYS)
