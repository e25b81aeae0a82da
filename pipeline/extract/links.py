"""Reads how projects are linked: a sequel continues, a sub-project or funded project is part of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.context import Context, several
from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind, Find
from pipeline.extract.layout import Layout
from pipeline.extract.projects.names import numbered
from pipeline.records import Entity, Relation

_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}


class LinkFind(Find, frozen=True, kw_only=True):
    """The project with the key ``project`` continues, or is part of, ``related``."""

    project: str
    related: str
    relation: Relation


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = lexicon.settings("links")[name]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE)


def find_continuations(
    doc: Doc,
    page: Layout,
    projects: Sequence[tuple[EntityFind, str]],
    entities: Mapping[str, Entity],
) -> list[LinkFind]:
    """``continues`` links, read before anything is linked to projects."""
    found = [
        *_numbered(projects, entities),
        *_continued(doc, projects, entities),
        *_labelled(page, projects),
    ]
    return _distinct(found)


def find_memberships(
    context: Context, projects: Sequence[tuple[EntityFind, str]], known: Sequence[LinkFind]
) -> list[LinkFind]:
    """``part_of`` links: sub-projects of the main project, projects of their programme."""
    found = [*_sub_projects(context, projects), *_programmes(context, projects)]
    pairs = {(link.project, link.related) for link in known}
    return [
        link
        for link in _distinct(found)
        if (link.project, link.related) not in pairs and (link.related, link.project) not in pairs
    ]


def _distinct(found: Sequence[LinkFind]) -> list[LinkFind]:
    best: dict[tuple[str, str, str], LinkFind] = {}
    for link in found:
        key = (link.project, link.related, link.relation)
        if link.project != link.related and (
            key not in best or link.confidence > best[key].confidence
        ):
            best[key] = link
    return sorted(best.values(), key=lambda link: (link.start, link.end))


def _numbered(
    projects: Sequence[tuple[EntityFind, str]], entities: Mapping[str, Entity]
) -> Iterator[LinkFind]:
    """``SILTA 2`` continues ``SILTA``."""
    stems: dict[tuple[str, str], tuple[EntityFind, str]] = {}
    for find, key in projects:
        for name in entities[key].names:
            if name.kind != "alias":
                stem, number = numbered(name.name) or (name.name, "1")
                number = _ROMAN.get(number, number)
                stems.setdefault((stem.casefold(), number), (find, key))
    for (stem, number), (find, key) in stems.items():
        if number.isdigit() and int(number) > 1:
            earlier = stems.get((stem, str(int(number) - 1)))
            if earlier and earlier[1] != key:
                yield LinkFind(
                    start=find.start,
                    end=find.end,
                    rule="numbered-sequel",
                    confidence=0.95,
                    project=key,
                    related=earlier[1],
                    relation="continues",
                )


def _continued(
    doc: Doc, projects: Sequence[tuple[EntityFind, str]], entities: Mapping[str, Entity]
) -> Iterator[LinkFind]:
    """``X on jatkoa Y-hankkeelle``; ``X jatkaa siitä, mihin Y jäi``; ``… sille suora jatko``.

    The continuing project stands before the word that says so, or was spoken of last; the
    continued one stands after it, or is what a pronoun points back to.
    """
    real = [(m, key) for m, key in projects if entities[key].subtype != "programme"]
    text = text_of(doc)
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        match = _pattern("continues").search(text, start, end)
        if match is None:
            continue
        leading = [(m, key) for m, key in real if start <= m.start and m.end <= match.start()]
        verb = match.group().casefold().startswith(("jatkaa", "jatkav", "jatkai", "jatkoi"))
        if len(leading) > 1 and not verb and match.start() - leading[-1][0].end <= 1:
            leading = [leading[-1], *leading[:-1]]  # "X on Y:n jatkohanke": Y is continued
        before = [key for _, key in leading]
        after = [key for m, key in real if match.end() <= m.start < end]
        earlier = list(dict.fromkeys(key for m, key in reversed(real) if m.end <= start))
        pronoun = re.search(r"\b(?:sille|sen|tälle|niille)\b", text[start:end])
        source = before[-1] if before else None
        target = next((key for key in after if key != source), None)
        planned = re.search(lexicon.settings("links")["planned"], text[start:end], re.IGNORECASE)
        noun = match.group().casefold() in {"jatkoa", "jatkosta", "jatko"}
        if planned and noun and source is None and len(set(after)) == 1 and earlier:
            source, target = after[0], next((key for key in earlier if key != after[0]), None)
        elif source is None:
            source = next((key for key in earlier if key != target), None) if target else None
        elif target is None:
            others = [key for key in reversed(before) if key != source]
            ours = re.search(r"\b(?:työtämme|hankettamme|sitä)\b", text[match.start() : end])
            if others:
                target = others[0]
            elif earlier and (pronoun or ours):
                target = next((key for key in earlier if key != source), None)
        if source and target and source != target:
            yield LinkFind(
                start=start,
                end=end,
                rule="continuation",
                confidence=0.85,
                project=source,
                related=target,
                relation="continues",
            )


def _labelled(page: Layout, projects: Sequence[tuple[EntityFind, str]]) -> Iterator[LinkFind]:
    main = next((key for m, key in projects if m.rule == "label:project_name"), None)
    relations: dict[str, Relation] = {
        "label:previous_project": "continues",
        "label:parent_project": "part_of",
    }
    for find, key in projects:
        relation = relations.get(find.rule)
        if relation and main:
            yield LinkFind(
                start=find.start,
                end=find.end,
                rule=find.rule,
                confidence=0.95,
                project=main,
                related=key,
                relation=relation,
            )


def _sub_projects(
    context: Context, projects: Sequence[tuple[EntityFind, str]]
) -> Iterator[LinkFind]:
    """``X -osahanke`` is part of the project the announcement is about."""
    subs = set()
    for find, key in projects:
        before = context.text[max(0, find.start - 14) : find.start]
        said = re.search(r"[\s-]-?(?:osa|ala)(?:hank|projekt)", context.text[find.start : find.end])
        if said or find.rule == "label:sub" or re.search(r"\b[Oo]sahanke\w*\s$", before):
            subs.add(key)
    for find, key in projects:
        if key in subs and context.main and context.main not in subs:
            yield LinkFind(
                start=find.start,
                end=find.end,
                rule="sub-project",
                confidence=0.9,
                project=key,
                related=context.main,
                relation="part_of",
            )


def _programmes(context: Context, projects: Sequence[tuple[EntityFind, str]]) -> Iterator[LinkFind]:
    """A project funded from, or said to be part of, a programme named beside it."""
    cue = _pattern("part_of")
    for find, key in projects:
        if context.kinds.get(key) != "programme":
            continue
        labelled = any(
            f.key == "programme" and f.start <= find.start < f.end for f in context.page.fields
        )
        if labelled and context.main:
            yield LinkFind(
                start=find.start,
                end=find.end,
                rule="label:programme",
                confidence=0.95,
                project=context.main,
                related=key,
                relation="part_of",
            )
            continue
        start, end = context.sentence(find.start)
        if cue.search(context.text, start, end) is None:
            continue
        together = several().search(context.text, start, end)
        here = context.project_at(find.start, find.end)
        named = any(start <= m.start < end and k == here for m, k in context.mentions)
        for project in context.foreground() if together and not named else [here]:
            if project is not None:
                yield LinkFind(
                    start=start,
                    end=end,
                    rule="programme-of-project",
                    confidence=0.85,
                    project=project,
                    related=key,
                    relation="part_of",
                )
