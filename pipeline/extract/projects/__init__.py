"""Finds projects and programmes: every mention of a named one, with all names it licenses.

Readers propose (``proposals``), each name's proposals are one candidate (``candidates``), its signs
(``candidate_signs``) are weighed into a probability, once by itself and once beside the others of
the page (``joint``), and the likeliest that do not share words are the names (``decision``).
``again`` finds the short names that stand alone later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc

from pipeline.evidence import Evidence
from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout
from pipeline.extract.projects.again import bare_mentions, predecessors
from pipeline.extract.projects.brackets import with_acronyms, with_bracketed
from pipeline.extract.projects.candidate_signs import Rivals, Signs, signs_of_all
from pipeline.extract.projects.candidates import Candidate, gather, is_outright
from pipeline.extract.projects.decision import decide
from pipeline.extract.projects.joint import JOINT, weighed_jointly
from pipeline.extract.projects.proposals import SPANS, Page, propose
from pipeline.extract.projects.scene import scene
from pipeline.extract.spans import Spans, longest
from pipeline.extract.tag_chances import TagChances, summed_up

__all__ = ["find_projects", "weighable"]

LEAST_CHANCE = 0.005  # of being just a name, from which a line's words are weighed


def find_projects(
    doc: Doc,
    page: Layout,
    organisations: Sequence[EntityFind],
    people: Sequence[EntityFind] = (),
    *,
    evidence: Evidence,
    title: str | None = None,
    without: Iterable[str] = (),
) -> list[EntityFind]:
    """Mentions of named projects and programmes in text order, not overlapping.

    ``organisations`` and ``people`` are the finds of ``find_organisations`` and ``find_people``:
    what else may claim a name's words. ``evidence`` weighs the candidates. ``title`` is the
    page's own, as its metadata say. Proposers named in ``without`` have no say.
    """
    told = weighable(doc, page, organisations, people, title=title, without=without)
    weighed = weighed_jointly(page, told, evidence)
    others = [*(o for o in organisations if not o.rule.startswith("ner")), *people]
    finds = with_acronyms(doc.text, decide(weighed, evidence.model(JOINT).least), others)
    blocks = _naming(page)
    finds = longest(predecessors(doc, blocks, finds, others), finds)
    finds = longest(bare_mentions(doc, blocks, finds, others), finds)
    return with_bracketed(doc.text, finds)


def weighable(
    doc: Doc,
    page: Layout,
    organisations: Sequence[EntityFind],
    people: Sequence[EntityFind],
    *,
    title: str | None = None,
    without: Iterable[str] = (),
) -> list[tuple[Candidate, Signs]]:
    """Every candidate for a project's name with its signs; what the weights are fitted on."""
    blocks = _naming(page)
    lines = Spans(blocks)
    proposed = [
        find
        for find in propose(Page(doc, page, blocks, organisations), without)
        if lines.touches(find.start, find.start + 1)
    ]
    here = scene(doc, blocks, [find for find in proposed if is_outright(find.rule)])
    candidates = gather(proposed)
    # Where its spans have no say, what the model thinks of others' has none.
    supported = (
        _supported(doc, candidates) if SPANS not in without else [(c, {}) for c in candidates]
    )
    rivals = Rivals(organisations, people)
    told = signs_of_all(here, page, [candidate for candidate, _ in supported], rivals, title)
    return [
        (candidate, {**signs, **tags})
        for (candidate, tags), signs in zip(supported, told, strict=True)
    ]


def _supported(doc: Doc, candidates: Iterable[Candidate]) -> list[tuple[Candidate, Signs]]:
    """Candidates that words or the span model speak for, with signs of what that makes of each.

    The others, most of them beginnings and ends of lines, are hardly ever names.
    """
    chances = TagChances(doc)
    told = [
        (candidate, summed_up(chances.signs(candidate.names_in(text_of(doc)), "project")))
        for candidate in candidates
    ]
    return [
        (candidate, tags)
        for candidate, tags in told
        if not chances.known
        or tags.get("tags:exact", 0.0) >= LEAST_CHANCE
        or any(map(is_outright, candidate.votes))
    ]


def _naming(page: Layout) -> list[Block]:
    """The blocks that may name something; a line of labels does not: "Hakija | Hanke | Euroa"."""
    return [b for b in page.blocks if b.kind not in {"furniture", "label"}]
