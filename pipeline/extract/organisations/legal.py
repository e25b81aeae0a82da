"""Names that end in a legal form: ``Koivulan Lämpö Oy``, ``Setlementti Koivula ry``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.finds import EntityFind
from pipeline.extract.gazetteer import Word, colon_case
from pipeline.extract.organisations.bodies import by_name
from pipeline.extract.organisations.heads import (
    head_of,
    is_opener,
    legal_forms,
    looks_genitive,
    starts_sentence,
    word_set,
)
from pipeline.extract.organisations.scene import LEGAL, Scene, is_place_name, organisation
from pipeline.records import Name


def legal(scene: Scene) -> Iterator[EntityFind]:
    """Names that end in a legal form: ``Koivulan Lämpö Oy:n``, ``Setlementti Koivula ry``."""
    for at, word in enumerate(scene.words):
        stem, case = colon_case(word.text)
        subtype = legal_forms().get(stem)
        if subtype is None or at == 0 or word.before not in (" ", "\u00a0"):
            continue
        first = _legal_start(scene, at)
        if first is None:
            continue
        start = scene.words[first].start
        bare = scene.text[start : scene.words[at - 1].end]
        name = f"{bare} {stem}"
        inner = head_of(scene.words[at - 1].text)
        if inner is not None and inner.head.type in ("uas", "school", "university", "foundation"):
            subtype = inner.head.type
        others: list[Name] = [Name(name, "full"), Name(bare, "short")]
        if _is_descriptor(scene.words[first].text) and at - first > 1:
            brand = scene.text[scene.words[first + 1].start : word.start] + stem
            others.append(Name(brand, "alias"))
        known = (by_name().get(other.name.casefold()) for other in others)
        body = next(filter(None, known), None)
        if body is not None:
            others += body.names
            name, subtype = body.name, body.type
        yield organisation(
            start,
            word.end,
            name,
            rule=LEGAL,
            confidence=0.96,
            subtype=subtype,
            case=case or "Nom",
            others=others,
        )


def _legal_start(scene: Scene, at: int) -> int | None:
    """Index of the first word of the name that ends in the legal form ``words[at]``."""
    words = scene.words
    first: int | None = None
    lower = 0
    j = at
    while j > 0:
        before = words[j].before
        dash = before in (" – ", " - ", " & ")
        if (before not in (" ", "\u00a0", ", ") and not dash) or scene.blocked[j - 1]:
            break
        word = words[j - 1]
        if before == ", " and not word.text.endswith("-"):
            break
        if word.capital or (word.text[:1].isdigit() and first is not None):
            if dash and not word.text.isupper():
                break
            if is_opener(word, j == 1) or colon_case(word.text)[0] in legal_forms():
                break
            if first is not None and (_descriptor(words, j - 1) or _whither(words[j - 1].text)):
                break
            first = j - 1
            lower = 0
        elif word.text in ("ja", "sekä", "och") or word.text.endswith("-") or _plain(word.text):
            lower += 1
            if lower > (4 if first is None else 2) or dash:
                break
            if first is not None and not _joins(words, j - 1):
                break
        else:
            break
        j -= 1
    return first


def _is_descriptor(word: str) -> bool:
    """Whether a word is a head that may stand before the name proper (``Kehitysyhtiö``)."""
    hit = head_of(word)
    return hit is not None and hit.case == "Nom" and bool({"keep", "drop"} & hit.head.flags)


def _descriptor(words: Sequence[Word], at: int) -> bool:
    """Whether a capitalised word starts the sentence and only describes what follows."""
    if not starts_sentence(words[at], at == 0):
        return False
    hit = head_of(words[at].text)
    return hit is not None and "drop" in hit.head.flags


def _whither(word: str) -> bool:
    """Whether a word is a place in a case of going or being: ``Raaheen Rannan Väki ry``."""
    return word.endswith(_LOCAL) and is_place_name(word)


def _plain(word: str) -> bool:
    """A lower-case word that may stand inside a registered name."""
    if not word.islower() or len(word) < 4:
        return False
    hit = head_of(word)
    if hit is not None and "drop" in hit.head.flags:
        return False
    verb = word.endswith(("vat", "vät", "taan", "tään"))
    return not verb and word not in word_set("inner", "never")


_LOCAL = ("lle", "lta", "ltä", "lla", "llä", "ssa", "ssä", "sta", "stä")
_PARTICIPLES = ("man", "män", "van", "vän", "tun", "tyn", "neen", "eiden", "isen")


def _joins(words: Sequence[Word], at: int) -> bool:
    """Whether a lower-case word left of a found part belongs to the name (``Tieteen``…)."""
    text = words[at].text
    before = words[at - 1] if at > 0 and words[at].before == " " else None
    if before is not None and before.capital and not is_opener(before, at == 1):
        hit = head_of(text)
        genitive = text.endswith("n") and looks_genitive(before.text) and len(text) > 4
        if genitive and not text.endswith(_PARTICIPLES):
            return True  # Ahlmanin koulun Säätiö sr
        if hit is not None and hit.case == "Nom" and "keep" in hit.head.flags:
            return looks_genitive(before.text)  # Rannikon kehittämisyhtiö Majakka Ab
        if text in ("och", "i", "för", "på", "&"):
            return True
        if text == "ja" and len(words[at - 1].text) > 3:
            return at > 1 and looks_genitive(words[at - 2].text)  # Hämeen Liikunta ja Urheilu ry
    return (
        text in word_set("inner", "genitives")
        or text.endswith("-")
        or (text in ("ja", "och") and at > 0 and words[at - 1].text.endswith("-"))
    )
