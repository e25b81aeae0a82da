"""Names that the page's layout gives: values of labels, headings of project lists, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from pipeline import lexicon
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block, Layout
from pipeline.extract.projects import names
from pipeline.extract.projects.names import make_find
from pipeline.records import Name

_NUMBERING = re.compile(
    r"^(?:(?:[-–•*]|\d+[.)])\s+|(?:[A-Z][a-z]{0,3}\.?\s)?§\s?\d+[.:]?\s+|\d+\s?§[.:]?\s+)"
)
_SUB = re.compile(r"(?:Osahanke|Osaprojekti|Alahanke)\s?\w{0,3}$", re.IGNORECASE)
_FACT_LABELS = frozenset(
    {"lead", "total", "grant", "period", "funder", "implementer", "start", "own", "coordinator"}
)


def from_labels(text: str, page: Layout) -> Iterator[EntityFind]:
    """``Hankkeen nimi``, ``Lyhenne``, ``Ohjelma``: the value is the name."""
    main: EntityFind | None = None
    for field in page.fields:
        value = text[field.start : field.end]
        if field.key is None and _SUB.match(text, field.label_start, field.label_end):
            stop = re.search(r"[.;]\s|\.$", value)
            name = value[: stop.start()] if stop else value
            find = make_find(text, field.start, field.start + len(name), name, "label:sub", 0.85)
            if find and len(name.split()) <= 10:
                yield find
        if len(value) > 220 or field.key is None:
            continue
        kind = "programme" if field.key in {"programme", "programme_line"} else "project"
        if field.key in {
            "project_name",
            "programme",
            "programme_line",
            "parent_project",
            "previous_project",
        }:
            find = _from_value(text, field.start, value, f"label:{field.key}", kind)
            if find and field.key == "project_name" and main is None:
                main = find
            if find and not find.rule.endswith("programme_line"):
                yield find
        elif field.key in {"project_acronym", "project_name_foreign"} and main is not None:
            kind_of_name = "acronym" if field.key == "project_acronym" else "alias"
            alias = Name(names.clean(value), kind_of_name)  # type: ignore[arg-type]
            yield EntityFind(
                start=field.start,
                end=field.end,
                rule=f"label:{field.key}",
                confidence=0.97,
                type="project",
                name=main.name,
                names=(*main.names, alias),
                label="PROJECT",
                subtype="project",
            )


def _from_value(text: str, start: int, value: str, rule: str, kind: str) -> EntityFind | None:
    match = re.search(rf"\s?-{names.head_forms()}$", value)
    name = value[: match.start()] if match else value
    name = re.sub(r"^\d+\.\s+", "", name)
    if re.search(r"[.!?]\s+[A-ZÅÄÖ]", name):  # prose, not a name
        return None
    return make_find(text, start, start + len(value), name, rule, 0.97, kind)


def from_headings(text: str, page: Layout) -> Iterator[EntityFind]:
    """Headings above labels such as ``Hakija:``, and those of a list of projects, are names."""
    if sum(field.key == "project_name" for field in page.fields) == 1:
        return
    labels = {field.label_start: field.key for field in page.fields}
    sections = list(_sections(page))
    named = []
    siblings: list[Block] = []
    for heading, body in sections:
        siblings += [heading] if _names_itself(text, heading) else []
        following = [labels.get(block.start) for block in body[:3]]
        if body and any(key in _FACT_LABELS for key in following[:2]):
            find = _heading(text, _climb(text, page, heading), "heading-with-labels", 0.9)
            if find:
                siblings.append(heading)
                yield find
        elif body and _is_project_section(text, body):
            named.append((heading, body))
    dashed = any(re.search(r"\s–\s|\(", text[h.start : h.end]) for h, _ in named)
    for heading, _ in named:
        listed = any(sibling.start < heading.start for sibling in siblings)
        if len(named) >= 2 or dashed or listed:
            find = _heading(text, heading, "heading-of-project-section", 0.75)
            if find:
                yield find


def _sections(page: Layout) -> Iterator[tuple[Block, list[Block]]]:
    """Each heading and the blocks below it up to the next heading."""
    heading: Block | None = None
    body: list[Block] = []
    labelled = {field.label_start for field in page.fields if field.key in _FACT_LABELS}
    for block, after in zip_longest(page.blocks, page.blocks[1:]):
        above_label = after is not None and after.start in labelled
        if block.kind in {"heading", "label"} or (
            block.kind == "item" and (not body or above_label)
        ):
            if heading is not None:
                yield heading, body
            heading, body = block, []
        elif block.kind != "furniture":
            body.append(block)
    if heading is not None:
        yield heading, body


def _climb(text: str, page: Layout, heading: Block) -> Block:
    """Over generic headings ("Lyhyesti", "Perustiedot") to the one that names something."""
    generic = lexicon.settings("project_heads")["stops"]["generic"]
    above = [b for b in page.blocks if b.start <= heading.start and b.kind != "furniture"]
    for block in reversed(above):
        if block.kind not in {"heading", "label"}:
            break
        if (
            block.kind == "heading"
            and text[block.start : block.end].strip(" :").casefold() not in generic
        ):
            return block
    return heading


_IN_LIST = re.compile(
    r"""
    (?: [-–•*·▪‣»] | \d{1,2}[.)] ) \s+
    (?P<name> [A-ZÅÄÖ][^:;\n]{2,110}? )
    \s \( [^()\n]*? (?:19|20)\d\d [^()\n]* \) \.?
    """,
    re.VERBOSE,
)
_OF_PROJECTS = re.compile(r"(?:hankke(?:et|ita)|projekti(?:t|a)|hankkeemme|hankeluettelo)", re.I)


def from_lists(text: str, page: Layout) -> Iterator[EntityFind]:
    """``- Suolaa siioille (2023–2025)`` below "Käynnissä olevat hankkeet"."""
    ours = False
    for block in page.blocks:
        if block.kind in {"heading", "label"} or text[block.end - 1] == ":":
            ours = _OF_PROJECTS.search(text, block.start, block.end) is not None
        match = _IN_LIST.fullmatch(text, block.start, block.end) if ours else None
        if match is not None and not re.search(names.head_forms(), match["name"]):
            name, start = match["name"], match.start("name")
            find = make_find(text, start, match.end("name"), name, "listed-with-years", 0.85)
            if find:
                yield find


def _names_itself(text: str, heading: Block) -> bool:
    """``Kylän kello -hanke``: a heading that says by itself whose section it opens."""
    return re.search(rf"\s-{names.head_forms()}$", text[heading.start : heading.end]) is not None


def _is_project_section(text: str, body: Sequence[Block]) -> bool:
    """A section on money for something called just "hanke", with no name of its own."""
    words = text[body[0].start : body[-1].end]
    heads = re.finditer(rf"\w\s?[-–](?P<head>{names.head_forms()})", words)
    named = [h for m in heads if (h := names.head_of(m["head"])) and h.kind == "project"]
    about = re.search(r"\b(?:[Hh]ank(?:e|ke)|[Pp]rojekti)", words)
    money = re.search(r"\b(?:[Tt]uki|tukea|avustu\w+|rahoit\w+|[Hh]akija)\b", words)
    amount = re.search(r"\d\s?(?:euroa|euron|e\b|€)|euroa?lla\b|eurolla", words)
    return not named and money is not None and (about is not None or amount is not None)


def _heading(text: str, block: Block, rule: str, confidence: float) -> EntityFind | None:
    heading = _NUMBERING.sub("", text[block.start : block.end])
    name = re.sub(rf"\s?-{names.head_forms()}$", "", heading)
    name = re.sub(rf"\s?-{names.head_forms()}(?=,)[^–(]*$", "", name)
    if (
        re.search(r":$|€|euroa|^\d+[\s.]|[.!?]\s+[A-ZÅÄÖ]", name)
        or not 1 <= len(name.split()) <= 16
    ):
        return None
    start = block.end - len(heading)
    return make_find(text, start, start + len(heading), name, rule, confidence)
