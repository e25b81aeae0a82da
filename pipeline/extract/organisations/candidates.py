"""Candidates for mentions of bodies: what rules propose, and the spans that the networks see."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from spacy.tokens import Doc

from pipeline.extract.doc_text import tagged, text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import colon_case
from pipeline.extract.learned import learned
from pipeline.extract.organisations.bodies import by_name
from pipeline.extract.organisations.heads import head_of, legal_forms, umbrellas
from pipeline.extract.organisations.scene import of_body, organisation, short_kind
from pipeline.names import nominative
from pipeline.records import Name

BODIES = frozenset({"ORG"})
LEARNED, TAGGED = "learned_body", "ner_organisation"
LEAST = 0.1  # score of a learned span from which it is a candidate


def candidates(
    doc: Doc, proposed: Sequence[EntityFind], without: Collection[str] = ()
) -> list[EntityFind]:
    """The proposals of the rules and beside them the networks' spans that no rule names.

    In text order; a span stands once, under the rule's name for it if there is one. Networks named
    in ``without`` (by the rule of their finds) have no say.
    """
    found = {(find.start, find.end): find for find in proposed}
    for find in _seen(doc):
        if find.rule not in without:
            found.setdefault((find.start, find.end), find)
    return sorted(found.values(), key=lambda find: (find.start, find.end))


def _seen(doc: Doc) -> Iterator[EntityFind]:
    for span in learned(doc, BODIES):
        if span.confidence >= LEAST:
            yield from _named(doc, span.start, span.end, LEARNED, span.confidence)
    for entity in tagged(doc):
        if entity.label in BODIES and "\n" not in entity.text:
            yield from _named(doc, entity.start, entity.end, TAGGED, 0.6)


def _named(doc: Doc, start: int, end: int, rule: str, sure: float) -> Iterator[EntityFind]:
    """The find of a span: its name in the nominative, and what its last word says it is."""
    written = text_of(doc)[start:end].strip(" -–")
    if written.endswith(".") and _legal(written[:-1]):
        written = written[:-1]  # a sentence's full stop
    if not any(map(str.isalpha, written)):
        return
    stem, case = colon_case(written)
    name = stem if case else nominative(stem, "organisation")
    first, last = name.split()[0], name.split()[-1]
    body = by_name().get(name.casefold())
    if body is not None:
        yield of_body(body, start, end, rule=rule, confidence=sure, case=case)
        return
    head = head_of(last)
    yield organisation(
        start,
        end,
        name,
        rule=rule,
        confidence=sure,
        subtype=umbrellas().get(first)
        or legal_forms().get(last)
        or (head.head.type if head is not None else "other"),
        case=case or _case(doc, end),
        others=[Name(name, short_kind(name))] if name.isupper() else [],
    )


def _legal(written: str) -> bool:
    """Does it end in a legal form: ``Omaishoitajat ry``?"""
    words = written.split()
    return bool(words) and colon_case(words[-1])[0] in legal_forms()


def _case(doc: Doc, end: int) -> str | None:
    """The case of the word that ends at a character, as the tagger reads it."""
    words = doc.char_span(max(0, end - 1), end, alignment_mode="expand")
    return next(iter(words[-1].morph.get("Case", [])), None) if words is not None else None
