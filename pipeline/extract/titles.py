"""Finds role titles in any case, misspelt or not: ``projektipäällikkönä``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from os.path import commonprefix

import msgspec
from rapidfuzz.distance import OSA

from pipeline import lexicon
from pipeline.extract.finds import TitleFind
from pipeline.patterns import Pattern

_WORD = re.compile(r"[^\W\d_][\w&/-]*\.?(?<![-/&])")
_POSSESSIVE = r"(?:mme|ni|ns[aä]|nne)"
# Endings after a singular weak, a singular strong and a plural stem, by grammatical case.
_WEAK = {
    "Gen": "n",
    "All": "lle",
    "Ade": "ll[aä]",
    "Abl": "lt[aä]",
    "Ine": "ss[aä]",
    "Ela": "st[aä]",
    "Tra": "ks[ie]",
}
_STRONG = {
    "Ess": "n[aä]",
    "Par": "t?[aä]",
}
_PLURAL = {
    "Gen": "(?:d?en|tten|den)",
    "Par": "t?[aä]",
    "Ess": "n[aä]",
    "Tra": "ks[ie]",
    "All": "lle",
    "Ade": "ll[aä]",
    "Abl": "lt[aä]",
    "Ela": "st[aä]",
    "Ine": "ss[aä]",
    "Ill": "h?in",
}
_VOWELS = "aeiouyäöå"
# Adjectives that are forms of verbs, and what a word that stands before such a verb's form ends in.
_PARTICIPLES = frozenset({"johtava", "vastaava"})
_GOVERNED = re.compile(r"(?:(?:st|[taäieo])[aä]|iin)\s$")
_MISSPELT_FROM = 8  # letters: shorter heads have too many neighbours
_MENDED_FROM = 7  # letters: shorter first parts too


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """A title head: nominative, weak stem, role code, codes by first part, forms by case.

    ``ending`` tells whether a word ends in any of the forms, which are patterns too; all of them
    begin with ``opening``.
    """

    nominative: str
    weak: str
    code: str
    first_codes: dict[str, str]
    forms: tuple[tuple[str, str, bool], ...]
    opening: str
    ending: Pattern


@cache
def _heads() -> tuple[Head, ...]:
    rows = [row for row in lexicon.table("titles") if row["head"]]
    return tuple(_head(row) for row in sorted(rows, key=lambda row: -len(row["head"])))


def _head(row: dict[str, str]) -> Head:
    forms = tuple(_forms(row))
    firsts = dict(pair.split("=") for pair in row["first_parts"].split(";") if "=" in pair)
    return Head(
        nominative=row["head"],
        weak=row["weak"] or row["strong"] or row["head"],
        code=row["code"],
        first_codes=firsts,
        forms=forms,
        opening=commonprefix(list(_stems(row))),  # noqa: RUF071 (of letters, not of paths)
        ending=Pattern(rf"(?:{'|'.join(form for form, *_ in forms)})$"),
    )


def _stems(row: dict[str, str]) -> Iterator[str]:
    """What one of a head's forms may begin with."""
    strong = row["strong"] or row["head"]
    weak = row["weak"] or strong
    yield from (row["head"], strong, weak)
    yield from _plural_stems(row["plural"], row["head"], strong, weak)


@cache
def _ending(form: str) -> re.Pattern[str]:
    return re.compile(f"(?:{form})$")


def _forms(row: dict[str, str]) -> Iterator[tuple[str, str, bool]]:
    """A head's forms as patterns, each with its case and whether it is plural."""
    nominative = row["head"]
    strong = row["strong"] or nominative
    weak = row["weak"] or strong
    yield nominative, "Nom", False
    yield f"{strong}{_POSSESSIVE}", "Nom", False
    for case, ending in _WEAK.items():
        yield f"{weak}{ending}{_POSSESSIVE}?", case, False
    for case, ending in _STRONG.items():
        yield f"{strong}{ending}{_POSSESSIVE}?", case, False
    yield f"{strong}(?:{strong[-1]}n|seen){_POSSESSIVE}?", "Ill", False
    yield f"{weak}t", "Nom", True
    if nominative[-1] not in _VOWELS:  # "jäsentä", "jäsenten"
        yield f"{nominative}t[aä]{_POSSESSIVE}?", "Par", False
        yield f"{nominative}ten", "Gen", True
    stems = "|".join(dict.fromkeys(_plural_stems(row["plural"], nominative, strong, weak)))
    for case, ending in _PLURAL.items():
        yield f"(?:{stems}){ending}{_POSSESSIVE}?", case, True
    yield f"(?:{stems})(?:d?e|tte){_POSSESSIVE}", "Gen", True


def _plural_stems(stated: str, nominative: str, strong: str, weak: str) -> Iterator[str]:
    """The stems that the lexicon states, and the regular ones of the head's last vowel."""
    yield from stated.split("|") if stated else ()
    yield nominative[:-1] + "i"
    if nominative.endswith("i"):  # "konsultteja", "konsulteille", "lääkärien"
        yield from (f"{stem[:-1]}{end}" for stem in (strong, weak) for end in ("ei", "ej"))
    elif nominative[-1] in "ouyö":  # "valtuutettuja", "analyytikoille"
        yield from (f"{stem}{end}" for stem in (strong, weak) for end in ("i", "j"))


@cache
def _gate() -> re.Pattern[str]:
    """A cheap check that a word may end in a title head."""
    beginnings = {stem[:4] for head in _heads() for stem in (head.nominative, head.weak)}
    return re.compile("|".join(re.escape(b) for b in sorted(beginnings)))


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One word read as a title: nominative singular, role code, case and number."""

    role: str
    code: str
    head: str
    case: str
    plural: bool
    misspelt: bool = False


@lru_cache(maxsize=50_000)
def read_title(word: str) -> Reading | None:
    """The title a word is a form of, or ``None``: ``projektikordinaattorina`` is one."""
    folded = word.casefold().strip(".-")
    short = lexicon.settings("roles")["titles"]["short"].get(word.casefold())
    if short:
        return read_title(short)
    if not _gate().search(folded):
        return _misspelt(folded)
    for head in _heads():
        if head.opening not in folded or head.ending.search(folded) is None:
            continue
        for form, case, plural in head.forms:
            match = _ending(form).search(folded)
            if match is None:
                continue
            first = folded[: match.start()]
            if first and (len(first) < 2 or (not first[-1].isalpha() and first[-1] != "-")):
                continue
            return _reading(head, first, case, plural)
    return _misspelt(folded)


def _reading(head: Head, first: str, case: str, plural: bool, misspelt: bool = False) -> Reading:
    mended = _mended(first)
    code = next((c for part, c in head.first_codes.items() if mended.startswith(part)), head.code)
    return Reading(
        role=mended + head.nominative,
        code=code,
        head=head.nominative,
        case=case,
        plural=plural,
        misspelt=misspelt or mended != first,
    )


def _mended(first: str) -> str:
    """A title's first part with a slip of the pen undone: ``projketi`` → ``projekti``."""
    known = lexicon.settings("roles")["titles"]["mended_first_parts"]
    if len(first) < _MENDED_FROM or first.rstrip("-") in known or first.removesuffix("n") in known:
        return first  # a genitive is no slip: "projektinvetäjä"
    near = [part for part in known if OSA.distance(first, part, score_cutoff=1) == 1]
    return near[0] if len(near) == 1 else first


def _misspelt(folded: str) -> Reading | None:
    """One letter wrong, missing, doubled or two swapped in a long head, in its commonest cases."""
    for head in _heads():
        size = len(head.nominative)
        if size < _MISSPELT_FROM or len(folded) < size - 1 or head.nominative[:2] not in folded:
            continue
        for ending, case in (("", "Nom"), ("na", "Ess"), ("nä", "Ess"), ("n", "Gen")):
            if ending and not folded.endswith(ending):
                continue
            body = folded[: len(folded) - len(ending)]
            for length in (size - 1, size, size + 1):
                tail = body[-length:]
                if (
                    len(tail) == length
                    and tail[:2] == head.nominative[:2]
                    and OSA.distance(tail, head.nominative, score_cutoff=1) == 1
                ):
                    return _reading(head, body[:-length], case, False, misspelt=True)
    return None


@cache
def _adjectives() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = lexicon.settings("roles")["titles"]["adjectives"]
    return tuple((title, re.compile(forms)) for title, forms in found.items())


def _adjective(word: str) -> str | None:
    """The adjective of a title that ``word`` is a form of: ``johtavan`` → ``johtava``."""
    return next((title for title, forms in _adjectives() if forms.fullmatch(word)), None)


def _opens(text: str, start: int) -> bool:
    """Does a sentence or a line begin at ``start``?"""
    return start == 0 or text[:start].rstrip(" ").endswith((".", "!", "?", "\n", ":"))


def _governing(text: str, start: int) -> bool:
    """Does a verb's complement stand before ``start``: ``hankkeesta``, ``kysymyksiin``?"""
    return _GOVERNED.search(text, max(0, start - 4), start) is not None


def find_titles(text: str) -> list[TitleFind]:
    """Every role title in ``text``, in order; a group's or owner's genitive before it included.

    No two of them overlap.
    """
    finds: list[TitleFind] = []
    for find in _titles(text):
        if finds and find.start < finds[-1].end:
            finds.pop()  # the adjective of this one: "vastaava opettaja"
        finds.append(find)
    return finds


def _titles(text: str) -> Iterator[TitleFind]:
    data = lexicon.settings("roles")["titles"]
    previous: re.Match[str] | None = None
    taken = 0  # where the title before ends
    for match in _WORD.finditer(text):
        reading = read_title(match.group())
        if reading is None or reading.role in data["not_roles"]["words"]:
            previous = match
            continue
        start, role = match.start(), reading.role
        adjacent = previous is not None and text[previous.end() : match.start()] == " "
        before = previous.group().casefold() if previous is not None and adjacent else ""
        bare = reading.role == reading.head
        adjective = _adjective(before)
        if adjective in _PARTICIPLES and previous and _governing(text, previous.start()):
            adjective = None  # "hankkeesta vastaava johtaja"
        if adjective and previous:
            start, role = previous.start(), f"{adjective} {role}"
        elif before in data["group_genitives"] and reading.head in data["group_heads"] and previous:
            start, role = previous.start(), f"{before} {role}"
        elif (
            bare
            and reading.head in data["genitive_heads"]
            and before.endswith("n")
            and not before.endswith("iin")
            and previous
            and (previous.group()[0].islower() or _opens(text, previous.start()))
        ):
            if before not in data["pronouns"]:
                role = f"{before} {role}"
                if before not in data["project_genitives"] and taken <= previous.start():
                    start = previous.start()
        elif bare and reading.head in data["need_modifier"] and reading.head != "jäsen":
            previous = match
            continue
        full_stop = match.group().endswith(".") and match.group().casefold() not in data["short"]
        taken = match.end() - full_stop
        yield TitleFind(
            start=start,
            end=taken,
            rule="title-misspelt" if reading.misspelt else "title",
            confidence=0.85 if reading.misspelt else 0.95,
            role=role,
            role_code=reading.code,
            case=reading.case,
            plural=reading.plural,
        )
        previous = match
