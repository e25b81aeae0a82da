"""Names that the span model finds and no rule does, as far as their surroundings license them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec
from spacy.tokens import Doc, Span

from pipeline import lexicon
from pipeline.extract.doc_text import tagged, text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout
from pipeline.extract.learned import PROJECTS, LearnedFind, learned
from pipeline.extract.places import places
from pipeline.extract.projects import bounds, names
from pipeline.extract.projects.names import OPEN, make_find
from pipeline.names import is_given_name, is_surname, nominative
from pipeline.patterns import Pattern

_COMPOUND = re.compile(r"(?<=\w)[-–]\w[\w-]*$")
_TAIL = re.compile(r"\s?[-–]\w|\s[-–]\s?\w")
_ITEM = re.compile(r"\s*(?:[,:;|(\t\n–-]|$)")
# Labels whose values may name a project that no rule reads off them.
_NAMING = frozenset({"project_name", "parent_project", "previous_project", "programme"})
# "TUKEn", "TUKE:ssa": capitals and a case's ending.
_INFLECTED_ACRONYM = re.compile(
    r"(?P<acronym>[A-ZÅÄÖ]{3,}):?(?:n|ta|tä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|een|iin|ksi)$"
)
_LOCAL = frozenset({"Ine", "Ela", "Ill", "Ade", "Abl", "All"})


def from_learned(
    doc: Doc, page: Layout, finds: Sequence[EntityFind], others: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """Names of the span model beside ``finds`` that their surroundings make likely enough.

    ``others`` are organisations and people. How likely a name is, is told by the weights of
    ``lexicon/learned.toml``, calibrated on passages that the model did not learn from.
    """
    data = lexicon.settings("learned")["projects"]
    least = data["accepted_beside" if finds else "accepted"]
    for span, signs in candidates(doc, page, finds, others):
        sure = likelihood(span.confidence, signs)
        if sure >= least:
            find = _named(doc, span, round(sure, 2))
            if find is not None:
                yield find


def candidates(
    doc: Doc, page: Layout, finds: Sequence[EntityFind], others: Sequence[EntityFind]
) -> Iterator[tuple[LearnedFind, frozenset[str]]]:
    """Learned spans that nothing else explains, subtitles taken along, with their signs."""
    taken = [(find.start, find.end) for find in (*finds, *others)]
    taken += [(f.start, f.end) for f in page.fields if f.key is not None and f.key not in _NAMING]
    blocks = [block for block in page.blocks if block.kind != "furniture"]
    for span in learned(doc, PROJECTS):
        block = next((b for b in blocks if b.start <= span.start < b.end), None)
        if block is None or any(s < span.end and span.start < e for s, e in taken):
            continue
        if not _of_something_else(text_of(doc)[span.start : block.end], span):
            whole = _with_subtitle(doc, span, block)
            signs = evidence(doc, whole, block, bool(finds))
            if "headline" not in signs:  # "Metsästä mieleen" is mostly no name, but news
                yield whole, signs


def _of_something_else(words: str, span: LearnedFind) -> bool:
    """``Hyrrä-palvelussa``, ``Langanpäitä -näyttely``: what is called so is no project."""
    others = "|".join(lexicon.settings("learned")["projects"]["other_heads"])
    after = span.end - span.start
    written, behind = words[:after], words[after:]
    if re.search(r"[^\w\s&+.,:!?()/'’–-]|\t", written) or _address().search(written):
        return True
    if written[0].islower() and written[1:2].islower():
        return True
    if nominative(written, "place") in _places():
        return True
    if re.search(rf"-(?:{others})\w*$", written):
        return True
    head = re.match(rf"[{OPEN}]?\s?[-–]\s?(?P<word>\w[\w-]*)", behind)
    return head is not None and (
        re.match(others, head["word"]) is not None or _is_no_project(head["word"])
    )


def _is_no_project(word: str) -> bool:
    """``verkosto``, ``koulutusohjelma``: heads that the lexicon lists as none of a project."""
    head = names.head_of(word)
    no_projects = lexicon.settings("project_heads")["heads"]["not_projects"]
    return (head is not None and head.kind == "none") or word.casefold().startswith(
        tuple(part[:-1] for part in no_projects)
    )


@cache
def _places() -> frozenset[str]:
    return frozenset(name.name for place in places() for name in place.names)


@cache
def _address() -> Pattern:
    """``Savonkatu 14``: a street and a number."""
    streets = "|".join(lexicon.settings("learned")["projects"]["streets"])
    return Pattern(rf"(?:{streets})\s+\d+\s?[A-Za-z]?\d*$", re.IGNORECASE)


def _with_subtitle(doc: Doc, span: LearnedFind, block: Block) -> LearnedFind:
    """The span with its subtitle or part: ``Vihreä viiva – kävellen kouluun``, ``Joki, osa 3``."""
    end = bounds.with_subtitle(doc, span.start, span.end, block.end)
    return msgspec.structs.replace(span, end=end) if end > span.end else span


def unaided(doc: Doc, blocks: Sequence[Block], least: float) -> Iterator[EntityFind]:
    """Every name of the span model from a score on, whatever surrounds it."""
    for span in learned(doc, PROJECTS):
        if span.confidence >= least and any(b.start <= span.start < b.end for b in blocks):
            find = _named(doc, span, span.confidence)
            if find is not None:
                yield find


def bounded(doc: Doc, find: EntityFind) -> EntityFind:
    """A name before a head, begun where the span model begins it when the rule was not sure."""
    limits = lexicon.settings("learned")["projects"]
    if find.rule != "name-before-head" or find.confidence >= limits["sure_beginning"]:
        return find
    for span in learned(doc, PROJECTS):
        if (
            find.start < span.end <= find.end
            and span.start != find.start
            and span.confidence >= limits["better_beginning"]
        ):
            name = text_of(doc)[span.start : span.end]
            kind = find.subtype or "project"
            moved = make_find(
                text_of(doc), span.start, find.end, name, find.rule, find.confidence, kind
            )
            return moved or find
    return find


def contested(doc: Doc, find: EntityFind) -> bool:
    """Whether a bare name is somebody's or a place's where the span model sees no project.

    A project called by a common name shares it: ``Oiva`` is a person in the next sentence.
    """
    written = text_of(doc)[find.start : find.end]
    if find.rule != "name-again" or " " in written or names.is_acronym(written):
        return False
    inside = doc.char_span(find.start, find.end, alignment_mode="expand")
    kinds = {token.ent_type_ for token in inside} if inside is not None else set()
    person = nominative(written, "person")
    somebody = "PERSON" in kinds and (is_given_name(person) or is_surname(person))
    somewhere = "GPE" in kinds and nominative(written, "place") in _places()
    return (somebody or somewhere) and not any(
        span.start < find.end and find.start < span.end for span in learned(doc, PROJECTS)
    )


def likelihood(score: float, signs: frozenset[str]) -> float:
    """How likely a learned span is a name: a logistic model of its score and its signs."""
    weights = _weights()
    logit = math.log(max(score, 1e-6) / max(1 - score, 1e-6))
    total = weights["bias"] + weights["score"] * logit + sum(weights[sign] for sign in signs)
    return 1 / (1 + math.exp(-total))


@cache
def _weights() -> dict[str, float]:
    return dict(lexicon.settings("learned")["projects"]["weights"])


def evidence(doc: Doc, span: LearnedFind, block: Block, named: bool) -> frozenset[str]:
    """The signs in a span's surroundings for and against its being a project's name.

    ``named`` tells whether rules found any project in the document.
    """
    text = text_of(doc)
    name = text[span.start : span.end]
    behind = text[span.end : block.end]
    sentence = _sentence(doc, span)
    start, end = (sentence.start_char, sentence.end_char) if sentence else (block.start, block.end)
    following = text[end : end + 60]
    words = name.split()
    again = text.count(_stem(name)) > 1
    inside = doc.char_span(span.start, span.end, alignment_mode="expand")
    signs = {
        "quoted": text[span.start - 1 : span.start] in set(OPEN) and behind[:1] in set(OPEN),
        "headed": _TAIL.match(behind) is not None or _COMPOUND.search(name) is not None,
        "listed": block.kind in {"item", "heading"} and bool(_ITEM.match(behind)),
        "labelled": block.kind == "field",
        "acronym": names.is_acronym(name),
        "subtitled": re.search(r"\s[–-]\s", name) is not None,
        "phrase": len(words) > 1,
        "long": len(words) > 3,
        "opens": span.start == start,
        "about_projects": _speaks_of_projects(text[start : span.start] + text[span.end : end]),
        "project_follows": _speaks_of_projects(following),
        "only_name": not named,
        "again": again,
        "headline": block.kind == "heading" and not again,
        "person": _is_named(doc, span, {"PERSON"}),
        "place": _is_named(doc, span, {"GPE", "LOC", "FAC"}),
        "body": _is_named(doc, span, {"ORG"}),
        "local": len(words) == 1
        and inside is not None
        and bool(_LOCAL & set(inside[-1].morph.get("Case", []))),
        "small": not any(word[:1].isupper() for word in words),
        "programme": span.label == "PROGRAMME",
    }
    return frozenset(sign for sign, present in signs.items() if present)


def _is_named(doc: Doc, span: LearnedFind, labels: set[str]) -> bool:
    """Whether the name finder takes just these words for something of such a type."""
    return any(
        entity.label in labels and (entity.start, entity.end) == (span.start, span.end)
        for entity in tagged(doc)
    )


def _sentence(doc: Doc, span: LearnedFind) -> Span | None:
    inside = doc.char_span(span.start, span.end, alignment_mode="expand")
    return inside.sent if inside is not None else None


@cache
def _project_word() -> Pattern:
    return Pattern(rf"(?<![\w-]){names.head_forms()}(?![\w-])", re.IGNORECASE)


def _speaks_of_projects(text: str) -> bool:
    """Whether a word for a project stands in the text: ``hankkeessa``, ``yhteishanke``."""
    return any(
        (head := names.head_of(match.group())) is not None and head.kind != "none"
        for match in _project_word().finditer(text)
    )


def _stem(name: str) -> str:
    return name[: max(4, len(name) - 2)]


def _named(doc: Doc, span: LearnedFind, sure: float) -> EntityFind | None:
    """The find of an accepted span: its name in the nominative, without a head's compound."""
    written = text_of(doc)[span.start : span.end]
    name = _COMPOUND.sub("", written) if names.head_of(_tail_of(written)) else written
    kind = "programme" if span.label == "PROGRAMME" else "project"
    acronym = _INFLECTED_ACRONYM.match(name)
    if acronym is not None:
        name = acronym["acronym"]
    elif not names.is_acronym(name) and not _stands_alone(doc, span, name):
        known = {token.text for token in doc if token.text[:1].isupper() and token.text != name}
        name = nominative(name, "project", known)
    return make_find(text_of(doc), span.start, span.end, name, "learned", sure, kind)


def _tail_of(written: str) -> str:
    match = _COMPOUND.search(written)
    return match.group().lstrip("-–") if match else ""


def _stands_alone(doc: Doc, span: LearnedFind, name: str) -> bool:
    """Before a hyphen, a quotation mark or a colon, and on a list, names are not inflected."""
    behind = text_of(doc)[span.end : span.end + 3]
    return (
        bool(re.match(rf"\s?[-–]\w|[{OPEN}:(\n|]|\s[(|–]", behind))
        or name != text_of(doc)[span.start : span.end]
    )
