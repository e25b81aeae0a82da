"""Evidence: signs in, a probability out; readers propose, the likeliest consistent set is kept."""

from __future__ import annotations

import random
from datetime import date

import pytest

from pipeline.evidence import SHIPPED, Evidence, Model
from pipeline.evidence.model import Node, rows_of
from pipeline.evidence.votes import VOTES
from pipeline.extract.finds import DateFind, EntityFind
from pipeline.extract.organisations import decision as organisation_decision
from pipeline.extract.organisations.scene import organisation
from pipeline.extract.projects.candidates import gather
from pipeline.extract.projects.decision import decide
from pipeline.extract.projects.names import make_find
from pipeline.extract.relations.candidates import KINDS
from pipeline.extract.relations.dates import Day
from pipeline.extract.relations.decision import _in_order, accepted_parts
from pipeline.extract.relations.pairs import Pair
from pipeline.extract.triggers import kinds_of
from pipeline.training.boosting import Recipe, Sample, fit, thresholds

TREE = [
    Node(sign="labelled", least=0.5, yes=1, no=2, value=0.0),
    Node(sign="", least=0.0, yes=0, no=0, value=2.0),
    Node(sign="score", least=0.3, yes=3, no=4, value=-1.0),
    Node(sign="", least=0.0, yes=0, no=0, value=0.5),
    Node(sign="", least=0.0, yes=0, no=0, value=-2.0),
]


@pytest.mark.parametrize(
    ("signs", "total"),
    [
        ({"labelled": 1.0}, 2.0),
        ({"score": 0.3}, 0.5),
        ({"score": 0.29}, -2.0),
        ({}, -2.0),
        ({"unheard of": 1.0}, -2.0),
    ],
)
def test_a_tree_asks_its_signs(signs: dict[str, float], total: float) -> None:
    assert Model([TREE]).sums([signs]) == [total]


def test_shares_add_up_to_the_sum() -> None:
    model = Model([TREE, TREE], slope=0.5)
    for signs in ({"labelled": 1.0}, {"score": 0.4}, {}):
        shares = sum(share for _, share in model.shares(signs))
        assert shares == pytest.approx(0.5 * (model.sums([signs])[0] - 2 * TREE[0].value))


def test_many_candidates_are_weighed_as_one_by_one() -> None:
    model = Model([TREE] * 3, slope=0.7, offset=-0.1)
    candidates = [{"labelled": 1.0}, {}, {"score": 0.9}]
    assert model.probabilities(candidates) == [model.probability(signs) for signs in candidates]


@pytest.mark.parametrize("decision", ["organisations", "projects", *KINDS])
def test_what_is_shipped_reads_and_weighs(decision: str) -> None:
    model = SHIPPED.model(decision)
    assert len(model.trees) >= 100
    assert 0 < model.least < 1
    assert 0 < model.probability({}) < 0.5
    assert len(list(rows_of(model))) == sum(map(len, model.trees))


def test_an_unknown_decision_says_so() -> None:
    with pytest.raises(FileNotFoundError):
        SHIPPED.model("weather")


def test_given_models_stand_in_for_the_shipped() -> None:
    model = Model([TREE])
    assert Evidence({"projects": model}).model("projects") is model
    assert VOTES.model("links").probabilities([{"vote": 0.7}, {}]) == [0.7, 0.0]


def _find(text: str, name: str, confidence: float = 0.9) -> EntityFind:
    start = text.index(name)
    find = make_find(text, start, start + len(name), name, "name-before-head", confidence)
    assert find is not None
    return find


def test_the_likelier_name_takes_the_words() -> None:
    text = "Bisnes Ranta -hanke ja Toinen tupa -hanke"
    longer, shorter, other = gather(
        [_find(text, "Bisnes Ranta"), _find(text, "Ranta"), _find(text, "Toinen tupa")]
    )
    kept = decide([(longer, 0.8), (shorter, 0.6), (other, 0.55)], 0.5)
    assert [(find.name, find.confidence) for find in kept] == [
        ("Bisnes Ranta", 0.8),
        ("Toinen tupa", 0.55),
    ]


def test_a_part_in_a_named_project_rules_out_nobody() -> None:
    def pair(project: str | None) -> Pair:
        return Pair(start=0, end=1, item="b", value="funder", project=project, rule="r", signs={})

    kept = accepted_parts([(pair("p"), 0.6), (pair(None), 0.9)], 0.5)
    assert [found.project for found, _ in kept] == ["p"]
    assert accepted_parts([(pair("p"), 0.2), (pair(None), 0.9)], 0.5)[0][0].project is None


@pytest.mark.parametrize(
    ("lemma", "kind"),
    [
        ("osatoteuttaja", "implementer"),
        ("hankehallinnoija", "lead"),
        ("ESR-rahoitus", "funder"),
        ("koordinoida", "coordinator"),
    ],
)
def test_triggers_are_looked_up_by_lemma(lemma: str, kind: str) -> None:
    assert kind in kinds_of(lemma)
    assert not kinds_of("kissa")


def test_fitting_is_repeatable_and_learns_what_tells() -> None:
    draw = random.Random(1)
    documents: list[list[Sample]] = []
    for _ in range(60):
        document: list[Sample] = []
        for _ in range(20):
            right = draw.random() < 0.3
            signs = {"noise": float(draw.random() < 0.5)}
            signs["telling"] = float(right if draw.random() < 0.9 else not right)
            document.append((signs, right))
        documents.append(document)
    recipe = Recipe(trees=20, leaves=4)
    one, two = (fit(documents, [True] * 60, recipe) for _ in range(2))
    assert list(rows_of(one.model)) == list(rows_of(two.model))
    assert one.held_out == two.held_out
    assert one.model.probability({"telling": 1.0}) > 0.7 > 0.2 > one.model.probability({})


def test_thresholds_are_the_lowest_and_the_middle_of_the_nearly_best() -> None:
    assert thresholds(lambda least: float(0.3 <= least <= 0.5), 0.0) == pytest.approx((0.3, 0.4))
    assert thresholds(lambda least: 0.7 - abs(least - 0.3), 0.0) == pytest.approx((0.3, 0.3))
    near = thresholds(lambda least: 0.7 - abs(least - 0.3) / 10, 0.003)
    assert near == pytest.approx((0.275, 0.3))


@pytest.mark.parametrize(
    ("start", "end", "between", "kept"),
    [
        (("2024-01-01", 0.9), ("2024-12-31", 0.5), 90, {"start", "end"}),
        (("2024-06-01", 0.9), ("2024-01-31", 0.5), 90, {"start"}),
        (("2024-06-01", 0.4), ("2024-01-31", 0.5), 90, {"end"}),
        (("2024-06-01", 0.4), ("2024-06-01", 0.5), 90, {"start", "end"}),
        # "1.6.2024–31.1.2024": so the text says, and a check points at it.
        (("2024-06-01", 0.4), ("2024-01-31", 0.5), 1, {"start", "end"}),
    ],
)
def test_no_project_ends_before_it_starts_but_where_the_text_says_so(
    start: tuple[str, float], end: tuple[str, float], between: int, kept: set[str]
) -> None:
    find = DateFind(start=0, end=4, rule="", confidence=1.0, first=None, last=None, precision="day")
    days = [Day(find, "start", date.fromisoformat(day)) for day, _ in (start, end)]
    chosen: dict[tuple[str | None, str], tuple[int, float]] = {
        ("p", "start"): (0, start[1]),
        ("p", "end"): (1, end[1]),
        ("q", "end"): (1, 0.9),
    }
    pairs = [
        Pair(start=at, end=at + 8, item="", value=side, project="p", rule="", signs={})
        for side, at in (("start", 0), ("end", 8 + between))
    ]
    assert _in_order(chosen, pairs, days).keys() == {("q", "end"), *(("p", side) for side in kept)}


def test_the_likeliest_body_takes_its_words() -> None:
    spans = [(0, 12, 0.9), (0, 20, 0.6), (13, 20, 0.8), (30, 40, 0.3)]
    finds = [
        organisation(start, end, f"{start}-{end}", rule="", confidence=1.0, subtype="other")
        for start, end, _ in spans
    ]
    chosen = organisation_decision.decide(finds, [sure for *_, sure in spans], least=0.5)
    assert [(find.name, find.confidence) for find in chosen] == [("0-12", 0.9), ("13-20", 0.8)]
