"""The paradigms of ``names_paradigms.csv``: from a nominative to its forms, by templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, get_args

import msgspec

from pipeline import lexicon
from pipeline.names.sounds import VOWELS, harmonise, strengthen, syllable_nuclei, weaken

Case = Literal["Nom", "Gen", "Par", "Ine", "Ela", "Ill", "Ade", "Abl", "All", "Ess", "Tra"]
Number = Literal["Sing", "Plur"]
Domain = Literal["given", "family", "place", "noun"]
CASES: tuple[Case, ...] = get_args(Case)

_WEAK_ENDINGS: dict[Case, str] = {
    "Gen": "n", "Ine": "ssA", "Ela": "stA", "Ade": "llA", "Abl": "ltA", "All": "lle", "Tra": "ksi",
}  # fmt: skip


class Paradigm(msgspec.Struct, frozen=True, kw_only=True):
    """One way to inflect: templates of what replaces the nominative's ending ``ends``.

    ``forms`` gives for each (number, case) the replacement and whether it stands in a closed
    syllable (so that a strong nominative weakens). The one template of the nominative is ``ends``.
    """

    name: str
    ends: str
    after: str
    grade: Literal["weak", "strong", "none"]
    forms: tuple[tuple[Number, Case, str, bool], ...]
    weights: dict[str, float]

    def __hash__(self) -> int:
        """Paradigms are told apart by their name and ending."""
        return hash((self.name, self.ends))

    def fits(self, root: str) -> bool:
        """Whether a nominative ``root + ends`` can belong here, by what precedes the ending."""
        low = root.lower()
        if low and low[-1] == self.ends and low[-1] in VOWELS:
            return False  # a long vowel is no ending of its own: Akaa is no kala
        if self.after == "c":
            return bool(low) and low[-1] not in VOWELS
        if self.after == "v":
            return bool(low) and low[-1] in VOWELS
        if self.after == "m":
            return not low or low[-1] not in VOWELS
        if self.after == "s":
            return syllable_nuclei(low) == 0
        if self.after == "p":
            return syllable_nuclei(low) > 0
        return bool(low)


def _templates(row: dict[str, str]) -> Iterator[tuple[Number, Case, str, bool]]:
    """All (number, case, template, closed syllable) of a row, still with V A O U."""
    for case, ending in _WEAK_ENDINGS.items():
        yield "Sing", case, row["weak"] + ending, True
    for partitive in row["par"].split("|"):
        yield "Sing", "Par", partitive, False
    for illative in row["ill"].split("|"):
        yield "Sing", "Ill", illative, False
    yield "Sing", "Ess", row["strong"] + "nA", False
    yield "Plur", "Nom", row["weak"] + "t", True
    plural = row["pl"]
    for case, ending in _WEAK_ENDINGS.items():
        if case != "Gen":
            yield "Plur", case, plural + ending, True
    # Kahviloiden, kulkijoita: the long plural endings close the syllable.
    for genitive in row["pl_gen"].split("|"):
        yield "Plur", "Gen", genitive, genitive.endswith("Oiden")
    for partitive in row["pl_par"].split("|"):
        yield "Plur", "Par", partitive, partitive.endswith("OitA")
    plural = row["pl_open"] or plural
    if (row["ill"].endswith("seen") and not row["strong"].endswith("e")) or row["ill"].endswith(
        "eeseen"
    ):
        illative = plural + "siin"
    elif (plural[-2:-1] in (*VOWELS, "O", "V") and len(plural) > 1) or plural == "V":
        illative = plural + "hin"
    else:
        illative = plural + "in"
    yield "Plur", "Ill", illative, False
    yield "Plur", "Ess", plural + "nA", False


def _expand(row: dict[str, str]) -> Iterator[Paradigm]:
    """One paradigm for every vowel that V may stand for and, where it matters, each harmony."""
    forms = tuple(_templates(row))
    weights = {domain: float(row[domain]) for domain in get_args(Domain)}
    vowels: tuple[str, ...] = tuple(row["vowels"]) or ("",)
    for vowel in vowels:
        ends = row["ends"].replace("V", vowel)
        for nominative in sorted({harmonise(ends, True), harmonise(ends, False)}):
            for letter in "lnrh" if "L" in nominative else [""]:
                # A front vowel in the ending itself decides the harmony of what replaces it.
                fixed = tuple(
                    (number, case, t.replace("V", vowel).replace("L", letter), closed)
                    for number, case, t, closed in forms
                )
                grade = row["grade"]
                assert grade in ("weak", "strong", "none"), row
                yield Paradigm(
                    name=row["name"],
                    ends=nominative.replace("L", letter),
                    after=row["after"],
                    grade=grade,  # type: ignore[arg-type]
                    forms=fixed,
                    weights=weights,
                )


@cache
def paradigms() -> tuple[Paradigm, ...]:
    """Every paradigm, one for each ending of the nominative it covers."""
    return tuple(p for row in lexicon.table("names_paradigms") for p in _expand(row))


@cache
def paradigms_by_ending() -> dict[str, tuple[Paradigm, ...]]:
    """Paradigms by the nominative's ending."""
    found: dict[str, list[Paradigm]] = {}
    for paradigm in paradigms():
        found.setdefault(paradigm.ends, []).append(paradigm)
    return {ending: tuple(items) for ending, items in found.items()}


@cache
def longest_ending() -> int:
    """Length of the longest nominative ending of any paradigm."""
    return max(len(p.ends) for p in paradigms())


def fitting(nominative: str) -> Iterator[tuple[Paradigm, str]]:
    """Paradigms a nominative may follow, each with the root that its endings are added to."""
    low = nominative.lower()
    by_ending = paradigms_by_ending()
    for size in range(min(longest_ending(), len(low)) + 1):
        for paradigm in by_ending.get(low[len(low) - size :] if size else "", ()):
            root = nominative[: len(nominative) - size]
            if paradigm.fits(root):
                yield paradigm, root


@cache
def _template_of(paradigm: Paradigm) -> dict[tuple[Number, Case], tuple[str, bool]]:
    found: dict[tuple[Number, Case], tuple[str, bool]] = {}
    for number, case, template, closed in paradigm.forms:
        found.setdefault((number, case), (template, closed))
    return found


class Declension(msgspec.Struct, frozen=True):
    """A paradigm applied to a word: its root in the nominative, in open and in closed syllables."""

    paradigm: Paradigm
    root: str
    open_root: str
    closed_root: str

    @property
    def nominative(self) -> str:
        """The word itself."""
        return self.root + self.paradigm.ends

    @property
    def graded(self) -> bool:
        """Whether the word's consonants alternate."""
        return self.closed_root != self.open_root or self.root != self.open_root

    def form(self, number: Number, case: Case, template: str, closed: bool, back: bool) -> str:
        """One form: the right root and the ending in harmony."""
        if self.paradigm.grade == "strong" and (number, case) == ("Sing", "Par"):
            root = self.root
        else:
            root = self.closed_root if closed else self.open_root
        return root + harmonise(template, back)

    def one(self, key: tuple[Number, Case], back: bool) -> str:
        """The form of one (number, case)."""
        if key == ("Sing", "Nom"):
            return self.nominative
        template, closed = _template_of(self.paradigm)[key]
        return self.form(*key, template, closed, back)

    def plural_genitives(self) -> frozenset[str]:
        """All genitives of the plural (Färsaarien, Färsaarten), lower case, in either harmony."""
        return frozenset(
            self.form(number, case, template, closed, back).lower()
            for number, case, template, closed in self.paradigm.forms
            if (number, case) == ("Plur", "Gen")
            for back in (True, False)
        )

    def forms(self, back: bool) -> dict[tuple[Number, Case], str]:
        """All forms, the nominative singular too."""
        found: dict[tuple[Number, Case], str] = {("Sing", "Nom"): self.nominative}
        for number, case, template, closed in self.paradigm.forms:
            if (number, case) not in found:
                found[number, case] = self.form(number, case, template, closed, back)
        return found


def declensions(paradigm: Paradigm, root: str) -> Iterator[Declension]:
    """The ways to decline ``root + paradigm.ends``: without gradation and, where it can, with."""
    yield Declension(paradigm, root, root, root)
    if paradigm.grade == "none":
        return
    head, tail = grading_site(paradigm, root)
    following = tail or paradigm.forms[0][2]
    if paradigm.grade == "weak":
        weak = weaken(head, following)
        if weak is not None:
            yield Declension(paradigm, root, root, weak + tail)
    else:
        for strong in strengthen(head, following):
            yield Declension(paradigm, root, strong + tail, strong + tail)


def grading_site(paradigm: Paradigm, root: str) -> tuple[str, str]:
    """Split a root after the consonants that grade: ``kang|`` (as), ``laid|u`` (n), ``tyt|är``."""
    if paradigm.ends[:1] and paradigm.ends[0] in VOWELS:
        return root, ""
    match = re.fullmatch(rf"(.*[^{VOWELS}])([{VOWELS}]+[^{VOWELS}]?)", root, re.IGNORECASE)
    return (match[1], match[2]) if match else (root, "")
