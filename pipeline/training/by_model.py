"""Names, projects and titles as the models alone see them: no list of names, no wording of a rule.

What the extraction does without its rules' finders, to measure what these add (``make ablation``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

from pipeline.extract.areas import find_areas
from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.layout import Layout
from pipeline.extract.learned import learned_titles
from pipeline.extract.people.candidates import Candidate
from pipeline.extract.people.person import read_person
from pipeline.extract.people.shapes import NAME_WORD, RUN
from pipeline.extract.projects.learned import from_learned
from pipeline.extract.sources import Sources
from pipeline.extract.spans import Spans
from pipeline.names import KnownWords, nominative
from pipeline.records import Name

LIKELY = 0.5  # score of a span that is likelier than not


class ModelSources(Sources, frozen=True, kw_only=True):
    """The name finder and the spans told in context, alone."""

    def titles(self, doc: Doc) -> list[TitleFind]:
        """Every title that the span model finds likelier than not."""
        return learned_titles(doc, (), LIKELY)

    def organisations(self, doc: Doc, page: Layout, *_: object, **__: object) -> list[EntityFind]:
        """Every ORG of the name finder, in the nominative."""
        return [
            EntityFind(
                start=entity.start_char,
                end=entity.end_char,
                rule="ner_organisation",
                confidence=0.6,
                type="organisation",
                name=name,
                names=(Name(name, "acronym" if name.isupper() else "full"),),
                label="ORG",
                case=next(iter(entity[-1].morph.get("Case", [])), None),
                subtype="other",
            )
            for entity in _entities(doc, page, {"ORG"}, ())
            if (name := nominative(entity.text, "organisation"))
        ]

    def projects(self, doc: Doc, page: Layout, *_: object, **__: object) -> list[EntityFind]:
        """Every learned span that is likelier a name than not."""
        blocks = [block for block in page.blocks if block.kind != "furniture"]
        return [
            find
            for find in from_learned(doc, blocks)
            if find.rule == "learned" and find.confidence >= LIKELY
        ]

    def people(
        self,
        doc: Doc,
        page: Layout,
        titles: Sequence[TitleFind],
        taken: Sequence[EntityFind],
    ) -> list[EntityFind]:
        """Every PERSON of the name finder; a name that another's full name holds is that person."""
        text = text_of(doc)
        known = KnownWords(match.group() for match in NAME_WORD.finditer(text))
        fields = Spans(page.fields)
        read = [
            read_person(
                text,
                Candidate(start=match.start(), end=match.end(), rule="ner-person", confidence=0.7),
                known,
                fields,
            )
            for entity in _entities(doc, page, {"PERSON"}, taken)
            if (match := RUN.search(text, entity.start_char, entity.end_char)) is not None
        ]
        held = {
            name
            for find in read
            if " " in find.name
            for name in (find.given_name, find.family_name)
        }
        return [find for find in read if " " in find.name or find.name not in held]

    def areas(self, doc: Doc, page: Layout, taken: Sequence[EntityFind]) -> list[EntityFind]:
        """Every GPE and LOC of the name finder, with what the gazetteer knows of it."""
        places = [
            (entity.start_char, entity.end_char)
            for entity in _entities(doc, page, {"GPE", "LOC"}, taken)
        ]
        return [
            find
            for find in find_areas(doc, taken)
            if any(start < find.end and find.start < end for start, end in places)
        ]


def _entities(
    doc: Doc, page: Layout, labels: set[str], taken: Sequence[EntityFind]
) -> Iterator[Span]:
    """Spans of the name finder off the page's furniture that no find of ``taken`` touches."""
    barred = [(find.start, find.end) for find in taken]
    barred += [(block.start, block.end) for block in page.blocks if block.kind == "furniture"]
    for entity in doc.ents:
        if entity.label_ in labels and not any(
            start < entity.end_char and entity.start_char < end for start, end in barred
        ):
            yield entity


MODEL = ModelSources()
