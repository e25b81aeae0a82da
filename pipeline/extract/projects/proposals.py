"""Proposes names of projects: every reader says what it sees, and none shuts out another.

``by_page`` reads labels, ``lines`` whatever a line holds, ``by_head`` "X -hanke" and quotes,
``programmes`` the known ones, ``learned`` what the span model sees. ``decision`` chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout
from pipeline.extract.projects.by_head import from_heads, from_other_beginnings, from_quotes
from pipeline.extract.projects.by_page import from_headings, from_labels
from pipeline.extract.projects.learned import from_learned
from pipeline.extract.projects.lines import from_lines
from pipeline.extract.projects.programmes import from_capitals, from_genitives, from_programmes


def propose(
    doc: Doc,
    page: Layout,
    blocks: Sequence[Block],
    organisations: Sequence[EntityFind],
    *,
    learned: bool = True,
) -> Iterator[EntityFind]:
    """Every reader's finds in no order, overlapping, many of them wrong.

    ``blocks`` are those of ``page`` that may name something, ``organisations`` the finds of
    ``find_organisations``. ``learned`` says whether the span model has a say.
    """
    text = text_of(doc)
    yield from from_labels(text, page)
    yield from from_headings(text, page)
    yield from from_programmes(text)
    yield from from_genitives(text)
    yield from from_capitals(doc, organisations)
    yield from from_quotes(text)
    yield from from_heads(doc, blocks, organisations)
    yield from from_other_beginnings(doc, blocks)
    yield from from_lines(doc, page)
    if learned:
        yield from from_learned(doc, blocks)
