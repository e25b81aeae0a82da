"""Spans of a document told in context: names of projects, programmes and bodies, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.finds import Find, TitleFind
from pipeline.extract.titles import read_title
from pipeline.learned import LEARNED
from pipeline.names import degrees, nominative

PROJECTS = frozenset({"PROJECT", "PROGRAMME"})
ACRONYM = 4  # letters of a title that capitals are part of: "CEO"


class LearnedFind(Find, frozen=True, kw_only=True):
    """A span of the model; ``label`` is its type, ``confidence`` the model's own."""

    label: str


def learned(doc: Doc, labels: frozenset[str]) -> Iterator[LearnedFind]:
    """The spans of those types that the annotation carries, in text order."""
    if LEARNED not in doc.spans:
        return
    group = doc.spans[LEARNED]
    for span, score in zip(group, group.attrs["scores"], strict=True):
        if span.label_ in labels:
            yield LearnedFind(
                start=span.start_char,
                end=span.end_char,
                rule="learned",
                confidence=score,
                label=span.label_,
            )


def learned_titles(
    doc: Doc, titles: Sequence[TitleFind], least: float | None = None
) -> list[TitleFind]:
    """Titles in text order: ``titles``, and those that only the model knows, in the nominative.

    ``least`` is the score from which one counts, by default that of ``lexicon/learned.toml``.

    The model's plurals are left out: whose title such a one is, only known words tell well.
    """
    if least is None:
        least = lexicon.settings("learned")["titles"]["accepted"]
    taken = [(title.start, title.end) for title in titles]
    found = [
        title
        for span in learned(doc, frozenset({"ROLE"}))
        if span.confidence >= least
        and not any(start < span.end and span.start < end for start, end in taken)
        and (title := _title(doc, span)) is not None
    ]
    return sorted([*titles, *found], key=lambda title: (title.start, title.end))


def _title(doc: Doc, span: LearnedFind) -> TitleFind | None:
    words = doc.char_span(span.start, span.end, alignment_mode="expand")
    if words is None or not re.fullmatch(r"[^\W\d_][\w -]*", words.text):
        return None
    if words.text in degrees() or words.text.casefold().startswith(
        tuple(lexicon.settings("learned")["titles"]["never"])
    ):
        return None
    head = words[-1]
    case = next(iter(head.morph.get("Case", [])), None)
    mine = "1" in head.morph.get("Person[psor]", []) and "Sing" in head.morph.get(
        "Number[psor]", []
    )
    if mine or "Plur" in head.morph.get("Number", []):
        return None  # "työparini" is whom I work with, not what
    written = words.text if words.text.isupper() else words.text[0].lower() + words.text[1:]
    role = written if case in {"Nom", None} else nominative(written, "noun")
    known = read_title(role.split()[-1])
    return TitleFind(
        start=span.start,
        end=span.end,
        rule="learned-title",
        confidence=min(0.85, span.confidence),
        role=role if role.isupper() and len(role) <= ACRONYM else role.lower(),
        role_code=known.code if known is not None else "other",
        case=case or "Nom",
    )
