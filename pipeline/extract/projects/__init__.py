"""Finds projects and programmes: every mention of a named one, with all names it licenses.

``by_page`` reads labels and headings, ``by_items`` list items, ``by_head`` "X -hanke" in its forms,
``by_sentence`` what a sentence introduces, ``programmes`` the known ones, ``by_evidence`` what only
the whole text tells, ``learned`` what only the span model sees; ``again`` finds the short names
that stand alone later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Layout
from pipeline.extract.projects.again import bare_mentions, predecessors
from pipeline.extract.projects.by_evidence import from_evidence
from pipeline.extract.projects.by_head import from_announcing_heads, from_heads, from_quotes
from pipeline.extract.projects.by_items import from_items
from pipeline.extract.projects.by_page import from_headings, from_labels, from_lists
from pipeline.extract.projects.by_parts import from_part_lists
from pipeline.extract.projects.by_sentence import (
    from_dashed_titles,
    from_definitions,
    from_introductions,
    introducing,
)
from pipeline.extract.projects.learned import bounded, contested, from_learned
from pipeline.extract.projects.names import make_find
from pipeline.extract.projects.programmes import from_capitals, from_genitives, from_programmes

__all__ = ["find_projects"]


def find_projects(
    doc: Doc,
    page: Layout,
    organisations: Sequence[EntityFind],
    people: Sequence[EntityFind] = (),
    *,
    learned: bool = True,
) -> list[EntityFind]:
    """Mentions of named projects and programmes in text order, not overlapping.

    ``organisations`` are the finds of ``find_organisations``: owners that end a name to the left.
    ``learned`` says whether the span model has a say too.
    """
    text = text_of(doc)
    # A line of labels names nothing: "Hakija | Hanke | Myönnetty (€)".
    blocks = [b for b in page.blocks if b.kind not in {"furniture", "label"}]
    firm = [
        *from_labels(text, page),
        *from_programmes(text),
        *from_genitives(text),
        *from_headings(text, page),
        *from_lists(text, page),
    ]
    firm += from_capitals(doc, organisations)
    firm += from_quotes(text)
    firm += from_part_lists(text, blocks, organisations)
    firm += from_definitions(doc, blocks, organisations)
    # The tagger's guesses are no reason against what the words say outright.
    others = [*(o for o in organisations if not o.rule.startswith("ner")), *people]
    firm += from_items(doc, page, [*organisations, *people], firm)
    known = {n.name.casefold() for find in firm for n in find.names if n.kind != "alias"}
    headed = list(from_heads(doc, blocks, organisations, lambda name: name.casefold() in known))
    wordings = introducing(text, blocks)
    told = [*from_introductions(doc, wordings, others), *from_dashed_titles(doc, blocks, others)]
    known |= _told_apart([*headed, *told])
    headed = list(from_heads(doc, blocks, organisations, lambda name: name.casefold() in known))
    announced = list(from_announcing_heads(doc, blocks, others))
    announced = [_lengthened(text, find, known) for find in announced]
    finds = _without_overlaps([*firm, *headed, *announced])
    finds = _without_overlaps([*finds, *from_introductions(doc, wordings, [*others, *finds])])
    finds = _without_overlaps([*finds, *from_dashed_titles(doc, blocks, [*others, *finds])])
    finds = [f for f in finds if any(b.start <= f.start < b.end for b in blocks)]
    finds = _without_overlaps([*finds, *predecessors(doc, blocks, finds, others)])
    if learned:
        finds = _without_overlaps([bounded(doc, find) for find in finds])
        again = list(bare_mentions(doc, blocks, finds, others))
        weighed = from_evidence(doc, page, blocks, [*finds, *again], others)
        finds = _without_overlaps([*finds, *weighed])
        finds = _without_overlaps([*finds, *from_learned(doc, page, finds, others)])
    bare = list(bare_mentions(doc, blocks, finds, others))
    if learned:
        bare = [find for find in bare if not contested(doc, find)]
    return sorted(_without_overlaps([*finds, *bare]), key=lambda find: find.start)


def _lengthened(text: str, find: EntityFind, known: set[str]) -> EntityFind:
    """A find cut short by a verb in its name, to the known name (and its number) it begins."""
    if "dash" in find.rule or " – " in find.name:
        return find
    behind = text[find.start : find.start + 80].casefold()
    longer = [name for name in known if behind.startswith(name) and len(name) > len(find.name)]
    if not longer:
        return find
    size = max(len(name) for name in longer)
    number = re.match(r"\s[2-9]\b", text[find.start + size :])
    size += number.end() if number else 0
    name = text[find.start : find.start + size]
    return make_find(text, find.start, find.start + size, name, find.rule, find.confidence) or find


def _told_apart(finds: Sequence[EntityFind]) -> set[str]:
    """Names, case-folded, less those that only put a word before another one of them."""
    names = {n.name.casefold() for find in finds for n in find.names if n.kind != "alias"}
    return {n for n in names if not any(n.endswith(f" {other}") for other in names)}


def _without_overlaps(finds: Sequence[EntityFind]) -> list[EntityFind]:
    """The longest of overlapping finds, the more certain of equally long ones."""
    kept: list[EntityFind] = []
    for find in sorted(finds, key=lambda f: (-(f.end - f.start), -f.confidence, f.start)):
        if all(find.end <= other.start or find.start >= other.end for other in kept):
            kept.append(find)
    return sorted(kept, key=lambda f: f.start)
