"""Names and titles that only the span model knows, and what rules, models and both read."""

from __future__ import annotations

from typing import Any

import pytest
from facts import announced, cases, projects, read

from pipeline.annotate import Annotator
from pipeline.evidence import SHIPPED
from pipeline.evidence.votes import VOTES
from pipeline.extract import extract
from pipeline.extract.sources import BOTH, RULES
from pipeline.single import checked
from pipeline.training.by_model import MODEL


@pytest.mark.parametrize("case", cases("learned"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    assert projects(read(annotator, case["text"].strip())) == case["facts"]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Kylätalkkari Aino Aalto lämmittää saunan.", "kylätalkkari"),
        ("Talonmestarina toimii Aino Aalto.", "talonmestari"),
        ("Kollegani Aino Aalto kertoo lisää.", None),
        ("Voittaja Aino Aalto kiitti yleisöä.", None),
    ],
)
def test_titles_that_no_list_has(annotator: Annotator, text: str, role: str | None) -> None:
    assert [fact.role for fact in read(annotator, text).roles] == ([role] if role else [])


def test_sources_read_each_their_own(annotator: Annotator) -> None:
    text = (
        "Kuopion kaupungin Kaislat kuntoon sai rahoituksen. Kylätalkkari Aino Aalto iloitsee.\n"
        "Rannat raikkaiksi -hanke alkaa Leppävirralla. Rehtori Meri Niemi kertoo siitä."
    )
    doc = annotator.annotate(text)
    found = {
        name: checked(extract(announced(text), doc, sources, evidence))
        for name, sources, evidence in (
            ("rules", RULES, VOTES),  # evidence has learnt how names look with a model beside
            ("model", MODEL, SHIPPED),
            ("both", BOTH, SHIPPED),
        )
    }
    roles = {name: {fact.role for fact in record.roles} for name, record in found.items()}
    assert roles["rules"] == {"rehtori"}
    assert roles["model"] == roles["both"] == {"rehtori", "kylätalkkari"}
    rules = {m.rule for m in found["model"].mentions if m.entity_type != "area"}
    assert rules <= {"learned", "ner-person", "ner_organisation"}
    assert any(mention.rule == "name-before-head" for mention in found["rules"].mentions)
