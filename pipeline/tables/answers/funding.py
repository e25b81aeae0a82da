"""Money, a row an amount, so marked that no sum counts a euro twice."""

from __future__ import annotations

from pipeline.tables.answers.view import PLACE, View, count, day, euros, number, text, truth

# Why an amount is not counted, in the order the reasons are asked for.
WHY = {
    "no_project": "the announcement ties it to no project",
    "programme": "a programme's money reaches its projects, where it is counted",
    "other": "neither funding nor costs of a project (a fee, a price)",
    "applied": "applied for, not granted",
    "sum_of_projects": "the sum of amounts that stand beside it, of several projects",
    "sum_of_parts": "the sum of parts that stand beside it",
    "no_euros": "a share of a total that is not known, or another currency",
    "total": "the whole, whose parts are counted",
    "share": "a share of what its payer's amount says in euros",
    "repeated": "said again, of the same payer, of one not named, or of another by the same words",
    "superseded": "a later announcement says it anew",
}

_SQL = """
WITH money AS (
    -- What no date is known of is earlier than what has one.
    SELECT b.*, coalesce(d.published, d.updated) AS published,
           coalesce(d.published, d.updated, '0') || d.doc_id AS said_at,
           p.name AS project, p.kind AS project_kind, o.name AS payer,
           CASE WHEN b.amount IS NOT NULL AND coalesce(b.currency, 'EUR') = 'EUR' THEN b.amount
                WHEN b.amount IS NULL AND b.share_pct IS NOT NULL
                THEN round(b.share_pct * p.total_budget_eur / 100, 2) END AS eur
    FROM budgets AS b
    JOIN documents AS d ON d.doc_id = b.doc_id
    LEFT JOIN projects AS p ON p.project_id = b.project_id
    LEFT JOIN organisations AS o ON o.organisation_id = b.organisation_id
), wholes AS (
    SELECT project_id, doc_id, min(budget_id) AS whole FROM budgets
    WHERE kind = 'total' GROUP BY project_id, doc_id
), beside AS (
    -- What amounts of its kind add up to, one after the other behind it, and before it.
    SELECT a.budget_id, a.amount, sum(b.amount) OVER behind AS reach, count(*) OVER behind AS n,
           min(b.project_id) OVER behind <> max(b.project_id) OVER behind AS several
    FROM budgets AS a
    JOIN budgets AS b ON b.doc_id = a.doc_id AND b.kind = a.kind AND b.start_char > a.start_char
    WHERE a.amount > 0 AND b.amount > 0 AND b.currency = a.currency
    WINDOW behind AS (PARTITION BY a.budget_id ORDER BY b.start_char, b.budget_id
                      ROWS UNBOUNDED PRECEDING)
    UNION ALL
    SELECT a.budget_id, a.amount, sum(b.amount) OVER before, count(*) OVER before,
           min(b.project_id) OVER before <> max(b.project_id) OVER before
    FROM budgets AS a
    JOIN budgets AS b ON b.doc_id = a.doc_id AND b.kind = a.kind AND b.start_char < a.start_char
    WHERE a.amount > 0 AND b.amount > 0 AND b.currency = a.currency
    WINDOW before AS (PARTITION BY a.budget_id ORDER BY b.start_char DESC, b.budget_id
                      ROWS UNBOUNDED PRECEDING)
), sums AS (
    SELECT budget_id, max(coalesce(several, 0)) AS several FROM beside
    WHERE n >= 2 AND abs(reach - amount) < 1 GROUP BY budget_id
), first_look AS (
    SELECT money.*,
           CASE WHEN money.kind = 'other' THEN 'other'
                WHEN project_id IS NULL THEN 'no_project'
                WHEN project_kind = 'programme' THEN 'programme'
                WHEN money.kind = 'applied' THEN 'applied'
                WHEN sums.several = 1 THEN 'sum_of_projects'
                WHEN sums.several = 0 AND money.kind <> 'total' THEN 'sum_of_parts'
                WHEN eur IS NULL THEN 'no_euros' END AS out
    FROM money LEFT JOIN sums ON sums.budget_id = money.budget_id
), fit AS (
    SELECT *,
           -- The best saying of an amount names its payer, gives euros, is late and is sure: late
           -- first, so that what is said again never is both repeated and superseded everywhere.
           row_number() OVER (ORDER BY payer IS NULL, kind = 'share', said_at DESC,
                              confidence DESC, budget_id) AS place,
           max(said_at)
               OVER (PARTITION BY project_id, kind, coalesce(organisation_id, '')) AS latest
    FROM first_look WHERE out IS NULL
), said AS (
    SELECT one.budget_id,
        CASE WHEN one.kind = 'total' THEN
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
             WHEN one.said_at < one.latest THEN 'superseded'
        END AS out
    FROM fit AS one
)
SELECT money.budget_id, money.project_id, money.project, money.kind, money.amount,
       money.currency, money.share_pct,
       CASE WHEN coalesce(first_look.out, said.out) IS NULL THEN money.eur END, money.eur,
       money.organisation_id, money.payer,
       coalesce(first_look.out, said.out) IS NULL,
       coalesce(first_look.out, said.out),
       CASE WHEN money.kind IN ('grant', 'own', 'share')
             AND coalesce(first_look.out, '') NOT IN ('sum_of_projects', 'programme')
            THEN coalesce(near.whole, far.whole) END,
       money.published, CAST(strftime('%Y', money.published) AS INTEGER), money.text,
       money.doc_id, money.start_char, money.end_char, money.rule, money.confidence
FROM money
JOIN first_look ON first_look.budget_id = money.budget_id
LEFT JOIN said ON said.budget_id = money.budget_id
LEFT JOIN wholes AS near ON near.project_id = money.project_id AND near.doc_id = money.doc_id
LEFT JOIN (SELECT project_id, min(whole) AS whole FROM wholes GROUP BY project_id) AS far
  ON far.project_id = money.project_id
ORDER BY money.project, money.doc_id, money.start_char, money.budget_id
"""

FUNDING = View(
    name="funding",
    description="Amounts of money, each with whether a sum may count it; `eur` is null where it "
    "may not, so that no sum of it counts a euro twice",
    columns=(
        text("budget_id", "The amount's row in budgets"),
        text("project_id", "Project the money belongs to"),
        text("project", "Its name"),
        text("kind", "What the money is, as in budgets"),
        number("amount", "Amount as the text says it", "whole units of currency"),
        text("currency", "ISO 4217 code"),
        number("share_pct", "Share as the text says it", "percent"),
        euros("eur", "Euros of a row that is `counted`, else null: add these up"),
        euros(
            "said_eur",
            "What the row says, counted or not: the amount in euros; of a share, what it comes to "
            "of the project's total",
        ),
        text("funder_id", "Who pays, where the text says"),
        text("funder", "Its name"),
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
