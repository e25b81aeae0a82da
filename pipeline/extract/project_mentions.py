"""Where the projects of an announcement are named: in which sentence, section, line and row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property

from spacy.tokens import Doc

from pipeline.extract.doc_text import sentences_of, text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.focus import sub_projects
from pipeline.extract.grant_lists import find_items
from pipeline.extract.layout import Layout
from pipeline.extract.rows import LABELLED, find_rows
from pipeline.extract.sections import sections
from pipeline.extract.spans import Spans


class ProjectMentions:
    """The mentions of projects in one text, laid out so that each place can look around.

    ``mentions`` are the finds of projects with their entities' keys, in text order, ``spans`` the
    finds alone; ``kinds`` maps a key to ``project`` or ``programme``; ``background`` are keys of
    projects that are only looked back on, ``sequels`` of those that continue another one here,
    ``subs`` of those that are parts of others.
    """

    def __init__(
        self,
        doc: Doc,
        page: Layout,
        projects: Sequence[tuple[EntityFind, str]],
        kinds: Mapping[str, str],
        background: frozenset[str] = frozenset(),
        sequels: frozenset[str] = frozenset(),
    ) -> None:
        self.doc = doc
        self.text = text_of(doc)
        self.page = page
        self.kinds = kinds
        self.background = background
        self.sequels = sequels
        self.mentions = sorted(projects, key=lambda item: item[0].start)
        finds = [m for m, _ in self.mentions]
        self.spans = Spans(finds)
        self.sentences = _sentences(sentences_of(doc), self.spans)
        self.rows = find_rows(page, self.text, self.mentions)
        self.items = find_items(page, self.text, self.mentions)
        self.subs = sub_projects(self.text, self.mentions)
        self.sections = sections(page, self.text, finds)
        self._named = [m.start for m in finds]
        self._starts = [start for start, _ in self.sentences]
        self._section_starts = [start for start, _ in self.sections]
        self._row_spans = Spans(self.rows)
        self._foregrounds: dict[tuple[int, int], list[str]] = {}

    def sentence(self, position: int) -> tuple[int, int]:
        """Start and end of the sentence at ``position``."""
        index = max(0, bisect_right(self._starts, position) - 1)
        return self.sentences[index] if self.sentences else (0, len(self.text))

    def section(self, position: int) -> tuple[int, int]:
        """Start and end of the section (heading to heading) at ``position``."""
        return self.sections[bisect_right(self._section_starts, position) - 1]

    def names_project(self, low: int, high: int) -> bool:
        """Does the name of a project, not of a programme, begin there?"""
        return any(self.is_project(key) for _, key in self.named_in(low, high))

    def listed(self) -> list[str]:
        """Keys of the projects with labels of their own; else the foreground's."""
        shown = [key for m, key in self.mentions if m.rule == LABELLED]
        shown = [key for key in dict.fromkeys(shown) if self.is_project(key)]
        return shown if len(shown) > 1 else [k for k in self.foreground() if k not in self.subs]

    def _in_row(self, position: int) -> str | None:
        """The project of the table's row at ``position``."""
        row = next(self._row_spans.touching(position, position + 1), None)
        return None if row is None else row.project

    def named_in(self, low: int, high: int) -> Sequence[tuple[EntityFind, str]]:
        """The mentions that begin there."""
        return self.mentions[bisect_left(self._named, low) : bisect_left(self._named, high)]

    def is_project(self, key: str) -> bool:
        """Is it a project, and no programme?"""
        return self.kinds.get(key) != "programme"

    def foreground(self, section: tuple[int, int] | None = None) -> list[str]:
        """Keys of the projects that a section or all is about, in text order."""
        span = section or (0, len(self.text))
        if span not in self._foregrounds:
            keys = [key for _, key in self.named_in(*span) if self.is_project(key)]
            kept = [key for key in dict.fromkeys(keys) if key not in self.background]
            self._foregrounds[span] = kept
        return self._foregrounds[span]

    @cached_property
    def _digest(self) -> bool:
        """Several matters on one page: sections about different projects of their own."""
        leading = {keys[0] for section in self.sections if (keys := self.foreground(section))}
        return len(self.sections) > 1 and len(leading) > 1


def _sentences(found: Sequence[tuple[int, int]], named: Spans[EntityFind]) -> list[tuple[int, int]]:
    """Sentences, mended where a name's own mark ended one ("Kuule!")."""
    whole: list[tuple[int, int]] = []
    for start, end in found:
        # A name that begins before the sentence before has ended goes on in this one.
        if whole and any(m.start < whole[-1][1] for m in named.touching(start, start + 1)):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole
