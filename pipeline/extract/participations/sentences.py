"""Reads parts from sentences: cuts them in clauses and asks each cue for its organisations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec
from spacy.tokens import Doc

from pipeline.extract.context import Context, several
from pipeline.extract.doc_text import sentences_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.arguments import argument
from pipeline.extract.participations.cues import Cue, PartFind, cues_of, roles_in_brackets, spoken
from pipeline.extract.participations.labels import labelled
from pipeline.extract.spans import Spans
from pipeline.records import Part

_RELATIVE = re.compile(r",\s(?:jo\w{1,4})\s[^,;.]{3,80},\s(?:ja|sekä)\s")
_MONEY = re.compile(r"\+?-(?:osa|hanke)?(?:rahoitu|tuk|tue|avustu|raha)\w*")
_NEAR = 12  # characters between a participle and the name that it stands before
_NOT = re.compile(r"(?<!\w)(?:ei|eivät|emme)\s(?!vain\b|ainoastaan\b|pelkästään\b|yksin\b)")
_SURE = 0.75  # confidence of the cues that a relative clause's subject is read of
_WHO = re.compile(r",\s+(?:joka|(?P<several>jotka))\b")
_ASIDE = re.compile(r"\s?(?:\([^()\n]{1,40}\))?")
_AND = re.compile(r"\s?(?:\([^()\n]{1,40}\))?(?:,\s|\s(?:ja|sekä)\s)")
_STOP = re.compile(r"[.;:,]")
_BOTH = re.compile(r"\b(?:molemmat|kumpikin|kaikki kolme|kaikki)\b", re.IGNORECASE)
# "hakijana on X ja osatoteuttajana Y": a second noun of part begins a clause of its own.
_PREDICATE = re.compile(
    r",?\s(?:ja|sekä)\s(?=(?:(?:toinen|toisena|muina|muut|muita|yhtenä)\s)?"
    r"\w*(?:toteuttaj|hakij|kumppan|rahoittaj|hallinnoij|koordinaattor|vetäj|osapuol|partner)"
    r"(?:a|at|ana|ina|ia|it|eina|eita|ina|i|ina|eiksi)\b)"
)
_BOUNDARY = re.compile(
    r"""
    ,\s+(?: jo(?:ka|tka|ta|ita|nka|iden|sta|lle|ssa|hon|lla|lta|ista) | että | kun | jos | koska
          | jolloin | mutta | vaikka | kunnes | ennen\ kuin )\b
    | ; | \s[–—]\s
    """,
    re.VERBOSE,
)


def from_sentences(
    doc: Doc, context: Context, organisations: Sequence[EntityFind]
) -> Iterator[PartFind]:
    """Parts that sentences say, clause by clause, cue by cue."""
    bodies = Spans(organisations)
    text = context.text
    for start, end in sentences_of(doc):
        if context.page.on_furniture(start):
            continue
        inside = bodies.beginning_in(start, end)
        if not inside:
            continue
        if labelled(context, start):
            continue
        yield from _fund_money(context, inside)
        for low, high in _clauses(text, start, end, doc, inside):
            in_clause = [o for o in inside if low <= o.start < high]
            in_clause += _after_relative(text, high, end, inside)
            if not in_clause and _BOTH.search(text, low, high):
                before = [o for o in inside if o.end <= low and o.case in {"Nom", None}]
                yield from _in_clause(doc, context, (start, end), (low, high), before)
            if (ahead := _antecedents(text, low, inside)) and not any(
                o.case in {"Nom", None} for o in in_clause
            ):
                yield from _in_clause(
                    doc, context, (start, end), (low, high), ahead, frames=frozenset({"subject"})
                )
            if in_clause:
                yield from _in_clause(doc, context, (start, end), (low, high), in_clause)


def _fund_money(context: Context, organisations: Sequence[EntityFind]) -> Iterator[PartFind]:
    """``EAKR-rahoitus``, ``ESR+-tuki``: a fund's name in the word for its money."""
    for fund in organisations:
        word = _MONEY.match(context.text, fund.end)
        if fund.subtype == "fund" and word is not None:
            yield PartFind(
                start=fund.start,
                end=word.end(),
                rule="compound:funder",
                confidence=0.8,
                organisation=fund,
                part="funder",
                project=context.project_at(fund.start, fund.end),
            )


def _clauses(
    text: str, start: int, end: int, doc: Doc, organisations: Sequence[EntityFind]
) -> list[tuple[int, int]]:
    """Cut a sentence where one finite verb's realm ends and the next one's begins."""
    verbs = [
        t
        for t in doc.char_span(start, end) or ()
        if t.pos_ in {"VERB", "AUX"} and "Fin" in t.morph.get("VerbForm", [])
    ]
    cuts = [start]
    cuts += [m.start() for m in _BOUNDARY.finditer(text, start, end)]
    for one, two in pairwise(verbs):
        if any(one.idx < cut < two.idx for cut in cuts):
            continue
        joint = [
            m.start()
            for m in re.finditer(r",\s+ja\b|,(?=\s)|\s(?:ja|sekä|mutta)\s", text[one.idx : two.idx])
        ]
        commas = [at for at in joint if text[one.idx + at] == ","]
        if commas:
            cuts.append(one.idx + commas[-1])
        elif joint:
            cuts.append(one.idx + joint[-1])
    cuts += [m.start() for m in _PREDICATE.finditer(text, start, end)]
    starts = {o.start for o in organisations}
    listed = [o.end for o in organisations if text.startswith(" sekä ", o.end)]
    cuts = [cut for cut in cuts if cut not in listed or cut + 6 not in starts]
    cuts = [cut for cut in cuts if not any(o.start < cut < o.end for o in organisations)]
    cuts = sorted({*cuts, end})
    return [(low, high) for low, high in pairwise(cuts) if text[low:high].strip()]


def _after_relative(
    text: str, at: int, end: int, organisations: Sequence[EntityFind]
) -> list[EntityFind]:
    """``X, jonka tiloissa kokoonnutaan, ja Y``: the list that a relative clause interrupts."""
    relative = _RELATIVE.match(text, at, end)
    found = next((o for o in organisations if relative and o.start == relative.end()), None)
    if found is None:
        return []
    return [found, *_after_relative(text, found.end, end, organisations)]


def _in_clause(
    doc: Doc,
    context: Context,
    sentence: tuple[int, int],
    clause: tuple[int, int],
    organisations: Sequence[EntityFind],
    frames: frozenset[str] | None = None,
) -> Iterator[PartFind]:
    """Parts that the words of a clause say; by cues of the ``frames`` only, where given."""
    text = context.text
    whole = text[sentence[0] : sentence[1]] + _spoken_of(context, sentence[0])
    line = context.page.block(sentence[0])
    near = text[line.start if line else sentence[0] : sentence[1]]
    part_of_text = text[clause[0] : clause[1]]
    span = doc.char_span(clause[0], clause[1], alignment_mode="contract")
    for token in span if span is not None else ():
        found = cues_of(token.text.casefold())
        if not found or any(o.start <= token.idx < o.end for o in organisations):
            continue
        beside = _in_bracket(text, token.idx, clause, organisations)
        for cue in found:
            if frames is not None and (cue.frame not in frames or cue.confidence < _SURE):
                continue
            if cue.needs and not cue.needs.search(whole):
                continue
            if cue.unless and cue.unless.search(part_of_text):
                continue
            if cue.needs_near and not cue.needs_near.search(near):
                continue
            if cue.unless_near and cue.unless_near.search(near):
                continue
            if cue.part == "funder" and _denied(text, token.idx, clause):
                continue
            for organisation in argument(text, token, cue, clause, beside):
                if cue.only_types and organisation.subtype not in cue.only_types:
                    continue
                said = _bracket(text, organisation) or cue.part
                start = min(organisation.start, token.idx)
                end = max(token.idx + len(token), organisation.end)
                sure = 0.85 if organisation.label == "ANAPHOR" else 1.0
                for project in _projects(context, cue, (start, end), whole):
                    yield PartFind(
                        start=start,
                        end=end,
                        rule=f"{cue.frame}:{said}",
                        confidence=round(cue.confidence * sure, 3),
                        organisation=organisation,
                        part=said,
                        project=project,
                    )


def _denied(text: str, at: int, clause: tuple[int, int]) -> bool:
    """``Rahoitus ei tule X:ltä``: the stretch between stops around the word says no."""
    low = max((m.end() for m in _STOP.finditer(text, clause[0], at)), default=clause[0])
    stop = _STOP.search(text, at, clause[1])
    return _NOT.search(text, low, stop.start() if stop else clause[1]) is not None


def _antecedents(text: str, low: int, organisations: Sequence[EntityFind]) -> list[EntityFind]:
    """``X ja Y, jotka rahoittavat …``: whom a relative pronoun stands for, as its subject."""
    pronoun = _WHO.match(text, low)
    before = sorted((o for o in organisations if o.end <= low), key=lambda o: o.end)
    if pronoun is None or not before or not _ASIDE.fullmatch(text, before[-1].end, low):
        return []
    meant = before[-1:]
    if pronoun["several"]:
        for other in reversed(before[:-1]):
            if not _AND.fullmatch(text, other.end, meant[0].start):
                break
            meant.insert(0, other)
    return [msgspec.structs.replace(one, case="Nom") for one in meant]


def _in_bracket(
    text: str, at: int, clause: tuple[int, int], organisations: Sequence[EntityFind]
) -> Sequence[EntityFind]:
    """For a word within brackets the bodies within them, else the one right before them."""
    opened, closed = text.rfind("(", clause[0], at), text.rfind(")", clause[0], at)
    if opened <= closed:
        return organisations
    end = text.find(")", at)
    within = [o for o in organisations if opened < o.start and (end < 0 or o.end <= end)]
    return within or [o for o in organisations if text[o.end : opened].isspace()]


def _spoken_of(context: Context, start: int) -> str:
    """`` hanketta`` for a sentence that begins with "Sitä" after a project's name, else nothing."""
    word = re.match(r"\w+", context.text[start : start + 12])
    noun = spoken().get(word.group().casefold()) if word else None
    if noun is None or not start:
        return ""
    before = context.sentence(start - 1)
    line = context.page.block(start)
    if line is None or before[0] < line.start:
        return ""
    named = context.named_in(*before)
    return f" {noun}" if named or context.generic_head(before[0]) else ""


def _bracket(text: str, organisation: EntityFind) -> Part | None:
    """``X (päätoteuttaja)``: a part of its own in a list of others."""
    behind = re.match(r"\s\(([^()\nA-ZÅÄÖ]{4,40})\)", text[organisation.end :])
    role = roles_in_brackets().match(behind.group(1)) if behind else None
    return role.lastgroup if role else None  # type: ignore[return-value]


def _projects(context: Context, cue: Cue, span: tuple[int, int], sentence: str) -> list[str | None]:
    """The project a part is in; all of them where the sentence says so of their funding."""
    project = context.project_at(*span, after=cue.frame in {"agent", "possessor"})
    if cue.frame == "agent":  # "X:n koordinoima Y-ohjelma": programmes have leads as well
        low, high = span[1], span[1] + _NEAR
        programme = next((k for _, k in context.named_in(low, high)), None)
        apart = _STOP.search(context.text, low, high)
        if programme and not context.is_project(programme) and not apart:
            return [programme]
    listed = [item.project for item in context.items if span[0] < item.start]
    table = list(dict.fromkeys([*(row.project for row in context.rows), *listed]))
    if cue.part == "funder" and (table or several().search(sentence)):
        named = context.names_project(*context.sentence(span[0]))
        together = table or context.listed()
        if not named and len(together) > 1:
            return list(together)
    return [project]
