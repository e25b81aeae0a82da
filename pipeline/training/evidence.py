"""Fits the models of evidence on annotated announcements (``make evidence``).

Bodies first, then names of projects, then pairs: the candidates of each announcement are weighed
by a model that did not see it, and the next candidates are built on what is so chosen. So what
ties facts to projects learns from names that are as wrong as in use.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.annotate import load_annotator
from pipeline.evidence import Evidence, Model
from pipeline.evidence.known import Known
from pipeline.evidence.model import Signs, rows_of
from pipeline.extract.announcement import named, weighable_bodies, weighable_names
from pipeline.extract.folding import fold
from pipeline.extract.organisations import decision as organisation_decision
from pipeline.extract.projects import decision as project_decision
from pipeline.extract.relations import RelatedCandidates, related_candidates
from pipeline.extract.relations.candidates import KINDS
from pipeline.extract.relations.decision import accepted_parts, best_of
from pipeline.extract.relations.pairs import Pair
from pipeline.extract.sources import BOTH, Sources
from pipeline.training.boosting import Fitted, Recipe, Sample, fit, thresholds
from pipeline.training.context.held_out import HeldOut, read_held_out
from pipeline.training.evidence_labels import (
    Label,
    PairLabels,
    body_labels,
    name_labels,
    pair_labels,
)
from pipeline.training.evidence_texts import AnnotatedText, annotated_texts

LEXICON = Path("pipeline/lexicon")
RECIPES = {
    "organisations": Recipe(trees=200),
    "projects": Recipe(trees=300),
    "dates": Recipe(trees=300, chance=True),
    "budgets": Recipe(trees=300, chance=True),
    "links": Recipe(trees=120, leaves=7),
}


SAME_NAMES, SAME_FACTS = 0.005, 0.01  # F1 that hardly tells two thresholds apart

NAMED = ("organisations", "projects")
"""The decisions on what is named, in the order in which they are made."""


class Told(NamedTuple):
    """An announcement with the names that models that did not see it chose, and the pairs."""

    text: AnnotatedText
    candidates: RelatedCandidates
    labels: PairLabels


class Chosen(NamedTuple):
    """Models of what is named, and for each announcement answers of such as did not see it."""

    models: dict[str, Model]
    held_out: list[Evidence]


def fit_evidence(models: Path, share: float, say: Callable[[str], None]) -> Evidence:
    """Fit all models on a share of the announcements, taken evenly; minutes on two cores."""
    held_out = read_held_out(models)
    texts = list(annotated_texts(load_annotator(models), held_out))
    texts = [t for n, t in enumerate(texts) if int((n + 1) * share) > int(n * share)]
    say(f"{len(texts)} announcements")
    chosen = fit_named(texts, say)
    told = list(_told(texts, chosen.held_out, held_out))
    fitted = {kind: _fit_pairs(kind, told, say) for kind in KINDS}
    return Evidence({**chosen.models, **fitted})


def fit_named(
    texts: Sequence[AnnotatedText], say: Callable[[str], None], sources: Sources = BOTH
) -> Chosen:
    """Fit what is named: bodies, then projects."""
    bodies = fit_bodies(texts, say, sources)
    known = known_bodies(bodies)
    names = fit_names(texts, known, say, sources)
    return Chosen(
        {"organisations": bodies.model, "projects": names.model}, _known("projects", names, known)
    )


def known_bodies(bodies: Fitted) -> list[Evidence]:
    """For each announcement the held-out answers about its bodies."""
    return _known("organisations", bodies, [Evidence() for _ in bodies.held_out])


def _known(decision: str, fitted: Fitted, before: Sequence[Evidence]) -> list[Evidence]:
    """For each announcement what was known before, and the held-out answers of a decision."""
    return [
        known.with_model(decision, Known(chances, fitted.generous))
        for known, chances in zip(before, fitted.held_out, strict=True)
    ]


def write_evidence(evidence: Evidence, lexicon: Path = LEXICON) -> None:
    """Write the models as ``lexicon/evidence/<decision>.csv`` and ``lexicon/evidence.toml``."""
    settings = [
        "# How sums of the trees of evidence/*.csv become probabilities, and from which",
        "# probability on a candidate counts. Written by `make evidence`; do not edit.",
    ]
    for decision in (*NAMED, *KINDS):
        model = evidence.model(decision)
        path = lexicon / "evidence" / f"{decision}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.write(
                "# What the signs of a candidate weigh: small decision trees, the sums of whose\n"
                "# leaves make its probability. Written by `make evidence`; do not edit.\n"
                "# sign, least: is the sign at least so strong? yes, no: the node asked next.\n"
                "# value: the logit here. A row without a sign is a leaf.\n"
            )
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("tree", "node", "sign", "least", "yes", "no", "value"))
            writer.writerows(rows_of(model))
        settings += [
            "",
            f"[{decision}]",
            f"slope = {model.slope:.4f}",
            f"offset = {model.offset:.4f}",
            f"accepted = {model.least:.3f}",
        ]
    (lexicon / "evidence.toml").write_text("\n".join(settings) + "\n", encoding="utf-8")


def fit_bodies(
    texts: Sequence[AnnotatedText], say: Callable[[str], None], sources: Sources = BOTH
) -> Fitted:
    """Fit what decides on mentions of bodies."""
    weighable = [weighable_bodies(text.announcement, text.doc, sources) for text in texts]
    finds = [[find for find, _ in told] for told in weighable]
    labels = [
        [body_labels(find, text.gold) for find in found]
        for text, found in zip(texts, finds, strict=True)
    ]

    def decide(number: int, chances: Sequence[float], least: float) -> Iterable[int]:
        numbers = {(find.start, find.end): n for n, find in enumerate(finds[number])}
        kept = organisation_decision.decide(finds[number], chances, least)
        # A name counts once, wherever it stands.
        by_name = {finds[number][n].name: n for n in (numbers[f.start, f.end] for f in kept)}
        return by_name.values()

    return _fit_named(
        "organisations",
        texts,
        [[signs for _, signs in told] for told in weighable],
        labels,
        [sum(not entry.optional for entry in text.gold.organisations) for text in texts],
        decide,
        say,
    )


def fit_names(
    texts: Sequence[AnnotatedText],
    known: Sequence[Evidence],
    say: Callable[[str], None],
    sources: Sources = BOTH,
) -> Fitted:
    """Fit what decides on names of projects; ``known`` is what ``known_bodies`` gives."""
    weighable = [
        weighable_names(text.announcement, text.doc, sources, evidence)
        for text, evidence in zip(texts, known, strict=True)
    ]
    labels = [
        [name_labels(candidate, text.gold) for candidate, _ in told]
        for text, told in zip(texts, weighable, strict=True)
    ]

    def decide(number: int, chances: Sequence[float], least: float) -> Iterable[int]:
        candidates = [candidate for candidate, _ in weighable[number]]
        weighed = list(zip(candidates, chances, strict=True))
        names = {fold(find.name) for find in project_decision.decide(weighed, least)}
        return [n for n, candidate in enumerate(candidates) if candidate.key in names]

    return _fit_named(
        "projects",
        texts,
        [[signs for _, signs in told] for told in weighable],
        labels,
        [sum(not entry.optional for entry in text.gold.projects) for text in texts],
        decide,
        say,
    )


def _fit_named(
    decision: str,
    texts: Sequence[AnnotatedText],
    signs: Sequence[Sequence[Signs]],
    labels: Sequence[Sequence[tuple[Label, int | None]]],
    wanted: Sequence[int],
    decide: Callable[[int, Sequence[float], float], Iterable[int]],
    say: Callable[[str], None],
) -> Fitted:
    """Fit what is named, and set the threshold by how many entries of gold are named rightly.

    ``signs`` and ``labels`` are those of each announcement's candidates, ``wanted`` its entries
    that gold requires; ``decide`` gives the numbers of the candidates kept.
    """
    documents: list[list[Sample]] = [
        [(one, right) for one, (right, _) in zip(told, of, strict=True)]
        for told, of in zip(signs, labels, strict=True)
    ]
    judges = [text.of_field for text in texts]
    fitted = fit(documents, judges, RECIPES[decision])

    def f1(least: float) -> float:
        right = extra = needed = 0
        for number, chances in enumerate(fitted.held_out):
            if not judges[number]:
                continue
            told = [labels[number][n] for n in decide(number, chances, least)]
            right += len({entry for answer, entry in told if answer})
            extra += sum(answer is False for answer, _ in told)
            needed += wanted[number]
        return 2 * right / max(1, right + extra + needed)

    lowest, fitted.model.least = thresholds(f1, SAME_NAMES)
    say(f"{decision}: held out F1 {f1(fitted.model.least):.3f} from {lowest}-{fitted.model.least}")
    return fitted._replace(generous=lowest)


def _told(
    texts: Iterable[AnnotatedText], known: Iterable[Evidence], held_out: HeldOut
) -> Iterator[Told]:
    for text, evidence in zip(texts, known, strict=True):
        here = named(text.announcement, text.doc, evidence=evidence)
        candidates = related_candidates(here, held_out.network(text.announcement.text))
        yield Told(text, candidates, pair_labels(here, candidates, text.gold))


def _fit_pairs(kind: str, told: Sequence[Told], say: Callable[[str], None]) -> Model:
    documents = [
        [
            (pair.signs, right)
            for pair, right in zip(one.candidates.pairs[kind], one.labels.right[kind], strict=True)
        ]
        for one in told
    ]
    judges = [one.text.of_field for one in told]
    fitted = fit(documents, judges, RECIPES.get(kind, Recipe()))

    def f1(least: float) -> float:
        right = extra = wanted = 0
        for one, chances in zip(told, fitted.held_out, strict=True):
            if not one.text.of_field:
                continue
            labels = one.labels.right[kind]
            kept = chosen(kind, one.candidates, chances, least)
            right += sum(labels[n] is True for n in kept)
            extra += sum(labels[n] is False for n in kept)
            wanted += one.labels.wanted[kind]
        return 2 * right / max(1, right + extra + wanted)

    fitted.model.least = thresholds(f1, SAME_FACTS).middle
    field = [one for one in told if one.text.of_field]
    positives = sum(right is True for one in field for right in one.labels.right[kind])
    wanted = sum(one.labels.wanted[kind] for one in field)
    say(
        f"{kind}: held out F1 {f1(fitted.model.least):.3f} from {fitted.model.least}; "
        f"{positives} of {wanted} wanted are candidates"
    )
    return fitted.model


def chosen(
    kind: str, candidates: RelatedCandidates, chances: Sequence[float], least: float
) -> list[int]:
    """Numbers of the pairs that the decision would keep."""
    weighed = list(zip(candidates.pairs[kind], chances, strict=True))
    if kind == "participations":
        kept = {id(pair) for pair, _ in accepted_parts(weighed, least)}
        return [n for n, (pair, _) in enumerate(weighed) if id(pair) in kept]
    groups: Mapping[str, Callable[[Pair], object]] = {
        "dates": lambda pair: (pair.project, pair.value),
        "budgets": lambda pair: pair.item,
        "links": lambda pair: frozenset((pair.item, pair.project)),
    }
    if kind == "owners":  # a sum is somebody's, or nobody's that is named
        return [number for number, _ in best_of(weighed, 0.0, lambda pair: pair.item).values()]
    if kind in groups:
        return [number for number, _ in best_of(weighed, least, groups[kind]).values()]
    return [n for n, (_, sure) in enumerate(weighed) if sure >= least]
