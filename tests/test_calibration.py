"""Calibration: what a sum of evidence is worth is what it is where nothing was learnt."""

from __future__ import annotations

import pytest

from pipeline.evidence import Evidence, Model
from pipeline.evidence.model import Node
from pipeline.training.calibration import recalibrated
from pipeline.training.choices import Choice

# One tree that is sure of every candidate with the sign, and of none without.
TREE = [
    Node(sign="said", least=0.5, yes=1, no=2, value=0.0),
    Node(sign="", least=0.0, yes=0, no=0, value=3.0),
    Node(sign="", least=0.0, yes=0, no=0, value=-3.0),
]


def choice(right_of_said: int, right_of_others: int) -> Choice:
    """Twenty announcements with a candidate that has the sign and one that has not."""
    documents = [
        [({"said": 1.0}, n < right_of_said), ({"said": 0.0}, n < right_of_others)]
        for n in range(20)
    ]

    def counted(number: int, chances: object, least: float) -> tuple[int, int, int]:
        assert isinstance(chances, list)
        answers = [right for _, right in documents[number]]
        kept = [right for right, sure in zip(answers, chances, strict=True) if sure >= least]
        return sum(kept), len(kept) - sum(kept), sum(answers)

    return Choice(documents, [True] * 20, counted, same=0.005)


@pytest.mark.parametrize(("said", "others"), [(19, 1), (14, 1), (10, 4)])
def test_a_probability_is_the_share_that_is_right(said: int, others: int) -> None:
    evidence = Evidence({"links": Model([TREE])})
    told = recalibrated("links", evidence, choice(said, others), lambda _: None).model("links")
    assert told.probability({"said": 1.0}) == pytest.approx(said / 20, abs=0.02)
    assert told.probability({}) == pytest.approx(others / 20, abs=0.02)


def test_the_threshold_parts_what_is_chosen_from_what_is_not() -> None:
    evidence = Evidence({"links": Model([TREE], least=0.99)})
    told = recalibrated("links", evidence, choice(16, 2), lambda _: None).model("links")
    assert 0.1 < told.least < 0.8
