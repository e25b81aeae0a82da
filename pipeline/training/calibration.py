"""Calibrates fitted evidence on announcements that nothing was taught on.

Trees are fitted on what sisters of the networks tell of the fold that each did not see; the shipped
networks learnt from half again as much and are surer. What a sum of the trees is worth, and from
where on it counts, is measured where the shipped networks have seen nothing
(``corpus/field/calibration``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.annotate import load_annotator
from pipeline.evidence import Evidence, Model
from pipeline.evidence.model import sigmoid
from pipeline.extract.relations.candidates import KINDS
from pipeline.training.boosting import calibrated, thresholds
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
from pipeline.training.evidence_texts import AnnotatedText
from pipeline.training.field import read_field


def calibration_texts(models: Path) -> list[AnnotatedText]:
    """The announcements of the part for calibration, as the shipped networks read them."""
    annotator = load_annotator(models)
    return [
        AnnotatedText(
            announcement=text.announcement,
            doc=annotator.annotate(text.announcement.text),
            gold=text.gold,
            of_field=True,
        )
        for text in read_field("calibration")
        if text.announcement.status == "ok"
    ]


def calibrate(
    evidence: Evidence, texts: Sequence[AnnotatedText], say: Callable[[str], None]
) -> Evidence:
    """The evidence with slopes, offsets and thresholds that fit these texts; trees stay.

    In the order of the decisions: what later ones weigh hangs on what earlier ones choose.
    """
    evidence = recalibrated("publication", evidence, publication_choice(texts), say)
    evidence = recalibrated("organisations", evidence, body_choice(texts), say)
    names = name_choice(texts, [evidence] * len(texts))
    evidence = recalibrated("projects", evidence, names, say)
    joint = joint_choice(texts, [evidence] * len(texts))
    evidence = recalibrated("projects_joint", evidence, joint, say)
    same = coreference_choice(texts, [evidence] * len(texts))
    evidence = recalibrated("coreference", evidence, same, say)
    told = told_of(texts, [evidence] * len(texts))
    for kind in KINDS:
        evidence = recalibrated(kind, evidence, pair_choice(kind, told), say)
    return evidence


def recalibrated(
    decision: str, evidence: Evidence, choice: Choice, say: Callable[[str], None]
) -> Evidence:
    """The evidence with the model of one decision calibrated on what it chooses from."""
    model = evidence.model(decision)
    sums = [model.sums([signs for signs, _ in document]) for document in choice.documents]
    slope, offset = calibrated(choice.documents, sums)
    chances = [[sigmoid(slope * total + offset) for total in row] for row in sums]
    least = thresholds(lambda least: choice.f1(chances, least), choice.same).middle
    say(
        f"{decision}: offset {model.offset:.2f} to {offset:.2f}, slope {slope:.2f}, "
        f"from {model.least} to {least}; F1 {choice.f1(chances, least):.3f}"
    )
    return evidence.with_model(
        decision, Model(model.trees, slope=slope, offset=offset, least=least)
    )
