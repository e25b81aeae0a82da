"""Reads what part an organisation has in a project, from verbs, nouns, participles and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import get_args

import msgspec
from spacy.tokens import Doc, Span, Token

from pipeline import lexicon
from pipeline.extract.context import Context, several
from pipeline.extract.finds import EntityFind, Find
from pipeline.records import Part


class PartFind(Find, frozen=True, kw_only=True):
    """An organisation's part in the project with the key ``project`` (``None`` if unsaid)."""

    organisation: EntityFind
    part: Part
    project: str | None


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """A word that says a part, and the frame that tells where its organisation stands."""

    part: Part
    frame: str
    word: re.Pattern[str]
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    only_types: tuple[str, ...]
    cases: tuple[str, ...]
    gap: int
    confidence: float


@cache
def _cues() -> tuple[Cue, ...]:
    return tuple(
        Cue(
            part=entry["part"],
            frame=entry["frame"],
            word=re.compile(f"(?:{'|'.join(entry['words'])})$"),
            needs=re.compile(entry["needs"], re.IGNORECASE) if "needs" in entry else None,
            unless=re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
            only_types=tuple(entry.get("only_types", ())),
            cases=tuple(entry.get("cases", ("Nom", "Par"))),
            gap=entry.get("gap", {"possessor": 0}.get(entry["frame"], 5)),
            confidence=entry["confidence"],
        )
        for entry in lexicon.settings("parts")["cue"]
    )


_PARTS: frozenset[str] = frozenset(get_args(Part))
_LINKERS = re.compile(
    r"[\s,]*(?:\b(?:ja|sekä|että|eli|&|myös)\b[\s,]*)*(?:\([^()\n]{1,40}\)[\s,]*)?(?:\b(?:ja|sekä)\b\s*)?"
)
_OUTRIGHT = 0.7  # confidence from which a part counts as said
_BOTH = re.compile(r"\b(?:molemmat|kumpikin|kaikki kolme|kaikki)\b", re.IGNORECASE)
_MODIFIERS = 8  # words that may stand between two listed organisations
_BOUNDARY = re.compile(
    r"""
    ,\s+(?: jo(?:ka|tka|ta|ita|nka|iden|sta|lle|ssa|hon|lla|lta|ista) | että | kun | jos | koska
          | jolloin | mutta | vaikka | kunnes | ennen\ kuin )\b
    | ; | \s[–—]\s
    """,
    re.VERBOSE,
)


def find_participations(
    doc: Doc, context: Context, organisations: Sequence[EntityFind]
) -> list[PartFind]:
    """Every stated part, one find per organisation, part and project, the surest reading."""
    found = [*_from_labels(context, organisations), *_from_sentences(doc, context, organisations)]
    best: dict[tuple[str, str, str | None], PartFind] = {}
    for find in found:
        key = (find.organisation.name, find.part, find.project)
        if key not in best or find.confidence > best[key].confidence:
            best[key] = find
    kept = _without_weaker(list(best.values()))
    return sorted(kept, key=lambda find: (find.start, find.end, find.part))


def _without_weaker(finds: Sequence[PartFind]) -> list[PartFind]:
    """What merely acting in a project suggests yields to a part that is said outright.

    A lead is no implementer for carrying its own project out.
    """
    said: dict[tuple[str, str | None], set[str]] = {}
    for find in finds:
        if find.confidence >= _OUTRIGHT:
            said.setdefault((find.organisation.name, find.project), set()).add(find.part)
    kept = []
    for find in finds:
        parts = said.get((find.organisation.name, find.project), set())
        weak = find.confidence < _OUTRIGHT and bool(parts - {find.part})
        own = find.rule == "subject:implementer" and "lead" in parts
        if not (weak or own):
            kept.append(find)
    return kept


def _from_labels(context: Context, organisations: Sequence[EntityFind]) -> Iterator[PartFind]:
    """``Osatoteuttajat: X, Y``: the label says the part of every organisation in the value."""
    for field in context.page.fields:
        part = "partner" if field.key == "actors" else field.key
        part = "funder" if field.key in {"authority", "grant", "share"} else part
        if part not in _PARTS or _is_prose(context.text[field.start : field.end]):
            continue
        money = field.key in {"grant", "share"}
        for organisation in organisations:
            in_label = money and field.label_start <= organisation.start < field.label_end
            if in_label or field.start <= organisation.start < field.end:
                project = context.project_of(field)
                stated = part
                before = context.text[field.start : organisation.start].casefold()
                inner = re.search(
                    r"\((osatoteuttaja|kumppani|rahoittaja)\w*[:\s]*$|\((osatoteuttaja|kumppani|rahoittaja)\w*\s[^()]*$",
                    before,
                )
                behind = re.match(
                    r"\s*\((osatoteuttaja|kumppani|rahoittaja)\b", context.text[organisation.end :]
                )
                inner = inner or behind
                if inner:
                    stated = {
                        "osatoteuttaja": "implementer",
                        "kumppani": "partner",
                        "rahoittaja": "funder",
                    }[inner.group(1) or inner.group(2)]
                yield PartFind(
                    start=field.label_start,
                    end=organisation.end,
                    rule=f"label:{field.key}",
                    confidence=0.6 if field.key == "authority" else 0.95,
                    organisation=organisation,
                    part=stated,  # type: ignore[arg-type]
                    project=project,
                )


def _is_prose(value: str) -> bool:
    """A value that is a sentence says the parts itself."""
    return len(value) > 60 and value.rstrip().endswith(".")


def _from_sentences(
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
        if _labelled(context, start):
            continue
        for low, high in _clauses(text, start, end, sentence, inside):
            in_clause = [o for o in inside if low <= o.start < high]
            if not in_clause and _BOTH.search(text, low, high):
                before = [o for o in inside if o.end <= low and o.case in {"Nom", None}]
                yield from _in_clause(doc, context, (start, end), (low, high), before)
            if in_clause:
                yield from _in_clause(doc, context, (start, end), (low, high), in_clause)


def _labelled(context: Context, start: int) -> bool:
    """Is the line a label with its value? Then the label says the part."""
    field = next((f for f in context.page.fields if f.label_start <= start < f.end), None)
    if field is None or field.key not in {*_PARTS, "actors", "authority", "grant", "share"}:
        return False
    return not _is_prose(context.text[field.start : field.end])


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
        for cue in _cues():
            if not cue.word.match(word):
                continue
            if cue.needs and not cue.needs.search(whole):
                continue
            if cue.unless and cue.unless.search(part_of_text):
                continue
            for organisation in _argument(text, token, cue, clause, organisations):
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


def _argument(
    text: str, token: Token, cue: Cue, clause: tuple[int, int], organisations: Sequence[EntityFind]
) -> list[EntityFind]:
    """The organisations that stand where the cue's frame wants them."""
    start, end = token.idx, token.idx + len(token)
    groups = _groups(text, organisations)
    if cue.frame in {"agent", "possessor", "comitative"}:
        for group in groups:
            gap = text[group[-1].end : start] if group[-1].end <= start else None
            if (
                gap is not None
                and _close(gap, 1 if cue.frame == "possessor" else 5)
                and _genitive(group)
            ):
                return group
        return []
    if cue.frame == "source":
        return [
            o for group in groups for o in group if any(x.case in {"Ela", "Abl"} for x in group)
        ]
    wanted = {"Nom", None, *(cue.cases if cue.frame == "predicate" else ())}
    nominative = [g for g in groups if any(o.case in wanted for o in g) or _besides(text, g)]
    if cue.frame == "subject":
        return _subject(text, token, nominative)
    after = [g for g in nominative if g[0].start >= end]
    before = [g for g in nominative if g[-1].end <= start]
    if after and not _own_verb_before(text, before, start):
        return [o for g in after for o in g] + [o for g in before if _besides(text, g) for o in g]
    return [o for g in before for o in g] if before else [o for g in after for o in g]


def _own_verb_before(text: str, before: Sequence[Sequence[EntityFind]], start: int) -> bool:
    """``X on hankkeen osatoteuttaja …``: the subject stands before the copula."""
    return (
        bool(before)
        and re.fullmatch(
            r"\s(?:on|ovat|oli|olivat|toimii|toimivat|lähtee)\b.*",
            text[before[-1][-1].end : start],
            re.DOTALL,
        )
        is not None
    )


def _subject(text: str, token: Token, groups: Sequence[list[EntityFind]]) -> list[EntityFind]:
    """The group nearest to the verb; a list that goes on after it belongs to it as well."""
    start, end = token.idx, token.idx + len(token)
    before = [g for g in groups if g[-1].end <= start]
    after = [g for g in groups if g[0].start >= end]
    if before:
        nearest = before[-1]
        return [o for g in before if g is nearest or _joined(text, g, nearest) for o in g]
    return after[0] if after else []


def _joined(text: str, one: Sequence[EntityFind], two: Sequence[EntityFind]) -> bool:
    return bool(re.search(r"(?:\bja|\bsekä)\s*$", text[one[-1].end : two[0].start]))


def _besides(text: str, group: Sequence[EntityFind]) -> bool:
    """``A:n lisäksi B ja C``: A belongs to the same list."""
    return re.match(r"\s+(?:lisäksi|ohella|rinnalla|tavoin)\b", text[group[-1].end :]) is not None


def _genitive(group: Sequence[EntityFind]) -> bool:
    return any(o.case in {"Gen", None} for o in group)


def _close(gap: str, words: int) -> bool:
    """At most a few lower-case words and no punctuation between organisation and cue."""
    gap = re.sub(r"^\s*\([^()\n]{1,40}\)", "", gap)
    gap = re.sub(r"\b\d[\d\s.,]*\s?(?:(?:miljoona\w*|milj\.?)\s)?(?:euron|€|e)\s", "", gap)
    if re.search(r"[.,;:()\n]", gap):
        return False
    between = gap.split()
    return len(between) <= words and all(word[0].islower() or word[0].isdigit() for word in between)


def _groups(text: str, organisations: Sequence[EntityFind]) -> list[list[EntityFind]]:
    """Organisations listed together: only linkers, or linkers and modifiers, between them."""
    groups: list[list[EntityFind]] = []
    for organisation in sorted(organisations, key=lambda o: (o.start, o.end)):
        if groups:
            gap = text[groups[-1][-1].end : organisation.start]
            if organisation.start <= groups[-1][-1].end or _LINKERS.fullmatch(gap) or _listing(gap):
                groups[-1].append(organisation)
                continue
        groups.append([organisation])
    return groups


def _listing(gap: str) -> bool:
    """``, laitteet toimittava yritys``: a comma or "ja" and then lower-case modifiers only."""
    match = re.match(r"\s*(?:\([^()\n]*\))?\s*(?:,|ja\b|sekä\b)", gap)
    if match is None or re.search(r"[.;:\n]", gap):
        return False
    words = gap[match.end() :].split()
    return len(words) <= _MODIFIERS and not any(
        w.strip(",") in {"joka", "jotka", "jonka", "jota", "on", "ovat"} for w in words
    )
