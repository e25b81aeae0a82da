"""Names that a sentence introduces: "X on … hanke", "starttaava X", "koordinoi X:ää"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec
from spacy.tokens import Doc, Span, Token

from pipeline import lexicon
from pipeline.extract.doc_text import sentences_of, text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Block
from pipeline.extract.projects import bounds, names
from pipeline.extract.projects.names import OPEN, make_find
from pipeline.names import is_given_name, nominative
from pipeline.patterns import Pattern


@cache
def _definition() -> Pattern:
    return Pattern(
        rf"""
        [{OPEN}]? (?P<name> [A-ZÅÄÖ](?: [^.!?\n] | [!?](?=\s(?:\d|[–—]\s|on\s|oli\s)) ){{1,140}}? )
        (?: \s \( \d [^()\n]{{1,40}} \) )? \s+ (?: on | oli ) \s+
        (?: [^.!?\n]{{0,160}}? \s )??
        (?: [A-ZÅÄÖ]{{2,6}}\+?- )? (?P<head> {names.head_forms()} )
        (?= \s*[.,;:!(] | \s+j(?: a\b | o(?:ka|ta|nka|ssa|lle|hon|sta|lla)\b ) | $ )
        """,
        re.VERBOSE,
    )


def from_definitions(
    doc: Doc, blocks: Sequence[Block], organisations: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """``Marjapolku on yhdistyksen kolmivuotinen hanke``: the subject of "on … hanke"."""
    data = lexicon.settings("project_heads")
    text = text_of(doc)
    for start, sentence_end in sorted({*sentences_of(doc), *((b.start, b.end) for b in blocks)}):
        if not any(b.start <= start < b.end for b in blocks):
            continue
        match = _definition().match(text, start, sentence_end)
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
        # The tagger does not know the case of an acronym.
        may_be = names.is_acronym(whole) or _may_be_subject(subject)
        if not titled and (len(whole.split()) > 4 or not may_be):
            continue
        between = text[match.end("name") : match.start("head")]
        if re.match(r"\s+(?:on|oli)\s[A-ZÅÄÖ][^,.]{2,60},", between):
            continue  # "takana on X, … hanke": the name is the predicate
        find = make_find(
            text,
            match.start("name"),
            match.end("name"),
            whole,
            "defined-as-project",
            0.88,
            head.kind,
        )
        if find:
            yield find


def _may_be_subject(span: Span) -> bool:
    """The nominative ends a subject; a name may also end in where to, or into what.

    "Vesi kirkkaaksi on … hanke", but not "Kainuussa on … hanke", "Lisäksi on … hanke".
    """
    case = set(span[-1].morph.get("Case", ["Nom"]))
    whither = len(span) > 1 and bool(case & {"Tra", "Ill", "All"})
    first = set(span[0].morph.get("Case", []))
    return "Nom" in case or (whither and bool(first & {"Nom", "Par"}))


_WORD = r"[A-ZÅÄÖ0-9][\w&+./'’-]*"
_PIECES = {
    "word": _WORD,
    "start": r"(?P<name>[A-ZÅÄÖ])",
    "phrase": r"(?P<name>[A-ZÅÄÖ][^.,;:()\n]{2,80}?)",
    "paren": r"(?P<paren>\s\([^()\n]{2,60}\))?",
}


class Introduction(msgspec.Struct, frozen=True, kw_only=True):
    """A wording that introduces a name (see ``lexicon/project_introductions.toml``)."""

    rule: str
    pattern: Pattern
    confidence: float
    inflected: bool
    subject: bool
    phrase: bool
    never: frozenset[str]


@cache
def _introductions() -> tuple[Introduction, ...]:
    data = lexicon.settings("project_introductions")
    pieces = _PIECES | {name: "|".join(words) for name, words in data["lists"].items()}
    pieces["head"] = rf"(?P<head>{names.head_forms()})"
    found = []
    for entry in data["introduction"]:
        pattern = entry["pattern"]
        for piece, body in pieces.items():
            pattern = pattern.replace(f"{{{piece}}}", body)
        found.append(
            Introduction(
                rule=entry["rule"],
                pattern=Pattern(pattern, re.VERBOSE),
                confidence=entry["confidence"],
                inflected=entry.get("inflected", False),
                subject=entry.get("subject", False),
                phrase=entry.get("phrase", False),
                never=frozenset(entry["never"]),
            )
        )
    return tuple(found)


_SUBJECT_WORDS = 12


def from_subjects(doc: Doc, blocks: Sequence[Block]) -> Iterator[EntityFind]:
    """``Ruovikon niitto ja hyötykäyttö sai 22 500 euroa``: all before a sentence's first verb."""
    text = text_of(doc)
    for start, end in sentences_of(doc):
        if not any(b.start <= start < b.end and b.kind != "heading" for b in blocks):
            continue
        words = doc.char_span(start, end, alignment_mode="contract")
        for number, token in enumerate(words or ()):
            if number > _SUBJECT_WORDS or token.text in {".", ";", ":", "("}:
                break
            if number and "Fin" in token.morph.get("VerbForm", []):
                find = make_find(
                    text, start, token.idx - 1, text[start : token.idx - 1], "before-verb", 0.3
                )
                if find is not None and number > 1:
                    yield find
                following = token.nbor() if token.i + 1 < len(doc) else None
                if following is None or "Fin" not in following.morph.get("VerbForm", []):
                    break  # "Ranta soi alkaa": a name may end in a verb of its own


_PROSE = 60  # characters: shorter lines and values are no sentences
_DASHED = Pattern(
    r"(?<![\w–—-])(?=(?P<name>[A-ZÅÄÖ][\w&+’-]{2,}(?: [\w&+’-]+){0,3}) – (?P<after>\w))"
)


def from_dashed_titles(
    doc: Doc, blocks: Sequence[Block], others: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """``Taitorekka – perusopintoja kylille pysähtyy …``: a title with its subtitle.

    The name's first word must stand elsewhere in the text too, or its acronym in brackets behind
    it; and no verb in the name.
    """
    text = text_of(doc)
    for block in blocks:
        if block.kind not in {"paragraph", "field"} or block.end - block.start < _PROSE:
            continue
        for match in _DASHED.finditer(text, block.start, block.end):
            start, end = match.start(), bounds.ends(doc, match.start(), block.end)
            again = _times(text, match["name"].split()[0][:-1])
            lead = doc.char_span(start, match.end("name"), alignment_mode="expand")
            related = re.match(r",\sjo(?:ka|ta|nka|lle|ssa|hon|sta|lla)\b", text[end:]) is not None
            shortened = names.spelt_by_bracket(text[start:end])
            title = match["after"].islower() and (again >= 2 or shortened)
            if (
                not (title or related)
                or lead is None
                or any(o.start < end and start < o.end for o in others)
            ):
                continue
            twice = text.count(match["name"]) >= 2  # "Ranta soi" is a name with a verb
            verbal = not twice and any("Fin" in t.morph.get("VerbForm", []) for t in lead)
            short = len(text[match.start("after") : end].split()) < 2
            person = lead[0].ent_type_ == "PERSON" and is_given_name(lead[0].text)
            if verbal or short or _generic(lead[0]) or person:
                continue
            find = make_find(text, start, end, text[start:end], "dashed-title", 0.7)
            if find is not None:
                yield find


def _times(text: str, beginning: str) -> int:
    """How many words of a text begin so."""
    times, at = 0, text.find(beginning)
    while at >= 0:
        times += not (at and (text[at - 1].isalnum() or text[at - 1] == "_"))
        at = text.find(beginning, at + 1)
    return times


Wording = tuple[Introduction, re.Match[str]]


def introducing(text: str, blocks: Sequence[Block]) -> list[Wording]:
    """Wherever the text has a wording that may introduce a name."""
    return [
        (introduction, match)
        for block in blocks
        if block.kind in {"paragraph", "item", "field", "heading"}
        for introduction in _introductions()
        for match in introduction.pattern.finditer(text, block.start, block.end)
    ]


def from_introductions(
    doc: Doc, wordings: Sequence[Wording], others: Sequence[EntityFind]
) -> Iterator[EntityFind]:
    """``starttaava LiVe (…)``, ``koordinoi EmberWatchia``, ``Hiljainen polku, … hanke``."""
    for introduction, match in wordings:
        find = _introduced(doc, match, others, introduction)
        if find is not None:
            yield find


def _introduced(
    doc: Doc, match: re.Match[str], others: Sequence[EntityFind], introduction: Introduction
) -> EntityFind | None:
    """The find of a matched wording, unless something else explains the capitals."""
    text, groups = match.string, match.groupdict()
    start, end = _extent(doc, match, introduction)
    head = names.head_of(groups["head"]) if groups.get("head") else None
    if groups.get("head") and (head is None or head.kind == "none" or not _nominative(match)):
        return None
    if any(o.start < end and start < o.end for o in others) or not text[start].isupper():
        return None
    token = next(iter(doc.char_span(start, end, alignment_mode="expand") or ()), None)
    if token is None or token.ent_type_ in introduction.never or _generic(token):
        return None
    name = text[start:end]
    if introduction.rule == "apposition" and token.is_sent_start and " " not in name:
        return None
    if introduction.inflected:
        known = {t.text for t in doc if t.text[0].isupper() and t.text != name}
        name = nominative(name, "project", known)
        if name == text[start:end] and not names.is_acronym(name):
            return None
    paren = groups.get("paren") or ""
    return make_find(
        text,
        start,
        match.end("paren") if paren else end,
        name + paren,
        introduction.rule,
        introduction.confidence,
        head.kind if head else "project",
    )


def _extent(doc: Doc, match: re.Match[str], introduction: Introduction) -> tuple[int, int]:
    """Bounds of the name: to its end where only its beginning was matched, after any verb in it."""
    start, end = match.start("name"), match.end("name")
    line = match.string.find("\n", start)
    limit = line if line >= 0 else len(match.string)
    if introduction.phrase:
        return start, bounds.phrase_end(doc, start, limit)
    if end - start == 1 or re.search(r"\s[–—]\s", match["name"]):
        return start, bounds.ends(doc, start, limit, subject=introduction.subject)
    span = doc.char_span(start, end, alignment_mode="contract")
    for token in reversed(span if span is not None else ()):
        following = token.nbor() if token.i + 1 < len(doc) else None
        if "Fin" in token.morph.get("VerbForm", []) and following and following.text[0].isupper():
            return (following.idx, end) if following.idx < end else (start, end)
    return start, end


def _generic(token: Token) -> bool:
    stops = lexicon.settings("project_heads")["stops"]
    first = token.text.casefold()
    return first in stops["words"] or first in stops["generic"] or names.head_of(first) is not None


def _nominative(match: re.Match[str]) -> bool:
    return match["head"].casefold().endswith(names.NOMINATIVES)
