"""What looks wrong in the announcements, or in our reading of them: the table ``checks``.

Each check is a query for places, with up to two values for its sentence. That something is listed
does not say who erred: the announcement's owner, or a rule of this project.
"""

from __future__ import annotations

import duckdb

from pipeline.tables.answers.funding import CAME_TO_BE, PURSE
from pipeline.tables.checks import CHECKS, Check

# How values are written; facts that belong to projects, with what their checks need of the
# announcement.
_GROUND = r"""
-- A value of a sentence is a pair: as Finnish writes it, and as English does.
CREATE MACRO said(fi, en) AS {'fi': fi, 'en': en};
CREATE MACRO word(x) AS said(x::VARCHAR, x::VARCHAR);
CREATE MACRO digits(x) AS replace(format('{:,.2f}', x), '.00', '');
CREATE MACRO euros(x) AS said(translate(digits(x), ',.', ' ,') || ' €', '€' || digits(x));
CREATE MACRO day(x) AS said(strftime(x, '%-d.%-m.%Y'), strftime(x, '%Y-%m-%d'));
CREATE MACRO period(x, y) AS said(day(x).fi || '–' || day(y).fi, day(x).en || '–' || day(y).en);
CREATE MACRO share(x) AS rtrim(rtrim(format('{:.2f}', x), '0'), '.');
CREATE MACRO percent(x) AS said(replace(share(x), '.', ',') || ' %', share(x) || '%');

-- Asked for again and again: worked out once.
CREATE TABLE made_projects AS SELECT * FROM out_projects;
CREATE OR REPLACE VIEW out_projects AS SELECT * FROM made_projects;
CREATE TABLE checked_identifiers AS
SELECT * FROM out_identifiers WHERE scheme IN ('y_tunnus', 'hankekoodi');

CREATE TABLE checked_dates AS
SELECT f.*, docs.published, p.start_date, p.end_date
FROM out_dates AS f JOIN docs USING (doc_id) LEFT JOIN out_projects AS p USING (project_id)
WHERE f.kind IN ('project_start', 'project_end', 'project_period') AND f.project_id IS NOT NULL;
"""

_PAID = f"""
-- What came to be of an amount is judged beside none. What is granted by nobody named is the whole
-- of what the named grant, and no part beside it.
CREATE TABLE checked_money AS
SELECT b.*, p.total_budget_eur, {PURSE} AS purse,
       b.organisation_id IS NULL AND b.kind IN ('grant', 'share') AS no_part
FROM out_budgets AS b JOIN out_documents AS d USING (doc_id)
LEFT JOIN out_projects AS p USING (project_id)
WHERE b.project_id IS NOT NULL AND coalesce(b.currency, 'EUR') = 'EUR' AND NOT {CAME_TO_BE};
CREATE MACRO together(x, no_part) AS
greatest(sum(x) FILTER (NOT no_part), sum(x) FILTER (no_part));
"""

_MONEY = "SELECT {a}, {b}, 'project', f.project_id, 'budgets', f.doc_id, f.start_char, f.end_char "
_DATES = "SELECT {a}, {b}, 'project', f.project_id, 'dates', f.doc_id, f.start_char, f.end_char "

# Of each check: values a and b, entity, table, place.
_PLACES = {
    "end_before_start": _DATES.format(a='day(f."end")', b="day(s.start)")
    + """
        FROM checked_dates AS f JOIN checked_dates AS s USING (project_id, doc_id)
        WHERE f."end" < s.start AND f.kind <> 'project_start' AND s.kind <> 'project_end'
        QUALIFY row_number() OVER (PARTITION BY f.date_id ORDER BY s.start, s.date_id) = 1""",
    "far_date": _DATES.format(a="word(f.text)", b="word(NULL)")
    + """
        FROM checked_dates AS f
        WHERE f.start < DATE '1990-01-01' OR f."end" < DATE '1990-01-01'
           OR coalesce(f."end", f.start)
              > coalesce(f.published, DATE '2040-01-01') + INTERVAL 20 YEAR""",
    "two_periods": _DATES.format(a="word(f.text)", b="period(f.start_date, f.end_date)")
    + """
        FROM checked_dates AS f
        WHERE f.kind = 'project_period' AND f.precision IN ('day', 'month')
          AND f.start NOT BETWEEN f.start_date - INTERVAL 45 DAY AND f.start_date + INTERVAL 45 DAY
          AND f."end" NOT BETWEEN f.end_date - INTERVAL 45 DAY AND f.end_date + INTERVAL 45 DAY""",
    "grant_above_total": _MONEY.format(a="euros(f.amount)", b="euros(whole.amount)")
    + """
        FROM checked_money AS f JOIN checked_money AS whole USING (project_id)
        WHERE f.kind IN ('grant', 'own') AND whole.kind = 'total'
          AND whole.doc_id = f.doc_id AND f.amount > whole.amount * 1.001
          -- A sum for several projects is no more than their totals together.
          AND f.amount > 1.001 * (SELECT sum(amount) FROM (
              SELECT DISTINCT project_id, amount FROM checked_money AS any_total
              WHERE any_total.kind = 'total' AND any_total.doc_id = f.doc_id))
        QUALIFY row_number() OVER (PARTITION BY f.budget_id ORDER BY whole.amount DESC) = 1""",
    # Of each payer the most, and each amount without one that no other says; what adds up all the
    # others, or those of its purse, is no part beside them.
    "parts_above_total": _MONEY.format(a="euros(f.parts)", b="euros(f.whole)")
    + """
        FROM (
            SELECT project_id, doc_id, sum(parts) AS parts, any_value(whole) AS whole,
                   max(start_char) AS start_char, arg_max(end_char, start_char) AS end_char
            FROM (
                SELECT project_id, doc_id, purse, together(amount, no_part) AS parts,
                       max(amount) AS most, max(start_char) AS start_char,
                       arg_max(end_char, start_char) AS end_char
                FROM (
                    SELECT project_id, doc_id, arg_max(purse, amount) AS purse,
                           bool_or(no_part) AS no_part, max(amount) AS amount,
                           arg_max(start_char, amount) AS start_char,
                           arg_max(end_char, amount) AS end_char,
                           sum(max(amount)) OVER (PARTITION BY project_id, doc_id) AS every,
                           sum(max(amount)) OVER (
                               PARTITION BY project_id, doc_id, arg_max(purse, amount)) AS in_purse
                    FROM checked_money AS one
                    WHERE kind IN ('grant', 'own') AND amount > 0
                      AND (organisation_id IS NOT NULL OR NOT EXISTS (
                          SELECT 1 FROM checked_money AS same
                          WHERE same.project_id = one.project_id AND same.doc_id = one.doc_id
                            AND same.kind IN ('grant', 'own') AND abs(same.amount - one.amount) < 1
                            AND (same.organisation_id IS NOT NULL
                                 OR same.budget_id < one.budget_id)))
                    GROUP BY project_id, doc_id, coalesce(organisation_id, budget_id)
                ) WHERE abs(2 * amount - every) > 1 AND abs(2 * amount - in_purse) > 1
                GROUP BY project_id, doc_id, purse
            ) JOIN (
                SELECT project_id, doc_id, max(amount) AS whole FROM checked_money
                WHERE kind = 'total' GROUP BY ALL
            ) USING (project_id, doc_id)
            GROUP BY project_id, doc_id
            HAVING sum(parts) > any_value(whole) * 1.01 AND max(most) <= any_value(whole) * 1.001
        ) AS f""",
    "two_totals": _MONEY.format(a="euros(f.amount)", b="euros(f.total_budget_eur)")
    + """
        FROM checked_money AS f
        WHERE f.kind = 'total'
          AND abs(f.amount - f.total_budget_eur) > 0.01 * f.total_budget_eur""",
    "shares_above_100": _MONEY.format(a="percent(shares.pct)", b="word(NULL)")
    + """
        FROM checked_money AS f JOIN (
            SELECT project_id, doc_id, sum(pct) AS pct, max(start_char) AS start_char FROM (
                SELECT project_id, doc_id, purse, together(pct, no_part) AS pct,
                       max(start_char) AS start_char
                FROM (
                    SELECT project_id, doc_id, purse, no_part, share_pct AS pct,
                           max(start_char) AS start_char
                    FROM checked_money
                    WHERE kind IN ('share', 'grant', 'own') AND share_pct IS NOT NULL
                    -- Two shares that were given to one payer by mistake are two.
                    GROUP BY project_id, doc_id, purse, no_part, share_pct,
                             coalesce(organisation_id, budget_id)
                ) GROUP BY project_id, doc_id, purse
            ) GROUP BY project_id, doc_id HAVING sum(pct) > 100.5
        ) AS shares USING (project_id, doc_id, start_char)
        WHERE f.share_pct IS NOT NULL""",
    "share_without_payer": _MONEY.format(a="percent(f.share_pct)", b="word(NULL)")
    + """
        FROM checked_money AS f
        WHERE f.kind = 'share' AND f.organisation_id IS NULL AND f.share_pct IS NOT NULL
          -- What the shares of named payers add up to is theirs.
          AND NOT EXISTS (
              SELECT 1 FROM (
                  SELECT max(share_pct) AS pct FROM checked_money AS named
                  WHERE named.project_id = f.project_id AND named.doc_id = f.doc_id
                    AND named.purse IS NOT DISTINCT FROM f.purse
                    AND named.organisation_id IS NOT NULL AND named.share_pct IS NOT NULL
                  GROUP BY named.organisation_id
              ) HAVING abs(sum(pct) - f.share_pct) < 0.5)""",
    # A lead is expected of an announcement that tells two of its project's money, time and staff,
    # and not of one that only mentions it, or looks back on it.
    "no_lead": """
        SELECT word(p.name), word(NULL), 'project', project_id, 'projects',
               doc_id, start_char, end_char
        FROM (
            SELECT project_id, doc_id, count(DISTINCT what) AS kinds FROM (
                SELECT project_id, doc_id, 'money' AS what FROM checked_money
                WHERE kind IN ('total', 'grant', 'own', 'share')
                UNION ALL
                SELECT project_id, doc_id, 'money' FROM out_participations WHERE part = 'funder'
                UNION ALL
                SELECT project_id, doc_id, 'time' FROM checked_dates
                UNION ALL
                SELECT project_id, doc_id, 'staff' FROM out_roles
                WHERE role_code IN ('project_manager', 'director', 'coordinator', 'contact')
            ) WHERE project_id IS NOT NULL GROUP BY ALL HAVING count(DISTINCT what) > 1
        ) JOIN out_projects AS p USING (project_id)
        JOIN (
            SELECT entity_id AS project_id, doc_id, min(start_char) AS start_char,
                   arg_min(end_char, start_char) AS end_char
            FROM out_mentions WHERE entity_type = 'project' GROUP BY ALL
        ) USING (project_id, doc_id)
        WHERE p.kind = 'project' AND project_id NOT IN (
            SELECT project_id FROM out_participations
            WHERE part IN ('lead', 'coordinator', 'implementer') AND project_id IS NOT NULL
            UNION ALL
            SELECT related_project_id FROM out_project_links WHERE relation = 'continues')
        QUALIFY row_number() OVER (
            PARTITION BY project_id ORDER BY kinds DESC, doc_id, start_char) = 1""",
    "bad_y_tunnus": """
        SELECT word(value), word(NULL), entity_type, entity_id, 'identifiers',
               doc_id, start_char, end_char
        FROM checked_identifiers WHERE scheme = 'y_tunnus' AND NOT valid""",
    # EURA, EURA 2007, EAKR and ESR, and the codes of ministries and of the rural programme.
    "unknown_code": r"""
        SELECT word(value), word(NULL), entity_type, entity_id, 'identifiers',
               doc_id, start_char, end_char
        FROM checked_identifiers WHERE scheme = 'hankekoodi'
          AND NOT regexp_full_match(value, '[A-Z]{1,4}[ -]?\d{4,6}|\d{4,7}|\d+([/-]\w+)+')""",
}


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view ``out_checks`` once the facts have their ids."""
    connection.execute(_GROUND)
    connection.execute(_PAID)
    connection.execute(f"CREATE VIEW out_checks AS {' UNION ALL '.join(map(_select, CHECKS))}")


def _select(check: Check) -> str:
    def message(language: str, template: str) -> str:
        told = "'" + template.replace("'", "''") + "'"
        for name in ("a", "b"):
            told = f"replace({told}, '{{{name}}}', coalesce({name}.{language}, '?'))"
        return told

    columns = "a, b, entity_type, entity_id, source_table, doc_id, start_char, end_char"
    return f"""
    SELECT content_id('c', concat_ws('|', '{check.name}', doc_id, start_char::VARCHAR,
                      end_char::VARCHAR, coalesce(entity_id, ''), coalesce(a.fi, ''))) AS check_id,
           '{check.name}' AS "check", '{check.severity}' AS severity,
           entity_type, entity_id, source_table, doc_id, start_char, end_char,
           {message("fi", check.finnish)} AS message_fi,
           {message("en", check.english)} AS message_en
    FROM (SELECT DISTINCT * FROM ({_PLACES[check.name]}) AS found ({columns}))"""
