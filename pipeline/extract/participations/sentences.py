"""Reads parts from sentences: cuts them in clauses and asks each cue for its organisations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Span

from pipeline.extract.context import Context, several
from pipeline.extract.finds import EntityFind
from pipeline.extract.participations.arguments import argument
from pipeline.extract.participations.cues import Cue, PartFind, cues
from pipeline.extract.participations.labels import labelled

_BOTH = re.compile(r"\b(?:molemmat|kumpikin|kaikki kolme|kaikki)\b", re.IGNORECASE)
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
    furniture = [b for b in context.page.blocks if b.kind == "furniture"]
    text = context.text
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        if any(b.start <= start < b.end for b in furniture):
            continue
        inside = [o for o in organisations if start <= o.start < end]
        if not inside:
            continue
        if labelled(context, start):
            continue
        for low, high in _clauses(text, start, end, sentence, inside):
            in_clause = [o for o in inside if low <= o.start < high]
            if not in_clause and _BOTH.search(text, low, high):
                before = [o for o in inside if o.end <= low and o.case in {"Nom", None}]
                yield from _in_clause(doc, context, (start, end), (low, high), before)
            if in_clause:
                yield from _in_clause(doc, context, (start, end), (low, high), in_clause)


def _clauses(
    text: str, start: int, end: int, tokens: Span, organisations: Sequence[EntityFind]
) -> list[tuple[int, int]]:
    """Cut a sentence where one finite verb's realm ends and the next one's begins."""
    verbs = [
        t for t in tokens if t.pos_ in {"VERB", "AUX"} and "Fin" in t.morph.get("VerbForm", [])
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
    cuts = [cut for cut in cuts if not any(o.start < cut < o.end for o in organisations)]
    cuts = sorted({*cuts, end})
    return [(low, high) for low, high in pairwise(cuts) if text[low:high].strip()]


def _in_clause(
    doc: Doc,
    context: Context,
    sentence: tuple[int, int],
    clause: tuple[int, int],
    organisations: Sequence[EntityFind],
) -> Iterator[PartFind]:
    text = context.text
    whole = text[sentence[0] : sentence[1]]
    part_of_text = text[clause[0] : clause[1]]
    span = doc.char_span(clause[0], clause[1], alignment_mode="contract")
    for token in span if span is not None else ():
        word = token.text.casefold()
        if any(o.start <= token.idx < o.end for o in organisations):
            continue
        for cue in cues():
            if not cue.word.match(word):
                continue
            if cue.needs and not cue.needs.search(whole):
                continue
            if cue.unless and cue.unless.search(part_of_text):
                continue
            for organisation in argument(text, token, cue, clause, organisations):
                if cue.only_types and organisation.subtype not in cue.only_types:
                    continue
                start = min(organisation.start, token.idx)
                end = max(token.idx + len(token), organisation.end)
                sure = 0.85 if organisation.label == "ANAPHOR" else 1.0
                for project in _projects(context, cue, (start, end), whole):
                    yield PartFind(
                        start=start,
                        end=end,
                        rule=f"{cue.frame}:{cue.part}",
                        confidence=round(cue.confidence * sure, 3),
                        organisation=organisation,
                        part=cue.part,
                        project=project,
                    )


def _projects(context: Context, cue: Cue, span: tuple[int, int], sentence: str) -> list[str | None]:
    """The project a part is in; all of them where the sentence says so of their funding."""
    project = context.project_at(*span, after=cue.frame in {"agent", "possessor"})
    if cue.part == "funder" and several().search(sentence):
        low, high = context.sentence(span[0])
        named = any(low <= m.start < high for m, _ in context.mentions)
        together = context.foreground()
        if not named and len(together) > 1:
            return list(together)
    return [project]
