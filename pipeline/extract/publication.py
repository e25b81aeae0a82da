"""Find when a page says it was published and updated.

Every day that stands on the page is a candidate for both; a label before it votes (``Julkaistu
3.5.2024``), and what stands around it, where on the page and how, is weighed by evidence: the head
of minutes, a byline and a letter's end say when, the day of an event and a deadline do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from pipeline import lexicon
from pipeline.evidence import Model
from pipeline.extract.dates import find_dates
from pipeline.extract.finds import DateFind
from pipeline.extract.publication_labels import KINDS, Kind, Line, labelled_days

MOST = 60  # days of a page that are weighed: the first and the last
ANOTHERS = ("foreign", "label_above")
"""Signs of a day that is not of publication, where no label says otherwise."""
LABEL_VOTE, ALONE_VOTE = 0.97, 0.85
FIRST_LINES = 12  # in which a day alone on its line votes
NEAR = 400  # characters of a line on either side of a day that are looked at
WORD = 9  # letters of a word that are looked at

Signs = dict[str, float]


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """The two dates of a page itself, each as found."""

    published: DateFind | None = None
    updated: DateFind | None = None


class PageDay(NamedTuple):
    """A day that may be that of a page's publication or update, with what speaks for it."""

    find: DateFind
    kind: Kind
    signs: Signs


def find_publication(text: str, model: Model) -> Publication:
    """Publication and update of the page that ``text`` is, ``None`` where it doesn't say."""
    told = weighable_days(text)
    return decide(told, model.probabilities([day.signs for day in told]), model.least)


def decide(told: Sequence[PageDay], chances: Sequence[float], least: float) -> Publication:
    """Of each kind the likeliest day, from ``least`` on; one place tells one kind."""
    best: dict[Kind, tuple[float, DateFind]] = {}
    taken: set[int] = set()
    for number in sorted(range(len(told)), key=lambda n: (-chances[n], n)):
        find, kind, signs = told[number]
        if chances[number] < least or kind in best or find.start in taken:
            continue
        rule = f"{kind}-label" if "label" in signs else "evidence"
        sure = round(chances[number], 3)
        best[kind] = sure, msgspec.structs.replace(find, rule=rule, confidence=sure)
        taken.add(find.start)
    return Publication(**{kind: find for kind, (_, find) in best.items()})


def weighable_days(text: str) -> list[PageDay]:
    """The days of a page, each as publication and as update, with their signs."""
    lines = [Line(match.start(), match.end(), match.group()) for match in _LINE.finditer(text)]
    finds = [
        find for find in find_dates(text, None) if find.rule == "day" and find.first is not None
    ]
    labelled = {kind: list(labelled_days(kind, text, lines, finds)) for kind in KINDS}
    every = {find.start: find for of_kind in labelled.values() for find in of_kind}
    every.update((find.start, find) for find in finds)
    days = [every[start] for start in sorted(every)]
    if len(days) > MOST:
        days = [*days[: MOST // 2], *days[-MOST // 2 :]]
    foreign = _foreign(lines)
    told = []
    places = [_around(text, find, lines, foreign) for find in days]
    for find, around in zip(days, places, strict=True):
        anothers = any(around[sign] for sign in ANOTHERS)
        around.update(_among(find, days))
        for kind in KINDS:
            signs = {**around, **{f"{sign}+{kind}": v for sign, v in around.items()}, kind: 1.0}
            for of_label, of_kind in labelled.items():
                if any(one.start == find.start for one in of_kind):
                    signs["label" if of_label == kind else "other_label"] = 1.0
            signs["vote"] = _vote(kind, signs)
            if "label" in signs or kind == "updated" or not anothers:
                told.append(PageDay(find, kind, {s: v for s, v in signs.items() if v}))
    return told


def _vote(kind: Kind, signs: Signs) -> float:
    """What rules alone would say: by a label, or by a line of its own near the top."""
    if "label" in signs:
        return LABEL_VOTE
    alone = signs.get("alone") and signs["line"] < FIRST_LINES and "foreign" not in signs
    return ALONE_VOTE * float(bool(alone) and kind == "published" and "other_label" not in signs)


def _around(text: str, find: DateFind, lines: Sequence[Line], foreign: int) -> Signs:
    """Where a day stands and what beside it."""
    number = next((n for n, line in enumerate(lines) if find.start < line.end), len(lines) - 1)
    line = lines[number]
    before = text[max(line.start, find.start - NEAR) : find.start]
    after = text[find.end : min(line.end, find.end + NEAR)]
    behind = len(lines) - 1 - number
    settings = lexicon.settings("publication")
    signs: Signs = {
        "line": float(min(number, 20)),
        "from_end": float(min(behind, 20)),
        "foreign": float(number >= foreign),
        "alone": float(not _words(before) and not _words(_TIME.sub("", after, count=1))),
        "words_before": float(min(len(_words(before)), 12)),
        "words_after": float(min(len(_words(after)), 12)),
        "prose": float(bool(_PROSE.search(f"{before}x{after}"))),
        "capitals": float(line.text[:NEAR].isupper()),
        "time": float(bool(_TIME.match(after))),
        "hours": float(bool(_HOURS.match(after))),
    }
    other = settings["other"]
    signs["other_before"] = float(_speaks_of(_words(before)[-3:], other["endings"]))
    signs["other_after"] = float(_speaks_of(_words(after)[:2], other["endings"]))
    above = _words(lines[number - 1].text[-NEAR:]) if number else []
    below = _words(lines[number + 1].text[:NEAR]) if behind else []
    signs["other_above"] = float(len(above) <= 3 and _speaks_of(above[-1:], other["endings"]))
    # A label and its value on two lines: "Ajankohta:", "Toimiaika".
    signs["label_above"] = float(
        bool(above and signs["alone"])
        and (lines[number - 1].text.endswith(":") or bool(signs["other_above"]))
    )
    signs["event_below"] = float(below[:1] != [] and below[0].lower() in other["below"])
    for side, beside in (("before", before.rstrip()[-1:]), ("after", after.lstrip()[:1])):
        if beside and not beside.isalnum():
            signs[f"mark_{side}_{beside}"] = 1.0
    near = {
        "word_before": _words(before)[-1:],
        "word_before_that": _words(before)[-2:-1],
        "word_after": _words(after)[:1],
        "line_opens": _words(line.text[:NEAR])[:1],
        "line_above": above[-1:],
        "line_below": below[:1],
    }
    for place, words in near.items():
        for word in words:
            signs[f"{place}_{word.lower()[:WORD]}"] = 1.0
    return signs


def _speaks_of(words: Iterable[str], endings: Sequence[str]) -> bool:
    """Does a word say that the day is another's: ``kokous``, ``ajankohta``, ``alkaen``?"""
    return any(word.lower().endswith(tuple(endings)) for word in words)


def _among(find: DateFind, days: Sequence[DateFind]) -> Signs:
    """How a day stands to the others of the page."""
    others = [day.first for day in days if day.first and day.first != find.first]
    return {
        "days": float(min(len(days), 8)),
        "later": float(min(sum(day > find.first for day in others if find.first), 8)),
        "earlier": float(min(sum(day < find.first for day in others if find.first), 8)),
        "again": float(sum(day.first == find.first for day in days) > 1),
        "first": float(days[0].start == find.start),
        "last": float(days[-1].start == find.start),
    }


_PROSE = re.compile(r"[\w)][.!?](?:\s|$)")
_MARKS = re.compile(r"[\d():.…»>]+")
_LINE = re.compile(r"[^\s][^\n]*[^\s]|[^\s]")


def _foreign(lines: Sequence[Line]) -> int:
    """The number of the heading of comments or other stories; behind all lines where none is."""
    headings = lexicon.settings("publication")["foreign"]["headings"]
    marks = (
        number
        for number, line in enumerate(lines)
        if number and _MARKS.sub("", line.text.lower()).strip() in headings
    )
    return next(marks, len(lines))


_TIME = re.compile(
    r"^[\s,|·•–-]*(?:klo|kello|kl)?\.?\s*(?:\d{1,2}[.:]\d{2}(?::\d{2})?|(?<=klo )\d{1,2})(?!\d)",
    re.I,
)
_HOURS = re.compile(
    r"^[\s,]*(?:klo|kello|kl)?\.?\s*\d{1,2}(?:[.:]\d{2})?\s*[–-]\s*\d{1,2}(?:[.:]\d{2})?", re.I
)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w’'-]*", text)
