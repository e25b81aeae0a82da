"""Proposes names of projects: every reader says what it sees, and none shuts out another.

``by_page`` reads labels, ``lines`` whatever a line holds, ``by_head`` "X -hanke",
``programmes`` the known ones, ``learned`` the spans told in context. ``decision`` chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout
from pipeline.extract.projects.by_head import from_heads
from pipeline.extract.projects.by_page import from_labels
from pipeline.extract.projects.learned import from_learned
from pipeline.extract.projects.lines import from_lines
from pipeline.extract.projects.programmes import from_programmes

SPANS = "spans"  # the proposer of spans told in context


class Page(NamedTuple):
    """What proposers read: ``blocks`` are those of ``layout`` that may name something."""

    doc: Doc
    layout: Layout
    blocks: Sequence[Block]
    organisations: Sequence[EntityFind]  # the finds of ``find_organisations``

    @property
    def text(self) -> str:
        """The announcement's text."""
        return text_of(self.doc)


PROPOSERS: Mapping[str, Callable[[Page], Iterable[EntityFind]]] = {
    "labels": lambda page: from_labels(page.text, page.layout),
    "programmes": lambda page: from_programmes(page.text),
    "heads": lambda page: from_heads(page.doc, page.blocks, page.organisations),
    "lines": lambda page: from_lines(page.doc, page.layout),
    SPANS: lambda page: from_learned(page.doc, page.blocks),
}
"""By name; the order is that in which finds of one name and place are heard."""


def propose(page: Page, without: Iterable[str] = ()) -> Iterator[EntityFind]:
    """Every reader's finds in no order, overlapping, many of them wrong.

    Readers named in ``without`` have no say.
    """
    silent = frozenset(without)
    for name, proposer in PROPOSERS.items():
        if name not in silent:
            yield from proposer(page)
