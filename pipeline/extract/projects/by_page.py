"""Names that the page's labels give: their values, and the headings that stand above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    """Headings above labels such as ``Hakija:`` are names."""
    if sum(field.key == "project_name" for field in page.fields) == 1:
        return
    labels = {field.label_start: field.key for field in page.fields}
    for heading, body in _sections(page):
        following = [labels.get(block.start) for block in body[:2]]
        if any(key in _FACT_LABELS for key in following):
            find = _heading(text, _climb(text, page, heading), "heading-with-labels", 0.9)
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
