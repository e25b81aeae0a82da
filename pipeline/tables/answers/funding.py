"""Money, a row an amount, so marked that no sum counts a euro twice."""

from __future__ import annotations

from pipeline.tables.answers.view import PLACE, View, count, day, euros, number, text, truth
from pipeline.tables.codes import BUDGET_KINDS
from pipeline.tables.columns import code

# Why an amount is not counted, in the order the reasons are asked for.
WHY = {
    "no_project": "the announcement ties it to no project",
    "programme": "a programme's money reaches its projects, where it is counted",
    "other": "neither funding nor costs of a project (a fee, a price)",
    "applied": "applied for, not granted",
    "sum_of_projects": "the sum of amounts that stand beside it, of several projects",
    "no_euros": "a share of a total that is not known, or another currency",
    "total": "the whole, whose parts are counted",
    "share": "a share of what its payer's amount says in euros",
    "came_to_be": 'what came to be of an amount that is told beside it ("toteutunut")',
    "repeated": "said again, of the same payer, of one not named, or of another by the same words",
    "superseded": "a later announcement says it anew",
    "sum_of_parts": "the sum of parts that are counted",
    "may_be_part": "of no payer, and less than what is counted: it may be a part of that",
}

# Of rows ``b`` of ``budgets``: what a sum belongs to. A share of the costs that those who carry a
# project out pay themselves is their own money, and no grant.
PURSE = """
CASE WHEN b.kind <> 'share' THEN b.kind
     WHEN EXISTS (SELECT 1 FROM participations AS f
                  WHERE f.project_id = b.project_id AND f.organisation_id = b.organisation_id
                    AND f.part IN ('lead', 'coordinator', 'implementer')) THEN 'own'
     ELSE 'grant' END"""

# Of rows ``b`` of ``budgets`` in ``d`` of ``documents``: "Toteutunut EU-rahoitus: 301 207".
_BEFORE = """substr(d.text, CASE WHEN b.start_char > 60 THEN b.start_char - 59 ELSE 1 END,
                   CASE WHEN b.start_char > 60 THEN 60 ELSE b.start_char END)"""
CAME_TO_BE = f"({_BEFORE} LIKE '%oteutun%' AND {_BEFORE} NOT LIKE '%oteutun%\n%')"

_SQL = f"""
WITH money AS (
    -- What no date is known of is earlier than what has one.
    SELECT b.*, coalesce(d.published, d.updated) AS published,
           coalesce(CAST(coalesce(d.published, d.updated) AS TEXT), '0') || d.doc_id AS said_at,
           p.name AS project, p.kind AS project_kind, o.name AS payer,
           CASE WHEN b.amount IS NOT NULL AND coalesce(b.currency, 'EUR') = 'EUR' THEN b.amount
                WHEN b.amount IS NULL AND b.share_pct IS NOT NULL
                THEN round(b.share_pct * p.total_budget_eur / 100, 2) END AS eur,
           {PURSE} AS purse, {CAME_TO_BE} AS came_to_be
    FROM budgets AS b
    JOIN documents AS d ON d.doc_id = b.doc_id
    LEFT JOIN projects AS p ON p.project_id = b.project_id
    LEFT JOIN organisations AS o ON o.organisation_id = b.organisation_id
), totals AS (
    SELECT project_id, doc_id, min(budget_id) AS total FROM budgets
    WHERE kind = 'total' GROUP BY project_id, doc_id
), beside AS (
    -- What amounts of its kind add up to, one after the other behind it, and before it.
    SELECT a.budget_id, sum(b.eur) OVER run AS reach, count(*) OVER run AS n,
           max(CASE WHEN b.project_id = a.project_id THEN 0 ELSE 1 END) OVER run AS elsewhere
    FROM money AS a
    CROSS JOIN (SELECT 1 AS way UNION ALL SELECT -1) AS ways
    JOIN money AS b ON b.doc_id = a.doc_id AND b.kind = a.kind
     AND way * b.start_char > way * a.start_char
    WHERE a.eur > 0 AND b.eur > 0
    WINDOW run AS (PARTITION BY a.budget_id, way ORDER BY way * b.start_char, b.budget_id
                   ROWS UNBOUNDED PRECEDING)
), sums AS (
    -- What is such a sum here is one in an announcement that tells it alone, too.
    SELECT a.project_id, a.kind, a.eur, coalesce(a.organisation_id, '') AS payer_id,
           max(beside.elsewhere) AS elsewhere
    FROM beside JOIN money AS a ON a.budget_id = beside.budget_id
    WHERE beside.n >= 2 AND abs(beside.reach - a.eur) < 1 GROUP BY 1, 2, 3, 4
), first_look AS (
    SELECT money.*,
           -- Who gives which part of a whole is told beside it, or elsewhere, or nowhere.
           money.purse = 'grant' AND money.organisation_id IS NULL
           OR money.purse <> 'total' AND sums.elsewhere IS NOT NULL AS whole,
           CASE WHEN money.kind = 'other' THEN 'other'
                WHEN money.project_id IS NULL THEN 'no_project'
                WHEN project_kind = 'programme' THEN 'programme'
                WHEN money.kind = 'applied' THEN 'applied'
                WHEN sums.elsewhere = 1 THEN 'sum_of_projects'
                WHEN money.eur IS NULL THEN 'no_euros' END AS out
    FROM money LEFT JOIN sums ON sums.project_id = money.project_id
     AND sums.kind = money.kind AND sums.eur = money.eur
     AND sums.payer_id = coalesce(money.organisation_id, '')
), placed AS (
    SELECT *,
           -- The best saying of an amount names its payer, gives euros, is late and is sure: late
           -- first, so that what is said again never is both repeated and superseded everywhere.
           row_number() OVER (ORDER BY payer IS NULL, kind = 'share', said_at DESC,
                              confidence DESC, budget_id) AS place,
           max(CASE WHEN out IS NULL THEN said_at END)
               OVER (PARTITION BY project_id, kind, coalesce(organisation_id, '')) AS latest
    FROM first_look
), fit AS (
    SELECT * FROM placed WHERE out IS NULL
), second_look AS (
    SELECT one.*,
        CASE WHEN one.out IS NOT NULL THEN one.out
             WHEN one.came_to_be AND EXISTS (
                 SELECT 1 FROM fit WHERE fit.project_id = one.project_id
                 AND fit.doc_id = one.doc_id AND fit.purse = one.purse AND NOT fit.came_to_be)
                 THEN 'came_to_be'
             WHEN one.kind = 'total' THEN
                 CASE WHEN EXISTS (SELECT 1 FROM fit WHERE fit.project_id = one.project_id
                                   AND fit.kind <> 'total') THEN 'total'
                      WHEN EXISTS (SELECT 1 FROM fit WHERE fit.project_id = one.project_id
                                   AND fit.kind = 'total' AND abs(fit.eur - one.eur) < 1
                                   AND fit.place < one.place) THEN 'repeated'
                      WHEN one.said_at < one.latest THEN 'superseded' END
             WHEN one.kind = 'share' AND EXISTS (
                 SELECT 1 FROM fit WHERE fit.project_id = one.project_id
                 AND fit.organisation_id = one.organisation_id AND fit.kind IN ('grant', 'own'))
                 THEN 'share'
             WHEN EXISTS (
                 SELECT 1 FROM fit WHERE fit.project_id = one.project_id AND fit.kind <> 'total'
                 AND abs(fit.eur - one.eur) < 1 AND fit.place < one.place
                 AND (one.organisation_id IS NULL OR fit.organisation_id = one.organisation_id
                      -- One sum that two pay together is said once.
                      OR (fit.doc_id = one.doc_id AND fit.start_char = one.start_char)))
                 THEN 'repeated'
             WHEN NOT one.whole AND one.said_at < one.latest THEN 'superseded'
        END AS left_out
    FROM placed AS one
), beside_parts AS (
    SELECT *, coalesce(sum(CASE WHEN left_out IS NULL AND NOT whole THEN eur END)
                           OVER (PARTITION BY project_id, purse), 0) AS parts
    FROM second_look
), judged AS (
    -- A project has one whole: the latest that is more than its parts. What is left of it counts.
    SELECT *, CASE WHEN whole THEN eur - parts ELSE eur END AS to_count,
           CASE WHEN left_out IS NOT NULL THEN left_out
                WHEN NOT whole THEN NULL
                WHEN said_at < first_value(said_at) OVER best THEN 'superseded'
                WHEN row_number() OVER best > 1 OR eur - parts <= -1 THEN 'may_be_part'
                WHEN parts > 0 AND eur - parts < 1 THEN 'sum_of_parts' END AS why_not
    FROM beside_parts
    WINDOW best AS (PARTITION BY project_id, purse, whole, left_out IS NULL
                    ORDER BY eur > parts DESC, said_at DESC, eur DESC, place)
)
SELECT m.budget_id, m.project_id, m.project, m.kind, m.amount, m.currency, m.share_pct,
       CASE WHEN m.why_not IS NULL THEN m.to_count END, m.eur,
       m.organisation_id, m.payer, m.purse = 'grant', m.why_not IS NULL, m.why_not,
       CASE WHEN m.kind IN ('grant', 'own', 'share')
             AND coalesce(m.why_not, '') NOT IN ('sum_of_projects', 'programme')
            THEN coalesce(near.total, far.total) END,
       m.published, CAST(strftime('%Y', m.published) AS INTEGER), m.text,
       m.doc_id, m.start_char, m.end_char, m.rule, m.confidence
FROM judged AS m
LEFT JOIN totals AS near ON near.project_id = m.project_id AND near.doc_id = m.doc_id
LEFT JOIN (SELECT project_id, min(total) AS total FROM totals GROUP BY project_id) AS far
  ON far.project_id = m.project_id
ORDER BY m.project, m.doc_id, m.start_char, m.budget_id
"""

FUNDING = View(
    name="funding",
    description="Amounts of money, each with whether a sum may count it; `eur` is null where it "
    "may not, so that no sum of it counts a euro twice",
    columns=(
        text("budget_id", "The amount's row in budgets"),
        text("project_id", "Project the money belongs to"),
        text("project", "Its name"),
        code("kind", BUDGET_KINDS, "What the money is, as in budgets"),
        number("amount", "Amount as the text says it", "whole units of currency"),
        text("currency", "ISO 4217 code"),
        number("share_pct", "Share as the text says it", "percent"),
        euros(
            "eur",
            "Euros of a row that is `counted`, else null: add these up; of a grant whose payers "
            "are named in part, what is left of it",
        ),
        euros(
            "said_eur",
            "What the row says, counted or not: the amount in euros; of a share, what it comes to "
            "of the project's total",
        ),
        text("funder_id", "Who pays, where the text says"),
        text("funder", "Its name"),
        truth(
            "granted",
            "Whether it is granted: no costs, nothing only applied for, and not what those who "
            "carry the project out pay themselves",
        ),
        truth("counted", "Whether sums count it"),
        text("why_not", "Why sums leave it out; one of " + ", ".join(f"`{why}`" for why in WHY)),
        text("part_of", "The total (budgets.budget_id) that it is a part of"),
        day("published", "When the announcement was published, or else updated"),
        count("year", "The year of that"),
        text("text", "The expression as it stands in the announcement"),
        *PLACE,
    ),
    sql=_SQL,
)
