"""Reads from sentences which project continues which: jatkaa, jatkohanke, toinen vaihe."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from spacy.tokens import Doc

from pipeline.extract.doc_text import sentences_of, text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.focus import STUDY, Named, case_of, pattern
from pipeline.extract.links.find import LinkFind
from pipeline.extract.spans import Spans
from pipeline.records import Entity

_MOST_EARLIER = 50  # mentions before a sentence that it may speak of


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence with a word of sequels: the projects before it there, after it, and earlier.

    ``before`` and ``after`` are in text order, ``earlier`` are keys, the last named first.
    """

    text: str
    word: re.Match[str]
    start: int
    end: int
    before: Sequence[tuple[EntityFind, str]]
    after: Sequence[tuple[EntityFind, str]]
    earlier: Sequence[str]

    def case(self, item: tuple[EntityFind, str]) -> str:
        """The case of a project of the sentence."""
        return case_of(self.text, item[0])


def said_sequels(doc: Doc, projects: Named, entities: Mapping[str, Entity]) -> Iterator[LinkFind]:
    """``X on jatkoa Y-hankkeelle``; ``X jatkaa siitä, mihin Y jäi``; ``jatkohanke X alkaa``."""
    real = [(m, key) for m, key in projects if entities[key].subtype != "programme"]
    spans = Spans(m for m, _ in real)
    starts = [m.start for m, _ in real]
    text = text_of(doc)
    for start, end in sentences_of(doc):
        for name, read in _READINGS.items():
            word = pattern(name).search(text, start, end)
            if word is None or spans.touches(word.start(), word.start() + 1):
                continue
            inside = real[bisect_left(starts, start) : bisect_left(starts, end)]
            said = Said(
                text=text,
                word=word,
                start=start,
                end=end,
                before=[(m, k) for m, k in inside if m.end <= word.start()],
                after=[(m, k) for m, k in inside if word.end() <= m.start],
                earlier=_earlier(text, real, start),
            )
            sequel, earlier = read(said)
            if sequel and earlier and sequel != earlier:
                yield LinkFind(
                    start=start,
                    end=end,
                    rule=f"continuation:{name}",
                    confidence=0.85,
                    project=sequel,
                    related=earlier,
                    relation="continues",
                )
                break


def _earlier(text: str, real: Named, start: int) -> list[str]:
    """Keys of projects named before: the last first, a study or pilot after the others."""
    before = [(m, key) for m, key in reversed(real) if m.end <= start][:_MOST_EARLIER]
    pilots = {key for m, key in before if STUDY.search(text[m.start : m.end])}
    keys = dict.fromkeys(key for _, key in before)
    return sorted(keys, key=lambda key: key in pilots)


Pair = tuple[str | None, str | None]
"""Key of the sequel and of what it continues."""


def _verb(said: Said) -> Pair:
    """``X jatkaa Y:n työtä``, ``sen työtä jatkaa X``, ``työ jatkuu X-hankkeessa``."""
    subjects = [item for item in said.before if said.case(item) == "Nom"]
    objects = [item for item in said.before if said.case(item) != "Nom"]
    if subjects:
        sequel = subjects[-1][1]
        behind = next((key for _, key in said.after if key != sequel), None)
        target = behind or next((key for _, key in reversed(objects) if key != sequel), None)
        other = next((key for _, key in subjects if key != sequel), None)
        return sequel, target or other or _pointed_at(said, sequel)
    later = next((item for item in said.after if said.case(item) == "Nom"), None)
    inverted = re.search(
        r"(?<!\w)(?:työtä\w*|sitä|toimintaa|sen|perintöä|kehittämistä)\s(?:\w+\s)?$",
        said.text[said.start : said.word.start()],
        re.IGNORECASE,
    )
    if later and (objects or inverted):
        target = objects[-1][1] if objects else None
        return later[1], target or next((k for k in said.earlier if k != later[1]), None)
    if objects and not said.after:
        return None, None
    place = next((key for item, key in objects if said.case((item, key)) == "Ine"), None)
    if place and said.word.group().casefold() == "jatketaan":
        return place, said.after[0][1]
    old = next((key for _, key in said.after), None)
    new = next((key for key in said.earlier if key != old), None)
    return (new, old) if old else (None, None)


def _goes_on(said: Said) -> Pair:
    """``Y:n työ jatkuu X-hankkeessa``, ``Y jatkuu nimellä X``."""
    new = next((i for i in said.after if said.case(i) in {"Ine", "Ess"}), None)
    if new is None:
        named = re.match(r"[^.;]{0,40}\bnimellä\s", said.text[said.word.end() :])
        new = next(iter(said.after), None) if named else None
    if new is None:
        return None, None
    old = next((key for _, key in reversed(said.before) if key != new[1]), None)
    return new[1], old or next((key for key in said.earlier if key != new[1]), None)


def _noun(said: Said) -> Pair:
    """``X on Y:n jatkohanke``, ``jatkoa Y:lle``, ``jatkohanke X``, ``jatkoksi valmistellaan X``."""
    before, after = list(said.before), list(said.after)
    receiving = [item for item in (*before, *after) if said.case(item) in {"All", "Tra"}]
    owner = before[-1] if before and said.case(before[-1]) in {"Gen", "All"} else None
    if owner is not None and len(said.text[owner[0].end : said.word.start()].split()) > 4:
        owner = None
    if receiving:
        target = receiving[0][1]
    elif owner is not None:
        target = owner[1]
    else:
        target = None
    rest = [item for item in (*before, *after) if item[1] != target]
    if target is not None:
        subject = next((i for i in rest if said.case(i) == "Nom"), None) or next(iter(rest), None)
        sequel = subject[1] if subject else None
        return sequel or next((key for key in said.earlier if key != target), None), target
    named = next((item for item in after if said.case(item) == "Nom"), None) or (
        after[0] if after else None
    )
    if named is not None:
        low = max(said.start, said.word.start() - 60)
        planned = pattern("planned").search(said.text, low, said.end)
        gap = said.text[said.word.end() : named[0].start]
        apposed = len(gap.split()) <= 1 or re.search(r"nim(?:i|eltä|eltään|ellä)\b|[:–]", gap)
        leading = before[0][1] if before else None
        if before and _is(said.text[before[-1][0].end : said.word.start()]):
            return before[-1][1], named[1]
        if apposed or planned or leading is None:
            target = leading or next((key for key in said.earlier if key != named[1]), None)
            return named[1], target
        return leading, named[1]
    subject = next((item for item in before if said.case(item) == "Nom"), None)
    if subject is not None:
        other = next((key for _, key in before if key != subject[1]), None)
        return subject[1], other or _pointed_at(said, subject[1])
    return None, None


def _is(gap: str) -> bool:
    """Is there but a copula and an attribute between a project and the word for it?"""
    return re.match(r"\s(?:on|oli|olisi|toimii|lienee)(?:\s\w+){0,3}\s*$", gap) is not None


def _before(said: Said) -> Pair:
    """``X:ää edelsi Y``, ``X:n edeltäjä on Y``, ``X:n ensimmäinen vaihe oli Y``."""
    names = [*said.before, *said.after]
    old = next((item for item in said.after if said.case(item) == "Nom"), None) or next(
        (item for item in said.before if said.case(item) == "Nom"), None
    )
    if old is None:
        return None, None
    new = next((key for _, key in names if key != old[1]), None)
    return new or next((key for key in said.earlier if key != old[1]), None), old[1]


def _pointed_at(said: Said, sequel: str) -> str | None:
    """What ``sille``, ``sen``, ``sitä`` or ``työtämme`` points back to."""
    low = said.text.rfind("\n", 0, said.word.start())
    words = said.text[max(low, said.word.start() - 200, 0) : said.end]
    if re.search(r"\b(?:sille|sen|tälle|niille|sitä|työtämme|hankettamme)\b", words):
        return next((key for key in said.earlier if key != sequel), None)
    return None


_READINGS = {
    "continues_verb": _verb,
    "goes_on": _goes_on,
    "continues_noun": _noun,
    "preceded": _before,
}
