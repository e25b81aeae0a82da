"""Programmes of ``lexicon/programmes.csv`` wherever their wordings stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline import lexicon
from pipeline.extract.finds import EntityFind
from pipeline.patterns import Pattern
from pipeline.records import Name


@cache
def _programmes() -> tuple[tuple[Pattern, dict[str, str]], ...]:
    return tuple((Pattern(_wordings(row)), row) for row in lexicon.table("programmes"))


@cache
def _beginnings() -> Pattern:
    """Where any programme's wording stands: one look at the text instead of one for each."""
    wordings = "|".join(_wordings(row) for row in lexicon.table("programmes"))
    return Pattern(rf"(?<![\w-])(?={wordings})")


def _wordings(row: dict[str, str]) -> str:
    plain = [row["name"], *filter(None, row["aliases"].split(";"))]
    forms = [form.strip() for form in row["forms"].split(" | ") if form.strip()]
    forms += [re.escape(name).replace(r"\ ", r"\s+") for name in plain]
    if row["acronym"] and len(row["acronym"]) > 3:
        forms.append(rf"{re.escape(row['acronym'])}(?=-(?:muutos)?ohjelma)")
    return f"(?:{'|'.join(sorted(forms, key=len, reverse=True))})"


def from_programmes(text: str) -> Iterator[EntityFind]:
    """Programmes of ``lexicon/programmes.csv`` wherever their wordings stand."""
    places = [match.start() for match in _beginnings().finditer(text)]
    for pattern, row in _programmes() if places else ():
        for match in filter(None, (pattern.match(text, place) for place in places)):
            called = [Name(row["name"], "full")]
            called += [Name(alias, "alias") for alias in row["aliases"].split(";") if alias]
            if row["acronym"]:
                called.append(Name(row["acronym"], "acronym"))
            yield EntityFind(
                start=match.start(),
                end=match.end(),
                rule="known-programme",
                confidence=0.98,
                type="project",
                name=row["name"],
                names=tuple(called),
                label="PROGRAMME" if row["kind"] == "programme" else "PROJECT",
                subtype=row["kind"],
            )
