"""Names that the page's labels give: their values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Layout
from pipeline.extract.projects import names
from pipeline.extract.projects.names import make_find
from pipeline.records import Name

_SUB = re.compile(r"(?:Osahanke|Osaprojekti|Alahanke)\s?\w{0,3}$", re.IGNORECASE)


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
