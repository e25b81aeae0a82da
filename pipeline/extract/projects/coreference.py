"""Which names of an announcement are one project's: each pair of names is weighed by evidence.

``Kaksi reppua`` is short for ``Kaksi reppua, yksi koulu``, ``TYRIVÄ`` for ``Työkykyä rivien
väliin``; ``Imu`` is not short for ``Imu 2``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec
from spacy.tokens import Doc

from pipeline.evidence import Model
from pipeline.extract.doc_text import text_of
from pipeline.extract.entities import Group
from pipeline.extract.finds import EntityFind
from pipeline.extract.folding import fold
from pipeline.extract.layout import Layout
from pipeline.extract.projects.coreference_signs import (
    Called,
    alike,
    of_names,
    of_places,
    of_words,
    words_of,
)
from pipeline.extract.surroundings import Signs, Surroundings

MOST = 60  # names of an announcement of which all pairs are weighed
STEM = 4  # letters by which names are looked up where there are more

_SIGNS = re.compile(r"[\W_]+")

Coreferent = tuple[Called, Called, Signs]
"""Two names that may be one project's, the longer first, and what speaks for it and against."""


def weighable_pairs(doc: Doc, page: Layout, finds: Sequence[EntityFind]) -> list[Coreferent]:
    """All pairs of names with their signs; of very many names those that share a word."""
    names = _called(finds)
    if len(names) < 2:
        return []
    text, around = text_of(doc), Surroundings(doc, page)
    firsts = Counter(name.words[0] for name in names)
    told = []
    for one, two in _pairs(names):
        longer, shorter = sorted(
            (one, two), key=lambda c: (-len(c.words), -len(c.name), c.finds[0].start)
        )
        same_first = longer.words[0] == shorter.words[0]
        signs = {
            **of_words(longer, shorter),
            **of_names(longer, shorter),
            **of_places(text, around, longer, shorter),
            "names": float(min(len(names), 10)),
            "rivals": float(firsts[shorter.words[0]] - 1 - same_first),
        }
        told.append((longer, shorter, {sign: value for sign, value in signs.items() if value}))
    return told


def grouped(finds: Sequence[EntityFind], told: Sequence[Coreferent], model: Model) -> list[Group]:
    """The finds of each project, in text order, keyed ``project:<number>``."""
    names = _called(finds)
    home = {name.name: number for number, name in enumerate(names)}
    chances = model.probabilities([signs for _, _, signs in told])
    better: dict[str, Called] = {}
    for (longer, shorter, _), sure in zip(told, chances, strict=True):
        if sure < model.least:
            continue
        place, other = home[longer.name], home[shorter.name]
        home = {name: place if at == other else at for name, at in home.items()}
        if _one_form(longer, shorter):
            known, form = sorted((longer, shorter), key=lambda name: -name.sure)
            better.setdefault(form.name, known)
    members: defaultdict[int, list[EntityFind]] = defaultdict(list)
    for name in names:
        known = better.get(name.name, name)
        called = known.finds[0]
        members[home[name.name]] += [
            msgspec.structs.replace(find, name=called.name, names=called.names)
            if known is not name
            else find
            for find in name.finds
        ]
    groups = sorted(members.values(), key=lambda group: min(find.start for find in group))
    return [Group(key=f"project:{n}", finds=group) for n, group in enumerate(groups, start=1)]


def _one_form(one: Called, two: Called) -> bool:
    """Does one name read as an inflected form of the other: ``Hyvä lähtökin``?"""
    return len(one.words) == len(two.words) and all(map(alike, one.words, two.words))


def _called(finds: Sequence[EntityFind]) -> list[Called]:
    """Each name once, however its words are joined (``JÄKÄLÄ2``), the longest first."""
    by_name: dict[str, list[EntityFind]] = {}
    for find in sorted(finds, key=lambda f: (-len(f.name), f.start)):
        by_name.setdefault(_SIGNS.sub("", fold(find.name)), []).append(find)
    return [
        Called(name=finds[0].name, finds=tuple(finds), words=words_of(finds[0].name))
        for finds in by_name.values()
    ]


def _pairs(names: Sequence[Called]) -> Iterator[tuple[Called, Called]]:
    if len(names) <= MOST:
        yield from combinations(names, 2)
        return
    by_stem: defaultdict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        for stem in {word[:STEM] for word in name.words}:
            by_stem[stem].append(number)
    few = [numbers for numbers in by_stem.values() if len(numbers) <= MOST]
    for one, two in sorted({pair for numbers in few for pair in combinations(numbers, 2)}):
        yield names[one], names[two]
