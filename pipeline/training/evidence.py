"""Fits the models of evidence on annotated announcements (``make evidence``).

Names first: the candidates of each announcement are weighed by a model that did not see it, and
the pairs of that announcement are built on the names so chosen. So what ties facts to projects
learns from names that are as wrong as in use.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.annotate import load_annotator
from pipeline.evidence import Evidence, Model
from pipeline.evidence.known import Known
from pipeline.evidence.model import rows_of
from pipeline.extract.announcement import named
from pipeline.extract.named import Named
from pipeline.extract.relations import RelatedCandidates, related_candidates
from pipeline.extract.relations.candidates import KINDS
from pipeline.extract.relations.decision import accepted_parts, best_of
from pipeline.extract.relations.pairs import Pair
from pipeline.training.boosting import Fitted, Recipe, Sample, best_threshold, fit
from pipeline.training.evidence_labels import PairLabels, name_labels, pair_labels
from pipeline.training.evidence_texts import AnnotatedText, annotated_texts
from pipeline.training.field_spans import read_held_out

LEXICON = Path("pipeline/lexicon")
RECIPES = {
    "projects": Recipe(trees=300),
    "links": Recipe(trees=120, leaves=7),
}


class Told(NamedTuple):
    """An announcement with the names that a model that did not see it chose, and the pairs."""

    text: AnnotatedText
    named: Named
    candidates: RelatedCandidates
    labels: PairLabels


def fit_evidence(models: Path, share: float, say: Callable[[str], None]) -> Evidence:
    """Fit all models on a share of the announcements, taken evenly; minutes on two cores."""
    annotator = load_annotator(models)
    texts = list(annotated_texts(annotator, read_held_out(models)))
    texts = [t for n, t in enumerate(texts) if int((n + 1) * share) > int(n * share)]
    say(f"{len(texts)} announcements")
    fitted_names = _fit_names(texts, say)
    models_of: dict[str, Model] = {"projects": fitted_names.model}
    told = list(_told(texts, fitted_names))
    for kind in KINDS:
        models_of[kind] = _fit_pairs(kind, told, say)
    return Evidence(models_of)


def write_evidence(evidence: Evidence, lexicon: Path = LEXICON) -> None:
    """Write the models as ``lexicon/evidence/<decision>.csv`` and ``lexicon/evidence.toml``."""
    settings = [
        "# How sums of the trees of evidence/*.csv become probabilities, and from which",
        "# probability on a candidate counts. Written by `make evidence`; do not edit.",
    ]
    for decision in ("projects", *KINDS):
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


def _fit_names(texts: Sequence[AnnotatedText], say: Callable[[str], None]) -> Fitted:
    documents: list[list[Sample]] = []
    needed: list[tuple[list[int | None], int]] = []
    for text in texts:
        samples: list[Sample] = []
        found: list[int | None] = []
        for candidate, signs in text.candidates:
            right, entry = name_labels(candidate, text.gold)
            samples.append((signs, right))
            found.append(entry if right else None)
        documents.append(samples)
        needed.append((found, sum(not entry.optional for entry in text.gold.projects)))
    judges = [text.of_field for text in texts]
    fitted = fit(documents, judges, RECIPES["projects"])

    def f1(least: float) -> float:
        right = extra = wanted = 0
        for text, samples, (entries, need), chances in zip(
            texts, documents, needed, fitted.held_out, strict=True
        ):
            if not text.of_field:
                continue
            kept = text.decide(chances, least)
            got = {entries[n] for n in kept} - {None}
            right += len(got)
            extra += sum(samples[n][1] is False for n in kept)
            wanted += need
        return 2 * right / max(1, right + extra + wanted)

    fitted.model.least = best_threshold(f1)
    say(f"projects: held out F1 {f1(fitted.model.least):.3f} from {fitted.model.least}")
    return fitted


def _told(texts: Iterable[AnnotatedText], names: Fitted) -> Iterator[Told]:
    for text, chances in zip(texts, names.held_out, strict=True):
        evidence = Evidence({"projects": Known(chances, names.model.least)})
        here = named(text.announcement, text.doc, evidence=evidence)
        candidates = related_candidates(here)
        yield Told(text, here, candidates, pair_labels(here, candidates, text.gold))


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

    fitted.model.least = best_threshold(f1)
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
    if kind in groups:
        return [number for number, _ in best_of(weighed, least, groups[kind]).values()]
    return [n for n, (_, sure) in enumerate(weighed) if sure >= least]
