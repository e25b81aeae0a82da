"""Finds organisations: every mention of a named body, with its nominative name and its type.

Rules propose known bodies (``bodies.csv``) and open patterns (modifiers and a head, legal forms,
coordinated lists), the networks propose spans (``candidates``); evidence decides. Short forms come
from what the announcement itself defines.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec
from spacy.tokens import Doc

from pipeline.evidence import Model
from pipeline.extract.doc_text import tagged, text_of
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word, colon_case, words_of
from pipeline.extract.layout import Layout, layout
from pipeline.extract.organisations import (
    coordination,
    definitions,
    headed,
    known,
    legal,
    references,
)
from pipeline.extract.organisations.candidates import candidates
from pipeline.extract.organisations.capitals import in_plain_case
from pipeline.extract.organisations.decision import decide
from pipeline.extract.organisations.heads import head_of, legal_forms
from pipeline.extract.organisations.scene import GUARDED, KNOWN, Scene, bare_name, with_names
from pipeline.extract.organisations.signs import signs_of
from pipeline.extract.places import of_genitive
from pipeline.extract.spans import Spans, longest
from pipeline.extract.surroundings import Signs
from pipeline.records import Name


def find_organisations(
    doc: Doc,
    taken: Sequence[EntityFind] = (),
    page: Layout | None = None,
    *,
    model: Model,
    without: Iterable[str] = (),
) -> list[EntityFind]:
    """Mentions of named organisations in text order, not overlapping each other.

    ``taken`` finds (people, projects) keep their text to themselves; ``page`` is the text's
    layout where the caller has it; ``model`` weighs the signs of candidates; proposers named in
    ``without`` have no say. A bare head that
    refers to a body named elsewhere (``kuntayhtymä``) has the rule ``anaphora`` and the label
    ``ANAPHOR``.
    """
    scene = _scene(doc, taken)
    weighed = _weighable(doc, scene, page or layout(scene.text), without)
    chances = model.probabilities([signs for _, signs in weighed])
    chosen = decide([find for find, _ in weighed], chances, model.least)
    firm = [
        msgspec.structs.replace(find, rule=KNOWN) if find.rule == GUARDED else find
        for find in chosen
    ]
    finds = _same_names(_own_shorts(scene.text, definitions.with_definitions(scene, firm)))
    finds = longest([*finds, *_free(references.later_mentions(scene, finds), finds)])
    return longest([*finds, *_free(references.anaphors(scene, finds), finds)])


def weighable(
    doc: Doc,
    taken: Sequence[EntityFind] = (),
    page: Layout | None = None,
    *,
    without: Iterable[str] = (),
) -> list[tuple[EntityFind, Signs]]:
    """Every candidate for a body's mention with its signs; what the weights are fitted on."""
    return _weighable(doc, _scene(doc, taken), page or layout(text_of(doc)), without)


def _weighable(
    doc: Doc, scene: Scene, page: Layout, without: Iterable[str]
) -> list[tuple[EntityFind, Signs]]:
    silent = frozenset(without)
    found = candidates(doc, _proposed(scene, silent), silent)
    return list(zip(found, signs_of(doc, page, found), strict=True))


def _scene(doc: Doc, taken: Sequence[EntityFind]) -> Scene:
    text = text_of(doc)
    words = words_of(text)
    return Scene(text, words, _blocked(doc, words, taken))


PROPOSERS: Mapping[str, Callable[[Scene], Iterable[EntityFind]]] = {
    "known": known.known,
    "headed": headed.headed,
    "legal": legal.legal,
    "coordinated": coordination.coordinated,
}
"""Rules that propose bodies, by name."""


def _proposed(scene: Scene, without: Collection[str]) -> list[EntityFind]:
    """What the rules read as bodies, the longer before the shorter; in capitals, too."""
    rules = [rule for name, rule in PROPOSERS.items() if name not in without]
    finds = longest(find for rule in rules for find in rule(scene))
    capitals = in_plain_case(scene)
    return [
        *longest(find for rule in rules for find in rule(capitals)),
        *longest(definitions.with_definitions(scene, finds)),
    ]


_LEGAL_AFTER = re.compile(r" ([A-Za-z.]{2,4})\b")


def _blocked(doc: Doc, words: Sequence[Word], taken: Sequence[EntityFind]) -> list[bool]:
    """For every word, whether it belongs to a person's name or to a taken find."""
    spans = [(find.start, find.end) for find in taken]
    text = text_of(doc)
    for ent in tagged(doc):
        parts = ent.text.split()
        whole = ent.label == "PERSON" and len(parts) > 1 and "\n" not in ent.text
        after = _LEGAL_AFTER.match(text, ent.end) if whole else None
        bodily = after is not None and after.group(1) in legal_forms()
        if whole and not bodily and not any(map(_of_a_body, parts)):
            spans.append((ent.start, ent.end))
    spans.sort()
    starts = [start for start, _ in spans]
    found = []
    for word in words:
        at = bisect.bisect_right(starts, word.start) - 1
        found.append(at >= 0 and word.start < spans[at][1])
    return found


def _of_a_body(word: str) -> bool:
    """Whether a word tells that a name is no person's: a place, a head, a legal form."""
    word = word.strip(".,;:()")
    return (
        of_genitive(word) is not None
        or head_of(word) is not None
        or colon_case(word)[0] in legal_forms()
    )


def _free(finds: Iterable[EntityFind], kept: Sequence[EntityFind]) -> list[EntityFind]:
    """Those of the finds that leave what is kept untouched."""
    firm = Spans(find for find in kept if find.rule != GUARDED)
    return [find for find in finds if not firm.touches(find.start, find.end)]


def _own_shorts(text: str, finds: Sequence[EntityFind]) -> list[EntityFind]:
    """A short name is the body's that the text itself gives it to.

    After ``Keski-Pohjanmaan sosiaali- ja terveyspalvelukuntayhtymä Soite`` or ``… (Soite)``,
    ``Soite`` is that federation and not the county of today.
    """
    owners: dict[str, EntityFind] = {}
    for find in finds:
        last = text[find.start : find.end].split()[-1]
        if find.rule == "definition" or (find.end - find.start > len(last) and last.isalpha()):
            owners.setdefault(last, find)
    out = []
    for find in finds:
        surface = text[find.start : find.end]
        shorts = [name.name for name in find.names if name.kind in ("short", "acronym")]
        short = next((name for name in shorts if surface.startswith(name) and name in owners), None)
        owner = owners.get(short) if short else None
        if owner is not None and owner.name != find.name and find.rule == KNOWN:
            find = msgspec.structs.replace(
                find, name=owner.name, names=owner.names, subtype=owner.subtype
            )
        out.append(find)
    return out


def _same_names(finds: Sequence[EntityFind]) -> list[EntityFind]:
    """Finds of one body under one canonical name, with all the names the text licenses."""
    groups: dict[str, list[EntityFind]] = {}
    owner: dict[str, str] = {}
    for find in finds:
        keys = [
            bare_name(name.name).casefold()
            for name in find.names
            if name.kind in ("full", "alias") or name.name == find.name
        ]
        group = next((owner[key] for key in keys if key in owner), keys[0])
        for key in keys:
            owner.setdefault(key, group)
        groups.setdefault(group, []).append(find)
    out: list[EntityFind] = []
    for members in groups.values():
        fullest = max(members, key=lambda f: (f.rule == KNOWN, len(f.name)))
        names = [name for member in members for name in member.names]
        merged = with_names(fullest, names).names
        for member in members:
            out.append(
                msgspec.structs.replace(
                    member, name=fullest.name, names=merged, subtype=fullest.subtype
                )
            )
    return _under_umbrella(sorted(out, key=lambda f: f.start))


def _under_umbrella(finds: Sequence[EntityFind]) -> list[EntityFind]:
    """``ProAgria`` alone is the one ``ProAgria Lappi`` that the text names."""
    longer: dict[str, set[str]] = {}
    by_name = {find.name: find for find in finds}
    for name in by_name:
        longer.setdefault(name.partition(" ")[0], set()).add(name)
    out = []
    for find in finds:
        plus = by_name.get(find.name + " plus")
        if plus is not None:  # ESR is ESR+ where the announcement names ESR+
            names = with_names(plus, find.names).names
            find = msgspec.structs.replace(find, name=plus.name, names=names)
        others = longer.get(find.name, set()) - {find.name}
        if len(others) == 1 and find.subtype == by_name[min(others)].subtype:
            owner = by_name[min(others)]
            names = with_names(owner, [Name(find.name, "short")]).names
            find = msgspec.structs.replace(find, name=owner.name, names=names)
        out.append(find)
    return out
