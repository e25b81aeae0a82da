"""Reads what a date means for a project from the verb, the subject and the joints of its clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Token

from pipeline import lexicon
from pipeline.extract.context import Context, several
from pipeline.extract.finds import DateFind, EntityFind
from pipeline.extract.projects import names
from pipeline.records import DateKind

Meaning = tuple[DateKind, str, float]

_JOINT = re.compile(
    r"""
      [;:]\s
    | ,\s (?= ja\b | jo(?:ka|nka|ta|tka|lle)\b | mutta\b | että\b | kun\b | jolloin\b )
    | \s[–—]\s
    | (?<=\d)\s+ja\s
    | \sja\s (?= \w+[yu]{2}\b | (?:päätty|jatku|kest) )
    """,
    re.VERBOSE,
)
_WHEN = re.compile(r",\s(?:kun|jolloin)\s")
_PAST = re.compile(r"(?:n[uy]t|nee\w*|v[aä]n?)$")
_NEAR = 60  # characters between verb and date within which the reading is sure


@cache
def cue(name: str) -> re.Pattern[str]:
    """Words of ``lexicon/date_cues.toml``'s list ``name``, at the beginning of a word."""
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(lexicon.settings('date_cues')[name])})\w*", re.IGNORECASE
    )


def meaning(
    context: Context, item: DateFind, dates: Sequence[DateFind], people: Sequence[EntityFind]
) -> Meaning:
    """What a date is by the nearest verb of start, end or period in its clause, and by the subject.

    ``dates`` are all dates of the text, ``people`` the persons named in it.
    """
    text = context.text
    low, high = context.sentence(item.start)
    sentence = text[low:high]
    clause = _clause(context, item, dates)
    named = [(m.start, m.end) for m, _ in context.mentions]
    ours = any(
        low <= m.start < high
        for m, key in context.mentions
        if context.kinds.get(key) != "programme"
    )
    subject = ours or cue("subject").search(text, *clause) or cue("subject").search(sentence)
    words = _without_names(text, clause, named)
    against = cue("not_subject").search(words)
    section = context.section(item.start)
    own_section = section != (0, len(text)) and len(context.section_projects(section)) == 1
    if several().search(sentence) and not ours:
        return "other", "several-projects", 0.5
    told = _by_participle(context, item)
    if told is not None:
        return told, "participle", 0.85
    nearest = min(_verbs(text, clause, item, dates), default=None)
    if nearest is not None and (subject or own_section) and not against:
        distance, verb, kind = nearest
        if kind == "project_period" and not item.is_range and item.precision == "day":
            return "other", "single-day", 0.5
        if distance and _another_begins(context, verb, clause, item, people):
            return "other", "of-something-else", 0.6
        if item.is_range:
            kind = "project_period"
        elif item.rule.endswith("-from"):
            kind = "project_start"
        return kind, "verb-in-clause", 0.9 if distance < _NEAR else 0.8
    precise = item.precision in {"day", "month"} and own_section
    if item.is_range and (subject or precise) and not against:
        return "project_period", "range", 0.75
    if cue("event").search(words):
        return "event", "event", 0.6
    if cue("decision").search(words):
        return "decision", "decision", 0.6
    return "other", "other", 0.5


def _clause(context: Context, item: DateFind, dates: Sequence[DateFind]) -> tuple[int, int]:
    """The part of the sentence between joints that the date stands in.

    A clause with "kun" or "jolloin" and no date of its own says what happens at that date.
    """
    text = context.text
    low, high = context.sentence(item.start)
    named = [(m.start, m.end) for m, _ in context.mentions]
    joints = (m.start() for m in _JOINT.finditer(text, low, high))
    cuts = [low, *(at for at in joints if not any(s < at < e for s, e in named)), high]
    start = max(cut for cut in cuts if cut <= item.start)
    later = [cut for cut in cuts if cut >= item.end]
    end = later[0] if later else high
    dated = len(later) > 1 and any(end <= d.start < later[1] for d in dates)
    if len(later) > 1 and _WHEN.match(text, end) and not dated:
        end = later[1]
    return start, end


def _verbs(
    text: str, clause: tuple[int, int], item: DateFind, dates: Sequence[DateFind]
) -> Iterator[tuple[int, int, DateKind]]:
    """Distance, place and kind of each verb of start, end or period in the clause."""
    kinds: tuple[tuple[str, DateKind], ...] = (
        ("start", "project_start"),
        ("end", "project_end"),
        ("lasting", "project_end"),
        ("period", "project_period"),
    )
    for name, kind in kinds:
        for match in cue(name).finditer(text, *clause):
            if match.start() < item.end and match.end() > item.start:
                yield 0, match.start(), kind  # the cue is part of the date: "loppuun asti"
                continue
            lasts_to_day = item.precision == "day" and match.group().startswith("kest")
            if name == "lasting" and not (_bounded(item) or item.is_range or lasts_to_day):
                continue  # "jatkuu syksyllä" says no end
            if (
                kind != "project_period"
                and _PAST.search(match.group())
                and match.start() < item.start
            ):
                continue  # a participle's date stands before it: "maaliskuussa alkanut"
            between = text[min(match.end(), item.end) : max(match.start(), item.start)]
            crossed = sum(
                match.end() <= d.start < item.start or item.end <= d.start < match.start()
                for d in dates
            )
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
    if not any(start <= m.start < end for m, _ in context.mentions) and not (
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


def _another_begins(
    context: Context,
    verb: int,
    clause: tuple[int, int],
    item: DateFind,
    people: Sequence[EntityFind],
) -> bool:
    """Is it a person, a course or a group that begins or ends, not the project?"""
    text = context.text
    if any(clause[0] <= p.start < clause[1] for p in people) and re.match(r"aloit", text[verb:]):
        return True
    if not cue("intransitive").match(text, verb):
        return False
    subject = _subject(context, verb, clause, item, people)
    return subject is not None and not (
        project_word(subject.text)
        or any(m.start <= subject.idx < m.end for m, _ in context.mentions)
    )


def _subject(
    context: Context,
    verb: int,
    clause: tuple[int, int],
    item: DateFind,
    people: Sequence[EntityFind],
) -> Token | None:
    """The nominative noun or pronoun nearest to the verb, those before it first.

    ``None`` for a pronoun, and where a project's name stands before the verb in the nominative.
    """
    if any(clause[0] <= m.start < verb and _nominative(context, m) for m, _ in context.mentions):
        return None
    barred = [(item.start, item.end), *((p.start, p.end) for p in people)]
    before: Token | None = None
    for token in context.doc.char_span(*clause, alignment_mode="contract") or ():
        if token.idx > verb and token.text == ",":
            break
        if token.pos_ not in {"NOUN", "PROPN", "PRON"} or "Nom" not in token.morph.get("Case", []):
            continue
        if any(s <= token.idx < e for s, e in barred) or cue("no_noun").match(token.text):
            continue
        if token.pos_ == "PRON" and token.idx > verb:
            continue
        if token.idx < verb:
            before = token
        else:
            before = before or token
            break
    return None if before is None or before.pos_ == "PRON" else before


def _nominative(context: Context, mention: EntityFind) -> bool:
    """Is a project named without a head, or with one in the nominative?"""
    last = context.text[mention.start : mention.end].rstrip(")").split("-")[-1].split()[-1]
    return names.head_of(last) is None or last.casefold().endswith(names.NOMINATIVES)


def project_word(word: str) -> bool:
    """A word for a project, a part of it, or its work: ``kehittämistyö``, ``jatkohankkeen``."""
    head = names.head_of(word)
    return (head is not None and head.kind != "none") or (
        cue("subject").match(word) is not None or _ending().search(word) is not None
    )


@cache
def _ending() -> re.Pattern[str]:
    endings = "|".join(lexicon.settings("date_cues")["subject_endings"])
    return re.compile(rf"(?:{endings})$", re.IGNORECASE)


def _without_names(text: str, clause: tuple[int, int], named: Sequence[tuple[int, int]]) -> str:
    """The clause's words but for names of projects, which say nothing of its subject."""
    low, high = clause
    inside = sorted((s, e) for s, e in named if low <= s < high)
    kept, at = [], low
    for start, end in inside:
        kept.append(text[at:start])
        at = max(at, end)
    return " ".join([*kept, text[at:high]])
