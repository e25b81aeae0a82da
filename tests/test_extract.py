"""Whole announcements: a table of texts in, all facts out; promises for any mixture of lines."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from facts import CASES, TABLES, announced, cases, named_in, proposed, read, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.annotate import Annotator
from pipeline.extract import extract
from pipeline.extract.layout import layout
from pipeline.records import Record
from pipeline.repair import repair
from pipeline.single import checked

CORPUS = CASES.parents[1] / "corpus" / "announcements"
RELATED = "\n\nMuita uutisia\nUimahalli-hanke maksaa 700 000 €\nHakija: Multian kunta\n"


def all_told(record: Record) -> dict[str, list[str]]:
    return {table: tell(record) for table, tell in TABLES.items()}


@pytest.mark.parametrize("case", cases("extract"))
def test_cases(annotator: Annotator, case: dict[str, Any]) -> None:
    names = {name for table in TABLES for name in named_in(case[table], table)}
    told = all_told(proposed(annotator, case["text"].strip(), case.get("published"), names))
    assert {table for table in TABLES if told[table] != case[table]} == set(case.get("not_yet", ()))


@pytest.mark.parametrize("case", [pytest.param(*one.values, id=one.id) for one in cases("extract")])
def test_related_stories_change_nothing(annotator: Annotator, case: dict[str, Any]) -> None:
    text, published = case["text"].strip(), case.get("published")
    names = {name for table in TABLES for name in named_in(case[table], table)}
    alone = all_told(proposed(annotator, text, published, names))
    beside = all_told(proposed(annotator, text + RELATED, published, names))
    changed = {table for table in TABLES if alone[table] != beside[table]}
    assert changed <= set(case.get("not_yet", ()))


def test_a_page_knows_its_title_and_its_days(annotator: Annotator) -> None:
    text = "Julkaistu 3.4.2023\n\nKylän kello soi\n\nKylän kello -hanke alkaa ensi vuonna."
    announcement = read(annotator, text).announcement
    assert announcement.published == date(2023, 4, 3)
    assert read(annotator, text, date(2020, 1, 2)).announcement.published == date(2020, 1, 2)


def test_the_container_knows_the_title_better(annotator: Annotator) -> None:
    text = "Kylän kello soi\n\nKylän kello -hanke alkaa."
    assert read(annotator, text).announcement.title == "Kylän kello soi"
    titled = replace(announced(text), title="Uutinen kellosta")
    assert extract(titled, annotator.annotate(text)).announcement.title == "Uutinen kellosta"


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "-hanke", "–", "Hankkeen nimi:", "€ %"])
def test_next_to_nothing_gives_nothing(annotator: Annotator, text: str) -> None:
    record = read(annotator, text)
    assert not any(all_told(record).values())


OTHER_NAMES = ["Puhti päälle", "Rannan raikas", "VALMAS", "Askelia arkeen"]


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_facts_do_not_hang_on_the_name(annotator: Annotator, name: str) -> None:
    """A text of the tables says the same of a project by any other name."""
    lost = []
    for table in ("parts", "budgets", "project_dates"):
        data = tomllib.loads((CASES / f"{table}.toml").read_text(encoding="utf-8"))
        for case in data["case"]:
            wanted = [fact.replace("Kylän kello", name) for fact in case["facts"]]
            other = {**case, "text": case["text"].replace("Kylän kello", name), "facts": wanted}
            if (found := told(annotator, other, table)) != wanted:
                lost.append((other["text"], found))
    assert lost == []


@cache
def lines() -> tuple[str, ...]:
    """Lines of the corpus, mended, and of the tables of cases."""
    texts = [
        repair(path.read_bytes().decode("utf-8", "replace")).text
        for path in sorted(CORPUS.glob("*.txt"))
    ]
    for table in (*TABLES, "extract", "layout"):
        data = tomllib.loads((CASES / f"{table}.toml").read_text(encoding="utf-8"))
        texts += [case["text"] for kind in data.values() for case in kind]
    return tuple(dict.fromkeys(line for text in texts for line in text.split("\n") if line))


MIXTURES = st.lists(
    st.tuples(st.sampled_from(lines()), st.sampled_from(["\n", "\n\n", " ", "\t"])), max_size=12
).map(lambda chosen: "".join(line + end for line, end in chosen))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(MIXTURES)
def test_promises(annotator: Annotator, text: str) -> None:
    announcement = announced(text, date(2023, 5, 2))
    record = checked(extract(announcement, annotator.annotate(text)))
    assert record == extract(announcement, annotator.annotate(text))

    named = [m for m in record.mentions if m.entity_type == "project"]
    assert all(one.end <= two.start for one, two in pairwise(sorted(named, key=lambda m: m.start)))
    furniture = [b for b in layout(text).blocks if b.kind == "furniture"]
    assert not [m for m in named for b in furniture if b.start <= m.start < b.end]

    for entity in record.entities:
        names = [name.name for name in entity.names]
        assert entity.name in names
        assert len(names) == len(set(names))
        assert all(name.strip() == name and name for name in names)
    for fact in (*record.participations, *record.roles, *record.budgets, *record.dates):
        assert 0 < fact.confidence <= 1
    for day in record.dates:
        assert day.first or day.last
        assert day.first is None or day.last is None or day.first <= day.last
    for budget in record.budgets:
        assert (budget.amount is None) != (budget.share_pct is None)
        assert (budget.kind == "share") == (budget.amount is None)
        assert budget.share_pct is None or 0 < budget.share_pct <= 100
    for link in record.project_links:
        assert link.project != link.related
    facts = [(p.project, p.organisation, p.part) for p in record.participations]
    assert len(facts) == len(set(facts))
