"""Fits the models of evidence on annotated announcements (``make evidence``).

Bodies first, then names of projects by themselves and beside each other, then which of them are one
project's, then pairs: the candidates of each announcement are weighed by a model that did not see
it, and the next candidates are built on what is so chosen. So what ties facts to projects learns
from names that are as wrong as in use.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.evidence import Evidence, Model
from pipeline.evidence.known import Known
from pipeline.evidence.model import rows_of
from pipeline.extract.relations.candidates import KINDS
from pipeline.extract.sources import BOTH, Sources
from pipeline.training.boosting import Fitted, Recipe, fit, thresholds
from pipeline.training.calibration import calibrate, calibration_texts
from pipeline.training.choices import (
    Choice,
    body_choice,
    coreference_choice,
    joint_choice,
    name_choice,
    pair_choice,
    publication_choice,
    told_of,
)
from pipeline.training.context.held_out import read_held_out
from pipeline.training.evidence_texts import AnnotatedText, annotated_texts

LEXICON = Path("pipeline/lexicon")
RECIPES = {
    "organisations": Recipe(trees=200),
    "publication": Recipe(trees=300, rate=0.04, fewest=8),
    "projects": Recipe(trees=300),
    "projects_joint": Recipe(trees=150, leaves=8, rate=0.05, fewest=30),
    "coreference": Recipe(trees=300, rate=0.04, fewest=10),
    "dates": Recipe(trees=300, chance=True),
    "budgets": Recipe(trees=300, chance=True),
    "links": Recipe(trees=120, leaves=7),
}


NAMED = ("publication", "organisations", "projects", "projects_joint", "coreference")
"""The decisions on the page and on what is named, in the order in which they are made."""


class Chosen(NamedTuple):
    """Models of what is named, and for each announcement answers of such as did not see it."""

    models: dict[str, Model]
    held_out: list[Evidence]


def fit_evidence(models: Path, share: float, say: Callable[[str], None]) -> Evidence:
    """Fit all models on a share of the announcements, taken evenly; minutes on two cores."""
    held_out = read_held_out(models)
    texts = list(annotated_texts(models, held_out))
    texts = [t for n, t in enumerate(texts) if int((n + 1) * share) > int(n * share)]
    say(f"{len(texts)} announcements")
    chosen = fit_named(texts, say)
    told = told_of(texts, chosen.held_out, held_out.network)
    fitted = {kind: _fit(kind, pair_choice(kind, told), say).model for kind in KINDS}
    return calibrate(Evidence({**chosen.models, **fitted}), calibration_texts(models), say)


def fit_named(
    texts: Sequence[AnnotatedText], say: Callable[[str], None], sources: Sources = BOTH
) -> Chosen:
    """Fit when pages were published, and what is named: bodies, projects, whose names are one's."""
    days = _fit("publication", publication_choice(texts), say)
    known = _known("publication", days, [Evidence() for _ in texts])
    bodies = fit_bodies(texts, say, sources)
    known = _known("organisations", bodies, known)
    names = fit_names(texts, known, say, sources)
    known = _known("projects", names, known)
    joint = _fit("projects_joint", joint_choice(texts, known, sources), say)
    known = _known("projects_joint", joint, known)
    same = _fit("coreference", coreference_choice(texts, known, sources), say)
    models = {
        "publication": days.model,
        "organisations": bodies.model,
        "projects": names.model,
        "projects_joint": joint.model,
        "coreference": same.model,
    }
    return Chosen(models, _known("coreference", same, known))


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
        rows = list(rows_of(model))  # a shipped model may still lie in this very file
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.write(
                "# What the signs of a candidate weigh: small decision trees, the sums of whose\n"
                "# leaves make its probability. Written by `make evidence`; do not edit.\n"
                "# sign, least: is the sign at least so strong? yes, no: the node asked next.\n"
                "# value: the logit here. A row without a sign is a leaf.\n"
            )
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("tree", "node", "sign", "least", "yes", "no", "value"))
            writer.writerows(rows)
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
    return _fit("organisations", body_choice(texts, sources), say)


def fit_names(
    texts: Sequence[AnnotatedText],
    known: Sequence[Evidence],
    say: Callable[[str], None],
    sources: Sources = BOTH,
) -> Fitted:
    """Fit what decides on names of projects; ``known`` is what ``known_bodies`` gives."""
    return _fit("projects", name_choice(texts, known, sources), say)


def _fit(decision: str, choice: Choice, say: Callable[[str], None]) -> Fitted:
    """Fit a decision, and set its threshold by what the held-out answers choose."""
    fitted = fit(choice.documents, choice.judges, RECIPES.get(decision, Recipe()))

    def f1(least: float) -> float:
        return choice.f1(fitted.held_out, least)

    lowest, fitted.model.least = thresholds(f1, choice.same)
    say(f"{decision}: held out F1 {f1(fitted.model.least):.3f} from {lowest}-{fitted.model.least}")
    return fitted._replace(generous=lowest)
