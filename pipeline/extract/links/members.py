"""Reads which project is part of which: sub-projects, parts of a whole, projects of programmes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extract.context import Context, several
from pipeline.extract.finds import EntityFind
from pipeline.extract.focus import Named, case_of, pattern
from pipeline.extract.links.find import LinkFind


def members(context: Context, projects: Named) -> Iterator[LinkFind]:
    """``part_of`` links, the same one perhaps more than once."""
    yield from _listed(context)
    yield from _wholes(context)
    yield from _subs(context, projects)
    yield from _programmes(context, projects)


def _link(find: EntityFind, project: str, whole: str, rule: str, sure: float) -> LinkFind:
    return LinkFind(
        start=find.start,
        end=find.end,
        rule=rule,
        confidence=sure,
        project=project,
        related=whole,
        relation="part_of",
    )


def _listed(context: Context) -> Iterator[LinkFind]:
    """``Hankkeen osahankkeet ovat A, B ja C``; ``Osahankkeet: A``; ``koostuu A:sta ja B:stä``."""
    for start, end in context.sentences:
        word = pattern("parts").search(context.text, start, end)
        if word is None:
            continue
        named = [(m, k) for m, k in context.named_in(start, end) if context.kinds.get(k)]
        parts = [(m, k) for m, k in named if m.start >= word.end()]
        before = [k for m, k in named if m.end <= word.start()]
        gap = context.text[word.end() : parts[0][0].start] if parts else ""
        if not parts or len(gap.split()) > 8 or ";" in gap:
            continue
        whole = before[-1] if before else _whole_before(context, start, {k for _, k in parts})
        for find, key in _enumerated(context.text, parts):
            if whole is not None and key != whole:
                yield _link(find, key, whole, "listed-parts", 0.88)


def _enumerated(
    text: str, parts: Sequence[tuple[EntityFind, str]]
) -> Iterator[tuple[EntityFind, str]]:
    """Of ``parts`` those that stand in one list: commas, "ja" and short explanations between."""
    last: EntityFind | None = None
    for find, key in parts:
        gap = text[last.end : find.start] if last is not None else ""
        if last is not None and not re.search(r",|\bja\b|\bsekä\b|\n", gap):
            return
        yield find, key
        last = find


def _whole_before(context: Context, start: int, parts: set[str]) -> str | None:
    """The project spoken of before a list of parts, the main one where none is."""
    said = context.project_at(start, start)
    return said if said not in parts else (context.main if context.main not in parts else None)


def _wholes(context: Context) -> Iterator[LinkFind]:
    """``A on osa B-hanketta``, ``osana B-kokonaisuutta``, ``A kuuluu B-hankkeeseen``."""
    for start, end in context.sentences:
        for word in pattern("belongs").finditer(context.text, start, end):
            named = context.named_in(start, end)
            behind = [(m, k) for m, k in named if m.start >= word.end()]
            before = [(m, k) for m, k in named if m.end <= word.start()]
            whole = _whole(context, word, before, behind)
            if whole is None or not context.is_project(whole[1]):
                continue
            others = [
                k for m, k in before if k != whole[1] and case_of(context.text, m) == "Nom"
            ] or [k for m, k in before if k != whole[1]]
            behind = [(m, k) for m, k in behind if k != whole[1]]
            later = [k for m, k in behind if case_of(context.text, m) == "Nom"]
            child = others[-1] if others else next(iter(later), None)
            if child is None and _speaks(context, start, end):
                child = _child_before(context, start, whole[1])
            if child is not None and context.is_project(child):
                yield _link(whole[0], child, whole[1], "part-of-project", 0.85)


def _whole(
    context: Context,
    word: re.Match[str],
    before: Sequence[tuple[EntityFind, str]],
    behind: Sequence[tuple[EntityFind, str]],
) -> tuple[EntityFind, str] | None:
    """The project that the word "osa" or "kuuluu" wants: in its case, right beside it."""
    text = context.text
    verb = word.group().casefold().startswith(("kuulu", "sisälty", "liitty"))
    noun = (
        word.group().casefold().endswith(("hanke", "hankkeena", "hankeena", "pilotti", "pilottina"))
    )
    for find, key in behind[: 0 if noun else 1]:
        gap = text[word.end() : find.start]
        fits = case_of(text, find) in ({"Ill"} if verb else {"Par", "Gen", "Nom"})
        if fits and len(gap.split()) <= 4 and not re.search(r"[.;:,]", gap):
            return find, key
    for find, key in reversed(before[-1:]):
        gap = text[find.end : word.start()]
        fits = case_of(text, find) in ({"Ill"} if verb else {"Gen"})
        if fits and len(gap.split()) <= 2 and not re.search(r"[.;:,]", gap):
            return find, key
    return None


def _speaks(context: Context, start: int, end: int) -> bool:
    """Does a sentence that names no project speak of one: "hanke on", "se kuuluu", "osana X"?

    Not where something else is what belongs: ``Palveluohjausta kehitetään osana X-hanketta``.
    """
    if context.generic_head(start) is not None or pattern("spoken").search(
        context.text, start, end
    ):
        return True
    opening = pattern("belongs").search(context.text, start, end)
    return opening is not None and not context.text[start : opening.start()].strip()


def _child_before(context: Context, start: int, whole: str) -> str | None:
    """Whom an unnamed "hanke" or "se" before the word means."""
    said = context.project_at(start, start)
    if said is not None and said != whole:
        return said
    return context.main if context.main != whole else None


def _subs(context: Context, projects: Named) -> Iterator[LinkFind]:
    """``X -osahanke`` is part of the project that its sentence, or the announcement, is about."""
    for find, key in projects:
        if key not in context.subs:
            continue
        start, end = context.sentence(find.start)
        owners = [
            k
            for _, k in context.named_in(start, end)
            if k not in context.subs and k not in context.background and context.is_project(k)
        ]
        spoken = context.whole_at(find.start)
        whole = next((k for k in (*owners[:1], spoken, context.main) if k), None)
        if whole is not None and whole not in context.subs:
            yield _link(find, key, whole, "sub-project", 0.9)


def _programmes(context: Context, projects: Named) -> Iterator[LinkFind]:
    """A project funded from, or said to be part of, a programme named beside it."""
    text = context.text
    for find, key in projects:
        if context.is_project(key):
            continue
        field = next(
            (f for f in context.page.fields if f.start <= find.start < f.end and f.key), None
        )
        if field is not None and field.key in {"programme", "funder"}:
            owner = context.project_of(field)
            if owner is not None:
                yield _link(find, owner, key, "label:programme", 0.95)
            continue
        start, end = context.sentence(find.start)
        if not _of_programme(context, start, end):
            continue
        here = context.project_at(find.start, find.end)
        named = any(k == here and context.is_project(k) for _, k in context.named_in(start, end))
        if not (named or _paid(context, start, end) or _speaks(context, start, end)):
            continue
        together = not named and several().search(text, start, end)
        for project in context.listed() if together else [here]:
            if project is not None and context.is_project(project):
                yield _link(find, project, key, "programme-of-project", 0.85)


def _paid(context: Context, start: int, end: int) -> bool:
    """Does the sentence say more than that something belongs: that money comes?"""
    belongs = pattern("belongs")
    said = pattern("part_of").finditer(context.text, start, end)
    return any(belongs.match(context.text, word.start()) is None for word in said)


def _of_programme(context: Context, start: int, end: int) -> bool:
    """Does the sentence say that money comes from the programme, or that one belongs to it?"""
    if pattern("not_yet").search(context.text, start, end):
        return False
    return pattern("part_of").search(context.text, start, end) is not None
