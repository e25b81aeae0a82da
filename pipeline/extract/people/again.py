"""People named again, by surname or given name alone: "Koivurannan mukaan"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.people.shapes import AFTER_GENITIVE, NAME_WORD
from pipeline.extract.spans import Spanned, Spans
from pipeline.names import nominative

_SPEECH = 20  # characters behind a name that may hold a verb of speech
_LOCAL = re.compile(r"(?:ss[aä]|st[aä]|lt[aä]|ll[aä]|[aeioöä]n|een)$")
_GENITIVES = ("en", "in", "an", "än", "on", "ön", "un", "yn")


def find_again(
    text: str,
    people: Sequence[EntityFind],
    titles: Sequence[TitleFind],
    barred: Spans[Spanned],
) -> Iterator[EntityFind]:
    """The same people by surname, after they were introduced, or by given name alone.

    A surname right behind one of ``titles`` is a person wherever it stands.

    ``barred`` are spans where no name is looked for. A name that two people share is nobody's.
    """
    titled = {title.end + 1 for title in titles}
    named = Spans(people)
    by_family = _ByName((p.family_name, p) for p in people)
    by_given = _ByName((p.given_name, p) for p in people)
    beginnings = by_family.beginnings | by_given.beginnings
    for match in NAME_WORD.finditer(text) if beginnings else ():
        start, end = match.span()
        if text[start : start + 2] not in beginnings:
            continue
        if barred.touches(start, end) or named.touches(start, end):
            continue
        called = by_family.called(match.group())
        rule = "surname-again"
        if called is None or not (start in titled or _is_surname_again(text, match, called)):
            called, rule = by_given.called(match.group()), "given-name-again"
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


class _ByName:
    """People by one part of their names."""

    def __init__(self, named: Iterable[tuple[str | None, EntityFind]]) -> None:
        self._people: dict[str, list[EntityFind]] = {}
        for name, person in named:
            if name:
                self._people.setdefault(name, []).append(person)
        self._names: dict[str, list[str]] = {}
        for name in self._people:
            self._names.setdefault(name[:2], []).append(name)
        self.beginnings = frozenset(self._names)
        self._called: dict[str, EntityFind | None] = {}

    def called(self, word: str) -> EntityFind | None:
        """The one person whose name ``word`` is a form of, ``None`` for none or several."""
        if word not in self._called:
            owners = self._people.get(word) or next(
                (
                    self._people[name]
                    for name in self._names.get(word[:2], ())
                    if nominative(word, "person", {name}) == name
                ),
                [],
            )
            one = len({owner.name for owner in owners}) == 1
            self._called[word] = owners[0] if one else None
        return self._called[word]


def _place_case(word: str, family: str) -> bool:
    """Forms that places have and speakers don't: ``Lahdessa``, ``Nivalasta``."""
    return word != family and _LOCAL.search(word) is not None and not word.endswith(_GENITIVES)
