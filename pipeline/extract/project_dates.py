"""Reads what a date is to a project: its start, its end, its period, or something else."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

import msgspec

from pipeline import lexicon
from pipeline.extract.context import Context, several
from pipeline.extract.finds import DateFind, DurationFind, EntityFind, Find
from pipeline.extract.layout import Field
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
_BRACKETED = re.compile(r"\(\s*$")
_CLAUSE = re.compile(
    r"[;:]\s|,\s(?=ja\b|jo(?:ka|nka|ta|tka|lle)\b|mutta\b|että\b|kun\b)|\s[–—]\s|(?<=\d)\s+ja\s|\sja\s(?=\w+[yu]{2}\b)|\sja\s(?=(?:päätty|jatku|kest))"
)


@cache
def _cue(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(lexicon.settings('date_cues')[name])})\w*", re.IGNORECASE
    )


def find_project_dates(
    context: Context,
    dates: Sequence[DateFind],
    durations: Sequence[DurationFind],
    projects: Sequence[tuple[EntityFind, str]],
    people: Sequence[EntityFind],
) -> list[ProjectDateFind]:
    """Every date with its kind; ends reckoned from a start and a stated length as well."""
    furniture = [b for b in context.page.blocks if b.kind == "furniture"]
    found: list[ProjectDateFind] = []
    for item in dates:
        if item.first is None and item.last is None:
            continue
        if any(b.start <= item.start < b.end for b in furniture):
            continue
        found.append(_read(context, item, dates, projects, people))
    found = _without_coarse_starts(found)
    found += list(_reckoned(context, durations, found))
    return sorted(found, key=lambda find: (find.start, find.end))


def _without_coarse_starts(found: Sequence[ProjectDateFind]) -> list[ProjectDateFind]:
    """A period in years keeps only its end where the start is told more closely elsewhere."""
    starts = [f for f in found if f.kind == "project_start" and f.precision != "year" and f.first]
    kept = []
    for find in found:
        closer = any(
            s.project == find.project and s.first and find.first and s.first.year == find.first.year
            for s in starts
        )
        if find.kind == "project_period" and find.precision == "year" and closer:
            find = msgspec.structs.replace(find, kind="project_end")
        kept.append(find)
    return kept


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
    dates: Sequence[DateFind],
    projects: Sequence[tuple[EntityFind, str]],
    people: Sequence[EntityFind],
) -> ProjectDateFind:
    text = context.text
    inside = next(
        ((m, key) for m, key in projects if m.start <= item.start and item.end <= m.end), None
    )
    if inside is not None:
        programme = context.kinds.get(inside[1]) == "programme" and item.is_range
        return _find(
            item,
            "project_period" if programme else "other",
            inside[1] if programme else None,
            "years-in-name",
            0.7,
        )
    field = next((f for f in context.page.fields if f.start <= item.start < f.end), None)
    if field is not None and field.key in _LABEL_KINDS:
        return _in_label(context, item, field, dates)
    behind = next((m for m, _ in projects if 0 <= item.start - m.end <= 2), None)
    if behind is not None and item.is_range and _BRACKETED.search(text[: item.start]):
        key = next(key for m, key in projects if m is behind)
        return _find(item, "project_period", key, "period-in-brackets", 0.95)
    kind, rule, confidence = _by_words(context, item, dates, people)
    if kind not in {"project_start", "project_end", "project_period"}:
        return _find(item, kind, None, rule, confidence)
    project = context.project_at(item.start, item.end)
    if project is None:
        return _find(item, "other", None, rule, 0.5)
    return _find(item, kind, project, rule, confidence)


def _in_label(
    context: Context, item: DateFind, field: Field, dates: Sequence[DateFind]
) -> ProjectDateFind:
    """``Toteutusaika: 1.9.2022–31.8.2024``, ``Alkaa 1.2.2021 ja päättyy 31.7.2023``."""
    kind = _LABEL_KINDS[field.key or "period"]
    project = context.project_of(field)
    if kind == "project_period" and not item.is_range:
        words = context.text[field.start : item.start]
        rest = context.text[item.end : field.end]
        others = [d for d in dates if field.start <= d.start < field.end]
        if _cue("end").search(words) and not _cue("start").search(words[-20:]):
            kind = "project_end"
        elif _cue("start").search(words) or (len(others) == 2 and others[0] is item):
            kind = "project_start"
        elif len(others) == 2 and others[1] is item:
            kind = "project_end"
        elif _cue("start").search(rest) or re.match(r"\s*(?:alkaen|lähtien|–|-)", rest):
            kind = "project_start"
        in_sentence = context.project_at(item.start, item.end)
        project = in_sentence or project
    return _find(item, kind, project, f"label:{field.key}", 0.95)


def _by_words(
    context: Context, item: DateFind, dates: Sequence[DateFind], people: Sequence[EntityFind]
) -> tuple[DateKind, str, float]:
    """Kind by the nearest verb of start, end or period in the date's clause and its subject."""
    text = context.text
    low, high = context.sentence(item.start)
    sentence = text[low:high]
    joints = (m.start() for m in _CLAUSE.finditer(text, low, high))
    named = [(m.start, m.end) for m, _ in context.mentions]
    cuts = [low, *(at for at in joints if not any(s < at < e for s, e in named)), high]
    start = max(cut for cut in cuts if cut <= item.start)
    end = min((cut for cut in cuts if cut >= item.end), default=high)
    clause = (start, end)
    nearest: list[tuple[int, DateKind]] = []
    kinds: tuple[tuple[str, DateKind], ...] = (
        ("start", "project_start"),
        ("end", "project_end"),
        ("period", "project_period"),
    )
    for name, kind in kinds:
        for match in _cue(name).finditer(text, *clause):
            if match.start() < item.end and match.end() > item.start:
                nearest.append((0, kind))  # the cue is part of the expression: "loppuun asti"
                continue
            past = re.search(r"(?:n[uy]t|nee\w*|v[aä]n?)$", match.group()) is not None
            if past and name != "period" and match.start() < item.start:
                continue  # a participle's date stands before it: "maaliskuussa alkanut"
            between = text[min(match.end(), item.end) : max(match.start(), item.start)]
            crossed = sum(
                1
                for d in dates
                if match.end() <= d.start < item.start or item.end <= d.start < match.start()
            )
            nearest.append(
                (len(between) + 40 * crossed + (10 if match.start() > item.start else 0), kind)
            )
    ours = any(
        m.start >= low and m.start < high
        for m, key in context.mentions
        if context.kinds.get(key) != "programme"
    )
    subject = ours or _cue("subject").search(text, *clause) or _cue("subject").search(sentence)
    words = _without_names(text, clause, named)
    against = _cue("not_subject").search(words)
    worker = any(clause[0] <= p.start < clause[1] for p in people)
    section = context.section(item.start)
    own_section = section != (0, len(text)) and len(context.section_projects(section)) == 1
    if several().search(sentence) and not ours:
        return "other", "several-projects", 0.5
    if nearest and (subject or own_section) and not against:
        distance, kind = min(nearest)
        if kind == "project_period" and not item.is_range and item.precision == "day":
            return "other", "single-day", 0.5
        if (
            worker
            and kind != "project_period"
            and not ours
            and re.search(r"aloit", text[clause[0] : clause[1]])
        ):
            return "other", "person-starts", 0.6
        if item.is_range:
            kind = "project_period"
        return kind, "verb-in-clause", 0.9 if distance < 60 else 0.8
    precise = item.precision in {"day", "month"} and own_section
    if item.is_range and (subject or precise) and not against:
        return "project_period", "range", 0.75
    if _cue("event").search(words):
        return "event", "event", 0.6
    if _cue("decision").search(words):
        return "decision", "decision", 0.6
    return "other", "other", 0.5


def _without_names(text: str, clause: tuple[int, int], named: Sequence[tuple[int, int]]) -> str:
    """The clause's words but for names of projects, which say nothing of its subject."""
    low, high = clause
    inside = sorted((s, e) for s, e in named if low <= s < high)
    kept, at = [], low
    for start, end in inside:
        kept.append(text[at:start])
        at = max(at, end)
    return " ".join([*kept, text[at:high]])


def _reckoned(
    context: Context, durations: Sequence[DurationFind], found: Sequence[ProjectDateFind]
) -> Iterator[ProjectDateFind]:
    """``kolmivuotinen hanke … alkaa 1.1.2024``: the end is the start plus the length."""
    ended = {f.project for f in found if f.kind in {"project_end", "project_period"} and f.last}
    for duration in durations:
        project = context.project_at(duration.start, duration.end)
        if project is None or project in ended or duration.months < 3:
            continue
        low, high = context.sentence(duration.start)
        sentence = context.text[low:high]
        mentioned = any(low <= m.start < high and key == project for m, key in context.mentions)
        if not (
            mentioned
            or _cue("subject").search(sentence)
            or re.search(r"kest|mittai|ajaksi|vuodeksi", sentence)
        ):
            continue
        begun = next(
            (f for f in found if f.project == project and f.kind == "project_start" and f.first),
            None,
        )
        if begun is None or begun.first is None:
            continue
        last = _plus_months(begun.first, duration.months) - timedelta(days=1)
        ended.add(project)
        yield ProjectDateFind(
            start=duration.start,
            end=duration.end,
            rule="date:start-plus-length",
            confidence=0.8,
            kind="project_end",
            first=last,
            last=last,
            precision="month" if begun.precision in {"day", "month"} else begun.precision,
            project=project,
        )


def _plus_months(day: date, months: float) -> date:
    whole = round(months)
    year, month = divmod(day.year * 12 + day.month - 1 + whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
