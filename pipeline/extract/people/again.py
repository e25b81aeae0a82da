"""People named again, by surname or given name alone: "Koivurannan mukaan"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.people.shapes import AFTER_GENITIVE, NAME_WORD
from pipeline.names import nominative

_SPEECH = 20  # characters behind a name that may hold a verb of speech
_LOCAL = re.compile(r"(?:ss[aä]|st[aä]|lt[aä]|ll[aä]|[aeioöä]n|een)$")
_GENITIVES = ("en", "in", "an", "än", "on", "ön", "un", "yn")


def find_again(
    text: str,
    people: Sequence[EntityFind],
    titles: Sequence[TitleFind],
    barred: Iterable[tuple[int, int]],
) -> Iterator[EntityFind]:
    """The same people by surname, after they were introduced, or by given name alone.

    A surname right behind one of ``titles`` is a person wherever it stands.

    ``barred`` are spans where no name is looked for. A name that two people share is nobody's.
    """
    titled = {title.end + 1 for title in titles}
    spans = [(p.start, p.end) for p in people] + list(barred)
    by_family: dict[str, list[EntityFind]] = {}
    by_given: dict[str, list[EntityFind]] = {}
    for person in people:
        if person.family_name:
            by_family.setdefault(person.family_name, []).append(person)
        if person.given_name:
            by_given.setdefault(person.given_name, []).append(person)
    beginnings = {name[:2] for name in (*by_family, *by_given)}
    for match in NAME_WORD.finditer(text) if beginnings else ():
        start, end = match.span()
        if text[start : start + 2] not in beginnings:
            continue
        if any(s < end and start < e for s, e in spans):
            continue
        called = _called(match.group(), by_family)
        rule = "surname-again"
        if called is None or not (start in titled or _is_surname_again(text, match, called)):
            called, rule = _called(match.group(), by_given), "given-name-again"
        if called is not None:
            yield msgspec.structs.replace(
                called, start=start, end=end, rule=rule, confidence=0.8, case=None, degree=None
            )


def _is_surname_again(text: str, word: re.Match[str], called: EntityFind) -> bool:
    """After the full name; in a local case, as places are, only where somebody speaks."""
    if word.start() < called.start:
        return False
    return not _place_case(word.group(), called.family_name or "") or _speaks(text, word.end())


def _speaks(text: str, end: int) -> bool:
    says = tuple(lexicon.settings("roles")["verbs"]["says"])
    return (
        text[end : end + _SPEECH].lstrip().startswith(says)
        or AFTER_GENITIVE.match(text, end) is not None
    )


def _called(word: str, index: dict[str, list[EntityFind]]) -> EntityFind | None:
    """The one person whose name ``word`` is a form of, ``None`` for none or several."""
    owners = index.get(word)
    if owners is None:
        for name, candidates in index.items():
            if name[:2] == word[:2] and nominative(word, "person", {name}) == name:
                owners = candidates
                break
    names = {owner.name for owner in owners or ()}
    return owners[0] if owners and len(names) == 1 else None


def _place_case(word: str, family: str) -> bool:
    """Forms that places have and speakers don't: ``Lahdessa``, ``Nivalasta``."""
    return word != family and _LOCAL.search(word) is not None and not word.endswith(_GENITIVES)
