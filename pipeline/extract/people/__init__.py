"""Finds people by name: after titles, by given names, in lists and labels, and when named again."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.layout import Layout
from pipeline.extract.people.again import find_again
from pipeline.extract.people.candidates import Candidate, candidates
from pipeline.extract.people.person import read_person
from pipeline.extract.people.shapes import NAME_WORD, NAMESAKE
from pipeline.extract.spans import Spanned, Spans, Taken
from pipeline.names import KnownWords

__all__ = ["find_people"]

SHORT = 80  # characters: in a label's longer value, a sentence, names are inflected


_VERBS = frozenset({"VERB", "AUX"})


def find_people(
    doc: Doc,
    page: Layout,
    titles: Sequence[TitleFind],
    taken: Sequence[EntityFind],
) -> list[EntityFind]:
    """People named in ``doc``: full names first, then the same people by surname or given name.

    ``taken`` are spans of organisations and projects: a name inside one is no person. Names are
    nominative without titles; ``case`` tells how the mention was inflected where that is known.
    """
    text = text_of(doc)
    furniture = [b for b in page.blocks if b.kind == "furniture"]
    barred = Spans[Spanned]([*taken, *furniture])
    fields = Spans(f for f in page.fields if f.end - f.start <= SHORT)
    known = KnownWords(match.group() for match in NAME_WORD.finditer(text))
    full: list[EntityFind] = []
    named = Taken()
    single: dict[tuple[int, int], Candidate] = {}
    for candidate in candidates(doc, page, titles):
        start, end = candidate.start, candidate.end
        if barred.touches(start, end) or _is_namesake(doc, end):
            continue
        if " " not in text[start:end]:
            single.setdefault((start, end), candidate)
        elif named.take(start, end):
            full.append(read_person(text, candidate, known, fields))
    again = list(find_again(text, full, titles, barred))
    covered = Spans([*full, *again])
    alone = [
        read_person(text, candidate, known, fields)
        for (start, end), candidate in single.items()
        if not covered.touches(start, end)
    ]
    return sorted([*full, *alone, *again], key=lambda find: find.start)


def _is_namesake(doc: Doc, end: int) -> bool:
    """Does the word behind a name make it a school or a street, and is no verb: "kouluttaa"?"""
    match = NAMESAKE.match(text_of(doc), end)
    if match is None:
        return False
    word = doc.char_span(end + 1, end + 2, alignment_mode="expand")
    return word is None or word[0].pos_ not in _VERBS
