"""Names that a sentence introduces: "X on … hanke", "starttaava X", "koordinoi X:ää"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.projects import names
from pipeline.extract.projects.names import OPEN, make_find
from pipeline.names import nominative


def from_definitions(
    doc: Doc, blocks: Sequence[Block], organisations: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """``Marjapolku on yhdistyksen kolmivuotinen hanke``: the subject of "on … hanke"."""
    data = lexicon.settings("project_heads")
    pattern = re.compile(
        rf"(?P<name>[A-ZÅÄÖ][^.!?\n]{{1,140}}?)\s+(?:on|oli)\s+(?:[^.!?\n]{{0,160}}?\s)?(?P<head>{names.head_forms()})(?=\s*[.,;:!]|\s+j[oa]|$)"
    )
    sentences = [(s.start_char, s.end_char) for s in doc.sents]
    for start, sentence_end in sorted({*sentences, *((b.start, b.end) for b in blocks)}):
        if not any(b.start <= start < b.end for b in blocks):
            continue
        match = pattern.match(doc.text, start, sentence_end)
        if match is None:
            continue
        folded = match["head"].casefold()
        head = names.head_of(match["head"])
        name = names.clean(match["name"])
        nominative = folded.endswith(
            ("hanke", "projekti", "ohjelma", "pilotti", "kokeilu", "hankekokonaisuus")
        )
        first = name.split()[0].casefold()
        if (
            head is None
            or head.kind == "none"
            or not nominative
            or first in data["stops"]["generic"]
        ):
            continue
        if (
            first in data["stops"]["words"]
            or "," in name
            or re.search(rf"(?:^|\s|-){names.head_forms()}$", name)
        ):
            continue
        whole = re.sub(rf"^[{OPEN}]|[{OPEN}]$", "", name)
        if any(o.start <= start < o.end and o.end >= match.end("name") for o in organisations):
            continue
        subject = doc.char_span(match.start("name"), match.end("name"), alignment_mode="contract")
        if subject is None:
            continue
        titled = re.search(r"\s[–—-]\s|\(", whole) is not None
        if not titled and any("Fin" in t.morph.get("VerbForm", []) for t in subject):
            continue
        if not titled and (
            len(whole.split()) > 4 or "Nom" not in subject[-1].morph.get("Case", ["Nom"])
        ):
            continue
        find = make_find(
            doc.text,
            match.start("name"),
            match.end("name"),
            whole,
            "defined-as-project",
            0.88,
            head.kind,
        )
        if find:
            yield find


_WORD = r"[A-ZÅÄÖ0-9][\w&+./'’-]*"
_SUBTITLE = r"(?:\s[–—]\s[^.,;:()\n]{3,90}?)?"
_PAREN = r"(?P<paren>\s\([^()\n]{2,60}\))?"
_NAME = rf"(?P<name>{_WORD}(?:\s{_WORD}){{0,4}}{_SUBTITLE}){_PAREN}"


@cache
def _introductions() -> tuple[tuple[re.Pattern[str], str, float], ...]:
    """Wordings after which a capitalised phrase that nothing else explains is a project's name."""
    data = lexicon.settings("project_heads")["introduced"]
    participles = "|".join(data["participles"])
    verbs = "|".join(data["verbs"])
    ends = (
        r"(?=\s*[.,;:!?]|\s+(?:on|oli|sai|jo(?:ka|nka|ta|ssa)|käynnist\w*|alk\w*|päätt\w*|ja|-)|$)"
    )
    return (
        (re.compile(rf"\b(?:{participles})\s+{_NAME}{ends}"), "after-participle", 0.75),
        (
            re.compile(
                rf"\b(?:{verbs})\s+(?P<name>{_WORD})(?P<paren>\s\([^()\n]{{2,60}}\))?(?=\s|[.,;])"
            ),
            "object-of-verb",
            0.7,
        ),
        (
            re.compile(
                rf"\b(?:on|ovat)\s(?P<name>[A-ZÅÄÖ][^,.:;()\n]{{2,60}})(?P<paren>\s\([^()\n]{{2,60}}\))?,\s(?:[^.,;:\n]{{0,90}}\s)?(?P<head>{names.head_forms()})(?=\s*[.,;:]|\s+jo)"
            ),
            "apposition",
            0.8,
        ),
        (
            re.compile(
                rf"(?:^|[.!?–]\s|\bon\s|\s){_NAME},\s(?:[^.,;:\n]{{0,90}}\s)?(?P<head>{names.head_forms()})(?=\s*[.,;:]|\s+jo)"
            ),
            "apposition",
            0.8,
        ),
        (
            re.compile(
                rf"\b(?:projekti|hanke|osallisuus)\w*n[aä]\s(?P<name>{_WORD}(?:\s[\w-]+)?(?:ss[aä]|ll[aä]))(?=\s*[.,;:]|\s+ja\b)"
            ),
            "place-of-project-worker",
            0.7,
        ),
        (
            re.compile(
                rf"(?:^|\s)(?:Mitä|Mikä)\s(?P<name>{_WORD}(?:\s[a-zåäö]\w+){{0,3}}?)(?:\s(?:sitten|oikein|oikeastaan))?\son\?\s+Se\son\b[^.!?\n]*?(?P<head>{names.head_forms()})"
            ),
            "asked-what-it-is",
            0.85,
        ),
    )


def from_introductions(
    doc: Doc, blocks: Sequence[Block], others: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """``starttaava LiVe (…)``, ``koordinoi EmberWatchia``, ``Hiljainen polku, … hanke``."""
    text = doc.text
    for block in blocks:
        if block.kind not in {"paragraph", "item", "field", "heading"}:
            continue
        for pattern, rule, confidence in _introductions():
            for match in pattern.finditer(text, block.start, block.end):
                find = _introduced(doc, match, others, rule, confidence)
                if find is not None:
                    yield find


def _introduced(
    doc: Doc, match: re.Match[str], others: Sequence[EntityFind], rule: str, confidence: float
) -> EntityFind | None:
    text = doc.text
    groups = match.groupdict()
    start, end = match.start("name"), match.end("name")
    head = names.head_of(groups["head"]) if groups.get("head") else None
    if groups.get("head") and (
        head is None or head.kind == "none" or not _nominative_head(groups["head"])
    ):
        return None
    if any(o.start < end and start < o.end for o in others) or not text[start].isupper():
        return None
    token = next((t for t in doc.char_span(start, end, alignment_mode="expand") or ()), None)
    if token is None or token.ent_type_ in {"PERSON", "GPE", "LOC", "DATE", "NORP"}:
        return None
    first = token.text.casefold()
    data = lexicon.settings("project_heads")["stops"]
    if first in data["words"] or first in data["generic"] or names.head_of(token.text):
        return None
    if rule == "apposition" and token.is_sent_start and len(text[start:end].split()) == 1:
        return None
    name = text[start:end]
    if rule in {"object-of-verb", "place-of-project-worker"}:
        name = nominative(name, "project")
        if rule == "object-of-verb" and name == text[start:end] and not names.is_acronym(name):
            return None
    paren = groups.get("paren") or ""
    found = make_find(
        text,
        start,
        match.end("paren") if paren else end,
        name + paren,
        rule,
        confidence,
        head.kind if head else "project",
    )
    return found


def _nominative_head(word: str) -> bool:
    return word.casefold().endswith(
        ("hanke", "projekti", "ohjelma", "pilotti", "kokeilu", "hankekokonaisuus", "hankkeemme")
    )
