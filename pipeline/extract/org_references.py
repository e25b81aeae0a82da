"""Other names of a body within one announcement: definitions, brands, short forms, bare heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from pipeline.extract.bodies import bodies
from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Trie, Word, colon_case
from pipeline.extract.gazetteer import word as make_word
from pipeline.extract.org_heads import (
    HeadHit,
    adjective_forms,
    head_of,
    is_opener,
    legal_forms,
    looks_genitive,
    starts_sentence,
    word_set,
)
from pipeline.extract.org_patterns import GUARDED, Scene, of_body, organisation, short_kind
from pipeline.extract.paradigms import forms
from pipeline.extract.places import gazetteer
from pipeline.records import Name

_PARENTHESIS = re.compile(r"[ \u00a0]?\(([^()\n]{2,40})\)")
_ELI = re.compile(r",?[ \u00a0]eli[ \u00a0]([^\W\d_][\w-]+)")
_NAME_LIKE = re.compile(r"[A-ZÅÄÖ0-9][\w&+-]*(?: [A-ZÅÄÖa-zåäö][\w&+-]*){0,2}")
_ENDING = re.compile(
    r"(?P<Ine>i?ss[aä])$|(?P<Ela>i?st[aä])$|(?P<Ade>i?ll[aä])$|(?P<Abl>i?lt[aä])$|(?P<All>i?lle)$"
    r"|(?P<Ess>i?n[aä])$|(?P<Tra>i?ksi)$|(?P<Gen>i?n)$|(?P<Par>i?[aä])$"
)


def unbound(word: str, text: str) -> tuple[str, str | None]:
    """Nominative and case of an inflected brand: a form that the text has itself, else a guess.

    ``Sataedussa`` → ``Sataedu``, ``Ine``; ``Prizztechistä`` → ``Prizztech``, ``Ela``.
    """
    stem, case = colon_case(word)
    if case is not None:
        return stem, case
    match = _ENDING.search(word)
    if match is None or match.lastgroup is None:
        return word, "Nom"
    ending = match.group()
    short = word[: match.start()]
    candidates = [short, short + "i"] if ending.startswith("i") else [short]
    for candidate in candidates:
        if len(candidate) > 2 and re.search(rf"(?<!\w){re.escape(candidate)}(?!\w)", text):
            return candidate, match.lastgroup
    if match.lastgroup in ("Gen", "Par", "Ess") or len(short) < 3:
        return word, "Nom"
    return candidates[0], match.lastgroup


def _is_place(word: str) -> bool:
    return bool(gazetteer().at([make_word(0, len(word), word)], 0))


def defined_names(scene: Scene, find: EntityFind) -> Iterator[tuple[int, int, Name, str | None]]:
    """Names that the text defines right after a find, with their spans and case.

    ``Long name (ACR)``, ``Long name eli Short``.
    """
    match = _PARENTHESIS.match(scene.text, find.end)
    if match:
        inner = re.split(r"[,;]| eli ", match.group(1))[0].strip()
        if _NAME_LIKE.fullmatch(inner) and not inner.isdigit() and not _is_place(inner):
            stem, case = colon_case(inner)
            if not (inner[0].isdigit() or head_of(inner)) and any(map(str.isupper, inner)):
                start = match.start(1)
                yield start, start + len(inner), Name(stem, short_kind(stem)), case or "Nom"
        return
    match = _ELI.match(scene.text, find.end)
    if match and match.group(1)[0].isupper():
        name, case = unbound(match.group(1), scene.text)
        if find.case not in (None, "Nom") and case == "Nom":
            name, case = _stripped(match.group(1), find.case), find.case
        yield match.start(1), match.end(1), Name(name, short_kind(name)), case


def _stripped(word: str, case: str | None) -> str:
    """The word without the ending of a case that it is known to be in."""
    match = _ENDING.search(word)
    if match is None or match.lastgroup != case:
        return word
    return word[: match.start() + match.group().startswith("i")] if case != "Gen" else word[:-1]


def with_definitions(scene: Scene, finds: Sequence[EntityFind]) -> list[EntityFind]:
    """The finds with the names defined after them, and the definitions as finds of their own."""
    out: list[EntityFind] = []
    spans = {(find.start, find.end) for find in finds}
    for find in finds:
        defined = list(defined_names(scene, find)) if find.rule != GUARDED else []
        for start, end, name, case in defined:
            find = with_names(find, [name])
            if any(s < end and start < e for s, e in spans):
                continue
            out.append(
                msgspec.structs.replace(
                    find, start=start, end=end, case=case, rule="definition", confidence=0.93
                )
            )
        out.append(find)
    return out


def with_names(find: EntityFind, names: Iterable[Name]) -> EntityFind:
    """The find with further names, none twice."""
    kept = list(find.names)
    seen = {name.name.casefold() for name in kept}
    for name in names:
        if name.name.casefold() not in seen:
            kept.append(name)
            seen.add(name.name.casefold())
    return msgspec.structs.replace(find, names=tuple(kept))


def branded(scene: Scene, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """A head's name with its brand: ``Seinäjoen koulutuskuntayhtymä Sedu``."""
    by_end = {find.end: find for find in finds if find.case == "Nom"}
    counts = Counter(word.text for word in scene.words)
    for at in range(1, len(scene.words)):
        word, head_word = scene.words[at], scene.words[at - 1]
        if word.before != " " or not word.capital or scene.blocked[at] or _is_place(word.text):
            continue
        hit = head_of(head_word.text)
        if hit is None or hit.plural or hit.case != "Nom" or head_of(word.text) is not None:
            continue
        brand, case = unbound(word.text, scene.text)
        capitals = sum(map(str.isupper, brand))
        alone = counts[brand] + counts[brand + "n"] > 1
        if word.text in legal_forms() or not (capitals > 1 or alone):
            continue
        owner = by_end.get(head_word.end)
        if owner is not None:
            yield _with_brand(owner, word.end, brand, case)
        elif {"keep", "drop"} & hit.head.flags and not is_opener(head_word, at == 1):
            yield _brand_alone(head_word, word, hit, brand, case)


def _with_brand(owner: EntityFind, end: int, brand: str, case: str | None) -> EntityFind:
    short = Name(brand, short_kind(brand))
    if any(name.name.casefold().endswith(brand.casefold()) for name in owner.names):
        return msgspec.structs.replace(owner, end=end, case=case)
    full = Name(f"{owner.name} {brand}", "full")
    names = (full, Name(owner.name, "alias"), *owner.names[1:], short)
    return msgspec.structs.replace(
        owner, end=end, case=case, name=full.name, names=names, rule="branded"
    )


def _brand_alone(
    head_word: Word, word: Word, hit: HeadHit, brand: str, case: str | None
) -> EntityFind:
    keep = "keep" in hit.head.flags
    head = hit.nominative[:1].upper() + hit.nominative[1:]
    name = f"{head} {brand}" if keep else brand
    others = [Name(brand, short_kind(brand))]
    return organisation(
        head_word.start if keep else word.start,
        word.end,
        name,
        rule="branded",
        confidence=0.8,
        subtype=hit.head.type,
        case=case,
        others=others,
    )


def bare_name(name: str) -> str:
    """The name without its legal form (``Sopimusvuori ry`` → ``Sopimusvuori``)."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 1 and words[-1] in legal_forms() else name


def short_names(find: EntityFind) -> Iterator[str]:
    """Names by which the announcement may call the body later."""
    for name in find.names:
        bare = bare_name(name.name)
        yield bare
        words = bare.split()
        hyphened = re.fullmatch(r"(\w{4,})-(?:ammattikorkeakoulu|yliopisto|säätiö|opisto)", bare)
        if hyphened:
            yield hyphened.group(1)
        hit = head_of(words[0]) if len(words) == 2 else None
        if hit is not None and hit.case == "Nom" and not _is_place(words[1]):
            yield words[1]
            yield name.name.partition(" ")[2]
        if words[0] in ("ProAgria", "Leader") and len(words) > 1:
            yield words[0] if words[0] == "ProAgria" else " ".join(words[1:])


def later_mentions(scene: Scene, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """Short and full names of found bodies standing elsewhere in the text, in any case."""
    trie: Trie[str] = Trie()
    owners: dict[str, EntityFind] = {}
    clashing: set[str] = set()
    for find in finds:
        if find.rule == GUARDED:
            continue
        for name in short_names(find):
            key = name.casefold()
            if len(name) < 2 or _is_place(name) or key in word_set("services", "names"):
                continue
            owner = owners.setdefault(key, find)
            if owner.name != find.name:
                clashing.add(key)
            trie.add_name(name, key)
    for at in range(len(scene.words)):
        for hit in trie.at(scene.words, at)[:1]:
            key = hit.entry.item
            word = scene.words[at]
            lower = word.text.islower() and not key.islower()
            if key in clashing or any(scene.blocked[at : hit.last]) or lower:
                continue
            owner = owners[key]
            yield msgspec.structs.replace(
                owner,
                start=word.start,
                end=hit.end,
                case=hit.entry.case,
                plural=False,
                rule="later_mention",
                confidence=min(owner.confidence, 0.9),
            )


def anaphors(scene: Scene, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """Bare heads that refer to a body named in the text: ``kuntayhtymän``, ``yhdistyksemme``."""
    named = sorted((f for f in finds if f.rule != GUARDED), key=lambda f: f.start)
    for at, word in enumerate(scene.words):
        hit = head_of(word.text)
        if hit is None or hit.plural or "anaphor" not in hit.head.flags:
            continue
        if word.text[:1].isupper() and not starts_sentence(word, at == 0):
            continue
        if at > 0 and not _definite(scene.words[at - 1], word):
            continue
        owner = _antecedent(hit, word.start, named)
        if owner is None:
            linked = _by_domain(scene.text, hit, word)
            if linked is not None:
                yield linked
        else:
            yield msgspec.structs.replace(
                owner,
                start=word.start,
                end=word.end,
                case=hit.case,
                plural=False,
                rule="anaphora",
                confidence=0.6,
                label="ANAPHOR",
            )


def _definite(before: Word, word: Word) -> bool:
    """Whether nothing before a bare head makes it another, an indefinite or a named one."""
    if word.before not in (" ", "\u00a0"):
        return True
    if before.text in adjective_forms():
        return False
    return before.text.casefold() not in word_set("start", "indefinite") and not (
        before.text[:1].isupper() and looks_genitive(before.text)
    )


def _antecedent(hit: HeadHit, at: int, named: Sequence[EntityFind]) -> EntityFind | None:
    """The body the head refers to: the last named before it, or the only one of the text."""
    fitting = [find for find in named if _answers(find, hit)]
    before = [find for find in fitting if find.end <= at]
    if before:
        return before[-1]
    return fitting[0] if len({find.name for find in fitting}) == 1 else None


def _answers(find: EntityFind, hit: HeadHit) -> bool:
    if hit.head.word in ("yritys", "yhtiö") and not hit.prefix:
        return find.subtype == "company"
    if hit.head.word == "yhdistys" and not hit.prefix and find.subtype == "association":
        return any(name.name.endswith((" ry", "yhdistys", " rf")) for name in find.names)
    wanted = hit.nominative.casefold()
    for name in find.names:
        last = bare_name(name.name).split()[-1].casefold()
        if last.endswith(wanted) or any(
            bare_name(name.name).casefold().startswith(part) for part in (wanted + " ",)
        ):
            return True
    return False


def _by_domain(text: str, hit: HeadHit, word: Word) -> EntityFind | None:
    """A known body of that head to whose web domain the text links."""
    for body, _, _ in bodies():
        if body.domain and re.search(rf"(?<![\w-]){re.escape(body.domain)}\b", text):
            find = of_body(
                body, word.start, word.end, rule="linked_domain", confidence=0.7, case=hit.case
            )
            if _answers(find, hit):
                return find
    return None


__all__ = [
    "anaphors",
    "bare_name",
    "branded",
    "forms",
    "later_mentions",
    "unbound",
    "with_definitions",
    "with_names",
]
