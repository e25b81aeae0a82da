"""What a decision chooses from on annotated announcements, and how well it chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from pipeline.evidence import Evidence
from pipeline.extract.announcement import (
    named,
    weighable_bodies,
    weighable_coreference,
    weighable_jointly,
    weighable_names,
)
from pipeline.extract.folding import fold
from pipeline.extract.organisations import decision as organisation_decision
from pipeline.extract.projects import decision as project_decision
from pipeline.extract.projects.candidates import Candidate
from pipeline.extract.publication import decide as decide_publication
from pipeline.extract.publication import weighable_days
from pipeline.extract.relations import RelatedCandidates, related_candidates
from pipeline.extract.relations.decision import accepted_parts, best_of, chosen_ends
from pipeline.extract.relations.network import RelationNetwork
from pipeline.extract.relations.pairs import Pair
from pipeline.extract.sources import BOTH, Sources
from pipeline.records import Announcement
from pipeline.training.boosting import Sample
from pipeline.training.evidence_labels import (
    PairLabels,
    body_labels,
    coreference_label,
    day_label,
    name_labels,
    pair_labels,
)
from pipeline.training.evidence_texts import AnnotatedText
from pipeline.training.side_by_side import of_each

Chances = Sequence[float]
"""How likely each candidate of an announcement is right."""


class Choice(NamedTuple):
    """The candidates of each announcement with gold's answers.

    ``judges`` says which announcements are like what comes: by these a choice is measured.
    ``counted`` tells of an announcement, the chances and a threshold how many facts are right,
    how many wrong, and how many gold wants. ``same`` is F1 that hardly tells two thresholds apart.
    """

    documents: Sequence[Sequence[Sample]]
    judges: Sequence[bool]
    counted: Callable[[int, Chances, float], tuple[int, int, int]]
    same: float

    def f1(self, chances: Sequence[Chances], least: float) -> float:
        """F1 of what is chosen from a threshold on; ``chances`` are those of each announcement."""
        right = wrong = wanted = 0
        for number, judge in enumerate(self.judges):
            if judge:
                found = self.counted(number, chances[number], least)
                right, wrong, wanted = right + found[0], wrong + found[1], wanted + found[2]
        return 2 * right / max(1, right + wrong + wanted)


def publication_choice(texts: Sequence[AnnotatedText]) -> Choice:
    """Days of publication and of update; one of each kind."""
    told = [weighable_days(text.announcement.text) for text in texts]
    labels = [
        [day_label(day, text.gold) for day in days] for text, days in zip(texts, told, strict=True)
    ]

    def counted(number: int, chances: Chances, least: float) -> tuple[int, int, int]:
        found = decide_publication(told[number], chances, least)
        gold = texts[number].gold
        pairs = [(found.published, gold.published), (found.updated, gold.updated)]
        right = sum(find is not None and find.first == day for find, day in pairs)
        wrong = sum(find is not None and find.first != day for find, day in pairs)
        return right, wrong, sum(day is not None for _, day in pairs)

    documents = [
        [(day.signs, label) for day, label in zip(days, of, strict=True)]
        for days, of in zip(told, labels, strict=True)
    ]
    return Choice(documents, [text.of_field for text in texts], counted, same=0.005)


def body_choice(texts: Sequence[AnnotatedText], sources: Sources = BOTH) -> Choice:
    """Mentions of bodies; a name counts once, wherever it stands."""
    weighable = of_each(lambda t: weighable_bodies(t.announcement, t.doc, sources), texts)
    labels = [
        [body_labels(find, text.gold) for find, _ in told]
        for text, told in zip(texts, weighable, strict=True)
    ]

    def decide(number: int, chances: Chances, least: float) -> Iterable[int]:
        finds = [find for find, _ in weighable[number]]
        numbers = {(find.start, find.end): n for n, find in enumerate(finds)}
        kept = organisation_decision.decide(finds, chances, least)
        return {finds[n].name: n for n in (numbers[f.start, f.end] for f in kept)}.values()

    wanted = [sum(not entry.optional for entry in text.gold.organisations) for text in texts]
    return _of_named(texts, weighable, labels, wanted, decide)


def name_choice(
    texts: Sequence[AnnotatedText], known: Sequence[Evidence], sources: Sources = BOTH
) -> Choice:
    """Names of projects; ``known`` is the evidence of each announcement that decides on bodies."""
    return _of_names(texts, known, sources, weighable_names)


def joint_choice(
    texts: Sequence[AnnotatedText], known: Sequence[Evidence], sources: Sources = BOTH
) -> Choice:
    """The same beside each other; ``known`` is what weighs each name by itself, too."""
    return _of_names(texts, known, sources, weighable_jointly)


def _of_names(
    texts: Sequence[AnnotatedText],
    known: Sequence[Evidence],
    sources: Sources,
    candidates_of: Callable[
        [Announcement, Doc, Sources, Evidence], Sequence[tuple[Candidate, Mapping[str, float]]]
    ],
) -> Choice:
    weighable = of_each(
        lambda one: candidates_of(one[0].announcement, one[0].doc, sources, one[1]),
        list(zip(texts, known, strict=True)),
    )
    labels = [
        [name_labels(candidate, text.gold) for candidate, _ in told]
        for text, told in zip(texts, weighable, strict=True)
    ]

    def decide(number: int, chances: Chances, least: float) -> Iterable[int]:
        candidates = [candidate for candidate, _ in weighable[number]]
        weighed = list(zip(candidates, chances, strict=True))
        names = {fold(find.name) for find in project_decision.decide(weighed, least)}
        return [n for n, candidate in enumerate(candidates) if candidate.key in names]

    wanted = [sum(not entry.optional for entry in text.gold.projects) for text in texts]
    return _of_named(texts, weighable, labels, wanted, decide)


def coreference_choice(
    texts: Sequence[AnnotatedText], known: Sequence[Evidence], sources: Sources = BOTH
) -> Choice:
    """Pairs of names that are one project's; ``known`` is what decides on bodies and names."""

    def judged(of: tuple[AnnotatedText, Evidence]) -> list[Sample]:
        text, evidence = of
        told = weighable_coreference(text.announcement, text.doc, sources, evidence)
        return [(signs, coreference_label(one, two, text.gold)) for one, two, signs in told]

    documents = of_each(judged, list(zip(texts, known, strict=True)))

    def counted(number: int, chances: Chances, least: float) -> tuple[int, int, int]:
        labels = [right for _, right in documents[number]]
        kept = [right for right, sure in zip(labels, chances, strict=True) if sure >= least]
        return kept.count(True), kept.count(False), labels.count(True)

    return Choice(documents, [text.of_field for text in texts], counted, same=0.005)


def _of_named(
    texts: Sequence[AnnotatedText],
    weighable: Sequence[Sequence[tuple[object, Mapping[str, float]]]],
    labels: Sequence[Sequence[tuple[bool | None, int | None]]],
    wanted: Sequence[int],
    decide: Callable[[int, Chances, float], Iterable[int]],
) -> Choice:
    """A choice that is right by how many entries of gold are named."""

    def counted(number: int, chances: Chances, least: float) -> tuple[int, int, int]:
        told = [labels[number][n] for n in decide(number, chances, least)]
        right = len({entry for answer, entry in told if answer})
        return right, sum(answer is False for answer, _ in told), wanted[number]

    documents = [
        [(signs, right) for (_, signs), (right, _) in zip(told, of, strict=True)]
        for told, of in zip(weighable, labels, strict=True)
    ]
    return Choice(documents, [text.of_field for text in texts], counted, same=0.005)


class Told(NamedTuple):
    """An announcement with the pairs of what was named in it, and gold's answers."""

    text: AnnotatedText
    candidates: RelatedCandidates
    labels: PairLabels


def told_of(
    texts: Sequence[AnnotatedText],
    known: Sequence[Evidence],
    network: Callable[[str], RelationNetwork | None] = lambda text: None,
) -> list[Told]:
    """The pairs of what evidence names in announcements; ``network`` is what tells their relations.

    ``known`` is the evidence of each announcement that decides on what is named.
    """

    def pairs(of: tuple[AnnotatedText, Evidence]) -> tuple[RelatedCandidates, PairLabels]:
        text, evidence = of
        here = named(text.announcement, text.doc, evidence=evidence)
        candidates = related_candidates(here, network(text.announcement.text))
        return candidates, pair_labels(here, candidates, text.gold)

    found = of_each(pairs, list(zip(texts, known, strict=True)))
    return [Told(text, *one) for text, one in zip(texts, found, strict=True)]


def pair_choice(kind: str, told: Sequence[Told]) -> Choice:
    """Pairs of one kind."""

    def counted(number: int, chances: Chances, least: float) -> tuple[int, int, int]:
        labels = told[number].labels.right[kind]
        kept = _kept(kind, told[number].candidates, chances, least)
        right = sum(labels[n] is True for n in kept)
        return right, sum(labels[n] is False for n in kept), told[number].labels.wanted[kind]

    documents = [
        [
            (pair.signs, right)
            for pair, right in zip(one.candidates.pairs[kind], one.labels.right[kind], strict=True)
        ]
        for one in told
    ]
    return Choice(documents, [one.text.of_field for one in told], counted, same=0.01)


def _kept(kind: str, candidates: RelatedCandidates, chances: Chances, least: float) -> list[int]:
    """Numbers of the pairs that the decision would keep."""
    weighed = list(zip(candidates.pairs[kind], chances, strict=True))
    if kind == "participations":
        kept = {id(pair) for pair, _ in accepted_parts(weighed, least)}
        return [n for n, (pair, _) in enumerate(weighed) if id(pair) in kept]
    if kind == "dates":
        ends = chosen_ends(weighed, candidates.days, least)
        return [number for number, _ in ends.values()]
    groups: Mapping[str, Callable[[Pair], object]] = {
        **dict.fromkeys(("budgets", "role_projects", "role_bodies"), lambda pair: pair.item),
        "links": lambda pair: frozenset((pair.item, pair.project)),
    }
    if kind == "owners":  # a sum is somebody's, or nobody's that is named
        return [number for number, _ in best_of(weighed, 0.0, lambda pair: pair.item).values()]
    if kind in groups:
        return [number for number, _ in best_of(weighed, least, groups[kind]).values()]
    return [n for n, (_, sure) in enumerate(weighed) if sure >= least]
