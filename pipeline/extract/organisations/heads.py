"""Heads of organisations' names: recognised in any case form, and how far left a name goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from pipeline import lexicon
from pipeline.extract.gazetteer import Word
from pipeline.extract.paradigms import Form, forms
from pipeline.extract.places import of_genitive
from pipeline.names import is_given_name

_POSSESSIVE = re.compile(r"(?:mme|nsa|nsä|nne|ni|si|an|en|än)$")
_CLITIC = re.compile(r"(?<=\w{4})(?:kin|kaan|kään)$")  # kaupunkikin
_SENTENCE_BREAK = re.compile(r"[.!?:•–»>|*”\"]\s*$|\n")


class Head(msgspec.Struct, frozen=True):
    """A row of ``org_heads.csv``."""

    word: str
    type: str
    modifier: str
    flags: frozenset[str]


class HeadHit(NamedTuple):
    """A word that ends in a head: the compound's first part, case, number, and its nominative."""

    head: Head
    prefix: str
    case: str
    plural: bool
    nominative: str
    possessive: bool = False


@cache
def word_set(section: str, key: str) -> frozenset[str]:
    """One list of ``org_words.toml`` as a set."""
    return frozenset(lexicon.settings("org_words")[section][key])


@cache
def legal_forms() -> dict[str, str]:
    """Legal forms (``Oy``, ``ry``) and the types they say."""
    return dict(lexicon.settings("org_words")["legal_forms"])


@cache
def umbrellas() -> dict[str, str]:
    """Names that start the names of local bodies (``Leader X``), and the types of those."""
    return dict(lexicon.settings("org_words")["umbrellas"])


@cache
def _head_forms() -> dict[str, tuple[Head, str, bool]]:
    found: dict[str, tuple[Head, str, bool]] = {}
    for row in lexicon.table("org_heads"):
        head = Head(
            row["head"], row["type"], row["modifier"], frozenset((row["flags"] or "").split())
        )
        for form in plural_forms(head.word) or forms(head.word):
            found.setdefault(form.text.casefold(), (head, form.case, form.plural))
    return found


def plural_forms(word: str) -> tuple[Form, ...]:
    """Forms of a head that is a plural (``Lappeenrannan museot``), from its singular."""
    if not word.endswith("t"):
        return ()
    for singular in (word[:-1], word[:-1] + "i"):
        plural = [form for form in forms(singular) if form.plural]
        if any(form.text == word for form in plural):
            return tuple(form._replace(plural=False) for form in plural)
    return ()


@lru_cache(maxsize=50_000)
def head_of(word: str) -> HeadHit | None:
    """The head that a word is or ends in (``terveysturvayhdistykseltä``), or ``None``."""
    plain = _head_of(word) or _head_of(_CLITIC.sub("", word))
    if plain is not None:
        return plain
    match = _POSSESSIVE.search(word)
    if match is None:
        return None
    stem = word[: match.start()]
    for restored in (stem, stem + "n"):
        hit = _head_of(restored)
        if hit is not None and "anaphor" in hit.head.flags:
            return hit._replace(possessive=True)
    return None


def _head_of(word: str) -> HeadHit | None:
    low = word.casefold().replace("–", "-")
    for cut in range(len(low) - 2):
        found = _head_forms().get(low[cut:])
        if found is None:
            continue
        head, case, plural = found
        prefix = word[:cut]
        if prefix and ("exact" in head.flags or (cut == 1 and not word[:1].isdigit())):
            return None
        if not prefix and "compound" in head.flags and "anaphor" not in head.flags:
            return None
        if head.word[:1].isupper() and (not word[cut].isupper()):
            return None
        if case == "Par" and not prefix and head.word in ("keskus", "seura"):
            return None
        first = head.word[:1].upper() if word[cut].isupper() else head.word[:1]
        nominative = prefix + first + head.word[1:]
        if nominative.casefold() in word_set("not_heads", "words"):
            return None
        return HeadHit(head, prefix, case, plural, nominative)
    return None


def starts_sentence(word: Word, first: bool) -> bool:
    """Whether a word may have its capital only from the start of a sentence, line or item."""
    return first or bool(_SENTENCE_BREAK.search(word.before))


def is_opener(word: Word, first: bool) -> bool:
    """Whether a capitalised word is a common one that only starts a sentence (``Hakija``)."""
    return starts_sentence(word, first) and word.text.casefold() in word_set("start", "openers")


def _spaced(word: Word) -> bool:
    return word.before in (" ", "\u00a0")


def _hanging_start(words: Sequence[Word], at: int) -> int | None:
    """Where ``elinkeino-, liikenne- ja`` before ``words[at]`` starts, if it stands there."""
    if at < 2 or words[at - 1].text not in ("ja", "sekä", "tai") or not _spaced(words[at]):
        return None
    first = at - 2
    if not words[first].text.endswith("-") or not _spaced(words[at - 1]):
        return None
    while first > 0 and words[first - 1].text.endswith("-") and words[first].before == ", ":
        first -= 1
    return first


def looks_genitive(word: str) -> bool:
    """Whether a capitalised word may be a genitive modifier of a name."""
    return word.endswith(("n", "-"))


def left_bound(words: Sequence[Word], at: int, head: Head, blocked: Sequence[bool]) -> int:
    """Index of the first word of the name whose head is ``words[at]`` (``at``: no modifiers).

    ``blocked`` words belong to something else (a person's name).
    """
    bound = at
    first = at
    lower = 0
    while first > 0:
        hanging = _hanging_start(words, first)
        if hanging is not None:
            first = hanging
            if words[first].capital and not starts_sentence(words[first], first == 0):
                bound = first
            continue
        word = words[first - 1]
        given = head.type in ("foundation", "fund") and bound < at and word.capital
        if given and _spaced(words[first]) and is_given_name(word.text):
            first -= 1  # Wäinö Tannerin säätiö
            bound = first
            continue
        if not _spaced(words[first]) or (blocked[first - 1] and head.type != "foundation"):
            break
        if "part" in head.flags and bound < at and word.text in umbrellas():
            return first - 1  # SPR Oulun piiri
        if word.capital:
            if not _may_modify(words, first - 1, head, bound < at):
                break
            first -= 1
            bound = first
            if head.modifier in ("municipality", "region"):
                break
        elif lower < 3 and _inner(word.text, head, bound < at):
            first -= 1
            lower += 1
        else:
            break
    return bound


def _may_modify(words: Sequence[Word], at: int, head: Head, has_one: bool) -> bool:
    """Whether the capitalised ``words[at]`` belongs to the name that goes on to its right."""
    text = words[at].text
    if not looks_genitive(text) or is_opener(words[at], at == 0):
        return False
    other = head_of(text)
    if other is not None and "part" not in head.flags and not other.prefix:
        return False
    if has_one and starts_sentence(words[at], at == 0):
        sure = text == "Suomen" or ":" in text or head_of(text) is not None
        return sure or of_genitive(text) is not None
    return True


@cache
def adjective_forms() -> dict[str, str]:
    """Singular forms of the adjectives of names, and their nominatives."""
    return {
        form.text: adjective
        for adjective in sorted(word_set("inner", "adjectives"))
        for form in forms(adjective)
        if not form.plural
    }


def _is_adjective(text: str) -> bool:
    return text in adjective_forms()


def _inner(text: str, head: Head, between: bool) -> bool:
    """Whether a lower-case word may stand inside a name (``between`` two capitalised words)."""
    if between:
        return text in word_set("inner", "between")
    if text in word_set("inner", "genitives"):
        return True
    if text in word_set("inner", "never") or text.endswith("nen"):
        return _is_adjective(text)
    if "part" in head.flags:
        other = head_of(text)
        return other is not None and other.case == "Gen"
    return _is_adjective(text) or (
        len(text) > 6
        and text.endswith(("en", "an", "än", "on", "ön", "un", "yn", "in"))
        and head.type in ("association", "foundation", "school", "agency", "joint_authority")
        and head_of(text) is None
        and not text.endswith(("seen", "hin", "oon", "iin", "uun", "yyn", "öön"))
    )
