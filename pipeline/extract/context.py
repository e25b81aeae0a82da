"""Which project a place of an announcement speaks of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, cached_property

from pipeline import lexicon
from pipeline.extract.finds import EntityFind
from pipeline.extract.focus import ENDED, case_of, main_project
from pipeline.extract.layout import Field
from pipeline.extract.project_mentions import ProjectMentions
from pipeline.extract.projects import names as project_names
from pipeline.extract.rows import LABELLED, of_place
from pipeline.patterns import Pattern

_PARTICIPLE = re.compile(
    r"\b\w+(?:m[aä](?:n|ss[aä]|st[aä]|ll[aä]|lle|an|än|t|ksi|a|ä|lta|ltä)?|(?:nee|nut|nyt)\w*|t(?:t|)[uy](?:n|un|yn|ssa|lle|sta|lla|jen|a|ä|na)?|tun|tyn)\b"
)
# A bracket or a subordinate clause that is still open where the search ends.
_ASIDE = re.compile(r"\([^()]*$|,\s(?:jo\w{1,4}|mi[ks]\w*|mihin|mistä|mitä|kun|että)\b[^,.;]*$")
_OPENING = 120  # characters within which a section says what it is about
_PRONOUN = re.compile(r"\s*(?:Se|Sen|Sitä|Siinä|Siihen|Sille|Sillä)\b")
_GENERIC = Pattern(rf"(?<![\w-])({project_names.head_forms()})(?!\w)", re.IGNORECASE)


class Context(ProjectMentions):
    """Which project a place of an announcement speaks of."""

    @cached_property
    def main(self) -> str | None:
        """Key of the project that the page is about."""
        return main_project(self.text, self.page, self.mentions, self.kinds, self.background)

    @cached_property
    def form(self) -> bool:
        """Is the page a form of one project?"""
        return sum(field.key == "project_name" for field in self.page.fields) == 1

    @cached_property
    def _labelled(self) -> list[tuple[EntityFind, str]]:
        """Mentions in a label's value, in text order."""
        return [(m, key) for m, key in self.mentions if m.rule == LABELLED]

    @cached_property
    def _label_starts(self) -> list[int]:
        return [m.start for m, _ in self._labelled]

    @cached_property
    def _labelled_keys(self) -> frozenset[str]:
        return frozenset(key for _, key in self._labelled)

    @cached_property
    def _generic(self) -> dict[int, str | None]:
        """What words for a project speak of, by their places, as it is found."""
        return {}

    @cached_property
    def _said(self) -> dict[tuple[Pattern, int, int], bool]:
        """Which wordings passages hold, as it is asked."""
        return {}

    def says(self, wording: Pattern, low: int, high: int) -> bool:
        """Does a sentence hold a wording? It is read once, however many places of it ask."""
        asked = wording, low, high
        if asked not in self._said:
            self._said[asked] = wording.search(self.text[low:high]) is not None
        return self._said[asked]

    def whole_at(self, position: int) -> str | None:
        """Key of the last project named before that is no sub-project, nor only looked back on."""
        fit = [
            key
            for m, key in self.mentions
            if m.end <= position
            and self.is_project(key)
            and key not in self.subs
            and key not in self.background
        ]
        if self._digest:
            low, _ = self.section(position)
            fit = [k for k in fit if any(m.start >= low for m, key in self.mentions if key == k)]
            return fit[-1] if fit else None
        return self.main if self.main in fit else (fit[-1] if fit else None)

    def project_of(self, field: Field) -> str | None:
        """Key of the project that a label speaks of: named in the value's own row, or above."""
        in_row = self._in_row(field.start)
        if in_row is not None:
            return in_row
        if len(self._labelled_keys) > 1:  # one project's labels after the other's
            above = bisect_right(self._label_starts, field.start)
            if above:
                return self._labelled[above - 1][1]
        block = self.page.block(field.start)
        if block is not None and not (block.start <= field.label_start < block.end):
            inside = [
                key for _, key in self.named_in(block.start, block.end) if self.is_project(key)
            ]
            if inside and field.key not in {"funder", "lead"}:
                return inside[0]
        section = self.section(field.label_start)
        if titled := [key for key in self._in_heading(section) if self.is_project(key)]:
            return titled[-1]
        if self.main is not None and not self._digest:
            return self.main
        return self.project_at(field.label_start, field.label_end)

    def project_at(self, start: int, end: int, *, after: bool = False) -> str | None:
        """Key of the project that the words at ``start:end`` speak of, ``None`` if unsaid.

        The sentence's own mention counts first, then what the paragraph and the section speak
        of, then the announcement's main project. ``after`` prefers a mention to the right, as
        "X:n hallinnoima Y -hanke" needs it.
        """
        here = self._in_row(start) or self._in_sentence(start, end, after)
        if here is not None:
            return here
        generic = self.generic_head(start)
        block = self.page.block(start)
        sequel = self._sequel(start, generic)
        if sequel is not None:
            return sequel
        section = self.section(start)
        floor = block.start if block and block.kind == "paragraph" else section[0]
        found = self._last_before(start, floor, generic)
        if found is not None:
            return found
        if self._row_spans.beginning_in(*section):
            return of_place(self.rows, self.text[slice(*self.sentence(start))])
        if in_section := self.foreground(section):
            return self._own(section, in_section)
        if opening := self._opening(section):
            return opening
        if self.form or len(self.foreground()) == 1:
            return self.main
        if not self._digest:
            kept = generic is not None and not generic.startswith(("hank", "projekt"))
            return (self._last_before(start, 0, generic) if kept else None) or self.main
        if generic is not None:
            return self._last_before(start, 0, generic) or self.main
        return None

    def _sequel(self, position: int, generic: str | None) -> str | None:
        """The one project that continues another, where "jatkohanke" or "se" behind it means it."""
        if len(self.sequels) != 1:
            return None
        low, _ = self.sentence(position)
        if generic is None and _PRONOUN.match(self.text, low) and low:
            before, _ = self.sentence(low - 1)
            named = bool(self.named_in(before, low))
            generic = None if named else self.generic_head(before)
        meant = generic is not None and generic.startswith("jatko")
        return next(iter(self.sequels)) if meant else None

    def _in_sentence(self, start: int, end: int, after: bool) -> str | None:
        low, high = self.sentence(start)
        inside = [(m, key) for m, key in self.named_in(low, high) if self.is_project(key)]
        before = [(m, key) for m, key in inside if m.end <= start]
        behind = [(m, key) for m, key in inside if m.start >= end]
        if behind:
            gap = self.text[end : behind[0][0].start]
            premodifies = _PARTICIPLE.search(gap) and not re.search(r"[,;:()]", gap)
            if after or premodifies:
                return behind[0][1]
        if before:
            return self._nearest_before(before, start)
        return behind[0][1] if behind else None

    def _nearest_before(self, before: Sequence[tuple[EntityFind, str]], start: int) -> str:
        """The last mention before, but one only looked back on yields to the one before it."""
        last, key = before[-1]
        if key in self.background and len(before) > 1:
            gap = self.text[last.end : start]
            if re.search(r"[.;]|,\s(?!jo)", gap):
                return next((k for _, k in reversed(before) if k not in self.background), key)
        return key

    def generic_head(self, position: int) -> str | None:
        """Head of an unnamed "hanke" in the sentence: which kind of project it speaks of."""
        low, high = self.sentence(position)
        if low not in self._generic:
            self._generic[low] = self._generic_in(low, high)
        return self._generic[low]

    def _generic_in(self, low: int, high: int) -> str | None:
        for match in _GENERIC.finditer(self.text, low, high):
            if self.spans.touches(match.start(), match.start() + 1):
                continue
            head = project_names.head_of(match.group())
            if head is not None and head.kind != "none":
                return match.group().casefold()
        return None

    def _last_before(self, position: int, floor: int, generic: str | None) -> str | None:
        """The project that ``floor`` to ``position`` speaks of and that fits the generic head.

        The last sentence that names a project tells: its subject counts before its other words,
        and a project only looked back on counts where it is the subject, or in the past tense
        right after it.
        """
        found = [
            (m, key)
            for m, key in self.named_in(floor, position)
            if m.end <= position and self.is_project(key)
        ]
        if not found:
            return None
        sub = generic is not None and generic.startswith("osa")
        if generic is not None:
            wanted = _head_of(generic)
            fitting = [
                key
                for m, key in found
                if sub == (key in self.subs) and (sub or _head_in(self.text, m) == wanted)
            ]
            if fitting and (wanted != "hanke" or sub):
                return fitting[-1]
        last, key = found[-1]
        said = self._topic(found)
        if said in self.background and self._still(last, position):
            return said
        kept = [k for _, k in found if k not in self.background]
        if not kept:
            return key if self._just_before(last, position) else None
        if generic is not None and not sub:
            whole = [k for k in kept if k not in self.subs]
            return whole[-1] if whole and said in self.subs else said if said in kept else kept[-1]
        return said if said in kept else kept[-1]

    def _still(self, mention: EntityFind, position: int) -> bool:
        """Does the line go on about its subject, not from what has ended to what there is now?"""
        there, here = self.sentence(mention.start)[0], self.sentence(position)[0]
        moved = self._tenses(there) == {"Past"} and self._tenses(here) == {"Pres"}
        ended = ENDED.search(self.text, *self.sentence(mention.start)) is not None
        return self.page.block(mention.start) == self.page.block(position) and not (moved and ended)

    def _topic(self, found: Sequence[tuple[EntityFind, str]]) -> str | None:
        """The last subject of the last sentence that names any of ``found``."""
        low, high = self.sentence(found[-1][0].start)
        subjects = [
            key
            for m, key in found
            if low <= m.start < high
            and case_of(self.text, m) == "Nom"
            and not _ASIDE.search(self.text, low, m.start)
        ]
        return subjects[-1] if subjects else None

    def _just_before(self, mention: EntityFind, position: int) -> bool:
        """Is the mention in the sentence right before, in the same line and in the past?"""
        start, _ = self.sentence(position)
        before, _ = self.sentence(max(0, start - 1))
        block = self.page.block(position)
        return (
            before <= mention.start < start
            and block is not None
            and block.start <= before
            and self._tenses(start) != {"Pres"}
        )

    def _tenses(self, position: int) -> set[str]:
        """Tenses of the verbs in the sentence at ``position``."""
        tokens = self.doc.char_span(*self.sentence(position), alignment_mode="expand") or ()
        return {tense for token in tokens for tense in token.morph.get("Tense", [])}

    def _own(self, section: tuple[int, int], keys: Sequence[str]) -> str:
        """A section's project: the one in its heading, else the one it names first."""
        return next((key for key in self._in_heading(section) if key in keys), keys[0])

    def _in_heading(self, section: tuple[int, int]) -> list[str]:
        heading = self.page.block(section[0])
        return [k for _, k in self.named_in(heading.start, heading.end)] if heading else []

    def _opening(self, section: tuple[int, int]) -> str | None:
        """A project looked back on that a section is all about: the subject of its beginning."""
        inside = [(m, key) for m, key in self.named_in(*section) if self.is_project(key)]
        if not inside or len({key for _, key in inside}) > 1:
            return None
        first = inside[0][0]
        near = first.start - section[0] < _OPENING and case_of(self.text, first) == "Nom"
        return inside[0][1] if near else None


@cache
def several() -> Pattern:
    """Wordings of sentences that speak of all projects of an announcement at once."""
    return Pattern("|".join(lexicon.settings("parts")["several"]["patterns"]), re.IGNORECASE)


def _head_in(text: str, mention: EntityFind) -> str:
    """Generic head that the mention itself carries: ``KAVE-kokeilun`` → ``kokeilu``."""
    return _head_of(re.split(r"[\s–-]+", text[mention.start : mention.end])[-1])


def _head_of(word: str) -> str:
    head = project_names.head_of(word)
    return head.head if head else "hanke"
