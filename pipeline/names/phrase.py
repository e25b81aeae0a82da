"""The nominative of an inflected name of one or more words."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from pipeline.names.candidates import Candidate, Kind, candidates
from pipeline.names.choice import odds
from pipeline.names.entries import body_names, last_part
from pipeline.names.known_words import KnownWords
from pipeline.names.likelihood import is_listed
from pipeline.names.paradigms import Case, Domain

_QUOTES = "\"”“„»«'’‘"
_ADVERBIAL: frozenset[Case] = frozenset(
    {"Par", "Ine", "Ela", "Ill", "Ade", "Abl", "All", "Ess", "Tra"}
)
NOTHING = KnownWords(())


def nominative(
    text: str, kind: Kind, known: Collection[str] | KnownWords = (), case: Case | None = None
) -> str:
    """The nominative of ``text``, an inflected name of a ``kind``.

    ``known`` are names seen elsewhere in the same document, for many calls as ``KnownWords``; one
    that ``text`` can be a form of wins. ``case`` is the case the caller knows it to be in (Gen
    before ``mukaan``; Nom leaves it as it is). Of a phrase the last word inflects and the
    adjectives that agree with it; of a person's name the family name.
    ``nominative("Uudellamaalla", "place")`` -> ``Uusimaa``.
    """
    name = " ".join(text.split()).strip(_QUOTES + " ")
    if not name or case == "Nom":
        return name
    foreign = _foreign().search(name)
    if foreign is not None:
        return name[: foreign.start("ending")] if foreign["ending"] else name
    words = name.split(" ")
    evidence = known if isinstance(known, KnownWords) else KnownWords(known)
    if kind == "organisation" and case is None and name.lower() in body_names():
        return name
    if kind == "person":
        return _person(words, evidence, case)
    if len(words) == 1:
        return best(name, kind, evidence, case).form
    return _phrase(words, kind, evidence, case)


def best(
    word: str,
    kind: Kind,
    known: KnownWords = NOTHING,
    case: Case | None = None,
    domain: Domain | None = None,
) -> Candidate:
    """The best candidate of one word in the light of known words and a case hint."""
    ranked = candidates(word, kind, domain)
    if case is None and not known:
        return ranked[0]
    return max(ranked, key=lambda c: c.score + _bonus(c, word, kind, known, case))


def _bonus(
    candidate: Candidate,
    word: str,
    kind: Kind,
    known: KnownWords,
    case: Case | None,
) -> float:
    evidence: dict[str, float] = odds()["evidence"]
    bonus = 0.0
    # Another's given name (Mari) is no evidence for a family name (Marin).
    given = candidate.domain == "family" and not is_listed(candidate.form, "family")
    if given and is_listed(candidate.form, "given"):
        pass
    elif candidate.form in known:
        same = candidate.form.lower() == word.lower()
        bonus += evidence["known_same"] if same else evidence["known"]
    elif any(candidate.form in _likely(form, kind) for form in known.alike(word)):
        bonus += evidence["known_form"]
    if case is not None and candidate.case != case:
        bonus += evidence["wrong_case_hint"]
    return bonus


@lru_cache(maxsize=8192)
def _likely(form: str, kind: Kind) -> frozenset[str]:
    """Nominatives that a form seen elsewhere may be of."""
    ranked = candidates(form, kind)
    return frozenset(c.form for c in ranked if c.score > ranked[0].score - 5.0)


def _person(words: list[str], known: KnownWords, case: Case | None) -> str:
    if len(words) == 1:
        return _double_name(best(words[0], "person", known, case))
    flipped = _flip(words, known)
    if flipped is not None:
        return flipped
    last = best(words[-1], "person", known, case, "family")
    family = _double_name(last)
    return " ".join([*words[:-1], family])


def _double_name(family: Candidate) -> str:
    """Leinosen-Tolosen: the first part of a double name in the genitive too."""
    first, dash, rest = family.form.partition("-")
    if dash and family.case == "Gen" and not is_listed(first, "family"):
        reading = candidates(first, "person", "family")[0]
        if reading.case == "Gen" and is_listed(reading.form, "family"):
            return reading.form + dash + rest
    return family.form


def _flip(words: list[str], known: KnownWords) -> str | None:
    """Koskisen Eeroa -> Eero Koskinen: a genitive family name before an inflected given name."""
    if len(words) != 2 or is_listed(words[0], "given") or is_listed(words[1], "family"):
        return None
    given = best(words[1], "person", known, None, "given")
    family = best(words[0], "person", known, "Gen", "family")
    if not is_listed(given.form, "given") or family.case != "Gen":
        return None
    if not is_listed(family.form, "family") or is_listed(words[0], "family"):
        return None
    return f"{given.form} {family.form}"


def _phrase(words: list[str], kind: Kind, known: KnownWords, case: Case | None) -> str:
    """A phrase that is no person's name: its last word, and what agrees with it."""
    *before, last = words
    if last.lower() in _fixed_words() or last.isdigit():
        return " ".join(words)
    head = best(last, kind, known, case or _case_of_adjective(before[-1], last, kind))
    if head.case == "Nom" or (case is None and _is_adverbial(before, last, head, kind)):
        return " ".join(words)
    result = [head.form]
    agreeing = True
    for word in reversed(before):
        adjective = _agreeing(word, head, kind) if agreeing else None
        # A genitive may stand between (Kansallisessa koulutuksen arviointikeskuksessa).
        between = head.case != "Gen" and candidates(word, "noun")[0].case == "Gen"
        agreeing = agreeing and (adjective is not None or between)
        result.append(adjective or word)
    return " ".join(reversed(result))


def _case_of_adjective(word: str, last: str, kind: Kind) -> Case | None:
    """The case that an inflected adjective before the last word gives away, if that can have it."""
    first = candidates(word, "noun")[0]
    if first.case in ("Nom", "Gen") or not _is_adjective(first.singular):
        return None
    if any(c.case == first.case and c.number == first.number for c in candidates(last, kind)[:4]):
        return first.case
    return None


def _is_adjective(singular: str) -> bool:
    """Whether a nominative is a listed adjective or ends in a long one (kansainvälinen)."""
    low = singular.lower()
    part = last_part(low)
    if part is None or "adjective" not in part[1].uses:
        return False
    return part[0] == low or len(part[0]) > 4


def _agreeing(word: str, head: Candidate, kind: Kind) -> str | None:
    """The nominative of an adjective that stands in the head's case and number, if it does.

    Before a genitive only listed adjectives count: others are modifiers (Kemin kaupungin). In names
    of projects those count that end like adjectives and are nobody's name.
    """
    fitting = [
        candidate
        for candidate in candidates(word, "noun")
        if (candidate.case, candidate.number) == (head.case, head.number)
        and (
            (
                _is_adjective(candidate.singular)
                and not (head.case == "Gen" and _is_owner(candidate))
            )
            or (
                candidate.singular.endswith(_adjective_endings())
                and (head.case != "Gen" or (kind == "project" and not _is_name(candidate.singular)))
            )
        )
    ]
    return max(fitting, key=lambda c: c.score).form if fitting else None


def _is_owner(candidate: Candidate) -> bool:
    """Whether an adjective in the genitive is rather a family name (Hämäläisen säätiö)."""
    return candidate.form[0].isupper() and is_listed(candidate.singular, "family")


def _is_name(word: str) -> bool:
    return is_listed(word, "family") or is_listed(word, "place")


@lru_cache(maxsize=1)
def _adjective_endings() -> tuple[str, ...]:
    """Endings of adjectives and participles that no list need have."""
    return tuple(odds()["agreeing"]["adjective_endings"])


def _is_adverbial(before: list[str], last: str, head: Candidate, kind: Kind) -> bool:
    """Whether the last word is an adverbial inside a nominative name (Silta töihin)."""
    if kind != "project" or head.case not in _ADVERBIAL or not last[0].islower():
        return False
    previous = before[-1]
    if previous.endswith("-") or _agreeing(previous, head, kind) is not None:
        return False
    return candidates(previous, "noun")[0].case not in ("Gen",)


@lru_cache(maxsize=1)
def _foreign() -> re.Pattern[str]:
    """Ends of foreign words that only look inflected: Nordic Innovation."""
    ends, words, endings = (
        "|".join(odds()["foreign"][which]) for which in ("ends", "words", "endings")
    )
    return re.compile(rf"(?:(?:{ends})(?P<ending>{endings})?|\b(?:{words}))$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _fixed_words() -> frozenset[str]:
    """Words at the end of a name that don't inflect without a colon: Oy, ry …"""
    words: list[str] = odds()["fixed"]["words"]
    return frozenset(words)
