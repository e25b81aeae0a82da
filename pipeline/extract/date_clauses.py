"""Reads what a date means for a project from the verb, the subject and the joints of its clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline import lexicon
from pipeline.extract.context import Context, several
from pipeline.extract.date_subjects import (
    another_begins,
    cue,
    of_antecedent,
    project_word,
    speaks_of_own_work,
    without_names,
)
from pipeline.extract.finds import DateFind, EntityFind
from pipeline.extract.spans import Spans
from pipeline.records import DateKind

Meaning = tuple[DateKind, str, float]

_JOINT = re.compile(
    r"""
      [;:]\s
    | ,\s (?= ja\b | jo(?:ka|nka|ta|tka|lle)\b | mutta\b | että\b | kun\b | jolloin\b )
    | \s[–—]\s
    | (?<=\d)\s+ja\s
    | \sja\s (?= \w+[yu]{2}\b | (?:päätty|jatku|jatka|kest|loppu)\w )
    """,
    re.VERBOSE,
)
_WHEN = re.compile(r",\s(?:kun|jolloin)\s")
_PAST = re.compile(r"(?:n[uy]t|nee\w*|(?<!päi)v[aä]n?)$")
FAR = 1_000  # characters on either side of a date, of an endless clause, that are looked at
_NEAR = 60  # characters between verb and date within which the reading is sure


def meaning(
    context: Context, item: DateFind, dates: Spans[DateFind], people: Sequence[EntityFind]
) -> Meaning:
    """What a date is by the nearest verb of start, end or period in its clause, and by the subject.

    ``dates`` are all dates of the text, ``people`` the persons named in it.
    """
    text = context.text
    low, high = context.sentence(item.start)
    clause = clause_of(context, item, dates)
    ours = context.names_project(low, high)
    subject = (
        ours
        or cue("subject").search(text, *clause)
        or context.says(cue("subject"), low, high)
        or speaks_of_own_work(text, clause)
    )
    words = without_names(text, clause, context.spans.beginning_in(*clause))
    against = cue("not_subject").search(words)
    section = context.section(item.start)
    own_section = len(context.foreground(section)) == 1
    if not ours and context.says(several(), low, high):
        return "other", "several-projects", 0.5
    participle = _by_participle(context, item)
    if participle is not None:
        return participle, "participle", 0.85
    verbs = sorted(_verbs(context, clause, item, dates))
    nearest = verbs[0] if verbs else None
    if nearest is not None and (subject or own_section) and not against:
        distance, verb, kind = nearest
        if kind == "project_period" and not item.is_range and item.precision == "day":
            return "other", "single-day", 0.5
        told = next((at for far, at, said in verbs if far and said == kind), verb)
        if another_begins(context, told, clause, item, people) or of_antecedent(context, clause):
            return "other", "of-something-else", 0.6
        return _by_bounds(kind, item), "verb-in-clause", 0.9 if distance < _NEAR else 0.8
    precise = item.precision in {"day", "month"} and own_section
    if item.is_range and (subject or precise) and not against:
        return "project_period", "range", 0.75
    if cue("event").search(words):
        return "event", "event", 0.6
    if cue("decision").search(words):
        return "decision", "decision", 0.6
    return "other", "other", 0.5


def kind_by_verb(
    context: Context, item: DateFind, dates: Spans[DateFind], clause: tuple[int, int]
) -> DateKind | None:
    """What the clause's nearest verb of start, end or period makes of a date, whoever's it is."""
    nearest = min(_verbs(context, clause, item, dates), default=None)
    return None if nearest is None else _by_bounds(nearest[2], item)


def _by_bounds(kind: DateKind, item: DateFind) -> DateKind:
    """A date with two ends is a period, one "from" a start, whatever the verb says."""
    if item.is_range:
        return "project_period"
    return "project_start" if item.rule.endswith("-from") else kind


def clause_of(context: Context, item: DateFind, dates: Spans[DateFind]) -> tuple[int, int]:
    """The part of the sentence between joints that the date stands in.

    A clause with "kun" or "jolloin" and no date of its own says what happens at that date.
    """
    text = context.text
    low, high = context.sentence(item.start)
    low, high = max(low, item.start - FAR), min(high, item.end + FAR)
    joints = (m.start() for m in _JOINT.finditer(text, low, high))
    cuts = [low, *(at for at in joints if not _within(context.spans, at)), high]
    start = max(cut for cut in cuts if cut <= item.start)
    later = [cut for cut in cuts if cut >= item.end]
    end = later[0] if later else high
    dated = len(later) > 1 and bool(dates.beginning_in(end, later[1]))
    if len(later) > 1 and _WHEN.match(text, end) and not dated:
        end = later[1]
    return start, end


def _within(names: Spans[EntityFind], position: int) -> bool:
    """Does a name go on at a place where it has begun before?"""
    return any(name.start < position for name in names.touching(position, position + 1))


def _verbs(
    context: Context, clause: tuple[int, int], item: DateFind, dates: Spans[DateFind]
) -> Iterator[tuple[int, int, DateKind]]:
    """Distance, place and kind of each verb of start, end or period in the clause."""
    text = context.text
    kinds: tuple[tuple[str, DateKind], ...] = (
        ("start", "project_start"),
        ("end", "project_end"),
        ("lasting", "project_end"),
        ("ongoing", "project_start"),
        ("period", "project_period"),
    )
    for name, kind in kinds:
        for match in cue(name).finditer(text, *clause):
            if context.spans.touches(match.start(), match.start() + 1):
                continue  # a word of a project's name
            if match.start() < item.end and match.end() > item.start:
                yield 0, match.start(), kind  # the cue is part of the date: "loppuun asti"
                continue
            lasts_to_day = item.precision == "day" and match.group().startswith("kest")
            if name == "lasting" and not (_bounded(item) or item.is_range or lasts_to_day):
                continue  # "jatkuu syksyllä" says no end
            if name == "ongoing" and not item.rule.endswith("-from"):
                continue
            sided = item.is_range or _bounded(item)
            if name == "period" and not sided and cue("ranged").match(text, match.start()):
                continue  # "palvelu toimii myös lokakuussa" says no period
            if (
                kind != "project_period"
                and _PAST.search(match.group())
                and match.start() < item.start
            ):
                continue  # a participle's date stands before it: "maaliskuussa alkanut"
            between = text[min(match.end(), item.end) : max(match.start(), item.start)]
            crossed = len(dates.beginning_in(match.end(), item.start))
            crossed += len(dates.beginning_in(item.end, match.start()))
            behind = 10 if match.start() > item.start else 0
            yield len(between) + 40 * crossed + behind, match.start(), kind


def _bounded(item: DateFind) -> bool:
    """Does the date say from when, or until when: ``vuoden loppuun``, ``elokuusta alkaen``?"""
    return item.rule.endswith(("-from", "-until"))


@cache
def _participle() -> re.Pattern[str]:
    data = lexicon.settings("date_cues")["participles"]
    kinds = "|".join(f"(?P<{kind}>{'|'.join(stems)})" for kind, stems in data.items())
    return re.compile(
        rf"\s(?:[\w-]+n\s){{0,2}}(?:{kinds})\w*\s+(?P<what>[^,.;:()\n]{{2,90}})", re.I
    )


def _by_participle(context: Context, item: DateFind) -> DateKind | None:
    """``maaliskuussa alkanut työ``, ``vuonna 2020 tehty X -esiselvitys``: what it is said of."""
    match = _participle().match(context.text, item.end)
    if match is None:
        return None
    start, end = match.span("what")
    first = re.match(r"(?:[\w-]+(?:inen|isen|ista|ise\w+)\s)?[\w-]+", match["what"])
    if not context.spans.beginning_in(start, end) and not (
        first and project_word(first.group().split()[-1])
    ):
        return None
    for kind, value in _PARTICIPLE_KINDS.items():
        if match[kind]:
            since = item.rule.endswith("-from")
            return "project_period" if item.is_range else "project_start" if since else value
    return None


_PARTICIPLE_KINDS: dict[str, DateKind] = {
    "begun": "project_start",
    "ended": "project_end",
    "done": "project_period",
}
