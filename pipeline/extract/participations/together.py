"""Reads equal doers: ``X ja Y rakentavat yhdessä …``, ``X:n ja Y:n yhteinen hanke``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from pipeline.extract.context import Context
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.arguments import subjects
from pipeline.extract.participations.cues import PartFind, not_together, together

_WITH = re.compile(r"\bkanssa\b", re.IGNORECASE)


def doers_together(
    doc: Doc, context: Context, clause: tuple[int, int], organisations: Sequence[EntityFind]
) -> Iterator[PartFind]:
    """Two or more bodies that do a thing "yhdessä" carry the project out, whatever they do.

    The clause's verb is in the plural and none of money, wishes or decisions; where somebody
    does it "X:n kanssa", X is a partner instead.
    """
    text = context.text
    word = together().search(text, *clause)
    if word is None or len(organisations) < 2 or _WITH.search(text, *clause):
        return
    verb = _plural_verb(doc, clause)
    if verb is None:
        return
    doers = subjects(text, verb, organisations)
    if len({doer.name for doer in doers}) < 2:
        return
    for doer in doers:
        start, end = min(doer.start, verb.idx), max(doer.end, verb.idx + len(verb))
        yield PartFind(
            start=start,
            end=end,
            rule="together:implementer",
            confidence=0.8 if doer.label != "ANAPHOR" else 0.7,
            organisation=doer,
            part="implementer",
            project=context.project_at(start, end),
        )


def _plural_verb(doc: Doc, clause: tuple[int, int]) -> Token | None:
    """The first finite verb in the third person plural that may be of doing."""
    span = doc.char_span(*clause, alignment_mode="contract")
    for token in span if span is not None else ():
        plural = "Plur" in token.morph.get("Number", []) and "3" in token.morph.get("Person", [])
        if token.pos_ == "VERB" and plural and not not_together().match(token.text.casefold()):
            return token
    return None
