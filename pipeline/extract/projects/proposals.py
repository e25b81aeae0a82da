"""Proposes names of projects: every reader says what it sees, and none shuts out another.

``by_page`` reads labels and headings, ``lines`` whatever a line holds, ``by_items`` list items,
``by_head`` "X -hanke" in its forms, ``by_sentence`` what a sentence introduces, ``programmes`` the
known ones, ``by_phrase`` phrases that could be names, ``learned`` what the span model sees.
``decision`` chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout
from pipeline.extract.projects.by_head import (
    from_after_heads,
    from_announcing_heads,
    from_heads,
    from_other_beginnings,
    from_plain_heads,
    from_quotes,
)
from pipeline.extract.projects.by_items import from_items
from pipeline.extract.projects.by_page import from_headings, from_labels, from_lists
from pipeline.extract.projects.by_parts import from_part_lists
from pipeline.extract.projects.by_sentence import (
    from_dashed_titles,
    from_definitions,
    from_introductions,
    from_subjects,
    introducing,
)
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
    stated = [o for o in organisations if not o.rule.startswith("ner")]
    firm = [*from_labels(text, page), *from_headings(text, page), *from_lists(text, page)]
    yield from firm
    yield from from_programmes(text)
    yield from from_genitives(text)
    yield from from_capitals(doc, organisations)
    yield from from_quotes(text)
    yield from from_part_lists(text, blocks, organisations)
    yield from from_definitions(doc, blocks, organisations)
    yield from from_items(doc, page, organisations, firm)
    yield from from_heads(doc, blocks, organisations, lambda _: False)
    yield from from_other_beginnings(doc, blocks)
    yield from from_plain_heads(doc, blocks)
    yield from from_after_heads(doc, blocks)
    yield from from_subjects(doc, blocks)
    yield from from_announcing_heads(doc, blocks, stated)
    yield from from_introductions(doc, introducing(text, blocks), stated)
    yield from from_dashed_titles(doc, blocks, stated)
    yield from from_lines(doc, page)
    if learned:
        yield from from_learned(doc, blocks)
