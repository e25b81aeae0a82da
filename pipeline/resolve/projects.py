"""Projects: the same telling name, or the same short name and something more that is shared.

``SILTA`` and ``SILTA 2`` never join: the phase number and the kind are part of every key.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from pipeline.resolve.database import offer
from pipeline.resolve.near import near_pairs
from pipeline.resolve.organisations import register
from pipeline.resolve.ties import Known, Tie, tie_names
from pipeline.tables.arrays import table

# What two announcements may share besides a name: who takes part (not who merely pays), who works
# in it, the code a register gave it, the project (not the programme: hundreds share one) that it
# continues or belongs to.
_CORROBORATION = """
CREATE TEMP TABLE project_ent AS
SELECT e, d, norm, generic, coalesce(subtype, 'project') AS kind,
       coalesce(subtype, 'project') || '|' || phase || '|' AS head
FROM ent WHERE type = 'project' AND norm <> '';

CREATE TEMP TABLE project_corroboration AS
SELECT DISTINCT e, key, what FROM (
    SELECT f.project AS e, 'o' || cluster.c AS key, 'organisation ' || o.name AS what
    FROM participation AS f
    JOIN ent AS o ON o.e = f.organisation JOIN cluster ON cluster.e = o.e
    WHERE f.part <> 'funder' AND coalesce(o.subtype, '') NOT IN ('fund', 'ministry')
    UNION ALL
    SELECT f.project, 'o' || cluster.c, 'organisation ' || o.name
    FROM role AS f
    JOIN ent AS o ON o.e = f.organisation JOIN cluster ON cluster.e = o.e
    UNION ALL
    SELECT f.project, 'p' || person.norm, 'person ' || person.name
    FROM role AS f JOIN ent AS person ON person.e = f.person
    WHERE contains(person.norm, ' ')
    UNION ALL
    SELECT docs.base + f.entity, 'i' || f.scheme || f.value, f.scheme || ' ' || f.value
    FROM local_identifiers AS f JOIN docs USING (rec)
    WHERE f.entity_type = 'project' AND f.scheme IN ('hankekoodi', 'diaarinumero')
    UNION ALL
    SELECT f.project, 'l' || f.relation || '>' || other.norm, f.relation || ' ' || other.name
    FROM link AS f JOIN ent AS other ON other.e = f.related
    WHERE coalesce(other.subtype, 'project') = 'project'
    UNION ALL
    SELECT f.related, 'l' || f.relation || '<' || other.norm, other.name || ' ' || f.relation
    FROM link AS f JOIN ent AS other ON other.e = f.project
    WHERE coalesce(other.subtype, 'project') = 'project'
) WHERE e IS NOT NULL;

CREATE TEMP TABLE project_lead AS
SELECT DISTINCT f.project AS e, cluster.c AS org
FROM participation AS f JOIN cluster ON cluster.e = f.organisation
WHERE f.part = 'lead' AND f.project IS NOT NULL;
"""

# A telling name joins by itself, unless it is short (under four words) and announcements disagree
# about who leads: then it is the name of several projects, and more must be shared.
_STRONG = """
CREATE TEMP TABLE strong AS
SELECT DISTINCT nm.e, p.head || nm.norm AS key, p.kind || ' ' || nm.norm AS evidence,
       length(nm.norm) - length(replace(nm.norm, ' ', '')) + 1 AS words
FROM nm JOIN project_ent AS p USING (e)
WHERE (nm.distinctive OR p.kind = 'programme') AND NOT nm.generic;

CREATE TEMP TABLE disputed AS
WITH votes AS (
    SELECT key, org, count(DISTINCT e) AS n
    FROM strong JOIN project_lead USING (e) WHERE words < 4 GROUP BY key, org
), led AS (
    SELECT key, count(DISTINCT e) AS n
    FROM strong JOIN project_lead USING (e) WHERE words < 4 GROUP BY key
)
SELECT led.key FROM led JOIN votes USING (key)
GROUP BY led.key, led.n HAVING max(votes.n) < 0.75 * led.n;

INSERT INTO keys
SELECT e, 'project|' || key, 'project_same_name', evidence, 1
FROM strong WHERE key NOT IN (SELECT key FROM disputed);
"""

_WEAK = """
INSERT INTO keys
SELECT DISTINCT nm.e, 'project?|' || p.head || nm.bare || '|' || c.key,
       'project_short_name_and_' || CASE c.key[1] WHEN 'o' THEN 'organisation'
           WHEN 'p' THEN 'person' WHEN 'i' THEN 'identifier' ELSE 'link' END,
       nm.bare || ' + ' || c.what, 2
FROM nm JOIN project_ent AS p USING (e) JOIN project_corroboration AS c USING (e)
WHERE nm.bare <> '' AND NOT nm.generic;
"""

# Full names that begin alike, of projects that share something else: candidates for spellings of
# one name.
_NEAR_BLOCKS = """
SELECT list_sort(list_distinct(list(nm.norm)))
FROM nm JOIN project_ent AS p USING (e) JOIN project_corroboration AS c USING (e)
WHERE nm.distinctive AND NOT nm.generic AND nm.kind = 'full'
GROUP BY p.head, c.key, nm.norm[1:4] HAVING count(DISTINCT nm.norm) > 1
"""

_NEAR = """
INSERT INTO keys
SELECT DISTINCT nm.e, 'project~|' || p.head || near.one || '|' || near.other || '|' || c.key,
       'project_near_name_and_more', near.one || ' ~ ' || near.other || ' + ' || c.what, 3
FROM (SELECT one, other, unnest([one, other]) AS norm FROM near) AS near
JOIN nm ON nm.norm = near.norm
JOIN project_ent AS p USING (e) JOIN project_corroboration AS c USING (e)
WHERE nm.distinctive AND NOT nm.generic AND nm.kind = 'full';
"""

# "SILTA" alone is "SILTA – Silta arkeen" elsewhere when one project only begins with that acronym
# and the two don't disagree about who leads.
_PREFIX = """
CREATE TEMP TABLE prefix_owner AS
SELECT p.head || nm.prefix AS key, min(strong.key) AS strong, count(DISTINCT strong.key) AS n
FROM nm JOIN project_ent AS p USING (e) JOIN strong ON strong.e = nm.e
WHERE nm.prefix <> '' AND nm.prefix <> nm.bare AND strong.key = p.head || nm.norm
GROUP BY ALL;

CREATE TEMP TABLE prefix_only AS
SELECT DISTINCT nm.e, prefix_owner.strong
FROM nm JOIN project_ent AS p USING (e)
JOIN prefix_owner ON prefix_owner.key = p.head || nm.bare AND prefix_owner.n = 1
WHERE nm.prefix = nm.bare AND nm.e NOT IN (SELECT e FROM strong)
  AND prefix_owner.strong NOT IN (SELECT key FROM disputed);

INSERT INTO keys
SELECT e, 'project|' || strong, 'project_name_begins_with', split_part(strong, '|', 3), 3
FROM prefix_only
WHERE e NOT IN (SELECT e FROM project_lead)
   OR strong NOT IN (SELECT key FROM strong JOIN project_lead USING (e))
   OR e IN (SELECT mine.e FROM prefix_only AS mine
            JOIN project_lead AS my_lead ON my_lead.e = mine.e
            JOIN strong AS theirs ON theirs.key = mine.strong
            JOIN project_lead AS their_lead ON their_lead.e = theirs.e
            WHERE my_lead.org = their_lead.org);
"""

_KNOWN = """
SELECT head || norm, count(DISTINCT d), NULL, NULL FROM project_ent
WHERE kind = 'programme' AND NOT generic GROUP BY ALL
"""

_TIES = """
SELECT p.head || nm.norm, p.head || p.norm, 'project_known_' || min(nm.kind), count(DISTINCT nm.d)
FROM nm JOIN project_ent AS p USING (e)
WHERE p.kind = 'programme' AND nm.norm <> p.norm AND NOT nm.generic AND NOT p.generic
GROUP BY ALL
"""

_PROGRAMMES = """
INSERT INTO keys
SELECT p.e, 'programme|' || joined.root,
       CASE joined.rule WHEN '' THEN 'project_same_name' ELSE joined.rule END,
       CASE joined.rule WHEN '' THEN p.norm
            ELSE p.norm || ' = ' || split_part(joined.owner, '|', 3) END, 2
FROM project_ent AS p JOIN joined ON joined.name = p.head || p.norm
UNION ALL
SELECT DISTINCT p.e, 'programme|' || joined.root, 'project_same_name', p.norm, 2
FROM project_ent AS p JOIN joined ON joined.root = p.head || p.norm
"""


def add_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the keys that join projects and programmes; organisations must be joined before."""
    for statements in (_CORROBORATION, _STRONG, _WEAK, _PREFIX):
        connection.execute(statements)
    pairs = list(near_pairs(block for (block,) in connection.execute(_NEAR_BLOCKS).fetchall()))
    spelt = {"one": [one for one, _ in pairs], "other": [other for _, other in pairs]}
    offer(connection, "near", table(spelt, pa.schema([(name, pa.string()) for name in spelt])))
    connection.execute(_NEAR)
    known = {
        name: Known(documents) for name, documents, *_ in connection.execute(_KNOWN).fetchall()
    }
    joined, ambiguous = tie_names(
        (Tie(*row) for row in connection.execute(_TIES).fetchall()), known
    )
    register(connection, joined, ambiguous)
    connection.execute(_PROGRAMMES)
