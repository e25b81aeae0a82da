"""Finds people by name: after titles, by given names, in lists and labels, and when named again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import msgspec
from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.extract.finds import EntityFind, TitleFind
from pipeline.extract.layout import Layout
from pipeline.names import Case, degrees, is_given_name, is_surname, nominative, split_person
from pipeline.records import Name

_CAPITAL = "A-ZÅÄÖÁČĐŊŠŦŽÉÜØÆ"
_SMALL = "a-zåäöáčđŋšŧžéüøæèñ'’"
_PART = rf"[{_CAPITAL}][{_SMALL}]+(?:[{_CAPITAL}][{_SMALL}]+)?"
_WORD = rf"{_PART}(?:-{_PART})*"
_PARTICLE = r"(?:af|von|van|de|der|den|di|la)"
_LOUD = rf"[{_CAPITAL}]{{2,}}(?:-[{_CAPITAL}]{{2,}})?"
_NAME_WORD = re.compile(rf"(?<![\w-]){_WORD}(?![\w-])")
_RUN = re.compile(rf"(?<![\w-]){_WORD}(?:\ (?:{_PARTICLE}\ )?{_WORD})*(?![\w-])")
_FOLLOWING = re.compile(rf"\s(?P<name>{_WORD}(?:\ (?:{_PARTICLE}\ )?{_WORD}){{0,2}})(?![\w-])")
_SHOUTED = re.compile(rf"(?<![\w-]){_LOUD}(?:\ {_LOUD}){{1,2}}(?![\w-])")
_LIST = re.compile(rf"{_WORD}(?:,\ {_WORD}){{1,}}(?:,?\ (?:ja|sekä)\ {_WORD})|{_WORD}\ ja\ {_WORD}")
_AND = re.compile(r"\s*(?:,|\bja\b|\bsekä\b|&|\([^()]*\))\s*")
_INTRODUCED = re.compile(
    rf"""
    \b(?:[Oo]len | nimeni\ on | [Tt]yöparini | [Kk]ollegani | [Tt]yökaverini)
    \s+(?P<name>{_WORD}(?:\ {_WORD})?)
    """,
    re.VERBOSE,
)
_GENITIVE_BEFORE = re.compile(
    r"\s*(?:mukaan|mielestä|vastuulla|laskelmien|johdolla|sanoin|esittelemä|vetämä)"
)


class _Candidate(msgspec.Struct, frozen=True, kw_only=True):
    start: int
    end: int
    rule: str
    confidence: float
    case: Case | None = None


def find_people(
    doc: Doc,
    page: Layout,
    titles: Sequence[TitleFind],
    taken: Sequence[EntityFind],
) -> list[EntityFind]:
    """People named in ``doc``: full names first, then the same people by surname or given name.

    ``taken`` are spans of organisations and projects: a name inside one is no person. Names are
    nominative without titles; ``case`` tells how the mention was inflected where that is known.
    """
    text = doc.text
    furniture = [(b.start, b.end) for b in page.blocks if b.kind == "furniture"]
    barred = [(f.start, f.end) for f in taken] + furniture
    fields = [(f.start, f.end) for f in page.fields]
    known = {match.group() for match in _NAME_WORD.finditer(text)}
    full: dict[tuple[int, int], EntityFind] = {}
    single: dict[tuple[int, int], _Candidate] = {}
    for candidate in _candidates(doc, page, titles):
        start, end = candidate.start, candidate.end
        if any(s < end and start < e for s, e in barred):
            continue
        if " " in text[start:end]:
            if any(s < end and start < e for s, e in full):
                continue
            full[start, end] = _person(text, candidate, known, fields)
        else:
            single.setdefault((start, end), candidate)
    finds = list(full.values())
    again = list(_again(doc, finds, barred))
    covered = [(f.start, f.end) for f in (*finds, *again)]
    for (start, end), candidate in single.items():
        if not any(s < end and start < e for s, e in covered):
            finds.append(_person(text, candidate, known, fields))
    return sorted([*finds, *again], key=lambda find: find.start)


def _candidates(doc: Doc, page: Layout, titles: Sequence[TitleFind]) -> Iterator[_Candidate]:
    text = doc.text
    yield from _after_titles(text, titles)
    yield from _in_fields(text, page, titles)
    yield from _by_given_name(text)
    yield from _in_lists(text)
    yield from _introduced(text)
    yield from _tagged(doc)


def _after_titles(text: str, titles: Sequence[TitleFind]) -> Iterator[_Candidate]:
    """``projektipäällikkö Outi Koivuranta``; ``pajaohjaajat Meri ja Aslak``."""
    for title in titles:
        if title.case in {"Ess", "Tra"} and not title.plural:
            continue
        match = _FOLLOWING.match(text, title.end)
        if match is None:
            continue
        start, end = _without_non_names(text, match.start("name"), match.end("name"))
        words = text[start:end].split()
        if len(words) >= 2 and (
            is_given_name(_stem(words[0])) or is_surname(_stem(words[-1])) or title.confidence > 0.9
        ):
            yield _Candidate(start=start, end=end, rule="name-after-title", confidence=0.95)
        elif len(words) == 1 and (
            is_given_name(_stem(words[0])) or (title.plural and _listed(text, end))
        ):
            yield _Candidate(start=start, end=end, rule="given-name-after-title", confidence=0.85)
        if title.plural and words:
            more = re.compile(
                rf"(?:\s*\([^()]*\))?(?:,|\s+ja|\s+sekä)\s+(?P<name>{_WORD}(?:\ {_WORD})?)"
            )
            position = end
            while (following := more.match(text, position)) is not None:
                yield _Candidate(
                    start=following.start("name"),
                    end=following.end("name"),
                    rule="name-after-title",
                    confidence=0.9,
                )
                position = following.end()


def _listed(text: str, end: int) -> bool:
    """Does a list of names go on at ``end``? Then even an unknown given name is one."""
    return (
        re.match(rf"(?:\s*\([^()]*\))?(?:,\s{_WORD}|\s(?:ja|sekä)\s{_WORD})", text[end:])
        is not None
    )


def _stem(word: str) -> str:
    """A given name as it is looked up: inflected partitives and genitives undone."""
    return word if is_given_name(word) else nominative(word, "person")


def _without_non_names(text: str, start: int, end: int) -> tuple[int, int]:
    """Trim a run of capitalised words to two, or three when they are given names."""
    words = list(_NAME_WORD.finditer(text, start, end))
    if len(words) > 2 and not (
        is_given_name(words[1].group()) or re.search(rf"\s{_PARTICLE}\s", text[start:end])
    ):
        return start, words[1].end()
    return start, end


def _in_fields(text: str, page: Layout, titles: Sequence[TitleFind]) -> Iterator[_Candidate]:
    """Names in the values of contact and title labels: ``Projektipäällikkö: Outi Koivuranta``."""
    for field in page.fields:
        titled = any(field.label_start <= t.start < field.label_end for t in titles)
        if not titled and field.key not in {"contact", "staff"}:
            continue
        if field.end - field.start > 400:
            continue
        for match in _RUN.finditer(text, field.start, field.end):
            words = match.group().split()
            if len(words) in {2, 3, 4} and (
                titled or is_given_name(words[0]) or match.start() == field.start
            ):
                if is_surname(words[0]) and not is_given_name(words[0]) and not titled:
                    continue
                yield _Candidate(
                    start=match.start(),
                    end=match.end(),
                    rule="name-in-label",
                    confidence=0.93,
                    case="Nom",
                )
            elif len(words) == 1 and titled and is_given_name(words[0]):
                yield _Candidate(
                    start=match.start(),
                    end=match.end(),
                    rule="given-name-in-label",
                    confidence=0.85,
                    case="Nom",
                )
        for match in _SHOUTED.finditer(text, field.start, field.end):
            if is_given_name(match.group().split()[0].title()):
                yield _Candidate(
                    start=match.start(),
                    end=match.end(),
                    rule="name-in-label",
                    confidence=0.9,
                    case="Nom",
                )


def _by_given_name(text: str) -> Iterator[_Candidate]:
    """A known given name with a capitalised word after it: ``Venla Koivu-Ranta``."""
    for match in _RUN.finditer(text):
        words = list(_NAME_WORD.finditer(text, match.start(), match.end()))
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
            yield _Candidate(
                start=word.start(),
                end=words[last].end(),
                rule="given-name-and-surname",
                confidence=0.88,
            )
            break


def _in_lists(text: str) -> Iterator[_Candidate]:
    """Given names in a row: ``Mikko, Tuula, Riitta ja Kaisa-Maria``."""
    for match in _LIST.finditer(text):
        names = list(_NAME_WORD.finditer(text, match.start(), match.end()))
        given = [name for name in names if is_given_name(name.group())]
        if len(given) == len(names) and len(names) >= 3:
            for name in names:
                yield _Candidate(
                    start=name.start(),
                    end=name.end(),
                    rule="given-names-in-list",
                    confidence=0.85,
                    case="Nom",
                )


def _introduced(text: str) -> Iterator[_Candidate]:
    """``Olen Salla``, ``työparini Teijo``."""
    for match in _INTRODUCED.finditer(text):
        if is_given_name(match["name"].split()[0]):
            yield _Candidate(
                start=match.start("name"),
                end=match.end("name"),
                rule="introduced",
                confidence=0.85,
                case="Nom",
            )


def _tagged(doc: Doc) -> Iterator[_Candidate]:
    """PERSON entities of the tagger, as far as they have the shape of a name."""
    for entity in doc.ents:
        if entity.label_ != "PERSON":
            continue
        match = _RUN.search(doc.text, entity.start_char, entity.end_char)
        if match is None:
            continue
        words = match.group().split()
        given = is_given_name(_stem(words[0]))
        if 2 <= len(words) <= 4 and (
            given or is_surname(nominative(words[-1], "person")) or "-" in words[-1]
        ):
            yield _Candidate(
                start=match.start(),
                end=match.end(),
                rule="ner-person",
                confidence=0.8 if given else 0.7,
            )
        elif len(words) == 1 and is_given_name(words[0]) and not is_surname(words[0]):
            yield _Candidate(
                start=match.start(), end=match.end(), rule="ner-given-name", confidence=0.65
            )


def _person(
    text: str, candidate: _Candidate, known: Collection[str], fields: Sequence[tuple[int, int]]
) -> EntityFind:
    start, end = candidate.start, candidate.end
    raw = text[start:end]
    if raw.isupper():
        raw = "-".join(part.title() for part in raw.split("-"))
    case = candidate.case
    if case is None and _GENITIVE_BEFORE.match(text, end):
        case = "Gen"
    if case is None and any(s <= start < e for s, e in fields):
        case = "Nom"
    words = raw.split()
    evidence = {word for word in known if word not in words} | _email_names(text, words)
    name = raw if case == "Nom" else nominative(raw, "person", evidence, case)
    given, family = split_person(name)
    names = [Name(name, "full")]
    degree = _degree(text, end)
    return EntityFind(
        start=start,
        end=end,
        rule=candidate.rule,
        confidence=candidate.confidence,
        type="person",
        name=name,
        names=tuple(names),
        label="PERSON",
        case=case,
        given_name=given or None,
        family_name=family or None,
        degree=degree,
    )


def _email_names(text: str, words: Sequence[str]) -> set[str]:
    """Surname as an e-mail address of the text spells it, where that tells the nominative."""
    found = set()
    given = _fold(words[0])
    for match in re.finditer(r"([a-z-]+)\.([a-z-]+)\s?(?:@|\(at\)|\[at\])", text):
        if match.group(1) == given:
            for form in {
                words[-1][:cut] + tail
                for cut in range(3, len(words[-1]) + 1)
                for tail in ("", "nen", "i", "a", "ä", "o")
            }:
                if _fold(form) == match.group(2):
                    found.add(form)
    return found


def _fold(word: str) -> str:
    return word.casefold().translate(str.maketrans("åäöéüš", "aaoeus"))


def _degree(text: str, end: int) -> str | None:
    """A degree in parentheses or after a comma right behind the name: ``(YTM)``."""
    match = re.match(r"\s*[,(]\s*([^(),\n]{2,30}(?:\s\((?:YAMK|AMK)\))?)\)?", text[end:])
    if match and match.group(1).strip() in degrees():
        return match.group(1).strip()
    return None


def _again(
    doc: Doc, people: Sequence[EntityFind], barred: Sequence[tuple[int, int]]
) -> Iterator[EntityFind]:
    """The same people by surname or given name alone, after they were introduced."""
    text = doc.text
    spans = [(p.start, p.end) for p in people] + list(barred)
    by_family: dict[str, list[EntityFind]] = {}
    by_given: dict[str, list[EntityFind]] = {}
    for person in people:
        if person.family_name:
            by_family.setdefault(person.family_name, []).append(person)
        if person.given_name:
            by_given.setdefault(person.given_name, []).append(person)
    says = tuple(lexicon.settings("roles")["verbs"]["says"])
    for match in _NAME_WORD.finditer(text):
        word, start, end = match.group(), match.start(), match.end()
        if any(s < end and start < e for s, e in spans):
            continue
        for index, rule in ((by_family, "surname-again"), (by_given, "given-name-again")):
            called = _called(word, index)
            if called is None or (rule == "surname-again" and start < called.start):
                continue
            spoken = text[end : end + 20].lstrip().startswith(says) or _GENITIVE_BEFORE.match(
                text, end
            )
            if (
                rule == "surname-again"
                and _place_case(word, called.family_name or "")
                and not spoken
            ):
                continue
            yield msgspec.structs.replace(
                called, start=start, end=end, rule=rule, confidence=0.8, case=None, degree=None
            )
            break


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
    return (
        word != family
        and re.search(r"(?:ss[aä]|st[aä]|lt[aä]|ll[aä]|[aeioöä]n|een)$", word) is not None
        and not word.endswith(("en", "in", "an", "än", "on", "ön", "un", "yn"))
    )
