"""Programmes of ``lexicon/programmes.csv`` wherever their wordings stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Doc, Token

from pipeline import lexicon
from pipeline.extract.doc_text import text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.projects import names
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


_GENITIVE = Pattern(
    r"(?<![\w-])(?P<name>[A-ZÅÄÖ]?[\w-]+n(?:\s[a-zåäö][\w-]+n){0,3}\s"
    r"(?P<head>(?:tehostamis|kehittämis|muutos|toimenpide|kärkihanke|avustus|tutkimus)ohjelma))\w*"
)


def from_genitives(text: str) -> Iterator[EntityFind]:
    """``vesiensuojelun tehostamisohjelmasta``: what a programme is of, and its kind."""
    for match in _GENITIVE.finditer(text):
        words = match["name"].split(" ")
        for dropped in range(len(words) - 1):  # "ministeriön vesiensuojelun …": whose it is too
            written = " ".join(words[dropped:])
            start = match.start() + len(match["name"]) - len(written)
            yield _of_genitives(start, match.end(), written)
        if len(words) == 1:
            yield _of_genitives(match.start(), match.end(), match["name"])


def _of_genitives(start: int, end: int, written: str) -> EntityFind:
    name = written[0].upper() + written[1:]
    return EntityFind(
        start=start,
        end=end,
        rule="programme-of",
        confidence=0.7,
        type="project",
        name=name,
        names=(Name(name, "full"),),
        label="PROGRAMME",
        subtype="programme",
    )


_STRETCH = 8  # words between a programme's capital and the word "ohjelma"
_WITHIN = frozenset({"ADJ", "NOUN", "VERB", "PROPN", "CCONJ"})


def from_capitals(doc: Doc, bodies: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """``Puhtaan sisäilman ohjelmasta``: genitives from a capital in mid-sentence on to the head.

    ``bodies`` are organisations: one's own programme (``kunnan ohjelma``) has no name so.
    """
    taken = [(body.start, body.end) for body in bodies]
    for head in doc:
        word = names.head_of(head.text)
        if word is None or word.kind != "programme" or not head.text.casefold().startswith("ohjel"):
            continue
        first = _beginning(head)
        if first is None or any(s <= first.idx < e for s, e in taken):
            continue
        if first.ent_type_ in {"GPE", "PERSON"} and head.i - first.i < 3:
            continue  # "Kainuun ohjelma"
        written = text_of(doc)[first.idx : head.idx] + "ohjelma"
        name = Name(" ".join(written.split()), "full")
        yield EntityFind(
            start=first.idx,
            end=head.idx + len(head),
            rule="programme-in-genitive",
            confidence=0.85,
            type="project",
            name=name.name,
            names=(name,),
            label="PROGRAMME",
            subtype="programme",
        )


def _beginning(head: Token) -> Token | None:
    """The capitalised word, not a sentence's first, that genitives lead from to a head."""
    token = head
    for _ in range(_STRETCH):
        if token.is_sent_start or token.i == 0:
            return None
        token = token.doc[token.i - 1]
        genitive = "Gen" in token.morph.get("Case", [])
        if token.pos_ not in _WITHIN or not (genitive or token.pos_ == "CCONJ"):
            return None
        if token.text[0].isupper():
            return token if not token.is_sent_start else None
    return None


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
