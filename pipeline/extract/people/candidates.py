"""Where people may be named: after titles, in labels, by given names, in lists, by the tagger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
from spacy.tokens import Doc

from pipeline.extract.doc_text import tagged, text_of
from pipeline.extract.finds import TitleFind
from pipeline.extract.layout import Layout
from pipeline.extract.people.shapes import (
    CITED,
    FOLLOWING,
    IMPERATIVE,
    INTRODUCED,
    LIST,
    LISTED,
    MORE,
    NAME_WORD,
    PARTICLE,
    PLURAL_BEFORE,
    PLURAL_BEHIND,
    RUN,
    SHOUTED,
    unshouted,
)
from pipeline.extract.places import place_names
from pipeline.names import Case, is_given_name, is_surname, nominative

_VERB = 24  # characters before a pair of names in which its verb may stand
_VALUE = 400  # characters: a label's longer value is prose
_SURE_TITLE = 0.9  # confidence of a title behind which even unknown words are a name


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A span that is somebody's name, one word or several; ``case`` where the place tells it.

    ``surname_first`` as lists write it: "Koivu Venla", "Koivu, Venla".
    """

    start: int
    end: int
    rule: str
    confidence: float
    case: Case | None = None
    surname_first: bool = False


def candidates(doc: Doc, page: Layout, titles: Sequence[TitleFind]) -> Iterator[Candidate]:
    """Every span that may name a person, the surest kinds of place first; they may overlap."""
    text = text_of(doc)
    yield from _surname_first(text, titles)
    yield from _cited(text)
    yield from _after_titles(text, titles)
    yield from _in_fields(text, page, titles)
    yield from _by_given_name(text)
    yield from _shouted(text, titles)
    yield from _in_lists(text)
    yield from _introduced(text)
    yield from _tagged(doc)


def _after_titles(text: str, titles: Sequence[TitleFind]) -> Iterator[Candidate]:
    """``projektipäällikkö Outi Koivuranta``; ``pajaohjaajat Meri ja Aslak``."""
    for title in titles:
        if title.case in {"Ess", "Tra"} and not title.plural:
            continue
        match = FOLLOWING.match(text, title.end)
        if match is None:
            continue
        start, end = _of_one_person(text, match.start("name"), match.end("name"))
        words = text[start:end].split()
        given = is_given_name(_stem(words[0]))
        if len(words) >= 2 and (
            given or is_surname(_stem(words[-1])) or title.confidence > _SURE_TITLE
        ):
            yield Candidate(start=start, end=end, rule="name-after-title", confidence=0.95)
        elif len(words) == 1 and (
            given or (title.plural and MORE.match(text, end) and not _is_place(words[0]))
        ):
            # In a list even an unknown given name is one.
            yield Candidate(start=start, end=end, rule="given-name-after-title", confidence=0.85)
        if title.plural and not _is_place(words[0]):
            yield from _listed(text, end)


def _is_place(word: str) -> bool:
    """``kuraattoreille Heinolassa, Hollolassa ja Lahdessa``: a place, and nobody's name."""
    return not is_given_name(word) and nominative(word, "place") in place_names()


def _listed(text: str, position: int) -> Iterator[Candidate]:
    """The names that a list goes on with."""
    while (following := MORE.match(text, position)) is not None:
        yield Candidate(
            start=following.start("name"),
            end=following.end("name"),
            rule="name-after-title",
            confidence=0.9,
        )
        position = following.end()


def _stem(word: str) -> str:
    """A name as it is looked up: inflected partitives and genitives undone."""
    return word if is_given_name(word) else nominative(word, "person")


def _of_one_person(text: str, start: int, end: int) -> tuple[int, int]:
    """Trim a run of capitalised words to two, or three when the second is a given name too.

    Behind a particle one more word is the surname: "Carl von Essenberg".
    """
    words = list(NAME_WORD.finditer(text, start, end))
    particle = re.compile(rf"\s{PARTICLE}\s").search(text, start, end)
    if particle is not None:
        return start, next(word.end() for word in words if word.start() >= particle.end())
    if len(words) > 2 and not is_given_name(words[1].group()):
        return start, words[1].end()
    return start, end


def _in_fields(text: str, page: Layout, titles: Sequence[TitleFind]) -> Iterator[Candidate]:
    """Names in the values of contact and title labels: ``Projektipäällikkö: Outi Koivuranta``."""
    for field in page.fields:
        titled = any(field.label_start <= t.start < field.label_end for t in titles)
        if not titled and field.key not in {"contact", "staff"}:
            continue
        if field.end - field.start > _VALUE:
            continue
        for match in RUN.finditer(text, field.start, field.end):
            words = match.group().split()
            given = is_given_name(words[0])
            if 2 <= len(words) <= 4 and (
                titled or given or (match.start() == field.start and not is_surname(words[0]))
            ):
                yield _nominative(match, "name-in-label", 0.93)
            elif len(words) == 1 and titled and given:
                yield _nominative(match, "given-name-in-label", 0.85)
        for match in SHOUTED.finditer(text, field.start, field.end):
            if is_given_name(match.group().split()[0].title()):
                yield _nominative(match, "name-in-label", 0.9)


def _by_given_name(text: str) -> Iterator[Candidate]:
    """A known given name with a capitalised word after it: ``Venla Koivu-Ranta``."""
    for match in RUN.finditer(text):
        words = list(NAME_WORD.finditer(text, match.start(), match.end()))
        for number, word in enumerate(words[:-1]):
            parts = word.group().split("-")
            if not all(is_given_name(part) for part in parts) and not is_given_name(word.group()):
                continue
            last = number + 1
            if (
                last + 1 < len(words)
                and is_given_name(words[last].group())
                and not is_surname(words[last].group())
            ):
                last += 1
            yield Candidate(
                start=word.start(),
                end=words[last].end(),
                rule="given-name-and-surname",
                confidence=0.88,
            )
            break


def _surname_first(text: str, titles: Sequence[TitleFind]) -> Iterator[Candidate]:
    """``Koivu Venla, puheenjohtaja``: two words in a list of which only this order makes a name."""
    titled = {title.start for title in titles}
    for match in [*RUN.finditer(text), *SHOUTED.finditer(text)]:
        words = unshouted(match.group()).split()
        behind = LISTED.match(text, match.end())
        if behind is None or len(words) != 2:
            continue
        first, second = words
        surely = is_surname(first) and not is_surname(second)
        if (
            (surely or behind.end() in titled)
            and is_given_name(second)
            and not is_given_name(first)
        ):
            found = _nominative(match, "surname-first", 0.85)
            yield msgspec.structs.replace(found, surname_first=True)


def _cited(text: str) -> Iterator[Candidate]:
    """``Koivu, Venla: Kuorolaulun voima``: a surname, a comma, a given name."""
    for match in CITED.finditer(text):
        family, given = match["family"], match["given"]
        if not is_given_name(given) or is_given_name(family):
            continue  # "Mikko, Tuula, Riitta" are three
        if is_surname(family) or not _is_place(family):
            found = _nominative(match, "surname-first", 0.85, "name")
            yield msgspec.structs.replace(found, surname_first=True)


def _shouted(text: str, titles: Sequence[TitleFind]) -> Iterator[Candidate]:
    """``Rehtori VENLA KOIVU``: a given name in capitals, and a surname or a title beside it."""
    titled = {title.end + 1 for title in titles}
    for match in SHOUTED.finditer(text):
        words = unshouted(match.group()).split()
        if is_given_name(words[0]) and (match.start() in titled or is_surname(words[-1])):
            yield Candidate(
                start=match.start(), end=match.end(), rule="name-in-capitals", confidence=0.88
            )


def _in_lists(text: str) -> Iterator[Candidate]:
    """Given names in a row: ``Mikko, Tuula, Riitta ja Kaisa-Maria``."""
    for match in LIST.finditer(text):
        names = list(NAME_WORD.finditer(text, match.start(), match.end()))
        if (len(names) >= 3 or _two_do(text, match)) and all(
            is_given_name(name.group()) for name in names
        ):
            for name in names:
                yield _nominative(name, "given-names-in-list", 0.85)


def _two_do(text: str, pair: re.Match[str]) -> bool:
    """``Lauri ja Senja kiertävät``, ``työskentelevät Sohvi ja Aarre``: two who do something."""
    return PLURAL_BEHIND.match(text, pair.end()) is not None or (
        PLURAL_BEFORE.search(text, max(0, pair.start() - _VERB), pair.start()) is not None
    )


def _introduced(text: str) -> Iterator[Candidate]:
    """``Olen Salla``, ``työparini Teijo``."""
    for match in INTRODUCED.finditer(text):
        if is_given_name(match["name"].split()[0]):
            yield _nominative(match, "introduced", 0.85, "name")


def _tagged(doc: Doc) -> Iterator[Candidate]:
    """PERSON entities of the tagger, as far as they have the shape of a name."""
    text = text_of(doc)
    for entity in tagged(doc):
        if entity.label != "PERSON":
            continue
        match = RUN.search(text, entity.start, entity.end)
        if match is None:
            continue
        words = match.group().split()
        given = is_given_name(_stem(words[0]))
        if 2 <= len(words) <= 4 and (
            given or is_surname(nominative(words[-1], "person")) or "-" in words[-1]
        ):
            yield Candidate(
                start=match.start(),
                end=match.end(),
                rule="ner-person",
                confidence=0.8 if given else 0.7,
            )
        elif len(words) == 1 and is_given_name(words[0]) and not is_surname(words[0]):
            if IMPERATIVE.match(text, match.start()):
                continue  # "Anna palautetta"
            yield Candidate(
                start=match.start(), end=match.end(), rule="ner-given-name", confidence=0.65
            )


def _nominative(
    match: re.Match[str], rule: str, confidence: float, group: str | int = 0
) -> Candidate:
    """A candidate at a place where names stand uninflected."""
    start, end = match.span(group)
    return Candidate(start=start, end=end, rule=rule, confidence=confidence, case="Nom")
