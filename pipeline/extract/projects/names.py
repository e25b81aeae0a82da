"""Takes a project's name apart: subtitle, acronym, number, generic head."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import msgspec

from pipeline import lexicon
from pipeline.extract.finds import EntityFind
from pipeline.records import Name

OPEN = "”“\"„»«‘’'"
QUOTES = "\"'”“„’‘»«"
_DASH = re.compile(r"\s+[–—−-]\s*|(?<=\w)[–—](?=\s)|(?<=\w)-\s+(?=\w)")
_ACRONYM = re.compile(r"\s*\(([^()\n]{2,30})\)\s*$")
_NUMBERED = re.compile(
    r"^(?P<stem>.+?)(?:,?\s+osa)?\s+(?P<number>\d{1,2}(?:\.0)?|I{1,3}|IV|V)$|^(?P<plain>.+?)(?P<plus>\+)$"
)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """A generic head of project names and the kind of project it makes."""

    head: str
    kind: str


@cache
def heads() -> tuple[tuple[re.Pattern[str], Head], ...]:
    """Heads of ``lexicon/project_heads.toml`` with their inflected forms as patterns."""
    return tuple(
        (
            re.compile(rf"\w*?(?:{entry['forms']})", re.IGNORECASE),
            Head(head=entry["head"], kind=entry["kind"]),
        )
        for entry in lexicon.settings("project_heads")["head"]
    )


@cache
def head_forms() -> str:
    """One alternation of all heads' forms with any compound prefix, for building patterns."""
    forms = "|".join(entry["forms"] for entry in lexicon.settings("project_heads")["head"])
    return rf"(?:[a-zåäöé]*?-?)(?:{forms})"


@cache
def plain_heads() -> re.Pattern[str]:
    """Heads that stand as words of their own: ``hankkeessa``, ``yhteishanke``."""
    return re.compile(rf"(?<![\w-]){head_forms()}(?![\w-])", re.IGNORECASE)


@cache
def _not_projects() -> tuple[str, ...]:
    return tuple(part[:-1] for part in lexicon.settings("project_heads")["heads"]["not_projects"])


@lru_cache(maxsize=20_000)
def head_of(word: str) -> Head | None:
    """The head a word is a form of (``muutosohjelmasta`` → ``ohjelma``), ``None`` if of none."""
    if word.casefold().startswith(_not_projects()):
        return None
    return next((head for pattern, head in heads() if pattern.fullmatch(word)), None)


@lru_cache(maxsize=20_000)
def clean(name: str) -> str:
    """A name without the quotes, brackets and dashes around it and with plain white space."""
    name = re.sub(r"\s+", " ", name).strip()
    name = name.strip(" ,;:.–—-" + QUOTES).strip()
    if name.count("(") < name.count(")"):
        name = name.rstrip(")").rstrip()
    return re.sub(rf"[{QUOTES}](?=\s[–—-]\s)|(?<=\s[–—-]\s)[{QUOTES}]", "", name)


def is_acronym(text: str) -> bool:
    """Short and shouted: ``TUULIKE``, ``KAVE``, ``SuperTuu``; not a place or a year."""
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return (
        len(text.split()) <= 2
        and 2 <= len(letters) <= 14
        and capitals >= 2
        and capitals * 2 >= len(letters)
    )


def names_of(name: str) -> tuple[Name, ...]:
    """All names that one full name licenses, the fullest first.

    ``Yhteinen ranta – Väkeä vesille (YRA)`` gives the whole, ``Yhteinen ranta``, the subtitle
    and ``YRA``.
    """
    name = clean(name)
    acronym = _ACRONYM.search(name)
    extra: list[Name] = []
    if acronym:
        inner = clean(acronym.group(1))
        name = clean(name[: acronym.start()])
        extra.append(Name(inner, "acronym" if is_acronym(inner) else "alias"))
    names = [Name(name, "full"), *extra]
    parts = [clean(part) for part in _DASH.split(name, maxsplit=1)]
    if len(parts) == 2 and all(len(part) > 2 for part in parts):
        first, second = parts
        names.append(Name(first, "acronym" if is_acronym(first) else "short"))
        if len(second.split()) > 1:
            names.append(Name(second, "alias"))
    return tuple(dict.fromkeys(n for n in names if n.name))


_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}


def phase(name: str) -> tuple[str, str]:
    """A name's stem and its number in digits: ``SILTA II`` → (``SILTA``, ``2``).

    The number of a name without one is empty.
    """
    stem, number = numbered(name) or (name, "")
    return stem, _ROMAN.get(number, number).removesuffix(".0")


def numbered(name: str) -> tuple[str, str] | None:
    """``SILTA 2`` → (``SILTA``, ``2``); ``None`` for a name without a number at its end."""
    match = _NUMBERED.match(name)
    if match is None:
        return None
    return (match["plain"], "2") if match["plus"] else (match["stem"], match["number"])


NOMINATIVES = ("hanke", "projekti", "ohjelma", "pilotti", "kokeilu", "kokonaisuus", "hankkeemme")


def make_find(
    text: str,
    start: int,
    end: int,
    name: str,
    rule: str,
    confidence: float,
    kind: str = "project",
    *,
    small: bool = False,
) -> EntityFind | None:
    """A project find for ``name`` at ``start:end``; ``None`` where it can be no project's name.

    ``small``: two words without a capital may be one, too.
    """
    names = names_of(_tail().sub("", name))
    if not names or not may_be_name(names[0].name, 2 if small else 3):
        return None
    return EntityFind(
        start=start,
        end=end,
        rule=rule,
        confidence=confidence,
        type="project",
        name=names[0].name,
        names=names,
        label="PROGRAMME" if kind == "programme" else "PROJECT",
        subtype=kind,
    )


@cache
def _tail() -> re.Pattern[str]:
    """A generic head behind a name: ``Ranta auki -hanke``."""
    return re.compile(r"\s[-–]\s?(?:hanke|projekti)$")


def may_be_name(name: str, words: int = 3) -> bool:
    """Not a fund, a kind of project or a generic word; capitalised, or of so many words."""
    folded = name.casefold()
    data = lexicon.settings("project_heads")
    if folded in data["heads"]["not_names"] or folded in data["stops"]["generic"]:
        return False
    return (
        len(name) > 1
        and bool(name.split())
        and any(c.isalpha() for c in name)
        and (
            name[0].isupper()
            or name[0].isdigit()
            or name[1].isupper()
            or len(name.split()) >= words
        )
    )
