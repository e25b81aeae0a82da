"""Reads what a date is to a project: its start, its end, its period, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from pipeline.extract.context import Context
from pipeline.extract.date_clauses import clause_of, kind_by_verb, meaning
from pipeline.extract.date_projects import project_of, projects_of_all
from pipeline.extract.date_subjects import cue, project_word
from pipeline.extract.dates import find_dates
from pipeline.extract.finds import DateFind, EntityFind, Find
from pipeline.extract.layout import Field, label_key
from pipeline.extract.spans import Spans
from pipeline.records import DateKind, Precision


class ProjectDateFind(Find, frozen=True, kw_only=True):
    """A date with its meaning; ``project`` is a project's key, ``None`` for other dates."""

    kind: DateKind
    first: date | None
    last: date | None
    precision: Precision
    project: str | None


_LABEL_KINDS: dict[str, DateKind] = {
    "period": "project_period",
    "start": "project_start",
    "end": "project_end",
}
# Right before a date: a bracket, and perhaps a word or an acronym in it.
_BRACKETED = re.compile(r"\((?P<words>[^()\n\d]{0,40}?)$")
_INLINE_LABEL = re.compile(r"(?:^|[.;,]\s|\s[–|]\s)(?P<label>[^\W\d_][\w -]{2,30}):\s*$")


def find_project_dates(
    context: Context,
    dates: Sequence[DateFind],
    projects: Sequence[tuple[EntityFind, str]],
    people: Sequence[EntityFind],
) -> list[ProjectDateFind]:
    """Every date with its kind."""
    spans = Spans(dates)
    found: list[ProjectDateFind] = []
    undated: list[ProjectDateFind] = []
    for item in dates:
        if context.page.on_furniture(item.start):
            continue
        open_ended = item.first is None and item.last is None
        read = _read(context, item, spans, projects, people)
        labelled = read.rule.startswith(("date:label", "date:years-in"))
        every = [] if labelled else _of_every(context, item, spans)
        (undated if open_ended else found).extend(every or [read])
    found += list(_within_years(context.text, undated, found))
    found = _without_coarse_starts(found)
    return sorted(found, key=lambda find: (find.start, find.end))


def _of_every(context: Context, item: DateFind, dates: Spans[DateFind]) -> list[ProjectDateFind]:
    """``Kaikki kolme kokeilua alkoivat vuoden 2017 alussa``: the date of each."""
    clause = clause_of(context, item, dates)
    keys = projects_of_all(context, item, clause)
    if not keys:
        return []
    kind = kind_by_verb(context, item, dates, clause)
    return [_find(item, kind, key, "of-all-projects", 0.8) for key in keys] if kind else []


def _without_coarse_starts(found: Sequence[ProjectDateFind]) -> list[ProjectDateFind]:
    """A period in years keeps only its end where the start is told more closely elsewhere."""
    starts = {
        (f.project, f.first.year)
        for f in found
        if f.kind == "project_start" and f.precision != "year" and f.first
    }
    kept = []
    for find in found:
        closer = find.first is not None and (find.project, find.first.year) in starts
        if find.precision == "year" and closer and find.kind == "project_period":
            find = msgspec.structs.replace(find, kind="project_end")
        elif find.precision == "year" and closer and find.kind == "project_start":
            find = msgspec.structs.replace(find, kind="other", project=None)
        kept.append(find)
    return kept


def _within_years(
    text: str, undated: Sequence[ProjectDateFind], found: Sequence[ProjectDateFind]
) -> Iterator[ProjectDateFind]:
    """``X (2024–2026) käynnistyy tulevana syksynä``: a season or month of the years told."""
    periods = [f for f in found if f.kind == "project_period" and f.precision == "year"]
    for find in undated:
        if find.project is None or find.kind not in {"project_start", "project_end"}:
            continue
        own = [f for f in periods if f.project == find.project]
        years = {f.first if find.kind == "project_start" else f.last for f in own} - {None}
        if len(years) != 1:
            continue
        (year,) = (day.year for day in years if day is not None)
        meant = _in_year(text[find.start : find.end], year)
        if meant is not None:
            yield msgspec.structs.replace(
                find,
                first=meant.first,
                last=meant.last,
                precision=meant.precision,
                rule="date:within-years",
                confidence=0.8,
            )


def _in_year(expression: str, year: int) -> DateFind | None:
    """What the expression means in that year, read from its beginning or from its middle."""
    for month in (1, 7):
        read = find_dates(expression, date(year, month, 1))
        bounds = [day for find in read for day in (find.first, find.last)]
        if len(read) == 1 and all(day is not None and day.year == year for day in bounds):
            return read[0]
    return None


def _find(
    item: DateFind, kind: DateKind, project: str | None, rule: str, confidence: float
) -> ProjectDateFind:
    return ProjectDateFind(
        start=item.start,
        end=item.end,
        rule=f"date:{rule}",
        confidence=confidence,
        kind=kind,
        first=item.first,
        last=item.last,
        precision=item.precision,
        project=project,
    )


def _read(
    context: Context,
    item: DateFind,
    dates: Spans[DateFind],
    projects: Sequence[tuple[EntityFind, str]],
    people: Sequence[EntityFind],
) -> ProjectDateFind:
    text = context.text
    inside = next(
        ((m, key) for m, key in projects if m.start <= item.start and item.end <= m.end), None
    )
    if inside is not None:
        programme = not context.is_project(inside[1]) and item.is_range
        return _find(
            item,
            "project_period" if programme else "other",
            inside[1] if programme else None,
            "years-in-name",
            0.7,
        )
    field = context.page.value_at(item.start)
    if field is not None and field.key in _LABEL_KINDS:
        return _in_label(context, item, field, dates)
    labelled = _inline_label(context, item)
    if labelled is not None:
        project = context.project_at(item.start, item.end)
        if item.rule.endswith("-from") and labelled == "project_period":
            labelled = "project_start"
        if project is not None:
            return _find(item, labelled, project, "label-in-line", 0.85)
    bracket = _BRACKETED.search(text, max(0, item.start - 60), item.start)
    if bracket is not None and (item.is_range or item.precision == "year"):
        opening = bracket.start()
        owner = next(
            (key for m, key in projects if 0 <= opening - m.end <= 1 or m.start < opening < m.end),
            None,
        )
        if owner is not None:
            return _find(item, "project_period", owner, "period-in-brackets", 0.95)
        beside = [
            *re.findall(r"[\w-]+(?=\W*$)", text[max(0, opening - 40) : opening]),
            *re.findall(r"^\)\s([\w-]+)", text[item.end : item.end + 40]),
        ]
        if not bracket["words"] and not any(project_word(word) for word in beside):
            return _find(item, "other", None, "period-of-something", 0.5)
    kind, rule, confidence = meaning(context, item, dates, people)
    if kind not in {"project_start", "project_end", "project_period"}:
        return _find(item, kind, None, rule, confidence)
    project = project_of(context, item, clause_of(context, item, dates))
    if project is None:
        return _find(item, "other", None, rule, 0.5)
    return _find(item, kind, project, rule, confidence)


def _in_label(
    context: Context, item: DateFind, field: Field, dates: Spans[DateFind]
) -> ProjectDateFind:
    """``Toteutusaika: 1.9.2022–31.8.2024``, ``Alkaa 1.2.2021 ja päättyy 31.7.2023``."""
    kind = _LABEL_KINDS[field.key or "period"]
    project = context.project_of(field)
    if kind == "project_period" and not item.is_range:
        words = context.text[field.start : item.start]
        rest = context.text[item.end : field.end]
        others = dates.beginning_in(field.start, field.end)
        if item.rule.endswith("-from") or context.text[item.start : item.end].endswith("alusta"):
            kind = "project_start"
        elif cue("end").search(words) and not cue("start").search(words[-20:]):
            kind = "project_end"
        elif cue("start").search(words) or (len(others) == 2 and others[0] is item):
            kind = "project_start"
        elif len(others) == 2 and others[1] is item:
            kind = "project_end"
        elif cue("start").search(rest) or re.match(r"\s*(?:alkaen|lähtien|–|-)", rest):
            kind = "project_start"
        in_sentence = context.project_at(item.start, item.end)
        project = in_sentence or project
    return _find(item, kind, project, f"label:{field.key}", 0.95)


def _inline_label(context: Context, item: DateFind) -> DateKind | None:
    """``… Aika: 1.8.2023–31.12.2024.``: a label of time within a line."""
    match = _INLINE_LABEL.search(context.text, max(0, item.start - 40), item.start)
    key = label_key(match["label"]) if match else None
    return _LABEL_KINDS.get(key) if key else None
