"""Later mentions of a body of the text: short forms, bare heads, heads with a link."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Trie, Word, keys_of
from pipeline.extract.organisations.bodies import Body, bodies, by_name, domain_endings
from pipeline.extract.organisations.heads import (
    HeadHit,
    adjective_forms,
    head_of,
    looks_genitive,
    starts_sentence,
    word_set,
)
from pipeline.extract.organisations.scene import GUARDED, Scene, bare_name, is_place_name, of_body

_HEAD_LINES = 4  # lines at the top in which a page says whose it is
_TOP = 400  # characters in which minutes and their news say whose they are
_GOVERNING = re.compile(
    r"([A-ZÅÄÖ][\w-]+n) (?:kaupungin|kunnan|kirkko)(?:hallitu|valtuusto|neuvosto|lautakun)"
)
_PATH = re.compile(r"\s*[»›>|/–]")


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
        if hit is not None and hit.case == "Nom" and not is_place_name(words[1]):
            yield words[1]
            yield name.name.partition(" ")[2]
        if words[0] in ("ProAgria", "Leader") and len(words) > 1:
            yield words[0] if words[0] == "ProAgria" else " ".join(words[1:])


def later_mentions(scene: Scene, finds: Sequence[EntityFind]) -> Iterator[EntityFind]:
    """Short and full names of found bodies standing elsewhere in the text, in any case."""
    trie: Trie[str] = Trie()
    keys = keys_of(scene.words)
    owners: dict[str, EntityFind] = {}
    clashing: set[str] = set()
    for find in finds:
        if find.rule == GUARDED:
            continue
        for name in short_names(find):
            key = name.casefold()
            if len(name) < 2 or is_place_name(name) or key in word_set("services", "names"):
                continue
            if key in by_name() and by_name()[key].name == find.name:
                continue  # the known bodies' own trie has found it already
            owner = owners.setdefault(key, find)
            if owner.name != find.name:
                clashing.add(key)
            trie.add_name(name, key, keys)
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
    linked_bodies = _linked(scene.text)
    named = sorted((f for f in finds if f.rule != GUARDED), key=lambda f: f.start)
    for at, word in enumerate(scene.words):
        hit = head_of(word.text)
        if hit is None or hit.plural or "anaphor" not in hit.head.flags:
            continue
        if word.text[:1].isupper() and not starts_sentence(word, at == 0):
            continue
        if at > 0 and not _definite(scene.words[at - 1], word):
            continue
        owner = _antecedent(scene.text, hit, word.start, named)
        if owner is None:
            linked = _by_domain(linked_bodies, hit, word)
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


def _antecedent(text: str, hit: HeadHit, at: int, named: Sequence[EntityFind]) -> EntityFind | None:
    """The body the head refers to: the last named before it, or the only one of the text.

    Where the page's own head names one ("Raahen kaupunki" above the news of Raahe), only the same
    paragraph can mean another by "kaupunki".
    """
    fitting = [find for find in named if _answers(find, hit)]
    before = [find for find in fitting if find.end <= at]
    if before:
        governing = set(_GOVERNING.findall(text, 0, _TOP))
        head = next(
            (f for f in before if _at_head(text, f) or f.name.split()[0] in governing), None
        )
        near = text.rfind("\n", 0, at) < before[-1].start
        return head if head is not None and not near else before[-1]
    return fitting[0] if len({find.name for find in fitting}) == 1 else None


def _at_head(text: str, find: EntityFind) -> bool:
    """Whether a line of the first few is the body's name, alone or as the first of a path."""
    low, high = text.rfind("\n", 0, find.start) + 1, text.find("\n", find.end)
    line = text[low : high if high >= 0 else len(text)]
    alone = line.strip() == text[find.start : find.end]
    return (
        find.case in {"Nom", None}
        and len([part for part in text[:low].split("\n") if part.strip()]) < _HEAD_LINES
        and (alone or _PATH.match(text, find.end) is not None)
        and not text[low : find.start].strip()
    )


def _answers(find: EntityFind, hit: HeadHit) -> bool:
    if hit.head.word in ("yritys", "yhtiö") and not hit.prefix:
        return find.subtype == "company"
    if hit.head.word == "yhdistys" and not hit.prefix and find.subtype == "association":
        return any(name.name.endswith((" ry", "yhdistys", " rf")) for name in find.names)
    wanted = hit.nominative.casefold()
    for name in find.names:
        last = bare_name(name.name).split()[-1].casefold()
        if last.endswith(wanted) or bare_name(name.name).casefold().startswith(wanted + " "):
            return True
    return False


_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def _linked(text: str) -> list[Body]:
    """Known bodies to whose web domain the text links."""
    if not any(ending in text for ending in domain_endings()):
        return []
    parts = [host.split(".") for host in set(_HOST.findall(text))]
    linked = {".".join(host[start:]) for host in parts for start in range(len(host))}
    return [body for body, _, _ in bodies() if body.domain in linked]


def _by_domain(linked: Sequence[Body], hit: HeadHit, word: Word) -> EntityFind | None:
    """A linked body of that head."""
    for body in linked:
        find = of_body(
            body, word.start, word.end, rule="linked_domain", confidence=0.7, case=hit.case
        )
        if _answers(find, hit):
            return find
    return None
